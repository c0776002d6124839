"""Feedback files as typed columns that fit a source's contract."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import IngestError, Problem, counted, in_quotes, nearest
from retrolabel.interop.column_choice import Asked, choose
from retrolabel.interop.columns import MISSING, UNSAID, convert, usable
from retrolabel.interop.contracts import Columns
from retrolabel.interop.dialects import AS_FOUND, Dialect
from retrolabel.interop.ids import CAST, LOSES_DIGITS, float_column, read_id
from retrolabel.interop.rows import TableFile
from retrolabel.interop.times import TimeReader
from retrolabel.jobs.records.columns import ARROW_TYPES as ARROW
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from retrolabel.interop.contracts import Contract
    from retrolabel.interop.label_columns import LabelColumn
    from retrolabel.interop.raw import RawBatch

SHOWN = 5
"""Columns that a note names."""


@dataclass
class FeedbackReader:
    """Reads one file as items: an id, a time, and columns that fit a contract.

    Args:
        path: The file.
        id_column: The column that holds the ids; ``None`` derives them from the rows.
        time_column: The column that holds the times.
        renames: New name -> the file's name.
        drops: Columns that stay out.
        known: The source's contract, if it has one.
        widen: Whether new columns may be added to it.
        labels: Column -> the labels that it holds; rows with other values are broken.
        time_format: The format of the times: one of ``strptime``, ``epoch-s`` or ``epoch-ms``; ISO 8601 if left out.
        keep_na: Whether ``NA``, ``null`` and the like are texts as others, in columns of numbers too.
        dialect: How the file is written.
        keeps: The columns that are kept, besides those of ids and times; all if left out.
        rename_all: Whether columns get names that labeling functions can read.

    Attributes:
        notes: What the reader should know; that of the rows stands in it once they are read.
        missing: Column -> text -> how many cells of a column of numbers said so and became missing.
        repeated_keys: Key -> how many JSON objects said it more than once.

    Raises:
        IngestError: The file's columns do not fit; every fault at once.
        InputError: The file cannot be read at all.
    """

    path: Path
    id_column: str | None = None
    time_column: str | None = None
    renames: Mapping[str, str] = field(default_factory=dict)
    drops: Sequence[str] = ()
    known: Contract | None = None
    widen: bool = False
    labels: Mapping[str, LabelColumn] = field(default_factory=dict)
    time_format: str | None = None
    keep_na: bool = False
    dialect: Dialect = AS_FOUND
    keeps: Sequence[str] = ()
    rename_all: bool = False
    notes: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Look at the file's columns and settle the contract."""
        deeper = [self.id_column, self.time_column, *self.renames.values(), *self.keeps]
        numbers = [self.renames.get(name, name) for name, kind in (self.known or {}).items() if kind == "integer"]
        self.table = TableFile(self.path, self.dialect, deeper, numbers)
        self.name = self.table.name
        asked = Asked(
            self.id_column, self.time_column, self.renames, self.drops, self.keeps, self.rename_all, self.time_format
        )
        chosen = choose(self.table, asked)
        self.id_column, self.time_column = chosen.id_column, chosen.time_column
        self.columns = chosen.columns
        self.notes += [*self.table.notes, *chosen.notes]
        self.contract = Columns(self.table, self.columns, self.known, self.widen, self._unsaid).settle()
        self._check_labels()
        self._time_reader = TimeReader(self.time_column or CREATED_AT, self.time_format)
        self.missing: dict[str, Counter[str]] = {}
        self.repeated_keys: Counter[str] = Counter()
        self._first_repeated = 0
        self._odd_ids, self._first_odd = 0, ""

    def batches(self) -> Iterator[tuple[pa.Table, Sequence[int], list[Problem]]]:
        """Yield (columns with ``item_id`` and ``created_at``, line numbers, broken rows).

        ``item_id`` is null throughout where ids are to be derived.
        """
        for raw in self.table.batches():
            yield self._typed(raw)
        self.notes += self._time_reader.notes()
        self._note_odd_ids()
        self._note_missing()
        self._note_repeated()
        for column, known in self.labels.items():
            if len(known.strange) > 1:
                told = " ".join(f"--map-label {in_quotes(f'{each}={meant}')}" for each, meant in known.strange.items())
                self.notes.append(f"column {column!r}: all values that are no label at once: {told}")

    def _typed(self, raw: RawBatch) -> tuple[pa.Table, Sequence[int], list[Problem]]:
        count = len(raw.lines)
        wrong: dict[int, str] = {}
        arrays = {ITEM_ID: self._ids(raw, wrong), CREATED_AT: self._times(raw, wrong)}
        by_new_name = {new: old for old, new in self.columns.items()}
        taken: dict[str, dict[int, str]] = {}
        for column, kind in self.contract.items():
            values = raw.columns.get(by_new_name.get(column, ""))
            if values is None:
                arrays[column] = pa.nulls(count, ARROW[kind])
            else:
                mine = taken.setdefault(column, {})
                arrays[column] = convert(values, kind, column, wrong, mine, self._unsaid)
        for column, known in self.labels.items():
            arrays[column] = known.check(arrays[column], column, wrong)
        table = pa.table({name: usable(array, name, wrong) for name, array in arrays.items()})
        self._count(taken, raw.twice, wrong)
        where = self.table.unit
        broken = raw.broken + [Problem(f"{where} {raw.lines[row]}", what) for row, what in sorted(wrong.items())]
        if not wrong:
            return table, raw.lines, broken
        good = np.setdiff1d(np.arange(count), list(wrong))
        return table.take(pa.array(good)), [raw.lines[row] for row in good], broken

    @property
    def _unsaid(self) -> frozenset[str]:
        """The texts that say that a number is missing."""
        return UNSAID if self.keep_na else MISSING

    def _count(
        self, taken: Mapping[str, Mapping[int, str]], twice: Sequence[tuple[int, str]], wrong: Mapping[int, str]
    ) -> None:
        """Count what was taken for something else than it says, in rows that are kept."""
        for column, texts in taken.items():
            kept = [text for row, text in texts.items() if row not in wrong]
            if kept:
                self.missing.setdefault(column, Counter()).update(kept)
        self.repeated_keys.update(key for _, key in twice)
        if twice:
            self._first_repeated = self._first_repeated or twice[0][0]

    def _note_odd_ids(self) -> None:
        if self._odd_ids:
            many = counted(self._odd_ids, "id")
            self.notes.append(
                f"{many} with white space around them, or with letters not in Unicode's NFC form (first:"
                f" {self._first_odd!r:.60}): kept as they are, so they are other ids than those without"
            )

    def _note_missing(self) -> None:
        for column, counts in self.missing.items():
            told = ", ".join(f'"{text}" {count:,}' for text, count in counts.most_common())
            cells = counted(counts.total(), "cell")
            known = self.known is not None and column in self.known
            otherwise = "puts such rows aside" if known else "in a source's first ingest keeps the column as text"
            kind = self.contract[column]
            self.notes.append(f"column {column!r} ({kind}): {cells} became missing: {told}; --keep-na {otherwise}")

    def _note_repeated(self) -> None:
        if self.repeated_keys:
            keys = [repr(key) for key, _ in self.repeated_keys.most_common()]
            shown = ", ".join(keys[:SHOWN]) + (f" and {len(keys) - SHOWN:,} more" if len(keys) > SHOWN else "")
            times = counted(self.repeated_keys.total(), "time")
            self.notes.append(
                f"a JSON object says a key more than once, {times} (first: {self.table.unit} {self._first_repeated}):"
                f" {shown}; the last value counts"
            )

    def _ids(self, raw: RawBatch, wrong: dict[int, str]) -> pa.Array:
        count = len(raw.lines)
        if self.id_column is None:
            return pa.nulls(count, pa.string())
        values = raw.columns.get(self.id_column, [None] * count)
        if float_column(values):
            raise IngestError(
                f"The ids in {self.id_column!r} of {self.name} {LOSES_DIGITS}.", remedy=f"{CAST}, or leave out --id"
            )
        ids: list[str | None] = []
        for row, value in enumerate(values.to_pylist() if isinstance(values, pa.Array) else values):
            plain, why = read_id(value)
            if plain is None:
                wrong.setdefault(row, f"column {self.id_column!r}: {why or 'there is no id'}")
            elif plain != unicodedata.normalize("NFC", plain).strip():
                self._odd_ids, self._first_odd = self._odd_ids + 1, self._first_odd or plain
            ids.append(plain)
        return pa.array(ids, pa.string())

    def _times(self, raw: RawBatch, wrong: dict[int, str]) -> pa.Array:
        count = len(raw.lines)
        if self.time_column is None:
            return pa.nulls(count, ARROW["time"])
        array, bad = self._time_reader.read(raw.columns.get(self.time_column, [None] * count))
        for row in np.flatnonzero(pc.is_null(array).to_numpy(zero_copy_only=False)):
            what = bad.get(int(row), "there is no time; write one, or ingest without --time")
            wrong.setdefault(int(row), f"column {self.time_column!r}: {what}")
        return array

    def _check_labels(self) -> None:
        problems = [
            Problem(
                f"--labels {column}=...",
                f"is {self.contract[column]}, and labels are texts" if column in self.contract else "is no column",
                (_near(column, list(self.contract)) if column not in self.contract else "") or "name a column of texts",
            )
            for column in self.labels
            if self.contract.get(column) != "string"
        ]
        if problems:
            raise IngestError(f"{self.name} holds no such labels.", problems=problems)


def _near(column: str, found: Sequence[str]) -> str:
    near = nearest(column, found)
    return f"did you mean {near}?" if near else ""
