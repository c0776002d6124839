"""Distances between values: levels, sets, functions and matrices."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.gold import cohen_kappa, gwet_ac2, jaccard, krippendorff_alpha, masi

A, AB, BC, ABC, NONE = (frozenset(text) for text in ("a", "ab", "bc", "abc", ""))


def test_masi_of_sets():
    assert masi(AB, AB) == masi(NONE, NONE) == 0
    assert masi(A, AB) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi(AB, BC) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi(A, BC) == masi(A, NONE) == 1


def test_jaccard_of_sets():
    assert jaccard(NONE, NONE) == jaccard(ABC, ABC) == 0
    assert jaccard(AB, BC) == pytest.approx(2 / 3)
    assert jaccard(A, NONE) == 1


@pytest.mark.parametrize("distance", [masi, jaccard])
def test_alpha_of_sets_takes_the_distance_by_name_by_function_or_as_a_matrix(distance):
    ratings = [[A, AB, BC, ABC, None], [A, A, BC, AB, A], [AB, AB, A, ABC, A]]
    by_name = krippendorff_alpha(ratings, distance.__name__).value
    values = [ABC, BC, AB, A]
    matrix = [[distance(one, other) for other in values] for one in values]
    assert by_name == pytest.approx(krippendorff_alpha(ratings, distance).value)
    assert by_name == pytest.approx(krippendorff_alpha(ratings, matrix, values=values).value)
    assert krippendorff_alpha(ratings).value < by_name < 1


def test_alpha_of_sets_by_hand():
    """Two items: {a}, {a} and {a}, {a, b}. Observed 2 x .5 / 4; expected 2 x 3 x 1 x .5 / (4 x 3)."""
    assert krippendorff_alpha([[A, A], [A, AB]], "jaccard").value == pytest.approx(1 - 0.25 / 0.25)


def test_a_distance_of_ones_own():
    ratings = [[1, 2, 3, 4, 4, 1], [1, 2, 4, 4, 3, 2]]
    own = krippendorff_alpha(ratings, lambda one, other: (one - other) ** 2)
    assert own.value == pytest.approx(krippendorff_alpha(ratings, "interval").value)


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("nominale", "no level 'nominale'"),
        ("masi", "is for sets, and 1 is none"),
        ([[0, 1], [1, 0]], r"There are 3 values, and the distances are \(2, 2\)"),
        ([[0, -1, 1], [1, 0, 1], [1, 1, 0]], "never negative"),
        (lambda _one, _other: 1.0, "0 between a value and itself"),
    ],
)
def test_a_level_that_does_not_fit_is_refused(level, said):
    with pytest.raises(VoteError, match=said):
        krippendorff_alpha([[1, 2, 3], [1, 2, 2]], level)


def test_unknown_weights_are_refused():
    with pytest.raises(VoteError, match="no weights 'cubic'"):
        gwet_ac2([[1, 2], [1, 2]], "cubic")


def test_weights_go_by_numbers_where_values_are_numbers_and_by_places_elsewhere():
    numbers = cohen_kappa([1, 2, 10, 10, 1], [1, 2, 2, 10, 10], "linear").value
    names = cohen_kappa(["a", "b", "c", "c", "a"], ["a", "b", "b", "c", "c"], "linear").value
    places = cohen_kappa([0, 1, 2, 2, 0], [0, 1, 1, 2, 2], "linear").value
    assert names == pytest.approx(places)
    assert numbers != pytest.approx(places)


def test_ordinal_weights_count_the_pairs_of_ranks_between():
    ratings = [[1, 2, 3, 4], [1, 3, 3, 1]]
    pairs = np.array([[0, 1, 3, 6], [1, 0, 1, 3], [3, 1, 0, 1], [6, 3, 1, 0]]) / 6
    assert gwet_ac2(ratings, "ordinal").value == pytest.approx(gwet_ac2(ratings, 1 - pairs).value)


def test_an_answer_that_is_no_value_is_refused():
    with pytest.raises(VoteError, match="told from others") as caught:
        krippendorff_alpha([[{1}, {2}], [{1}, {1}]], "jaccard")
    assert "frozenset" in caught.value.remedy
    with pytest.raises(VoteError, match="finite"):
        krippendorff_alpha([[1.0, float("inf")], [1.0, 2.0]], "interval")
