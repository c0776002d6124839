"""From what several people said to one gold label an item."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ROLES = ("dev", "test", "calibration")
SAMPLINGS = ("random", "stratified", "other")


@dataclass(frozen=True, slots=True)
class HumanLabel:
    """What one person said about one item, under one version of the schema.

    Attributes:
        source: The source of the item.
        item_id: The item.
        annotator: The person.
        label: The label id, as it was called in ``schema_version``; empty where the person takes an
            earlier label back.
        schema_version: The version that the person labelled under; never rewritten.
        role: ``dev``, ``test`` or ``calibration``.
        revision: The content of the item that the person saw, as its digest.
        sampling: How the item was chosen: ``random``, ``stratified`` or ``other``.
    """

    source: str
    item_id: str
    annotator: str
    label: str
    schema_version: str
    role: str
    revision: str = ""
    sampling: str = "other"


@dataclass(frozen=True, slots=True)
class GoldItem:
    """One item with its adjudicated label.

    Attributes:
        source: The source of the item.
        item_id: The item.
        label: The label that the people agreed on, or most of them.
        schema_version: The version that it was made under.
        role: What the item is for.
        revision: The content that the people saw, as its digest.
        unanimous: Whether all who looked said the same.
        annotators: How many looked.
        sampling: How the item was chosen.
    """

    source: str
    item_id: str
    label: str
    schema_version: str
    role: str
    revision: str
    unanimous: bool
    annotators: int
    sampling: str = "other"


@dataclass(frozen=True, repr=False)
class GoldSet:
    """Adjudicated items, and those on which people were tied.

    Attributes:
        items: One entry an item that has a label.
        ties: (source, item id, role) of the items that were excluded because no label won.
    """

    items: tuple[GoldItem, ...]
    ties: tuple[tuple[str, str, str], ...] = ()

    def with_role(self, role: str) -> GoldSet:
        """Return the items of one role."""
        return GoldSet(
            tuple(item for item in self.items if item.role == role), tuple(tie for tie in self.ties if tie[2] == role)
        )

    def __repr__(self) -> str:
        """Return the number of items of each role and label, and the ties."""
        roles = Counter(item.role for item in self.items)
        told = ", ".join(f"{count:,} {role}" for role, count in sorted(roles.items())) or "no items"
        labels = ", ".join(f"{label} {count:,}" for label, count in Counter(i.label for i in self.items).most_common())
        return f"GoldSet({told}; {labels or 'no labels'}; {len(self.ties):,} tied)"

    def __len__(self) -> int:
        """Return the number of items that have a label."""
        return len(self.items)


def standing(labels: Iterable[HumanLabel]) -> list[HumanLabel]:
    """Return the labels that their giver neither superseded nor took back, each version's for itself.

    Example:
        >>> said = [HumanLabel("s", "1", "ana", what, "1.0.0", "dev") for what in ("bug", "feature")]
        >>> [label.label for label in standing(said)]
        ['feature']
    """
    last = {(each.source, each.item_id, each.annotator, each.schema_version): each for each in labels}
    return [label for label in last.values() if label.label]


def adjudicate(
    labels: Iterable[HumanLabel],
    *,
    rank: Callable[[HumanLabel], int] | None = None,
    twins: Mapping[str, str] | None = None,
) -> GoldSet:
    """Return one label an item: the unanimous one, else the majority's; ties are excluded and counted.

    A later label by the same person on the same item, under the same version, supersedes the earlier
    one; an empty one takes it back. Labels made under several versions are not mixed: the version
    with the most labels on the item counts, the newest among equals. Nor are labels on several
    revisions of its text: the last one counts.

    Args:
        labels: In the order in which they were given.
        rank: Where the gold is to be read in a version: how well a label reads there. Versions under
            which an item has better labels go before those under which it has more.
        twins: Version -> the version that it is counted as, because their labels mean the same.

    Example:
        >>> said = [("ana", "bug"), ("ben", "bug"), ("cleo", "feature")]
        >>> gold = adjudicate(HumanLabel("s", "1", who, what, "1.0.0", "dev") for who, what in said)
        >>> gold.items[0].label, gold.items[0].unanimous, gold.items[0].annotators
        ('bug', False, 3)
    """
    by_item: dict[tuple[str, str], dict[tuple[str, str], HumanLabel]] = {}
    for label in labels:
        said = by_item.setdefault((label.source, label.item_id), {})
        version = (twins or {}).get(label.schema_version, label.schema_version)
        said.pop((version, label.annotator), None)
        said[version, label.annotator] = label
    items: list[GoldItem] = []
    ties: list[tuple[str, str, str]] = []
    for key, everything in by_item.items():
        said = {who: label for who, label in everything.items() if label.label}
        if not said:
            continue
        versions = Counter(version for version, _ in said)
        best = {made: rank(label) if rank else 0 for (made, _), label in said.items()}
        version = max(versions, key=lambda v: (best[v], versions[v], _order(v)))
        counted = [label for (made_under, _), label in said.items() if made_under == version]
        last = counted[-1]
        counted = [label for label in counted if label.revision == last.revision]
        ranking = Counter(label.label for label in counted).most_common()
        if len(ranking) > 1 and ranking[0][1] == ranking[1][1]:
            ties.append((*key, last.role))
            continue
        items.append(
            GoldItem(
                *key,
                ranking[0][0],
                version,
                last.role,
                last.revision,
                len(ranking) == 1,
                len(counted),
                last.sampling,
            )
        )
    return GoldSet(tuple(items), tuple(ties))


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
