"""What it costs to know again what a changed label means on the items that bore it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from retrolabel.errors import counted
from retrolabel.gold.agreement import Z95

SAMPLES = (50, 100, 200, 400)
FEW = 100
"""Up to this many items, looking at all of them is cheaper than thinking about samples."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to deal with labels that no longer say what they said.

    Attributes:
        choice: ``keep``, ``sample``, ``relabel`` or ``label_model``.
        labels: How many labels people have to give.
        hours: How long that takes them; ``None`` where the store knows no times.
        half_width: Half of the 95 % interval of a share that is measured on them, at worst; ``None``
            where nothing is measured.
        buys: What one gets for it, in a sentence.
        recommended: Whether it is what the figures speak for.
    """

    choice: str
    labels: int
    hours: float | None
    half_width: float | None
    buys: str
    recommended: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def half_width(n: int, population: int) -> float:
    """Return half of the 95 % interval of a share of 1/2 measured on ``n`` of ``population`` items.

    Wilson's interval (1927), with the correction for a finite population (Cochran 1977, 2.6): the
    uncertainty is about the items that were not looked at.

    Example:
        >>> round(half_width(100, 10_000), 3), half_width(50, 50)
        (0.096, 0.0)
    """
    if n >= population:
        return 0.0
    left = (population - n) / (population - 1)
    return Z95 * math.sqrt(left / (4 * (n + Z95**2)))


def choices(  # noqa: PLR0913 - what is known of the items
    items: int, *, kind: str, suspect: bool, seconds: float | None, calls: int | None, others: int = 0
) -> tuple[Choice, ...]:
    """Return what can be done about items whose human labels became a set, unknown or suspect.

    Args:
        items: How many there are.
        kind: ``exact``, ``set`` or ``unknown``: what their labels say now.
        suspect: Whether the label was redefined.
        seconds: What a label takes a person, as a median; ``None`` if nobody measured.
        calls: How many LF calls a relabel under the new version takes; ``None`` if not known.
        others: How many other gold items say something under the new version: they stay fitted, whatever is done here.

    Example:
        >>> for choice in choices(1_000, kind="set", suspect=False, seconds=12.0, calls=0):
        ...     print(choice.choice, choice.labels, choice.recommended)
        keep 0 False
        sample 50 False
        sample 100 False
        sample 200 True
        sample 400 False
        relabel 1000 False
        label_model 0 False
    """
    if items == 0:
        return ()
    wanted = _recommended(items)

    def hours(labels: int) -> float | None:
        return None if seconds is None else labels * seconds / 3600

    keeps = (
        "stays out of fit and metrics"
        if suspect
        else "says nothing there; the original is kept"
        if kind == "unknown"
        else "fitted as the set that they leave; they judge by membership only, not in accuracy"
    )
    stay = f"; the other {counted(others, 'gold item')} stay{'s' if others == 1 else ''} fitted" if others else ""
    found = [Choice("keep", 0, 0.0, None, keeps)]
    again = "these narrow it" if kind == "set" else "these count again"
    asks = "how often the label still holds" if suspect else "how the items divide"
    found += [
        Choice(
            "sample",
            n,
            hours(n),
            half_width(n, items),
            f"{asks}, within +-{half_width(n, items):.3f}; {again}{stay}",
            wanted == n,
        )
        for n in SAMPLES
        if n < items
    ]
    narrow = f"one label on {'this item' if items == 1 else f'each of these {items:,}'}{stay}"
    found.append(Choice("relabel", items, hours(items), 0.0, narrow, wanted == items))
    told = "" if calls is None else f" ({calls:,} LF calls)"
    found.append(
        Choice("label_model", 0, 0.0, None, f"probabilities, and never gold{told}; a sample says how good they are")
    )
    return tuple(found)


def _recommended(items: int) -> int:
    """Return how many to label: all of a few, else the smallest sample within +-7 points."""
    if items <= FEW:
        return items
    return next((n for n in SAMPLES if n < items and half_width(n, items) <= 0.07), min(SAMPLES[-1], items))  # noqa: PLR2004 - the docstring's
