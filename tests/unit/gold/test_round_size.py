"""What a round of some size buys: simulated alphas are alphas, and their width is that of the field's."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import GoldError
from retrolabel.gold.coefficients import krippendorff_alpha
from retrolabel.gold.round_size import _alphas, alpha_half_width


def test_the_alpha_of_a_simulated_round_is_krippendorffs():
    ratings = np.random.default_rng(3).integers(0, 3, (4, 30))
    counts = np.stack([(ratings == label).sum(axis=0) for label in range(3)], axis=-1)[None]
    assert _alphas(counts, 4)[0] == pytest.approx(krippendorff_alpha(ratings.tolist(), least=1, draws=0).value)


def test_the_width_is_that_of_the_intervals_of_rounds_of_that_size():
    random, shares, people, items = np.random.default_rng(5), [0.5, 0.3, 0.2], 3, 80
    halves = []
    for _ in range(30):
        truth = random.choice(3, items, p=shares)
        said = np.where(
            random.random((people, items)) < np.sqrt(0.7), truth, random.choice(3, (people, items), p=shares)
        )
        found = krippendorff_alpha(said.tolist(), draws=500)
        halves.append((found.high - found.low) / 2)
    assert alpha_half_width(items, people, shares) == pytest.approx(np.mean(halves), rel=0.15)


def test_a_rare_label_and_two_people_make_it_wide():
    assert alpha_half_width(40, 3, [0.95, 0.03, 0.02]) > 2 * alpha_half_width(40, 3, [1, 1, 1])
    assert alpha_half_width(40, 2, [1, 1]) > alpha_half_width(40, 5, [1, 1])


@pytest.mark.parametrize(("items", "people", "shares"), [(1, 3, [1, 1]), (40, 1, [1, 1]), (40, 3, [1, 0])])
def test_one_of_anything_is_no_agreement(items, people, shares):
    with pytest.raises(GoldError, match="two people, two items and two labels"):
        alpha_half_width(items, people, shares)
