"""The arithmetic of the label model: lifts, the centre, one E-step and one M-step by hand."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.label_models.em import (
    Weighing,
    held,
    lifts,
    normalised,
    scores,
    shown,
    silences,
    start,
    totals,
    updated,
)
from retrolabel.label_models.features import Features
from retrolabel.votes import VoteMatrix

UNIFORM = np.array([0.5, 0.5])
ONE = np.ones(1)


def hand_made():
    """One voter: label 0 on 6 items, label 1 on 2, and 12 items on which it abstains."""
    patterns = VoteMatrix.from_ints([[0]] * 6 + [[1]] * 2 + [[-1]] * 12, labels=2).patterns()
    codes, counts = patterns.codes[patterns.covered], patterns.counts[patterns.covered]
    features = Features.of(codes)
    return features, counts, lifts(patterns.membership, 0.75)[features.code]


# Lifts


def test_the_lift_of_a_set_has_mean_one_and_is_flat_for_all_labels():
    lift = lifts(np.array([[1, 1, 1], [1, 0, 0], [1, 1, 0]], dtype=bool), 0.75)
    assert lift[0].tolist() == [1.0, 1.0, 1.0]
    assert lift[1] == pytest.approx([6 * 3 / 8, 3 / 8, 3 / 8])
    assert lift[2] == pytest.approx([6 * 3 / 13, 6 * 3 / 13, 3 / 13])


def test_among_ordered_labels_the_lift_decays_with_the_distance_of_ranks():
    membership = np.vstack([np.ones((1, 4), bool), np.eye(4, dtype=bool)])
    lift = lifts(membership, 0.75, [0, 1, 2, 3])
    assert lift[0] == pytest.approx([1, 1, 1, 1])
    assert lift.mean(axis=1) == pytest.approx(np.ones(5))
    assert (lift[1] / lift[1, -1])[::-1] == pytest.approx([1, 9 ** (1 / 3), 9 ** (2 / 3), 9])
    assert lift[4] == pytest.approx(lift[1][::-1])
    assert lift[2, 0] == pytest.approx(lift[2, 2])
    assert lift[2, 1] > lift[2, 2] > lift[2, 3]


def test_ranks_say_how_far_apart_labels_are_in_whatever_unit_and_direction():
    membership = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0]], dtype=bool)
    lift = lifts(membership, 0.8, [0, 1, 10])
    assert lift == pytest.approx(lifts(membership, 0.8, [-5, 15, 195]))
    assert lift == pytest.approx(lifts(membership, 0.8, [10, 9, 0]))
    assert lift[0, 1] > lift[0, 2]


def test_a_set_of_ordered_labels_speaks_for_the_neighbours_of_its_nearest_member():
    lift = lifts(np.array([[1, 1, 0, 0]], dtype=bool), 0.75, [0, 1, 2, 3])[0]
    assert lift[0] == pytest.approx(lift[1])
    assert lift[1] > lift[2] > lift[3]
    assert lift[2] / lift[3] == pytest.approx(9 ** (1 / 3))


def test_between_two_labels_ranks_change_nothing():
    membership = np.array([[1, 1], [1, 0], [0, 1]], dtype=bool)
    assert lifts(membership, 0.75, [3, 8]) == pytest.approx(lifts(membership, 0.75))


# The centre, an M-step and an E-step


def test_the_start_holds_each_voters_mass_below_one_by_one_factor():
    features, counts, lift = hand_made()
    made = start(features, shown(features, counts), lift)
    assert made == pytest.approx(np.array([[0.882, 0.294], [0.098, 0.294]]), abs=1e-12)
    assert made.sum(axis=0).max() == pytest.approx(0.98)


def test_the_centre_holds_it_label_by_label():
    features, counts, lift = hand_made()
    made = held(features, shown(features, counts)[:, None] * lift)
    assert made == pytest.approx(np.array([[0.882, 0.375], [0.098, 0.375]]), abs=1e-12)


def test_the_start_of_a_voter_that_votes_seldom_is_its_share_times_the_lift():
    patterns = VoteMatrix.from_ints([[0, 0]] + [[-1, 1]] * 9, labels=2).patterns()
    features = Features.of(patterns.codes)
    made = start(features, shown(features, patterns.counts), lifts(patterns.membership, 0.75)[features.code])
    assert made[0] == pytest.approx([0.1 * 1.5, 0.1 * 0.5])


def test_one_m_step_gives_what_a_person_computes():
    features, counts, lift = hand_made()
    about = start(features, shown(features, counts), lift)
    weighing = Weighing(UNIFORM, ONE)
    before = weighing.posterior(features, about)
    assert before == pytest.approx(np.array([[0.75, 0.25], [0.25, 0.75]]), abs=1e-12)
    theta = updated(features, counts, before, about, 2.0)
    assert theta[0] == pytest.approx([6.264 / 7, 2.088 / 5], abs=1e-12)
    assert theta[1] == pytest.approx([0.696 / 7, 2.088 / 5], abs=1e-12)
    after = weighing.posterior(features, theta)
    assert after == pytest.approx(np.array([[15 / 22, 7 / 22], [5 / 26, 21 / 26]]), abs=1e-12)


def test_an_m_step_without_strength_is_what_was_counted():
    features, counts, lift = hand_made()
    sure = np.array([[1.0, 0.0], [0.5, 0.5]])
    theta = updated(features, counts, sure, start(features, shown(features, counts), lift), 0.0)
    assert theta == pytest.approx(np.array([[6 / 7, 0 / 1], [1 / 7, 1 / 1]]))


def test_a_voter_that_counts_half_adds_half_its_log_odds():
    features = Features.of(np.array([[1, 1]], np.uint8))
    theta = np.array([[0.6, 0.2], [0.6, 0.2]])
    assert Weighing(UNIFORM, np.array([1.0, 1.0])).posterior(features, theta)[0] == pytest.approx([0.9, 0.1])
    assert Weighing(UNIFORM, np.array([0.5, 0.5])).posterior(features, theta)[0] == pytest.approx([0.75, 0.25])
    assert Weighing(UNIFORM, np.array([0.0, 1.0])).posterior(features, theta)[0] == pytest.approx([0.75, 0.25])


def test_silence_counts_for_the_labels_on_which_a_voter_would_have_spoken_less():
    features = Features.of(np.array([[1, 0], [1, 1]], np.uint8))
    theta = np.array([[0.5, 0.5], [0.8, 0.2]])
    assert silences(features, theta) == pytest.approx(np.array([[0.5, 0.5], [0.2, 0.8]]))
    found = Weighing(UNIFORM, np.ones(2), silence=1.0).posterior(features, theta)
    assert found == pytest.approx(np.array([[0.2, 0.8], [0.8, 0.2]]))
    less = Weighing(UNIFORM, np.ones(2), silence=0.5).posterior(features, theta)
    assert less[0] == pytest.approx(np.sqrt([0.2, 0.8]) / np.sqrt([0.2, 0.8]).sum())
    assert less[1] == pytest.approx([0.8, 0.2])


def test_a_voter_that_never_abstains_does_not_make_silence_impossible():
    features = Features.of(np.array([[1]], np.uint8))
    assert (silences(features, np.array([[1.0, 0.3]])) > 0).all()


# Scores and probabilities


def test_scores_are_the_start_and_what_each_code_adds():
    votes = VoteMatrix.from_ints([[0, 1], [-1, 1], [-1, -1]], labels=2)
    tables = [np.array([[0, 0], [1, 2], [3, 4]], float), np.array([[0, 0], [10, 20], [30, 40]], float)]
    found = scores(votes, tables, np.array([0.5, 0.25]))
    assert found.tolist() == [[31.5, 42.25], [30.5, 40.25], [0.5, 0.25]]


def test_scores_do_not_depend_on_where_blocks_end():
    rng = np.random.default_rng(0)
    votes = VoteMatrix.from_ints(rng.integers(-1, 3, size=(2**14 + 3, 2)), labels=3)
    tables = list(rng.normal(size=(2, 4, 3)))
    found = scores(votes, tables, np.zeros(3))
    expected = tables[0][votes.codes[:, 0]] + tables[1][votes.codes[:, 1]]
    assert np.array_equal(found, expected)


def test_probabilities_of_scores_far_out_of_range_are_exact():
    found = normalised(np.array([[1e4, 1e4 - np.log(3)], [-1e4, -1e4], [0.0, -1e5]]))
    assert found == pytest.approx(np.array([[0.75, 0.25], [0.5, 0.5], [1.0, 0.0]]))
    assert normalised(np.zeros((0, 3))).shape == (0, 3)


def test_normalising_leaves_what_it_was_given():
    logs = np.array([[1.0, 2.0]])
    normalised(logs)
    assert logs.tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize("k", range(1, 20))
def test_the_sums_of_rows_are_numpys_to_the_bit(k):
    values = np.random.default_rng(k).random((500, k))
    assert np.array_equal(totals(values), values.sum(axis=1))
