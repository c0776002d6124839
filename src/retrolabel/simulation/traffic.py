"""Days of feedback as counts: stable but for chance, weekdays, growth and unrest; or with changes that are planted.

What is counted is what drift is looked for in: items, labels, votes, lengths of texts, words. Nothing is written, so
that years of it take a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

BUSY = np.array([1.0, 1.12, 1.1, 1.05, 0.82, 0.16, 0.2])
"""How busy the days of a week are, from Monday."""
WEEKEND = np.array([0.0, 0.0, 0.0, 0.0, 0.1, 0.35, 0.35])
"""How far the days of a week are from a Monday in what is said, in log-odds."""
SHARES = np.array([0.5, 0.25, 0.15, 0.1])
UNLABELLED = 0.2
LONG, WIDE = np.log(90.0), 0.8
"""The middle and the spread of the logarithm of a text's length in characters."""
TOPICS = 20


@dataclass(frozen=True)
class Change:
    """A change that is planted.

    Attributes:
        what: ``rate``: the first labeling function votes ``size`` times as often; ``share``: the second label gains
            ``size`` of all items with a label; ``word``: a new word is in ``size`` of the items; ``length``: texts are
            ``size`` times as long.
        day: The first day on which it holds.
        size: How large it is.
        end: The first day on which it holds no more; it stays if ``None``.
    """

    what: Literal["rate", "share", "word", "length"]
    day: int
    size: float
    end: int | None = None


@dataclass(frozen=True)
class Usual:
    """What is usual.

    Attributes:
        per_month: Items of four weeks.
        growth: How much more items come each four weeks.
        unrest: How much a day differs from others, in log-odds (a standard deviation).
        memory: How much of a day's unrest the next one has, from 0 to below 1.
        season: How far a label's share swings within a year, in log-odds.
        lfs: Labeling functions; a fifth of them votes on fewer than 1 % of the items.
        words: Words, as frequent as in a language.
    """

    per_month: int = 5_000
    growth: float = 0.02
    unrest: float = 0.15
    memory: float = 0.0
    season: float = 0.0
    lfs: int = 20
    words: int = 2_000


@dataclass(frozen=True, eq=False)
class Traffic:
    """Feedback as counts by day; day 0 is a Monday.

    Attributes:
        items: int [D].
        labels: int [D, k].
        votes: int [D, V].
        lengths: int [D, L]: texts whose length has the place 4 log2(characters) + 1; none is empty.
        words: int [D, W]: items that hold each word; the last is the new one.
    """

    items: Ints
    labels: Ints
    votes: Ints
    lengths: Ints
    words: Ints


def simulate_traffic(
    days: int, usual: Usual | None = None, *, changes: Sequence[Change] = (), places: int = 64, seed: int = 0
) -> Traffic:
    """Simulate days of feedback as counts.

    Args:
        days: How many.
        usual: What is usual.
        changes: What is planted.
        places: The places of lengths, L.
        seed: The same seed gives the same counts; what is usual is the same whatever is planted.

    Example:
        >>> found = simulate_traffic(28, Usual(per_month=1000, growth=0))
        >>> bool(900 < found.items.sum() < 1100), found.labels.shape, found.words.shape
        (True, (28, 4), (28, 2001))
    """
    usual = usual or Usual()
    fixed, rng = np.random.default_rng(1), np.random.default_rng(seed)
    day = np.arange(days)
    busy = BUSY[day % 7] / BUSY.sum() * usual.per_month / 4 * (1 + usual.growth) ** (day / 28)
    items = rng.poisson(busy * rng.lognormal(0, 0.1, days))
    labels = _labels(rng, items, usual, changes)
    votes = _votes(rng, fixed, labels, items, usual, changes)
    return Traffic(
        items, labels, votes, _lengths(rng, items, usual, changes, places), _words(rng, items, usual, changes)
    )


def _holds(changes: Sequence[Change], what: str, days: int) -> list[tuple[npt.NDArray[np.bool_], float]]:
    day = np.arange(days)
    return [(((c.day <= day) & (day < (c.end or days))), c.size) for c in changes if c.what == what]


def _unrest(rng: np.random.Generator, days: int, kinds: int, usual: Usual) -> Floats:
    """Return by how much each kind is off on each day, in log-odds, float [D, kinds]."""
    found = rng.normal(0, usual.unrest, (days, kinds))
    keep = usual.memory
    for at in range(1, days if keep else 0):
        found[at] = keep * found[at - 1] + np.sqrt(1 - keep**2) * found[at]
    return found


def _labels(rng: np.random.Generator, items: Ints, usual: Usual, changes: Sequence[Change]) -> Ints:
    days, k = len(items), len(SHARES)
    day = np.arange(days)
    logits = np.log(SHARES) + _unrest(rng, days, k, usual)
    logits[:, 1] += WEEKEND[day % 7] + usual.season * np.sin(2 * np.pi * day / 364)
    shares = np.exp(logits)
    shares /= shares.sum(axis=1, keepdims=True)
    for held, size in _holds(changes, "share", days):
        moved = np.where(held, size, 0.0)
        shares[:, 0] -= moved
        shares[:, 1] += moved
    labelled = rng.binomial(items, 1 - UNLABELLED)
    return np.asarray(rng.multinomial(labelled, np.clip(shares, 0, 1)), np.int64)


def _votes(  # noqa: PLR0913 - what votes depend on
    rng: np.random.Generator,
    fixed: np.random.Generator,
    labels: Ints,
    items: Ints,
    usual: Usual,
    changes: Sequence[Change],
) -> Ints:
    days = len(items)
    rates = fixed.uniform(0.02, 0.2, usual.lfs)
    rates[-usual.lfs // 5 :] = fixed.uniform(0.001, 0.01, len(rates[-usual.lfs // 5 :]))
    rates[0] = 0.05
    off = np.exp(_unrest(rng, days, usual.lfs, usual))
    for held, size in _holds(changes, "rate", days):
        off[:, 0] *= np.where(held, size, 1.0)
    loves = np.arange(usual.lfs) % labels.shape[1]
    each = np.zeros((days, usual.lfs), np.int64)
    for label in range(labels.shape[1]):
        likely = np.where(loves == label, 1.6, 0.8) * rates * off
        each += rng.binomial(labels[:, [label]], np.minimum(likely, 0.95))
    rest = items - labels.sum(axis=1)
    return np.asarray(each + rng.binomial(rest[:, None], np.minimum(rates * off * 0.5, 0.95)), np.int64)


def _lengths(rng: np.random.Generator, items: Ints, usual: Usual, changes: Sequence[Change], places: int) -> Ints:
    from scipy.special import ndtr  # noqa: PLC0415 - slow to import

    days = len(items)
    middle = LONG + 0.3 * _unrest(rng, days, 1, usual)[:, 0] + 0.3 * WEEKEND[np.arange(days) % 7]
    for held, size in _holds(changes, "length", days):
        middle = middle + np.where(held, np.log(size), 0.0)
    edges = np.concatenate([[-np.inf], np.log(2.0) / 4 * np.arange(1, places - 1), [np.inf]])
    parts = np.diff(ndtr((edges - middle[:, None]) / WIDE), axis=1)
    return np.asarray(np.column_stack([np.zeros(days, np.int64), rng.multinomial(items, parts)]), np.int64)


def _words(rng: np.random.Generator, items: Ints, usual: Usual, changes: Sequence[Change]) -> Ints:
    days = len(items)
    rank = np.arange(1, usual.words + 1)
    rates = np.minimum(0.6, 1.2 / rank**0.9)
    topics = np.exp(2 * _unrest(rng, days, TOPICS, usual))
    each = rng.binomial(items[:, None], np.minimum(rates * topics[:, rank % TOPICS], 0.95))
    new = np.zeros(days, np.int64)
    for held, size in _holds(changes, "word", days):
        new += np.where(held, rng.binomial(items, size), 0)
    return np.asarray(np.column_stack([each, new]), np.int64)
