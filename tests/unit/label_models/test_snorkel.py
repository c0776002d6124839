"""Snorkel's LabelModel behind our protocol: repeatable, and it leaves the world as it was."""

from __future__ import annotations

import json
import random
import sys

import numpy as np
import pytest

from retrolabel.errors import MissingExtraError, VoteError
from retrolabel.label_models.snorkel import SnorkelLabelModel
from retrolabel.votes import VoteMatrix


def planted(seed=0, *, n=400, k=3, lfs=5, accuracy=0.8, coverage=0.7):
    """Return votes of independent LFs on items, of which the last five get none, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    right = rng.random((n, lfs)) < accuracy
    votes = np.where(right, truth[:, None], (truth[:, None] + rng.integers(1, k, (n, lfs))) % k)
    votes[rng.random((n, lfs)) > coverage] = -1
    votes[-5:] = -1
    return VoteMatrix.from_ints(votes, labels=k), truth


# Without Snorkel


@pytest.mark.parametrize("blocked", ["snorkel", "snorkel.labeling", "snorkel.labeling.model"])
def test_without_snorkel_the_error_names_the_extra(monkeypatch, blocked):
    for name in [name for name in sys.modules if name.startswith(blocked)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, blocked, None)
    with pytest.raises(MissingExtraError) as caught:
        SnorkelLabelModel().fit(planted()[0])
    assert (caught.value.package, caught.value.extra) == ("snorkel", "snorkel")
    assert 'pip install "retrolabel[snorkel]"' in str(caught.value)


def test_settings_are_plain_data_and_can_be_told_without_snorkel(monkeypatch):
    monkeypatch.setitem(sys.modules, "snorkel", None)
    told = json.loads(json.dumps(SnorkelLabelModel(n_epochs=7, seed=3).settings()))
    assert (told["name"], told["n_epochs"], told["lr"], told["seed"]) == ("snorkel", 7, 0.01, 3)
    assert {"snorkel", "torch"} <= set(told)


# With Snorkel


@pytest.fixture(scope="module")
def snorkel():
    return pytest.importorskip("snorkel.labeling.model")


@pytest.fixture(scope="module")
def votes():
    return planted()[0]


@pytest.fixture(scope="module")
def fitted(snorkel, votes):
    return SnorkelLabelModel().fit(votes)


def test_its_labels_are_better_than_any_single_voter_on_independent_votes(fitted):
    votes, truth = planted()
    found = fitted.predict_proba(votes)
    ints = votes.to_ints()
    alone = [(ints[:, lf] == truth)[ints[:, lf] >= 0].mean() for lf in range(5)]
    assert (found.argmax(axis=1) == truth)[votes.covered].mean() > max(alone)
    assert np.allclose(found.sum(axis=1), 1, rtol=0, atol=1e-12)


def test_covered_items_get_what_snorkel_itself_gives(snorkel, fitted, votes):
    ints = votes.to_ints()
    plain = snorkel.LabelModel(cardinality=3, verbose=False)
    plain.fit(ints[votes.covered], n_epochs=100, lr=0.01, seed=0, progress_bar=False)
    expected = plain.predict_proba(ints[votes.covered])
    assert np.allclose(fitted.predict_proba(votes)[votes.covered], expected, rtol=0, atol=1e-9)


def test_items_without_votes_get_the_uniform_distribution(fitted, votes):
    assert (~votes.covered).sum() >= 5
    assert np.allclose(fitted.predict_proba(votes)[~votes.covered], 1 / 3, rtol=0, atol=1e-12)


def test_where_no_item_has_a_vote_all_are_uniform(fitted, votes):
    nothing = VoteMatrix.from_ints(np.full((4, 5), -1), labels=3)
    assert fitted.predict_proba(nothing) == pytest.approx(np.full((4, 3), 1 / 3))
    assert fitted.predict_proba(VoteMatrix.from_ints(np.zeros((0, 5)), labels=3)).shape == (0, 3)


def test_a_vote_for_a_set_abstains(fitted):
    with_sets = VoteMatrix.from_sets([[{0, 1}, None, None, {1, 2}, None], [{0, 1}, 2, None, 2, None]], labels=3)
    without = VoteMatrix.from_sets([[None] * 5, [None, 2, None, 2, None]], labels=3)
    assert np.array_equal(fitted.predict_proba(with_sets), fitted.predict_proba(without))


def test_the_random_generators_of_others_stay_where_they_were(snorkel, votes):
    torch = pytest.importorskip("torch")

    def drawn():
        return random.random(), float(np.random.random()), float(torch.rand(1))  # noqa: NPY002, S311

    def seed():
        random.seed(5)
        np.random.seed(6)  # noqa: NPY002
        torch.manual_seed(7)

    seed()
    expected = [drawn(), drawn()]
    seed()
    first = drawn()
    fitted = SnorkelLabelModel(n_epochs=5).fit(votes)
    fitted.predict_proba(votes)
    assert [first, drawn()] == expected


def test_the_random_generators_stay_where_they_were_though_fitting_fails(snorkel, votes):
    random.seed(5)
    expected = random.getstate()
    with pytest.raises(ValueError, match=r"lr|learning rate"):
        SnorkelLabelModel(lr=-1.0).fit(votes)
    assert random.getstate() == expected


def test_the_same_votes_and_seed_give_the_same_probabilities_whatever_was_drawn_before(fitted, votes):
    random.seed(99)
    np.random.seed(98)  # noqa: NPY002
    again = SnorkelLabelModel().fit(votes)
    assert np.array_equal(again.predict_proba(votes), fitted.predict_proba(votes))


@pytest.mark.parametrize("lfs", [0, 1, 2])
def test_fewer_than_three_labeling_functions_are_refused(snorkel, lfs):
    with pytest.raises(VoteError, match=f"needs three labeling functions, got {lfs}"):
        SnorkelLabelModel().fit(VoteMatrix.from_ints(np.zeros((4, lfs)), labels=2))


@pytest.mark.parametrize("cell", [None, {0, 1}])
def test_votes_without_a_single_label_are_refused(snorkel, cell):
    with pytest.raises(VoteError, match="needs at least one vote for a single label"):
        SnorkelLabelModel().fit(VoteMatrix.from_sets([[cell] * 3] * 4, labels=3))


def test_gold_gives_the_class_balance(snorkel, votes):
    gold = np.full(len(votes), -1)
    gold[:10] = [0, 0, 0, 0, 0, 0, 0, 1, 1, 2]
    model = SnorkelLabelModel(n_epochs=5)
    assert model.uses_gold
    with_gold, without = model.fit(votes, gold), model.fit(votes)
    assert with_gold.model.p.tolist() == pytest.approx([8 / 13, 3 / 13, 2 / 13])
    assert without.model.p.tolist() == pytest.approx([1 / 3] * 3)


def test_gold_that_does_not_fit_is_refused(snorkel, votes):
    with pytest.raises(VoteError, match="Gold has the shape"):
        SnorkelLabelModel(n_epochs=1).fit(votes, np.array([0, 1]))


def test_patterns_and_items_give_the_same_model(snorkel, fitted, votes):
    patterns = votes.patterns()
    by_patterns = SnorkelLabelModel().fit(patterns)
    found = by_patterns.predict_proba(patterns)[patterns.inverse]
    assert np.allclose(found, fitted.predict_proba(votes), rtol=0, atol=1e-4)  # single precision, another order
    assert np.array_equal(fitted.predict_proba(patterns)[patterns.inverse], fitted.predict_proba(votes))


def test_the_votes_are_not_changed(snorkel, votes):
    codes = votes.codes.copy()
    SnorkelLabelModel(n_epochs=2).fit(votes).predict_proba(votes)
    assert np.array_equal(votes.codes, codes)


def test_votes_over_other_labels_or_by_other_voters_are_refused(fitted):
    with pytest.raises(VoteError, match="the model was fitted on 0, 1, 2"):
        fitted.predict_proba(VoteMatrix.from_ints([[0] * 5], labels=4))
    with pytest.raises(VoteError, match="by other voters"):
        fitted.predict_proba(VoteMatrix.from_ints([[0] * 4], labels=3))


def test_its_parameters_are_a_weight_for_each_labeling_function(fitted, votes):
    told = json.loads(json.dumps(fitted.parameters()))
    assert list(told) == ["weights"]
    assert list(told["weights"]) == list(votes.voters)
    assert all(0 < weight <= 1 for weight in told["weights"].values())
