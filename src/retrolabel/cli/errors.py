"""``retrolabel errors``: the items of dev gold whose label is wrong, with the words that voted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.common import (
    SHORT_ID,
    TAKEN_FROM_GOLD,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    listed,
    print_json,
    say,
    shown,
    table,
    workspace,
)
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from retrolabel.analysis.confusion import Confusion
    from retrolabel.analysis.slices import Slices
    from retrolabel.labeling.words import Span

SetOption = Annotated[
    str, typer.Option("--set", help="The label set: its id, the beginning of it, a tag, current, or latest.")
]
MOST_VOTES = 6
IN_A_PIPE = 300
"""Cells of a text that a pipe gets: --json has all of it."""


def errors(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    lf: Annotated[str | None, typer.Option("--lf", help="Only items that this labeling function votes on.")] = None,
    gold: Annotated[str | None, typer.Option("--gold", help="Only items whose gold leaves this label.")] = None,
    label: Annotated[
        str | None,
        typer.Option(
            "--label", help='Only items with this label; or without one: "(no votes)", "(guessed)", "(tied)".'
        ),
    ] = None,
    slice_: Annotated[
        str | None,
        typer.Option("--slice", help='Only items of a slice: its name, or "comment has refund", "source is web".'),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="Count them by gold, label, source, month or LFs: gold,label,month.")
    ] = None,
    slices: Annotated[
        bool, typer.Option("--slices", help="How good labels are in named slices, and where else more are wrong.")
    ] = False,
    items: Annotated[int, typer.Option(min=1, help="How many are shown; --json has all.")] = 10,
    set_: SetOption = "latest",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the items of dev gold whose label is wrong, the surest first, and the words that made LFs vote.

    An item that the label model was fitted with is judged by a fit without it. Test gold is not looked at.

    Example: retrolabel errors issue_type --gold bug --label feature
    """
    of = workspace(store).task(task)
    if slices:
        _show_slices(task, of.slices(set=set_), as_json=as_json)
        return
    if by:
        _show_buckets(task, of.buckets(*listed([by]), set=set_), items, as_json=as_json)
        return
    found = of.errors(gold=gold, label=label, lf=lf, slice=slice_, set=set_, words=None if as_json else items)
    if as_json:
        print_json([_as_dict(row) for row in found.to_dict("records")])
        return
    about: dict[str, Any] = dict(found.attrs.items())  # type: ignore[arg-type]  # its keys are texts
    what = " ".join(
        f"{name} {value}"
        for name, value in (("gold", gold), ("label", label), ("lf", lf), ("slice", slice_))
        if value is not None
    )
    lacks = bool(label and len(found) and found["probability"].isna().all())
    say(f"{task}: {_judged(about, lacks=lacks)}, of {about['items']:,} with dev gold (label set {_short(about)})")
    if about["cross_fitted"] and not lacks:
        say(f"  {about['cross_fitted']:,} of them were fitted: each is judged by a model that had not seen it")
    if what:
        unjudged = " without a label, so none of them is judged" if lacks else ""
        say(f"  {what}: {counted(len(found), 'item')}{unjudged}")
    else:
        _show_confusion(task, of.confusion(set=set_))
    for row in found.head(items).to_dict("records"):
        say()
        _show(row, about["texts"])
    if len(found) > items:
        say()
        say(f"{len(found) - items:,} more: --items, --json; task.errors() has them as a frame")
    if len(found):
        say(TAKEN_FROM_GOLD)


def _judged(about: Mapping[str, Any], *, lacks: bool) -> str:
    """Return how many items are judged, and how many of these are wrong, unless others are shown."""
    judged = counted(about["judged"], "judged item")
    return f"{judged}" if lacks else f"{about['wrong']:,} of {judged} wrong"


def _short(about: Mapping[str, Any]) -> str:
    return str(about["label_set"])[:SHORT_ID]


def _show_confusion(task: str, found: Confusion) -> None:
    """Print gold beside labels, and the command that shows the largest error."""
    say()
    columns = [str(name) for name in found.counts.columns]
    rows = [
        (gold, *map(int, row))
        for table_ in (found.counts, found.partial)
        for gold, row in zip(table_.index, table_.to_numpy(), strict=True)
    ]
    console().print(table("Dev gold beside labels", ["gold", *columns], rows, right=columns))
    worst = found.worst()
    if len(worst):
        row = worst.iloc[0]
        rate = f"{row['rate']:.0%} [{row['low']:.0%}, {row['high']:.0%}]"
        say(f"Most: {row['gold']} called {row['label']}, {row['items']:,} items, {rate} of {row['gold']}")
        say(f"Next: retrolabel errors {task} --gold {row['gold']} --label {row['label']}")


def _show_slices(task: str, found: Slices, *, as_json: bool) -> None:
    """Print the slices that were named, and those that were found, the most surprising first."""
    if as_json:
        print_json({"named": found.named.to_dict("records"), "found": found.worst.to_dict("records")})
        return
    judged = counted(found.judged, "judged item")
    say(f"{task}: {found.wrong:,} of {judged} wrong, {found.conditions:,} conditions tried")
    if len(found.named):
        _show_named(found)
    if not len(found.worst):
        say("No slice was found on which more labels are wrong than chance explains: as far as so much gold can tell,")
        say("errors do not gather where some word, source, month, length or value is.")
        return
    titles = ["slice", "items", "wrong", "rate [95 %]", "rest", "p", "costs"]
    rows = [
        (
            row["slice"],
            row["items"],
            row["wrong"],
            f"{row['rate']:.0%} [{row['low']:.0%}, {row['high']:.0%}]",
            f"{row['rest']:.0%}",
            f"{row['p']:.1g}",
            f"{100 * row['costs']:.1f}",
        )
        for row in found.worst.to_dict("records")
    ]
    console().print(table("Slices that were found: more labels are wrong there", titles, rows, right=titles[1:]))
    say("rate: share wrong among other items of the slice; less than wrong of items, since it was named for these")
    say("rest: share wrong in none of them; each slice counts the items that are in none above it")
    say("costs: points of accuracy that all items would gain if it were as good as the rest")
    say(f'Next: retrolabel errors {task} --slice "{found.worst["slice"].iloc[0]}"')


def _show_named(found: Slices) -> None:
    """Print how good labels are in the slices that the task names, those that cost most first."""
    titles = ["slice", "share", "judged", "accuracy [95 %]", "rest", "difference [95 %]", "p", "costs"]
    rows = []
    for row in found.named.to_dict("records"):
        judged = bool(row["items"]) and row["rest"] == row["rest"]
        accuracy = f"{row['accuracy']:.0%} [{row['low']:.0%}, {row['high']:.0%}]" if row["items"] else "-"
        points = (
            [f"{100 * row[name]:+.0f}" for name in ("difference", "difference_low", "difference_high")]
            if judged
            else []
        )
        rows.append(
            (
                row["slice"],
                f"{row['share']:.1%}",
                row["items"],
                accuracy,
                f"{row['rest']:.0%}" if judged else "-",
                f"{points[0]} [{points[1]}, {points[2]}]" if judged else "-",
                f"{row['p']:.1g}" if judged else "-",
                f"{100 * row['costs']:.1f}" if judged else "-",
            )
        )
    console().print(table("Slices that the task names", titles, rows, right=titles[1:]))
    say("share: of all items; intervals are of one slice each; p: of all of them together (Holm)")


def _show_buckets(task: str, found: pd.DataFrame, items: int, *, as_json: bool) -> None:
    names = [str(name) for name in found.index.names]
    rows = found.reset_index().to_dict("records")
    if as_json:
        print_json(rows)
        return
    titles = [*names, "items", "judged", "wrong", "rate [95 %]"]
    cells = [
        (
            *(row[name] for name in names),
            *(int(row[name]) for name in ("items", "judged", "wrong")),
            "-" if not row["judged"] else f"{row['rate']:.0%} [{row['low']:.0%}, {row['high']:.0%}]",
        )
        for row in rows[:items]
    ]
    console().print(table(f"{task}: dev gold by {', '.join(names)}", titles, cells, right=titles[len(names) :]))
    say("wrong: of the judged items, whose label is none that gold leaves; most wrong first")
    if len(rows) > items:
        say(f"{len(rows) - items:,} more: --items, --json")


def _show(row: Mapping[Any, Any], texts: Sequence[str]) -> None:
    """Print an item: its labels, its texts with the words marked, and the votes."""
    sure = "" if row["probability"] != row["probability"] else f" {row['probability']:.2f}"
    left = f"; votes leave {row['partial']}" if row["partial"] else ""
    say(f"{row['source']}/{row['item_id']}  gold {row['gold']}, label {row['label']}{sure}{left}")
    spans = [span for words in row["words"].values() for span in words]
    show_texts(row, texts, spans)
    votes = [f"{name} {vote}" for name, vote in row["votes"].items()]
    more = f", and {len(votes) - MOST_VOTES} more" if len(votes) > MOST_VOTES else ""
    say(f"  votes: {', '.join(votes[:MOST_VOTES]) or 'none'}{more}", indent="    ")


def show_texts(row: Mapping[Any, Any], texts: Sequence[str], spans: Iterable[Span], *, indent: str = "") -> None:
    """Print the texts of an item, a line each, with words marked; a column that is missing is left out.

    Args:
        row: Column -> value.
        texts: The columns.
        spans: The words.
        indent: What each line begins with.
    """
    from rich.text import Text  # noqa: PLC0415 - not needed for --help

    from retrolabel.cli.highlighting import highlighted  # noqa: PLC0415 - not needed for --help

    out, marked = console(), list(spans)
    colour = out.is_terminal and out.color_system is not None and not out.no_color
    for name in texts:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            head = f"{indent}  {shown(name)}: "
            width = max(20, out.width - len(head)) if out.is_terminal else IN_A_PIPE
            here = [span for span in marked if span.column == name]
            out.print(Text(head).append_text(highlighted(value, here, width=width, colour=colour)), soft_wrap=True)


def _as_dict(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return an item as plain data."""
    words = {lf: [span._asdict() for span in spans] for lf, spans in row["words"].items()}
    partial = row["partial"].split("|") if row["partial"] else None
    return {**row, "gold": row["gold"].split("|"), "partial": partial, "words": words}
