"""The votes of a task's labeling functions, as matrices, frames and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.records.votes import VoteCounts
from retrolabel.jobs.votes.faults import kept_faults, said_by_lf
from retrolabel.jobs.votes.reading import read_votes
from retrolabel.votes import VoteMatrix, symbol_names
from retrolabel.wiring.main_job import computed_votes, plan_task

if TYPE_CHECKING:
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.votes import StoredFault
    from retrolabel.wiring.site import Site


def vote_counts(site: Site, task: str, to: str | None) -> VoteCounts:
    """Compute and store the votes that are missing, and return how they came about."""
    plan, columns = computed_votes(site, task, to)
    said = said_by_lf(plan, columns, site.objects).values()
    return VoteCounts(plan.calls, plan.reused, sum(each.faults for each in said))


def all_votes(site: Site, task: str, to: str | None) -> tuple[Plan, VoteMatrix, list[tuple[str, str]]]:
    """Return the votes on all live items, computed where they are missing, and the (source, item id) of each row."""
    plan, columns = computed_votes(site, task, to)
    resolved, keys = [], []
    for segment in plan.segments:
        matrix, live, _ = read_votes(plan, segment, columns, site.objects)
        resolved.append(matrix)
        ids = (
            site.objects.read_table(segment.path, [ITEM_ID], sha256=segment.sha256).column(ITEM_ID).take(pa.array(live))
        )
        keys += [(segment.source, item_id) for item_id in ids.to_pylist()]
    voters = [lf.name for lf in plan.task.lfs]
    if not resolved:
        return plan, VoteMatrix.from_sets([], labels=plan.schema.leaves, voters=voters), []
    return plan, VoteMatrix.stack(resolved), keys


def votes_frame(site: Site, task: str, to: str | None) -> pd.DataFrame:
    """Return the votes on all live items: a row an item (source, item_id), a column an LF."""
    _, matrix, keys = all_votes(site, task, to)
    names = np.array([None, *symbol_names(matrix.symbols, matrix.labels)], dtype=object)
    columns = [[source for source, _ in keys], [item_id for _, item_id in keys]]
    index = pd.MultiIndex.from_arrays(columns, names=["source", ITEM_ID])
    return pd.DataFrame(names[matrix.codes], index=index, columns=list(matrix.voters))


def failures(site: Site, task: str) -> tuple[dict[str, int], list[StoredFault]]:
    """Return LF -> on how many items it failed, for those that did, and the faults that were kept of them."""
    plan = plan_task(site, task)
    said = {lf: said for lf, said in said_by_lf(plan, plan.stored, site.objects).items() if said.faults}
    keys = {key for each in said.values() for key in each.keys}
    return {lf: each.faults for lf, each in said.items()}, kept_faults(plan, site.catalog.votes, site.objects, keys)
