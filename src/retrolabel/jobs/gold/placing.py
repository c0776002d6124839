"""Gold where it lies: which draws of it stand for all items, and what a label set says there without having seen it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import GoldError, counted
from retrolabel.jobs.gold.resolving import why_no_gold
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.records.gold import Batch, Key, ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet

    Array = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

OPEN = 0.1
"""A draw of which more than this share leaves several labels gives way to one of which less does."""
OF_NOW = 0.9
"""A draw from fewer than this share of the items that there are now gives way to one from more."""

FOUND_AGAIN = 0.9
"""Items that a draw lacks, because an earlier one has them, are taken for known if this share of them is found."""


class Drawn(NamedTuple):
    """The gold of a known design that stands for all items of its sources.

    Attributes:
        weights: The item -> how many items it stands for.
        notes: What a person should know: what stays out, and why.
    """

    weights: Mapping[Key, float]
    notes: tuple[str, ...]

    @property
    def sources(self) -> frozenset[str]:
        """The sources that it was drawn from."""
        return frozenset(source for source, _ in self.weights)


def drawn_by_design(
    gold: ResolvedGold, batches: Mapping[int, Batch], label_set: LabelSet, role: str, *, task: str
) -> Drawn:
    """Return the gold of a known design, whole draws only.

    After a bump the gold of an older draw may be one label only where it is a label that stayed. What is left of such
    a draw is no sample of anything. So a draw that leaves much open stays out as a whole, and so does one that was
    drawn before many of the items came, wherever another draw of the same source is left.

    Args:
        gold: Gold of one role, as it reads in the label set's version.
        batches: The number of a batch -> the batch.
        label_set: The label set.
        role: The role, for messages.
        task: The task, for messages.

    Raises:
        GoldError: None of it is of a known design.
    """
    version = label_set.record.schema_version
    if not gold.sets:
        why, remedy = why_no_gold(gold, task, version, role)
        raise GoldError(why, remedy=remedy)
    there = _sizes(label_set)
    known = {key: weight for key, weight in gold.weights.items() if key[0] in there}
    if not known:
        raise GoldError(
            f"None of the {counted(len(gold.sets), f'{role} gold item')} of {task} is of a known design, so nobody"
            " knows what they stand for.",
            remedy=f"take in a random sample: retrolabel gold import {task} FILE --source NAME --role {role}"
            " --sampling random",
        )
    of_draw: dict[tuple[str, int | None], list[Key]] = {}
    for key in known:
        of_draw.setdefault((key[0], gold.draws.get(key)), []).append(key)
    kept: list[Key] = []
    notes: list[str] = []
    for source in sorted({source for source, _ in of_draw}):
        mine = [
            _Draw(keys, gold, batches.get(-1 if number is None else number), there[source])
            for (of, number), keys in of_draw.items()
            if of == source
        ]
        gone: list[_Draw] = []
        for old, bad in ((False, _Draw.is_open), (True, _Draw.is_old)):
            left_out = [draw for draw in mine if bad(draw)]
            if len(left_out) < len(mine):
                mine, gone = [draw for draw in mine if draw not in left_out], gone + left_out
                notes += [draw.left_out(source, version, old=old) for draw in left_out]
        notes += [draw.warning(source) for draw in mine if draw.is_old()]
        kept += [key for draw in mine for key in draw.keys]
        again = _drawn_again(mine[0], gone) if len(mine) == 1 else []
        if again:
            kept += again
            known |= dict.fromkeys(again, known[mine[0].keys[0]])
            notes.append(f"{counted(len(again), 'item')} of those count: they were drawn and labelled again")
    elsewhere = sorted(there.keys() - {source for source, _ in kept})
    if elsewhere:
        rows = sum(there[source] for source in elsewhere)
        notes.append(f"no gold of a known design is of {', '.join(elsewhere)}: {counted(rows, 'item')} stay out")
    without = len(gold.sets.keys() - known.keys())
    if without:
        notes.append(f"{counted(without, 'gold item')} of no known design stay out: nobody knows what they stand for")
    lost = {
        "on which people are tied": gold.ties,
        "that say nothing in this version": gold.unknown,
        "whose text or label changed since": gold.suspect,
        "that are near copies of test items": gold.near_test,
    }
    told = [f"{counted(count, f'{role} gold item')} {why}" for why, count in lost.items() if count]
    notes += [f"left out: {'; '.join(told)}"] if told else []
    return Drawn({key: known[key] for key in kept}, tuple(notes))


@dataclass(frozen=True, eq=False)
class _Draw:
    """The gold items of one draw of a source."""

    keys: list[Key]
    gold: ResolvedGold
    batch: Batch | None
    now: int

    @property
    def several(self) -> int:
        """How many of them leave several labels."""
        return sum(len(self.gold.sets[key]) > 1 for key in self.keys)

    def answered(self, key: Key) -> str:
        """Return the version of the answer on an item that counts."""
        return self.gold.said[key][0][1]

    def is_open(self) -> bool:
        """Whether too many leave several labels."""
        return self.several > OPEN * len(self.keys)

    def is_old(self) -> bool:
        """Whether many of the items that there are now came after it."""
        return self.batch is not None and self.batch.population < OF_NOW * self.now

    def left_out(self, source: str, version: str, *, old: bool) -> str:
        """Return why it stays out."""
        n = counted(len(self.keys), "gold item")
        if old and self.batch is not None:
            then = f"{self.batch.population:,} of its {self.now:,} items"
            return f"{n} of {source} stay out: they were drawn when it had {then}"
        several = f"{self.several:,} of them are several labels under {version}"
        return f"{n} of {source} stay out: {several}, so the rest is no sample"

    def warning(self, source: str) -> str:
        """Return what to know of it where there is no other."""
        population = self.batch.population if self.batch is not None else 0
        return (
            f"gold of {source} was drawn when it had {population:,} of its {self.now:,} items;"
            " the figures take those that came later to be alike"
        )


def _drawn_again(draw: _Draw, gone: Sequence[_Draw]) -> list[Key]:
    """Return the items of draws that stay out which a random draw of the same source drew again.

    An item keeps its first draw, so the later one lacks them. They are the items that were answered again under its
    versions, if those are as many as it lacks; else nobody knows why they were, and they stay out.
    """
    if draw.batch is None or draw.batch.design != "random":
        return []
    lacks = draw.batch.items - len(draw.keys)
    versions = {draw.answered(key) for key in draw.keys}
    found = [key for other in gone for key in other.keys if other.answered(key) in versions]
    return found if lacks * FOUND_AGAIN <= len(found) <= lacks else []


def _sizes(label_set: LabelSet) -> dict[str, int]:
    """Return source -> how many items a label set has of it."""
    found: Counter[str] = Counter()
    for segment in label_set.manifest["outputs"]["segments"]:
        found[segment["source"]] += label_set.items_of(segment["id"], ["row"]).num_rows
    return dict(found)


@dataclass(frozen=True, eq=False)
class Placed:
    """The items of a label set, and what it says of those that have gold without having seen their gold.

    Attributes:
        source: int [N]: the number of each item's source, in their order.
        pattern: int [N]: its pattern of votes.
        value: [N]: what items are told apart by, a text each; ``None`` where nothing was asked for.
        rows: int [G]: where gold items are among them.
        keys: The gold items, in that order.
        label: int [G]: their labels, by models that had not seen their gold; -1 without one.
        probabilities: float [G, k]: their probabilities by the same models.
        possible: bool [G, k]: the labels that gold leaves.
    """

    source: Ints
    pattern: Ints
    value: npt.NDArray[np.object_] | None
    rows: Ints
    keys: tuple[Key, ...]
    label: Ints
    probabilities: Array
    possible: Mask

    @property
    def exact(self) -> Mask:
        """Which gold items leave one label, bool [G]."""
        return np.asarray(self.possible.sum(axis=1) == 1)

    @property
    def truth(self) -> Ints:
        """The place of each gold item's label, int [G]; -1 where it leaves several."""
        return np.where(self.exact, self.possible.argmax(axis=1), -1)


@dataclass
class _Parts:
    """What a walk over a label set's items gathers."""

    source: list[Ints] = field(default_factory=list)
    pattern: list[Ints] = field(default_factory=list)
    value: list[npt.NDArray[np.object_]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    size: int = 0


def place(
    label_set: LabelSet,
    sets: Mapping[Key, frozenset[int]],
    sources: Collection[str] | None = None,
    value_of: Callable[[str, Ints], npt.NDArray[np.object_]] | None = None,
) -> Placed:
    """Return the items of a label set, with gold on some.

    Args:
        label_set: The label set.
        sets: The gold item -> places of the labels that it leaves; items that the label set lacks are passed over.
        sources: The sources to look at; all if left out.
        value_of: Segment and rows in it -> what those items are told apart by.

    Raises:
        GoldError: It was fitted with gold, and keeps no probabilities by models that had not seen it.
    """
    own, known = label_set.cross_fitted(), label_set.cross_fitted_probabilities()
    if own.keys() - known.keys():
        raise GoldError(
            f"Label set {label_set.id[:12]} keeps no probabilities of its gold by models that had not seen it.",
            remedy=f"retrolabel relabel {label_set.record.task} makes one that does",
        )
    wanted: dict[str, list[str]] = {}
    for source, item_id in sets:
        wanted.setdefault(source, []).append(item_id)
    named = sorted({each["source"] for each in label_set.manifest["outputs"]["segments"]})
    found = _Parts()
    for segment in label_set.manifest["outputs"]["segments"]:
        source = segment["source"]
        if sources is not None and source not in sources:
            continue
        items = label_set.items_of(segment["id"], [ITEM_ID, "row", "pattern"])
        count = items.num_rows
        found.source.append(np.full(count, named.index(source)))
        found.pattern.append(items.column("pattern").to_numpy().astype(np.int64))
        if value_of is not None:
            found.value.append(value_of(segment["id"], items.column("row").to_numpy().astype(np.int64)))
        ids = items.column(ITEM_ID)
        there = pc.indices_nonzero(pc.is_in(ids, pa.array(wanted.get(source, []), pa.string())))
        found.rows += [found.size + row for row in there.to_pylist()]
        found.keys += [(source, item_id) for item_id in ids.take(there).to_pylist()]
        found.size += count
    return _with_gold(label_set, found, sets, value=value_of is not None)


def _with_gold(label_set: LabelSet, found: _Parts, sets: Mapping[Key, frozenset[int]], *, value: bool) -> Placed:
    own, known = label_set.cross_fitted(), label_set.cross_fitted_probabilities()
    places = {label: at for at, label in enumerate(label_set.labels)}
    pattern = np.concatenate(found.pattern) if found.pattern else np.zeros(0, np.int64)
    rows = np.array(found.rows, np.int64)
    by_pattern, labels = label_set.probabilities, labels_of(label_set)
    label, probabilities = labels[pattern[rows]], by_pattern[pattern[rows]]
    possible = np.zeros((len(rows), len(places)), np.bool_)
    for row, key in enumerate(found.keys):
        possible[row, sorted(sets[key])] = True
        if key in known:
            said = own[key]
            label[row] = -1 if said is None else places[said]
            probabilities[row] = known[key]
    return Placed(
        np.concatenate(found.source) if found.source else np.zeros(0, np.int64),
        pattern,
        np.concatenate(found.value) if value and found.value else None,
        rows,
        tuple(found.keys),
        label,
        probabilities,
        possible,
    )


def labels_of(label_set: LabelSet) -> Ints:
    """Return the place of each pattern's label, int [U]; -1 without one."""
    places = {label: at for at, label in enumerate(label_set.labels)}
    told = label_set.patterns.column("label").cast(pa.string()).to_pylist()
    return np.array([-1 if label is None else places[label] for label in told], np.int64)
