"""What there is to say of figures of agreement: their names, what they are over, why some are withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import counted
from retrolabel.jobs.gold.rows import UNNAMED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.gold.coefficient import Coefficient
    from retrolabel.jobs.gold.agreeing import PeopleAgreement

UNSELECTED = "alpha, unselected"
"""The name of alpha over the items that nobody's answer decided on."""


def remarks(found: PeopleAgreement) -> Iterator[str]:
    """Yield what the figures are over, why some are withheld, and what they say of the definitions.

    Args:
        found: The figures.
    """
    items = found.items
    yield f"Of {counted(items.answered, 'item')}, {', '.join(_kinds(found))}."
    if found.pairs:
        yield where_they_differ(found)
    if items.selected:
        yield (
            f"{items.selected:,} of the {items.exact:,} are there since all said a label that is one {_under(found)}; "
            f"had anybody said another, they would be left out. So the figures may be too high: "
            f'"{UNSELECTED}" is over the other {items.exact - items.selected:,}.'
        )
    for why, names in _withheld(found).items():
        yield f"No figure for {', '.join(names)}: {why}."
    if found.repeats.untimed:
        many = counted(found.repeats.untimed, "earlier answer")
        are = (
            "it is a correction, and no repeat"
            if found.repeats.untimed == 1
            else "they are corrections, and no repeats"
        )
        yield f"{many} came without a time: {are} (gold import --time COLUMN)."
    if UNNAMED in found.people:
        yield f"Answers without a name count as one person's, {UNNAMED}: gold import --annotator COLUMN names them."


def where_they_differ(found: PeopleAgreement) -> str:
    """Return between which labels people differ most, and what to read; empty where they never do."""
    if not found.pairs:
        return ""
    worst = found.pairs[0]
    one, other = worst.labels
    on = counted(worst.differ, "item")
    return f"People differ most between {one} and {other} on {on}: see the definitions of {one} and {other}."


def _kinds(found: PeopleAgreement) -> Iterator[str]:
    items = found.items
    yield f"{items.exact:,} {_are(items.exact)} compared (two people or more, one label each {_under(found)})"
    if items.sets:
        yield f"{items.sets:,} {'leaves' if items.sets == 1 else 'leave'} several labels (in alpha of sets alone)"
    if items.one_person:
        yield f"{items.one_person:,} {'has' if items.one_person == 1 else 'have'} one person's answer"
    if items.unknown:
        yield f"{items.unknown:,} {'says' if items.unknown == 1 else 'say'} nothing there"
    if items.suspect:
        yield f"{items.suspect:,} {_are(items.suspect)} suspect (label or text changed) and left out"


def _under(found: PeopleAgreement) -> str:
    return f"under {found.version}"


def _are(many: int) -> str:
    return "is" if many == 1 else "are"


def named_figures(found: PeopleAgreement) -> Iterator[tuple[str, Coefficient]]:
    """Yield the figures of the first table, by their names."""
    yield f"alpha, {found.level}", found.alpha
    yield found.corrected_name.upper(), found.chance_corrected
    yield "percent agreement", found.agreement
    yield ("mean kappa, quadratic" if found.level == "ordinal" else "mean kappa"), found.kappa
    if found.unselected is not None:
        yield UNSELECTED, found.unselected
    if found.sets is not None:
        yield "alpha of sets (MASI)", found.sets
    if found.repeats.all.answers:
        yield "repeats: one person, same item", found.repeats.all.agreement


def _withheld(found: PeopleAgreement) -> dict[str, list[str]]:
    """Return why figures of the first table are not shown -> their names."""
    told: dict[str, list[str]] = {}
    for name, figure in named_figures(found):
        if figure.why:
            told.setdefault(figure.why, []).append(name)
    return told
