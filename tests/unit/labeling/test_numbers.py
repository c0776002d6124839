"""A number between bounds votes."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.errors import LabelingFunctionError
from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.numbers import Threshold, threshold
from retrolabel.schema.labels import Label, union

A = Label("a")
BOUNDS = [{"above": 1}, {"at_least": 1}, {"below": 1}, {"at_most": 1}, {"above": 0.5, "at_most": 2**53}]


def refused(**bounds):
    with pytest.raises(LabelingFunctionError) as caught:
        threshold(A, column="n", **bounds)
    return caught.value


@pytest.mark.parametrize(
    ("bounds", "wanted"),
    [
        ({"above": 1}, [0, 0, 1, 0]),
        ({"at_least": 1}, [0, 1, 1, 0]),
        ({"below": 1}, [1, 0, 0, 0]),
        ({"at_most": 1}, [1, 1, 0, 0]),
        ({"at_least": 1, "at_most": 1}, [0, 1, 0, 0]),
    ],
)
def test_bounds_are_what_they_are_called(bounds, wanted):
    lf = threshold(A, column="n", name="n", **bounds)
    for values in ([0, 1, 2, None], [0.5, 1.0, 1.5, float("nan")], pd.Series([0, 1, 2, None], dtype="Int64")):
        assert apply_lfs([lf], Batch({"n": values}, 4))[0].codes.tolist() == wanted
    assert [lf.vote({"n": n}) == union(A) for n in (0, 1, 2, None)] == list(map(bool, wanted))


numbers = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.sampled_from([2**53, 2**53 + 1, 10**400, 1, 1.0, True, "1", Decimal(1), Decimal("NaN"), Decimal("0.5"), [1]]),
)


@given(st.lists(st.one_of(st.lists(st.one_of(st.none(), st.integers(-9, 9), st.floats())), st.lists(numbers))))
def test_a_batch_gets_what_each_number_gets(lists):
    for values in lists:
        for bounds in BOUNDS:
            rule = Threshold(("n",), **bounds)
            (verdict,) = Threshold.many([rule], Batch({"n": values}, len(values)))
            for row, value in enumerate(Batch({"n": values}, len(values)).values("n")):
                try:
                    alone = rule.one(value)
                except TypeError:
                    alone = -1
                    assert isinstance(verdict.errors[row], TypeError)
                assert verdict.codes[row] == alone


def test_what_is_no_number_is_a_fault():
    said = apply_lfs([threshold(A, column="n", above=1, name="n")], Batch({"n": ["5", 5, True]}, 3))[0]
    assert said.codes.tolist() == [-1, 1, -1]
    assert said.faults[0].error == "TypeError: n is no number: '5'"


def test_bounds_that_make_no_sense_are_refused_all_at_once():
    assert [p.where for p in refused(above=2, at_least=1, below=1, at_most=1).problems] == [
        "above, at_least",
        "below, at_most",
        "bounds",
    ]
    assert refused().problems[0].what == "there is none"
    assert refused(above=2, below=1).problems
    assert refused(above=1, at_most=1).problems
    assert not threshold(A, column="n", at_least=1, at_most=1).rule.one(2)
    for strange in (float("nan"), float("inf"), "1", True, 10**400):
        assert refused(above=strange).message.startswith("above is a finite number")


def test_a_bound_is_described_as_the_number_it_is():
    told = threshold(A, column="n", above=np.float64(2.0)).rule.describe()
    assert told == threshold(A, column="n", above=2).rule.describe()
    assert told == {"kind": "threshold", "revision": 1, "above": 2, "below": None, "at_least": None, "at_most": None}
    assert threshold(A, column="n", above=2).description == "n is above 2"
    assert threshold(A, column="n", above=2).module == __name__
