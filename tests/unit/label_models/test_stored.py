"""A fitted model that was written as JSON says the same to the bit."""

from __future__ import annotations

import json

import numpy as np
import pytest

from retrolabel.errors import StoreError
from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.dawid_skene import DawidSkene
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.stored import from_parameters
from retrolabel.label_models.weighted_vote import WeightedVote
from retrolabel.votes import VoteMatrix

MODELS = [
    LabelModel(),
    LabelModel(dependence=False, base_precision=0.8, shrinkage=0.2),
    LabelModel(max_iter=0),
    LabelModel(class_prior=[0.2, 0.5, 0.3]),
    LabelModel(ranks=[1, 2, 4]),
    WeightedVote(),
    DawidSkene(),
    MajorityVote(),
    MajorityVote(smoothing=1.0),
    AutoLabelModel(),
    AutoLabelModel(candidates=(MajorityVote(smoothing=0.5), WeightedVote())),
]


def random_votes(seed, n=300, m=6):
    """Return votes for sets, in columns whose order is not that of their names, two of which repeat each other."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, n)
    rows = [
        [
            None
            if random.random() < 0.4
            else {int(y), 2}
            if lf == 1
            else int(y if random.random() < 0.7 else (y + 1) % 3)
            for lf in range(m)
        ]
        for y in truth
    ]
    rows = [[*row, row[0]] for row in rows]
    voters = [f"z{m - lf}" for lf in range(m)] + ["a"]
    gold = np.where(random.random(n) < 0.4, truth, -1)
    return VoteMatrix.from_sets(rows, labels=["x", "b", "a"], voters=voters), gold


def again(model, fitted, votes):
    """Return the model as it comes back from JSON whose keys were sorted, as a label set's are."""
    settings = json.loads(json.dumps(model.settings(), sort_keys=True))
    parameters = json.loads(json.dumps(fitted.parameters(), sort_keys=True))
    return from_parameters(settings, parameters, labels=votes.labels, voters=votes.voters)


@pytest.mark.parametrize("with_gold", [False, True])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_a_model_comes_back_to_the_bit(model, seed, with_gold):
    votes, gold = random_votes(seed)
    fitted = model.fit(votes, gold if with_gold else None)
    stored = again(model, fitted, votes)
    assert np.array_equal(stored.predict_proba(votes), fitted.predict_proba(votes))
    assert stored.labels == fitted.labels
    assert json.dumps(stored.parameters(), sort_keys=True) == json.dumps(fitted.parameters(), sort_keys=True)


@pytest.mark.parametrize("with_gold", [False, True])
def test_votes_that_were_never_seen_are_judged_alike(with_gold):
    votes, gold = random_votes(0)
    other = VoteMatrix.from_sets(
        [[{0, 1}, 0, None, 2, None, 1, {1, 2}], [None] * 7], labels=votes.labels, voters=votes.voters
    )
    for model in MODELS:
        fitted = model.fit(votes, gold if with_gold else None)
        assert np.array_equal(again(model, fitted, votes).predict_proba(other), fitted.predict_proba(other)), model


def test_a_model_comes_back_with_its_evidence():
    votes, gold = random_votes(1)
    fitted = LabelModel().fit(votes, gold)
    stored = again(LabelModel(), fitted, votes)
    for row in range(20):
        one, other = fitted.evidence(votes, row), stored.evidence(votes, row)
        assert list(one) == list(other)
        assert all(np.array_equal(one[name], other[name]) for name in one)


def test_snorkels_model_is_not_kept_whole():
    with pytest.raises(StoreError, match="'snorkel' learned is not kept whole") as caught:
        from_parameters({"name": "snorkel"}, {"weights": {"a": 1.0}}, labels=("x", "y"), voters=("a",))
    assert "label_model" in caught.value.remedy


def test_parameters_of_another_form_are_said_so():
    votes, _ = random_votes(0)
    with pytest.raises(StoreError, match="stored in another form"):
        from_parameters(LabelModel().settings(), {"prior": {}}, labels=votes.labels, voters=votes.voters)


@pytest.mark.parametrize("with_gold", [False, True])
def test_what_was_stored_before_silence_was_says_the_same(with_gold):
    votes, gold = random_votes(5)
    fitted = LabelModel().fit(votes, gold if with_gold else None)
    parameters = {name: value for name, value in fitted.parameters().items() if name != "silence"}
    before = from_parameters(LabelModel().settings(), parameters, labels=votes.labels, voters=votes.voters)
    assert (before.silence > 0) is with_gold
    assert np.array_equal(before.predict_proba(votes), fitted.predict_proba(votes))
