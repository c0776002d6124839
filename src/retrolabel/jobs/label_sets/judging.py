"""The dev gold of a label set, item by item: what people said, what is said without it, the votes, the texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import StoreError
from retrolabel.jobs.label_sets.drifting import NEVER, days_of
from retrolabel.jobs.label_sets.patterns import ids_by_source
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.gold import Key, ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.votes import VoteMatrix

    Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Items:
    """Some items of a label set, n of them.

    Attributes:
        keys: (source, item id) of each.
        patterns: int [n]: the pattern of votes of each.
        covered: bool [n].
        said: The label that is stored, as its id; ``None`` without one.
        days: int [n]: the day of each since 1970-01-01; ``NEVER`` where it has none.
        columns: Column -> value, of each item.
    """

    keys: list[Key]
    patterns: npt.NDArray[np.int64]
    covered: Flags
    said: list[str | None]
    days: npt.NDArray[np.int64]
    columns: list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class Judged:
    """The items of a label set that have dev gold, n of them: what people said, and what is said without them.

    A label model that was fitted with gold has seen what these items are. So label and probabilities of such an item
    are those of a fit without its fold (as the scores take them), and ``partial`` is what votes alone leave.

    Attributes:
        labels: The k label ids.
        items: The items.
        possible: bool [n, k]: the labels that gold leaves of each.
        said: int [n]: the place of its label; -1 without one.
        probabilities: float [n, k].
        guessed: bool [n]: whether votes for several labels alone speak of it.
        partial: The labels that its votes leave, ``slow|wrong``; ``None`` where they say nothing.
        fitted: bool [n]: whether the label model was fitted with its gold, so that another fit says its label.
        votes: The votes on them.
    """

    labels: tuple[str, ...]
    items: Items
    possible: Flags
    said: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float64]
    guessed: Flags
    partial: list[str | None]
    fitted: Flags
    votes: VoteMatrix

    @property
    def exact(self) -> Flags:
        """Which items gold leaves one label, bool [n]."""
        return np.asarray(self.possible.sum(axis=1) == 1)

    @property
    def right(self) -> Flags:
        """Whether the label is one that gold leaves; an item without a label is not right, bool [n]."""
        return np.asarray(self.possible[np.arange(len(self.said)), self.said] & (self.said >= 0))

    @property
    def judged(self) -> Flags:
        """Which items accuracy is over: covered, and not guessed, bool [n]."""
        return np.asarray(self.items.covered & ~(self.guessed & (self.said < 0)))


def judged_items(
    label_set: LabelSet,
    gold: ResolvedGold,
    *,
    without: Collection[Key],
    segments: Mapping[str, Segment],
    objects: Objects,
) -> Judged:
    """Return the items of a label set that have dev gold.

    Args:
        label_set: The label set.
        gold: The dev gold as it reads in its version.
        without: Items that are left out: those that test gold is on.
        segments: Segment id -> segment.
        objects: Where files are.
    """
    ids = list(label_set.labels)
    wanted = gold.sets.keys() - set(without)
    items = read_items(label_set, wanted, segments=segments, objects=objects)
    unseen, mass = label_set.cross_fitted(), label_set.cross_fitted_probabilities()
    said = [unseen.get(key, stored) for key, stored in zip(items.keys, items.said, strict=True)]
    probabilities = label_set.probabilities[items.patterns]
    for row, key in enumerate(items.keys):
        if key in mass:
            probabilities[row] = mass[key]
    possible = np.zeros((len(items.keys), len(ids)), np.bool_)
    for row, key in enumerate(items.keys):
        possible[row, sorted(gold.sets[key])] = True
    chosen = label_set.patterns.take(pa.array(items.patterns))
    told = "guessed" in chosen.column_names
    return Judged(
        label_set.labels,
        items,
        possible,
        np.array([ids.index(label) if label is not None else -1 for label in said], np.int64),
        probabilities,
        np.asarray(chosen.column("guessed")) if told else np.zeros(len(said), np.bool_),
        chosen.column("partial").cast(pa.string()).to_pylist() if told else [None] * len(said),
        np.array([key in unseen for key in items.keys], np.bool_),
        label_set.votes(chosen),
    )


def read_items(
    label_set: LabelSet, wanted: Collection[Key], *, segments: Mapping[str, Segment], objects: Objects
) -> Items:
    """Return some items of a label set with their texts, in the order of its segments.

    Args:
        label_set: The label set.
        wanted: (source, item id) of each; what it does not hold is left out.
        segments: Segment id -> segment.
        objects: Where files are.
    """
    ids, found = ids_by_source(wanted), _Found()
    for made in label_set.manifest["outputs"]["segments"]:
        if made["source"] in ids:
            items = label_set.items_of(made["id"])
            items = items.filter(pc.is_in(items.column(ITEM_ID), ids[made["source"]]))
            if items.num_rows:
                table = _texts(segments.get(made["id"]), items.column("row"), objects)
                found.add(made["source"], items, table)
    return found.items()


class _Found:
    """Items as they are read, a segment at a time."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.said: list[str | None] = []
        self.columns: list[dict[str, Any]] = []
        self.parts: list[tuple[Any, Any, Any]] = [(np.zeros(0, np.int64), np.zeros(0, np.bool_), np.zeros(0, np.int64))]

    def add(self, source: str, items: pa.Table, table: pa.Table) -> None:
        self.keys += [(source, item_id) for item_id in items.column(ITEM_ID).to_pylist()]
        self.said += items.column("label").cast(pa.string()).to_pylist()
        self.columns += table.to_pylist() if table.num_columns else [{} for _ in range(items.num_rows)]
        dated = CREATED_AT in table.column_names
        days = days_of(table.column(CREATED_AT)) if dated else np.full(items.num_rows, NEVER)
        pattern = np.asarray(items.column("pattern").to_numpy(), np.int64)
        self.parts.append((pattern, np.asarray(items.column("covered").to_numpy()), days))

    def items(self) -> Items:
        patterns, covered, days = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        return Items(self.keys, patterns, covered, self.said, days, self.columns)


def _texts(segment: Segment | None, rows: pa.ChunkedArray, objects: Objects) -> pa.Table:
    """Return some rows of a segment; nothing where it is gone, as ``verify`` tells."""
    try:
        return pa.table({}) if segment is None else objects.read_table(segment.path, sha256=segment.sha256).take(rows)
    except StoreError:
        return pa.table({})


def months_of(days: npt.NDArray[np.int64]) -> list[str | None]:
    """Return the calendar month of each day, ``2026-05``; ``None`` where there is none.

    Example:
        >>> months_of(np.array([0, NEVER]))
        ['1970-01', None]
    """
    told = np.where(days > NEVER, days, 0).astype("datetime64[D]").astype("datetime64[M]").astype(str).tolist()
    return [month if day > NEVER else None for month, day in zip(told, days.tolist(), strict=True)]


def text_columns(items: Items, contracts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the columns of texts that the items have, by their sources' contracts, sorted."""
    return sorted(set(_text_columns({source for source, _ in items.keys}, contracts)))


def _text_columns(sources: Collection[str], contracts: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for source in sources:
        yield from (name for name, kind in contracts.get(source, {}).items() if kind == "string" and name != ITEM_ID)


def cells(names: Sequence[str], codes: npt.NDArray[Any]) -> list[str | None]:
    """Return votes as they are read: ``None`` where a voter abstains.

    Example:
        >>> cells(["a", "a|b"], np.array([0, 2]))
        [None, 'a|b']
    """
    return [names[code - 1] if code else None for code in codes.tolist()]
