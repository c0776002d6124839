"""Applied to columns, votes, abstentions and faults stay three different things."""

# ruff: noqa: ARG005, FBT003 - parameters are columns, and a truth value is what such a function returns

from __future__ import annotations

import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from retrolabel.errors import MissingColumnError, Problem
from retrolabel.labeling.applying import ABSTAINED, FAULTED, KEPT_TRACEBACKS, Emitted, apply_lfs, check_columns
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.builders import keywords
from retrolabel.labeling.functions import labeling_function
from retrolabel.schema.labels import Label, union

A, B, C = (Label(name) for name in "abc")


def lf_of(*labels, function, name="it"):
    return labeling_function(*labels, name=name)(function)


def apply(lf, **columns):
    return apply_lfs([lf], Batch(columns, len(next(iter(columns.values())))))[0]


def test_codes_are_votes_abstentions_and_faults():
    lf = lf_of(A, B, function=lambda vote: {"a": A, "b": B, "ab": A | B, "none": None, "false": False}[vote])
    emitted = apply(lf, vote=["b", "none", "a", "ab", "lost", "false", "a"])
    assert emitted.lf == "it"
    assert emitted.symbols == (union(A), A | B, union(B))
    assert emitted.codes.tolist() == [3, ABSTAINED, 1, 2, FAULTED, ABSTAINED, 1]
    assert emitted.codes.dtype == np.int16
    assert (emitted.vote_count, emitted.fault_count) == (4, 1)
    assert emitted.seconds > 0


def test_symbols_are_sorted_by_their_stored_form_and_not_by_first_sight():
    lf = lf_of(A, B, C, ~B, function=lambda vote: vote)
    emitted = apply(lf, vote=[~B, C, B, A | C, A])
    assert [str(symbol) for symbol in emitted.symbols] == ["a", "a|c", "b", "c", "~b"]
    assert emitted.codes.tolist() == [5, 4, 3, 2, 1]


def test_items_in_another_order_get_the_same_symbols():
    lf = lf_of(A, B, function=lambda vote: vote)
    one, other = apply(lf, vote=[B, None, A]), apply(lf, vote=[A, B, None])
    assert one.symbols == other.symbols
    assert sorted(one.codes.tolist()) == sorted(other.codes.tolist())


def test_only_votes_that_were_cast_are_symbols():
    emitted = apply(lf_of(A, B, function=lambda vote: vote), vote=[B, None])
    assert emitted.symbols == (union(B),)
    assert emitted.codes.tolist() == [1, 0]


def test_no_items_get_no_votes():
    emitted = apply_lfs([lf_of(A, function=lambda text: True)], Batch({"text": []}, 0))[0]
    assert emitted.codes.shape == (0,)
    assert emitted.codes.dtype == np.int16
    assert (emitted.symbols, emitted.faults, emitted.vote_count, emitted.fault_count) == ((), (), 0, 0)


def test_a_function_that_always_abstains_has_no_symbols():
    emitted = apply(lf_of(A, function=lambda text: np.bool_(False)), text=["a", "b"])
    assert (emitted.codes.tolist(), emitted.symbols) == ([0, 0], ())


def test_columns_are_handed_over_by_name_and_in_the_order_of_the_parameters():
    lf = lf_of(A, function=lambda second, first: second == 2 and first == 1)
    assert apply(lf, first=[1, 2], other=["x", "y"], second=[2, 1]).codes.tolist() == [1, 0]


def test_a_setting_keeps_its_default_although_a_column_has_its_name():
    lf = lf_of(A, function=lambda text, limit=2: len(text) > limit)
    assert apply(lf, text=["abc", "a"], limit=[9, 0]).codes.tolist() == [1, 0]


def test_a_whole_row_has_every_column():
    lf = lf_of(A, function=lambda x: x.comment == "bad" and x["rating"] < 3)
    assert apply(lf, comment=["bad", "bad", None], rating=[1, 5, 1]).codes.tolist() == [1, 0, 0]


def test_a_whole_row_lacks_a_column_that_is_not_there():
    (fault,) = apply(lf_of(A, function=lambda x: x.rating < 3), comment=["bad"]).faults
    assert fault.error == "AttributeError: 'Row' object has no attribute 'rating'"


def test_a_whole_row_of_no_columns_is_there_for_every_item():
    lf = lf_of(A, function=lambda x: True)
    assert apply_lfs([lf], Batch({}, 3))[0].codes.tolist() == [1, 1, 1]


def test_a_fault_names_row_error_and_the_authors_own_lines():
    def divides(number):
        return 10 / number > 3

    emitted = apply(lf_of(A, function=divides, name="divides"), number=[1, 0, 2])
    (fault,) = emitted.faults
    assert emitted.codes.tolist() == [1, FAULTED, 1]
    assert (fault.lf, fault.row, fault.error) == ("divides", 1, "ZeroDivisionError: division by zero")
    assert "in divides\n    return 10 / number > 3\n" in fault.trace
    assert fault.trace.rstrip().endswith("ZeroDivisionError: division by zero")
    assert "_call_each" not in fault.trace


@pytest.mark.parametrize("function", [lambda text: "x" in text, lambda text: text.lower() == "x"])
def test_a_fault_that_a_missing_value_explains_says_so(function):
    (fault,) = apply(lf_of(A, function=function), text=["x", None]).faults
    assert fault.row == 1
    assert fault.error.startswith(("TypeError: ", "AttributeError: "))
    assert fault.error.endswith(" (text has no value here: begin with `if text is None: return None`)")


def test_a_fault_names_every_column_that_has_no_value():
    lf = lf_of(A, function=lambda one, two, three: one + two + three)
    first, second = apply(lf, one=[None, 1], two=[1, None], three=[None, 1]).faults
    assert "(one and three has no value here: begin with `if one is None: return None`)" in first.error
    assert "(two has no value here: begin with `if two is None: return None`)" in second.error


def test_a_fault_that_has_nothing_to_do_with_missing_values_gets_no_hint():
    def picky(text):
        message = "not today"
        raise ValueError(message)

    first, second = apply(lf_of(A, function=picky), text=[None, "x"]).faults
    assert first.error == second.error == "ValueError: not today"
    (fault,) = apply(lf_of(A, function=lambda number: number + "x"), number=[1]).faults
    assert fault.error.startswith("TypeError: ")
    assert "has no value" not in fault.error


def test_an_undeclared_vote_is_a_fault_with_its_remedy():
    emitted = apply(lf_of(A, B, function=lambda vote: vote), vote=[A, C, "a", 1, True])
    assert emitted.codes.tolist() == [1, FAULTED, FAULTED, FAULTED, FAULTED]
    assert [fault.error for fault in emitted.faults[:2]] == [
        "UndeclaredVoteError: it returned c, which it does not declare. (declare it: @labeling_function(a, b, c))",
        (
            "UndeclaredVoteError: it returned 'a', not one of its labels, a union of them, or None."
            " (return the label A, not its name in quotes)"
        ),
    ]


def test_an_empty_result_that_looks_false_is_a_fault_and_no_abstention():
    emitted = apply(lf_of(A, function=lambda value: value), value=[0, "", [], None, False])
    assert emitted.codes.tolist() == [FAULTED, FAULTED, FAULTED, ABSTAINED, ABSTAINED]


def test_a_vote_that_leaves_no_label_is_a_fault():
    emitted = apply(lf_of(A, B, function=lambda vote: vote), vote=[~(A | ~A), A])
    assert emitted.codes.tolist() == [FAULTED, 1]


def test_all_faults_are_counted_and_the_first_few_are_kept():
    emitted = apply(lf_of(A, function=lambda n: 1 / n > 0), n=[0] * (KEPT_TRACEBACKS + 20) + [1])
    assert emitted.fault_count == KEPT_TRACEBACKS + 20
    assert emitted.vote_count == 1
    assert [fault.row for fault in emitted.faults] == list(range(KEPT_TRACEBACKS))


def test_a_function_that_ends_the_program_fails_on_its_item_only():
    emitted = apply(lf_of(A, function=lambda n: sys.exit("bye") if n else True), n=[0, 1, 0])
    assert emitted.codes.tolist() == [1, FAULTED, 1]
    assert emitted.faults[0].error == "SystemExit: bye"


def test_a_person_who_stops_the_run_is_heard():
    def interrupted(text):
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        apply(lf_of(A, function=interrupted), text=["x"])


def test_a_person_who_stops_the_run_is_heard_where_the_function_catches_all_that_is_raised():
    def deaf(n):
        try:
            if not n:
                signal.raise_signal(signal.SIGINT)
        except BaseException:  # noqa: BLE001 - as an author may write it
            return None
        return True

    with pytest.raises(KeyboardInterrupt):
        apply(lf_of(A, function=deaf), n=[0, 1])


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit, SystemExit])
@pytest.mark.parametrize("thread", [False, True])
def test_what_ends_programs_is_a_fault_of_its_item_where_the_function_raises_it_itself(error, thread):
    def ends(n):
        if n:
            raise error
        return True

    def look():
        return apply(lf_of(A, function=ends), n=[0, 1, 0])

    with ThreadPoolExecutor(1) as other:
        emitted = other.submit(look).result() if thread else look()
    assert emitted.codes.tolist() == [1, FAULTED, 1]
    assert emitted.faults[0].error == error.__name__


def test_who_listened_for_an_interrupt_before_is_asked_again_afterwards():
    before = signal.getsignal(signal.SIGINT)
    apply(lf_of(A, function=lambda n: True), n=[0])
    assert signal.getsignal(signal.SIGINT) is before


def test_an_error_that_cannot_say_what_it_is_fails_on_its_item_only():
    class MuteError(Exception):
        def __str__(self):
            message = "mute"
            raise RuntimeError(message)

    def mutes(n):
        if n:
            raise MuteError
        return True

    emitted = apply(lf_of(A, function=mutes), n=[0, 1, 0])
    assert emitted.codes.tolist() == [1, FAULTED, 1]
    assert emitted.faults[0].error.startswith("MuteError")


def test_a_deep_recursion_fails_on_its_item_with_a_short_trace():
    def forever(text):
        return forever(text)

    (fault,) = apply(lf_of(A, function=forever), text=["x"]).faults
    assert fault.error.startswith("RecursionError: ")
    assert len(fault.trace.splitlines()) < 40


def test_two_emissions_are_told_apart_by_who_they_are():
    codes = np.zeros(1, np.int16)
    assert Emitted("it", codes, ()) != Emitted("it", codes, ())


def test_a_column_that_is_missing_stops_before_any_item():
    calls = []
    with pytest.raises(MissingColumnError):
        apply(lf_of(A, function=lambda text, rating: calls.append(text)), text=["x"])
    assert calls == []


def test_every_missing_column_of_every_function_is_told_at_once():
    lfs = [
        lf_of(A, function=lambda coment, rating: None, name="one"),
        lf_of(A, function=lambda x: None, name="row"),
        keywords(A, ["x"], column=["title", "zzz"], name="words"),
    ]
    with pytest.raises(MissingColumnError) as caught:
        check_columns(lfs, ["comment", "title"], where="github_issues")
    assert caught.value.problems == (
        Problem("LF one", "reads the column 'coment', which github_issues does not have. Did you mean 'comment'?", ""),
        Problem("LF one", "reads the column 'rating', which github_issues does not have."),
        Problem("LF words", "reads the column 'zzz', which github_issues does not have."),
    )
    assert caught.value.message == (
        "Labeling functions read columns that github_issues does not have. It has: comment, title."
    )
    assert "rename the parameter" in caught.value.remedy


def test_data_without_columns_says_so():
    with pytest.raises(MissingColumnError, match=r"that the data does not have\. It has: none"):
        check_columns([lf_of(A, function=lambda text: None)], [])


def test_columns_that_are_all_there_raise_nothing():
    known = iter(["comment", "rating", "other"])
    check_columns([lf_of(A, function=lambda rating, comment: None), lf_of(A, function=lambda x: None)], known)
    assert list(known) == []


def test_a_function_reads_none_where_a_value_is_missing():
    emitted = apply(lf_of(A, function=lambda text: text is None), text=["x", None, ""])
    assert emitted.codes.tolist() == [0, 1, 0]


def test_what_a_function_does_to_a_list_the_next_one_does_not_see():
    def empties(tags):
        tags.clear()
        return True

    seen = []
    first = lf_of(A, function=empties, name="first")
    second = lf_of(A, function=lambda tags: bool(tags) and not seen.append(list(tags)), name="second")
    given = [["x"], ["y", "z"]]
    emitted = apply_lfs([first, second], Batch({"tags": given}, 2))
    assert [each.vote_count for each in emitted] == [2, 2]
    assert (seen, given) == ([["x"], ["y", "z"]], [["x"], ["y", "z"]])
