"""Two label sets on the same gold items: which is right more often, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.gold.agreement import NOTHING, Z95, Estimate

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two label sets on the items that both can be judged on.

    Attributes:
        items: How many there are.
        before: On how many the first is right.
        after: On how many the second is.
        gain: How much more often the second is right, as a share of the items.
    """

    items: int
    before: int
    after: int
    gain: Estimate

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        gain = {"value": self.gain.value, "low": self.gain.low, "high": self.gain.high}
        return {"items": self.items, "before": self.before, "after": self.after, "gain": gain}


def paired(before: npt.NDArray[np.bool_], after: npt.NDArray[np.bool_]) -> Pairing:
    """Return the difference of two shares on the same items, with its 95 % interval.

    The interval is Agresti & Min's (2005): half an item is added to each of the four cells of the table of before
    against after, so that little data where nothing flipped is no certainty.

    Args:
        before: bool [n]: whether the first is right.
        after: bool [n]: the same of the second.

    Example:
        >>> import numpy as np
        >>> found = paired(np.array([True] * 6 + [False] * 4), np.array([True] * 8 + [False] * 2))
        >>> found.items, round(found.gain.value, 2), found.gain.low < 0 < found.gain.high
        (10, 0.2, True)
    """
    n = len(before)
    won, lost = int((~before & after).sum()), int((before & ~after).sum())
    if not n:
        return Pairing(0, 0, 0, NOTHING)
    size, plus, minus = n + 2.0, won + 0.5, lost + 0.5
    middle = (plus - minus) / size
    half = Z95 * math.sqrt(max(plus + minus - (plus - minus) ** 2 / size, 0.0)) / size
    gain = Estimate((won - lost) / n, max(middle - half, -1.0), min(middle + half, 1.0))
    return Pairing(n, int(before.sum()), int(after.sum()), gain)
