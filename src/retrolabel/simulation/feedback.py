"""Feedback on an assistant that does not exist: SIMULATED data, written by us.

No user wrote any of these texts. The company, its products, its documentation, the questions, the
answers and the comments are ours, put together from templates; the true failure of each answer is
drawn first, and the texts follow from it as people tend to write, not as a labeling function would
like it. Numbers measured on this data say how retrolabel behaves on data of this kind. They say
nothing about a real assistant.

What happens in these months, :mod:`retrolabel.simulation.story` tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.errors import InputError
from retrolabel.simulation.answers import Assistant
from retrolabel.simulation.comments import Commenter
from retrolabel.simulation.dice import Dice
from retrolabel.simulation.failures import MODES, THUMBS
from retrolabel.simulation.prompts import write_prompt
from retrolabel.simulation.scene import draw_scene
from retrolabel.simulation.story import CHANNELS, draw_latency, draw_occasions, draw_ratings, kinds_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from retrolabel.simulation.story import Occasions
    from retrolabel.simulation.words import Words

_COLUMNS = (
    "item_id", "created_at", "prompt", "answer", "sources", "latency_seconds", "rating", "comment", "channel",
)  # fmt: skip
# How often no comment is left, by mode: who is angry writes.
_MISSING_COMMENT = np.array([0.30, 0.20, 0.19, 0.21])


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


def simulate_feedback(items: int, *, words: Words, start: date, months: int = 6, seed: int = 0) -> Simulated:
    """Simulate the feedback that users of an invented assistant leave.

    :func:`retrolabel.wiring.simulation.simulate` is the same with the words that ship.

    Args:
        items: How many items.
        words: What the texts are made of.
        start: The first day.
        months: How many months; the story is stretched over all of them.
        seed: The same seed, and the same words, give the same frames.

    Raises:
        InputError: ``items`` is negative, or ``months`` is not positive.

    Example:
        >>> from datetime import date
        >>> from retrolabel.interop.word_lists import read_words
        >>> simulated = simulate_feedback(100, words=read_words(), start=date(2026, 1, 1), seed=7)
        >>> simulated.feedback.shape, simulated.truth["thumbs"].nunique()
        ((100, 9), 2)
    """
    if items < 0 or months < 1:
        raise InputError(f"Cannot simulate {items} items in {months} months.", remedy="Ask for at least one month.")
    rng = np.random.default_rng(seed)
    occasions = draw_occasions(rng, items, start, months)
    latency = draw_latency(rng, occasions.modes)
    item_ids = _texts([f"fb-{number:06d}" for number in range(1, items + 1)])
    feedback = pd.DataFrame({"item_id": item_ids, "created_at": occasions.times})
    for name, texts in _write_texts(rng, occasions, words).items():
        feedback[name] = _texts(texts)
    feedback["latency_seconds"] = latency
    feedback["rating"] = draw_ratings(rng, occasions.modes, latency)
    feedback["channel"] = _texts([CHANNELS[channel] for channel in occasions.channels])
    truth = pd.DataFrame({"item_id": item_ids})
    truth["thumbs"] = _texts([THUMBS[min(mode, 1)] for mode in occasions.modes])
    truth["failure_mode"] = _texts([MODES[mode] for mode in occasions.modes])
    return Simulated(feedback[list(_COLUMNS)], truth)


def _texts(values: Sequence[str | None]) -> pd.Series[Any]:
    """Return a column of Python's own strings, so that ``None`` stays what it is."""
    return pd.Series(values, dtype=object)


def _write_texts(rng: np.random.Generator, occasions: Occasions, words: Words) -> dict[str, list[str | None]]:
    """Return prompts, answers, sources and comments, item by item."""
    silent = rng.random(len(occasions.modes)) < _MISSING_COMMENT[occasions.modes]
    dice = Dice(rng)
    assistant, commenter = Assistant(dice, words), Commenter(dice, words)
    texts: dict[str, list[str | None]] = {"prompt": [], "answer": [], "sources": [], "comment": []}
    columns = (occasions.modes, occasions.channels, occasions.times.year, occasions.phase, silent)
    for code, channel, year, phase, is_silent in zip(*(column.tolist() for column in columns), strict=True):
        mode = MODES[code]
        kind = dice.choose(kinds_of(mode, phase))
        scene = draw_scene(dice, words, year, CHANNELS[channel])
        prompt, language = write_prompt(dice, scene, words.prompts)
        answer, sources = assistant.answer(scene, kind, language)
        comment = None if is_silent else commenter.comment(scene.asked, mode, kind)
        texts["prompt"].append(prompt)
        texts["answer"].append(answer)
        texts["sources"].append(sources or _nothing(dice))
        texts["comment"].append(comment or _nothing(dice))
    return texts


def _nothing(dice: Dice) -> str | None:
    """Return one of the two ways in which exports write that there is nothing."""
    return "" if dice.chance(0.25) else None
