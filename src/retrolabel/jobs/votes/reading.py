"""Read stored votes back: as matrices and as counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.jobs.records.votes import FAULT
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt
    import pyarrow as pa

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.labeling.functions import LabelingFunction


def read_votes(
    plan: Plan, segment: Segment, columns: Mapping[str, VoteColumn], objects: Objects
) -> tuple[VoteMatrix, npt.NDArray[np.int64], int]:
    """Return the votes on a segment's live items, resolved to the plan's version.

    Returns:
        The matrix over the version's leaves (live items x LFs), the rows of those items in the segment,
        and how many votes stay out as suspect.
    """
    live = segment.live_rows()
    wanted = [(vote.lf, columns[vote.key]) for vote in plan.by_segment.get(segment.id, ())]
    tables = read_columns([column for _, column in wanted], objects)
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
    return VoteMatrix.from_columns(resolved, labels=plan.schema.leaves, voters=names, rows=len(live)), live, suspect


def read_columns(columns: Iterable[VoteColumn], objects: Objects) -> dict[str, pa.Table]:
    """Return file -> table of the stored votes in it that are wanted: each file is read once."""
    by_path: dict[str, set[str]] = {}
    for column in columns:
        by_path.setdefault(column.path, set()).add(column.column)
    return {path: objects.read_table(path, sorted(names)) for path, names in by_path.items()}


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
