"""People who labelled under an old version cannot tell its children apart, and may be right more often than LFs."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.protocol import hard_labels
from retrolabel.votes import VoteMatrix

PEOPLE = ["ana", "bo", "cy"]


def after_a_split(seed, n=3_000):
    """Return votes of three people on {b1, b2} or good, of three LFs for b1 alone, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, n, p=[0.3, 0.3, 0.4])
    cells = []
    for _ in PEOPLE:
        bad = np.where(rng.random(n) < 0.85, truth < 2, truth == 2)
        cells.append(
            [({0, 1} if each else 2) if said else None for each, said in zip(bad, rng.random(n) < 0.8, strict=True)]
        )
    for _ in range(3):
        fires = rng.random(n) < np.where(truth == 0, 0.4, 0.03)
        cells.append([0 if each else None for each in fires])
    rows = list(zip(*cells, strict=True))
    return VoteMatrix.from_sets(rows, labels=["b1", "b2", "good"], voters=[*PEOPLE, "x", "y", "z"]), truth


def set_only(votes):
    return (votes.codes[:, :3] == len(votes.symbols)).any(axis=1) & (votes.codes[:, 3:] == 0).all(axis=1)


@pytest.mark.parametrize("with_gold", [False, True])
@pytest.mark.parametrize("seed", [0, 1])
def test_what_tied_people_say_is_as_frequent_given_one_child_as_given_the_other(seed, with_gold):
    votes, truth = after_a_split(seed)
    gold = np.where(np.arange(len(truth)) < 100, truth, -1) if with_gold else None
    fitted = LabelModel(tied=PEOPLE).fit(votes, gold)
    for (voter, _), theta in fitted.theta.items():
        assert (theta[0] == theta[1]) == (voter in PEOPLE)


@pytest.mark.parametrize("seed", [0, 1])
def test_items_of_which_only_the_old_label_is_known_get_no_arbitrary_child(seed):
    votes, _ = after_a_split(seed)
    only = set_only(votes)
    loose, tied = (LabelModel(tied=names).fit(votes).predict_proba(votes)[only] for names in ((), PEOPLE))
    assert np.ptp(loose[:, 0] - loose[:, 1]) > 1e-3
    assert np.allclose(tied[:, 0], tied[:, 1], rtol=1e-12)
    unlabelled = tied[:, :2].sum(axis=1) > 2 / 3
    assert (hard_labels(tied, np.ones(len(tied), bool))[unlabelled] == -1).all()


def test_with_a_prior_tied_children_keep_its_ratio():
    votes, _ = after_a_split(0)
    found = LabelModel(tied=PEOPLE, class_prior=[0.2, 0.4, 0.4]).fit(votes).predict_proba(votes)[set_only(votes)]
    assert np.allclose(found[:, 0] * 2, found[:, 1])


def test_people_may_start_at_another_precision_than_labeling_functions():
    votes = VoteMatrix.from_ints([[0, -1], [-1, 0]], labels=2, voters=["ana", "lf"])
    model = LabelModel(base_precision={"ana": 0.9}, max_iter=0, dependence=False)
    assert model.fit(votes).predict_proba(votes)[:, 0] == pytest.approx([0.9, 0.75])
    assert model.settings()["base_precision"] == {"ana": 0.9}


def test_ties_are_in_the_settings_and_the_order_of_their_names_changes_nothing():
    assert LabelModel(tied=["bo", "ana"]).settings()["tied"] == ["ana", "bo"]
    assert "tied" not in LabelModel().settings()


@pytest.mark.parametrize(
    "settings", [{"tied": ["nobody"]}, {"base_precision": {"nobody": 0.9}}, {"base_precision": {"ana": 0.3}}], ids=str
)
def test_unknown_voters_and_precisions_below_chance_are_refused(settings):
    votes, _ = after_a_split(0, n=20)
    with pytest.raises(VoteError):
        LabelModel(**settings).fit(votes)


@pytest.mark.parametrize("precision", [0.0, 1.0, float("nan")])
def test_a_voter_s_precision_lies_between_0_and_1(precision):
    with pytest.raises(VoteError):
        LabelModel(base_precision={"ana": precision})
