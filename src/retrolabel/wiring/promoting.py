"""What consumers read: gates, promotion, rollback and names, for a task of a project."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING

from retrolabel.errors import UnknownLabelSetError
from retrolabel.jobs.gold.resolving import gold_in
from retrolabel.jobs.label_sets import promoting
from retrolabel.jobs.label_sets.flipping import flips
from retrolabel.jobs.label_sets.gates import Evidence, Limits, judged
from retrolabel.jobs.records.decisions import CURRENT
from retrolabel.wiring import events, tracking
from retrolabel.wiring.retraining import note_what_is_due
from retrolabel.wiring.site import now, who

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from retrolabel.jobs.label_sets.promoting import Outcome
    from retrolabel.jobs.label_sets.relabel import RelabelReport
    from retrolabel.jobs.records.decisions import Decision, Gate
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.sitting_out import SatOut
    from retrolabel.wiring.site import Site

TRIES = 5
"""How often the gates of a relabel are looked at anew, since something else became current meanwhile."""


def gates_of(
    site: Site, label_set: LabelSet, plan: Plan | None = None, skipped: Sequence[SatOut] | None = None
) -> tuple[Gate, ...]:
    """Return the gates of a label set beside what is current; of what is current, beside what was before.

    Args:
        site: The project and its store.
        label_set: The label set.
        plan: What made it just now: its gold and segments are not read again.
        skipped: The labeling functions that sat out of it just now; else those that its manifest names.
    """
    task = label_set.record.task
    current = site.current(task)
    if current is not None and current.id == label_set.id:
        current = current_before_it(site, task)
    history, catalog, how = site.history(task), site.catalog, site.adjudication(task)
    read: dict[str, ResolvedGold] = {}
    if plan is not None:
        if plan.before is not None and plan.dev_before is not None:
            read[plan.before.schema_version] = plan.dev_before
        read[plan.schema.version] = plan.dev

    @cache
    def gold_of(version: str) -> ResolvedGold:
        if version in read:
            return read[version]
        return gold_in(history, version, "dev", catalog.gold.human_labels(task), catalog.feedback, how=how)

    def segments() -> Sequence[Segment]:
        return plan.segments if plan is not None else catalog.feedback.segments()

    def flipped(before: LabelSet, after: LabelSet) -> tuple[int, int]:
        return flips(before, after, history, site.progress)

    evidence = Evidence(history, gold_of, segments, site.objects, flipped)
    out = None if skipped is None else [each.as_dict() for each in skipped]
    return judged(label_set, current, limits(site, task), evidence, out)


def current_before_it(site: Site, task: str) -> LabelSet | None:
    """Return what was current before; ``None`` where nothing was, or it is gone."""
    stack = promoting.current_before(site.catalog.label_sets.decisions(task))
    try:
        return site.label_set(task, stack[-2]) if len(stack) > 1 else None
    except UnknownLabelSetError:
        return None


def limits(site: Site, task: str) -> Limits:
    """Return what candidates of a task are held against, as the settings say."""
    said = site.settings.tasks.get(task)
    found = said.gates.model_dump(exclude={"by_hand"}) if said else {}
    return Limits(fault_rate=site.settings.max_fault_rate, **found)


def decided(
    site: Site,
    plan: Plan,
    report: RelabelReport,
    *,
    asked_for: bool,
    surely: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Outcome:
    """Decide on the label set of a relabel.

    Args:
        site: The project and its store.
        plan: What was carried out.
        report: What it did.
        asked_for: Whether its version was named.
        surely: Lets what is written inside become real only while the task is in this process's hands.

    Raises:
        PromotionError: Others moved what is current again and again, so that it was never known what to compare with.
    """
    record, label_sets = report.label_set, site.catalog.label_sets
    said = site.settings.tasks.get(record.task)
    for _ in range(TRIES):
        against = label_sets.pointer(record.task, CURRENT)
        gates = gates_of(site, site.label_set(record.task, record.id), plan, report.skipped)
        with surely():
            outcome = promoting.decide(
                record,
                gates,
                by_hand=bool(said and said.gates.by_hand),
                asked_for=asked_for,
                skipped=report.skipped,
                against=against,
                label_sets=label_sets,
                who=who(),
                at=now(),
            )
        if outcome is not None:
            return outcome
    raise promoting.moved(record.task, label_sets, f"retrolabel relabel {record.task} decides on it again")


def promoted(  # noqa: PLR0913 - what is decided, why, and who is told
    site: Site, task: str, name: str, *, override: bool, reason: str, told: Callable[[Decision], None] | None = None
) -> Decision:
    """Let a label set be current; then ``told`` is, and then the tracker."""
    against = site.catalog.label_sets.pointer(task, CURRENT)
    label_set = site.label_set(task, name)
    gates = gates_of(site, label_set)
    with tracking.expected(site, task, tracks=tracking.is_tracked(site.settings)):
        done = promoting.promote(
            label_set.record,
            gates,
            override=override,
            reason=reason,
            against=against,
            label_sets=site.catalog.label_sets,
            who=who(),
            at=now(),
        )
    return _with_the_tracker(site, done, told)


def rolled_back(site: Site, task: str, *, reason: str, told: Callable[[Decision], None] | None = None) -> Decision:
    """Let what was current before be current again; then ``told`` is, and then the tracker."""
    with tracking.expected(site, task, tracks=tracking.is_tracked(site.settings)):
        done = promoting.rollback(task, reason=reason, label_sets=site.catalog.label_sets, who=who(), at=now())
    return _with_the_tracker(site, done, told)


def _with_the_tracker(site: Site, done: Decision, told: Callable[[Decision], None] | None) -> Decision:
    """Let the tracker's alias follow what was decided, and tell who is to be told; that they fail is a warning."""
    if told:
        told(done)
    tracking.point(site, done.task, tracking.tracker_for(site.settings, site.store, site.warn))
    note_what_is_due(site, done.task, lambda: done.gates or gates_of(site, site.label_set(done.task, CURRENT)))
    events.tell(site)
    return done


def tagged(site: Site, task: str, name: str, tag: str) -> tuple[LabelSetRecord, str | None]:
    """Give a label set a name; return it, and the id of the one that had the name before."""
    record = site.label_set(task, name).record
    return record, promoting.tag(record, tag, label_sets=site.catalog.label_sets, at=now())


def untagged(site: Site, task: str, name: str, tag: str) -> LabelSetRecord:
    """Take a name of a label set back; return the label set."""
    record = site.label_set(task, name).record
    promoting.untag(record, tag, label_sets=site.catalog.label_sets)
    return record
