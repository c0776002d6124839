"""In which week a fall of agreement is found, by which chart, and how often nothing is found where nothing fell.

    python benchmarks/agreement_series.py calm|decay|intervals [--times 200]

Simulated is a team of three who answer 30 to 50 items a week, about half of them the same each week. Items have one of
four labels (50, 25, 15 and 10 %) and are easy (70 %) or hard; each has a label that it is mistaken for. People differ:
one errs half as often as another. Each is away for two weeks at a time, one week in ten; one week in fifteen nobody
answers; a fourth person joins in week 20. Of an item that was asked before, a person repeats the answer that they gave
then in some of the cases (``memory``). How often people err is set so that alpha is what it says.

``calm`` is a year in which nothing changes. ``decay`` is calm for 8 weeks at .82, then falls to .58: at once, along a
line over 17 weeks, in one pair of labels alone, or in one person alone. ``intervals`` is how often the interval of one
period holds the true alpha.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from retrolabel.gold.coding import Ratings
from retrolabel.gold.coefficients import krippendorff_alpha
from retrolabel.gold.series.charting import charted
from retrolabel.gold.series.control_charts import H, h_of_many
from retrolabel.gold.series.scores import Asked, Score, nominal, of_two

SHARES = np.array([0.5, 0.25, 0.15, 0.1])
K = len(SHARES)
PAIRS = [(x, y) for x in range(K) for y in range(x + 1, K)]
ERRS = np.array([1.0, 0.7, 1.4, 1.2])
"""How often each person errs, beside the others."""
HARD, EASE, HARDNESS = 0.3, 0.35, 2.5
HIGH, LOW, CALM, FALL = 0.82, 0.58, 8, 17


@dataclass
class Team:
    """People and items: what they say in a week, at a rate of errors."""

    rng: np.random.Generator
    fixed: int = 20
    new: tuple[int, int] = (10, 30)
    memory: float = 0.0
    alike: bool = False
    truth: list[int] = field(default_factory=list)
    rival: list[int] = field(default_factory=list)
    hard: list[float] = field(default_factory=list)
    last: dict[tuple[int, int], int] = field(default_factory=dict)

    def drawn(self, n: int) -> list[int]:
        """Draw new items; return their numbers."""
        first = len(self.truth)
        truth = self.rng.choice(K, n, p=SHARES)
        others = np.where(np.arange(K) == truth[:, None], 0, SHARES)
        upto = np.cumsum(others / others.sum(axis=1, keepdims=True), axis=1)
        self.rival += (self.rng.random((n, 1)) > upto).sum(axis=1).tolist()
        self.hard += np.where(self.rng.random(n) < HARD, HARDNESS, EASE).tolist()
        self.truth += truth.tolist()
        return list(range(first, first + n))

    def said(self, items: list[int], rates: np.ndarray, pair: float, here: np.ndarray) -> Asked:
        """Return what people say of items.

        Args:
            items: The items.
            rates: float [people]: how often each errs on an item of mean hardness.
            pair: How much more often they err between the first two labels.
            here: bool [people]: who answers.
        """
        truth, rival, hard = (np.array(each)[items] for each in (self.truth, self.rival, self.hard))
        codes = np.full((len(rates), len(items)), -1, np.int32)
        for who in np.flatnonzero(here):
            wrong = self.rng.random(len(items)) < np.minimum(0.75, rates[who] * hard)
            other = np.where(self.rng.random(len(items)) < 0.7, rival, self.rng.choice(K, len(items), p=SHARES))
            said = np.where(wrong, other, truth)
            swapped = (truth < 2) & (self.rng.random(len(items)) < pair * np.minimum(1, hard))
            said = np.where(swapped, 1 - truth, said)
            if self.memory:
                before = np.array([self.last.get((who, item), -1) for item in items])
                said = np.where((before >= 0) & (self.rng.random(len(items)) < self.memory), before, said)
                self.last |= {(int(who), item): int(label) for item, label in zip(items, said, strict=True)}
            codes[who] = said
        return Asked(codes, np.array(items))


def alpha(asked: Asked, draws: int = 0, least: int = 2):  # noqa: ANN201 - a coefficient
    """Return Krippendorff's alpha of a period."""
    people, items = asked.codes.shape
    ratings = Ratings(asked.codes, tuple("abcd"), tuple(range(people)), tuple(range(items)))
    return krippendorff_alpha(ratings, draws=draws, least=least)


def errors(rate: float, shape: str) -> tuple[np.ndarray, float]:
    """Return how often each person errs, and how much more between two labels, where the rest is as in calm weeks."""
    calm = rate_of(HIGH, "all") if shape != "all" else rate
    if shape == "pair":
        return calm * ERRS, rate
    if shape == "person":
        return calm * np.where(np.arange(len(ERRS)) == 0, rate / calm, ERRS), 0.0
    return rate * ERRS, 0.0


@cache
def rate_of(wanted: float, shape: str) -> float:
    """Return the rate of errors at which three people have an alpha."""
    low, high = (rate_of(HIGH, "all"), 3.0) if shape == "person" else (0.0, 1.0)
    for _ in range(25):
        middle = (low + high) / 2
        team = Team(np.random.default_rng(7))
        found = alpha(team.said(team.drawn(40_000), *errors(middle, shape), np.arange(4) < 3)).value
        low, high = (middle, high) if found > wanted else (low, middle)
    return (low + high) / 2


def year(
    seed: int, *, weeks: int = 52, shape: str = "", then: float = LOW, memory: float = 0.0, mixed: bool = True
) -> tuple[list[int], list[Asked]]:
    """Return the weeks in which people answered, and what they said."""
    rng = np.random.default_rng([seed, 24])
    team = Team(rng, memory=memory)
    if not mixed:
        team.fixed, team.new = (0, (40, 41)) if mixed is False else (40, (0, 1))
    again = team.drawn(team.fixed)
    away = rng.random((4, weeks + 1)) < 0.05
    away = away[:, 1:] | away[:, :-1]
    found, at = [], []
    for week in range(weeks):
        if rng.random() < 1 / 15 and week:
            continue
        part = 0.0 if not shape or week < CALM else min(1.0, (week - CALM + 1) / FALL) if shape == "line" else 1.0
        kind = shape if shape in ("pair", "person") else "all"
        base, last = errors(rate_of(HIGH, "all"), "all"), errors(rate_of(then, kind), kind)
        if shape == "line":
            last = errors(rate_of(round(HIGH + part * (then - HIGH), 4), "all"), "all")
            part = float(part > 0)
        rates, pair = (one + part * (other - one) for one, other in zip(base, last, strict=True))
        here = ~away[:, week] & (np.arange(4) < (3 if week < 20 else 4))
        if here.sum() < 2:
            here[:2] = True
        found.append(team.said(again + team.drawn(int(rng.integers(*team.new))), rates, pair, here))
        at.append(week)
    return at, found


def alarms(at: list[int], found: list[Asked], h: float = H, limit: float = 3.5) -> dict[str, list[int]]:
    """Return chart -> the weeks of its signals."""
    told: dict[str, list[int]] = {}
    series = {"all": (Score(nominal(K)), h)} | {
        f"{x}{y}": (of_two(K, x, y), h_of_many(len(PAIRS), h)) for x, y in PAIRS
    }
    for name, (score, mine) in series.items():
        for point in charted(found, score, h=mine, limit=limit if name == "all" else 4.0):
            if point.signal:
                told.setdefault(f"{'pairs' if name != 'all' else 'all'} {point.signal}", []).append(at[point.last])
            if point.rise and name == "all":
                told.setdefault("rise", []).append(at[point.last])
    return told
