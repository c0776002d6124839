"""A column's value votes: a knowledge base, or labels that are there already."""

from __future__ import annotations

import json
import pickle
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from retrolabel.errors import LabelingFunctionError, UndeclaredVoteError
from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.tables import Table, column_vote, lookup
from retrolabel.schema.labels import Label, union
from retrolabel.schema.versions import LabelSchema

A, B, C = Label("a", aliases=["first", "1"]), Label("b"), Label("c")
VALUES = ["acme", "ACME", " acme", "globex", "other", "", None, 1, 1.0, 2, True, Decimal(1), date(2020, 1, 1), [1]]


def refused(call, *args, **kwargs):
    with pytest.raises(LabelingFunctionError) as caught:
        call(*args, **kwargs)
    return caught.value


def said(lf, **columns):
    """Return the codes of a batch, after a look that each item by itself gets the same."""
    rows = len(next(iter(columns.values())))
    batch = Batch(columns, rows)
    (verdict,) = Table.many([lf.rule], batch)
    for row in range(rows):
        try:
            alone = lf.rule.one(*(batch.values(name)[row] for name in lf.columns))
        except (UndeclaredVoteError, TypeError) as error:
            alone, told = -1, str(error)
            assert str(verdict.errors[row]) == told
        assert verdict.codes[row] == alone
    return verdict.codes.tolist()


# A knowledge base


def test_a_value_votes_what_the_knowledge_base_says():
    lf = lookup({"Acme": B, "globex": A}, column="customer")
    assert lf.declared == (union(A), union(B))
    assert said(lf, customer=VALUES) == [2, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    assert lf.vote({"customer": "ACME"}) == union(B)
    assert lf("acme") == union(B)


def test_case_counts_where_it_is_told_to():
    assert said(lookup({"Acme": A}, column="t", case=True), t=["Acme", "acme"]) == [1, 0]


def test_a_text_is_found_however_it_was_typed():
    lf = lookup({"won't  fix": A, "Caf\u00e9": B}, column="t")
    typed = ["Won\u2019t fix", "won't\u00a0fix", "won't\n fix ", "cafe\u0301", "caf\u00e9\u200b", "wont fix"]
    assert said(lf, t=typed) == [1, 1, 1, 2, 2, 0]
    assert said(lookup({"won't fix": A}, column="t", fold=False), t=[*typed, " won't fix", "Won't fix"]) == [0] * 7 + [
        1
    ]


def test_two_spellings_of_one_text_that_say_two_things_are_refused():
    error = refused(lookup, {"won't fix": A, "won\u2019t fix": B}, column="t")
    assert [problem.where for problem in error.problems] == ["'won\u2019t fix'"]
    lf = lookup({"won't fix": A, "won\u2019t fix": B}, column="t", fold=False)
    assert said(lf, t=["won't fix", "won\u2019t fix"]) == [1, 2]


def test_a_knowledge_base_of_texts_is_of_another_revision_where_it_folds():
    def revision(lf):
        return lf.rule.describe()["revision"]

    assert revision(lookup({"x": A}, column="t")) == 2
    assert revision(lookup({"x": A}, column="t", fold=False)) == 1
    assert revision(lookup({404: A}, column="t")) == 1
    assert revision(column_vote({"x": A}, column="t")) == 1


def test_stored_labels_are_not_folded():
    lf = column_vote({"won't fix": A}, column="old", unknown="abstain")
    assert said(lf, old=["won't fix", "won\u2019t fix", "won't fix "]) == [1, 0, 0]


def test_texts_numbers_and_truth_values_are_apart():
    assert lookup({1: A, "1": B}, column="t").vote({"t": "1"}) == union(B)
    assert said(lookup({1: A}, column="t"), t=[1, 1.0, Decimal(1), True, "1"]) == [1, 1, 1, 0, 0]
    assert said(lookup({True: A}, column="t"), t=[1, 1.0, True, False, "True"]) == [0, 0, 1, 0, 0]


def test_a_default_is_for_values_that_are_there():
    lf = lookup({"acme": A | B}, column="t", default=~C)
    assert [lf.vote({"t": value}) for value in ("acme", "x", None)] == [A | B, ~C, None]


def test_a_mapping_may_come_from_pandas():
    lf = lookup(pd.Series([A, B], index=["x", "y"]), column="t")
    assert said(lf, t=["x", "y", "z"]) == [1, 2, 0]
    assert said(lookup(pd.Series([A, B], index=[1, 2]), column="t"), t=np.array([1, 2, 3])) == [1, 2, 0]


def test_all_that_is_wrong_with_a_mapping_is_told_at_once():
    error = refused(lookup, {"x": "a", None: A, "Y": A, "y": B, float("nan"): A, (1,): A}, column="t")
    assert [problem.where for problem in error.problems] == ["'x'", "None", "'y'", "nan", "(1,)"]
    assert refused(lookup, {}, column="t").message == "No value stands for a label."
    assert refused(lookup, {"x": A}, column=["t"]).message == "lookup reads one column."


def test_the_description_of_a_table_does_not_depend_on_its_order():
    one, other = lookup({"x": A, "Y": B, 1: A}, column="t"), lookup({1.0: A, "y": B, "x": A}, column="t")
    assert one.rule.describe() == other.rule.describe()
    assert json.loads(json.dumps(one.rule.describe())) == one.rule.describe()
    for changed in (
        lookup({"x": A, "y": B}, column="t"),
        lookup({"x": A, "y": A, 1: A}, column="t"),
        lookup({"x": A, "y": B, 1: A}, column="t", default=A),
        lookup({"x": A, "Y": B, 1: A}, column="t", case=True),
        lookup({"x": A, "Y": B, 1: A}, column="t", fold=False),
    ):
        assert changed.rule.describe() != one.rule.describe()


# Labels that are there already


def test_a_stored_value_votes_its_label():
    lf = column_vote({1: B, 2: B, 3: None, 4: A}, column="stars")
    assert said(lf, stars=[1, 2, 3, 4.0, None]) == [2, 2, 0, 1, 0]


def test_a_value_that_stands_for_nothing_is_a_fault_unless_told_otherwise():
    lf = column_vote({"positive": A, "negative": B}, column="old", name="old")
    assert said(lf, old=["positive", "Positive", "negativ", 5, None]) == [1, -1, -1, -1, 0]
    faults = apply_lfs([lf], Batch({"old": ["negativ"]}, 1))[0].faults
    assert "old holds 'negativ', which stands for no label. Did you mean 'negative'?" in faults[0].error
    assert said(column_vote({"positive": A}, column="old", unknown="abstain"), old=["x", "positive"]) == [0, 1]


def test_a_schema_s_ids_and_aliases_are_read():
    schema = LabelSchema(task="t", version="1.0.0", labels=[A, B])
    lf = column_vote(schema, column="old")
    assert said(lf, old=["a", "first", "1", "b", "A", 1, None]) == [1, 1, 1, 2, -1, -1, 0]


def test_too_little_confidence_is_no_vote():
    lf = column_vote({"a": A, "b": None}, column="judge", confidence="score", at_least=0.8)
    assert lf.columns == ("judge", "score")
    judged = {"judge": ["a", "a", "a", "b", "a", None, "x"], "score": [0.8, 0.79, None, "x", "x", 1, 1]}
    assert said(lf, **judged) == [1, 0, 0, 0, -1, 0, -1]
    assert lf.vote({"judge": "a", "score": 1}) == union(A)
    assert lf.rule.describe()["floor"] == 0.8


def test_all_that_is_wrong_with_a_column_s_votes_is_told_at_once():
    error = refused(column_vote, {"a": A}, column="", confidence="score", unknown="skip")
    assert [problem.where for problem in error.problems] == ["column", "confidence, at_least", "unknown"]
    assert refused(column_vote, {"a": None}, column="t").message == "No value stands for a label."
    assert refused(column_vote, {"a": A}, column="t", confidence="c", at_least=float("nan")).message


def test_a_table_passes_to_another_process_and_knows_where_it_was_written():
    lf = column_vote({"a": A}, column="t", examples=["a"], non_examples=[None])
    again = pickle.loads(pickle.dumps(lf))  # noqa: S301 - our own bytes
    assert again.vote({"t": "a"}) == union(A)
    assert (lf.module, lookup({"a": A}, column="t").module) == (__name__, __name__)
    assert lf.check_examples() == []
