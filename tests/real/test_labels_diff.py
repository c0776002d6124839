"""``labels diff`` over the bump of ``airline_feedback``: what follows the schema, what flipped, and why."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest

import retrolabel
from retrolabel.wiring.feedback import IngestOptions

ROOT = Path(__file__).parents[2]
TASK, SOURCE = "airline_feedback", "airline_tweets"
LABELS = ("airline_sentiment", "negativereason")
pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def task(real, tmp_path_factory):
    """The task after it was labelled under version 1, its gold got reasons, and it was labelled under version 2."""
    data = real("airline_tweets", "data.parquet")
    folder = tmp_path_factory.mktemp("airline")
    shutil.copytree(ROOT / "labeling_functions" / TASK, folder / "labeling_functions" / TASK)
    (folder / "retrolabel.toml").write_text("tracking = false\n")
    rows = pd.read_parquet(data, columns=["item_id", "created_at", *LABELS])
    rows["reason"] = rows["negativereason"].fillna(rows["airline_sentiment"])
    file = folder / "dev.csv"
    rows[rows["created_at"] < "2015-02-23"].sample(600, random_state=2015).to_csv(file, index=False)
    ws = retrolabel.open(folder, store=folder / ".retrolabel")
    hidden = [f"{column}{more}" for column in LABELS for more in ("", "_confidence", "_gold")]
    ws.feedback.ingest(data, SOURCE, IngestOptions(id_column="item_id", time_column="created_at", drops=hidden))
    made = ws.task(TASK)
    for column, version in (("airline_sentiment", "1.0.0"), ("reason", "2.0.0")):
        made.gold.import_file(file, SOURCE, label=column, schema=version, role="dev", sampling="random")
        made.relabel(to=version)
    yield made
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


def test_most_of_a_bump_follows_the_schema_and_causes_add_up_to_all_of_it(task):
    found = task.diff()
    assert found.items == 14_640
    assert found.steps > 10 * found.real > 0
    assert sum(found.causes.items.values()) == found.flips
    assert found.causes.exact
    assert set(found.causes.items) == {
        "schema 1.0.0 -> 2.0.0",
        "gold",
    }  # no labeling function changed, and none is named
    assert found.notes == ()  # the gold of version 1 was read again as it was, and both label sets come out the same


def test_each_changed_label_is_a_row_with_one_cause(task):
    found = task.diff()
    frame = found.frame()
    assert len(frame) == found.flips
    assert not frame.duplicated(["source", "item_id"]).any()
    narrowed = frame[frame["kind"] == "narrowed"]
    assert set(narrowed["before"]) == {"negative"}
    assert set(narrowed["cause"]) == {"schema 1.0.0 -> 2.0.0"}
    assert not set(narrowed["after"]) & {"positive", "neutral"}


def test_gold_compares_the_same_items_as_the_relabel_did(task):
    effect = task.diff(causes=False).gold
    assert effect.version == "1.0.0"
    assert effect.paired.items > 400
    assert effect.paired.gain.low < effect.paired.gain.value < effect.paired.gain.high
