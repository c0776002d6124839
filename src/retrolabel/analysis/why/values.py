"""What is known of one label: values that jobs gather, and that a terminal, JSON and a page show."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

COUNTED, SUSPECT, SAYS_NOTHING = "counted", "suspect", "says nothing"
SAME, MOVED, EDITED, GONE, NOT_KNOWN = "same", "renamed", "changed", "gone", "not known"


@dataclass(frozen=True)
class Named:
    """A label set.

    Attributes:
        id: Its id.
        version: The schema version.
        names: What it is called: ``current``, ``latest``, tags.
        status: ``current``, ``was current``, or ``candidate``.
        made: When, UTC, as ISO writes it.
        items: How many items it holds.
    """

    id: str
    version: str
    names: tuple[str, ...]
    status: str
    made: str
    items: int


@dataclass(frozen=True)
class Labelled:
    """What a label set says of the item.

    Attributes:
        label: The label; ``None`` without one.
        probability: That of the label; without one, the largest there is.
        partial: The labels that votes, and gold that was fitted, leave; ``None`` where they say nothing.
        guessed: Whether votes for several labels alone speak of it.
        covered: Whether anything voted on it.
        probabilities: Label -> probability, the largest first.
    """

    label: str | None
    probability: float
    partial: tuple[str, ...] | None
    guessed: bool
    covered: bool
    probabilities: Mapping[str, float]


@dataclass(frozen=True)
class Elsewhere:
    """What another label set said of the item.

    Attributes:
        what: ``before``, or ``current``.
        id: Its id.
        version: Its schema version.
        said: What it says; ``None`` where it does not hold the item, or cannot be read.
        why_not: Why there is nothing.
        other_text: Whether the item had another content there.
    """

    what: str
    id: str
    version: str
    said: Labelled | None
    why_not: str = ""
    other_text: bool = False


@dataclass(frozen=True)
class Mark:
    """Words of the item that a labeling function found.

    Attributes:
        column: The column.
        start: Where they begin.
        end: Where they end.
        text: The words.
    """

    column: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class LfSource:
    """The source of a labeling function as it was when the label set was made.

    Attributes:
        text: Its source; ``None`` where it was not recorded.
        file: Where it was written, from the project.
        line: Its first line there.
        key: The hash of all that its votes depend on but the data.
        today: ``same`` (its key is what it was), ``renamed``, ``changed``, ``gone``, or ``not known``.
        now_called: Its name now, where it was renamed.
        now: Its source now, where that reads otherwise.
        changes: What of all that it depends on is not as it was.
    """

    text: str | None
    file: str | None
    line: int | None
    key: str
    today: str
    now_called: str | None = None
    now: str | None = None
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Voted:
    """A labeling function that voted.

    Attributes:
        lf: Its name then.
        description: What it says of itself.
        wrote: The vote as it was written; ``None`` where the stored votes do not say it.
        leaves: The labels that this leaves possible in the label set's version.
        state: ``counted``; ``suspect`` where a label that it names was redefined; ``says nothing`` where all labels
            stay possible. Votes of the last two kinds moved nothing.
        made_under: The version that the vote was read in, where that is another one.
        carried_by: The steps that led from there to the label set's version.
        nats: Label -> what it adds to the log-odds against the mean of all labels; ``None`` where the label model
            cannot be asked.
        without_it: Label -> its probability if this function had abstained.
        precision: How often such a vote is right, as the label model learned it.
        weight: How much the votes of this function count; below 1 where it repeats others.
        reads: The columns that it reads.
        marks: The words that it found.
        source: Its source.
    """

    lf: str
    description: str
    wrote: str | None
    leaves: tuple[str, ...]
    state: str
    made_under: str | None
    carried_by: tuple[str, ...]
    nats: Mapping[str, float] | None
    without_it: Mapping[str, float] | None
    precision: float | None
    weight: float | None
    reads: tuple[str, ...]
    marks: tuple[Mark, ...]
    source: LfSource


@dataclass(frozen=True)
class FaultOnIt:
    """A labeling function that failed on the item.

    Attributes:
        lf: Its name.
        error: What was raised; ``None`` where it was not among those that are kept.
    """

    lf: str
    error: str | None


@dataclass(frozen=True)
class Votes:
    """All that voted, and all that did not.

    Attributes:
        voted: Those that voted, the one that moved the label most first.
        abstained: How many abstained.
        lfs: How many labeling functions the label set has.
        faults: Those that failed on the item.
        sat_out: Name -> why, of those that took no part in the label set.
        prior: Label -> what all items begin with, in nats.
        silence: Label -> what it adds that the others abstained, in nats; ``None`` where that counts nothing.
        model: The label model.
        add_up: Whether the terms add up to the log-odds.
        notes: What is not known.
    """

    voted: tuple[Voted, ...]
    abstained: int
    lfs: int
    faults: tuple[FaultOnIt, ...]
    sat_out: Mapping[str, str]
    prior: Mapping[str, float] | None
    silence: Mapping[str, float] | None
    model: str
    add_up: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meaning:
    """What the label meant.

    Attributes:
        version: The schema version.
        label: The label, or the likeliest one where there is none.
        definition: When it holds; ``None`` where the project does not say it.
        include: Cases that belong to it.
        exclude: Cases that do not.
        as_then: Whether its meaning is the one that the label set was made with; ``None`` where nobody knows.
        file: The file of the version.
        steps: The steps from the version before to this one, as people say them.
        revises: The versions before.
        why_not: Why the project does not say it.
    """

    version: str
    label: str
    definition: str | None
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    as_then: bool | None
    file: str | None
    steps: tuple[str, ...]
    revises: tuple[str, ...]
    why_not: str = ""


@dataclass(frozen=True)
class Draw:
    """The draw that an item came to people by.

    Attributes:
        number: Its number.
        design: What it is taken for.
        inclusion: The probability with which the item was drawn; ``None`` where nobody knows it.
        items: How many were drawn.
        population: Of how many.
        purpose: What for.
        at: When.
    """

    number: int
    design: str | None
    inclusion: float | None
    items: int | None
    population: int | None
    purpose: str | None
    at: str | None


@dataclass(frozen=True)
class PersonSaid:
    """What one person said of the item.

    Attributes:
        annotator: Who.
        label: What they said, as it is called in ``version``.
        version: The version that they labelled under.
        reads_as: What that leaves in the label set's version; ``None`` where nobody knows.
        carried_by: The steps that lead there.
        at: When they said it, where that is known.
        imported: When it came into the store.
        role: The role of the item.
        state: ``stands``, ``superseded`` or ``taken back``.
        suspect: Why it stays out of fit and figures; nothing where it does not.
        after: Whether it came after the label set was begun.
        rationale: Why, in their words.
        seconds: How long they took.
        draw: The draw that the item came by.
    """

    annotator: str
    label: str
    version: str
    reads_as: tuple[str, ...] | None
    carried_by: tuple[str, ...]
    at: str | None
    imported: str | None
    role: str
    state: str
    suspect: str
    after: bool
    rationale: str | None
    seconds: float | None
    draw: Draw | None


@dataclass(frozen=True)
class People:
    """What people said of the item.

    Attributes:
        in_test_set: Whether it is in the test set: then nothing else is told, here as elsewhere.
        near_test: Whether it is a near copy of a test item, so that it stays out of dev gold.
        said: What they said, oldest first.
        label: The gold label; ``None`` without one.
        label_version: The version that it was made under.
        decided: How it came about: ``unanimous``, ``majority`` and so on; ``tie``.
        differing: Who said something else.
        leaves: What the gold label leaves in the label set's version.
        fitted: What gold left of it when the label model was fitted with it; ``None`` where it was not.
        unseen_label: The label by models that had not seen its gold, where it was fitted.
        was_fitted: Whether it was fitted; ``None`` where an older label set does not say it.
    """

    in_test_set: bool = False
    near_test: bool = False
    said: tuple[PersonSaid, ...] = ()
    label: str | None = None
    label_version: str | None = None
    decided: str | None = None
    differing: tuple[str, ...] = ()
    leaves: tuple[str, ...] | None = None
    fitted: tuple[str, ...] | None = None
    unseen_label: str | None = None
    was_fitted: bool | None = False


@dataclass(frozen=True)
class FromFile:
    """The file that the item was ingested from.

    Attributes:
        name: Its name.
        sha256: The hash of its bytes.
        counts: ``line`` or ``row``.
        line: The line, or the row of a Parquet file, from 1; ``None`` where it was not kept.
        at: When it was ingested.
        who: Who did it; ``None`` where that was not kept.
        rows: How many rows it had.
        quarantined: How many of them were put aside.
    """

    name: str
    sha256: str
    counts: str
    line: int | None
    at: str
    who: str | None
    rows: int
    quarantined: int


@dataclass(frozen=True)
class Origin:
    """Where the item comes from.

    Attributes:
        source: Its source.
        item_id: The item.
        segment: The segment that holds the revision which was labelled.
        sha256: The hash of the segment's bytes.
        row: The row in it, from 0.
        revision: The hash of its content.
        live: Whether that is the item's content still.
        live_revision: The hash of its content now.
        older: (segment, row) of revisions that were superseded, but for this one; ``None`` where nobody looked.
        file: The file that it came from; ``None`` where that was not kept.
        perhaps: The files of the source, where it came from one of them and nobody knows which.
        values: Column -> what it says, as texts; empty where the segment is gone.
        why_not: Why values are missing.
    """

    source: str
    item_id: str
    segment: str
    sha256: str
    row: int
    revision: str | None
    live: bool
    live_revision: str | None
    older: tuple[tuple[str, int], ...] | None
    file: FromFile | None
    perhaps: tuple[str, ...]
    values: Mapping[str, str]
    why_not: str = ""


@dataclass(frozen=True)
class DecidedOn:
    """A decision on the label set.

    Attributes:
        kind: ``promoted``, ``held`` and so on.
        at: When.
        who: Who.
        why: Why.
        gates: Name -> state of each gate then.
    """

    kind: str
    at: str
    who: str
    why: str
    gates: Mapping[str, str]


@dataclass(frozen=True)
class MadeBy:
    """The run that made the label set.

    Attributes:
        started: When it began.
        made: When the label set became real.
        who: Who ran it; ``None`` where that was not kept.
        commit: The project's git commit; ``None`` without one.
        dirty: Whether files had changes that were not committed.
        retrolabel: The version of retrolabel.
        python: The version of Python.
        packages: Package -> version.
        platform: The machine.
        label_model: Its settings.
        decisions: What was decided of the label set, oldest first.
    """

    started: str | None
    made: str
    who: str | None
    commit: str | None
    dirty: bool
    retrolabel: str | None
    python: str | None
    packages: Mapping[str, str]
    platform: str | None
    label_model: Mapping[str, Any]
    decisions: tuple[DecidedOn, ...]


@dataclass(frozen=True)
class WhyData:
    """Where one label comes from.

    Attributes:
        task: The task.
        label_set: The label set that was read.
        asked: What it was asked for as: ``latest``, a tag, an id.
        labelled: What it says of the item.
        elsewhere: What the label set before it says, and the one that is current.
        votes: Which labeling functions voted.
        meaning: What the label means.
        people: What people said.
        origin: Where the item comes from.
        run: What made the label set.
        notes: What could not be read.
    """

    task: str
    label_set: Named
    asked: str
    labelled: Labelled
    elsewhere: tuple[Elsewhere, ...]
    votes: Votes
    meaning: Meaning
    people: People
    origin: Origin
    run: MadeBy
    notes: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """The item as it is printed: ``source/id``."""
        return f"{self.origin.source}/{self.origin.item_id}"

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data: what ``--json`` prints."""
        found = asdict(self)
        found["item"] = {"source": self.origin.source, "item_id": self.origin.item_id}
        if self.people.in_test_set:
            found["people"] = {"in_test_set": True}
        first = ("task", "item", "label_set", "asked")
        return {**{name: found.pop(name) for name in first}, **found}
