"""A labeling function votes what it declared, abstains, or fails; nothing else."""

# ruff: noqa: ARG005, FBT003 - parameters are columns, and a truth value is what such a function returns

from __future__ import annotations

import functools
import sys

import numpy as np
import pandas as pd
import pytest

from retrolabel.errors import LabelingFunctionError, Problem
from retrolabel.labeling.functions import (
    LabelingFunction,
    Row,
    UndeclaredVoteError,
    as_examples,
    columns_of,
    declare,
    labeling_function,
)
from retrolabel.schema.labels import Label, LabelUnion, union

A, B, C = (Label(name) for name in "abc")


def lf_of(*labels, function=lambda text: None, **more):
    return labeling_function(*labels, **more)(function)


def refused(call, *args, **kwargs):
    """The error with which a declaration is refused."""
    with pytest.raises(LabelingFunctionError) as caught:
        call(*args, **kwargs)
    return caught.value


# What a declaration says


def test_a_function_says_its_name_columns_votes_and_purpose():
    @labeling_function(A, B, examples=["x"], non_examples=["y", "z"])
    def says_it(comment, rating):
        """Look for x.

        And nothing else.
        """

    assert says_it.name == "says_it"
    assert says_it.columns == ("comment", "rating")
    assert says_it.declared == (union(A), union(B))
    assert says_it.description == "Look for x."
    assert says_it.module == __name__
    assert (says_it.examples, says_it.non_examples) == (("x",), ("y", "z"))
    assert says_it.takes_row is False


def test_a_function_without_docstring_has_no_description():
    assert lf_of(A).description == ""


def test_a_name_may_be_given_and_changed():
    lf = lf_of(A, name="first", examples=["x"])
    assert lf.name == "first"
    renamed = lf.named("second")
    assert (renamed.name, renamed.declared, renamed.examples) == ("second", lf.declared, ("x",))
    assert renamed.interpret(True) == union(A)
    assert lf.name == "first"


def test_a_labeling_function_is_called_like_the_function_it_was_made_from():
    lf = lf_of(A, function=lambda text, scale=2: len(text) * scale)
    assert lf("abc") == 6
    assert lf("abc", scale=3) == 9
    assert lf(text="a") == 2


def test_parameters_are_columns_in_the_order_written():
    assert columns_of(lambda rating, comment: None) == ("rating", "comment")


def test_parameters_with_a_default_are_settings():
    assert columns_of(lambda comment, limit=3: None) == ("comment",)

    def keyed(comment, *, limit=3):
        return len(comment) > limit

    lf = lf_of(A, function=keyed)
    assert lf.columns == ("comment",)
    assert lf.vote({"comment": "long", "limit": 100}) == union(A)


def test_a_parameter_x_is_the_whole_row():
    lf = lf_of(A, function=lambda x: x.rating < 3 and x["comment"] == "bad")
    assert lf.takes_row
    assert lf.columns == ()
    assert lf.vote({"rating": 1, "comment": "bad"}) == union(A)
    assert lf.vote({"rating": 5, "comment": "bad"}) is None


def test_a_whole_row_may_have_settings_beside_it():
    lf = lf_of(A, function=lambda x, limit=3: x.rating < limit)
    assert (lf.takes_row, lf.columns) == (True, ())
    assert lf.vote({"rating": 2}) == union(A)


def test_a_row_has_its_columns_as_attributes_and_by_name_and_no_others():
    row = Row({"comment": "nice", "a b": 1})
    assert row.comment == "nice"
    assert row["a b"] == 1
    assert repr(row) == "Row({'comment': 'nice', 'a b': 1})"
    with pytest.raises(AttributeError):
        row.rating  # noqa: B018
    with pytest.raises(KeyError):
        row["rating"]


def test_the_row_stands_alone():
    error = refused(columns_of, lambda x, comment: None)
    assert "the parameter x is the whole row, and stands alone" in error.message
    assert error.remedy == "name the columns instead of x"


@pytest.mark.parametrize("function", [lambda *args: None, lambda text, **more: None, lambda text, *rest: None])
def test_parameters_that_name_no_column_are_refused(function):
    error = refused(columns_of, function)
    assert "*args and **kwargs name no columns" in error.message
    assert error.remedy == "name the columns that it reads, e.g. (comment, rating)"


def test_a_keyword_only_column_is_refused():
    def keyed(comment, *, rating):
        return rating

    error = refused(columns_of, keyed)
    assert error.message == "keyed: columns are ordinary parameters."
    assert error.remedy == "drop the * before them"


@pytest.mark.parametrize("function", [lambda: None, lambda limit=3: None])
def test_a_function_that_reads_nothing_is_refused(function):
    error = refused(columns_of, function)
    assert "has no parameter, so it reads nothing" in error.message
    assert error.remedy == "name the column that it looks at, e.g. (comment)"


def test_a_function_decorated_twice_is_refused():
    error = refused(labeling_function(B), lf_of(A, name="twice"))
    assert error.message == "twice is decorated twice."
    assert error.remedy == "name all labels in one @labeling_function(A, B)"


def test_a_partial_function_with_a_name_reads_what_is_left_open():
    partial = functools.partial(lambda limit, text: len(text) > limit, 3)
    lf = labeling_function(A, name="long")(partial)
    assert (lf.name, lf.columns, lf.vote({"text": "four"})) == ("long", ("text",), union(A))


def test_a_partial_function_without_name_is_named_later_like_a_list_of_words():
    lf = labeling_function(A)(functools.partial(lambda limit, text: len(text) > limit, 3))
    assert (lf.name, lf.columns, lf.named("long").name) == ("", ("text",), "long")


@pytest.mark.parametrize("labels", [["bug"], [A, "bug"], [None], [A, 1], [("a", "b")]])
def test_what_is_no_label_is_refused(labels):
    wrong = next(label for label in labels if label is not A)
    error = refused(labeling_function, *labels)
    assert error.message == f"@labeling_function takes the labels that it may vote, got {wrong!r}."
    assert "import BUG" in error.remedy


def test_a_decorator_without_labels_is_refused():
    assert refused(labeling_function).message == "@labeling_function takes the labels that it may vote, got nothing."


def test_a_decorator_without_parentheses_is_refused():
    def crashes(body):
        return "crash" in body

    error = refused(labeling_function, crashes)
    assert "crashes names no label" in error.message
    assert "@labeling_function(LABEL)" in error.remedy


def test_labels_are_declared_as_votes_in_the_order_written():
    assert declare([B, A | C, ~A], "it") == (union(B), A | C, ~A)


def test_two_labels_of_one_id_with_different_meanings_are_refused():
    other = Label("a", "Another meaning.")
    error = refused(labeling_function(A, other), lambda text: None)
    assert error.message == "<lambda> declares two labels of one id with different meanings."
    assert error.remedy == "import all its labels from one version of the schema"
    assert refused(labeling_function(A | B, ~other), lambda text: None).message == error.message


def test_one_label_under_two_names_is_one_label():
    assert lf_of(A, Label("a", name="Shown") | B).declared == (union(A), A | B)


@pytest.mark.parametrize("option", ["examples", "non_examples"])
def test_one_text_in_place_of_a_list_of_examples_is_refused(option):
    error = refused(lambda: lf_of(A, **{option: "crash"}))
    assert "not one text" in error.message
    assert error.remedy == "write ['crash']"


def test_examples_are_frozen():
    texts = ["one"]
    frozen = as_examples(texts)
    texts.append("two")
    assert frozen == ("one",)


# What a returned value means


def test_with_one_label_true_votes_and_false_and_none_abstain():
    lf = lf_of(A)
    assert lf.interpret(True) == union(A)
    assert lf.interpret(False) is None
    assert lf.interpret(None) is None


def test_numpys_booleans_count_as_pythons():
    lf = lf_of(~A)
    assert lf.interpret(np.bool_(True)) == ~A
    assert lf.interpret(np.bool_(False)) is None
    assert lf.interpret(np.array([3])[0] > 2) == ~A


def test_with_several_labels_pythons_false_and_numpys_mean_the_same():
    lf = lf_of(A, B)
    assert lf.interpret(False) is None
    assert lf.interpret(np.bool_(False)) is None


@pytest.mark.parametrize("true", [True, np.bool_(True)])
def test_with_several_labels_true_says_none_of_them(true):
    with pytest.raises(UndeclaredVoteError, match="not one of its labels, a union of them, or None") as caught:
        lf_of(A, B).interpret(true)
    assert caught.value.remedy == "return a label that the decorator names, or None"


def test_one_declared_vote_may_be_a_union_or_a_negation():
    assert lf_of(A | B).interpret(True) == A | B
    assert lf_of(~A).interpret(True) == ~A
    assert lf_of(~(A | B)).interpret(True) == ~(A | B)


def test_a_declared_label_is_a_vote():
    lf = lf_of(A, B, ~C)
    assert lf.interpret(A) == union(A)
    assert lf.interpret(union(B)) == union(B)
    assert lf.interpret(~C) == ~C


def test_a_union_of_declared_labels_is_a_vote():
    lf = lf_of(A, B, C)
    assert lf.interpret(A | C) == A | C
    assert lf.interpret(A | B | C) == A | B | C


@pytest.mark.parametrize("vote", [union(C), A | C, ~A, ~C, ~(A | B)], ids=str)
def test_a_label_that_was_not_declared_is_a_fault(vote):
    with pytest.raises(UndeclaredVoteError) as caught:
        lf_of(A, B, name="it").interpret(vote)
    assert caught.value.message == f"it returned {vote}, which it does not declare."
    assert caught.value.remedy == f"declare it: @labeling_function(a, b, {vote})"


def test_a_declared_negation_does_not_declare_its_label():
    with pytest.raises(UndeclaredVoteError, match="returned a, which it does not declare"):
        lf_of(~A, B).interpret(A)


def test_a_declared_label_in_another_meaning_is_a_fault_whose_remedy_can_be_followed():
    other = Label("a", "Another meaning.")
    with pytest.raises(UndeclaredVoteError) as caught:
        lf_of(A, B).interpret(other)
    assert caught.value.remedy != "declare it: @labeling_function(a, b, a)"


def test_a_vote_that_leaves_no_label_is_a_fault():
    with pytest.raises(UndeclaredVoteError):
        lf_of(A, B).interpret(LabelUnion(frozenset()))


def test_a_text_that_names_a_label_is_a_fault_with_a_remedy():
    with pytest.raises(UndeclaredVoteError) as caught:
        lf_of(A, B, name="it").interpret("a")
    assert caught.value.message == "it returned 'a', not one of its labels, a union of them, or None."
    assert caught.value.remedy == "return the label A, not its name in quotes"
    with pytest.raises(UndeclaredVoteError) as caught:
        lf_of(A, name="it").interpret("a")
    assert caught.value.message == "it returned 'a', not True or False."
    assert caught.value.remedy == "return the label A, not its name in quotes"


@pytest.mark.parametrize("returned", [1, 0, 1.0, "yes", "", [], [A], np.int64(1), np.array([True])])
def test_with_one_label_what_is_no_truth_value_is_a_fault(returned):
    with pytest.raises(UndeclaredVoteError, match="not True or False") as caught:
        lf_of(A).interpret(returned)
    assert caught.value.remedy == "wrap the result in bool(...)"


@pytest.mark.parametrize("missing", [float("nan"), np.float64("nan"), np.float32("nan"), pd.NA, pd.NaT])
def test_what_says_that_a_value_is_missing_is_a_fault_that_bool_would_not_mend(missing):
    for lf in (lf_of(A), lf_of(A, B)):
        with pytest.raises(UndeclaredVoteError) as caught:
            lf.interpret(missing)
        assert caught.value.remedy == "it says that a value is missing: return None there"


def test_what_is_never_worked_out_is_a_fault_of_the_same_words_each_time():
    async def waits():
        return True

    def told(returned):
        with pytest.raises(UndeclaredVoteError) as caught:
            lf_of(A, name="it").interpret(returned)
        return str(caught.value)

    generators = [(each for each in ()) for _ in range(2)]
    assert told(generators[0]) == told(generators[1])
    coroutine = waits()
    assert "0x" not in told(coroutine)
    assert "plain function" in told(coroutine)
    assert "plain function" in told(generators[0])
    coroutine.close()


def test_snorkels_abstention_is_a_fault_that_names_ours():
    for lf in (lf_of(A), lf_of(A, B)):
        with pytest.raises(UndeclaredVoteError) as caught:
            lf.interpret(-1)
        assert caught.value.remedy == "-1 abstains in Snorkel; here return None"


@pytest.mark.parametrize("returned", [1, 0, "c", [A, B], {A}, np.float64(1)])
def test_with_several_labels_what_is_no_vote_is_a_fault(returned):
    with pytest.raises(UndeclaredVoteError) as caught:
        lf_of(A, B).interpret(returned)
    assert caught.value.remedy == "return a label that the decorator names, or None"


def test_a_long_value_is_cut_in_the_message():
    with pytest.raises(UndeclaredVoteError) as caught:
        lf_of(A).interpret("x" * 10_000)
    assert len(caught.value.message) < 200


# What a stored vote means


@pytest.mark.parametrize(
    ("text", "vote"),
    [("a", union(A)), ("b", union(B)), ("a|b", A | B), ("~c", ~C), ("~a|b", ~(A | B))],
)
def test_a_stored_vote_is_a_declared_one_or_a_union_of_declared_labels(text, vote):
    assert lf_of(A, B, ~C, ~(A | B)).declared_union(text) == vote


def test_every_vote_that_is_accepted_can_be_read_again_from_its_stored_form():
    lf = lf_of(A, B | C, ~A)
    for vote in (union(A), union(B), union(C), A | B, A | C, B | C, A | B | C, ~A):
        assert lf.declared_union(str(lf.interpret(vote))) == vote


@pytest.mark.parametrize("text", ["c", "a|c", "~a", "", "a|", "|", "A", "a | b", "~"])
def test_a_stored_vote_that_is_not_declared_is_an_error(text):
    with pytest.raises(UndeclaredVoteError, match="it does not declare the vote"):
        lf_of(A, B, name="it").declared_union(text)


# Items and examples


def test_a_missing_column_counts_as_none():
    lf = lf_of(A, function=lambda comment, rating: comment is None and rating == 1)
    assert lf.vote({"rating": 1}) == union(A)
    assert lf.vote({"rating": 1, "comment": "x", "other": 2}) is None
    assert lf.arguments({"rating": 1}) == (None, 1)


def test_what_a_function_raises_reaches_who_asks_for_one_vote():
    with pytest.raises(ZeroDivisionError):
        lf_of(A, function=lambda n: 1 / n).vote({"n": 0})


def test_a_bare_example_stands_for_the_single_column():
    lf = lf_of(A, function=lambda comment: None)
    assert lf.as_item("text") == {"comment": "text"}
    assert lf.as_item(None) == {"comment": None}
    assert lf.as_item(3) == {"comment": 3}
    assert lf.as_item({"comment": "text"}) == {"comment": "text"}


def test_a_bare_example_for_several_columns_is_refused_with_the_columns():
    error = refused(lf_of(A, function=lambda comment, rating: None, name="it").as_item, "text")
    assert error.message == "it: the example 'text' does not say which column it is."
    assert error.remedy == "write a dict, e.g. {'comment': ..., 'rating': ...}"


def test_a_bare_example_for_a_whole_row_is_refused():
    assert refused(lf_of(A, function=lambda x: None).as_item, "text").remedy == "write a dict, e.g. {'column': ...}"


def contains_x(text):
    if text is None:
        message = "no text"
        raise ValueError(message)
    return "x" in text


def test_examples_that_hold_are_no_problem():
    assert lf_of(A, function=contains_x, examples=["x", {"text": "xx"}], non_examples=["y"]).check_examples() == []


def test_each_example_that_does_not_hold_is_a_problem_of_its_own():
    lf = lf_of(A, function=contains_x, examples=["x", "y", None], non_examples=["z", {"text": "x"}])
    assert lf.check_examples() == [
        Problem("contains_x", "abstained on its example 'y'"),
        Problem("contains_x", "raised ValueError: no text on its example None"),
        Problem("contains_x", "voted a on its non-example {'text': 'x'}"),
    ]


def test_an_example_without_its_column_is_a_problem_and_not_an_error():
    lf = lf_of(A, function=lambda comment, rating: True, name="it", examples=["text"])
    (problem,) = lf.check_examples()
    assert problem.what.startswith("raised LabelingFunctionError: it: the example 'text' does not say which column")


def test_an_undeclared_vote_on_an_example_is_a_problem():
    (problem,) = lf_of(A, function=lambda text: 1, name="it", examples=["t"]).check_examples()
    assert problem.what.startswith("raised UndeclaredVoteError: it returned 1, not True or False.")


def test_any_label_is_a_vote_on_an_example():
    lf = lf_of(A, B, function=lambda text: B if text == "b" else None, examples=["b"], non_examples=["c"])
    assert lf.check_example("b", wanted=True) is None
    assert lf.check_examples() == []


def test_a_function_that_ends_the_program_on_an_example_is_a_problem():
    (problem,) = lf_of(A, function=lambda text: sys.exit(3), name="it", examples=["t"]).check_examples()
    assert problem == Problem("it", "raised SystemExit: 3 on its example 't'")


def test_labeling_functions_are_told_apart_by_who_they_are():
    def text_is_long(text):
        return len(text) > 9

    one, other = lf_of(A, function=text_is_long), lf_of(A, function=text_is_long)
    assert one != other
    assert len({one, other}) == 2
    assert isinstance(one, LabelingFunction)
