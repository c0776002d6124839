"""From what several people said to one gold label an item."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from datetime import datetime

ROLES = ("dev", "test", "calibration", "honeypot")
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
        role: ``dev``, ``test``, ``calibration`` or ``honeypot``.
        revision: The content of the item that the person saw, as its digest.
        sampling: How the item was chosen: ``random``, ``stratified`` or ``other``.
        labelled_at: When the person said it, where that is known; of a person's answers the newest counts.
        batch: The number of the batch that the item was drawn in; ``None`` before there were batches.
        inclusion: The probability with which it was drawn; ``None`` where nobody knows it.
    """

    source: str
    item_id: str
    annotator: str
    label: str
    schema_version: str
    role: str
    revision: str = ""
    sampling: str = "other"
    labelled_at: datetime | None = field(default=None, compare=False)
    batch: int | None = field(default=None, compare=False)
    inclusion: float | None = field(default=None, compare=False)


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
        batch: The number of the batch that the item was drawn in, by a known design where there is one.
        inclusion: The probability with which it was drawn; ``None`` where nobody knows it.
        earlier: What its people said under other versions: label and version, the newest answers last.
    """

    source: str
    item_id: str
    label: str
    schema_version: str
    role: str
    revision: str
    unanimous: bool
    annotators: int
    batch: int | None = None
    inclusion: float | None = None
    earlier: tuple[tuple[str, str], ...] = ()


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


class Newest:
    """Says which of the answers that one person gives, one after the other, is the newest.

    Answers with a time count by it. Those of equal times, and those without, count in the order in which
    they came: an answer without a time is newer than all before it, and as old as the newest of them.

    Example:
        >>> from datetime import UTC, datetime
        >>> newest = Newest()
        >>> [newest.is_newer("ana", datetime(2026, 2, day, tzinfo=UTC)) for day in (3, 1, 3)]
        [True, False, True]
        >>> newest.is_newer("ana", None)
        True
    """

    def __init__(self) -> None:
        self._newest: dict[Hashable, datetime] = {}

    def is_newer(self, of: Hashable, when: datetime | None) -> bool:
        """Return whether the next answer supersedes those before it.

        Args:
            of: Whose answer it is, and on what.
            when: When it was given, if that is known.
        """
        newest = self._newest.get(of)
        if when is None:
            return True
        if newest is not None and when < newest:
            return False
        self._newest[of] = when
        return True


def key_of(label: HumanLabel) -> tuple[str, str, str, str]:
    """Return what a person has one standing answer for: an item, under a version."""
    return label.source, label.item_id, label.annotator, label.schema_version


def last_answers(labels: Iterable[HumanLabel]) -> dict[tuple[str, str, str, str], HumanLabel]:
    """Return the newest answer of each person on each item under each version, also where it takes one back.

    Args:
        labels: In the order in which they came.
    """
    newest = Newest()
    last: dict[tuple[str, str, str, str], HumanLabel] = {}
    for label in labels:
        if newest.is_newer(key_of(label), label.labelled_at):
            last[key_of(label)] = label
    return last


def standing(labels: Iterable[HumanLabel]) -> list[HumanLabel]:
    """Return the labels that their giver neither superseded nor took back, each version's for itself.

    Example:
        >>> said = [HumanLabel("s", "1", "ana", what, "1.0.0", "dev") for what in ("bug", "feature")]
        >>> [label.label for label in standing(said)]
        ['feature']
    """
    return [label for label in last_answers(labels).values() if label.label]


def adjudicate(
    labels: Iterable[HumanLabel],
    *,
    rank: Callable[[HumanLabel], int] | None = None,
    twins: Mapping[str, str] | None = None,
) -> GoldSet:
    """Return one label an item: the unanimous one, else the majority's; ties are excluded and counted.

    A newer label by the same person on the same item, under the same version, supersedes the older one:
    by time where it is known, else by order. An empty one takes it back. Labels made under several
    versions are not mixed: the version with the most labels on the item counts, the newest among equals.
    Nor are labels on several revisions of its text: the last one counts.

    An item that was drawn by a known design keeps that draw, whoever looks at it again and why: the design belongs
    to the draw, not to the answer.

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
    draws: dict[tuple[str, str], tuple[int | None, float | None]] = {}
    newest = Newest()
    for label in labels:
        said = by_item.setdefault((label.source, label.item_id), {})
        if draws.get((label.source, label.item_id), (None, None))[1] is None:
            draws[label.source, label.item_id] = (label.batch, label.inclusion)
        version = (twins or {}).get(label.schema_version, label.schema_version)
        if not newest.is_newer((label.source, label.item_id, version, label.annotator), label.labelled_at):
            continue
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
        others = {
            (label.label, made): None
            for (made, _), label in said.items()
            if made != version and label.revision == last.revision
        }
        items.append(
            GoldItem(
                *key,
                ranking[0][0],
                version,
                last.role,
                last.revision,
                len(ranking) == 1,
                len(counted),
                *draws[key],
                tuple(others),
            )
        )
    return GoldSet(tuple(items), tuple(ties))


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
