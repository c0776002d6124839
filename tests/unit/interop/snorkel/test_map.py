"""Mappers: copies, memory, columns, beside Snorkel's."""

from __future__ import annotations

import pickle
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from retrolabel import Label
from retrolabel.interop.snorkel import DataPointsError, adopt_all
from retrolabel.interop.snorkel.labeling import PandasLFApplier, labeling_function
from retrolabel.interop.snorkel.map import Mapper, lambda_mapper
from retrolabel.interop.snorkel.map.core import get_hashable, get_parameters, is_hashable
from retrolabel.interop.snorkel.preprocess import preprocessor

POINTS = [
    SimpleNamespace(a=1, b="x"),
    SimpleNamespace(a=[1, 2], b={"c": np.array([1.5])}),
    pd.Series({"a": 1, "b": "x"}, name=7),
    {"a": (1, [2]), "b": None},
    np.arange(4),
    "a",
    3,
]


def split(text):
    return {"words": text.split(), "count": len(text.split())}


class Splits(Mapper):
    def run(self, text):
        return split(text)


@pytest.mark.parametrize("point", POINTS, ids=repr)
def test_points_that_are_the_same_for_snorkel_are_the_same_here(point):
    theirs = pytest.importorskip("snorkel.map.core")
    again = pickle.loads(pickle.dumps(point))  # noqa: S301 - made here
    assert get_hashable(point) == get_hashable(again)
    assert is_hashable(point) == theirs.is_hashable(point)
    for other in POINTS:
        same = theirs.get_hashable(point) == theirs.get_hashable(other)
        assert (get_hashable(point) == get_hashable(other)) == same


def test_arrays_of_the_same_bytes_and_another_shape_are_not_the_same():
    assert get_hashable(np.zeros((2, 3))) != get_hashable(np.zeros((3, 2)))
    assert get_hashable(np.zeros(1, np.int64)) != get_hashable(np.zeros(1))


def test_what_cannot_be_a_key_says_what_to_give():
    with pytest.raises(DataPointsError, match="memoize_key"):
        get_hashable(SimpleNamespace(a=bytearray(b"x")))


def test_a_mapper_leaves_the_data_point_as_it_was_whatever_it_holds():
    @lambda_mapper()
    def adds(x):
        x.words.append("new")
        x.held["new"] = 1
        return x

    for point in (SimpleNamespace(words=["a"], held={}), pd.Series({"words": ["a"], "held": {}})):
        mapped = adds(point)
        assert (mapped.words, mapped.held) == (["a", "new"], {"new": 1})
        assert (point.words, point.held) == (["a"], {})


@pytest.mark.parametrize("memoize", [False, True])
def test_what_is_remembered_is_not_worked_out_again_until_it_is_forgotten(memoize):
    asked = []

    @preprocessor(memoize=memoize)
    def looks(x):
        asked.append(x.a)
        return x

    for a in (1, 1, 2, 1):
        looks(SimpleNamespace(a=a))
    assert asked == ([1, 2] if memoize else [1, 1, 2, 1])
    looks.reset_cache()
    looks(SimpleNamespace(a=1))
    assert len(asked) == (3 if memoize else 5)


def test_a_key_of_ones_own_decides_what_is_the_same():
    asked = []

    @preprocessor(memoize=True, memoize_key=lambda x: x.a)
    def looks(x):
        asked.append(x.b)
        return x

    assert [looks(SimpleNamespace(a=1, b=b)).b for b in "xy"] == ["x", "x"]
    assert asked == ["x"]


def test_what_runs_before_runs_first_and_none_is_remembered_too():
    @lambda_mapper()
    def first(x):
        x.text += "!"
        return x

    asked = []

    @lambda_mapper(name="second", pre=[first], memoize=True)
    def nothing(x):
        asked.append(x.text)

    assert [nothing(SimpleNamespace(text="a")) for _ in range(2)] == [None, None]
    assert asked == ["a!"]
    assert nothing.name == "second"


def test_columns_have_the_names_that_are_asked_for():
    theirs = pytest.importorskip("snorkel.map")

    class TheirSplits(theirs.Mapper):
        def run(self, text):
            return split(text)

    point = SimpleNamespace(text="it crashed", body="no")
    for more in ({}, {"field_names": {"text": "body"}}, {"mapped_field_names": {"words": "tokens"}}):
        assert vars(Splits("s", **more)(point)) == vars(TheirSplits("s", **more)(point))


def test_a_column_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(DataPointsError, match=r"reads the column 'text'.*Did you mean 'texts'.*texts, stars"):
        Splits("splits")(pd.Series({"texts": "a", "stars": 1}))
    with pytest.raises(AttributeError, match="It has: none"):
        Splits("splits")(SimpleNamespace())


def test_parameters_that_name_no_column_are_refused():
    for function in (lambda *rest: rest, lambda **rest: rest):
        with pytest.raises(ValueError, match="rest"):
            get_parameters(function)
    assert get_parameters(lambda a, *b, **c: (a, b, c), allow_args=True, allow_kwargs=True) == ["a"]


def test_a_decorator_without_parentheses_is_refused():
    for decorator in (lambda_mapper, preprocessor):
        with pytest.raises(ValueError, match="missing parentheses"):
            decorator(lambda x: x)


def test_memory_does_not_travel():
    looks = Splits("splits", memoize=True)
    looks(SimpleNamespace(text="a b"))
    assert (len(looks._cache), len(pickle.loads(pickle.dumps(looks))._cache)) == (1, 0)  # noqa: S301 - made here


def test_a_function_with_preprocessors_of_ours_is_adopted_with_them():
    @preprocessor(memoize=True)
    def words(x):
        x.words = x.body.split()
        return x

    @labeling_function(pre=[words])
    def breaks(x):
        return 0 if "crash" in x.words else -1

    @labeling_function(pre=[words])
    def says_little(x):
        return 1 if len(x.words) < 2 else -1

    bodies = ["a crash", "thanks", "crash"]
    ours = adopt_all([breaks, says_little], {0: Label("bug"), 1: Label("wish")}, columns=["body"])
    votes = [[str(lf.vote({"body": body})) for lf in ours] for body in bodies]
    assert votes == [["bug", "None"], ["None", "wish"], ["bug", "wish"]]
    applied = PandasLFApplier([breaks, says_little]).apply(pd.DataFrame({"body": bodies}), progress_bar=False)
    assert applied.tolist() == [[0, -1], [-1, 1], [0, 1]]
