"""What a person gets in a round: the same columns for every item, so that nothing shows what an item is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.jobs.gold.calibration.parts import shuffled
from retrolabel.jobs.gold.samples import BATCH, CHOICES, LABEL, items_to_show
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.calibration.parts import Parts
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.calibration import CalibrationSet
    from retrolabel.schema.versions import LabelSchema

ANNOTATOR, WHY = "annotator", "why"
UNSAFE = re.compile(r"[^\w.@+-]+")


def mark(task: str, number: int) -> str:
    """Return what tells a file of a round, in its column ``batch``, and where it lies.

    Example:
        >>> mark("mood", 7)
        'mood/round-07'
    """
    return f"{task}/round-{number:02d}"


def file_names(people: Sequence[str]) -> dict[str, str]:
    """Return person -> the name of their file; two whose names differ in signs or case alone get two files.

    Example:
        >>> file_names(["Ana M.", "ana m.", "ben"])
        {'Ana M.': 'Ana_M.csv', 'ana m.': 'ana_m-2.csv', 'ben': 'ben.csv'}
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for person in people:
        plain = UNSAFE.sub("_", person).strip("._") or "person"
        name, times = plain, 1
        while name.casefold() in taken:
            times += 1
            name = f"{plain}-{times}"
        taken.add(name.casefold())
        found[person] = f"{name}.csv"
    return found


def shown_columns(design: CalibrationSet, contract: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the columns of texts that people see, and those that they do not, since the file has its own of that name.

    Args:
        design: The set.
        contract: The columns of the source.
    """
    clash = [name for name in contract if name.casefold() in (ANNOTATOR, WHY)]
    return [name for name in design.columns if name not in clash], clash


def sheets(  # noqa: PLR0913 - what is asked, and where its texts are
    parts: Parts,
    design: CalibrationSet,
    *,
    number: int,
    people: Sequence[str],
    asked: LabelSchema,
    feedback: FeedbackBook,
    objects: Objects,
) -> dict[str, pa.Table]:
    """Return person -> their file, as a table: id, texts, choices, batch, annotator, why and label, which are empty.

    Args:
        parts: What is asked.
        design: The set.
        number: The round.
        people: Who is asked.
        asked: The version that they are asked under.
        feedback: What items there are.
        objects: Where their texts are.
    """
    columns, clash = shown_columns(design, list(feedback.sources()[design.source]))
    table, _ = items_to_show(design.source, columns, feedback, objects)
    table = table.drop_columns([name for name in clash if name in table.column_names])
    ids = table.column(ITEM_ID).combine_chunks()
    found = {}
    for person in people:
        order = shuffled(parts.of(person), "\0".join([mark(design.task, number), str(design.seed), person]))
        places = pc.index_in(pa.array([item.item_id for item in order], pa.string()), ids)
        rows = table.take(places)
        same: Mapping[str, str] = {
            CHOICES: " | ".join(asked.ids),
            BATCH: mark(design.task, number),
            ANNOTATOR: person,
            WHY: "",
            LABEL: "",
        }
        for name, value in same.items():
            rows = rows.append_column(name, pa.array([value] * len(order), pa.string()))
        found[person] = rows
    return found
