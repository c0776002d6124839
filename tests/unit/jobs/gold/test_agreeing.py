"""How far people agree in a version: which answers count, which items are compared, and as what."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from retrolabel.errors import GoldError
from retrolabel.gold import krippendorff_alpha, mean_kappa
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.gold.agreeing import agreement_of_people
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Redefine, Split
from retrolabel.schema.versions import LabelSchema

GOOD, BAD = Label("good"), Label("bad")
V1 = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD])
V2 = LabelSchema(
    task="mood",
    version="2.0.0",
    revises=V1,
    labels=[GOOD, Label("slow"), Label("wrong")],
    steps=[Split("bad", into=["slow", "wrong"])],
)
V3 = LabelSchema(
    task="mood",
    version="3.0.0",
    revises=V2,
    labels=[GOOD, Label("slow", "Only minutes."), Label("wrong")],
    steps=[Redefine("slow", "narrower")],
)
HISTORY = History([V1, V2, V3])
POINTS = [Label("low", rank=1), Label("high", rank=3), Label("middle", rank=2)]
SCALE = LabelSchema(task="mood", version="1.0.0", labels=POINTS, scale="ordinal")


class Feedback:
    """A book of feedback in which nothing but revisions can be asked for."""

    def __init__(self, **revisions):
        self._revisions = {"web": revisions}

    def revisions(self, source, item_ids):
        known = self._revisions.get(source, {})
        return {item: known[item] for item in item_ids if item in known}


def said(who, item, label, version="1.0.0", **more):
    return HumanLabel(more.pop("source", "web"), str(item), who, label, version, more.pop("role", "dev"), **more)


def agree(labels, to="2.0.0", history=HISTORY, feedback=None, **more):
    return agreement_of_people(
        labels, task="mood", schema=history[to], history=history, feedback=feedback or Feedback(), **more
    )


def pair(items, version="1.0.0", one="good", other="good", people=("ana", "bo")):
    return [said(who, item, what, version) for item in items for who, what in zip(people, (one, other), strict=True)]


MIXED = [
    *pair(range(40), one="good", other="good"),
    *pair(range(40, 70), one="bad", other="bad"),
    *pair(range(70, 80), one="good", other="bad"),
]


def test_the_figures_are_those_of_the_coefficients():
    found = agree(MIXED, to="1.0.0")
    ratings = [["good"] * 40 + ["bad"] * 30 + ["good"] * 10, ["good"] * 40 + ["bad"] * 40]
    assert found.alpha == krippendorff_alpha(ratings, values=["good", "bad"])
    assert found.kappa == mean_kappa(ratings, values=["good", "bad"])
    assert found.agreement.value == 70 / 80
    assert (found.items.exact, found.items.sets, found.items.selected) == (80, 0, 0)
    assert (found.sets, found.unselected) == (None, None)
    assert [(each.labels, each.differ) for each in found.pairs] == [(("good", "bad"), 10)]


def test_answers_of_an_older_version_are_compared_as_sets_where_their_label_was_split():
    new = pair(range(100, 160), "2.0.0", "slow", "slow") + pair(range(160, 220), "2.0.0", "slow", "wrong")
    new += pair(range(220, 240), "2.0.0", "good", "good")
    found = agree([*MIXED, *new])
    assert (found.items.answered, found.items.exact, found.items.sets) == (220, 180, 40)
    assert found.sets.n == 220
    one = [frozenset({"good"})] * 40 + [frozenset({"slow", "wrong"})] * 30 + [frozenset({"good"})] * 10
    other = [frozenset({"good"})] * 40 + [frozenset({"slow", "wrong"})] * 40
    one += [frozenset({"slow"})] * 120 + [frozenset({"good"})] * 20
    other += [frozenset({"slow"})] * 60 + [frozenset({"wrong"})] * 60 + [frozenset({"good"})] * 20
    assert found.sets.value == pytest.approx(krippendorff_alpha([one, other], "masi").value)


def test_items_that_are_exact_only_since_nobody_said_the_split_label_are_counted_and_have_no_part_in_unselected():
    new = pair(range(100, 160), "2.0.0", "slow", "slow") + pair(range(160, 220), "2.0.0", "slow", "wrong")
    found = agree([*MIXED, *new])
    assert (found.items.exact, found.items.selected) == (160, 40)
    assert found.unselected.n == 120
    assert found.unselected.value == pytest.approx(
        krippendorff_alpha([["slow"] * 120, ["slow"] * 60 + ["wrong"] * 60]).value
    )
    assert found.unselected.value < found.alpha.value


def test_what_is_one_label_in_an_older_version_is_compared_there():
    new = pair(range(100, 200), "2.0.0", "slow", "wrong")
    found = agree([*MIXED, *new], to="1.0.0")
    assert (found.items.exact, found.items.sets, found.items.selected) == (180, 0, 0)
    assert found.agreement.value == 170 / 180


def test_all_items_may_be_sets_and_then_only_the_sets_have_a_figure():
    found = agree(pair(range(60), one="bad", other="good"))
    assert (found.items.exact, found.items.sets) == (0, 60)
    assert found.alpha.value is None
    assert found.sets.value is not None


def test_of_a_person_s_answers_under_two_versions_the_one_that_is_one_label_counts():
    labels = [*pair([1], one="bad", other="bad"), said("ana", 1, "slow", "2.0.0"), said("bo", 1, "wrong", "2.0.0")]
    found = agree(labels)
    assert found.items.exact == 1
    assert (found.answers.standing, found.answers.counted, found.answers.earlier) == (4, 2, 2)
    assert found.agreement.value == 0


def test_of_two_that_are_one_label_the_newer_version_counts_in_whatever_order_they_came():
    newer = [said("ana", 1, "good", "2.0.0"), said("bo", 1, "good", "2.0.0")]
    older = pair([1], one="bad", other="good")
    assert agree([*newer, *older], to="1.0.0").agreement.value == 1


def test_suspect_and_unknown_answers_are_left_out_and_counted():
    labels = [*pair([1], "2.0.0", "slow", "slow"), *pair([2], "2.0.0"), *pair([3], "9.0.0"), said("ana", 4, "good")]
    found = agree(labels, to="3.0.0")
    items = found.items
    assert (items.answered, items.exact, items.one_person, items.unknown, items.suspect) == (4, 1, 1, 1, 1)
    assert (found.answers.unknown, found.answers.suspect) == (2, 2)


def test_an_answer_on_another_text_is_suspect():
    labels = [said("ana", "a", "good", revision="old"), said("bo", "a", "good", revision="new"), *pair([2])]
    found = agree(labels, feedback=Feedback(a="new"))
    assert (found.items.exact, found.items.one_person, found.answers.suspect) == (1, 1, 1)


def test_an_answer_taken_back_is_none():
    with pytest.raises(GoldError, match="No item of mood has answers of two people"):
        agree([*pair([1]), said("bo", 1, "")])


def test_items_are_those_of_their_source():
    labels = [said("ana", 1, "good"), said("bo", 1, "good", source="chat"), *pair([2])]
    assert agree(labels).items.exact == 1
    assert agree([*labels, said("cy", 1, "good", source="chat")], source="chat").items.answered == 1


def test_a_role_is_chosen():
    labels = [*pair(range(3)), *(said(who, 9, "bad", role="test") for who in ("ana", "bo"))]
    assert agree(labels, to="1.0.0").items.answered == 4
    assert agree(labels, to="1.0.0", role="test").items.answered == 1


def test_repeats_are_a_figure_of_their_own_and_never_agreement():
    when = datetime(2026, 3, 1, tzinfo=UTC)
    again = [
        said("ana", item, "good" if item < 30 else "bad", labelled_at=when + timedelta(days=day))
        for item in range(60)
        for day in range(2)
    ]
    once = [said("bo", item, "good" if item < 30 else "bad", labelled_at=when) for item in range(60)]
    changed = [said("ana", item, "bad", labelled_at=when + timedelta(days=3)) for item in range(6)]
    found = agree([*again, *once, *changed], to="1.0.0")
    assert found.agreement.value == 54 / 60
    assert found.repeats.all.answers == 66
    assert [each.person for each in found.repeats.people] == ["ana"]
    assert found.repeats.all.agreement.value == pytest.approx((54 + 6 / 3) / 60)
    assert found.repeats.untimed == 0


def test_an_answer_under_another_version_is_no_repeat():
    when = datetime(2026, 3, 1, tzinfo=UTC)
    labels = [said("ana", 1, "good", version, labelled_at=when) for version in ("1.0.0", "2.0.0")]
    assert agree([*labels, *pair([2])]).repeats.all.answers == 0


def test_what_was_changed_without_a_time_is_a_correction_and_is_counted():
    found = agree([said("ana", 1, "bad"), *pair([1])], to="1.0.0")
    assert (found.repeats.all.answers, found.repeats.untimed) == (0, 1)


def test_an_ordinal_version_is_compared_by_its_ranks():
    labels = [
        *pair(range(30), one="low", other="low"),
        *pair(range(30, 60), one="high", other="high"),
        *pair(range(60, 80), one="low", other="middle"),
    ]
    found = agree(labels, to="1.0.0", history=History([SCALE]))
    ratings = [[1] * 30 + [3] * 30 + [1] * 20, [1] * 30 + [3] * 30 + [2] * 20]
    assert found.level == "ordinal"
    assert found.alpha.value == pytest.approx(krippendorff_alpha(ratings, "ordinal").value)
    assert found.kappa.value == pytest.approx(mean_kappa(ratings, "quadratic").value)
    assert found.corrected_name == "ac2"
    assert found.pairs[0].labels == ("low", "middle")


def test_a_label_above_others_is_a_set_of_them():
    bug, crash, hang = Label("bug"), Label("crash", parent="bug"), Label("hang", parent="bug")
    tree = LabelSchema(task="mood", version="1.0.0", labels=[bug, crash, hang, Label("question")])
    labels = [*pair([1], one="crash", other="bug"), *pair([2], one="hang", other="hang")]
    found = agree(labels, to="1.0.0", history=History([tree]))
    assert (found.items.exact, found.items.sets, found.items.selected) == (1, 1, 1)


def test_a_multilabel_version_is_refused():
    several = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD], scale="multilabel")
    with pytest.raises(GoldError, match="multilabel"):
        agree([], to="1.0.0", history=History([several]))


def test_the_items_are_parted_by_a_column():
    column = {("web", str(item)): "app" if item < 60 else "site" for item in range(80)}
    found = agree(MIXED, to="1.0.0", by="channel", column=column)
    assert [(part.of, part.items) for part in found.slices] == [(("app",), 60), (("site",), 20)]
    assert list(found.frame("slices")["of"]) == ["app", "site"]
    assert found.as_dict()["slices"][0]["channel"] == "app"


def test_a_column_of_too_many_values_is_refused():
    with pytest.raises(GoldError, match="comment has 80 values"):
        agree(MIXED, to="1.0.0", by="comment", column={("web", str(item)): str(item) for item in range(80)})


@pytest.mark.parametrize(
    ("labels", "more", "told"),
    [
        ([], {}, "There are no human labels of mood yet"),
        (MIXED, {"role": "tst"}, "Did you mean 'test'"),
        (MIXED, {"role": "test"}, "There are no test labels of mood; there are dev ones"),
        (MIXED, {"source": "wbe"}, "Did you mean 'web'"),
        ([said("ana", 1, "good")], {}, "of 1 item: 1 has one person's answer. All answers are of 'ana'"),
        (
            [said("unnamed", n, "good") for n in (1, 2)],
            {},
            "of 2 items: 2 have one person's answer. No answer has a name",
        ),
    ],
)
def test_where_there_is_nothing_to_compare_it_says_why(labels, more, told):
    with pytest.raises(GoldError) as caught:
        agree(labels, **more)
    assert told in str(caught.value)
    assert "Fix: " in str(caught.value)


def test_as_plain_data_it_has_what_people_should_see_and_no_more():
    told = json.loads(json.dumps(agree(MIXED, to="1.0.0").as_dict()))
    assert {"alpha", "kappa", "ac1", "agreement", "pairs", "labels", "people", "items", "repeats"} <= set(told)
    assert set(told["alpha"]) == {"value", "low", "high", "n", "why"}
    assert told["items"]["exact"] == told["alpha"]["n"] == 80
    assert told["people"][0]["people"] == ["ana", "bo"]
    few = agree(pair(range(10), one="good", other="bad"), to="1.0.0").as_dict()["alpha"]
    assert few["value"] is few["low"] is None
    assert few["why"] == "10 items have two answers, and 50 are needed"


def test_a_crowd_has_figures_of_those_who_share_enough_items():
    crowd = [said(f"p{number}", number, "good") for number in range(100)]
    found = agree([*MIXED, *crowd], to="1.0.0")
    assert [each.of for each in found.people_pairs] == [("ana", "bo")]
    assert len(found.people) == 102


def test_frames_have_a_row_a_part():
    found = agree(MIXED, to="1.0.0")
    assert list(found.frame()["of"]) == ["good", "bad"]
    assert list(found.frame("pairs")["differ"]) == [10]
    assert list(found.frame("people")["of"]) == [("ana", "bo")]
    with pytest.raises(GoldError, match="no table of 'lables'"):
        found.frame("lables")
    assert repr(found).startswith("<mood 1.0.0: 2 people, alpha 0.7")


def test_answers_on_honeypots_are_compared_only_where_they_are_asked_for():
    planted = [said(who, 900 + n, "bad", role="honeypot") for n in range(60) for who in ("ana", "bo")]
    assert agree([*MIXED, *planted], to="1.0.0").alpha == agree(MIXED, to="1.0.0").alpha
    assert agree([*MIXED, *planted], to="1.0.0", role="honeypot").items.exact == 60


def test_sets_are_compared_by_both_distances():
    labels = [*MIXED, *(said("ana", n, "slow", "2.0.0") for n in range(40, 60))]
    found = agree(labels)
    sets = [
        *([{"good"}] * 2 for _ in range(40)),
        *([{"slow"}, {"slow", "wrong"}] for _ in range(20)),
        *([{"slow", "wrong"}] * 2 for _ in range(10)),
        *([{"good"}, {"slow", "wrong"}] for _ in range(10)),
    ]
    ratings = [[frozenset(each[person]) for each in sets] for person in (0, 1)]
    assert found.sets.value == pytest.approx(krippendorff_alpha(ratings, "masi").value, abs=1e-12)
    assert found.sets_jaccard.value == pytest.approx(krippendorff_alpha(ratings, "jaccard").value, abs=1e-12)
    assert found.sets.value < found.sets_jaccard.value
    assert found.as_dict()["sets_jaccard"]["n"] == 80
