"""What a template asks for of the part on gold: titles that say what to see, frames, charts."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from retrolabel.analysis.report import charts, gold_charts, gold_frames, series_charts
from retrolabel.analysis.report.disagreement_values import Disagreement
from retrolabel.analysis.report.gold_values import People, Possible, Unsaid, Whole
from retrolabel.analysis.report.telling import as_percent, number, percent
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.analysis.report.charts import Drawing
    from retrolabel.analysis.report.disagreement_values import OverTime
    from retrolabel.analysis.report.gold_values import AboutGold
    from retrolabel.gold.coefficient import Coefficient


CAUSES = {"spec": "the spec", "data": "the data", "person": "one person", "taste": "taste"}
"""How a report calls causes of disagreement."""


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

    @property
    def over_time(self) -> OverTime | None:
        """How far people agree, period by period; ``None`` where there are no two periods."""
        return self.about.over_time

    @cached_property
    def series(self) -> Drawing | None:
        """The picture of it."""
        found = self.about.over_time
        if found is None:
            return None
        alpha = found.figures[found.figures["of"] == "alpha"].dropna(subset=["value"])
        told = "; ".join(f"{row.period}: {row.value:.2f}" for row in alpha.itertuples())
        build = series_charts.series(found.figures, found.points, found.breaks, rows=found.rows)
        return charts.drawn(build, "series", found.title, f"Alpha. {told}")

    @cached_property
    def periods(self) -> list[dict[str, str]]:
        """The periods as a table: the figures that are drawn, and the points of the chart."""
        found = self.about.over_time
        return _periods(found) if found is not None else []

    @property
    def reasons(self) -> Disagreement | None:
        """Why people disagree; ``None`` where that is not said."""
        return self.about.reasons if isinstance(self.about.reasons, Disagreement) else None

    @property
    def without_reasons(self) -> str:
        """Why it is not said why people disagree; empty where nobody asks."""
        return why(self.about.reasons) if isinstance(self.about.reasons, Unsaid) else ""

    @cached_property
    def causes(self) -> list[tuple[str, str, str, str]]:
        """A row for each kind of cause: what it is called, its share, the interval, in short."""
        found = self.reasons
        if found is None:
            return []
        rows = [
            (CAUSES[each.kind], _whole(each.share), f"{_whole(each.low)[:-2]} to {_whole(each.high)}", each.about)
            for each in found.reasons
        ]
        there, withheld = {each.kind for each in found.reasons}, dict(found.withheld)
        for kind, name in CAUSES.items():
            if kind not in there:
                short = f"not told: {withheld[kind]}" if kind in withheld else "does not stand out"
                rows.append((name, "-", "-", short))
        return [*rows, ("chance, or not told apart", _whole(found.rest), "", "")]

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


def _whole(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"


def _periods(found: OverTime) -> list[dict[str, str]]:
    points = {(row["version"], row["period"]): row for row in found.points.to_dict("records")}
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for each in found.figures.to_dict("records"):
        key = each["version"], each["period"]
        if key not in rows:
            point = points.get(key, {"z": float("nan"), "signal": ""})
            held = not pd.isna(point["z"])
            rows[key] = {"version": key[0], "period": key[1], "items": number(each["n"]), "alpha": "-", "pair": "-"}
            rows[key] |= {"z": f"{point['z']:.1f}" if held else "", "sum": f"{point['down']:.1f}" if held else ""}
            rows[key]["signal"] = point["signal"]
        rows[key][each["of"]] = _interval(each["value"], each["low"], each["high"])
    return list(rows.values())


def _interval(value: float | None, low: float | None, high: float | None) -> str:
    if pd.isna(value):
        return "-"
    return "withheld" if pd.isna(low) or pd.isna(high) else f"{value:.2f} [{low:.2f}, {high:.2f}]"


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
