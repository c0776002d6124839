"""From a relation back to steps: one equal step for a chain of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Split

if TYPE_CHECKING:
    from retrolabel.schema.relations import Relation
    from retrolabel.schema.steps import Direction, Step
    from retrolabel.schema.unchecked import UncheckedSchema


def steps_of(relation: Relation, before: UncheckedSchema, after: UncheckedSchema) -> tuple[Step, ...]:
    """Return the steps from ``before`` to ``after`` that say what a relation says.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> from retrolabel.schema.relations import step_relation
        >>> from retrolabel.schema.versions import LabelSchema
        >>> v1 = LabelSchema(task="thumbs", version="1.0.0", labels=[Label("good"), Label("bad")])
        >>> v2 = LabelSchema(task="thumbs", version="2.0.0", revises=v1, labels=[Label("good"), Label("slow"),
        ...                  Label("wrong")], steps=[Split("bad", into=["wrong", "slow"])])
        >>> steps_of(step_relation(v2, v1), v1, v2)
        (Split(label='bad', into=('slow', 'wrong'), restores=None),)
    """
    steps: list[Step] = []
    sources: dict[str, list[str]] = {}
    for old in before.ids:
        image = relation.images[old]
        if old in relation.unknown:
            steps.append(Remove(old))
        elif len(image) == 1:
            sources.setdefault(next(iter(image)), []).append(old)
        else:
            steps.append(Split(old, into=[new for new in after.ids if new in image]))
    for new, olds in sources.items():
        if olds != [new]:
            steps.append(Merge(olds, into=new))
        elif before.label(new) != after.label(new) and new not in _suspects(relation):
            steps.append(Merge([new], into=new))  # exact, though its words changed: something joined and left again
    led_to = frozenset().union(*(image for old, image in relation.images.items() if old not in relation.unknown))
    steps += [Add(new) for new in after.ids if new not in led_to]
    return (*steps, *(Redefine(old, direction) for old, direction in _suspects(relation).items()))


def _suspects(relation: Relation) -> dict[str, Direction]:
    found: dict[str, Direction] = {}
    for old in relation.images:
        positive, negative = old in relation.suspect_positive, old in relation.suspect_negative
        if positive or negative:
            found[old] = "shifted" if positive and negative else "narrower" if positive else "wider"
    return found
