"""Simulated feedback as a look for drift sees it: how often alarms are false, and what planted changes look like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.drift_weeks import BUCKETS, REFERENCE, WEEK, Span, Texts, Weeks

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.simulation.traffic import Traffic

    Ints = npt.NDArray[np.int64]

LOOK = REFERENCE + 2
"""Windows that a look takes in: those before, the one that is left out, and the newest."""


def weeks_of(traffic: Traffic, end: int, *, width: int = 4) -> Weeks:
    """Return the weeks that a look at the end of a window takes in.

    The labels are ``a``, ``b`` and so on; the labeling functions ``lf0``, ``lf1`` and so on, which vote for ``a``.

    Args:
        traffic: The days.
        end: The week after the window.
        width: The weeks of a window.

    Example:
        >>> from retrolabel.analysis.drift import drift
        >>> from retrolabel.simulation.traffic import Change, simulate_traffic
        >>> days = simulate_traffic(7 * 32, changes=[Change("word", 7 * 28, 0.05)])
        >>> [alarm.look_at[0].partition(" -> ")[0] for alarm in drift(weeks_of(days, 32)).alarms]
        ['word #2000 0.0 %']
    """
    first = max(0, end - LOOK * width)

    def by_week(counts: Ints) -> Ints:
        kept = counts[first * WEEK : end * WEEK]
        return np.asarray(kept.reshape(-1, WEEK, *counts.shape[1:]).sum(axis=1), np.int64)

    words = np.zeros((end - first, BUCKETS), np.int64)
    words[:, : traffic.words.shape[1]] = by_week(traffic.words)
    labels = tuple("abcdefgh"[: traffic.labels.shape[1]])
    return Weeks(
        Span(first, end - width, end),
        by_week(traffic.items),
        labels,
        by_week(traffic.labels),
        tuple((f"lf{place}", "a") for place in range(traffic.votes.shape[1])),
        by_week(traffic.votes),
        texts={"comment": Texts(by_week(traffic.lengths), words)},
    )
