"""The relation between two versions, along every path that leads from one to the other.

A version is reached from its parents by its steps, and from the versions whose labels it restores by
a skip. Each path says something true, so what holds is what all of them leave possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import SchemaError
from retrolabel.schema.relations import identity, step_relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeVar

    from retrolabel.schema.relations import Relation
    from retrolabel.schema.unchecked import UncheckedSchema

    Schema = TypeVar("Schema", bound=UncheckedSchema)
    Known = dict[tuple[str, str], Relation]
    """What was worked out already: (start, end) -> relation, in one direction."""


def ancestors(schema: Schema) -> dict[str, Schema]:
    """Return version -> schema of a version and all that it came from, oldest first."""
    return {each.version: each for each in reversed(list(schema.lineage()))}


def meeting(one: Schema, other: Schema) -> Schema | None:
    """Return the newest version that both came from, or ``None``."""
    left = ancestors(one)
    common = [schema for version, schema in ancestors(other).items() if version in left]
    return common[-1] if common else None


def between(start: Schema, end: Schema) -> list[Schema]:
    """Return the versions on a path from ``start`` up to ``end``, oldest first, with both."""
    found: dict[str, Schema] = {start.version: start}
    for version, schema in ancestors(end).items():
        if any(parent.version in found for parent in schema.parents):
            found[version] = schema
    needed = {end.version}
    for schema in reversed(found.values()):
        if schema.version in needed and schema.version != start.version:
            needed |= {parent.version for parent in schema.parents}
    return [schema for version, schema in found.items() if version in needed]


def relation_between(start: UncheckedSchema, end: UncheckedSchema) -> Relation:
    """Return what each label of ``start`` may be in ``end``: down to where they part, then up.

    Raises:
        SchemaError: They have no version in common, or what a skip says contradicts the steps.
    """
    middle = meeting(start, end)
    if middle is None:
        raise SchemaError(
            f"{start} and {end} have no version in common.", remedy="one of them should revise the other's line"
        )
    return _down(start, middle, {}).then(_up(middle, end, {}))


def composed_steps(start: UncheckedSchema, end: UncheckedSchema) -> Relation:
    """Return what the steps alone say of each label of ``start`` in a version that came from it."""
    return _up(start, end, {}, skips=False)


def _up(start: UncheckedSchema, end: UncheckedSchema, known: Known, *, skips: bool = True) -> Relation:
    if (start.version, end.version) in known:
        return known[start.version, end.version]
    found = {start.version: identity(start)}
    for schema in between(start, end)[1:]:
        paths = [
            found[parent.version].then(step_relation(schema, parent))
            for parent in schema.parents
            if parent.version in found
        ]
        for restored, ids in schema.restored() if skips else ():
            if restored.version == start.version:
                paths.append(paths[0].with_images({each: frozenset({each}) for each in ids}))
            elif restored.version in found:
                paths.append(found[restored.version].then(_up(restored, schema, known)))
        found[schema.version] = _narrowest(paths)
    known[start.version, end.version] = found[end.version]
    return found[end.version]


def _down(start: UncheckedSchema, end: UncheckedSchema, known: Known) -> Relation:
    if (start.version, end.version) in known:
        return known[start.version, end.version]
    nodes = between(end, start)
    found = {start.version: identity(start)}
    for schema in reversed(nodes[:-1]):
        paths = [
            found[child.version].then(step_relation(child, schema).inverse())
            for child in nodes
            if child.version in found and any(parent.version == schema.version for parent in child.parents)
        ]
        for child, ids in _restoring(schema, nodes):
            if child.version == start.version:
                behind = _up(schema, child, {}).inverse()
                paths.append(paths[0].with_images({each: behind.images[each] for each in ids}))
                if ids <= child.added_again():  # what is another label there was none of these before, either
                    paths.append(behind)
            elif child.version in found:
                paths.append(found[child.version].then(_down(child, schema, known)))
        found[schema.version] = _narrowest(paths)
    known[start.version, end.version] = found[end.version]
    return found[end.version]


def _restoring(schema: UncheckedSchema, nodes: Iterable[Schema]) -> Iterator[tuple[Schema, frozenset[str]]]:
    for child in nodes:
        for restored, ids in child.restored():
            if restored.version == schema.version:
                yield child, ids


def _narrowest(paths: list[Relation]) -> Relation:
    narrow = paths[0]
    for path in paths[1:]:
        narrow = narrow.narrowed(path)
    empty = sorted(old for old, image in narrow.images.items() if not image)
    if empty:
        raise SchemaError(
            f"{narrow.task}: the paths from {narrow.source} to {narrow.target} contradict each other about"
            f" {', '.join(empty)}.",
            remedy="a skip (restores=) may only narrow what the steps say",
        )
    return narrow
