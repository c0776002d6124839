"""Rows of Parquet and of Arrow's own files, with the names that data sets of Hugging Face give classes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet as pq

from retrolabel.errors import InputError
from retrolabel.interop import raw
from retrolabel.interop.dialects import column_labels, why_by_place
from retrolabel.interop.raw import RawBatch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

HUGGING_FACE = b"huggingface"
"""The key under which a data set of Hugging Face says what its columns hold."""
SHOWN = 5


class ArrowRows:
    """Reads a file of typed columns.

    Args:
        path: The file.
        name: What messages call it.
        numbers: Columns that stay numbers, even where the file knows the names of their classes.
        numbered: Columns of classes that stay numbers.

    Attributes:
        columns: What its columns are called.
        by_place: Column that is called by its place, since its name is empty or another's -> why.
        notes: What was found of its columns.
        schema: The names and types of its columns.

    Raises:
        InputError: It is damaged.
    """

    unit = "row"
    typed = True

    def __init__(self, path: Path, name: str, numbers: Collection[str] = ()) -> None:
        self._path, self._name = path, name
        self._parquet: pq.ParquetFile | None = None
        try:
            with path.open("rb") as stream:
                parquet = stream.read(4) == b"PAR1"
            if parquet:
                self._parquet = pq.ParquetFile(path)
                schema = self._parquet.schema_arrow
            else:
                schema = self._open().schema
        except (pa.ArrowException, OSError) as error:
            kind = "Parquet" if path.suffix in (".parquet", ".pq") else "Parquet or Arrow"
            raise InputError(
                f"{name} is no readable {kind} file: {error}.", remedy="copy it again; was it cut off?"
            ) from error
        self.columns = column_labels(schema.names, name)
        self.by_place = why_by_place(schema.names, self.columns)
        self._classes = {
            self.columns[place]: names
            for place, each in enumerate(schema.names)
            if each not in numbers and (names := _class_names(schema.metadata or {}).get(each))
        }
        kinds = (
            pa.string() if label in self._classes else each
            for label, each in zip(self.columns, schema.types, strict=True)
        )
        self.schema = pa.schema(zip(self.columns, kinds, strict=True))
        self.notes = [
            f"{column!r} numbers classes whose names the file knows, and holds these: {', '.join(names[:SHOWN])}"
            + (", ..." if len(names) > SHOWN else "")
            for column, names in self._classes.items()
        ]

    def batches(self) -> Iterator[RawBatch]:
        """Yield the rows."""
        done = 0
        try:
            for record in self._records():
                lines = list(range(done + 1, done + 1 + record.num_rows))
                done += record.num_rows
                columns = dict(zip(self.columns, record.columns, strict=True))
                for column, names in self._classes.items():
                    columns[column] = _named(columns[column], names)
                yield RawBatch(columns, lines, bytes_read=record.nbytes)
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{self._name}: row {done + 1} and on cannot be read: {error}.") from error

    def _records(self) -> Iterator[pa.RecordBatch]:
        if self._parquet is None:
            reader = self._open()
            many = getattr(reader, "num_record_batches", None)
            yield from (reader.get_batch(place) for place in range(many)) if many is not None else reader
            return
        widest = max(1, self._parquet.metadata.num_rows)
        groups = self._parquet.metadata.num_row_groups
        total = sum(self._parquet.metadata.row_group(group).total_byte_size for group in range(groups))
        rows = max(1, min(raw.BATCH_ROWS, int(raw.BATCH_BYTES / max(1.0, total / widest))))
        yield from self._parquet.iter_batches(batch_size=rows)

    def _open(self) -> Any:  # noqa: ANN401 - a reader of a file, or of a stream
        source = pa.memory_map(str(self._path))
        try:
            return pyarrow.ipc.open_file(source)
        except pa.ArrowInvalid:
            source.seek(0)
            return pyarrow.ipc.open_stream(source)


def _class_names(metadata: Mapping[bytes, bytes]) -> dict[str, list[str]]:
    """Return column -> the names of its classes, where a data set of Hugging Face says so."""
    try:
        features = json.loads(metadata[HUGGING_FACE])["info"]["features"]
    except (KeyError, ValueError, TypeError):
        return {}
    found: dict[str, list[str]] = {}
    for column, feature in features.items() if isinstance(features, dict) else ():
        inner = feature
        while isinstance(inner, (dict, list)) and "names" not in inner:  # a list of classes holds what they are deeper
            deeper = (
                inner[0]
                if isinstance(inner, list) and inner
                else inner.get("feature")
                if isinstance(inner, dict)
                else None
            )
            if deeper is None:
                break
            inner = deeper
        if isinstance(inner, dict) and inner.get("_type") == "ClassLabel" and isinstance(inner.get("names"), list):
            found[column] = [str(each) for each in inner["names"]]
    return found


def _named(values: pa.Array, names: list[str]) -> pa.Array:
    """Return numbers of classes, or lists of them, as their names; -1 is no class."""
    kind = values.type
    if pa.types.is_integer(kind):
        inside = pc.and_(pc.greater_equal(values, 0), pc.less(values, len(names)))
        return pa.array(names, pa.string()).take(pc.if_else(inside, values, None))
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        told = [
            None
            if row is None
            else json.dumps(
                [names[each] for each in row if each is not None and 0 <= each < len(names)], ensure_ascii=False
            )
            for row in values.to_pylist()
        ]
        return pa.array(told, pa.string())
    return values.cast(pa.string()) if not pa.types.is_string(kind) else values
