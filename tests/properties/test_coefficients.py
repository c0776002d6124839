"""What no coefficient of agreement may depend on: order, names, and how the data are written down."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from retrolabel.gold import Counts, cohen_kappa, gwet_ac1, gwet_ac2, krippendorff_alpha, percent_agreement
from retrolabel.gold.counting import counted_ratings
from tests.laws import law

PROPERTY = law(80, slow=True)
ROUNDING = 1e-9
SOME = {"draws": 40, "least": 1}
NOMINAL = [percent_agreement, krippendorff_alpha, gwet_ac1]
ALL = {
    "percent": percent_agreement,
    "nominal": krippendorff_alpha,
    "ordinal": lambda ratings, **more: krippendorff_alpha(ratings, "ordinal", **more),
    "interval": lambda ratings, **more: krippendorff_alpha(ratings, "interval", **more),
    "ratio": lambda ratings, **more: krippendorff_alpha(ratings, "ratio", **more),
    "ac1": gwet_ac1,
    "ac2": lambda ratings, **more: gwet_ac2(ratings, "quadratic", **more),
}


@st.composite
def rated(draw, *, least=1, missing=True):
    """Draw ratings [people, items] of small whole numbers."""
    shape = draw(st.integers(2, 5)), draw(st.integers(least, 25))
    k = draw(st.integers(1, 5))
    lowest = 0 if missing else 1
    codes = draw(hnp.arrays(np.int64, shape, elements=st.integers(lowest, k), fill=st.nothing()))
    return np.where(codes == 0, np.nan, codes)


def same(one, other):
    """Return whether two coefficients are the same but for rounding."""
    assert (one.value is None) == (other.value is None)
    assert (one.n, one.why) == (other.n, other.why)
    if one.value is not None:
        assert [one.value, one.low, one.high] == pytest.approx([other.value, other.low, other.high], abs=ROUNDING)


@pytest.mark.parametrize("name", ALL)
@given(ratings=rated(), random=st.randoms(use_true_random=False))
@PROPERTY
def test_the_order_of_people_and_of_items_changes_nothing(name, ratings, random):
    people, items = list(range(ratings.shape[0])), list(range(ratings.shape[1]))
    random.shuffle(people)
    random.shuffle(items)
    same(ALL[name](ratings, **SOME), ALL[name](ratings[people][:, items], **SOME))


@pytest.mark.parametrize("figure", NOMINAL)
@given(ratings=rated(), random=st.randoms(use_true_random=False))
@PROPERTY
def test_new_names_of_the_values_change_no_nominal_figure(figure, ratings, random):
    names = ["a", "b", "c", "d", "e"]
    random.shuffle(names)
    renamed = [[None if np.isnan(value) else names[int(value) - 1] for value in row] for row in ratings]
    one, other = figure(ratings, draws=0), figure(renamed, draws=0)
    assert one.n == other.n
    assert one.value == (None if other.value is None else pytest.approx(other.value, abs=ROUNDING))


@pytest.mark.parametrize("name", ALL)
@given(ratings=rated(), times=st.integers(2, 4))
@PROPERTY
def test_rows_with_counts_are_the_rows_repeated(name, ratings, times):
    counts = counted_ratings(ratings)
    weighted = Counts(counts.values, counts.rows, counts.times * times)
    same(ALL[name](weighted, **SOME), ALL[name](np.tile(ratings, times), **SOME))


@pytest.mark.parametrize("name", ALL)
@given(ratings=rated())
@PROPERTY
def test_an_interval_holds_its_value_and_no_figure_exceeds_one(name, ratings):
    found = ALL[name](ratings, **SOME)
    if found.value is None:
        return
    assert found.low <= found.value <= found.high
    assert found.value <= 1 + ROUNDING
    assert found.se >= 0


@pytest.mark.parametrize("name", ALL)
@given(ratings=rated(missing=False))
@PROPERTY
def test_perfect_agreement_is_one_or_undefined(name, ratings):
    found = ALL[name](np.tile(ratings[:1], (3, 1)), **SOME)
    varies = len(set(ratings[0])) > 1
    assert found.value == (pytest.approx(1) if varies or name == "percent" else None)


@given(ratings=rated())
@PROPERTY
def test_items_with_one_answer_say_nothing_of_alpha(ratings):
    alone = (~np.isnan(ratings)).sum(axis=0) < 2
    same(krippendorff_alpha(ratings, **SOME), krippendorff_alpha(ratings[:, ~alone], **SOME))


@given(ratings=rated(), scale=st.floats(0.1, 10))
@PROPERTY
def test_interval_alpha_knows_no_zero_and_no_unit(ratings, scale):
    one, other = (krippendorff_alpha(each, "interval", draws=0) for each in (ratings, ratings * scale - 3))
    assert one.value == (None if other.value is None else pytest.approx(other.value, abs=1e-7))


@given(ratings=rated(), weights=st.sampled_from([None, "linear", "quadratic"]))
@PROPERTY
def test_two_people_can_change_places(ratings, weights):
    one, other = (cohen_kappa(*pair, weights, draws=0) for pair in (ratings[:2], ratings[1::-1]))
    assert one.value == (None if other.value is None else pytest.approx(other.value, abs=ROUNDING))
    assert one.n == other.n
