"""Gold beside labels: which are taken for which, and which items have no label, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.errors import InputError
from retrolabel.gold.agreement import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Places = npt.NDArray[np.int64]

NO_VOTES, GUESSED, TIED = "(no votes)", "(guessed)", "(tied)"
WITHOUT = (GUESSED, NO_VOTES, TIED)
"""What stands where an item has no label: votes for several labels alone, no votes, or a tie (or too unsure)."""


def in_brackets(asked: str) -> str:
    """Return why an item has no label, as it stands in tables, where that is what somebody asks for.

    Example:
        >>> in_brackets("no votes"), in_brackets("Guessed"), in_brackets("bug")
        ('(no votes)', '(guessed)', 'bug')
    """
    return {each.strip("()"): each for each in WITHOUT}.get(asked.strip().casefold(), asked)


@dataclass(frozen=True, eq=False, repr=False)
class Confusion:
    """Gold beside labels.

    Attributes:
        counts: int: a row for each gold label, a column for each label, then for items without one. Gold that is one
            label.
        rates: The same as shares of each row.
        low: The lower ends of their 95 % intervals (Wilson's, each by itself).
        high: The upper ends.
        partial: Gold that leaves several labels: a row for each set, the same columns. Which label of the set is right
            nobody knows, so they are in no row of ``counts``.
    """

    counts: pd.DataFrame
    rates: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    partial: pd.DataFrame

    def worst(self) -> pd.DataFrame:
        """Return the cells that are errors, largest first: ``gold``, ``label``, ``items``, ``rate``, ``low``, ``high``.

        Items without a label are not among them.
        """
        rows = [
            (gold, label, int(self.counts.loc[gold, label]), *(part.loc[gold, label] for part in self._shares))
            for gold in self.counts.index
            for label in self.counts.columns
            if label != gold and label not in WITHOUT and self.counts.loc[gold, label]
        ]
        found = pd.DataFrame(rows, columns=["gold", "label", "items", "rate", "low", "high"])
        return found.sort_values("items", ascending=False, kind="stable", ignore_index=True)

    @property
    def _shares(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        return self.rates, self.low, self.high

    def __repr__(self) -> str:
        """Return the counts, with those of gold that leaves several labels below."""
        more = f"\n\ngold that leaves several labels:\n{self.partial}" if len(self.partial) else ""
        return f"{self.counts}{more}"


def confusion(
    possible: Flags, said: Places, *, labels: Sequence[str], covered: Flags | None = None, guessed: Flags | None = None
) -> Confusion:
    """Return gold beside labels.

    Args:
        possible: bool [n, k]: the labels that gold leaves of each item; or int [n] with places of labels.
        said: int [n]: the place of its label; -1 without one.
        labels: The k label ids.
        covered: bool [n]: whether anything voted on it; all, if left out.
        guessed: bool [n]: whether votes for several labels alone speak of it; none, if left out.

    Raises:
        InputError: They differ in length.

    Example:
        >>> found = confusion(np.array([0, 0, 1]), np.array([0, 1, -1]), labels=["a", "b"])
        >>> found.counts.to_numpy().tolist()
        [[1, 1, 0, 0, 0], [0, 0, 0, 0, 1]]
    """
    n, k = len(said), len(labels)
    sets = np.asarray(possible)
    sets = np.eye(k, dtype=np.bool_)[sets] if sets.ndim == 1 else sets.astype(np.bool_)
    covered = np.ones(n, np.bool_) if covered is None else covered
    guessed = np.zeros(n, np.bool_) if guessed is None else guessed
    if sets.shape != (n, k) or not n == len(covered) == len(guessed):
        raise InputError(f"Gold, labels and cover differ in length: {sets.shape}, {n}, {len(covered)}, {len(guessed)}.")
    columns = [*labels, *WITHOUT]
    place = np.where(said >= 0, said, k + 2)
    place = np.where((said < 0) & ~covered, k + 1, np.where((said < 0) & covered & guessed, k, place))
    exact = sets.sum(axis=1) == 1
    table = np.zeros((k, len(columns)), np.int64)
    np.add.at(table, (sets[exact].argmax(axis=1), place[exact]), 1)
    names = ["|".join(label for label, here in zip(labels, row, strict=True) if here) for row in sets[~exact]]
    partial = pd.crosstab(pd.Series(names, name="gold", dtype=object), pd.Series(place[~exact], name="label"))
    partial = partial.reindex(columns=range(len(columns)), fill_value=0).set_axis(columns, axis=1)
    counts, rates, low, high = _with_intervals(table, labels, columns)
    return Confusion(counts, rates, low, high, partial)


def _with_intervals(
    table: Places, labels: Sequence[str], columns: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return counts, rates, and the ends of their intervals."""
    index, titles = pd.Index(list(labels), name="gold"), list(columns)
    found = [[wilson(int(count), int(row.sum())) for count in row] for row in table]

    def frame(end: str) -> pd.DataFrame:
        cells = [[getattr(each, end) for each in row] for row in found]
        return pd.DataFrame(cells, index=index, columns=titles, dtype="float64")

    return pd.DataFrame(table, index=index, columns=titles), frame("value"), frame("low"), frame("high")
