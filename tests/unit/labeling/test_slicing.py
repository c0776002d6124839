"""A slice function says yes or no; anything else is a fault."""

from __future__ import annotations

import re

import pytest

from retrolabel import Label, feature, labeling_function, slice_function
from retrolabel.errors import LabelingFunctionError, UndeclaredVoteError
from retrolabel.labeling.slicing import SliceFunction, who

BUG = Label("bug")


@slice_function(examples=["a refund", "thanks"], non_examples=["the refund", None])
def refunds(comment):
    """Somebody wants money back."""
    if comment is None:
        raise ValueError("nothing")
    return re.search("refund", comment)


def test_both_spellings_of_the_decorator_make_the_same():
    @slice_function
    def bare(comment):
        return comment == "x"

    assert isinstance(bare, SliceFunction)
    assert (bare.name, bare.asked.reads) == ("bare", ("comment",))
    assert bare.holds({"comment": "x"})
    assert bare("y") is False
    assert slice_function(name="other")(lambda comment: comment == "x").name == "other"


def test_examples_that_are_not_in_it_and_non_examples_that_are_each_have_a_sentence():
    assert refunds.description == "Somebody wants money back."
    assert [str(problem) for problem in refunds.check_examples()] == [
        "slice refunds: said no on its example 'thanks'",
        "slice refunds: said yes on its non-example 'the refund'",
        "slice refunds: raised ValueError: nothing on its non-example None",
    ]


def test_what_is_neither_true_nor_false_is_a_fault():
    @slice_function
    def number(comment):
        return 1

    with pytest.raises(UndeclaredVoteError, match="returned 1, not True or False"):
        number.holds({"comment": "x"})


def test_a_function_votes_or_is_a_slice_and_not_both():
    @labeling_function(BUG)
    def crashes(body):
        return "crash" in body

    with pytest.raises(LabelingFunctionError, match="crashes is decorated twice"):
        slice_function(crashes)
    with pytest.raises(LabelingFunctionError, match="refunds is decorated twice"):
        slice_function(refunds)


def test_a_parameter_may_be_a_feature():
    @feature
    def words(comment):
        return comment.split()

    @slice_function
    def short(words):
        return len(words) < 2

    bound = short.bound({"words": words})
    assert bound.asked.reads == ("comment",)
    assert bound.holds({"comment": "hm"})
    assert not bound.holds({"comment": "so it is"})


def test_its_results_are_kept_under_a_name_of_their_own():
    assert refunds.asked.name == "slice:refunds"
    assert who(refunds.asked.name) == "slice refunds"
    assert who("refunds") == "LF refunds"
