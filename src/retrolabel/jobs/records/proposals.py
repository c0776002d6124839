"""A proposal: a change of the spec that what people said asks for, and what a person decided of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

OPEN, ACCEPTED, REJECTED = "open", "accepted", "rejected"
STATUSES = (OPEN, ACCEPTED, REJECTED)
REOPENED, CAME_BACK = "reopened", "came back"
"""What opens a proposal again: a person; much that is new, found by a refresh."""
RATIONALES, DIAGNOSIS = "rationales", "diagnosis"
"""Where proposals come from."""


class Said(NamedTuple):
    """One answer that speaks for a proposal.

    Attributes:
        source: The source of the item.
        item_id: The item.
        annotator: Who answered; empty where the item itself speaks for it.
    """

    source: str
    item_id: str
    annotator: str = ""


@dataclass(frozen=True)
class Drafted:
    """What a proposal would change; a draft for a person.

    Attributes:
        kind: ``include``, ``exclude``, ``merge``, ``split``, ``add``, or ``question``, for the guideline.
        label: The label whose rules, or which, would change; of ``add`` and ``merge`` the name that comes.
        labels: Of ``merge`` the labels that become one, of ``split`` the parts, of ``add`` those it is carved from.
        restores: The older version whose labels a split brings back.
        words: The words that tell its items.
        quoted: The answer whose rationale is quoted; None where none is.
        question: The question, where it is one.
    """

    kind: str
    label: str = ""
    labels: tuple[str, ...] = ()
    restores: str | None = None
    words: tuple[str, ...] = ()
    quoted: Said | None = None
    question: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "kind": self.kind,
            "label": self.label,
            "labels": list(self.labels),
            "restores": self.restores,
            "words": list(self.words),
            "quoted": list(self.quoted) if self.quoted else None,
            "question": self.question,
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Drafted:
        """Return what :meth:`as_dict` gave."""
        quoted = data["quoted"]
        lists = {name: tuple(data[name]) for name in ("labels", "words")}
        return cls(**{**data, **lists, "quoted": Said(*quoted) if quoted else None})


@dataclass(frozen=True)
class Proposal:
    """A change of the spec that is proposed.

    Attributes:
        task: The task.
        version: The version that it was found in: the one that a draft revises.
        draft: What would change.
        pair: The labels that people said on its items, those of most answers first.
        said: The answers that speak for it.
        clear: Whether its labels stand out by more than chance, and more than one person speaks for it.
        support: How much speaks for it: items on which people differ count 1, others less.
        why: Why this change, in sentences.
        origin: ``rationales`` or ``diagnosis``.
        status: ``open``, ``accepted`` or ``rejected``.
        found_at: When it was found first.
        seen_at: When it was found last.
        gone: Whether the last refresh did not find it.
        id: Its number; ``None`` before it is kept.
    """

    task: str
    version: str
    draft: Drafted
    pair: tuple[str, ...]
    said: tuple[Said, ...]
    clear: bool
    support: float
    why: tuple[str, ...]
    found_at: datetime
    seen_at: datetime
    origin: str = RATIONALES
    status: str = OPEN
    gone: bool = False
    id: int | None = None

    @property
    def items(self) -> tuple[tuple[str, str], ...]:
        """(source, item id) of its items, each once."""
        return tuple(dict.fromkeys((each.source, each.item_id) for each in self.said))

    @property
    def people(self) -> tuple[str, ...]:
        """Who speaks for it, sorted."""
        return tuple(sorted({each.annotator for each in self.said if each.annotator}))

    def decided(self, status: str) -> Proposal:
        """Return it with another status."""
        return replace(self, status=status)


@dataclass(frozen=True)
class ProposalDecision:
    """What was decided of a proposal.

    Attributes:
        proposal: Its number.
        task: The task.
        kind: ``accepted``, ``rejected``, ``reopened`` by a person, or ``came back``: much that is new speaks for it.
        who: Who decided.
        why: The reason, in words.
        at: When.
        file: The draft that was written; ``None`` where none was.
        said: The answers that spoke for it then.
    """

    proposal: int
    task: str
    kind: str
    who: str
    why: str
    at: datetime
    file: str | None = None
    said: tuple[Said, ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, with how many answers spoke for it."""
        told = {name: getattr(self, name) for name in ("proposal", "kind", "who", "why", "file")}
        return {**told, "at": self.at.isoformat(), "answers": len(self.said)}
