"""One binary model a label: planted marginals come back, rare labels stay rare, groups hold, orders change nothing."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models import em
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.multilabel import MultilabelModel
from retrolabel.label_models.presence import PresenceVotes

SHARES = np.array([0.04, 0.1, 0.3])
LABELS = ["grief", "joy", "neutral"]


def planted(seed, *, n=4_000, m=3, sensitivity=0.7, specificity=0.98, coverage=1.0):
    """Return what people say who are asked of all labels, int [n, m, k], and the truth [n, k]."""
    rng = np.random.default_rng(seed)
    truth = (rng.random((n, len(SHARES))) < SHARES).astype(int)
    held = truth[:, None, :] == 1
    drawn = rng.random((n, m, len(SHARES)))
    said = np.where(held, drawn < sensitivity, drawn > specificity).astype(int)
    said[rng.random((n, m)) >= coverage] = -1
    return said, truth


def flags(seed, *, n=6_000, per_label=3, recall=0.3, precision=0.75):
    """Return what labeling functions say that each flag one label, int [n, m, k], and the truth."""
    rng = np.random.default_rng(seed)
    truth = (rng.random((n, len(SHARES))) < SHARES).astype(int)
    said = np.full((n, per_label * len(SHARES), len(SHARES)), -1)
    for label, share in enumerate(SHARES):
        false_alarms = recall * share / (1 - share) * (1 - precision) / precision
        for lf in range(per_label):
            fires = rng.random(n) < np.where(truth[:, label] == 1, recall, false_alarms)
            said[fires, label * per_label + lf, label] = 1
    return said, truth


def votes_of(said, **more):
    return PresenceVotes.from_ints(said, labels=LABELS, **more)


def marginals(votes, gold=None, **settings):
    found = MultilabelModel(**settings).fit(votes, gold).marginals(votes)
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 1)).all()
    return found


def log_loss(found, truth):
    return -np.log(np.clip(np.where(truth == 1, found, 1 - found), 1e-6, None)).mean()


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize(("m", "coverage", "most"), [(3, 1.0, 0.12), (1, 1.0, 0.22), (3, 0.4, 0.25)])
def test_the_labels_of_people_are_found_and_as_frequent_as_they_are(seed, m, coverage, most):
    said, truth = planted(seed, m=m, coverage=coverage)
    found = marginals(votes_of(said))
    assert log_loss(found, truth) < most
    assert np.allclose(found.mean(axis=0), truth.mean(axis=0), rtol=0.35, atol=0.02)
    assert ((found > 0.5) == truth).mean() > (0.95 if m == 3 and coverage == 1 else 0.9)


@pytest.mark.parametrize("seed", [0, 1])
def test_flags_for_rare_labels_are_believed_and_silence_keeps_them_rare(seed):
    said, truth = flags(seed)
    votes = votes_of(said)
    found = marginals(votes)
    flagged = (said == 1).any(axis=1)
    assert found[flagged].min() > 0.5
    for label in range(len(SHARES)):
        assert abs(found[flagged[:, label], label].mean() - truth[flagged[:, label], label].mean()) < 0.15
        silent = found[~votes.covered[:, label], label]
        assert np.ptp(silent) == 0
        assert abs(silent[0] - truth[~votes.covered[:, label], label].mean()) < 0.17


def test_a_lone_vote_for_a_rare_label_is_right_with_the_base_precision():
    said = np.zeros((1_000, 1, 3), int)
    said[:20, 0, 0] = 1
    found = marginals(votes_of(said))
    assert found[0, 0] == pytest.approx(0.75, abs=0.05)
    assert found[500, 0] < 0.02


def test_gold_tells_the_share_of_items_with_votes_and_without():
    said, truth = flags(0, precision=0.4)
    votes = votes_of(said)
    gold = np.where(np.arange(len(truth))[:, None] < 600, truth, -1)
    assert log_loss(marginals(votes, gold)[600:], truth[600:]) < log_loss(marginals(votes)[600:], truth[600:]) - 0.01


def test_a_share_that_is_known_is_that_of_silence():
    said, _ = flags(0)
    votes = votes_of(said)
    found = marginals(votes, shares={"joy": 0.1})
    assert np.allclose(found[~votes.covered[:, 1], 1], 0.1)
    assert np.allclose(found[:, 0], marginals(votes)[:, 0])


def test_where_nothing_is_known_it_is_one_half_and_said_to_be_uncovered():
    votes = votes_of(np.full((5, 2, 3), -1))
    assert (marginals(votes) == 0.5).all()
    assert not votes.covered.any()
    assert marginals(votes_of(np.zeros((0, 2, 3), int))).shape == (0, 3)


def test_voters_that_only_ever_rule_out_leave_the_others_at_one_half():
    said = np.full((200, 2, 3), -1)
    said[:100, 0, 0] = 0
    found = marginals(votes_of(said))
    assert (found[:100, 0] < 0.25).all()
    assert (found[100:, 0] == 0.5).all()


# Groups


def test_a_group_raises_its_members_and_leaves_the_others():
    said, _ = planted(0)
    plain, grouped = votes_of(said), votes_of(said, groups={0: [["grief", "joy"]], 7: [["joy"]]})
    before, after = marginals(plain), marginals(grouped)
    assert (after[0, :2] > before[0, :2]).all()
    assert after[7, 1] == 1
    assert np.array_equal(np.delete(after, [0, 7], axis=0), np.delete(before, [0, 7], axis=0))
    p, q = before[0, :2]
    assert after[0, :2] == pytest.approx(np.array([p, q]) / (1 - (1 - p) * (1 - q)))


def test_a_label_in_a_group_is_covered_where_nobody_else_speaks():
    votes = votes_of(np.full((2, 1, 3), -1), groups={1: [["grief", "joy"]]})
    assert votes.covered.tolist() == [[False] * 3, [True, True, False]]
    assert marginals(votes)[1] == pytest.approx([2 / 3, 2 / 3, 0.5])


# Invariances


def test_the_order_of_items_voters_and_labels_changes_nothing():
    said, _ = planted(0, n=500, coverage=0.6)
    groups = {3: [["grief", "joy"]]}
    found = marginals(votes_of(said, groups=groups))
    rng = np.random.default_rng(0)
    items, voters, labels = rng.permutation(500), rng.permutation(3), [2, 0, 1]
    shuffled = PresenceVotes.from_ints(
        said[items][:, voters][:, :, labels],
        labels=[LABELS[place] for place in labels],
        voters=[f"lf_{place}" for place in voters],
        groups={int(np.flatnonzero(items == 3)[0]): groups[3]},
    )
    assert np.allclose(marginals(shuffled), found[items][:, labels], rtol=1e-12, atol=0)


def test_counted_rows_are_as_good_as_the_items_they_stand_for():
    said, _ = planted(0, n=80, coverage=0.6)
    counts = np.random.default_rng(0).integers(1, 6, 80)
    counted, expanded = votes_of(said, counts=counts), votes_of(np.repeat(said, counts, axis=0))
    assert np.allclose(np.repeat(marginals(counted), counts, axis=0), marginals(expanded), rtol=1e-9, atol=0)


def test_other_items_are_predicted_with_what_was_learned_and_new_things_said_with_the_base_precision():
    said, _ = planted(0, n=500)
    said[:, 2, 0] = -1
    fitted = MultilabelModel().fit(votes_of(said))
    again = said[:3].copy()
    assert np.allclose(fitted.marginals(votes_of(again)), fitted.marginals(votes_of(said))[:3])
    again[0, :, 0] = [-1, -1, 1]
    assert fitted.marginals(votes_of(again))[0, 0] == pytest.approx(0.75, abs=0.05)


# Evidence, settings, faults


def test_evidence_adds_up_to_the_log_odds_of_every_label():
    said, truth = planted(0, n=500, coverage=0.5)
    votes = votes_of(said, groups={0: [["grief", "joy"]], 1: [["grief", "joy"], ["joy", "neutral"]]})
    for gold in (None, np.where(np.arange(500)[:, None] < 200, truth, -1)):
        fitted = MultilabelModel().fit(votes, gold)
        found = fitted.marginals(votes)
        for row in range(8):
            for place, label in enumerate(LABELS):
                terms = fitted.evidence(votes, row, label)
                assert sum(terms.values()) == pytest.approx(np.log(found[row, place] / (1 - found[row, place])))
                assert ("(groups)" in terms) == ((row == 0 and label != "neutral") or row == 1)


def test_settings_and_parameters_are_plain_data():
    model = MultilabelModel(each=LabelModel(max_iter=3), shares={"joy": 0.1})
    assert model.settings()["each"]["max_iter"] == 3
    assert model.settings()["each"]["at_prior"] is True
    learned = model.fit(votes_of(planted(0, n=50)[0])).parameters()
    assert list(learned) == LABELS
    assert learned["joy"]["prior"]["present"] == pytest.approx(0.1)


@pytest.mark.parametrize(
    "settings",
    [
        {"each": LabelModel(class_prior=[0.5, 0.5])},
        {"each": LabelModel(ranks=[1, 2])},
        {"each": LabelModel(dependence={"lf_0": 1.0})},
        {"shares": {"joy": 0.0}},
        {"shares": {"joy": 1.0}},
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(VoteError, match="MultilabelModel"):
        MultilabelModel(**settings)


def test_gold_and_votes_that_do_not_fit_are_refused():
    said, truth = planted(0, n=20)
    votes = votes_of(said)
    with pytest.raises(VoteError, match="no labels"):
        MultilabelModel(shares={"rage": 0.1}).fit(votes)
    for gold in (truth[:, :2], truth * 2, truth.astype(float)):
        with pytest.raises(VoteError, match="Gold is"):
            MultilabelModel().fit(votes, gold)
    with pytest.raises(VoteError, match="single items"):
        MultilabelModel().fit(votes_of(said, counts=np.ones(20)), truth)
    fitted = MultilabelModel().fit(votes)
    with pytest.raises(VoteError, match="other voters"):
        fitted.marginals(votes_of(said[:, :2]))
    with pytest.raises(VoteError, match="no label"):
        fitted.evidence(votes, 0, "rage")


# Base precision at the share


@pytest.mark.parametrize("prior", [[0.5, 0.5], [0.04, 0.96], [0.2, 0.3, 0.5], [0.01, 0.01, 0.98]], ids=str)
def test_at_the_prior_a_vote_is_right_as_often_as_at_equal_chances_or_more(prior):
    k, prior = len(prior), np.array(prior)
    symbols = [*([place] for place in range(k)), *([[0, 1]] if k == 3 else [])]
    membership = np.zeros((len(symbols) + 1, k), bool)
    membership[0] = True
    for code, symbol in enumerate(symbols, start=1):
        membership[code, symbol] = True
    equal, there = (
        np.array(
            [
                (share * lift)[inside].sum() / (share * lift).sum()
                for lift, inside in zip(lifts, membership, strict=True)
            ]
        )
        for share, lifts in (
            (np.full(k, 1 / k), em.lifts(membership, 0.75)),
            (prior, em.lifts(membership, 0.75, prior=prior)),
        )
    )
    assert (there >= equal - 1e-12).all()
    rare = membership @ prior < membership.mean(axis=1)
    assert np.allclose(there[rare], equal[rare])
    assert np.allclose(em.lifts(membership, 0.75, prior=np.full(k, 1 / k)), em.lifts(membership, 0.75))
