"""Rows out of CSV, JSONL and Parquet files, in bounded memory, with line numbers and broken rows."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from retrolabel.errors import InputError, Problem, for_shell, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BATCH_ROWS = 50_000
BATCH_BYTES = 64 * 2**20
LONGEST_CELL = 2**20
"""Characters; a longer cell is quarantined: most often it is an unclosed quotation mark."""
SNIFFED = 8192
FORMATS = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".pq": "parquet"}
SPREADSHEETS = (".xlsx", ".xls", ".xlsm", ".ods", ".numbers")
FROM_EXCEL = "save it as CSV in UTF-8 (Excel: File, Save As, CSV UTF-8), and take in that file"
SHOWN = 5
"""Files that are named beside one that is missing."""


@dataclass
class RawBatch:
    """Some rows as they stood in the file.

    Attributes:
        columns: Column -> values: texts (CSV), JSON values (JSONL, a :class:`Sparse`), or an Arrow array (Parquet).
        lines: The line (CSV, JSONL) or row (Parquet) of each, from 1.
        broken: Rows that could not be read at all.
        twice: (line, key) of each JSON object that says a key more than once; the last of its values counts.
    """

    columns: dict[str, Any]
    lines: list[int]
    broken: list[Problem] = field(default_factory=list)
    bytes_read: int = 0
    twice: list[tuple[int, str]] = field(default_factory=list)


class Sparse(Sequence[Any]):
    """A column that says only which rows have a value: as many columns as rows cost no more than what is in them.

    Example:
        >>> column = Sparse(3, [1], ["a"])
        >>> list(column), len(column)
        ([None, 'a', None], 3)
    """

    def __init__(self, rows: int, places: list[int] | None = None, filled: list[Any] | None = None) -> None:
        self.rows = rows
        self.places: list[int] = places if places is not None else []
        """The rows that have a value, ascending."""
        self.filled: list[Any] = filled if filled is not None else []
        """Their values."""

    def __len__(self) -> int:
        """Return the number of rows, those without a value included."""
        return self.rows

    def __getitem__(self, row: Any) -> Any:  # noqa: ANN401 - a value, or a list of them
        """Return the value of a row, ``None`` where it has none."""
        return self.as_list()[row]

    def __iter__(self) -> Iterator[Any]:
        """Yield the value of each row."""
        return iter(self.as_list())

    def as_list(self) -> list[Any]:
        """Return the value of each row, ``None`` where it has none."""
        if len(self.places) == self.rows:
            return self.filled
        made = [None] * self.rows
        for place, value in zip(self.places, self.filled, strict=True):
            made[place] = value
        return made


def file_format(path: Path) -> str:
    """Return ``csv``, ``jsonl`` or ``parquet`` by name and first bytes.

    Raises:
        InputError: The file is missing, empty, a folder, of an unknown kind, or not what its name says.
    """
    if not path.exists():
        raise InputError(f"There is no file {path}.", remedy=_where_else(path))
    if path.is_dir():
        raise InputError(f"{path} is a folder.", remedy=f"name the files: {for_shell(str(path))}/*.csv")
    suffixes = [suffix for suffix in path.suffixes if suffix != ".gz"]
    kind = FORMATS.get(suffixes[-1].lower() if suffixes else "")
    if kind is None:
        raise InputError(
            f"{path.name} is none of {', '.join(sorted(FORMATS))} (CSV and JSONL also with .gz).",
            remedy=_converted(path),
        )
    try:
        with _binary(path) as stream:
            head = stream.read(SNIFFED)
    except (OSError, EOFError) as error:
        raise InputError(
            f"{path.name} cannot be read: {error}.",
            remedy="copy it again; is it yours to read, and what its name says?",
        ) from error
    if not head.strip():
        raise InputError(f"{path.name} is empty.", remedy="copy or export it again; was it cut off?")
    _check_magic(path.name, kind, head)
    return kind


def column_names(path: Path, kind: str) -> list[str]:
    """Return the columns of a file, those of a JSONL file from all its rows."""
    if kind == "parquet":
        return list(_parquet(path).schema_arrow.names)
    if kind == "csv":
        with _text(path) as stream:
            header = _header(_csv_reader(stream, path), path.name)
        _check_header(path.name, header)
        return header
    names: dict[str, None] = {}
    for batch in read_rows(path, kind):
        names |= dict.fromkeys(batch.columns)
    return list(names)


def read_rows(path: Path, kind: str) -> Iterator[RawBatch]:
    """Yield the rows of a file in batches of at most 50,000 rows or about 64 MB.

    Raises:
        InputError: The file cannot be read as what it should be.
    """
    readers = {"csv": _read_csv, "jsonl": _read_jsonl, "parquet": _read_parquet}
    try:
        yield from readers[kind](path)
    except (EOFError, OSError, zlib.error) as error:
        raise InputError(
            f"{path.name} cannot be read to its end: {error}.", remedy="copy it again; was it cut off?"
        ) from error


def _read_csv(path: Path) -> Iterator[RawBatch]:
    with _text(path) as stream:
        reader = _csv_reader(stream, path)
        header = _header(reader, path.name)
        _check_header(path.name, header)
        rows: list[list[str]] = []
        batch, size = RawBatch({}, []), 0
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                batch.broken.append(Problem(_lines(line, reader.line_num), _csv_error(error)))
                continue
            if row == header and len(header) > 1:
                what = "says the column names again"
                batch.broken.append(Problem(f"line {line}", what, "if files were put together, take their headers out"))
            elif len(row) == len(header):
                rows.append(row)
                batch.lines.append(line)
                size += sum(map(len, row))
            elif row:
                batch.broken.append(
                    Problem(
                        f"line {line}", f"has {len(row)} cells, the header has {len(header)}", "quote cells with commas"
                    )
                )
            if len(rows) >= BATCH_ROWS or size >= BATCH_BYTES:
                yield _closed(batch, rows, header, size)
                rows, batch, size = [], RawBatch({}, []), 0
        yield _closed(batch, rows, header, size)


def _header(reader: Any, name: str) -> list[str]:  # noqa: ANN401 - the csv module has no public name for it
    try:
        return next(reader, [])
    except csv.Error as error:
        raise InputError(
            f"The header line of {name} cannot be read: {_csv_error(error)}.", remedy="mend the file's first line"
        ) from error


def _closed(batch: RawBatch, rows: list[list[str]], header: Sequence[str], size: int) -> RawBatch:
    """Return the batch with its rows turned into columns; an empty cell is a missing value."""
    rows, batch.lines = _decodable(rows, header, batch)
    columns: list[list[str | None]] = [[] for _ in header]
    if rows:
        columns = [[cell or None for cell in column] for column in zip(*rows, strict=True)]
    batch.columns = dict(zip(header, columns, strict=True))
    batch.bytes_read = size
    return batch


def _decodable(rows: list[list[str]], header: Sequence[str], batch: RawBatch) -> tuple[list[list[str]], list[int]]:
    """Put rows that hold bytes which are not UTF-8 aside."""
    good_rows, good_lines = [], []
    for row, line in zip(rows, batch.lines, strict=True):
        try:
            "".join(row).encode("utf-8")
        except UnicodeEncodeError:
            cell = next(name for name, value in zip(header, row, strict=True) if _escaped_bytes(value))
            batch.broken.append(Problem(f"line {line}", f"column {cell!r} is not UTF-8", "save the file as UTF-8"))
        else:
            good_rows.append(row)
            good_lines.append(line)
    return good_rows, good_lines


def _escaped_bytes(text: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in text)


def _read_jsonl(path: Path) -> Iterator[RawBatch]:
    records: list[dict[str, Any]] = []
    batch, size = RawBatch({}, []), 0
    with _binary(path) as stream:
        for line, raw in enumerate(stream, start=1):
            if not raw.strip():
                continue
            record = _json_object(raw.removeprefix(b"\xef\xbb\xbf"), line, batch)
            if record is not None:
                records.append(record)
                batch.lines.append(line)
            size += len(raw)
            if len(records) >= BATCH_ROWS or size >= BATCH_BYTES:
                yield _records_closed(batch, records, size)
                records, batch, size = [], RawBatch({}, []), 0
    yield _records_closed(batch, records, size)


def _records_closed(batch: RawBatch, records: list[dict[str, Any]], size: int) -> RawBatch:
    columns: dict[str, Sparse] = {}
    for row, record in enumerate(records):
        for name, value in record.items():
            if name not in columns:
                columns[name] = Sparse(len(records))
            columns[name].places.append(row)
            columns[name].filled.append(value)
    batch.columns = dict(columns)
    batch.bytes_read = size
    return batch


def _json_object(raw: bytes, line: int, batch: RawBatch) -> dict[str, Any] | None:
    broken = batch.broken
    twice: dict[str, None] = {}

    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            twice.update(dict.fromkeys(key for key, count in Counter(key for key, _ in pairs).items() if count > 1))
        return made

    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=as_object)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        broken.append(Problem(f"line {line}", "is not UTF-8", "save the file as UTF-8"))
        return None
    except (ValueError, RecursionError) as error:
        broken.append(Problem(f"line {line}", f"is not JSON: {error}"))
        return None
    if not isinstance(value, dict):
        broken.append(Problem(f"line {line}", "is not a JSON object", 'a row looks like {"comment": "..."}'))
        return None
    batch.twice += [(line, key) for key in twice]
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _read_parquet(path: Path) -> Iterator[RawBatch]:
    file = _parquet(path)
    _check_header(path.name, file.schema_arrow.names)
    done = 0
    widest = max(1, file.metadata.num_rows)
    total = sum(file.metadata.row_group(group).total_byte_size for group in range(file.metadata.num_row_groups))
    rows = max(1, min(BATCH_ROWS, int(BATCH_BYTES / max(1.0, total / widest))))
    try:
        for record in file.iter_batches(batch_size=rows):
            lines = list(range(done + 1, done + 1 + record.num_rows))
            done += record.num_rows
            columns = dict(zip(record.schema.names, record.columns, strict=True))
            yield RawBatch(columns, lines, bytes_read=record.nbytes)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path.name}: row {done + 1} and on cannot be read: {error}.") from error


def _parquet(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{path.name} is no readable Parquet file: {error}.", remedy="copy it again; was it cut off?"
        ) from error


def _check_header(name: str, header: Sequence[str]) -> None:
    if not header:
        raise InputError(f"{name} has no header line.", remedy="the first line names the columns")
    twice = sorted(column for column, count in Counter(header).items() if count > 1)
    if twice:
        raise InputError(
            f"{name} has columns of the same name: {', '.join(map(repr, twice))}.", remedy="rename them in the file"
        )
    if any(_escaped_bytes(column) for column in header):
        raise InputError(f"The header of {name} is not UTF-8.", remedy="save the file as UTF-8")


def _check_magic(name: str, kind: str, head: bytes) -> None:
    parquet = head.startswith(b"PAR1")
    if kind == "parquet":
        if not parquet:
            raise InputError(f"{name} is no Parquet file, whatever its name says.", remedy="rename it to what it is")
        return
    if parquet:
        raise InputError(f"{name} is a Parquet file.", remedy="rename it to .parquet")
    if head.startswith(b"PK\x03\x04"):
        raise InputError(f"{name} is a zip archive or a spreadsheet.", remedy=f"unpack it, or {FROM_EXCEL}")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{name} is UTF-16.", remedy=f"iconv -f UTF-16 -t UTF-8 {for_shell(name)} > utf8.{kind}")
    control = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in head)  # noqa: PLR2004 - ASCII's control codes
    if control > len(head) // 20:
        raise InputError(f"{name} holds binary data, not text.", remedy=f"name a text file of the kind .{kind}")
    if kind == "jsonl" and head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"["):
        raise InputError(
            f"{name} is one JSON array, not JSON lines.", remedy=f"jq -c '.[]' {for_shell(name)} > rows.jsonl"
        )


def _where_else(path: Path) -> str:
    """Return what to do about a file that is not there: the one that was meant, or the files that are."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder} either; paths start from {path.cwd()}"
    there = sorted(each.name for each in folder.iterdir() if FORMATS.get(each.suffix.lower()) and each.is_file())
    near = nearest(path.name, there)
    if near:
        return f"did you mean {folder / near}?"
    shown = ", ".join(there[:SHOWN]) + (", ..." if len(there) > SHOWN else "")
    return f"check the path; {folder.absolute()} has {shown or 'no files of feedback'}"


def _converted(path: Path) -> str:
    """Return how a file of another kind becomes one that can be read."""
    suffix = path.suffix.lower()
    if suffix in SPREADSHEETS:
        return FROM_EXCEL
    if suffix == ".json":
        lines = for_shell(str(path.with_suffix(".jsonl")))
        return f"if it is one array: jq -c '.[]' {for_shell(str(path))} > {lines}; else rename it to .jsonl"
    return f"if it is text with a header line, rename it to {path.stem}.csv; else save it as one of those"


def _binary(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]  # reads bytes


def _text(path: Path) -> io.TextIOWrapper:
    return io.TextIOWrapper(_binary(path), encoding="utf-8-sig", errors="surrogateescape", newline="")


def _csv_reader(stream: io.TextIOWrapper, path: Path) -> Any:  # noqa: ANN401 - the csv module has no public name for it
    csv.field_size_limit(LONGEST_CELL)
    with _text(path) as first:
        header = first.readline(SNIFFED)
    delimiter = max(",;\t", key=header.count)
    return csv.reader(stream, delimiter=delimiter, strict=True)


def _lines(first: int, last: int) -> str:
    return f"line {first}" if last <= first else f"lines {first} to {last}"


def _csv_error(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"a cell is longer than {LONGEST_CELL:,} characters; often a quotation mark that is not closed"
    if "unexpected end" in str(error):
        return "a quotation mark is not closed before the file ends"
    return f"is not CSV: {error}"
