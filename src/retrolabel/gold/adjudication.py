"""From what several people said to one gold label an item."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.gold.deciding import DAWID_SKENE, MAJORITY, TIE, UNANIMOUS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
    from datetime import datetime

    from retrolabel.gold.deciding import Adjudication, Key

ROLES = ("dev", "test", "calibration", "honeypot")
SAMPLINGS = ("random", "stratified", "other")


@dataclass(frozen=True, slots=True)
class HumanLabel:
    """What one person said about one item, under one version of the schema.

    Attributes:
        source: The source of the item.
        item_id: The item.
        annotator: The person.
        label: The label id, as it was called in ``schema_version``; empty where the person takes an
            earlier label back.
        schema_version: The version that the person labelled under; never rewritten.
        role: ``dev``, ``test``, ``calibration`` or ``honeypot``.
        revision: The content of the item that the person saw, as its digest.
        sampling: How the item was chosen: ``random``, ``stratified`` or ``other``.
        labelled_at: When the person said it, where that is known; of a person's answers the newest counts.
        batch: The number of the batch that the item was drawn in; ``None`` before there were batches.
        inclusion: The probability with which it was drawn; ``None`` where nobody knows it.
        near_test: Whether the item is a near copy of one that is test gold.
        round: The round of calibration that asked for it; ``None`` where none did.
    """

    source: str
    item_id: str
    annotator: str
    label: str
    schema_version: str
    role: str
    revision: str = ""
    sampling: str = "other"
    labelled_at: datetime | None = field(default=None, compare=False)
    batch: int | None = field(default=None, compare=False)
    inclusion: float | None = field(default=None, compare=False)
    near_test: bool = field(default=False, compare=False)
    round: int | None = None

    @property
    def checks_a_person(self) -> bool:
        """Whether it answers a honeypot of a round: that says something of the person, and nothing of the item."""
        return self.role == "honeypot" and self.round is not None


@dataclass(frozen=True, slots=True)
class GoldItem:
    """One item with its adjudicated label.

    Attributes:
        source: The source of the item.
        item_id: The item.
        label: The label that the people agreed on, or most of them.
        schema_version: The version that it was made under.
        role: What the item is for.
        revision: The content that the people saw, as its digest.
        unanimous: Whether all who looked said the same.
        annotators: How many looked.
        batch: The number of the batch that the item was drawn in, by a known design where there is one.
        inclusion: The probability with which it was drawn; ``None`` where nobody knows it.
        earlier: What its people said under other versions: label and version, the newest answers last.
        decided: How its label came about: ``unanimous``, ``majority``, ``dawid-skene``, ``adjudicator``, or ``tie``.
        answers: The answers that it came from, one a person, the newest last. Who differs stays there to be seen.
    """

    source: str
    item_id: str
    label: str
    schema_version: str
    role: str
    revision: str
    unanimous: bool
    annotators: int
    batch: int | None = None
    inclusion: float | None = None
    earlier: tuple[tuple[str, str], ...] = ()
    decided: str = field(default=UNANIMOUS, compare=False)
    answers: tuple[HumanLabel, ...] = field(default=(), compare=False)

    @property
    def shares(self) -> dict[str, float]:
        """Label -> share of the people who gave it, as it is called in ``schema_version``; the commonest first."""
        said = Counter(answer.label for answer in self.answers)
        return {label: count / len(self.answers) for label, count in said.most_common()}

    @property
    def differing(self) -> tuple[str, ...]:
        """The people who said something else than the label; all of them in a tie."""
        return tuple(answer.annotator for answer in self.answers if answer.label != self.label)


@dataclass(frozen=True, repr=False)
class GoldSet:
    """Adjudicated items, and those on which people were tied.

    Attributes:
        items: One entry an item that has a label.
        tied: The items that were excluded because no label won; theirs is empty.
        notes: What did not go as the task's adjudication says, in words.
    """

    items: tuple[GoldItem, ...]
    tied: tuple[GoldItem, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def ties(self) -> tuple[tuple[str, str, str], ...]:
        """(source, item id, role) of the items on which people were tied."""
        return tuple((item.source, item.item_id, item.role) for item in self.tied)

    def with_role(self, role: str) -> GoldSet:
        """Return the items of one role."""
        items, tied = (tuple(item for item in each if item.role == role) for each in (self.items, self.tied))
        return GoldSet(items, tied, self.notes)

    def __repr__(self) -> str:
        """Return the number of items of each role and label, and the ties."""
        roles = Counter(item.role for item in self.items)
        told = ", ".join(f"{count:,} {role}" for role, count in sorted(roles.items())) or "no items"
        labels = ", ".join(f"{label} {count:,}" for label, count in Counter(i.label for i in self.items).most_common())
        return f"GoldSet({told}; {labels or 'no labels'}; {len(self.ties):,} tied)"

    def __len__(self) -> int:
        """Return the number of items that have a label."""
        return len(self.items)


class Newest:
    """Says which of the answers that one person gives, one after the other, is the newest.

    Answers with a time count by it. Those of equal times, and those without, count in the order in which
    they came: an answer without a time is newer than all before it, and as old as the newest of them.

    Example:
        >>> from datetime import UTC, datetime
        >>> newest = Newest()
        >>> [newest.is_newer("ana", datetime(2026, 2, day, tzinfo=UTC)) for day in (3, 1, 3)]
        [True, False, True]
        >>> newest.is_newer("ana", None)
        True
    """

    def __init__(self) -> None:
        self._newest: dict[Hashable, datetime] = {}

    def is_newer(self, of: Hashable, when: datetime | None) -> bool:
        """Return whether the next answer supersedes those before it.

        Args:
            of: Whose answer it is, and on what.
            when: When it was given, if that is known.
        """
        newest = self._newest.get(of)
        if when is None:
            return True
        if newest is not None and when < newest:
            return False
        self._newest[of] = when
        return True


def key_of(label: HumanLabel) -> tuple[str, str, str, str]:
    """Return what a person has one standing answer for: an item, under a version."""
    return label.source, label.item_id, label.annotator, label.schema_version


def last_answers(labels: Iterable[HumanLabel]) -> dict[tuple[str, str, str, str], HumanLabel]:
    """Return the newest answer of each person on each item under each version, also where it takes one back.

    An answer to a honeypot of a round is none of these: the item has gold already, and keeps it.

    Args:
        labels: In the order in which they came.
    """
    newest = Newest()
    last: dict[tuple[str, str, str, str], HumanLabel] = {}
    for label in labels:
        if not label.checks_a_person and newest.is_newer(key_of(label), label.labelled_at):
            last[key_of(label)] = label
    return last


def standing(labels: Iterable[HumanLabel]) -> list[HumanLabel]:
    """Return the labels that their giver neither superseded nor took back, each version's for itself.

    Example:
        >>> said = [HumanLabel("s", "1", "ana", what, "1.0.0", "dev") for what in ("bug", "feature")]
        >>> [label.label for label in standing(said)]
        ['feature']
    """
    return [label for label in last_answers(labels).values() if label.label]


def adjudicate(
    labels: Iterable[HumanLabel],
    *,
    rank: Callable[[HumanLabel], int] | None = None,
    twins: Mapping[str, str] | None = None,
    how: Adjudication = MAJORITY,
) -> GoldSet:
    """Return one label an item: the unanimous one, else the majority's; ties are excluded and counted.

    A newer label by the same person on the same item, under the same version, supersedes the older one:
    by time where it is known, else by order. An empty one takes it back. Labels made under several
    versions are not mixed: the version with the most labels on the item counts, the newest among equals.
    Nor are labels on several revisions of its text: the last one counts.

    An answer to a honeypot of a round counts nowhere: the item has its gold already.

    An item that was drawn by a known design keeps that draw, whoever looks at it again and why: the design belongs
    to the draw, not to the answer.

    Where a person is named, their answer is the label, and of versions with equally good labels the one counts that
    they answered under. Where a model of people is to decide, it learns from all answers under a version; what it
    needs and lacks is in the notes, and the majority decides. Answers on test items teach it for test items alone.

    Args:
        labels: In the order in which they were given.
        rank: Where the gold is to be read in a version: how well a label reads there. Versions under
            which an item has better labels go before those under which it has more.
        twins: Version -> the version that it is counted as, because their labels mean the same.
        how: How people who differ are adjudicated; by majority if left out.

    Example:
        >>> said = [("ana", "bug"), ("ben", "bug"), ("cleo", "feature")]
        >>> gold = adjudicate(HumanLabel("s", "1", who, what, "1.0.0", "dev") for who, what in said)
        >>> gold.items[0].label, gold.items[0].unanimous, gold.items[0].annotators
        ('bug', False, 3)
        >>> gold.items[0].differing
        ('cleo',)
    """
    given = [label for label in labels if not label.checks_a_person]
    answered = [item for item in _by_item(given, twins or {}) if item.said]
    counted = [item.counting(rank, how) for item in answered]
    posteriors, notes = _modelled(answered, counted, how)
    items: list[GoldItem] = []
    tied: list[GoldItem] = []
    for item, (version, answers) in zip(answered, counted, strict=True):
        verdict = how.settle(_said(answers), posteriors.get((version, item.key)))
        last = answers[-1]
        found = GoldItem(
            *item.key,
            verdict.label,
            version,
            last.role,
            last.revision,
            not _differ(answers),
            len(answers),
            *item.draw,
            item.elsewhere(version, last.revision),
            verdict.by,
            tuple(answers),
        )
        (tied if verdict.by == TIE else items).append(found)
    notes += how.absent(label.annotator for label in given) if given else []
    return GoldSet(tuple(items), tuple(tied), tuple(notes))


@dataclass(slots=True)
class _Answered:
    """An item, its draw, and what stands of what was said of it: (version, person) -> label, the newest last."""

    key: Key
    draw: tuple[int | None, float | None] = (None, None)
    said: dict[tuple[str, str], HumanLabel] = field(default_factory=dict)

    def under(self, version: str) -> list[HumanLabel]:
        """Return the answers under a version, on the text that the last of them saw."""
        found = [label for (made_under, _), label in self.said.items() if made_under == version]
        return [label for label in found if label.revision == found[-1].revision]

    def counting(self, rank: Callable[[HumanLabel], int] | None, how: Adjudication) -> tuple[str, Sequence[HumanLabel]]:
        """Return the version that counts, and the answers under it."""
        versions = Counter(version for version, _ in self.said)
        best = {made: rank(label) if rank else 0 for (made, _), label in self.said.items()}
        named = {made for made, person in self.said if person in how.people}
        version = max(versions, key=lambda v: (best[v], v in named, versions[v], _order(v)))
        return version, self.under(version)

    def elsewhere(self, version: str, revision: str) -> tuple[tuple[str, str], ...]:
        """Return what was said of the same text under other versions."""
        others = {
            (label.label, made): None
            for (made, _), label in self.said.items()
            if made != version and label.revision == revision
        }
        return tuple(others)


def _by_item(labels: Iterable[HumanLabel], twins: Mapping[str, str]) -> list[_Answered]:
    """Return the items in the order in which they were first labelled."""
    items: dict[Key, _Answered] = {}
    newest = Newest()
    for label in labels:
        key = (label.source, label.item_id)
        item = items.setdefault(key, _Answered(key))
        if item.draw[1] is None:
            item.draw = (label.batch, label.inclusion)
        version = twins.get(label.schema_version, label.schema_version)
        if not newest.is_newer((*key, version, label.annotator), label.labelled_at):
            continue
        item.said.pop((version, label.annotator), None)
        item.said[version, label.annotator] = label
    for item in items.values():
        item.said = {who: label for who, label in item.said.items() if label.label}
    return list(items.values())


def _said(answers: Iterable[HumanLabel]) -> dict[str, str]:
    return {answer.annotator: answer.label for answer in answers}


def _modelled(
    items: Sequence[_Answered], counted: Sequence[tuple[str, Sequence[HumanLabel]]], how: Adjudication
) -> tuple[dict[tuple[str, Key], Mapping[str, float]], list[str]]:
    """Return (version, item) -> label -> probability by the model of people, and where the majority has to decide."""
    found: dict[tuple[str, Key], Mapping[str, float]] = {}
    notes: dict[str, None] = {}
    if how.method != DAWID_SKENE:
        return found, []
    open_ = {(version, answers[0].source, answers[0].item_id) for version, answers in counted if _differ(answers)}
    for version in sorted({version for version, *_ in open_}, key=_order):
        answers = {item.key: under for item in items for under in [item.under(version)] if under}
        tests = {key for key, under in answers.items() if under[-1].role == "test"}
        others = answers.keys() - tests
        for decided, learned in ((others, others), (tests, answers.keys())):
            if not any((version, *key) in open_ for key in decided):
                continue
            told = {key: _said(under) for key, under in answers.items() if key in learned}
            posterior = how.model(told) if how.model is not None else "there is no model of people"
            if isinstance(posterior, str):
                notes[
                    f"people who differ under {version} are adjudicated by majority, not Dawid-Skene: {posterior}"
                ] = None
            else:
                found |= {(version, key): posterior[key] for key in decided}
    return found, list(notes)


def _differ(answers: Sequence[HumanLabel]) -> bool:
    return len({answer.label for answer in answers}) > 1


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
