"""How rules read a batch: what they name may be a column or a feature, and a feature may have failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.labeling.rules import FAULTED, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrolabel.labeling.batches import Batch


def read(batch: Batch, name: str) -> list[Any]:
    """Return the values of a column or feature; ``None`` where one is missing, or could not be made."""
    return batch.parameter(name, batch.features)[0]


def first_that_says(columns: Iterable[tuple[Sequence[int], Mapping[int, BaseException]]], rows: int) -> Verdict:
    """Return what several columns say together: on each item the first that matches, or fails, decides.

    Args:
        columns: For each column the rows that match, and what was raised on which row.
        rows: The number of items.

    Example:
        >>> first_that_says([([0], {}), ([1], {0: ValueError(), 2: ValueError()})], 4).codes.tolist()
        [1, 1, -1, 0]
    """
    codes = np.zeros(rows, np.int16)
    errors: dict[int, BaseException] = {}
    for hits, failed in columns:
        new = {row: error for row, error in failed.items() if codes[row] == 0}
        codes[hits] = np.where(codes[hits] == 0, 1, codes[hits])
        codes[list(new)] = FAULTED
        errors |= new
    return Verdict(codes, errors)


def taken_away(verdict: Verdict, unless: Verdict | None) -> Verdict:
    """Return what a rule says where nothing takes its vote away; only where it votes that is asked.

    Args:
        verdict: What it says.
        unless: What is said of that which takes a vote away; ``None`` where nothing does.

    Example:
        >>> says = first_that_says([([0, 1, 2], {})], 4)
        >>> taken_away(says, first_that_says([([1, 3], {2: ValueError()})], 4)).codes.tolist()
        [1, 0, -1, 0]
    """
    if unless is None:
        return verdict
    voted = verdict.codes == 1
    codes = np.where(voted & (unless.codes == 1), 0, verdict.codes).astype(np.int16)
    failed = np.flatnonzero(voted & (unless.codes == FAULTED)).tolist()
    codes[failed] = FAULTED
    return Verdict(codes, {**verdict.errors, **{row: unless.errors[row] for row in failed}})


def settled(verdict: Verdict, columns: Sequence[str], batch: Batch) -> Verdict:
    """Return what a rule says, with a fault wherever a feature that it reads could not be made.

    Args:
        verdict: What it says of the values that there are.
        columns: The columns and features that it reads.
        batch: The items.
    """
    failed = {row: error for name in columns for row, error in batch.parameter(name, batch.features)[1].items()}
    if not failed:
        return verdict
    codes = verdict.codes.copy()
    codes[list(failed)] = FAULTED
    return Verdict(codes, {**verdict.errors, **failed})
