"""``retrolabel compare`` and ``explain``: which label model to take, and why an item has its label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    SHORT_ID,
    SOME,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    table,
    told_of_a_set,
)
from retrolabel.cli.common import workspace as open_here
from retrolabel.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from retrolabel.analysis.scores import Scores
    from retrolabel.gold.agreement import Estimate
    from retrolabel.jobs.label_sets.comparing import ModelsCompared
    from retrolabel.jobs.label_sets.explaining import Explanation
    from retrolabel.jobs.records.label_sets import LabelSet

MEASURES = {"log_loss": "log_loss", "brier": "brier", "accuracy": "accuracy"}
SHOWN_LABELS = 3
"""Labels beside each other in a table of 80 columns: the likeliest."""


def compare(
    task: TaskArgument,
    to: Annotated[str | None, typer.Option("--to", help="The schema version; the newest if left out.")] = None,
    by: Annotated[
        str, typer.Option(help="What decides: log_loss, brier (both judge probabilities) or accuracy.")
    ] = "log_loss",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit every label model on the stored votes, judge each by dev gold, and say which one to take.

    No labeling function is called, nothing is stored. No gold item is judged by a model fitted with it.

    Example: retrolabel compare issue_type
    """
    if by not in MEASURES:
        raise InputError(
            f"--by takes {', '.join(MEASURES)}, got {by!r}.{did_you_mean(by, MEASURES)}", remedy="--by log_loss"
        )
    found = open_here(store).task(task).compare(to=to, by=by)  # type: ignore[arg-type]  # it is one of them
    if as_json:
        print_json(found.as_dict())
    else:
        _show(found)


def _show(found: ModelsCompared) -> None:
    crossed = "; each is judged by a fit without it" if found.fitted_gold else ""
    wrapped(f"{found.task} {found.version}: label models on {found.judged:,} covered dev gold items{crossed}")
    say()
    rows = {**found.comparison.scores, **found.comparison.ceiling}
    _figures("[95 % interval]", rows, {"accuracy": "accuracy", "macro-F1": "macro_f1", "ECE": "ece"})
    _figures("Probabilities: less is better", rows, {"log-loss": "log_loss", "Brier": "brier"}, ties=True)
    wrapped("pattern oracle: no label model can do better on these items, since it is told the answers that each "
            "pattern of votes has. Left out: it is told those of the other items only.")  # fmt: skip
    for note in found.notes:
        wrapped(f"note: {note}")
    say()
    wrapped(found.recommendation.sentence)


def _figures(title: str, rows: dict[str, Scores], figures: dict[str, str], *, ties: bool = False) -> None:
    """Print some figures of each model, with intervals."""
    columns = ["label model", *figures, *(["ties"] if ties else [])]
    cells = [
        (
            name,
            *(_brief(getattr(each, figure)) for figure in figures.values()),
            *([_percent(each.ties)] if ties else []),
        )
        for name, each in rows.items()
    ]
    console().print(table(title, columns, cells, right=["ties"], whole=list(figures)))


def explain(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    item_id: Annotated[str, typer.Argument(metavar="ITEM_ID", help="The item: its id, or SOURCE/ID.")],
    source: Annotated[str | None, typer.Option(help="Its source, where several have the id.")] = None,
    label_set: Annotated[
        str,
        typer.Option(
            "--set", metavar="ID", help="The label set: its id, the beginning of it, a tag, current or latest."
        ),
    ] = "latest",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why an item has its label: which votes moved it, by how much, and what it would be without each.

    Nothing is fitted: what the label model learned is stored with the label set.

    Example: retrolabel explain issue_type 0042
    """
    ws = open_here(store)
    found = ws.task(task).label_set(label_set)
    explained = ws.task(task).explain(item_id, source=source, id=found.id)
    if as_json:
        print_json({"label_set": found.id, "items": [each.as_dict() for each in explained]})
        return
    model = found.manifest["inputs"]["label_model"]["name"]
    say(f"{task} {found.record.schema_version}, label set {found.id[:SHORT_ID]}, {model}")
    for each in explained:
        _show_item(each, found)


def _show_item(found: Explanation, label_set: LabelSet) -> None:
    likeliest = sorted(found.probabilities, key=lambda label: -found.probabilities[label])
    told = ", ".join(f"{label} {found.probabilities[label]:.3f}" for label in likeliest[: SHOWN_LABELS + 1])
    more = f" and {len(likeliest) - SHOWN_LABELS - 1} less likely" if len(likeliest) > SHOWN_LABELS + 1 else ""
    say()
    say(f"{found.source}/{found.item_id}: {found.label or '(no label)'}   {told}{more}")
    if not found.covered:
        wrapped(
            "No labeling function voted on it, so it keeps the probabilities that all items start with, and no label."
        )
        return
    if found.guessed or (found.label is None and found.partial):
        say(told_of_a_set(found.partial, guessed=found.guessed))
    top, shown = likeliest[0], likeliest[:SHOWN_LABELS]
    rows = []
    for (term, vote), row in zip(found.terms.index.tolist(), found.terms.to_dict("records"), strict=True):
        without = f"{found.without.loc[term, top]:.3f}" if vote else ""
        rows.append((term, vote.replace("|", " | "), *(f"{row[label]:+.2f}" for label in shown), without))
    last = "without it"
    console().print(table("", ["LF", "vote", *shown, last], rows, right=[*shown, last], cut={"vote": SOME}))
    wrapped(
        "What each vote adds to the log-odds of a label against the mean of all labels, in nats (+0.7 doubles them);"
        f" two labels differ by the difference of their columns. {last}: the probability of {top} if that labeling"
        " function had abstained."
    )
    if label_set.manifest["inputs"]["label_model"]["name"] == "majority_vote":
        wrapped("Majority vote counts votes: what one of them adds depends on the others, so the terms do not add up.")


def wrapped(text: str) -> None:
    """Print a sentence of a text, without an indent where it is broken."""
    say(text, indent="")


def _brief(estimate: Estimate) -> str:
    """Return an estimate without the zeros before the point, so that three of them fit a line."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "-"
    figures = (f"{number:.3f}".removeprefix("0") for number in (estimate.value, estimate.low, estimate.high))
    return "{} [{}, {}]".format(*figures)


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")
