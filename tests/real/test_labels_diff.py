"""``labels diff`` over the bump of ``airline_feedback``: what follows the schema, what flipped, and why."""

from __future__ import annotations

import pytest

import retrolabel

pytestmark = [pytest.mark.real, pytest.mark.slow]


@pytest.fixture(scope="module")
def task(airline):
    """The task after it was labelled under version 1, its gold got reasons, and it was labelled under version 2."""
    made = retrolabel.open(airline).task("airline_feedback")
    made.relabel(to="2.0.0")
    return made


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
