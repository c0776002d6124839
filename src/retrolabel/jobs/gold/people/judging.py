"""What of a person's answers can be judged, and by what: honeypots, and what the others say.

A person is never judged by their own answer: an item's label is adjudicated anew from the answers of the others.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.gold.adjudication import standing
from retrolabel.jobs.gold.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.gold.projection import Readings
    from retrolabel.jobs.records.gold import Answer, Key
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

ROLES = ("dev", "calibration", "honeypot")
"""Test gold says nothing of people: whoever looks at it has looked."""
TWO = 2
"""So many others make a label, if none of them adjudicates."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer of a person beside what is known of the item.

    Attributes:
        person: Who.
        said: The label that the person gave, as it reads in the version.
        known: The label by the others, or of the honeypot.
        honeypot: Whether the item is a honeypot.
        at: When it was given; when it came, where nobody knows.
    """

    person: str
    said: str
    known: str
    honeypot: bool
    at: datetime | None

    @property
    def right(self) -> bool:
        """Whether both are the same."""
        return self.said == self.known


@dataclass(frozen=True)
class Read:
    """The answers of people as they read in a version.

    Attributes:
        said: The item -> person -> answer and label, those that are one label there.
        checks: Answers to honeypots of rounds: the item -> person -> answer and label.
        open: Answers that leave several labels, or none, or whose label or text changed since.
    """

    said: Mapping[Key, Mapping[str, tuple[Answer, str]]]
    checks: Mapping[Key, Mapping[str, tuple[Answer, str]]]
    open: int

    def people(self) -> list[str]:
        """Return everybody who answered, in the order of the alphabet."""
        sides = (*self.said.values(), *self.checks.values())
        return sorted({person for said in sides for person in said})


def read_answers(answers: Sequence[Answer], history: History, schema: LabelSchema, readings: Readings) -> Read:
    """Return the answers that count, one of each person on an item: the last, those that are one label before others.

    Args:
        answers: All answers of the task, in the order in which they came.
        history: Its versions.
        schema: The version to read them in.
        readings: What an answer says there.
    """
    by_label = {id(each.label): each for each in answers}
    mine = [each.label for each in answers if each.label.role in ROLES]
    checks = _first([label for label in mine if label.checks_a_person])
    reader = Reader(schema, history, readings)
    found, unread = [], 0
    for labels in (standing(mine), [label for label in checks if label.label]):
        side: dict[Key, dict[str, tuple[Answer, str]]] = defaultdict(dict)
        for read in reader.counted(labels)[0]:
            if len(read.leaves) == 1:
                side[read.key][read.label.annotator] = (by_label[id(read.label)], next(iter(read.leaves)))
            else:
                unread += 1
        found.append(dict(side))
    return Read(found[0], found[1], unread)


def _first(labels: Iterable[HumanLabel]) -> list[HumanLabel]:
    """Return the first answer of each person to each honeypot: the second time they may remember it."""
    first: dict[tuple[str, str, str], HumanLabel] = {}
    for label in labels:
        first.setdefault((label.source, label.item_id, label.annotator), label)
    return list(first.values())


def judged(read: Read, how: Adjudication) -> list[Judged]:
    """Return each answer that can be judged, with what the item is known to be.

    An item is known by two others or more who do not tie, by one who adjudicates, or, if it is a honeypot, by the one
    who labelled it. A honeypot of a round counts as that, and not a second time as an item of its role.

    Args:
        read: The answers.
        how: How people who differ are adjudicated; a model of people is not learned anew without each of them, so the
            majority decides in its place.
    """
    found = []
    for key, said in read.checks.items():
        gold = {person: label for person, (_, label) in read.said.get(key, {}).items()}
        for person, (answer, label) in said.items():
            known = _known({other: each for other, each in gold.items() if other != person}, how, least=1)
            if known:
                found.append(Judged(person, label, known, honeypot=True, at=_at(answer)))
    for key, said in read.said.items():
        labels = {person: label for person, (_, label) in said.items()}
        for person, (answer, label) in said.items():
            if person in read.checks.get(key, {}):
                continue
            pot = answer.label.role == "honeypot"
            known = _known({other: each for other, each in labels.items() if other != person}, how, least=TWO)
            if known:
                found.append(Judged(person, label, known, honeypot=pot, at=_at(answer)))
    return found


def _known(others: Mapping[str, str], how: Adjudication, *, least: int) -> str:
    """Return the label that others make; nothing where they are too few, or tied."""
    if len(others) < least and not any(person in others for person in how.people):
        return ""
    return how.settle(others).label if others else ""


def _at(answer: Answer) -> datetime | None:
    return answer.label.labelled_at or answer.imported_at
