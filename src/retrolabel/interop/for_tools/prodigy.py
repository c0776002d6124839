"""Items for Prodigy as JSON lines: choices with the suggested one picked, for its interface ``choice``."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

from retrolabel.interop.for_tools.question import suggested

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from retrolabel.interop.for_tools.question import Question


def write(tables: Iterable[pa.Table], stream: IO[bytes], question: Question) -> int:
    """Write a line for each item, and return how many there are."""
    options = [{"id": choice.id, "text": choice.title or choice.id} for choice in question.choices]
    count = 0
    for count, item in enumerate(suggested(tables, question), 1):  # noqa: B007 - it is returned
        shown = {"item_id": item.item_id, "source": item.source, "probability": item.probability}
        record: dict[str, Any] = {
            "text": item.text,
            "options": options,
            **({"accept": [item.label]} if item.label is not None else {}),
            "meta": {name: value for name, value in shown.items() if value is not None},
            "item_id": item.item_id,
            "told": {**item.told, **question.origin},
        }
        stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    return count
