"""Rationales with what people said around them, and which groups of them go with labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

DIFFER, ALONE, AGREE = 1.0, 0.5, 0.25
"""What a rationale weighs on an item on which people differ, one that nobody else answered, one on which all agree."""
SCATTERED = 3
"""The labels that people give an item over which they scatter, at least."""
DRAWS = 4999
"""Resamples of items."""
BY_CHANCE = 0.05
"""The chance that a group of any set is said to go with labels where no group does (Holm 1979)."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody gave an item a label, and what others said of the item.

    Attributes:
        item: (source, item id).
        person: Who.
        text: The rationale.
        label: The label; empty where the answer leaves several.
        others: The labels that other people gave the item, one each.
        earlier: (label, version) that people gave the item under other versions, where the label is none here.
    """

    item: tuple[str, str]
    person: str
    text: str
    label: str
    others: tuple[str, ...] = ()
    earlier: tuple[tuple[str, str], ...] = ()

    @property
    def differs(self) -> bool:
        """Whether somebody else gave the item another label."""
        return bool(self.label) and any(other != self.label for other in self.others)

    @property
    def weight(self) -> float:
        """What it counts: most where people differ."""
        return DIFFER if self.differs or len(set(self.others)) > 1 else AGREE if self.others else ALONE


@dataclass(frozen=True)
class Told:
    """What people said on the items of some rationales.

    Attributes:
        given: Label -> rationales whose authors gave it.
        all: Label -> answers on the items, of everybody.
        watched: Items that two people or more answered.
        differing: Items on which people differ.
        scattered: Items that people gave three labels or more.
        beside: Label -> items on which somebody gave it beside an author who gave another one.
        earlier: (label, version) -> items that bore it under another version.
    """

    given: Counter[str]
    all: Counter[str]
    watched: int
    differing: int
    scattered: int
    beside: Counter[str]
    earlier: Counter[tuple[str, str]]

    @property
    def main(self) -> str:
        """The label that most authors gave; nothing where none gave one."""
        return first_of(self.given)

    @property
    def other(self) -> str:
        """The other label that stands beside it most; nothing where none does."""
        return first_of(Counter({label: count for label, count in self.beside.items() if label != self.main}))

    @property
    def one_sided(self) -> float:
        """The share of the authors who gave that label."""
        return self.given[self.main] / self.given.total() if self.given else 0.0


def told_by(reasons: Sequence[Reason]) -> Told:
    """Return what people said on the items of some rationales; each item counts once.

    Example:
        >>> one = Reason(("s", "1"), "ana", "only slow", "slow", others=("bug",))
        >>> told = told_by([one, Reason(("s", "2"), "ana", "so slow", "slow")])
        >>> told.main, told.watched, told.differing, dict(told.beside)
        ('slow', 1, 1, {'bug': 1})
    """
    items: dict[tuple[str, str], list[Reason]] = {}
    for each in reasons:
        items.setdefault(each.item, []).append(each)
    everybody: Counter[str] = Counter()
    beside: Counter[str] = Counter()
    earlier: Counter[tuple[str, str]] = Counter()
    for found in items.values():
        everybody.update([label for label in (found[0].label, *found[0].others) if label])
        beside.update({other for each in found if each.label for other in each.others if other != each.label})
        earlier.update({old for each in found for old in each.earlier})
    given = Counter(each.label for each in reasons if each.label)
    watched = sum(bool(found[0].others) for found in items.values())
    differing = sum(any(each.differs for each in found) for found in items.values())
    scattered = sum(len({found[0].label, *found[0].others} - {""}) >= SCATTERED for found in items.values())
    return Told(given, everybody, watched, differing, scattered, beside, earlier)


def first_of(counts: Counter[str]) -> str:
    """Return what is counted most, the first by name among equals; nothing where nothing is counted."""
    return min(counts, key=lambda each: (-counts[each], each), default="")


def go_with_labels(reasons: Sequence[Reason], groups: Sequence[Sequence[int]], *, seed: int = 0) -> list[bool]:
    """Return for each group whether its items bear other labels, or differ more, than items drawn at random.

    Words that people use for anything ("it mentions", "reads like") make groups of texts, too; their items bear all
    labels. The figure is the chi-square distance of the labels on a group's items from those on all; it is compared
    with groups of as many items drawn at random. All groups together are wrong in 5 % of the sets (Holm 1979).

    Args:
        reasons: All rationales.
        groups: The places of those of each group.
        seed: Of the draws.
    """
    items = list(dict.fromkeys(each.item for each in reasons))
    at = {item: row for row, item in enumerate(items)}
    labels = sorted({label for each in reasons for label in _labels(each)})
    column = {label: place for place, label in enumerate(labels)}
    table = np.zeros((len(items), len(labels) + 1))
    for each in reasons:
        for label in _labels(each):
            table[at[each.item], column[label]] = 1.0
        table[at[each.item], -1] = max(table[at[each.item], -1], float(each.differs))
    of_groups = [sorted({at[reasons[place].item] for place in group}) for group in groups]
    return _holm(_chances(table, of_groups, seed))


def _labels(reason: Reason) -> set[str]:
    """Return what an item bears: labels, and those of older versions with the version."""
    here = {label for label in (reason.label, *reason.others) if label}
    return here | {f"{label} of {version}" for label, version in reason.earlier}


def _chances(table: npt.NDArray[np.float64], groups: Sequence[Sequence[int]], seed: int) -> list[float]:
    """Return for each group of rows how often as many rows drawn at random are as far from all rows."""
    if not groups:
        return []
    share = table.mean(axis=0)
    sizes = np.array([len(group) for group in groups], np.int64)

    def far(sums: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        expected = sizes[:, None] * share
        return np.asarray(((sums - expected) ** 2 / np.maximum(expected, 1e-9)).sum(axis=1))

    seen = far(np.array([table[list(group)].sum(axis=0) for group in groups]))
    random, as_far = np.random.default_rng(seed), np.ones(len(groups))
    for _ in range(DRAWS):
        as_far += far(table[random.permutation(len(table))].cumsum(axis=0)[sizes - 1]) >= seen - 1e-9
    return [float(each) for each in as_far / (DRAWS + 1)]


def _holm(chances: Sequence[float]) -> list[bool]:
    """Return which chances are small, however many there are."""
    kept = [False] * len(chances)
    for rank, place in enumerate(sorted(range(len(chances)), key=lambda each: chances[each])):
        if chances[place] * (len(chances) - rank) > BY_CHANCE:
            break
        kept[place] = True
    return kept
