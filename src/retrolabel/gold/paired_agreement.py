"""By how much agreement on the same items changed: they were answered before and after, and each is its own control.

An item that is hard stays hard. So what an item is worth is taken on both sides together, and the interval of the
difference is narrower than that of two samples (:mod:`retrolabel.gold.falling`). It is the jackknife's over items at
Student's t: where people's agreement changed on few items, the t of twice as many. ``benchmarks/agreement_effect.py``
has the figures that this was chosen by, and ``LEAST_ITEMS`` and ``LEAST_TELLING``: BCa quantiles see a change too often
where people differ on few items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from retrolabel.errors import counted
from retrolabel.gold.beyond_chance import divided
from retrolabel.gold.coefficients import ordinal_alpha

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Floats: TypeAlias = npt.NDArray[np.float64]
    Ints: TypeAlias = npt.NDArray[np.int64]

LEAST_ITEMS = 12
"""On so many items two people must have given one of the labels, before and after; else a change is withheld."""
LEAST_TELLING = 6
"""So many of these must hold another answer than the commonest one, before and after."""
LEAST_CHANGED = 3
"""On so many items people's agreement must have changed, for better or worse."""
LARGEST = 2.0
"""Alpha lies between -1 and 1, so that it changes by no more."""


@dataclass(frozen=True, slots=True, repr=False)
class PairedChange:
    """By how much Krippendorff's alpha changed on the same items.

    Attributes:
        before: Alpha before; None where it is undefined.
        after: Alpha after.
        low: Lower end of the 95 % interval of :attr:`by`; None where there is none.
        high: Its upper end.
        items: Items that say something on both sides: the smaller number of the two.
        differ_before: Items on which people differed before.
        differ_after: Those on which they differ after.
        why: Why the change is undefined or withheld; empty otherwise.
    """

    before: float | None
    after: float | None
    low: float | None
    high: float | None
    items: int
    differ_before: int
    differ_after: int
    why: str = ""

    @property
    def by(self) -> float | None:
        """By how much alpha grew; None where it cannot be said."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def more(self) -> bool:
        """Whether people agree more, beyond chance: the whole interval lies above 0."""
        return not self.why and self.low is not None and self.low > 0

    @property
    def less(self) -> bool:
        """Whether they agree less: the whole interval lies below 0."""
        return not self.why and self.high is not None and self.high < 0

    def as_dict(self) -> dict[str, Any]:
        """Return what people should see as plain data; the change is null where it is withheld."""
        shown = not self.why
        return {
            "before": self.before,
            "after": self.after,
            "by": self.by if shown else None,
            "low": self.low if shown else None,
            "high": self.high if shown else None,
            "items": self.items,
            "differ_before": self.differ_before,
            "differ_after": self.differ_after,
            "why": self.why,
        }

    def __str__(self) -> str:
        """Return both figures, and the difference with its interval."""
        if self.by is None or self.before is None or self.after is None:
            return f"undefined: {self.why}"
        told = f"{self.before:.2f} -> {self.after:.2f}"
        if self.why or self.low is None or self.high is None:
            return f"{told}, withheld: {self.why}"
        return f"{told}: {self.by:+.2f} [{self.low:+.2f}, {self.high:+.2f}] ({self.items:,} items)"

    def __repr__(self) -> str:
        """Return what a person reads."""
        return f"<{self}>"


def paired_change(
    before: npt.NDArray[Any], after: npt.NDArray[Any], groups: Sequence[Sequence[int]], *, ordinal: bool = False
) -> PairedChange:
    """Return by how much alpha changed on the same items.

    Args:
        before: int [items, k]: how many people gave each label before.
        after: int [items, k]: the same after, of the same items in the same order.
        groups: What is compared: each group of labels counts as one value, and labels in no group as no answer. Two
            labels are ``[[0], [1]]``; a label against the rest is ``[[0], [1, 2, 3]]``.
        ordinal: Whether the groups have an order, which is theirs.

    Example:
        >>> before = np.array([[2, 0]] * 20 + [[0, 2]] * 20 + [[1, 1]] * 20)
        >>> after = np.array([[2, 0]] * 30 + [[0, 2]] * 26 + [[1, 1]] * 4)
        >>> paired_change(before, after, [[0], [1]])
        <0.34 -> 0.87: +0.53 [+0.29, +0.77] (60 items)>
    """
    sides = [np.column_stack([each[:, list(group)].sum(axis=1) for group in groups]) for each in (before, after)]
    sides = [np.where((side.sum(axis=1) > 1)[:, None], side, 0).astype(np.int64) for side in sides]
    (first, of), (then, _) = (_alpha_of(side, ordinal=ordinal) for side in sides)
    values = [float(of(each.sum(axis=0)[None])[0]) for each in (first, then)]
    known = [None if np.isnan(value) else value for value in values]
    items, telling = (min(of_sides) for of_sides in zip(*map(_size, sides), strict=True))
    differ = [int((_differing(side) > 0).sum()) for side in sides]
    changed = int((_differing(sides[0]) != _differing(sides[1])).sum())
    why = _why(known, items, telling, changed)
    low = high = None
    if None not in known and items > 1:
        by = values[1] - values[0]
        alone = _without_one(then, of, values[1]) - _without_one(first, of, values[0])
        half = _students(max(min(items, 2 * changed), 2) - 1) * _jackknife_error(alone)
        low, high = max(by - half, -LARGEST), min(by + half, LARGEST)
    return PairedChange(known[0], known[1], low, high, items, differ[0], differ[1], why)


def _alpha_of(side: Ints, *, ordinal: bool) -> tuple[Floats, Callable[[Floats], Floats]]:
    """Return what each item adds to sums, float [items, f], and alpha as a function of these."""
    k, m = side.shape[1], np.maximum(side.sum(axis=1), 2)
    if ordinal:
        one, other = np.triu_indices(k, 1)
        pairs = 2 * side[:, one] * side[:, other] / (m - 1)[:, None]
        return np.column_stack([side, pairs]).astype(np.float64), ordinal_alpha(k)
    within = _differing(side) / (m - 1)

    def of(sums: Floats) -> Floats:
        n = sums[:, 1:].sum(axis=1)
        return 1 - divided((n - 1) * sums[:, 0], n**2 - (sums[:, 1:] ** 2).sum(axis=1))

    return np.column_stack([within, side]).astype(np.float64), of


def _without_one(features: Floats, of: Callable[[Floats], Floats], value: float) -> Floats:
    """Return alpha without each of the items: float [items]; where it is undefined then, what it is with it."""
    found = of(features.sum(axis=0) - features)
    return np.where(np.isnan(found), value, found)


def _jackknife_error(without: Floats) -> float:
    n = len(without)
    return float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))


def _differing(side: Ints) -> Ints:
    """Return how many ordered pairs of answers to each item differ: int [items]."""
    found: Ints = side.sum(axis=1) ** 2 - (side**2).sum(axis=1)
    return found


def _size(side: Ints) -> tuple[int, int]:
    """Return how many items two people answered, and how many of them hold another answer than the commonest one."""
    totals = side.sum(axis=0)
    others = side.sum(axis=1) > side[:, int(totals.argmax())]
    return int((side.sum(axis=1) > 0).sum()), int(others.sum())


def _why(values: Sequence[float | None], items: int, telling: int, changed: int) -> str:
    """Return why a change is undefined or withheld; empty if it is not."""
    for value, side in zip(values, ("before", "after"), strict=True):
        if value is None:
            return f"{side}, no item has two answers" if not items else f"{side}, all answers are one label"
    if items < LEAST_ITEMS:
        return f"{counted(items, 'item')} on which two people gave one of the labels, and {LEAST_ITEMS} are needed"
    if telling < LEAST_TELLING:
        return (
            f"{counted(telling, 'item')} with another answer than the commonest label, and {LEAST_TELLING} are needed"
        )
    if changed < LEAST_CHANGED:
        return f"people agree on {counted(changed, 'item')} otherwise than before, and {LEAST_CHANGED} are needed"
    return ""


def _students(freedom: int) -> float:
    """Return how many standard errors a 95 % interval takes, where so many degrees of freedom are left."""
    from scipy.stats import t  # noqa: PLC0415 - slow to import

    return float(t.ppf(0.975, freedom))
