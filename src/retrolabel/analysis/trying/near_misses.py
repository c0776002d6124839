"""Items that read like those that a labeling function hits, and that it does not hit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_matrix

LONGEST = 2_000
"""Characters of a text that are looked at."""
TERMS = 3
"""Words that are named of each."""
MOST_WORDS = 50_000
EVERYWHERE, MANY = 0.1, 200
"""A word in more than this share of the texts says nothing of likeness, where there are many texts."""


@dataclass(frozen=True)
class NearMiss:
    """An item that reads like the hits.

    Attributes:
        row: The item.
        likeness: How much it reads like the hits, more than like all items; comparable within one sample only.
        terms: The words that make it so.
    """

    row: int
    likeness: float
    terms: tuple[str, ...]


class Texts:
    """Texts by their words (TF-IDF), read once and asked again and again.

    Args:
        texts: The texts, one an item.

    Example:
        >>> texts = Texts(["the link is dead", "a dead link here", "dead links, dead link", "nice answer", "nice one"])
        >>> [each.row for each in texts.like(np.array([True, False, False, False, False]), most=2)]
        [1, 2]
    """

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - it takes a second

        self._texts = [text[:LONGEST] for text in texts]
        self._reader = TfidfVectorizer(
            sublinear_tf=True,
            min_df=2,
            max_df=EVERYWHERE if len(texts) >= MANY else 1.0,
            max_features=MOST_WORDS,
            dtype=np.float32,
            token_pattern=r"(?u)\b\w+\b",  # noqa: S106 - no password: what a word is
        )
        try:
            self._words: csr_matrix | None = self._reader.fit_transform(self._texts)
        except ValueError:  # no word stands in two of them
            self._words = None

    def like(self, hits: npt.NDArray[np.bool_], *, most: int) -> list[NearMiss]:
        """Return the items that are like the hits and are none, the most alike first; of equal texts the first.

        Args:
            hits: bool [n].
            most: How many.
        """
        if self._words is None or not hits.any() or hits.all():
            return []
        towards = np.maximum(np.asarray(self._words[hits].mean(axis=0) - self._words.mean(axis=0)).ravel(), 0)
        likeness = np.asarray(self._words @ towards).ravel()
        likeness[hits] = -np.inf
        names = self._reader.get_feature_names_out()
        known = {self._texts[row].casefold() for row in np.flatnonzero(hits).tolist()}
        found: list[NearMiss] = []
        for row in np.argsort(-likeness, kind="stable").tolist():
            if len(found) == most or likeness[row] <= 0:
                break
            text = self._texts[row].casefold()
            if text not in known:
                known.add(text)
                found.append(NearMiss(row, float(likeness[row]), self._terms(row, towards, names)))
        return found

    def _terms(
        self, row: int, towards: npt.NDArray[np.floating[Any]], names: npt.NDArray[np.object_]
    ) -> tuple[str, ...]:
        words = self._words[row]  # type: ignore[index]  # there are some
        parts = words.data * towards[words.indices]
        best = np.argsort(-parts, kind="stable")[:TERMS]
        return tuple(str(names[words.indices[place]]) for place in best.tolist() if parts[place] > 0)
