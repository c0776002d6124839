"""What CI refuses of label schemas: everything at once, each with its file and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import SchemaError, counted
from retrolabel.gold.projection import Readings
from retrolabel.jobs.schemas.checked_steps import findings_of_steps
from retrolabel.jobs.schemas.findings import CheckReport, Finding
from retrolabel.schema.lock import Lock, LockedTask, LockedVersion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.schemas.findings import TaskToCheck
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

TODO = "TODO"
PLACEHOLDER = f"{TODO}:"


def check(tasks: Sequence[TaskToCheck], lock: Lock | None, *, strict: bool = False) -> CheckReport:
    """Return everything that is wrong with the schemas of some tasks.

    Args:
        tasks: The tasks, with what discovery found wrong in them.
        lock: What was released; ``None`` where that cannot be read, so that nothing is said of it.
        strict: Whether warnings count as errors.
    """
    found: list[Finding] = []
    state: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for task in tasks:
        locked = lock.tasks.get(task.name, LockedTask()) if lock is not None else LockedTask()
        found += [Finding("error", "unsound", task.name, each.where, each.what, each.remedy) for each in task.problems]
        if task.history is None:
            continue
        numbers = [schema.version for schema in task.history]
        if lock is not None:
            state[task.name] = (
                tuple(number for number in numbers if number in locked.versions),
                tuple(number for number in numbers if number not in locked.versions),
            )
            found += [*_frozen(task, task.history, locked), *_emits(task, task.history, locked)]
        for one in (_heads, findings_of_steps, _suspects, _gold):
            found += one(task, task.history, locked)
    order = ("error", "warning", "note")
    return CheckReport(
        tuple(sorted(dict.fromkeys(found), key=lambda finding: order.index(finding.severity))), state, strict
    )


def orphans(lock: Lock, names: Sequence[str]) -> list[Finding]:
    """Return what the lock holds of tasks that are not there."""
    return [
        Finding(
            "error",
            "lock",
            name,
            "labels.lock",
            f"holds released versions of the task {name!r}, which has no folder",
            "take the folder back from version control; or, if the task is given up, take its entry out of labels.lock",
        )
        for name in sorted(set(lock.tasks) - set(names))
    ]


def _heads(task: TaskToCheck, history: History, _: LockedTask) -> Iterator[Finding]:
    heads = history.heads
    if len(heads) > 1:
        yield Finding(
            "error",
            "two-heads",
            task.name,
            ", ".join(task.file(head.version) for head in heads),
            f"{len(heads)} heads: {' and '.join(head.version for head in heads)} are both newest",
            f"retrolabel schema merge-heads {task.name}; or let one revise the other",
        )


def _frozen(task: TaskToCheck, history: History, locked: LockedTask) -> Iterator[Finding]:
    """Yield what differs from the lock, and what is not in it yet."""
    by_number = {schema.version: schema for schema in history}
    for number, was in locked.versions.items():
        if number not in by_number:
            if task.problems:  # a file that does not import hides its version
                continue
            what = f"holds {number}, of which there is no file"
            yield Finding("error", "lock", task.name, "labels.lock", what, "take the file back from version control")
            continue
        schema, file = by_number[number], task.file(number)
        now = LockedVersion.of(schema)
        edits = list(edits_since(schema, was))
        if edits:
            yield Finding(
                "error",
                "edited",
                task.name,
                file,
                f"{number} is released and was edited: {'; '.join(edits)}",
                "take the file back from version control, and say it in a new version, e.g.:"
                f" retrolabel schema new {task.name} --redefine {_edited_label(schema, was)}=narrower",
            )
        elif now.display != was.display:
            yield Finding(
                "warning",
                "display",
                task.name,
                file,
                f"{number} is released, and what people see was edited (names, owners, hotkeys, reason, guidelines)",
                f"if that is meant: retrolabel schema release {task.name} {number}",
            )
    yield from _drafts(task, by_number, locked)


def _drafts(task: TaskToCheck, by_number: Mapping[str, LabelSchema], locked: LockedTask) -> Iterator[Finding]:
    """Yield versions that anybody may still edit, and what in them nobody wrote yet."""
    said = {label.schema_version for label in task.human or ()}
    for number, schema in by_number.items():
        if number in locked.versions:
            continue
        severity, code = ("warning", "stored-draft") if number in said else ("note", "draft")
        what = "people have labelled under it" if number in said else "nothing keeps it from being edited"
        yield Finding(
            severity,
            code,
            task.name,
            task.file(number),
            f"{number} is not released: {what}",
            f"retrolabel schema release {task.name} {number}",
        )
        for alike in _alike(schema):
            what = f"labels {' and '.join(map(repr, alike))} of {number} differ in upper and lower case alone"
            remedy = "give one of them another id: people and files will take one for the other"
            yield Finding("warning", "alike", task.name, task.file(number), what, remedy)
        labels, reason = placeholders(schema)
        for label_id in labels:
            what = f"label {label_id!r} of {number} still says {TODO}"
            remedy = "write what the label means, so that a person can act on it"
            yield Finding("error", "todo", task.name, task.file(number), what, remedy)
        if reason:
            what = f"the reason of {number} still says {TODO}"
            yield Finding("error", "todo", task.name, task.file(number), what, 'reason="why the labels changed"')


def _alike(schema: LabelSchema) -> list[list[str]]:
    """Return the ids of a version that differ in case alone, those of one word together."""
    found: dict[str, list[str]] = {}
    for label_id in schema.ids:
        found.setdefault(label_id.casefold(), []).append(label_id)
    return [ids for ids in found.values() if len(ids) > 1]


def placeholders(schema: LabelSchema) -> tuple[tuple[str, ...], bool]:
    """Return the labels of a version whose words nobody wrote yet, and whether nobody wrote its reason."""
    labels = tuple(
        label.id
        for label in schema.answers
        if any(_is_placeholder(text) for text in (label.definition, label.title, *label.include, *label.exclude))
    )
    return labels, _is_placeholder(schema.reason)


def still_to_write(schema: LabelSchema, file: str) -> str:
    """Return a sentence on the words of a draft that nobody wrote yet; nothing, where all are written.

    Args:
        schema: The version.
        file: Its file.
    """
    labels, reason = placeholders(schema)
    if not labels and not reason:
        return ""
    parts = [*([counted(len(labels), "label")] if labels else []), *(["its reason"] if reason else [])]
    says = "says" if len(labels) + reason == 1 else "say"
    then = "; labels made now get another id once that is written" if labels else ""
    return f"{schema} is a draft: {' and '.join(parts)} still {says} {TODO} ({file}){then}"


def _is_placeholder(text: str) -> bool:
    return text.lstrip().startswith(PLACEHOLDER)


def _edited_label(schema: LabelSchema, was: LockedVersion) -> str:
    now = LockedVersion.of(schema).meaning
    changed = [each for each in schema.ids if each in was.meaning and was.meaning[each] != now[each]]
    return next(iter([*changed, *(each for each in schema.ids if each in was.meaning)]), schema.ids[0])


def edits_since(schema: LabelSchema, was: LockedVersion) -> Iterator[str]:
    """Yield what of a released version is not what it was, in the words of people; what they only see is left out."""
    now = LockedVersion.of(schema)
    gone, came = sorted(was.meaning.keys() - now.meaning.keys()), sorted(now.meaning.keys() - was.meaning.keys())
    changed = sorted(each for each in was.meaning.keys() & now.meaning.keys() if was.meaning[each] != now.meaning[each])
    for what, ids in (("label {} is gone", gone), ("label {} is new", came), ("the meaning of {} changed", changed)):
        if ids:
            yield what.format(", ".join(ids))
    if was.shape != now.shape and not (gone or came):
        yield f"its shape changed (scale {schema.scale}, ids, ranks, tree, aliases or constraints)"
    dropped = sorted(set(was.reserved) - set(now.reserved))
    if dropped:
        yield f"it no longer reserves {', '.join(dropped)}"
    if was.steps != now.steps:
        yield "its steps changed"
    if was.revises != now.revises:
        yield f"it revised {', '.join(was.revises) or 'nothing'}, and now {', '.join(now.revises) or 'nothing'}"


def _emits(task: TaskToCheck, history: History, locked: LockedTask) -> Iterator[Finding]:
    """Yield LFs whose votes are not those that the lock holds, or name a label that nobody should give."""
    if locked.versions:
        now = task.emits()
        for name in sorted(now.keys() | locked.emits.keys()):
            before, after = locked.emits.get(name), now.get(name)
            if before == after or (after is None and task.problems):  # a module that does not import hides its LFs
                continue
            what = (
                f"LF {name} is new"
                if before is None
                else f"LF {name} is gone"
                if after is None
                else f"LF {name} may emit {', '.join(after)} instead of {', '.join(before)}"
            )
            yield Finding(
                "error",
                "emits",
                task.name,
                task.lf_files.get(name, "labels.lock"),
                f"{what}, and labels.lock does not say so",
                f"retrolabel schema release {task.name} --only-lfs",
            )
    for head in history.heads:
        out = {label.id for label in head.answers if label.status == "deprecated"}
        for lf in task.lfs:
            named = sorted({label.id for vote in lf.declared for label in vote.labels} & out)
            if named:
                what = f"LF {lf.name} votes {', '.join(named)}, which {head.version} deprecates"
                yield Finding("warning", "deprecated", task.name, task.lf_files.get(lf.name, lf.name), what)


def _suspects(task: TaskToCheck, history: History, _: LockedTask) -> Iterator[Finding]:
    for head in history.heads:
        for lf in task.lfs:
            for vote in lf.declared:
                try:
                    found = history.resolve(vote, head.version)
                except SchemaError:
                    continue  # discovery says so
                if found.suspect:
                    yield Finding(
                        "warning",
                        "suspect",
                        task.name,
                        task.lf_files.get(lf.name, lf.name),
                        f"LF {lf.name} votes {vote} as {found.home} meant it; redefined since, so its votes stay out",
                        f"look at the LF, then import {vote} from {task.file(head.version)}",
                    )


def _gold(task: TaskToCheck, history: History, _: LockedTask) -> Iterator[Finding]:
    """Yield gold that stands on a label which the newest version knows nothing of."""
    if task.human is None or len(history.heads) > 1:
        return
    head = history.head
    read = Readings(history, head.version)
    lost: dict[tuple[str, str], int] = {}
    standing: dict[tuple[str, str], dict[tuple[str, str], HumanLabel]] = {}
    for label in (each for each in task.human if not each.checks_a_person):
        standing.setdefault((label.source, label.item_id), {})[label.schema_version, label.annotator] = label
    dead: dict[tuple[str, str], int] = {}
    for labels in standing.values():
        given = [label for label in labels.values() if label.label]
        for label in [each for each in given if not _is_known(each, history)]:
            lost[label.schema_version, label.label] = lost.get((label.schema_version, label.label), 0) + 1
            given.remove(label)
        if any(read.of(label.label, label.schema_version).kind != "unknown" for label in given):
            continue
        for key in sorted({(label.schema_version, label.label) for label in given}):
            dead[key] = dead.get(key, 0) + 1
    for (version, label_id), count in lost.items():
        yield Finding(
            "error",
            "lost",
            task.name,
            task.file(version),
            f"{count:,} human labels are {label_id!r} of {version}, and there is no such label",
            "take the version back from version control: what people labelled under must stay",
        )
    for (version, label_id), items in dead.items():
        yield Finding(
            "error",
            "dead-gold",
            task.name,
            task.file(head.version),
            f"{items:,} items have gold {label_id!r} of {version}, which says nothing under {head.version}",
            f"let a step say what it became, e.g. Remove(..., maps_to=...); or label them under {head.version};"
            " or take them back:"
            f" retrolabel gold retire {task.name} {label_id} --schema {version}",
        )


def _is_known(label: HumanLabel, history: History) -> bool:
    return any(schema.version == label.schema_version and label.label in schema.ids for schema in history)
