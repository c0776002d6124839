"""The summary of labeling functions with gold: ours beside Snorkel's LFAnalysis, on simulated votes.

Each measurement is a process of its own; seconds are medians. Votes cover 10 % of the items each, so that nearly all
rows differ where there are many labeling functions. ``build`` is from an array of integers to what is summed up:
our matrix, and Snorkel's LFAnalysis with its sparse matrix. Both give the same coverage, overlaps, conflicts and counts
against gold: that is checked.

    python benchmarks/lf_summary.py [--largest 1000000] [--times 3]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import warnings
from statistics import median
from time import perf_counter

import numpy as np
from label_models import simulated

SIZES = ((10_000, 10, 2), (100_000, 10, 2), (100_000, 50, 5), (1_000_000, 10, 2), (1_000_000, 50, 5))


def one(way: str, items: int, lfs: int, labels: int) -> None:
    """Measure one way in this process."""
    ints, truth = simulated(items, lfs, labels)
    if way == "snorkel":
        from snorkel.labeling import LFAnalysis
    else:
        from retrolabel import VoteMatrix
        from retrolabel.analysis.lf_summary import lf_summary
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = perf_counter()
    if way == "snorkel":
        warnings.simplefilter("ignore")
        analysis = LFAnalysis(ints.astype(np.int64))
        built = perf_counter()
        frame = analysis.lf_summary(truth)[["Coverage", "Overlaps", "Conflicts", "Correct", "Incorrect"]]
    else:
        votes = VoteMatrix.from_ints(ints, labels=labels)
        built = perf_counter()
        frame = lf_summary(votes, truth)[["coverage", "overlaps", "conflicts", "correct", "incorrect"]]
    done = perf_counter()
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    figures = frame.to_numpy(dtype=float).round(9).tolist()
    print(json.dumps({"build": built - started, "summary": done - built, "megabytes": peak, "figures": figures}))


def measured(way: str, size: tuple[int, int, int], times: int) -> dict[str, float]:
    """Return medians over processes."""
    words = [sys.executable, __file__, "--one", way, *map(str, size)]
    runs = [
        json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
        for _ in range(times)
    ]
    return {name: median(run[name] for run in runs) for name in ("build", "summary", "megabytes")} | {
        "figures": runs[0]["figures"]
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one[0], *map(int, chosen.one[1:]))
        return
    print(f"{'items x LFs, labels':<24}{'':>10}{'build s':>9}{'summary s':>11}{'peak MB':>9}{'times Snorkel':>15}")
    for size in SIZES:
        if size[0] > chosen.largest:
            continue
        found = {way: measured(way, size, chosen.times) for way in ("snorkel", "retrolabel")}
        if found["snorkel"]["figures"] != found["retrolabel"]["figures"]:
            raise SystemExit(f"The figures differ at {size}.")
        ratio = found["snorkel"]["summary"] / found["retrolabel"]["summary"]
        for way, f in found.items():
            told = f"{size[0]:,} x {size[1]}, {size[2]}" if way == "snorkel" else ""
            times = f"{ratio:.0f}" if way == "retrolabel" else ""
            numbers = f"{f['build']:>9.2f}{f['summary']:>11.3f}{f['megabytes']:>9.0f}{times:>15}"
            print(f"{told:<24}{way:>10}{numbers}", flush=True)


if __name__ == "__main__":
    main()
