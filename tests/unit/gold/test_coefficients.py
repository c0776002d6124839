"""The coefficients on published tables, and what is said where there is nothing to say."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from retrolabel.errors import VoteError
from retrolabel.gold import (
    Coefficient,
    Counts,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    percent_agreement,
)

KRIPPENDORFF_C = [
    [None if cell == "." else int(cell) for cell in row.split()]
    for row in (
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    )
]
FLEISS = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031"
    " 00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]


def answers(table):
    """Two people's answers whose table is this one."""
    cells = [(row, column) for row, counts in enumerate(table) for column, n in enumerate(counts) for _ in range(n)]
    return [row for row, _ in cells], [column for _, column in cells]


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)]
)
@pytest.mark.parametrize("as_floats", [False, True])
def test_alpha_of_krippendorffs_example_c(level, alpha, as_floats):
    ratings = np.array(KRIPPENDORFF_C, dtype=np.float64) if as_floats else KRIPPENDORFF_C
    found = krippendorff_alpha(ratings, level)
    assert found.value == pytest.approx(alpha, abs=5e-7)
    assert found.n == 11  # the twelfth item has one answer


def test_alpha_of_krippendorffs_examples_a_and_b():
    a = [[int(cell) for cell in row] for row in ("0100000010", "1110010000")]
    b = [list(row) for row in ("aabbdcccedda", "babbbccceddd")]
    assert krippendorff_alpha(a).value == pytest.approx(0.095238, abs=5e-7)
    assert krippendorff_alpha(b).value == pytest.approx(0.691964, abs=5e-7)


def test_kappa_of_fleiss_example():
    counts = [[int(digit) for digit in row] for row in FLEISS.split()]
    assert np.sum(counts) == 180
    assert fleiss_kappa(counts).value == pytest.approx(0.43024, abs=5e-5)


def test_kappa_of_cohens_example_with_its_standard_error():
    found = cohen_kappa(*answers(COHEN))
    assert found.value == pytest.approx(0.4915, abs=5e-5)
    assert found.se == pytest.approx(0.0510, abs=5e-5)
    assert found.low < found.value - found.se < found.value + found.se < found.high
    assert found.n == 200


def test_a_matrix_of_weights_says_by_its_diagonal_what_it_holds():
    apart = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    assert cohen_kappa(*answers(COHEN), weights=apart).value == pytest.approx(0.3478, abs=5e-5)
    agreeing = 1 - np.array(apart) / 6
    assert cohen_kappa(*answers(COHEN), weights=agreeing).value == pytest.approx(0.3478, abs=5e-5)
    with pytest.raises(VoteError, match="0 between a value and itself"):
        cohen_kappa(*answers(COHEN), weights=[[0.5, 1, 1], [1, 0.5, 1], [1, 1, 0.5]])


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        ([[20, 5], [10, 15]], 0.4),
        ([[45, 15], [25, 15]], 0.1304),
        ([[25, 35], [5, 35]], 0.2593),
        ([[40, 9], [6, 45]], 0.6995),
        ([[80, 10], [5, 5]], 0.3182),
        ([[118, 5], [2, 0]], -0.0234),
    ],
)
def test_kappa_of_small_tables(table, kappa):
    assert cohen_kappa(*answers(table)).value == pytest.approx(kappa, abs=5e-5)


@pytest.mark.parametrize(
    ("table", "ac1"), [([[40, 9], [6, 45]], 0.7007), ([[80, 10], [5, 5]], 0.8080), ([[118, 5], [2, 0]], 0.9408)]
)
def test_ac1_stays_where_one_value_is_common(table, ac1):
    found = gwet_ac1(answers(table))
    assert found.value == pytest.approx(ac1, abs=5e-5)
    assert percent_agreement(answers(table)).value == pytest.approx(np.trace(table) / np.sum(table))


@pytest.mark.parametrize(
    "found",
    [
        krippendorff_alpha([[1] * 60] * 3),
        krippendorff_alpha([[1] * 60] * 3, "ordinal"),
        cohen_kappa([1] * 60, [1] * 60),
        fleiss_kappa([[3, 0]] * 60),
        gwet_ac1([["a"] * 60] * 2),
        gwet_ac2([["a"] * 60] * 2, "linear"),
    ],
    ids=["alpha", "ordinal", "cohen", "fleiss", "ac1", "ac2"],
)
def test_where_all_answers_are_the_same_agreement_beyond_chance_is_undefined(found):
    assert (found.value, found.low, found.high, found.n) == (None, None, None, 60)
    assert repr(found) == "<undefined (60 items): nothing varies: all answers are the same value>"


def test_where_nobody_shares_an_item_nothing_is_defined():
    apart = [[1, None], [None, 2]]
    for found in (krippendorff_alpha(apart), percent_agreement(apart), gwet_ac1(apart), cohen_kappa(*apart)):
        assert (found.value, found.n, found.why) == (None, 0, "no item has two answers")
    assert krippendorff_alpha([[], []]).value is None
    assert krippendorff_alpha([[None, None]]).value is None


def test_a_figure_of_few_items_is_withheld_and_still_readable():
    few = krippendorff_alpha([[0, 1] * 20, [0, 1] * 20])
    assert few.withheld
    assert (few.value, few.shown) == (1, None)
    assert few.as_dict() == {
        "value": None,
        "low": None,
        "high": None,
        "n": 40,
        "why": "40 items have two answers, and 50 are needed",
    }
    assert str(few) == "withheld (40 items): 40 items have two answers, and 50 are needed"
    assert krippendorff_alpha([[0, 1] * 20, [0, 1] * 20], least=40).why == ""


def test_a_figure_is_withheld_where_few_items_hold_another_answer_than_the_commonest():
    found = cohen_kappa(*answers([[900, 3], [2, 1]]))
    assert found.why == "6 items hold another answer than 0, and 20 are needed"
    assert cohen_kappa(*answers([[900, 3], [2, 1]]), least=1).shown == found.value
    assert percent_agreement(answers([[900, 3], [2, 1]])).shown == pytest.approx(901 / 906)
    assert gwet_ac1(answers([[900, 3], [2, 1]])).shown > 0.99


def test_perfect_agreement_is_no_certainty():
    ratings = [[0, 1] * 50] * 2
    assert percent_agreement(ratings).low == pytest.approx(0.025 ** (1 / 100))  # Clopper and Pearson's
    for found in (krippendorff_alpha(ratings), cohen_kappa(*ratings), gwet_ac1(ratings)):
        assert found.value == found.high == 1
        assert 0.9 < found.low < 0.96


def test_a_coefficient_reads_as_a_person_would_write_it():
    assert repr(Coefficient(0.65789, 0.6402, 0.6761, 1234)) == "<0.658 [0.640, 0.676] (1,234 items)>"
    assert str(Coefficient(0.5, None, None, 1)) == "0.500 (1 item)"


def test_the_same_data_have_the_same_interval_and_another_seed_another():
    rng = np.random.default_rng(5)
    ratings = rng.integers(0, 3, (3, 80))
    one, again = krippendorff_alpha(ratings), krippendorff_alpha(ratings[::-1, rng.permutation(80)])
    assert (one.low, one.high) == (again.low, again.high)
    assert krippendorff_alpha(ratings, seed=1).low != one.low
    assert krippendorff_alpha(ratings, draws=0).low is None


def test_intervals_shrink_as_one_over_the_root_of_n():
    widths = []
    for n in (400, 6400):
        rng = np.random.default_rng(1)
        truth = rng.integers(0, 4, n)
        ratings = np.where(rng.random((3, n)) < 0.8, truth, rng.integers(0, 4, (3, n)))
        found = krippendorff_alpha(ratings)
        widths.append(found.high - found.low)
    assert widths[0] / widths[1] == pytest.approx(4, rel=0.15)


def test_fleiss_kappa_asks_for_alpha_where_items_have_different_numbers_of_answers():
    with pytest.raises(VoteError, match="from 2 to 3") as caught:
        fleiss_kappa([[2, 0], [2, 1]])
    assert "krippendorff_alpha" in caught.value.remedy
    with pytest.raises(VoteError, match="whole numbers"):
        fleiss_kappa([[0.5, 1.5], [1, 1]])
    with pytest.raises(VoteError, match="1 axes"):
        fleiss_kappa([1, 2])


def test_counts_are_what_their_items_are():
    expanded = Counts((0, 1), np.array([[2, 0], [1, 1], [0, 2]]), np.array([50, 10, 40]))
    one = [0] * 50 + [0] * 10 + [1] * 40
    other = [0] * 50 + [1] * 10 + [1] * 40
    assert krippendorff_alpha(expanded) == krippendorff_alpha([one, other])
    with pytest.raises(VoteError, match="were given"):
        krippendorff_alpha(expanded, values=[1, 0])


def test_a_frame_of_ratings_is_taken_as_it_stands():
    frame = pd.DataFrame([["a", "b", None], ["a", "b", "b"]])
    assert percent_agreement(frame).value == 1
    assert percent_agreement(frame).n == 2


def test_ratings_that_are_no_table_are_refused():
    with pytest.raises(VoteError, match="2, 3 items"):
        krippendorff_alpha([[1, 2], [1, 2, 3]])
    with pytest.raises(VoteError, match="1 axes"):
        krippendorff_alpha(np.array([1, 2]))
    with pytest.raises(VoteError, match="differ in length: 1 and 2"):
        cohen_kappa([1], [1, 2])
    with pytest.raises(VoteError, match="'c', which are not among"):
        krippendorff_alpha([["a", "c"]], values=["a", "b"])
    with pytest.raises(VoteError, match="named twice"):
        krippendorff_alpha([["a", "c"]], values=["a", "a", "c"])


def test_names_are_ordinal_in_an_order_that_is_named_only():
    named, numbered = [["low", "mid", "high"], ["low", "high", "high"]], [[1, 2, 3], [1, 3, 3]]
    with pytest.raises(VoteError, match="Which of") as caught:
        krippendorff_alpha(named, "ordinal")
    assert "values=" in caught.value.remedy
    found = krippendorff_alpha(named, "ordinal", values=["low", "mid", "high"])
    assert found.value == pytest.approx(krippendorff_alpha(numbered, "ordinal").value)
    with pytest.raises(VoteError, match="is for numbers, and 'high' is none"):
        krippendorff_alpha(named, "interval")


def test_ordinal_alpha_of_many_values_is_the_same_figure():
    rng = np.random.default_rng(3)
    truth = rng.normal(size=300)
    many = np.round(truth + rng.normal(size=(3, 300)), 1)
    found = krippendorff_alpha(many, "ordinal")
    assert len(np.unique(many)) > 64
    ranks = pd.Series(many.ravel()).rank().to_numpy().reshape(many.shape)
    assert found.value == pytest.approx(krippendorff_alpha(ranks, "interval", draws=0).value, abs=1e-12)
    assert found.low < found.value < found.high


def test_ac2_by_hand():
    """Observed .9375; shares 1/4, 3/8, 3/8; the six weights that differ sum to 3: chance .65625."""
    ratings = [[1, 2, 3, 3], [1, 2, 2, 3]]
    assert gwet_ac2(ratings, "quadratic").value == pytest.approx((0.9375 - 0.65625) / (1 - 0.65625))
    assert gwet_ac2(ratings, 1 - np.eye(3)).value == pytest.approx(gwet_ac1(ratings).value)
    assert math.isclose(gwet_ac1(ratings).value, (0.75 - 0.328125) / (1 - 0.328125))
