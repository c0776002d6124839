"""Rows of JSON: lines of objects, one array of them, or the objects inside another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.errors import InputError, Problem
from retrolabel.interop import raw
from retrolabel.interop.encodings import checked_encoding, refuse_other_encodings
from retrolabel.interop.json_documents import JsonDocuments
from retrolabel.interop.paths import first_at, parse_path
from retrolabel.interop.raw import RawBatch, from_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from retrolabel.interop.dialects import Dialect


class JsonRows:
    """Reads a file of JSON objects.

    Args:
        path: The file.
        name: What messages call it.
        dialect: What is said of how it is written.
        deeper: Paths into nested values, as ``review.text``: each is a column where an object has no such key itself.

    Attributes:
        columns: The keys of all objects, in the order in which they come.
        by_place: Nothing: keys have names.
        notes: What was found of how it is written.

    Raises:
        InputError: It is of another encoding, holds no rows, or cannot be read at all.
    """

    typed = False

    def __init__(self, path: Path, name: str, dialect: Dialect, deeper: Sequence[str] = ()) -> None:
        encoding = checked_encoding(dialect.encoding)
        if encoding is None:
            refuse_other_encodings(path, name)
        self._name = name
        self._documents = JsonDocuments(path, encoding, dialect.rows_at)
        self.unit = self._documents.unit
        self.by_place: dict[str, str] = {}
        self._columns: list[str] | None = None
        self._deeper = {each: parse_path(each, "--map") for each in deeper if is_deep(each)}

    @property
    def columns(self) -> list[str]:
        """The keys of all objects."""
        if self._columns is None:
            found: dict[str, None] = {}
            holds = False
            for batch in self.batches():
                found |= dict.fromkeys(batch.columns)
                holds = holds or bool(batch.columns or batch.broken)
            if not holds:
                raise InputError(f"{self._name} holds no rows.", remedy="copy or export it again; was it cut off?")
            self._columns = list(found)
        return self._columns

    @property
    def notes(self) -> list[str]:
        """What was found of how it is written; known once it was read."""
        return self._documents.notes

    def batches(self) -> Iterator[RawBatch]:
        """Yield the rows."""
        records: list[dict[str, Any]] = []
        lines: list[int] = []
        broken: list[Problem] = []
        twice: list[tuple[int, str]] = []
        size = 0

        def closed() -> RawBatch:
            batch = from_records(records, lines, size)
            batch.broken, batch.twice = broken + self._documents.broken, twice
            self._documents.broken = []
            return batch

        for document in self._documents:
            size += document.size
            if isinstance(document.value, dict):
                records.append(self._with_deeper(document.value))
                lines.append(document.place)
                twice += [(document.place, key) for key in document.twice]
            else:
                what = "is not a JSON object"
                broken.append(Problem(f"{self.unit} {document.place}", what, 'a row looks like {"comment": "..."}'))
            if len(records) >= raw.BATCH_ROWS or size >= raw.BATCH_BYTES:
                yield closed()
                records, lines, broken, twice, size = [], [], [], [], 0
        yield closed()

    def _with_deeper(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return a record with what stands deeper in it under its path."""
        for name, path in self._deeper.items():
            value = None if name in record else first_at(record, path)
            if value is not None:
                record[name] = value
        return record


def is_deep(name: str) -> bool:
    """Return whether the name of a column may be a path into nested values.

    Example:
        >>> is_deep("review.text"), is_deep("tags[0]"), is_deep("text"), is_deep("a.")
        (True, True, False, False)
    """
    if "." not in name and "[" not in name:
        return False
    try:
        parse_path(name, "--map")
    except InputError:
        return False
    return True


def refuse_cells(dialect: Dialect, name: str) -> None:
    """Refuse what is said of cells, where a file has none.

    Raises:
        InputError: Something of the kind was said.
    """
    said = {
        "--delimiter": dialect.delimiter,
        "--skip-lines": dialect.skip_lines,
        "--skip-rows": dialect.skip_rows,
        "--header": dialect.header,
    }
    problems = [
        Problem(option, f"is of tables of cells, and {name} holds JSON", "leave it out")
        for option, value in said.items()
        if value
    ]
    if problems:
        raise InputError(f"{name} cannot be read in this way.", problems=problems)
