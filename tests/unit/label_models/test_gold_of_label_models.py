"""Gold in the label model: in three forms the same, what it moves, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import VoteError
from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.gold import GoldSets
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.weighted_vote import WeightedVote
from retrolabel.votes import VoteMatrix

TWO = VoteMatrix.from_ints([[0], [1]], labels=2)
MODELS = [LabelModel(), WeightedVote(), AutoLabelModel()]
by_name = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)


def as_column(gold, k):
    return VoteMatrix.from_ints(np.asarray(gold)[:, None], labels=k, voters=["gold"])


def as_counts(gold, votes):
    patterns = votes.patterns()
    counts = np.zeros((len(patterns), len(votes.labels)))
    np.add.at(counts, (patterns.inverse[gold >= 0], gold[gold >= 0]), 1)
    return counts


def planted(seed=0, *, n=300, k=3, accuracies=(0.85, 0.7, 0.6, 0.5), coverage=0.7):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    right = rng.random((n, len(accuracies))) < accuracies
    votes = np.where(right, truth[:, None], (truth[:, None] + rng.integers(1, k, right.shape)) % k)
    votes[rng.random(right.shape) > coverage] = -1
    gold = np.where(rng.random(n) < 0.3, truth, -1)
    return VoteMatrix.from_ints(votes, labels=k), truth, gold


# The prior


def test_gold_gives_the_prior_one_item_more_for_each_label():
    votes = VoteMatrix.from_ints([[0], [0], [1], [2], [2]], labels=3)
    gold = np.array([0, -1, 0, 1, 0])
    assert LabelModel().fit(votes, gold).prior == pytest.approx([4 / 7, 2 / 7, 1 / 7])


def test_items_with_a_vote_and_items_without_have_each_their_own_gold():
    """LFs for a rare label find it: one item in twenty has it, but half of those that they vote on."""
    votes = VoteMatrix.from_ints([[1]] * 20 + [[-1]] * 180, labels=2)
    gold = np.array([1] * 10 + [0] * 190)
    fitted = LabelModel().fit(votes, gold)
    assert fitted.prior == pytest.approx([11 / 22, 11 / 22])
    assert fitted.predict_proba(votes)[199] == pytest.approx([181 / 182, 1 / 182])
    assert fitted.predict_proba(votes)[0, 1] == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("k", [2, 4])
def test_items_without_votes_keep_the_prior_that_gold_gave(k):
    votes, _, gold = planted(k=k)
    fitted = LabelModel().fit(votes, gold)
    uncovered = ~votes.covered
    assert uncovered.any()
    assert fitted.degrees != 1.0
    known = uncovered & (gold >= 0)
    expected = (np.bincount(gold[known], minlength=k) + 1) / (known.sum() + k)
    assert fitted.predict_proba(votes)[uncovered] == pytest.approx(np.tile(expected, (uncovered.sum(), 1)))


def test_gold_on_items_without_votes_says_what_these_are_and_nothing_of_the_voters():
    votes = VoteMatrix.from_ints([[0, 1], [1, 0], [-1, -1], [-1, -1]], labels=2)
    fitted = LabelModel(max_iter=0).fit(votes, np.array([-1, -1, 0, 0]))
    plain = LabelModel(max_iter=0).fit(votes)
    assert fitted.prior.tolist() == plain.prior.tolist()
    assert fitted.predict_proba(votes)[3] == pytest.approx([3 / 4, 1 / 4])
    assert fitted.degrees == 1.0
    assert set(fitted.theta) == set(plain.theta)
    for vote, theta in plain.theta.items():
        assert fitted.theta[vote] / fitted.theta[vote].sum() == pytest.approx(theta / theta.sum())


def test_a_given_prior_stays_though_gold_moves_the_voters():
    votes = VoteMatrix.from_ints([[0, 1]] * 30 + [[1, 0]] * 30, labels=2)
    gold = np.array([0] * 30 + [1] * 30)
    model = LabelModel(class_prior=[0.3, 0.7])
    assert model.uses_gold
    fitted = model.fit(votes, gold)
    assert fitted.prior.tolist() == [0.3, 0.7]
    assert fitted.precisions["lf_0", (1,)] > 0.8
    assert fitted.precisions["lf_1", (0,)] < 0.5


# The voters


def test_gold_moves_the_centre_by_what_it_counted_against_twenty_items():
    votes = VoteMatrix.from_ints([[0]] * 6 + [[1]] * 2, labels=2)
    gold = np.array([0, 0, 0, 1, -1, -1, 1, -1])
    fitted = LabelModel(max_iter=0).fit(votes, gold)
    prior = np.array([4 / 7, 3 / 7])  # three of five gold items are 0
    assert fitted.prior == pytest.approx(prior)
    # The tables with odds ratio 9, the shares 3/4 and 1/4 of the votes, and the shares of the labels; at most 0.98.
    zeros, ones = fitted.theta["lf_0", (0,)] * [23, 22] - [3, 1], fitted.theta["lf_0", (1,)] * [23, 22] - [0, 1]
    assert (zeros + ones) / 20 == pytest.approx([0.98, 0.98])
    assert zeros[0] * ones[1] / (zeros[1] * ones[0]) == pytest.approx(9)
    assert zeros @ prior / 20 == pytest.approx(0.98 * 0.75)


def test_gold_for_some_holds_what_is_learned_ten_times_as_strongly_to_the_centre():
    votes = VoteMatrix.from_ints([[0]] * 6 + [[1]] * 2, labels=2)
    gold = np.array([0] + [-1] * 7)
    model = LabelModel(max_iter=1, tol=0, class_prior=[0.5, 0.5])
    centre, after = LabelModel(max_iter=0, class_prior=[0.5, 0.5]).fit(votes, gold), model.fit(votes, gold)
    start = np.array([centre.theta["lf_0", (0,)], centre.theta["lf_0", (1,)]])
    posterior = start / start.sum(axis=1, keepdims=True)  # the voter is never silent
    weighted = np.array([[6.0], [2.0]]) * posterior
    strength = 5 + 10 * 8 / 2
    expected = (weighted + strength * start) / (weighted.sum(axis=0) + strength)
    assert after.theta["lf_0", (0,)] == pytest.approx(expected[0])
    assert after.theta["lf_0", (1,)] == pytest.approx(expected[1])


def test_with_gold_the_silence_of_a_voter_speaks_against_its_label():
    rows = [[0, 0]] * 40 + [[-1, 0]] * 5 + [[-1, 1]] * 40 + [[-1, 0]] * 15
    votes = VoteMatrix.from_ints(rows, labels=2)
    truth = np.array([0] * 45 + [1] * 55)
    gold = np.where(np.arange(100) % 2 == 0, truth, -1)
    fitted, plain = LabelModel().fit(votes, gold), LabelModel().fit(votes)
    assert (plain.silence, plain.degrees) == (0.0, 1.0)
    assert fitted.silence == 0.3
    assert fitted.evidence(votes, 42)["(silence)"] @ [1, -1] < 0
    assert fitted.predict_proba(votes)[42, 0] < plain.predict_proba(votes)[42, 0]


def test_gold_makes_a_voter_that_is_always_wrong_speak_for_the_others():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 400)
    votes = VoteMatrix.from_ints(np.column_stack([1 - truth, 1 - truth]), labels=2)
    gold = np.where(np.arange(400) < 200, truth, -1)
    found = LabelModel().fit(votes, gold).predict_proba(votes)
    assert (found.argmax(axis=1) == truth).mean() > 0.95


def test_gold_makes_labels_better_where_the_votes_alone_mislead():
    votes, truth, _ = planted(n=2_000, k=2, accuracies=(0.85, 0.3, 0.25, 0.3))
    gold = np.where(np.arange(2_000) < 150, truth, -1)
    later = votes.covered & (gold < 0)
    without, with_gold = (LabelModel().fit(votes, each).predict_proba(votes) for each in (None, gold))
    right = [(found.argmax(axis=1) == truth)[later].mean() for found in (without, with_gold)]
    assert right[1] > right[0] + 0.05


def test_the_temperature_fits_overconfident_votes_to_gold():
    rng = np.random.default_rng(1)
    truth = rng.integers(0, 2, 1_000)
    said = np.where(rng.random(1_000) < 0.7, truth, 1 - truth)
    votes = VoteMatrix.from_ints(np.repeat(said[:, None], 6, axis=1), labels=2)
    gold = np.where(np.arange(1_000) < 300, truth, -1)
    fitted = LabelModel(dependence=False).fit(votes, gold)
    assert fitted.degrees > 1
    later = gold < 0
    found = fitted.predict_proba(votes)[later]
    assert found.max(axis=1).mean() == pytest.approx((found.argmax(axis=1) == truth[later]).mean(), abs=0.08)
    assert fitted.warmed(1.0).predict_proba(votes)[later].max(axis=1).mean() > found.max(axis=1).mean()
    assert fitted.error_correlation > 0.9  # they are all wrong on the same items


# Three forms


@by_name
@pytest.mark.parametrize("seed", [0, 1])
def test_gold_as_ints_as_a_column_and_as_counts_gives_one_fit(model, seed):
    votes, _, gold = planted(seed)
    by_ints = model.fit(votes, gold).predict_proba(votes)
    by_column = model.fit(votes, as_column(gold, 3)).predict_proba(votes)
    by_counts = model.fit(votes.patterns(), as_counts(gold, votes)).predict_proba(votes)
    assert by_column == pytest.approx(by_ints, abs=1e-12)
    assert by_counts == pytest.approx(by_ints, abs=1e-12)


@pytest.mark.parametrize("model", [WeightedVote()], ids=lambda model: model.name)
def test_gold_that_is_a_set_of_labels_is_a_share_of_each_to_a_weighted_vote(model):
    votes, truth, _ = planted(2)
    some = np.arange(len(votes)) < 120
    sets = VoteMatrix.from_sets(
        [[{int(y), (int(y) + 1) % 3} if here else None] for y, here in zip(truth, some, strict=True)], labels=3
    )
    patterns = votes.patterns()
    counts = np.zeros((len(patterns), 3))
    for each in (truth, (truth + 1) % 3):
        np.add.at(counts, (patterns.inverse[some], each[some]), 0.5)
    by_sets, by_counts = model.fit(votes, sets), model.fit(patterns, counts)
    assert by_sets.predict_proba(votes) == pytest.approx(by_counts.predict_proba(votes), abs=1e-12)


def test_a_gold_set_is_shared_as_its_votes_and_the_rest_of_gold_speak_for_its_labels():
    sets = VoteMatrix.from_sets([[{0, 1}], [0], [None]], labels=3)
    votes = VoteMatrix.from_ints([[0], [0], [1]], labels=3)
    prior = LabelModel().fit(votes, sets).prior
    assert prior[2] == pytest.approx(1 / 5)  # one of five, as if nothing were known of it
    assert prior[0] > 2.5 / 5 > 2 / 5 > prior[1] > 1 / 5
    nothing = VoteMatrix.from_ints([[-1], [-1], [1]], labels=3)
    shared = LabelModel().fit(nothing, sets).predict_proba(nothing)[0]
    # r = (2 + r) / (3 + 1) of the set's mass: EM among labels of which no vote speaks
    assert shared[:2] == pytest.approx([(2 + 2 / 3) / 5, (1 + 1 / 3) / 5], abs=1e-6)


def sets_of(rows, possible, weights=None):
    rows = np.array(rows, np.int64)
    return GoldSets(rows, np.array(possible, bool), np.ones(len(rows)) if weights is None else np.array(weights, float))


def test_gold_of_no_known_design_moves_what_voters_are_worth_and_no_share():
    votes, truth, _ = planted(3)
    rows = np.flatnonzero(truth == 1)[:40]
    exact = np.eye(3, dtype=bool)[truth[rows]]
    chosen = LabelModel().fit(votes, sets_of(rows, exact, np.zeros(len(rows))))
    plain, drawn = LabelModel().fit(votes), LabelModel().fit(votes, sets_of(rows, exact))
    assert chosen.prior.tolist() == plain.prior.tolist()
    assert drawn.prior[1] == pytest.approx(41 / 43)
    assert chosen.degrees == 1.0
    assert any(not np.allclose(chosen.theta[key], plain.theta[key]) for key in plain.theta)


def test_items_of_a_known_design_weigh_what_they_stand_for():
    votes = VoteMatrix.from_ints([[0]] * 20 + [[1]] * 20, labels=2)
    places = np.array([0] * 20 + [1] * 20)
    weights = np.where(places == 0, 30.0, 10.0)  # the second label was drawn three times as often
    prior = LabelModel().fit(votes, sets_of(range(40), np.eye(2, dtype=bool)[places], weights)).prior
    assert prior == pytest.approx([31 / 42, 11 / 42])
    alike = LabelModel().fit(votes, sets_of(range(40), np.eye(2, dtype=bool)[places], weights * 1e4)).prior
    assert alike == pytest.approx(prior)


def test_newer_gold_narrows_a_set_and_the_shares_of_the_others_stay():
    """Half of all items are of a label that was split in two; naming the parts of some of them moves nothing else."""
    rng = np.random.default_rng(0)
    truth = rng.choice(3, size=400, p=[0.5, 0.3, 0.2])
    votes = VoteMatrix.from_sets([[{0} if y == 0 else {1, 2}] for y in truth], labels=3)
    split = np.where((truth > 0)[:, None], [[False, True, True]], np.eye(3, dtype=bool)[truth])
    before = LabelModel().fit(votes, sets_of(range(400), split))
    named = split.copy()
    named[:150] = np.eye(3, dtype=bool)[truth[:150]]
    after = LabelModel().fit(votes, sets_of(range(400), named))
    assert before.prior[0] == pytest.approx(after.prior[0], abs=1e-9)
    assert before.prior[1] == pytest.approx(before.prior[2], abs=1e-6)
    one, other = (int((truth[:150] == label).sum()) for label in (1, 2))
    assert after.prior[1] / after.prior[2] == pytest.approx((one + 1) / (other + 1), abs=0.1)


@pytest.mark.parametrize(
    ("rows", "possible", "weights", "told"),
    [
        ([0, 1], [[True, False]], [1.0], "Gold differs in length"),
        ([0], [[False, False]], [1.0], "leaves no label possible"),
        ([0], [[True, False]], [-1.0], "Weights of gold items are numbers from 0 on"),
        ([0], [[True, False]], [float("nan")], "Weights of gold items are numbers from 0 on"),
    ],
)
def test_gold_sets_that_do_not_belong_together_are_refused(rows, possible, weights, told):
    with pytest.raises(VoteError, match=told):
        sets_of(rows, possible, weights)


def test_gold_sets_on_rows_or_labels_that_there_are_not_are_refused():
    votes = VoteMatrix.from_ints([[0]], labels=2)
    with pytest.raises(VoteError, match="names rows outside of the 1"):
        LabelModel().fit(votes, sets_of([1], [[True, False]]))
    with pytest.raises(VoteError, match="over 3 labels, the votes are over 2"):
        LabelModel().fit(votes, sets_of([0], [[True, False, False]]))


def test_no_order_of_gold_items_or_voters_changes_what_is_learned():
    votes, truth, _ = planted(4)
    rng = np.random.default_rng(1)
    possible = np.eye(3, dtype=bool)[truth[:200]] | (rng.random((200, 3)) < 0.3)
    weights = rng.choice([0.0, 1.0, 4.0], size=200)
    base = LabelModel().fit(votes, sets_of(range(200), possible, weights)).predict_proba(votes)
    order = rng.permutation(200)
    moved = LabelModel().fit(votes, sets_of(order, possible[order], weights[order])).predict_proba(votes)
    assert np.array_equal(base, moved)
    columns = rng.permutation(len(votes.voters))
    other = VoteMatrix(votes.codes[:, columns], votes.labels, votes.symbols, tuple(votes.voters[c] for c in columns))
    again = LabelModel().fit(other, sets_of(range(200), possible, weights))
    assert np.array_equal(again.prior, LabelModel().fit(votes, sets_of(range(200), possible, weights)).prior)
    assert again.predict_proba(other) == pytest.approx(base, abs=1e-13)


@by_name
@pytest.mark.parametrize("form", ["ints", "column", "counts"])
def test_gold_that_knows_nothing_is_no_gold(model, form):
    votes, _, gold = planted()
    none = np.full_like(gold, -1)
    fitted = {
        "ints": lambda: model.fit(votes, none),
        "column": lambda: model.fit(votes, as_column(none, 3)),
        "counts": lambda: model.fit(votes.patterns(), as_counts(none, votes)),
    }[form]()
    assert fitted.predict_proba(votes) == pytest.approx(model.fit(votes).predict_proba(votes), abs=1e-12)


@by_name
def test_gold_is_not_changed(model):
    votes, _, gold = planted()
    counts = as_counts(gold, votes)
    kept, kept_counts = gold.copy(), counts.copy()
    model.fit(votes, gold)
    model.fit(votes.patterns(), counts)
    assert np.array_equal(gold, kept)
    assert np.array_equal(counts, kept_counts)


@by_name
@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.int64])
def test_gold_is_whole_numbers_of_any_size(model, dtype):
    votes, _, gold = planted()
    found = model.fit(votes, gold.astype(dtype)).predict_proba(votes)
    assert np.array_equal(found, model.fit(votes, gold).predict_proba(votes))


# What is refused


@by_name
@pytest.mark.parametrize("gold", [np.array([0]), np.array([[0, 1]]), np.zeros((2, 2)), np.array([0, 1, 1])], ids=str)
def test_gold_of_another_shape_than_the_items_is_refused(model, gold):
    with pytest.raises(VoteError, match=r"these votes need \(2,\)"):
        model.fit(TWO, gold)


@by_name
@pytest.mark.parametrize("gold", [np.array([0, 1]), np.zeros((2, 3)), np.zeros((1, 2))], ids=str)
def test_gold_of_another_shape_than_the_patterns_is_refused(model, gold):
    with pytest.raises(VoteError, match=r"Gold for patterns is counts of the shape \(2, 2\)"):
        model.fit(VoteMatrix.from_ints([[0], [1], [1]], labels=2).patterns(), gold)


@by_name
@pytest.mark.parametrize("label", [-2, 2, 99])
def test_gold_that_is_no_label_is_refused(model, label):
    with pytest.raises(VoteError, match="Gold holds labels outside -1 to 1"):
        model.fit(TWO, np.array([0, label]))


@by_name
@pytest.mark.parametrize("gold", [np.array([0.0, 1.0]), np.array([0.5, 1]), np.array([np.nan, 1])], ids=str)
def test_gold_of_items_that_is_no_whole_number_is_refused(model, gold):
    with pytest.raises(VoteError, match="whole numbers"):
        model.fit(TWO, gold)


@by_name
@pytest.mark.parametrize("count", [-1.0, float("nan"), float("inf")])
def test_counts_that_count_nothing_are_refused(model, count):
    with pytest.raises(VoteError, match="none of them negative"):
        model.fit(TWO.patterns(), np.array([[1.0, 0.0], [count, 0.0]]))


@by_name
@pytest.mark.parametrize(
    "gold",
    [
        VoteMatrix.from_ints([[0]], labels=2),
        VoteMatrix.from_ints([[0, 0], [1, 1]], labels=2),
        VoteMatrix.from_ints([[0], [1]], labels=["a", "b"]),
        VoteMatrix.from_ints([[0], [1]], labels=3),
    ],
    ids=["other items", "two columns", "other labels", "more labels"],
)
def test_a_gold_column_that_does_not_fit_is_refused(model, gold):
    with pytest.raises(VoteError, match="Gold"):
        model.fit(TWO, gold)


@by_name
def test_a_gold_column_for_patterns_is_refused(model):
    with pytest.raises(VoteError, match="Gold for patterns is counts"):
        model.fit(TWO.patterns(), VoteMatrix.from_ints([[0], [1]], labels=2))


@pytest.mark.parametrize("seed", range(4))
def test_with_sets_of_any_weight_no_order_of_voters_or_items_changes_a_bit(seed):
    rng = np.random.default_rng(seed)
    n, m, k = 400, 7, 4
    truth = rng.integers(0, k, n)
    said = np.where(rng.random((n, m)) < 0.7, truth[:, None], rng.integers(0, k, (n, m)))
    ints = np.where(rng.random((n, m)) < 0.5, said, -1)
    names = np.array([f"v{place}" for place in range(m)])
    rows, weights = rng.choice(n, 80, replace=False), rng.random(80) * 3
    possible = np.eye(k, dtype=bool)[truth[rows]]
    possible[:40, rng.integers(0, k, 40)] = True

    def fitted(items, voters):
        votes = VoteMatrix.from_ints(ints[items][:, voters], labels=k, voters=names[voters].tolist())
        place = np.argsort(items)[rows]
        return LabelModel().fit(votes, GoldSets(place, possible, weights)).predict_proba(votes)

    items, voters = rng.permutation(n), rng.permutation(m)
    assert np.array_equal(fitted(items, voters), fitted(np.arange(n), np.arange(m))[items])
