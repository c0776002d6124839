"""What goes from one version to another do: to each label, and to what is stored under it."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.errors import SchemaError
from retrolabel.gold.adjudication import adjudicate, standing
from retrolabel.gold.deciding import MAJORITY
from retrolabel.gold.pricing import Choice, choices
from retrolabel.gold.projection import Readings, counted
from retrolabel.schema.changes import Change, changes, deserved_bump, given_bump

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.schema.history import History


@dataclass(frozen=True)
class Stored:
    """What a store holds of a task.

    Attributes:
        human: Human labels, in the order in which they came.
        votes: (LF, stored form of a vote) -> how often it was cast.
        label_set: Label -> items, of the newest label set under the older version.
        seconds: What a label took a person, where that is known.
        calls: How many LF calls a relabel under the newer version takes.
        how: How people who differ are adjudicated.
    """

    human: Sequence[HumanLabel] = ()
    votes: Mapping[tuple[str, str], int] | None = None
    label_set: Mapping[str, int] | None = None
    seconds: Sequence[float] = ()
    calls: int | None = None
    how: Adjudication = MAJORITY


@dataclass(frozen=True)
class LabelDiff:
    """What becomes of a label, and what is stored under it.

    Attributes:
        change: What becomes of it.
        human: Human labels that stand.
        gold: Role -> items whose gold it is.
        waiting: Gold items that are no longer one label, or are suspect: people labelled none of them
            under the newer version.
        votes: LF votes that name it.
        labelled: Items that bear it in the newest label set under the older version.
        choices: What can be done where human labels no longer say what they said.
    """

    change: Change
    human: int
    gold: Mapping[str, int]
    waiting: int
    votes: int
    labelled: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class VoteDiff:
    """A vote, as it reads in both versions.

    Attributes:
        lf: The LF.
        vote: The vote as it is written.
        before: The labels that it leaves possible in the older version.
        after: The same in the newer one.
        kind: ``exact``, ``set`` or ``unknown`` there.
        home: The version in which it is read.
        suspect: Whether it stays out, because its label was redefined.
        votes: How often it was cast.
    """

    lf: str
    vote: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    kind: str
    home: str
    suspect: bool
    votes: int


@dataclass(frozen=True)
class SchemaDiff:
    """What going from one version to another does.

    Attributes:
        task: The task.
        older: The version that things are stored under.
        newer: The version that they are read in.
        deserved: The bump that the change deserves; nothing when going down.
        given: The bump that the numbers make.
        labels: What becomes of each label.
        votes: The votes that the steps carry over, because their labels are of another version.
        human: How the human labels of all versions read: exact, set, unknown, suspect.
        seconds: Median seconds that a label takes a person; ``None`` if nobody measured.
        stored: Whether there was a store to look into.
        down: Whether the newer one came from the older one the other way round.
    """

    task: str
    older: str
    newer: str
    deserved: str | None
    given: str | None
    labels: tuple[LabelDiff, ...]
    votes: tuple[VoteDiff, ...]
    human: Mapping[str, int]
    seconds: float | None
    stored: bool
    down: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            **{name: getattr(self, name) for name in ("task", "older", "newer", "deserved", "given", "stored", "down")},
            "labels": [
                {
                    **asdict(each.change),
                    "human": each.human,
                    "gold": dict(each.gold),
                    "waiting": each.waiting,
                    "votes": each.votes,
                    "labelled": each.labelled,
                    "choices": [choice.as_dict() for choice in each.choices],
                }
                for each in self.labels
            ],
            "votes": [asdict(each) for each in self.votes],
            "human": dict(self.human),
            "seconds": self.seconds,
        }


def diff(
    history: History, older: str, newer: str, lfs: Sequence[LabelingFunction], stored: Stored | None
) -> SchemaDiff:
    """Return what going from one version to another does to labels, votes and gold.

    Args:
        history: The versions of the task.
        older: The version that things are read from; it may be the newer one.
        newer: The version that they are read in.
        lfs: The labeling functions.
        stored: What the store holds; ``None`` where there is none.

    Raises:
        UnknownVersionError: The history lacks one of them.
    """
    start, end = history[older], history[newer]
    relation = history.relation(older, newer)
    up = any(each.version == older for each in end.lineage())
    known = stored or Stored()
    known_versions = {schema.version for schema in history}
    human = [label for label in known.human if label.schema_version in known_versions]
    here, there = Readings(history, older), Readings(history, newer)
    given = standing(human)
    people: Counter[str] = Counter()
    for label in given:
        reading = here(label)
        if reading.kind == "exact":
            people[reading.ids[0]] += 1
    gold: dict[str, Counter[str]] = {}
    waiting: Counter[str] = Counter()
    fitted_sets: Counter[str] = Counter()  # of the dev gold that says something
    says = 0
    for item in adjudicate(human, rank=there.rank, twins=history.twins, how=known.how).items:
        reading = here(item)
        says += item.role == "dev" and there(item).counts
        if reading.kind == "exact":
            gold.setdefault(reading.ids[0], Counter())[item.role] += 1
            waiting[reading.ids[0]] += not there.rank(item)
            fitted_sets[reading.ids[0]] += item.role == "dev" and there(item).counts and not there.rank(item)
    seconds = statistics.median(known.seconds) if known.seconds else None
    votes = _votes(history, older, newer, lfs, known.votes or {})
    cast: Counter[str] = Counter()
    for vote in votes:
        if len(vote.before) == 1:
            cast[vote.before[0]] += vote.votes
    shares = known.label_set or {}
    found = [
        LabelDiff(
            change,
            people[change.label],
            gold.get(change.label, {}),
            waiting[change.label],
            cast[change.label],
            shares.get(change.label, 0) if change.kind != "new" else 0,
            choices(
                waiting[change.label],
                kind=change.kind,
                suspect=bool(change.suspect),
                seconds=seconds,
                calls=known.calls,
                others=says - fitted_sets[change.label],
            )
            if change.needs_people
            else (),
        )
        for change in changes(relation, start, end)
    ]
    return SchemaDiff(
        history.task,
        older,
        newer,
        deserved_bump(relation, start, end) if up else None,
        given_bump(start, end) if up else None,
        tuple(found),
        tuple(vote for vote in votes if vote.home != newer or vote.suspect),
        counted(there(label) for label in given),
        seconds,
        stored is not None,
        not up and any(each.version == newer for each in start.lineage()),
    )


def _votes(
    history: History, older: str, newer: str, lfs: Sequence[LabelingFunction], cast: Mapping[tuple[str, str], int]
) -> list[VoteDiff]:
    """Return every vote that an LF declares or has cast, as it reads in both versions."""
    found = []
    for lf in lfs:
        for text in sorted({*map(str, lf.declared), *(text for name, text in cast if name == lf.name)}):
            vote = lf.declared_union(text)
            try:
                before, after = history.resolve(vote, older), history.resolve(vote, newer)
            except SchemaError:
                continue  # a vote of another branch
            old, new = (
                tuple(each for each in history[version].ids if each in read.ids)
                for version, read in ((older, before), (newer, after))
            )
            times = cast.get((lf.name, text), 0)
            found.append(VoteDiff(lf.name, text, old, new, after.kind, after.home, after.suspect, times))
    return found
