"""What is known of texts, and which of it chooses the words of labeling functions, and which judges them."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrolabel.analysis.terms import folded_case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]
    Texts = Sequence[Sequence[str | None]]

ENOUGH_GOLD = 200
"""The gold items from which on half of them choose; with fewer, a label set does."""
FEWEST_GOLD = 20
"""The gold items below which nothing is judged."""
CONFIDENT = 0.75
"""The probability from which on a label set's label is taken for one: one vote alone, without gold, gives more."""
EXACT = 2.0**20
"""Weights are whole numbers of parts of this size, so that their sums do not depend on the order of the items."""
BY_GOLD, BY_ALL_GOLD, BY_LABEL_SET, BY_NOTHING = "half of the gold", "all gold", "a label set", "nothing"


class Chooser(NamedTuple):
    """What chooses terms.

    Attributes:
        mass: float [n, k]: how much each text counts as one of each label.
        by: What that rests on, in words.
    """

    mass: Floats
    by: str

    @property
    def texts(self) -> Ints:
        """The texts that count."""
        return np.flatnonzero(self.mass.any(axis=1))


@dataclass(frozen=True)
class Evidence:
    """What is known of n texts.

    Attributes:
        labels: The k labels.
        gold: int [n]: the place of the label that people gave; -1 where they gave none, or several.
        said: int [n]: the place of the label that a label set gives; -1 where it gives none. ``None`` without one.
        sure: float [n]: how sure it is of that label.
        voted: bool [n, k]: whether labeling functions vote for this one label, and for no other.
        needy: bool [n]: items without a sure label. All, where it is left out.
        taken: Says of a term and a label's place whether a labeling function looks for it already.
    """

    labels: tuple[str, ...]
    gold: Ints
    said: Ints | None = None
    sure: Floats | None = None
    voted: Mask | None = None
    needy: Mask | None = None
    taken: Callable[[str, int], bool] = field(default=lambda term, label: False)  # noqa: ARG005 - nothing is taken

    def chosen_by(self, texts: Texts) -> tuple[list[Chooser], Mask]:
        """Return what chooses terms, and what judges them; no text does both.

        Where gold is enough one half of it chooses, then what a label set is sure of: it knows more texts, and other
        ones after each labeling function.

        Args:
            texts: The n texts.

        Returns:
            What chooses, one after the other; bool [n], the gold that judges. A text without words is in neither.
        """
        known = (self.gold >= 0) & says_something(texts)
        count = int(known.sum())
        judging = known & (count >= FEWEST_GOLD)
        by_set = self._by_label_set(texts)
        if count < ENOUGH_GOLD and by_set is not None:
            return [by_set], judging
        judges = judging.copy()
        judges[judging] = halves_of([texts[row] for row in np.flatnonzero(judging).tolist()]) == 1
        chooses = known & ~judges
        mass = np.zeros((len(self.gold), len(self.labels)))
        mass[chooses, self.gold[chooses]] = 1.0
        by = BY_GOLD if judges.any() else BY_ALL_GOLD if count else BY_NOTHING
        return [Chooser(mass, by), *([by_set] if by_set is not None else [])], judges

    def _by_label_set(self, texts: Texts) -> Chooser | None:
        """Return what a label set is sure of, without gold; ``None`` where that is nothing."""
        if self.said is None or self.sure is None:
            return None
        k = len(self.labels)
        sure = (self.gold < 0) & says_something(texts) & (self.said >= 0) & (self.sure >= CONFIDENT)
        if not sure.any():
            return None
        mass = np.zeros((len(self.gold), k))
        p = np.round(self.sure[sure, None] * EXACT) / EXACT
        rest = np.floor((1 - p) / max(k - 1, 1) * EXACT) / EXACT
        mass[sure] = np.where(np.arange(k) == self.said[sure, None], p, rest)
        return Chooser(mass, BY_LABEL_SET)


def says_something(texts: Texts) -> Mask:
    """Return bool [n]: whether a text has a cell that is not empty."""
    return np.array([any(cell and not cell.isspace() for cell in cells) for cells in texts], np.bool_)


def halves_of(texts: Texts) -> Ints:
    """Return int [n]: 0 or 1 for each text, by its words: texts that differ in case, digits or signs are together."""
    plain = [re.sub(r"[\W\d_]+", " ", folded_case(" ".join(cell or "" for cell in cells))).strip() for cells in texts]
    return np.array([zlib.crc32(each.encode("utf-8", "replace")) & 1 for each in plain], np.int64)
