"""The version that a proposal drafts: made as ``schema new`` makes it, with the words that people used as a start."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.interop.schema_source import TODO, WHY, Wish, file_name, next_schema
from retrolabel.schema.changes import next_version
from retrolabel.schema.versions import LabelSchema

if TYPE_CHECKING:
    from retrolabel.jobs.records.proposals import Drafted

RULE = "TODO: say as a rule what people tell by"
ASK = "TODO: answer this, or take it out:"
LONGEST = 120
"""Characters of a rationale that a draft quotes."""


def wish_of(draft: Drafted, reason: str = "") -> Wish:
    """Return what a proposal asks of the next version.

    Args:
        draft: What would change.
        reason: Why.

    Example:
        >>> from retrolabel.jobs.records.proposals import Drafted
        >>> wish_of(Drafted("merge", "defect", ("bug", "crash"))).merge
        {'defect': ('bug', 'crash')}
    """
    if draft.kind == "merge":
        return Wish(merge={draft.label: draft.labels}, reason=reason)
    if draft.kind == "split":
        return Wish(split={draft.label: draft.labels}, restores=draft.restores, reason=reason)
    if draft.kind == "add":
        return Wish(add={draft.label: draft.labels}, reason=reason)
    if draft.kind in ("include", "exclude"):
        return Wish(redefine={draft.label: "wider" if draft.kind == "include" else "narrower"}, reason=reason)
    return Wish(reason=reason)


def command_of(task: str, draft: Drafted) -> str:
    """Return the command that makes a version of the same steps; nothing for a question.

    Args:
        task: The task.
        draft: What would change.

    Example:
        >>> from retrolabel.jobs.records.proposals import Drafted
        >>> command_of("mood", Drafted("split", "bad", ("slow", "wrong"), restores="1.0.0"))
        'retrolabel schema new mood --split bad=slow,wrong --restores 1.0.0'
    """
    wish = wish_of(draft)
    words: list[str] = []
    for label, parts in wish.split.items():
        words += ["--split", f"{label}={','.join(parts)}"]
    for label, parts in wish.merge.items():
        words += ["--merge", f"{','.join(parts)}={label}"]
    for label, parts in wish.add.items():
        words += ["--add", f"{label}={','.join(parts)}" if parts else label]
    for label, direction in wish.redefine.items():
        words += ["--redefine", f"{label}={direction}"]
    if not words:
        return ""
    restores = ["--restores", wish.restores] if wish.restores else []
    return shlex.join(["retrolabel", "schema", "new", task, *words, *restores])


def sentence_of(draft: Drafted, quoted: str) -> str:
    """Return the sentence that a draft puts into the rules of a label: to be written as a rule by a person.

    Args:
        draft: What would change.
        quoted: The rationale that is most like the others; nothing where it is gone.

    Example:
        >>> from retrolabel.jobs.records.proposals import Drafted
        >>> sentence_of(Drafted("include", "bug", words=("slow", "loads")), "only slow")
        'TODO: say as a rule what people tell by: "only slow" (slow, loads)'
    """
    words = f" ({', '.join(draft.words)})" if draft.words else ""
    text = " ".join(quoted.split())
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 3].rstrip()}..."
    return f'{RULE}: "{text}"{words}' if text else f"{RULE}{words or ': nobody said why'}"


def proposed_schema(parent: LabelSchema, draft: Drafted, quoted: str, reason: str = "") -> tuple[LabelSchema, str]:
    """Return the version that a proposal drafts, and the name of its file; what a person must write says TODO.

    Args:
        parent: The version that it revises.
        draft: What would change.
        quoted: The rationale that is most like the others.
        reason: Why; a placeholder if left out.

    Raises:
        SchemaError: It would not be sound: a label is gone, points of a scale that are no neighbours are merged.
        UnknownLabelError: The parent has no such label.
    """
    if draft.kind == "question":
        asked = [parent.guidelines.strip(), f"{ASK} {draft.question}"]
        schema = LabelSchema(
            task=parent.task,
            version=next_version(parent.version, "patch"),
            labels=parent.labels,
            revises=parent,
            scale=parent.scale,
            reason=reason or WHY,
            constraints=parent.constraints,
            agreement=parent.agreement,
            guidelines="\n\n".join(part for part in asked if part) + "\n",
        )
        return schema, file_name(schema, Wish()).replace("merge_heads", "guideline")
    wish = wish_of(draft, reason or WHY)
    schema, said = next_schema(parent, wish), sentence_of(draft, quoted)
    labels = []
    for label in schema.labels:
        if draft.kind == "include" and label.id == draft.label:
            was = parent.label(label.id)
            labels.append(replace(was, include=(*was.include, said)))
        elif draft.kind == "exclude" and label.id == draft.label:
            was = parent.label(label.id)
            labels.append(replace(was, exclude=(*was.exclude, said)))
        elif draft.kind == "add" and label.id == draft.label and label.definition == TODO:
            labels.append(replace(label, include=(said,)))
        else:
            labels.append(label)
    return replace(schema, labels=labels), file_name(schema, wish)
