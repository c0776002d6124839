"""The shipped task ``airline_feedback`` on its data: sentiment, then the reason of each complaint.

Only labels are read, no texts, so the last two days stay unseen test data.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

import retrolabel
from retrolabel.schema.changes import deserved_bump, given_bump

ROOT = Path(__file__).parents[2]
COLUMNS = ["airline_sentiment", "negativereason", "negativereason_gold"]
pytestmark = [pytest.mark.real]


def forget() -> None:
    """Let no module of the project outlive the test."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def history(tmp_path_factory) -> retrolabel.History:
    """The versions that ship, found by discovery."""
    yield retrolabel.open(ROOT, store=tmp_path_factory.mktemp("airline") / "store").task("airline_feedback").history
    forget()


@pytest.fixture(scope="module")
def rows(real) -> pd.DataFrame:
    """Both labels of all 14,640 tweets, each as it is stored."""
    return pd.read_parquet(real("airline_tweets", "data.parquet"), columns=COLUMNS)


@pytest.fixture(scope="module")
def fine(rows) -> pd.Series:
    """What version 2 would have stored: the reason of a complaint, or else the sentiment."""
    return rows["negativereason"].fillna(rows["airline_sentiment"])


def test_schema_every_stored_sentiment_is_a_label_of_version_1(history, rows):
    assert len(rows) == 14_640
    read = rows["airline_sentiment"].map(lambda value: getattr(history["1.0.0"].parse(value), "id", None))
    assert read.value_counts(dropna=False).to_dict() == {"negative": 9_178, "neutral": 3_099, "positive": 2_363}


def test_schema_every_stored_reason_is_a_label_of_version_2_by_its_alias(history, rows):
    reasons = rows["negativereason"].dropna()
    read = reasons.map(lambda value: getattr(history["2.0.0"].parse(value), "id", None))
    assert read.value_counts(dropna=False).to_dict() == {
        "customer_service": 2_910, "late_flight": 1_665, "cant_tell_why": 1_190, "cancelled_flight": 847,
        "lost_luggage": 724, "bad_flight": 580, "flight_booking": 529, "flight_attendant": 481, "long_lines": 178,
        "damaged_luggage": 74,
    }  # fmt: skip
    assert not any(history["1.0.0"].parse(value) for value in reasons.unique())
    assert not set(reasons) & set(history["2.0.0"].ids)  # so it is the aliases that read them


def test_schema_the_label_of_version_2_lies_inside_what_version_1_left_possible_on_every_tweet(history, rows, fine):
    up = history.relation("1.0.0", "2.0.0")
    pairs = pd.DataFrame({"coarse": rows["airline_sentiment"], "fine": fine}).value_counts()
    inside = sum(
        count
        for (coarse, stored), count in pairs.items()
        if history["2.0.0"].parse(stored).id in up.project(history["1.0.0"].parse(coarse))
    )
    assert inside == 14_640
    assert {each: up.kind(each) for each in history["1.0.0"].ids} == {
        "negative": "set",
        "neutral": "exact",
        "positive": "exact",
    }
    assert len(up.project("negative")) == 10


def test_schema_read_in_version_1_every_reason_is_exactly_negative(history, rows, fine):
    down = history.relation("2.0.0", "1.0.0")
    for stored in rows["negativereason"].dropna().unique():
        assert down.project(history["2.0.0"].parse(stored)) == {"negative"}
    back = fine.map(lambda value: next(iter(down.project(history["2.0.0"].parse(value)))))
    assert (back == rows["airline_sentiment"]).all()
    assert {down.kind(each) for each in history["2.0.0"].ids} == {"exact"}
    assert not down.suspect_positive | down.suspect_negative


def test_schema_the_split_is_a_major_change_and_numbered_as_one(history):
    older, newer = history["1.0.0"], history["2.0.0"]
    assert deserved_bump(history.relation("1.0.0", "2.0.0"), older, newer) == given_bump(older, newer) == "major"


def test_schema_two_reasons_in_one_cell_are_no_label(history, rows):
    # 8 of the 32 reasons that experts gave hold two, one a line; nominal labels cannot say that, so nobody guesses.
    gold = rows["negativereason_gold"].dropna()
    outside = [value for value in gold if history["2.0.0"].parse(value) is None]
    assert (len(gold), len(outside)) == (32, 8)
    assert all(history["2.0.0"].parse(part) for value in outside for part in value.split("\n"))
    assert {value.count("\n") for value in outside} == {1}


def test_schema_whoever_labels_finds_a_definition_both_kinds_of_rules_an_owner_and_a_key_of_its_own(history):
    for version in history:
        for label in version.labels:
            assert label.definition.endswith(".")
            assert label.include
            assert label.exclude
            assert label.examples
            assert label.owner
        keys = [label.hotkey for label in version.labels]
        assert len(set(keys)) == len(keys)
        assert all(len(key) == 1 for key in keys)
        assert version.guidelines
        assert version.reason


def test_schema_neighbouring_reasons_name_each_other_as_near_misses(history):
    version = history["2.0.0"]
    named = {
        label.id: {other for other in version.ids if any(other in rule for rule in label.exclude)}
        for label in version.labels
    }
    for one, other in (
        ("late_flight", "cancelled_flight"),
        ("late_flight", "long_lines"),
        ("flight_attendant", "customer_service"),
        ("flight_booking", "customer_service"),
        ("lost_luggage", "damaged_luggage"),
        ("lost_luggage", "long_lines"),
    ):
        assert other in named[one]
        assert one in named[other]
