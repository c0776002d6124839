"""What is known before EM: strengths, label probabilities, constant voters, labels that no vote tells apart."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.label_models.features import Features
from retrolabel.label_models.ground import ground
from retrolabel.label_models.label_model import LabelModel
from retrolabel.votes import VoteMatrix
from tests.unit.label_models.test_planted_votes import says


def of(votes, prior=None, *, told=False, base=0.75, raised=True, ranks=None):
    patterns = votes.patterns()
    here, k, m = patterns.covered, len(votes.labels), len(votes.voters)
    return ground(
        Features.of(patterns.codes[here]),
        patterns.counts[here],
        patterns.membership,
        np.full(k, 1 / k) if prior is None else np.asarray(prior),
        told=told,
        base=np.full(m, base),
        raised=np.full(m, raised),
        ranks=ranks,
        at_prior=False,
    )


def of_ints(columns, k=2, **about):
    return of(VoteMatrix.from_ints(np.column_stack(columns), labels=k), **about)


@pytest.fixture(scope="module")
def truth():
    return np.random.default_rng(5).integers(0, 2, 6_000)


def test_how_good_each_voter_is_is_read_off_how_it_agrees_with_the_others(truth):
    rng = np.random.default_rng(0)
    right = (0.2, 0.6, 0.7, 0.75, 0.85, 0.9)
    found = of_ints([says(rng, truth, each, 0.7) for each in right])
    assert found.compared.precisions(np.full(6, 0.75), 2) == pytest.approx(right, abs=0.05)
    assert (found.compared.believed > 0.9).all()


def test_few_items_move_a_voter_less():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 60)
    found = of_ints([says(rng, truth, each, 0.7) for each in (0.9,) * 6])
    assert (found.compared.believed < 0.8).all()


def test_with_fewer_than_two_partners_that_do_not_repeat_each_other_nothing_is_believed(truth):
    rng = np.random.default_rng(0)
    three = of_ints([says(rng, truth, 0.9) for _ in range(3)])
    same = says(rng, truth, 0.9)
    copies = of_ints([says(rng, truth, 0.7), same, same, same, same])
    assert not three.compared.believed.any()
    assert copies.compared.precisions(np.full(5, 0.75), 2)[0] == 0.75


def test_a_voter_of_one_label_is_taken_for_a_third_better_in_odds_where_nobody_said_how_good_it_is(truth):
    rng = np.random.default_rng(0)
    columns = [np.where(says(rng, truth, 0.8) == 1, 1, -1), says(rng, truth, 0.8)]
    assert of_ints(columns).base == pytest.approx([0.8, 0.75])
    assert of_ints(columns, raised=False).base == pytest.approx([0.75, 0.75])


@pytest.mark.parametrize(("others", "constant"), [(3, True), (0, False)])
def test_constant_is_what_a_voter_says_wherever_others_vote(truth, others, constant):
    rng = np.random.default_rng(0)
    found = of_ints([np.zeros(6_000, int), *[says(rng, truth, 0.7) for _ in range(others)]])
    assert found.constant[0] == constant
    assert found.faint()[0] == (0.5 if constant else 1.0)
    assert (found.faint()[1:] == 1).all()


def test_a_voter_that_fires_on_some_items_alone_is_not_constant(truth):
    rng = np.random.default_rng(0)
    rule = np.where(rng.random(6_000) < 0.2, 1, -1)
    found = of_ints([rule, np.where(rule < 0, says(rng, truth, 0.7), -1)])
    assert not found.constant.any()


def test_labels_that_no_vote_tells_apart_are_one():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 800)
    ints = np.column_stack([says(rng, truth, 0.8, 0.7) for _ in range(5)])
    coarse = VoteMatrix.from_ints(ints, labels=["good", "bad"])
    rows = [[None if vote < 0 else 0 if vote == 0 else {1, 2, 3} for vote in row] for row in ints.tolist()]
    fine = VoteMatrix.from_sets(rows, labels=["good", "slow", "wrong", "rude"])
    found = of(fine, [0.5, 1 / 6, 1 / 6, 1 / 6])
    assert found.group.tolist() == [0, 1, 1, 1]
    assert found.compared.strength == pytest.approx(of(coarse).compared.strength)
    whole = LabelModel().fit(coarse).predict_proba(coarse)
    parts = LabelModel(without_gold=[0.5, 1 / 6, 1 / 6, 1 / 6]).fit(fine).predict_proba(fine)
    assert parts[:, 1:].sum(axis=1) == pytest.approx(whole[:, 1], abs=2e-4)
    assert np.ptp(parts[:, 1:], axis=1).max() < 1e-12


def test_ranks_tell_all_labels_apart():
    votes = VoteMatrix.from_sets([[{0, 1}, 2], [2, 2], [{0, 1}, {0, 1}]], labels=3)
    assert of(votes, ranks=[1, 2, 3]).group.tolist() == [0, 1, 2]


def test_known_label_probabilities_are_margins_of_the_centre(truth):
    rng = np.random.default_rng(0)
    found = of_ints([says(rng, truth, 0.7, 0.6) for _ in range(4)], prior=[0.5, 0.5], told=True)
    assert found.centre(np.array([0.5, 0.5])) @ [0.5, 0.5] == pytest.approx(found.share, abs=1e-3)


def test_a_vote_for_a_rare_label_by_a_voter_of_one_label_is_right_as_often_as_margins_allow():
    rng = np.random.default_rng(0)
    truth = (rng.random(20_000) < 0.05).astype(int)
    finds = np.where(rng.random(20_000) < np.where(truth == 1, 0.4, 0.01), 1, -1)
    prior = np.array([0.95, 0.05])
    table = of_ints([finds, says(rng, truth, 0.8)], prior=prior, told=True).centre(prior)[0]
    assert 0.6 < table[1] * prior[1] / (table @ prior) <= 0.8


def test_people_with_few_votes_each_are_not_compared():
    rng = np.random.default_rng(0)
    ints = np.where(rng.random((400, 40)) < 0.05, rng.integers(0, 2, (400, 40)), -1)
    found = of(VoteMatrix.from_ints(ints, labels=2))
    assert not found.compared.shared.any()
    assert not found.compared.believed.any()
    assert not found.told
