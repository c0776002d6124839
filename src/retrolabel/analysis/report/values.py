"""What a report says, as plain values: gathered by a job, drawn by :mod:`retrolabel.analysis.report.page`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from retrolabel.analysis.report.gold_values import AboutGold
    from retrolabel.gold.agreement import Agreement, Membership
    from retrolabel.gold.pairing import Pairing

NO_LABEL = "(no label)"
"""How an item without a label stands in tables: nothing voted on it, it is guessed, or its labels are tied."""


@dataclass(frozen=True)
class Made:
    """A label set, as its manifest tells of it.

    Attributes:
        id: Its id.
        version: The schema version.
        created_at: When it was made, as text, UTC.
        items: The number of items.
        covered: On how many at least one labeling function voted.
        labelled: How many got a label.
        label_model: The name of the label model.
        shares: Label -> number of items, in the schema's order.
        sources: Source -> number of segments.
        guessed: Items of which votes for several labels alone speak.
        guesses_are_labels: Whether they have the likeliest label all the same.
    """

    id: str
    version: str
    created_at: str
    items: int
    covered: int
    labelled: int
    label_model: str
    shares: Mapping[str, int]
    sources: Mapping[str, int]
    guessed: int = 0
    guesses_are_labels: bool = False

    @property
    def without_a_guess(self) -> int:
        """How many items have no label because they are guessed."""
        return 0 if self.guesses_are_labels else self.guessed

    @property
    def tied(self) -> int:
        """How many covered items have no label for another reason: a tie, or too little probability."""
        return self.covered - self.labelled - self.without_a_guess


@dataclass(frozen=True)
class LabelLine:
    """A label as people read it: what a version says of it, and how many items got it."""

    id: str
    title: str = ""
    definition: str = ""
    owner: str = ""
    items: int = 0


@dataclass(frozen=True)
class Bump:
    """Where a new schema version came in.

    Attributes:
        day: The day of the newest item that was labelled under the older version.
        before: The older version.
        after: The newer one.
    """

    day: str
    before: str
    after: str


@dataclass(frozen=True, eq=False)
class Days:
    """How many items got which label on which day, of one label set.

    Attributes:
        days: datetime64[D] [n]: the day the items are from.
        places: int [n]: the label, as a place in ``labels``; -1 is no label.
        counts: int [n]: how many items.
        labels: The label ids.
        timeless: Items that are on no day.
        outside: Those of them that do have a time, of a year that charts do not reach.
    """

    days: npt.NDArray[np.datetime64]
    places: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    labels: tuple[str, ...]
    timeless: int = 0
    outside: int = 0


@dataclass(frozen=True)
class Example:
    """One item, as it is shown.

    Attributes:
        source: Its source.
        item_id: The item.
        label: Its label now; ``None`` without one.
        before: Its label in the label set before, where that is what it stands for.
        gold: The labels that people leave possible, where it has gold.
        likeliest: The two likeliest labels with their probabilities.
        votes: (labeling function, vote) of those that voted.
        texts: (column, text) of what labeling functions read.
        alike: How many items have the same votes.
        marks: Column -> (start, end) of the words in its text that made a labeling function vote.
    """

    source: str
    item_id: str
    label: str | None
    likeliest: tuple[tuple[str, float], ...] = ()
    votes: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    before: str | None = None
    gold: tuple[str, ...] = ()
    alike: int = 1
    marks: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """A label set against dev gold.

    Attributes:
        name: Which label set, for people.
        agreement: The figures.
        membership: How often the label is one that gold leaves possible.
        notes: What stays out, and why.
    """

    name: str
    agreement: Agreement
    membership: Membership
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Judged:
    """The covered gold items whose gold is one label, and what became of all gold items.

    Attributes:
        probabilities: float [G, k]; of items that the label model was fitted with, by a model that had not seen them.
        truth: int [G]: the place of the gold label.
        predicted: int [G]: the place of the likeliest label, whether the item got it or not; -1 of a tie.
        unseen: Whether all of it was said by models that had not seen the items.
        left: The places of the labels that gold leaves, of every gold item: set-valued, guessed, uncovered ones too.
        given: The place of the label of each; -1 without one.
    """

    probabilities: npt.NDArray[np.float64]
    truth: npt.NDArray[np.int64]
    predicted: npt.NDArray[np.int64]
    unseen: bool = True
    left: tuple[frozenset[int], ...] = ()
    given: tuple[int, ...] = ()


@dataclass(frozen=True)
class Flip:
    """Items that went from one label to another.

    Attributes:
        before: The label before.
        after: The label now.
        items: How many.
        kind: ``kept``, ``step`` (a step of the schema leads there), ``against`` (none does), ``changed`` (there is no
            step between), ``gained`` (it had no label), ``lost`` (it has none any more).
        examples: Some of them.
    """

    before: str
    after: str
    items: int
    kind: str
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class FaultGroup:
    """Faults of one labeling function with one message."""

    lf: str
    error: str
    items: int
    first: str
    trace: str = ""


@dataclass(frozen=True)
class Standing:
    """Whether consumers read a label set, and the conditions on it.

    Attributes:
        status: ``current``, or ``candidate``.
        current: The id of the label set that consumers read; ``None`` where that is nothing.
        decided: What was decided of it last, in words; nothing where nothing was.
        gates: Name, state (``passed``, ``failed``, ``open``) and what was found, for each gate.
    """

    status: str
    current: str | None
    decided: str
    gates: tuple[tuple[str, str, str], ...]

    @property
    def failed(self) -> tuple[tuple[str, str, str], ...]:
        """The gates that failed."""
        return tuple(gate for gate in self.gates if gate[1] == "failed")


@dataclass(frozen=True, eq=False)
class ReportData:
    """All that a report says.

    Attributes:
        task: The task.
        made: The label set.
        against: The label set before; ``None`` where there is none.
        labels: The labels of the version.
        reason: Why the version was made, as its author says.
        lfs: A row a labeling function: ``votes``, ``coverage``, ``overlaps``, ``conflicts``, ``faults``, ``file``.
        precisions: A row for each labeling function and vote: ``learned``, ``low``, ``high``, ``votes``, ``weight``,
            ``judged``, ``right``.
        days: Labels by day; the label set, then the one before.
        bumps: Where new versions came in, oldest first.
        scores: Against dev gold: the label set, then the one before.
        judged: The gold items behind the figures.
        gold_items: How many items have dev gold that says anything here.
        flips: From the label before to the label now, most items first.
        new_items: Items that the label set before did not hold.
        gone_items: Items that it held, and this one does not.
        closest: Items of which the two likeliest labels are closest.
        disagreements: Items whose label is not what people say, the surest first.
        disagreeing: How many of those there are.
        faults: Faults of labeling functions.
        fault_count: How many faults there were; only some are kept.
        recorded: What was recorded of the environment.
        hashes: Name -> hash, id or count that tells what made it.
        commands: What makes it again, in order.
        about_gold: What gold says of all items, of the people, and of possible labels.
        notes: What the reader should know.
        standing: Whether consumers read it; ``None`` where that cannot be told, since the project is not there.
        skipped: Labeling functions that sat out, and why.
        shows_items: Whether it has items in it; a page that leaves the store has none.
        change: This label set against the one before, on the same dev gold; ``None`` where they cannot be compared.
        titles: Label -> how it is called, of both label sets; a label that is not there is called by its id.
        heirs: A label of the one before that is gone -> the labels that steps made of it.
    """

    task: str
    made: Made
    against: Made | None
    labels: tuple[LabelLine, ...]
    reason: str
    lfs: pd.DataFrame
    precisions: pd.DataFrame
    days: tuple[Days, ...]
    bumps: tuple[Bump, ...]
    scores: tuple[Score, ...]
    judged: Judged
    gold_items: int
    flips: tuple[Flip, ...]
    new_items: int
    gone_items: int
    closest: tuple[Example, ...]
    disagreements: tuple[Example, ...]
    disagreeing: int
    faults: tuple[FaultGroup, ...]
    fault_count: int
    recorded: Mapping[str, Any]
    hashes: tuple[tuple[str, str], ...]
    commands: tuple[str, ...]
    about_gold: AboutGold
    notes: tuple[str, ...] = field(default=())
    standing: Standing | None = None
    skipped: tuple[tuple[str, str], ...] = ()
    shows_items: bool = True
    change: Pairing | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    heirs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
