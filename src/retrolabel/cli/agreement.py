"""What ``gold agreement`` prints: the figures, where people differ, and what to make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.cli.common import SOME, console, say, table
from retrolabel.jobs.gold.remarking import named_figures, remarks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.gold.breakdowns import Part
    from retrolabel.gold.coefficient import Coefficient
    from retrolabel.jobs.gold.agreeing import PeopleAgreement

MOST_PAIRS, MOST_PEOPLE, MOST_LABELS = 5, 10, 20
INTERVAL = "95 %"


def show_agreement(found: PeopleAgreement) -> None:
    """Print how far people agree.

    Args:
        found: The figures.
    """
    _show_figures(found)
    _show_parts("By label, against the rest", "label", "alpha", found.labels[:MOST_LABELS])
    if found.pairs:
        rows = [
            (" / ".join(map(str, each.labels)), each.differ, *_cells(each.part.beyond))
            for each in found.pairs[:MOST_PAIRS]
        ]
        titles = ["labels", "items", "alpha", INTERVAL]
        shown = table(
            "Labels between which people differ, and on how many items",
            titles,
            rows,
            right=titles[1:3],
            whole=[INTERVAL],
        )
        console().print(shown)
    if len(found.people_pairs) > 1:
        _show_parts("By two people", "people", "kappa", found.people_pairs[:MOST_PEOPLE])
    if found.by is not None:
        _show_parts(f"By {found.by}", found.by, "alpha", found.slices)
    for sentence in remarks(found):
        say(sentence)
    if len(found.people_pairs) > MOST_PEOPLE or len(found.labels) > MOST_LABELS:
        say("--json has all labels, pairs of labels and people.")


def _show_figures(found: PeopleAgreement) -> None:
    rows = [(name, *_cells(figure), figure.n) for name, figure in named_figures(found)]
    titles = ["figure", "value", INTERVAL, "items"]
    of = "".join(f", {word}" for word in (found.role, found.source) if word)
    title = f"Agreement of {len(found.people):,} people on {found.task} {found.version}{of}"
    console().print(table(title, titles, rows, right=["value", "items"], whole=[INTERVAL]))


def _show_parts(title: str, of: str, beyond: str, parts: Sequence[Part]) -> None:
    rows = [(" / ".join(map(str, part.of)), part.items, part.agreement.shown, *_cells(part.beyond)) for part in parts]
    titles = [of, "items", "agree", beyond, INTERVAL]
    shown = table(title, titles, rows, right=["items", "agree", beyond], whole=[INTERVAL], cut={of: SOME})
    console().print(shown)


def _cells(figure: Coefficient) -> tuple[float | None, str]:
    """Return the value and its interval as cells."""
    if figure.value is None:
        return None, "undefined"
    if figure.why:
        return None, "withheld"
    told = figure.as_dict()
    return figure.shown, "-" if told["low"] is None else f"{told['low']:.3f} to {told['high']:.3f}"
