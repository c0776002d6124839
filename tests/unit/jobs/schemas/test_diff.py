"""What goes from one version to another, counted by hand."""

from __future__ import annotations

import json

import pytest

from retrolabel import labeling_function
from retrolabel.errors import UnknownVersionError
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.schemas.diff import Stored, diff
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Split
from retrolabel.schema.versions import LabelSchema

GOOD, BAD, MEH = Label("good", "It helped."), Label("bad", "It did not."), Label("meh", "A bit.")
SLOW, WRONG = Label("slow", "It took long."), Label("wrong", "It does not hold.")
OTHER_BAD = Label("bad", "It did harm.")
V1 = LabelSchema(task="thumbs", version="1.0.0", labels=[GOOD, BAD, MEH])
V2 = LabelSchema(
    task="thumbs",
    version="2.0.0",
    revises=V1,
    labels=[GOOD, SLOW, WRONG],
    steps=[Split(BAD, into=[SLOW, WRONG]), Remove(MEH)],
)
HISTORY = History([V1, V2])


def said(item, label, version="1.0.0", *, who="ana", role="dev"):
    return HumanLabel("web", str(item), who, label, version, role)


def lf(name, *votes):
    """An LF that declares votes; it is never called."""

    @labeling_function(*votes)
    def never(comment: str) -> None:
        """Says nothing."""

    return never.named(name)


def rows(found):
    """Label -> (human, gold, waiting, votes, labelled)."""
    return {
        each.change.label: (each.human, dict(each.gold), each.waiting, each.votes, each.labelled)
        for each in found.labels
    }


def test_without_a_store_the_changes_are_told_and_nothing_is_counted():
    found = diff(HISTORY, "1.0.0", "2.0.0", [], None)
    assert (found.stored, found.deserved, found.given, found.seconds) == (False, "major", "major", None)
    assert {each.change.label: each.change.change for each in found.labels} == {
        "good": "same", "bad": "split", "meh": "removed", "slow": "added", "wrong": "added",
    }  # fmt: skip
    assert all(row == (0, {}, 0, 0, 0) for row in rows(found).values())
    assert not any(each.choices for each in found.labels)


def test_an_empty_store_is_a_store():
    found = diff(HISTORY, "1.0.0", "2.0.0", [], Stored())
    assert found.stored
    assert set(found.human.values()) == {0}


def test_people_gold_roles_and_labelled_items_are_counted_under_the_label_they_bear():
    human = [
        said(1, "bad"), said(1, "bad", who="ben"),
        said(2, "bad", role="test"),
        said(3, "good"), said(3, "bad", who="ben"),  # tied: no gold
        said(4, "meh"),
    ]  # fmt: skip
    found = diff(HISTORY, "1.0.0", "2.0.0", [], Stored(human, label_set={"bad": 70, "good": 5}))
    assert rows(found) == {
        "good": (1, {}, 0, 0, 5),
        "bad": (4, {"dev": 1, "test": 1}, 2, 0, 70),
        "meh": (1, {"dev": 1}, 1, 0, 0),
        "slow": (0, {}, 0, 0, 0),
        "wrong": (0, {}, 0, 0, 0),
    }
    assert found.human == {"exact": 1, "set": 4, "unknown": 1, "suspect": 0, "near_miss": 0}


def test_a_label_that_was_corrected_or_taken_back_is_not_counted():
    human = [said(1, "bad"), said(1, "good"), said(2, "bad"), said(2, "")]
    found = rows(diff(HISTORY, "1.0.0", "2.0.0", [], Stored(human)))
    assert (found["bad"][:2], found["good"][:2]) == ((0, {}), (1, {"dev": 1}))


def test_gold_that_people_labelled_again_under_the_newer_version_waits_for_nobody():
    human = [said(1, "bad"), said(2, "bad"), said(2, "slow", "2.0.0")]
    found = {each.change.label: each for each in diff(HISTORY, "1.0.0", "2.0.0", [], Stored(human)).labels}
    assert found["bad"].waiting == 1
    assert [choice.labels for choice in found["bad"].choices if choice.choice == "relabel"] == [1]


def test_human_labels_of_versions_that_are_gone_are_left_out():
    found = diff(HISTORY, "1.0.0", "2.0.0", [], Stored([said(1, "bad", "0.9.0"), said(2, "bad")]))
    assert rows(found)["bad"][0] == 1


def test_only_labels_that_need_people_are_priced():
    human = [said(n, label) for n, label in enumerate(["good", "bad", "meh"] * 60)]
    found = diff(HISTORY, "1.0.0", "2.0.0", [], Stored(human, seconds=[10.0, 30.0, 20.0], calls=7))
    priced = {each.change.label: each.choices for each in found.labels if each.choices}
    assert list(priced) == ["bad", "meh"]
    assert found.seconds == 20.0
    relabel = next(choice for choice in priced["bad"] if choice.choice == "relabel")
    assert (relabel.labels, relabel.hours, relabel.recommended) == (60, pytest.approx(60 * 20 / 3600), True)
    assert "(7 LF calls)" in priced["bad"][-1].buys


def test_the_median_is_that_of_all_labels_and_one_slow_person_does_not_move_it():
    assert diff(HISTORY, "1.0.0", "2.0.0", [], Stored(seconds=[5, 6, 7, 100_000])).seconds == 6.5


def test_votes_are_counted_where_they_name_one_label():
    lfs = [lf("one", BAD), lf("two", GOOD, BAD, MEH)]
    cast = {("one", "bad"): 9, ("two", "good"): 4, ("two", "bad"): 2, ("two", "good|meh"): 5, ("gone", "bad"): 99}
    found = diff(HISTORY, "1.0.0", "2.0.0", lfs, Stored(votes=cast))
    assert {label: row[3] for label, row in rows(found).items()} == {
        "good": 4, "bad": 11, "meh": 0, "slow": 0, "wrong": 0,
    }  # fmt: skip


def test_votes_whose_labels_are_of_another_version_are_told_as_they_read():
    found = diff(HISTORY, "1.0.0", "2.0.0", [lf("one", BAD), lf("two", GOOD)], Stored(votes={("one", "bad"): 9}))
    told = [(each.lf, each.before, each.after, each.kind, each.home, each.votes) for each in found.votes]
    assert told == [("one", ("bad",), ("slow", "wrong"), "set", "1.0.0", 9)]


def test_a_vote_on_a_label_that_is_gone_says_nothing_there():
    (vote,) = diff(HISTORY, "1.0.0", "2.0.0", [lf("one", MEH)], None).votes
    assert (vote.after, vote.kind) == (("good", "slow", "wrong"), "unknown")


def test_a_negated_vote_is_complemented_where_it_was_written():
    (vote,) = diff(HISTORY, "1.0.0", "2.0.0", [lf("one", ~BAD)], None).votes
    assert (vote.vote, vote.before) == ("~bad", ("good", "meh"))


def test_a_vote_on_a_redefined_label_stays_out():
    newer = LabelSchema(task="thumbs", version="2.0.0", revises=V1, labels=[GOOD, OTHER_BAD, MEH],
                        steps=[Redefine("bad", "narrower")], reason="Harm is what counts.")  # fmt: skip
    history = History([V1, newer])
    found = diff(history, "1.0.0", "2.0.0", [lf("old", BAD), lf("new", OTHER_BAD)], Stored(votes={("old", "bad"): 3}))
    assert [(each.lf, each.suspect, each.votes) for each in found.votes if each.suspect] == [("old", True, 3)]


def test_positives_of_a_label_that_became_narrower_wait_and_others_do_not():
    newer = LabelSchema(task="thumbs", version="2.0.0", revises=V1, labels=[GOOD, OTHER_BAD, MEH],
                        steps=[Redefine("bad", "narrower")])  # fmt: skip
    found = diff(History([V1, newer]), "1.0.0", "2.0.0", [], Stored([said(1, "bad"), said(2, "good")]))
    assert (rows(found)["bad"][2], rows(found)["good"][2]) == (1, 0)
    assert found.human["suspect"] == 1


def test_near_misses_of_a_label_that_became_wider_are_counted():
    newer = LabelSchema(task="thumbs", version="2.0.0", revises=V1, labels=[GOOD, OTHER_BAD, MEH],
                        steps=[Redefine("bad", "wider")])  # fmt: skip
    found = diff(History([V1, newer]), "1.0.0", "2.0.0", [], Stored([said(1, "bad"), said(2, "good"), said(3, "meh")]))
    assert (found.human["exact"], found.human["near_miss"]) == (3, 2)


def test_merged_labels_are_exact_and_cost_nothing():
    newer = LabelSchema(task="thumbs", version="2.0.0", revises=V1, labels=[GOOD, WRONG],
                        steps=[Merge([BAD, MEH], into=WRONG)])  # fmt: skip
    found = diff(History([V1, newer]), "1.0.0", "2.0.0", [], Stored([said(1, "bad"), said(2, "meh")]))
    assert found.human["exact"] == 2
    assert not any(each.choices for each in found.labels)


def test_going_down_deserves_no_bump():
    found = diff(HISTORY, "2.0.0", "1.0.0", [lf("one", SLOW)], Stored([said(1, "slow", "2.0.0")]))
    assert (found.deserved, found.given) == (None, None)
    assert rows(found)["slow"][0] == 1


def test_a_label_set_of_the_older_version_is_read_by_its_labels_and_new_labels_have_none():
    found = diff(HISTORY, "1.0.0", "2.0.0", [], Stored(label_set={"bad": 3, "slow": 8}))
    assert (rows(found)["bad"][4], rows(found)["slow"][4]) == (3, 0)


def test_a_vote_of_another_branch_is_left_out_where_it_cannot_be_read():
    branch = LabelSchema(task="thumbs", version="1.1.0", revises=V1, labels=[GOOD, BAD, MEH, SLOW], steps=[Add(SLOW)])
    found = diff(History([V1, V2, branch]), "1.0.0", "2.0.0", [lf("one", WRONG), lf("two", SLOW)], Stored())
    assert all(each.lf in ("one", "two") for each in found.votes)


def test_an_unknown_version_is_refused():
    with pytest.raises(UnknownVersionError):
        diff(HISTORY, "1.0.0", "3.0.0", [], None)
    with pytest.raises(UnknownVersionError):
        diff(HISTORY, "0.1.0", "2.0.0", [], None)


def test_a_diff_is_plain_data():
    stored = Stored([said(1, "bad")], {("one", "bad"): 2}, {"bad": 1}, [1.0], 3)
    found = diff(HISTORY, "1.0.0", "2.0.0", [lf("one", BAD)], stored)
    again = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert [each["label"] for each in again["labels"]] == ["good", "bad", "meh", "slow", "wrong"]
    assert again["labels"][1]["choices"][0]["choice"] == "keep"
    assert again["votes"][0]["after"] == ["slow", "wrong"]
