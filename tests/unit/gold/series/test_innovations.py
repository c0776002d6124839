"""How far a period is from those before it: standard errors that are right, whatever part is asked again."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.gold.series.innovations import components, innovation, normal_score


def z_of_series(rng, periods, fixed, new, *, difficulty, rest):
    """Return the points of a series in which nothing changes: normal scores, with difficulties of items."""
    hard = rng.normal(0, difficulty, fixed)
    scores, items, found = [], [], []
    for t in range(periods):
        mine = np.concatenate([hard, rng.normal(0, difficulty, new)]) + rng.normal(0, rest, fixed + new)
        asked = np.concatenate([np.arange(fixed), fixed + t * new + np.arange(new)])
        if t > 1:
            found.append(innovation(np.concatenate(scores), np.concatenate(items), mine, asked).z)
        scores.append(mine)
        items.append(asked)
    return found


@pytest.mark.parametrize(("fixed", "new"), [(40, 0), (20, 20), (0, 40)])
def test_points_of_a_calm_series_have_mean_0_variance_1_and_no_memory(fixed, new):
    rng = np.random.default_rng(3)
    series = [z_of_series(rng, 14, fixed, new, difficulty=1.0, rest=0.6) for _ in range(150)]
    z = np.array(series)
    error = z.size**-0.5
    assert abs(z.mean()) < 3.5 * error
    assert z.std() == pytest.approx(1, abs=0.06)
    assert abs(np.corrcoef(z[:, :-1].ravel(), z[:, 1:].ravel())[0, 1]) < 3.5 * error


def test_items_asked_again_tell_of_a_smaller_step_than_new_ones():
    rng = np.random.default_rng(5)
    hard = rng.normal(0, 1, 30)
    before = np.concatenate([hard + rng.normal(0, 0.3, 30) for _ in range(6)])
    items = np.tile(np.arange(30), 6)
    again = innovation(before, items, hard - 0.3, np.arange(30))
    new = innovation(before, items, hard - 0.3, np.arange(100, 130))
    assert again.se < new.se / 2
    assert again.z > 3 > new.z


def test_what_few_periods_do_not_know_of_the_level_is_in_the_standard_error():
    rng = np.random.default_rng(6)
    few, many = rng.normal(0, 1, 50), rng.normal(0, 1, 5_000)
    now, asked = rng.normal(0, 1, 50), np.arange(50) + 10_000
    assert innovation(few, np.arange(50), now, asked).se > 1.3 * innovation(many, np.arange(5_000), now, asked).se


def test_the_components_of_variance_are_found():
    rng = np.random.default_rng(7)
    items = np.repeat(np.arange(4_000), 5)
    scores = rng.normal(0, 2, 4_000)[items] + rng.normal(0, 1, 20_000)
    found = components(scores, items)
    assert found.items == pytest.approx(4, rel=0.15)
    assert found.rest == pytest.approx(1, rel=0.1)


def test_nobody_who_ever_differed_is_no_proof_that_nobody_will():
    one_differs = np.zeros(40)
    one_differs[0] = 1.0
    z = innovation(np.zeros(80), np.arange(80), one_differs, np.arange(100, 140)).z
    assert -3 < z < 0


def test_a_skewed_mean_is_put_on_the_normal_scale():
    rng = np.random.default_rng(8)
    rate, n = 0.03, 40
    means = rng.binomial(n, rate, 200_000) / n
    se = (rate * (1 - rate) / n) ** 0.5
    skew = (1 - 2 * rate) / (n * rate * (1 - rate)) ** 0.5
    plain = (means - rate) / se
    scores = np.array([normal_score(x, skew) for x in np.unique(plain)])
    chance = np.unique(plain, return_counts=True)[1] / len(plain)
    assert chance[np.unique(plain) > 3].sum() > 4 * 0.00135
    assert chance[scores > 3].sum() < 2 * 0.00135
