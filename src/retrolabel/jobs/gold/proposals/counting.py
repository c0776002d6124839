"""Which answers speak for proposals, and may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.records.gold import Key

ROLES = ("dev", "calibration")
"""The roles whose rationales count: what is said on test gold is for nobody's eyes, honeypots have their answer."""


def hidden_items(labels: Iterable[HumanLabel]) -> set[Key]:
    """Return the items that nobody is shown: those of test gold, and near copies of them."""
    return {(each.source, each.item_id) for each in labels if each.role == "test" or each.near_test}
