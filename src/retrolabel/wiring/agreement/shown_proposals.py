"""Proposals as people see them: with the words of others, the texts of items, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrolabel.gold.adjudication import standing
from retrolabel.jobs.gold.proposals.counting import ROLES, hidden_items
from retrolabel.jobs.records.proposals import STATUSES, Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from retrolabel.jobs.records.gold import Answer
    from retrolabel.jobs.records.proposals import Proposal, ProposalDecision
    from retrolabel.wiring.agreement.drafting import Draft

EXCERPT = 160
"""Characters of an item's text that are shown."""


@dataclass(frozen=True)
class Rationale:
    """One answer that speaks for a proposal, with what others said of the item.

    Attributes:
        source: The source of the item.
        item_id: The item.
        annotator: Who answered; empty where the item itself speaks for the proposal.
        label: What they said, under the version that they said it under.
        rationale: Why, in their words.
        others: (person, label) of the others who answered the item.
        text: The beginning of the item's texts.
    """

    source: str
    item_id: str
    annotator: str
    label: str
    rationale: str
    others: tuple[tuple[str, str], ...]
    text: str = ""


@dataclass(frozen=True)
class ShownProposal:
    """A proposal with the words of people, and what was decided of it.

    Attributes:
        proposal: The proposal.
        quoted: The rationale that is most like the others; empty where it is gone, or there is none.
        rationales: What speaks for it; with the items' texts in :meth:`Proposing.proposal` alone.
        decisions: What was decided of it, oldest first.
        draft: What accepting it would give; None where that was not asked for, or it cannot be drafted.
        cannot: Why it cannot be drafted.
    """

    proposal: Proposal
    quoted: str
    rationales: tuple[Rationale, ...] = field(default=(), repr=False)
    decisions: tuple[ProposalDecision, ...] = ()
    draft: Draft | None = field(default=None, repr=False)
    cannot: str = ""

    @property
    def maybe(self) -> str:
        """What would change, in a few words."""
        draft = self.proposal.draft
        if draft.kind == "merge":
            return f"merge {' and '.join(draft.labels)}"
        if draft.kind == "split":
            return f"split {draft.label} into {', '.join(draft.labels)}"
        if draft.kind == "add":
            return f"add a label: {draft.label}"
        if draft.kind == "include":
            return f"{draft.label}: say that these belong to it"
        if draft.kind == "exclude":
            return f"{draft.label}: say that these do not belong to it"
        return f"ask in the guideline: {' or '.join(self.proposal.pair[:2]) or draft.label}?"

    @property
    def command(self) -> str:
        """The command that makes a version of the same steps; nothing for a question."""
        from retrolabel.interop.proposed_schema import command_of

        return command_of(self.proposal.task, self.proposal.draft)

    def as_dict(self, *, rationales: bool = True) -> dict[str, Any]:
        """Return it as plain data.

        Args:
            rationales: Whether each rationale is in it, with its person and item.
        """
        each = self.proposal
        told = {
            "id": each.id,
            "status": each.status,
            "kind": each.draft.kind,
            "maybe": self.maybe,
            "label": each.draft.label,
            "labels": list(each.draft.labels),
            "pair": list(each.pair),
            "words": list(each.draft.words),
            "quoted": self.quoted,
            "question": each.draft.question,
            "items": len(each.items),
            "people": len(each.people),
            "answers": len(each.said),
            "support": each.support,
            "clear": each.clear,
            "origin": each.origin,
            "version": each.version,
            "gone": each.gone,
            "why": list(each.why),
            "found_at": each.found_at.isoformat(),
            "seen_at": each.seen_at.isoformat(),
            "command": self.command,
            "decisions": [decision.as_dict() for decision in self.decisions],
        }
        if rationales:
            told["rationales"] = [
                {
                    **{name: getattr(row, name) for name in ("source", "item_id", "annotator", "label", "rationale")},
                    "others": [{"annotator": person, "label": label} for person, label in row.others],
                    "text": row.text,
                }
                for row in self.rationales
            ]
        return told


@dataclass(frozen=True, repr=False)
class Proposals:
    """The proposals of a task: a sequence of :class:`ShownProposal`, those that are clear first.

    Attributes:
        task: The task.
        shown: The proposals.
        unread: Rationales that came since somebody looked for proposals last.
        rationales: Where proposals were looked for: how many rationales there are; else None.
        people: The same: how many people wrote those that count.
        left: The same: what became of rationales that are in no proposal -> how many.
        new: The same: the numbers of the proposals that are new.
        back: The same: the numbers of those that a person decided and that are open again.
    """

    task: str
    shown: tuple[ShownProposal, ...]
    unread: int = 0
    rationales: int | None = None
    people: int | None = None
    left: Mapping[str, int] = field(default_factory=dict)
    new: tuple[int, ...] = ()
    back: tuple[int, ...] = ()

    def __iter__(self) -> Iterator[ShownProposal]:
        """Yield the proposals."""
        return iter(self.shown)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.shown)

    def frame(self) -> pd.DataFrame:
        """Return a row for each: ``id``, ``status``, ``kind``, ``maybe``, ``words``, what speaks for it, and so on."""
        import pandas as pd

        names = [
            "id",
            "status",
            "kind",
            "maybe",
            "label",
            "pair",
            "words",
            "quoted",
            "items",
            "people",
            "support",
            "clear",
        ]
        rows = [each.as_dict(rationales=False) for each in self.shown]
        return pd.DataFrame([[row[name] for name in names] for row in rows], columns=names)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data; rationales stay out."""
        told: dict[str, Any] = {"task": self.task, "rationales_since": self.unread}
        if self.rationales is not None:
            found = {"rationales": self.rationales, "people": self.people, "left": dict(self.left)}
            told |= {**found, "new": list(self.new), "back": list(self.back)}
        return {**told, "proposals": [each.as_dict(rationales=False) for each in self.shown]}

    def __repr__(self) -> str:
        """Return how many are of which status."""
        counts = {status: sum(each.proposal.status == status for each in self.shown) for status in STATUSES}
        return f"<{self.task}: {', '.join(f'{count} {status}' for status, count in counts.items() if count) or 'none'}>"


def counting(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers that may be shown: of roles whose rationales count, and on no item of test gold."""
    hidden = hidden_items(each.label for each in answers)
    return [
        each for each in answers if each.label.role in ROLES and (each.label.source, each.label.item_id) not in hidden
    ]


def words_of_people(answers: Sequence[Answer]) -> dict[Said, str]:
    """Return the rationale of each person on each item, the newest."""
    return {
        Said(each.label.source, each.label.item_id, each.label.annotator): each.rationale.strip()
        for each in answers
        if each.rationale
    }


def shown_as(proposal: Proposal, words: Mapping[Said, str], decisions: Sequence[ProposalDecision]) -> ShownProposal:
    """Return a proposal as people see it in a list."""
    quoted = words.get(proposal.draft.quoted, "") if proposal.draft.quoted else ""
    about = tuple(each for each in decisions if each.proposal == proposal.id)
    return ShownProposal(proposal, quoted, decisions=about)


def rationales_of(
    proposal: Proposal, answers: Sequence[Answer], texts: Mapping[tuple[str, str], str]
) -> tuple[Rationale, ...]:
    """Return what speaks for a proposal, of some answers; what was taken back stays out.

    Args:
        proposal: The proposal.
        answers: The answers that may be shown.
        texts: Item -> the beginning of its texts.
    """
    by_label = {id(each.label): each for each in answers}
    last: dict[Said, Answer] = {}
    here: dict[tuple[str, str], dict[str, str]] = {}
    for label in standing(each.label for each in answers):
        last[Said(label.source, label.item_id, label.annotator)] = by_label[id(label)]
        here.setdefault((label.source, label.item_id), {})[label.annotator] = label.label
    rows = []
    for said in proposal.said:
        item = (said.source, said.item_id)
        others = tuple(sorted(each for each in here.get(item, {}).items() if each[0] != said.annotator))
        answer = last.get(said)
        if answer is not None:
            rows.append(
                Rationale(*said, answer.label.label, (answer.rationale or "").strip(), others, texts.get(item, ""))
            )
        elif not said.annotator:
            rows.append(Rationale(*said, "", "", others, texts.get(item, "")))
    return tuple(rows)


def excerpt(cells: Sequence[str | None]) -> str:
    """Return the beginning of an item's texts, in one line."""
    text = " / ".join(" ".join(cell.split()) for cell in cells if cell and cell.strip())
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 3].rstrip()}..."
