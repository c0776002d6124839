"""Items for doccano as JSON lines: a text, its label, and metadata that an export of doccano gives back.

doccano knows no suggestions: a label that comes along is an annotation until somebody changes it. So a record without
the number that doccano gives is none of its exports, and its label nobody's answer (``labelling_tools.doccano``).
"""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING

from retrolabel.interop.for_tools.question import suggested

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from retrolabel.interop.for_tools.question import Question

NOTE = (
    "doccano knows no suggestions: labels come as annotations. Export only approved documents from it, or ask for"
    " --only guessed or --only uncovered, which have no label"
)


def write(tables: Iterable[pa.Table], stream: IO[bytes], question: Question) -> int:
    """Write a line for each item, and return how many there are."""
    count = 0
    for count, item in enumerate(suggested(tables, question), 1):  # noqa: B007 - it is returned
        record = {
            "text": item.text,
            "label": [item.label] if item.label is not None else [],
            "item_id": item.item_id,
            "source": item.source,
            "probability": item.probability,
            **item.told,
            **question.origin,
        }
        stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    return count
