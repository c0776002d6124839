"""What is known of people: by whom they are judged, what is said of whom, and what is not."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from retrolabel import Label, LabelSchema, Split
from retrolabel.errors import GoldError
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.gold.deciding import Adjudication
from retrolabel.gold.projection import Readings
from retrolabel.jobs.gold.people.measuring import figures_of_people
from retrolabel.jobs.gold.people.pseudonyms import Pseudonyms
from retrolabel.jobs.gold.people.telling import told
from retrolabel.jobs.records.gold import Answer
from retrolabel.schema.history import History

V1 = LabelSchema(task="mood", version="1.0.0", labels=[Label("good"), Label("bad")])
V2 = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[Label("good"), Label("slow"), Label("wrong")],
    steps=[Split("bad", into=["slow", "wrong"])],
)  # fmt: skip
START = datetime(2026, 1, 1, tzinfo=UTC)


def said(item, who, label, *, role="dev", version="1.0.0", at=None, seconds=None, **more):
    human = HumanLabel("web", str(item), who, label, version, role, labelled_at=at, **more)
    return Answer(human, None, seconds, at or START)


def look(answers, *, versions=(V1,), to="1.0.0", how=(), as_=None):
    history = History(versions)
    return figures_of_people(
        answers,
        task="mood",
        schema=history[to],
        history=history,
        readings=Readings(history, to),
        how=Adjudication.of(list(how) or ["majority"]),
        as_=as_,
    )


def three(items, third, *, role="dev", **more):
    """Return answers of ana and ben, who say the same, and of cleo, who says ``third(item)``."""
    found = []
    for n in items:
        label = ("good", "bad")[n % 2]
        found += [said(n, "ana", label, role=role, **more), said(n, "ben", label, role=role, **more)]
        found.append(said(n, "cleo", third(n) or label, role=role, **more))
    return found


def of(found, name):
    return next(each for each in found.people if each.person == name)


def words(found):
    return "\n".join(told(found))


def test_nobody_is_judged_by_their_own_answer():
    found = look(three(range(40), lambda n: "bad" if n % 4 == 0 else ""))
    assert (of(found, "cleo").adjudicated.right, of(found, "cleo").adjudicated.of) == (30, 40)
    assert (of(found, "ana").adjudicated.right, of(found, "ana").adjudicated.of) == (30, 30)
    assert [each.person for each in found.people] == ["ana", "ben", "cleo"]


def test_an_adjudicator_decides_for_the_others_and_is_judged_by_them():
    answers = three(range(40), lambda n: "bad" if n % 4 == 0 else "")
    found = look(answers, how=["person:cleo"])
    assert (of(found, "ana").judged.right, of(found, "ana").judged.of) == (30, 40)
    assert (of(found, "cleo").judged.right, of(found, "cleo").judged.of) == (30, 40)


def test_of_two_people_nobody_can_be_judged_unless_one_adjudicates():
    two = [answer for answer in three(range(40), lambda _n: "") if answer.label.annotator != "cleo"]
    found = look(two)
    assert (found.everybody.of, [each.judged.of for each in found.people]) == (0, [0, 0])
    assert "Nothing to judge by: 2 people answered" in words(found)
    decided = look(two, how=["person:ana"])
    assert [each.judged.of for each in decided.people] == [0, 40]


def test_honeypots_of_a_round_are_judged_by_the_items_gold_and_say_nothing_of_the_item():
    gold = [said(n, "dora", ("good", "bad")[n % 2]) for n in range(20)]
    pots = [said(n, "ana", "good", role="honeypot", round=1, at=START + timedelta(hours=n)) for n in range(20)]
    again = [said(n, "ana", ("good", "bad")[n % 2], role="honeypot", round=2) for n in range(20)]
    found = look([*gold, *pots, *again])
    ana = of(found, "ana")
    assert (ana.honeypots.right, ana.honeypots.of, ana.adjudicated.of) == (10, 20, 0)
    assert of(found, "dora").judged.of == 0
    assert "ana says good where bad is known 10 of 10 times." in words(found)


def test_test_gold_says_nothing_of_people():
    with pytest.raises(GoldError, match="Nobody's answers to mood say one label"):
        look(three(range(40), lambda _n: "", role="test"))


def test_answers_that_leave_several_labels_are_left_out_and_counted():
    found = look(three(range(40), lambda _n: ""), versions=(V1, V2), to="2.0.0")
    assert (found.open, of(found, "ana").judged.of) == (60, 20)
    assert "60 answers left out: several labels or none in 2.0.0" in words(found)


def test_a_person_with_12_answers_is_drawn_to_the_others_and_stands_apart_from_nobody():
    new = [said(n, "zoe", "bad" if n % 2 == 0 else "good") for n in range(12)]
    found = look([*three(range(80), lambda _n: ""), *new])
    zoe = of(found, "zoe")
    assert (zoe.judged.right, zoe.judged.of, found.apart) == (0, 12, ())
    assert zoe.pooled.value > 0.02
    assert f"Too little is known of zoe ({zoe.more})" in words(found)
    assert zoe.more == 23


def test_people_whose_intervals_part_are_named_and_no_others():
    found = look(three(range(80), lambda n: "bad" if n % 4 == 0 else ""))
    assert found.apart == (("ana", "cleo"), ("ben", "cleo"))
    assert "Intervals part between ana and cleo; ben and cleo: they use the labels in different ways." in words(found)
    alike = look(three(range(80), lambda n: "bad" if n == 0 else ""))
    assert alike.apart == ()
    assert "No two people's intervals part" in words(alike)
    assert "Nobody is ranked" in words(alike)


def test_who_asks_for_themselves_sees_nobody_else_and_of_two_people_not_even_the_mean():
    answers = three(range(80), lambda n: "bad" if n % 4 == 0 else "")
    found = look(answers, as_="cleo")
    told_of = json.dumps(found.as_dict()) + words(found)
    assert [each.person for each in found.people] == ["cleo"]
    assert not any(name in told_of for name in ("ana", "ben"))
    assert (found.everybody.right, found.everybody.of, found.count) == (60 + 60 + 60, 80 + 60 + 60, 3)
    gold = [said(n, "ana", "good") for n in range(20)]
    pots = [said(n, "ben", "good", role="honeypot", round=1, seconds=5.0) for n in range(20)]
    assert look([*gold, *pots], as_="ben").everybody is None
    assert look([*gold, *pots], as_="ben").median_time is None
    with pytest.raises(GoldError, match="Did you mean 'cleo'"):
        look(answers, as_="cloe")


def test_a_change_is_seen_by_time_and_where_nobody_knows_the_time_it_is_not():
    def at(n):
        return START + timedelta(hours=n)

    answers = [
        answer
        for n in range(120)
        for label in [("good", "bad")[n % 2]]
        for answer in (
            said(n, "ana", label, at=at(n)),
            said(n, "ben", label, at=at(n)),
            said(n, "cleo", "bad" if n >= 60 and n % 4 == 0 else label, at=at(n)),
        )
    ]
    found = look(answers)
    cleo = of(found, "cleo")
    assert (cleo.drift.first.right, cleo.drift.second.right, cleo.drift.seen) == (60, 45, True)
    assert not of(found, "ana").drift.seen
    assert "cleo's answers changed: 60 of 60 as known in the first half, 45 of 60 in the second." in words(found)
    untimed = look([said(a.label.item_id, a.label.annotator, a.label.label) for a in answers])
    assert of(untimed, "cleo").drift.why.startswith("each half needs 20 judged answers")
    assert of(untimed, "cleo").as_dict()["drift"]["by"] is None


def test_time_is_that_of_the_column_else_of_gaps_and_batches_of_one_time_have_none():
    column = look(three(range(30), lambda _n: "", seconds=12.0))
    assert (of(column, "ana").time.median, of(column, "ana").timed_by, column.median_time) == (12.0, "seconds", 12.0)
    timed = [said(n, "ana", "good", at=START + timedelta(seconds=40 * n)) for n in range(30)]
    assert (of(look(timed), "ana").time.median, of(look(timed), "ana").timed_by) == (40.0, "gaps")
    at_once = look([said(n, "ana", "good", at=START) for n in range(30)])
    assert (of(at_once, "ana").time, of(at_once, "ana").timed_by) == (None, "")


def test_a_pseudonym_is_the_same_everywhere_in_a_store_and_another_one_in_another():
    one, other = Pseudonyms(b"one"), Pseudonyms(b"other")
    assert one("ana") == one("ana") != other("ana")
    assert (one("unnamed"), len(one("ana"))) == ("unnamed", 10)
    found = look(three(range(80), lambda n: "bad" if n % 4 == 0 else "")).as_dict(one)
    assert not any(name in json.dumps(found) for name in ("ana", "ben", "cleo"))
    names = [each["person"] for each in found["people"]]
    assert names == sorted(names)
