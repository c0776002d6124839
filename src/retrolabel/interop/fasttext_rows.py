"""Rows of fastText's training files: each line begins with its labels, ``__label__bug``, and goes on with its text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from retrolabel.errors import Problem
from retrolabel.interop import raw
from retrolabel.interop.encodings import checked_encoding, refuse_other_encodings
from retrolabel.interop.json_documents import told_of
from retrolabel.interop.raw import RawBatch, from_records
from retrolabel.interop.streams import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrolabel.interop.dialects import Dialect

MARK = "__label__"
LABELS = re.compile(rf"\s*(?:{MARK}\S+\s*)*")


class FastTextRows:
    """Reads lines of labels and text, as fastText is trained with and doccano exports them.

    Args:
        path: The file.
        name: What messages call it.
        dialect: What is said of how it is written.

    Attributes:
        columns: ``label`` and ``text``; several labels of a line are a list of JSON.
        by_place: Nothing.
        notes: What the file was taken for.

    Raises:
        InputError: It is of another encoding.
    """

    unit = "line"
    typed = False

    def __init__(self, path: Path, name: str, dialect: Dialect) -> None:
        self._path = path
        self._encoding = checked_encoding(dialect.encoding)
        if self._encoding is None:
            refuse_other_encodings(path, name)
        self._told = told_of(dialect.encoding)
        self.columns = ["label", "text"]
        self.by_place: dict[str, str] = {}
        self.notes = [f"read as fastText's: {MARK}NAME is a label, the rest of a line its text"]

    def batches(self) -> Iterator[RawBatch]:
        """Yield the rows."""
        records: list[dict[str, Any]] = []
        lines: list[int] = []
        broken: list[Problem] = []
        size = 0

        def closed() -> RawBatch:
            batch = from_records(records, lines, size)
            batch.columns = {name: batch.columns.get(name, [None] * len(records)) for name in self.columns}
            batch.broken = broken
            return batch

        with open_text(self._path, self._encoding, newline="\n") as stream:
            for line, text in enumerate(stream, 1):
                if not text.strip():
                    continue
                size += len(text)
                if any("\udc80" <= each <= "\udcff" for each in text):
                    broken.append(Problem(f"line {line}", f"is not {self._told}", "is it another encoding?"))
                    continue
                records.append(as_record(text))
                lines.append(line)
                if len(records) >= raw.BATCH_ROWS or size >= raw.BATCH_BYTES:
                    yield closed()
                    records, lines, broken, size = [], [], [], 0
        yield closed()


def as_record(line: str) -> dict[str, Any]:
    """Return the labels and the text of a line.

    Example:
        >>> as_record("__label__bug so slow"), as_record("__label__a __label__b x")["label"], as_record("only text")
        ({'label': 'bug', 'text': 'so slow'}, '["a", "b"]', {'text': 'only text'})
    """
    found = LABELS.match(line)
    head = found[0] if found else ""
    labels = [each.removeprefix(MARK) for each in head.split()]
    text = line[len(head) :].strip()
    told = labels[0] if len(labels) == 1 else json.dumps(labels, ensure_ascii=False)
    return {**({"label": told} if labels else {}), **({"text": text} if text else {})}
