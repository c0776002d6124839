"""The column ``possible`` of an export: for each item the labels that hold its truth with a stated probability."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from retrolabel.errors import TooLittleGoldError
from retrolabel.gold.conformal import COVERAGE, conformal_sets, fewest_gold, promise
from retrolabel.jobs.gold.placing import drawn_by_design, place
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.records.label_sets import probabilities_in
from retrolabel.label_models.hashes import mixed
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.gold.conformal import Promise
    from retrolabel.jobs.records.gold import Batch, Key, ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet

    Array = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

POSSIBLE = "possible"


@dataclass(frozen=True, eq=False, repr=False)
class PossibleLabels:
    """The labels of a label set, with those that are possible; nothing of it is stored.

    Attributes:
        label_set: The label set.
        coverage: Which share of the items is to have its truth among its possible labels.
        keys: The gold items, in the order of their ids.
        places: int [G]: the place of each one's label.
        weights: float [G]: how many items each stands for.
        probabilities: float [G, k]: of each label, by models that had not seen its gold.
        notes: What a person should know.
        items: How many items the sources have that gold was drawn from.
    """

    label_set: LabelSet
    coverage: float
    keys: tuple[Key, ...]
    places: Ints
    weights: Array
    probabilities: Array
    notes: tuple[str, ...]
    items: int

    @classmethod
    def of(
        cls, label_set: LabelSet, gold: ResolvedGold, batches: Mapping[int, Batch], coverage: float = COVERAGE
    ) -> PossibleLabels:
        """Return them as dev gold of a known design has it, as far as it is one label.

        Args:
            label_set: The label set.
            gold: Dev gold, as it reads in the label set's version.
            batches: The number of a batch -> the batch.
            coverage: Which share of the items is to have its truth among its possible labels.

        Raises:
            GoldError: No gold is of a known design, or it is too little for the coverage, or that is no share.
        """
        needed = fewest_gold(coverage)
        drawn = drawn_by_design(gold, batches, label_set, "dev", task=label_set.record.task)
        placed = place(label_set, {key: gold.sets[key] for key in drawn.weights}, drawn.sources)
        rows = sorted(np.flatnonzero(placed.exact).tolist(), key=lambda row: placed.keys[row])
        weights = np.array([drawn.weights[placed.keys[row]] for row in rows], np.float64)
        if len(rows) < needed:
            raise TooLittleGoldError(len(rows), needed, f"Sets that hold the truth with probability {coverage:g}")
        several = len(placed.keys) - len(rows)
        notes = list(drawn.notes)
        if several:
            notes.append(
                f"{several:,} gold items leave several labels: nothing is promised of items that are like them"
            )
        return cls(
            label_set,
            coverage,
            tuple(placed.keys[row] for row in rows),
            placed.truth[rows],
            weights,
            placed.probabilities[rows],
            tuple(notes),
            len(placed.pattern),
        )

    @property
    def promise(self) -> Promise:
        """What one draw of such gold guarantees; unequal weights count as the number of items that is as exact."""
        as_exact = int(self.weights.sum() ** 2 / (self.weights**2).sum() + 1e-9)
        return promise(max(as_exact, fewest_gold(self.coverage)), self.coverage)

    @property
    def by_label(self) -> bool:
        """Whether each label has gold enough to be compared with gold of its own."""
        held = np.bincount(self.places, minlength=len(self.label_set.labels))
        return bool((held >= fewest_gold(self.coverage)).all())

    @property
    def digest(self) -> str:
        """What tells one column of possible labels from another: label set, coverage, gold."""
        gold = [[*key, int(at), float(w)] for key, at, w in zip(self.keys, self.places, self.weights, strict=True)]
        return digest({"label_set": self.label_set.id, "coverage": self.coverage, "gold": gold})

    @property
    def of_labels(self) -> tuple[str, ...]:
        """Return what is promised of each label alone."""
        labels = self.label_set.labels
        held = np.bincount(self.places, minlength=len(labels))
        least = int(held.argmin())
        n, needed = int(held[least]), fewest_gold(self.coverage)
        if self.by_label:
            low = f"{promise(n, self.coverage).low:.1%}".replace("%", " %")
            return (f"so for each label alone; with the least gold is {labels[least]} (n = {n:,}): at least {low}",)
        each = f"that takes {needed:,} gold items of each, and {labels[least]} has {n:,}"
        return (f"so for all items together, not for each label alone: {each}",)

    def as_dict(self) -> dict[str, Any]:
        """Return what it rests on as plain data."""
        said = self.promise
        return {
            "coverage": self.coverage,
            "gold": len(self.keys),
            "by_label": self.by_label,
            "promise": {"n": said.n, "mean": said.mean, "low": said.low, "a": said.a, "b": said.b},
            "notes": [*self.of_labels, *self.notes],
        }

    def sizes(self, most: int | None = None) -> Ints:
        """Return how many items have no, one, two ... possible labels, int [k + 1]; those of other sources are in none.

        Args:
            most: About so many items are looked at, chosen by a hash of where they are stored; all if left out.
        """
        sources = {source for source, _ in self.keys}
        found = np.zeros(len(self.label_set.labels) + 1, np.int64)
        by_pattern = self.label_set.probabilities
        share = 1.0 if most is None else most / max(1, self.items)
        for segment in self.label_set.manifest["outputs"]["segments"]:
            if segment["source"] not in sources:
                continue
            items = self.label_set.items_of(segment["id"])
            if share < 1:
                items = items.filter(pa.array(_chosen(segment["id"], items.column("row").to_numpy(), share)))
            own = by_pattern[items.column("pattern").to_numpy()]
            ids, given = items.column(ITEM_ID).to_pylist(), items.column("label").to_pylist()
            possible = self._sets(segment["source"], ids, given, own)
            found += np.bincount(possible.sum(axis=1), minlength=len(found))
        return found

    def tables(self) -> Iterator[pa.Table]:
        """Yield the labels in their exported form, with ``possible`` after ``partial``: ``slow|wrong``.

        It is missing on items of sources without gold of a known design.
        """
        sources = {source for source, _ in self.keys}
        for table in self.label_set.tables():
            names = table.column_names
            after = names.index("partial" if "partial" in names else "label") + 1
            mine = bool(table.num_rows) and table.column("source")[0].as_py() in sources
            column = self._of(table) if mine else pa.nulls(table.num_rows, pa.string())
            yield table.add_column(after, POSSIBLE, column)

    def _of(self, table: pa.Table) -> pa.Array:
        """Return the possible labels of some items of one source, as they are exported."""
        labels = self.label_set.labels
        source, ids = table.column("source")[0].as_py(), table.column(ITEM_ID).to_pylist()
        given = table.column("label").to_pylist()
        return _joined(self._sets(source, ids, given, probabilities_in(table, labels)), labels)

    def _sets(self, source: str, ids: Sequence[str], given: Sequence[str | None], probabilities: Array) -> Mask:
        """Return the possible labels of some items of one source, bool [n, k].

        Args:
            source: The source.
            ids: The items.
            given: Their labels.
            probabilities: float [n, k]; it is changed.
        """
        n = len(ids)
        rows = {key[1]: row for row, key in enumerate(self.keys) if key[0] == source}
        at = {rows[item_id]: here for here, item_id in enumerate(ids) if item_id in rows}
        elsewhere = [row for row in range(len(self.keys)) if row not in at]
        gold, stands = np.full(n, -1, np.int64), np.full(n, np.nan)
        for row, here in at.items():
            probabilities[here], gold[here], stands[here] = self.probabilities[row], self.places[row], self.weights[row]
        found = conformal_sets(
            np.vstack([probabilities, self.probabilities[elsewhere]]),
            np.concatenate([gold, self.places[elsewhere]]),
            self.coverage,
            weights=np.concatenate([stands, self.weights[elsewhere]]),
            keys=[*ids, *(self.keys[row][1] for row in elsewhere)],
            with_likeliest=True,
        )[:n]
        places = {label: place for place, label in enumerate(self.label_set.labels)}
        for here in at.values():  # a model that had not seen an item's gold may say another label than it has
            label = given[here]
            if label is not None:
                found[here, places[label]] = True
        return found


def _chosen(segment: str, rows: Ints, share: float) -> Mask:
    """Return which rows of a segment are among a share of all rows, by a hash of both, bool [n]."""
    seed = np.frombuffer(hashlib.sha256(segment.encode()).digest()[:8], np.uint64)
    chances = mixed(seed + rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) / 2.0**64
    return np.asarray(chances < share)


def _joined(possible: npt.NDArray[np.bool_], labels: Sequence[str]) -> pa.Array:
    """Return sets of labels as texts; each distinct one is made once."""
    sets, of = np.unique(possible, axis=0, return_inverse=True)
    texts = ["|".join(label for label, one in zip(labels, each, strict=True) if one) for each in sets]
    return pa.array([texts[place] for place in of.ravel().tolist()], pa.string())
