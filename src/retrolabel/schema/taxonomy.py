"""Labels with labels below them: a tree whose leaves are the answers that exclude each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from retrolabel.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


@dataclass(frozen=True)
class Taxonomy:
    """Which labels lie below which.

    A label with others below it stands for all of its leaves: to say it is to say that one of them holds. So
    what is in none of them needs a leaf of its own, such as ``other_bug``.

    Attributes:
        labels: The ids, in their order.
        parents: Id -> the nearest id above it; ids at the top are left out.

    Example:
        >>> tree = Taxonomy.of({"bug": None, "crash": "bug", "hang": "bug", "question": None})
        >>> tree.leaves, sorted(tree.below("bug"))
        (('crash', 'hang', 'question'), ['crash', 'hang'])
    """

    labels: tuple[str, ...]
    parents: Mapping[str, str]

    @classmethod
    def of(cls, parents: Mapping[str, str | None], labels: Collection[str] | None = None) -> Taxonomy:
        """Return the tree of ids and what is above each.

        Args:
            parents: Id -> the id above it, or ``None`` at the top.
            labels: The ids that may be given; others only connect those above them with those below. All
                if left out.

        Raises:
            SchemaError: An id is above itself, or lies below one that does not exist.
        """
        kept = [each for each in parents if labels is None or each in labels]
        above: dict[str, str] = {}
        for label_id in kept:
            passed, upper = {label_id}, parents[label_id]
            while upper is not None and upper not in kept:
                if upper not in parents or upper in passed:
                    raise SchemaError(f"Label {label_id!r} lies below {upper!r}, which is no label above it.")
                passed.add(upper)
                upper = parents[upper]
            if upper is not None:
                above[label_id] = upper
        for label_id in above:
            passed, upper = set(), label_id
            while upper in above:
                if upper in passed:
                    raise SchemaError(f"Label {label_id!r} is above itself.", remedy="break the circle of parents")
                passed.add(upper)
                upper = above[upper]
        return cls(tuple(kept), above)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The ids with none below them, in their order: exactly one of them holds."""
        inner = set(self.parents.values())
        return tuple(each for each in self.labels if each not in inner)

    @property
    def inner(self) -> tuple[str, ...]:
        """The ids with others below them, in their order."""
        above = set(self.parents.values())
        return tuple(each for each in self.labels if each in above)

    def ancestors(self, label_id: str) -> tuple[str, ...]:
        """Return the ids above one, the nearest first."""
        found: list[str] = []
        while label_id in self.parents:
            label_id = self.parents[label_id]
            found.append(label_id)
        return tuple(found)

    def below(self, label_id: str) -> frozenset[str]:
        """Return the leaves that a label stands for: those below it, or itself where it is one.

        An id that is not in the tree stands for itself.
        """
        return self._below.get(label_id, frozenset({label_id}))

    def leaves_of(self, label_ids: Iterable[str]) -> frozenset[str]:
        """Return the leaves that any of some labels stands for."""
        return frozenset().union(*(self.below(each) for each in label_ids))

    @cached_property
    def _below(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {each: set() for each in self.labels}
        for leaf in self.leaves:
            for each in (leaf, *self.ancestors(leaf)):
                found[each].add(leaf)
        return {each: frozenset(leaves) for each, leaves in found.items()}
