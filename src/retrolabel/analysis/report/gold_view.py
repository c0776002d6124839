"""What a template asks for of the part on gold: titles that say what to see, frames, charts."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from retrolabel.analysis.report import charts, gold_charts, gold_frames
from retrolabel.analysis.report.gold_values import People, Possible, Unsaid, Whole
from retrolabel.analysis.report.telling import as_percent, number, percent
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.analysis.report.charts import Drawing
    from retrolabel.analysis.report.gold_values import AboutGold
    from retrolabel.gold.coefficient import Coefficient


class GoldView:
    """What a template asks for of gold.

    Args:
        about: What gold says.
        name: How a label is called.
    """

    def __init__(self, about: AboutGold, name: Callable[[str], str] = str) -> None:
        self.about = about
        self._name = name
        self.whole = about.whole if isinstance(about.whole, Whole) else None
        self.people = about.people if isinstance(about.people, People) else None
        self.possible = about.possible if isinstance(about.possible, Possible) else None

    @property
    def unsaid(self) -> dict[str, str]:
        """Name of a part -> why gold says nothing there, and what helps; each reason once."""
        parts = {"whole": self.about.whole, "people": self.about.people, "possible": self.about.possible}
        told: dict[str, str] = {}
        for name, part in parts.items():
            if isinstance(part, Unsaid):
                told[name] = why(part)
        return {
            name: "Gold does not say it, for the same reason."
            if name != "whole" and text == told.get("whole")
            else text
            for name, text in told.items()
        }

    # All items -------------------------------------------------------------------------------

    @cached_property
    def verdict(self) -> str:
        """How many labels are right, of all items and of those with a label; or why that is not known."""
        if self.whole is None:
            return f"How many labels of all items are right is not known. {self.unsaid['whole']}"
        with_label, of_all = self.whole.sentences
        first = f"By {self.whole.role} gold of a known design, {of_all}; an item without a label is not right."
        return f"{first} {with_label[:1].upper()}{with_label[1:]}."

    @cached_property
    def frequencies(self) -> pd.DataFrame:
        """How frequent labels are, a row each."""
        found = gold_frames.frequencies(self.whole.frequencies if self.whole else ())
        return found.assign(label=[self._name(label) for label in found["label"]])

    @property
    def frequencies_title(self) -> str:
        """What to see in the picture of how frequent labels are."""
        furthest = self.whole.furthest if self.whole else None
        if furthest is None:
            return "How frequent labels are: gold does not show that the label set gives one too often or too seldom"
        word = "more" if furthest.off > 0 else "less"
        return (
            f"The label set gives {self._name(furthest.label)} {word} often than it occurs:"
            f" {percent(furthest.given or 0.0)} of its labels, {as_percent(furthest.found)} of the items"
        )

    @property
    def undrawn(self) -> int:
        """How many labels the picture leaves out."""
        return max(0, len(self.frequencies) - gold_charts.MOST_ROWS)

    @cached_property
    def frequency(self) -> Drawing | None:
        """The picture of how frequent labels are; ``None`` where there are none."""
        if not len(self.frequencies):
            return None
        told = (
            f"{row.label}: {row.value:.1%} of the items"
            for row in self.frequencies.dropna(subset=["value"]).itertuples()
        )
        return charts.drawn(
            gold_charts.frequencies(self.frequencies), "frequency", self.frequencies_title, "; ".join(told)
        )

    # People ----------------------------------------------------------------------------------

    @cached_property
    def agreements(self) -> pd.DataFrame:
        """How far people agree, a row for each label and each pair of labels."""
        if self.people is None:
            return pd.DataFrame()
        found = gold_frames.agreements(self.people.labels, self.people.pairs)
        return found.assign(name=[" / ".join(map(self._name, each.split(" / "))) for each in found["name"]])

    @property
    def agreement_title(self) -> str:
        """What to see in the picture of agreement: the two labels that people confuse most."""
        if self.people is None or not self.people.pairs:
            return "People never gave an item different labels"
        worst, on = self.people.most_confused, counted(self.people.pairs[0].differ, "item")
        first, *others = [" and ".join(self._name(str(label)) for label in pair.labels) for pair in worst]
        if len(others) > 1:
            return f"{len(worst)} pairs of labels are confused most, each on {on}: {first}, and others"
        also = f", and {others[0]} as often" if others else ""
        return f"People confuse {first} most: on {on} of {number(self.people.compared)}{also}"

    @cached_property
    def agreement(self) -> Drawing:
        """The picture of agreement."""
        told = (f"{name}: {alpha:.3f}" for name, alpha in self.agreements.set_index("name")["alpha"].dropna().items())
        return charts.drawn(
            gold_charts.agreement(self.agreements), "people", self.agreement_title, f"Alpha. {'; '.join(told)}"
        )

    # Possible labels ---------------------------------------------------------------------------

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """How many items have one possible label, two, and so on."""
        return gold_frames.sizes(self.possible.sizes if self.possible else ())

    @property
    def sizes_title(self) -> str:
        """What to see in the picture of possible labels."""
        if self.possible is None:
            return ""
        one, many = sum(self.possible.sizes[:1]), sum(self.possible.sizes[2:])
        others = f", {percent(many, self.possible.counted)} three or more" if many else ""
        return f"{percent(one, self.possible.counted)} of the items have one possible label{others}"

    @property
    def possible_notes(self) -> list[str]:
        """What to know of possible labels that is not said of all items already."""
        told = self.whole.notes if self.whole else ()
        return [note for note in (self.possible.notes if self.possible else ()) if note not in told]

    @cached_property
    def size(self) -> Drawing:
        """The picture of possible labels."""
        told = (f"{labels}: {items:,} items" for labels, items in self.sizes.set_index("labels")["items"].items())
        return charts.drawn(gold_charts.sizes(self.sizes), "sizes", self.sizes_title, "; ".join(told))


def why(part: Unsaid) -> str:
    """Return why gold does not say something, and what would help, on one line.

    Example:
        >>> why(Unsaid("There is no gold.", "take some in"))
        'There is no gold. What helps: take some in.'
    """
    told = part.why.rstrip(".") + "."
    return f"{told} What helps: {part.remedy.rstrip('.')}." if part.remedy else told


def coefficient(found: Coefficient) -> str:
    """Return a figure of agreement with its interval, or that it is withheld or undefined.

    Example:
        >>> from retrolabel.gold.coefficient import Coefficient
        >>> coefficient(Coefficient(0.8, 0.7, 0.9, 100)), coefficient(Coefficient(0.8, None, None, 9, "too few"))
        ('0.800 [0.700, 0.900]', 'withheld')
    """
    if found.value is None:
        return "undefined"
    if found.why:
        return "withheld"
    told = f"{found.value:.3f}"
    return told if found.low is None or found.high is None else f"{told} [{found.low:.3f}, {found.high:.3f}]"
