"""Label Studio's exports: JSON (tasks with annotations), and JSON_MIN and CSV (a row for each annotation)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.interop.labelling_tools.answered import ANSWERED, restoring
from retrolabel.interop.labelling_tools.answers import SPANS, Answer, LeftOut, Tool, as_person, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Record = Mapping[str, Any]

RESULTS = ("choices", "rating", "taxonomy", "pairwise", "number", "selected")
"""Where the value of a result holds what a person chose for a whole item."""
PARTS = ("start", "end", "x", "y", "points", "globalOffsets", "paragraphlabels", "labels", "hypertextlabels")
"""What the value of a result has that is about a part of an item."""
OF_A_ROW = {
    "id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "annotator_email", "completed_by",
    "agreement", "ground_truth", "was_cancelled", "project", "inner_id", "meta", ANSWERED,
}  # fmt: skip
"""Columns of JSON_MIN and CSV that are neither data nor answers."""


def is_task(record: Record) -> bool:
    """Return whether a record is a task with its annotations."""
    return isinstance(record.get("data"), dict) and isinstance(
        record.get("annotations", record.get("completions")), list
    )


def is_row(record: Record) -> bool:
    """Return whether a record is one annotation as JSON_MIN and CSV have it."""
    return "annotation_id" in record and bool({"lead_time", "annotator"} & record.keys())


def answers_of_task(record: Record) -> Iterator[Answer | LeftOut]:
    """Yield the answers in a task, and what else there is."""
    for each in record.get("annotations", record.get("completions")) or ():
        if not isinstance(each, dict):
            yield LeftOut("annotation without its content")
        elif each.get("was_cancelled") or each.get("skipped"):
            yield LeftOut("cancelled annotation")
        else:
            yield from _of_annotation(each)
    for what in ("predictions", "drafts"):
        for _ in record.get(what) or ():
            yield LeftOut(what.removesuffix("s"))


def _of_annotation(annotation: Record) -> Iterator[Answer | LeftOut]:
    found: dict[str, list[str]] = {}
    results = [each for each in annotation.get("result") or () if isinstance(each, dict)]
    for each in results:
        value = each.get("value")
        if not isinstance(value, dict):
            continue
        held = next((name for name in RESULTS if name in value), None)
        if any(part in value for part in PARTS):
            yield LeftOut(SPANS)
        elif held is None:
            yield LeftOut(f"result of the kind {each.get('type') or 'unknown'}")
        else:
            chose = value[held]
            if held == "taxonomy":  # each choice is the way to it, from the root
                chose = [way[-1] if isinstance(way, list) and way else way for way in chose or ()]
            found.setdefault(str(each.get("from_name", "")), []).extend(chosen(chose))
    if not results:
        yield LeftOut("empty annotation")
    for question, labels in found.items():
        yield Answer(
            question,
            tuple(labels),
            as_person(annotation.get("completed_by")),
            annotation.get("updated_at") or annotation.get("created_at"),
            annotation.get("lead_time"),
            stands=bool(annotation.get("ground_truth")),
        )


def answers_of_row(record: Record) -> Iterator[Answer | LeftOut]:
    """Yield an answer for each column that may hold one; which of them are questions only the labels tell."""
    if _is_true(record.get("was_cancelled")):
        yield LeftOut("cancelled annotation")
        return
    for column, value in record.items():
        if column in OF_A_ROW:
            continue
        if isinstance(value, dict) and "choices" in value:
            value = value["choices"]  # noqa: PLW2901 - what was chosen
        if isinstance(value, list) and any(isinstance(each, dict) for each in value):
            if any(part in each for each in value if isinstance(each, dict) for part in PARTS):
                yield LeftOut(SPANS)
            continue
        if isinstance(value, dict):
            continue
        yield Answer(
            column,
            chosen(value),
            as_person(record.get("annotator") or record.get("completed_by") or record.get("annotator_email")),
            record.get("updated_at") or record.get("created_at"),
            record.get("lead_time"),
            stands=_is_true(record.get("ground_truth")),
        )


def _is_true(value: object) -> bool:
    return value is True or str(value).strip().casefold() in ("true", "1")


TASKS = Tool(
    "label-studio",
    "Label Studio (JSON)",
    is_task,
    restoring(answers_of_task),
    items=("data.item_id", "item_id", "meta.item_id"),
    own_id="id",
    within=("data",),
)
ROWS = Tool(
    "label-studio",
    "Label Studio (JSON_MIN or CSV)",
    is_row,
    restoring(answers_of_row),
    own_id="id",
    columns=True,
    flat=True,
)
