"""Chance: uniform numbers from a seeded generator, and what is drawn with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

_BLOCK = 65_536
_T = TypeVar("_T")


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
        """Return ``count`` different options, or all where there are fewer, in the order of drawing."""
        drawn: dict[int, None] = {}
        while len(drawn) < min(count, len(options)):
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
