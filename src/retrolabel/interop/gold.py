"""Files of human labels: CSV, JSONL or Parquet, with the columns that the user names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from retrolabel.errors import GoldError, Problem, counted, nearest
from retrolabel.interop.conditions import OPTION, Conditions
from retrolabel.interop.dialects import AS_FOUND, Dialect
from retrolabel.interop.gold_cells import Cells
from retrolabel.interop.ids import CAST, LOSES_DIGITS, float_column
from retrolabel.interop.own_exports import own_export
from retrolabel.interop.rows import TableFile
from retrolabel.interop.times import TimeReader, format_problem
from retrolabel.jobs.feedback.quarantine import line_of
from retrolabel.jobs.gold.rows import GoldRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from retrolabel.interop.raw import RawBatch

LABEL = "label"
"""The column of labels, where none is named."""
BATCH = "batch"
"""The column in which a file that a draw wrote names the draw."""
OPTIONS = {
    "item_id": "--item",
    "label": "--label",
    "annotator": "--annotator",
    "role": "--role-column",
    "rationale": "--rationale",
    "labelled_at": "--time",
    "seconds": "--seconds",
    "probability": "--probability",
}
"""The option that names the column of each field."""
OF_ONE_PERSON = ("label", "annotator", "rationale", "seconds")
"""What a row cannot say where it holds the answers of several people."""
SHOWN = 20


@dataclass(frozen=True)
class People:
    """Who gave the labels of a file, besides a column that names them.

    Attributes:
        name: The one person who gave all of them.
        columns: Columns of labels, each called like the person who gave them.
        choices: Column -> the label that it is called like, where each label has a column of marks.
    """

    name: str | None = None
    columns: Sequence[str] = ()
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass
class GoldReader:
    """Reads one file of human labels.

    Args:
        path: The file.
        columns: ``item_id``, ``label``, ``annotator``, ``role``, ``rationale``, ``labelled_at``,
            ``seconds`` -> the file's column, or ``None``; without a ``label`` it is the column ``label``.
        people: Who gave the labels, where no column says so.
        time_format: The format of the times: one of ``strptime``, ``epoch-s`` or ``epoch-ms``; ISO 8601 if left out.
        label_ids: The labels of the task, by which an export of retrolabel's own is told.
        match: Columns of texts by which an item is found, where there is no column of ids.
        dialect: How the file is written.
        whole: Whether a row that cannot be read refuses the file; else it is left out.
        where: What a row has to say, so that it counts.

    Attributes:
        left_out: Why rows do not count -> how many; known once the rows are read.

    Raises:
        GoldError: A column is missing, options exclude each other, or it is an export of retrolabel's own; every
            fault at once.
        InputError: The file cannot be read at all.
    """

    path: Path
    columns: Mapping[str, str | None]
    people: People = People()
    time_format: str | None = None
    label_ids: Collection[str] = ()
    match: Sequence[str] = ()
    dialect: Dialect = AS_FOUND
    whole: bool = True
    where: Conditions = field(default_factory=Conditions)
    left_out: Counter[str] = field(default_factory=Counter, init=False)

    def __post_init__(self) -> None:
        """Look at the file's columns."""
        deeper = [*self.columns.values(), *self.match, *self.where.paths, *self.people.columns, *self.people.choices]
        self.table = TableFile(self.path, self.dialect, deeper)
        present = self.table.columns
        problems = [*self._clashes(), *self._absent(present)]
        unsound = format_problem(self.time_format, self.columns.get("labelled_at"))
        problems += [unsound] if unsound else []
        if problems:
            raise GoldError(f"{self.path.name} has the columns {', '.join(present)}.", problems=problems)
        exported = own_export(present, self._label_columns(), self.label_ids)
        if exported:
            raise GoldError(f"{self.path.name} is no file of human labels; nothing was stored.", problems=[exported])
        self._times = TimeReader(self.columns.get("labelled_at") or "", self.time_format)
        self._unnamed = 0
        # A path into JSON, annotations.ana, ends in the person's name.
        deep = self.table.kind == "json"
        self._called = {each: each.rpartition(".")[2] if deep else each for each in self.people.columns}
        named = {*self.columns.values(), *self._label_columns(), *self.match}
        self._batch = BATCH if BATCH in present and BATCH not in named else None

    def rows(self) -> list[GoldRow]:
        """Return the rows: one for each person, where each has a column.

        Raises:
            GoldError: A row cannot be read, an id is a floating-point number, a label is a list, or a time is no
                date; every fault at once.
        """
        problems: list[Problem] = []
        rows: list[GoldRow] = []
        for raw in self.table.batches():
            problems += raw.broken if self.whole else []
            rows += self._rows(raw, problems)
        if problems:
            problems.sort(key=line_of)
            raise GoldError(
                f"{self.path.name}: {counted(len(problems), 'value')} cannot be read; nothing was stored.",
                problems=problems[:SHOWN],
                remedy="mend those rows, or take them out, and import the file again",
            )
        if not rows and self.left_out:
            raise GoldError(
                f"{self.path.name}: none of its {self.left_out.total():,} rows counts.",
                problems=[Problem(OPTION, f"{what}: {counted(many, 'row')}") for what, many in self.left_out.items()],
                remedy=f"{OPTION} COLUMN=VALUE keeps rows with that value, COLUMN!=VALUE the others",
            )
        if not rows:
            raise GoldError(f"{self.path.name} has no rows.", remedy="a header alone is no gold; was it cut off?")
        return rows

    def notes(self) -> list[str]:
        """Return what was assumed of the rows."""
        column = self.columns.get("annotator")
        if not self._unnamed:
            return [*self.table.notes, *self._times.notes()]
        which = f"{counted(self._unnamed, 'row')} without a name in {column!r}"
        return [*self.table.notes, *self._times.notes(), f"{which}: taken as answers of one unnamed person"]

    def _label_columns(self) -> list[str]:
        return list(self.people.columns) or list(self.people.choices) or [self.columns.get("label") or LABEL]

    def _clashes(self) -> Iterator[Problem]:
        """Yield a problem for each two options that exclude each other."""
        name, people = self.people.name, list(self.people.columns)
        given = {field: column for field, column in self.columns.items() if column is not None}
        if name is not None and not name.strip():
            yield Problem("--annotator-name", "is empty", "name the person who gave these labels")
        if name is not None and "annotator" in given:
            what = f"stands beside --annotator {given['annotator']}, which names the person of each row"
            yield Problem(f"--annotator-name {name}", what, "leave one of the two out")
        if people and name is not None:
            what = f"stands beside --annotator-columns {','.join(people)}, which name the people"
            yield Problem(f"--annotator-name {name}", what, "leave one of the two out")
        for each in OF_ONE_PERSON if people else ():
            if each in given:
                what = "stands beside --annotator-columns, and a row holds answers of several people"
                yield Problem(f"{OPTIONS[each]} {given[each]}", what, "leave one of the two out")
        if self.people.choices and (people or "label" in given):
            other = f"--label {given['label']}" if "label" in given else "--annotator-columns"
            yield Problem("--label-columns", f"stands beside {other}", "leave one of the two out")
        for column in sorted({column for column in people if people.count(column) > 1}):
            yield Problem(f"--annotator-columns {column}", "is named twice", "name each person once")
        for each, column in given.items():
            if column in people and each not in OF_ONE_PERSON:
                yield Problem(f"--annotator-columns {column}", f"is given as {OPTIONS[each]} too", "name one of them")

    def _absent(self, present: list[str]) -> Iterator[Problem]:
        """Yield a problem for each column that the file lacks."""
        wanted = [(OPTIONS[field], column) for field, column in self.columns.items() if column is not None]
        wanted += [("--match", column) for column in self.match]
        wanted += [(OPTION, column) for column in self.where.paths]
        if self.people.columns:
            wanted += [("--annotator-columns", column) for column in self.people.columns]
        elif self.people.choices:
            wanted += [("--label-columns", column) for column in self.people.choices]
        elif self.columns.get("label") is None:
            wanted.append(("--label", LABEL))
        for option, column in wanted:
            if column not in present:
                yield Problem(f"column {column!r}", "there is no such column", _instead(option, column, present))

    def _rows(self, raw: RawBatch, problems: list[Problem]) -> Iterator[GoldRow]:
        item = self.columns["item_id"]
        if float_column(raw.columns.get(str(item))):
            raise GoldError(f"The ids in {item!r} of {self.path.name} {LOSES_DIGITS}.", remedy=CAST)
        count = len(raw.lines)
        # Times are read as a column: one beyond what Python has would not come out of its array.
        plain = {field: column for field, column in self.columns.items() if field not in ("labelled_at", "label")}
        values = {field: _values(raw.columns, column, count) for field, column in plain.items()}
        labels = {column: _values(raw.columns, column, count) for column in self._label_columns()}
        batches = _values(raw.columns, self._batch, count)
        texts = [_values(raw.columns, column, count) for column in self.match]
        asked = {path: _values(raw.columns, path, count) for path in self.where.paths}
        counts = [self._counts(asked, place) for place in range(count)] if asked else [True] * count
        times, wrong = self._read_times(raw, problems, counts)
        for place, line in enumerate(raw.lines):
            if not counts[place]:
                continue
            cells = Cells(
                f"{self.table.unit} {line}", {field: column[place] for field, column in values.items()}, problems
            )
            named = cells.person(str(self.columns.get("annotator"))) or self.people.name
            self._unnamed += named is None and self.columns.get("annotator") is not None
            row = GoldRow(
                line,
                cells.item(str(item)),
                None,
                named,
                cells.text("role"),
                cells.text("rationale"),
                times[place],
                cells.seconds(),
                cells.probability(),
                wrong.get(place),
                None if batches[place] is None else str(batches[place]).strip() or None,
                where=f"row {line}" if self.table.unit == "row" else "",
                texts=tuple(None if column[place] is None else str(column[place]) for column in texts),
            )
            if self.people.choices:
                chose = cells.choices({column: each[place] for column, each in labels.items()}, self.people.choices)
                yield replace(row, label=chose[0] if len(chose) == 1 else None, several=chose if len(chose) > 1 else ())
                continue
            for column, given in labels.items():
                who = self._called[column] if self.people.columns else named
                yield replace(row, label=cells.label(column, given[place]), annotator=who)

    def _counts(self, asked: Mapping[str, Sequence[Any]], place: int) -> bool:
        """Return whether a row counts; those that do not are counted."""
        why = self.where.why_not(lambda path: [asked[path][place]])
        if why:
            self.left_out[why] += 1
        return not why

    def _read_times(
        self, raw: RawBatch, problems: list[Problem], counts: Sequence[bool]
    ) -> tuple[list[datetime | None], dict[int, str]]:
        """Return the times, and those that cannot be kept; what is no time at all is a problem."""
        column, count = self.columns.get("labelled_at"), len(raw.lines)
        if column is None or column not in raw.columns:
            return [None] * count, {}
        array, wrong = self._times.read(raw.columns[column])
        problems += [
            Problem(f"{self.table.unit} {raw.lines[row]}", f"column {column!r}: {what}")
            for row, what in wrong.items()
            if row not in self._times.outside and counts[row]
        ]
        outside = {row: f"column {column!r}: {wrong[row]}" for row in sorted(self._times.outside)}
        return array.to_pylist(), outside


def read_gold(path: Path, columns: Mapping[str, str | None], *, time_format: str | None = None) -> list[GoldRow]:
    """Return the rows of a file of human labels.

    Args:
        path: The file.
        columns: ``item_id``, ``label``, ``annotator``, ``role``, ``rationale``, ``labelled_at``,
            ``seconds`` -> the file's column, or ``None``.
        time_format: The format of the times; ISO 8601 if left out.

    Raises:
        GoldError: A column is missing, a row cannot be read, an id is a floating-point number, or a
            time is no date; every fault at once.
        InputError: The file cannot be read at all.
    """
    return GoldReader(path, columns, time_format=time_format).rows()


def _instead(option: str, column: str, present: list[str]) -> str:
    """Return the option that names the column which was meant."""
    near = nearest(column, present)
    return f"{option} {near}, if that is meant" if near else f"{option} COLUMN says which one it is"


def _values(columns: Mapping[str, Any], column: str | None, count: int) -> list[Any]:
    if column is None or column not in columns:
        return [None] * count
    values = columns[column]
    return list(values.to_pylist()) if isinstance(values, (pa.Array, pa.ChunkedArray)) else list(values)
