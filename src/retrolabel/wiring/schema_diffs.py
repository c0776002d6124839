"""What going from one version to another does, to labels and to what is stored under them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.errors import RetrolabelError
from retrolabel.jobs.records.label_sets import LabelSet
from retrolabel.jobs.schemas.diff import SchemaDiff, Stored, diff
from retrolabel.jobs.votes.keys import vote_key
from retrolabel.jobs.votes.reading import count_votes
from retrolabel.schema.history import History
from retrolabel.wiring.main_job import plan_task

if TYPE_CHECKING:
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.wiring.site import Site


def schema_diff(site: Site, task: str, older: str, newer: str) -> SchemaDiff:
    """Return what going from one version to another does to labels, and to what is stored under them.

    Raises:
        UnknownVersionError: The task has no such version.
    """
    found = site.discover(task)
    return diff(found.history, older, newer, found.lfs, _stored(site, task, older, newer))


def draft_diff(site: Site, task: str, draft: LabelSchema) -> SchemaDiff:
    """Return what a draft that no file of the project holds would do to labels, and to what is stored under them.

    Args:
        site: The project and its store.
        task: The task.
        draft: The draft; it revises a version of the project.
    """
    found = site.discover(task, skips=True)
    older = draft.parents[0].version
    return diff(
        History([*found.history, draft]), older, draft.version, found.lfs, _stored(site, task, older, draft.version)
    )


def _stored(site: Site, task: str, older: str, newer: str) -> Stored | None:
    """Return what the store holds of a task, or ``None`` where there is no store."""
    if not site.has_store():
        return None
    human, seconds = site.catalog.gold.human_labels(task), site.catalog.gold.labelling_seconds(task)
    how = site.adjudication(task)
    records = [record for record in site.catalog.label_sets.records(task) if record.schema_version == older]
    shares: Counter[str] = Counter()
    for _, items in LabelSet(records[0], site.objects).parts() if records else ():
        for each in items.column("label").value_counts().to_pylist():
            shares[each["values"]] += each["counts"]
    try:
        plan = plan_task(site, task, newer)
    except RetrolabelError:  # a scale that no label model takes yet, a column that is missing
        return Stored(human, None, shares, seconds, how=how)
    return Stored(human, count_votes(_columns(site, plan), site.objects), shares, seconds, plan.calls, how)


def _columns(site: Site, plan: Plan) -> list[tuple[LabelingFunction, VoteColumn]]:
    """Return the stored votes of each LF: those of the plan, or of the LF as the newest label set saw it."""
    found = {(vote.lf.name, vote.segment.id): vote.stored for vote in plan.votes}
    records = site.catalog.label_sets.records(plan.task.name)
    made = LabelSet(records[0], site.objects).manifest["inputs"]["lfs"] if records else []
    before = replace(plan.task, keys={**plan.task.keys, **{lf["name"]: lf["key"] for lf in made}})
    keys = {
        (vote.lf.name, vote.segment.id): vote_key(
            before, vote.lf, vote.segment, plan.contracts.get(vote.segment.source, {})
        )
        for vote in plan.votes
    }
    stored = site.catalog.votes.columns([keys[place] for place, column in found.items() if column is None])
    columns = {place: column or stored.get(keys[place]) for place, column in found.items()}
    lfs = {lf.name: lf for lf in plan.task.lfs}
    return [(lfs[name], column) for (name, _), column in columns.items() if column is not None]
