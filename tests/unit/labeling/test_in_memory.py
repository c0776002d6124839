"""Labeling functions on data in memory."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from retrolabel import Label, LabelSchema, apply, keywords, labeling_function
from retrolabel.errors import LabelingFunctionError, MissingColumnError, SettingsError

BUG, WISH, ASK = Label("bug"), Label("wish"), Label("ask")


@labeling_function(BUG)
def crashes(body):
    return body is not None and "crash" in body


@labeling_function(BUG, WISH)
def old_or_new(body, age):
    if age is None:
        return None
    return BUG | WISH if body is None else BUG if age > 3 else WISH


@labeling_function(~BUG)
def polite(x):
    return "please" in (x.body or "")


SCHEMA = LabelSchema(task="t", version="1.0.0", labels=[BUG, WISH])
LFS = [crashes, old_or_new, polite]
BODIES, AGES = ["a crash", None, "please add", "x"], [5, 1, None, 2]
SAID = [[{0}, {0}, None], [None, None, None], [None, None, {1}], [None, {1}, None]]
DATA = {
    "columns": {"body": BODIES, "age": AGES},
    "frame": pd.DataFrame({"body": BODIES, "age": AGES}),
    "frame_of_floats": pd.DataFrame({"body": BODIES, "age": [5.0, 1.0, np.nan, 2.0]}, index=[7, 7, 1, 0]),
    "nullable_frame": pd.DataFrame({"body": BODIES, "age": AGES}).convert_dtypes(),
    "table": pa.table({"body": BODIES, "age": AGES}),
    "chunked_table": pa.concat_tables(
        [pa.table({"body": BODIES[:1], "age": AGES[:1]}), pa.table({"body": BODIES[1:], "age": AGES[1:]})]
    ),
    "arrays": {"body": np.array(BODIES, dtype=object), "age": pd.Series(AGES)},
}  # fmt: skip


def sets(votes):
    return [[None if code == 0 else set(votes.symbols[code - 1]) for code in row] for row in votes.codes.tolist()]


@pytest.mark.parametrize("form", DATA)
def test_every_form_of_the_same_data_gives_the_same_votes(form):
    applied = apply(LFS, DATA[form])
    assert applied.votes.labels == ("bug", "wish")
    assert applied.votes.voters == ("crashes", "old_or_new", "polite")
    assert sets(applied.votes) == SAID
    assert applied.calls == dict.fromkeys(applied.votes.voters, 4)
    assert applied.failed == dict.fromkeys(applied.votes.voters, 0)


def test_the_labels_of_a_schema_say_what_a_negation_leaves():
    schema = LabelSchema(task="t", version="1.0.0", labels=[ASK, BUG, WISH])
    applied = apply([polite], DATA["columns"], schema=schema)
    assert applied.votes.labels == ("ask", "bug", "wish")
    assert sets(applied.votes)[2] == [{0, 2}]


def test_a_failure_is_counted_and_is_no_vote():
    @labeling_function(BUG)
    def longer(body):
        return len(body) > 3

    applied = apply([longer], DATA["columns"], schema=SCHEMA)
    assert applied.failed == {"longer": 1}
    assert [(fault.lf, fault.row) for fault in applied.faults] == [("longer", 1)]
    assert "body has no value here" in applied.faults[0].error
    assert sets(applied.votes) == [[{0}], [None], [{0}], [None]]
    assert "1 faults" in repr(applied)


@pytest.mark.parametrize(
    "data", [{"body": []}, pd.DataFrame({"body": []}), pa.table({"body": pa.array([], pa.string())})]
)
def test_no_rows_give_no_votes(data):
    assert apply([crashes], data, schema=SCHEMA).votes.codes.shape == (0, 1)


def test_no_functions_give_no_columns():
    assert apply([], pd.DataFrame({"body": BODIES}), schema=SCHEMA).votes.codes.shape == (4, 0)


def test_a_missing_column_is_refused_with_the_nearest():
    with pytest.raises(MissingColumnError, match="Did you mean 'bodi'"):
        apply([crashes], {"bodi": BODIES}, schema=SCHEMA)


@pytest.mark.parametrize(
    ("lfs", "says"),
    [
        ([crashes, crashes], "is there twice"),
        ([crashes, keywords(Label("bug", "Otherwise."), ["x"], column="body", name="other")], "have two meanings"),
    ],
)
def test_functions_that_do_not_go_together_are_refused(lfs, says):
    with pytest.raises(LabelingFunctionError, match=says):
        apply(lfs, DATA["columns"])


def test_a_label_that_the_schema_lacks_is_refused():
    schema = LabelSchema(task="t", version="1.0.0", labels=[ASK, WISH])
    with pytest.raises(LabelingFunctionError, match=r"votes 'bug', which t 1\.0\.0 does not have"):
        apply([crashes], DATA["columns"], schema=schema)


def test_columns_of_different_length_are_refused():
    with pytest.raises(LabelingFunctionError, match="body 4, age 1"):
        apply([old_or_new], {"body": BODIES, "age": [1]})


def test_no_labeling_function_at_all_is_refused():
    with pytest.raises(LabelingFunctionError, match="no labeling functions to apply"):
        apply([], {"body": ["boom"]})


def test_an_unknown_engine_is_refused():
    with pytest.raises(SettingsError, match="no engine 'seriel'"):
        apply([crashes], DATA["columns"], engine="seriel")


CRASH = Label("crash")


def test_one_labeling_function_of_one_label_says_of_each_item_whether_it_is_that():
    lf = keywords(CRASH, ["boom"], column="body", name="says_boom")
    for lfs in (lf, [lf]):
        applied = apply(lfs, {"body": ["boom", "fine"]})
        assert applied.votes.labels == ("crash", "~crash")
        assert applied.votes.to_ints().tolist() == [[0], [-1]]


def test_a_label_and_its_negation_say_all_there_is_without_a_schema():
    yes = keywords(CRASH, ["boom"], column="body", name="says_boom")
    no = keywords(~CRASH, ["fine"], column="body", name="says_fine")
    applied = apply([yes, no], {"body": ["boom", "fine"]})
    assert applied.votes.to_ints().tolist() == [[0, -1], [-1, 1]]


def test_a_series_is_refused_with_the_frame_that_is_wanted():
    lf = keywords(CRASH, ["boom"], column="body", name="says_boom")
    with pytest.raises(LabelingFunctionError) as caught:
        apply([lf], pd.Series(["boom"], name="body"))
    assert caught.value.message == (
        "Labeling functions are applied to a frame, and this is one column of it ('body', a Series)."
    )
    assert "series.to_frame('body')" in caught.value.remedy
