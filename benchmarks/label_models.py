"""Label models on real votes with gold: quality on labeling functions and on crowds, and speed.

Quality: majority vote (ties drawn), Snorkel's LabelModel (100 and 500 epochs), Dawid-Skene, ours, and ours with 50,
100 and 200 random gold items (medians of five draws; the items drawn are scored by nobody). Scored on covered rows of
the merged splits; the two sets of YouTube comments are one corpus in the mean. No setting is tuned for a data set.
Speed: fit and predict on simulated votes (10 % coverage), each line in a process of its own.

    python benchmarks/label_models.py [quality] [crowds] [speed] [--largest 1000000]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel import VoteMatrix
from retrolabel.label_models.dawid_skene import DawidSkene
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.snorkel import SnorkelLabelModel

if TYPE_CHECKING:
    from retrolabel.label_models.protocol import LabelModelProtocol

SETS = ["ws_youtube", "ws_tubespam_dated", "ws_trec", "ws_semeval", "ws_tennis", "ws_rna_screening"]
CROWDS = {
    "crowd_zheng2017": ["duck", "product", "dog", "face"],
    "crowd_get_another_label": ["adult2_ordinal", "barzan"],
}
GOLD = (50, 100, 200)
DRAWS = 5
LEAST = 1e-6


def data() -> Path:
    """Return the folder of real data."""
    if "RETROLABEL_DATA" not in os.environ:
        raise SystemExit("RETROLABEL_DATA names the folder of real data; without it there is nothing to measure on.")
    return Path(os.environ["RETROLABEL_DATA"])


def votes_of(name: str) -> tuple[VoteMatrix, np.ndarray]:
    """Return the votes and the gold of one set of labeling functions."""
    frame = pd.read_parquet(data() / name / "data.parquet")
    frame = frame[frame["gold"].notna()]
    lfs = sorted(column for column in frame if column.startswith("lf_"))
    ints, gold = frame[lfs].to_numpy().astype(np.int64), frame["gold"].to_numpy().astype(np.int64)
    return VoteMatrix.from_ints(ints, labels=int(max(ints.max(), gold.max())) + 1, voters=lfs), gold


def crowd(folder: str, name: str) -> tuple[VoteMatrix, np.ndarray]:
    """Return what workers said and the truth; the first answer of a worker on an item counts."""
    said = pd.read_parquet(data() / folder / f"{name}_answers.parquet").drop_duplicates(["item_id", "worker_id"])
    truth = pd.read_parquet(data() / folder / f"{name}_truth.parquet").set_index("item_id")["gold"]
    labels = sorted(set(said["label"]) | set(truth.dropna()), key=str)
    codes = {label: place for place, label in enumerate(labels)}
    items, workers = pd.factorize(said["item_id"]), pd.factorize(said["worker_id"])
    ints = np.full((len(items[1]), len(workers[1])), -1, dtype=np.int64)
    ints[items[0], workers[0]] = said["label"].map(codes).to_numpy()
    gold = truth.reindex(items[1]).map(codes).fillna(-1).to_numpy().astype(np.int64)
    return VoteMatrix.from_ints(ints, labels=len(labels), voters=[str(worker) for worker in workers[1]]), gold


def figures(probabilities: np.ndarray, truth: np.ndarray) -> tuple[float, float, float]:
    """Return accuracy with ties drawn, log-loss in nats, and the expected calibration error over ten bins."""
    top = probabilities.max(axis=1)
    best = probabilities >= top[:, None] - 1e-9
    right = best[np.arange(len(truth)), truth] / best.sum(axis=1)
    loss = -np.log(np.maximum(probabilities[np.arange(len(truth)), truth], LEAST))
    bins = np.minimum((top * 10).astype(int), 9)
    gaps = [abs(right[bins == b].sum() - top[bins == b].sum()) for b in range(10)]
    return float(right.mean()), float(loss.mean()), float(sum(gaps) / len(truth))


def measured(model: LabelModelProtocol, votes: VoteMatrix, truth: np.ndarray, gold_items: int = 0) -> tuple[float, ...]:
    """Return the figures of a model, the median over draws where there is gold."""
    known = (truth >= 0) & votes.covered
    if not gold_items:
        return figures(model.fit(votes).predict_proba(votes)[known], truth[known])
    found = []
    for seed in range(DRAWS):
        drawn = np.random.default_rng(seed).choice(np.flatnonzero(truth >= 0), gold_items, replace=False)
        gold = np.full(len(truth), -1)
        gold[drawn] = truth[drawn]
        scored = known.copy()
        scored[drawn] = False
        found.append(figures(model.fit(votes, gold).predict_proba(votes)[scored], truth[scored]))
    return tuple(np.median(found, axis=0))


def quality() -> None:
    """Print accuracy, log-loss and calibration error of each model on each set."""
    models = {
        "majority vote": (MajorityVote(smoothing=1.0), 0),
        "snorkel, 100 epochs": (SnorkelLabelModel(), 0),
        "snorkel, 500 epochs": (SnorkelLabelModel(n_epochs=500), 0),
        "dawid-skene": (DawidSkene(), 0),
        "ours": (LabelModel(), 0),
        **{f"ours, {items} gold": (LabelModel(), items) for items in GOLD},
    }
    tables: dict[str, dict[str, tuple[float, ...]]] = {name: {} for name in SETS}
    for name in SETS:
        votes, truth = votes_of(name)
        for title, (model, items) in models.items():
            tables[name][title] = measured(model, votes, truth, items)
    for place, what in enumerate(("accuracy (ties drawn)", "log-loss", "calibration error")):
        frame = pd.DataFrame({name: {title: row[place] for title, row in tables[name].items()} for name in SETS})
        by_corpus = frame.drop(columns=SETS[:2]).assign(youtube=frame[SETS[:2]].mean(axis=1))
        print(f"\n{what}\n{frame.assign(mean_of_corpora=by_corpus.mean(axis=1)).round(3).to_string()}", flush=True)


def crowds() -> None:
    """Print the accuracy of each model on each crowd."""
    rows = {}
    for folder, names in CROWDS.items():
        for name in names:
            votes, truth = crowd(folder, name)
            models = {"majority vote": MajorityVote(), "dawid-skene": DawidSkene(), "ours": LabelModel()}
            rows[name] = {title: measured(model, votes, truth)[0] for title, model in models.items()}
    print(f"\ncrowds: accuracy (ties drawn)\n{pd.DataFrame(rows).round(3).to_string()}")


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


def one(way: str, items: int, lfs: int, labels: int) -> None:
    """Measure one way in this process."""
    ints, _ = simulated(items, lfs, labels)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = perf_counter()
    if way == "ours":
        votes = VoteMatrix.from_ints(ints, labels=labels)
        made = perf_counter()
        fitted = LabelModel().fit(votes)
        fit = perf_counter()
        fitted.predict_proba(votes)
    else:
        from snorkel.labeling.model import LabelModel as SnorkelsModel

        votes = ints.astype(np.int64)
        made = perf_counter()
        model = SnorkelsModel(cardinality=labels, verbose=False)
        model.fit(votes, n_epochs=100, seed=0, progress_bar=False)
        fit = perf_counter()
        model.predict_proba(votes)
    done = perf_counter()
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(json.dumps({"made": made - started, "fit": fit - made, "predict": done - fit, "megabytes": peak}))


def speed(largest: int) -> None:
    """Print seconds and peaks of fit and predict, ours and Snorkel's."""
    print(
        f"\n{'items x LFs, labels':<24}{'':>9}{'build':>8}{'fit':>8}{'predict':>9}{'peak MB':>9}{'times Snorkel':>15}"
    )
    for items in (10_000, 100_000, 1_000_000, 10_000_000):
        for lfs, labels in ((10, 2), (50, 2), (50, 5)):
            if items > largest:
                continue
            found = {}
            for way in ("snorkel", "ours"):
                words = ["--one", way, str(items), str(lfs), str(labels)]
                done = subprocess.run([sys.executable, __file__, *words], capture_output=True, text=True, check=False)
                if done.returncode:
                    print(f"{way} failed on {items:,} x {lfs}: {done.stderr.strip().splitlines()[-1]}")
                    continue
                found[way] = json.loads(done.stdout.splitlines()[-1])
            for way, f in found.items():
                times = ""
                if way == "ours" and "snorkel" in found:
                    s = found["snorkel"]
                    times = f"{(s['fit'] + s['predict']) / (f['fit'] + f['predict']):.1f}"
                told = f"{items:,} x {lfs}, {labels}" if way == "snorkel" else ""
                numbers = f"{f['made']:>8.2f}{f['fit']:>8.2f}{f['predict']:>9.2f}{f['megabytes']:>9.0f}{times:>15}"
                print(f"{told:<24}{way:>9}{numbers}", flush=True)


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["quality", "crowds", "speed"])
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one[0], *map(int, chosen.one[1:]))
        return
    if "quality" in chosen.parts:
        quality()
    if "crowds" in chosen.parts:
        crowds()
    if "speed" in chosen.parts:
        speed(chosen.largest)


if __name__ == "__main__":
    main()
