"""Prodigy's annotations as JSONL, as ``db-out`` writes them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from retrolabel.interop.labelling_tools.answered import restoring
from retrolabel.interop.labelling_tools.answers import SPANS, Answer, LeftOut, Tool, as_label, as_person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Record = Mapping[str, Any]

ANSWERS = ("accept", "reject", "ignore")


def is_record(record: Record) -> bool:
    """Return whether a record is one of Prodigy's: it has an answer, and a hash or choices."""
    marks = {"_input_hash", "_task_hash", "_session_id", "_annotator_id", "options", "accept", "_view_id"}
    return record.get("answer") in ANSWERS and bool(marks & record.keys())


def answers(record: Record) -> Iterator[Answer | LeftOut]:
    """Yield the answer in a record: what was accepted of its choices, or its label where that was accepted."""
    if record["answer"] != "accept":
        yield LeftOut({"reject": "rejected answer", "ignore": "ignored answer"}[record["answer"]])
        return
    accepted = record.get("accept")
    if isinstance(accepted, list):
        texts = {
            _key(each.get("id")): each.get("text") for each in record.get("options") or () if isinstance(each, dict)
        }
        labels = tuple(_spelled(each, texts) for each in accepted)
    elif record.get("label") not in (None, ""):
        labels = (as_label(record["label"]),)
    elif record.get("spans") or record.get("relations"):
        yield from (LeftOut(SPANS) for _ in record.get("spans") or record["relations"])
        return
    else:
        labels = ()
    if not labels:
        yield LeftOut("accepted answer without a choice")
        return
    who = as_person(record.get("_annotator_id")) or as_person(record.get("_session_id"))
    yield Answer("", labels, who, record.get("_timestamp"))


def _spelled(choice: object, texts: Mapping[str, object]) -> str:
    """Return a choice by its id; where that is a number alone, by what the person read."""
    key = _key(choice)
    text = texts.get(key)
    return str(text) if key.lstrip("-").isdigit() and isinstance(text, str) and text else key


def _since_1970(time: str) -> float | str:
    """Return a time in seconds since 1970; as it is, where it is none."""
    try:
        return datetime.fromisoformat(time).timestamp()
    except ValueError:
        return time


def _key(choice: object) -> str:
    return as_label(choice)


PRODIGY = Tool(
    "prodigy",
    "Prodigy",
    is_record,
    restoring(answers, _since_1970),
    items=("item_id", "meta.item_id"),
    own_id="_input_hash",
    time_format="epoch-s",
    flat=True,
)
