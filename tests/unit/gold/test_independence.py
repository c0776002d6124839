"""What is called a random sample is one, unless something that was known before speaks against it beyond chance."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.gold.independence import FEWEST, LEAST, Shown, chosen_by


def test_items_that_all_show_what_few_do_were_chosen_and_the_figure_is_in_the_message():
    found = chosen_by([Shown("items labelled bad", 40, 40, 800, 4_000)])
    assert found.probability < 1e-20
    told = "40 of the 40 are items labelled bad, and 20.0 % of all 4,000 items are; by chance that happens with"
    assert str(found).startswith(told)


def test_the_least_probable_feature_is_told_with_all_that_were_tried_allowed_for():
    many = [Shown(f"feature {n}", 6, 40, 800, 4_000) for n in range(99)]
    alone = chosen_by([Shown("x", 40, 40, 800, 4_000)])
    among = chosen_by([*many, Shown("x", 40, 40, 800, 4_000)])
    assert among.shown.feature == "x"
    assert among.probability == pytest.approx(100 * alone.probability)


@pytest.mark.parametrize(
    "shown",
    [
        Shown("as often as all", 8, 40, 800, 4_000),
        Shown("never", 0, 40, 800, 4_000),
        Shown("what all items show", 40, 40, 4_000, 4_000),
        Shown("what none does", 0, 40, 0, 4_000),
        Shown("all items were drawn", 800, 4_000, 800, 4_000),
        Shown("too few to tell", FEWEST - 1, FEWEST - 1, 1, 4_000),
    ],
    ids=lambda shown: shown.feature,
)
def test_what_chance_allows_is_a_random_sample(shown):
    assert chosen_by([shown]) is None


def test_random_samples_are_seldom_taken_for_chosen_ones():
    rng = np.random.default_rng(0)
    population = rng.random((3_000, 30)) < rng.uniform(0.01, 0.6, 30)
    caught = 0
    for _ in range(300):
        sample = population[rng.choice(3_000, 100, replace=False)]
        shown = [Shown(str(f), int(sample[:, f].sum()), 100, int(population[:, f].sum()), 3_000) for f in range(30)]
        caught += chosen_by(shown) is not None
    assert caught <= 300 * LEAST + 1
