"""A data set of Hugging Face: a Parquet file for each split, whose schemas name classes, and a card beside them.

``datasets.load_dataset(FOLDER)`` reads it, and so does whatever reads Parquet. Items with gold are in the split of
their role, all others in ``train``.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from retrolabel.errors import InputError, counted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from retrolabel.interop.for_tools.question import Question

TRAIN = "train"
SPLITS = (TRAIN, "dev", "test", "calibration", "honeypot")
CARD, DATA = "README.md", "data"
FILES = (CARD, *(f"{DATA}/{split}.parquet" for split in SPLITS))
CLASSES = ("label", "gold")
"""Columns of labels, as classes."""
ROWS_AT_ONCE = 100_000
_TYPES = {
    pa.string(): "string",
    pa.int64(): "int64",
    pa.float64(): "float64",
    pa.bool_(): "bool",
    pa.timestamp("us", "UTC"): "timestamp[us, tz=UTC]",
}


def write(tables: Iterable[pa.Table], folder: Path, question: Question) -> int:
    """Write the splits and the card into a folder, and return how many rows there are.

    Args:
        tables: The tables, with the question's column of roles.
        folder: The folder.
        question: What is asked.

    Raises:
        InputError: There is no row.
    """
    (folder / DATA).mkdir()
    counts: dict[str, int] = {}
    schema: pa.Schema | None = None
    with contextlib.ExitStack() as opened:
        writers: dict[str, pq.ParquetWriter] = {}
        for table in tables:
            coded = _with_classes(table, question)
            schema = schema or coded.schema
            for split, part in _split(coded, question.roles).items():
                if split not in writers:
                    path = folder / DATA / f"{split}.parquet"
                    writers[split] = opened.enter_context(pq.ParquetWriter(path, schema, compression="zstd"))
                writers[split].write_table(part, row_group_size=ROWS_AT_ONCE)
                counts[split] = counts.get(split, 0) + part.num_rows
    if not counts:
        raise InputError(
            "No item is left to export, and Hugging Face's library reads no data set without a row.",
            remedy="ask for more items, or for another format",
        )
    (folder / CARD).write_text(_card(counts, schema or pa.schema([]), question), encoding="utf-8")
    return sum(counts.values())


def features(schema: pa.Schema, choices: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the columns as Hugging Face describes them; those of labels are classes.

    Example:
        >>> features(pa.schema({"item_id": pa.string(), "label": pa.int64()}), ["bug", "wish"])["label"]
        {'names': ['bug', 'wish'], '_type': 'ClassLabel'}
    """
    names = list(choices)
    return {
        column.name: {"names": names, "_type": "ClassLabel"}
        if column.name in CLASSES
        else {"dtype": _TYPES[column.type], "_type": "Value"}
        for column in schema
    }


def _with_classes(table: pa.Table, question: Question) -> pa.Table:
    """Return a table whose labels are places among the classes, with both said in its schema."""
    ids = [choice.id for choice in question.choices]
    for name in CLASSES:
        if name in table.column_names:
            places = pc.index_in(table.column(name), pa.array(ids, pa.string())).cast(pa.int64())
            table = table.set_column(table.column_names.index(name), name, places)
    described = {"info": {"features": features(table.schema, ids)}}
    return table.replace_schema_metadata(
        {"huggingface": json.dumps(described), "retrolabel": json.dumps(_origin(question))}
    )


def _origin(question: Question) -> dict[str, Any]:
    """Return what the labels are of: the version, the label set, the fingerprints of the schema."""
    return {"task": question.task, **question.origin, "fingerprints": question.fingerprints}


def _split(table: pa.Table, by: str) -> dict[str, pa.Table]:
    """Return the rows of each split that has some, by the role of their gold."""
    roles = pc.fill_null(table.column(by), TRAIN)
    found = {}
    for split in pc.unique(roles).to_pylist():
        rows = np.flatnonzero(np.asarray(pc.equal(roles, split)))
        found[split] = table if len(rows) == table.num_rows else table.take(pa.array(rows))
    return found


def _card(counts: dict[str, int], schema: pa.Schema, question: Question) -> str:
    """Return the card: which file is which split, and what the labels are."""
    files = [f"  - split: {split}\n    path: {DATA}/{split}.parquet" for split in SPLITS if split in counts]
    labels = [f"- `{each.id}`{': ' + each.definition if each.definition else ''}" for each in question.choices]
    rows = [f"- `{split}`: {counted(counts[split], 'item')}" for split in SPLITS if split in counts]
    by = f"Labels by {question.by} (label set `{question.label_set}`)" if question.label_set else "Labels by people"
    return "\n".join(
        [
            "---",
            "configs:",
            "- config_name: default",
            "  data_files:",
            *files,
            f"retrolabel: {json.dumps(_origin(question), ensure_ascii=False)}",
            "---",
            "",
            f"# {question.task} {question.version}",
            "",
            f"{by}, {len(schema)} columns.",
            "",
            *labels,
            "",
            "Items with gold are in the split of its role, all others in `train`.",
            "",
            *rows,
            "",
        ]
    )
