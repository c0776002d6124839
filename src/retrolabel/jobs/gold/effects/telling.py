"""What is said of a version's effect on agreement, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import counted
from retrolabel.jobs.gold.effects.pairs import CONFUSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.jobs.gold.effects.effect import EffectOfVersion

MOST_MOVES, MOST_ITEMS = 3, 4


def told(found: EffectOfVersion) -> Iterator[str]:
    """Yield the sentences: what became of the pair, what may deceive, what it cost, which items are not compared.

    Args:
        found: The figures.
    """
    yield verdict_told(found)
    yield from _may_deceive(found)
    yield from _costs(found)
    yield from _not_compared(found)


def verdict_told(found: EffectOfVersion) -> str:
    """Return what became of the pair, with its interval."""
    pair, apart = found.pair, found.apart
    if pair is None:
        return f"Nobody mixed up two labels before {found.version}: there was nothing to repair."
    one, other = pair.labels
    if apart is None:
        return f"{one} and {other} cannot be compared: {pair.why_not}."
    differ = f"people differed on {counted(apart.differ_before, 'item')} before, and on {apart.differ_after:,} now"
    if apart.why or apart.by is None or apart.low is None or apart.high is None:
        return f"Whether people tell {one} and {other} apart better cannot be said: {apart.why}; {differ}."
    interval = f"alpha {apart.by:+.2f}, 95 %: {apart.low:+.2f} to {apart.high:+.2f}"
    words = {
        "better": f"People tell {one} and {other} apart better than under {found.before}",
        "worse": f"People tell {one} and {other} apart worse than under {found.before}",
        "open": f"Whether people tell {one} and {other} apart better or worse is open",
    }
    return f"{words[found.verdict]} ({interval}); {differ}."


def _may_deceive(found: EffectOfVersion) -> Iterator[str]:
    """Yield what makes the figures look better or worse than they are."""
    compared, selected = found.compared, found.selected
    if not found.changed:
        yield f"{found.version} changes no meaning: what changed here is not the definitions."
    if found.pair is not None and found.pair.by == CONFUSED:
        yield (
            "The pair is the one that people mixed up most before, on these very items. The worst of several looks "
            "better the next time in any case: name it with --pair, before you look."
        )
    if found.pair is not None and found.pair.as_they_are:
        yield "A new label was carved from both: what people call by it now is in no figure of the pair."
    if selected is not None and selected.inflates:
        yield (
            f"Take care: two people differed on {selected.again:.0%} of the items that were asked again, and on "
            f"{selected.others:.0%} of the {selected.items:,} others. If they were asked again for that, people differ "
            "less the second time in any case, and a part of the gain is none."
        )
    elif found.compared.roles != ("calibration",) and selected is None:
        yield (
            f"The items are {' and '.join(compared.roles)} gold, and why they were asked again is not known. If it was "
            "because people differed on them, a part of the gain is none. Calibration items are free of that."
        )
    if not compared.same_people:
        yield "Others answered before than after: the change is of the definitions and of the people, together."
    elif compared.other_people:
        yield (
            f"Compared are answers that the same person gave on both sides; {counted(compared.other_people, 'answer')} "
            "of others stayed out."
        )
    if compared.soon:
        yield (
            f"{compared.soon:,} of {counted(compared.answers, 'answer')} came within 14 days of the same person's "
            "answer before: who remembers it repeats it, which makes a change look smaller."
        )


def _costs(found: EffectOfVersion) -> Iterator[str]:
    """Yield what the version cost elsewhere."""
    if found.worse:
        yield f"People agree less elsewhere: {', '.join(found.worse)}."
    figures = sum(not change.why for _, change in (*found.labels, *found.pairs))
    if figures > 1:
        yield f"Of {figures} figures beside the pair, each with its own 95 %, one in 20 misses by chance."
    if found.unused:
        yield f"Nobody used {', '.join(found.unused)} in {counted(found.answered, 'answer')} under {found.version}."
    if found.moved:
        many = sum(len(each.items) for each in found.moved)
        moves = [
            f"{each.before} -> {each.after} {len(each.items):,} "
            f"({', '.join(item for _, item in each.items[:MOST_ITEMS])}{', ...' if each.items[MOST_ITEMS:] else ''})"
            for each in found.moved[:MOST_MOVES]
        ]
        further = "; --json has all" if found.moved[MOST_MOVES:] else ""
        yield f"What most people say changed on {counted(many, 'item')}: {'; '.join(moves)}{further}."
    yield _time_told(found)


def _time_told(found: EffectOfVersion) -> str:
    time = found.time
    if time.median_after is None:
        return f"It took {counted(time.answers, 'answer')} again; how long they took is not known (import --seconds)."
    part = "" if time.timed == time.answers else f", of which {time.timed:,} have a time"
    before = "" if time.median_before is None else f", {time.median_before:.0f} before"
    return (
        f"It took {counted(time.answers, 'answer')} again{part}: {time.seconds / 60:.0f} minutes of people's time, "
        f"{time.median_after:.0f} seconds an answer{before} (medians)."
    )


def _not_compared(found: EffectOfVersion) -> Iterator[str]:
    """Yield which items are not compared."""
    compared = found.compared
    kinds = {
        "answered before alone": compared.only_before,
        "answered after alone": compared.only_after,
        "answered by one person on a side": compared.one_person,
        "with a text that was revised": compared.revised,
        "drawn again because of what people had said of them (adjudicate, split)": compared.chosen,
    }
    told_of = [f"{count:,} {why}" for why, count in kinds.items() if count]
    if told_of:
        yield f"Items that are not compared: {'; '.join(told_of)}."
    if compared.several:
        yield f"{counted(compared.several, 'answer')} left out, since they leave several labels, or none."
