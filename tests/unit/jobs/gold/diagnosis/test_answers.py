"""Which answers a diagnosis looks at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from retrolabel import Label, LabelSchema, Redefine
from retrolabel.errors import GoldError
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.gold.diagnosis.answers import look_at
from retrolabel.jobs.records.gold import Answer
from retrolabel.schema.history import History

GOOD, BAD = Label("good", "It helped."), Label("bad", "It did not.")
V1 = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD])
START = datetime(2026, 3, 2, tzinfo=UTC)


class Feedback:
    """A book of feedback in which no text was revised."""

    def revisions(self, _source, _item_ids):
        return {}


def said(item, who, label, *, day=0, timed=True, role="calibration", **more):
    at = START + timedelta(days=day)
    human = HumanLabel("web", item, who, label, more.pop("version", "1.0.0"), role, **more)
    return Answer(replace(human, labelled_at=at) if timed else human, None, None, at)


BOTH = [said("i1", "ana", "good"), said("i1", "ben", "bad")]


def look(answers, *versions, **more):
    history = History(versions or [V1])
    return look_at(answers, task="mood", schema=history.head, history=history, feedback=Feedback(), **more)


def test_the_last_answer_of_a_person_counts_and_an_earlier_one_is_what_was_said_before():
    found = look([*BOTH, said("i1", "ana", "bad", day=20)])
    assert found.said == {("web", "i1"): {"ana": ("good", "bad"), "ben": ("bad",)}}
    assert found.panel.again.changed.tolist() == [True]
    assert (found.first, found.last) == (START, START + timedelta(days=20))


def test_an_answer_without_a_time_corrects_the_one_before_and_repeats_nothing():
    found = look([said("i1", "ana", "good", timed=False), *BOTH[1:], said("i1", "ana", "bad", day=20, timed=False)])
    assert found.said[("web", "i1")]["ana"] == ("bad",)
    assert len(found.panel.again.item) == 0
    assert found.untimed


def test_answers_of_rounds_need_no_time_to_be_told_apart():
    rounds = [said("i1", "ana", "good", timed=False, round=1), said("i1", "ana", "bad", day=7, timed=False, round=2)]
    found = look([*rounds, BOTH[1]])
    assert found.panel.again.changed.tolist() == [True]
    assert found.periods == ("round 1", "2026-W10", "round 2")


def test_test_gold_its_items_and_honeypots_never_count():
    tested = [said("i2", who, "good") for who in ("ana", "ben")] + [said("i2", "cleo", "bad", role="test")]
    honey = [said("i3", who, "good", role="honeypot") for who in ("ana", "ben")]
    assert set(look([*BOTH, *tested, *honey]).said) == {("web", "i1")}


def test_what_was_taken_back_does_not_count():
    assert set(look([*BOTH, said("i1", "cleo", "good"), said("i1", "cleo", "", day=1)]).said[("web", "i1")]) == {
        "ana",
        "ben",
    }


def test_answers_that_were_asked_something_else_are_left_out_and_counted():
    clearer = Label("bad", "It did not help at all.")
    later = LabelSchema(
        task="mood", version="2.0.0", revises=V1, labels=[GOOD, clearer], steps=[Redefine("bad", "narrower")]
    )
    now = [said("i2", who, label, version="2.0.0") for who, label in (("ana", "good"), ("ben", "bad"))]
    found = look([*BOTH, *now], V1, later)
    assert set(found.said) == {("web", "i2")}
    assert list(found.left_out.values()) == [2]
    assert "asked something else" in next(iter(found.left_out))


def test_since_rounds_and_role_choose_answers():
    later = [said("i2", who, "good", day=30, role="dev") for who in ("ana", "ben")]
    assert set(look([*BOTH, *later], since=START + timedelta(days=1)).said) == {("web", "i2")}
    assert set(look([*BOTH, *later], rounds=1).said) == {("web", "i2")}
    assert set(look([*BOTH, *later], role="calibration").said) == {("web", "i1")}
    with pytest.raises(GoldError, match="No answer was given since then"):
        look(BOTH, since=START + timedelta(days=400))
    with pytest.raises(GoldError, match="by answers of role 'test'"):
        look(BOTH, role="test")


def test_one_person_alone_and_labels_that_exclude_nothing_are_refused():
    with pytest.raises(GoldError, match="No item has answers of two people"):
        look([said("i1", "ana", "good"), said("i2", "ben", "good")])
    with pytest.raises(GoldError, match="no answers of role calibration or dev"):
        look([said("i1", "ana", "good", role="test")])
    several = LabelSchema(task="mood", version="1.0.0", scale="multilabel", labels=[GOOD, BAD])
    with pytest.raises(GoldError, match="multilabel"):
        look(BOTH, several)
