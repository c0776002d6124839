"""Slices on which labels are wrong, planted in simulated feedback: how often they are found, and how often by mistake.

Dev gold is a random sample of simulated feedback; its labels are wrong at random, one in five, and more often on the
planted slice: the items with one term (8 to 15 % of them, another term each time), of one month, or of one channel.
Found: a slice is named that shares half of its items or more with the planted one. The interval of a named slice holds
it: it holds the mean of the chances with which its items were made wrong. With ``--real``: dev gold of the shipped
tasks on real feedback, whose wrong items are dealt out anew, so that they gather nowhere.

    python benchmarks/slices.py [--seeds 200] [--first 5000] [--gold 500]
    RETROLABEL_DATA=... python benchmarks/slices.py --real
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.slice_conditions import conditions_of, meets
from retrolabel.analysis.slices import find_slices
from retrolabel.gold.agreement import wilson
from retrolabel.wiring.finding_errors import Judging
from retrolabel.wiring.simulation import simulate
from retrolabel.wiring.slicing import judged_conditions

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd

    from retrolabel.analysis.slices import Slices

    Flags = npt.NDArray[np.bool_]
    Rates = npt.NDArray[np.float64]

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


class Counts:
    """What became of one kind of planted slice, over all seeds.

    Attributes:
        found: Cases in which a named slice shares half of its items or more with the planted one.
        others: Cases in which a slice is named that does not.
        named: Slices that were named.
        held: Those whose interval holds the mean of what each of their items was wrong with.
        above: Those whose interval lies above it.
        apart: The sum of what the figure is above it.
        plain: The sum of what the plain share is above it.
    """

    def __init__(self) -> None:
        self.found = self.others = self.named = self.held = self.above = 0
        self.apart = self.plain = 0.0

    def add(self, found: Slices, here: Flags, truth: Rates, rows: list[dict[str, Any]]) -> None:
        """Count what was found in one case."""
        alike, outside = [], np.ones(len(rows), bool)
        for row in found.worst.itertuples():
            flags = meets(row.slice, rows)
            alike.append(bool((flags & here).sum() >= 0.5 * (flags | here).sum()))
            really = float(truth[flags & outside].mean())
            outside &= ~flags
            self.named += 1
            self.held += row.low <= really <= row.high
            self.above += row.low > really
            self.apart += row.rate - really
            self.plain += row.wrong / row.items - really
        self.found += any(alike)
        self.others += not all(alike)


def told(counts: Counts, seeds: int) -> str:
    """Return a line of figures."""
    found, others = wilson(counts.found, seeds), wilson(counts.others, seeds)
    line = "  ".join(f"{each.value:.3f} [{each.low:.3f}, {each.high:.3f}]" for each in (found, others))
    if not counts.named:
        return line
    held = wilson(counts.held, counts.named)
    return (
        f"{line}  {counts.named:4} {held.value:.3f} [{held.low:.3f}, {held.high:.3f}] {counts.above / counts.named:.3f}"
        f" {counts.apart / counts.named:+.3f} {counts.plain / counts.named:+.3f}"
    )


def simulated(asked: argparse.Namespace) -> None:
    """Print how often planted slices are found in simulated feedback."""
    frame = simulate(20_000, seed=1).feedback
    cases = [("none", BASE), *((kind, rate) for kind in ("term", "month", "source") for rate in asked.wrong)]
    counts, seconds, looked = {case: Counts() for case in cases}, [], []
    for seed in range(asked.first, asked.first + asked.seeds):
        random = np.random.default_rng(seed)
        rows = rows_of(frame, random, asked.gold)
        conditions = conditions_of(rows, TEXTS)
        looked.append(len(conditions))
        for kind, rate in cases:
            here = np.zeros(len(rows), bool) if kind == "none" else conditions[planted(kind, conditions, random)]
            truth = np.where(here, rate, BASE)
            wrong = random.random(len(rows)) < truth
            started = process_time()
            found = find_slices(wrong, conditions, seed=seed)
            seconds.append(process_time() - started)
            counts[kind, rate].add(found, here, truth, rows)
    print(f"{asked.seeds} seeds from {asked.first}, {asked.gold} dev gold, {BASE:.0%} wrong elsewhere")
    print(f"{np.median(looked):,.0f} conditions; median {np.median(seconds):.2f} s of a processor")
    print("planted  wrong   found                 another is named      named interval holds it     above rate, share")
    for (kind, rate), count in counts.items():
        print(f"{kind:8}  {rate:4.0%}   {told(count, asked.seeds)}")


def permuted(asked: argparse.Namespace) -> None:
    """Print how often a slice is named in real gold whose wrong items are dealt out anew, and what is as it is."""
    from end_models import MADE  # it needs the folder of real data

    for task, made in MADE.items():
        with tempfile.TemporaryDirectory() as folder:
            ws = made(Path(folder), asked.gold)
            wrong, conditions = judged_conditions(Judging(ws.task(task)._site, task, "latest"))  # noqa: SLF001 - as the task does
        named = 0
        for seed in range(asked.first, asked.first + asked.seeds):
            dealt = np.random.default_rng(seed).permutation(wrong)
            named += len(find_slices(dealt, conditions, seed=seed).worst) > 0
        share = wilson(named, asked.seeds)
        print(
            f"{task}: {len(wrong):,} judged, {wrong.mean():.0%} wrong, {len(conditions):,} conditions; a slice is named"
            f" in {share.value:.3f} [{share.low:.3f}, {share.high:.3f}] of {asked.seeds} deals"
        )
        found = find_slices(wrong, conditions)
        print(f"as it is:\n{found}")


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=5_000)
    parser.add_argument("--gold", type=int, default=500)
    parser.add_argument(
        "--wrong", type=float, nargs="*", default=PLANTED, help="shares that are wrong where it is planted"
    )
    parser.add_argument("--real", action="store_true", help="real feedback, whose wrong labels are dealt out anew")
    asked = parser.parse_args()
    if asked.real:
        permuted(asked)
    else:
        simulated(asked)


if __name__ == "__main__":
    main()
