"""How fast Krippendorff's alpha is: ours beside the package krippendorff, and what an interval costs.

Five people rate items in five classes; with a tenth of the answers missing; as names. Both ways are run in turn, each
time on the same ratings, after one run that is not counted; the figures are medians, and the ratios medians of the
ratios. An interval is of 1,000 resamples. The last table is the hard case for an interval: nearly all rows of counts
differ.

    python benchmarks/agreement.py [--items 100000] [--times 9]

krippendorff comes with the group dev; without it ours is timed alone.
"""

from __future__ import annotations

import argparse
import importlib.util
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.gold import krippendorff_alpha

if TYPE_CHECKING:
    from collections.abc import Callable

LEVELS = ("nominal", "ordinal", "interval")


def rated(items: int, people: int, k: int) -> np.ndarray:
    """Draw ratings [people, items] as floats."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, k, items)
    drawn = rng.integers(0, k, (people, items))
    return np.where(rng.random((people, items)) < 0.8, truth, drawn).astype(np.float64)


def seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long a call takes, and what it returns."""
    start = perf_counter()
    found = call()
    return perf_counter() - start, found


def line(name: str, ratings: np.ndarray, level: str, times: int) -> str:
    """Return a row of the table."""
    ours, whole, theirs = [], [], []
    for _ in range(times + 1):
        took, value = seconds(lambda: krippendorff_alpha(ratings, level, draws=0))
        ours.append(took)
        whole.append(seconds(lambda: krippendorff_alpha(ratings, level))[0])
        if importlib.util.find_spec("krippendorff") is not None:
            import krippendorff

            texts = ratings.astype(str) if ratings.dtype == object else ratings
            took, other = seconds(lambda texts=texts: krippendorff.alpha(texts, level_of_measurement=level))
            theirs.append(took)
            if abs(value.value - other) > 1e-9:
                raise SystemExit(f"{name}, {level}: {value.value} and {other}")
    ours, whole, theirs = ours[1:], whole[1:], theirs[1:]
    cost = median(interval / one for interval, one in zip(whole, ours, strict=True))
    faster = f"{median(a / b for a, b in zip(theirs, ours, strict=True)):.1f}" if theirs else ""
    other_ms = f"{median(theirs) * 1e3:.1f}" if theirs else ""
    return (
        f"| {name} | {level} | {median(ours) * 1e3:.1f} | {other_ms} | {faster} | {median(whole) * 1e3:.1f}"
        f" | {cost:.1f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=9)
    asked = parser.parse_args()
    whole = rated(asked.items, 5, 5)
    missing = np.where(np.random.default_rng(1).random(whole.shape) < 0.1, np.nan, whole)
    names = np.array(list("abcde"), dtype=object)[whole.astype(int)]
    size = f"{asked.items:,} items x 5"
    print("| ratings | level | ours, ms | krippendorff, ms | times faster | with interval, ms | interval / one |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, ratings in ((size, whole), (f"{size}, a tenth missing", missing)):
        for level in LEVELS:
            print(line(name, ratings, level, asked.times), flush=True)
    print(line(f"{size}, names", names, "nominal", asked.times), flush=True)
    for items, people, k in ((1_000, 20, 9), (10_000, 20, 9)):
        for level in LEVELS:
            print(line(f"{items:,} items x {people}, {k} classes", rated(items, people, k), level, asked.times))


if __name__ == "__main__":
    main()
