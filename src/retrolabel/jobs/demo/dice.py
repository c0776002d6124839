"""Chance and slots: the two small tools with which the simulated texts are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from retrolabel.jobs.demo.phrases import SYNONYMS
from retrolabel.jobs.demo.topics import TOPICS, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

_BLOCK = 65_536
_T = TypeVar("_T")

MONTHS = ("January", "February", "March", "April", "May", "June", "September", "October", "November")
BAD_VALUES = ("true", "0", "-1", "unlimited", "default", "legacy", "null", "enabled")


class Dice:
    """Uniform numbers from a generator, drawn in blocks since single draws are slow.

    Example:
        >>> import numpy as np
        >>> dice = Dice(np.random.default_rng(0))
        >>> dice.pick(["a", "b", "c"]), dice.chance(1.0)
        ('b', True)
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.roll = self._rolls(rng).__next__

    @staticmethod
    def _rolls(rng: np.random.Generator) -> Iterator[float]:
        while True:
            yield from rng.random(_BLOCK).tolist()

    def pick(self, options: Sequence[_T]) -> _T:
        """Return one of the options, each as likely as the next."""
        return options[int(self.roll() * len(options))]

    def often(self, options: Sequence[_T]) -> _T:
        """Return one of the options, the first ones more often than the last."""
        return options[int(self.roll() ** 1.6 * len(options))]

    def some(self, options: Sequence[_T], count: int) -> list[_T]:
        """Return ``count`` different options, in the order of drawing."""
        drawn: dict[int, None] = {}
        while len(drawn) < count:
            drawn[int(self.roll() * len(options))] = None
        return [options[at] for at in drawn]

    def chance(self, probability: float) -> bool:
        """Return whether something of this probability happens."""
        return self.roll() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` up to, and with, ``high``."""
        return low + int(self.roll() * (high - low + 1))

    def choose(self, weights: Mapping[str, float]) -> str:
        """Return a key, with a probability in proportion to its weight."""
        left = self.roll() * sum(weights.values())
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        return key


class Slots(dict[str, str]):
    """The words of one item; a slot without a word gets a synonym, anew each time."""

    def __init__(self, dice: Dice, words: Mapping[str, str]) -> None:
        super().__init__(words)
        self._dice = dice

    def __missing__(self, slot: str) -> str:
        """Return one of the synonyms that the slot stands for."""
        return self._dice.often(SYNONYMS[slot])

    def fill(self, template: str) -> str:
        """Return the template with its slots filled and its first letter as a capital.

        Example:
            >>> import numpy as np
            >>> Slots(Dice(np.random.default_rng(0)), {"noun": "cache"}).fill("{noun} is gone.")
            'Cache is gone.'
        """
        text = template.format_map(self)
        return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Scene:
    """The words for one item: as asked, and as they are for an old version, elsewhere, and next door."""

    asked: Slots
    old: Slots
    elsewhere: Slots
    sibling: Slots


def draw_scene(dice: Dice, year: int, channel: str) -> Scene:
    """Draw what an item is about.

    Args:
        dice: Where chance comes from.
        year: The year in which the user asks.
        channel: Where the user asks.
    """
    topic = dice.pick(TOPICS)
    sibling = _another(dice, topic, same_product=True)
    other = _another(dice, topic, same_product=False)
    recent = dice.chance(0.35)
    shared = {
        "channel": channel,
        "n": str(dice.between(2, 45)),
        "version": f"{dice.between(5, 6)}.{dice.between(0, 9)}",
        "oldversion": f"{dice.between(2, 4)}.{dice.between(0, 9)}",
        "year": str(year if recent else year - 1),
        "oldyear": str(year - dice.between(3, 8)),
        "month": "January" if recent else dice.pick(MONTHS),
        "badvalue": dice.pick(BAD_VALUES),
    }
    asked = shared | _words(dice, topic, other)
    old = asked | {"version": shared["oldversion"], "year": shared["oldyear"]}
    elsewhere = shared | _words(dice, other, topic)
    return Scene(
        Slots(dice, asked), Slots(dice, old), Slots(dice, elsewhere), Slots(dice, shared | _words(dice, sibling, other))
    )


def _another(dice: Dice, topic: Topic, *, same_product: bool) -> Topic:
    """Draw a different topic, of the same product or of another one."""
    while True:
        other = dice.pick(TOPICS)
        if other is not topic and (other.product == topic.product) is same_product:
            return other


def _words(dice: Dice, topic: Topic, other: Topic) -> dict[str, str]:
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
