"""The label model against majority vote, on real votes of labeling functions with gold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from retrolabel import LabelModel, MajorityVote, VoteMatrix
from retrolabel.analysis.comparison import compare_label_models

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.real]
SETS = {"ws_youtube": 2, "ws_trec": 6, "ws_tubespam_dated": 2}


@pytest.fixture(scope="module")
def folder(real) -> Path:
    """The folder of real data."""
    return real()


def read(folder: Path, name: str) -> tuple[VoteMatrix, np.ndarray]:
    path = folder / name / "data.parquet"
    assert path.is_file(), f"RETROLABEL_DATA is set, but there is no {path}"
    frame = pd.read_parquet(path)
    frame = frame[frame["gold"].notna()]
    lfs = sorted(column for column in frame if column.startswith("lf_"))
    votes = VoteMatrix.from_ints(frame[lfs].to_numpy(), labels=SETS[name], voters=lfs)
    return votes, frame["gold"].to_numpy().astype(np.int64)


@pytest.mark.parametrize("name", SETS)
def test_the_label_model_is_at_least_as_right_as_majority_vote_on_covered_items(folder, name):
    votes, gold = read(folder, name)
    models = {"label_model": LabelModel(), "majority_vote": MajorityVote()}
    found = compare_label_models(models, votes, gold)
    assert found.loc["label_model", "n"] == found.loc["majority_vote", "n"] == votes.covered.sum()
    assert found.loc["label_model", "accuracy"] >= found.loc["majority_vote", "accuracy"]


@pytest.mark.parametrize("name", SETS)
def test_the_order_of_items_changes_no_probability(folder, name):
    votes, _ = read(folder, name)
    order = np.random.default_rng(0).permutation(len(votes))
    shuffled = VoteMatrix(votes.codes[order], votes.labels, votes.symbols, votes.voters)
    straight = LabelModel().fit(votes).predict_proba(votes)[order]
    assert np.array_equal(LabelModel().fit(shuffled).predict_proba(shuffled), straight)


def test_majority_vote_gives_the_accuracy_that_the_data_was_published_with(folder):
    votes, gold = read(folder, "ws_youtube")
    found = compare_label_models({"majority_vote": MajorityVote()}, votes, gold)
    assert votes.covered.mean() == pytest.approx(0.896, abs=0.001)
    assert 0.75 < found.loc["majority_vote", "accuracy"] < 0.9
