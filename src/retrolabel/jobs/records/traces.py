"""Traces of an application, and what people and judges say of them, as a tracker holds both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

PERSON = "person"
JUDGE = "judge"
"""Who an assessment is by: a person; or a model, or code."""
OURS = "retrolabel/"
"""How the source of an assessment begins that we wrote: it is no judge, or our own labels would vote."""


@dataclass(frozen=True)
class Assessment:
    """What somebody says of a trace.

    Attributes:
        id: What tells it from every other one.
        name: What it is about, as ``relevance``.
        value: A text, a number, a truth value; a list or an object where several are said at once.
        kind: ``person`` or ``judge``.
        by: Who says it.
        at: When it was said, or changed last, UTC.
        rationale: Why.
    """

    id: str
    name: str
    value: Any
    kind: str
    by: str
    at: datetime
    rationale: str | None = None

    @property
    def ours(self) -> bool:
        """Whether we wrote it."""
        return self.by.startswith(OURS)


@dataclass(frozen=True)
class Trace:
    """One request to an application, and its answer.

    Attributes:
        id: What tells it from every other one.
        at: When the request came, UTC.
        request: What was asked, as text.
        response: What was answered, as text.
        status: ``OK`` or ``ERROR``.
        seconds: How long it took.
        name: What the tracker calls it: the function that answered.
        session: The conversation that it is part of.
        user: Who asked.
        input_tokens: Tokens that models read for it.
        output_tokens: Tokens that they wrote.
        assessments: What is said of it; what was overridden is left out.
    """

    id: str
    at: datetime
    request: str | None = None
    response: str | None = None
    status: str | None = None
    seconds: float | None = None
    name: str | None = None
    session: str | None = None
    user: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    assessments: tuple[Assessment, ...] = ()


@dataclass(frozen=True)
class Experiment:
    """Where a tracker keeps the traces of an application.

    Attributes:
        id: Its id.
        name: Its name.
    """

    id: str
    name: str


@dataclass(frozen=True)
class Page:
    """Some traces, oldest first.

    Attributes:
        traces: Those that ended.
        unfinished: How many are under way, and are left for later.
    """

    traces: tuple[Trace, ...]
    unfinished: int = 0


@dataclass(frozen=True)
class GoldTaken:
    """What became of the answers of people about one task.

    Attributes:
        task: The task.
        name: The name that their assessments have.
        version: The version that new answers were taken under.
        added: Answers that are new to the store, or said again of an item that was revised.
        known: Answers that it had.
        unsigned: New answers without a name: they count as one person's.
        left_out: Value -> how many answers say it, and it is no label.
        remedies: What would help with each of these values.
    """

    task: str
    name: str
    version: str
    added: int = 0
    known: int = 0
    unsigned: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    remedies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TraceReport:
    """What became of the traces of an experiment.

    Attributes:
        source: The source that they went into.
        experiment: The experiment's name.
        server: Where MLflow is, without a password.
        since: From which request on they were read; ``None`` is all.
        traces: How many were read.
        added: New items.
        revised: Items of which a judge says something else than before, or for the first time.
        unchanged: Traces that the store had as they are.
        unfinished: Traces that are under way, and are left for later.
        quarantined: Traces that cannot be kept.
        quarantine: Where it says why.
        gold: What became of the answers of people, a task each.
        other_answers: Name -> assessments of people that are no task's gold.
        notes: What a person should know.
        seconds: How long it took.
        stopped: Why not all were read; nothing where all were. What was read is in the store.
    """

    source: str
    experiment: str
    server: str
    since: datetime | None = None
    traces: int = 0
    added: int = 0
    revised: int = 0
    unchanged: int = 0
    unfinished: int = 0
    quarantined: int = 0
    quarantine: str | None = None
    gold: tuple[GoldTaken, ...] = ()
    other_answers: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    stopped: str = ""

    @property
    def changed(self) -> bool:
        """Whether the store holds something that it did not hold before."""
        return bool(self.added or self.revised or any(each.added for each in self.gold))
