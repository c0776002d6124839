"""What can be wrong between a version and all that it came from: skips, branches, ids that come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import Problem, SchemaError
from retrolabel.schema.paths import ancestors, composed_steps, meeting, relation_between
from retrolabel.schema.relations import relation_of_steps, step_relation
from retrolabel.schema.released import is_released
from retrolabel.schema.squashing import steps_of
from retrolabel.schema.steps import Add, Split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.schema.relations import Relation
    from retrolabel.schema.steps import Step
    from retrolabel.schema.unchecked import UncheckedSchema


def problems(schema: UncheckedSchema, *, steps_are_sound: bool) -> Iterator[Problem]:
    """Yield what is wrong with the ways that lead to a version.

    Args:
        schema: The version.
        steps_are_sound: Whether its own steps make sense, so that relations can be worked out.
    """
    yield from _reused(schema)
    if steps_are_sound:
        wrong = [*_skips(schema), *_diamond(schema)]
        wrong = wrong or list(_contradicting_paths(schema)) or list(_back_elsewhere(schema))
        yield from wrong or _back_in_silence(schema)


def _merges(schema: UncheckedSchema) -> bool:
    return len(schema.parents) > 1


def _skips(schema: UncheckedSchema) -> Iterator[Problem]:
    """Yield steps that restore what was never there, meant something else, or went elsewhere."""
    restoring = [
        (parent, step)
        for parent in schema.parents
        for step in schema.steps_since(parent)
        if isinstance(step, (Add, Split)) and step.restores is not None
    ]
    for parent, step in restoring:
        older = ancestors(parent)
        where = f"step {type(step).__name__}, restores={step.restores!r}"
        into = step.into if isinstance(step, Split) else (step.label,)
        if step.restores not in older:
            yield Problem(where, f"is none of the versions before: {', '.join(older)}", "check the number")
            continue
        restored = older[step.restores]
        shared = sorted(set(into) & set(restored.ids))
        if not shared:
            yield Problem(where, f"{restored} has none of {', '.join(into)}", "leave restores= out")
        composed = relation_between(restored, parent).then(step_relation(schema, parent))
        for label_id in shared:
            if restored.label(label_id) != schema.label(label_id):
                yield Problem(where, f"{label_id!r} means something else there", f"import it from {restored}")
            elif label_id not in composed.project(label_id):
                yield Problem(
                    where, f"the steps do not lead from {label_id!r} to it", "a skip may only narrow what the steps say"
                )


def _contradicting_paths(schema: UncheckedSchema) -> Iterator[Problem]:
    """Yield what skips of several versions say against each other; only a skip or a merge brings that about."""
    if not any(schema.restored()) and not _merges(schema):
        return
    for older in ancestors(schema).values():
        try:
            relation_between(older, schema)
        except SchemaError as error:
            yield Problem("steps", error.message, error.remedy)


def _back_elsewhere(schema: UncheckedSchema) -> Iterator[Problem]:
    """Yield labels that are there again, though the steps say that what bore them is something else now."""
    before = {label_id for parent in schema.parents for label_id in parent.ids}
    older = [each for each in schema.lineage() if each is not schema]
    for label in schema.answers:
        earlier = next((each for each in older if label.id in each.ids), None)
        if label.id in before or earlier is None or earlier.label(label.id) != label:
            continue
        image = relation_between(earlier, schema).project(label.id)
        if label.id not in image:
            yield Problem(
                f"label {label.id!r}",
                f"is there again, and what bore it in {earlier} is {' | '.join(sorted(image))} by the steps since",
                "choose another id, or let the steps lead back to it",
            )


def comes_back(schema: UncheckedSchema) -> Iterator[tuple[Add, UncheckedSchema]]:
    """Yield each ``Add`` of a label that was there before and went, and does not say so, with the newest that had it.

    Args:
        schema: The version.
    """
    before = {label_id for parent in schema.parents for label_id in parent.ids}
    older = [each for each in schema.lineage() if each is not schema]
    for step in (step for parent in schema.parents for step in schema.given_since(parent) or ()):
        if not isinstance(step, Add) or step.restores is not None or step.label in before:
            continue
        had = next((each for each in older if step.label in {label.id for label in each.labels}), None)
        if had is not None and step.label in had.ids and had.label(step.label) == schema.label(step.label):
            yield step, had


def _back_in_silence(schema: UncheckedSchema) -> Iterator[Problem]:
    """Yield labels that are added again as if they were new; what is released can say no more than it says."""
    if is_released(schema.task, schema.version):
        return
    for step, had in comes_back(schema):
        yield Problem(
            f"label {step.label!r}",
            f"was there before, in {had}, and is added as if it were new",
            f'if it is that label again: Add({step.label!r}, restores="{had.version}"); if not, choose another id',
        )


def _diamond(schema: UncheckedSchema) -> Iterator[Problem]:
    """Yield labels that merged branches do not agree about: it must not matter which one a label came through."""
    if not _merges(schema):
        return
    left, right = schema.parents
    common = [each for version, each in ancestors(left).items() if version in ancestors(right)]
    if not common:
        yield Problem("revises", f"{left} and {right} have no version in common", "only branches of one line merge")
    told: set[str] = set()
    for base in common:
        one, other = (composed_steps(base, parent).then(step_relation(schema, parent)) for parent in (left, right))
        for label_id in base.ids:
            what = _disagreement(label_id, one, other, (left.version, right.version))
            if what and label_id not in told:
                told.add(label_id)
                remedy = "give the steps from both by hand, so that the two ways lead to the same"
                yield Problem(f"label {label_id!r} of {base}", what, remedy)


def _disagreement(label_id: str, one: Relation, other: Relation, numbers: tuple[str, str]) -> str | None:
    if one.images[label_id] != other.images[label_id]:
        seen = [" | ".join(sorted(each.images[label_id])) for each in (one, other)]
        return f"is {seen[0]} by way of {numbers[0]}, and {seen[1]} by way of {numbers[1]}"
    for name in ("suspect_positive", "suspect_negative", "unknown"):
        if (label_id in getattr(one, name)) != (label_id in getattr(other, name)):
            return f"is redefined or dropped by way of one of {numbers[0]} and {numbers[1]} only"
    return None


def _reused(schema: UncheckedSchema) -> Iterator[Problem]:
    """Yield ids that stood for something else, or were reserved, in a version before."""
    before = {label_id for parent in schema.parents for label_id in parent.ids}
    before |= {label_id for _, ids in schema.restored() for label_id in ids}  # the skip's own rules hold for these
    older = [each for each in schema.lineage() if each is not schema]
    for label in schema.answers:
        if label.id in before:
            continue
        earlier = next((each for each in older if any(label.id == known.id for known in each.labels)), None)
        if earlier is None:
            continue
        was = next(known for known in earlier.labels if known.id == label.id)
        if was.status == "reserved":
            yield Problem(f"label {label.id!r}", f"is an id that {earlier} reserved", "choose another id")
        elif was != label:
            yield Problem(f"label {label.id!r}", f"meant something else in {earlier}", "an id is never used again")


def steps_of_the_other_branch(schema: UncheckedSchema, parent: UncheckedSchema) -> tuple[Step, ...]:
    """Return what the other of two merged branches did since they parted, as steps from ``parent``.

    Raises:
        SchemaError: Both branches changed the same label, so that the steps have to be given by hand.
    """
    other = next((each for each in schema.parents if each is not parent), None)
    if other is None:  # the steps were given for a version that is no parent, which is a fault of its own
        return ()
    base = meeting(parent, other)
    if base is None:
        raise SchemaError(f"{parent} and {other} have no version in common.", remedy="only branches of one line merge")
    here, there = (relation_between(base, each) for each in (parent, other))
    both = sorted(
        old
        for old in base.ids
        if (there.images[old] != {old} or _differs(old, base, other))
        and (here.images[old] != {old} or _differs(old, base, parent))
    )
    by_hand = f'steps={{"{parent.version}": [...], "{other.version}": [...]}}'
    if both:
        raise SchemaError(f"{parent} and {other} both changed {', '.join(both)}", remedy=f"say what holds: {by_hand}")
    steps = steps_of(there, base, other)
    again = relation_of_steps(steps, base, other)
    if schema.scale == "multilabel" and (again.reach, again.unasked) != (there.reach, there.unasked):
        raise SchemaError(
            f"What {other} did to {base} is more than one step can say", remedy=f"say it by hand: {by_hand}"
        )
    return steps


def _differs(label_id: str, before: UncheckedSchema, after: UncheckedSchema) -> bool:
    return label_id in after.ids and before.label(label_id) != after.label(label_id)
