"""A diagnosis of a task: the causes that stand out, what is said of each, and what is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from retrolabel.gold.causes.cause import Kind
    from retrolabel.gold.coefficient import Coefficient
    from retrolabel.jobs.records.gold import Key


@dataclass(frozen=True)
class ItemToTalkAbout:
    """An item on which people differ.

    Attributes:
        key: (source, item id).
        excerpt: A part of its text; empty where it has none.
        said: Person -> what they said of it, each time.
    """

    key: Key
    excerpt: str
    said: Mapping[str, tuple[str, ...]]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        said = {person: list(labels) for person, labels in self.said.items()}
        return {"source": self.key[0], "item_id": self.key[1], "excerpt": self.excerpt, "said": said}


@dataclass(frozen=True)
class CauseFound:
    """A cause that stands out.

    Attributes:
        kind: ``spec``, ``data``, ``person`` or ``taste``.
        finding: What it is, in a sentence.
        share: Its share of the disagreement;
        low: the lower end of the 95 % interval,
        high: and the upper one.
        p: In which share of cases chance alone would look like it.
        labels: The two labels that it is about; empty where it is no pair.
        rule: The kind of items, in words; empty where there is none.
        person: Who it is; ``None`` of other causes.
        camps: The people of each camp; empty of other causes.
        items: (source, item id) of all items to talk about, those that say most first.
        shown: The first of them, with what was said.
        question: What the guideline should answer.
        note: What else is to be known; empty where nothing is.
        next: What to do next, as commands or sentences.
    """

    kind: Kind
    finding: str
    share: float
    low: float
    high: float
    p: float
    labels: tuple[str, ...] = ()
    rule: str = ""
    person: str | None = None
    camps: tuple[tuple[str, ...], ...] = ()
    items: tuple[Key, ...] = ()
    shown: tuple[ItemToTalkAbout, ...] = ()
    question: str = ""
    note: str = ""
    next: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "kind": self.kind,
            "finding": self.finding,
            "share": self.share,
            "low": self.low,
            "high": self.high,
            "p": self.p,
            "labels": list(self.labels),
            "rule": self.rule,
            "person": self.person,
            "camps": [list(camp) for camp in self.camps],
            "items": [{"source": source, "item_id": item_id} for source, item_id in self.items],
            "shown": [each.as_dict() for each in self.shown],
            "question": self.question,
            "note": self.note,
            "next": list(self.next),
        }


@dataclass(frozen=True, repr=False)
class TaskDiagnosis:
    """Why the people of a task disagree.

    Attributes:
        task: The task.
        version: The version that answers are read in.
        finding: What is found, in a sentence.
        alpha: Krippendorff's alpha of the same answers.
        words: What the field says of such an alpha; it decides nothing.
        causes: The causes that stand out, the largest share first.
        rest: The share of the disagreement that is chance, or cannot be told apart.
        withheld: ``spec``, ``data``, ``person`` or ``taste`` -> why nothing is said of it.
        tested: The same -> in which share of cases chance alone would look like the most surprising one.
        people: Who answered.
        items: The items that two people or more answered.
        split: Those on which people differ.
        again: How many answers people gave again.
        first: When the first answer that is looked at was given;
        last: and the last one.
        periods: The rounds, or weeks, that they are of.
        notes: What else is to be known of them.
        next: What to do next where no cause stands out.
    """

    task: str
    version: str
    finding: str
    alpha: Coefficient
    words: str
    causes: tuple[CauseFound, ...]
    rest: float
    withheld: Mapping[Kind, str]
    tested: Mapping[Kind, float]
    people: tuple[str, ...]
    items: int
    split: int
    again: int
    first: datetime
    last: datetime
    periods: tuple[str, ...]
    notes: tuple[str, ...] = ()
    next: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "task": self.task,
            "version": self.version,
            "finding": self.finding,
            "alpha": self.alpha.as_dict(),
            "words": self.words,
            "causes": [cause.as_dict() for cause in self.causes],
            "rest": self.rest,
            "withheld": dict(self.withheld),
            "tested": dict(self.tested),
            "people": list(self.people),
            "items": self.items,
            "split": self.split,
            "again": self.again,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "periods": list(self.periods),
            "notes": list(self.notes),
            "next": list(self.next),
        }

    def __repr__(self) -> str:
        """Return the finding, and each cause in a line."""
        told = [f"  {cause.kind}: {cause.share:.0%} ({cause.low:.0%} to {cause.high:.0%})" for cause in self.causes]
        return "\n".join([self.finding, *told, f"  chance, or not told apart: {self.rest:.0%}"])
