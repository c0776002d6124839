"""The main job of a task: plan it, run it, and the votes on the way."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrolabel.discovery.lock_file import released_lfs
from retrolabel.engines.here import is_gone, this_process
from retrolabel.engines.watchdog import Watchdog
from retrolabel.errors import RetrolabelError, UnknownVersionError
from retrolabel.jobs.label_sets.fitting import model_for
from retrolabel.jobs.label_sets.holding import Place, held
from retrolabel.jobs.label_sets.planning import changed_gold, look_up, plan_relabel
from retrolabel.jobs.label_sets.relabel import relabel
from retrolabel.jobs.label_sets.repair import let_go_of_damage, let_go_of_faults
from retrolabel.jobs.label_sets.sitting_out import check_some_left, noted, of_modules, sure_to_fail, without
from retrolabel.jobs.records.decisions import CURRENT
from retrolabel.jobs.records.manifests import read_manifest
from retrolabel.jobs.records.sitting_out import FAIL, SKIP
from retrolabel.jobs.records.tools import Tools
from retrolabel.jobs.votes.computing import compute_votes
from retrolabel.jobs.votes.examples import broken_examples
from retrolabel.jobs.votes.faults import said_by_lf
from retrolabel.tracking.environment import environment
from retrolabel.tracking.mlflow import NoTracker
from retrolabel.wiring.events import tell
from retrolabel.wiring.label_models import label_model_named
from retrolabel.wiring.plans import PlanFile
from retrolabel.wiring.promoting import decided
from retrolabel.wiring.remarks import remarks
from retrolabel.wiring.retraining import note_what_is_due
from retrolabel.wiring.site import now, who
from retrolabel.wiring.tracking import expected, tracked, tracker_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from retrolabel.jobs.label_sets.planning import Known
    from retrolabel.jobs.label_sets.relabel import RelabelReport
    from retrolabel.jobs.records.leases import Lease
    from retrolabel.jobs.records.plans import Plan, VotePlan
    from retrolabel.jobs.records.sitting_out import OnFault, SatOut
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.label_models.protocol import LabelModelProtocol
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.wiring.site import Site


def chosen_model(site: Site, chosen: str | LabelModelProtocol | None, schema: LabelSchema) -> LabelModelProtocol:
    """Return the label model that is fitted under a version: the chosen one, or the settings'."""
    name = chosen if chosen is not None else site.settings.label_model
    return model_for(schema, label_model_named(name) if isinstance(name, str) else name)


def plan_task(  # noqa: PLR0913 - the options of the main job
    site: Site,
    task: str,
    to: str | None = None,
    label_model: str | LabelModelProtocol | None = None,
    *,
    on_fault: OnFault = FAIL,
    with_faults: bool = False,
) -> Plan:
    """Return what a relabel would do and cost; all that the store knows of it is read once.

    Args:
        site: The project and its store.
        task: The task.
        to: The version; the newest if ``None``.
        label_model: A name or a label model; the settings' if ``None``.
        on_fault: Whether labeling functions that are broken sit out.
        with_faults: Whether those stay in it that failed too often, as far as votes are stored.

    Raises:
        DiscoveryError: Modules do not import, and nothing may sit out; or no labeling function is left.
    """
    found = site.discover(task, skips=on_fault == SKIP)
    schema = found.history[to] if to else found.history.head
    model = chosen_model(site, label_model, schema)
    catalog = site.catalog
    known = look_up(
        found,
        schema.version,
        site.sources_of(task),
        how=site.adjudication(task),
        feedback=catalog.feedback,
        votes=catalog.votes,
        gold=catalog.gold,
        label_sets=catalog.label_sets,
    )
    out = _broken(site, found, known) if found.broken else ()
    found = found.without({each.name for each in out})
    check_some_left(found, out)
    plan = plan_relabel(
        found,
        known,
        to=to,
        label_model=model.settings(),
        fits_gold=model.uses_gold,
        deciding=site.deciding(task),
    )
    plan = noted(plan, out)
    if on_fault == SKIP and not with_faults:
        said, highest = said_by_lf(plan, plan.stored, site.objects), site.settings.max_fault_rate
        failing = sure_to_fail(plan, said, catalog.votes, catalog.label_sets, site.objects, highest)
        plan = without(plan, failing, catalog.label_sets)
    told = [*remarks(site.project_folder(), found, schema), *_on_gold(site, plan)]
    return replace(plan, notes=(*told, *plan.notes), remarks=(*told, *plan.remarks))


def _broken(site: Site, found: FoundTask, known: Known) -> tuple[SatOut, ...]:
    """Return the labeling functions that sit out because a module does not import."""
    recorded: Mapping[str, Any] = {}
    if known.latest is not None:
        with suppress(RetrolabelError):  # a damaged one names nobody
            recorded = read_manifest(known.latest, site.objects)["recorded"]
    sources = {segment.source for segment in known.segments}
    contracts = {source: known.contracts.get(source, {}) for source in sources}
    return of_modules(found, recorded, released_lfs(site.project_folder(), found.name), contracts)


def _on_gold(site: Site, plan: Plan) -> list[str]:
    """Return a sentence where other gold is fitted than in the label set before; a damaged one says nothing."""
    if plan.before is None or plan.before.schema_version != plan.schema.version:
        return []
    try:
        before = read_manifest(plan.before, site.objects)["inputs"]
    except RetrolabelError:
        return []
    return changed_gold(plan, before, site.adjudication(plan.task.name))


def relabel_task(  # noqa: PLR0913 - the options of the main job
    site: Site,
    task: str,
    *,
    to: str | None,
    label_model: str | LabelModelProtocol | None,
    tracking: bool | None,
    repair: bool,
    retry_faults: bool,
    wait: bool = True,
    plan_file: str | Path | None = None,
    on_fault: OnFault | None = None,
    told: Callable[[RelabelReport], None] | None = None,
) -> RelabelReport:
    """Label all items of a task's sources under a schema version; then ``told`` is, and then the tracker.

    Raises:
        TaskHeldError: Another process works on the task, and ``wait`` is off.
        PlanError: The plan of the file cannot be carried out, since something moved; all of it.
    """
    file = PlanFile(site, task, plan_file) if plan_file is not None else None
    asked_for = file.asked_for if file is not None else to is not None
    if file is not None:
        to, label_model = file.version, label_model if label_model is not None else file.label_model
        on_fault = file.on_fault
    on_fault = on_fault or site.on_fault(task)

    def planned() -> Plan:
        return _planned(site, task, to, label_model, on_fault, file)

    leases = site.catalog.leases
    other = leases.lease(task)
    site.objects.locate("")  # what is wrong, a place that cannot be opened too, is told before anything is written
    before = plan = planned()
    with held(task, leases, Place(this_process(), is_gone, now), site.progress, wait=wait) as hold:
        if hold.waited:
            plan = planned()
        whole = plan
        if retry_faults and plan.skipped:  # those that sit out are among what is tried again
            whole = plan_task(site, task, to, label_model, on_fault=on_fault, with_faults=True)
        let_go = (repair or retry_faults) and _let_go(site, whole, repair=repair, retry_faults=retry_faults)
        if let_go or (file is None and _try_again(site, plan)):
            plan = plan_task(site, task, to, label_model, on_fault=on_fault)
        made = _made_meanwhile(plan, before, other) if hold.waited else []
        for note in made:
            site.progress.note(note)
        plan = replace(plan, notes=(*made, *_on_examples(site, plan), *plan.notes))
        tracker = tracker_for(site.settings, site.store, site.warn, track=tracking)
        report = relabel(
            plan,
            chosen_model(site, label_model, plan.schema),
            votes=site.catalog.votes,
            label_sets=site.catalog.label_sets,
            tools=replace(tools_for(site, plan), progress=hold.progress, surely=hold.surely),
            environment={**environment(site.project), "who": who()},
            max_fault_rate=site.settings.max_fault_rate,
            skips=on_fault == SKIP,
            exactly=file.label_set if file is not None else None,
        )
        with expected(site, task, report.run, tracks=not isinstance(tracker, NoTracker)):
            outcome = decided(site, plan, report, asked_for=asked_for, surely=hold.surely)
        report = replace(report, outcome=outcome)
    report = tracked(site, report, tracker, told)
    if outcome.status == CURRENT:
        note_what_is_due(site, task, lambda: outcome.gates)
    tell(site)
    return report


def _planned(  # noqa: PLR0913 - what was asked, and the file that says it
    site: Site,
    task: str,
    to: str | None,
    label_model: str | LabelModelProtocol | None,
    on_fault: OnFault,
    file: PlanFile | None,
) -> Plan:
    """Return what is to be done now; where a file says it, exactly that."""
    if file is None:
        return plan_task(site, task, to, label_model, on_fault=on_fault)
    try:
        plan = plan_task(site, task, to, label_model, on_fault=on_fault)
    except UnknownVersionError as error:
        raise file.unknown_version(error) from error
    file.check(plan)
    return plan


def _made_meanwhile(plan: Plan, before: Plan, other: Lease | None) -> list[str]:
    """Return a sentence where another process made the label set while this one waited for it."""
    if other is None or before.label_set != plan.label_set or before.exists or not plan.exists:
        return []
    return [f"label set {plan.label_set[:12]} was made by {other.holder} while this one waited"]


def _on_examples(site: Site, plan: Plan) -> list[str]:
    """Run the examples of new and edited labeling functions first; tell, and return, which of them fail."""
    watchdog = Watchdog(site.settings.timeout)
    problems = broken_examples(plan, watchdog, watchdog.run)
    told = [f"LF {problem}; retrolabel lf list {plan.task.name} tries it again" for problem in problems]
    for note in told:
        site.progress.note(note)
    return told


def _let_go(site: Site, plan: Plan, *, repair: bool, retry_faults: bool) -> bool:
    """Let go of what is to be made again; return whether the plan has to be made anew."""
    votes, label_sets = site.catalog.votes, site.catalog.label_sets
    let_go = let_go_of_damage(plan, votes, label_sets, site.objects) if repair else []
    for damaged in let_go:
        site.progress.note(f"damaged, and made again: {damaged}")
    faults = 0
    if retry_faults:
        faults, remade = let_go_of_faults(plan, votes, label_sets, site.objects)
        also = ", and the label set that was made with them is made again" if remade else ""
        site.progress.note(f"{faults:,} faults are tried again{also}" if faults else "there are no faults to retry")
    return bool(let_go or faults)


def _try_again(site: Site, plan: Plan) -> bool:
    """Let go of votes of labeling functions that sit out, so that they are called again; return whether any were."""
    again = [each for each in plan.skipped if each.again]
    for each in again:
        site.progress.note(f"LF {each.name} {each.brief} before, and is tried again")
    if again:
        site.catalog.votes.forget_keys(sorted({key for each in again for key in each.again}))
    return bool(again)


def tools_for(site: Site, plan: VotePlan) -> Tools:
    """Return what a job that computes a plan's votes works with."""
    engine = site.engine.for_calls(plan.calls)
    worker = engine.worker(plan, site.objects, project=site.project, store=site.files)
    return Tools(site.objects, site.progress, now, engine.executors, worker)


def computed_votes(site: Site, task: str, to: str | None) -> tuple[Plan, dict[str, VoteColumn]]:
    """Return a plan, and all its votes by key, computed where they are missing."""
    plan = plan_task(site, task, to)
    return plan, compute_votes(plan, site.catalog.votes, tools_for(site, plan))
