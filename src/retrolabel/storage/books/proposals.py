"""The book of proposals: what is asked of the spec, and what was decided."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrolabel.jobs.records.proposals import Drafted, Proposal, ProposalDecision, Said
from retrolabel.storage import proposal_tables as t
from retrolabel.storage.tables import damaged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.records.events import Event, Outbox
    from retrolabel.storage.connections import Connections


class SqlProposalsBook:
    """What the catalog knows of proposals.

    Args:
        connections: The database.
        outbox: Where is written what others are told of a decision.
    """

    def __init__(self, connections: Connections, outbox: Outbox) -> None:
        self._connections = connections
        self._outbox = outbox

    def proposals(self, task: str) -> list[Proposal]:
        """Return the proposals of a task, by number."""
        query = sa.select(t.proposals).where(t.proposals.c.task == task).order_by(t.proposals.c.id)
        return [_proposal(row) for row in self._connections.rows(query)]

    def keep(self, proposals: Sequence[Proposal]) -> list[Proposal]:
        """Keep proposals as they are now, all of them or none, and return them, each with its number."""
        kept = []
        with self._connections.writing() as connection:
            for each in proposals:
                if each.id is None:
                    done = connection.execute(sa.insert(t.proposals), _row(each))
                    kept.append(replace(each, id=int(done.inserted_primary_key[0])))  # type: ignore[index]  # it has a number
                else:
                    connection.execute(sa.update(t.proposals).where(t.proposals.c.id == each.id), _row(each))
                    kept.append(each)
        return kept

    def decide(self, decision: ProposalDecision, status: str, was: str, events: Sequence[Event] = ()) -> bool:
        """Log a decision, and let the proposal have the status that follows.

        Args:
            decision: The decision.
            status: The status from now on.
            was: The status that it had when the decision was made.
            events: What others are told of it, in the same transaction.

        Returns:
            Whether it still had that status; nothing is written where it had not.
        """
        row = {name: getattr(decision, name) for name in ("proposal", "task", "kind", "who", "why", "at", "file")}
        c = t.proposals.c
        with self._connections.transaction(), self._connections.writing() as connection:
            here = (c.id == decision.proposal) & (c.task == decision.task) & (c.status == was)
            if not connection.execute(sa.update(t.proposals).where(here).values(status=status)).rowcount:
                return False
            connection.execute(sa.insert(t.proposal_decisions), {**row, "said": json.dumps(decision.said)})
            self._outbox.write(*events)
        return True

    def decisions(self, task: str) -> list[ProposalDecision]:
        """Return what was decided of the proposals of a task, oldest first."""
        c = t.proposal_decisions.c
        rows = self._connections.rows(sa.select(t.proposal_decisions).where(c.task == task).order_by(c.id))
        found = []
        for row in rows:
            del row["id"]
            found.append(ProposalDecision(**{**row, "said": _said(row["said"])}))
        return found


def _row(proposal: Proposal) -> dict[str, Any]:
    plain = ("task", "version", "origin", "status", "clear", "support", "gone", "found_at", "seen_at")
    return {
        **{name: getattr(proposal, name) for name in plain},
        "draft": json.dumps(proposal.draft.as_dict(), sort_keys=True),
        **{name: json.dumps(getattr(proposal, name)) for name in ("pair", "said", "why")},
    }


def _proposal(row: dict[str, Any]) -> Proposal:
    try:
        draft = Drafted.of(json.loads(row["draft"]))
        pair, why = (tuple(map(str, json.loads(row[name]))) for name in ("pair", "why"))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise damaged("holds a proposal that is no JSON of one") from error
    return Proposal(**{**row, "draft": draft, "pair": pair, "why": why, "said": _said(row["said"])})


def _said(stored: str) -> tuple[Said, ...]:
    try:
        return tuple(Said(*map(str, each)) for each in json.loads(stored))
    except (ValueError, TypeError, RecursionError) as error:
        raise damaged("holds a proposal whose answers are no JSON of them") from error
