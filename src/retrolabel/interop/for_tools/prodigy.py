"""Items for Prodigy as JSON lines, for its interface ``choice``: the suggested choice is picked, or a person's."""

from __future__ import annotations

import json
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from retrolabel.interop.for_tools.question import suggested

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from retrolabel.interop.for_tools.question import Question, Suggested


def write(tables: Iterable[pa.Table], stream: IO[bytes], question: Question) -> int:
    """Write a line for each item, or for each answer of a person, and return how many items there are."""
    options = [{"id": choice.id, "text": choice.title or choice.id} for choice in question.choices]
    count = 0
    for count, item in enumerate(suggested(tables, question), 1):  # noqa: B007 - it is returned
        shown = {"item_id": item.item_id, "source": item.source, "probability": item.probability}
        for each in item.of_each():
            record: dict[str, Any] = {
                "text": item.text,
                "options": options,
                **({"accept": [item.label]} if item.label is not None else {}),
                **_answer(each),
                "meta": {name: value for name, value in shown.items() if value is not None},
                "item_id": item.item_id,
                "told": {**item.told, **question.origin},
            }
            stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
    return count


def _answer(item: Suggested) -> dict[str, Any]:
    """Return the answer of an item with one, as Prodigy keeps answers."""
    if not item.answers:
        return {}
    (given,) = item.answers
    at = datetime.fromisoformat(given.labelled_at).timestamp() if given.labelled_at else None
    who = {"_annotator_id": given.annotator, "_session_id": given.annotator, "_timestamp": at}
    told = {name: value for name, value in who.items() if value is not None}
    return {"accept": [given.label], "answer": "accept", "_view_id": "choice", **told, **item.kept()}
