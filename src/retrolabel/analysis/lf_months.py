"""How often each labeling function fires by month, and whether the newest weeks are as those before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.drift import drift
from retrolabel.analysis.drift_alarms import percent
from retrolabel.analysis.drift_weeks import Span, Weeks, week_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.votes import VoteMatrix

    Ints = npt.NDArray[np.int64]

ARROW = " -> "


@dataclass(frozen=True, eq=False)
class Months:
    """Votes by calendar month.

    Attributes:
        names: The months from the first with items to the last: ``2026-05``.
        items: int [M]: the items of each.
        fired: int [m, M]: those that each labeling function voted on.
    """

    names: tuple[str, ...]
    items: Ints
    fired: Ints

    @property
    def shares(self) -> npt.NDArray[np.float64]:
        """The share of a month's items that each labeling function votes on, float [m, M]; missing without items."""
        out = np.full(self.fired.shape, np.nan)
        where = np.broadcast_to(self.items > 0, self.fired.shape)
        return np.asarray(np.divide(self.fired, self.items, out=out, where=where))


def by_month(votes: VoteMatrix, days: Ints) -> Months:
    """Return how often each labeling function votes, by the month of the item.

    Args:
        votes: n items x m LFs.
        days: int [n]: the day of each item since 1970-01-01; below -100,000 where it has none.

    Example:
        >>> from retrolabel.votes import VoteMatrix
        >>> votes = VoteMatrix.from_ints([[0], [-1], [1]], labels=2)
        >>> found = by_month(votes, np.array([0, 30, 60]))
        >>> found.names, found.shares.tolist()
        (('1970-01', '1970-02', '1970-03'), [[0.5, nan, 1.0]])
    """
    known = days > LONG_AGO
    if not known.any():
        nothing = np.zeros(0, np.int64)
        return Months((), nothing, np.zeros((len(votes.voters), 0), np.int64))
    months = days[known].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first, size = int(months.min()), int(months.max() - months.min()) + 1
    names = tuple(str(each) for each in (np.arange(size) + first).astype("datetime64[M]"))
    fired = [np.bincount(months[column != 0] - first, minlength=size) for column in votes.codes[known].T]
    return Months(names, np.bincount(months - first, minlength=size), np.array(fired, np.int64).reshape(-1, size))


LONG_AGO = -100_000


def firing_drift(
    votes: VoteMatrix, days: Ints, *, until: int, weeks: int = 4, false_alarms: float = 0.05
) -> dict[str, str]:
    """Return the labeling functions that fire otherwise in the newest window of weeks than before, with the figures.

    The weeks are exchanged, as ``retrolabel drift`` does it, and all votes are looked at together: of stable feedback
    the share ``false_alarms`` of the windows names any.

    Args:
        votes: n items x m LFs.
        days: int [n]: the day of each item since 1970-01-01.
        until: The first day that is not looked at.
        weeks: The weeks of a window.
        false_alarms: In which share of stable windows any may be named.

    Returns:
        LF -> ``5.0 % of items before, 9.1 % now``; its first vote that drifted.
    """
    known = (days > LONG_AGO) & (days < until)
    span = Span.newest(int(days[known].min()), int(days[known].max()), weeks) if known.any() else None
    if span is None:
        return {}
    inside = (days >= span.days[0]) & (days < span.days[1])
    week, size = week_of(days[inside]) - span.first, span.end - span.first
    cast, counts = [], []
    for voter, column in zip(votes.voters, votes.codes[inside].T, strict=True):
        for code in np.unique(column[column != 0]).tolist():
            cast.append((voter, str(code)))
            counts.append(np.bincount(week[column == code], minlength=size))
    table = np.column_stack(counts) if counts else np.zeros((size, 0), np.int64)
    seen = Weeks(span, np.bincount(week, minlength=size), votes=tuple(cast), voted=table)
    found = drift(seen, false_alarms=false_alarms)
    told: dict[str, str] = {}
    for share in found.shares:
        if share.p <= found.level:
            name = share.told.partition(ARROW)[0]
            told.setdefault(name, f"{percent(share.figures[0])} of items before, {percent(share.figures[1])} now")
    return told
