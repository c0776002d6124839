"""The bounds and symmetries of the figures against gold."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from retrolabel.gold.agreement import agreement, log_loss, wilson
from tests.laws import law

PROPERTY = law(80, slow=True)
ROUNDING = 1e-12


@st.composite
def compared(draw, *, ties=True, least=1):
    """Draw gold, prediction and k."""
    k = draw(st.integers(2, 6))
    n = draw(st.integers(least, 60))
    gold = draw(hnp.arrays(np.int64, n, elements=st.integers(0, k - 1), fill=st.nothing()))
    lowest = -1 if ties else 0
    return gold, draw(hnp.arrays(np.int64, n, elements=st.integers(lowest, k - 1), fill=st.nothing())), k


def found(gold, predicted, k):
    return agreement(gold, predicted, np.ones(len(gold), bool), labels=k)


def defined(figures):
    """Return the figures that have a value; kappa has none where everything is one label, and only there."""
    assert (figures.kappa.value is None) == (len(figures.occurring) == 1 and figures.no_label == 0)
    return (figures.accuracy, figures.macro_f1, *([] if figures.kappa.value is None else [figures.kappa]))


@given(compared())
@PROPERTY
def test_the_figures_and_their_intervals_stay_in_their_bounds(drawn):
    figures = found(*drawn)
    for estimate, lowest in ((figures.accuracy, 0), (figures.macro_f1, 0), (figures.kappa, -1)):
        if estimate is figures.kappa and estimate.value is None:
            assert len(figures.occurring) == 1
            continue
        assert lowest <= estimate.value <= 1 + ROUNDING
        assert lowest <= estimate.low <= estimate.high <= 1 + ROUNDING


@given(compared())
@PROPERTY
def test_the_intervals_hold_their_values(drawn):
    figures = found(*drawn)
    for estimate in defined(figures):
        assert estimate.low - ROUNDING <= estimate.value <= estimate.high + ROUNDING


@given(compared(), st.randoms(use_true_random=False))
@PROPERTY
def test_the_order_of_the_items_changes_nothing(drawn, random):
    gold, predicted, k = drawn
    order = list(range(len(gold)))
    random.shuffle(order)
    assert found(gold[order], predicted[order], k) == found(gold, predicted, k)


@given(compared(), st.randoms(use_true_random=False))
@PROPERTY
def test_renaming_the_labels_changes_no_figure(drawn, random):
    gold, predicted, k = drawn
    names = list(range(k))
    random.shuffle(names)
    renamed = np.array([*names, -1])  # the last place serves -1
    one, other = found(gold, predicted, k), found(renamed[gold], renamed[predicted], k)
    assert other.accuracy == one.accuracy
    assert other.macro_f1.value == pytest.approx(one.macro_f1.value, abs=ROUNDING)
    assert other.kappa.value == pytest.approx(one.kappa.value, abs=ROUNDING)


@given(compared(ties=False))
@PROPERTY
def test_gold_and_prediction_can_change_places(drawn):
    gold, predicted, k = drawn
    one, other = found(gold, predicted, k), found(predicted, gold, k)
    assert other.accuracy == one.accuracy
    assert other.kappa.value == pytest.approx(one.kappa.value, abs=ROUNDING)
    assert other.macro_f1.value == pytest.approx(one.macro_f1.value, abs=ROUNDING)


@given(compared())
@PROPERTY
def test_perfect_agreement_is_one(drawn):
    gold, _, k = drawn
    figures = found(gold, gold, k)
    assert figures.accuracy.value == 1
    assert (figures.kappa.value is None) == (len(set(gold)) == 1)
    for estimate in (figures.macro_f1, *([] if figures.kappa.value is None else [figures.kappa])):
        assert (estimate.value, estimate.high) == pytest.approx((1, 1), abs=ROUNDING)
        assert estimate.low < 1  # so many items are not all there are


@given(compared())
@PROPERTY
def test_only_perfect_agreement_is_one(drawn):
    gold, predicted, k = drawn
    perfect = np.array_equal(gold, predicted)
    figures = found(gold, predicted, k)
    for estimate in defined(figures):
        assert (estimate.value > 1 - ROUNDING) == perfect


@given(compared())
@PROPERTY
def test_kappa_is_no_higher_than_accuracy(drawn):
    figures = found(*drawn)
    assert all(estimate.value <= figures.accuracy.value + ROUNDING for estimate in defined(figures)[2:])


@given(compared(), st.data())
@PROPERTY
def test_what_is_said_of_uncovered_items_changes_nothing_but_the_coverage(drawn, data):
    gold, predicted, k = drawn
    covered = data.draw(hnp.arrays(np.bool_, len(gold), fill=st.nothing()))
    figures = agreement(gold, predicted, covered, labels=k)
    alone = found(gold[covered], predicted[covered], k)
    assert (figures.accuracy, figures.macro_f1, figures.kappa) == (alone.accuracy, alone.macro_f1, alone.kappa)
    assert figures.coverage == covered.mean()


@given(st.integers(1, 10**9), st.floats(0, 1))
@PROPERTY
def test_wilsons_interval_is_symmetric_and_holds_the_share(n, share):
    hits = round(share * n)
    one, other = wilson(hits, n), wilson(n - hits, n)
    assert one.low - ROUNDING <= one.value <= one.high + ROUNDING
    assert one.low == pytest.approx(1 - other.high, abs=ROUNDING)
    assert 0 <= one.low < one.high <= 1


@given(st.integers(2, 6), st.integers(1, 30), st.integers(0, 2**32 - 1))
@PROPERTY
def test_log_loss_is_never_negative_and_lowest_for_the_shares_of_gold(k, n, seed):
    rng = np.random.default_rng(seed)
    gold = rng.integers(0, k, n)
    shares = np.bincount(gold, minlength=k) / n
    best = log_loss(np.tile(shares, (n, 1)), gold)
    assert best >= 0
    assert log_loss(np.tile(rng.dirichlet(np.ones(k)), (n, 1)), gold) >= best - ROUNDING
