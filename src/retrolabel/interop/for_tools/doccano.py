"""Items for doccano as JSON lines: a text, its label, and metadata that an export of doccano gives back.

doccano knows no suggestions: a label that comes along is an annotation until somebody changes it. So a record without
the number that doccano gives is none of its exports, and its label nobody's answer (``labelling_tools.doccano``).
Answers of people are a line each; in a zip each person has a file, as doccano exports them.
"""

from __future__ import annotations

import json
import zipfile
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from retrolabel.interop.for_tools.question import suggested

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from retrolabel.interop.for_tools.question import Question, Suggested

ALL = "all"
"""What doccano calls the file of everybody; it names nobody."""
NO_NAME = "/\\\0\n\r\t"
"""Characters that a file's name cannot have."""
NOTE = (
    "doccano knows no suggestions: labels come as annotations. Export only approved documents from it, or ask for"
    " --only guessed or --only uncovered, which have no label"
)


def write(tables: Iterable[pa.Table], stream: IO[bytes], question: Question) -> int:
    """Write a line for each item, or for each answer of a person, and return how many items there are."""
    count = 0
    for count, item in enumerate(suggested(tables, question), 1):  # noqa: B007 - it is returned
        for each in item.of_each():
            stream.write(_line(each, question))
    return count


def write_zip(tables: Iterable[pa.Table], stream: IO[bytes], question: Question) -> int:
    """Write a file for each person into an archive, and return how many items there are.

    Items, and answers of nobody who is named, are in ``all.jsonl``.
    """
    files: dict[str, list[bytes]] = {}
    count = 0
    for count, item in enumerate(suggested(tables, question), 1):  # noqa: B007 - it is returned
        for each in item.of_each():
            files.setdefault(_file(each), []).append(_line(each, question))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), b"".join(files[name]), zipfile.ZIP_DEFLATED)
    return count


def _line(item: Suggested, question: Question) -> bytes:
    """Return the line of an item that has one answer at most."""
    labels = [each.label for each in item.answers] or ([item.label] if item.label is not None else [])
    record: dict[str, Any] = {"text": item.text, "label": labels, "item_id": item.item_id, "source": item.source}
    if not item.answers:
        record["probability"] = item.probability
    return json.dumps({**record, **item.told, **question.origin, **item.kept()}, ensure_ascii=False).encode() + b"\n"


def _file(item: Suggested) -> str:
    """Return the file of the person who answered; what no file is called like is written by its codes."""
    who = next((each.annotator for each in item.answers), None)
    return f"{''.join(quote(each, safe='') if each in NO_NAME else each for each in who or ALL)}.jsonl"
