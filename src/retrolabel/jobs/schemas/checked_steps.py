"""What a check finds in the steps of versions: numbers, reasons, renames, labels that come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.jobs.schemas.findings import Finding
from retrolabel.schema.changes import BUMPS, deserved_bump, given_bump, likely_renames, meaning_changes, next_version
from retrolabel.schema.relations import step_relation
from retrolabel.schema.steps import Add, Redefine, Split
from retrolabel.schema.ways import comes_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.jobs.schemas.findings import TaskToCheck
    from retrolabel.schema.history import History
    from retrolabel.schema.lock import LockedTask
    from retrolabel.schema.versions import LabelSchema


def findings_of_steps(task: TaskToCheck, history: History, locked: LockedTask) -> Iterator[Finding]:
    """Yield what is wrong with the steps of each version, those that are released included.

    Args:
        task: The task.
        history: Its versions.
        locked: What was released of it.
    """
    for schema in history:
        yield from _back_in_silence(task, schema, released=schema.version in locked.versions)
        for parent in schema.parents:
            yield from _one_step(task, schema, parent, released=schema.version in locked.versions)


def _one_step(task: TaskToCheck, schema: LabelSchema, parent: LabelSchema, *, released: bool) -> Iterator[Finding]:
    file = task.file(schema.version)
    relation = step_relation(schema, parent)
    deserved, given = deserved_bump(relation, parent, schema), given_bump(parent, schema)
    if BUMPS.index(given) < BUMPS.index(deserved):
        yield Finding(
            "error",
            "bump",
            task.name,
            file,
            f"{parent.version} -> {schema.version} is a {given} bump, and the change is a {deserved} one",
            f'version="{next_version(parent.version, deserved)}"',
        )
    changed = meaning_changes(parent, schema)
    if changed and not schema.reason.strip():
        what = f"the meaning of {', '.join(changed)} changed without a reason"
        yield Finding("error", "no-reason", task.name, file, what, 'reason="why people should label otherwise"')
    for old, new in likely_renames(parent, schema):
        yield Finding(
            "error",
            "rename",
            task.name,
            file,
            f"{old!r} was removed and {new!r} added, and they read like one label",
            f'a rename keeps the id: Label("{old}", ..., name="{new}"); if they differ, name both in reason=, or say'
            f' Remove("{old}", maps_to=...)',
        )
    if released or len(schema.parents) > 1:  # a merge says what its branches said
        return
    for step in schema.steps_since(parent):
        unchanged = isinstance(step, Add) and [
            old for old in step.carved_from if old in schema.ids and schema.label(old) == parent.label(old)
        ]
        if unchanged:
            yield Finding(
                "warning",
                "carved",
                task.name,
                file,
                f"{step.label!r} is carved from {', '.join(unchanged)}, whose words are what they were",  # type: ignore[attr-defined]  # an Add
                "say in exclude= what belongs to the new label now; LFs that import the old words then become sets",
            )
        if isinstance(step, Split) and step.restores is None:
            yield from _could_restore(task, schema, step, file)
        if isinstance(step, Redefine) and schema.label(step.label) == parent.label(step.label):
            what = f"{step.label!r} is said to be {step.direction}, and its words are what they were"
            remedy = "write what it means now: votes of LFs that import the old label count as the new one"
            yield Finding("warning", "same-words", task.name, file, what, remedy)


def _could_restore(task: TaskToCheck, schema: LabelSchema, step: Split, file: str) -> Iterator[Finding]:
    for part in step.into:
        for older in schema.lineage():
            if older is schema or part == step.label or part not in older.ids:
                continue
            if older.label(part) == schema.label(part):
                yield Finding(
                    "warning",
                    "restores",
                    task.name,
                    file,
                    f"{part!r} meant the same in {older.version}, and labels from then are read as a set",
                    f'Split("{step.label}", ..., restores="{older.version}") makes them exact again',
                )
            break


def _back_in_silence(task: TaskToCheck, schema: LabelSchema, *, released: bool) -> Iterator[Finding]:
    """Yield labels that went and are added again as if they were new: too late to say better once that is released."""
    for step, had in comes_back(schema):
        told = f"{step.label!r} was there before, in {had.version}, and {schema.version} adds it as if it were new"
        if released:
            what = f"{told}: labels from then say nothing under it"
            remedy = (
                "a released version stays as it is; where the old labels count, remove it in a new version, and in the"
                f' next say Add("{step.label}", restores="{had.version}"); or label those items again'
            )
            yield Finding("warning", "back", task.name, task.file(schema.version), what, remedy)
        else:
            remedy = f'Add("{step.label}", restores="{had.version}"), if it is that label again; or choose another id'
            yield Finding("error", "back", task.name, task.file(schema.version), told, remedy)
