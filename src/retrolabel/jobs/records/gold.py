"""Gold of one role, as it reads in one version."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class ResolvedGold:
    """Gold of one role as it reads in one version, with what had to stay out.

    Attributes:
        sets: (source, item id) -> places of the labels that its gold leaves possible.
        places: The same for gold of versions that carry over exactly: the place of its one label.
        random: The items of ``places`` that were drawn at random.
        ties: Items without a label because people were tied.
        other_version: Items of a version that does not carry over exactly.
        unknown: Items whose gold says nothing here.
        suspect: Items whose text or label changed since.
        near_misses: Items that might bear another label, because it became wider.
        coarse: Items whose gold is a label with others below it.
        ranks: The ranks of the labels, in an ordinal version.
    """

    sets: dict[tuple[str, str], frozenset[int]] = field(default_factory=dict)
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    random: set[tuple[str, str]] = field(default_factory=set)
    ties: int = 0
    other_version: int = 0
    unknown: int = 0
    suspect: int = 0
    near_misses: int = 0
    coarse: int = 0
    ranks: tuple[int, ...] | None = None

    def drawn_at_random(self) -> dict[tuple[str, str], int]:
        """Return the part that says something about how frequent labels are."""
        return {key: place for key, place in self.places.items() if key in self.random}
