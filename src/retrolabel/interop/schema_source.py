"""The source text of the next version: written from what is asked, to be edited by a person."""

from __future__ import annotations

import json
import keyword
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from retrolabel.errors import Problem, SchemaError
from retrolabel.schema.changes import deserved_bump, next_version
from retrolabel.schema.labels import Label
from retrolabel.schema.relations import step_relation
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Rescale, Split
from retrolabel.schema.versions import LabelSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from retrolabel.schema.steps import Step

TODO = "TODO: when does it hold? One sentence that a person can act on."
STEPS = ("Add", "Merge", "Redefine", "Remove", "Rescale", "Split")
WHY = "TODO: what could people or teams not do with the version before?"


@dataclass(frozen=True)
class Wish:
    """What the next version should change.

    Attributes:
        split: Label -> its parts.
        merge: New label -> the old ones; several become one.
        add: New label -> the labels that it is carved from (none, where nothing stored is it).
        remove: Label -> what it becomes (nothing, where that is not known).
        redefine: Label -> ``narrower``, ``wider`` or ``shifted``.
        rename: Label -> the name that people see from now on; its id stays.
        rescale: Old point -> new points.
        restores: The older version whose labels the splits, and the labels that are added, bring back.
        reason: Why.
    """

    split: Mapping[str, Sequence[str]] = field(default_factory=dict)
    merge: Mapping[str, Sequence[str]] = field(default_factory=dict)
    add: Mapping[str, Sequence[str]] = field(default_factory=dict)
    remove: Mapping[str, Sequence[str]] = field(default_factory=dict)
    redefine: Mapping[str, str] = field(default_factory=dict)
    rename: Mapping[str, str] = field(default_factory=dict)
    rescale: Mapping[str, Sequence[str]] = field(default_factory=dict)
    restores: str | None = None
    reason: str = ""

    def steps(self) -> list[Step]:
        """Return the steps that say it."""
        return [
            *(Split(label, into=parts, restores=self.restores) for label, parts in self.split.items()),
            *(Merge(labels, into=into) for into, labels in self.merge.items()),
            *(Add(label, carved_from=old) for label, old in self.add.items()),
            *(Remove(label, maps_to=new) for label, new in self.remove.items()),
            *(Redefine(label, direction) for label, direction in self.redefine.items()),  # type: ignore[arg-type]  # Redefine checks it
            *([Rescale(self.rescale)] if self.rescale else []),
        ]


def next_schema(parent: LabelSchema, wish: Wish, version: str | None = None) -> LabelSchema:
    """Return the version that a wish describes; its new words are placeholders.

    Args:
        parent: The version that it revises.
        wish: What should change.
        version: Its number; the least that the change deserves if left out.

    Raises:
        SchemaError: It would not be sound: labels that do not exist, that are moved twice, and so on.

    Example:
        >>> v1 = LabelSchema(task="thumbs", version="1.2.0", labels=[Label("good"), Label("bad")])
        >>> v2 = next_schema(v1, Wish(split={"bad": ["slow", "wrong"]}))
        >>> v2.version, v2.ids
        ('2.0.0', ('good', 'slow', 'wrong'))
    """
    _check(wish, parent)
    steps, labels = _on_a_scale(wish, parent) if _moves_a_scale(wish, parent) else _as_asked(wish, parent)
    ids = {label.id for label in labels}
    draft = LabelSchema(
        task=parent.task,
        version=version or next_version(parent.version, "major"),
        labels=labels,
        revises=parent,
        steps=steps,
        scale=parent.scale,
        reason=wish.reason,
        constraints=[rule for rule in parent.constraints if set(rule.labels) <= ids],
        agreement=parent.agreement,
        guidelines=parent.guidelines,
    )
    if version:
        return draft
    bump = deserved_bump(step_relation(draft, parent), parent, draft)
    return replace(draft, version=next_version(parent.version, bump))


def _check(wish: Wish, parent: LabelSchema) -> None:
    for label_id in dict.fromkeys([*wish.rename, *wish.redefine, *wish.split, *wish.remove]):
        parent.label(label_id)  # raises, with the nearest
    problems = list(_nonsense(wish, parent))
    if problems:
        raise SchemaError("That cannot be said with steps; nothing was written.", problems=problems)
    if not wish.steps() and not wish.rename:
        raise SchemaError("Nothing was asked for.", remedy='e.g. --split "bad=slow,wrong"')


def _nonsense(wish: Wish, parent: LabelSchema) -> Iterator[Problem]:
    for label_id, name in wish.rename.items():
        if not name or name == parent.label(label_id).title:
            yield Problem(f"--rename {label_id}={name}", "is no other name", "say what people should read")
        if label_id in wish.remove or label_id in wish.split:
            yield Problem(f"--rename {label_id}", "is about a label that goes", "leave one of the two out")
    for option, given in (("--split", wish.split), ("--merge", wish.merge)):
        for label_id, others in given.items():
            if len(set(others)) == 1:
                what = "names one label, and nothing is split or merged"
                yield Problem(
                    f"{option} {label_id}={','.join(others)}", what, "another name keeps the id: --rename LABEL=NAME"
                )
            elif len(set(others)) < len(others):
                yield Problem(f"{option} {label_id}={','.join(others)}", "names a label twice", "name it once")
    if wish.restores and not wish.split and not wish.add:
        yield Problem("--restores", "says what a split or an add brings back", "--split LABEL=PART,PART or --add LABEL")


def _as_asked(wish: Wish, parent: LabelSchema) -> tuple[list[Step], list[Label]]:
    """Return the steps and the labels of the next version: those that stay, then those that come."""
    merged = {old for olds in wish.merge.values() for old in olds} - set(wish.merge)
    leaving = set(wish.remove) | merged | {label for label, parts in wish.split.items() if label not in parts}
    labels = [_changed(label, wish) for label in parent.labels if label.id not in leaving]
    highest = max((label.rank or 0 for label in labels), default=0)
    brought = [*(new for parts in wish.split.values() for new in parts), *wish.merge, *wish.add]
    for label_id in dict.fromkeys(brought):
        if label_id not in {label.id for label in labels}:
            highest += 1
            labels.append(_new(label_id, wish, parent, highest))
    return _restoring(wish, parent, wish.steps()), labels


def _restoring(wish: Wish, parent: LabelSchema, steps: Sequence[Step]) -> list[Step]:
    """Return the steps, of which those restore something that bring back what the restored version had.

    Where none does, all of them try: then the error says what is wrong with the number.
    """
    had = next((set(each.ids) for each in parent.lineage() if each.version == wish.restores), set())
    serves = any(had & step.introduces() for step in steps if isinstance(step, (Add, Split)))
    found: list[Step] = []
    for step in steps:
        restores = wish.restores if not serves or had & step.introduces() else None
        if isinstance(step, Add):
            found.append(Add(step.label, carved_from=step.carved_from, restores=restores))
        elif isinstance(step, Split):
            found.append(Split(step.label, into=step.into, restores=restores))
        else:
            found.append(step)
    return found


def _moves_a_scale(wish: Wish, parent: LabelSchema) -> bool:
    return parent.scale == "ordinal" and bool(wish.rescale or wish.split or wish.merge)


def _on_a_scale(wish: Wish, parent: LabelSchema) -> tuple[list[Step], list[Label]]:
    """Return the same for an ordinal version: one rescaling, and ranks that keep the order."""
    into = {old: [new] for new, olds in wish.merge.items() for old in olds}
    ordered = sorted(parent.answers, key=lambda label: label.rank or 0)
    runs = {
        label.id: list(wish.rescale.get(label.id) or wish.split.get(label.id) or into.get(label.id) or [label.id])
        for label in ordered
    }
    strange = sorted({*wish.rescale, *into} - set(runs))
    if strange:
        parent.label(strange[0])  # raises, with the nearest
    points = [*dict.fromkeys(new for run in runs.values() for new in run), *wish.add]
    first = ordered[0].rank or 0
    known = {label.id: label for label in parent.labels}
    labels = [
        replace(_changed(known[label_id], wish), rank=rank)
        if label_id in known
        else replace(_new(label_id, wish, parent, rank), rank=rank)
        for rank, label_id in enumerate(points, start=first)
    ]
    others = replace(wish, split={}, merge={}, rescale={})
    return [Rescale(runs), *_restoring(others, parent, others.steps())], labels


def _new(label_id: str, wish: Wish, parent: LabelSchema, rank: int) -> Label:
    """Return a label that comes: a placeholder, or what it was where a split brings it back."""
    having = [each for each in parent.lineage() if label_id in each.ids]
    for each in [*(each for each in having if each.version == wish.restores), *having]:
        return each.label(label_id)  # an id means one thing, for ever
    return Label(label_id, TODO, rank=rank if parent.scale == "ordinal" else None)


def _changed(label: Label, wish: Wish) -> Label:
    changed = replace(label, name=wish.rename[label.id]) if label.id in wish.rename else label
    if label.id in wish.redefine:
        changed = replace(changed, definition=f"{TODO} It said: {label.definition}")
    return changed


def file_name(schema: LabelSchema, wish: Wish) -> str:
    """Return a name for the file of a version: its number, and what it does first.

    Example:
        >>> v1 = LabelSchema(task="thumbs", version="1.2.0", labels=[Label("good"), Label("bad")])
        >>> wish = Wish(split={"bad": ["slow", "wrong"]})
        >>> file_name(next_schema(v1, wish), wish)
        'v2_split_bad.py'
    """
    number = schema.version
    while number.endswith(".0"):
        number = number[:-2]
    what = [
        *(f"split_{label}" for label in wish.split),
        *(f"merge_into_{label}" for label in wish.merge),
        *(f"add_{label}" for label in wish.add),
        *(f"remove_{label}" for label in wish.remove),
        *(f"redefine_{label}" for label in wish.redefine),
        *(["rescale"] if wish.rescale else []),
        *(f"rename_{label}" for label in wish.rename),
    ]
    slug = re.sub(r"\W+", "_", what[0] if what else "merge_heads").strip("_").lower()
    return f"v{number.replace('.', '_')}_{slug}.py"


def schema_source(schema: LabelSchema, modules: Mapping[str, tuple[str, str, Mapping[str, str]]]) -> str:
    """Return the source text of a version that revises others; what did not change is imported.

    Args:
        schema: The version.
        modules: Number of each parent -> (module, name of the schema there, label id -> name there).
    """
    names: dict[str, str] = {}
    imports: dict[str, list[str]] = {}
    parents: dict[str, str] = {}
    needed = {
        "SCHEMA",
        "Label",
        "LabelSchema",
        "AgreementTarget",
        *STEPS,
        *(type(rule).__name__ for rule in schema.constraints),
    }
    needed |= {_alias(parent.version) for parent in schema.parents}
    for place, parent in enumerate(schema.parents):
        module, attribute, theirs = modules[parent.version]
        if not all(part.isidentifier() and not keyword.iskeyword(part) for part in module.split(".")):
            raise SchemaError(
                f"Nothing can be imported from {module.replace('.', '/')}.py, because of its name.",
                remedy="rename the file, e.g. v1.py, and name it in what imports it",
            )
        alias = _alias(parent.version)
        parents[parent.version] = alias
        lines = imports.setdefault(module, [])
        for label in schema.labels:
            if label.id not in names and label.id in theirs and place == _home(label, schema):
                name = theirs[label.id]
                while name in names.values() or name in needed:
                    name += "_"
                names[label.id] = name
                lines.append(name if name == theirs[label.id] else f"{theirs[label.id]} as {name}")
        lines.append(f"{attribute} as {alias}")
    taken = {*names.values(), *needed}
    written = []
    for label in schema.labels:
        if label.id not in names:
            names[label.id] = constant_for(label.id, taken)
            taken.add(names[label.id])
            written.append(f"{names[label.id]} = {_label(label)}")
    given = schema.steps if isinstance(schema.steps, tuple) else ()
    used = sorted(
        {"Label", "LabelSchema", *(type(step).__name__ for step in given)} - (set() if written else {"Label"})
    )
    rules = [
        *({type(rule).__name__ for rule in schema.constraints}),
        *(["AgreementTarget"] if schema.agreement else []),
    ]
    head = [f'"""Version {schema.version}{_said(schema.reason)}"""', ""]
    head += [f"from {module} import {', '.join(sorted(found))}" for module, found in sorted(imports.items()) if found]
    head += [f"from retrolabel import {', '.join(sorted({*used, *rules}))}", ""]
    return "\n".join([*head, *written, *([""] if written else []), _schema(schema, names, parents), ""])


def _alias(version: str) -> str:
    return f"V{version.replace('.', '_')}"


def _same(label: Label, parent: LabelSchema) -> bool:
    was = next(each for each in parent.labels if each.id == label.id)
    shown = ("name", "aliases", "owner", "hotkey", "status")
    return was == label and all(getattr(was, name) == getattr(label, name) for name in shown)


def _home(label: Label, schema: LabelSchema) -> int:
    """Return the first parent that has the label just as it is."""
    return next(
        (
            place
            for place, parent in enumerate(schema.parents)
            if label.id in {each.id for each in parent.labels} and _same(label, parent)
        ),
        -1,
    )


def constant_for(label_id: str, taken: Iterable[str]) -> str:
    """Return the name of a label in Python: its id in capitals, and no name that is taken.

    Example:
        >>> constant_for("wrong-answer", []), constant_for("1_star", []), constant_for("label", ["LABEL"])
        ('WRONG_ANSWER', 'L_1_STAR', 'LABEL_')
    """
    name = re.sub(r"\W+", "_", label_id).strip("_").upper() or "LABEL"
    if name[0].isdigit() or keyword.iskeyword(name):
        name = f"L_{name}"
    while name in taken:
        name += "_"
    return name


def _label(label: Label) -> str:
    lines = [f"    {_text(label.id)},", f"    {_text(label.definition)},"]
    shown = {name: getattr(label, name) for name in ("name", "owner", "hotkey")}
    lines += [f"    {name}={_text(value)}," for name, value in shown.items() if value]
    for name in ("include", "exclude", "examples", "aliases"):
        values = getattr(label, name)
        if values:
            lines += [f"    {name}=[", *(f"        {_text(value)}," for value in values), "    ],"]
        elif name in ("include", "exclude") and TODO in label.definition:
            lines.append(f"    {name}=[],")
    if label.rank is not None:
        lines.append(f"    rank={label.rank},")
    if label.parent is not None:
        lines.append(f"    parent={_text(label.parent)},")
    if label.status != "active":
        lines.append(f"    status={_text(label.status)},")
    return "Label(\n" + "\n".join(lines) + "\n)"


def _schema(schema: LabelSchema, names: Mapping[str, str], parents: Mapping[str, str]) -> str:
    revises = ", ".join(parents[parent.version] for parent in schema.parents)
    labels = ", ".join(names[label.id] for label in schema.labels)
    lines = [
        f"    task={_text(schema.task)},",
        f"    version={_text(schema.version)},",
        f"    revises={revises if len(schema.parents) == 1 else f'[{revises}]'},",
        f"    labels=[{labels}],",
    ]
    if isinstance(schema.steps, tuple) and schema.steps:
        lines += ["    steps=[", *(f"        {_step(step, names)}," for step in schema.steps), "    ],"]
    if schema.scale != "nominal":
        lines.append(f"    scale={_text(schema.scale)},")
    if schema.constraints:
        rules = ", ".join(f"{type(rule).__name__}({list(rule.labels)!r})" for rule in schema.constraints)
        lines.append(f"    constraints=[{rules}],")
    if schema.agreement:
        values = [_text(schema.agreement.coefficient), str(schema.agreement.threshold)]
        lines.append(f"    agreement=AgreementTarget({', '.join(values)}, minimum_n={schema.agreement.minimum_n}),")
    lines.append(f"    reason={_text(schema.reason or WHY)},")
    lines.append(f"    guidelines={_long(schema.guidelines)},")
    return "SCHEMA = LabelSchema(\n" + "\n".join(lines) + "\n)"


def _step(step: Step, names: Mapping[str, str]) -> str:
    """Return a step as a person writes it: labels of the new version by name, gone ones by id."""

    def each(label_id: str) -> str:
        return names.get(label_id, _text(label_id))

    def several(label_ids: Iterable[str]) -> str:
        return f"[{', '.join(each(label_id) for label_id in label_ids)}]"

    if isinstance(step, Split):
        skip = f", restores={_text(step.restores)}" if step.restores else ""
        return f"Split({each(step.label)}, into={several(step.into)}{skip})"
    if isinstance(step, Merge):
        return f"Merge({several(step.labels)}, into={each(step.into)})"
    if isinstance(step, Add):
        carved = f", carved_from={several(step.carved_from)}" if step.carved_from else ""
        skip = f", restores={_text(step.restores)}" if step.restores else ""
        return f"Add({each(step.label)}{carved}{skip})"
    if isinstance(step, Remove):
        return f"Remove({each(step.label)}{f', maps_to={several(step.maps_to)}' if step.maps_to else ''})"
    if isinstance(step, Redefine):
        return f"Redefine({each(step.label)}, {_text(step.direction)})"
    if isinstance(step, Rescale):
        pairs = ", ".join(f"{_text(old)}: {several(new)}" for old, new in step.mapping)
        return f"Rescale({{{pairs}}})"
    raise SchemaError(f"{step!r} is no step that can be written.")


def _text(value: str) -> str:
    """Return a text as Python source in double quotes."""
    return json.dumps(value, ensure_ascii=False)


def _long(value: str) -> str:
    plain = not any(part in value for part in ('"""', "\\", "\r", "\0"))
    return f'"""\\\n{value}"""' if plain and "\n" in value and not value.endswith('"') else _text(value)


def _said(reason: str) -> str:
    """Return a reason as the end of a docstring's first line, or a full stop where it cannot stand there."""
    fits = reason and '"' not in reason and "\\" not in reason and reason.isprintable()
    return f": {reason}" if fits else "."
