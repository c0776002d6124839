"""Agreement on the same items, before and after: the change, its interval, and when it is withheld."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.gold.coding import Ratings
from retrolabel.gold.coefficients import krippendorff_alpha
from retrolabel.gold.falling import change_of_agreement
from retrolabel.gold.paired_agreement import paired_change


def counts(*rows):
    """Return a table [items, labels] from (how many items, counts of their labels)."""
    return np.array([row for many, row in rows for _ in range(many)])


def ratings(table):
    """Return the same answers as ratings."""
    people = int(table.sum(axis=1).max())
    codes = np.full((people, len(table)), -1, np.int32)
    for item, row in enumerate(table):
        said = np.repeat(np.arange(len(row)), row)
        codes[: len(said), item] = said
    return Ratings(codes, tuple(range(table.shape[1])), tuple(range(people)), tuple(range(len(table))))


BEFORE = counts((20, (2, 0, 0)), (15, (0, 2, 0)), (20, (1, 1, 0)), (5, (0, 0, 2)), (5, (1, 0, 1)))
AFTER = counts((29, (2, 0, 0)), (22, (0, 2, 0)), (4, (1, 1, 0)), (4, (0, 0, 2)), (6, (1, 0, 1)))


@pytest.mark.parametrize(("ordinal", "level"), [(False, "nominal"), (True, "ordinal")])
def test_both_figures_are_krippendorffs_alpha(ordinal, level):
    found = paired_change(BEFORE, AFTER, [[0], [1], [2]], ordinal=ordinal)
    for mine, table in ((found.before, BEFORE), (found.after, AFTER)):
        codes = ratings(table)
        assert mine == pytest.approx(krippendorff_alpha(codes, level, values=codes.values).value)


def test_answers_that_are_none_of_the_two_labels_do_not_count_and_an_item_needs_two_that_are():
    found = paired_change(BEFORE, AFTER, [[0], [1]])
    assert (found.items, found.differ_before, found.differ_after) == (55, 20, 4)
    only = paired_change(BEFORE[:55, :2], AFTER[:55, :2], [[0], [1]])
    assert (only.before, only.after) == (found.before, found.after)


def test_labels_of_one_group_are_one_value():
    found = paired_change(BEFORE, AFTER, [[0], [1, 2]])
    merged = [np.column_stack([table[:, 0], table[:, 1] + table[:, 2]]) for table in (BEFORE, AFTER)]
    assert found == paired_change(*merged, [[0], [1]])


def test_items_that_are_hard_on_both_sides_leave_a_narrower_interval_than_two_samples_would():
    other = BEFORE.copy()
    other[[0, 1, 2, 35, 36, 37]] = other[[35, 36, 37, 0, 1, 2]]
    paired = paired_change(BEFORE[:, :2], other[:, :2], [[0], [1]])
    apart = change_of_agreement(ratings(BEFORE[:55, :2]), ratings(other[:55, :2]))
    assert (paired.by, round(paired.high - paired.low, 1), round(apart.high - apart.low, 1)) == (0.0, 0.4, 0.8)


def test_a_repaired_pair_agrees_more_and_the_way_back_agrees_less():
    there, back = paired_change(BEFORE, AFTER, [[0], [1]]), paired_change(AFTER, BEFORE, [[0], [1]])
    assert (there.more, there.less, back.more, back.less) == (True, False, False, True)
    assert str(there).startswith("0.27 -> 0.85: +0.58 [")


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (counts((11, (1, 1))), counts((11, (2, 0))), "after, all answers are one label"),
        (counts((11, (1, 1))), counts((6, (2, 0)), (5, (1, 1))), "11 items on which two people"),
        (counts((40, (2, 0)), (5, (1, 1))), counts((40, (2, 0)), (5, (0, 2))), "5 items with another answer"),
        (BEFORE, BEFORE, "people agree on 0 items otherwise than before, and 3 are needed"),
        (counts((20, (1, 0))), counts((20, (1, 1))), "before, no item has two answers"),
    ],
)
def test_what_too_few_items_say_is_withheld_with_a_reason(before, after, why):
    found = paired_change(before, after, [[0], [1]])
    assert found.why.startswith(why)
    assert not found.more
    assert not found.less
    assert found.as_dict()["by"] is None
    assert why in str(found)


def test_the_same_answers_have_the_same_interval_whatever_the_order_of_the_items():
    turned = np.random.default_rng(3).permutation(len(BEFORE))
    assert paired_change(BEFORE, AFTER, [[0], [1]]) == paired_change(BEFORE[turned], AFTER[turned], [[0], [1]])


def simulated(rng, items, people, settled):
    """Return counts of three labels before and after; half of the items of two labels lie on their border."""
    truth = rng.choice(3, items, p=(0.35, 0.3, 0.35))
    border = (truth < 2) & (rng.random(items) < 0.5)
    reading = np.linspace(0.25, 0.75, people)[:, None]
    found = []
    for unclear in (border, border & (rng.random(items) >= settled)):
        said = np.where(rng.random((people, items)) < 0.9, truth, rng.choice(3, (people, items)))
        said = np.where(unclear, (rng.random((people, items)) < reading).astype(int), said)
        found.append(np.stack([(said == label).sum(axis=0) for label in range(3)], axis=1))
    return found


@pytest.mark.parametrize(("items", "settled", "more"), [(60, 0.8, range(45, 60)), (60, 0.0, range(5))])
def test_the_interval_holds_the_planted_change(items, settled, more):
    """Of 60 simulations 51 to 60 hold it at 95 % (fewer in 3 of 1,000); benchmarks/agreement_effect.py takes 500."""
    true = paired_change(*simulated(np.random.default_rng(1), 100_000, 4, settled), [[0], [1]]).by
    rng = np.random.default_rng(2)
    found = [paired_change(*simulated(rng, items, 4, settled), [[0], [1]]) for _ in range(60)]
    assert sum(each.low <= true <= each.high for each in found) >= 51
    assert sum(each.more for each in found) in more
