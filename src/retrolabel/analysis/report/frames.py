"""The figures behind the charts of a report, as frames: what is drawn, and what the tables beside it say."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.analysis.report.values import NO_LABEL
from retrolabel.gold.agreement import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from retrolabel.analysis.report.values import Days, Judged, Score

BINS = 10
MOST_BINS = 45
"""More points than these on an axis of time say no more."""
UNITS = {"day": "D", "week": "W-MON", "month": "M", "quarter": "Q", "year": "Y"}
DAYS_OF = {"day": 1, "week": 7, "month": 30.5, "quarter": 91.5, "year": 366}


def unit_of_time(days: npt.NDArray[np.datetime64]) -> str:
    """Return the shortest of day, week, month, quarter and year that needs few enough points.

    Example:
        >>> unit_of_time(np.array(["2026-01-01", "2026-06-30"], "datetime64[D]"))
        'week'
    """
    if not len(days):
        return "day"
    span = int((days.max() - days.min()).astype(np.int64)) + 1
    return next((unit for unit, length in DAYS_OF.items() if span / length <= MOST_BINS), "year")


def shares_over_time(days: Days, unit: str) -> pd.DataFrame:
    """Return the share of each label among the items of each stretch of time.

    Args:
        days: Labels by day.
        unit: ``day``, ``week`` (from Monday), ``month``, ``quarter`` or ``year``.

    Returns:
        A frame with ``start`` (ISO date), ``label``, ``items``, ``n`` (all items of that time) and ``share``.

    Example:
        >>> from retrolabel.analysis.report.values import Days
        >>> two = np.array(["2026-01-01", "2026-01-02"], "datetime64[D]")
        >>> found = shares_over_time(Days(two, np.array([0, -1]), np.array([3, 1]), ("bug",)), "month")
        >>> found[["label", "items", "share"]].to_numpy().tolist()
        [['bug', 3, 0.75], ['(no label)', 1, 0.25]]
    """
    names = [*days.labels, NO_LABEL]
    starts = _starts(days.days, unit)
    distinct, where = np.unique(starts, return_inverse=True)
    table = np.zeros((len(distinct), len(names)), np.int64)
    np.add.at(table, (where, days.places), days.counts)  # -1, no label, is the last column
    n = table.sum(axis=1)
    rows = [
        (str(start), name, int(table[row, column]), int(n[row]), float(table[row, column] / n[row]))
        for row, start in enumerate(distinct)
        for column, name in enumerate(names)
    ]
    return pd.DataFrame(rows, columns=["start", "label", "items", "n", "share"])


def _starts(days: npt.NDArray[np.datetime64], unit: str) -> npt.NDArray[np.datetime64]:
    """Return the first day of the stretch that each day falls into."""
    if unit == "day":
        return days
    if unit == "week":
        since_monday = (days.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
        return np.asarray(days - since_monday)
    months = days.astype("datetime64[M]").astype(np.int64)
    together = {"month": 1, "quarter": 3, "year": 12}[unit]
    return np.asarray((months - months % together).astype("datetime64[M]").astype("datetime64[D]"))


def reliability(judged: Judged) -> pd.DataFrame:
    """Return how sure the labels were and how often they were right, in ten bins of equal width.

    Returns:
        A frame with ``bin`` (as ``0.7 to 0.8``), ``n``, ``sure`` (mean of the highest probability), ``right`` (share
        of items whose label is the truth) with ``low`` and ``high`` (95 %, Wilson). Bins without items are left out.

    Example:
        >>> from retrolabel.analysis.report.values import Judged
        >>> sure = np.array([[0.9, 0.1], [0.9, 0.1]])
        >>> found = reliability(Judged(sure, np.array([0, 1]), np.array([0, 0])))
        >>> found[["bin", "n", "sure", "right"]].to_numpy().tolist()
        [['0.9 to 1.0', 2, 0.9, 0.5]]
    """
    top = judged.probabilities.max(axis=1, initial=0.0)
    right = judged.predicted == judged.truth
    bins = np.minimum((top * BINS).astype(np.int64), BINS - 1)
    rows = []
    for place in np.unique(bins):
        here = bins == place
        share = wilson(int(right[here].sum()), int(here.sum()))
        name = f"{place / BINS:.1f} to {(place + 1) / BINS:.1f}"
        rows.append((name, int(here.sum()), float(top[here].mean()), share.value, share.low, share.high))
    return pd.DataFrame(rows, columns=["bin", "n", "sure", "right", "low", "high"])


def confusions(judged: Judged, labels: Sequence[str]) -> pd.DataFrame:
    """Return how many gold items have which label: a column for each label that was given, and for none.

    There is a row for each label, and below them for each set of labels that gold leaves, the most frequent first.

    Example:
        >>> from retrolabel.analysis.report.values import Judged
        >>> left = (frozenset({0}), frozenset({1}), frozenset({0, 1}))
        >>> judged = Judged(np.full((2, 2), 0.5), np.array([0, 1]), np.array([0, -1]), True, left, (0, -1, 1))
        >>> confusions(judged, ["a", "b"]).to_dict("index")["a|b"]
        {'a': 0, 'b': 1, '(no label)': 0}
    """
    several = Counter(left for left in judged.left if len(left) > 1)
    sets = sorted(several, key=lambda left: (-several[left], sorted(left)))
    rows = {left: row for row, left in enumerate([*(frozenset({place}) for place in range(len(labels))), *sets])}
    table = np.zeros((len(rows), len(labels) + 1), np.int64)
    for left, given in zip(judged.left, judged.given, strict=True):
        table[rows[left], given] += 1
    names = ["|".join(labels[place] for place in sorted(left)) for left in rows]
    return pd.DataFrame(table, index=pd.Index(names, name="gold"), columns=[*labels, NO_LABEL])


def agreements(scores: Iterable[Score]) -> pd.DataFrame:
    """Return the agreement with gold as it is drawn: a row for each measure and label set.

    Returns:
        A frame with ``measure``, ``label_set``, ``value``, ``low``, ``high``, ``n``; figures that are not known are
        left out.
    """
    rows = []
    for score in scores:
        a, m = score.agreement, score.membership
        found = {
            "accuracy": (a.accuracy, a.covered),
            "macro-F1": (a.macro_f1, a.covered),
            "kappa": (a.kappa, a.covered),
        }
        if m.exact < m.n:
            found["membership"] = (m.share, m.covered)
        rows += [
            (measure, score.name, e.value, e.low, e.high, n) for measure, (e, n) in found.items() if e.value is not None
        ]
    return pd.DataFrame(rows, columns=["measure", "label_set", "value", "low", "high", "n"])


def precisions(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the precisions with that on gold: ``on_gold``, ``gold_low``, ``gold_high`` (Wilson), by learned precision.

    Args:
        frame: ``lf``, ``vote``, ``votes``, ``learned``, ``low``, ``high``, ``weight``, ``repeats``, ``judged``,
            ``right``.

    Example:
        >>> row = {"lf": "f", "vote": "bug", "learned": 0.8, "judged": 4, "right": 3}
        >>> precisions(pd.DataFrame([row]))["on_gold"].tolist()
        [0.75]
    """
    on_gold = [wilson(int(right), int(judged)) for right, judged in zip(frame["right"], frame["judged"], strict=True)]
    named = {"on_gold": "value", "gold_low": "low", "gold_high": "high"}
    columns = {name: np.array([getattr(e, of) for e in on_gold], np.float64) for name, of in named.items()}
    found = frame.assign(**columns)
    return found.sort_values(["learned", "on_gold", "lf", "vote"], ascending=[False, False, True, True], kind="stable")
