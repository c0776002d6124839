"""Whether people agree less than before: two samples of answers, and an interval of the difference."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.gold.coefficient import DRAWS, LEAST, Coefficient
from retrolabel.gold.coefficients import krippendorff_alpha

if TYPE_CHECKING:
    from retrolabel.gold.coding import Ratings
    from retrolabel.gold.distances import Distance


@dataclass(frozen=True, slots=True)
class Change:
    """How far agreement is from what it was.

    Attributes:
        now: Krippendorff's alpha of the newest answers.
        before: That of the answers before.
        why: Why the two cannot be compared; empty otherwise.
    """

    now: Coefficient
    before: Coefficient
    why: str = ""

    @property
    def by(self) -> float:
        """By how much alpha grew; NaN where it cannot be compared."""
        if self.now.value is None or self.before.value is None:
            return math.nan
        return self.now.value - self.before.value

    @property
    def low(self) -> float:
        """The lower end of the 95 % interval of :attr:`by`."""
        return self.by - math.hypot(_below(self.now), _above(self.before))

    @property
    def high(self) -> float:
        """Its upper end."""
        return self.by + math.hypot(_above(self.now), _below(self.before))

    @property
    def fell(self) -> bool:
        """Whether people agree less, beyond chance: the whole interval lies below 0."""
        return not self.why and self.high < 0


def change_of_agreement(  # noqa: PLR0913 - the same keywords everywhere
    now: Ratings, before: Ratings, level: Distance = "nominal", *, least: int = LEAST, draws: int = DRAWS, seed: int = 0
) -> Change:
    """Return how far the agreement of the newest answers is from that of the answers before.

    Each alpha has its interval from resampling items. That of the difference comes from the two, each side from the
    sides that it depends on (Zou & Donner 2008), so that it is as lopsided as they are.

    Args:
        now: The newest answers.
        before: Those before; of the same values.
        level: As of ``krippendorff_alpha``.
        least: On fewer items a figure is withheld, and nothing is compared.
        draws: Resamples of each interval.
        seed: Of the resamples.

    Example:
        >>> import numpy as np
        >>> from retrolabel.gold.coding import Ratings
        >>> def ratings(wrong):
        ...     truth = np.arange(100) % 2
        ...     codes = np.stack([truth, np.where(np.arange(100) % 10 < wrong, 1 - truth, truth)]).astype(np.int32)
        ...     return Ratings(codes, ("bad", "good"), ("ana", "ben"), tuple(range(100)))
        >>> found = change_of_agreement(ratings(3), ratings(1))
        >>> round(found.by, 2), round(found.low, 2), round(found.high, 2), found.fell
        (-0.4, -0.62, -0.18, True)
    """
    mine, earlier = (krippendorff_alpha(e, level, least=least, draws=draws, seed=seed) for e in (now, before))
    why = f"now: {mine.why}" if mine.why else f"before: {earlier.why}" if earlier.why else ""
    return Change(mine, earlier, why)


def _below(figure: Coefficient) -> float:
    return math.nan if figure.value is None or figure.low is None else figure.value - figure.low


def _above(figure: Coefficient) -> float:
    return math.nan if figure.value is None or figure.high is None else figure.high - figure.value
