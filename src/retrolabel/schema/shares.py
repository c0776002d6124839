"""How probable each label is before anything is known: what a split leaves as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.schema.relations import step_relation

if TYPE_CHECKING:
    from retrolabel.schema.versions import LabelSchema


def shares_along_the_steps(schema: LabelSchema) -> tuple[float, ...]:
    """Return the probability of each leaf where all labels of the first version are as probable.

    A step carries it along: the parts of a split share what the label had, a merged label has what all had, a new
    label gets the mean of all. So a schema change by itself makes no class of items more frequent than it was,
    however many parts it got.

    Args:
        schema: A version whose labels exclude each other.

    Returns:
        Positive numbers that sum to 1, in the order of ``schema.leaves``.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> from retrolabel.schema.steps import Split
        >>> from retrolabel.schema.versions import LabelSchema
        >>> v1 = LabelSchema(task="thumbs", version="1.0.0", labels=[Label("good"), Label("bad")])
        >>> v2 = LabelSchema(task="thumbs", version="2.0.0", revises=v1, labels=[Label("good"), Label("slow"),
        ...                  Label("wrong")], steps=[Split("bad", into=["slow", "wrong"])])
        >>> shares_along_the_steps(v2)
        (0.5, 0.25, 0.25)
    """
    found = _shares(schema, {})
    return tuple(found[leaf] for leaf in schema.leaves)


def _shares(schema: LabelSchema, known: dict[str, dict[str, float]]) -> dict[str, float]:
    """Return leaf -> its share."""
    if schema.version not in known:
        ways = [_carried(schema, parent, known) for parent in schema.parents]
        uniform = 1 / len(schema.leaves)
        known[schema.version] = {
            leaf: sum(way[leaf] for way in ways) / len(ways) if ways else uniform for leaf in schema.leaves
        }
    return known[schema.version]


def _carried(schema: LabelSchema, parent: LabelSchema, known: dict[str, dict[str, float]]) -> dict[str, float]:
    """Return leaf -> the share that the steps from one parent give it."""
    relation, tree = step_relation(schema, parent), schema.taxonomy
    found = dict.fromkeys(schema.leaves, 0.0)
    for old, share in _shares(parent, known).items():
        image = tree.leaves_of(relation.project(old))
        for leaf in image:
            found[leaf] += share / len(image)
    new = [leaf for leaf, share in found.items() if not share]
    each = 1 / len(found)
    left = 1 - each * len(new)
    return {leaf: share * left if share else each for leaf, share in found.items()}
