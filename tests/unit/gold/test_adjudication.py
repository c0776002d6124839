"""From what several people said to one gold label an item."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrolabel.gold.adjudication import GoldItem, GoldSet, HumanLabel, adjudicate, standing


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
