"""How votes go together: as counted, and as voters of the base precision would."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.label_models import margins
from retrolabel.label_models.correlations import Correlations
from retrolabel.label_models.features import Features
from retrolabel.votes import VoteMatrix


def of(ints, k=2):
    patterns = VoteMatrix.from_ints(ints, labels=k).patterns()
    here = patterns.covered
    features = Features.of(patterns.codes[here])
    return Correlations.of(features, patterns.counts[here]), patterns.membership[features.code]


def voters(seed, *, n=60_000, accuracies=(0.75, 0.75, 0.75), coverage=1.0, prior=(0.5, 0.5)):
    rng = np.random.default_rng(seed)
    truth = rng.choice(2, n, p=prior)
    votes = np.where(rng.random((n, len(accuracies))) < accuracies, truth[:, None], 1 - truth[:, None])
    return np.where(rng.random(votes.shape) < coverage, votes, -1)


def test_between_voters_that_say_several_labels_it_is_pearsons_on_the_items_of_both():
    ints = voters(0, n=2_000, coverage=1.0)
    found, _ = of(ints)
    place = {
        (int(v), int(c)): row for row, (v, c) in enumerate(zip(found.features.voter, found.features.code, strict=True))
    }
    expected = np.corrcoef(ints.T)[0, 1]
    assert found.found[place[0, 1], place[1, 1]] == pytest.approx(expected)
    assert found.found[place[0, 1], place[1, 2]] == pytest.approx(-expected)
    assert np.diag(found.found) == pytest.approx(np.ones(6))


@pytest.mark.parametrize("coverage", [1.0, 0.5])
@pytest.mark.parametrize("prior", [(0.5, 0.5), (0.8, 0.2)], ids=str)
def test_what_is_expected_of_voters_of_the_base_precision_is_what_such_voters_show(coverage, prior):
    ints = voters(1, coverage=coverage, prior=prior)
    found, members = of(ints)
    odds = np.where(members, 3.0, 1.0)
    tables = margins.fitted(found.features, found.share, odds, np.asarray(prior))
    expected = found.expected(tables, np.asarray(prior))
    assert expected[found.alike] == pytest.approx(found.found[found.alike], abs=0.06)


def test_who_is_asked_the_same_items_does_not_agree_by_that_alone():
    rng = np.random.default_rng(0)
    asked = rng.random(20_000) < 0.3
    ints = np.where(asked[:, None], rng.integers(0, 2, (20_000, 2)), -1)
    ints = np.column_stack([ints, rng.integers(0, 2, 20_000)])
    found, _ = of(ints)
    two = found.alike & (found.features.voter[:, None] < 2) & (found.features.voter[None, :] < 2)
    assert np.abs(found.found[two]).max() < 0.05


def test_which_items_a_rule_fires_on_is_all_that_it_says():
    fires = np.random.default_rng(0).random(5_000) < 0.2
    ints = np.column_stack([np.where(fires, 1, -1), np.where(fires, 1, -1), np.zeros(5_000, int)])
    found, _ = of(ints)
    same = found.alike[np.ix_([0, 1], [0, 1])]
    assert found.found[np.ix_([0, 1], [0, 1])][same] == pytest.approx([1.0, 1.0])
    assert found.seen[0, 1] == 5_000


def test_a_voter_that_always_says_the_same_goes_together_with_nobody():
    ints = np.column_stack([voters(0, n=500), np.zeros(500, int)])
    found, _ = of(ints)
    constant = found.features.voter == 3
    assert np.abs(found.found[constant][:, ~constant]).max() < 1e-3
