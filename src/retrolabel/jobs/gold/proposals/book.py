"""The catalog's book of proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.records.events import Event
    from retrolabel.jobs.records.proposals import Proposal, ProposalDecision


class ProposalsBook(Protocol):
    """What the catalog knows of proposals."""

    def proposals(self, task: str) -> Sequence[Proposal]:
        """Return the proposals of a task, by number."""

    def keep(self, proposals: Sequence[Proposal]) -> Sequence[Proposal]:
        """Keep proposals as they are now, and return them, each with its number."""

    def decide(self, decision: ProposalDecision, status: str, was: str, events: Sequence[Event] = ()) -> bool:
        """Log a decision with the status that follows, and what others are told; return whether it had the old one."""

    def decisions(self, task: str) -> Sequence[ProposalDecision]:
        """Return what was decided of the proposals of a task, oldest first."""
