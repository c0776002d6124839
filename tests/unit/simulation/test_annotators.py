"""Simulated people label the same sample, err at a known rate, and repeat themselves under one seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pandas.testing import assert_frame_equal

from retrolabel.errors import GoldError
from retrolabel.simulation.annotators import annotate

if TYPE_CHECKING:
    from retrolabel.simulation.feedback import Simulated


@pytest.mark.parametrize("column", ["thumbs", "failure_mode"])
def test_annotators_err_at_the_rate_asked_for(simulated: Simulated, column: str) -> None:
    gold = annotate(simulated.truth, 3_000, error_rate=0.1, seed=3, column=column)  # type: ignore[arg-type]
    truth = simulated.truth.set_index("item_id")[column]
    wrong = gold["label"].to_numpy() != truth.loc[gold["item_id"]].to_numpy()
    assert wrong.mean() == pytest.approx(0.1, abs=0.02)
    assert set(gold["label"]) <= set(truth)


def test_annotators_label_the_same_items_and_disagree_on_some(simulated: Simulated) -> None:
    gold = annotate(simulated.truth, 800, annotators=("ana", "ben", "cleo"), seed=1)
    labels = gold.pivot_table(index="item_id", columns="annotator", values="label", aggfunc="first")
    assert list(gold.columns) == ["item_id", "annotator", "label", "role", "seconds"]
    assert labels.shape == (800, 3)
    assert labels.notna().all(axis=None)
    assert 0.05 < (labels["ana"] != labels["ben"]).mean() < 0.2
    assert set(gold["role"]) == {"dev"}


def test_annotators_without_errors_tell_the_truth(simulated: Simulated) -> None:
    gold = annotate(simulated.truth, 200, error_rate=0.0, column="thumbs")
    truth = simulated.truth.set_index("item_id")["thumbs"]
    assert (gold["label"].to_numpy() == truth.loc[gold["item_id"]].to_numpy()).all()


def test_annotating_twice_with_one_seed_gives_the_same_labels(simulated: Simulated) -> None:
    assert_frame_equal(annotate(simulated.truth, 50, seed=9), annotate(simulated.truth, 50, seed=9))


def test_more_items_than_rows_cannot_be_annotated(simulated: Simulated) -> None:
    with pytest.raises(GoldError, match="10 rows"):
        annotate(simulated.truth.head(10), 11)
