"""Records that hold a list of answers, each with its person: ``[{"user": "ana", "label": "bug"}]``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.interop.labelling_tools.answers import Answer, LeftOut, Tool, as_person, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Record = Mapping[str, Any]

PEOPLE = (
    "user", "annotator", "worker", "rater", "coder", "labeller", "labeler", "person", "by", "author", "reviewer",
    "user_id", "annotator_id", "worker_id", "workerid", "rater_id", "username", "email", "labeled_by", "labelled_by",
)  # fmt: skip
LABELS = ("label", "labels", "answer", "value", "choice", "choices", "class", "category", "tag", "tags", "rating")
TIMES = ("labelled_at", "labeled_at", "created_at", "updated_at", "time", "timestamp", "at", "date")
REASONS = ("rationale", "reason", "comment", "why", "explanation", "note")


def is_record(record: Record) -> bool:
    """Return whether a record holds just one list of answers."""
    return len(list(_lists(record))) == 1


def answers(record: Record) -> Iterator[Answer | LeftOut]:
    """Yield the answers in the list of a record."""
    for given in _lists(record):
        for each in given:
            person, label = _key(each, PEOPLE), _key(each, LABELS)
            labels = chosen(each[label]) if label else ()
            if not labels:
                yield LeftOut("answer without a label")
                continue
            time, reason = _key(each, TIMES), _key(each, REASONS)
            yield Answer(
                "",
                labels,
                as_person(each[person]) if person else None,
                each[time] if time else None,
                rationale=str(each[reason]) if reason and each[reason] else None,
            )


def _lists(record: Record) -> Iterator[list[Record]]:
    for given in record.values():
        if isinstance(given, list) and given and all(_is_answer(each) for each in given):
            yield given


def _is_answer(value: object) -> bool:
    return isinstance(value, dict) and _key(value, PEOPLE) is not None and _key(value, LABELS) is not None


def _key(value: Record, names: tuple[str, ...]) -> str | None:
    """Return the key that is called like one of some names, whatever its case."""
    plain = {key.casefold(): key for key in value}
    return next((plain[name] for name in names if name in plain), None)


LISTED = Tool(
    "answers",
    "a list of answers, each with its person",
    is_record,
    answers,
    items=("item_id", "meta.item_id"),
    own_id="id",
)
