"""Labels that came out of a label set and come back as gold, where no column of the file tells it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from retrolabel.errors import RetrolabelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.records.label_sets import LabelSet

ENOUGH = 50
"""People and a label set may say the same of fewer items than these."""


def same_as_a_label_set(said: Sequence[HumanLabel], source: str, label_sets: Iterable[LabelSet]) -> str | None:
    """Return the id of the first label set that gives each of many items the label that people are said to have given.

    Args:
        said: The labels of a file.
        source: The source of their items.
        label_sets: The label sets to compare with; one that cannot be read is passed over.

    Returns:
        ``None`` where there are fewer than 50 items, or each label set says something else of one of them.
    """
    labels: dict[str, str] = {}
    for each in said:
        if labels.setdefault(each.item_id, each.label) != each.label:
            return None  # people disagree; a label set does not
    if len(labels) < ENOUGH:
        return None
    for label_set in label_sets:
        try:
            if _gives(label_set, source, labels):
                return label_set.id
        except RetrolabelError:
            continue  # what is damaged is for ``doctor`` and ``verify``
    return None


def _gives(label_set: LabelSet, source: str, labels: Mapping[str, str]) -> bool:
    """Return whether a label set holds all of some items, each with this label."""
    found = 0
    for part_source, items in label_set.parts():
        if part_source != source:
            continue
        given = pa.table({"item_id": list(labels), "said": list(labels.values())})
        both = items.select(["item_id", "label"]).join(given, "item_id", join_type="inner")
        if both.column("label").to_pylist() != both.column("said").to_pylist():
            return False
        found += both.num_rows
    return found == len(labels)
