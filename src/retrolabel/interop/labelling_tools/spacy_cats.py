"""spaCy's categories: ``cats`` in records of JSON, in pairs of text and annotations, and in a DocBin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.interop.labelling_tools.answers import SPANS, Answer, LeftOut, Tool, holds_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    Record = Mapping[str, Any]

COMPRESSED = b"\x78"
"""How a DocBin begins: zlib."""


def is_record(record: Record) -> bool:
    """Return whether a record has categories, each with a score or truth value."""
    cats = record.get("cats")
    if isinstance(cats, dict):
        return all(isinstance(each, (bool, int, float)) for each in cats.values())
    paragraphs = record.get("paragraphs")
    return isinstance(paragraphs, list) and any("cats" in each for each in paragraphs if isinstance(each, dict))


def answers(record: Record) -> Iterator[Answer | LeftOut]:
    """Yield the categories that hold, those with a score of 0.5 and above, as one answer; they name nobody."""
    for _ in record.get("ents") or record.get("entities") or ():
        yield LeftOut(SPANS)
    cats = record.get("cats")
    if not isinstance(cats, dict):
        inner = [each for each in record.get("paragraphs") or () if isinstance(each, dict)]
        cats = {each["label"]: each["value"] for part in inner for each in part.get("cats") or ()}
    labels = tuple(str(label) for label, score in cats.items() if holds_of(score))
    if labels:
        yield Answer("", labels)
    else:
        yield LeftOut("record without a category that holds")


def as_record(value: object) -> Record | None:
    """Return a pair of text and annotations, as spaCy is trained with, as a record; ``None`` if it is none.

    Example:
        >>> as_record(["so slow", {"cats": {"slow": 1}}])
        {'text': 'so slow', 'cats': {'slow': 1}}
    """
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - a pair
        return None
    text, told = value
    return {"text": text, **told} if isinstance(text, str) and isinstance(told, dict) else None


def docs(path: Path) -> list[Record] | None:
    """Return the records in a DocBin; ``None`` if the file is none."""
    with path.open("rb") as stream:
        head = stream.read(2)
    if not head.startswith(COMPRESSED) or int.from_bytes(head) % 31:
        return None
    import spacy  # noqa: PLC0415 - it takes a second, and few files need it
    from spacy.tokens import DocBin  # noqa: PLC0415 - the same

    try:
        found = DocBin().from_bytes(path.read_bytes())
        made = list(found.get_docs(spacy.blank("xx").vocab))
    except Exception:  # noqa: BLE001 - whatever other bytes make it raise
        return None
    return [_of_doc(doc) for doc in made]


def _of_doc(doc: Any) -> Record:  # noqa: ANN401 - spaCy's
    """Return a document as a record; what its user data say under plain names stands beside."""
    told = {key: value for key, value in doc.user_data.items() if isinstance(key, str)}
    ents = [{"start": each.start_char, "end": each.end_char, "label": each.label_} for each in doc.ents]
    return {**told, "text": doc.text, "cats": dict(doc.cats), "ents": ents}


SPACY = Tool("spacy", "spaCy", is_record, answers, items=("item_id", "meta.item_id", "user_data.item_id"), own_id="id")
