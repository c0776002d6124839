"""What a report says of people who disagree, as plain values: over time, and why. Nobody is named in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class OverTime:
    """How far people agree, period by period.

    Attributes:
        title: What there is to see.
        of: Whose answers on which items it is.
        figures: A row for each figure that is drawn and period: ``version``, ``period``, ``since``, ``of``, ``name``,
            ``value``, ``low``, ``high``, ``n``, ``why``.
        points: The points of the control chart: ``version``, ``period``, ``since``, ``z``, ``down``, ``up``, ``h``,
            ``limit``, ``signal``.
        breaks: When a change of meaning came, and from which version to which.
        rows: ``of`` and ``name`` of the figures that are drawn, and the title of each.
        alarm: What the alarm that stands says; empty where none does.
        talk: The items to talk about, (source, item id).
    """

    title: str
    of: str
    figures: pd.DataFrame
    points: pd.DataFrame
    breaks: tuple[tuple[Any, str], ...]
    rows: tuple[tuple[str, str, str], ...]
    alarm: str = ""
    talk: tuple[tuple[str, str], ...] = ()

    def without_items(self) -> OverTime:
        """Return the same without any item."""
        return replace(self, talk=())


@dataclass(frozen=True)
class Discussed:
    """An item on which people differ.

    Attributes:
        source: The source of the item.
        item_id: The item.
        excerpt: A part of its text; empty where it has none.
        said: Label -> how many answers say so.
    """

    source: str
    item_id: str
    excerpt: str
    said: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Reason:
    """A cause of disagreement that stands out.

    Attributes:
        kind: ``spec``, ``data``, ``person`` or ``taste``.
        share: Its share of the disagreement;
        low: the lower end of the 95 % interval,
        high: and the upper one.
        labels: The two labels that it is about; empty where it is no pair.
        about: What it is about, in a few words.
        finding: What it is, in a sentence.
        question: What the guideline should answer.
        note: What else is to be known.
        items: How many items there are to talk about.
        shown: The first of them.
    """

    kind: str
    share: float
    low: float
    high: float
    labels: tuple[str, ...]
    about: str
    finding: str
    question: str = ""
    note: str = ""
    items: int = 0
    shown: tuple[Discussed, ...] = ()

    def without_items(self) -> Reason:
        """Return the same without any item, and without words that are of the items."""
        pair = " / ".join(self.labels)
        return replace(self, about=pair, finding="", question="", shown=())


@dataclass(frozen=True)
class Disagreement:
    """Why people disagree.

    Attributes:
        version: The version that answers are read in.
        finding: What is found, in a sentence.
        people: How many people answered.
        items: The items that two or more of them answered.
        split: Those on which they differ.
        again: How many answers were given again.
        reasons: The causes that stand out, the largest share first.
        rest: The share that is chance, or cannot be told apart.
        withheld: Kind of cause -> why nothing is said of it.
        notes: What else is to be known of the answers.
    """

    version: str
    finding: str
    people: int
    items: int
    split: int
    again: int
    reasons: tuple[Reason, ...]
    rest: float
    withheld: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    def without_items(self) -> Disagreement:
        """Return the same without any item, and without words that are of the items."""
        finding = "" if self.reasons else self.finding
        return replace(self, finding=finding, reasons=tuple(each.without_items() for each in self.reasons))

    def as_dict(self) -> dict[str, Any]:
        """Return the causes and their shares as plain data."""
        reasons = [
            {"kind": each.kind, "share": each.share, "low": each.low, "high": each.high, "labels": list(each.labels)}
            for each in self.reasons
        ]
        return {"finding": self.finding, "causes": reasons, "rest": self.rest, "withheld": dict(self.withheld)}
