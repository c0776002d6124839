"""Compute the votes that are missing, store them, and read them back as matrices."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from retrolabel.errors import CorruptionError, FaultRateError, Problem
from retrolabel.jobs.records import ITEM_ID, StoredFault, VoteColumn
from retrolabel.jobs.verify import damaged_files
from retrolabel.labeling.applying import FAULTED, apply_one
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from concurrent.futures import Executor

    import numpy.typing as npt

    from retrolabel.jobs.plan import Plan, VoteTask
    from retrolabel.jobs.ports import Catalog, Executors, Objects, Progress
    from retrolabel.jobs.records import Segment
    from retrolabel.labeling.applying import Emitted
    from retrolabel.labeling.functions import LabelingFunction

FAULT = "!"
"""How a fault stands in a stored column: no label id looks like it."""


@dataclass(frozen=True)
class VoteCounts:
    """How the votes of a run came about, in calls of labeling functions.

    Attributes:
        computed: Calls made.
        reused: Calls saved, because their votes were stored.
        faults: Items on which an LF failed, stored ones included.
        suspect: Votes that stay out because a label of theirs was redefined.
    """

    computed: int
    reused: int
    faults: int
    suspect: int = 0


def compute_votes(
    plan: Plan, *, catalog: Catalog, objects: Objects, executors: Executors, progress: Progress
) -> dict[str, VoteColumn]:
    """Compute what the plan lacks, a segment at a time, and return all vote columns by key.

    Each segment's votes are real as soon as they are computed, so a killed run goes on where it was.
    """
    columns = {vote.key: vote.stored for vote in plan.votes if vote.stored is not None}
    expected = catalog.vote_files(list(columns))
    expected |= {vote.segment.path: vote.segment.sha256 for vote in plan.to_compute}
    _check_bytes(expected, objects)
    progress.start("labeling functions", plan.calls)
    with executors() as executor:
        for _, group in groupby(plan.to_compute, key=lambda vote: vote.segment.id):
            waiting = [vote for vote in group if vote.key not in columns]
            if waiting:
                made = _one_segment(waiting, catalog, objects, executor, progress)
                columns |= {column.key: column for column in made}
    return columns


def _check_bytes(expected: Mapping[str, str], objects: Objects) -> None:
    """Refuse to build on files that are not as they were written.

    Raises:
        CorruptionError: With each of them.
    """
    problems = list(damaged_files(expected, objects).values())
    if problems:
        raise CorruptionError(
            f"{len(problems)} file(s) of the store are damaged; nothing was labelled.",
            problems=problems,
            remedy="relabel --repair computes votes and label sets again; feedback comes from a backup",
        )


def _one_segment(
    votes: Sequence[VoteTask],
    catalog: Catalog,
    objects: Objects,
    executor: Executor,
    progress: Progress,
) -> list[VoteColumn]:
    segment = votes[0].segment
    needed = (
        None if any(v.lf.takes_row for v in votes) else sorted({c for v in votes for c in v.lf.columns} | {ITEM_ID})
    )
    table = objects.read_table(segment.path, [c for c in needed if c in segment.columns] if needed else None)
    values = {name: table.column(name).to_pylist() for name in table.column_names}
    for name in {column for vote in votes for column in vote.lf.columns}:
        values.setdefault(name, [None] * segment.rows)  # a column that the source got after this segment
    futures = [executor.submit(apply_one, vote.lf, values, rows=segment.rows) for vote in votes]
    emitted = []
    for future in futures:
        emitted.append(future.result())
        progress.advance(segment.rows)
    path = f"votes/{segment.id}/{uuid.uuid4().hex}.parquet"
    sha256 = objects.write_table(path, pa.table({e.lf: _stored(e) for e in emitted}))
    made = [
        VoteColumn(v.key, segment.id, v.lf.name, path, e.lf, segment.rows, e.vote_count, e.fault_count, e.seconds)
        for v, e in zip(votes, emitted, strict=True)
    ]
    kept = [
        StoredFault(v.key, v.lf.name, segment.source, str(values[ITEM_ID][f.row]), f.error, f.trace)
        for v, e in zip(votes, emitted, strict=True)
        for f in e.faults
    ]
    catalog.add_votes(path, sha256, made, kept)
    return made


def _stored(emitted: Emitted) -> pa.DictionaryArray:
    """Return a column of votes as they were written: null abstains, ``!`` failed."""
    texts = [*map(str, emitted.symbols), FAULT]
    places = emitted.codes.astype(np.int16) - 1
    places[emitted.codes == FAULTED] = len(texts) - 1
    return pa.DictionaryArray.from_arrays(
        pa.array(places, pa.int16(), mask=emitted.codes == 0), pa.array(texts, pa.string())
    )


def check_fault_rate(plan: Plan, columns: dict[str, VoteColumn], catalog: Catalog, highest: float) -> None:
    """Refuse to go on where an LF failed on too large a share of the items.

    Raises:
        FaultRateError: With each such LF, its share, and the first item it failed on.
    """
    rows: dict[str, list[VoteColumn]] = {}
    for vote in plan.votes:
        rows.setdefault(vote.lf.name, []).append(columns[vote.key])
    problems = []
    for lf, found in rows.items():
        failed, called = sum(c.faults for c in found), sum(c.rows for c in found)
        if failed > highest * called:
            kept = catalog.faults([c.key for c in found if c.faults])
            first = f"; first on item {kept[0].item_id} of {kept[0].source}: {kept[0].error}" if kept else ""
            file = _place(plan.task.code[lf]["file"], kept[0].trace if kept else "")
            problems.append(Problem(f"LF {lf} ({file})", f"failed on {failed:,} of {called:,} items{first}"))
    if problems:
        raise FaultRateError(
            f"{len(problems)} LF(s) failed on more than {highest:.1%} of the items; no label set was made.",
            problems=problems,
            remedy="mend them, or allow more with max_fault_rate in the settings; the votes are kept",
        )


def _place(file: str, trace: str) -> str:
    """Return the file, with the line at which it failed where the traceback tells."""
    name = file.rpartition("/")[2]
    lines = re.findall(rf'{re.escape(name)}", line (\d+)', trace)
    return f"{file}:{lines[-1]}" if lines else file


def read_votes(
    plan: Plan, segment: Segment, columns: dict[str, VoteColumn], objects: Objects
) -> tuple[VoteMatrix, npt.NDArray[np.int64], int]:
    """Return the votes on a segment's live items, resolved to the plan's version.

    Returns:
        The matrix (live items x LFs), the rows of those items in the segment, and how many votes
        stay out as suspect.
    """
    live = segment.live_rows()
    wanted = [(vote.lf, columns[vote.key]) for vote in plan.votes if vote.segment.id == segment.id]
    by_path: dict[str, set[str]] = {}
    for _, column in wanted:
        by_path.setdefault(column.path, set()).add(column.column)
    tables = {path: objects.read_table(path, sorted(names)) for path, names in by_path.items()}
    suspect = 0
    resolved = []
    for lf, column in wanted:
        stored = tables[column.path].column(column.column).combine_chunks()
        places = stored.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)[live]
        sets: list[frozenset[str]] = []
        codes = [0]
        for place, text in enumerate(stored.dictionary.to_pylist()):
            found = None if text == FAULT else _resolve(plan, lf.name, text)
            if found is None or found.suspect:
                suspect += int((places == place).sum()) if found else 0
                codes.append(0)
            else:
                sets.append(found.ids)
                codes.append(len(sets))
        resolved.append((np.asarray(codes)[places + 1], sets))
    names = [lf.name for lf, _ in wanted]
    return VoteMatrix.from_columns(resolved, labels=plan.schema.ids, voters=names, rows=len(live)), live, suspect


def count_votes(stored: Iterable[tuple[LabelingFunction, VoteColumn]], objects: Objects) -> dict[tuple[str, str], int]:
    """Return (LF, stored form of a vote) -> how often it was cast on the items, as far as it is stored.

    Where an LF has one vote only, the catalog knows the number; else its columns are read. Items that
    were revised since are counted as they were.
    """
    found: dict[tuple[str, str], int] = {}
    for lf, column in stored:
        if not column.votes:
            continue
        if len(lf.declared) == 1:
            counts = {str(lf.declared[0]): column.votes}
        else:
            votes = objects.read_table(column.path, [column.column]).column(column.column)
            counts = {each["values"]: each["counts"] for each in votes.value_counts().to_pylist()}
        for text, count in counts.items():
            if text not in (None, FAULT):
                found[lf.name, text] = found.get((lf.name, text), 0) + count
    return found


def _resolve(plan: Plan, lf_name: str, text: str) -> Any:  # noqa: ANN401 - a Resolution
    """Return what a stored vote means in the plan's version: a declared one, or a union of declared labels."""
    known = plan.resolutions[lf_name].get(text)
    if known is not None:
        return known
    lf = next(lf for lf in plan.task.lfs if lf.name == lf_name)
    return plan.task.history.resolve(lf.declared_union(text), plan.schema.version)
