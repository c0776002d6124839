"""Where people agree and where not: by label, by two labels, by two people, by slice of the items."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.gold.beyond_chance import divided
from retrolabel.gold.coding import as_column, coded, coded_table
from retrolabel.gold.coefficient import DRAWS, LEAST, Coefficient, Statistic, coefficient
from retrolabel.gold.coefficients import krippendorff_alpha, percent_agreement, share_agreeing
from retrolabel.gold.counting import Counts, counted_codes, counted_ratings
from retrolabel.gold.kappa import kappa_of_table, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    from retrolabel.gold.distances import Distance

    Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """Agreement on a part of the answers.

    Attributes:
        of: What part: a label; two labels; two people; the value of a slice.
        items: Items of the part that two people answered.
        agreement: How often two people agree. For a label: how often another person gives it, where one does. For two
            labels: how often two people who give one of both give the same.
        beyond: The same beyond chance: Krippendorff's alpha; for two people Cohen's kappa.
    """

    of: tuple[Any, ...]
    items: int
    agreement: Coefficient
    beyond: Coefficient


def by_label(
    ratings: Any,  # noqa: ANN401 - any table
    *,
    values: Sequence[Any] | None = None,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[Part, ...]:
    """Return agreement on each label against all others.

    Args:
        ratings: [people, items], or counts.
        values: All labels; those that occur, sorted, if left out.
        least: On fewer items a figure is withheld.
        draws: Resamples of the intervals; 0 leaves them out.
        seed: Of the resamples.

    Example:
        >>> ratings = [["a", "b", "c", "a"], ["a", "b", "b", "a"]]
        >>> [(part.of, part.agreement.value) for part in by_label(ratings, least=1)]
        [(('a',), 1.0), (('b',), 0.6666666666666666), (('c',), 0.0)]
    """
    counts = counted_ratings(ratings, values).with_at_least(2)
    found = []
    for place, label in enumerate(counts.values):
        one = counts.of_one(place)
        given = one.with_value(0)
        found.append(
            Part(
                (label,),
                int(given.times.sum()),
                _given_again(given, least=least, draws=draws, seed=seed),
                krippendorff_alpha(one, least=least, draws=draws, seed=seed),
            )
        )
    return tuple(found)


def by_pair_of_labels(
    ratings: Any,  # noqa: ANN401 - any table
    *,
    values: Sequence[Any] | None = None,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[Part, ...]:
    """Return how well people tell each two labels apart: agreement over the answers that are one of both.

    Args:
        ratings: [people, items], or counts.
        values: All labels; those that occur, sorted, if left out.
        least: On fewer items a figure is withheld.
        draws: Resamples of the intervals; 0 leaves them out.
        seed: Of the resamples.

    Example:
        >>> ratings = [["a", "b", "c", "a"], ["a", "b", "b", "a"]]
        >>> [(part.of, part.items, part.agreement.value) for part in by_pair_of_labels(ratings, least=1)]
        [(('a', 'b'), 3, 1.0), (('a', 'c'), 2, 1.0), (('b', 'c'), 2, 0.5)]
    """
    counts = counted_ratings(ratings, values).with_at_least(2)
    found = []
    for one, other in combinations(range(len(counts.values)), 2):
        two = counts.of_two(one, other).with_at_least(2)
        found.append(_part(two.values, two, "nominal", least=least, draws=draws, seed=seed))
    return tuple(found)


def by_pair_of_people(  # noqa: PLR0913 - the same keywords everywhere
    ratings: Any,  # noqa: ANN401 - any table
    weights: str | npt.ArrayLike | None = None,
    *,
    values: Sequence[Any] | None = None,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[Part, ...]:
    """Return agreement and Cohen's kappa of each two people who answered an item in common.

    Args:
        ratings: [people, items]; with ``Ratings`` people have their names, elsewhere their number.
        weights: As of ``cohen_kappa``.
        values: All values in their order; those that occur, sorted, if left out.
        least: Of people who share fewer items the figures are withheld, and have no interval.
        draws: Resamples of the intervals; 0 leaves them out.
        seed: Of the resamples.

    Example:
        >>> [(part.of, part.items, part.beyond.value) for part in by_pair_of_people([[1, 0, 1], [1, 0, 0]], least=1)]
        [((0, 1), 3, 0.4)]
    """
    table = coded_table(ratings, values)
    there = (table.codes >= 0).astype(np.float32)
    shared = there @ there.T
    found = []
    for one, other in zip(*np.nonzero(np.triu(shared, 1)), strict=True):
        cells = table_of(table.codes[one], table.codes[other], len(table.values))
        items = int(cells.sum())
        size = draws if items >= least else 0
        found.append(
            Part(
                (table.people[one], table.people[other]),
                items,
                _same(cells, least=least, draws=size, seed=seed),
                kappa_of_table(cells, table.values, weights, least=least, draws=size, seed=seed),
            )
        )
    return tuple(found)


def by_slice(  # noqa: PLR0913 - the same keywords everywhere
    ratings: Any,  # noqa: ANN401 - any table
    slices: Sequence[Any] | npt.NDArray[Any],
    level: Distance = "nominal",
    *,
    values: Sequence[Any] | None = None,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[Part, ...]:
    """Return agreement and alpha on the items of each slice.

    Args:
        ratings: [people, items].
        slices: [items]: the value of a column, for each item; items where it is missing are left out.
        level: As of ``krippendorff_alpha``.
        values: All values in their order; those that occur, sorted, if left out.
        least: On fewer items a figure is withheld.
        draws: Resamples of the intervals; 0 leaves them out.
        seed: Of the resamples.

    Raises:
        VoteError: There is not one slice for each item.

    Example:
        >>> parts = by_slice([[1, 0, 1, 0], [1, 0, 0, 1]], ["web", "web", "app", "app"], least=1)
        >>> [(part.of, part.agreement.value) for part in parts]
        [(('app',), 0.0), (('web',), 1.0)]
    """
    table = coded_table(ratings, values)
    if len(slices) != table.codes.shape[1]:
        raise VoteError(f"There are {table.codes.shape[1]} items, and {len(slices)} slices.")
    places, names = coded(as_column(slices))
    return tuple(
        _part(
            (name,),
            counted_codes(table, places == place).with_at_least(2),
            level,
            least=least,
            draws=draws,
            seed=seed,
        )
        for place, name in enumerate(names)
    )


def frame_of(parts: Sequence[Part]) -> pd.DataFrame:
    """Return parts as a frame: a row each, with what it is of, its items, and both figures with their intervals.

    What is withheld or undefined is empty, and ``why`` says why.

    Example:
        >>> list(frame_of(by_label([[1, 0], [1, 0]], draws=0)).columns)
        ['of', 'items', 'agreement', 'agreement_low', 'agreement_high', 'beyond', 'beyond_low', 'beyond_high', 'why']
    """
    import pandas as pd  # noqa: PLC0415 - slow to import

    columns = ["of", "items"]
    for name in ("agreement", "beyond"):
        columns += [name, f"{name}_low", f"{name}_high"]
    rows = []
    for part in parts:
        row: list[Any] = [part.of[0] if len(part.of) == 1 else part.of, part.items]
        for figure in (part.agreement, part.beyond):
            shown = figure.as_dict()
            row += [shown["value"], shown["low"], shown["high"]]
        rows.append([*row, part.agreement.why or part.beyond.why])
    return pd.DataFrame(rows, columns=[*columns, "why"])


def _part(  # noqa: PLR0913 - the same keywords everywhere
    of: tuple[Any, ...], counts: Counts, level: Distance, *, least: int, draws: int, seed: int
) -> Part:
    return Part(
        of,
        int(counts.times.sum()),
        percent_agreement(counts, least=least, draws=draws, seed=seed),
        krippendorff_alpha(counts, level, least=least, draws=draws, seed=seed),
    )


def _given_again(one: Counts, *, least: int, draws: int, seed: int) -> Coefficient:
    """Return how often another person gives the first value where one does (Fleiss 1981: specific agreement)."""
    given, m, (label, _) = one.rows[:, 0], one.answers, one.values  # noqa: PD011 - no frame
    again = given * (given - 1) / (m - 1)
    found = Statistic(
        features=np.column_stack([again, given]),
        times=one.times,
        of=lambda sums: divided(sums[:, 0], sums[:, 1]),
        apart=np.array([0.0, 1.0]),
        full=given == m,
        n=int(one.times.sum()),
        telling=None,
        common=label,
    )
    return coefficient(found, least=least, draws=draws, seed=seed)


def _same(cells: npt.NDArray[np.int64], *, least: int, draws: int, seed: int) -> Coefficient:
    same = int(np.trace(cells))
    times = np.array([int(cells.sum()) - same, same])
    there = times > 0
    return share_agreeing(np.array([0.0, 1.0])[there], times[there], least=least, draws=draws, seed=seed)
