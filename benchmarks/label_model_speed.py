"""How fast label models are, and how much memory they take, beside Snorkel's.

Seconds and peaks of fit and predict on the real sets and on simulated votes (10 % coverage), each way in a process of
its own; a fit after one labeling function changed; hard labels beside Snorkel's majority vote. Snorkel is left out
where its one-hot would not fit in memory. Where a fit takes milliseconds both are run seven times in turn, and the
ratio is the median of the seven. --largest 10000000 goes to ten million items. --threads 1 gives both one
thread; without it each takes what it takes on this machine.

    RETROLABEL_DATA=... python benchmarks/label_model_speed.py [--largest 1000000] [--threads 1]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from real_votes import SETS, votes_of

from retrolabel import VoteMatrix
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.protocol import hard_labels
from retrolabel.label_models.sketch import Sketch
from retrolabel.votes import merge_patterns

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.votes import Patterns

SNORKELS_SHARE = 2.6
"""Snorkel holds an items x (LFs * labels) one-hot in eight-byte numbers, and at its peak about so many of them."""

FEW, TURNS = 500_000, 7
"""Up to so many items x LFs x labels a fit takes milliseconds, and so many processes of each way are run in turn."""


def simulated(items: int, lfs: int, labels: int) -> tuple[np.ndarray, np.ndarray]:
    """Return simulated votes in Snorkel's coding, with 10 % coverage each, and the truth."""
    random = np.random.default_rng(0)
    truth = random.integers(0, labels, items)
    ints = np.full((items, lfs), -1, dtype=np.int8)
    for lf in range(lfs):
        votes = random.random(items) < 0.1
        right = random.random(items) < random.uniform(0.6, 0.9)
        ints[votes, lf] = np.where(right[votes], truth[votes], random.integers(0, labels, int(votes.sum())))
    return ints, truth


def median_of(repeats: int, *steps: Callable[[Any], Any]) -> list[float]:
    """Return the median seconds of each step, where each is given what the one before gave."""
    seconds: list[list[float]] = []
    for _ in range(repeats):
        found, times = None, []
        for step in steps:
            started = perf_counter()
            found = step(found)
            times.append(perf_counter() - started)
        seconds.append(times)
        del found
    return np.median(seconds, axis=0).tolist()


def ours(ints: np.ndarray, labels: int, repeats: int) -> list[float]:
    """Return the seconds of building the matrix, fitting and predicting."""
    return median_of(
        repeats,
        lambda _: VoteMatrix.from_ints(ints, labels=labels),
        lambda votes: (votes, LabelModel().fit(votes)),
        lambda both: both[1].predict_proba(both[0]),
    )


def snorkels(ints: np.ndarray, labels: int, repeats: int) -> list[float]:
    """Return the seconds of Snorkel's label model; it takes int64."""
    from snorkel.labeling.model import LabelModel as Snorkels

    def fit(votes: np.ndarray) -> tuple[Any, np.ndarray]:
        model = Snorkels(cardinality=labels, verbose=False)
        model.fit(votes, n_epochs=100, seed=0, progress_bar=False)
        return model, votes

    return median_of(repeats, lambda _: ints.astype(np.int64), fit, lambda both: both[0].predict_proba(both[1]))


def majority(ints: np.ndarray, labels: int, repeats: int) -> list[float]:
    """Return the seconds of hard labels: by Snorkel's majority vote, by ours, and by our label model."""
    from snorkel.labeling.model import MajorityLabelVoter

    given, votes = ints.astype(np.int64), VoteMatrix.from_ints(ints, labels=labels)
    voter, vote, model = MajorityLabelVoter(labels), MajorityVote().fit(votes), LabelModel().fit(votes)
    return [
        *median_of(1, lambda _: voter.predict(given)),
        *median_of(repeats, lambda _: hard_labels(vote.predict_proba(votes), votes.covered)),
        *median_of(repeats, lambda _: hard_labels(model.predict_proba(votes), votes.covered)),
    ]


def changed(ints: np.ndarray, labels: int, repeats: int) -> list[float]:
    """Return the seconds of fits after one voter changed.

    They are: the matrix built and fitted; the matrix fitted; the patterns of sixteen segments merged and fitted, as a
    relabel does; and the column put into the sketch and fitted.
    """
    votes = VoteMatrix.from_ints(ints, labels=labels)
    sketch, segments = Sketch.of(votes), np.array_split(np.arange(len(votes)), 16)
    column = VoteMatrix.from_ints(np.roll(ints[:, 0], 1)[:, None], labels=labels, voters=votes.voters[:1])
    parts = [votes.rows(slice(rows[0], rows[-1] + 1)) for rows in segments]
    model = LabelModel()

    def merged() -> Patterns:
        return merge_patterns([part.patterns().without_items() for part in parts])[0]

    ways: list[Callable[[Any], Any]] = [
        lambda _: model.fit(VoteMatrix.from_ints(ints, labels=labels)),
        lambda _: model.fit(votes),
        lambda _: model.fit(merged()),
        lambda _: model.fit(sketch.with_column(column)),
    ]
    return median_of(repeats, *ways)  # in turns, since what else the machine does changes


WAYS = {"ours": ours, "snorkel": snorkels, "majority": majority, "changed": changed}


def one(way: str, file: str, labels: int, repeats: int) -> None:
    """Measure one way in this process: seconds, and the peak above what the imports take, the votes included."""
    if way in {"snorkel", "majority"}:
        import snorkel.labeling.model  # noqa: F401 - is not to be measured
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the peak starts from here
    before = highest_memory()
    found = WAYS[way](np.load(file), labels, repeats)
    print(json.dumps([*found, (highest_memory() - before) / 1024]))


def highest_memory() -> int:
    """Return the peak of this process in KB, on Linux since it was set back."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="utf-8").split("VmHWM:")[1].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def in_a_process(way: str, file: Path, labels: int, rows: int, *, threads: int) -> list[float] | None:
    """Return what one way takes: medians of five runs, of three from a million items on."""
    words = ["--one", way, str(file), str(labels), "5" if rows < 1_000_000 else "3"]
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    limits = dict.fromkeys(names, str(threads)) if threads else {}
    done = subprocess.run(
        [sys.executable, __file__, *words], capture_output=True, text=True, check=False, env=os.environ | limits
    )
    if done.returncode:
        print(f"{way} failed: {(done.stderr.strip().splitlines() or [f'ended with {done.returncode}'])[-1]}")
        return None
    return json.loads(done.stdout.splitlines()[-1])


def compared(title: str, file: Path, shape: tuple[int, int], labels: int, *, threads: int) -> None:
    """Print ours and Snorkel's, side by side."""
    needed = SNORKELS_SHARE * shape[0] * shape[1] * labels * 8
    fits = needed < 0.9 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    turns = [
        (
            in_a_process("snorkel", file, labels, shape[0], threads=threads) if fits else None,
            in_a_process("ours", file, labels, shape[0], threads=threads),
        )
        for _ in range(TURNS if shape[0] * shape[1] * labels <= FEW else 1)
    ]
    if any(mine is None for _, mine in turns):
        return
    mine = np.median([found for _, found in turns], axis=0).tolist()
    theirs = np.median([found for found, _ in turns], axis=0).tolist() if all(found for found, _ in turns) else None
    told = f"{title:<32}{mine[0]:>8.4f}{mine[1]:>8.4f}{mine[2]:>8.4f}{mine[3]:>8.0f}"
    if theirs:
        times = np.median([(one[1] + one[2]) / (other[1] + other[2]) for one, other in turns])
        told += (
            f"{theirs[1]:>10.4f}{theirs[2]:>8.4f}{theirs[3]:>8.0f}{times:>9.1f}x{mine[3] / max(theirs[3], 1):>10.3f}"
        )
    else:
        told += f"    would take about {needed / 2**30:.0f} GB" if not fits else "    failed"
    print(told, flush=True)


def speed(largest: int, threads: int) -> None:
    """Print seconds and peaks: fit and predict beside Snorkel's, a fit after one change, hard labels."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "votes.npy"
        print(
            "\nspeed: seconds, and MB above the imports, votes included; Snorkel: 100 epochs\n"
            f"{'items x LFs, labels':<32}{'build':>8}{'fit':>8}{'predict':>8}{'MB':>8}"
            f"{'Snorkel':>10}{'predict':>8}{'MB':>8}{'faster':>10}{'of its MB':>10}"
        )
        for name in SETS:
            votes, _, _ = votes_of(name)
            np.save(file, votes.to_ints().astype(np.int8))
            k = len(votes.labels)
            title = f"{name.removeprefix('ws_')} {len(votes):,} x {votes.shape[1]}, {k}"
            compared(title, file, votes.shape, k, threads=threads)
        sizes = [(n, m, k) for n in (10_000, 100_000, 1_000_000, 10_000_000) for m in (10, 50) for k in (2, 5)]
        sizes = [size for size in sizes if size[0] <= largest]
        for items, lfs, labels in sizes:
            np.save(file, simulated(items, lfs, labels)[0])
            compared(f"{items:,} x {lfs}, {labels}", file, (items, lfs), labels, threads=threads)
        print(
            "\nafter one LF changed: seconds\n"
            f"{'items x LFs, labels':<26}{'built+fit':>10}{'fit':>8}{'segments':>10}{'sketch':>8}{'shares':>22}"
        )
        for items, lfs, labels in [(n, m, k) for n, m, k in sizes if n in {100_000, 1_000_000} and (m, k) != (10, 5)]:
            np.save(file, simulated(items, lfs, labels)[0])
            if found := in_a_process("changed", file, labels, items, threads=threads):
                built, fit, parts, sketch, _ = found
                shares = f"{sketch / built:>8.2f}{sketch / fit:>7.2f}{sketch / parts:>7.2f}"
                told = f"{f'{items:,} x {lfs}, {labels}':<26}{built:>10.3f}{fit:>8.3f}{parts:>10.3f}{sketch:>8.3f}"
                print(told + shares, flush=True)
        print(
            "\nhard labels: seconds\n"
            f"{'items x LFs, labels':<26}{'MajorityLabelVoter':>20}{'our majority':>14}{'our model':>12}{'faster':>15}"
        )
        for items, lfs, labels in [(n, m, k) for n, m, k in sizes if n == 1_000_000]:
            np.save(file, simulated(items, lfs, labels)[0])
            if found := in_a_process("majority", file, labels, items, threads=threads):
                theirs, vote, model, _ = found
                told = f"{f'{items:,} x {lfs}, {labels}':<26}{theirs:>20.2f}{vote:>14.3f}{model:>12.3f}"
                print(f"{told}{theirs / vote:>8.1f}{theirs / model:>7.1f}", flush=True)


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one[0], chosen.one[1], *map(int, chosen.one[2:]))
        return
    speed(chosen.largest, chosen.threads)


if __name__ == "__main__":
    main()
