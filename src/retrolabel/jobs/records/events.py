"""What happened that others act on: stored with the change itself, delivered at least once."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from retrolabel.masking import MASK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

CANDIDATE_MADE = "label_set.candidate"
GATE_FAILED = "label_set.gate_failed"
PROMOTED = "label_set.promoted"
ROLLED_BACK = "label_set.rolled_back"
SCHEMA_RELEASED = "schema.released"
STALE = "labels.stale"
DRIFT = "feedback.drift"
DRIFT_ACCEPTED = "feedback.drift_accepted"
DRIFT_REOPENED = "feedback.drift_reopened"
GOLD_ALARM = "gold.alarm"
PROPOSAL_ACCEPTED = "proposal.accepted"
RETRAINING_DUE = "retraining.due"
TRAINED = "model.trained"
LF_SKIPPED = "lf.skipped"
RUN_FAILED = "schedule.failed"
KINDS = {
    CANDIDATE_MADE: "a relabel made a new label set",
    GATE_FAILED: "a gate holds it back: consumers read what they read",
    PROMOTED: "a label set became current",
    ROLLED_BACK: "the label set that was current before is current again",
    SCHEMA_RELEASED: "a schema version was released",
    STALE: "the latest labels are older than the horizon of their task",
    DRIFT: "the newest weeks of feedback are not as those before",
    DRIFT_ACCEPTED: "a person says that a drift is the new normal",
    DRIFT_REOPENED: "a person says that it is not",
    GOLD_ALARM: "people agree less by their newest answers than before",
    PROPOSAL_ACCEPTED: "a person accepted a proposal: a draft of the next schema version was written",
    RETRAINING_DUE: "a rule says that models are to be trained anew",
    TRAINED: "a model was trained on a label set",
    LF_SKIPPED: "a labeling function sat out",
    RUN_FAILED: "a scheduled job failed",
}
"""Each kind of event, and what it says."""


@dataclass(frozen=True)
class Event:
    """Something that happened; it holds no item's text.

    Attributes:
        kind: One of :data:`KINDS`.
        task: The task.
        subject: What it is about: a label set's id, a version, a labeling function.
        said: What happened, in one sentence.
        at: When, UTC.
        data: The figures, as plain data.
        key: What tells it from every other one; what is written twice under one key is one event.
        id: Its number in the catalog; ``None`` before it is written.
    """

    kind: str
    task: str
    subject: str
    said: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    id: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data: what ``events list --json`` prints."""
        return {
            "id": self.id,
            "key": self.key,
            "kind": self.kind,
            "task": self.task,
            "subject": self.subject,
            "said": self.said,
            "at": self.at.isoformat(),
            "data": dict(self.data),
        }


def once(*parts: str) -> str:
    """Return the key of an event that is told once, however often it is found.

    Example:
        >>> once("retraining.due", "mood", "1f") == once("retraining.due", "mood", "1f")
        True
        >>> once("retraining.due", "mood", "1f") == once("retraining.due", "mood", "2e")
        False
    """
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


class Outbox(Protocol):
    """Where events wait to be told."""

    def write(self, *events: Event) -> int:
        """Write events, inside of the open transaction if there is one; return how many are new by their key."""


@dataclass(frozen=True)
class Endpoint:
    """Somebody who is told of events.

    Attributes:
        name: How it is called.
        url: Where it is told: ``https://`` and ``http://`` get signed webhooks, all else is a URL of Apprise;
            ``env:NAME`` reads it from the environment.
        kinds: The kinds of events that it is told of; all if empty.
        task: The task whose events it is told of; all if ``None``.
        secrets: Where the secrets of its signatures are, newest first: ``env:NAME`` each.
        since: Since when: earlier events are not told.
    """

    name: str
    url: str
    kinds: tuple[str, ...]
    task: str | None
    secrets: tuple[str, ...]
    since: datetime

    @property
    def place(self) -> str:
        """Where it is told, as people are shown it: chats have their token in the path, or in place of the host.

        Example:
            >>> from datetime import UTC, datetime
            >>> told = lambda url: Endpoint("team", url, (), None, (), datetime(2026, 11, 30, tzinfo=UTC)).place
            >>> told("https://ana:pw@hooks.example:8443/services/T0KEN"), told("slack://T0KEN/A1B2"), told("env:HOOK")
            ('https://hooks.example:8443/***', 'slack://***', 'env:HOOK')
        """
        if self.url.startswith("env:"):
            return self.url
        scheme, _, rest = self.url.partition("://")
        authority, slash, path = rest.partition("/")
        if scheme not in ("http", "https") or "@" in path:  # a password may hold a slash
            return f"{scheme}://{MASK}"
        host = authority.rpartition("@")[2].partition("?")[0]
        return f"{scheme}://{host}{slash}{MASK if path else ''}"


WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"


@dataclass(frozen=True)
class Delivery:
    """How far telling somebody of an event is.

    Attributes:
        endpoint: Who is told.
        event: The event's number.
        state: ``waiting`` for another try, ``delivered``, or ``dead`` after the last one.
        tries: How often it was tried.
        at: When it was tried last.
        next_at: When it is tried again; ``None`` where it is not.
        error: What went wrong last; nothing where nothing did.
    """

    endpoint: str
    event: int
    state: str
    tries: int
    at: datetime
    next_at: datetime | None = None
    error: str = ""
