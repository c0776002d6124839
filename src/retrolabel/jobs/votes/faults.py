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

from retrolabel.errors import FaultRateError, Problem
from retrolabel.jobs.records import FAULT, ITEM_ID
from retrolabel.jobs.votes import read_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import numpy.typing as npt

    from retrolabel.jobs.label_sets import LabelSet
    from retrolabel.jobs.plan import Plan, VoteTask
    from retrolabel.jobs.ports import Catalog, Objects
    from retrolabel.jobs.records import StoredFault, VoteColumn

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


def check_fault_rate(
    plan: Plan, columns: Mapping[str, VoteColumn], catalog: Catalog, objects: Objects, highest: float
) -> dict[str, Said]:
    """Refuse to go on where an LF failed on too large a share of the items; return what each did.

    Raises:
        FaultRateError: With each such LF, its share, and the first item it failed on.
    """
    found = said_by_lf(plan, columns, objects)
    problems = []
    for lf, said in found.items():
        if said.faults > highest * said.items:
            kept = kept_faults(plan, catalog, objects, said.keys)
            first = f"; first on item {kept[0].item_id} of {kept[0].source}: {kept[0].error}" if kept else ""
            file = _place(plan.task.code[lf]["file"], kept[0].trace if kept else "")
            problems.append(Problem(f"LF {lf} ({file})", f"failed on {said.faults:,} of {said.items:,} items{first}"))
    if problems:
        raise FaultRateError(
            f"{len(problems)} LF(s) failed on more than {highest:.1%} of the items; no label set was made.",
            problems=problems,
            remedy=f"mend them (retrolabel lf faults {plan.task.name} shows where they failed); or allow more:"
            f" {SETTING} = {_enough(found):.2f} at the top of retrolabel.toml, above the first [table] (in"
            " pyproject.toml: under [tool.retrolabel]). The votes of the others are kept",
        )
    return found


def _enough(found: Mapping[str, Said]) -> float:
    """Return a limit that lets all of them through, in whole percents."""
    return float(np.ceil(100 * max(said.faults / max(1, said.items) for said in found.values())) / 100)


def _place(file: str, trace: str) -> str:
    """Return the file, with the line at which it failed where the traceback tells."""
    name = file.rpartition("/")[2]
    lines = re.findall(rf'{re.escape(name)}", line (\d+)', trace)
    return f"{file}:{lines[-1]}" if lines else file


def kept_faults(plan: Plan, catalog: Catalog, objects: Objects, keys: Collection[str]) -> list[StoredFault]:
    """Return the faults that were kept under vote keys of a plan, on items as they are now.

    Args:
        plan: The plan.
        catalog: Where they were kept.
        objects: Where files are.
        keys: The vote keys.
    """
    wanted = set(keys)
    return _on(catalog.faults(sorted(wanted)), _live_ids(plan.votes, wanted, objects))


def faults_behind(label_set: LabelSet, catalog: Catalog) -> list[StoredFault]:
    """Return the faults that were kept on the items of a label set, as they were when it was made."""
    keys = label_set.manifest["recorded"].get("vote_keys", ())
    faulty = {key: column for key, column in catalog.vote_columns(list(keys)).items() if column.faults}
    if not faulty:
        return []
    segments = {column.segment for column in faulty.values()}
    ids: dict[str, set[str]] = {}
    for made, (_, items) in zip(label_set.manifest["outputs"]["segments"], label_set.parts(), strict=True):
        # Under one key may be the votes on two segments; the faults kept are those of one.
        where = made["id"] if made["id"] in segments else ELSEWHERE
        ids.setdefault(where, set()).update(items.column(ITEM_ID).to_pylist())
    live = {key: ids.get(column.segment, ids.get(ELSEWHERE)) for key, column in faulty.items()}
    return _on(catalog.faults(sorted(faulty)), live)


def _on(faults: Iterable[StoredFault], ids: Mapping[str, Collection[str] | None]) -> list[StoredFault]:
    """Return those of some faults whose item is among the ids that are live under its vote key; ``None`` is any."""
    found = []
    for fault in faults:
        live = ids.get(fault.key)
        if live is None or fault.item_id in live:
            found.append(fault)
    return found


def _live_ids(votes: Iterable[VoteTask], keys: Collection[str], objects: Objects) -> dict[str, set[str] | None]:
    """Return vote key -> ids of the live items that it votes on: several segments may share a key."""
    found: dict[str, set[str] | None] = {}
    for vote in votes:
        if vote.key not in keys or found.get(vote.key, ()) is None:
            continue
        if not vote.segment.superseded:
            found[vote.key] = None
            continue
        ids = objects.read_table(vote.segment.path, [ITEM_ID]).column(ITEM_ID)
        live = ids.take(pa.array(vote.segment.live_rows())).to_pylist()
        found[vote.key] = {*(found.get(vote.key) or ()), *live}
    return found
