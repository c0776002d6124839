"""Simulated feedback with the words that ship, for whoever does not care which words those are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from retrolabel.interop.word_lists import read_words
from retrolabel.simulation.feedback import simulate_feedback

if TYPE_CHECKING:
    from retrolabel.simulation.feedback import Simulated


def simulate(items: int = 20_000, *, seed: int = 0, start: date = date(2026, 1, 1), months: int = 6) -> Simulated:
    """Simulate the feedback that users of an invented assistant leave.

    Args:
        items: How many items.
        seed: The same seed gives the same frames.
        start: The first day.
        months: How many months; the story is stretched over all of them.

    Raises:
        InputError: ``items`` is negative, ``months`` is not positive, or a word list cannot be used.

    Example:
        >>> simulated = simulate(100, seed=7)
        >>> simulated.feedback.shape, simulated.truth["thumbs"].nunique()
        ((100, 9), 2)
    """
    return simulate_feedback(items, words=read_words(), start=start, months=months, seed=seed)
