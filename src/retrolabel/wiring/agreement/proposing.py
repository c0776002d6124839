"""What people's rationales ask of the spec: ``task.gold.proposals()`` and what a person decides of each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.jobs.gold.proposals import deciding
from retrolabel.jobs.records.proposals import ACCEPTED, DIAGNOSIS, OPEN, REJECTED, REOPENED, STATUSES
from retrolabel.wiring.agreement.shown_proposals import (
    Proposals,
    ShownProposal,
    counting,
    excerpt,
    rationales_of,
    shown_as,
    words_of_people,
)
from retrolabel.wiring.site import now, who

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrolabel.jobs.gold.proposals.finding import SpecQuestion
    from retrolabel.jobs.records.proposals import Proposal, ProposalDecision
    from retrolabel.wiring.agreement.drafting import Draft
    from retrolabel.wiring.site import Site


class Proposing:
    """Turns rationales of a task into proposals, and keeps what a person decides."""

    _site: Site
    _task: str

    def proposals(self, *, refresh: bool = False, diagnose: bool = False, status: str | None = None) -> Proposals:
        """Return the proposals of the task, those that are clear first, then by what speaks for them.

        Rationales of roles dev and calibration count, each with what people said of its item; test gold never does.
        Looking writes nothing; ``refresh`` looks for proposals anew: a group of rationales keeps its number, and what
        a person decided of it.

        Args:
            refresh: Whether the rationales are grouped anew.
            diagnose: Whether what a diagnosis asks of the spec becomes proposals too; nobody needs to write rationales
                for that.
            status: ``open``, ``accepted`` or ``rejected`` alone; all if left out.

        Raises:
            GoldError: There is no such status, or the newest version is multilabel; for a diagnosis, no item has
                answers of two people.
        """
        from retrolabel.errors import GoldError, did_you_mean

        if status is not None and status not in STATUSES:
            near = did_you_mean(status, STATUSES)
            raise GoldError(f"There is no status {status!r}.{near}", remedy=f"one of {', '.join(STATUSES)}")
        site, catalog = self._site, self._site.catalog
        answers = catalog.gold.answers(self._task)
        seen = counting(answers)
        found = None
        if diagnose:
            self.propose(self._asked_of_the_spec())
        if refresh:
            from retrolabel.jobs.gold.proposals.finding import search

            history = site.history(self._task)
            with catalog.transaction():
                found = search(
                    self._task,
                    answers,
                    schema=history.head,
                    history=history,
                    feedback=catalog.feedback,
                    book=catalog.proposals,
                    at=now(),
                )
        kept = found.proposals if found else catalog.proposals.proposals(self._task)
        chosen = [each for each in kept if status in (None, each.status)]
        ordered = sorted(chosen, key=lambda each: (each.gone, each.status != OPEN, not each.clear, -each.support))
        decisions, words = catalog.proposals.decisions(self._task), words_of_people(seen)
        shown = tuple(shown_as(each, words, decisions) for each in ordered)
        if found is None:
            last = max((each.seen_at for each in kept if each.origin != DIAGNOSIS), default=None)
            fresh = [each for each in seen if each.rationale]
            since = [each for each in fresh if last is None or (each.imported_at and each.imported_at > last)]
            return Proposals(self._task, shown, len(since))
        return Proposals(self._task, shown, 0, found.rationales, found.people, found.left, found.new, found.back)

    def proposal(self, number: int) -> ShownProposal:
        """Return one proposal with its rationales, the texts of its items, and the draft that accepting would give.

        Args:
            number: Its number.

        Raises:
            GoldError: There is none.
        """
        from retrolabel.errors import RetrolabelError
        from retrolabel.jobs.gold.copies_of_test import texts_of

        catalog = self._site.catalog
        found = self._one(number)
        answers = catalog.gold.answers(self._task)
        texts = texts_of(found.items, catalog.feedback, self._site.objects)
        words = words_of_people(answers)
        rows = rationales_of(found, answers, {key: excerpt(cells) for key, cells in texts.items()})
        shown = shown_as(found, words, catalog.proposals.decisions(self._task))
        draft, cannot = None, ""
        if found.status != ACCEPTED:
            try:
                draft = self._draft(found, shown.quoted)
            except RetrolabelError as error:
                cannot = error.message
        return ShownProposal(found, shown.quoted, rows, shown.decisions, draft, cannot)

    def accept_proposal(
        self, number: int, *, why: str = "", by: str | None = None, out: str | Path | None = None, dry_run: bool = False
    ) -> Draft:
        """Accept a proposal: write the draft of a version outside of the folders that are discovered.

        Nothing is switched on: the draft says TODO where a person has to write, and is moved by hand.

        Args:
            number: The number of the proposal.
            why: The reason; it is the reason of the version, too.
            by: Who accepts it; who is logged in if left out.
            out: The file; one in the project's folder ``proposals`` if left out.
            dry_run: Whether nothing is written.

        Raises:
            GoldError: There is no such proposal, or it was decided before.
            SchemaError: It cannot be drafted in the newest version.
            InputError: The file exists, or would be discovered.
        """
        from retrolabel.wiring.agreement.drafting import write, written

        catalog = self._site.catalog
        found = self._one(number)
        deciding.check(found, ACCEPTED, catalog.proposals.decisions(self._task))
        shown = shown_as(found, words_of_people(counting(catalog.gold.answers(self._task))), ())
        draft = self._draft(found, shown.quoted, why=why, out=None if out is None else Path(out))
        if dry_run:
            return draft
        with catalog.transaction():
            self._decide(found, ACCEPTED, why, by, file=str(draft.file), said=shown.maybe)
            write(written(self._site, draft), draft.text)
        return draft

    def reject_proposal(self, number: int, *, why: str, by: str | None = None) -> ProposalDecision:
        """Reject a proposal: it stays rejected when it is found again, until much that is new speaks for it.

        Args:
            number: The number of the proposal.
            why: The reason.
            by: Who rejects it; who is logged in if left out.

        Raises:
            GoldError: There is no such proposal, or it was decided before.
        """
        return self._decide(self._one(number), REJECTED, why, by)

    def reopen_proposal(self, number: int, *, why: str = "", by: str | None = None) -> ProposalDecision:
        """Open a proposal again that was accepted or rejected; a draft that was written stays where it is.

        Args:
            number: The number of the proposal.
            why: The reason.
            by: Who opens it; who is logged in if left out.

        Raises:
            GoldError: There is no such proposal, or it is open.
        """
        return self._decide(self._one(number), REOPENED, why, by)

    def propose(self, questions: Iterable[SpecQuestion], *, version: str | None = None) -> tuple[Proposal, ...]:
        """Keep what a diagnosis asks of the spec as proposals; what was asked before keeps its number.

        Args:
            questions: What it asks.
            version: The version that was diagnosed; the newest if left out.
        """
        from retrolabel.jobs.gold.proposals.finding import ask

        site, catalog = self._site, self._site.catalog
        history = site.history(self._task)
        schema = history[version] if version else history.head
        with catalog.transaction():
            return ask(self._task, schema.version, questions, book=catalog.proposals, at=now())

    def _asked_of_the_spec(self) -> list[SpecQuestion]:
        """Return what a diagnosis asks of the spec."""
        from retrolabel.jobs.gold.diagnosis.diagnosing import diagnosis_of
        from retrolabel.jobs.gold.proposals.finding import SpecQuestion

        site, catalog = self._site, self._site.catalog
        history = site.history(self._task)
        found = diagnosis_of(
            catalog.gold.answers(self._task),
            task=self._task,
            schema=history.head,
            history=history,
            feedback=catalog.feedback,
            objects=site.objects,
        )
        return [
            SpecQuestion(
                each.labels, each.items, each.question, tuple(filter(None, (each.finding, each.note))), (each.rule,)
            )
            for each in found.causes
            if each.kind == "spec" and each.question
        ]

    def _one(self, number: int) -> Proposal:
        return deciding.one_of(self._site.catalog.proposals.proposals(self._task), number, self._task)

    def _draft(self, proposal: Proposal, quoted: str, *, why: str = "", out: Path | None = None) -> Draft:
        from retrolabel.wiring.agreement.drafting import draft_of

        return draft_of(self._site, proposal, quoted, why=why, out=out)

    def _decide(  # noqa: PLR0913 - who decides what, and why
        self, proposal: Proposal, kind: str, why: str, by: str | None, *, file: str | None = None, said: str = ""
    ) -> ProposalDecision:
        book = self._site.catalog.proposals
        more = {"who": by or who(), "why": why, "at": now(), "file": file, "said": said}
        return deciding.decide(proposal, kind, book=book, **more)  # type: ignore[arg-type]  # as they are named
