"""The verdict of a report says what is known, and names one step."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from retrolabel.analysis.report.page import View
from retrolabel.analysis.report.values import Standing
from retrolabel.analysis.report.verdict import told
from retrolabel.gold.pairing import paired

PASSED = Standing("current", "ab" * 16, "", (("flips", "passed", "none"),))
FAILED = Standing("candidate", "ef" * 16, "", (("flips", "failed", "40 % flip"),))


def verdict(report):
    return View(report).verdict


def pairing(won, lost, same):
    before = np.array([False] * won + [True] * (lost + same), bool)
    after = np.array([True] * won + [False] * lost + [True] * same, bool)
    return paired(before, after)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (pairing(30, 0, 70), "Better than the label set before: right on 30.0 points ["),
        (pairing(0, 30, 70), "Worse than the label set before: right on 30.0 points ["),
        (pairing(3, 2, 95), "On the same 100 gold items as before the difference is +1.0 points ["),
    ],
)
def test_a_change_is_told_only_as_far_as_its_interval_says(change, words):
    assert told(change).startswith(words)


def test_worse_is_told_with_the_smaller_bound_first():
    assert told(pairing(0, 30, 70)) == (
        "Worse than the label set before: right on 30.0 points [20.4, 38.5] fewer of the same 100 gold items."
    )


def test_without_a_comparison_nothing_is_said():
    assert told(None) == ""
    assert told(pairing(0, 0, 0)) == ""


def test_a_gate_that_fails_comes_before_all_else(make_report):
    found = verdict(make_report(standing=FAILED))
    assert found.tone == "stop"
    assert found.standing == "Consumers do not read this label set. 1 gate fails."
    assert found.next.why == "See what the gate holds: flips, 40 % flip."
    assert found.next.command == f"retrolabel labels diff {make_report().task} {'ef' * 6} {'ab' * 6}"


def test_faults_come_before_gold(make_report):
    report = make_report(standing=PASSED)
    assert report.fault_count
    assert verdict(report).next.command == f"retrolabel lf faults {report.task}"
    assert verdict(report).tone == "look"


def test_a_candidate_without_a_failing_gate_waits_for_a_person(make_report):
    waits = dataclasses.replace(PASSED, status="candidate")
    report = make_report(standing=waits, faults=(), fault_count=0)
    assert verdict(report).next.command == f"retrolabel labels promote {report.task} {'ab' * 6}"


def test_without_gold_the_next_step_is_gold_and_nothing_is_called_good(make_report):
    from retrolabel.analysis.report.gold_values import AboutGold, Unsaid  # noqa: PLC0415 - for this test alone

    none = Unsaid("There is no gold.", "take some in")
    report = make_report(faults=(), fault_count=0, scores=(), about_gold=AboutGold(none, none, none))
    found = verdict(report)
    assert found.tone == "look"
    assert found.worth.startswith("Nobody can tell how good these labels are")
    assert found.next.command == f"retrolabel gold sample {report.task}"


def test_gold_that_a_split_left_open_is_asked_again(make_report):
    report = make_report(faults=(), fault_count=0)
    assert report.scores[0].membership.exact < report.scores[0].membership.n
    assert verdict(report).next.command == f"retrolabel gold sample {report.task} --for split"


def exact(report):
    score = report.scores[0]
    return (dataclasses.replace(score, membership=dataclasses.replace(score.membership, exact=score.membership.n)),)


def test_where_most_is_lost_without_a_label_gaps_are_next(make_report):
    report = make_report(faults=(), fault_count=0)
    made = dataclasses.replace(report.made, items=100, covered=10, labelled=8)
    found = verdict(dataclasses.replace(report, made=made, scores=exact(report)))
    assert found.next.why == ("Most is lost where there is no label: 90 items got no vote. See which words they share.")
    assert found.next.command == f"retrolabel lf gaps {report.task} --of uncovered"


def test_where_most_is_lost_to_wrong_labels_the_most_confused_pair_is_next(make_report):
    report = make_report(faults=(), fault_count=0)
    made = dataclasses.replace(report.made, items=100, covered=100, labelled=99)
    judged = dataclasses.replace(
        report.judged, left=(frozenset({0}),) * 3 + (frozenset({1}),) * 2, given=(0, 1, 1, 1, 0)
    )
    found = verdict(dataclasses.replace(report, made=made, judged=judged, scores=exact(report)))
    assert found.next.command == f"retrolabel errors {report.task} --gold bug --label ask"


def test_a_label_is_called_by_its_name_and_by_its_id_too_where_two_have_one_name(make_report):
    view = View(make_report(titles={"bug": "Bug report", "ask": "Question", "old": "Question"}))
    assert view.name("bug") == "Bug report"
    assert view.name("ask") == "Question (ask)"
    assert view.vote("bug|ask") == "Bug report | Question (ask)"
    assert view.name("unheard") == "unheard"
