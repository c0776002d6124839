"""One person: who says something else than the rest, more than chance and more than the others do.

Within each item the answers are dealt out anew among the people who gave them. That keeps what is hard about the item,
and takes away who said it: so whatever a person is apart from the others then is chance. Of all people and all pairs of
labels the most surprising one is held against the most surprising one of each deal (Westfall & Young 1993).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.causes.panel import apart_by_item, excess, item_weights, shuffled

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.gold.causes.panel import Floats, Ints, Panel

DEALS = 399
LEAST_ANSWERS = 30
"""Whoever answered fewer items that others answered too is not told apart."""
_TWO = 2


@dataclass(frozen=True, slots=True)
class Apart:
    """A person against the rest.

    Attributes:
        person: The place of the person.
        said: The place of the label that they say
        where: where the others say this one; both -1 where their differences are spread over labels.
        times: On how many items.
        of: On how many items the others said ``where``.
        others: How often somebody else says so where their others say ``where``, as a share.
        p: In which share of deals somebody is as far apart by chance, among all people.
    """

    person: int
    said: int
    where: int
    times: int
    of: int
    others: float
    p: float


def odd_ones(codes: npt.NDArray[np.int32], labels: int) -> Ints:
    """Return how often each person says what, where most others say what: int [P, k (others), k (own)].

    Counted are items with two others or more, of whom more say one label than any other.
    """
    people, n = codes.shape
    hot = np.zeros((people, n, labels), np.int32)
    who, which = np.nonzero(codes >= 0)
    hot[who, which, codes[who, which]] = 1
    others = hot.sum(axis=0) - hot
    most = others.max(axis=2)
    clear = ((others == most[..., None]).sum(axis=2) == 1) & (others.sum(axis=2) >= _TWO) & (codes >= 0)
    who, which = np.nonzero(clear)
    found = np.zeros((people, labels, labels), np.int64)
    np.add.at(found, (who, others.argmax(axis=2)[who, which], codes[who, which]), 1)
    return found


def apart_from_the_rest(
    panel: Panel, *, camps: Ints | None = None, deals: int = DEALS, seed: int = 0
) -> tuple[Apart, ...]:
    """Return each person with what they say where the others say something else, the most surprising first.

    Args:
        panel: The answers.
        camps: int [P]: the camp of each person; answers are dealt out within a camp alone. None where there are none.
        deals: How often answers are dealt out.
        seed: Another seed deals in another way.
    """
    k, apart = len(panel.labels), panel.apart
    split = (panel.given() > 0).sum(axis=1) > 1
    rng = np.random.default_rng(seed)
    found = np.zeros((1 + deals, len(panel.people), 2 + k * k))
    counted = np.zeros((len(panel.people), k, k), np.int64)
    for group in grouped(panel, camps):
        codes = panel.codes[group]
        counted[group] = odd_ones(codes, k)
        same = odd_ones(codes[:, ~split], k)
        found[0, group] = _statistics(counted[group], apart)
        contested = codes[:, split]
        for deal in range(deals):
            found[1 + deal, group] = _statistics(same + odd_ones(shuffled(contested, rng), k), apart)
    middle, spread = found[1:].mean(axis=0), np.maximum(found[1:].std(axis=0), _floor(apart, k))
    surprise = (found - middle) / spread
    ranked = (counted.sum(axis=(1, 2)) >= LEAST_ANSWERS)[:, None]
    surprise = np.where(ranked, surprise, -np.inf)
    best = surprise[1:].max(axis=(1, 2))
    told = [_told(person, surprise[0, person], counted, best) for person in np.flatnonzero(ranked[:, 0]).tolist()]
    return tuple(sorted(told, key=lambda each: (each.p, -surprise[0, each.person].max())))


def _statistics(counted: Ints, apart: Floats) -> Floats:
    """Return what is looked at of each person: how far apart in all, the shift along a scale, each pair of labels."""
    k = len(apart)
    total = (counted * apart).sum(axis=(1, 2))
    shift = np.abs((counted * np.subtract.outer(np.arange(k), np.arange(k))).sum(axis=(1, 2)))
    ordered = not bool(np.isin(apart, (0.0, 1.0)).all())
    pairs = np.where(np.eye(k, dtype=bool), 0, counted).reshape(len(counted), -1)
    return np.column_stack([total, shift * ordered, pairs])


def _floor(apart: Floats, k: int) -> Floats:
    """Return the least spread of each statistic: a count of one or two is no surprise."""
    unit = float(apart[apart > 0].min(initial=1.0))
    return np.concatenate([[unit, 1.0], np.ones(k * k)])


def _told(person: int, surprise: Floats, counted: Ints, best: Floats) -> Apart:
    k = counted.shape[1]
    p = float((1 + (best >= surprise.max()).sum()) / (1 + len(best)))
    where, said = divmod(int(surprise[2:].argmax()), k)
    times, of = int(counted[person, where, said]), int(counted[person, where].sum())
    rest = np.delete(counted, person, axis=0).sum(axis=0)
    others = float(rest[where, said] / rest[where].sum()) if rest[where].sum() else 0.0
    if where == said or times == 0 or surprise[2 + where * k + said] < surprise.max() / 3:
        return Apart(person, -1, -1, 0, of, others, p)
    return Apart(person, said, where, times, of, others, p)


def share_of_person(  # noqa: PLR0913 - what a share is of
    panel: Panel, person: int, whole: Floats, *, camps: Ints | None = None, draws: int, seed: int = 0
) -> tuple[float, float, float]:
    """Return the share of all disagreement that is this person's: what is beyond how far the rest are from each other.

    Args:
        panel: The answers.
        person: Their place.
        whole: float [n]: the disagreement on each item that the share is of.
        camps: int [P]: only pairs within a camp count.
        draws: Resamples.
        seed: Of them.

    Returns:
        The share, and its 95 % interval.
    """
    mine, rest = np.zeros((2, len(whole))), np.zeros((2, len(whole)))
    weight = item_weights(panel.codes)
    for group in grouped(panel, camps):
        everybody = apart_by_item(panel.codes[group], panel.apart, weight)
        without = apart_by_item(panel.codes[group[group != person]], panel.apart, weight)
        mine += everybody - without
        rest += without
    return excess(mine, rest, whole, draws=draws, seed=seed)


def grouped(panel: Panel, camps: Ints | None) -> list[Ints]:
    """Return the people of each camp; all of them where there are none."""
    return [np.arange(len(panel.people))] if camps is None else [np.flatnonzero(camps == c) for c in np.unique(camps)]
