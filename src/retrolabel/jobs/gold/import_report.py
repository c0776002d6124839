"""What an import of human labels did, or would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.errors import Problem
    from retrolabel.jobs.gold.meanings import OutsideValue
    from retrolabel.jobs.gold.superseding import Superseding


@dataclass(frozen=True)
class GoldReport:
    """What an import of human labels did.

    Attributes:
        task: The task.
        rows: Rows of the file.
        added: Labels that are new.
        known: Labels that the store had already.
        unlabelled: Rows without a label, which say that the person gave none; cells, where each person has a column.
        roles: Role -> number of labels in the file.
        ties: Items of the task that are excluded because people were tied.
        quarantined: Rows put aside: the source does not have their item, the value is no label, or the time
            cannot be kept.
        quarantine: Where they are, if there are any.
        outside: The values that are no labels, most frequent first, with how many rows were put aside for each.
        superseded: Whose earlier answers do not count any more, and whose answers of the file are too old to count.
        outside_time: Rows put aside because their time cannot be kept.
        unknown_items: Rows put aside because the source does not have their item.
        notes: What was assumed of the file.
        design: What the draw of its items is taken for: ``random``, ``stratified`` or ``other``.
        not_random: Why it is not taken for the random sample that it was said to be.
        drawn_before: Items that keep the draw that they came from first.
        batch: The number of the draw that the file was written for.
        waiting: The items of that draw that nobody has labelled yet.
        schema_version: The version that the labels are of.
        source: The source of the items.
        near_test: Dev items, of this file or before, that are near copies of test items and stay out of dev.
        revised: Items of it whose text changed since people were shown it: these labels are suspect.
        read_as: What the file was recognised as, where it is of a labelling tool.
        left_out: What of such a file is no answer that counts -> how often.
        several: Answers put aside, since they choose several labels.
        matched_by: The columns by which rows without ids were matched to items.
        unmatched: Rows put aside, since no item has their text.
        ambiguous: Rows put aside, since several items have their text.
        put_aside: What is wrong with the first rows of those three kinds.
        dry_run: Whether all this is what an import would do, and nothing was stored.
        first: Of a dry run: the first labels as they would be stored, by field; ``row`` is where each stands.
    """

    task: str
    rows: int
    added: int
    known: int
    unlabelled: int
    roles: Mapping[str, int]
    ties: int
    quarantined: int = 0
    quarantine: str | None = None
    outside: tuple[OutsideValue, ...] = ()
    superseded: tuple[Superseding, ...] = ()
    outside_time: int = 0
    notes: tuple[str, ...] = ()
    unknown_items: int = 0
    design: str = "other"
    not_random: str | None = None
    drawn_before: int = 0
    batch: int | None = None
    waiting: tuple[str, ...] = ()
    schema_version: str = ""
    source: str = ""
    near_test: int = 0
    revised: int = 0
    read_as: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)
    several: int = 0
    matched_by: tuple[str, ...] = ()
    unmatched: int = 0
    ambiguous: int = 0
    put_aside: tuple[Problem, ...] = ()
    dry_run: bool = False
    first: tuple[Mapping[str, object], ...] = ()
