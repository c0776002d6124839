"""Branches of a history: merged into one version, or squashed into one step."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from retrolabel.errors import Problem, SchemaError
from retrolabel.schema.paths import between, meeting, relation_between
from retrolabel.schema.squashing import steps_of
from retrolabel.schema.steps import Add, Split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.schema.labels import Label
    from retrolabel.schema.steps import Step
    from retrolabel.schema.versions import LabelSchema


def merge_of(one: LabelSchema, other: LabelSchema, version: str, reason: str) -> LabelSchema:
    """Return the version that joins two branches: what either of them changed is changed.

    Raises:
        SchemaError: Both changed the same label, or they have no version in common.
    """
    base = meeting(one, other)
    if base is None:
        raise SchemaError(f"{one} and {other} have no version in common.", remedy="only branches of one line merge")
    before, left, right = ({label.id: label for label in each.labels} for each in (base, one, other))
    labels: list[Label] = []
    problems: list[Problem] = []
    for label_id in dict.fromkeys([*left, *right]):
        here, there, was = left.get(label_id), right.get(label_id), before.get(label_id)
        if here is None or there is None:
            kept = here or there
            if was is None and kept is not None:
                labels.append(kept)
            elif kept is not None and kept != was:
                problems.append(Problem(f"label {label_id!r}", "is gone in one branch, and changed in the other"))
        else:
            labels.append(_label_of(label_id, was, here, there, problems))
    more = {name: _value_of(name, base, one, other, problems) for name in ("scale", "guidelines", "agreement")}
    rules = [
        rule
        for rule in dict.fromkeys([*one.constraints, *other.constraints])
        if rule not in base.constraints or (rule in one.constraints and rule in other.constraints)
    ]
    if problems:
        raise SchemaError(
            f"{one} and {other} cannot be merged as they are.",
            problems=problems,
            remedy=f'write the version by hand: revises=[...], labels=[...], steps={{"{one.version}": [...]}}',
        )
    return replace(
        one, version=version, labels=labels, revises=(one, other), steps=(), reason=reason, constraints=rules, **more
    )


def _label_of(label_id: str, was: Label | None, here: Label, there: Label, problems: list[Problem]) -> Label:
    """Return a label that both branches have, with what either of them changed of it."""
    chosen: dict[str, Any] = {}
    differ: list[str] = []
    for each in fields(here):
        values = [getattr(label, each.name) for label in (here, there)]
        old = getattr(was, each.name) if was is not None else None
        if values[0] != values[1] and was is not None and old in values:
            values.remove(old)
        elif values[0] != values[1] and (each.compare or each.name == "status"):
            differ.append(each.name)
        chosen[each.name] = values[0]
    if differ:
        what = f"means something else in each branch ({', '.join(differ)})"
        problems.append(Problem(f"label {label_id!r}", what, "agree on one meaning"))
    return replace(here, **chosen)


def _value_of(name: str, base: LabelSchema, one: LabelSchema, other: LabelSchema, problems: list[Problem]) -> Any:  # noqa: ANN401 - of any field
    """Return what a field is after both branches: what the one that changed it says."""
    was, here, there = (getattr(each, name) for each in (base, one, other))
    if there in (here, was):
        return here
    if here == was:
        return there
    if name == "guidelines":
        return f"{here.rstrip()}\n\n{there}"
    problems.append(Problem(name, f"is {here} in {one.version} and {there} in {other.version}", "agree on one"))
    return here


def squash_of(versions: Sequence[LabelSchema], since: LabelSchema, until: LabelSchema) -> list[LabelSchema]:
    """Return all versions but those between two, with one step in their place.

    Raises:
        SchemaError: The two are not on one line, or another version parts from one between them.
    """
    if since.version == until.version or since.version not in {each.version for each in until.lineage()}:
        raise SchemaError(f"{until} did not come from {since}.", remedy="name the older version first")
    gone = {each.version for each in between(since, until)[1:-1]}
    outside = [
        each.version
        for each in versions
        if each.version not in gone | {until.version} and any(parent.version in gone for parent in each.parents)
    ]
    if outside:
        raise SchemaError(
            f"{', '.join(outside)} part(s) from a version between {since.version} and {until.version}.",
            remedy="merge the branches first, or squash a shorter stretch",
        )
    made: dict[str, LabelSchema] = {}
    for each in versions:
        if each.version == until.version:
            made[each.version] = _squashed(each, since)
        elif each.version not in gone:
            parents = tuple(made[parent.version] for parent in each.parents)
            made[each.version] = replace(each, revises=parents or None)
    return list(made.values())


def _squashed(until: LabelSchema, since: LabelSchema) -> LabelSchema:
    steps = steps_of(relation_between(since, until), since, until)
    return replace(until, revises=since, steps=[_with_skip(step, since, until) for step in steps])


def _with_skip(step: Step, since: LabelSchema, until: LabelSchema) -> Step:
    """Return the step with the skip that a version between had to one before ``since``, if there is one."""
    if not isinstance(step, (Add, Split)):
        return step
    into = {step.label} if isinstance(step, Add) else set(step.into)
    older = {each.version for each in since.lineage()} - {since.version}
    for each in between(since, until)[1:]:
        for restored, ids in each.restored():
            if restored.version in older and ids & into:
                if isinstance(step, Add):
                    return Add(step.label, carved_from=step.carved_from, restores=restored.version)
                return Split(step.label, into=step.into, restores=restored.version)
    return step
