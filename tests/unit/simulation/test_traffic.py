"""Days of feedback as counts: what is usual, and what is planted."""

from __future__ import annotations

import numpy as np

from retrolabel.simulation.traffic import Change, Usual, simulate_traffic


def test_the_same_seed_gives_the_same_days_and_another_one_others():
    one, two, other = (simulate_traffic(28, seed=seed) for seed in (3, 3, 4))
    assert all(np.array_equal(getattr(one, name), getattr(two, name)) for name in ("items", "labels", "votes", "words"))
    assert not np.array_equal(one.items, other.items)


def test_weekends_are_quiet_and_feedback_grows():
    items = simulate_traffic(28 * 12, Usual(growth=0.1)).items
    assert items.reshape(-1, 7)[:, 5:].sum() < 0.1 * items.sum()
    assert items[-28:].sum() > 2 * items[:28].sum()


def test_no_count_is_above_the_items_of_its_day():
    found = simulate_traffic(56, Usual(per_month=300))
    assert (found.labels.sum(axis=1) <= found.items).all()
    assert (found.votes <= found.items[:, None]).all()
    assert (found.words <= found.items[:, None]).all()
    assert (found.lengths.sum(axis=1) == found.items).all()


def test_each_change_moves_what_it_names_from_its_day_until_its_end():
    usual = Usual(per_month=20_000, unrest=0.0, growth=0.0)
    changes = [Change("rate", 28, 2.0, 56), Change("share", 28, 0.1, 56), Change("word", 28, 0.05, 56)]
    changes.append(Change("length", 28, 2.0, 56))
    found = simulate_traffic(84, usual, changes=changes)

    def thirds(counts, of):
        return [counts[at : at + 28].sum() / of[at : at + 28].sum() for at in (0, 28, 56)]

    before, during, after = thirds(found.votes[:, 0], found.items)
    assert 1.8 < during / before < 2.2
    assert 0.9 < after / before < 1.1
    before, during, after = thirds(found.labels[:, 1], found.labels.sum(axis=1))
    assert abs(during - before - 0.1) < 0.02
    assert abs(after - before) < 0.02
    before, during, after = thirds(found.words[:, -1], found.items)
    assert (before, after) == (0, 0)
    assert abs(during - 0.05) < 0.01
    middles = [np.average(np.arange(64), weights=found.lengths[at : at + 28].sum(axis=0)) for at in (0, 28, 56)]
    assert 3.5 < middles[1] - middles[0] < 4.5
    assert abs(middles[2] - middles[0]) < 0.3


def test_days_that_remember_are_like_the_day_before():
    def likeness(memory):
        share = simulate_traffic(7 * 60, Usual(per_month=50_000, unrest=0.5, memory=memory, growth=0)).votes[:, 0]
        logs = np.log(share.reshape(-1, 7)[:, :5] + 1)
        return np.corrcoef(logs[:, 0], logs[:, 1])[0, 1]

    assert likeness(0.8) > likeness(0.0) + 0.3
