"""The figures behind the pictures of gold: how frequent labels are, how far people agree, what stays possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrolabel.analysis.report.gold_values import Frequency
    from retrolabel.gold.breakdowns import Part
    from retrolabel.gold.confusions import Confusion

RARE = 6
"""Labels that are so many times rarer than the most frequent one are drawn on a scale of their own."""
REST = "other"
"""How a reason calls the labels that are not the one in question."""
MOST_SIZES = 8
"""Items with so many possible labels or more are one bar."""


def frequencies(found: Iterable[Frequency]) -> pd.DataFrame:
    """Return how frequent labels are, a row each.

    Returns:
        A frame with ``label``, ``given`` (its share of the labels given), ``value``, ``low``, ``high`` (of all items),
        ``alone``, ``alone_low``, ``alone_high`` (the same by gold alone), ``n``, ``off`` (how far ``given`` lies
        outside of the interval) and ``rare`` (whether it needs a scale of its own).
    """
    rows = [
        {
            "label": each.label,
            "given": each.given,
            "value": each.found.value,
            "low": each.found.low,
            "high": each.found.high,
            "alone": each.found.classical.value,
            "alone_low": each.found.classical.low,
            "alone_high": each.found.classical.high,
            "n": each.found.n,
            "off": each.off,
        }
        for each in found
    ]
    shares = ["given", "value", "low", "high", "alone", "alone_low", "alone_high"]
    frame = pd.DataFrame(rows, columns=["label", *shares, "n", "off"]).astype(dict.fromkeys(shares, "float64"))
    most = frame[shares].max(axis=1)
    return frame.assign(rare=most * RARE < most.max())


def agreements(labels: Iterable[Part], pairs: Iterable[Confusion]) -> pd.DataFrame:
    """Return how far people agree on each label and on each pair of labels, a row each.

    Args:
        labels: Each label against the rest.
        pairs: The pairs of labels between which people differ.

    Returns:
        A frame with ``kind`` (``label`` or ``pair``), ``name`` (``good``, ``good / bad``), ``items``, ``differ`` (items
        on which people differ between the two; 0 of a label), ``agree`` (in percent agreement), ``alpha``, ``low``,
        ``high``, and ``why`` alpha is withheld or undefined; figures are missing then.
    """
    parts: list[tuple[str, int, Part]] = [("label", 0, part) for part in labels]
    parts += [("pair", pair.differ, pair.part) for pair in pairs]
    rows = []
    for kind, differ, part in parts:
        told, agree = part.beyond.as_dict(), part.agreement.as_dict()
        rows.append(
            {
                "kind": kind,
                "name": " / ".join(map(str, part.of)),
                "items": part.items,
                "differ": differ,
                "agree": agree["value"],
                "alpha": told["value"],
                "low": told["low"],
                "high": told["high"],
                "why": told["why"]
                if part.of == (REST,)
                else told["why"].replace(f"another answer than {REST!r}", "it"),
            }
        )
    numbers = ["agree", "alpha", "low", "high"]
    frame = pd.DataFrame(rows, columns=["kind", "name", "items", "differ", *numbers, "why"])
    return frame.astype(dict.fromkeys(numbers, "float64"))


def sizes(counts: Sequence[int]) -> pd.DataFrame:
    """Return how many items have one possible label, two, and so on; many labels are one row.

    Returns:
        A frame with ``labels`` (``1``, ``2``, ``8 or more``), ``items`` and ``share``.

    Example:
        >>> sizes([60, 30, 10]).to_numpy().tolist()
        [['1', 60, 0.6], ['2', 30, 0.3], ['3', 10, 0.1]]
    """
    rows = [(str(place), count) for place, count in enumerate(counts, start=1)]
    if len(rows) > MOST_SIZES:
        rows = [*rows[: MOST_SIZES - 1], (f"{MOST_SIZES} or more", sum(counts[MOST_SIZES - 1 :]))]
    total = max(1, sum(counts))
    return pd.DataFrame([(*row, row[1] / total) for row in rows], columns=["labels", "items", "share"])
