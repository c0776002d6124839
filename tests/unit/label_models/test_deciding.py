"""Probabilities become labels where a vote names them; a guess is none, and its set is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.errors import VoteError
from retrolabel.label_models.deciding import Deciding, decide
from retrolabel.label_models.protocol import hard_labels
from retrolabel.votes import VoteMatrix
from tests.laws import law

K = 4


def decided(rows, probabilities, **how):
    """Return label, guess and set of each row."""
    patterns = VoteMatrix.from_sets(rows, labels=K).patterns()
    by_pattern = np.zeros((len(patterns), K))
    by_pattern[patterns.inverse] = probabilities
    found = decide(patterns, by_pattern, Deciding(**how))
    sets = [set(np.flatnonzero(row).tolist()) for row in found.partial[patterns.inverse]]
    return list(
        zip(found.label[patterns.inverse].tolist(), found.guessed[patterns.inverse].tolist(), sets, strict=True)
    )


CASES = {
    "a vote for it alone": ([0], [0.7, 0.1, 0.1, 0.1], (0, False, {0})),
    "a vote for several": ([{0, 1}], [0.7, 0.1, 0.1, 0.1], (-1, True, {0, 1})),
    "two sets that leave one": ([{0, 1}, {1, 2}], [0.2, 0.6, 0.1, 0.1], (1, False, {1})),
    "two sets that leave one, which is not the likeliest": ([{0, 1}, {1, 2}], [0.6, 0.2, 0.1, 0.1], (-1, True, {0, 1})),
    "a set beside a vote for another": ([{0, 1}, 3], [0.6, 0.2, 0.1, 0.1], (-1, True, {0, 1})),
    "a set beside a vote for one of it": ([{0, 1}, 1], [0.2, 0.6, 0.1, 0.1], (1, False, {1})),
    "votes against each other": ([0, 1], [0.6, 0.2, 0.1, 0.1], (0, False, {0})),
    "a vote that the label model does not believe": ([0], [0.2, 0.6, 0.1, 0.1], (1, False, {1})),
    "a set that the label model does not believe": ([{0, 1}], [0.1, 0.1, 0.6, 0.2], (-1, True, {0, 1})),
    "sets that contradict each other": ([{0, 1}, {2, 3}], [0.1, 0.6, 0.2, 0.1], (-1, True, {0, 1})),
    "a tie of two votes": ([0, 1], [0.4, 0.4, 0.1, 0.1], (-1, False, {0, 1})),
    "a tie within a set": ([{0, 1}], [0.4, 0.4, 0.1, 0.1], (-1, True, {0, 1})),
    "a tie of a vote and a set": ([0, {1, 2}], [0.4, 0.4, 0.1, 0.1], (-1, False, {0, 1, 2})),
    "nobody": ([None], [0.4, 0.3, 0.2, 0.1], (-1, False, set())),
}


@pytest.mark.parametrize("case", CASES)
def test_what_becomes_of_an_item(case):
    row, probabilities, expected = CASES[case]
    padded = [each if each is None or isinstance(each, set) else {each} for each in [*row, None, None][:3]]
    assert decided([padded], [probabilities]) == [expected]


def test_a_task_may_ask_for_the_likeliest_label_of_a_guess_and_it_is_still_called_one():
    assert decided([[{0, 1}]], [[0.7, 0.1, 0.1, 0.1]], guesses="label") == [(0, True, {0})]
    assert decided([[{0, 1}]], [[0.4, 0.4, 0.1, 0.1]], guesses="label") == [(-1, True, {0, 1})]
    assert decided([[None]], [[0.7, 0.1, 0.1, 0.1]], guesses="label") == [(-1, False, set())]


def test_what_is_less_probable_than_asked_has_no_label_and_is_no_guess():
    rows, sure = [[{0}], [{0}]], [[0.7, 0.1, 0.1, 0.1]] * 2
    assert decided(rows, sure, abstain_below=0.71) == [(-1, False, {0})] * 2
    assert decided(rows, sure, abstain_below=0.7) == [(0, False, {0})] * 2


@pytest.mark.parametrize("how", [{"guesses": "maybe"}, {"abstain_below": 1.5}, {"abstain_below": float("nan")}])
def test_settings_out_of_range_are_refused(how):
    with pytest.raises(VoteError):
        Deciding(**how)


def votes_of(draw_rows):
    return VoteMatrix.from_sets([[set(vote) or None for vote in row] for row in draw_rows], labels=K)


SETS = st.sets(st.integers(0, K - 1), max_size=K - 1)


@law(200)
@given(st.lists(st.lists(SETS, min_size=3, max_size=3), min_size=1, max_size=12), st.integers(0, 2**32 - 1))
def test_no_label_rests_on_sets_alone_and_where_single_votes_speak_it_is_the_hard_label(rows, seed):
    votes = votes_of(rows)
    patterns = votes.patterns()
    probabilities = np.random.default_rng(seed).dirichlet(np.ones(K), size=len(patterns))
    found = decide(patterns, probabilities)
    hard = hard_labels(probabilities, patterns.covered)
    for place in range(len(patterns)):
        said = [set(patterns.symbols[code - 1]) for code in patterns.codes[place] if code]
        label, left = int(found.label[place]), set(np.flatnonzero(found.partial[place]).tolist())
        assert label in (-1, int(hard[place]))
        assert bool(said) == bool(left)
        if label >= 0:
            speaking = [each for each in said if label in each]
            assert left == {label}
            assert not speaking or set.intersection(*speaking) == {label}
            assert speaking or any(len(each) == 1 for each in said) or len(set.intersection(*said)) == 1
        elif said:
            assert found.guessed[place] or len(left) > 1
        if found.guessed[place]:
            assert label == -1
