"""Soft gold: the share of people's answers that each label of an item has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.gold.adjudication import standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.projection import Readings
    from retrolabel.jobs.records.gold import Key
    from retrolabel.schema.versions import LabelSchema


def shares_of_answers(
    labels: Iterable[HumanLabel], schema: LabelSchema, read: Readings
) -> dict[Key, tuple[int, list[float]]]:
    """Return the item -> how many people answered it, and the share of each label, in the order of the leaves.

    Answers that stand and are on the present text count, one a person: of those under several versions the one that is
    one label here; among equals that of the newest version. An answer that leaves several labels gives each an equal
    part; one that leaves all of them says nothing.

    Args:
        labels: In the order in which they were given.
        schema: The version that they are read in.
        read: Reads them there.
    """
    tree = schema.taxonomy
    best: dict[Key, dict[str, tuple[tuple[bool, tuple[int, ...]], Sequence[str]]]] = {}
    for label in standing(labels):
        reading = read(label)
        allowed = tree.leaves_of(reading.ids)
        leaves = [leaf for leaf in schema.leaves if leaf in allowed]
        if not reading.counts or not leaves or len(leaves) == len(schema.leaves):
            continue
        version = tuple(int(part) for part in label.schema_version.split("."))
        rank = (len(leaves) == 1, version)
        of_item = best.setdefault((label.source, label.item_id), {})
        if label.annotator not in of_item or rank >= of_item[label.annotator][0]:
            of_item[label.annotator] = (rank, leaves)
    return {key: (len(people), _shares(people, schema.leaves)) for key, people in best.items()}


def _shares(people: Mapping[str, tuple[object, Sequence[str]]], leaves: Sequence[str]) -> list[float]:
    parts = dict.fromkeys(leaves, 0.0)
    for person in sorted(people):
        _, said = people[person]
        for leaf in said:
            parts[leaf] += 1 / (len(said) * len(people))
    return [parts[leaf] for leaf in leaves]
