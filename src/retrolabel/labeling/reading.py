"""How rules read a batch: what they name may be a column or a feature, and a feature may have failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.labeling.rules import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.labeling.batches import Batch

FAULTED = -1


def read(batch: Batch, name: str) -> list[Any]:
    """Return the values of a column or feature; ``None`` where one is missing, or could not be made."""
    return batch.parameter(name, batch.features)[0]


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
