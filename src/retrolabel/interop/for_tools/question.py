"""What a tool is told: the question, and the items with labels as suggestions, or with the answers of people."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from retrolabel.interop.labelling_tools.answered import ANSWERED, CALLED, ROLE
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import Self

    import pyarrow as pa

    from retrolabel.schema.labels import Label

AT_ONCE = 10_000
"""Rows that are values of Python at a time."""
SHORT_ID = 12
ANSWERS = "answers"
"""The column of gold that lists the answers to an item; ``role`` has its role."""
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

    @classmethod
    def of(cls, label_id: str, known: Mapping[str, Label]) -> Self:
        """Return a label as an answer; one that is not known any more is its id alone.

        Args:
            label_id: The label's id.
            known: Id -> label.
        """
        label = known.get(label_id)
        return cls(label_id) if label is None else cls(label_id, label.name, label.definition, label.hotkey)


@dataclass(frozen=True)
class Question:
    """What is asked of each item, and where the suggestions come from.

    Attributes:
        task: The task: it names the question.
        version: The schema version that the labels are of.
        fingerprints: ``shape`` of that version, and ``meaning`` of each label.
        label_set: The label set's id; empty where the answers are those of people.
        choices: The answers, in the order of the schema.
        texts: The columns that people read.
        extras: Other columns that go along: of the items, of gold.
        roles: The column of the role of gold, where items are split by it.
    """

    task: str
    version: str
    fingerprints: Mapping[str, Any]
    label_set: str
    choices: tuple[Choice, ...]
    texts: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    roles: str = "gold_role"

    @property
    def by(self) -> str:
        """Who suggests the labels."""
        return f"retrolabel {self.label_set[:SHORT_ID]}"

    @property
    def origin(self) -> dict[str, str]:
        """What tells in another tool where its records are from."""
        told = {"schema_version": self.version}
        return {**told, "label_set": self.label_set} if self.label_set else told


@dataclass(frozen=True)
class Given:
    """What one person said of an item.

    Attributes:
        annotator: The person; ``None`` where nobody is named.
        label: The label's id.
        labelled_at: When, ISO 8601.
        seconds: How long it took.
        rationale: Why.
    """

    annotator: str | None
    label: str
    labelled_at: str | None = None
    seconds: float | None = None
    rationale: str | None = None


@dataclass(frozen=True)
class Suggested:
    """An item with what the label set, or people, say of it.

    Attributes:
        source: Its source.
        item_id: The item.
        texts: Column -> text; an empty one where the item has none.
        label: Its label, if it has one.
        probability: The label's probability.
        told: What goes along, as JSON has it; what is missing is left out.
        answers: What people said of it.
        role: The role of what they said.
    """

    source: str
    item_id: str
    texts: Mapping[str, str]
    label: str | None
    probability: float | None
    told: Mapping[str, Any] = field(default_factory=dict)
    answers: tuple[Given, ...] = ()
    role: str | None = None

    def kept(self, called: Callable[[Given], str] | None = None) -> dict[str, str]:
        """Return what has to come back with people's answers: their role, and the answers as they are here.

        Args:
            called: What their people are called in the tool, where that is not their name.
        """
        if not self.answers:
            return {}
        left = [{**asdict(each), **({CALLED: called(each)} if called else {})} for each in self.answers]
        said = [{name: value for name, value in each.items() if value is not None} for each in left]
        role = {ROLE: self.role} if self.role else {}
        return {**role, ANSWERED: json.dumps(said, ensure_ascii=False)}

    def of_each(self) -> Iterator[Suggested]:
        """Yield it once for each answer, or as it is where there is none."""
        yield from [replace(self, answers=(each,)) for each in self.answers] or [self]

    @property
    def text(self) -> str:
        """All its texts as one."""
        return BETWEEN.join(text for text in self.texts.values() if text)


def suggested(tables: Iterable[pa.Table], question: Question) -> Iterator[Suggested]:
    """Yield the items of some tables, as a label set or gold exports them.

    Args:
        tables: The tables, with the columns of the question.
        question: What is asked.
    """
    for table in tables:
        told = [name for name in (*TOLD, *question.extras) if name in table.column_names]
        of_gold = [name for name in (ROLE, ANSWERS) if ANSWERS in table.column_names]
        names = ["source", ITEM_ID, "label", "probability", *question.texts, *told, *of_gold]
        for start in range(0, table.num_rows, AT_ONCE):
            for row in table.select(list(dict.fromkeys(names))).slice(start, AT_ONCE).to_pylist():
                yield Suggested(
                    row["source"],
                    row[ITEM_ID],
                    {name: row[name] or "" for name in question.texts},
                    row["label"],
                    row["probability"],
                    {name: plain(row[name]) for name in told if row[name] is not None and row[name] is not False},
                    tuple(Given(**each) for each in row.get(ANSWERS) or ()),
                    row.get(ROLE) if of_gold else None,
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
