"""From what several people said to one gold label an item."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrolabel.gold.adjudication import GoldItem, GoldSet, HumanLabel, adjudicate, standing
from retrolabel.gold.deciding import Adjudication


def said(annotator, label, item="1", *, version="1.0.0", role="dev", **more):
    return HumanLabel("s", item, annotator, label, version, role, **more)


def only(gold):
    (item,) = gold.items
    return item


def test_what_all_say_is_unanimous():
    item = only(adjudicate([said("ana", "bug"), said("ben", "bug"), said("cleo", "bug")]))
    assert (item.label, item.unanimous, item.annotators) == ("bug", True, 3)


def test_one_person_is_unanimous():
    item = only(adjudicate([said("ana", "bug", revision="r1", batch=3, inclusion=0.5)]))
    assert item == GoldItem("s", "1", "bug", "1.0.0", "dev", "r1", True, 1, 3, 0.5)  # noqa: FBT003 - unanimous


def test_the_majority_wins_and_is_not_unanimous():
    item = only(adjudicate([said("ana", "bug"), said("ben", "feature"), said("cleo", "feature")]))
    assert (item.label, item.unanimous, item.annotators) == ("feature", False, 3)


def test_the_most_frequent_label_wins_without_half_of_the_votes():
    labels = [said("ana", "a"), said("ben", "b"), said("cleo", "b"), said("dan", "c"), said("eve", "d")]
    assert only(adjudicate(labels)).label == "b"


@pytest.mark.parametrize("labels", ["ab", "abc", "aabb", "aabbc"])
def test_a_tie_is_excluded_and_counted_with_its_role(labels):
    gold = adjudicate(said(f"person {place}", label, role="test") for place, label in enumerate(labels))
    assert gold.items == ()
    assert gold.ties == (("s", "1", "test"),)
    assert len(gold) == 0


def test_a_later_label_of_the_same_person_supersedes_the_earlier_one():
    item = only(adjudicate([said("ana", "bug"), said("ben", "feature"), said("ana", "feature")]))
    assert (item.label, item.unanimous, item.annotators) == ("feature", True, 2)


def test_a_person_who_changes_their_mind_can_make_a_tie():
    gold = adjudicate([said("ana", "bug"), said("ben", "bug"), said("ana", "feature")])
    assert (len(gold), gold.ties) == (0, (("s", "1", "dev"),))


def test_the_last_label_given_says_role_and_revision():
    labels = [
        said("ana", "bug", role="dev", revision="r1"),
        said("ben", "bug", role="dev", revision="r1"),
        said("ana", "bug", role="test", revision="r2"),
    ]
    item = only(adjudicate(labels))
    assert (item.role, item.revision) == ("test", "r2")


def test_the_first_draw_of_a_known_design_is_an_items_draw_whoever_looks_at_it_later():
    labels = [
        said("ana", "bug", batch=1),
        said("ben", "bug", batch=2, inclusion=0.1),
        said("ana", "feature", version="2.0.0", batch=3, inclusion=0.9),
        said("ben", "feature", version="2.0.0", batch=4),
    ]
    item = only(adjudicate(labels))
    assert (item.schema_version, item.batch, item.inclusion) == ("2.0.0", 2, 0.1)


def test_what_people_said_under_other_versions_of_the_same_text_is_kept_beside_the_label():
    labels = [
        said("ana", "bug", revision="r1"),
        said("ben", "bug", revision="r2"),
        said("ana", "crash", version="2.0.0", revision="r2"),
        said("ben", "crash", version="2.0.0", revision="r2"),
    ]
    assert only(adjudicate(labels)).earlier == (("bug", "1.0.0"),)
    assert only(adjudicate([labels[0], *labels[2:]])).earlier == ()


def test_labels_on_another_revision_of_the_text_are_not_counted():
    labels = [said("ana", "a", revision="r1"), said("ben", "a", revision="r1"), said("cleo", "b", revision="r2")]
    item = only(adjudicate(labels))
    assert (item.label, item.revision, item.annotators, item.unanimous) == ("b", "r2", 1, True)


def test_labels_of_several_versions_are_not_mixed():
    labels = [
        said("ana", "bug", version="1.0.0"),
        said("ben", "bug", version="1.0.0"),
        said("cleo", "defect", version="2.0.0"),
    ]
    item = only(adjudicate(labels))
    assert (item.label, item.schema_version, item.unanimous, item.annotators) == ("bug", "1.0.0", True, 2)


def test_among_versions_with_equally_many_labels_the_newest_counts():
    labels = [
        said("ana", "new", version="10.0.0"),
        said("ana", "middle", version="9.10.0"),
        said("ana", "old", version="9.9.9"),
    ]
    for order in (labels, labels[::-1]):
        item = only(adjudicate(order))
        assert (item.label, item.schema_version) == ("new", "10.0.0")


def test_a_label_under_a_new_version_does_not_supersede_that_under_the_old_one():
    labels = [said("ana", "a"), said("ben", "a"), said("ana", "b", version="2.0.0")]
    assert (only(adjudicate(labels)).label, only(adjudicate(labels)).annotators) == ("a", 2)


def test_a_tie_within_the_version_that_counts_is_a_tie():
    labels = [said("ana", "a"), said("ben", "b"), said("cleo", "c", version="2.0.0")]
    assert adjudicate(labels).ties == (("s", "1", "dev"),)


def test_items_of_two_sources_are_two_though_their_ids_are_equal():
    gold = adjudicate([HumanLabel(source, "1", "ana", source, "1.0.0", "dev") for source in ("mail", "chat")])
    assert [(item.source, item.label) for item in gold.items] == [("mail", "mail"), ("chat", "chat")]


def test_items_stay_in_the_order_in_which_they_were_first_labelled():
    labels = [said("ana", "a", "2"), said("ana", "a", "1"), said("ben", "a", "2")]
    assert [item.item_id for item in adjudicate(labels).items] == ["2", "1"]


def test_nobody_said_anything():
    assert adjudicate([]) == GoldSet((), ())


def test_a_role_has_its_own_items_and_ties():
    gold = adjudicate(
        [
            said("ana", "a", "1", role="dev"),
            said("ana", "a", "2", role="test"),
            said("ana", "a", "3", role="test"),
            said("ben", "b", "3", role="test"),
            said("ana", "a", "4", role="dev"),
            said("ben", "b", "4", role="dev"),
        ]
    )
    assert [item.item_id for item in gold.with_role("dev").items] == ["1"]
    assert gold.with_role("dev").ties == (("s", "4", "dev"),)
    assert [item.item_id for item in gold.with_role("test").items] == ["2"]
    assert gold.with_role("test").ties == (("s", "3", "test"),)
    assert gold.with_role("calibration") == GoldSet((), ())


# By time ---------------------------------------------------------------------------------------


def on(day):
    return datetime(2026, 2, day, tzinfo=UTC)


def test_the_newest_answer_of_a_person_counts_by_time_not_by_order():
    labels = [said("ana", "bug", labelled_at=on(3)), said("ana", "feature", labelled_at=on(1))]
    assert only(adjudicate(labels)).label == "bug"
    assert [label.label for label in standing(labels)] == ["bug"]


def test_answers_of_equal_times_count_by_order():
    labels = [said("ana", "bug", labelled_at=on(3)), said("ana", "feature", labelled_at=on(3))]
    assert only(adjudicate(labels)).label == "feature"


def test_an_answer_without_a_time_is_newer_than_all_before_it_and_as_old_as_the_newest_of_them():
    undated = [said("ana", "bug", labelled_at=on(3)), said("ana", "feature")]
    assert only(adjudicate(undated)).label == "feature"
    assert only(adjudicate([*undated, said("ana", "task", labelled_at=on(2))])).label == "feature"
    assert only(adjudicate([*undated, said("ana", "task", labelled_at=on(4))])).label == "task"


def test_times_of_one_person_say_nothing_of_another():
    labels = [said("ana", "bug", labelled_at=on(3)), said("ben", "bug", labelled_at=on(1))]
    assert only(adjudicate(labels)).annotators == 2


def test_an_older_answer_under_another_version_is_kept():
    labels = [said("ana", "bug", labelled_at=on(3)), said("ana", "feature", version="2.0.0", labelled_at=on(1))]
    assert [label.label for label in standing(labels)] == ["bug", "feature"]


def test_the_time_of_an_answer_is_no_part_of_what_it_says():
    assert said("ana", "bug", labelled_at=on(3)) == said("ana", "bug")


# By whom ---------------------------------------------------------------------------------------


def by(*people):
    return Adjudication("adjudicator", people)


def test_who_differs_and_the_shares_of_what_people_said_stay_with_the_item():
    item = only(adjudicate([said("ana", "bug"), said("ben", "feature"), said("cleo", "feature")]))
    assert (item.decided, item.differing) == ("majority", ("ana",))
    assert item.shares == {"feature": pytest.approx(2 / 3), "bug": pytest.approx(1 / 3)}


def test_a_tie_keeps_what_people_said_and_all_of_them_differ():
    (tied,) = adjudicate([said("ana", "bug"), said("ben", "feature")]).tied
    assert (tied.label, tied.decided, tied.annotators, tied.unanimous) == ("", "tie", 2, False)
    assert (tied.differing, tied.shares) == (("ana", "ben"), {"bug": 0.5, "feature": 0.5})


def test_a_tie_is_resolved_by_an_answer_of_the_adjudicator():
    labels = [said("ana", "bug"), said("ben", "feature")]
    assert adjudicate(labels, how=by("cleo")).ties == (("s", "1", "dev"),)
    item = only(adjudicate([*labels, said("cleo", "question")], how=by("cleo")))
    assert (item.label, item.decided, item.annotators, item.differing) == (
        "question", "adjudicator", 3, ("ana", "ben")
    )  # fmt: skip


def test_an_adjudicator_s_newest_answer_counts_and_one_taken_back_does_not():
    labels = [said("ana", "bug"), said("ben", "bug"), said("cleo", "feature"), said("cleo", "question")]
    assert only(adjudicate(labels, how=by("cleo"))).label == "question"
    assert only(adjudicate([*labels, said("cleo", "")], how=by("cleo"))).label == "bug"


def test_an_adjudicator_s_answer_on_text_that_was_revised_since_does_not_count():
    labels = [said("cleo", "bug", revision="r1"), said("ana", "feature", revision="r2")]
    assert only(adjudicate(labels, how=by("cleo"))).label == "feature"


def test_the_version_that_the_adjudicator_answered_under_counts_before_that_of_more_people():
    labels = [said("cleo", "bug"), *(said(who, "crash", version="2.0.0") for who in ("ana", "ben"))]
    assert only(adjudicate(labels)).schema_version == "2.0.0"
    item = only(adjudicate(labels, how=by("cleo")))
    assert (item.label, item.schema_version, item.earlier) == ("bug", "1.0.0", (("crash", "2.0.0"),))


def test_a_version_in_which_labels_read_better_goes_before_the_adjudicator_s():
    labels = [said("cleo", "bad"), said("ana", "slow", version="2.0.0")]
    item = only(adjudicate(labels, rank=lambda label: int(label.label == "slow"), how=by("cleo")))
    assert (item.label, item.earlier) == ("slow", (("bad", "1.0.0"),))


def test_an_adjudicator_who_answered_nothing_is_told():
    assert adjudicate([said("cleo", "bug")], how=by("Cleo")).notes == (
        "the adjudicator 'Cleo' gave no answer, so the majority decides; did you mean 'cleo'?",
    )
    assert adjudicate([], how=by("Cleo")).notes == ()


class Model:
    """A model of people that takes ana's word, and remembers what it was taught with."""

    def __init__(self, why=None):
        self.why, self.taught = why, []

    def __call__(self, answers):
        self.taught.append(answers)
        return self.why or {key: {people.get("ana", "?"): 0.9} for key, people in answers.items()}


def model(why=None):
    return Adjudication("dawid-skene", model=Model(why))


def test_a_model_decides_where_people_differ_and_is_taught_by_all_answers_of_the_version():
    how = model()
    labels = [
        said("ana", "a", "1"), said("ben", "b", "1"),
        said("ana", "a", "2"), said("ben", "a", "2"), said("ana", "x", "2", version="2.0.0"),
        said("ben", "y", "2", version="2.0.0"), said("cleo", "y", "2", version="2.0.0"),
        said("cleo", "c", "3"),
    ]  # fmt: skip
    gold = adjudicate(labels, how=how)
    assert [(item.item_id, item.label, item.decided) for item in gold.items] == [
        ("1", "a", "dawid-skene"), ("2", "x", "dawid-skene"), ("3", "c", "unanimous")
    ]  # fmt: skip
    one, two, three = (("s", item) for item in "123")
    assert how.model.taught == [
        {one: {"ana": "a", "ben": "b"}, two: {"ana": "a", "ben": "a"}, three: {"cleo": "c"}},
        {two: {"ana": "x", "ben": "y", "cleo": "y"}},
    ]


def test_versions_whose_labels_mean_the_same_teach_one_model():
    how = model()
    labels = [said("ana", "a"), said("ben", "b", version="1.1.0")]
    item = only(adjudicate(labels, twins={"1.0.0": "1.1.0"}, how=how))
    assert (item.label, item.schema_version, len(how.model.taught)) == ("a", "1.1.0", 1)


def test_answers_on_test_items_teach_the_model_for_test_items_alone():
    how = model()
    labels = [said(who, label, item, role=role) for item, role in (("1", "dev"), ("2", "test"))
              for who, label in (("ana", "a"), ("ben", "b"))]  # fmt: skip
    adjudicate(labels, how=how)
    assert [sorted(item for _, item in each) for each in how.model.taught] == [["1"], ["1", "2"]]


def test_where_nobody_differs_no_model_is_asked():
    how = model("it is too little")
    gold = adjudicate([said("ana", "a"), said("ben", "a")], how=how)
    assert (how.model.taught, gold.notes, only(gold).label) == ([], (), "a")


def test_what_a_model_lacks_is_told_and_the_majority_decides():
    labels = [said("ana", "a"), said("ben", "b"), said("cleo", "b")]
    gold = adjudicate(labels, how=model("it needs more"))
    assert (only(gold).label, only(gold).decided) == ("b", "majority")
    assert gold.notes == ("people who differ under 1.0.0 are adjudicated by majority, not Dawid-Skene: it needs more",)
    assert gold.with_role("dev").notes == gold.notes


def test_an_answer_to_a_honeypot_of_a_round_leaves_the_gold_of_its_item_as_it_is():
    gold = HumanLabel("s", "1", "ana", "bug", "1.0.0", "dev")
    check = HumanLabel("s", "1", "ana", "feature", "1.0.0", "honeypot", round=3)
    other = HumanLabel("s", "1", "ben", "feature", "1.0.0", "honeypot", round=3)
    assert adjudicate([gold, check, other]) == adjudicate([gold])
    assert standing([gold, check, other]) == [gold]
    assert adjudicate([check, other]).items == ()


def test_honeypots_that_were_taken_in_outside_of_a_round_are_gold_of_their_role():
    said = [HumanLabel("s", "1", who, "bug", "1.0.0", "honeypot") for who in ("ana", "ben")]
    assert [(item.label, item.role) for item in adjudicate(said).items] == [("bug", "honeypot")]
