"""Each rule of retraining says whether models are due, and with which figure; all are told once a label set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from retrolabel.jobs.label_sets.retraining import Rules, due_event, judged
from retrolabel.jobs.records.manifests import LabelSetRecord

AT = datetime(2026, 11, 30, tzinfo=UTC)


def record(name, *, labelled=100, version="1.0.0", days=0):
    return LabelSetRecord(name * 32, "mood", version, 200, 150, labelled, "h", "m", AT - timedelta(days=days))


OLD = record("a", days=90)


def rule(rules, *, since=OLD, current=None, flips=(0, 100), agreement=0.9):
    found = judged(rules, since, current or record("b"), flips=lambda: flips, agreement=lambda: agreement, at=AT)
    (only,) = found
    return only.due, only.told


MORE, NEWER = record("b", labelled=150), record("b", version="2.0.0")
ITEMS = "50 more items have a label than in aaaaaaaaaaaa"
OTHERS = "5.0 % of 100 labels are others than in aaaaaaaaaaaa"
DAYS = "90 days since aaaaaaaaaaaa was made"
RIGHT = "labels are right on"


@pytest.mark.parametrize(
    ("rules", "given", "due", "told"),
    [
        (Rules(new_labels=50), {"current": MORE}, True, f"{ITEMS}; 50 make models due"),
        (Rules(new_labels=51), {"current": MORE}, False, f"{ITEMS}; 51 make models due"),
        (Rules(flips=0.05), {"flips": (5, 100)}, True, f"{OTHERS}; 5.0 % make models due"),
        (Rules(flips=0.051), {"flips": (5, 100)}, False, f"{OTHERS}; 5.1 % make models due"),
        (Rules(flips=0.05), {"flips": None}, False, "nobody can tell how many labels changed since aaaaaaaaaaaa"),
        (Rules(gold_agreement=0.8), {"agreement": 0.79}, True, f"{RIGHT} 0.790 of dev gold; below 0.8 models are due"),
        (Rules(gold_agreement=0.8), {"agreement": 0.8}, False, f"{RIGHT} 0.800 of dev gold; below 0.8 models are due"),
        (Rules(gold_agreement=0.8), {"agreement": None}, False, "there is too little dev gold"),
        (Rules(staleness=90), {}, True, f"{DAYS}; 90 make models due"),
        (Rules(staleness=91), {}, False, f"{DAYS}; 91 make models due"),
        (Rules(schema_released=True), {"current": NEWER}, True, "labels are of 2.0.0, aaaaaaaaaaaa of 1.0.0"),
        (Rules(schema_released=True), {}, False, "labels are of 1.0.0 still"),
    ],
)
def test_a_rule_is_due_at_its_figure_and_says_it(rules, given, due, told):
    assert rule(rules, **given) == (due, told)


def test_what_is_off_is_not_asked_for():
    def nobody():
        raise AssertionError("it is read for nothing")

    assert not Rules()
    assert list(judged(Rules(), OLD, record("b"), flips=nobody, agreement=nobody, at=AT)) == []


def test_due_rules_are_one_event_of_a_label_set_with_all_figures_and_none_once_it_is_answered():
    rules = Rules(new_labels=10, staleness=90, schema_released=True)
    current = record("b", labelled=150)
    found = list(judged(rules, OLD, current, flips=lambda: None, agreement=lambda: None, at=AT))
    event = due_event(current, OLD, found, AT, answered=False)
    assert (event.kind, event.subject, event.data["since"]) == ("retraining.due", current.id, OLD.id)
    assert event.said == (
        "Models on mood are due to be trained on bbbbbbbbbbbb: 50 more items have a label than in aaaaaaaaaaaa; 10 make"
        " models due; 90 days since aaaaaaaaaaaa was made; 90 make models due."
    )
    assert {each["name"]: each["due"] for each in event.data["rules"]} == {
        "new_labels": True,
        "staleness": True,
        "schema_released": False,
    }
    assert due_event(current, OLD, found, AT + timedelta(days=1), answered=False).key == event.key
    assert due_event(current, OLD, found, AT, answered=True) is None
    assert due_event(current, OLD, [each for each in found if not each.due], AT, answered=False) is None
