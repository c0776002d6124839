"""What voters say of each label of items that may have several: present, absent or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import Problem, VoteError, did_you_mean
from retrolabel.votes import Patterns, VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.schema.relations import Presence

ABSENT_PRESENT = ("absent", "present")
SHOWN_PROBLEMS = 20
DIMENSIONS = 3


@dataclass(frozen=True, eq=False)
class PresenceVotes:
    """What each voter says of each label of each item.

    Labels are kept apart: one :class:`~retrolabel.votes.VoteMatrix` over absent (0) and present (1) a label,
    whose columns are the voters that ever say something of it. So labeling functions that know one label
    each take one byte an item together, however many labels there are.

    Attributes:
        labels: The k label ids, in the order of every marginal.
        voters: The m names.
        votes: For each label the votes on it, n items x those voters.
        groups: The distinct groups of labels (sorted places) of which at least one holds, on some item.
        grouped: int [g, 2]: which item each group holds for, as (item, place in ``groups``), sorted.
        counts: float [n]: how many items each row stands for; ``None`` is one each.

    Example:
        >>> votes = PresenceVotes.from_sets([[{"joy"}, None], [set(), {"joy", "pride"}]], labels=["joy", "pride"])
        >>> votes.shape, votes.covered.tolist()
        ((2, 2, 2), [[True, True], [True, True]])
        >>> votes.votes[1].to_ints().tolist()
        [[0, -1], [0, 1]]
    """

    labels: tuple[str, ...]
    voters: tuple[str, ...]
    votes: tuple[VoteMatrix, ...] = field(repr=False)
    groups: tuple[tuple[int, ...], ...] = field(default=(), repr=False)
    grouped: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 2), np.int64), repr=False)
    counts: npt.NDArray[np.float64] | None = field(default=None, repr=False)

    @classmethod
    def from_ints(
        cls,
        votes: npt.ArrayLike,
        *,
        labels: Sequence[str],
        voters: Sequence[str] | None = None,
        groups: Mapping[int, Iterable[Iterable[str]]] | None = None,
        counts: npt.ArrayLike | None = None,
    ) -> PresenceVotes:
        """Return votes from numbers.

        Args:
            votes: int [n, m, k]: 1 is present, 0 absent, -1 nothing said.
            labels: The k label ids.
            voters: The m names; ``lf_0`` and so on if left out.
            groups: Item -> groups of labels of which at least one holds.
            counts: float [n]: how many items each row stands for.

        Raises:
            VoteError: The array is not of that shape or holds other numbers; a group is empty or names an
                unknown label or item; names are given twice; counts do not fit or are not positive.
        """
        array = np.asarray(votes)
        if array.ndim != DIMENSIONS or array.shape[2] != len(labels):
            raise VoteError(f"Votes are items x voters x {len(labels)} labels, got the shape {array.shape}.")
        if array.size and (array.dtype.kind not in "iu" or array.min() < -1 or array.max() > 1):
            raise VoteError("Votes are 1 (present), 0 (absent) or -1 (nothing said).")
        names = tuple(voters) if voters is not None else tuple(f"lf_{place}" for place in range(array.shape[1]))
        for what, given in (("voter", names), ("label", tuple(labels))):
            if len(set(given)) < len(given):
                raise VoteError(f"A {what} is named twice: {', '.join(given)[:80]}.")
        if len(names) != array.shape[1]:
            raise VoteError(f"There are {array.shape[1]} columns of votes and {len(names)} names for them.")
        matrices = []
        for place in range(len(labels)):
            said = array[:, :, place]
            speak = np.flatnonzero((said >= 0).any(axis=0))
            matrices.append(
                VoteMatrix.from_ints(said[:, speak], labels=ABSENT_PRESENT, voters=[names[j] for j in speak])
            )
        distinct, grouped = _groups(groups or {}, tuple(labels), len(array))
        return cls(tuple(labels), names, tuple(matrices), distinct, grouped, _checked_counts(counts, len(array)))

    @classmethod
    def from_presence(
        cls, rows: Iterable[Sequence[Presence | None]], *, labels: Sequence[str], voters: Sequence[str] | None = None
    ) -> PresenceVotes:
        """Return votes from what is known of each label, as a relation projects it; ``None`` says nothing.

        Groups of all voters hold: that one of them is wrong about a group is not thought of.

        Args:
            rows: n rows of m cells.
            labels: The k label ids.
            voters: The m names.

        Raises:
            VoteError: A cell names an unknown label, or rows differ in length; all problems at once.
        """
        table = [list(row) for row in rows]
        told = [[None if cell is None else (cell.present, cell.absent) for cell in row] for row in table]
        groups = {
            item: [group for cell in row if cell is not None for group in cell.groups] for item, row in enumerate(table)
        }
        array = _as_ints(told, tuple(labels), len(voters or ()))
        return cls.from_ints(array, labels=labels, voters=voters, groups={i: g for i, g in groups.items() if g})

    @classmethod
    def from_sets(
        cls,
        rows: Iterable[Sequence[Collection[str] | None]],
        *,
        labels: Sequence[str],
        voters: Sequence[str] | None = None,
        complete: bool = True,
    ) -> PresenceVotes:
        """Return votes from the sets of labels that voters gave; ``None`` says nothing.

        Args:
            rows: n rows of m cells.
            labels: The k label ids.
            voters: The m names.
            complete: Whether a label that was not given is absent (a person who was asked of all), or
                unknown (a labeling function that knows one label).

        Raises:
            VoteError: A cell names an unknown label, or rows differ in length; all problems at once.
        """
        every = frozenset(labels)
        table = [
            [None if cell is None else (frozenset(cell), every - frozenset(cell) if complete else ()) for cell in row]
            for row in rows
        ]
        return cls.from_ints(_as_ints(table, tuple(labels), len(voters or ())), labels=labels, voters=voters)

    @property
    def shape(self) -> tuple[int, int, int]:
        """The number of items, voters and labels."""
        return len(self), len(self.voters), len(self.labels)

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.votes[0]) if self.votes else 0

    @cached_property
    def covered(self) -> npt.NDArray[np.bool_]:
        """Bool [n, k]: whether a voter says something of the label, or a group does."""
        found = np.zeros((len(self), len(self.labels)), np.bool_)
        for place, votes in enumerate(self.votes):
            found[:, place] = votes.covered
        for number, group in enumerate(self.groups):
            rows = self.grouped[self.grouped[:, 1] == number, 0]
            found[np.ix_(rows, list(group))] = True
        return found

    def patterns(self, label: int) -> Patterns:
        """Return the distinct votes on one label, with the number of items that show them."""
        found = self.votes[label].patterns()
        if self.counts is None:
            return found
        counts = np.bincount(found.inverse, self.counts, minlength=len(found)).astype(np.float64)
        return Patterns(found.codes, counts, found.labels, found.symbols, found.voters, found.inverse)

    def rows_by_groups(self) -> dict[tuple[int, ...], npt.NDArray[np.int64]]:
        """Return places of groups -> the items for which exactly these groups hold."""
        starts = np.flatnonzero(np.diff(self.grouped[:, 0], prepend=-1))
        found: dict[tuple[int, ...], list[int]] = {}
        for part in np.split(self.grouped, starts[1:]) if len(starts) else []:
            found.setdefault(tuple(part[:, 1].tolist()), []).append(int(part[0, 0]))
        return {groups: np.array(rows, np.int64) for groups, rows in found.items()}

    def __repr__(self) -> str:
        """Return the size and how much is said."""
        share = f"{self.covered.mean():.1%}".replace("%", " %") if self.covered.size else "none"
        return (
            f"PresenceVotes({len(self):,} items x {len(self.voters)} voters, {len(self.labels)} labels,"
            f" {share} of the cells covered)"
        )


def _as_ints(
    rows: Sequence[Sequence[tuple[Collection[str], Collection[str]] | None]], labels: tuple[str, ...], width: int
) -> npt.NDArray[np.int8]:
    """Return int8 [n, m, k] of cells (present, absent)."""
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise VoteError(f"Rows have different numbers of votes: {', '.join(map(str, sorted(widths)))}.")
    place = {label: number for number, label in enumerate(labels)}
    array = np.full((len(rows), widths.pop() if widths else width, len(labels)), -1, np.int8)
    problems: list[Problem] = []
    for item, row in enumerate(rows):
        for column, cell in enumerate(row):
            for value, named in enumerate(reversed(cell or ((), ()))):
                for label in named:
                    if label in place:
                        array[item, column, place[label]] = value
                    else:
                        hint = did_you_mean(str(label), labels)
                        problems.append(Problem(f"row {item}, column {column}", f"{label!r} is no label.{hint}"))
    if problems:
        raise VoteError(f"{len(problems)} votes make no sense.", problems=problems[:SHOWN_PROBLEMS])
    return array


def _groups(
    given: Mapping[int, Iterable[Iterable[str]]], labels: tuple[str, ...], items: int
) -> tuple[tuple[tuple[int, ...], ...], npt.NDArray[np.int64]]:
    place = {label: number for number, label in enumerate(labels)}
    held: set[tuple[int, tuple[int, ...]]] = set()
    problems: list[Problem] = []
    for item, groups in given.items():
        if not 0 <= item < items:
            problems.append(Problem(f"groups of item {item}", f"there are {items} items"))
        for group in map(list, groups):
            unknown = [label for label in group if label not in place]
            problems += [Problem(f"groups of item {item}", f"{label!r} is no label") for label in unknown]
            if not group:
                problems.append(Problem(f"groups of item {item}", "of an empty group no label can hold"))
            held.add((item, tuple(sorted({place[label] for label in group if label in place}))))
    if problems:
        raise VoteError(f"{len(problems)} groups make no sense.", problems=problems[:SHOWN_PROBLEMS])
    distinct = tuple(sorted({group for _, group in held}))
    number = {group: index for index, group in enumerate(distinct)}
    pairs = sorted((item, number[group]) for item, group in held)
    return distinct, np.array(pairs, np.int64).reshape(-1, 2)


def _checked_counts(counts: npt.ArrayLike | None, items: int) -> npt.NDArray[np.float64] | None:
    if counts is None:
        return None
    found = np.asarray(counts, np.float64)
    if found.shape != (items,) or not (np.isfinite(found).all() and (found > 0).all()):
        raise VoteError(f"counts are {items} positive numbers, one a row.")
    return found
