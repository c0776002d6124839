"""SHA-256 of canonical JSON: what tells two versions, labels or settings apart."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrolabel.schema.labels import Label
    from retrolabel.schema.versions import LabelSchema


def canonical_json(value: object) -> str:
    """Return the one JSON text of plain data: sorted keys, no spaces, UTF-8, no NaN.

    Example:
        >>> canonical_json({"b": 1, "a": ["ü"]})
        '{"a":["ü"],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical JSON of ``value``, as 64 hexadecimal digits.

    Example:
        >>> digest({"a": 1}) == digest({"a": 1}), len(digest(None))
        (True, 64)
    """
    return hashlib.sha256(canonical_json(value).encode("utf-8", "surrogatepass")).hexdigest()


def label_meaning(label: Label) -> str:
    """Return the fingerprint of what a label means: do old judgements about it still stand?"""
    return digest(
        {
            "id": label.id,
            "rank": label.rank,
            "parent": label.parent,
            "definition": label.definition,
            "include": list(label.include),
            "exclude": list(label.exclude),
            "examples": list(label.examples),
        }
    )


def shape(schema: LabelSchema) -> str:
    """Return the fingerprint of a version's form: do stored values parse under it?"""
    labels = [[label.id, label.rank, label.parent, sorted(label.aliases)] for label in schema.answers]
    form: dict[str, object] = {"task": schema.task, "scale": schema.scale, "labels": sorted(labels)}
    if schema.constraints:
        form["constraints"] = sorted(canonical_json(constraint.canonical()) for constraint in schema.constraints)
    return digest(form)


def display(schema: LabelSchema) -> str:
    """Return the fingerprint of what people see; nothing follows from it."""
    seen: list[object] = [[label.id, label.title, label.owner, label.hotkey, label.status] for label in schema.labels]
    return digest(
        [*seen, [schema.reason, schema.guidelines], *([schema.agreement.describe()] if schema.agreement else [])]
    )


def fingerprints(schema: LabelSchema) -> dict[str, object]:
    """Return all three fingerprints of a version and the hash of its steps, as plain data."""
    return {
        "shape": shape(schema),
        "meaning": {label.id: label_meaning(label) for label in schema.answers},
        "display": display(schema),
        "steps": digest(described_steps(schema)),
    }


def described_steps(schema: LabelSchema) -> object:
    """Return a version's steps as plain data: a list, or a list for each parent where branches merge."""
    if len(schema.parents) > 1:
        return {each.version: [step.describe() for step in schema.steps_since(each)] for each in schema.parents}
    return [step.describe() for parent in schema.parents for step in schema.steps_since(parent)]
