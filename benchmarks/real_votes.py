"""Votes of the data folder, with gold: labeling functions of others, and crowds."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from retrolabel import VoteMatrix

SETS = ["ws_youtube", "ws_tubespam_dated", "ws_trec", "ws_semeval", "ws_tennis", "ws_rna_screening"]
ONE_CORPUS = SETS[:2]
CROWDS = {
    "crowd_zheng2017": ["duck", "product", "dog", "face"],
    "crowd_get_another_label": ["adult2_ordinal", "barzan", "hitspam_crowdflower"],
}


def data() -> Path:
    """Return the folder of real data."""
    if "RETROLABEL_DATA" not in os.environ:
        raise SystemExit("RETROLABEL_DATA names the folder of real data; without it there is nothing to measure on.")
    return Path(os.environ["RETROLABEL_DATA"])


def votes_of(name: str) -> tuple[VoteMatrix, np.ndarray, np.ndarray]:
    """Return the votes, the gold (-1 where there is none), and the split of one set of labeling functions."""
    frame = pd.read_parquet(data() / name / "data.parquet")
    lfs = sorted(column for column in frame if column.startswith("lf_"))
    ints, gold = frame[lfs].to_numpy().astype(np.int64), frame["gold"].fillna(-1).to_numpy().astype(np.int64)
    votes = VoteMatrix.from_ints(ints, labels=int(max(ints.max(), gold.max())) + 1, voters=lfs)
    return votes, gold, frame["split"].to_numpy()


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
