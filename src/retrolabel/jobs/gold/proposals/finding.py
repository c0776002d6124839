"""Look for proposals anew: what was found before keeps its number and what a person decided of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrolabel.gold.proposing import ideas_of
from retrolabel.gold.same_proposals import Evidence, comes_back, found_again
from retrolabel.jobs.gold.proposals.gathering import gather, names_of, words_of_rules
from retrolabel.jobs.records.proposals import (
    ACCEPTED,
    CAME_BACK,
    DIAGNOSIS,
    OPEN,
    RATIONALES,
    REJECTED,
    Drafted,
    Proposal,
    ProposalDecision,
    Said,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from retrolabel.gold.ideas import Idea
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.proposals.book import ProposalsBook
    from retrolabel.jobs.gold.proposals.gathering import Gathered
    from retrolabel.jobs.records.gold import Answer
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

REFRESH = "refresh"
"""Who opens a proposal again that much new speaks for."""


@dataclass(frozen=True)
class SpecQuestion:
    """What a diagnosis asks of the spec: it becomes a proposal of its own.

    Attributes:
        pair: The labels that people confuse, the commoner one first.
        items: (source, item id) of the items on which they do.
        question: The question for the guideline.
        why: What was found, in sentences.
        words: The words, or the values of columns, that tell the items.
        clear: Whether more than chance speaks for it.
    """

    pair: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    question: str
    why: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    clear: bool = True


@dataclass(frozen=True)
class Search:
    """What a look for proposals found.

    Attributes:
        task: The task.
        version: The version that answers were read in.
        proposals: All proposals of the task, as they are now.
        new: The numbers of those that are new.
        back: The numbers of those that a person decided, and that are open again since much new speaks for them.
        rationales: How many rationales there are.
        people: How many people wrote those that count.
        left: What became of rationales that are in no proposal -> how many.
    """

    task: str
    version: str
    proposals: tuple[Proposal, ...]
    new: tuple[int, ...]
    back: tuple[int, ...]
    rationales: int
    people: int
    left: Mapping[str, int]


def search(  # noqa: PLR0913 - what proposals are found from
    task: str,
    answers: Sequence[Answer],
    *,
    schema: LabelSchema,
    history: History,
    feedback: FeedbackBook,
    book: ProposalsBook,
    at: datetime,
) -> Search:
    """Look for what the rationales of a task ask of the spec, and keep it.

    Args:
        task: The task.
        answers: All answers, in the order in which they came.
        schema: The version that they are read in.
        history: The versions.
        feedback: What the texts of the items are now.
        book: Where proposals are kept.
        at: Now.

    Raises:
        GoldError: The version is multilabel.
    """
    gathered = gather(answers, schema=schema, history=history, feedback=feedback)
    ideas = ideas_of(gathered.reasons, labels=names_of(schema), alike=gathered.alike, rules=words_of_rules(schema))
    new = [_proposal(idea, gathered, task, schema.version, at) for idea in ideas.found]
    kept, back = keep(new, RATIONALES, task, book, at)
    before = {each.id for each in kept.before}
    left = {
        **gathered.left_out,
        "give no reason": ideas.silent,
        "are like too few others": ideas.alone,
        "put things as people do on any label": ideas.of_any_label,
        "say what the rules of the label say, and people agree": ideas.told,
    }
    return Search(
        task,
        schema.version,
        tuple(book.proposals(task)),
        tuple(each.id for each in kept.now if each.id is not None and each.id not in before),
        back,
        gathered.rationales,
        len({each.person for each in gathered.reasons}),
        {why: count for why, count in left.items() if count},
    )


def ask(
    task: str, version: str, questions: Iterable[SpecQuestion], *, book: ProposalsBook, at: datetime
) -> tuple[Proposal, ...]:
    """Keep what a diagnosis asks of the spec as proposals; what was asked before keeps its number.

    Args:
        task: The task.
        version: The version that was diagnosed.
        questions: What it asks.
        book: Where proposals are kept.
        at: Now.
    """
    new = [
        Proposal(
            task,
            version,
            Drafted("question", each.pair[0] if each.pair else "", words=each.words, question=each.question),
            each.pair,
            tuple(Said(*item) for item in each.items),
            each.clear,
            float(len(each.items)),
            each.why,
            at,
            at,
            DIAGNOSIS,
        )
        for each in questions
    ]
    return keep(new, DIAGNOSIS, task, book, at)[0].now


@dataclass(frozen=True)
class Kept:
    """The proposals of one origin: as they were, and those that were found, as they are now."""

    before: tuple[Proposal, ...]
    now: tuple[Proposal, ...]


def keep(
    new: Sequence[Proposal], origin: str, task: str, book: ProposalsBook, at: datetime
) -> tuple[Kept, tuple[int, ...]]:
    """Keep what was found: under the number that it has, or a new one; return it, and which decided ones came back.

    Args:
        new: What was found.
        origin: ``rationales`` or ``diagnosis``.
        task: The task.
        book: Where proposals are kept.
        at: Now.
    """
    before = [each for each in book.proposals(task) if each.origin == origin]
    decided = {each.proposal: each.said for each in book.decisions(task) if each.kind in (ACCEPTED, REJECTED)}
    places = found_again(
        [_evidence(each, each.said) for each in new],
        [_evidence(each, (*each.said, *decided.get(each.id or 0, ()))) for each in before],
    )
    changed: dict[int, Proposal] = {}
    fresh: list[Proposal] = []
    for place, one in zip(places, new, strict=True):
        if place is None:
            fresh.append(one)
        elif place in changed and before[place].status != OPEN:  # what was decided takes its parts together
            both = dict.fromkeys((*changed[place].said, *one.said))
            changed[place] = replace(changed[place], said=tuple(both), support=changed[place].support + one.support)
        else:
            changed[place] = _as_found(before[place], one)
    back = [place for place, each in changed.items() if _is_back(before[place], each, decided)]
    gone = [replace(each, gone=True) for place, each in enumerate(before) if place not in changed and not each.gone]
    kept = book.keep([*changed.values(), *gone, *fresh])
    for place in back:
        _reopen(before[place], changed[place], book, at)
    found = [each for each in kept if not each.gone]
    return Kept(tuple(before), tuple(found)), tuple(before[place].id or 0 for place in back)


def _as_found(before: Proposal, now: Proposal) -> Proposal:
    """Return a proposal as it is found now; what a person decided keeps the draft that was decided."""
    same = replace(now, id=before.id, status=before.status, found_at=before.found_at)
    return same if before.status == OPEN else replace(same, draft=before.draft, version=before.version)


def _is_back(before: Proposal, now: Proposal, decided: Mapping[int, Sequence[Said]]) -> bool:
    then = {(each.source, each.item_id) for each in decided.get(before.id or 0, ())}
    return before.status != OPEN and comes_back(now.items, then)


def _reopen(before: Proposal, now: Proposal, book: ProposalsBook, at: datetime) -> None:
    why = f"{len(now.items):,} items speak for it now."
    decision = ProposalDecision(before.id or 0, before.task, CAME_BACK, REFRESH, why, at, None, now.said)
    book.decide(decision, OPEN, before.status)


def _evidence(proposal: Proposal, said: Iterable[Said]) -> Evidence:
    return Evidence(frozenset(said), proposal.pair, frozenset(proposal.draft.words), decided=proposal.status != OPEN)


def _proposal(idea: Idea, gathered: Gathered, task: str, version: str, at: datetime) -> Proposal:
    draft = Drafted(
        idea.kind, idea.label, idea.labels, idea.restores, idea.terms, gathered.said[idea.centre], _question(idea)
    )
    said = tuple(gathered.said[place] for place in idea.members)
    return Proposal(task, version, draft, idea.pair, said, idea.clear, idea.support, idea.why, at, at)


def _question(idea: Idea) -> str:
    if idea.kind != "question":
        return ""
    told = f" of which people say \u201c{', '.join(idea.terms[:3])}\u201d" if idea.terms else ""
    return f"Items{told}: {' or '.join(idea.pair[:2])}?"
