"""Features: computed once for all that ask, asked for by name, and where they fail, those who ask fail."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from retrolabel import Feature, Label, apply, feature, labeling_function
from retrolabel.errors import LabelingFunctionError, MissingColumnError
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.features import needed

YES, NO = Label("yes"), Label("no")


@pytest.fixture
def counted():
    """A feature, and the texts that it was computed for."""
    seen = []

    @feature
    def words(text):
        """The words of a text."""
        seen.append(text)
        return (text or "").split()

    return words, seen


@labeling_function(YES, examples=["a b c d"], non_examples=["a"])
def is_long(words):
    return len(words) > 3


@labeling_function(NO)
def is_short(words):
    return len(words) < 2


def test_a_feature_knows_its_name_its_columns_and_what_it_is(counted):
    words, _ = counted
    assert isinstance(words, Feature)
    assert (words.name, words.columns, words.description) == ("words", ("text",), "The words of a text.")
    assert words("a b") == ["a", "b"]


def test_it_is_computed_once_for_all_that_ask(counted):
    words, seen = counted
    applied = apply([is_long, is_short], {"text": ["a b c d", "a", None]}, features=[words])
    assert applied.votes.to_ints().tolist() == [[0, -1], [-1, 1], [-1, 1]]
    assert seen == ["a b c d", "a", None]


def test_a_new_feature_never_meets_the_values_of_one_that_is_gone():
    batch = Batch({"text": ["a"]}, 1)
    for n in range(20):  # what lives no longer leaves its place in memory to the next one
        made = feature(name="same")(lambda text, n=n: (text, n))
        assert batch.parameter("same", {"same": made})[0] == [("a", n)]
        del made


def test_a_feature_may_ask_for_features(counted):
    words, seen = counted

    @feature
    def count(words):
        return len(words)

    @labeling_function(YES)
    def is_three(count):
        return count == 3

    applied = apply([is_three, is_short], {"text": ["a b c", "a"]}, features=[words, count])
    assert applied.votes.to_ints().tolist() == [[0, -1], [-1, 1]]
    assert len(seen) == 2


def test_a_feature_of_batches_gets_lists_and_returns_as_many():
    calls = []

    @feature(batch=True)
    def upper(text):
        calls.append(len(text))
        return (value and value.upper() for value in text)

    @labeling_function(YES)
    def shouts(upper, text):
        return upper == text

    applied = apply([shouts, no_one], {"text": ["A", "b"]}, features=[upper])
    assert applied.votes.to_ints()[:, 0].tolist() == [0, -1]
    assert calls == [2]


@labeling_function(NO)
def no_one(text):
    return False


def test_where_a_feature_fails_those_who_ask_fail_and_others_do_not():
    @feature
    def year(text):
        return int(text)

    @labeling_function(YES)
    def is_late(year):
        return year > 2000

    applied = apply([is_late, no_one], {"text": ["2010", "x", "1990"]}, features=[year])
    assert applied.votes.to_ints()[:, 0].tolist() == [0, -1, -1]
    assert applied.failed == {"is_late": 1, "no_one": 0}
    (fault,) = applied.faults
    assert (fault.lf, fault.row) == ("is_late", 1)
    assert "ValueError" in fault.error
    assert "year" in fault.trace


@pytest.mark.parametrize("values", [lambda text: text[:1], lambda text: [*text, 0]])
def test_a_feature_of_batches_that_returns_another_number_fails(values):
    @feature(batch=True)
    def few(text):
        return values(text) if len(text) > 1 else []

    @labeling_function(YES)
    def asks(few):
        return True

    applied = apply([asks, no_one], {"text": ["a", "b"]}, features=[few])
    assert applied.failed["asks"] == 2
    assert "The feature few returned 0 values for 1 row" in applied.faults[0].error


def test_a_batch_that_fails_is_asked_item_by_item():
    @feature(batch=True)
    def inverse(n):
        return [1 / value for value in n]

    @labeling_function(YES)
    def large(inverse):
        return inverse > 0.4

    applied = apply([large, no_one], {"n": [1, 0, 4], "text": ["", "", ""]}, features=[inverse])
    assert applied.votes.to_ints()[:, 0].tolist() == [0, -1, -1]
    assert applied.failed["large"] == 1
    assert applied.faults[0].row == 1


def test_a_feature_that_asks_for_itself_is_refused():
    @feature
    def a(b):
        return b

    @feature
    def b(a):
        return a

    @labeling_function(YES)
    def asks(a):
        return True

    with pytest.raises(LabelingFunctionError, match="asks for itself") as failed:
        asks.bound({"a": a, "b": b})
    assert failed.value.problems[0].what == "a -> b -> a"


def test_the_columns_behind_features_are_those_that_are_read(counted):
    words, _ = counted
    assert is_long.reads == ("words",)
    assert is_long.bound({"words": words}).reads == ("text",)
    found, columns = needed(["words", "stars"], {"words": words, "other": words})
    assert (list(found), columns) == (["words"], ("text", "stars"))


def test_without_the_feature_its_name_is_a_column():
    with pytest.raises(MissingColumnError, match="'words'"):
        apply([is_long, is_short], {"text": ["a"]})


def test_examples_are_given_as_the_columns_behind_features(counted):
    words, _ = counted
    assert is_long.bound({"words": words}).check_examples() == []


def test_a_feature_of_the_whole_row_is_refused():
    with pytest.raises(LabelingFunctionError, match="whole row"):

        @feature
        def all_of_it(x):
            return x


@pytest.mark.parametrize("data", [pd.DataFrame({"text": ["a b c d", None]}), pa.table({"text": ["a b c d", None]})])
def test_a_missing_value_is_none_for_a_feature_too(counted, data):
    words, seen = counted
    apply([is_long, is_short], data, features=[words])
    assert seen == ["a b c d", None]


def test_a_feature_of_a_batch_is_not_asked_for_items_on_which_what_it_reads_failed():
    asked = []

    @feature
    def length(text):
        return len(text)  # fails on a missing one

    @feature(batch=True)
    def doubled(length):
        asked.append(list(length))
        if 2 in length:
            raise ValueError("two is too long")
        return [None if each is None else 2 * each for each in length]

    @labeling_function(YES)
    def is_two(doubled):
        return doubled is None or doubled == 2

    applied = apply([is_two], {"text": ["a", None, "bb"]}, features=[length, doubled])
    assert applied.votes.to_ints().tolist() == [[0], [-1], [-1]]
    assert [fault.row for fault in applied.faults] == [1, 2]
    assert asked == [[1], [2]]
