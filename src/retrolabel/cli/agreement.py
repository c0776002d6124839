"""What ``gold agreement`` prints: the figures, where people differ, and what to make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.cli.common import SOME, console, say, table
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.gold.breakdowns import Part
    from retrolabel.gold.coefficient import Coefficient
    from retrolabel.jobs.gold.agreeing import PeopleAgreement

MOST_PAIRS, MOST_PEOPLE, MOST_LABELS = 5, 10, 20
UNNAMED = "unnamed"
INTERVAL = "95 %"
UNSELECTED = "alpha, unselected"


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
    for sentence in sentences(found):
        say(sentence)


def sentences(found: PeopleAgreement) -> Iterator[str]:
    """Yield what the figures are over, why some are withheld, and what they say of the definitions.

    Args:
        found: The figures.
    """
    items = found.items
    yield f"Of {counted(items.answered, 'item')}, {', '.join(_kinds(found))}."
    if found.pairs:
        worst = found.pairs[0]
        one, other = worst.labels
        on = counted(worst.differ, "item")
        yield f"People differ most between {one} and {other} on {on}: see the definitions of {one} and {other}."
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
    hidden = len(found.people_pairs) - MOST_PEOPLE
    if hidden > 0 or len(found.labels) > MOST_LABELS:
        yield "--json has all labels, pairs of labels and people."


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


def _named(found: PeopleAgreement) -> Iterator[tuple[str, Coefficient]]:
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


def _show_figures(found: PeopleAgreement) -> None:
    rows = [(name, *_cells(figure), figure.n) for name, figure in _named(found)]
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


def _withheld(found: PeopleAgreement) -> dict[str, list[str]]:
    """Return why figures of the first table are not shown -> their names."""
    told: dict[str, list[str]] = {}
    for name, figure in _named(found):
        if figure.why:
            told.setdefault(figure.why, []).append(name)
    return told
