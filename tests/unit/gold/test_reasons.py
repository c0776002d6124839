"""What people said around rationales, and which groups go with labels."""

from __future__ import annotations

import numpy as np

from retrolabel.gold.reasons import Reason, go_with_labels, told_by


def reason(item, label="bug", others=(), person="ana", **more):
    return Reason(("s", str(item)), person, "why", label, tuple(others), **more)


def test_an_item_counts_once_however_many_write_of_it():
    told = told_by([reason(1, "bug", ["slow"]), reason(1, "slow", ["bug"], "ben"), reason(2)])
    assert (told.watched, told.differing, dict(told.all)) == (1, 1, {"bug": 2, "slow": 1})
    assert dict(told.beside) == {"bug": 1, "slow": 1}


def test_a_rationale_weighs_most_where_people_differ_and_least_where_all_agree():
    weights = [reason(1, others=["slow"]).weight, reason(2).weight, reason(3, others=["bug", "bug"]).weight]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == 3


def test_a_group_of_one_label_goes_with_labels_and_one_of_any_label_does_not():
    labels = ["bug", "feature", "question"]
    reasons = [reason(item, labels[item % 3] if item >= 12 else "bug") for item in range(60)]
    assert go_with_labels(reasons, [range(12), range(15, 27)]) == [True, False]


def test_groups_drawn_at_random_seldom_go_with_labels():
    """Of 12 sets of 5 groups, about one in 20 has one: more than 3 would be seen once in 400 (binomial)."""
    dice, sets = np.random.default_rng(0), 0
    for _ in range(12):
        reasons = [reason(item, str(dice.choice(["bug", "feature", "question"]))) for item in range(60)]
        places = dice.permutation(60)[:50]
        sets += any(go_with_labels(reasons, [places[at : at + 10] for at in range(0, 50, 10)]))
    assert sets <= 3
