"""Draws that are remembered: which items wait for labels, and what comes back of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from retrolabel.errors import GoldError, Problem
from retrolabel.jobs.gold.meanings import SHOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.jobs.records.gold import Batch, DrawnItem, Key

OURS = re.compile(r"(?P<task>.+)#(?P<number>[0-9]+)")
"""What the column ``batch`` of a file that we wrote holds: the task and the number of the draw."""
OF_A_ROUND = re.compile(r"(?P<task>.+)/round-(?P<round>[0-9]+)")
"""The same in a file of a round of calibration."""

PROBABILITY = "probability"
"""The column of probabilities in a file of drawn items."""


@dataclass(frozen=True)
class BatchOfItems:
    """A draw with its items.

    Attributes:
        number: Its number.
        batch: What it was.
        items: What was drawn.
    """

    number: int
    batch: Batch
    items: tuple[DrawnItem, ...]

    @property
    def waiting(self) -> tuple[str, ...]:
        """The items that nobody has labelled yet; none once the draw was taken back."""
        if self.batch.undone_at is not None:
            return ()
        return tuple(item.item_id for item in self.items if not item.answered)

    @property
    def answered(self) -> int:
        """How many items somebody labelled."""
        return sum(item.answered for item in self.items)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        batch = self.batch
        names = ("task", "source", "purpose", "role", "design", "seed", "schema_version", "file", "at", "undone_at")
        found = {name: getattr(batch, name) for name in names}
        return {
            "batch": self.number,
            **found,
            "items": len(self.items),
            "answered": self.answered,
            "waiting": list(self.waiting),
        }


def remembered(task: str | None, gold: GoldBook) -> tuple[BatchOfItems, ...]:
    """Return the draws of a task, or of all, that are remembered, in the order in which they were made."""
    draws = gold.draws(task)
    return tuple(BatchOfItems(number, draws[number], tuple(items)) for number, items in gold.drawn(task).items())


def waiting(batches: Sequence[BatchOfItems]) -> dict[Key, BatchOfItems]:
    """Return the items that wait for answers, each with its draw."""
    return {(each.batch.source, item_id): each for each in batches for item_id in each.waiting}


def one_of(batches: Sequence[BatchOfItems], number: int, task: str) -> BatchOfItems:
    """Return a draw by its number.

    Raises:
        GoldError: There is none.
    """
    for each in batches:
        if each.number == number:
            return each
    known = ", ".join(str(each.number) for each in batches) or "none yet"
    raise GoldError(f"{task} has no batch {number}. It has {known}.", remedy=f"retrolabel gold list {task}")


def batch_of(rows: Sequence[GoldRow], task: str, batches: Sequence[BatchOfItems], file: str) -> BatchOfItems | None:
    """Return the draw that a file came from, as its column ``batch`` says; ``None`` where it says nothing we wrote.

    Args:
        rows: The file's rows.
        task: The task that it is imported for.
        batches: The draws that are remembered.
        file: Its name, for messages.

    Raises:
        GoldError: It says a round of calibration, several, that of another task, one that there is not, or one that was
            taken back.
    """
    of_a_round = next((row.batch for row in rows if row.batch and OF_A_ROUND.fullmatch(row.batch)), None)
    if of_a_round is not None:
        raise GoldError(
            f"{file} is a file of the calibration round {of_a_round}; nothing was stored.",
            remedy=f"retrolabel gold calibrate fill {task} {file}; or rename the column batch, if it is your own",
        )
    said = [OURS.fullmatch(row.batch) if row.batch else None for row in rows]
    if not any(said):
        return None
    names = {found.group(0) for found in said if found}
    without = sum(found is None for found in said)
    if len(names) > 1 or without:
        listed = ", ".join([*sorted(names)[:SHOWN], *(["nothing"] if without else [])])
        raise GoldError(
            f"{file}: its rows are of several batches: {listed}; nothing was stored.",
            remedy="import the rows of each batch as a file of their own",
        )
    found = next(each for each in said if each)
    if found["task"] != task:
        raise GoldError(
            f"{file}: its items were drawn for {found['task']}, not for {task}; nothing was stored.",
            remedy=f"retrolabel gold import {found['task']} {file}; or rename the column batch, if it is your own",
        )
    batch = one_of(batches, int(found["number"]), task)
    if batch.batch.undone_at is not None:
        raise GoldError(
            f"{file}: batch {batch.number} was taken back on {batch.batch.undone_at:%Y-%m-%d}; nothing was stored.",
            remedy="drop the column batch if these labels are to be kept all the same, as of no known draw",
        )
    return batch


def checked(
    rows: Sequence[GoldRow], found: BatchOfItems, *, role: str | None, sampling: str | None
) -> tuple[list[GoldRow], list[Problem]]:
    """Return the rows of a batch, with the role that it is for, and where they are not what was drawn.

    Args:
        rows: The rows.
        found: The draw.
        role: The role that was said at the import, if one was.
        sampling: The same of the design.
    """
    batch = found.batch
    drawn = {item.item_id: item for item in found.items}
    problems = []
    if role not in (None, batch.role):
        problems.append(Problem("--role", f"{role!r}, but batch {found.number} was drawn for {batch.role}", "drop it"))
    if sampling not in (None, batch.design):
        problems.append(
            Problem("--sampling", f"{sampling!r}, but batch {found.number} is {batch.design}: it knows its own draw")
        )
    strange = [row for row in rows if row.item_id and row.item_id not in drawn]
    if strange:
        listed = ", ".join(str(row.item_id) for row in strange[:SHOWN]) + (", ..." if strange[SHOWN:] else "")
        problems.append(
            Problem(
                f"batch {found.number}",
                f"{len(strange):,} rows are on items that it did not draw: {listed}",
                "import those as a file of their own, without the column batch",
            )
        )
    other = [
        row
        for row in rows
        if row.probability is not None
        and (item := drawn.get(row.item_id or ""))
        and (item.inclusion is None or abs(row.probability - item.inclusion) > CLOSE * item.inclusion)
    ]
    if other:
        problems.append(
            Problem(
                f"line {other[0].line}",
                f"says that its item was drawn with probability {other[0].probability:g}, and batch {found.number}"
                f" knows another one ({len(other):,} rows like it)",
                "leave --probability out: the batch knows it",
            )
        )
    return [replace(row, role=batch.role) for row in rows], problems


CLOSE = 1e-6
"""How far a probability may be off in a file, of itself: what spreadsheets make of a number."""


def drawn_with(batches: Sequence[BatchOfItems]) -> Mapping[Key, tuple[int, DrawnItem]]:
    """Return the item -> its draw with a known probability, for draws that were not taken back; the first counts."""
    found: dict[Key, tuple[int, DrawnItem]] = {}
    for each in batches:
        if each.batch.undone_at is None:
            for item in each.items:
                if item.inclusion is not None:
                    found.setdefault((each.batch.source, item.item_id), (each.number, item))
    return found
