"""Slices on which labels are wrong, planted in simulated feedback: how often they are found, and how often by mistake.

Dev gold is a random sample of simulated feedback; its labels are wrong at random, one in five, and more often on the
planted slice: the items with one term (8 to 15 % of them, another term each time), of one month, or of one channel.
Found: a slice is named that shares half of its items or more with the planted one. False alarms: any slice is named
where none is planted.

    python benchmarks/slices.py [--seeds 200] [--first 200] [--gold 500]
"""

from __future__ import annotations

import argparse
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.slice_conditions import conditions_of, meets
from retrolabel.analysis.slices import find_slices
from retrolabel.gold.agreement import wilson
from retrolabel.wiring.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from retrolabel.analysis.slices import Slices

TEXTS = ["prompt", "answer", "sources", "comment"]
BASE = 0.2
TERM_SHARES = (0.08, 0.15)
PLANTED = (0.5, 0.65, 0.8)


def rows_of(frame: pd.DataFrame, random: np.random.Generator, gold: int) -> list[dict[str, Any]]:
    """Return a random sample of the feedback, as conditions read it."""
    some = frame.iloc[np.sort(random.permutation(len(frame))[:gold])]
    texts = some[[*TEXTS, "channel", "rating"]].astype(object).where(some[[*TEXTS, "channel", "rating"]].notna(), None)
    months = some["created_at"].dt.strftime("%Y-%m").tolist()
    return [{"month": month, **row} for month, row in zip(months, texts.to_dict("records"), strict=True)]


def planted(kind: str, conditions: Mapping[str, np.ndarray], random: np.random.Generator) -> str:
    """Return the name of a slice of a kind."""
    low, high = TERM_SHARES if kind == "term" else (0.0, 1.0)
    begins = {"term": " has ", "month": "month is ", "source": "channel is "}[kind]
    names = [name for name, here in conditions.items() if begins in name and low <= here.mean() <= high]
    return str(random.choice(names))


def is_found(found: Slices, here: np.ndarray, rows: list[dict[str, Any]]) -> bool:
    """Return whether a slice is named that is the planted one, or nearly."""
    named = [meets(name, rows) for name in found.worst["slice"]]
    return any((each & here).sum() >= 0.5 * (each | here).sum() for each in named)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=200)
    parser.add_argument("--gold", type=int, default=500)
    asked = parser.parse_args()
    frame = simulate(20_000, seed=1).feedback
    cases = [("none", BASE), *((kind, rate) for kind in ("term", "month", "source") for rate in PLANTED)]
    hits, others, seconds = dict.fromkeys(cases, 0), dict.fromkeys(cases, 0), []
    for seed in range(asked.first, asked.first + asked.seeds):
        random = np.random.default_rng(seed)
        rows = rows_of(frame, random, asked.gold)
        conditions = conditions_of(rows, TEXTS)
        for kind, rate in cases:
            here = np.zeros(len(rows), bool) if kind == "none" else conditions[planted(kind, conditions, random)]
            wrong = random.random(len(rows)) < np.where(here, rate, BASE)
            started = perf_counter()
            found = find_slices(wrong, conditions, seed=seed)
            seconds.append(perf_counter() - started)
            hits[kind, rate] += bool(len(found.worst)) if kind == "none" else is_found(found, here, rows)
            others[kind, rate] += len(found.worst) > 0
    print(f"{asked.seeds} seeds from {asked.first}, {asked.gold} dev gold, {BASE:.0%} wrong elsewhere")
    print(f"{len(conditions):,} conditions; median {np.median(seconds):.2f} s")
    for (kind, rate), count in hits.items():
        what = "any slice is named" if kind == "none" else f"found at {rate:.0%} wrong"
        share = wilson(count, asked.seeds)
        print(f"{kind:7} {what:22} {share.value:.3f} [{share.low:.3f}, {share.high:.3f}]")


if __name__ == "__main__":
    main()
