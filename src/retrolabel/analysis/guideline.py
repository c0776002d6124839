"""The guideline that a human labeller reads, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from retrolabel.schema.changes import changes
from retrolabel.schema.relations import step_relation

if TYPE_CHECKING:
    from retrolabel.schema.labels import Label
    from retrolabel.schema.versions import LabelSchema


def guideline(schema: LabelSchema) -> str:
    """Return the guideline of a version: what to ask, each label, and what changed since the version before.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> from retrolabel.schema.versions import LabelSchema
        >>> labels = [Label("good", "It helped.", hotkey="g"), Label("bad", "It did not.", exclude=["irony"])]
        >>> print(guideline(LabelSchema(task="thumbs", version="1.0.0", labels=labels, reason="The first one.")))
        # thumbs 1.0.0
        <BLANKLINE>
        The first one.
        <BLANKLINE>
        One label an item. Whoever cannot tell gives none.
        <BLANKLINE>
        | key | label | when |
        | --- | --- | --- |
        | `g` | good | It helped. |
        |  | bad | It did not. |
        <BLANKLINE>
        ## good (`good`)
        <BLANKLINE>
        It helped.
        <BLANKLINE>
        ## bad (`bad`)
        <BLANKLINE>
        It did not.
        <BLANKLINE>
        Does not belong to it:
        <BLANKLINE>
        - irony
        <BLANKLINE>
    """
    parts = [f"# {schema.task} {schema.version}", _flat(schema.reason), schema.guidelines.strip(), _how(schema)]
    rows = [f"| {_key(label)} | {_cell(label.title)} | {_cell(label.definition)} |" for label in schema.answers]
    parts.append("\n".join(["| key | label | when |", "| --- | --- | --- |", *rows]))
    parts += [_label(label) for label in schema.answers]
    parts += [_since(schema, parent) for parent in schema.parents]
    return "\n\n".join(part for part in parts if part) + "\n"


def step_sentence(step: Mapping[str, Any]) -> str:
    """Return a step, as plain data, as people say it.

    Example:
        >>> from retrolabel.schema.steps import Split
        >>> step_sentence(Split("bad", into=["slow", "wrong"]).describe())
        'split bad into slow, wrong'
    """
    kind = step["step"]
    if kind == "split":
        skip = f" (as they were in {step['restores']})" if step.get("restores") else ""
        return f"split {step['label']} into {', '.join(step['into'])}{skip}"
    if kind == "merge":
        return f"merge {', '.join(step['labels'])} into {step['into']}"
    if kind == "add":
        carved = f" (carved from {', '.join(step['carved_from'])})" if step["carved_from"] else ""
        skip = f" (as it was in {step['restores']})" if step.get("restores") else ""
        return f"add {step['label']}{carved}{skip}"
    if kind == "remove":
        return f"remove {step['label']} ({'now ' + ' or '.join(step['maps_to']) if step['maps_to'] else 'unknown now'})"
    if kind == "redefine":
        return f"redefine {step['label']}: {step['direction']}"
    return "rescale " + ", ".join(f"{old} -> {' or '.join(new)}" for old, new in step["mapping"].items())


def step_sentences(described: Mapping[str, Sequence[Any]] | Sequence[Any]) -> list[str]:
    """Return the steps of a version, as plain data, as people say them, by parent where branches merge."""
    if isinstance(described, Mapping):
        return [f"from {number}: {step_sentence(step)}" for number, steps in described.items() for step in steps]
    return [step_sentence(step) for step in described]


def _how(schema: LabelSchema) -> str:
    if schema.scale == "multilabel":
        rules = [f"- {_rule(rule.describe())}" for rule in schema.constraints]
        asks_for_one = any(rule.describe()["constraint"] == "AtLeastOne" for rule in schema.constraints)
        first = "All labels that hold, of an item." + ("" if asks_for_one else " None may hold.")
        return "\n".join([first, *([""] if rules else []), *rules])
    if schema.scale == "ordinal":
        ordered = sorted(schema.answers, key=lambda label: label.rank or 0)
        return (
            f"One point of a scale an item, {ordered[0].title} to {ordered[-1].title}. Whoever cannot tell gives none."
        )
    return "One label an item. Whoever cannot tell gives none."


def _rule(rule: Mapping[str, Any]) -> str:
    names = [f"`{label}`" for label in rule["labels"]]
    if rule["constraint"] == "Implies":
        return f"Where {names[0]} holds, {' and '.join(names[1:])} hold(s) too."
    listed = ", ".join(names)
    return f"At most one of {listed}." if rule["constraint"] == "AtMostOne" else f"At least one of {listed}."


def _label(label: Label) -> str:
    notes = [f"Goes to **{_flat(label.owner)}**." if label.owner else ""]
    notes.append(f"A kind of `{label.parent}`." if label.parent else "")
    notes.append("Deprecated: do not give it any more." if label.status == "deprecated" else "")
    lines = [
        f"## {_flat(label.title)} (`{label.id}`)",
        _flat(label.definition),
        " ".join(note for note in notes if note),
    ]
    for title, cases in (
        ("Belongs to it", label.include),
        ("Does not belong to it", label.exclude),
        ("Examples", label.examples),
    ):
        if cases:
            lines += [f"{title}:", "\n".join(f"- {_flat(case)}" for case in cases)]
    return "\n\n".join(line for line in lines if line)


def _since(schema: LabelSchema, parent: LabelSchema) -> str:
    found = changes(step_relation(schema, parent), parent, schema)
    told = [f"- `{change.label}` {change.told}" for change in found if change.change != "same"]
    kept = [f"`{change.label}`" for change in found if change.change == "same"]
    steps = [f"{step_sentence(step.describe())}" for step in schema.steps_since(parent)]
    lines = [f"## What changed since {parent.version}", f"Steps: {'; '.join(steps) or 'none'}.", "\n".join(told)]
    lines.append(f"As before: {', '.join(kept)}." if kept else "")
    return "\n\n".join(line for line in lines if line)


def _key(label: Label) -> str:
    return f"`{_cell(label.hotkey)}`" if label.hotkey else ""


def _cell(text: str) -> str:
    """Return a text that does not break out of its cell."""
    return _flat(text).replace("|", "\\|")


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
