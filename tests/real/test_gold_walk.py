"""The walk of docs/gold_walk.md over the messages of ``airline_feedback``: does a little gold tell the truth?"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import retrolabel
from retrolabel.discovery.project import forget
from retrolabel.gold.estimation import estimate_mean, estimate_prevalence
from tests.gold_walk import PAGE, TASK, Walk, messages, truth_of

pytestmark = [pytest.mark.real, pytest.mark.slow]
SEEDS = range(1, 11)


@pytest.fixture(scope="module")
def walk(real, tmp_path_factory):
    """The walk, when all commands of the page were run."""
    real("airline_tweets", "data.parquet")
    made = Walk(tmp_path_factory.mktemp("walk"))
    made.along(PAGE.read_text(encoding="utf-8"))
    return made


@pytest.fixture
def task(walk):
    forget()
    yield retrolabel.open(walk.folder).task(TASK)
    forget()


def test_the_page_shows_what_the_commands_print_and_the_truth_beside_each_figure(walk):
    assert walk.page == PAGE.read_text(encoding="utf-8"), "python -m tests.gold_walk writes the page"


def test_the_intervals_of_the_walk_hold_the_truth_of_all_messages(walk):
    assert len(walk.shown) == 64
    missed = [(each.step, each.name) for each in walk.shown if not each.holds(each.found)]
    assert missed == [(4, "is `lost_luggage`"), (4, "is `flight_attendant`"), (5, "is `cant_tell_why`")]  # 1 in 20 may


def test_so_do_the_intervals_of_gold_alone(walk):
    missed = [(each.step, each.name) for each in walk.shown if not each.holds(each.found.classical)]
    assert missed == [(2, "US Airways: with a label"), (4, "is `flight_attendant`"), (5, "is `cant_tell_why`")]


def test_intervals_are_narrower_with_the_help_of_the_label_model(walk):
    for step in (0, 1, 4, 5):
        mine = [each.found for each in walk.shown if each.step == step]
        ratio = [each.width / (each.classical.high - each.classical.low) for each in mine]
        assert 0.7 < np.mean(ratio) < 0.95


def test_until_people_give_reasons_no_interval_of_a_reason_says_anything(walk):
    reasons = [each.found for each in walk.shown if each.step == 3][2:12]
    assert all(each.value is None and each.low < 0.001 and each.high > 0.6 for each in reasons)


def test_reasons_that_people_gave_make_them_useful(walk):
    reasons = [each.found for each in walk.shown if each.step == 4][2:12]
    assert all(each.width < 0.09 for each in reasons)


def test_possible_labels_hold_the_truth_as_often_as_the_draw_promises(walk, task):
    sets = pd.read_csv(walk.folder / "labels.csv", dtype={"item_id": str}).set_index("item_id")["possible"]
    sets = sets[~sets.index.isin(task.gold.labels()["item_id"])]
    truth = truth_of(task, "2.0.0")[sets.index]
    held = np.mean([label in said.split("|") for label, said in zip(truth, sets, strict=True)])
    assert len(sets) == 14_075
    assert held == pytest.approx(0.898, abs=5e-4)
    assert f"on {held:.1%} of the other".replace("%", " %") in PAGE.read_text(encoding="utf-8")


def test_no_text_of_a_message_is_on_the_page(walk):
    texts = messages()["text"]
    page = PAGE.read_text(encoding="utf-8")
    assert not [text for text in texts if len(text) > 20 and text in page]


def test_ten_more_draws_of_the_label_set_at_the_end_of_the_walk_hold_the_truth_in_most_intervals(walk, task):
    labels = task.labels().set_index("item_id")
    labels = labels[~labels.index.isin(task.gold.labels()["item_id"])]
    wide = labels.filter(like="p_")
    names = [name.removeprefix("p_") for name in wide]
    likely = labels["label"].map({name: place for place, name in enumerate(names)}).fillna(-1).to_numpy()
    truth = truth_of(task, "2.0.0")[labels.index].map(names.index).to_numpy()
    held, alone = [], []
    for seed in SEEDS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            drawn = task.gold.sample(200, purpose="calibration", seed=seed, columns=["text"]).table.to_pandas()
        rows = labels.index.get_indexer(drawn["item_id"])
        gold, inclusion = np.full(len(labels), -1), np.ones(len(labels))
        gold[rows], inclusion[rows] = truth[rows], drawn["probability"]
        right = np.where(gold >= 0, gold == likely, np.nan)
        sure = np.where(likely >= 0, wide.max(axis=1), 0.0)
        found = [estimate_mean(right, sure, inclusion=inclusion)]
        found += estimate_prevalence(gold, wide, inclusion=inclusion, strata=likely)
        shares = [(likely == truth).mean(), *np.bincount(truth, minlength=len(names)) / len(truth)]
        held += [one.low <= true <= one.high for one, true in zip(found, shares, strict=True)]
        alone += [one.classical.low <= true <= one.classical.high for one, true in zip(found, shares, strict=True)]
    assert len(held) == 130
    assert np.mean(held) >= 0.9  # measured: 0.931
    assert np.mean(alone) >= 0.9  # measured: 0.946
