"""A draw by design: the probabilities, unsure_shares that it states are those with which it draws."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import GoldError
from retrolabel.gold.pricing import half_width
from retrolabel.gold.sampling import draw, first_come, keyed, planned_half_width, probabilities, unsure_shares

N, SIZE, DRAWS = 120, 20, 2_000
IDS = [f"item-{n}" for n in range(N)]
STRATA = np.array([0] * 80 + [1] * 30 + [2] * 10)
CLUSTERS = np.concatenate([np.zeros(12, np.int64), np.repeat(np.arange(1, 7), 3), np.arange(7, 97)])


def simulated(**more):
    """Return how often each item was drawn, its stated probability, and the estimated total of each draw."""
    truth = (np.arange(N) % 3 == 0).astype(float) if "clusters" not in more else (CLUSTERS % 3 == 0).astype(float)
    often, stated, totals = np.zeros(N), np.full(N, np.nan), []
    for seed in range(DRAWS):
        found = draw(IDS, STRATA, SIZE, key=str(seed), **more)
        often[found.places] += 1
        known = ~np.isnan(stated[found.places])
        assert np.allclose(stated[found.places][known], found.probability[known])
        stated[found.places] = found.probability
        totals.append((truth[found.places] / found.probability).sum())
    return often / DRAWS, stated, np.array(totals), truth.sum()


@pytest.mark.parametrize(
    "more",
    [{}, {"clusters": CLUSTERS}, {"shares": np.array([0.0, 0.0, 1.0]), "core": 0.2}],
    ids=["plain", "dup", "rare"],
)
def test_items_come_as_often_as_stated_and_estimates_are_unbiased(more):
    often, stated, totals, truth = simulated(**more)
    assert not np.isnan(stated).any()
    error = np.sqrt(stated * (1 - stated) / DRAWS)
    assert (np.abs(often - stated) <= 4.5 * error + 1e-12).all()
    assert abs(totals.mean() - truth) < 4 * totals.std() / np.sqrt(DRAWS)


def test_a_draw_has_the_size_asked_for_and_at_least_half_of_it_is_uniform():
    chance = probabilities(STRATA, SIZE, shares=np.array([0.0, 1.0, 1.0]))
    assert chance.sum() == pytest.approx(SIZE)
    assert chance[STRATA == 0].min() >= 0.5 * SIZE / N
    for seed in range(50):
        found = draw(IDS, STRATA, SIZE, key=str(seed))
        assert len(set(found.places.tolist())) == SIZE


def test_each_stratum_gets_its_expected_size_rounded():
    chance = probabilities(STRATA, SIZE, shares=np.sqrt(np.bincount(STRATA)))
    expected = np.bincount(STRATA, weights=chance)
    for seed in range(50):
        found = draw(IDS, STRATA, SIZE, key=str(seed))
        assert (np.abs(np.bincount(STRATA[found.places], minlength=3) - expected) < 1).all()


@pytest.mark.parametrize("clusters", [None, CLUSTERS])
def test_within_a_stratum_each_month_gets_its_expected_size_rounded(clusters):
    months = np.arange(N) % 4
    for seed in range(40):
        found = draw(IDS, np.zeros(N, np.int64), 30, key=str(seed), clusters=clusters, within=months)
        if clusters is None:
            share = 30 * np.bincount(months) / N
            drawn = np.bincount(months[found.places], minlength=4)
            assert (np.abs(drawn - share) < 1).all()
        assert len(found.places) == 30


def test_months_change_no_probability_and_spread_a_draw():
    months = np.arange(N) % 4
    counts = np.zeros(N)
    for seed in range(1_500):
        counts[draw(IDS, STRATA, SIZE, key=str(seed), within=months).places] += 1
    stated = probabilities(STRATA, SIZE, shares=np.sqrt(np.bincount(STRATA).astype(float)))
    off = (counts / 1_500 - stated) / np.sqrt(stated * (1 - stated) / 1_500)
    assert np.abs(off).max() < 4.5


def test_what_is_unsure_gets_more_than_its_share():
    assert unsure_shares(STRATA, 3, np.array([0.1, 0.4, 0.4])).tolist() == pytest.approx(
        [0.1 * (STRATA == 0).sum(), 0.4 * (STRATA == 1).sum(), 0.4 * (STRATA == 2).sum()]
    )


def test_the_order_of_rows_changes_nothing_and_another_key_does():
    order = np.random.default_rng(0).permutation(N)
    one = draw(IDS, STRATA, SIZE, key="7", clusters=CLUSTERS)
    other = draw([IDS[n] for n in order], STRATA[order], SIZE, key="7", clusters=CLUSTERS[order])
    assert one.places.tolist() == order[other.places].tolist()
    assert one.probability.tolist() == other.probability.tolist()
    assert set(one.places) != set(draw(IDS, STRATA, SIZE, key="8", clusters=CLUSTERS).places)


def test_one_of_a_cluster_is_drawn_and_says_how_many_it_stands_for():
    for seed in range(30):
        found = draw(IDS, STRATA, SIZE, key=str(seed), clusters=CLUSTERS)
        assert len(set(CLUSTERS[found.places].tolist())) == SIZE
        assert found.copies.tolist() == np.bincount(CLUSTERS)[CLUSTERS[found.places]].tolist()
        assert (found.copies * found.probability <= 1 + 1e-12).all()


def test_where_more_is_asked_for_than_there_is_all_is_drawn():
    found = draw(IDS, STRATA, 500, key="0")
    assert sorted(found.places.tolist()) == list(range(N))
    assert set(found.probability.tolist()) == {1.0}
    assert found.half_width == 0.0


def test_what_is_too_much_for_a_stratum_goes_to_the_others():
    chance = probabilities(STRATA, 60, shares=np.array([0.0, 0.0, 1.0]))
    assert chance[STRATA == 2].tolist() == [1.0] * 10
    assert chance.sum() == pytest.approx(60)


def test_strata_are_filled_one_after_the_other():
    assert first_come(STRATA, 4, 100.0).tolist() == [80.0, 20.0, 0.0, 0.0]


def test_an_empty_draw_is_refused():
    for strata, size in ((np.zeros(0, np.int64), 5), (STRATA, 0)):
        with pytest.raises(GoldError):
            probabilities(strata, size, shares=np.ones(3))


def test_the_interval_of_an_even_draw_is_that_of_its_size_and_uneven_ones_buy_less():
    ones = np.ones(10_000, np.int64)
    assert planned_half_width(np.full(10_000, 0.02), ones) == half_width(200, 10_000)
    uneven = np.where(np.arange(10_000) < 1_000, 0.11, 0.01)
    assert planned_half_width(uneven, ones) > half_width(200, 10_000)


def test_hashes_do_not_collide():
    assert len(np.unique(keyed([str(n) for n in range(20_000)], "0"))) == 20_000
