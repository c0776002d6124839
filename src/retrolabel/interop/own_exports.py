"""Label sets and adjudicated gold that retrolabel exported, told by their columns: they are no answers of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

LABEL = "label"
LABEL_SET = "label_set"
PLAIN = frozenset({"probability", "covered", "schema_version"})
"""Columns of an export that other files may have too; two of the kinds together tell it."""
SHARES = ("p_", "sum_")
ENOUGH = 2
ADJUDICATED = frozenset({"adjudicated", "decided"})
"""Columns of adjudicated gold."""
OF_GOLD = frozenset({LABEL, "partial", "adjudicated"})
"""Its columns of labels."""


def own_export(present: Sequence[str], chosen: Sequence[str], label_ids: Collection[str] = ()) -> Problem | None:
    """Return why a file's labels are those of a label set, not of people; ``None`` if they are not known to be.

    A file is an export if it has the column ``label_set``; or two of ``probability``, ``covered``,
    ``schema_version`` and ``p_<label>``; or ``p_<label>`` for two labels of the task. If its column ``label``
    is still there and another one is to be read, people filled that one in beside it: that is gold. Adjudicated gold,
    as ``gold export`` writes it, is told by ``adjudicated`` and ``decided``.

    Args:
        present: The file's columns.
        chosen: The columns that are to be read as labels.
        label_ids: The labels of the task.

    Example:
        >>> own_export(["item_id", "label", "p_bug", "p_task"], ["label"], ["bug", "task"]).where
        'columns p_bug, p_task'
        >>> own_export(["item_id", "label", "label_set", "ana"], ["ana"]) is None
        True
    """
    if set(map(str.lower, present)) >= ADJUDICATED and OF_GOLD & set(map(str.lower, chosen)):
        return Problem(
            f"columns {', '.join(sorted(ADJUDICATED))}",
            "are those of gold export: a label that people were adjudicated to is no answer of anybody",
            "retrolabel gold export TASK --people --names writes their answers, which are taken back; if people"
            " filled in another column: --label COLUMN",
        )
    lowered = {column.lower(): column for column in present if column not in chosen or column.lower() == LABEL_SET}
    shares = [name for name in lowered if name.startswith(SHARES)]
    of_task = {f"{share}{each}".lower() for each in label_ids for share in SHARES}
    plain = [name for name in lowered if name in PLAIN]
    kinds = len(plain) + bool(shares)
    exported = LABEL_SET in lowered or kinds >= ENOUGH or len(of_task.intersection(shares)) >= ENOUGH
    if not exported or (LABEL in map(str.lower, present) and all(not _exported(column) for column in chosen)):
        return None
    marks = [column for name, column in lowered.items() if name == LABEL_SET or name in plain or name in shares]
    listed, read = ", ".join(marks), ", ".join(chosen)
    return Problem(
        f"columns {listed}",
        f"are those of a label set that retrolabel exported; its labels ({read}) would be judged by themselves",
        f"name the column that people filled in: --label COLUMN; if people did fill in {read}, take the columns"
        f" {listed} out of the file",
    )


def _exported(column: str) -> bool:
    name = column.lower()
    return name in {LABEL, LABEL_SET, *PLAIN} or name.startswith(SHARES)
