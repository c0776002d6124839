"""Explanations: terms that add up to the log-odds of the posterior, and what each voter is worth."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.analysis.explanations import explain, learned, without_each, without_each_vote
from retrolabel.analysis.scores import LEAST
from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.dawid_skene import DawidSkene
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.weighted_vote import WeightedVote
from retrolabel.votes import VoteMatrix


def random_votes(seed, *, n=40, m=5, k=3):
    """Return votes for labels and sets of labels; some items have none."""
    rng = np.random.default_rng(seed)
    cells = [None, None, *range(k), *([{0, 1}, {k - 2, k - 1}] if k > 2 else [])]
    rows = [[cells[cell] for cell in row] for row in rng.integers(0, len(cells), (n, m)).tolist()]
    rows[:3] = [[None] * m] * 3
    return VoteMatrix.from_sets(rows, labels=k), rng.integers(-1, k, n)


def assert_adds_up(fitted, votes):
    probabilities = fitted.predict_proba(votes)
    for row in range(len(votes)):
        logs = np.log(probabilities[row])
        found = explain(fitted, votes, row)
        total = found[list(votes.labels)].sum().to_numpy()
        assert total == pytest.approx(logs - logs.mean(), abs=1e-9)


# One item


@pytest.mark.parametrize("k", [2, 3, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_terms_of_every_item_add_up_to_its_log_odds(k, seed):
    votes, _ = random_votes(seed, k=k)
    assert_adds_up(LabelModel().fit(votes), votes)


@pytest.mark.parametrize("k", [2, 3, 5])
@pytest.mark.parametrize("seed", [0, 1])
def test_with_gold_temperature_and_silence_the_terms_add_up_too(k, seed):
    votes, gold = random_votes(seed, k=k)
    fitted = LabelModel().fit(votes, gold)
    assert fitted.silence > 0
    assert fitted.degrees != 1.0
    assert_adds_up(fitted, votes)


@pytest.mark.parametrize("with_gold", [False, True])
@pytest.mark.parametrize(
    "settings",
    [
        {"dependence": {f"lf_{j}": 0.2 * j for j in range(5)}},
        {"class_prior": [0.7, 0.2, 0.1]},
        {"ranks": [0, 1, 4]},
        {"max_iter": 0, "dependence": False},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_with_weights_prior_and_ranks_the_terms_add_up_too(settings, with_gold):
    votes, gold = random_votes(2)
    assert_adds_up(LabelModel(**settings).fit(votes, gold if with_gold else None), votes)


def test_terms_of_votes_that_were_never_seen_add_up_too():
    votes, _ = random_votes(3)
    part = VoteMatrix.from_ints([[0, 1, -1, -1, 0], [1, -1, 1, -1, 0]], labels=3)
    for fitted in (LabelModel().fit(part), LabelModel().fit(part, np.array([0, 1]))):
        assert_adds_up(fitted, votes)


def test_terms_of_patterns_are_those_of_their_items():
    votes, gold = random_votes(4)
    fitted, patterns = LabelModel().fit(votes, gold), votes.patterns()
    for row in range(len(votes)):
        one, other = fitted.evidence(votes, row), fitted.evidence(patterns, int(patterns.inverse[row]))
        assert one.keys() == other.keys()
        assert all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("name", ["prior", "(all)", "silence", "vote"])
def test_a_voter_that_is_called_like_a_term_is_told_from_it(name):
    votes = VoteMatrix.from_ints([[0, 1, 1], [1, 1, -1], [0, 0, 0]] * 20, labels=2, voters=["a", name, "b"])
    gold = np.array([0, 1, 0] * 20)
    fitted = LabelModel(class_prior=[0.8, 0.2], dependence=False).fit(votes, gold)
    assert_adds_up(fitted, votes)


@pytest.mark.parametrize("name", ["vote", "term"])
def test_a_label_that_is_called_like_a_column_is_told_from_it(name):
    votes = VoteMatrix.from_ints([[0, 1, 1], [1, 1, -1], [0, 0, 0]], labels=["a", name])
    found = explain(LabelModel().fit(votes), votes, 0)
    assert found.columns.tolist() == ["a", name]
    assert_adds_up(LabelModel().fit(votes), votes)


def test_an_item_without_votes_has_its_prior_and_nothing_else():
    votes, gold = random_votes(0)
    fitted = LabelModel().fit(votes, gold)
    found = explain(fitted, votes, 0)
    assert found.index.tolist() == [("(prior)", "")]
    alone = np.log(fitted.unvoted)
    assert found.iloc[0].to_numpy() == pytest.approx(alone - alone.mean())
    assert fitted.predict_proba(votes)[0] == pytest.approx(fitted.unvoted)


def test_rows_are_the_prior_then_the_voters_that_voted_the_strongest_first_then_silence():
    votes, gold = random_votes(0)
    fitted = LabelModel().fit(votes, gold)
    row = int(np.flatnonzero((votes.codes > 0).sum(axis=1) == 3)[0])
    found = explain(fitted, votes, row)
    voted = {votes.voters[j] for j in np.flatnonzero(votes.codes[row])}
    terms = found.index.get_level_values("term").tolist()
    assert (terms[0], set(terms[1:-1]), terms[-1]) == ("(prior)", voted, "(silence)")
    spans = np.ptp(found.iloc[1:-1].to_numpy(), axis=1)
    assert spans.tolist() == sorted(spans.tolist(), reverse=True)


def test_what_was_voted_is_told_by_its_labels():
    votes = VoteMatrix.from_sets([[0, {0, 2}, None], [1, 2, 2]], labels=["a", "b", "c"], voters=["x", "y", "z"])
    found = explain(LabelModel().fit(votes), votes, 0)
    assert found.columns.tolist() == ["a", "b", "c"]
    assert found.index.names == ["term", "vote"]
    assert set(found.index) == {("(prior)", ""), ("x", "a"), ("y", "a|c")}


def test_before_learning_a_vote_is_worth_the_log_odds_of_the_base_precision():
    votes = VoteMatrix.from_ints([[0, -1], [1, 1]], labels=2, voters=["f", "g"])
    found = explain(LabelModel(max_iter=0, dependence=False).fit(votes), votes, 0)
    by_term = found.droplevel("vote")
    assert by_term.loc["f", "0"] - by_term.loc["f", "1"] == pytest.approx(np.log(3))
    assert by_term.loc["(prior)"].tolist() == pytest.approx([0, 0])


def test_a_voter_that_counts_half_moves_the_item_half_as_far():
    votes = VoteMatrix.from_ints([[0, 0], [1, 1]], labels=2, voters=["f", "g"])
    found = explain(LabelModel(max_iter=0, dependence={"f": 0.5, "g": 1}).fit(votes), votes, 0)
    by_term = found.droplevel("vote")
    assert by_term.index.tolist() == ["(prior)", "g", "f"]
    assert by_term.loc["f", "0"] == pytest.approx(by_term.loc["g", "0"] / 2)


# What was learned


def test_learned_has_a_row_for_each_voter_and_label_set_that_it_voted():
    votes = VoteMatrix.from_sets([[0, {0, 2}], [0, 1], [None, 1]], labels=["a", "b", "c"], voters=["x", "y"])
    fitted = LabelModel().fit(votes)
    found = learned(fitted, votes)
    assert found["votes"].to_dict() == {("x", "a"): 2, ("y", "b"): 2, ("y", "a|c"): 1}
    assert found.loc[("y", "a|c"), "precision"] == pytest.approx(fitted.precisions["y", (0, 2)])
    assert found["weight"].tolist() == [1, 1, 1]
    assert found["repeats"].tolist() == ["", "", ""]


def test_the_interval_of_a_precision_holds_it_and_narrows_with_votes():
    rng = np.random.default_rng(0)
    rows = np.where(rng.random((800, 3)) < [0.9, 0.5, 0.05], rng.integers(0, 2, (800, 3)), -1)
    votes = VoteMatrix.from_ints(rows, labels=2)
    found = learned(LabelModel().fit(votes), votes)
    assert ((found["low"] < found["precision"]) & (found["precision"] < found["high"])).all()
    assert found[["low", "high"]].stack().between(0, 1).all()
    width = (found["high"] - found["low"]).groupby("lf").mean()
    assert width["lf_0"] < width["lf_1"] < width["lf_2"]


def test_learned_names_those_that_a_voter_repeats():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 3_000)
    ints = np.where(rng.random((3_000, 12)) < 0.7, truth[:, None], 1 - truth[:, None])
    votes = VoteMatrix.from_ints(np.column_stack([ints, ints[:, 0]]), labels=2)
    found = learned(LabelModel().fit(votes), votes)
    assert found.loc[("lf_0", "0"), "repeats"] == "lf_12"
    assert found.loc[("lf_12", "1"), "repeats"] == "lf_0"
    assert found.loc[("lf_0", "0"), "weight"] < 0.7
    assert found.loc[("lf_1", "0"), "repeats"] == ""


def test_learned_on_other_votes_counts_those():
    fitted = LabelModel().fit(VoteMatrix.from_sets([[{0, 1}], [2]], labels=3))
    found = learned(fitted, VoteMatrix.from_ints([[2], [2], [0]], labels=3))
    assert found["votes"].to_dict() == {("lf_0", "2"): 2, ("lf_0", "0|1"): 0}


def test_votes_that_stand_alone_say_nothing_of_a_precision():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 900)
    rows = np.where(rng.random((900, 3)) < 0.8, truth[:, None], 1 - truth[:, None])
    rows[:300, 1:], rows[300:, 0] = -1, -1  # the first stands alone on all its items
    rows[300:600, 2] = -1
    votes = VoteMatrix.from_ints(rows, labels=["a", "b"], voters=["alone", "often", "beside"])
    for given in (votes, votes.patterns()):
        found = learned(LabelModel().fit(votes), given)
        assert found["beside"].groupby("lf").sum().to_dict() == {"alone": 0, "often": 300, "beside": 300}
        assert found.loc["alone", ["low", "high"]].isna().all(axis=None)
        assert np.isfinite(found["precision"]).all()
        width = (found["high"] - found["low"]).groupby("lf").mean()
        assert width["often"] == pytest.approx(width["beside"], rel=0.1)  # half of its votes say nothing of it


def test_a_copy_stands_beside_nothing():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 3_000)
    ints = np.where(rng.random((3_000, 12)) < 0.7, truth[:, None], 1 - truth[:, None])
    rows = np.column_stack([ints, ints[:, 0]])
    rows[:1_000, 1:12] = -1
    votes = VoteMatrix.from_ints(rows, labels=2)
    found = learned(LabelModel().fit(votes), votes)
    assert found.loc[("lf_0", "0"), "repeats"] == "lf_12"
    assert found.loc["lf_0", "votes"].sum() == 3_000
    assert found.loc["lf_0", "beside"].sum() == 2_000


def test_without_votes_nothing_is_learned():
    votes = VoteMatrix.from_ints([[-1, -1]] * 3, labels=2)
    found = learned(LabelModel().fit(votes), votes)
    assert len(found) == 0
    assert found.columns.tolist() == ["votes", "beside", "precision", "low", "high", "weight", "repeats"]


# Without each


def test_without_each_gives_the_score_that_is_left():
    votes = VoteMatrix.from_ints([[0, 0, 1], [1, -1, -1], [-1, 1, 0], [-1, -1, -1]], labels=2, voters=["f", "g", "h"])
    truth = np.array([0, 1, 1, 0])
    found = without_each(MajorityVote(), votes, truth)
    assert found.index.tolist() == ["(all)", "f", "g", "h"]
    # All: right, right, a tie. Without f: a tie, uncovered, a tie. Without g: a tie, right, wrong. Without h: right.
    assert found["accuracy"].tolist() == pytest.approx([2 / 3, 0, 1 / 3, 1])
    assert found["change"].tolist() == pytest.approx([0, -2 / 3, -1 / 3, 1 / 3])
    assert found["covered"].tolist() == [3, 2, 3, 3]


def test_without_a_harmful_voter_the_score_rises():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 1_000)
    right = rng.random((1_000, 4)) < [0.8, 0.8, 0.8, 0.1]
    votes = VoteMatrix.from_ints(np.where(right, truth[:, None], 1 - truth[:, None]), labels=2)
    found = without_each(MajorityVote(), votes, truth)
    assert found["change"].idxmax() == "lf_3"
    assert found.loc["lf_3", "change"] > 0


def test_gold_that_is_fitted_is_not_scored():
    votes, gold = random_votes(5, n=80)
    truth = np.where(gold >= 0, gold, 0)
    fitted_on = np.where(np.arange(80) < 40, gold, -1)
    found = without_each(LabelModel(), votes, truth, fitted_on)
    assert found.loc["(all)", "covered"] == (votes.covered & (fitted_on < 0)).sum()


@pytest.mark.parametrize("model", [LabelModel(), MajorityVote(), AutoLabelModel()], ids=lambda model: model.name)
def test_without_the_only_voter_nothing_is_right(model):
    votes = VoteMatrix.from_ints([[0], [1]], labels=2, voters=["f"])
    found = without_each(model, votes, np.array([0, 1]))
    assert found["accuracy"].tolist() == [1.0, 0.0]
    assert found["covered"].tolist() == [2, 0]


def test_without_each_takes_a_model_with_given_weights():
    votes, _ = random_votes(6)
    model = LabelModel(dependence=dict.fromkeys(votes.voters, 0.5))
    found = without_each(model, votes, np.zeros(len(votes), int))
    assert len(found) == 6


def test_the_votes_are_not_changed():
    votes, gold = random_votes(7)
    codes = votes.codes.copy()
    fitted = LabelModel().fit(votes, gold)
    explain(fitted, votes, 5)
    learned(fitted, votes)
    without_each(LabelModel(), votes, gold)
    assert np.array_equal(votes.codes, codes)


# Other label models, and without each vote


@pytest.mark.parametrize("model", [WeightedVote(), DawidSkene(), AutoLabelModel()], ids=lambda model: model.name)
def test_the_terms_of_other_models_add_up_too(model):
    votes, gold = random_votes(8)
    fitted = model.fit(votes, gold)
    probabilities = fitted.predict_proba(votes)
    for row in range(30):
        total = explain(fitted, votes, row).sum().to_numpy()
        posterior = np.exp(total - total.max())
        assert posterior / posterior.sum() == pytest.approx(probabilities[row], abs=1e-9)


def test_the_terms_of_a_model_that_holds_a_label_to_be_impossible_without_votes_are_finite():
    class Sure:
        """What votes decide alone, and the first label where there are none."""

        def predict_proba(self, votes):
            return np.where(votes.covered[:, None], [[0.4, 0.6]], [[1.0, 0.0]])

    found = explain(Sure(), VoteMatrix.from_ints([[1, -1]], labels=2), 0)
    assert np.isfinite(found.to_numpy()).all()
    assert found.droplevel("vote").loc["(prior)"].tolist() == pytest.approx([-np.log(LEAST) / 2, np.log(LEAST) / 2])


def test_of_majority_vote_a_term_is_what_the_vote_changes():
    votes = VoteMatrix.from_ints([[0, 0, 1]], labels=["a", "b"], voters=["f", "g", "h"])
    found = explain(MajorityVote(smoothing=1.0).fit(votes), votes, 0).droplevel("vote")
    assert found.loc["f", "a"] > 0 > found.loc["h", "a"]
    assert found.loc["(prior)"].tolist() == [0, 0]


def test_without_a_vote_the_item_is_judged_as_if_its_voter_had_abstained():
    votes, gold = random_votes(9)
    fitted = LabelModel().fit(votes, gold)
    row = int(np.flatnonzero((votes.codes > 0).sum(axis=1) == 3)[0])
    found = without_each_vote(fitted, votes, row)
    voted = np.flatnonzero(votes.codes[row])
    assert found.index.tolist() == ["(all)", *(votes.voters[place] for place in voted)]
    assert found.loc["(all)"].tolist() == fitted.predict_proba(votes)[row].tolist()
    codes = votes.codes[[row]].copy()
    codes[0, voted[1]] = 0
    other = VoteMatrix(codes, votes.labels, votes.symbols, votes.voters)
    assert found.iloc[2].tolist() == fitted.predict_proba(other)[0].tolist()


def test_without_each_vote_of_an_item_without_votes_there_is_the_item_alone():
    votes = VoteMatrix.from_ints([[-1, -1], [0, 1]], labels=2)
    found = without_each_vote(LabelModel().fit(votes), votes, 0)
    assert found.index.tolist() == ["(all)"]


def test_learned_of_patterns_is_that_of_their_items():
    votes, gold = random_votes(10)
    fitted = LabelModel().fit(votes, gold)
    assert learned(fitted, votes).equals(learned(fitted, votes.patterns()))
