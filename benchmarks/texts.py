"""Texts to measure on: real tweets and issue bodies, cut in two and joined anew.

Each text is the first part of one real text and the second part of another, so that a million of them
keep the vocabulary, the lengths and the share of accents of the real ones and hardly any occurs twice.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

KINDS = {"tweets": ("airline_tweets", "text"), "issues": ("github_issues_nlbse24", "body")}


def texts(kind: str, count: int, *, seed: int = 0) -> list[str]:
    """Return ``count`` texts of a kind: ``tweets`` (about 100 characters) or ``issues`` (about 2,300)."""
    folder, column = KINDS[kind]
    if "RETROLABEL_DATA" not in os.environ:
        raise SystemExit("RETROLABEL_DATA names the folder of real data; without it there is nothing to measure on.")
    path = Path(os.environ["RETROLABEL_DATA"]) / folder
    real: list[str] = []
    for file in sorted(path.glob("*.parquet")):
        table = pq.read_table(file)
        if column in table.column_names:
            real += [text for text in table.column(column).to_pylist() if text]
    random = np.random.default_rng(seed)
    firsts, seconds = random.integers(0, len(real), (2, count))
    shares = random.uniform(0.3, 0.7, count)
    return [
        real[a][: int(len(real[a]) * share)] + real[b][int(len(real[b]) * share) :].replace("\x00", "")
        for a, b, share in zip(firsts.tolist(), seconds.tolist(), shares.tolist(), strict=True)
    ]
