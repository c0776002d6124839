"""What a label set is worth on all items, from gold of a known design and what the label model says of the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import InputError, TooLittleGoldError, counted, did_you_mean
from retrolabel.gold.estimation import estimate_mean
from retrolabel.jobs.gold.placing import drawn_by_design, labels_of, place
from retrolabel.jobs.records.feedback import CREATED_AT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.gold.powered import Mean, Powered
    from retrolabel.jobs.gold.placing import Placed
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.gold import Batch, ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet

    Array = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

FEWEST = 10
"""Below this many gold items nothing is said of all items."""
FIFTHS = 5
MONTH = "month"
MOST_SLICES = 200
NOWHERE = "(none)"
"""The slice of the items that have no value in the column."""


@dataclass(frozen=True)
class Figures:
    """What labels are worth on some items.

    Attributes:
        items: How many items they are.
        labelled: How many of them have a label.
        accuracy: The share of the items with a label of which it is right.
        accuracy_of_all: The share of all of them whose label is right; no label counts as wrong.
        prevalence: Label -> the share of all of them that it is the truth of.
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
        >>> from retrolabel.gold.estimation import estimate_mean
        >>> gold = [1, 0, 1, 1, 1] * 10 + [np.nan] * 950
        >>> sentence(estimate_mean(gold, np.tile([0.9, 0.2, 0.7, 0.8, 0.9], 200)))
        ".80 [.75, .84] are right (50 gold items; without the label model's help .80 [.67, .89])"
    """
    if not found.n:
        return "nothing is known (0 gold items)"
    alone = f"without the label model's help {brief(found.classical)}"
    return f"{brief(found)} are right ({counted(found.n, 'gold item')}; {alone})"


def brief(found: Powered | Mean) -> str:
    """Return a share with its interval, in two decimals and without the zeros before the point.

    Example:
        >>> from retrolabel.gold.powered import Mean
        >>> brief(Mean(0.714, 0.68, 1.0, 0.1)), brief(Mean(None, None, None, None))
        ('.71 [.68, 1.00]', '-')
    """
    if found.value is None or found.low is None or found.high is None:
        return "-"
    value, low, high = (f"{each:.2f}".removeprefix("0") for each in (found.value, found.low, found.high))
    return f"{value} [{low}, {high}]"


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

    def __repr__(self) -> str:
        """Return the label set and two sentences."""
        return "\n".join([repr(self.label_set), *self.figures.sentences])

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data: what ``--json`` prints."""
        figures = self.figures
        items = {"all": figures.items, "covered": self.covered, "labelled": figures.labelled}
        return {
            "label_set": {"id": self.label_set.id, "schema": self.label_set.record.schema_version},
            "gold": {"role": self.role, "items": self.gold, "several": self.several},
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


def estimate(  # noqa: PLR0913 - a label set, gold, and what the slices are by
    label_set: LabelSet,
    gold: ResolvedGold,
    batches: Mapping[int, Batch],
    *,
    role: str = "dev",
    by: str | None = None,
    segments: Sequence[Segment] = (),
    objects: Objects | None = None,
) -> WholeEstimate:
    """Return what a label set is worth on all items of the sources that gold was drawn from.

    Gold items are judged by labels and probabilities of models that had not seen their gold. Strata are looked at
    after the draw: how sure a label is, for accuracy, and which label it is, for prevalence. Gold that leaves several
    labels says that a label is wrong where it is none of them, and else leaves it open: the interval then holds
    whichever of them is the truth, so it is the wider the more of such gold there is.

    Args:
        label_set: The label set.
        gold: Gold of one role, as it reads in the label set's version.
        batches: The number of a batch -> the batch.
        role: The role of the gold.
        by: The column whose values tell slices apart; ``month`` for the month of an item's own time.
        segments: The segments of feedback, where slices are asked for.
        objects: Where they are.

    Raises:
        GoldError: No gold is of a known design, or it is too little.
        InputError: There is no such column, or it has too many values.
    """
    drawn = drawn_by_design(gold, batches, label_set, role, task=label_set.record.task)
    reader = None if by is None or objects is None else _slicer(by, segments, objects, drawn.sources)
    sets = {key: gold.sets[key] for key in drawn.weights}
    placed = place(label_set, sets, drawn.sources, reader)
    if len(placed.keys) < FEWEST:
        raise TooLittleGoldError(len(placed.keys), FEWEST, f"An estimate for all items of {label_set.record.task}")
    whole = _Whole.of(label_set, placed, np.array([drawn.weights[key] for key in placed.keys], np.float64))
    slices: dict[str, Figures] = {}
    if placed.value is not None:
        values, of = np.unique(placed.value.astype(str), return_inverse=True)
        if len(values) > MOST_SLICES:
            raise InputError(
                f"{by} has {len(values):,} values, and gold says little of so many.",
                remedy=f"name a column of at most {MOST_SLICES} values, or --by month",
            )
        slices = {str(value): whole.figures(np.flatnonzero(of == number)) for number, value in enumerate(values)}
    covered = np.asarray(label_set.patterns.column("covered"), np.bool_)
    several = int((~placed.exact).sum())
    notes = [*drawn.notes]
    unseen = label_set.cross_fitted()
    fitted = sum(key in unseen for key in placed.keys)
    if fitted:
        notes.append(
            f"{counted(fitted, 'gold item')} were fitted, and are judged by labels made without their own gold:"
            " those of the label set may be a little better"
        )
    if several:
        notes.append(
            f"{counted(several, 'gold item')} leave several labels; the intervals hold whichever of them is the truth"
        )
    return WholeEstimate(
        label_set,
        role,
        tuple(sorted(drawn.sources)),
        int(covered[placed.pattern].sum()),
        len(placed.keys),
        several,
        whole.figures(np.arange(len(placed.pattern))),
        by,
        slices,
        tuple(notes),
    )


@dataclass(frozen=True, eq=False)
class _Whole:
    """All items of a label set, gold items as models say them that had not seen them.

    Attributes:
        labels: The label ids.
        label: int [N]: the place of each item's label; -1 without one.
        labelled: bool [N]: whether the label set has one of it; on gold items models that had not seen them may not.
        probabilities: float [N, k].
        source: int [N]: the number of the source.
        sure: int [N]: source and fifth of how sure the label is.
        likely: int [N]: source and label.
        gold: int [N]: the place among the gold items; -1 elsewhere.
        possible: bool [G, k]: the labels that gold leaves.
        inclusion: float [N]: with which probability gold items were drawn, up to a factor.
    """

    labels: tuple[str, ...]
    label: Ints
    labelled: Mask
    probabilities: Array
    source: Ints
    sure: Ints
    likely: Ints
    gold: Ints
    possible: Mask
    inclusion: Array

    @classmethod
    def of(cls, label_set: LabelSet, placed: Placed, weights: Array) -> _Whole:
        by_pattern, labels = label_set.probabilities, labels_of(label_set)
        counts = label_set.patterns.column("count").to_numpy().astype(np.float64)
        fifths = _fifths(np.where(labels >= 0, by_pattern.max(axis=1, initial=0.0), -1.0), counts)
        k, n = len(label_set.labels), len(placed.pattern)
        label, probabilities = labels[placed.pattern], by_pattern[placed.pattern]
        label[placed.rows], probabilities[placed.rows] = placed.label, placed.probabilities
        gold, inclusion = np.full(n, -1, np.int64), np.ones(n)
        gold[placed.rows], inclusion[placed.rows] = np.arange(len(placed.rows)), 1 / weights
        sure = placed.source * (FIFTHS + 1) + fifths[placed.pattern]
        likely = placed.source * (k + 1) + labels[placed.pattern] + 1
        return cls(
            label_set.labels,
            label,
            labels[placed.pattern] >= 0,
            probabilities,
            placed.source,
            sure,
            likely,
            gold,
            placed.possible,
            inclusion,
        )

    def figures(self, rows: Ints) -> Figures:
        """Return what the labels are worth on some items."""
        has = self.label[rows] >= 0
        own = np.where(has, self.probabilities[rows, self.label[rows]], 0.0)
        seen = np.flatnonzero(self.gold[rows] >= 0)
        possible, label = self.possible[self.gold[rows[seen]]], self.label[rows[seen]]
        told = self.probabilities[rows[seen]] * possible
        mass = told.sum(axis=1, keepdims=True)
        guess = np.where(
            mass > 0, told / np.where(mass > 0, mass, 1), possible / np.maximum(1, possible.sum(axis=1, keepdims=True))
        )
        one = possible.sum(axis=1) == 1
        among = (label >= 0) & possible[np.arange(len(seen)), label]
        right = _Known(among & one, among, np.where(label >= 0, guess[np.arange(len(seen)), label], 0.0), seen)
        labelled = right.among(has[seen])
        where = rows[has]
        at = np.cumsum(has) - 1
        labelled = replace(labelled, rows=at[labelled.rows])
        prevalence = {
            name: _Known(possible[:, place] & one, possible[:, place], guess[:, place], seen)
            for place, name in enumerate(self.labels)
        }
        return Figures(
            len(rows),
            int(self.labelled[rows].sum()),
            labelled.mean(own[has], self.inclusion[where], self.source[where], self.sure[where]),
            right.mean(own, self.inclusion[rows], self.source[rows], self.sure[rows]),
            {
                name: known.mean(
                    self.probabilities[rows, place], self.inclusion[rows], self.source[rows], self.likely[rows]
                )
                for place, (name, known) in enumerate(prevalence.items())
            },
            {
                "accuracy": labelled.open,
                "accuracy_of_all": right.open,
                **{name: known.open for name, known in prevalence.items()},
            },
        )


@dataclass(frozen=True, eq=False)
class _Known:
    """Of which gold items something holds: surely, perhaps, and how probably; each [g], at ``rows`` of the items."""

    surely: Mask
    perhaps: Mask
    probably: Array
    rows: Ints

    @property
    def open(self) -> int:
        """Of how many gold items it is not known."""
        return int((self.surely != self.perhaps).sum())

    def among(self, where: Mask) -> _Known:
        """Return it of some of the gold items."""
        return _Known(self.surely[where], self.perhaps[where], self.probably[where], self.rows[where])

    def mean(self, predicted: Array, inclusion: Array, source: Ints, strata: Ints) -> Powered:
        """Return of which share of the items it holds; where gold leaves it open, whatever is the truth.

        The classical figure knows nothing of the label model: its strata are sources alone.
        """

        def of(values: npt.NDArray[Any]) -> Powered:
            gold = np.full(len(predicted), np.nan)
            gold[self.rows] = values
            found = estimate_mean(gold, predicted, inclusion=inclusion, strata=strata)
            alone = estimate_mean(gold, predicted, inclusion=inclusion, strata=source, lam=0.0)
            return replace(found, classical=alone.classical)

        if not self.open:
            return of(self.surely)
        found, least, most = of(self.probably), of(self.surely), of(self.perhaps)
        alone = replace(found.classical, low=least.classical.low, high=most.classical.high)
        return replace(found, low=least.low, high=most.high, classical=alone)


def _fifths(sure: Array, counts: Array) -> Ints:
    """Return for each pattern which fifth of the labelled items it is in, by how sure it is, 1 to 5; 0 without one."""
    order = np.argsort(sure, kind="stable")
    weight = np.where(sure >= 0, counts, 0.0)[order]
    before = np.cumsum(weight) - weight / 2
    found = np.zeros(len(sure), np.int64)
    found[order] = 1 + np.minimum(FIFTHS - 1, (FIFTHS * before / max(weight.sum(), 1)).astype(np.int64))
    return np.where(sure >= 0, found, 0)


def _slicer(
    by: str, segments: Sequence[Segment], objects: Objects, sources: frozenset[str]
) -> Callable[[str, Ints], npt.NDArray[np.object_]]:
    """Return what reads the values of some rows of a segment, as texts."""
    known = {segment.id: segment for segment in segments if segment.source in sources}
    columns = {column for segment in known.values() for column in segment.columns}
    name = CREATED_AT if by == MONTH and MONTH not in columns else by
    if known and name not in columns:
        listed = ", ".join(sorted(columns))
        raise InputError(
            f"No item has a column {by!r}.{did_you_mean(by, sorted(columns))}", remedy=f"one of: month, {listed}"
        )

    def values(segment: str, rows: Ints) -> npt.NDArray[np.object_]:
        found = known.get(segment)
        if found is None or name not in found.columns:
            return np.full(len(rows), NOWHERE, dtype=object)
        column = objects.read_table(found.path, [name], sha256=found.sha256).column(name).take(pa.array(rows))
        if pa.types.is_timestamp(column.type) and by == MONTH:
            column = pc.strftime(column, format="%Y-%m")
        return np.array([NOWHERE if each is None else str(each) for each in column.to_pylist()], dtype=object)

    return values
