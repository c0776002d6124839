"""What can be wrong with a version: its form, its steps, and what they leave unsaid."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from retrolabel.errors import Problem, SchemaError, did_you_mean
from retrolabel.schema import ways
from retrolabel.schema.labels import Label
from retrolabel.schema.rules import Constraint
from retrolabel.schema.steps import Add, Remove, Rescale, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.schema.unchecked import UncheckedSchema

SCALES = ("nominal", "ordinal", "multilabel")
SHORT = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))?")
"""A version that lacks one part or two."""
TASK_NAME = re.compile(r"[a-z][a-z0-9_]*")
SEMVER = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
MOST_PARENTS = 2


def strange(schema: UncheckedSchema, checked: type[UncheckedSchema]) -> Iterator[Problem]:
    """Yield what is not of the kind that it should be, so that nothing more can be said of a version.

    Args:
        schema: The version.
        checked: The class that its parents must be of: what was not checked itself is nothing to build on.
    """
    yield from _no_list("labels", schema.labels, Label, "write Label({!r})")
    yield from _no_list("constraints", schema.constraints, Constraint, "AtLeastOne, AtMostOne or Implies")
    given: object = schema.steps
    for where, steps in given.items() if isinstance(given, Mapping) else [("steps", given)]:
        named = where if where == "steps" else f"steps from {where}"
        yield from _no_list(named, steps, Step, "Add, Remove, Merge, Split, Redefine or Rescale")
    parents: object = schema.revises
    alone = [] if parents is None else [parents]
    for parent in parents if isinstance(parents, (list, tuple)) else alone:
        if not isinstance(parent, checked):
            what = "is text, not the version itself" if isinstance(parent, str) else "is no version"
            remedy = "import SCHEMA from the file of the version before, and write revises=SCHEMA"
            yield Problem("revises", f"{parent!r} {what}", remedy)


def _no_list(where: str, given: object, kind: type, remedy: str) -> Iterator[Problem]:
    if isinstance(given, (str, kind)) or not isinstance(given, Iterable):
        yield Problem(where, f"{given!r:.80} is no list", "write it in [ ]")
        return
    for each in given:
        if not isinstance(each, kind):
            yield Problem(where, f"{each!r:.80} is no {kind.__name__}", remedy.format(str(each)))


def problems(schema: UncheckedSchema) -> Iterator[Problem]:
    """Yield everything that is wrong with a version."""
    yield from _form(schema)
    if not _is_semver(schema.version):
        return
    parents = schema.parents
    if not parents and schema.steps:
        yield Problem("steps", "a first version has no steps", "pass revises=")
    if len(parents) > MOST_PARENTS:
        yield Problem("revises", f"names {len(parents)} versions", "merge two branches at a time")
        return
    if len({parent.version for parent in parents}) < len(parents):
        yield Problem("revises", f"names {parents[0].version} twice", "name it once, without a list")
        return
    for parent in parents:
        yield from _above(schema, parent)
    yield from _forms_of_steps(schema)
    wrong = [problem for parent in parents for problem in _steps(schema, parent)]
    yield from wrong
    if all(schema.order > parent.order for parent in parents):  # else there is no before and after to speak of
        yield from ways.problems(schema, steps_are_sound=not wrong)


def _is_semver(version: str) -> bool:
    return _is_text(version, SEMVER)


def _is_text(value: object, form: re.Pattern[str]) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None


def _padded(version: object) -> str:
    """Return the version that was probably meant: 2.0 is 2.0.0."""
    if isinstance(version, str) and SHORT.fullmatch(version):
        return f"{version}.0" if "." in version else f"{version}.0.0"
    return "1.0.0"


def _form(schema: UncheckedSchema) -> Iterator[Problem]:
    if not _is_text(schema.task, TASK_NAME):
        yield Problem("task", f"{schema.task!r} is no lower-case identifier", "use letters, digits and _")
    if not _is_semver(schema.version):
        yield Problem("version", f"{schema.version!r} is not MAJOR.MINOR.PATCH", f'write "{_padded(schema.version)}"')
    if schema.scale not in SCALES:
        yield Problem("scale", f"{schema.scale!r} is unknown", f"one of {', '.join(SCALES)}")
    if len(schema.ids) < 2:  # noqa: PLR2004 - a question with one answer is none
        yield Problem("labels", "there are fewer than two", "a schema needs at least two answers")
    counts = Counter(label.id for label in schema.labels)
    for label_id, count in counts.items():
        if count > 1:
            yield Problem(f"label {label_id!r}", f"is listed {count} times", "keep one")
    spellings = Counter(s for label in schema.labels for s in dict.fromkeys([label.id, *label.aliases]))
    for spelling, count in spellings.items():
        if count > 1 and spelling not in counts:
            yield Problem(f"alias {spelling!r}", f"stands for {count} labels", "an alias means one label")
        elif count > 1 and counts[spelling] == 1:
            yield Problem(f"alias {spelling!r}", "is the id of another label", "drop the alias")
    yield from _order_of_labels(schema)
    yield from _rules(schema)


def _order_of_labels(schema: UncheckedSchema) -> Iterator[Problem]:
    ranks: dict[object, str] = {}
    for label in schema.answers:
        if label.rank is None:
            if schema.scale == "ordinal":
                yield Problem(f"label {label.id!r}", "has no rank on an ordinal scale", "pass rank=")
        elif type(label.rank) is not int:
            yield Problem(f"label {label.id!r}", f"has the rank {label.rank!r}, which is no whole number", "rank=1")
        elif schema.scale == "ordinal" and ranks.setdefault(label.rank, label.id) != label.id:
            yield Problem(f"label {label.id!r}", f"has the rank of {ranks[label.rank]!r}", "one rank a label")
    yield from _tree(schema)


def _tree(schema: UncheckedSchema) -> Iterator[Problem]:
    parents = {label.id: label.parent for label in schema.labels}
    for label_id, parent in parents.items():
        if parent is not None and parent not in parents:
            yield Problem(f"label {label_id!r}", f"has the parent {parent!r}, which is no label", "add it")
        seen, above = {label_id}, parent
        while above is not None and above in parents:
            if above == label_id:
                yield Problem(f"label {label_id!r}", "is its own ancestor", "break the circle of parents")
            if above in seen:
                break
            seen.add(above)
            above = parents[above]


def _rules(schema: UncheckedSchema) -> Iterator[Problem]:
    for constraint in schema.constraints:
        where = f"constraint {type(constraint).__name__}"
        if schema.scale != "multilabel":
            yield Problem(where, f"an item has one label on a {schema.scale} scale", 'scale="multilabel", or drop it')
        for label_id in sorted(set(constraint.labels) - set(schema.ids)):
            near = did_you_mean(label_id, schema.ids)
            yield Problem(where, f"names {label_id!r}, which is no label.{near}", "check the id")


def _above(schema: UncheckedSchema, parent: UncheckedSchema) -> Iterator[Problem]:
    if parent.task != schema.task:
        yield Problem("revises", f"is a version of {parent.task!r}", f"revise a version of {schema.task!r}")
    if schema.order <= parent.order:
        yield Problem("version", f"is not above {parent.version}, which it revises", "raise the number")
    if (parent.scale == "multilabel") != (schema.scale == "multilabel"):
        yield Problem(
            "scale",
            f"{parent} is {parent.scale}: one answer an item and several answers do not read as each other",
            "make it a task of its own",
        )


def _forms_of_steps(schema: UncheckedSchema) -> Iterator[Problem]:
    """Yield what is wrong with the way in which steps are given, before they are looked at."""
    given = schema.steps
    numbers = [parent.version for parent in schema.parents]
    if isinstance(given, Mapping):
        for number in given.keys() - set(numbers):
            yield Problem("steps", f"names {number!r}, which this version does not revise", f"one of {numbers}")
    elif len(schema.parents) > 1 and given:
        yield Problem(
            "steps",
            "do not say which of the two versions they start from",
            f'steps={{"{numbers[0]}": [...], "{numbers[1]}": [...]}}; left out, each gets what the other did',
        )


def _steps(schema: UncheckedSchema, parent: UncheckedSchema) -> Iterator[Problem]:
    try:
        steps = schema.steps_since(parent)
    except SchemaError as error:
        yield Problem(f"steps since {parent.version}", error.message, error.remedy)
        return
    old, new = {label.id: label for label in parent.answers}, {label.id: label for label in schema.answers}
    for step in steps:
        where = f"step {type(step).__name__}"
        for missing in sorted(step.names_old() - old.keys()):
            yield Problem(where, f"names {missing!r}, which {parent} does not have", "check the id")
        images = step.images()
        mentioned = step.introduces().union(*(image for image in images.values() if image))
        for missing in sorted(mentioned - new.keys()):
            yield Problem(where, f"leads to {missing!r}, which {schema} does not have", "add it to labels=")
        if isinstance(step, Rescale):
            yield from _rescale(step, schema, parent)
    yield from _unexplained(schema, steps, old, new)


def _unexplained(
    schema: UncheckedSchema, steps: Sequence[Step], old: dict[str, Label], new: dict[str, Label]
) -> Iterator[Problem]:
    """Yield labels that came, went or changed, and of which the steps say nothing, or too much."""
    moved = Counter(label_id for step in steps for label_id in step.images())
    introduced = {label_id for step in steps for label_id in step.introduces()}
    redefined = {label_id for step in steps for label_id in step.redefines()}
    yield from _contradictions(schema, steps, old, new)
    for label_id in sorted(old.keys() - new.keys() - moved.keys()):
        yield Problem(
            f"label {label_id!r}", "is gone and no step says where to", f"add Remove, Merge or Split of {label_id!r}"
        )
    for label_id in sorted(new.keys() - old.keys() - introduced):
        yield Problem(f"label {label_id!r}", "is new and no step brings it", f"add Add({label_id!r}) or a Split")
    for label_id in sorted(old.keys() & new.keys() - redefined - moved.keys()):
        if old[label_id] != new[label_id]:
            yield Problem(
                f"label {label_id!r}",
                "means something else than before and no step says so",
                f'add Redefine({label_id!r}, "narrower" | "wider" | "shifted"), or import the old label',
            )


def _contradictions(
    schema: UncheckedSchema, steps: Sequence[Step], old: dict[str, Label], new: dict[str, Label]
) -> Iterator[Problem]:
    """Yield labels of which the steps say two things, or something that the labels belie."""
    for step in steps:
        if isinstance(step, Remove) and step.label in new:
            yield Problem("step Remove", f"removes {step.label!r}, which {schema} still has", "drop one of the two")
        if isinstance(step, Add) and step.label in old:
            yield Problem("step Add", f"adds {step.label!r}, which was there before", "a new label needs a new id")
    for step in steps:
        for label_id, image in sorted(step.images().items()):
            if image is not None and label_id not in image and label_id in new and not isinstance(step, Remove):
                where, what = f"step {type(step).__name__}", f"makes {label_id!r} {' | '.join(sorted(image))}"
                yield Problem(
                    where, f"{what}, and {schema} still has it", "drop the label, or give the new one another id"
                )
    yield from _said_twice(steps)


def _said_twice(steps: Sequence[Step]) -> Iterator[Problem]:
    """Yield labels that several steps move, or redefine; several may be carved from one."""
    moved = Counter(label_id for step in steps for label_id in step.images())
    carved = Counter(label_id for step in steps if isinstance(step, Add) for label_id in step.images())
    for label_id, count in sorted(moved.items()):
        if count > 1 and carved[label_id] != count:
            yield Problem(f"label {label_id!r}", f"is moved by {count} steps", "say it with one step")
    redefined = Counter(label_id for step in steps for label_id in step.redefines())
    for label_id, count in sorted(redefined.items()):
        if count > 1:
            yield Problem(f"label {label_id!r}", f"is redefined {count} times", 'both ways is "shifted"')


def _rescale(step: Rescale, schema: UncheckedSchema, parent: UncheckedSchema) -> Iterator[Problem]:
    """Yield what is wrong with a new scale: points left out, runs with holes, an order that turns round."""
    if schema.scale != "ordinal":
        yield Problem("step Rescale", f"{schema} is {schema.scale}, and has no scale", 'scale="ordinal"')
        return
    images = step.images()
    for missing in sorted(set(parent.ids) - images.keys()):
        yield Problem("step Rescale", f"does not say what {missing!r} of {parent} becomes", "map every old point")
    places = {label.id: place for place, label in enumerate(sorted(schema.answers, key=lambda each: each.rank or 0))}
    runs: list[tuple[str, int, int]] = []
    for label in sorted(parent.answers, key=lambda each: each.rank or 0):
        run = sorted(places[each] for each in images.get(label.id) or () if each in places)
        if not run:
            continue
        if run != list(range(run[0], run[-1] + 1)):
            yield Problem("step Rescale", f"the points that {label.id!r} becomes have a hole", "name all in between")
        runs.append((label.id, run[0], run[-1]))
    for (lower, low, high), (upper, next_low, next_high) in pairwise(runs):
        if next_low < low or next_high < high:
            yield Problem(
                "step Rescale",
                f"{upper!r} was above {lower!r} and is not any more",
                "a scale keeps its order; check the ranks",
            )
