"""The steps of a schema that carried a label from one version to another, as people say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.analysis.guideline import step_sentence
from retrolabel.schema.paths import between, meeting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema


def steps_taken(history: History, source: str, target: str, labels: Iterable[str]) -> tuple[str, ...]:
    """Return the steps that concern some labels on the way from a version to another.

    Args:
        history: The task's versions.
        source: The version that the labels are of.
        target: The version that they are read in; it may be older, and then steps are read backwards.
        labels: The labels.

    Example:
        >>> from retrolabel.schema.history import History
        >>> from retrolabel.schema.labels import Label
        >>> from retrolabel.schema.steps import Split
        >>> from retrolabel.schema.versions import LabelSchema
        >>> good, bad, slow, wrong = (Label(name) for name in ("good", "bad", "slow", "wrong"))
        >>> v1 = LabelSchema(task="thumbs", version="1.0.0", labels=[good, bad])
        >>> v2 = LabelSchema(task="thumbs", version="2.0.0", revises=v1, labels=[good, slow, wrong],
        ...                  steps=[Split(bad, into=[slow, wrong])])
        >>> steps_taken(History([v1, v2]), "1.0.0", "2.0.0", ["bad"])
        ('2.0.0: split bad into slow, wrong',)
        >>> steps_taken(History([v1, v2]), "2.0.0", "1.0.0", ["slow"])
        ('back to 1.0.0, before 2.0.0: split bad into slow, wrong',)
    """
    middle = meeting(history[source], history[target])
    if middle is None:
        return ()
    now, told = set(labels), []
    for schema in reversed(between(middle, history[source])[1:]):
        for parent, step, old, new in _moves(schema):
            if new & now:
                told.append(f"back to {parent}, before {schema.version}: {step}")
                now = (now - new) | old
    for schema in between(middle, history[target])[1:]:
        for _, step, old, new in _moves(schema):
            if old & now:
                told.append(f"{schema.version}: {step}")
                now = (now - old) | new
    return tuple(told)


def _moves(schema: LabelSchema) -> list[tuple[str, str, set[str], set[str]]]:
    """Return the parent, the sentence, and the labels before and after of each step of a version."""
    found = []
    for parent in schema.parents:
        for step in schema.steps_since(parent):
            images = step.images()
            after = {each for image in images.values() for each in (image or ())}
            named = set(step.redefines())
            found.append((parent.version, step_sentence(step.describe()), set(images) | named, after | named))
    return found
