"""Which labeling functions deserve a look, and why: stated rules over their figures, the gravest first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Row = Mapping[str, Any]

COPY = 0.7
"""A labeling function that counts this much or less, beside one that it repeats, is a copy."""
CLASH = 0.5
"""The share of its votes that clash with others, from which on it is told."""


class Reason(NamedTuple):
    """Why a labeling function deserves a look.

    Attributes:
        rule: The rule: a key of :data:`RULES`.
        told: What is the case, with the figures.
    """

    rule: str
    told: str


def _faults(row: Row) -> str:
    return f"failed on {row['faults']:,} item{'' if row['faults'] == 1 else 's'}" if row.get("faults") else ""


def _never(row: Row) -> str:
    return "" if row["coverage"] else "votes on no item"


def _below_chance(row: Row) -> str:
    if not row.get("high", math.nan) < row.get("chance", math.nan):
        return ""
    return f"right on {_judged(row)} of its votes; labels drawn as gold has them are on {row['chance']:.0%}"


def _below_others(row: Row) -> str:
    if not row.get("high", math.nan) < row.get("others_low", math.nan):
        return ""
    return f"right on {_judged(row)} of its votes; others that say the same are on {row['others']:.0%}"


def _better_without(row: Row) -> str:
    if not row.get("adds_high", math.nan) < 0:
        return ""
    return "dev gold is better off without it: {:+.1f} points [{:+.1f}, {:+.1f}]".format(
        *(-100 * row[name] for name in ("adds", "adds_high", "adds_low"))
    )


def _copies(row: Row) -> str:
    if not (row.get("repeats") and row.get("weight", 1.0) <= COPY):
        return ""
    return f"counts {row['weight']:.2f}: it repeats {row['repeats']}"


def _clashes(row: Row) -> str:
    share = row["conflicts"] / row["coverage"] if row["coverage"] else 0.0
    return f"{share:.0%} of its votes clash with others" if share >= CLASH else ""


def _drifts(row: Row) -> str:
    return f"drifts: {row['drift']}" if row.get("drift") else ""


RULES: Mapping[str, tuple[str, Callable[[Row], str]]] = {
    "faults": ("it failed on items", _faults),
    "never votes": ("it votes on no item", _never),
    "below chance": ("its precision is surely below that of labels drawn as gold has them", _below_chance),
    "better without": ("dev gold surely scores better without it", _better_without),
    "below others": ("its precision is surely below that of the others' votes for the same labels", _below_others),
    "copy": (f"the label model counts its votes {COPY} or less, since it repeats another", _copies),
    "clashes": ("half of its votes or more clash with others", _clashes),
    "drifts": ("it fires surely more, or less, often than before", _drifts),
}
"""Rule -> what it says, and what finds it; in the order in which they count. Surely: outside the 95 % interval."""


def reasons(row: Row) -> tuple[Reason, ...]:
    """Return why a labeling function deserves a look, the gravest first; nothing where no rule says so.

    Args:
        row: Its figures: ``coverage``, ``conflicts``; where they are known ``faults``, ``precision``, ``low``,
            ``high``, ``correct``, ``incorrect``, ``chance``, ``others``, ``others_low``, ``adds``, ``adds_low``,
            ``adds_high``, ``weight``, ``repeats``, ``drift``.

    Example:
        >>> [reason.told for reason in reasons({"coverage": 0.1, "conflicts": 0.08, "faults": 2})]
        ['failed on 2 items', '80% of its votes clash with others']
    """
    found = ((rule, find(row)) for rule, (_, find) in RULES.items())
    return tuple(Reason(rule, told) for rule, told in found if told)


def by_attention(frame: pd.DataFrame) -> pd.DataFrame:
    """Return labeling functions in the order in which they deserve a look, with ``look``: why.

    First count the rules, in their order; then how many of its votes on gold are wrong; then its coverage.

    Args:
        frame: A row for each, with the columns that :func:`reasons` reads.

    Returns:
        The frame, sorted, with a column of tuples of :class:`Reason`.

    Example:
        >>> found = by_attention(pd.DataFrame({"coverage": [0.5, 0.0], "conflicts": [0.0, 0.0]}, index=["a", "b"]))
        >>> list(found.index), found["look"].iloc[0][0].told
        (['b', 'a'], 'votes on no item')
    """
    order = list(RULES)
    looks = [reasons({str(column): value for column, value in row.items()}) for row in frame.to_dict("records")]
    wrong = frame["incorrect"].tolist() if "incorrect" in frame else [0] * len(frame)
    keys = [
        (order.index(look[0].rule) if look else len(order), -bad, -coverage, str(name))
        for look, bad, coverage, name in zip(looks, wrong, frame["coverage"], frame.index, strict=True)
    ]
    places = sorted(range(len(frame)), key=keys.__getitem__)
    found = frame.assign(look=pd.Series(looks, index=frame.index, dtype=object)).iloc[places]
    found.attrs = dict(frame.attrs)
    return found


def _judged(row: Row) -> str:
    judged = int(row["correct"] + row["incorrect"])
    return f"{row['precision']:.0%} [{row['low']:.0%}, {row['high']:.0%}] of {judged:,}"
