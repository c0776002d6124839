"""What each labeling function does, counted as Snorkel counts it, and over sets of labels."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest

from retrolabel.analysis.lf_summary import lf_summary
from retrolabel.errors import VoteError
from retrolabel.votes import VoteMatrix

# SciPy 1.17 warns inside of LFAnalysis.lf_conflicts, which calls sparse.diags on integers.
in_snorkel = pytest.mark.filterwarnings("ignore:Input has data type int64, but the output:FutureWarning")


@pytest.fixture(params=range(8))
def ints(request):
    """Return a random matrix in Snorkel's coding, its k, and gold."""
    rng = np.random.default_rng(request.param)
    k, m, n = int(rng.integers(2, 6)), int(rng.integers(1, 8)), int(rng.integers(1, 120))
    votes = np.where(rng.random((n, m)) < 0.5, rng.integers(0, k, (n, m)), -1)
    return votes, k, rng.integers(0, k, n)


@in_snorkel
@pytest.mark.parametrize("figure", ["coverage", "overlaps", "conflicts"])
def test_shares_are_those_of_snorkel(ints, figure):
    snorkel = pytest.importorskip("snorkel.labeling")
    votes, k, _ = ints
    expected = snorkel.LFAnalysis(votes).lf_summary()
    found = lf_summary(VoteMatrix.from_ints(votes, labels=k))
    assert found[figure].to_numpy() == pytest.approx(expected[figure.title()].to_numpy(), abs=1e-12)


@in_snorkel
def test_what_is_right_against_gold_is_what_snorkel_counts(ints):
    snorkel = pytest.importorskip("snorkel.labeling")
    votes, k, gold = ints
    expected = snorkel.LFAnalysis(votes).lf_summary(Y=gold)
    found = lf_summary(VoteMatrix.from_ints(votes, labels=k), gold)
    assert found["correct"].tolist() == expected["Correct"].tolist()
    assert found["incorrect"].tolist() == expected["Incorrect"].tolist()
    voting = found["coverage"].to_numpy() > 0
    assert found["precision"][voting].to_numpy() == pytest.approx(expected["Emp. Acc."][voting].to_numpy(), abs=1e-12)
    assert found["precision"][~voting].isna().all()


def test_the_labels_that_an_lf_voted_are_those_of_snorkels_polarity(ints):
    snorkel = pytest.importorskip("snorkel.labeling")
    votes, k, _ = ints
    found = lf_summary(VoteMatrix.from_ints(votes, labels=k))
    expected = [", ".join(map(str, polarity)) for polarity in snorkel.LFAnalysis(votes).lf_polarities()]
    assert found["votes"].tolist() == expected


def test_sets_conflict_only_where_they_share_no_label():
    votes = VoteMatrix.from_sets(
        [
            [{0, 1}, {1, 2}, None],  # 1 is left: no conflict
            [{0, 1}, 2, None],  # a conflict
            [{0, 1}, 0, 1],  # lf_1 and lf_2 conflict; lf_0 allows both
            [{0, 1, 2, 3}, 3, None],  # the full set abstains
        ],
        labels=4,
    )
    found = lf_summary(votes)
    assert found["coverage"].tolist() == [0.75, 1.0, 0.25]
    assert found["overlaps"].tolist() == [0.75, 0.75, 0.25]
    assert found["conflicts"].tolist() == [0.25, 0.5, 0.25]


def test_a_set_is_right_where_it_holds_the_gold_label():
    votes = VoteMatrix.from_sets([[{0, 1}], [{0, 1}], [{0, 1}], [2], [None]], labels=3)
    found = lf_summary(votes, np.array([0, 1, 2, 2, 0])).loc["lf_0"]
    assert (found["correct"], found["incorrect"], found["precision"]) == (3, 1, 0.75)


def test_items_without_gold_are_not_judged():
    votes = VoteMatrix.from_ints([[0, 1], [0, 1], [1, -1]], labels=2)
    found = lf_summary(votes, np.array([0, -1, 0]))
    assert found["correct"].tolist() == [1, 0]
    assert found["incorrect"].tolist() == [1, 1]
    assert found["precision"].tolist() == [0.5, 0.0]


def test_an_lf_of_which_no_vote_is_judged_has_no_precision():
    votes = VoteMatrix.from_ints([[0, -1], [1, 1]], labels=2)
    found = lf_summary(votes, np.array([0, -1]))
    assert found.loc["lf_0", "precision"] == 1.0
    assert math.isnan(found.loc["lf_1", "precision"])


def test_the_votes_of_an_lf_are_named_by_their_labels():
    votes = VoteMatrix.from_sets(
        [[{0, 2}, None], [1, None], [1, None]], labels=["bug", "feature", "question"], voters=["regex", "idle"]
    )
    found = lf_summary(votes)
    assert found.index.tolist() == ["regex", "idle"]
    assert found.index.name == "lf"
    assert found["votes"].tolist() == ["feature, bug|question", ""]


def test_without_gold_nothing_is_said_about_precision():
    votes = VoteMatrix.from_ints([[0]], labels=2)
    assert list(lf_summary(votes)) == ["votes", "coverage", "overlaps", "conflicts"]
    assert list(lf_summary(votes, np.array([0]))) == [
        "votes", "coverage", "overlaps", "conflicts", "correct", "incorrect", "precision",
    ]  # fmt: skip


def test_without_items_all_shares_are_zero():
    found = lf_summary(VoteMatrix.from_ints(np.zeros((0, 2)), labels=2), np.zeros(0, np.int64))
    assert found[["coverage", "overlaps", "conflicts"]].to_numpy().tolist() == [[0.0] * 3] * 2
    assert found["precision"].isna().all()


def test_without_lfs_there_are_no_rows():
    found = lf_summary(VoteMatrix.from_ints(np.zeros((3, 0)), labels=2))
    assert len(found) == 0
    assert list(found) == ["votes", "coverage", "overlaps", "conflicts"]


@pytest.mark.parametrize("gold", [np.zeros(3, np.int64), np.zeros((2, 1), np.int64), np.array([0, 2])])
def test_gold_that_does_not_fit_is_refused(gold):
    with pytest.raises(VoteError, match="Gold"):
        lf_summary(VoteMatrix.from_ints([[0], [1]], labels=2), gold)


def test_votes_on_many_items_take_little_memory_beyond_themselves():
    votes = VoteMatrix.from_ints(np.tile([[0, 1, -1, 1, 0, -1, -1, 1]], (200_000, 1)), labels=2)
    gold = np.zeros(200_000, np.int64)
    tracemalloc.start()
    lf_summary(votes, gold)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < votes.codes.nbytes


@pytest.mark.parametrize("sets", [63, 64, 65, 66, 127, 128, 129, 130])
def test_conflicts_are_those_of_the_sets_however_many_different_ones_there_are(sets):
    labels = sets + 2
    rows = [[{n, n + 1}, {n + 1, n + 2} if n % 3 else {(n + 5) % labels, (n + 6) % labels}] for n in range(sets)]
    votes = VoteMatrix.from_sets(rows, labels=labels, voters=["a", "b"])
    assert len(votes.symbols) > sets
    expected = sum(not one & other for one, other in rows) / sets
    assert expected > 0.3
    assert lf_summary(votes)["conflicts"].tolist() == [expected, expected]
    last = VoteMatrix.from_sets([[None, None]] * (sets - 1) + [[rows[-1][0], {0, 3}]], labels=labels, voters=["a", "b"])
    assert lf_summary(VoteMatrix.stack([votes, last]))["conflicts"].tolist() == [(expected * sets + 1) / (2 * sets)] * 2
