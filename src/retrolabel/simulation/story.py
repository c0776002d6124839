"""The figures of the story: when users ask and where, what fails, how long it takes, how they rate it.

A retrieval assistant answers questions about eight products. In the second month a release breaks
the formatting of answers for some weeks. In the fourth and fifth month nobody rebuilds the search
index, so that sources go stale. In the last weeks a new model makes up more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.simulation.failures import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CHANNELS = ("web", "ide", "slack")

_HOUR = np.timedelta64(3600, "s")
# Monday to Sunday, and midnight to midnight (UTC): offices in Europe, then in America.
_WEEKDAYS = np.array([1.0, 1.12, 1.1, 1.05, 0.82, 0.16, 0.2])
_HOURS = np.array([2, 1, 1, 1, 1, 3, 8, 18, 32, 38, 36, 28, 26, 38, 46, 48, 44, 36, 30, 25, 19, 12, 7, 4], dtype=float)
_GROWTH = 0.45
_CHANNEL_SHARES = (0.55, 0.25, 0.2)
# The story, on a scale from 0 to 6: from when to when.
_BAD_RELEASE = (1.35, 2.05)
_STALE_INDEX = (2.9, 4.85)
_NEW_MODEL = 5.3
# How often each rating from 1 to 5 is given, by mode.
_RATINGS = np.array([
    [0.02, 0.03, 0.11, 0.33, 0.51],
    [0.32, 0.29, 0.21, 0.12, 0.06],
    [0.40, 0.28, 0.18, 0.09, 0.05],
    [0.14, 0.25, 0.33, 0.20, 0.08],
])  # fmt: skip
_MISSING_RATING = 0.3
_MISFIT_RATING = 0.03
_SLOW_SECONDS = 12.0
_SLOW_SHARE = 0.06
_IMPATIENT = 0.35


@dataclass(frozen=True)
class Occasions:
    """When and where users asked, and what was true of the answer; one entry an item in each.

    Attributes:
        times: When, in UTC, ascending.
        phase: How far into the story that is, from 0 to 6.
        channels: Where, as a place in ``CHANNELS``.
        modes: What was true, as a place in ``MODES``.
    """

    times: pd.DatetimeIndex
    phase: Floats
    channels: Ints
    modes: Ints


def draw_occasions(rng: np.random.Generator, items: int, start: date, months: int) -> Occasions:
    """Draw when and where users ask, and what fails; how likely that is follows the story.

    Args:
        rng: Where chance comes from.
        items: How many items.
        start: The first day.
        months: How many months; the story is stretched over all of them.
    """
    times, phase = _draw_times(rng, items, start, months)
    channels = rng.choice(len(CHANNELS), size=items, p=_CHANNEL_SHARES)
    return Occasions(times, phase, channels, _draw_modes(rng, phase, channels))


def kinds_of(mode: str, phase: float) -> Mapping[str, float]:
    """Return how often a mode is of each kind at a moment of the story.

    Example:
        >>> kinds_of("retrieval", 1.0)["stale"], kinds_of("retrieval", 4.0)["stale"]
        (0.3, 0.75)
    """
    if mode == "retrieval" and _STALE_INDEX[0] < phase < _STALE_INDEX[1]:
        return {**KINDS[mode], "stale": 0.75}
    return KINDS[mode]


def draw_latency(rng: np.random.Generator, modes: Ints) -> Floats:
    """Return seconds until the answer came: lognormal, and now and then far slower."""
    slow = rng.random(len(modes)) < _SLOW_SHARE
    median = 3.4 * np.array([1.0, 1.18, 1.0, 1.12])[modes] * np.where(slow, 3.8, 1.0)
    return np.round(median * rng.lognormal(0.0, 0.55, len(modes)), 2)


def draw_ratings(rng: np.random.Generator, modes: Ints, latency: Floats) -> pd.api.extensions.ExtensionArray:
    """Return ratings: some missing, some lower for the wait, some that do not fit at all."""
    bounds = np.cumsum(_RATINGS[modes], axis=1)[:, :-1]
    ratings = 1 + (rng.random(len(modes))[:, None] > bounds).sum(axis=1)
    impatient = (latency > _SLOW_SECONDS) & (rng.random(len(modes)) < _IMPATIENT)
    ratings = np.maximum(ratings - impatient, 1)
    ratings = np.where(rng.random(len(modes)) < _MISFIT_RATING, 6 - ratings, ratings)
    return pd.arrays.IntegerArray(ratings.astype(np.int64), rng.random(len(modes)) < _MISSING_RATING)


def _draw_times(rng: np.random.Generator, items: int, start: date, months: int) -> tuple[pd.DatetimeIndex, Floats]:
    """Return ascending times, and for each how far into the story it is, from 0 to 6."""
    years, month = divmod(start.month - 1 + months, 12)
    first = np.datetime64(start.isoformat(), "s")
    day = np.datetime64(f"{start.year + years:04d}-{month + 1:02d}", "s") + np.timedelta64(start.day - 1, "D")
    hours = np.arange(first, day, _HOUR)
    weekday = (hours.astype("datetime64[D]").astype(np.int64) + 3) % 7
    hour_of_day = hours.astype("datetime64[h]").astype(np.int64) % 24
    weights = _WEEKDAYS[weekday] * _HOURS[hour_of_day] * (1 + _GROWTH * np.arange(len(hours)) / len(hours))
    weights *= np.repeat(rng.lognormal(0.0, 0.12, len(hours) // 24 + 1), 24)[: len(hours)]
    drawn = rng.choice(len(hours), size=items, p=weights / weights.sum())
    seconds = np.sort(drawn * 3600 + rng.integers(0, 3600, items))
    stamps = (first + seconds.astype("timedelta64[s]")).astype("datetime64[us]")
    return pd.DatetimeIndex(stamps).tz_localize("UTC"), 6.0 * seconds / (3600 * len(hours))


def _draw_modes(rng: np.random.Generator, phase: Floats, channels: Ints) -> Ints:
    """Return what is true of each item; how likely each mode is follows the story."""
    stale_index = np.clip((phase - _STALE_INDEX[0]) / 0.7, 0, 1) * (phase < _STALE_INDEX[1])
    bad_release = (phase > _BAD_RELEASE[0]) & (phase < _BAD_RELEASE[1])
    new_model = phase > _NEW_MODEL
    in_ide, in_slack = (channels == CHANNELS.index(channel) for channel in ("ide", "slack"))
    weights = np.column_stack([
        np.full(len(phase), 0.565),
        0.145 * (1 + 1.3 * stale_index),
        0.19 * (1 + 0.03 * phase) * np.where(new_model, 1.35, 1.0) * np.where(in_ide, 1.15, 1.0),
        0.075 * np.where(bad_release, 3.2, 1.0) * np.where(in_slack, 1.6, 1.0),
    ])  # fmt: skip
    bounds = np.cumsum(weights, axis=1)
    picked: Ints = (rng.random(len(phase))[:, None] * bounds[:, -1:] > bounds).sum(axis=1)
    return picked
