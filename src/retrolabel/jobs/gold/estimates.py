"""What a label set is worth on all items, as values: figures with intervals, sentences, tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.errors import GoldError, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from retrolabel.gold.powered import Mean, Powered
    from retrolabel.jobs.records.label_sets import LabelSet


@dataclass(frozen=True)
class Figures:
    """What labels are worth on some items.

    Attributes:
        items: How many items they are.
        labelled: How many of them have a label.
        accuracy: The share of the items with a label of which it is right.
        accuracy_of_all: The share of all of them whose label is right; no label counts as wrong.
        prevalence: Label -> the share of all of them that it is the truth of. Where more than a tenth of the gold items
            leave a figure open, it has an interval and no value.
        open: Name of a figure, or label -> how many gold items leave it open; its interval holds, whatever they are.
    """

    items: int
    labelled: int
    accuracy: Powered
    accuracy_of_all: Powered
    prevalence: Mapping[str, Powered]
    open: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        return {
            "accuracy": _told(self.accuracy, self.open["accuracy"]),
            "accuracy_of_all": _told(self.accuracy_of_all, self.open["accuracy_of_all"]),
            "prevalence": {label: _told(found, self.open[label]) for label, found in self.prevalence.items()},
        }

    @property
    def sentences(self) -> tuple[str, str]:
        """Return the accuracy of the items with a label, and of all, a sentence each."""
        return (
            f"of the {counted(self.labelled, 'item')} with a label {sentence(self.accuracy)}",
            f"of all {counted(self.items, 'item')} {sentence(self.accuracy_of_all)}",
        )


def sentence(found: Powered) -> str:
    """Return how many are right, and what the figure rests on.

    Example:
        >>> import numpy as np
        >>> from retrolabel.gold.estimation import estimate_mean
        >>> gold = [1, 0, 1, 1, 1] * 10 + [np.nan] * 950
        >>> sentence(estimate_mean(gold, np.tile([0.9, 0.2, 0.7, 0.8, 0.9], 200)))
        ".80 [.75, .84] are right (50 gold items; without the label model's help .80 [.67, .89])"
    """
    if not found.n:
        return "nothing is known (0 gold items)"
    if found.value is None and found.low is not None and found.high is not None:
        between = f"between {_short(found.low)} and {_short(found.high)} are right"
        return f"{between} ({counted(found.n, 'gold item')}; too many of them leave several labels to say more)"
    alone = f"without the label model's help {brief(found.classical)}"
    return f"{brief(found)} are right ({counted(found.n, 'gold item')}; {alone})"


def brief(found: Powered | Mean) -> str:
    """Return a share with its interval, in two decimals and without the zeros before the point.

    Where gold leaves the value open it is the interval alone.

    Example:
        >>> from retrolabel.gold.powered import Mean
        >>> brief(Mean(0.714, 0.68, 1.0, 0.1)), brief(Mean(None, 0.1, 0.7, None)), brief(Mean(None, None, None, None))
        ('.71 [.68, 1.00]', '- [.10, .70]', '-')
    """
    if found.low is None or found.high is None:
        return "-"
    value = "-" if found.value is None else _short(found.value)
    return f"{value} [{_short(found.low)}, {_short(found.high)}]"


def _short(share: float) -> str:
    return f"{share:.2f}".removeprefix("0")


def _told(found: Powered, left_open: int) -> dict[str, Any]:
    told = found.as_dict()
    return {**{name: told[name] for name in ("value", "low", "high", "n")}, "open": left_open} | {
        name: told[name] for name in ("se", "lam", "items", "classical")
    }


@dataclass(frozen=True, repr=False)
class WholeEstimate:
    """What a label set is worth on all items.

    Attributes:
        label_set: The label set.
        role: The role of the gold: ``dev``, or ``test``.
        sources: The sources that the items are of.
        covered: How many of them something voted on.
        gold: How many gold items it is from.
        several: How many of those leave several labels.
        gold_hash: The hash of the gold set that they are of.
        figures: What the labels are worth.
        by: The column of the slices; ``month`` is the month of an item's own time.
        slices: Value -> what the labels are worth on the items that have it.
        notes: What a person should know.
        looks: How often test gold was looked at so far; 0 where it was not looked at now.
    """

    label_set: LabelSet
    role: str
    sources: tuple[str, ...]
    covered: int
    gold: int
    several: int
    gold_hash: str
    figures: Figures
    by: str | None
    slices: Mapping[str, Figures]
    notes: tuple[str, ...]
    looks: int = 0

    @property
    def accuracy(self) -> Powered:
        """The share of the items with a label of which it is right."""
        return self.figures.accuracy

    @property
    def accuracy_of_all(self) -> Powered:
        """The share of all items whose label is right; no label counts as wrong."""
        return self.figures.accuracy_of_all

    @property
    def prevalence(self) -> Mapping[str, Powered]:
        """Label -> its share of all items."""
        return self.figures.prevalence

    def frame(self, of: str = "prevalence") -> pd.DataFrame:
        """Return a table of figures, a row each: ``value``, ``low``, ``high``, ``n`` gold items, ``open``.

        What gold alone says stands in ``alone_value``, ``alone_low`` and ``alone_high``.

        Args:
            of: ``figures``: what the labels are worth; ``prevalence``: how frequent each label is; ``slices``: what the
                labels are worth on the items of each slice.

        Raises:
            GoldError: There is no such table.
        """
        import pandas as pd  # noqa: PLC0415 - slow to import

        worth = ("accuracy", "accuracy_of_all")
        tables: dict[str, list[dict[str, Any]]] = {
            "figures": [{"figure": name, **_row(self.figures, name)} for name in worth],
            "prevalence": [{"label": name, **_row(self.figures, name)} for name in self.prevalence],
            "slices": [
                {self.by or "slice": value, "figure": name, **_row(figures, name)}
                for value, figures in self.slices.items()
                for name in worth
            ],
        }
        if of not in tables:
            raise GoldError(f"There is no table of {of!r}.", remedy=f"one of {', '.join(tables)}")
        return pd.DataFrame(tables[of])

    def __repr__(self) -> str:
        """Return the label set and two sentences."""
        return "\n".join([repr(self.label_set), *self.figures.sentences])

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data: what ``--json`` prints."""
        figures = self.figures
        items = {"all": figures.items, "covered": self.covered, "labelled": figures.labelled}
        return {
            "label_set": {"id": self.label_set.id, "schema": self.label_set.record.schema_version},
            "gold": {"role": self.role, "items": self.gold, "several": self.several, "hash": self.gold_hash},
            "sources": list(self.sources),
            **figures.as_dict(),
            "items": items,
            "by": self.by,
            "slices": [
                {"value": value, "items": {"all": each.items, "labelled": each.labelled}, **each.as_dict()}
                for value, each in self.slices.items()
            ],
            "notes": list(self.notes),
            "looks": self.looks,
        }


def _row(figures: Figures, name: str) -> dict[str, Any]:
    """Return a figure as a row of a table."""
    found = figures.prevalence[name] if name in figures.prevalence else getattr(figures, name)
    told = _told(found, figures.open[name])
    alone = {f"alone_{end}": told["classical"][end] for end in ("value", "low", "high")}
    return {**{each: told[each] for each in ("value", "low", "high", "n", "open")}, **alone}
