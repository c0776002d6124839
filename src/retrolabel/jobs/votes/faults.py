"""Faults of labeling functions on the items as they are now: how many, how large a share, and which were kept.

Votes are stored for all rows of a segment, also for those whose item was revised since. Such rows are in no
label set, so what failed on them counts nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import FaultRateError, Problem
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.records.votes import FAULT
from retrolabel.jobs.votes.reading import read_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.votes import StoredFault, VoteColumn
    from retrolabel.jobs.votes.book import VotesBook

SETTING = "max_fault_rate"
ELSEWHERE = ""
"""Stands for the segments of a label set on which nothing failed under a key of their own."""


@dataclass
class Said:
    """What a labeling function did on the live items of some segments.

    Attributes:
        items: How many there are.
        votes: On how many it voted.
        faults: On how many it failed.
        keys: The vote keys under which faults may have been kept.
    """

    items: int = 0
    votes: int = 0
    faults: int = 0
    keys: list[str] = field(default_factory=list)

    def fails_on_more_than(self, highest: float) -> bool:
        """Return whether it failed on a larger share of the items than this."""
        return self.faults > highest * self.items


def said_by_lf(plan: Plan, columns: Mapping[str, VoteColumn], objects: Objects) -> dict[str, Said]:
    """Return LF -> what it did on the plan's live items.

    Only segments with rows that were revised are read; of the others the catalog knows the numbers.

    Args:
        plan: The plan.
        columns: Vote key -> stored votes, for every vote of the plan that counts.
        objects: Where files are.
    """
    found = {lf.name: Said() for lf in plan.task.lfs}
    for votes in plan.by_segment.values():
        there = [(vote, columns[vote.key]) for vote in votes if vote.key in columns]
        revised = [column for vote, column in there if vote.segment.superseded and (column.votes or column.faults)]
        tables, read = read_columns(revised, objects), {column.key for column in revised}
        rows = votes[0].segment.live_rows() if revised else np.zeros(0, np.int64)
        for vote, column in there:
            said = found[vote.lf.name]
            voted, faults = column.votes, column.faults
            if column.key in read:
                voted, faults = _on_rows(tables[column.path].column(column.column), rows)
            said.items += vote.segment.live
            said.votes += voted
            said.faults += faults
            if faults:
                said.keys.append(vote.key)
    return found


def _on_rows(stored: pa.ChunkedArray, rows: npt.NDArray[np.int64]) -> tuple[int, int]:
    """Return on how many of some rows an LF voted, and on how many it failed."""
    whole = stored.combine_chunks()
    failed = np.asarray([text == FAULT for text in whole.dictionary.to_pylist()], dtype=np.bool_)
    places = whole.take(pa.array(rows)).indices.drop_null().to_numpy(zero_copy_only=False)
    faults = int(failed[places].sum())
    return len(places) - faults, faults


@dataclass(frozen=True)
class Failing:
    """A labeling function that failed on too large a share of the items.

    Attributes:
        lf: Its name.
        said: What it did.
        first: The first of its faults that was kept.
        place: Its file, with the line at which it failed where the traceback tells.
    """

    lf: str
    said: Said
    first: StoredFault | None
    place: str


def failing_lfs(
    plan: Plan, said: Mapping[str, Said], votes: VotesBook, objects: Objects, highest: float
) -> list[Failing]:
    """Return the labeling functions that failed on a larger share of the items than they may, with their first fault.

    Args:
        plan: The plan.
        said: What each did.
        votes: Where faults were kept.
        objects: Where files are.
        highest: The share of the items on which one may fail.
    """
    failing = {lf: each for lf, each in said.items() if each.fails_on_more_than(highest)}
    first: dict[str, StoredFault] = {}
    keys = {key for each in failing.values() for key in each.keys}
    for fault in kept_faults(plan, votes, objects, keys) if keys else ():
        first.setdefault(fault.key, fault)
    found = []
    for lf, each in failing.items():
        kept = next((first[key] for key in each.keys if key in first), None)
        found.append(Failing(lf, each, kept, _place(plan.task.code[lf]["file"], kept.trace if kept else "")))
    return found


def fault_rate_error(task: str, failing: Sequence[Failing], highest: float, *, may_skip: bool = True) -> FaultRateError:
    """Return what is said where labeling functions failed too often: each, its share, the first item it failed on.

    Args:
        task: The task.
        failing: The labeling functions.
        highest: The share of the items on which one may fail.
        may_skip: Whether they could sit out; else they are all that are left.
    """
    problems = []
    for each in failing:
        kept, said = each.first, each.said
        example = f"; first on item {kept.item_id} of {kept.source}: {kept.error}" if kept else ""
        what = f"failed on {said.faults:,} of {said.items:,} items{example}"
        problems.append(Problem(f"LF {each.lf} ({each.place})", what))
    out = "; or let them sit out: relabel --on-fault skip" if may_skip else ""
    return FaultRateError(
        f"{len(problems)} LF(s) failed on more than {highest:.1%} of the items"
        f"{'' if may_skip else ', and no other is left'}; no label set was made.",
        problems=problems,
        remedy=f"mend them (retrolabel lf faults {task} shows where they failed); or allow more:"
        f" {SETTING} = {_enough([each.said for each in failing]):.2f} at the top of retrolabel.toml, above the first"
        f" [table] (in pyproject.toml: under [tool.retrolabel]){out}. The votes of the others are kept",
    )


def _enough(failing: Collection[Said]) -> float:
    """Return the lowest limit, in whole percents, that lets all of them through."""
    limits = (percent / 100 for percent in range(101))
    return next(limit for limit in limits if not any(said.fails_on_more_than(limit) for said in failing))


def _place(file: str, trace: str) -> str:
    """Return the file, with the line at which it failed where the traceback tells."""
    name = file.rpartition("/")[2]
    lines = re.findall(rf'{re.escape(name)}", line (\d+)', trace)
    return f"{file}:{lines[-1]}" if lines else file


def kept_faults(plan: Plan, votes: VotesBook, objects: Objects, keys: Collection[str]) -> list[StoredFault]:
    """Return the faults that were kept under vote keys of a plan, on items as they are now.

    Args:
        plan: The plan.
        votes: Where they were kept.
        objects: Where files are.
        keys: The vote keys.
    """
    faults = votes.faults(sorted(set(keys)))
    wanted = _ids_by_key(faults)
    live: set[tuple[str, str]] = set()
    for of_segment in plan.by_segment.values():  # several segments may share a key
        segment, asked = of_segment[0].segment, {vote.key for vote in of_segment} & wanted.keys()
        there = {item_id for key in asked for item_id in wanted[key]}
        if there and segment.superseded:
            ids = objects.read_table(segment.path, [ITEM_ID], sha256=segment.sha256).column(ITEM_ID)
            there = _among(ids.take(pa.array(segment.live_rows())), there)
        live |= {(key, item_id) for key in asked for item_id in wanted[key] & there}
    return [fault for fault in faults if (fault.key, fault.item_id) in live]


def faults_behind(label_set: LabelSet, votes: VotesBook) -> list[StoredFault]:
    """Return the faults that were kept on the items of a label set, as they were when it was made."""
    keys = label_set.manifest["recorded"].get("vote_keys", ())
    faulty = {key: column for key, column in votes.columns(list(keys)).items() if column.faults}
    faults = votes.faults(sorted(faulty))
    wanted = {item_id for ids in _ids_by_key(faults).values() for item_id in ids}
    if not wanted:
        return []
    segments = {column.segment for column in faulty.values()}
    there: dict[str, set[str]] = {}
    for made, (_, items) in zip(label_set.manifest["outputs"]["segments"], label_set.parts(), strict=True):
        # Under one key may be the votes on two segments; the faults kept are those of one.
        where = made["id"] if made["id"] in segments else ELSEWHERE
        there.setdefault(where, set()).update(_among(items.column(ITEM_ID), wanted))
    elsewhere = there.get(ELSEWHERE, set())
    return [fault for fault in faults if fault.item_id in there.get(faulty[fault.key].segment, elsewhere)]


def _ids_by_key(faults: Iterable[StoredFault]) -> dict[str, set[str]]:
    """Return vote key -> ids of the items that faults are kept of."""
    found: dict[str, set[str]] = {}
    for fault in faults:
        found.setdefault(fault.key, set()).add(fault.item_id)
    return found


def _among(ids: pa.ChunkedArray, wanted: Collection[str]) -> set[str]:
    """Return those of some ids that are wanted."""
    return set(ids.filter(pc.is_in(ids, value_set=pa.array(sorted(wanted), ids.type))).to_pylist())
