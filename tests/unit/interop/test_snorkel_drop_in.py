"""The drop-in for Snorkel: labeling functions, appliers and analysis, and what it leaves undone on purpose."""

from __future__ import annotations

import subprocess
import sys
from enum import IntEnum
from types import SimpleNamespace

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from retrolabel import Label, adopt, keywords
from retrolabel.errors import LabelingFunctionError, UndeclaredVoteError, VoteError
from retrolabel.interop.snorkel import (
    ApplierMetadata,
    DataPointsError,
    LabelingFunction,
    LabelingFunctionValueError,
    LabelMatrixError,
    LFAnalysis,
    LFApplier,
    PandasLFApplier,
    VoteValueError,
    filter_unlabeled_dataframe,
    labeling_function,
)
from tests.laws import law

SNORKELS_FAULTS = "ignore::Warning:snorkel.*", "ignore:Input has data type int64:FutureWarning"
FRAME = pd.DataFrame({"body": ["a crash", "why a crash?", "", "please"], "stars": [1, 2, 5, 3]}, index=[7, 7, 3, 0])


class Kind(IntEnum):
    ABSTAIN = -1
    BUG = 0
    WISH = 1


@labeling_function()
def breaks(x):
    return Kind.BUG if "crash" in x.body else Kind.ABSTAIN


@labeling_function(name="asks_for", resources={"words": ("please", "?")})
def asks(x, words):
    return 1 if any(word in x.body for word in words) else -1


@labeling_function()
def reads_what_is_not_there(x):
    return 0 if x.boddy else -1


def test_the_drop_in_imports_neither_snorkel_nor_torch():
    code = (
        "import sys; from retrolabel.interop.snorkel import LabelModel, LFAnalysis, LFApplier, PandasLFApplier\n"
        "model = LabelModel(); model.fit([[0, 0, 1], [1, 1, 1], [0, -1, 0]]); model.score([[0, 0, 1]], [0])\n"
        "sys.exit(len({'snorkel', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Labeling functions and appliers


def test_appliers_return_a_row_for_each_data_point_in_their_order():
    expected = [[0, -1], [0, 1], [-1, -1], [-1, 1]]
    points = [SimpleNamespace(**row) for row in FRAME.to_dict("records")]
    for votes in (
        LFApplier([breaks, asks]).apply(points, progress_bar=False),
        LFApplier([breaks, asks]).apply(iter(points), progress_bar=True),
        PandasLFApplier([breaks, asks]).apply(FRAME, progress_bar=False),
        PandasLFApplier([breaks, asks]).apply(FRAME, progress_bar=True),
    ):
        assert votes.tolist() == expected
        assert votes.dtype == np.int64


def test_the_progress_bar_goes_to_the_error_stream(capsys):
    PandasLFApplier([breaks]).apply(FRAME)
    assert capsys.readouterr().out == ""


def test_rows_of_an_array_are_data_points_too():
    def is_big(x):
        return 1 if x[0] > 42 else 0

    applier = LFApplier([is_big])
    assert applier.apply(np.array([[10], [100]]), progress_bar=False).tolist() == [[0], [1]]
    assert repr(applier) == "LFApplier, LFs: ['is_big']"


def test_no_data_points_give_a_matrix_without_rows():
    assert LFApplier([breaks, asks]).apply([], progress_bar=False).shape == (0, 2)
    assert PandasLFApplier([breaks, asks]).apply(FRAME.iloc[:0], progress_bar=False).shape == (0, 2)


@pytest.mark.parametrize("applied", [LFApplier, PandasLFApplier])
def test_a_failure_names_the_labeling_function_unless_faults_are_tolerated_and_counted(applied):
    data = FRAME if applied is PandasLFApplier else [SimpleNamespace(body="a crash")] * 4
    applier = applied([breaks, reads_what_is_not_there])
    with pytest.raises(AttributeError) as caught:
        applier.apply(data, progress_bar=False)
    assert "reads_what_is_not_there" in caught.value.__notes__[0]
    votes, meta = applier.apply(data, progress_bar=False, fault_tolerant=True, return_meta=True)
    assert (votes[:, 1] == -1).all()
    assert meta == ApplierMetadata({"reads_what_is_not_there": 4})
    assert applied([breaks]).apply(data, progress_bar=False, return_meta=True)[1] == ApplierMetadata({})


@pytest.mark.parametrize("said", [None, 0.9, float("nan"), -2, "0", [0]])
def test_what_is_no_labels_number_is_refused_and_not_cut_to_one(said):
    applier = LFApplier([LabelingFunction("odd", lambda _: said)])
    for kind in (VoteValueError, UndeclaredVoteError, TypeError, ValueError):
        with pytest.raises(kind, match="odd returned"):
            applier.apply([1], progress_bar=False)
    votes, meta = applier.apply([1], progress_bar=False, fault_tolerant=True, return_meta=True)
    assert (votes.tolist(), meta.faults) == ([[-1]], {"odd": 1})


@pytest.mark.parametrize(("said", "number"), [(True, 1), (np.int8(1), 1), (Kind.WISH, 1), (1.0, 1), (np.bool_(0), 0)])
def test_what_equals_a_labels_number_is_one(said, number):
    assert LFApplier([LabelingFunction("even", lambda _: said)]).apply([1], progress_bar=False).tolist() == [[number]]


def test_appliers_refuse_what_they_cannot_tell_apart_or_call():
    for lfs in ([breaks, breaks], [], [3]):
        with pytest.raises(LabelingFunctionValueError):
            LFApplier(lfs)
    with pytest.raises(ValueError, match="breaks"):
        PandasLFApplier([breaks, LabelingFunction("breaks", len)])
    with pytest.raises(LabelingFunctionError, match="to_snorkel"):
        LFApplier([keywords(Label("bug"), ["crash"], column="body", name="crashes")])


def test_preprocessors_run_in_their_order_and_have_to_return_something():
    def louder(x):
        return SimpleNamespace(body=x.body + "!")

    heard = LabelingFunction("heard", lambda x: len(x.body), pre=[louder, louder])
    assert heard(SimpleNamespace(body="a")) == 3
    with pytest.raises(ValueError, match="returned None"):
        LabelingFunction("never", len, pre=[lambda _: None])([1])


def test_the_decorator_without_parentheses_is_refused():
    with pytest.raises(ValueError, match="missing parentheses"):
        labeling_function(lambda _: 0)


def test_a_labeling_function_of_the_drop_in_can_be_adopted():
    ours = adopt(asks, {0: Label("bug"), 1: Label("wish")}, columns=["body"])
    assert (ours.name, str(ours.vote({"body": "please"}))) == ("asks_for", "wish")


@pytest.mark.filterwarnings(*SNORKELS_FAULTS)
def test_snorkels_appliers_and_ours_give_the_same_votes_for_the_functions_of_both():
    snorkels = pytest.importorskip("snorkel.labeling")
    preprocess = pytest.importorskip("snorkel.preprocess")

    @preprocess.preprocessor(memoize=True)
    def halved(x):
        x.half = x.stars / 2
        return x

    @snorkels.labeling_function(pre=[halved])
    def is_bad(x):
        return 0 if x.half <= 1 else -1

    lfs = [breaks, asks, is_bad]
    theirs = snorkels.PandasLFApplier(lfs).apply(FRAME, progress_bar=False)
    np.testing.assert_array_equal(PandasLFApplier(lfs).apply(FRAME, progress_bar=False), theirs)
    points = [SimpleNamespace(**row) for row in FRAME.to_dict("records")]
    theirs = snorkels.LFApplier(lfs).apply(points, progress_bar=False)
    np.testing.assert_array_equal(LFApplier(lfs).apply(points, progress_bar=False), theirs)


@pytest.mark.parametrize("frame", [pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5]}), FRAME, FRAME[["stars"]]])
def test_a_row_of_a_frame_is_the_series_that_snorkel_shows(frame):
    seen: dict[str, list[pd.Series]] = {"ours": [], "theirs": []}
    snorkels = pytest.importorskip("snorkel.labeling")
    for name, applier in (("ours", PandasLFApplier), ("theirs", snorkels.PandasLFApplier)):
        applier([LabelingFunction("keeps", lambda x, to=seen[name]: to.append(x.copy()) or -1)]).apply(
            frame, progress_bar=False
        )
    assert len(seen["ours"]) == len(frame)
    for ours, theirs in zip(seen["ours"], seen["theirs"], strict=True):
        pd.testing.assert_series_equal(ours, theirs)


# Analysis


def matrices(most=4):
    shapes = st.tuples(st.integers(1, 12), st.integers(1, 5))
    return shapes.flatmap(lambda shape: hnp.arrays(np.int64, shape, elements=st.integers(-1, most)))


@pytest.mark.filterwarnings("ignore::Warning")  # Snorkel divides by zero, and calls scipy in an old way
@law(60)
@given(matrices(), st.randoms(use_true_random=False), st.booleans())
def test_the_analysis_is_snorkels_to_the_last_column(votes, random, named):
    snorkels = pytest.importorskip("snorkel.labeling")
    gold = np.array([random.randint(0, 4) for _ in range(len(votes))])
    lfs = [LabelingFunction(f"lf{column}", len) for column in range(votes.shape[1])] if named else None
    ours, theirs = LFAnalysis(votes, lfs), snorkels.LFAnalysis(votes, lfs)
    weights = np.linspace(0, 1, votes.shape[1])
    for arguments in ((), (gold,), (gold, weights), (gold[:, None], list(weights)), (None, weights)):
        if arguments and arguments[0] is not None and arguments[0].ndim > 1:
            arguments = (arguments[0].ravel(), arguments[1])  # noqa: PLW2901 - Snorkel stumbles over [n, 1] in the summary
        pd.testing.assert_frame_equal(ours.lf_summary(*arguments), theirs.lf_summary(*arguments))
    for name in ("label_coverage", "label_overlap", "label_conflict", "lf_polarities", "lf_coverages"):
        assert np.all(np.asarray(getattr(ours, name)() == getattr(theirs, name)())), name
    for normalised in (False, True):
        np.testing.assert_allclose(ours.lf_overlaps(normalised), theirs.lf_overlaps(normalised))
        np.testing.assert_allclose(ours.lf_conflicts(normalised), theirs.lf_conflicts(normalised))
    np.testing.assert_allclose(ours.lf_empirical_accuracies(gold), theirs.lf_empirical_accuracies(gold))
    np.testing.assert_allclose(ours.lf_empirical_probs(gold, 5), theirs.lf_empirical_probs(gold, 5))


def test_gold_may_be_a_column():
    votes, gold = np.array([[0, 1], [1, -1]]), np.array([0, 0])
    pd.testing.assert_frame_equal(LFAnalysis(votes).lf_summary(gold[:, None]), LFAnalysis(votes).lf_summary(gold))


def test_items_whose_gold_is_unknown_are_no_mistakes():
    votes = np.array([[0], [0], [1], [-1]])
    summary = LFAnalysis(votes).lf_summary(np.array([0, -1, -1, -1]))
    assert summary[["Correct", "Incorrect", "Emp. Acc."]].to_numpy().tolist() == [[1, 0, 1.0]]
    assert LFAnalysis(votes).lf_empirical_probs(np.array([0, -1, 1, 1]), 2)[0].tolist() == [
        [0, 0.5],
        [1, 0],
        [0, 0.5],
    ]


def test_a_label_that_no_gold_has_gives_no_probabilities():
    assert np.isnan(LFAnalysis(np.array([[0]])).lf_empirical_probs(np.array([0]), 2)[0, :, 1]).all()


def test_an_analysis_knows_the_matrix_that_it_was_given_even_if_that_changes():
    votes = np.array([[0, 0], [1, -1]])
    analysis = LFAnalysis(votes)
    votes[:] = -1
    assert analysis.lf_coverages().tolist() == [1.0, 0.5]


@pytest.mark.parametrize("most", [1, 126, 127, 300, 40_000])
def test_labels_of_any_size_are_counted(most):
    votes = np.array([[0, most], [most, most], [-1, most - 1]])
    analysis = LFAnalysis(votes)
    assert analysis.lf_polarities() == [[0, most], [most - 1, most]]
    assert analysis.lf_conflicts().tolist() == [1 / 3, 1 / 3]
    assert analysis.lf_empirical_accuracies(np.array([0, most, most])).tolist() == [1.0, 1 / 3]


def test_matrices_longer_than_a_block_are_counted_whole():
    votes = np.random.default_rng(0).integers(-1, 3, (40_000, 3))
    analysis = LFAnalysis(votes)
    np.testing.assert_allclose(analysis.lf_coverages(), (votes >= 0).mean(axis=0))
    assert analysis.label_coverage() == (votes >= 0).any(axis=1).mean()
    several = (votes >= 0).sum(axis=1) > 1
    np.testing.assert_allclose(analysis.lf_overlaps(), ((votes >= 0) & several[:, None]).mean(axis=0))


def test_an_analysis_of_no_items_is_all_zeros():
    summary = LFAnalysis(np.zeros((0, 2), np.int64)).lf_summary(np.zeros(0, np.int64))
    assert summary.drop(columns="Polarity").to_numpy().sum() == 0


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        ([[0, None]], "row 0, column 1: None is no whole number"),
        ([[0, 1], [0.9, 0]], "row 1, column 0: 0.9 is no whole number"),
        ([[0, np.nan]], "row 0, column 1: nan is no whole number"),
        ([[0, -2]], "row 0, column 1: -2 lies outside"),
        ([["a", "b"]], "not whole numbers"),
        ([0, 1], "dimension"),
    ],
)
def test_a_cell_that_is_no_label_is_refused_with_its_place(votes, said):
    for kind in (LabelMatrixError, VoteError, ValueError):
        with pytest.raises(kind, match=said):
            LFAnalysis(votes)


def test_the_analysis_refuses_what_does_not_fit():
    analysis = LFAnalysis(np.array([[0, 1], [1, 1]]))
    with pytest.raises(ValueError, match="Number of LFs"):
        LFAnalysis(np.array([[0, 1]]), [breaks])
    for wrong in (np.array([0]), np.array([0.5, 1]), np.zeros((2, 2), int)):
        with pytest.raises(LabelMatrixError):
            analysis.lf_summary(wrong)
    with pytest.raises(LabelMatrixError, match="est_weights"):
        analysis.lf_summary(est_weights=[0.5])
    with pytest.raises(LabelMatrixError, match="row 0, column 1"):
        analysis.lf_empirical_probs(np.array([0, 0]), 1)


# Unlabelled items


def test_items_without_votes_are_filtered_out():
    items, probabilities = filter_unlabeled_dataframe(FRAME, np.eye(4), np.array([[0], [-1], [1], [-1]]))
    assert items.stars.tolist() == [1, 5]
    assert probabilities.tolist() == np.eye(4)[[0, 2]].tolist()
    with pytest.raises(ValueError, match="rows"):
        filter_unlabeled_dataframe(FRAME, np.eye(3), np.array([[0], [-1], [1], [-1]]))


def test_a_frame_without_columns_has_as_many_rows_as_it_has():
    assert PandasLFApplier([labeling_function()(lambda _: 1)]).apply(pd.DataFrame(index=range(5))).shape == (5, 1)


# What is given in another form


def test_a_sparse_matrix_is_refused_with_what_it_would_mean():
    sparse = pytest.importorskip("scipy.sparse")
    for make in (sparse.csr_matrix, sparse.coo_array, sparse.lil_matrix):
        with pytest.raises(LabelMatrixError, match=r"sparse matrix(.|\n)*toarray"):
            LFAnalysis(make(np.array([[0, 1]])))


def test_series_are_gold_but_no_table_of_votes():
    votes = np.array([[0, 1], [1, -1]])
    gold = pd.Series([0, 1], index=[5, 2])
    assert LFAnalysis(pd.DataFrame(votes), [breaks, asks]).lf_summary(gold)["Correct"].tolist() == [2, 0]
    with pytest.raises(LabelMatrixError, match="to_frame"):
        LFAnalysis(pd.Series([0, 1]))


def test_an_analysis_takes_plain_functions_for_their_names():
    def is_big(x):
        return x

    assert LFAnalysis(np.array([[0, 1]]), [is_big, breaks]).lf_summary().index.tolist() == ["is_big", "breaks"]
    with pytest.raises(LabelingFunctionValueError, match="no labeling function"):
        LFAnalysis(np.array([[0]]), [3])


def test_a_frame_is_no_list_and_a_series_no_frame():
    with pytest.raises(DataPointsError, match="PandasLFApplier"):
        LFApplier([breaks]).apply(FRAME)
    for data in (FRAME.body, [1], FRAME.to_numpy()):
        with pytest.raises(DataPointsError, match="takes a frame of pandas"):
            PandasLFApplier([breaks]).apply(data)
    assert LFApplier([LabelingFunction("short", lambda x: int(len(x) < 3))]).apply(FRAME.body).tolist() == [
        [0],
        [0],
        [1],
        [0],
    ]


@pytest.mark.parametrize("reads", [lambda x: x.boddy, lambda x: x["boddy"]])
def test_a_column_that_is_not_there_is_named_with_those_that_are(reads):
    with pytest.raises((AttributeError, KeyError)) as caught:
        PandasLFApplier([LabelingFunction("reads", reads)]).apply(FRAME, progress_bar=False)
    note = caught.value.__notes__[0]
    assert "There is no column 'boddy'. Did you mean 'body'? The row has: body, stars." in note
