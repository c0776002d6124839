"""Items for people to label, as a value; and what people are shown of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import GoldError, nearest
from retrolabel.jobs.gold.batches import PROBABILITY
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.ports.objects import Objects

    Ints = npt.NDArray[np.int64]

LABEL, COPIES, CHOICES, BATCH = "label", "copies", "choices", "batch"
OURS = {ITEM_ID, PROBABILITY, LABEL, COPIES, CHOICES, BATCH, "covered", "schema_version", "label_set"}
"""Columns that the file has itself, or that would make it look like an exported label set."""


@dataclass(frozen=True)
class StratumDrawn:
    """What was drawn of some items.

    Attributes:
        name: A predicted label, or what the items are.
        items: How many there are.
        drawn: How many of them were drawn.
    """

    name: str
    items: int
    drawn: int


@dataclass(frozen=True)
class Sample:
    """Items for people to label.

    Attributes:
        task: The task.
        source: The source.
        purpose: What they are for: a role, or ``split``, ``adjudicate``, ``rare``, ``audit``.
        role: The role of what people say of them.
        seed: The seed of the draw.
        design: ``stratified``, with a probability for each item, or ``other``, without.
        table: A row an item: ``item_id``, the texts, ``probability`` (where the design has them), ``copies`` (where
            there are any), and ``label``, which is empty. In an order that says nothing of the items.
        population: How many items it was drawn from.
        duplicates: How many of these are copies of others.
        left_out: Why -> how many items of the source could not be drawn.
        strata: What was drawn of what.
        half_width: Half of the 95 % interval that it buys for a share of all items; ``None`` without probabilities.
        label_set: The id of the label set that the strata are of.
        labels: What people may write into ``label``.
        version: The version that these are of.
        notes: What the reader should know.
        batch: The number under which it is remembered; ``None`` as long as no file of it was written.
    """

    task: str
    source: str
    purpose: str
    role: str
    seed: int
    design: str
    table: pa.Table = field(repr=False)
    population: int
    duplicates: int
    left_out: Mapping[str, int]
    strata: tuple[StratumDrawn, ...]
    half_width: float | None
    label_set: str | None
    labels: tuple[str, ...]
    version: str
    notes: tuple[str, ...] = ()
    batch: int | None = None

    @property
    def items(self) -> int:
        """How many items were drawn."""
        return int(self.table.num_rows)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, without the items."""
        names = ["task", "source", "purpose", "role", "seed", "design", "items", "population", "duplicates"]
        more = ["batch", "left_out", "half_width", "label_set", "labels", "version", "notes"]
        strata = [{"name": each.name, "items": each.items, "drawn": each.drawn} for each in self.strata]
        return {**{name: getattr(self, name) for name in (*names, *more)}, "strata": strata}


def items_to_show(
    source: str, columns: Sequence[str], feedback: FeedbackBook, objects: Objects
) -> tuple[pa.Table, Ints]:
    """Return the live items of a source, their ids and texts, and the month of each, int [N]; -1 without a time.

    Args:
        source: The source.
        columns: The columns of texts; all of the source if left out.
        feedback: What items there are.
        objects: Where their texts are.

    Raises:
        GoldError: There is no such column of texts, or it cannot be shown.
    """
    contract = feedback.sources()[source]
    there = [name for name, kind in contract.items() if kind in ("string", "large_string") and not _reserved(name)]
    wrong = [name for name in columns if name not in there]
    if wrong:
        raise GoldError(
            f"{wrong[0]!r} is no column of texts of {source} that can be shown; it has {', '.join(there) or 'none'}.",
            remedy=f"--column {near}" if (near := nearest(wrong[0], there)) else "leave --column out for all of them",
        )
    wanted = list(columns) or there
    parts, months = [], [np.zeros(0, np.int64)]
    for segment in feedback.segments([source]):
        names = [ITEM_ID, *(name for name in (*wanted, CREATED_AT) if name in segment.columns)]
        read = objects.read_table(segment.path, names, sha256=segment.sha256).take(pa.array(segment.live_rows()))
        months.append(_months(read))
        texts = {
            name: read.column(name).cast(pa.string()) if name in read.column_names else pa.nulls(len(read), pa.string())
            for name in wanted
        }
        parts.append(pa.table({ITEM_ID: read.column(ITEM_ID).cast(pa.string()), **texts}))
    return pa.concat_tables(parts), np.concatenate(months)


def _months(items: pa.Table) -> Ints:
    """Return the month of each item, counted from the year 0, int [n]; -1 without a time."""
    if CREATED_AT not in items.column_names:
        return np.full(len(items), -1, np.int64)
    times = items.column(CREATED_AT)
    found = pc.add(pc.multiply(pc.year(times), 12), pc.month(times))
    return np.asarray(found.fill_null(-1).to_numpy(), np.int64)


def _reserved(name: str) -> bool:
    return name.lower() in OURS or name == CREATED_AT or name.lower().startswith(("p_", "sum_"))
