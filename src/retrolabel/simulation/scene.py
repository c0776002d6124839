"""What an item is about: the words that fill the slots of its sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.simulation.dice import Dice
    from retrolabel.simulation.words import Lists, Topic, Words

TOPIC_SLOTS = frozenset({
    "product", "other", "task", "noun", "a_noun", "command", "setting", "value", "title", "screen",
})  # fmt: skip
"""Slots that the topic of an item fills."""
DRAWN_SLOTS = frozenset({"channel", "n", "version", "oldversion", "year", "oldyear", "month", "badvalue"})
"""Slots that are the same wherever the item looks."""


class Slots(dict[str, str]):
    """The words of one item; a slot without a word gets a synonym, anew each time.

    Example:
        >>> import numpy as np
        >>> from retrolabel.simulation.dice import Dice
        >>> slots = Slots(Dice(np.random.default_rng(0)), {"noun": "cache"}, {"bad": ("gone", "lost")})
        >>> slots.fill("{noun} is {bad}.")
        'Cache is gone.'
    """

    def __init__(self, dice: Dice, words: Mapping[str, str], synonyms: Lists) -> None:
        super().__init__(words)
        self._dice = dice
        self._synonyms = synonyms

    def __missing__(self, slot: str) -> str:
        """Return one of the synonyms that the slot stands for."""
        return self._dice.often(self._synonyms[slot])

    def fill(self, sentence: str) -> str:
        """Return the sentence with its slots filled and its first letter as a capital."""
        text = sentence.format_map(self)
        return text[:1].upper() + text[1:]

    def pick(self, sentences: Sequence[str]) -> str:
        """Return one of the sentences, each as likely as the next, filled."""
        return self.fill(self._dice.pick(sentences))

    def often(self, sentences: Sequence[str]) -> str:
        """Return one of the sentences, the first ones more often than the last, filled."""
        return self.fill(self._dice.often(sentences))

    def some(self, sentences: Sequence[str], count: int) -> list[str]:
        """Return ``count`` different sentences, filled, in the order of drawing."""
        return [self.fill(sentence) for sentence in self._dice.some(sentences, count)]


@dataclass(frozen=True, slots=True)
class Scene:
    """The words for one item: as asked, and as they are for an old version, elsewhere, and next door."""

    asked: Slots
    old: Slots
    elsewhere: Slots
    sibling: Slots


def draw_scene(dice: Dice, words: Words, year: int, channel: str) -> Scene:
    """Draw what an item is about.

    Args:
        dice: Where chance comes from.
        words: The topics, and what fills the other slots.
        year: The year in which the user asks.
        channel: Where the user asks.
    """
    topic = dice.pick(words.topics)
    sibling = _another(dice, words.topics, topic, same_product=True)
    other = _another(dice, words.topics, topic, same_product=False)
    recent = dice.chance(0.35)
    shared = {
        "channel": channel,
        "n": str(dice.between(2, 45)),
        "version": f"{dice.between(5, 6)}.{dice.between(0, 9)}",
        "oldversion": f"{dice.between(2, 4)}.{dice.between(0, 9)}",
        "year": str(year if recent else year - 1),
        "oldyear": str(year - dice.between(3, 8)),
        "month": "January" if recent else dice.pick(words.slots.months),
        "badvalue": dice.pick(words.slots.bad_values),
    }
    asked = shared | _topic_words(dice, topic, other)
    old = asked | {"version": shared["oldversion"], "year": shared["oldyear"]}
    elsewhere = shared | _topic_words(dice, other, topic)
    next_door = shared | _topic_words(dice, sibling, other)
    return Scene(*(Slots(dice, filled, words.slots.synonyms) for filled in (asked, old, elsewhere, next_door)))


def _another(dice: Dice, topics: Sequence[Topic], topic: Topic, *, same_product: bool) -> Topic:
    """Draw a different topic, of the same product or of another one."""
    while True:
        other = dice.pick(topics)
        if other is not topic and (other.product == topic.product) is same_product:
            return other


def _topic_words(dice: Dice, topic: Topic, other: Topic) -> dict[str, str]:
    return {
        "product": topic.product,
        "other": other.product,
        "task": topic.task,
        "noun": topic.noun,
        "a_noun": f"{'an' if topic.noun[0] in 'aeiou' else 'a'} {topic.noun}",
        "command": topic.command,
        "setting": topic.setting,
        "value": dice.pick(topic.values),
        "title": topic.title,
        "screen": topic.screen,
    }
