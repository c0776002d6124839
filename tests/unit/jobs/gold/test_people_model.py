"""Dawid-Skene over people: it finds who errs, needs enough answers, and knows no order."""

from __future__ import annotations

import numpy as np

from retrolabel.gold.adjudication import HumanLabel, adjudicate
from retrolabel.gold.deciding import Adjudication
from retrolabel.jobs.gold.people_model import dawid_skene

LABELS = ("bug", "crash", "question")
ITEMS = 200


def planted(seed, accuracy):
    """Return the truth, and answers of people of whom each is right so often, as (item, person) -> label."""
    random = np.random.default_rng(seed)
    truth = {str(number): LABELS[place] for number, place in enumerate(random.integers(0, 3, ITEMS))}
    answers = {}
    for item, label in truth.items():
        for person, share in accuracy.items():
            others = [each for each in LABELS if each != label]
            right = random.random() < share
            answers[item, person] = label if right else str(random.choice(others))
    return truth, answers


def said(answers):
    return [HumanLabel("s", item, person, label, "1.0.0", "dev") for (item, person), label in answers.items()]


def right(gold, truth):
    return sum(item.label == truth[item.item_id] for item in gold.items)


def test_it_finds_the_truth_better_than_the_majority_where_one_person_guesses():
    truth, answers = planted(1, {"ana": 0.92, "ben": 0.9, "cleo": 0.55, "dan": 0.34})
    most = adjudicate(said(answers))
    found = adjudicate(said(answers), how=Adjudication.of(["dawid-skene"], dawid_skene))
    assert (right(most, truth), len(most.ties)) == (157, 32)
    assert (right(found, truth), len(found.ties)) == (181, 6)
    assert found.notes == ()


def test_the_order_of_people_and_items_changes_nothing():
    _, answers = planted(2, {"ana": 0.9, "ben": 0.7, "cleo": 0.5, "dan": 0.34})
    by_item = {}
    for (item, person), label in answers.items():
        by_item.setdefault(("s", item), {})[person] = label
    turned = {item: dict(reversed(people.items())) for item, people in reversed(by_item.items())}
    one, other = dawid_skene(by_item), dawid_skene(turned)
    assert one == {item: other[item] for item in one}


def test_probabilities_add_up_over_the_labels_that_somebody_gave():
    _, answers = planted(3, {"ana": 0.9, "ben": 0.9, "cleo": 0.9})
    found = dawid_skene({("s", item): {p: answers[item, p] for p in ("ana", "ben", "cleo")} for item, _ in answers})
    assert {tuple(each) for each in found.values()} == {LABELS}
    assert max(abs(sum(each.values()) - 1) for each in found.values()) < 1e-9


def enough(items, people):
    return {
        ("s", str(item)): {f"p{person}": "ab"[(item + person) % 2] for person in range(people)} for item in range(items)
    }


def test_two_people_are_too_few_however_many_items_they_answer():
    assert dawid_skene(enough(500, 2)) == "it needs 50 items with answers of 3 people or more, and there are 0"


def test_fewer_than_fifty_shared_items_are_too_few():
    assert dawid_skene(enough(49, 3)) == "it needs 50 items with answers of 3 people or more, and there are 49"
    assert len(dawid_skene(enough(50, 3))) == 50
