"""Compute the votes that are missing, a segment at a time, on whatever engine, and make them real."""

from __future__ import annotations

import uuid
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from retrolabel.errors import Problem, StuckError, WorkerDiedError
from retrolabel.jobs.records.columns import ARROW_TYPES
from retrolabel.jobs.records.damage import check_bytes
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.records.votes import FAULT, SegmentWork, StoredFault, VoteColumn, Written
from retrolabel.jobs.votes.cached_features import bring
from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.rules import FAULTED
from retrolabel.labeling.slicing import who
from retrolabel.masking import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    import numpy.typing as npt

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.plans import VotePlan, VoteTask
    from retrolabel.jobs.records.tools import Tools, Worker
    from retrolabel.jobs.votes.book import VotesBook
    from retrolabel.labeling.applying import Emitted, Guard
    from retrolabel.labeling.functions import LabelingFunction

    Tried = tuple[str, tuple[str, ...]]
    """A segment's id, and the names of labeling functions."""

TRIES = 3
"""How often a piece of work is begun before a worker that died is taken to have died of it."""


def compute_votes(plan: VotePlan, votes: VotesBook, tools: Tools) -> dict[str, VoteColumn]:
    """Compute what the plan lacks and return all vote columns by key.

    Each segment's votes are real as soon as they are computed, so a killed run goes on where it was. A
    piece of work whose worker dies is begun again; one that kills its workers is taken apart, so that
    the error names the labeling function.

    Args:
        plan: What is to be done.
        votes: Where votes become real.
        tools: Files, progress, and the workers.

    Raises:
        StuckError: A labeling function hangs, or kills its process; nothing of it was stored.
        CorruptionError: Files that the work builds on are not as they were written.
    """
    columns = plan.stored
    expected = votes.files(list(columns))
    expected |= {vote.segment.path: vote.segment.sha256 for vote in plan.to_compute}
    check_bytes(expected, tools.objects)
    waiting = deque(_works(plan, set(columns)))
    if not waiting:
        return columns
    tools.progress.start("labeling functions", sum(work.calls for work in waiting))
    with tools.executors() as executor:
        for written in _run(waiting, executor, tools.worker):
            votes.add(written.path, written.sha256, written.columns, written.faults)
            columns |= {column.key: column for column in written.columns}
            tools.progress.advance(sum(column.rows for column in written.columns))
    return columns


def compute_segment(
    work: SegmentWork, lfs: Mapping[str, LabelingFunction], objects: Objects, *, guard: Guard | None = None
) -> Written:
    """Compute the votes of some labeling functions on one segment and write them to the store.

    Args:
        work: What is asked for.
        lfs: Name -> labeling function.
        objects: Where files are.
        guard: Stops what hangs.
    """
    segment = work.segment
    chosen = [lfs[name] for name in work.lfs]
    batch = read_batch(chosen, segment, work.contract, objects)
    bring(chosen, work.feature_keys, segment, batch, objects, guard=guard)
    emitted = apply_lfs(chosen, batch, guard=guard)
    path = f"votes/{segment.id}/{uuid.uuid4().hex}.parquet"
    sha256 = objects.write_table(path, pa.table({e.lf: _stored(e) for e in emitted}))
    made = tuple(
        VoteColumn(key, segment.id, e.lf, path, e.lf, segment.rows, e.vote_count, e.fault_count, e.seconds)
        for key, e in zip(work.keys, emitted, strict=True)
    )
    ids = batch.values(ITEM_ID) if any(e.faults for e in emitted) else []
    kept = tuple(
        StoredFault(
            key, e.lf, segment.source, str(ids[fault.row]), without_secrets(fault.error), without_secrets(fault.trace)
        )
        for key, e in zip(work.keys, emitted, strict=True)
        for fault in e.faults
    )
    return Written(path, sha256, made, kept)


def read_batch(
    chosen: Sequence[LabelingFunction],
    segment: Segment,
    contract: Mapping[str, str],
    objects: Objects,
    rows: npt.NDArray[np.int64] | None = None,
) -> Batch:
    """Return what some labeling functions read of a segment.

    Args:
        chosen: The labeling functions.
        segment: The segment.
        contract: The source's columns and kinds; those that the segment lacks are missing in every row.
        objects: Where files are.
        rows: The rows; all if left out.
    """
    needed = {column for lf in chosen for column in lf.reads} | {ITEM_ID}
    if any(lf.takes_row for lf in chosen):
        needed |= {*segment.columns, *contract}
    table = objects.read_table(segment.path, sorted(name for name in needed if name in segment.columns))
    if rows is not None:
        table = table.take(pa.array(rows))
    columns: dict[str, Any] = {name: table.column(name) for name in table.column_names}
    for name in needed - columns.keys():  # the source got it after this segment
        columns[name] = pa.nulls(table.num_rows, ARROW_TYPES.get(contract.get(name, ""), pa.string()))
    return Batch({name: columns[name] for name in sorted(columns)}, table.num_rows)


def _works(plan: VotePlan, known: set[str]) -> Iterator[SegmentWork]:
    """Yield what is to be computed, a segment at a time; what has the same key is computed once."""
    for _, group in groupby(plan.to_compute, key=lambda vote: vote.segment.id):
        new: dict[str, VoteTask] = {}
        for vote in group:
            if vote.key not in known:
                new.setdefault(vote.key, vote)
        known.update(new)
        if new:
            votes = list(new.values())
            segment = votes[0].segment
            yield SegmentWork(
                segment,
                tuple(vote.lf.name for vote in votes),
                tuple(plan.task.keys[vote.lf.name] for vote in votes),
                tuple(new),
                dict(plan.contracts.get(segment.source, {})),
                dict(plan.task.feature_keys),
                skips=bool(plan.task.broken),
            )


def _run(waiting: deque[SegmentWork], executor: Executor, worker: Worker) -> Iterator[Written]:
    """Yield what was written, as it comes; no more work is handed out than keeps all workers busy."""
    ahead = 2 * workers if (workers := getattr(executor, "workers", 1)) > 1 else 1
    tries: dict[Tried, int] = {}
    running: dict[Future[Written], SegmentWork] = {}
    condemned: dict[str, Problem] = {}  # one that hangs would hang on every segment
    try:
        while waiting or running:
            while waiting and len(running) < ahead:
                work = waiting.popleft().without(condemned)
                if work is None:
                    continue
                running[executor.submit(worker, work)] = work
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                work = running.pop(future)
                try:
                    yield future.result()
                except WorkerDiedError as error:
                    waiting.extend(_after_death(work, error, tries, condemned))
    finally:
        for future in running:
            future.cancel()
    if condemned:
        raise StuckError(condemned)


def _after_death(
    work: SegmentWork, error: WorkerDiedError, tries: dict[Tried, int], condemned: dict[str, Problem]
) -> list[SegmentWork]:
    """Return what is begun again after a worker died; one that died of a single function condemns it."""
    name = (work.segment.id, work.lfs)
    tries[name] = tries.get(name, 0) + 1
    if not error.certain and tries[name] < TRIES:
        return [work]
    if len(work.lfs) > 1:
        return work.by_lf()
    where = f"{error.message} It was at the segment {work.segment.id[:12]}"
    condemned.setdefault(work.lfs[0], Problem(who(work.lfs[0]), where))
    return []


def _stored(emitted: Emitted) -> pa.DictionaryArray:
    """Return a column of votes as they were written: null abstains, ``!`` failed."""
    texts = [*map(str, emitted.symbols), FAULT]
    places = emitted.codes.astype(np.int16) - 1
    places[emitted.codes == FAULTED] = len(texts) - 1
    return pa.DictionaryArray.from_arrays(
        pa.array(places, pa.int16(), mask=emitted.codes == 0), pa.array(texts, pa.string())
    )
