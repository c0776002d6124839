"""Six months of feedback on an assistant that does not exist: SIMULATED data, written by us.

No user wrote any of these texts. The company, its products, its documentation, the questions, the
answers and the comments are ours, put together from templates; the true failure of each answer is
drawn first, and the texts follow from it as people tend to write, not as a labeling function would
like it. Numbers measured on this data say how retrolabel behaves on data of this kind. They say
nothing about a real assistant.

The story: a retrieval assistant answers questions about eight products. In the second month a
release breaks the formatting of answers for some weeks. In the fourth and fifth month nobody
rebuilds the search index, so that sources go stale. In the last weeks a new model makes up more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from retrolabel.errors import GoldError, InputError
from retrolabel.jobs.demo.answers import write_answer, write_prompt
from retrolabel.jobs.demo.comments import write_comment
from retrolabel.jobs.demo.dice import Dice, draw_scene
from retrolabel.jobs.demo.phrases import COMPLAINTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MODES = ("good", "retrieval", "generation", "formatting")
THUMBS = ("good", "bad")
CHANNELS = ("web", "ide", "slack")

_HOUR = np.timedelta64(3600, "s")
# Monday to Sunday, and midnight to midnight (UTC): offices in Europe, then in America.
_WEEKDAYS = np.array([1.0, 1.12, 1.1, 1.05, 0.82, 0.16, 0.2])
_HOURS = np.array([2, 1, 1, 1, 1, 3, 8, 18, 32, 38, 36, 28, 26, 38, 46, 48, 44, 36, 30, 25, 19, 12, 7, 4], dtype=float)
_GROWTH = 0.45
# The story, on a scale from 0 to 6: from when to when.
_BAD_RELEASE = (1.35, 2.05)
_STALE_INDEX = (2.9, 4.85)
_PACE = {"thumbs": (9.0, 0.5), "failure_mode": (21.0, 0.6)}
"""Median seconds that a label takes a person, and the spread of their logarithm."""
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
# How often no comment is left, by mode: who is angry writes.
_MISSING_COMMENT = np.array([0.30, 0.20, 0.19, 0.21])
_CONFUSIONS: dict[str, dict[str, float]] = {
    "good": {"generation": 0.5, "retrieval": 0.25, "formatting": 0.25},
    "retrieval": {"generation": 0.7, "good": 0.2, "formatting": 0.1},
    "generation": {"retrieval": 0.6, "good": 0.3, "formatting": 0.1},
    "formatting": {"generation": 0.45, "good": 0.4, "retrieval": 0.15},
}
_KINDS: dict[str, dict[str, float]] = {
    "good": {"": 1.0},
    "retrieval": {"stale": 0.3, "elsewhere": 0.3, "none": 0.25, "dead": 0.15},
    "generation": dict(zip(COMPLAINTS["generation"], (0.24, 0.16, 0.08, 0.16, 0.08, 0.16, 0.12), strict=True)),
    "formatting": dict(zip(COMPLAINTS["formatting"], (0.16, 0.22, 0.14, 0.07, 0.11, 0.13, 0.17), strict=True)),
}


@dataclass(frozen=True)
class Simulated:
    """Simulated feedback, and what is true of it.

    Attributes:
        feedback: ``item_id``, ``created_at`` (UTC, ascending), ``prompt``, ``answer``, ``sources``,
            ``latency_seconds``, ``rating`` (1 to 5 or missing), ``comment``, ``channel``.
        truth: ``item_id``, ``thumbs`` (good, bad), ``failure_mode`` (good, or the one true failure).
    """

    feedback: pd.DataFrame
    truth: pd.DataFrame


def simulate_feedback(
    items: int = 20_000, *, seed: int = 0, start: date = date(2026, 1, 1), months: int = 6
) -> Simulated:
    """Simulate the feedback that users of an invented assistant leave; see the module for the story.

    Args:
        items: How many items.
        seed: The same seed gives the same frames.
        start: The first day.
        months: How many months; the story is stretched over all of them.

    Raises:
        InputError: ``items`` is negative, or ``months`` is not positive.

    Example:
        >>> simulated = simulate_feedback(100, seed=7)
        >>> simulated.feedback.shape, simulated.truth["thumbs"].nunique()
        ((100, 9), 2)
    """
    if items < 0 or months < 1:
        raise InputError(f"Cannot simulate {items} items in {months} months.", remedy="Ask for at least one month.")
    rng = np.random.default_rng(seed)
    times, phase = _draw_times(rng, items, start, months)
    channels = rng.choice(len(CHANNELS), size=items, p=[0.55, 0.25, 0.2])
    modes = _draw_modes(rng, phase, channels)
    latency = _draw_latency(rng, modes)
    item_ids = [f"fb-{number:06d}" for number in range(1, items + 1)]
    feedback = pd.DataFrame({"item_id": pd.Series(item_ids, dtype=object), "created_at": times})
    for name, texts in _write_texts(rng, times, modes, channels, phase).items():
        feedback[name] = pd.Series(texts, dtype=object)
    feedback["latency_seconds"] = latency
    feedback["rating"] = _draw_ratings(rng, modes, latency)
    feedback["channel"] = pd.Series([CHANNELS[channel] for channel in channels], dtype=object)
    names = ["item_id", "created_at", "prompt", "answer", "sources", "latency_seconds", "rating", "comment", "channel"]
    truth = pd.DataFrame({"item_id": feedback["item_id"]})
    truth["thumbs"] = pd.Series([THUMBS[min(mode, 1)] for mode in modes], dtype=object)
    truth["failure_mode"] = pd.Series([MODES[mode] for mode in modes], dtype=object)
    return Simulated(feedback[names], truth)


def annotate(  # noqa: PLR0913 - what a sample of human labels depends on
    truth: pd.DataFrame,
    items: int,
    *,
    annotators: Sequence[str] = ("ana", "ben"),
    error_rate: float = 0.06,
    seed: int = 0,
    column: Literal["thumbs", "failure_mode"] = "failure_mode",
) -> pd.DataFrame:
    """Let simulated people label a random sample of items; each errs by himself.

    Args:
        truth: What is true, with ``item_id`` and ``column``; the rows to sample from.
        items: How many items, each of which every annotator labels.
        annotators: Who labels.
        error_rate: How often a label is wrong; a failure is mostly taken for one that resembles it.
        seed: The same seed gives the same labels.
        column: Which question is asked.

    Returns:
        ``item_id``, ``annotator``, ``label``, ``role`` and the ``seconds`` that it took, a row for each
        item and annotator.

    Raises:
        GoldError: There are fewer rows than items asked for.

    Example:
        >>> truth = simulate_feedback(100).truth
        >>> annotate(truth, 20, column="thumbs").groupby("annotator").size().to_dict()
        {'ana': 20, 'ben': 20}
    """
    if items > len(truth):
        raise GoldError(
            f"Cannot draw {items} items from {len(truth)} rows.", remedy=f"Ask for {len(truth)} items or fewer."
        )
    rng = np.random.default_rng(seed)
    dice = Dice(rng)
    sample = truth.iloc[np.sort(rng.choice(len(truth), size=items, replace=False))]
    rows = [
        (item, annotator, _misjudge(dice, label, column) if dice.chance(error_rate) else label, "dev")
        for annotator in annotators
        for item, label in zip(sample["item_id"], sample[column], strict=True)
    ]
    labels = pd.DataFrame(rows, columns=["item_id", "annotator", "label", "role"], dtype=object)
    median, spread = _PACE[column]
    return labels.assign(seconds=np.random.default_rng([seed, 1]).lognormal(np.log(median), spread, len(rows)).round(1))


def _misjudge(dice: Dice, label: str, column: str) -> str:
    """Return a wrong label that somebody may well take for the right one."""
    if column == "thumbs":
        return THUMBS[1 - THUMBS.index(label)]
    return dice.choose(_CONFUSIONS[label])


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
    """Return the true mode of each item; how likely each is follows the story."""
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


def _draw_latency(rng: np.random.Generator, modes: Ints) -> Floats:
    """Return seconds until the answer came: lognormal, and now and then far slower."""
    slow = rng.random(len(modes)) < _SLOW_SHARE
    median = 3.4 * np.array([1.0, 1.18, 1.0, 1.12])[modes] * np.where(slow, 3.8, 1.0)
    return np.round(median * rng.lognormal(0.0, 0.55, len(modes)), 2)


def _draw_ratings(rng: np.random.Generator, modes: Ints, latency: Floats) -> pd.api.extensions.ExtensionArray:
    """Return ratings: some missing, some lower for the wait, some that do not fit at all."""
    bounds = np.cumsum(_RATINGS[modes], axis=1)[:, :-1]
    ratings = 1 + (rng.random(len(modes))[:, None] > bounds).sum(axis=1)
    impatient = (latency > _SLOW_SECONDS) & (rng.random(len(modes)) < _IMPATIENT)
    ratings = np.maximum(ratings - impatient, 1)
    ratings = np.where(rng.random(len(modes)) < _MISFIT_RATING, 6 - ratings, ratings)
    return pd.arrays.IntegerArray(ratings.astype(np.int64), rng.random(len(modes)) < _MISSING_RATING)


def _write_texts(
    rng: np.random.Generator, times: pd.DatetimeIndex, modes: Ints, channels: Ints, phase: Floats
) -> dict[str, list[str | None]]:
    """Return prompts, answers, sources and comments, item by item."""
    silent = rng.random(len(modes)) < _MISSING_COMMENT[modes]
    dice = Dice(rng)
    texts: dict[str, list[str | None]] = {"prompt": [], "answer": [], "sources": [], "comment": []}
    rows = zip(modes.tolist(), channels.tolist(), times.year.tolist(), phase.tolist(), silent.tolist(), strict=True)
    for code, channel, year, when, is_silent in rows:
        mode = MODES[code]
        kinds = _KINDS[mode]
        if mode == "retrieval" and _STALE_INDEX[0] < when < _STALE_INDEX[1]:
            kinds = kinds | {"stale": 0.75}
        kind = dice.choose(kinds)
        scene = draw_scene(dice, year, CHANNELS[channel])
        prompt, language = write_prompt(dice, scene)
        answer, sources = write_answer(dice, scene, kind, language)
        comment = None if is_silent else write_comment(dice, scene.asked, mode, kind)
        texts["prompt"].append(prompt)
        texts["answer"].append(answer)
        texts["sources"].append(sources or _nothing(dice))
        texts["comment"].append(comment or _nothing(dice))
    return texts


def _nothing(dice: Dice) -> str | None:
    """Return one of the two ways in which exports write that there is nothing."""
    return "" if dice.chance(0.25) else None
