"""A data set for Argilla, as its client writes one to a folder: settings, and records with suggestions or responses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from retrolabel.interop.for_tools.question import SHORT_ID, free_name, suggested
from retrolabel.jobs.gold.rows import UNNAMED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pyarrow as pa

    from retrolabel.interop.for_tools.question import Given, Question, Suggested

SETTINGS, DATASET, RECORDS = FILES = (".argilla/settings.json", ".argilla/dataset.json", "records.json")


def write(tables: Iterable[pa.Table], folder: Path, question: Question) -> int:
    """Write a folder that ``Dataset.from_disk`` reads, and return how many records there are."""
    (folder / ".argilla").mkdir()
    (folder / SETTINGS).write_text(_json(settings(question)), encoding="utf-8")
    (folder / DATASET).write_text(_json(_data_set(question)), encoding="utf-8")
    count = 0
    with (folder / RECORDS).open("wb") as stream:
        for count, item in enumerate(suggested(tables, question), 1):
            stream.write(b"[\n" if count == 1 else b",\n")
            stream.write(json.dumps(record(item, question), ensure_ascii=False).encode())
        stream.write(b"\n]\n" if count else b"[]\n")
    return count


def settings(question: Question) -> dict[str, Any]:
    """Return what Argilla shows and asks: the texts, and one choice of the labels, whose values are their ids."""
    options = [
        {"value": each.id, "text": each.title or each.id, "description": each.definition or None}
        for each in question.choices
    ]
    fields = [
        {"name": name, "title": column, "required": place == 0, "settings": {"type": "text", "use_markdown": False}}
        for place, (column, name) in enumerate(_names(question).items())
    ]
    asked = {
        "name": _name(question.task),
        "title": question.task,
        "required": True,
        "settings": {"type": "label_selection", "options": options, "visible_options": None},
    }
    shown = {"visible_for_annotators": True}
    metadata = [
        {"name": name, "title": name, "settings": {"type": kind, **shown}, **shown}
        for name, kind in (("item_id", "terms"), ("source", "terms"), ("probability", "float"))
    ]
    return {
        "guidelines": _guidelines(question),
        "questions": [asked],
        "fields": fields,
        "vectors": [],
        "metadata": metadata,
        "allow_extra_metadata": True,
        "distribution": {"strategy": "overlap", "min_submitted": 1},
        "mapping": None,
    }


def record(item: Suggested, question: Question) -> dict[str, Any]:
    """Return an item as a record: its label a suggestion, people's answers responses."""
    told = {"item_id": item.item_id, "source": item.source, "probability": item.probability}
    metadata = {**told, **item.told, **question.origin, **item.kept(user_id)}
    said = {"value": item.label, "score": item.probability, "agent": question.by}
    return {
        "id": f"{item.source}/{item.item_id}",
        "fields": {name: item.texts[column] for column, name in _names(question).items()},
        "metadata": {name: value for name, value in metadata.items() if value is not None},
        "suggestions": {_name(question.task): said} if item.label is not None else {},
        "responses": {_name(question.task): [_response(each) for each in item.answers]} if item.answers else {},
        "vectors": {},
    }


def _response(given: Given) -> dict[str, str]:
    return {"value": given.label, "user_id": user_id(given), "status": "submitted"}


def user_id(given: Given) -> str:
    """Return the id by which Argilla knows a person: the name itself where it is a UUID, else one that is made of it.

    Example:
        >>> from retrolabel.interop.for_tools.question import Given
        >>> user_id(Given("ana", "bug"))
        '188d19ad-bb42-5c76-a8e1-c4d0284c9d7d'
    """
    name = given.annotator or UNNAMED
    try:
        return str(UUID(name))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, name))


def _data_set(question: Question) -> dict[str, Any]:
    of = question.label_set[:SHORT_ID] or "gold"
    return {"name": _name(f"{question.task}-{of}"), "guidelines": _guidelines(question)}


def _guidelines(question: Question) -> str:
    """Return the definitions of the labels, and what they are of."""
    lines = [f"- **{each.title or each.id}**: {each.definition}" for each in question.choices if each.definition]
    return "\n".join([f"{question.task} {question.version}", "", *lines])


def _names(question: Question) -> dict[str, str]:
    """Return column -> the field that shows it."""
    names: dict[str, str] = {}
    for column in question.texts:
        names[column] = free_name(_name(column), list(names.values()))
    return names


def _name(text: str) -> str:
    """Return a name as Argilla's server takes one."""
    return text.lower()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
