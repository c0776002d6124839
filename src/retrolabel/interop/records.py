"""Records out of files of any kind: values of JSON, documents of spaCy, rows of a table with what is nested in them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from retrolabel.errors import Problem
from retrolabel.interop.dialects import AS_FOUND, Dialect
from retrolabel.interop.encodings import checked_encoding
from retrolabel.interop.json_documents import JsonDocuments
from retrolabel.interop.labelling_tools.spacy_cats import as_record, docs
from retrolabel.interop.rows import TableFile
from retrolabel.interop.streams import is_spreadsheet, members, open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from retrolabel.interop.raw import RawBatch

SAMPLE = 300
"""Records by which it is seen what a file holds."""
HEAD = 4096


class Placed(NamedTuple):
    """A record of a file.

    Attributes:
        number: Its number among all records of the file, or its line.
        where: Where it stands, as messages say it.
        member: The file in an archive that it stands in.
        value: The record.
    """

    number: int
    where: str
    member: str
    value: Mapping[str, Any]


@dataclass
class Records:
    """The records of a file, as often as they are asked for.

    Args:
        path: The file.
        dialect: How it is written.

    Attributes:
        broken: Records that cannot be read; known once they are asked for.
        notes: What was assumed of the file; known then too.

    Raises:
        InputError: The file cannot be read at all.
    """

    path: Path
    dialect: Dialect = AS_FOUND
    broken: list[Problem] = field(default_factory=list, init=False)
    notes: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """See what kind of file it is."""
        self._docs = docs(self.path) if self.path.is_file() else None
        self.nested = self._docs is not None or is_json(self.path)
        self._table = None if self.nested else TableFile(self.path, self.dialect)

    def __iter__(self) -> Iterator[Placed]:
        """Yield the records; what is none goes into ``broken``."""
        self.broken, self.notes = [], []
        if self._docs is not None:
            yield from (Placed(number, f"document {number}", "", doc) for number, doc in enumerate(self._docs, 1))
        elif self.nested:
            yield from self._of_json()
        elif self._table is not None:
            self.notes += self._table.notes
            for raw in self._table.batches():
                self.broken += raw.broken
                yield from self._of_table(raw, self._table.unit)

    def sample(self) -> list[Mapping[str, Any]]:
        """Return the first records."""
        found = []
        for placed in self:
            found.append(placed.value)
            if len(found) == SAMPLE:
                break
        return found

    def _of_json(self) -> Iterator[Placed]:
        done = 0
        archive = members(self.path) or [""]
        encoding = checked_encoding(self.dialect.encoding)
        for member in archive:
            documents = JsonDocuments(self.path, encoding, self.dialect.rows_at, member or None)
            within = f"{member} " if len(archive) > 1 else ""
            number = done
            for document in documents:
                number = done + document.place
                where = f"{within}{documents.unit} {document.place}"
                value = document.value if isinstance(document.value, dict) else as_record(document.value)
                if value is None:
                    self.broken.append(Problem(where, "is not a JSON object"))
                else:
                    yield Placed(number, where, member if within else "", value)
            self.broken += [Problem(f"{within}{each.where}", each.what, each.remedy) for each in documents.broken]
            self.notes += documents.notes
            done = number

    def _of_table(self, raw: RawBatch, unit: str) -> Iterator[Placed]:
        columns = {
            name: values.to_pylist() if isinstance(values, (pa.Array, pa.ChunkedArray)) else list(values)
            for name, values in raw.columns.items()
        }
        for place, line in enumerate(raw.lines):
            value = {name: _unfolded(values[place]) for name, values in columns.items()}
            yield Placed(line, f"{unit} {line}", "", value)


def is_json(path: Path) -> bool:
    """Return whether a file is JSON by its first character; of an archive of several, whether all of them are."""
    if not path.is_file() or is_spreadsheet(path):
        return False
    inside = members(path)
    try:
        return all(_begins_as_json(path, member) for member in inside) if inside else _begins_as_json(path, None)
    except (OSError, EOFError):
        return False


def _begins_as_json(path: Path, member: str | None) -> bool:
    with open_bytes(path, member) as stream:
        head = stream.read(HEAD)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{")


def _unfolded(cell: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    """Return what a cell of a table holds: a text that is a list or an object of JSON as that."""
    if isinstance(cell, str) and cell[:1] in ("[", "{"):
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return cell
    return cell
