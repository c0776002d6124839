"""What gold can tell apart, how much more it takes, and which of it may be wrong."""

from __future__ import annotations

import json
import sys
import warnings
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.errors import GoldError
from retrolabel.gold.readiness import items_for, readiness, smallest_difference, suspects, suspects_by_cleanlab
from tests.laws import law

PROPERTY = law(100)


def judged(n, won, lost):
    before = np.arange(n) % 2 == 0
    after = before.copy()
    after[np.flatnonzero(~before)[:won]] = True
    after[np.flatnonzero(before)[:lost]] = False
    return before, after


def test_connors_number_of_pairs():
    """Connor (1987): (z sqrt f + z' sqrt(f - d^2))^2 / d^2; with f = .2 and d = .1: (.87652 + .36688)^2 / .01."""
    assert items_for(0.1, 0.2) == 155
    assert items_for(0.1, 0.2, power=0.9) == 206


@PROPERTY
@given(flips=st.floats(0.02, 1), part=st.floats(0.05, 1), power=st.sampled_from([0.5, 0.8, 0.95]))
def test_the_smallest_difference_and_the_number_of_items_undo_each_other(flips, part, power):
    difference = flips * part
    n = items_for(difference, flips, power=power)
    smallest = smallest_difference(n, flips, power=power)
    assert smallest is not None
    assert smallest <= difference * (1 + 1e-9)
    assert items_for(smallest, flips, power=power) <= n


@PROPERTY
@given(n=st.integers(1, 10_000), more=st.integers(1, 10_000), flips=st.floats(0.01, 1))
def test_more_items_see_smaller_differences(n, more, flips):
    few, many = smallest_difference(n, flips), smallest_difference(n + more, flips)
    assert few is None or (many is not None and many <= few + 1e-12)


@pytest.mark.parametrize(("flips", "difference"), [(0.3, 0.08), (0.15, 0.05)])
def test_so_many_items_see_the_difference_four_times_in_five(flips, difference):
    n = items_for(difference, flips)
    random = np.random.default_rng(0)
    won, lost = random.multinomial(n, [(flips + difference) / 2, (flips - difference) / 2, 1 - flips], 20_000).T[:2]
    seen = np.abs(won - lost) / np.sqrt(won + lost) > 1.959964
    assert seen.mean() == pytest.approx(0.8, abs=0.015)


def test_gold_that_tells_two_sets_apart_says_so():
    found = readiness(*judged(400, 60, 20))
    assert found.tells
    assert found.smallest < 0.1
    assert str(found).startswith("400 gold items tell them apart: the second is right +10.0 % more often")


def test_gold_that_does_not_says_how_many_more_it_takes():
    found = readiness(*judged(100, 12, 9))
    assert not found.tells
    assert found.needed == items_for(0.03, 22 / 102)
    assert found.more == found.needed - 100
    assert "do not tell them apart" in str(found)
    assert f"a difference of 3.0 % needs {found.more:,} more" in str(found)


def test_a_difference_can_be_asked_for():
    found = readiness(*judged(100, 12, 9), wanted=0.1)
    assert (found.wanted, found.needed) == (0.1, items_for(0.1, 22 / 102))
    assert found.more == max(0, found.needed - 100)


def test_where_the_two_differ_a_part_of_the_items_is_enough():
    found = readiness(*judged(200, 14, 6), wanted=0.04, differing=0.12)
    assert found.where_they_differ < found.needed / 5
    assert readiness(*judged(200, 14, 6), wanted=0.2, differing=0.12).where_they_differ is None


def test_two_sets_that_are_alike_need_no_items_and_show_no_gain():
    found = readiness(*judged(50, 0, 0))
    assert (found.needed, found.more, found.tells) == (None, None, False)
    nothing = readiness(np.zeros(0, bool), np.zeros(0, bool))
    assert (nothing.smallest, nothing.tells) == (None, False)
    assert "nothing was compared" in str(nothing)


@PROPERTY
@given(n=st.integers(0, 200), won=st.integers(0, 50), lost=st.integers(0, 50), differing=st.floats(0, 1))
def test_whatever_is_compared_is_plain_data_and_a_sentence(n, won, lost, differing):
    found = readiness(*judged(n, won, lost), differing=differing)
    json.dumps(found.as_dict(), allow_nan=False)
    assert str(found)
    swapped = readiness(*reversed(judged(n, won, lost)), differing=differing)
    assert (swapped.needed, swapped.smallest) == (found.needed, found.smallest)


@pytest.mark.parametrize(
    "call",
    [
        lambda: readiness(np.ones(2, bool), np.ones(3, bool)),
        lambda: readiness(np.ones(2, bool), np.ones(2, bool), differing=1.5),
        lambda: readiness(np.ones(2, bool), np.ones(2, bool), power=0.2),
        lambda: items_for(0.3, 0.2),
        lambda: items_for(0.0, 0.2),
        lambda: smallest_difference(10, 2.0),
        lambda: suspects([[0.5, 0.5]], [2]),
        lambda: suspects([[0.5, 0.5]], [0, 1]),
        lambda: suspects([[0.5, 0.5]], [[True]]),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(GoldError):
        call()


def test_gold_that_the_model_speaks_against_comes_with_the_surest_first():
    table = [[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.01, 0.99], [0.5, 0.5]]
    rows, scores = suspects(table, [1, 1, 0, 0, 0])
    assert rows.tolist() == [3, 0, 2]
    assert scores.tolist() == pytest.approx([np.log(99), np.log(9), np.log(1.5)])


def test_gold_that_leaves_several_labels_is_suspect_where_none_of_them_is_likely():
    table = [[0.1, 0.2, 0.7], [0.1, 0.2, 0.7], [0.1, 0.2, 0.7], [0.1, 0.2, 0.7]]
    leaves = [[True, True, False], [True, False, True], [False, False, False], [True, True, True]]
    assert suspects(table, leaves)[0].tolist() == [0]


def test_items_without_votes_or_gold_are_no_suspects():
    rows, _ = suspects([[0.9, 0.1]] * 3, [1, 1, -1], [True, False, True])
    assert rows.tolist() == [0]
    assert suspects(np.zeros((0, 2)), np.zeros(0, int))[0].tolist() == []


def test_cleanlab_says_nothing_where_it_is_not_installed_and_else_finds_planted_errors():
    random = np.random.default_rng(0)
    truth = random.integers(0, 2, 200)
    table = np.where(truth[:, None] == np.arange(2), 0.9, 0.1)
    gold = np.where(np.arange(200) < 10, 1 - truth, truth)
    found = suspects_by_cleanlab(table, gold)
    assert found is None or set(found[:10].tolist()) == set(range(10))
    assert set(suspects(table, gold)[0].tolist()) == set(range(10))


def test_cleanlab_is_not_asked_where_gold_has_one_label_or_none(monkeypatch):
    def refuse(*_, **__):
        raise ValueError("Labels must contain at least 2 classes.")

    fake = ModuleType("cleanlab.filter")
    fake.find_label_issues = refuse
    monkeypatch.setitem(sys.modules, "cleanlab", ModuleType("cleanlab"))
    monkeypatch.setitem(sys.modules, "cleanlab.filter", fake)
    table = np.array([[0.9, 0.1], [0.2, 0.8]])
    for gold in ([1, 1], [-1, -1], [0, -1]):
        assert suspects_by_cleanlab(table, gold).tolist() == []
    monkeypatch.setitem(sys.modules, "cleanlab.filter", None)
    assert suspects_by_cleanlab(table, [0, 1]) is None


def test_places_that_cleanlab_names_are_places_among_all_items_and_its_warnings_stay_its_own(monkeypatch):
    def last(labels, pred_probs, **_):
        warnings.warn("too few examples", UserWarning, stacklevel=1)
        assert labels.tolist() == [1, 0]
        assert pred_probs.shape == (2, 2)
        return np.array([1])

    fake = ModuleType("cleanlab.filter")
    fake.find_label_issues = last
    monkeypatch.setitem(sys.modules, "cleanlab", ModuleType("cleanlab"))
    monkeypatch.setitem(sys.modules, "cleanlab.filter", fake)
    assert suspects_by_cleanlab(np.full((4, 2), 0.5), [-1, 1, -1, 0]).tolist() == [3]
