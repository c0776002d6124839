"""Slices and buckets of a task's dev gold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.analysis.buckets import counted_buckets
from retrolabel.analysis.named_slices import Members, named_slices
from retrolabel.analysis.slice_conditions import conditions_of, meets
from retrolabel.analysis.slices import find_slices
from retrolabel.errors import InputError, did_you_mean
from retrolabel.jobs.label_sets.judging import months_of, text_columns
from retrolabel.jobs.label_sets.slice_members import FAILED, IN
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID
from retrolabel.wiring.finding_errors import Judging
from retrolabel.wiring.slice_functions import is_name, slice_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.analysis.slices import Slices
    from retrolabel.wiring.site import Site

WRONG = "(wrong)"
"""The column that says whether a label is wrong: no labeling function is called like that."""


def worst_slices(site: Site, task: str, name: str, seed: int) -> Slices:
    """Return the slices of a label set's judged dev gold on which labels are wrong more often."""
    at = Judging(site, task, name)
    members, kept = slice_members(at), at.judged.judged
    wrong, conditions = judged_conditions(at)
    named = {
        name: Members(of.said[kept] == IN, of.said[kept] != FAILED, of.items / of.of if of.of else None)
        for name, of in members.items()
    }
    return replace(find_slices(wrong, conditions, seed=seed), named=named_slices(wrong, named))


def judged_conditions(at: Judging) -> tuple[npt.NDArray[np.bool_], dict[str, npt.NDArray[np.bool_]]]:
    """Return which judged items with dev gold are wrong, bool [n], and the conditions that are tried on them."""
    rows, kept = _rows(at), np.flatnonzero(at.judged.judged)
    texts = text_columns(at.judged.items, at.site.catalog.feedback.sources())
    return ~at.judged.right[kept], conditions_of([rows[row] for row in kept.tolist()], texts)


def in_slice(at: Judging, condition: str) -> npt.NDArray[np.bool_]:
    """Return which items with dev gold are in a slice, bool [n].

    Args:
        at: The label set, with its dev gold.
        condition: The name of a slice function, or a condition.

    Raises:
        InputError: It is neither.
    """
    if is_name(condition):
        return np.asarray(slice_members(at, condition)[condition].said == IN)
    return meets(condition, _rows(at))


def _rows(at: Judging) -> list[dict[str, Any]]:
    """Return what conditions read of each item: source, month, and its columns."""
    items = at.judged.items
    return [
        {
            "source": key[0],
            "month": month,
            **{of: value for of, value in row.items() if of not in (CREATED_AT, ITEM_ID)},
        }
        for key, month, row in zip(items.keys, months_of(items.days), items.columns, strict=True)
    ]


def bucketed(site: Site, task: str, by: Sequence[str], name: str) -> pd.DataFrame:
    """Return how many items of dev gold are in each bucket.

    Raises:
        InputError: There is no such column.
    """
    at = Judging(site, task, name)
    columns = at.columns()
    for column in by:
        if column not in columns:
            raise InputError(
                f"No bucket is called {column!r}.{did_you_mean(column, columns)}",
                remedy="name some of gold, label, source, month, or labeling functions",
            )
    told = {column: ["-" if each is None else each for each in columns[column]] for column in by}
    frame = pd.DataFrame({**told, WRONG: pd.Series(at.wrong(), dtype=object)})
    return counted_buckets(frame, list(told), WRONG)
