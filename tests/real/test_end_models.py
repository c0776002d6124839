"""Models on real feedback: as good on test gold as docs/end_model.md says, less what chance may take."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import retrolabel
from retrolabel import LabelModel, VoteMatrix
from retrolabel.end_models.features import TextFeatures
from retrolabel.end_models.training import confidence, fit
from retrolabel.jobs.end_models.training import STRENGTH
from retrolabel.wiring.feedback import IngestOptions

ROOT = Path(__file__).parents[2]
TASK, SOURCE = "airline_feedback", "airline_tweets"
SAID = ("airline_sentiment", "negativereason")
pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def told(real, tmp_path_factory):
    """What ``train`` says of the sentiment of tweets: 200 early ones are dev gold, those of the last two days test."""
    folder = tmp_path_factory.mktemp("tweets")
    shutil.copytree(ROOT / "labeling_functions" / TASK, folder / "labeling_functions" / TASK)
    (folder / "labeling_functions" / "__init__.py").touch()
    (folder / "retrolabel.toml").write_text(f'tracking = false\n[tasks.{TASK}]\nsources = ["{SOURCE}"]\n')
    ws = retrolabel.open(folder, store=folder / ".retrolabel")
    file = real(SOURCE, "data.parquet")
    hidden = [f"{column}{more}" for column in SAID for more in ("", "_confidence", "_gold")]
    ws.feedback.ingest(file, SOURCE, IngestOptions("item_id", "created_at", drops=hidden))
    rows = pd.read_parquet(file, columns=["item_id", "created_at", "airline_sentiment"])
    early = rows[rows["created_at"] < "2015-02-23"]
    gold = {"test": rows.drop(early.index), "dev": early.sample(200, random_state=2015)}
    for role, part in gold.items():
        part[["item_id", "airline_sentiment"]].to_csv(folder / f"{role}.csv", index=False)
        ws.task(TASK).gold.import_file(
            folder / f"{role}.csv", SOURCE, label="airline_sentiment", role=role, schema="1.0.0", sampling="random"
        )
    ws.task(TASK).relabel(to="1.0.0")
    yield ws.task(TASK).train("latest").as_dict()
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


def test_the_sentiment_of_tweets_is_told_as_often_as_the_page_says(told):
    assert told["test"]["n"] == 4_372
    assert told["test"]["accuracy"] >= 0.76
    assert told["test"]["macro_f1"] >= 0.67


def test_the_model_is_right_more_often_than_the_labels_that_it_was_trained_on(told):
    assert told["label_model"]["model_gains"]["low"] > 0
    assert told["label_model"]["accuracy"] < told["test"]["accuracy"]


def test_soft_labels_teach_more_than_hard_ones_on_comments(real):
    frame = pd.read_parquet(real("ws_youtube", "data.parquet"))
    lfs = sorted(column for column in frame if column.startswith("lf_"))
    votes = VoteMatrix.from_ints(frame[lfs].to_numpy().astype(np.int64), labels=2, voters=lfs)
    truth = frame["gold"].fillna(-1).to_numpy().astype(np.int64)
    said = LabelModel().fit(votes).predict_proba(votes)
    test, rest = np.split(np.random.default_rng(0).permutation(len(frame)), [len(frame) // 4])
    test, rest = test[truth[test] >= 0], rest[votes.covered[rest]]
    texts = [[text] for text in frame["text"].fillna("")]
    numbers = TextFeatures.fit([texts[row] for row in rest.tolist()]).transform(texts)

    def right(targets, weights):
        model = fit(numbers[rest], targets, weights, strength=STRENGTH)
        return float((model.predict_proba(numbers[test]).argmax(axis=1) == truth[test]).mean())

    soft = right(said[rest], confidence(said[rest]))
    hard = right(np.eye(2)[said[rest].argmax(axis=1)], np.ones(len(rest)))
    assert soft >= 0.86
    assert soft >= hard
