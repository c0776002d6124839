"""Answers that choose several labels, in a task that gives an item one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, Problem, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.schema.versions import LabelSchema

MOST = 0.5
"""The share of answers that choose several labels above which a file is refused: it is of another kind of task."""
SHOWN = 5
PARTED = re.compile(r"[|,;\n]")
"""What parts several labels in one cell."""


def with_choices_told_apart(rows: Sequence[GoldRow], is_label: Callable[[str], bool]) -> list[GoldRow]:
    """Return rows in which a value of several labels, as ``bug|slow``, is these; each of them must be one.

    Args:
        rows: The answers.
        is_label: Whether a value is a label, or was said to mean one.

    Example:
        >>> from retrolabel.jobs.gold.rows import GoldRow
        >>> [row] = with_choices_told_apart([GoldRow(2, "r1", "bug; slow")], {"bug", "slow"}.__contains__)
        >>> row.label, row.several
        (None, ('bug', 'slow'))
    """
    parts: dict[str, tuple[str, ...]] = {}
    for value in {row.label for row in rows if row.label}:
        told = tuple(dict.fromkeys(each for each in map(str.strip, PARTED.split(value)) if each))
        if not is_label(value) and len(told) > 1 and all(map(is_label, told)):
            parts[value] = told
    return [replace(row, label=None, several=parts[row.label]) if row.label in parts else row for row in rows]


def single_choices(
    rows: Sequence[GoldRow], schema: LabelSchema, file: str, *, first: bool = False
) -> tuple[list[GoldRow], list[tuple[GoldRow, Problem]]]:
    """Return the answers that choose one label, and the others with what is wrong with them.

    Args:
        rows: The answers.
        schema: The version that they are read in.
        file: The file's name, for messages.
        first: Whether the first of several labels counts.

    Raises:
        GoldError: Half of the answers choose several.
    """
    several = [row for row in rows if row.several]
    if schema.scale == "multilabel" or not several:
        return list(rows), []
    if first:
        return [replace(row, label=row.several[0], several=()) if row.several else row for row in rows], []
    told = [(row, Problem(row.place, f"chooses several labels: {', '.join(row.several)}")) for row in several]
    if len(several) >= MOST * len(rows):
        pairs = Counter(" + ".join(sorted(row.several)) for row in several).most_common(SHOWN)
        raise GoldError(
            f"{file}: {counted(len(several), 'answer')} of {len(rows):,} choose several labels, and {schema} gives an"
            f" item one; nothing was stored. Most often: {', '.join(f'{pair} ({many:,})' for pair, many in pairs)}.",
            problems=[problem for _, problem in told[:SHOWN]],
            remedy="--first-label takes the first label of each answer; or is it another question (--label) or task?",
        )
    return [row for row in rows if not row.several], told
