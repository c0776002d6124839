"""How many items have another label in one label set than in another, which no step of the schema allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from retrolabel.analysis.label_changes import Between, Kind, Said
from retrolabel.jobs.label_sets.joining import join

if TYPE_CHECKING:
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History

LABELLED = (Kind.SAME, Kind.CARRIED, Kind.NARROWED, Kind.RELABELLED)
"""What can happen to an item that has a label in both, or in neither."""


def flips(before: LabelSet, after: LabelSet, history: History, progress: Progress) -> tuple[int, int]:
    """Return how many items have another label, and of how many that have one in both.

    A label that the schema split, merged or renamed is no other label, where the new one is among what it became.

    Args:
        before: The first label set.
        after: The second.
        history: The versions of the task.
        progress: Told of each segment.
    """
    versions = before.record.schema_version, after.record.schema_version
    images = None
    if versions[0] != versions[1]:
        relation, tree = history.relation(*versions), history[versions[1]].taxonomy
        images = {label: frozenset(tree.leaves_of(relation.project(label))) for label in before.labels}
    between = Between.of(before.labels, after.labels, images)
    joined = join(before, after, {}, progress)
    both = np.flatnonzero(joined.both)
    then, now = _said(before).take(joined.first[both]), _said(after).take(joined.second[both])
    has = (then.label >= 0) & (now.label >= 0)
    kinds, counts = between.kinds(then, now), joined.counts[both]
    return int(counts[has & (kinds == Kind.RELABELLED)].sum()), int(counts[has].sum())


def _said(label_set: LabelSet) -> Said:
    """Return what a label set says of each pattern; what it leaves of guesses makes no flip."""
    places = {label: at for at, label in enumerate(label_set.labels)}
    told = label_set.patterns.column("label").cast(pa.string()).to_pylist()
    label = np.array([-1 if each is None else places[each] for each in told], np.int64)
    nothing = np.zeros((len(label), len(places)), np.bool_)
    return Said.of(label, np.zeros(len(label), np.bool_), nothing)
