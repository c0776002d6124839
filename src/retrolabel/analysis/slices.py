"""The parts of feedback on which labels are wrong more often: found on one half of gold, checked on the other.

Conditions on words, sources, months, lengths and columns of few values are tried, and two of them together (a tree of
depth two). The most surprising ones of one half are tested on the other, which had no part in the choice: by the
hypergeometric distribution of the wrong items (Fisher's exact test, one-sided), with Bonferroni's correction for all
tests of both halves. So where nothing is the matter, any slice is named in one of 20 cases at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from retrolabel.gold.agreement import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]

FEWEST = 8
"""Items of a half that a slice needs there."""
CHECKED = 3
"""Slices of each half that are checked on the other."""
GAIN = 1.0
"""Standard errors by which a second condition has to make a slice more surprising."""
ALIKE = 0.5
"""Slices that share so much of their items together are one."""


@dataclass(frozen=True, eq=False, repr=False)
class Slices:
    """What was found.

    Attributes:
        worst: The slices that hold, those that cost most first. ``slice``; ``items`` and ``wrong`` on all gold;
            ``rate`` on the half that it was checked on, with ``low`` and ``high`` (Wilson, 95 %), and ``rest``: that of
            the other items there; ``p`` (corrected for all that was checked); ``costs``: the points of accuracy, as a
            share, that all items would gain if it were as good as the rest.
        tried: All slices that were checked, with the same columns.
        judged: How many items there were.
        wrong: How many of them are wrong.
        conditions: How many conditions were looked at.
    """

    worst: pd.DataFrame
    tried: pd.DataFrame
    judged: int
    wrong: int
    conditions: int

    def __repr__(self) -> str:
        """Return the slices that hold, or that none does."""
        told = f"{self.wrong:,} of {self.judged:,} judged items wrong; {self.conditions:,} conditions looked at"
        return f"{told}\n{self.worst.round(3).to_string(index=False) if len(self.worst) else 'no slice holds'}"


class _Candidate(NamedTuple):
    name: str
    here: Flags
    z: float


def find_slices(wrong: Flags, conditions: Mapping[str, Flags], *, seed: int = 0, false_alarms: float = 0.05) -> Slices:
    """Return the slices on which more items are wrong than elsewhere.

    Args:
        wrong: bool [n]: whether the label of each judged item is wrong, by what does not rest on its own gold.
        conditions: Name -> bool [n]: the items for which it holds.
        seed: Another seed halves the items in another way.
        false_alarms: In which share of cases any slice may be named where none is worse.

    Example:
        >>> random = np.random.default_rng(0)
        >>> refund = random.random(400) < 0.2
        >>> wrong = random.random(400) < np.where(refund, 0.7, 0.2)
        >>> found = find_slices(wrong, {"comment has refund": refund, "comment has the": random.random(400) < 0.5})
        >>> found.worst["slice"].tolist()
        ['comment has refund']
    """
    names = list(conditions)
    table = np.array([conditions[name] for name in names], np.bool_).reshape(len(names), len(wrong))
    first = _half(wrong, seed)
    checks = []
    for half in (first, ~first):
        checks += [_checked(found, wrong, ~half) for found in _most_surprising(wrong, names, table, half)]
    columns = ["slice", "items", "wrong", "rate", "low", "high", "rest", "p", "costs"]
    tried = pd.DataFrame([row for row, _ in checks], columns=columns)
    tried["p"] = np.minimum(1.0, tried["p"] * 2 * CHECKED)
    order = tried.sort_values("p", kind="stable").index.tolist()
    kept: list[int] = []
    for place in order:
        apart = all(_shared(checks[place][1], checks[other][1]) < ALIKE for other in kept)
        if tried.loc[place, "p"] <= false_alarms and apart:
            kept.append(place)
    worst = tried.loc[kept].sort_values("costs", ascending=False, kind="stable", ignore_index=True)
    return Slices(worst, tried.loc[order].reset_index(drop=True), len(wrong), int(wrong.sum()), len(names))


def _half(wrong: Flags, seed: int) -> Flags:
    """Return one half of the items, as many wrong ones in each."""
    random, first = np.random.default_rng(seed), np.zeros(len(wrong), np.bool_)
    for kind in (True, False):
        rows = random.permutation(np.flatnonzero(wrong == kind))
        first[rows[: len(rows) // 2]] = True
    return first


def _most_surprising(wrong: Flags, names: Sequence[str], table: Flags, half: Flags) -> list[_Candidate]:
    """Return the slices of a half that are most surprising, with a second condition where that makes them more so."""
    scores = _standard(wrong[half], table[:, half])
    found: list[_Candidate] = []
    for place in np.argsort(-scores, kind="stable").tolist():
        if len(found) == CHECKED or not scores[place] > 0:
            break
        if all(_shared(table[place], other.here) < ALIKE for other in found):
            found.append(
                _narrowed(_Candidate(names[place], table[place], float(scores[place])), wrong, names, table, half)
            )
    return found


def _narrowed(root: _Candidate, wrong: Flags, names: Sequence[str], table: Flags, half: Flags) -> _Candidate:
    both = table & root.here
    scores = _standard(wrong[half], both[:, half])
    best = int(scores.argmax()) if len(scores) else 0
    if not len(scores) or scores[best] < root.z + GAIN:
        return root
    return _Candidate(f"{root.name} and {names[best]}", both[best], float(scores[best]))


def _standard(wrong: Flags, table: Flags) -> npt.NDArray[np.float64]:
    """Return by how many standard errors each slice has more wrong items than it would by chance, float [F].

    Those with too few items, or with nearly all, are at minus infinity.
    """
    n, share = len(wrong), float(wrong.mean()) if len(wrong) else 0.0
    sizes = table.sum(axis=1).astype(np.float64)
    bad = (table & wrong).sum(axis=1)
    spread = np.sqrt(np.maximum(share * (1 - share) * sizes * (1 - sizes / max(n, 1)) * n / max(n - 1, 1), 1e-12))
    usable = (sizes >= FEWEST) & (sizes <= n - FEWEST)
    return np.where(usable, (bad - sizes * share) / spread, -np.inf)


def _checked(found: _Candidate, wrong: Flags, half: Flags) -> tuple[tuple[Any, ...], Flags]:
    """Return a slice with its figures on the half that had no part in its choice."""
    from scipy.stats import hypergeom  # noqa: PLC0415 - slow to import

    here, bad = found.here[half], wrong[half]
    size, hits = int(here.sum()), int((here & bad).sum())
    p = float(hypergeom.sf(hits - 1, len(bad), int(bad.sum()), size)) if size else 1.0
    rate = wilson(hits, size)
    rest = float(bad[~here].mean()) if (~here).any() else np.nan
    costs = (hits / size - rest) * float(found.here.mean()) if size else np.nan
    items, both = int(found.here.sum()), int((found.here & wrong).sum())
    value, low, high = (np.nan if each is None else each for each in (rate.value, rate.low, rate.high))
    return (found.name, items, both, value, low, high, rest, p, costs), found.here


def _shared(one: Flags, other: Flags) -> float:
    either = int((one | other).sum())
    return float((one & other).sum()) / either if either else 0.0
