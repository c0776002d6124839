"""Whether `gold effect` says by how much a change of the spec helped, and does not say so where it did not.

    python benchmarks/agreement_effect.py [--times 500] [--memory 0.3] [--worst]

People label items with one of four labels. Each item has its own clarity, the same before and after, so that an item
which is hard stays hard. Half of the items of two labels lie on their border: there each person follows their own
reading of the definitions. The new version settles 80 % of these; or none, where nothing improved. The planted
improvement is the change of alpha of the two labels among the same people on 300,000 items.

A row: how often the 95 % interval holds it, how often it lies beside it above and below, how often it lies above 0
(with nothing improved: the false alarms), and how often the figure is withheld. ``--memory`` lets people repeat that
share of their answers. ``--worst`` asks for the pair that people mixed up most before, of six that are all alike.
"""

from __future__ import annotations

import argparse
from itertools import combinations

import numpy as np

from retrolabel.gold.paired_agreement import paired_change

SHARES = {"common": (0.35, 0.30, 0.20, 0.15), "rare": (0.08, 0.07, 0.55, 0.30), "unlike": (0.45, 0.06, 0.29, 0.20)}
ON_THE_BORDER, SETTLED = 0.5, 0.8
ITEMS, PEOPLE = (30, 60, 100, 300), (3, 5, 8)
HUGE = 300_000
K = 4


def answers(  # noqa: PLR0913 - what a world is made of
    rng: np.random.Generator,
    items: int,
    people: int,
    shares: tuple[float, ...],
    *,
    settled: float,
    memory: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw what people say before and after: int [people, items] each."""
    truth = rng.choice(K, items, p=shares)
    clarity = rng.beta(18, 2, items)
    border = (truth < 2) & (rng.random(items) < ON_THE_BORDER)
    open_still = border & (rng.random(items) >= settled)
    reading = np.random.default_rng(7).beta(2, 2, people)[:, None]  # the same people in each world
    sides = []
    for unclear in (border, open_still):
        said = np.where(rng.random((people, items)) < clarity, truth, rng.choice(K, (people, items), p=shares))
        sides.append(np.where(unclear, (rng.random((people, items)) < reading).astype(int), said))
    before, after = sides
    return before, np.where(rng.random((people, items)) < memory, before, after)


def counted(codes: np.ndarray) -> np.ndarray:
    """Return how many people gave each label to each item: int [items, k]."""
    return np.stack([(codes == label).sum(axis=0) for label in range(K)], axis=1)


def planted(people: int, shares: tuple[float, ...], *, settled: float, memory: float) -> float:
    """Return the change of alpha of the two labels on a huge number of items."""
    sides = answers(np.random.default_rng(99), HUGE, people, shares, settled=settled, memory=memory)
    return paired_change(*map(counted, sides), [[0], [1]]).by or 0.0


def row(  # noqa: PLR0913 - what a world is made of
    kind: str, items: int, people: int, times: int, *, settled: float, memory: float = 0.0
) -> dict[str, float]:
    """Return how the intervals of so many simulations lie."""
    shares = SHARES[kind]
    true = planted(people, shares, settled=settled, memory=memory)
    above = below = found = shown = 0
    width = 0.0
    for seed in range(times):
        rng = np.random.default_rng([seed, items, people, int(10 * settled), len(kind)])
        sides = answers(rng, items, people, shares, settled=settled, memory=memory)
        change = paired_change(*map(counted, sides), [[0], [1]])
        if change.why or change.low is None or change.high is None:
            continue
        shown += 1
        above += change.low > true
        below += change.high < true
        found += change.more
        width += change.high - change.low
    shares_of = {"holds": shown - above - below, "above": above, "below": below, "more": found, "width": width}
    told = {name: value / shown if shown else float("nan") for name, value in shares_of.items()}
    return {"planted": true, **told, "withheld": 1 - shown / times}


def worst(times: int) -> None:
    """Print how often the pair that was mixed up most before is said to be told apart better, where nothing changed."""
    print("| items | people | the worst of six pairs is said to be better |\n| ---: | ---: | ---: |")
    for items in (60, 300):
        for people in (3, 8):
            found = shown = 0
            for seed in range(times):
                rng = np.random.default_rng([seed, items, people])
                truth = rng.choice(K, items)
                sides = [
                    counted(np.where(rng.random((people, items)) < 0.75, truth, rng.choice(K, (people, items))))
                    for _ in range(2)
                ]
                mixed = {pair: int((sides[0][:, pair] > 0).all(axis=1).sum()) for pair in combinations(range(K), 2)}
                one, other = max(mixed, key=mixed.__getitem__)
                change = paired_change(*sides, [[one], [other]])
                shown += not change.why
                found += change.more
            print(f"| {items} | {people} | {found / shown:.1%} of {shown} |".replace("%", " %"), flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--memory", type=float, default=0.0)
    parser.add_argument("--worst", action="store_true")
    asked = parser.parse_args()
    if asked.worst:
        worst(asked.times)
        return
    titles = ["labels", "items", "people", "planted", "holds it", "above", "below", "said to be better", "withheld"]
    print(f"| {' | '.join(titles)} |\n| --- {'| ---: ' * (len(titles) - 1)}|")
    for settled in (SETTLED, 0.0):
        for kind in SHARES:
            for items in ITEMS:
                for people in PEOPLE:
                    told = row(kind, items, people, asked.times, settled=settled, memory=asked.memory)
                    cells = [kind, items, people, f"{told['planted']:+.2f}"]
                    cells += [f"{told[name]:.1%}" for name in ("holds", "above", "below", "more", "withheld")]
                    print(f"| {' | '.join(map(str, cells))} |".replace("%", " %"), flush=True)


if __name__ == "__main__":
    main()
