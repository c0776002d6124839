"""Answers that choose several labels, in a task that gives an item one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, Problem, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.schema.versions import LabelSchema

MOST = 0.5
"""The share of answers that choose several labels above which a file is refused: it is of another kind of task."""
SHOWN = 5


def single_choices(
    rows: Sequence[GoldRow], schema: LabelSchema, file: str
) -> tuple[list[GoldRow], list[tuple[GoldRow, Problem]]]:
    """Return the answers that choose one label, and the others with what is wrong with them.

    Raises:
        GoldError: Half of the answers choose several.
    """
    several = [row for row in rows if row.several]
    if schema.scale == "multilabel" or not several:
        return list(rows), []
    told = [(row, Problem(row.place, f"chooses several labels: {', '.join(row.several)}")) for row in several]
    if len(several) >= MOST * len(rows):
        raise GoldError(
            f"{file}: {counted(len(several), 'answer')} of {len(rows):,} choose several labels, and {schema} gives an"
            " item one.",
            problems=[problem for _, problem in told[:SHOWN]],
            remedy="is it another question (--label) or another task?",
        )
    return [row for row in rows if not row.several], told
