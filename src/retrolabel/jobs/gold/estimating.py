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
MOST_OPEN = 0.1
"""Where more than this share of the gold items leaves a figure open, it has an interval and no value."""
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

    Labels and probabilities of models that had not seen the gold items' gold stand for the items without gold; of the
    gold items themselves it is known whether their labels are right. Strata are looked at after the draw: how sure a
    label is, for accuracy, and which label it is, for prevalence; on gold items both without their gold. Gold that
    leaves several labels says that a label is wrong where it is none of them, and else leaves it open: the interval
    then holds whichever of them is the truth, so it is the wider the more of such gold there is.

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
            f"{counted(fitted, 'gold item')} were fitted: labels made without their own gold stand for the other items"
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
        gold.hash,
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
        label: int [N]: the place of each item's label, on gold items by models that had not seen them; -1 without one.
        own: int [N]: the place of the label that the label set gives it, gold items too; -1 without one.
        probabilities: float [N, k].
        source: int [N]: the number of the source.
        sure: int [N]: source and fifth of how sure the label is, on gold items without their gold.
        likely: int [N]: source and label.
        gold: int [N]: the place among the gold items; -1 elsewhere.
        possible: bool [G, k]: the labels that gold leaves.
        inclusion: float [N]: with which probability gold items were drawn, up to a factor.
    """

    labels: tuple[str, ...]
    label: Ints
    own: Ints
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
        sure = np.where(labels >= 0, by_pattern.max(axis=1, initial=0.0), -1.0)
        k, n = len(label_set.labels), len(placed.pattern)
        label, probabilities = labels[placed.pattern], by_pattern[placed.pattern]
        label[placed.rows], probabilities[placed.rows] = placed.label, placed.probabilities
        gold, inclusion = np.full(n, -1, np.int64), np.ones(n)
        gold[placed.rows], inclusion[placed.rows] = np.arange(len(placed.rows)), 1 / weights
        # A gold item that was fitted is in the stratum of what is said of it without its gold. By what the label set
        # says it would be among the sure ones if its label is right, and not if it is wrong.
        fifths, borders = _fifths(sure, counts)
        fifth = fifths[placed.pattern]
        without = np.where(placed.label >= 0, placed.probabilities.max(axis=1, initial=0.0), -1.0)
        fifth[placed.rows] = np.where(without >= 0, 1 + np.searchsorted(borders, without), 0)
        return cls(
            label_set.labels,
            label,
            labels[placed.pattern],
            probabilities,
            placed.source,
            placed.source * (FIFTHS + 1) + fifth,
            placed.source * (k + 1) + label + 1,
            gold,
            placed.possible,
            inclusion,
        )

    def figures(self, rows: Ints) -> Figures:
        """Return what the labels are worth on some items."""
        has, labelled = self.label[rows] >= 0, self.own[rows] >= 0
        likely = np.where(has, self.probabilities[rows, self.label[rows]], 0.0)
        seen = np.flatnonzero(self.gold[rows] >= 0)
        possible = self.possible[self.gold[rows[seen]]]
        guess = _likely(self.probabilities[rows[seen]], possible)
        right = _known(self.label[rows[seen]], possible, guess, seen)
        own = _known(self.own[rows[seen]], possible, guess, seen)
        where = rows[has]
        judged = replace(right.among(has[seen]), rows=(np.cumsum(has) - 1)[seen[has[seen]]])
        of_labelled = _Place(likely[has], self.inclusion[where], self.source[where], self.sure[where])
        of_all = _Place(likely, self.inclusion[rows], self.source[rows], self.sure[rows])
        prevalence = {
            name: _Known(possible[:, place] & (possible.sum(axis=1) == 1), possible[:, place], guess[:, place], seen)
            for place, name in enumerate(self.labels)
        }
        return Figures(
            len(rows),
            int(labelled.sum()),
            judged.mean(of_labelled, own.among(labelled[seen]), int(labelled.sum())),
            right.mean(of_all, own, len(rows)),
            {
                name: known.mean(
                    _Place(self.probabilities[rows, place], self.inclusion[rows], self.source[rows], self.likely[rows]),
                    known,
                    len(rows),
                )
                for place, (name, known) in enumerate(prevalence.items())
            },
            {
                "accuracy": judged.open,
                "accuracy_of_all": right.open,
                **{name: known.open for name, known in prevalence.items()},
            },
        )


def _likely(probabilities: Array, possible: Mask) -> Array:
    """Return the probability of each label among those that gold leaves, float [g, k]."""
    told = probabilities * possible
    mass = told.sum(axis=1, keepdims=True)
    equal = possible / np.maximum(1, possible.sum(axis=1, keepdims=True))
    return np.where(mass > 0, told / np.where(mass > 0, mass, 1), equal)


def _known(label: Ints, possible: Mask, guess: Array, rows: Ints) -> _Known:
    """Return of which gold items a label is right: surely, perhaps, and how probably."""
    at = np.arange(len(label))
    among = (label >= 0) & possible[at, label]
    return _Known(among & (possible.sum(axis=1) == 1), among, np.where(label >= 0, guess[at, label], 0.0), rows)


@dataclass(frozen=True, eq=False)
class _Place:
    """What is known of some items besides gold: float [n] of each what is predicted, and how it was drawn."""

    predicted: Array
    inclusion: Array
    source: Ints
    strata: Ints


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

    def mean(self, place: _Place, own: _Known, items: int) -> Powered:
        """Return of which share of the items it holds; where gold leaves it open, whatever is the truth.

        What holds by models that had not seen the gold items stands for the items without gold. Of the gold items
        themselves it is known whether it holds, so they count as they are: in a label set of a thousand items, three
        hundred of them gold, that is a third of the figure.

        The classical figure knows nothing of the label model: its strata are sources alone.

        Args:
            place: What is known of the items.
            own: The same of the labels that the label set gives the gold items.
            items: How many items the figure is about.
        """

        def of(values: npt.NDArray[Any], real: npt.NDArray[Any]) -> Powered:
            gold = np.full(len(place.predicted), np.nan)
            gold[self.rows] = values
            more = float(real.sum()) - float(values.sum())
            found = estimate_mean(gold, place.predicted, inclusion=place.inclusion, strata=place.strata)
            alone = estimate_mean(gold, place.predicted, inclusion=place.inclusion, strata=place.source, lam=0.0)
            found = replace(found, classical=alone.classical)
            return found if found.value is None or not items else _with(found, more, len(gold), items)

        if not self.open and not own.open:
            return of(self.surely, own.surely)
        found = of(self.probably, own.probably)
        least, most = of(self.surely, own.surely), of(self.perhaps, own.perhaps)
        alone = replace(found.classical, low=least.classical.low, high=most.classical.high)
        if self.open > MOST_OPEN * len(self.rows):  # the value would be the label model's guess
            return replace(found, value=None, low=least.low, high=most.high, classical=replace(alone, value=None))
        return replace(found, low=least.low, high=most.high, classical=alone)


def _with(found: Powered, more: float, before: int, items: int) -> Powered:
    """Return a share of ``before`` items as one of ``items``, of which it holds on ``more`` further ones."""

    def told(value: float | None) -> float | None:
        return None if value is None else min(1.0, max(0.0, (value * before + more) / items))

    alone = found.classical
    return replace(
        found,
        value=told(found.value),
        low=told(found.low),
        high=told(found.high),
        se=None if found.se is None else found.se * before / items,
        classical=replace(alone, value=told(alone.value), low=told(alone.low), high=told(alone.high)),
    )


def _fifths(sure: Array, counts: Array) -> tuple[Ints, Array]:
    """Return which fifth of the labelled items each pattern is in, by how sure it is, and how sure each fifth is.

    Args:
        sure: float [U]: the probability of each pattern's label; -1 without one.
        counts: float [U]: how many items show it.

    Returns:
        int [U], 1 to 5, and 0 without a label; float [4], how sure what is between two fifths is.
    """
    order = np.argsort(sure, kind="stable")
    weight = np.where(sure >= 0, counts, 0.0)[order]
    before = np.cumsum(weight) - weight / 2
    found = np.zeros(len(sure), np.int64)
    found[order] = 1 + np.minimum(FIFTHS - 1, (FIFTHS * before / max(weight.sum(), 1)).astype(np.int64))
    found = np.where(sure >= 0, found, 0)
    borders = [
        (sure[(found > 0) & (found <= fifth)].max(initial=-1.0) + sure[found > fifth].min(initial=2.0)) / 2
        for fifth in range(1, FIFTHS)
    ]
    return found, np.array(borders)


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
