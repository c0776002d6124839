"""Label models on the demo's simulated feedback, over ten seeds, against its truth.

For each seed: 20,000 items with the shipped task ``failure_mode`` under 2.0.0; accuracy (a tie has no
label and counts as wrong), macro-F1 and log-loss over covered items, for ours with and without a random
gold sample of 300 items, majority vote with smoothed shares, and Snorkel's LabelModel where it is
installed. Then the accuracy of the relabelled months 1-3 beside that of months 4-6.

    python benchmarks/label_models_on_the_demo.py [--seeds 10] [--items 20000]
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd

from retrolabel import LabelModel, MajorityVote, SnorkelLabelModel, VoteMatrix
from retrolabel.analysis.comparison import compare_label_models
from retrolabel.discovery.folders import discover
from retrolabel.label_models.protocol import hard_labels
from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch
from retrolabel.simulation.annotators import annotate
from retrolabel.wiring.simulation import simulate
from retrolabel.wiring.templates import shipped_tasks

TASK, VERSION = "failure_mode", "2.0.0"
GOLD_ITEMS = 300
MONTHS_BEFORE = 3


def votes_on(feedback: pd.DataFrame) -> VoteMatrix:
    """Return the votes of the shipped labeling functions."""
    task = discover(shipped_tasks().parent, TASK)
    columns = {
        name: [None if pd.isna(value) else value for value in feedback[name].astype(object)] for name in feedback
    }
    emitted = apply_lfs(task.lfs, Batch(columns, len(feedback)))
    faults = sum(one.fault_count for one in emitted)
    if faults:
        raise SystemExit(f"{faults} faults: the shipped task does not fit the demo's feedback")
    resolved = [
        (one.codes.astype(np.int64), [task.history.resolve(vote, VERSION).ids for vote in one.symbols])
        for one in emitted
    ]
    names = [lf.name for lf in task.lfs]
    return VoteMatrix.from_columns(resolved, labels=task.history[VERSION].ids, voters=names, rows=len(feedback))


def one_seed(seed: int, items: int) -> tuple[pd.DataFrame, float, float]:
    """Return the label models' figures, and the accuracy of the two eras."""
    simulated = simulate(items, seed=seed)
    votes = votes_on(simulated.feedback)
    places = {label: place for place, label in enumerate(votes.labels)}
    truth = simulated.truth["failure_mode"].map(places).to_numpy().astype(np.int64)
    said = annotate(simulated.truth, GOLD_ITEMS, annotators=("ana", "ben", "cleo"), seed=seed + 1, column=TASK)
    most = said.groupby("item_id")["label"].agg(
        lambda labels: labels.mode().iloc[0] if len(labels.mode()) == 1 else None
    )
    gold = simulated.truth["item_id"].map(most).map(places).fillna(-1).to_numpy().astype(np.int64)
    models = {
        "label_model + gold": LabelModel(),
        "label_model": LabelModel(),
        "majority_vote": MajorityVote.smoothed(),
    }
    if importlib.util.find_spec("snorkel") is not None:
        models |= {"snorkel + gold": SnorkelLabelModel(), "snorkel": SnorkelLabelModel()}
    compared = compare_label_models(models, votes, truth, gold)
    best = hard_labels(LabelModel().fit(votes, gold).predict_proba(votes), votes.covered)
    months = simulated.feedback["created_at"].dt.tz_localize(None).dt.to_period("M")
    early = (months < months.min() + MONTHS_BEFORE).to_numpy() & votes.covered
    late = ~early & votes.covered
    return compared, float((best == truth)[early].mean()), float((best == truth)[late].mean())


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--items", type=int, default=20_000)
    asked = parser.parse_args()
    found = {seed: one_seed(seed, asked.items) for seed in range(asked.seeds)}
    frames = pd.concat({seed: compared for seed, (compared, _, _) in found.items()}, names=["seed"])
    figures = ["accuracy", "accuracy_ties_drawn", "ties", "macro_f1", "log_loss"]
    print(f"{asked.seeds} seeds, {asked.items:,} items each: medians (min to max), {Path(__file__).name}")
    by_model = frames[figures].groupby("label_model", sort=False)
    low, middle, high = by_model.min(), by_model.median(), by_model.max()
    cells = middle.map("{:.3f}".format) + " (" + low.map("{:.3f}".format) + " to " + high.map("{:.3f}".format) + ")"
    print(cells.T.to_string())
    majority = frames.xs("majority_vote", level="label_model")
    for name in frames.index.get_level_values("label_model").unique():
        if name == "majority_vote":
            continue
        mine = frames.xs(name, level="label_model")
        print(
            f"{name}: above majority vote in accuracy on {(mine['accuracy'] > majority['accuracy']).sum()} seeds,"
            f" below in log-loss on {(mine['log_loss'] < majority['log_loss']).sum()} of {asked.seeds}"
        )
    eras = pd.DataFrame({seed: {"months 1-3, relabelled": a, "months 4-6": b} for seed, (_, a, b) in found.items()})
    print(eras.T.agg(["median", "min", "max"]).round(3).to_string())
    print(f"difference, early minus late: median {(eras.iloc[0] - eras.iloc[1]).median():+.3f}")


if __name__ == "__main__":
    main()
