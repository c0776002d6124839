"""Feedback counted by week, and which weeks are looked at for drift.

Windows are whole weeks, from Monday to Sunday, on a calendar that no run moves: so a check that runs every night gives
one answer a window, and has one chance a window to be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

WEEK = 7
MONDAY = 3
"""Days from a Monday to 1970-01-01, a Thursday."""
REFERENCE = 6
"""Windows that the newest one is compared with, at most: in half a year feedback changes by itself. One more lies
between, which is left out."""
FEWEST_BEFORE = 2
"""Windows that there have to be before it."""
LENGTHS = 64
"""Lengths of texts that are told apart: four for each doubling."""
BUCKETS = 2**15
"""Words that are told apart."""


def week_of(days: Ints) -> Ints:
    """Return the number of the week of each day since 1970-01-01, int [n]; week 0 began on Monday, 1969-12-29.

    Example:
        >>> week_of(np.array([-3, 3, 4])).tolist()
        [0, 0, 1]
    """
    return (days + MONDAY) // WEEK


def first_day(week: int, *, day: int = 0) -> date:
    """Return the Monday of a week, or another day of it.

    Example:
        >>> str(first_day(0)), str(first_day(2961, day=6))
        ('1969-12-29', '2026-10-04')
    """
    return np.datetime64(week * WEEK - MONDAY + day, "D").item()


@dataclass(frozen=True)
class Span:
    """The weeks that are looked at.

    Attributes:
        first: The first week before the window.
        window: The first week of the window.
        end: The week after its last one.
    """

    first: int
    window: int
    end: int

    @classmethod
    def newest(cls, oldest: int, newest: int, weeks: int) -> Self | None:
        """Return the newest window that is over, and the whole weeks before it.

        Args:
            oldest: The first day with items, in days since 1970.
            newest: The last day with items that is over.
            weeks: The weeks of a window.

        Returns:
            ``None`` where no whole week lies before a window that is over.

        Example:
            >>> Span.newest(0, 100, 4)
            Span(first=1, window=8, end=12)
            >>> Span.newest(0, 40, 4)
        """
        over = (newest + 1 + MONDAY) // WEEK  # the first week that is not over
        end = over // weeks * weeks
        whole = -((-oldest - MONDAY) // WEEK)  # the first week that has its Monday
        first = max(whole, end - (REFERENCE + 2) * weeks)
        return cls(first, end - weeks, end) if first < end - weeks else None

    @property
    def days(self) -> tuple[int, int]:
        """The first day, and the day after the last one, in days since 1970."""
        return self.first * WEEK - MONDAY, self.end * WEEK - MONDAY


@dataclass(frozen=True, eq=False)
class Texts:
    """The texts of one column, by week.

    Attributes:
        lengths: int [W, LENGTHS]: texts of each length (:func:`length_bins`); the first are missing or empty. Items of
            sources without the column are not among them.
        words: int [W, BUCKETS]: texts that hold each word.
    """

    lengths: Ints
    words: Ints


@dataclass(frozen=True, eq=False)
class Weeks:
    """Feedback counted by week.

    Attributes:
        span: Which weeks these are, W of them.
        items: int [W]: the items.
        labels: The labels.
        labelled: int [W, k]: the items that have each.
        votes: The labeling functions, with what they voted.
        voted: int [W, V]: the items that they voted so on.
        sources: The sources.
        come: int [W, S]: the items of each.
        texts: Column -> its texts.
    """

    span: Span
    items: Ints
    labels: tuple[str, ...] = ()
    labelled: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    votes: tuple[tuple[str, str], ...] = ()
    voted: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    sources: tuple[str, ...] = ()
    come: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    texts: Mapping[str, Texts] = field(default_factory=dict)


def length_bins(characters: Ints) -> Ints:
    """Return the place of each length, int [n]: 0 of an empty text, then four places for each doubling.

    Example:
        >>> length_bins(np.array([0, 1, 2, 100, 200])).tolist()
        [0, 1, 5, 27, 31]
    """
    logs = np.floor(4 * np.log2(np.maximum(characters, 1)) + 1e-9).astype(np.int64)
    return np.where(characters > 0, np.minimum(logs + 1, LENGTHS - 1), 0)


def characters_from(place: int) -> int:
    """Return how many characters a text of a place has at least.

    Example:
        >>> [characters_from(place) for place in (1, 5, 27, 31)]
        [1, 2, 91, 182]
    """
    return int(np.ceil(2 ** ((place - 1) / 4) - 1e-9))


def median_length(lengths: Ints) -> float:
    """Return about how many characters half of the texts have at most, from counts by place; missing ones left out.

    Example:
        >>> counts = np.zeros(LENGTHS, np.int64)
        >>> counts[27] = 100
        >>> round(median_length(counts))
        99
    """
    counts = np.asarray(lengths[1:], np.float64)
    if not counts.sum():
        return 0.0
    upto = np.cumsum(counts)
    place = int(np.searchsorted(upto, upto[-1] / 2))
    part = (upto[-1] / 2 - (upto[place] - counts[place])) / counts[place]
    return float(2 ** ((place + part) / 4))
