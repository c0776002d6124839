"""What became of agreement with a version: the figures, as a value."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrolabel.gold.paired_agreement import PairedChange
    from retrolabel.jobs.gold.effects.pairs import Pair


@dataclass(frozen=True, slots=True)
class Compared:
    """Which items are compared, and which are not.

    Attributes:
        items: Items that two people answered on both sides, on the same text.
        roles: The roles that they are of.
        people: Who answered them.
        same_people: Whether only answers are compared that the same person gave on both sides.
        other_people: Answers left out for that.
        days: The median of the days between two answers of one person to an item; ``None`` without times.
        soon: Answers within 14 days of the same person's answer to the same item.
        answers: Answers after that are compared.
        only_before: Items that two people answered before alone.
        only_after: Items that two people answered after alone.
        one_person: Items asked on both sides, of which one person at most answered on a side.
        revised: Items whose text was revised in between.
        chosen: Items left out that a draw went after because of what people had said of them.
        several: Answers left out that leave several labels, or none.
    """

    items: int
    roles: tuple[str, ...]
    people: tuple[str, ...]
    same_people: bool
    other_people: int
    days: float | None
    soon: int
    answers: int
    only_before: int
    only_after: int
    one_person: int
    revised: int
    chosen: int
    several: int


@dataclass(frozen=True, slots=True)
class Selected:
    """Whether the items that were asked again are those on which people differed.

    Attributes:
        again: How often two people differed before on the items that were asked again.
        others: How often on the other items of the same roles.
        items: How many others there are.
        low: Lower end of the 95 % interval of the difference.
        high: Its upper end.
    """

    again: float
    others: float
    items: int
    low: float
    high: float

    @property
    def inflates(self) -> bool:
        """Whether they are, beyond chance: then people differ less the second time in any case."""
        return self.low > 0


@dataclass(frozen=True, slots=True)
class Moved:
    """Items whose commonest answer is another one than before.

    Attributes:
        before: The common label that most said before.
        after: The one that most say now.
        items: Which: source and item id.
    """

    before: str
    after: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PersonTime:
    """What it took people to answer again.

    Attributes:
        answers: Their answers.
        timed: Those of which it is known how long they took.
        seconds: How long these took together.
        median_before: The median seconds of an answer before; ``None`` where nobody knows.
        median_after: The same after.
    """

    answers: int
    timed: int
    seconds: float
    median_before: float | None
    median_after: float | None


@dataclass(frozen=True, kw_only=True, repr=False)
class EffectOfVersion:
    """What became of agreement with a version, on the same items.

    Attributes:
        task: The task.
        version: The version.
        before: The version that it is compared with.
        changed: The common labels whose meaning changed; none where the version changes no meaning.
        pair: The two labels that people were to tell apart better; ``None`` where there is no such pair.
        apart: By how much they tell them apart better; ``None`` where it cannot be compared.
        overall: Agreement on all labels.
        level: ``nominal``, or ``ordinal`` where both versions have the same order.
        labels: Each common label against the rest.
        pairs: The other pairs that people mix up, most items first.
        compared: Which items are compared.
        selected: Whether those items were asked again since people differed; ``None`` where nobody can tell.
        moved: Items whose commonest answer changed, most first.
        unused: Labels of the version that nobody gave.
        answered: Answers under the version, on all items.
        time: What it took people.
    """

    task: str
    version: str
    before: str
    changed: tuple[str, ...]
    pair: Pair | None
    apart: PairedChange | None
    overall: PairedChange
    level: str
    labels: tuple[tuple[str, PairedChange], ...]
    pairs: tuple[tuple[tuple[str, str], PairedChange], ...]
    compared: Compared
    selected: Selected | None
    moved: tuple[Moved, ...]
    unused: tuple[str, ...]
    answered: int
    time: PersonTime

    @property
    def verdict(self) -> str:
        """What is to be said of the pair.

        ``better``, ``worse``, ``open`` (the interval holds 0), ``withheld``; ``none`` where nothing can be compared.
        """
        if self.apart is None:
            return "none"
        if self.apart.why:
            return "withheld"
        return "better" if self.apart.more else "worse" if self.apart.less else "open"

    @property
    def worse(self) -> tuple[str, ...]:
        """The labels and pairs elsewhere on which people agree less, beyond chance."""
        pairs = [" / ".join(labels) for labels, change in self.pairs if change.less]
        return (*(label for label, change in self.labels if change.less), *pairs)

    def as_dict(self) -> dict[str, Any]:
        """Return what people should see as plain data; a change is null where it is withheld."""
        told: dict[str, Any] = {name: getattr(self, name) for name in ("task", "version", "before", "verdict", "level")}
        told["changed"] = list(self.changed)
        told["pair"] = None
        if self.pair is not None:
            told["pair"] = {
                "labels": list(self.pair.labels),
                "chosen_by": self.pair.by,
                "why_not": self.pair.why_not,
                "alpha": self.apart.as_dict() if self.apart else None,
            }
        told["overall"] = self.overall.as_dict()
        told["labels"] = [{"label": label, **change.as_dict()} for label, change in self.labels]
        told["pairs"] = [{"labels": list(labels), **change.as_dict()} for labels, change in self.pairs]
        told["compared"] = {**asdict(self.compared), "people": list(self.compared.people)}
        told["selected"] = {**asdict(self.selected), "inflates": self.selected.inflates} if self.selected else None
        told["moved"] = [asdict(each) for each in self.moved]
        told["unused"], told["answered"], told["time"] = list(self.unused), self.answered, asdict(self.time)
        return told

    def __repr__(self) -> str:
        """Return the pair and by how much people tell it apart better."""
        what = " / ".join(self.pair.labels) if self.pair else "no pair"
        return f"<{self.task} {self.before} -> {self.version}: {what}, {self.apart or self.verdict}>"
