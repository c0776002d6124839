"""What must hold of the label model for any votes: names, orders and parts carry no information."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from retrolabel.analysis.explanations import explain
from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.dawid_skene import DawidSkene
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.label_models.protocol import hard_labels
from retrolabel.label_models.sampling import fitted_patterns
from retrolabel.label_models.weighted_vote import WeightedVote
from retrolabel.votes import Patterns, VoteMatrix, merge_patterns
from tests.laws import law

PROPERTY = law(80, slow=True)
NEAR = 1e-9


def from_masks(masks, k, voters=None):
    """Return the matrix whose cells are bit masks of labels; 0 abstains."""
    rows = [[{y for y in range(k) if mask >> y & 1} or None for mask in row] for row in masks.tolist()]
    names = voters if voters is not None else [f"lf_{j}" for j in range(masks.shape[1])]
    return VoteMatrix.from_sets(rows, labels=k, voters=names)


@st.composite
def masks_of(draw, *, least_rows=0, least_lfs=0):
    """Draw k and a matrix of label sets: k 2 to 6, at most 40 items x 8 voters."""
    k = draw(st.integers(2, 6))
    shape = draw(st.tuples(st.integers(least_rows, 40), st.integers(least_lfs, 8)))
    cells = st.one_of(st.just(0), st.sampled_from([1 << y for y in range(k)]), st.integers(0, 2**k - 1))
    return draw(hnp.arrays(np.int64, shape, elements=cells, fill=st.nothing())), k


def models():
    """Draw a label model with settings that are allowed for any k from 2."""
    return st.builds(
        LabelModel,
        base_precision=st.floats(0.51, 0.99),
        shrinkage=st.floats(0, 5),
        max_iter=st.sampled_from([0, 1, 7, 100]),
    )


def assert_distributions(found, shape):
    assert found.shape == shape
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert np.allclose(found.sum(axis=1), 1, rtol=0, atol=1e-12)


def assert_near(found, expected):
    assert found.shape == expected.shape
    assert np.allclose(found, expected, rtol=0, atol=NEAR)


@given(masks_of(), models())
@PROPERTY
def test_every_row_is_a_distribution(drawn, model):
    masks, k = drawn
    votes = from_masks(masks, k)
    fitted = model.fit(votes)
    assert_distributions(fitted.predict_proba(votes), (len(votes), k))
    for theta in fitted.theta.values():
        assert ((theta > 0) & (theta < 1)).all()
    assert all(0 < precision <= 1 + NEAR for precision in fitted.precisions.values())


@given(masks_of(), models(), st.randoms(use_true_random=False))
@PROPERTY
def test_renaming_the_labels_renames_the_probabilities(drawn, model, random):
    masks, k = drawn
    new_place = list(range(k))
    random.shuffle(new_place)
    renamed = sum(((masks >> y & 1) << new_place[y] for y in range(k)), start=np.zeros_like(masks))
    one, other = from_masks(masks, k), from_masks(renamed, k)
    assert_near(model.fit(other).predict_proba(other)[:, new_place], model.fit(one).predict_proba(one))


@given(masks_of(), models(), st.randoms(use_true_random=False))
@PROPERTY
def test_the_order_of_the_voters_changes_nothing(drawn, model, random):
    masks, k = drawn
    order = list(range(masks.shape[1]))
    random.shuffle(order)
    one, other = from_masks(masks, k), from_masks(masks[:, order], k, [f"lf_{j}" for j in order])
    assert_near(model.fit(other).predict_proba(other), model.fit(one).predict_proba(one))


@given(masks_of(), models(), st.randoms(use_true_random=False))
@PROPERTY
def test_the_order_of_the_items_changes_nothing(drawn, model, random):
    masks, k = drawn
    order = list(range(len(masks)))
    random.shuffle(order)
    one, other = from_masks(masks, k), from_masks(masks[order], k)
    assert_near(model.fit(other).predict_proba(other), model.fit(one).predict_proba(one)[order])


@given(masks_of(), models(), st.integers(1, 500))
@PROPERTY
def test_items_without_votes_change_nothing(drawn, model, idle):
    masks, k = drawn
    one = from_masks(masks, k)
    more = from_masks(np.concatenate([masks, np.zeros((idle, masks.shape[1]), np.int64)]), k)
    with_idle = model.fit(more)
    assert_near(with_idle.predict_proba(more)[: len(masks)], model.fit(one).predict_proba(one))
    assert_near(with_idle.predict_proba(more)[len(masks) :], np.full((idle, k), 1 / k))
    assert with_idle.items == one.covered.sum()


@given(masks_of(least_lfs=1), models())
@PROPERTY
def test_a_voter_that_always_abstains_changes_nothing(drawn, model):
    masks, k = drawn
    one, more = from_masks(masks, k), from_masks(np.hstack([masks, np.zeros((len(masks), 1), np.int64)]), k)
    assert_near(model.fit(more).predict_proba(more), model.fit(one).predict_proba(one))


@given(masks_of(least_rows=1), models(), st.data())
@PROPERTY
def test_rows_with_counts_are_those_rows_so_many_times(drawn, model, data):
    masks, k = drawn
    times = data.draw(hnp.arrays(np.int64, len(masks), elements=st.integers(1, 9)))
    votes = from_masks(masks, k)
    repeated = from_masks(np.repeat(masks, times, axis=0), k)
    counted = Patterns(votes.codes, times.astype(float), votes.labels, votes.symbols, votes.voters)
    expected = model.fit(repeated).predict_proba(votes)
    assert_near(model.fit(counted).predict_proba(counted), expected)
    assert_near(model.fit(repeated.patterns()).predict_proba(votes), expected)


@given(masks_of(), models())
@PROPERTY
def test_patterns_predict_what_their_items_get(drawn, model):
    masks, k = drawn
    votes = from_masks(masks, k)
    patterns = votes.patterns()
    by_items, by_patterns = model.fit(votes), model.fit(patterns)
    assert_near(by_patterns.predict_proba(patterns)[patterns.inverse], by_items.predict_proba(votes))
    assert by_patterns.iterations == by_items.iterations


@given(masks_of(), st.data())
@PROPERTY
def test_gold_of_items_is_gold_of_their_patterns(drawn, data):
    masks, k = drawn
    votes = from_masks(masks, k)
    gold = data.draw(hnp.arrays(np.int64, len(masks), elements=st.integers(-1, k - 1)))
    patterns = votes.patterns()
    counts = np.zeros((len(patterns), k))
    np.add.at(counts, (patterns.inverse[gold >= 0], gold[gold >= 0]), 1)
    one, other = LabelModel().fit(votes, gold), LabelModel().fit(patterns, counts)
    assert_near(other.prior, one.prior)
    assert_near(other.predict_proba(votes), one.predict_proba(votes))
    assert_distributions(one.predict_proba(votes), (len(votes), k))


@given(masks_of(), st.floats(0, 3))
@PROPERTY
def test_majority_vote_gives_distributions_that_no_order_changes(drawn, smoothing):
    masks, k = drawn
    votes, turned = from_masks(masks, k), from_masks(masks[::-1, ::-1], k)
    model = MajorityVote(smoothing=smoothing)
    found = model.fit(votes).predict_proba(votes)
    assert_distributions(found, (len(votes), k))
    assert_near(model.fit(turned).predict_proba(turned)[::-1], found)


# With gold, dependence, samples and the other models


def counted(votes, times):
    """Return the distinct rows, each so many times."""
    patterns = votes.patterns()
    counts = patterns.counts * np.resize(np.asarray(times, float), len(patterns))
    return Patterns(patterns.codes, counts, votes.labels, votes.symbols, votes.voters)


def gold_for(data, votes):
    """Draw gold for items, or none."""
    known = hnp.arrays(np.int64, len(votes), elements=st.integers(-1, len(votes.labels) - 1), fill=st.just(-1))
    return data.draw(st.one_of(st.none(), known))


def some_models():
    """Draw one of the label models."""
    return st.sampled_from(
        [LabelModel(), LabelModel(dependence=False), WeightedVote(), MajorityVote(smoothing=1.0), AutoLabelModel()]
    )


@given(masks_of(), some_models(), st.data(), st.randoms(use_true_random=False))
@PROPERTY
def test_with_gold_the_order_of_items_and_voters_changes_nothing(drawn, model, data, random):
    masks, k = drawn
    rows, columns = list(range(len(masks))), list(range(masks.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    one = from_masks(masks, k)
    other = from_masks(masks[rows][:, columns], k, [f"lf_{j}" for j in columns])
    gold = gold_for(data, one)
    expected = model.fit(one, gold).predict_proba(one)[rows]
    found = model.fit(other, None if gold is None else gold[rows]).predict_proba(other)
    assert np.allclose(found, expected, rtol=0, atol=1e-5)  # a temperature is searched, not computed


@given(masks_of(), some_models(), st.data(), st.randoms(use_true_random=False))
@PROPERTY
def test_with_gold_renaming_the_labels_renames_the_probabilities(drawn, model, data, random):
    masks, k = drawn
    new_place = list(range(k))
    random.shuffle(new_place)
    renamed = sum(((masks >> y & 1) << new_place[y] for y in range(k)), start=np.zeros_like(masks))
    one, other = from_masks(masks, k), from_masks(renamed, k)
    gold = gold_for(data, one)
    gold_renamed = None if gold is None else np.array([*new_place, -1])[gold]
    found = model.fit(other, gold_renamed).predict_proba(other)[:, new_place]
    assert np.allclose(found, model.fit(one, gold).predict_proba(one), rtol=0, atol=1e-5)


@given(masks_of(), some_models(), st.data(), st.integers(1, 50))
@PROPERTY
def test_with_gold_items_without_votes_change_nothing_and_keep_the_prior(drawn, model, data, idle):
    masks, k = drawn
    one = from_masks(masks, k)
    more = from_masks(np.concatenate([masks, np.zeros((idle, masks.shape[1]), np.int64)]), k)
    gold = gold_for(data, one)
    gold_more = None if gold is None else np.concatenate([gold, np.full(idle, -1)])
    expected, found = model.fit(one, gold).predict_proba(one), model.fit(more, gold_more).predict_proba(more)
    assert_near(found[: len(masks)], expected)
    assert_near(found[len(masks) :], np.tile(found[-1], (idle, 1)))
    if (~one.covered).any():
        assert_near(found[-1], expected[~one.covered][0])


@given(masks_of(), some_models(), st.data())
@PROPERTY
def test_gold_as_ints_as_a_column_and_as_counts_is_the_same_gold(drawn, model, data):
    masks, k = drawn
    votes = from_masks(masks, k)
    gold = data.draw(hnp.arrays(np.int64, len(masks), elements=st.integers(-1, k - 1)))
    column = VoteMatrix.from_ints(gold[:, None], labels=k)
    patterns = votes.patterns()
    counts = np.zeros((len(patterns), k))
    np.add.at(counts, (patterns.inverse[gold >= 0], gold[gold >= 0]), 1)
    expected = model.fit(votes, gold).predict_proba(votes)
    assert_distributions(expected, (len(votes), k))
    assert_near(model.fit(votes, column).predict_proba(votes), expected)
    assert_near(model.fit(patterns, counts).predict_proba(votes), expected)


@given(masks_of(), models(), st.data())
@PROPERTY
def test_where_segments_end_changes_nothing(drawn, model, data):
    masks, k = drawn
    cuts = sorted(data.draw(st.lists(st.integers(0, len(masks)), max_size=4)))
    votes = from_masks(masks, k)
    merged, _ = merge_patterns([from_masks(part, k).patterns() for part in np.split(masks, cuts)])
    assert_near(model.fit(merged).predict_proba(votes), model.fit(votes).predict_proba(votes))


@given(masks_of(), st.data())
@PROPERTY
def test_the_terms_of_every_item_add_up_to_its_log_odds(drawn, data):
    masks, k = drawn
    votes = from_masks(masks, k)
    gold = gold_for(data, votes)
    weights = data.draw(st.one_of(st.booleans(), st.fixed_dictionaries(dict.fromkeys(votes.voters, st.floats(0, 1)))))
    fitted = LabelModel(dependence=weights).fit(votes, gold)
    logs = np.log(fitted.predict_proba(votes))
    for row in range(len(votes)):
        total = explain(fitted, votes, row).sum().to_numpy()
        assert np.allclose(total, logs[row] - logs[row].mean(), rtol=0, atol=1e-8)


@given(masks_of(), st.lists(st.integers(1, 3_000), min_size=1, max_size=9), st.randoms(use_true_random=False))
@PROPERTY
def test_with_many_items_dependence_does_not_depend_on_the_order_of_voters(drawn, times, random):
    masks, k = drawn
    columns = list(range(masks.shape[1]))
    random.shuffle(columns)
    one = counted(from_masks(masks, k), times)
    turned = one.codes[:, columns]
    other = Patterns(turned, one.counts, one.labels, one.symbols, tuple(one.voters[j] for j in columns))
    first, second = LabelModel().fit(one), LabelModel().fit(other)
    assert ((first.weights > 0) & (first.weights <= 1)).all()
    assert second.weights.tolist() == first.weights[columns].tolist()
    assert {vote: theta.tolist() for vote, theta in first.theta.items()} == {
        vote: theta.tolist() for vote, theta in second.theta.items()
    }


@given(masks_of(), st.lists(st.integers(1, 3_000), min_size=1, max_size=9), st.integers(2, 30), st.integers(0, 3))
@PROPERTY
def test_a_sample_does_not_depend_on_rows_voters_segments_or_idle_items(drawn, times, largest, seed):
    masks, k = drawn
    rows = np.repeat(np.arange(len(masks)), np.resize(times, len(masks)) % 7 + 1)
    votes = from_masks(masks[rows], k)
    idle = np.zeros((3, masks.shape[1]), np.int64)
    turned = from_masks(np.concatenate([idle, masks[rows[::-1]], idle])[:, ::-1], k, votes.voters[::-1])
    halves = [from_masks(part, k).patterns() for part in np.array_split(masks[rows], 3)]

    def told(sample):
        by_voter = np.argsort(sample.voters)
        return {
            tuple(row): pytest.approx(count)
            for row, count in zip(sample.codes[:, by_voter].tolist(), sample.counts.tolist(), strict=True)
        }

    expected = told(fitted_patterns(votes, seed=seed, largest=largest))
    for other in (votes.patterns(), turned, merge_patterns(halves)[0]):
        assert told(fitted_patterns(other, seed=seed, largest=largest)) == expected


@given(masks_of(), st.floats(0.001, 2))
@PROPERTY
def test_dawid_skene_gives_distributions_that_no_order_changes(drawn, smoothing):
    masks, k = drawn
    votes, turned = (
        from_masks(masks, k),
        from_masks(masks[::-1, ::-1], k, [f"lf_{j}" for j in range(masks.shape[1])][::-1]),
    )
    model = DawidSkene(smoothing=smoothing, max_iter=15, tol=0)
    found = model.fit(votes).predict_proba(votes)
    assert_distributions(found, (len(votes), k))
    assert np.allclose(model.fit(turned).predict_proba(turned)[::-1], found, rtol=0, atol=1e-5)


# Planted accuracies


def planted(seed, *, n=4_000, k=3, accuracies=(0.95, 0.9, 0.5, 0.45, 0.45, 0.4), coverage=0.8):
    """Return votes that are independent given the truth, each voter right with its own accuracy, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    right = rng.random((n, len(accuracies))) < accuracies
    wrong = (truth[:, None] + rng.integers(1, k, right.shape)) % k
    votes = np.where(right, truth[:, None], wrong)
    return VoteMatrix.from_ints(np.where(rng.random(right.shape) < coverage, votes, -1), labels=k), truth


def accuracy(model, votes, truth):
    predicted = hard_labels(model.fit(votes).predict_proba(votes), votes.covered)
    return (predicted == truth)[votes.covered].mean()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_on_independent_voters_of_unequal_accuracy_it_beats_majority_vote(seed):
    votes, truth = planted(seed)
    assert accuracy(LabelModel(), votes, truth) > accuracy(MajorityVote(), votes, truth) + 0.05


def test_the_planted_accuracies_come_out_in_their_order():
    votes, _ = planted(0, n=20_000)
    precisions = LabelModel().fit(votes).precisions
    by_voter = [np.mean([precisions[voter, (y,)] for y in range(3)]) for voter in votes.voters]
    best, weak = by_voter[:2], by_voter[2:]
    assert by_voter[0] > by_voter[1]
    assert min(best) > max(weak) + 0.1


# Extremes


@pytest.mark.parametrize("seed", [0, 1])
def test_hundreds_of_voters_over_twenty_labels_give_no_nan(seed):
    rng = np.random.default_rng(seed)
    votes = VoteMatrix.from_ints(rng.integers(-1, 20, size=(200, 300)), labels=20)
    fitted = LabelModel().fit(votes)
    assert_distributions(fitted.predict_proba(votes), (200, 20))


def test_hundreds_of_voters_that_agree_leave_no_doubt_and_no_nan():
    votes = VoteMatrix.from_ints(np.repeat(np.arange(200)[:, None] % 20, 300, axis=1), labels=20)
    found = LabelModel().fit(votes).predict_proba(votes)
    assert_distributions(found, (200, 20))
    assert np.array_equal(found.argmax(axis=1), np.arange(200) % 20)


@given(masks_of(least_lfs=1), models())
@PROPERTY
def test_one_voter_alone_gives_distributions(drawn, model):
    masks, k = drawn
    votes = from_masks(masks[:, :1], k)
    assert_distributions(model.fit(votes).predict_proba(votes), (len(votes), k))


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (5, 0), (7, 3)])
def test_where_nobody_votes_every_item_keeps_the_prior(shape):
    votes = VoteMatrix.from_ints(np.full(shape, -1), labels=4)
    for given_votes in (votes, votes.patterns()):
        found = LabelModel(class_prior=[0.1, 0.2, 0.3, 0.4]).fit(given_votes).predict_proba(votes)
        assert_near(found, np.tile([0.1, 0.2, 0.3, 0.4], (shape[0], 1)))


def test_a_hundred_million_items_are_as_good_as_a_few():
    codes = np.array([[1, 1], [1, 2], [2, 2], [0, 1]], np.uint8)
    patterns = Patterns(codes, np.array([1e8, 1.0, 5e7, 3.0]), ("a", "b"), ((0,), (1,)), ("x", "y"))
    assert_distributions(LabelModel().fit(patterns).predict_proba(patterns), (4, 2))
