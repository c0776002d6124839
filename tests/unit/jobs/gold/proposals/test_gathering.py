"""The rationales of a task, each with what people said of its item."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from retrolabel import Label, LabelSchema, Merge
from retrolabel.errors import GoldError
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.gold.proposals.gathering import gather, words_of_rules
from retrolabel.jobs.records.gold import Answer
from retrolabel.jobs.records.proposals import Said
from retrolabel.schema.history import History

V1 = LabelSchema(
    task="kind", version="1.0.0", labels=[Label("bug"), Label("crash"), Label("ask", exclude=["It hangs."])]
)
V2 = LabelSchema(
    task="kind", version="2.0.0", revises=V1, labels=[Label("ask", exclude=["It hangs."]), Label("defect")],
    steps=[Merge(["bug", "crash"], into="defect")],
)  # fmt: skip
MAY = datetime(2026, 5, 1, tzinfo=UTC)


class Feedback:
    """A book of feedback in which no text was revised."""

    def revisions(self, _source, _item_ids):
        return {}


def answer(item, who, label, why=None, *, version="1.0.0", role="dev", **more):
    said = HumanLabel("web", str(item), who, label, version, role)
    return Answer(replace(said, **more), why, None, MAY)


def gathered(answers, *versions):
    history = History(versions or [V1])
    return gather(answers, schema=history.head, history=history, feedback=Feedback())


def test_a_rationale_comes_with_the_labels_of_the_others_and_answers_without_one_are_heard_too():
    found = gathered([answer(1, "ana", "bug", "slow"), answer(1, "ben", "ask"), answer(2, "ben", "ask", " ")])
    (reason,) = found.reasons
    assert (reason.label, reason.others, reason.text) == ("bug", ("ask",), "slow")
    assert (found.said, found.rationales) == ((Said("web", "1", "ana"),), 1)


def test_an_answer_of_an_older_version_reads_in_the_newest_and_says_what_it_was():
    (reason,) = gathered([answer(1, "ana", "crash", "it hangs")], V1, V2).reasons
    assert (reason.label, reason.earlier) == ("defect", (("crash", "1.0.0"),))


@pytest.mark.parametrize("hidden", [{"role": "test"}, {"near_test": True}])
def test_test_gold_and_its_near_copies_count_nowhere_whatever_else_is_said_of_the_item(hidden):
    found = gathered(
        [answer(1, "ana", "bug", "secret", **hidden), answer(1, "ben", "ask", "slow"), answer(2, "ben", "ask", "fine")]
    )
    assert [reason.text for reason in found.reasons] == ["fine"]
    assert found.left_out == {"on test gold, or on a near copy of it": 2}


def test_honeypots_are_left_out_and_counted():
    found = gathered([answer(1, "ana", "bug", "slow", role="honeypot")])
    assert (found.reasons, found.left_out) == ((), {"of role honeypot": 1})


def test_what_a_person_changed_or_took_back_counts_no_more():
    answers = [
        answer(1, "ana", "bug", "slow"),
        answer(1, "ana", "ask", "asks"),
        answer(2, "ben", "bug", "x"),
        answer(2, "ben", ""),
    ]
    assert [reason.text for reason in gathered(answers).reasons] == ["asks"]


def both_ways(n, *, people=("ana", "ben")):
    """Return answers of two people who differ on all of n items, in both directions; and n on which they agree."""
    labels = ("bug", "ask")
    differ = [answer(at, who, labels[(at + place) % 2]) for at in range(n) for place, who in enumerate(people)]
    return differ + [answer(n + at, who, "crash") for at in range(n) for who in people]


def test_two_labels_that_nobody_tells_apart_are_found_where_everybody_gives_both():
    assert gathered(both_ways(40)).alike == {frozenset({"bug", "ask"})}
    assert gathered(both_ways(8)).alike == set()
    one_way = [answer(at, who, label) for at in range(40) for who, label in (("ana", "bug"), ("ben", "ask"))]
    assert gathered(one_way).alike == set()


def test_the_words_of_a_label_are_those_of_its_rules():
    assert words_of_rules(V1)["ask"] == {"ask", "hangs"}


def test_a_multilabel_version_is_refused_with_a_word():
    schema = LabelSchema(task="kind", version="1.0.0", labels=[Label("a"), Label("b")], scale="multilabel")
    with pytest.raises(GoldError, match="multilabel"):
        gathered([answer(1, "ana", "a", "slow")], schema)
