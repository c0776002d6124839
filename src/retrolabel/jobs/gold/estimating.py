"""What a label set is worth on all items, from gold of a known design and what the label model says of the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import InputError, TooLittleGoldError, counted, did_you_mean
from retrolabel.gold.estimation import estimate_mean
from retrolabel.jobs.gold.estimates import Figures, WholeEstimate
from retrolabel.jobs.gold.placing import drawn_by_design, labels_of, place
from retrolabel.jobs.records.feedback import CREATED_AT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.gold.powered import Powered
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
