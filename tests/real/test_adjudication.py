"""Dawid-Skene over people and the majority, on crowds whose truth is known (Zheng et al., VLDB 2017)."""

from __future__ import annotations

from collections import Counter
from time import perf_counter

import pandas as pd
import pytest

from retrolabel.gold.adjudication import HumanLabel, adjudicate
from retrolabel.gold.deciding import Adjudication
from retrolabel.jobs.gold.people_model import dawid_skene

pytestmark = [pytest.mark.real]
HOW = Adjudication.of(["dawid-skene"], dawid_skene)


def crowd(real, name):
    """Return what people said, and the truth by item."""
    answers = pd.read_parquet(real("crowd_zheng2017", f"{name}_answers.parquet"))
    truth = pd.read_parquet(real("crowd_zheng2017", f"{name}_truth.parquet"))
    rows = answers[["item_id", "worker_id", "label"]].astype(str).itertuples(index=False)
    said = [HumanLabel("crowd", item, worker, label, "1.0.0", "dev") for item, worker, label in rows]
    return said, dict(zip(truth["item_id"].astype(str), truth["gold"].astype(str), strict=True))


def counted(gold, truth):
    """Return on how many items the label is right, how many have one, and how many are tied."""
    return sum(item.label == truth[item.item_id] for item in gold.items), len(gold), len(gold.tied)


@pytest.mark.parametrize(
    ("name", "majority", "dawid"),
    [
        ("product", (7_455, 8_315, 0), (7_804, 8_315, 0)),
        ("dog", (639, 757, 50), (675, 807, 0)),
        ("duck", (82, 108, 0), (96, 108, 0)),
        ("face", (363, 556, 28), (374, 578, 6)),
    ],
)
def test_dawid_skene_is_right_on_more_items_than_the_majority(real, name, majority, dawid):
    said, truth = crowd(real, name)
    most, found = adjudicate(said), adjudicate(said, how=HOW)
    assert counted(most, truth) == majority
    assert counted(found, truth) == dawid
    assert dawid[0] > majority[0]
    assert found.notes == ()


@pytest.mark.parametrize(
    ("name", "items", "majority", "dawid"),
    [("product", 8_315, 7_455, 7_804), ("dog", 757, 639, 642), ("duck", 108, 82, 96), ("face", 551, 362, 364)],
)
def test_on_the_items_that_both_decide_it_is_right_more_often_too_by_little_where_people_err_alike(
    real, name, items, majority, dawid
):
    said, truth = crowd(real, name)
    most = {item.item_id: item.label for item in adjudicate(said).items}
    found = {item.item_id: item.label for item in adjudicate(said, how=HOW).items}
    both = most.keys() & found.keys()
    assert len(both) == items
    assert sum(most[each] == truth[each] for each in both) == majority
    assert sum(found[each] == truth[each] for each in both) == dawid


def test_what_everybody_says_of_an_item_stands_though_the_model_doubts_it(real):
    said, _ = crowd(real, "product")
    found = adjudicate(said, how=HOW)
    decided = Counter(item.decided for item in found.items)
    assert decided["unanimous"] == sum(item.unanimous for item in adjudicate(said).items)
    assert set(decided) == {"unanimous", "dawid-skene"}


def test_ninety_thousand_answers_are_adjudicated_in_seconds(real):
    frame = pd.read_parquet(real("crowd_get_another_label", "adult2_ordinal_answers.parquet"))
    rows = frame[["item_id", "worker_id", "label"]].astype(str).itertuples(index=False)
    said = [HumanLabel("crowd", item, worker, label, "1.0.0", "dev") for item, worker, label in rows]
    start = perf_counter()
    found = adjudicate(said, how=HOW)
    assert perf_counter() - start < 30
    assert (len(found) + len(found.tied), found.notes) == (11_040, ())
