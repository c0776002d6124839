"""Honeypots: items whose gold is beyond doubt, asked among the others to see whether a person gives their label."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.adjudication import adjudicate
from retrolabel.gold.deciding import ADJUDICATOR, UNANIMOUS
from retrolabel.gold.sampling import keyed
from retrolabel.jobs.gold.calibration.parts import Honeypot
from retrolabel.jobs.gold.resolving import read_in, resolve_gold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.gold.adjudication import GoldItem, HumanLabel
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.schema.history import History

ALIKE = 2
"""How many people must have given the same label, nobody another one, where no adjudicator decided."""
WHY_NONE = (
    f"no gold can be a honeypot yet: dev gold to which {ALIKE} people gave the same label, or an adjudicator gave one,"
    " or gold of the role honeypot"
)


def honeypots_among(  # noqa: PLR0913 - whose answers, and how they are read and adjudicated
    labels: Sequence[HumanLabel],
    source: str,
    *,
    history: History,
    version: str,
    how: Adjudication,
    feedback: FeedbackBook,
    key: str,
) -> list[Honeypot]:
    """Return the items that can be honeypots, of one label after the other in turn; gold of that role goes first.

    In which order they come within a label says nothing of them.

    An item is one if its gold is one label of the version and its text is what people saw. Test gold is none, nor are
    near copies of it.

    Args:
        labels: All human labels of the task.
        source: The source.
        history: The versions of the task.
        version: The version that people are asked under.
        how: How people who differ are adjudicated.
        feedback: What the texts of the items are now.
        key: Another key is another order.
    """
    readings = read_in(history, version, labels, feedback)
    gold = adjudicate(labels, rank=readings.rank, twins=history.twins, how=how)
    found: list[Honeypot] = []
    for role in ("honeypot", "dev"):
        sets = resolve_gold(gold, role, history, version, readings).sets
        of_label: dict[int, list[GoldItem]] = {}
        items = gold.with_role(role).items
        for at in np.argsort(keyed([item.item_id for item in items], key), kind="stable").tolist():
            item = items[at]
            places = sets.get((item.source, item.item_id), frozenset())
            if item.source == source and len(places) == 1 and (role == "honeypot" or _is_beyond_doubt(item)):
                of_label.setdefault(next(iter(places)), []).append(item)
        found += _in_turn([of_label[place] for place in sorted(of_label)])
    return found


def _is_beyond_doubt(item: GoldItem) -> bool:
    near_test = any(answer.near_test for answer in item.answers)
    alike = item.decided == UNANIMOUS and item.annotators >= ALIKE
    return not near_test and (alike or item.decided == ADJUDICATOR)


def _in_turn(groups: Sequence[Sequence[GoldItem]]) -> Iterator[Honeypot]:
    for row in zip_longest(*groups):
        for item in row:
            if item is not None:
                people = frozenset(answer.annotator for answer in item.answers)
                yield Honeypot((item.source, item.item_id), item.revision, people)
