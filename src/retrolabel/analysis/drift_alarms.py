"""Alarms of drift: what drifted, from what to what, how surprising that is, and what to do, in plain words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from retrolabel.analysis.drift_accepted import subject_of
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_WORDS = 8
"""Words that an alarm names."""


@dataclass(frozen=True)
class Found:
    """A share, and what it did.

    Attributes:
        kind: ``label``, ``labeling function``, ``source``, ``length`` or ``words``.
        column: The column of a text; empty elsewhere.
        told: What it is the share of.
        figures: Before, now, the 95 % interval of now, the difference in standard errors, p.
        medians: Of lengths: about the median length before and now, in characters.
        since: The first day of the weeks that are "now": those that show the difference best.
    """

    kind: str
    column: str
    told: str
    figures: tuple[float, ...]
    medians: tuple[float, float] | None = None
    since: str = ""

    @property
    def p(self) -> float:
        """How often exchanged weeks show as large a difference anywhere."""
        return self.figures[5]


@dataclass(frozen=True)
class Alarm:
    """Something that drifted.

    Attributes:
        key: The same for the same window and thing, whenever it is looked at: to be told of once.
        kind: ``label``, ``labeling function``, ``source``, ``length``, ``missing`` or ``words``.
        what: The label, the labeling function and its vote, the source, or the column.
        since: The first day of the weeks that are "now": about when it began.
        before: The share of items in the weeks before.
        now: The share in the weeks since then.
        low: The lower end of its 95 % interval.
        high: The upper end.
        p: How often the weeks, exchanged, show as large a difference anywhere.
        look_at: What to look at: words with their shares before and now, or the name of what drifted.
        told: What happened and what follows, in plain words.
        next: The command to type next.
    """

    key: str
    kind: str
    what: str
    since: str
    before: float
    now: float
    low: float
    high: float
    p: float
    look_at: tuple[str, ...]
    told: str
    next: str

    @property
    def subject(self) -> str:
        """What drifted, as people name it where they accept it; one labeling function for all its votes."""
        return subject_of(self.kind, self.what)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {**asdict(self), "subject": self.subject}


def alarms_of(drifted: Sequence[Found], task: str, window: str) -> tuple[Alarm, ...]:
    """Return the alarms of what drifted, the most surprising first; one for the words or the lengths of a column.

    Args:
        drifted: The shares that drifted.
        task: The task, for the commands.
        window: The first day of the window.
    """
    ordered = sorted(drifted, key=lambda each: (_kind(each), _what(each), each.p, -abs(each.figures[4])))
    found = []
    for (kind, what), group in groupby(ordered, key=lambda each: (_kind(each), _what(each))):
        shares = list(group)
        first = shares[0]
        before, now, low, high, standard, p = first.figures
        look_at = tuple(_look_at(shares)) if kind == "words" else (first.told,)
        since = first.since or window
        told, then = _words(kind, first, shares, task, f" since {since}" if since != window else "")
        figures = (before, now, low, high, p)
        alarm = Alarm(f"{window}/{kind}/{what}", kind, what, since, *figures, look_at, told, then)
        found.append((p, -abs(standard), alarm))
    return tuple(alarm for _, _, alarm in sorted(found, key=lambda each: (*each[:2], each[2].key)))


def _kind(found: Found) -> str:
    return "missing" if found.kind == "length" and found.told == "missing" else found.kind


def _what(found: Found) -> str:
    return found.column or found.told


def _look_at(words: Sequence[Found]) -> Iterator[str]:
    for each in words[:MOST_WORDS]:
        yield f"{each.told} {percent(each.figures[0])} -> {percent(each.figures[1])}"


def percent(share: float) -> str:
    """Return a share as people read it.

    Example:
        >>> percent(0.125)
        '12.5 %'
    """
    return f"{100 * share:.1f} %"


def chance(p: float) -> str:
    """Return how surprising something is, in words.

    Example:
        >>> chance(0.0005), chance(0.02)
        ('in fewer than 1 of 1,000 ways', 'in 2.0 % of the ways')
    """
    return "in fewer than 1 of 1,000 ways" if p < 0.001 else f"in {percent(p)} of the ways"  # noqa: PLR2004


def _words(kind: str, first: Found, shares: Sequence[Found], task: str, since: str) -> tuple[str, str]:
    """Return what happened and what follows from it, and the command to type next."""
    before, now, low, high, _, p = first.figures
    grew = now > before
    figures = f"{percent(now)} [{percent(low)}, {percent(high)}]{since}, after {percent(before)}"
    by_chance = f"weeks that are exchanged show as much {chance(p)}"
    draw = f"retrolabel gold sample {task}"
    if kind == "label":
        if first.told == "(no label)":
            so = "labeling functions know less of it" if grew else "they know more of it"
            return f"items without a label: {figures}; {by_chance}. So {so}.", f"retrolabel lf summary {task}"
        so = "either users say so more often, or it takes other things for it" if grew else "it may miss new wording"
        return f"label {first.told}: {figures}; {by_chance}. So {so}: only new gold tells which.", draw
    if kind == "labeling function":
        lf = first.told.partition(" -> ")[0]
        so = "what it looks for is more frequent, or other things match too" if grew else "what it looks for is rarer"
        told = f"{first.told} votes on {figures}; {by_chance}. So {so}: its accuracy on old gold may not hold."
        return told, f"retrolabel lf show {task}:{lf}"
    if kind == "source":
        so = "other drift may come from it alone"
        return f"items from {first.told}: {figures}; {by_chance}. So {so}.", f"retrolabel report {task}"
    column = first.column
    if kind == "missing":
        so = f"what reads {column} abstains there" if grew else f"what reads {column} has more to go by"
        return f"{column} is missing or empty: {figures}; {by_chance}. So {so}.", f"retrolabel lf summary {task}"
    if kind == "length":
        then, here = first.medians or (0.0, 0.0)
        told = f"{column} has {first.told} in {figures}; half have at most about {here:,.0f}, after {then:,.0f}"
        return f"{told}; {by_chance}. So functions that were tried on other texts may vote otherwise.", draw
    named = ", ".join(_look_at(shares))
    rest = len(shares) - MOST_WORDS
    more = f", and {counted(rest, 'word')} more" if rest > 0 else ""
    so = "labeling functions may not know them" if grew else "labeling functions may look for what is not said any more"
    return f"words of {column}: {named}{more}; {by_chance}. So {so}.", draw
