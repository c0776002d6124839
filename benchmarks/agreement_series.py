"""In which week a fall of agreement is found, by which chart, and how often nothing is found where nothing fell.

    python benchmarks/agreement_series.py calm|decay|intervals [--times 200] [--h 5]

Simulated is a team of three who answer 30 to 50 items a week, about half of them the same each week. Items have one of
four labels (50, 25, 15 and 10 %) and are easy (70 %) or hard; each has a label that it is mistaken for. People differ:
one errs half as often as another. Each is away for two weeks at a time, one week in ten; one week in fifteen nobody
answers; a fourth person joins in week 20. Of an item that was asked before, a person repeats the answer that they gave
then in some of the cases (``memory``). How often people err is set so that alpha is what it says.

``calm`` is a year in which nothing changes. ``decay`` is calm for 8 weeks at .82, then people err more until alpha is
.58 (or .70): at once, or along a line over 17 weeks; all people on all labels, all on one pair of labels, or one person
alone. ``intervals`` is how often the interval of one period holds the true figure.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.coding import Ratings
from retrolabel.gold.coefficients import krippendorff_alpha, percent_agreement
from retrolabel.gold.series.charting import LEAST, charted
from retrolabel.gold.series.control_charts import LIMIT, H, h_of_many
from retrolabel.gold.series.scores import Asked, Score, nominal, of_two
from retrolabel.jobs.gold.series.building import PAIR_LIMIT

if TYPE_CHECKING:
    from retrolabel.gold.coefficient import Coefficient

SHARES = np.array([0.5, 0.25, 0.15, 0.1])
K = len(SHARES)
PAIRS = [(x, y) for x in range(K) for y in range(x + 1, K)]
ERRS = np.array([1.0, 0.7, 1.4, 1.2])
"""How often each person errs, beside the others."""
HARD, EASE, HARDNESS = 0.3, 0.35, 2.5
HIGH, LOW, CALM, FALL, NEWCOMER = 0.82, 0.58, 8, 17, 20
NEVER = 99


@dataclass
class Team:
    """People and items: what they say in a week, at a rate of errors."""

    rng: np.random.Generator
    fixed: int = 20
    new: tuple[int, int] = (10, 30)
    memory: float = 0.0
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


def ratings_of(asked: Asked) -> Ratings:
    """Return what people said as ratings."""
    people, items = asked.codes.shape
    return Ratings(asked.codes, tuple("abcd"), tuple(range(people)), tuple(range(items)))


def alpha(asked: Asked, draws: int = 0, least: int = 2) -> Coefficient:
    """Return Krippendorff's alpha of a period."""
    return krippendorff_alpha(ratings_of(asked), draws=draws, least=least)


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


@dataclass(frozen=True)
class Year:
    """What is simulated.

    Attributes:
        weeks: How many.
        kind: Who falls: ``all``, ``pair`` or ``person``; nobody if empty.
        over: Weeks that the fall takes.
        then: Alpha at its end.
        memory: How often a person repeats an answer that they gave before.
        fixed: Items that are the same each week.
        new: New items a week, from and below.
    """

    weeks: int = 52
    kind: str = ""
    over: int = 1
    then: float = LOW
    memory: float = 0.0
    fixed: int = 20
    new: tuple[int, int] = (10, 31)

    def lived(self, seed: int) -> tuple[list[int], list[Asked]]:
        """Return the weeks in which people answered, and what they said."""
        rng = np.random.default_rng([seed, 24])
        team = Team(rng, memory=self.memory)
        again = team.drawn(self.fixed)
        away = rng.random((4, self.weeks + 1)) < 0.05
        away = away[:, 1:] | away[:, :-1]
        base = errors(rate_of(HIGH, "all"), "all")
        last = errors(rate_of(self.then, self.kind), self.kind) if self.kind else base
        found, at = [], []
        for week in range(self.weeks):
            if week and rng.random() < 1 / 15:
                continue
            part = min(1.0, max(0, week - CALM + 1) / self.over)
            rates, pair = (one + part * (other - one) for one, other in zip(base, last, strict=True))
            here = ~away[:, week] & (np.arange(4) < (3 if week < NEWCOMER else 4))
            if here.sum() < 2:
                here[:2] = True
            found.append(team.said(again + team.drawn(int(rng.integers(*self.new))), rates, pair, here))
            at.append(week)
        return at, found


def signals(at: list[int], found: list[Asked], h: float = H) -> dict[str, list[int]]:
    """Return chart -> the weeks of its signals."""
    told: dict[str, list[int]] = {}
    enough = [
        pair
        for pair in PAIRS
        if sum(np.isfinite(of_two(K, *pair).of(week.codes)[0]).sum() for week in found) >= LEAST * len(found)
    ]
    charts = [("all", Score(nominal(K)), h, LIMIT)]
    charts += [("pairs", of_two(K, *pair), h_of_many(len(enough), h), PAIR_LIMIT) for pair in enough]
    for name, score, mine, limit in charts:
        for point in charted(found, score, h=mine, limit=limit):
            if point.signal:
                told.setdefault(f"{name} {point.signal}", []).append(at[point.last])
            if point.rise and name == "all":
                told.setdefault("rise", []).append(at[point.last])
    return {name: sorted(weeks) for name, weeks in told.items()}


CHARTS = ("all CUSUM", "all Shewhart", "pairs CUSUM", "pairs Shewhart")


def calm(times: int, h: float) -> None:
    """Print how many alarms a year has in which nothing changes."""
    kinds = {
        "20 items again, 10 to 30 new": Year(),
        "all new, 30 to 50": Year(fixed=0, new=(30, 51)),
        "the same 40": Year(fixed=40, new=(0, 1)),
        "20 again, remembered in half": Year(memory=0.5),
        "20 again, remembered in nine of ten": Year(memory=0.9),
        "20 again, alpha .58": Year(kind="all", over=1, then=LOW),
    }
    print(f"| items a week | h | {' | '.join(CHARTS)} | years with an alarm | rises |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, year in kinds.items():
        lived = [year.lived(seed) for seed in range(times)]
        if year.kind:  # low from the first week on: what comes before the fall is left out
            lived = [
                ([w for w in at if w > CALM], [f for w, f in zip(at, found, strict=True) if w > CALM])
                for at, found in lived
            ]
        told = [signals(at, found, h) for at, found in lived]
        each = [sum(len(one.get(chart, [])) for one in told) / times for chart in CHARTS]
        some = sum(any(one.get(chart) for chart in CHARTS) for one in told) / times
        rises = sum(len(one.get("rise", [])) for one in told) / times
        cells = " | ".join(f"{rate:.2f}" for rate in each)
        print(f"| {name} | {h:.0f} | {cells} | {some:.1%} | {rises:.2f} |".replace("%", " %"), flush=True)


def decay(times: int, h: float) -> None:
    """Print in which week a fall is found, by which chart, and how often an alarm comes before it."""
    print("| fall | h | before it | found | week, median | 90 % | by all | by a pair | first by |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for then in (LOW, 0.7):
        for kind in ("all", "pair", "person"):
            for over in (1, FALL):
                lived = [Year(weeks=40, kind=kind, over=over, then=then).lived(seed) for seed in range(times)]
                _fell(f"{kind}, to {then}, {'at once' if over == 1 else f'in {over} weeks'}", h, lived)


def _fell(name: str, h: float, lived: list[tuple[list[int], list[Asked]]]) -> None:
    early, first, by, apart = 0, [], Counter(), {"all": [], "pairs": []}
    for at, found in lived:
        told = {chart: weeks for chart, weeks in signals(at, found, h).items() if chart != "rise"}
        early += any(week < CALM for weeks in told.values() for week in weeks)
        after = sorted((week - CALM + 1, chart) for chart, weeks in told.items() for week in weeks if week >= CALM)
        first.append(after[0][0] if after else NEVER)
        by[after[0][1] if after else "nothing"] += 1
        for which, weeks in apart.items():
            weeks.append(next((week for week, chart in after if chart.startswith(which)), NEVER))
    times = len(lived)
    share = sum(week < NEVER for week in first) / times
    medians = [np.median(first), np.quantile(first, 0.9), np.median(apart["all"]), np.median(apart["pairs"])]
    cells = " | ".join("-" if week >= NEVER else f"{week:.0f}" for week in medians)
    told = ", ".join(f"{chart} {count / times:.0%}" for chart, count in by.most_common(3))
    print(f"| {name} | {h:.0f} | {early / times:.1%} | {share:.0%} | {cells} | {told} |".replace("%", " %"), flush=True)


def intervals(times: int) -> None:
    """Print how often the interval of one period holds the true figure."""
    print("| alpha | items | shown | alpha held | its width | agreement held |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for wanted in (HIGH, LOW):
        rates, three = rate_of(wanted, "all") * ERRS, np.arange(4) < 3
        team = Team(np.random.default_rng(1))
        every = team.said(team.drawn(200_000), rates, 0.0, three)
        truth, agreed = alpha(every).value, percent_agreement(ratings_of(every), draws=0).value
        for n in (15, 20, 30, 40, 50):
            held, shown, other, width = 0, 0, 0, 0.0
            for seed in range(times):
                team = Team(np.random.default_rng([seed, n]))
                week = team.said(team.drawn(n), rates, 0.0, three)
                found = alpha(week, draws=500, least=n)
                share = percent_agreement(ratings_of(week), draws=500, least=1)
                other += share.low <= agreed <= share.high
                if not found.why:
                    shown, held, width = (
                        shown + 1,
                        held + (found.low <= truth <= found.high),
                        width + found.high - found.low,
                    )
            cells = f"{shown / times:.0%} | {held / shown:.1%} | {width / shown:.2f} | {other / times:.1%}"
            print(f"| {wanted} | {n} | {cells} |".replace("%", " %"), flush=True)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["calm", "decay", "intervals"])
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--h", type=float, default=H, help="where the CUSUM of all people signals")
    asked = parser.parse_args()
    if asked.what == "intervals":
        intervals(asked.times)
    else:
        {"calm": calm, "decay": decay}[asked.what](asked.times, asked.h)


if __name__ == "__main__":
    main()
