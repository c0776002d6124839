"""What happened to the label of an item between two label sets: nothing, a step of the schema, or a flip."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Places = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]


class Kind(IntEnum):
    """What happened to a label. From ``CARRIED`` to ``OPEN`` the steps of the schema allow it, above they do not."""

    SAME = 0
    """It is the same label: the same id, which is this one label in the newer version too; or there is none in both."""
    CARRIED = 1
    """The schema has one label for it, under another id: it was merged, or carried back to the label it is a part of."""
    NARROWED = 2
    """The schema has several labels for it, and the new one is among them."""
    OPEN = 3
    """The schema has several labels for it, and the item is guessed: nothing says which of them holds."""
    RELABELLED = 4
    """The new label is none that the old one may be."""
    GAINED = 5
    """There was no label."""
    LOST = 6
    """There is no label any more."""

    @property
    def is_step(self) -> bool:
        """Whether it follows the steps of the schema."""
        return Kind.SAME < self < Kind.RELABELLED

    @property
    def words(self) -> str:
        """What is printed of it."""
        return self.name.lower()


@dataclass(frozen=True, eq=False)
class Said:
    """What a label set says of some rows.

    Attributes:
        label: int [n]: the place of the label; -1 where there is none.
        left: bool [n, k]: the label; of a guess, the labels that are left; else nothing.
    """

    label: Places
    left: Bools

    @classmethod
    def of(cls, label: Places, guessed: Bools, partial: Bools) -> Said:
        """Return it from labels, and from what is left of guesses.

        Args:
            label: int [n].
            guessed: bool [n].
            partial: bool [n, k].
        """
        left = np.where((guessed & (label < 0))[:, None], partial, False)
        has = np.flatnonzero(label >= 0)
        left[has, label[has]] = True
        return cls(label, left)

    def take(self, rows: Places) -> Said:
        """Return what is said of some rows; of a row -1 nothing is."""
        there = rows >= 0
        return Said(np.where(there, self.label[rows], -1), self.left[rows] & there[:, None])


@dataclass(frozen=True, eq=False)
class Between:
    """Two versions of a schema: what each label of the first may be in the second.

    Attributes:
        before: The k labels of the first.
        after: The l labels of the second.
        images: bool [k, l].
        same_version: Whether they are one version.

    Example:
        >>> split = Between.of(["good", "bad"], ["good", "slow", "wrong"], {"good": ["good"], "bad": ["slow", "wrong"]})
        >>> then, left = np.array([0, 1, 1, 1, 0]), np.zeros((5, 3), bool)
        >>> left[2, 1:] = True
        >>> now, guessed = np.array([0, 1, -1, 0, 2]), np.array([False, False, True, False, False])
        >>> no_guess = np.zeros(5, bool), np.zeros((5, 2), bool)
        >>> found = split.kinds(Said.of(then, *no_guess), Said.of(now, guessed, left))
        >>> [Kind(each).words for each in found]
        ['same', 'narrowed', 'open', 'relabelled', 'relabelled']
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    images: Bools
    same_version: bool = False

    @classmethod
    def of(
        cls, before: Sequence[str], after: Sequence[str], images: Mapping[str, Sequence[str] | frozenset[str]] | None
    ) -> Between:
        """Return it from what each label may be; ``None`` where both are one version."""
        table = np.zeros((len(before), len(after)), np.bool_)
        for row, label in enumerate(before):
            image = (label,) if images is None else images[label]
            table[row] = [each in image for each in after]
        return cls(tuple(before), tuple(after), table, images is None)

    @cached_property
    def single(self) -> Bools:
        """Bool [k]: whether a label is one label in the second version."""
        return np.asarray(self.images.sum(axis=1) == 1)

    def kinds(self, then: Said, now: Said) -> npt.NDArray[np.int8]:
        """Return what happened to each row, int8 [n], as :class:`Kind`.

        Args:
            then: What was said before, in the labels of the first version.
            now: What is said after, in those of the second.
        """
        a, b = then.label, now.label
        image = (then.left.astype(np.int64) @ self.images.astype(np.int64)) > 0
        rows = np.arange(len(a))
        allowed = (b >= 0) & image[rows, np.maximum(b, 0)]
        one = image.sum(axis=1) == 1
        named_alike = np.array([[x == y for y in self.after] for x in self.before], np.bool_)
        alike = (a >= 0) & (b >= 0) & named_alike[np.maximum(a, 0), np.maximum(b, 0)]
        informative = image.any(axis=1) & ~image.all(axis=1)
        found = np.full(len(a), Kind.RELABELLED, np.int8)
        found[(a < 0) & (b >= 0)] = Kind.GAINED
        found[(a >= 0) & (b < 0)] = Kind.LOST
        found[allowed & (a >= 0) & ~one] = Kind.NARROWED
        found[allowed & (a >= 0) & one] = Kind.CARRIED
        found[allowed & one & alike] = Kind.SAME
        if not self.same_version:
            inside = now.left.any(axis=1) & ~(now.left & ~image).any(axis=1)
            found[(a >= 0) & (b < 0) & inside & ~one] = Kind.OPEN
            carried = (a < 0) & allowed & informative
            found[carried] = np.where(one[carried], Kind.CARRIED, Kind.NARROWED)
        found[(a < 0) & (b < 0)] = Kind.SAME
        return found
