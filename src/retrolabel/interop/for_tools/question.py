"""What a tool is told of a label set: the question, its answers, and the items with their labels as suggestions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    import pyarrow as pa

AT_ONCE = 10_000
"""Rows that are values of Python at a time."""
SHORT_ID = 12
TOLD = ("partial", "guessed", "possible")
"""Columns of an export that go along with an item, where they are there."""
BETWEEN = "\n\n"


@dataclass(frozen=True)
class Choice:
    """An answer that people may give.

    Attributes:
        id: The label's id: it is what comes back.
        title: What people see.
        definition: When it holds.
        hotkey: The key that picks it.
    """

    id: str
    title: str = ""
    definition: str = ""
    hotkey: str = ""


@dataclass(frozen=True)
class Question:
    """What is asked of each item, and where the suggestions come from.

    Attributes:
        task: The task: it names the question.
        version: The schema version that the labels are of.
        fingerprints: ``shape`` of that version, and ``meaning`` of each label.
        label_set: The label set's id.
        choices: The answers, in the order of the schema.
        texts: The columns that people read.
        extras: Other columns that go along: of the items, of gold.
    """

    task: str
    version: str
    fingerprints: Mapping[str, Any]
    label_set: str
    choices: tuple[Choice, ...]
    texts: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()

    @property
    def by(self) -> str:
        """Who suggests the labels."""
        return f"retrolabel {self.label_set[:SHORT_ID]}"

    @property
    def origin(self) -> dict[str, str]:
        """What tells in another tool where its records are from."""
        return {"schema_version": self.version, "label_set": self.label_set}


@dataclass(frozen=True)
class Suggested:
    """An item with what the label set says of it.

    Attributes:
        source: Its source.
        item_id: The item.
        texts: Column -> text; an empty one where the item has none.
        label: Its label, if it has one.
        probability: The label's probability.
        told: What goes along, as JSON has it; what is missing is left out.
    """

    source: str
    item_id: str
    texts: Mapping[str, str]
    label: str | None
    probability: float | None
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All its texts as one."""
        return BETWEEN.join(text for text in self.texts.values() if text)


def suggested(tables: Iterable[pa.Table], question: Question) -> Iterator[Suggested]:
    """Yield the items of some tables, as a label set exports them.

    Args:
        tables: The tables, with the columns of the question.
        question: What is asked.
    """
    for table in tables:
        told = [name for name in (*TOLD, *question.extras) if name in table.column_names]
        names = ["source", ITEM_ID, "label", "probability", *question.texts, *told]
        for start in range(0, table.num_rows, AT_ONCE):
            for row in table.select(list(dict.fromkeys(names))).slice(start, AT_ONCE).to_pylist():
                yield Suggested(
                    row["source"],
                    row[ITEM_ID],
                    {name: row[name] or "" for name in question.texts},
                    row["label"],
                    row["probability"],
                    {name: plain(row[name]) for name in told if row[name] is not None and row[name] is not False},
                )


def plain(value: str | float | datetime) -> str | float:
    """Return a value as JSON has it: times as ISO 8601.

    Example:
        >>> from datetime import UTC, datetime
        >>> plain(datetime(2026, 5, 1, tzinfo=UTC)), plain(0.5)
        ('2026-05-01T00:00:00+00:00', 0.5)
    """
    return value if isinstance(value, (str, int, float)) else value.isoformat()


def free_name(name: str, taken: Sequence[str]) -> str:
    """Return a name that is not taken yet: itself, else with a number behind.

    Example:
        >>> free_name("kind", ["kind", "kind_2"])
        'kind_3'
    """
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found
