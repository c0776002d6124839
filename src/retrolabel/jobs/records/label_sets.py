"""Label sets as they are read: without the schema or the labeling functions that made them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import CorruptionError, UnknownLabelSetError
from retrolabel.jobs.records.feedback import asked_ids
from retrolabel.jobs.records.manifests import json_object, read_manifest
from retrolabel.label_models.taxonomy import rolled_up
from retrolabel.schema.taxonomy import Taxonomy
from retrolabel.votes import Patterns, VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.manifests import LabelSetRecord

MODEL, PATTERNS, UNSEEN = "model.json", "patterns.parquet", "cross_fitted.parquet"
TELLS_GUESSES = 3
"""The format of label sets from which on a guess is no label."""


def probabilities_in(table: pa.Table, labels: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the columns ``p_<label>`` of a table as one array, float [n, k].

    Example:
        >>> probabilities_in(pa.table({"p_a": [0.25], "p_b": [0.75]}), ["b", "a"]).tolist()
        [[0.75, 0.25]]
    """
    wide = [table.column(f"p_{label}").to_numpy() for label in labels]
    return np.column_stack(wide) if wide else np.zeros((table.num_rows, 0))


@dataclass(frozen=True, eq=False)
class LabelSet:
    """A stored label set; reading it needs neither its schema nor its labeling functions.

    Its files are read only with the bytes that were written: the catalog knows the manifest's hash, the manifest
    theirs. A file is hashed once in a process, and again where it changed since.

    Attributes:
        record: The catalog's entry.
        objects: Where its files are.
    """

    record: LabelSetRecord
    objects: Objects

    @property
    def id(self) -> str:
        """The hash of all that made it."""
        return self.record.id

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What made it, what came out, and what was recorded beside."""
        return read_manifest(self.record, self.objects)

    @cached_property
    def learned(self) -> dict[str, Any]:
        """What the label model learned, as plain data.

        Raises:
            CorruptionError: What is stored is damaged.
        """
        name, sha256 = self._file(MODEL)
        again = f"retrolabel relabel {self.record.task} --repair makes label sets again"
        return json_object(self.objects, name, sha256, name, again)

    @property
    def labels(self) -> tuple[str, ...]:
        """The label ids, in the order of every probability; of a taxonomy, the leaves."""
        return tuple(self.manifest["inputs"]["schema"]["labels"])

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The tree of the labels: the leaves, and the labels above them, whose probabilities are sums of theirs."""
        parents: dict[str, str] = self.manifest["inputs"]["schema"].get("parents", {})
        return Taxonomy.of({each: parents.get(each) for each in (*sorted(set(parents.values())), *self.labels)})

    @property
    def guesses_are_labels(self) -> bool:
        """Whether items that votes for several labels alone speak of have the likeliest one; in older ones they do."""
        return bool(self.manifest["inputs"].get("labels", {"guesses": "label"})["guesses"] == "label")

    @property
    def tells_guesses(self) -> bool:
        """Whether it says which items are guessed, and what their votes leave; older ones gave them a label."""
        return int(self.manifest["inputs"]["format"]) >= TELLS_GUESSES

    @cached_property
    def patterns(self) -> pa.Table:
        """A row for each distinct pattern of votes.

        Columns: ``count``, ``covered``, ``label``, ``guessed`` and ``partial`` (unless it is older than they),
        ``p_<label>``, ``v_<lf>``.
        """
        return self._table(PATTERNS)

    @cached_property
    def probabilities(self) -> npt.NDArray[np.float64]:
        """The probability of each label, by pattern: float [U, k], not to be written to."""
        found = probabilities_in(self.patterns, self.labels)
        found.flags.writeable = False
        return found

    def cross_fitted(self) -> dict[tuple[str, str], str | None]:
        """Return the labels of the gold items that were fitted, by models that had not seen them."""
        return unseen_labels(self.unseen)

    def cross_fitted_probabilities(self) -> dict[tuple[str, str], list[float]]:
        """Return the probabilities of those items by the same models, in the order of ``labels``.

        Nothing, in a label set that was made before they were kept.
        """
        return unseen_probabilities(self.unseen, self.labels)

    @cached_property
    def fitted_gold(self) -> dict[tuple[str, str], str]:
        """Return what gold leaves of the items that were fitted, ``slow|wrong``; nothing, in an older label set."""
        return {(row["source"], row["item_id"]): row["gold"] for row in self.unseen if "gold" in row}

    @cached_property
    def unseen(self) -> list[dict[str, Any]]:
        """A row for each gold item that was fitted, as a model says it that had not seen the item."""
        if UNSEEN not in self.manifest["outputs"]["files"]:
            return []
        rows: list[dict[str, Any]] = self._table(UNSEEN).to_pylist()
        return rows

    def parts(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield (source, items) for each segment: item_id, row, label, covered, pattern."""
        for segment in self.manifest["outputs"]["segments"]:
            yield segment["source"], self.items_of(segment["id"])

    def items_of(self, segment: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the items of a segment, or some columns of them: item_id, row, label, covered, pattern.

        Args:
            segment: The segment's id.
            columns: The columns; all if left out.

        Raises:
            CorruptionError: They are not as they were written.
        """
        return self._table(f"{segment}.parquet", columns)

    def _table(self, file: str, columns: Sequence[str] | None = None) -> pa.Table:
        name, sha256 = self._file(file)
        return self.objects.read_table(name, columns, sha256=sha256)

    def _file(self, file: str) -> tuple[str, str]:
        """Return a file's name in the store, and the hash that the manifest says it was written with."""
        sha256 = self.manifest["outputs"]["files"].get(file)
        if sha256 is None or "/" in file:
            raise CorruptionError(
                f"The manifest of label set {self.id} lists no file {file!r} in its folder.",
                remedy=f"retrolabel labels verify {self.record.task} {self.id[:12]} says what else is wrong",
            )
        return f"{self.record.folder}/{file}", str(sha256)

    def tables(self) -> Iterator[pa.Table]:
        """Yield the labels in their exported form, a table for each segment.

        Columns: ``source``, ``item_id``, ``label``, ``probability``, ``p_<label>`` for each label,
        ``sum_<label>`` for each label with others below it, ``covered``, ``partial`` and ``guessed``,
        ``schema_version``, ``label_set``. A label set that is older than ``partial`` and ``guessed`` lacks them.

        ``partial`` holds the labels that votes, and gold that was fitted, leave the item: ``slow|wrong``; it is
        missing where nothing is said. ``guessed`` items have no label, unless the task wants the likeliest one.
        """
        wide, sums = [f"p_{label}" for label in self.labels], [f"sum_{label}" for label in self.taxonomy.inner]
        if not self.manifest["outputs"]["segments"]:
            yield _no_labels([*wide, *sums], guesses=self.tells_guesses)
            return
        by_pattern = self.probabilities
        summed = rolled_up(self.taxonomy, by_pattern)[:, : len(sums)]
        gold = self.fitted_gold
        for source, items in self.parts():
            places = items.column("pattern").to_numpy()
            chosen = by_pattern[places]
            unlabelled = np.asarray(items.column("label").is_null())
            count = items.num_rows
            yield pa.table(
                {
                    "source": pa.array([source] * count, pa.string()),
                    "item_id": items.column("item_id"),
                    "label": items.column("label").cast(pa.string()),
                    "probability": pa.array(chosen.max(axis=1, initial=0.0), mask=unlabelled),
                    **{name: pa.array(chosen[:, place]) for place, name in enumerate(wide)},
                    **{name: pa.array(summed[places, place]) for place, name in enumerate(sums)},
                    "covered": items.column("covered"),
                    **(self._guesses(source, items, gold) if self.tells_guesses else {}),
                    "schema_version": pa.array([self.record.schema_version] * count, pa.string()),
                    "label_set": pa.array([self.id] * count, pa.string()),
                }
            )

    def _guesses(self, source: str, items: pa.Table, gold: Mapping[tuple[str, str], str]) -> dict[str, pa.Array]:
        """Return the columns of some items that say what is known where there is no label."""
        places = items.column("pattern").combine_chunks()
        by_votes = self.patterns.column("partial").cast(pa.string()).combine_chunks().take(places)
        guessed = self.patterns.column("guessed").combine_chunks().take(places)
        mine = [item_id for of, item_id in gold if of == source]
        rows = pc.indices_nonzero(pc.is_in(items.column("item_id"), pa.array(mine, pa.string()))).to_pylist()
        if rows:
            ids, partial = items.column("item_id").take(rows).to_pylist(), by_votes.to_pylist()
            for row, item_id in zip(rows, ids, strict=True):
                partial[row] = _narrowed(partial[row], gold[source, item_id])
            by_votes = pa.array(partial, pa.string())
        return {"partial": by_votes, "guessed": guessed}

    def shares(self) -> dict[str, int]:
        """Return the number of items of each label, in the schema's order."""
        table = self.patterns
        counts = dict.fromkeys(self.labels, 0)
        for label, count in zip(table.column("label").to_pylist(), table.column("count").to_pylist(), strict=True):
            if label is not None:
                counts[label] += count
        return counts

    @property
    def reads(self) -> Counter[str]:
        """Column -> how many of its labeling functions read it; nothing, in a label set that is older than that."""
        return Counter(name for lf in self.manifest["recorded"].get("lfs", ()) for name in lf.get("reads", ()))

    @property
    def voters(self) -> tuple[str, ...]:
        """The labeling functions, in the order in which the label model saw them."""
        return tuple(lf["name"] for lf in self.manifest["inputs"]["lfs"])

    def votes(self, patterns: pa.Table | None = None) -> VoteMatrix:
        """Return stored patterns as votes, a row a pattern.

        Args:
            patterns: Rows of :attr:`patterns`; all of them if left out.
        """
        patterns = self.patterns if patterns is None else patterns
        columns = []
        for voter in self.voters:
            column = patterns.column(f"v_{voter}").combine_chunks()
            coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
            codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
            columns.append((codes, [frozenset(text.split("|")) for text in coded.dictionary.to_pylist()]))
        return VoteMatrix.from_columns(columns, labels=self.labels, voters=self.voters, rows=patterns.num_rows)

    def vote_patterns(self) -> Patterns:
        """Return the distinct patterns of votes that it was made of, in the order of :attr:`patterns`."""
        votes = self.votes()
        counts = self.patterns.column("count").to_numpy().astype(np.float64)
        return Patterns(votes.codes, counts, votes.labels, votes.symbols, votes.voters)

    def guessed(self) -> int:
        """Return of how many items votes for several labels alone speak, which do not say which of them.

        They have no label, unless the task asked for the likeliest one; in an older label set they have it always.
        """
        recorded = self.manifest["recorded"].get("guessed")
        if recorded is not None:
            return int(recorded)
        undecided = self.vote_patterns().undecided & np.asarray(self.patterns.column("label").is_valid())
        counts = self.patterns.column("count").to_numpy()
        return int(counts[undecided].sum())  # made before it was counted

    def find(self, item_id: str, source: str | None = None) -> list[tuple[str, dict[str, Any], pa.Table]]:
        """Return (source, row of the item, row of its pattern) for each source that has an item.

        Args:
            item_id: The item: its id, or ``SOURCE/ID`` as it is printed.
            source: One source only; all that have the item if left out.

        Raises:
            UnknownLabelSetError: There is no such item in it.
        """
        there = list(self._rows(item_id, source))
        for each in sorted({made["source"] for made in self.manifest["outputs"]["segments"]}):
            if not there and source in (None, each) and item_id.startswith(f"{each}/"):
                there = list(self._rows(item_id.removeprefix(f"{each}/"), each))
        if not there:
            where = f" of {source}" if source else ""
            raise UnknownLabelSetError(
                f"Label set {self.id[:12]} has no item {item_id!r}{where}.",
                remedy=f"retrolabel labels export {self.record.task} {self.id[:12]} lists its items",
            )
        return there

    def _rows(self, item_id: str, source: str | None) -> Iterator[tuple[str, dict[str, Any], pa.Table]]:
        for of_source, items in self.parts():
            if source in (None, of_source):
                for place in pc.indices_nonzero(pc.equal(items.column("item_id"), item_id)).to_pylist():
                    row = items.slice(place, 1).to_pylist()[0]
                    yield of_source, row, self.patterns.slice(row["pattern"], 1)

    def item(self, items: str | int | Iterable[str | int]) -> list[dict[str, Any]]:
        """Return what the label set says of an item, or of several, an entry for each source that has an id.

        Args:
            items: One id, or several; ``SOURCE/ID`` too.

        Raises:
            InputError: An id is neither a text nor a whole number.
            UnknownLabelSetError: No source has one of them.
        """
        found = []
        for source, row, pattern in (there for each in asked_ids(items) for there in self.find(each)):
            stored = pattern.to_pylist()[0]
            votes = {name[2:]: vote for name, vote in stored.items() if name.startswith("v_") and vote is not None}
            found.append(
                {
                    "source": source,
                    "item_id": row["item_id"],
                    "label": row["label"],
                    "covered": row["covered"],
                    **self.told(source, row["item_id"], stored),
                    "probabilities": {label: stored[f"p_{label}"] for label in self.labels},
                    **({"sums": self._sums(stored)} if self.taxonomy.inner else {}),
                    "votes": votes,
                }
            )
        return found

    def told(self, source: str, item_id: str, pattern: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is known of an item beside its label: ``partial``, ``guessed``; nothing, in an older label set.

        Args:
            source: The item's source.
            item_id: The item.
            pattern: The row of its pattern.
        """
        if not self.tells_guesses:
            return {}
        gold = self.fitted_gold.get((source, item_id))
        partial = pattern["partial"] if gold is None else _narrowed(pattern["partial"], gold)
        return {"partial": partial.split("|") if partial else None, "guessed": pattern["guessed"]}

    def _sums(self, pattern: Mapping[str, Any]) -> dict[str, float]:
        """Return the probability of each label with others below it."""
        own = np.array([[pattern[f"p_{label}"] for label in self.labels]])
        found = rolled_up(self.taxonomy, own)[0].tolist()
        return dict(zip(self.taxonomy.inner, found, strict=False))  # the labels above come first

    def __repr__(self) -> str:
        """Return task, version, id and counts."""
        r = self.record
        return f"LabelSet({r.task} {r.schema_version}, {r.id[:12]}, {r.items:,} items, {r.covered:,} covered)"


def unseen_labels(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str | None]:
    """Return the item -> its label, of rows of gold items as models say them that had not seen them."""
    return {(row["source"], row["item_id"]): row["label"] for row in rows}


def unseen_probabilities(
    rows: Sequence[Mapping[str, Any]], labels: Sequence[str]
) -> dict[tuple[str, str], list[float]]:
    """Return the item -> its probabilities in the order of the labels; nothing, where the rows do not hold them."""
    wide = [f"p_{label}" for label in labels]
    kept = rows if rows and wide[0] in rows[0] else []
    return {(row["source"], row["item_id"]): [row[name] for name in wide] for row in kept}


def _narrowed(by_votes: str | None, by_gold: str) -> str:
    """Return the labels that votes and gold both leave; gold's, where they have none in common."""
    if by_votes is None:
        return by_gold
    gold = by_gold.split("|")
    return "|".join(label for label in by_votes.split("|") if label in gold) or by_gold


def _no_labels(probabilities: Sequence[str], *, guesses: bool) -> pa.Table:
    """Return the exported form of a label set without items."""
    texts = ["source", "item_id", "label"]
    fields = [
        *((name, pa.string()) for name in texts),
        *((name, pa.float64()) for name in ["probability", *probabilities]),
        ("covered", pa.bool_()),
        *([("partial", pa.string()), ("guessed", pa.bool_())] if guesses else []),
        ("schema_version", pa.string()),
        ("label_set", pa.string()),
    ]
    return pa.schema(fields).empty_table()
