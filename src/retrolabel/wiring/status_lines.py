"""What there is to say of a task at a glance: a line each, of what is current, what waits, what failed, what is due.

Each part reads what it speaks of, and nothing else; what it cannot read is told by who asks (:mod:`retrolabel.wiring.
status`), and the other parts speak all the same.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from retrolabel.discovery.lock_file import LOCK
from retrolabel.errors import SchemaError, counted
from retrolabel.jobs.records.decisions import FAILED, HELD
from retrolabel.jobs.records.manifests import read_manifest
from retrolabel.jobs.records.sitting_out import SKIP
from retrolabel.wiring.drifting import told_drift
from retrolabel.wiring.gold_alarms import agreeing_less, last_alarm
from retrolabel.wiring.released import newest_released
from retrolabel.wiring.retraining import said_due
from retrolabel.wiring.status_of_nights import events, mlflow, running, schedules
from retrolabel.wiring.status_values import BROKEN, NOTE, OK, SHORT, TO_DO, Line
from retrolabel.wiring.stored_models import asked_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from retrolabel.wiring.status_values import About


def _current(about: About) -> Iterator[Line]:
    current, task = about.current, about.task
    if about.latest is None:
        yield Line(TO_DO, "current", "there are no labels yet", f"retrolabel relabel {task}")
        return
    if current is None:
        yield Line(TO_DO, "current", "consumers read nothing", f"retrolabel labels promote {task} latest")
        return
    read_manifest(current, about.site.objects)  # consumers cannot read it where that fails
    days = (about.at - current.created_at).days
    old = "today" if days < 1 else f"{counted(days, 'day')} ago"
    share = f"{current.labelled:,} of {counted(current.items, 'item')} have a label"
    told = f"{current.id[:SHORT]} ({current.schema_version}), made {old}: {share}"
    most = 2 * current.labelled >= current.items
    yield Line(OK, "current", told) if most else Line(NOTE, "current", f"{told}; most have none (lf gaps {task})")


def _candidate(about: About) -> Iterator[Line]:
    site, task, current, latest = about.site, about.task, about.current, about.latest
    if current is None or latest is None or latest.id == current.id:
        return
    decisions = [each for each in site.catalog.label_sets.decisions(task) if each.label_set == latest.id]
    last = decisions[-1] if decisions else None
    failed = [gate for gate in last.gates if gate.state == FAILED] if last is not None and last.kind == HELD else []
    what = f"{latest.id[:SHORT]} ({latest.schema_version})"
    if failed:
        why = "; ".join(f"{gate.name}: {gate.why}" for gate in failed)
        command = f"retrolabel report {task} {latest.id[:SHORT]} --against current"
        yield Line(TO_DO, "candidate", f"{what} is held: {why}", command)
    elif last is not None and last.kind == HELD:
        yield Line(TO_DO, "candidate", f"{what} waits for a person", f"retrolabel gates {task} {latest.id[:SHORT]}")
    else:
        yield Line(NOTE, "candidate", f"{what} is latest, and consumers read another one")


def _items(about: About) -> Iterator[Line]:
    site, task, latest = about.site, about.task, about.latest
    if latest is None:
        return
    wanted = site.sources_of(task)
    segments = [each for each in site.catalog.feedback.segments() if wanted is None or each.source in wanted]
    made_of = {each["id"] for each in read_manifest(latest, site.objects)["inputs"]["segments"]}
    new = sum(each.live for each in segments if each.id not in made_of)
    if new:
        yield Line(TO_DO, "items", f"{counted(new, 'item')} came since the latest label set", f"retrolabel plan {task}")
    else:
        yield Line(OK, "items", "the latest label set holds all that came in")


def _new_gold(about: About) -> Iterator[Line]:
    """Yield how many human labels a relabel may fit that the latest label set did not."""
    if about.latest is None:
        return
    new = about.site.catalog.gold.came_since(about.task, about.latest.created_at).get("dev", 0)
    if new:
        told = f"{counted(new, 'human label')} for dev came since the latest label set, which a relabel may fit"
        yield Line(NOTE, "new gold", told, f"retrolabel plan {about.task}")


def _schema(about: About) -> Iterator[Line]:
    site, task, latest = about.site, about.task, about.latest
    try:
        head = newest_released(site, task)
    except OSError as error:
        raise SchemaError(f"{LOCK} cannot be read: {error.strerror or error}.") from error
    if head is None or latest is None or head == latest.schema_version:
        return
    labelled = {each.schema_version for each in site.catalog.label_sets.records(task)}
    if head in labelled:
        yield Line(NOTE, "schema", f"the latest label set is of {latest.schema_version}, {head} is released")
    else:
        told = f"version {head} is released, and nothing is labelled under it"
        yield Line(TO_DO, "schema", told, f"retrolabel plan {task} --to {head}")


def _code(about: About) -> Iterator[Line]:
    """Yield the modules of labeling functions that do not import; all else that is wrong there is raised."""
    site, task = about.site, about.task
    if site.project is None or task not in site.tasks():
        return
    skips = site.on_fault(task) == SKIP
    for module in site.discover(task, skips=True).broken:
        so = "its labeling functions sit out of the next relabel" if skips else "so no relabel can be made"
        yield Line(TO_DO if skips else BROKEN, "code", f"{module.why}; {so}", f"retrolabel lf list {task}")


def _age(about: About) -> Iterator[Line]:
    record = about.current or about.latest
    if record is None:
        return
    days, horizon = (about.at - record.created_at).days, about.site.task_settings(about.task).horizon_days
    if days > horizon:
        told = f"the labels are {days:,} days old; the horizon is {horizon} (horizon_days in the settings)"
        yield Line(TO_DO, "age", told, f"retrolabel plan {about.task}")


def _drift(about: About) -> Iterator[Line]:
    """Yield what a scheduled look told of the newest window, and what people accepted of it."""
    site, task = about.site, about.task
    window = timedelta(days=site.task_settings(task).drift_window_days)
    alarms, accepted = told_drift(site, task, window, about.at)
    if alarms:
        told = "; ".join(
            f"{kind} {what} {before:.1%} -> {now:.1%}".replace("%", " %") for kind, what, before, now in alarms
        )
        yield Line(TO_DO, "drift", f"feedback drifted: {told}", f"retrolabel drift {task}")
    for each in accepted:
        told = f"{each.subject} is the new normal from {each.since} on ({each.by}: {each.why})"
        yield Line(OK, "drift", told)


def _gold(about: About) -> Iterator[Line]:
    """Yield whether people agree less; only where that was told, and as their answers are now."""
    if about.latest is None or last_alarm(about.site, about.task) is None:
        return
    told = agreeing_less(about.site, about.task)
    if told is not None:
        yield Line(TO_DO, "gold", *told)


def _models(about: About) -> Iterator[Line]:
    site, task, current = about.site, about.task, about.current
    model, due = asked_model(site, task), said_due(site, task, current)
    if due:
        yield Line(TO_DO, "models", due, f"retrolabel train {task}")
    elif model is not None and model.is_stale(current):
        yield Line(NOTE, "models", f"{model} is stale: consumers read another label set", f"retrolabel train {task}")
    elif model is not None:
        yield Line(OK, "models", f"{model}, the label set that consumers read")


PARTS: dict[str, Callable[[About], Iterator[Line]]] = {
    "run": running,
    "current": _current,
    "candidate": _candidate,
    "items": _items,
    "new gold": _new_gold,
    "schema": _schema,
    "code": _code,
    "age": _age,
    "drift": _drift,
    "gold": _gold,
    "models": _models,
    "schedule": schedules,
    "events": events,
    "mlflow": mlflow,
}
"""What a task is asked about, in the order in which it is told."""
