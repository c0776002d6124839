"""Dawid-Skene over people: what the answers of many make of each item, once it is known how each of them errs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrolabel.label_models.dawid_skene import DawidSkene
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.gold.deciding import Key

PEOPLE = 3
"""So many people on one item: of two who differ nothing says which of them errs."""
ITEMS = 50
"""So many items with answers of three people or more: on fewer it may be worse than the majority. Simulated, with one
person who is right on 90 % of two labels and four on 60 %, it is worse at 30 items, equal at 50 and better at 100."""


def dawid_skene(answers: Mapping[Key, Mapping[str, str]]) -> Mapping[Key, Mapping[str, float]] | str:
    """Return item -> label -> probability by Dawid-Skene, or the reason why these answers are too little for it.

    It needs 50 items or more that three people or more answered: how somebody errs is learned where others answered
    too. Somebody with few answers is taken for one of the crowd. People and items are sorted first, so that no order
    of answers changes anything. Labels are what people called them: one and another below it are two.

    Args:
        answers: Item -> person -> label; all under one version.

    Example:
        >>> dawid_skene({("s", "1"): {"ana": "bug", "ben": "crash"}})
        'it needs 50 items with answers of 3 people or more, and there are 0'
    """
    enough = sum(len(said) >= PEOPLE for said in answers.values())
    if enough < ITEMS:
        return f"it needs {ITEMS} items with answers of {PEOPLE} people or more, and there are {enough:,}"
    items = sorted(answers)
    people = sorted({person for said in answers.values() for person in said})
    labels = sorted({label for said in answers.values() for label in said.values()})
    column, place = ({name: at for at, name in enumerate(names)} for names in (people, labels))
    table = np.full((len(items), len(people)), -1, np.int32)
    for row, item in enumerate(items):
        for person, label in answers[item].items():
            table[row, column[person]] = place[label]
    votes = VoteMatrix.from_ints(table, labels=labels, voters=people)
    found = DawidSkene().fit(votes).predict_proba(votes)
    return {item: dict(zip(labels, row, strict=True)) for item, row in zip(items, found.tolist(), strict=True)}
