"""Gates of labeling functions: a team's limits beside what the votes and dev gold say, in a sentence each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retrolabel.errors import counted
from retrolabel.gold.agreement import wilson

State = Literal["passed", "failed", "skipped"]
MOST_DIGITS = 6
MIN_PRECISION, MAX_CONFLICT, MAX_COVERAGE = "min_precision", "max_conflict", "max_coverage"


@dataclass(frozen=True)
class LfFigures:
    """What a labeling function did on the items of a task.

    Attributes:
        items: The items.
        votes: Those that it votes on.
        conflicts: Those of its votes that share no label with another labeling function's.
        judged: Its votes on items with dev gold that is one label.
        correct: Those of them that leave the gold label possible.
    """

    items: int
    votes: int
    conflicts: int
    judged: int = 0
    correct: int = 0


@dataclass(frozen=True)
class Judgement:
    """Whether a labeling function passes a gate, and why.

    Attributes:
        state: ``passed``, ``failed``, or ``skipped`` where nothing can be said.
        told: The sentence.
    """

    state: State
    told: str


def judged(lf: str, gate: str, limit: float, figures: LfFigures, fewest: int = 10) -> Judgement:
    """Return whether a labeling function passes a gate.

    The measured share decides, not its interval: it is the figure that the team reads in ``lf summary``, and the same
    votes and gold always give the same answer. The interval is told beside it, and where it holds the limit, that the
    gold is too little to be sure. Below ``fewest`` votes nothing is judged.

    Args:
        lf: Its name.
        gate: ``min_precision``, ``max_conflict`` or ``max_coverage``.
        limit: What the gate asks.
        figures: What it did.
        fewest: The fewest votes that are judged.

    Example:
        >>> done = judged("dead_link", "min_precision", 0.7, LfFigures(900, 90, 2, 14, 8))
        >>> print(done.state, done.told)
        failed dead_link is right on 8 of 14 dev items, .57 [.33, .79]; min_precision asks .70, which the interval
        holds: more dev gold may say otherwise
    """
    if gate == MIN_PRECISION:
        return _precision(lf, limit, figures, fewest)
    what = counted(figures.votes, "vote")
    if not figures.items:
        return Judgement("skipped", f"{lf}: there are no items")
    if gate == MAX_CONFLICT:
        if figures.votes < fewest:
            return Judgement("skipped", f"{lf} has {what}; {gate} judges nothing below {fewest}")
        share = figures.conflicts / figures.votes
        told = f"{lf} is against others on {figures.conflicts:,} of its {what}, {_plain(share, limit)}"
    else:
        share = figures.votes / figures.items
        told = f"{lf} votes on {figures.votes:,} of {counted(figures.items, 'item')}, {_plain(share, limit)}"
    return Judgement("passed" if share <= limit else "failed", f"{told}; {gate} allows {_plain(limit)}")


def _precision(lf: str, limit: float, figures: LfFigures, fewest: int) -> Judgement:
    if figures.judged < fewest:
        why = f"{lf} votes on {counted(figures.judged, 'dev item')}; {MIN_PRECISION} judges nothing below {fewest}"
        return Judgement("skipped", why)
    share, interval = figures.correct / figures.judged, wilson(figures.correct, figures.judged)
    low, high = interval.low or 0.0, interval.high or 0.0
    told = (
        f"{lf} is right on {figures.correct:,} of {figures.judged:,} dev items, {_plain(share, limit)}"
        f" [{_plain(low)}, {_plain(high)}]; {MIN_PRECISION} asks {_plain(limit)}"
    )
    if share >= limit:
        return Judgement("passed", told)
    open_still = ", which the interval holds: more dev gold may say otherwise" if limit <= high else ""
    return Judgement("failed", told + open_still)


def _plain(share: float, beside: float | None = None) -> str:
    """Return a share as ``.57``; with more digits where it would read as the limit beside it, which it is not."""
    digits = 2
    while beside is not None and share != beside and digits < MOST_DIGITS and round(share - beside, digits) == 0:
        digits += 1
    return f"{share:.{digits}f}".removeprefix("0")
