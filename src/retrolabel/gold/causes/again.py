"""The data: items on which people change their answer when they are asked again, and on which they split again.

People slip everywhere a little. An item is unclear where one person changes the answer *and* the others change theirs
or differ. So the answers of each person, first and last one together, are dealt out anew to items that mostly got the
same label: where people only slip, changes come together on an item no more than they do then. Items may be asked again
because people split on them: whoever slipped the first time changes, and the others then agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.causes.panel import apart_by_item, interval, item_weights, resampled

if TYPE_CHECKING:
    from retrolabel.gold.causes.panel import Floats, Ints, Panel

ENOUGH = 40
"""Answers that were asked again, for anything to be said: "about 50"."""
ENOUGH_ITEMS = 20
DEALS = 999
STEPS = 80
MOST_CELLS = 4e6
"""Numbers that are held at once."""
UNCLEAR = 0.5
"""An item is told where it is more probably unclear than not."""


@dataclass(frozen=True, slots=True, eq=False)
class Unclear:
    """What was found of the items that people were asked again about.

    Attributes:
        answers: How many answers were asked again.
        changed: How many of them changed.
        items: int [m]: the places of the items.
        chance: float [m]: the probability that each is unclear.
        p: In which share of deals changes come together as much by chance.
    """

    answers: int
    changed: int
    items: Ints
    chance: Floats
    p: float


def unclear_items(panel: Panel, *, deals: int = DEALS, seed: int = 0) -> Unclear:
    """Return which items are unclear, and whether there are more such ones than by chance.

    Args:
        panel: The answers, with what was said again.
        deals: How often the answers of each person are dealt out anew to items that mostly got the same label.
        seed: Another seed deals in another way.
    """
    again = panel.again
    items, place = np.unique(again.item, return_inverse=True)
    asked = _Asked.of(panel, items, place)
    found = asked.joined(asked.before[None], asked.after[None])[0]
    rng = np.random.default_rng(seed)
    size = max(1, int(MOST_CELLS / max(1, asked.before.size * len(panel.labels))))
    dealt = np.concatenate([asked.dealt(min(size, deals - start), rng) for start in range(0, deals, size)])
    p = float((1 + (dealt >= found - 1e-9).sum()) / (1 + deals)) if np.ptp(dealt) > 0 else 1.0
    chance = _mixture(*_counts(panel, items, place), np.ones((1, len(items))))[1][0]
    return Unclear(len(again.item), int(again.changed.sum()), items, chance, p)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """The m items that somebody was asked again about.

    Attributes:
        before: int [P, m]: what each person said first, -1 where they were not asked again.
        after: int [P, m]: what they said last.
        once: float [m, k]: how many people who were not asked again gave an item each label.
        usual: int [m]: the label that an item mostly got, both times.
    """

    before: Ints
    after: Ints
    once: Floats
    usual: Ints

    @classmethod
    def of(cls, panel: Panel, items: Ints, place: Ints) -> _Asked:
        again, k = panel.again, len(panel.labels)
        before = np.full((len(panel.people), len(items)), -1, np.int64)
        after = before.copy()
        before[again.person, place] = again.before
        after[again.person, place] = panel.codes[again.person, again.item]
        once = panel.given()[items].astype(float)
        np.add.at(once, (place, after[again.person, place]), -1)
        return cls(
            before, after, once, (once + _hot(before, k).sum(axis=0) + _hot(after, k).sum(axis=0)).argmax(axis=1)
        )

    def joined(self, before: Ints, after: Ints) -> Floats:
        """Return how far changed answers come together on items that many say something else of, [deals].

        It is the sum over items of the root of the number of changes times the number of answers, of both times, that
        are not the commonest one of the item.

        Args:
            before: int [deals, P, m].
            after: int [deals, P, m].
        """
        given = self.once + _hot(before, self.once.shape[1]).sum(axis=1) + _hot(after, self.once.shape[1]).sum(axis=1)
        others = given.sum(axis=-1) - given.max(axis=-1)
        return np.asarray((np.sqrt((before != after).sum(axis=1)) * others).sum(axis=-1))

    def dealt(self, deals: int, rng: np.random.Generator) -> Floats:
        """Return the same where each person's answers are dealt out anew to items that mostly got the same label."""
        before = np.tile(self.before, (deals, 1, 1))
        after = np.tile(self.after, (deals, 1, 1))
        for person in range(len(self.before)):
            for label in np.unique(self.usual):
                here = np.flatnonzero((self.before[person] >= 0) & (self.usual == label))
                order = here[rng.random((deals, len(here))).argsort(axis=1)]
                before[:, person, here] = self.before[person][order]
                after[:, person, here] = self.after[person][order]
        return self.joined(before, after)


def _hot(codes: Ints, k: int) -> Floats:
    """Return which label each answer is, float [..., k]; none where there is no answer."""
    return np.asarray((codes[..., None] == np.arange(k)).astype(float))


def _counts(panel: Panel, items: Ints, place: Ints) -> tuple[Floats, Floats, Floats]:
    """Return for each item that was asked again: changes, answers given again, and whether it is split now."""
    flips = np.bincount(place, panel.again.changed, len(items)).astype(float)
    asked = np.bincount(place, minlength=len(items)).astype(float)
    split = ((panel.given()[items] > 0).sum(axis=1) > 1).astype(float)
    return flips, asked, split


def _mixture(flips: Floats, asked: Floats, split: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Fit clear and unclear items, each with how often answers change and items are split (EM), for each resample.

    Args:
        flips: float [m].
        asked: float [m].
        split: float [m].
        weights: float [B, m].

    Returns:
        [B, 3]: the share of unclear items, how often answers change on those and on the others; and the probability
        that each item is unclear, [B, m].
    """
    share = np.full((len(weights), 1), 0.25)
    change = np.tile([0.05, 0.5], (len(weights), 1))
    apart = np.tile([0.2, 0.7], (len(weights), 1))
    unclear = np.zeros(weights.shape)
    for _ in range(STEPS):
        logs = [
            flips * np.log(change[:, [c]])
            + (asked - flips) * np.log1p(-change[:, [c]])
            + split * np.log(apart[:, [c]])
            + (1 - split) * np.log1p(-apart[:, [c]])
            for c in (0, 1)
        ]
        odds = np.log(share) - np.log1p(-share) + logs[1] - logs[0]
        unclear = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        for c, part in ((0, weights * (1 - unclear)), (1, weights * unclear)):
            change[:, c] = ((part * flips).sum(axis=1) + 0.5) / ((part * asked).sum(axis=1) + 1.0)
            apart[:, c] = ((part * split).sum(axis=1) + 0.5) / (part.sum(axis=1) + 1.0)
        change, apart = np.clip(change, 1e-3, 0.999), np.clip(apart, 1e-3, 0.999)
        share = np.clip((weights * unclear).sum(axis=1) / weights.sum(axis=1), 0.01, 0.99)[:, None]
    swapped = change[:, 1] < change[:, 0]
    found = np.column_stack([share[:, 0], change[:, 1], change[:, 0]])
    found[swapped] = np.column_stack([1 - share[:, 0], change[:, 0], change[:, 1]])[swapped]
    return found, np.where(swapped[:, None], 1 - unclear, unclear)


def share_of_unclear(panel: Panel, scale: float, *, draws: int, seed: int = 0) -> tuple[float, float, float]:
    """Return the share of all disagreement that unclear items make up, beyond what people slip everywhere.

    Where a person changes the answer as often as two people differ, all of it is chance or unclear items; so it is the
    changes on unclear items beyond those on the others, over how often two people differ on the items asked again.

    Args:
        panel: The answers, with what was said again.
        scale: The part of all disagreement that is on items as these are.
        draws: Resamples of items.
        seed: Of them.
    """
    items, place = np.unique(panel.again.item, return_inverse=True)
    flips, asked, split = _counts(panel, items, place)
    codes = panel.codes[:, items]
    far, pairs = apart_by_item(codes, (panel.apart > 0).astype(float), item_weights(codes))
    weights = np.vstack([np.ones(len(items)), resampled(len(items), draws, seed)])
    fitted, _ = _mixture(flips, asked, split, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        differ = (weights @ far) / (weights @ pairs)
        return interval(fitted[:, 0] * np.maximum(fitted[:, 1] - fitted[:, 2], 0) / differ * scale)
