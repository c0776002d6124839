"""Which items of a label set are in the slices of its task: what is missing is planned, what is kept is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from retrolabel.errors import MissingColumnError, Problem, did_you_mean
from retrolabel.jobs.label_sets.kept_votes import read_column
from retrolabel.jobs.label_sets.patterns import ids_by_source
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID
from retrolabel.jobs.records.plans import VotePlan, VoteTask
from retrolabel.jobs.records.votes import FAULT
from retrolabel.jobs.votes.keys import vote_key
from retrolabel.labeling.slicing import who

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.gold import Key
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.jobs.votes.book import VotesBook

OUT, IN, FAILED = 0, 1, -1


@dataclass(frozen=True, eq=False)
class SliceMembers:
    """Who is in one slice.

    Attributes:
        said: int [n]: of each item that was asked for: ``IN``, ``OUT``, or ``FAILED`` where that cannot be said.
        items: How many items of the label set are in it.
        of: Of how many it could be said.
        failed: On how many of the label set its function failed.
        faults: Vote keys under which faults may have been kept.
    """

    said: npt.NDArray[np.int64]
    items: int
    of: int
    failed: int
    faults: tuple[str, ...]


def plan_slices(
    task: FoundTask,
    label_set: LabelSet,
    segments: Mapping[str, Segment],
    contracts: Mapping[str, Mapping[str, str]],
    votes: VotesBook,
) -> VotePlan:
    """Return what of slice functions is kept of a label set's segments, and what is to be computed.

    Args:
        task: The task with its slice functions where labeling functions are: :meth:`FoundTask.of_slices`.
        label_set: The label set.
        segments: Segment id -> segment; those that are gone are left out.
        contracts: Source -> column -> type.
        votes: What is kept.

    Raises:
        MissingColumnError: They read columns that no source of the label set has; all of them.
    """
    made = [segments[each["id"]] for each in label_set.manifest["outputs"]["segments"] if each["id"] in segments]
    _check_columns(task, {segment.source for segment in made}, contracts)
    wanted = [
        (lf, segment, vote_key(task, lf, segment, contracts.get(segment.source, {})))
        for segment in made
        for lf in task.lfs
    ]
    stored = votes.columns([key for _, _, key in wanted])
    return VotePlan(task, tuple(VoteTask(*each, stored.get(each[2])) for each in wanted), contracts)


def read_members(
    plan: VotePlan, columns: Mapping[str, VoteColumn], label_set: LabelSet, keys: Sequence[Key], objects: Objects
) -> dict[str, SliceMembers]:
    """Return the name under which a slice function is kept -> who is in the slice.

    Args:
        plan: What was wanted.
        columns: Vote key -> what is kept, for all of it.
        label_set: The label set.
        keys: (source, item id) of the items that are asked for.
        objects: Where files are.
    """
    place = {key: row for row, key in enumerate(keys)}
    found = {lf.name: _Reading(len(keys)) for lf in plan.task.lfs}
    by_segment: dict[str, list[VoteTask]] = {}
    for vote in plan.votes:
        by_segment.setdefault(vote.segment.id, []).append(vote)
    ids = ids_by_source(keys)
    for votes in by_segment.values():
        segment = votes[0].segment
        items = label_set.items_of(segment.id, [ITEM_ID, "row"])
        rows = np.asarray(items.column("row").to_numpy(), np.int64)
        asked = np.zeros(len(rows), np.bool_)
        if segment.source in ids:
            asked = np.asarray(pc.is_in(items.column(ITEM_ID), ids[segment.source]))
        names = items.column(ITEM_ID).filter(asked).to_pylist()
        places = np.array([place[segment.source, name] for name in names], np.int64)
        for vote in votes:
            found[vote.lf.name].add(_said(columns[vote.key], objects)[rows], asked, places, vote.key)
    return {name: reading.members() for name, reading in found.items()}


class _Reading:
    """Who is in one slice, as segments are read."""

    def __init__(self, asked: int) -> None:
        self.said = np.full(asked, FAILED, np.int64)  # of items whose segment is gone nothing can be said
        self.counts = dict.fromkeys((OUT, IN, FAILED), 0)
        self.faults: list[str] = []

    def add(
        self, said: npt.NDArray[np.int64], asked: npt.NDArray[np.bool_], places: npt.NDArray[np.int64], key: str
    ) -> None:
        self.said[places] = said[asked]
        for kind in self.counts:
            self.counts[kind] += int((said == kind).sum())
        if (said == FAILED).any():
            self.faults.append(key)

    def members(self) -> SliceMembers:
        counts = self.counts
        return SliceMembers(
            self.said, counts[IN], counts[IN] + counts[OUT], counts[FAILED], tuple(dict.fromkeys(self.faults))
        )


def _said(column: VoteColumn, objects: Objects) -> npt.NDArray[np.int64]:
    """Return what a slice function said of each row of a segment."""
    codes, texts = read_column(column, objects)
    return np.array([OUT, *(FAILED if text == FAULT else IN for text in texts)], np.int64)[codes]


def _check_columns(task: FoundTask, sources: Iterable[str], contracts: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse slice functions that read a column that no source has; where one has it, it is missing in the others."""
    columns = [ITEM_ID, CREATED_AT, *sorted({name for source in sources for name in contracts.get(source, {})})]
    problems = [
        Problem(
            f"{who(lf.name)} ({task.code[lf.name]['file']})",
            f"reads the column {column!r}, which no source of the label set has.{did_you_mean(column, columns)}"
            f" They have: {', '.join(columns)}",
        )
        for lf in task.lfs
        for column in lf.reads
        if column not in columns
    ]
    if problems:
        raise MissingColumnError(
            f"Slices of {task.name!r} read columns that are not there.",
            problems=problems,
            remedy="a parameter is a column or a feature: rename it",
        )
