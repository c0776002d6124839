"""doccano's exports of categories as JSONL: one file a person, or one of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.interop.labelling_tools.answered import restoring
from retrolabel.interop.labelling_tools.answers import SPANS, Answer, LeftOut, Tool, as_label, as_person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Record = Mapping[str, Any]

LABELS = ("label", "labels", "cats")
TEXTS = ("text", "data")
PARTS = ("entities", "relations")
"""What a record has where people marked parts of its text."""
OURS = "label_set"
"""What a record has that ``labels export`` wrote; doccano gives those that it took in a number of its own."""


def is_record(record: Record) -> bool:
    """Return whether a record is one of doccano's: a text, and a list of labels or of answers."""
    if not any(isinstance(record.get(name), str) for name in TEXTS):
        return False
    if any(isinstance(record.get(name), list) for name in PARTS):
        return True
    answers = record.get("annotations")
    if isinstance(answers, list) and "meta" in record:
        return all(isinstance(each, dict) and "label" in each for each in answers)
    return any(isinstance(record.get(name), list) and _of_labels(record[name]) for name in LABELS)


def answers(record: Record) -> Iterator[Answer | LeftOut]:
    """Yield the answer in a record; it names nobody, but in doccano before version 1.5."""
    if OURS in record and "id" not in record:
        yield LeftOut("suggestion")
        return
    for name in PARTS:
        for _ in record.get(name) or ():
            yield LeftOut(SPANS)
    if isinstance(record.get("annotations"), list):
        by: dict[str | None, list[str]] = {}
        for each in record["annotations"]:
            if "start_offset" in each:
                yield LeftOut(SPANS)
            else:
                by.setdefault(as_person(each.get("user")), []).append(as_label(each.get("label")))
        yield from (Answer("", tuple(labels), person) for person, labels in by.items())
        return
    given = next((record[name] for name in LABELS if isinstance(record.get(name), list)), None)
    if given is None:
        return
    spans = [each for each in given if isinstance(each, list)]
    yield from (LeftOut(SPANS) for _ in spans)
    labels = tuple(as_label(each) for each in given if not isinstance(each, list))
    if labels:
        yield Answer("", labels)
    elif not spans:
        yield LeftOut("record without a label")


def _of_labels(given: list[Any]) -> bool:
    return all(isinstance(each, str) or (isinstance(each, list) and len(each) == 3) for each in given)  # noqa: PLR2004 - start, end, label


DOCCANO = Tool(
    "doccano",
    "doccano",
    is_record,
    restoring(answers),
    items=("item_id", "meta.item_id", "metadata.item_id"),
    own_id="id",
)
