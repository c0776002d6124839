"""What a person decides of a proposal: accepted, rejected, opened again; with who, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, counted
from retrolabel.jobs.records.events import PROPOSAL_ACCEPTED, Event
from retrolabel.jobs.records.proposals import ACCEPTED, OPEN, REJECTED, REOPENED, ProposalDecision

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from retrolabel.jobs.gold.proposals.book import ProposalsBook
    from retrolabel.jobs.records.proposals import Proposal

FOLLOWS = {ACCEPTED: ACCEPTED, REJECTED: REJECTED, REOPENED: OPEN}
"""What is decided -> the status from then on."""


def one_of(proposals: Sequence[Proposal], number: int, task: str) -> Proposal:
    """Return one proposal by its number.

    Raises:
        GoldError: There is none.
    """
    for each in proposals:
        if each.id == number:
            return each
    known = ", ".join(str(each.id) for each in proposals)
    there = f"There are {known}." if known else "There are none yet."
    raise GoldError(
        f"There is no proposal {number} of {task}. {there}", remedy=f"retrolabel gold proposals list {task}"
    )


def check(proposal: Proposal, kind: str, decisions: Sequence[ProposalDecision]) -> None:
    """Refuse what cannot be decided of a proposal as it is.

    Args:
        proposal: The proposal.
        kind: What is to be decided: ``accepted``, ``rejected`` or ``reopened``.
        decisions: What was decided of the proposals of its task.

    Raises:
        GoldError: It was decided before, or is open already.
    """
    if kind == REOPENED and proposal.status == OPEN:
        raise GoldError(f"Proposal {proposal.id} of {proposal.task} is open already.", remedy="accept or reject it")
    if kind == REOPENED or proposal.status == OPEN:
        return
    last = [each for each in decisions if each.proposal == proposal.id and each.kind == proposal.status]
    by = (
        f" by {last[-1].who} on {last[-1].at:%Y-%m-%d}: {last[-1].why.rstrip('.') or 'no reason given'}" if last else ""
    )
    raise GoldError(
        f"Proposal {proposal.id} of {proposal.task} was {proposal.status}{by}.",
        remedy=f"retrolabel gold proposals reopen {proposal.task} {proposal.id} opens it again",
    )


def decide(  # noqa: PLR0913 - who decides what, and why
    proposal: Proposal,
    kind: str,
    *,
    who: str,
    why: str,
    at: datetime,
    book: ProposalsBook,
    file: str | None = None,
    said: str = "",
) -> ProposalDecision:
    """Keep what a person decided of a proposal, and tell others where it was accepted.

    Args:
        proposal: The proposal.
        kind: ``accepted``, ``rejected`` or ``reopened``.
        who: Who decides.
        why: The reason.
        at: Now.
        book: Where proposals are kept.
        file: The draft that is written.
        said: What would change, in a few words.

    Raises:
        GoldError: It was decided before, or by somebody else at the same time.
    """
    check(proposal, kind, book.decisions(proposal.task))
    decision = ProposalDecision(proposal.id or 0, proposal.task, kind, who, why, at, file, proposal.said)
    events = [_told(proposal, decision, said)] if kind == ACCEPTED else []
    if not book.decide(decision, FOLLOWS[kind], proposal.status, events):
        raise GoldError(
            f"Somebody else decided proposal {proposal.id} of {proposal.task} just now; nothing was changed.",
            remedy=f"retrolabel gold proposals show {proposal.task} {proposal.id}",
        )
    return decision


def _told(proposal: Proposal, decision: ProposalDecision, said: str) -> Event:
    """Return what others are told; no item's text is in it, nor a rationale."""
    data = {
        "kind": proposal.draft.kind,
        "who": decision.who,
        "why": decision.why,
        "file": decision.file,
        "items": len(proposal.items),
        "people": len(proposal.people),
    }
    by = f"{counted(len(proposal.items), 'item')} speak for it"
    sentence = f"{decision.who} accepted proposal {proposal.id} of {proposal.task} ({said}); {by}. A draft was written."
    return Event(PROPOSAL_ACCEPTED, proposal.task, str(proposal.id), sentence, decision.at, data)
