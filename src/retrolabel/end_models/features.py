"""Texts as numbers: TF-IDF of words and of characters, kept as plain arrays so that no code is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_matrix

WORDS: dict[str, Any] = {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"}
CHARACTERS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (2, 5)}
SPACED: dict[str, Any] = {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"\S+"}
KINDS: dict[str, dict[str, Any]] = {"words": WORDS, "characters": CHARACTERS}
MOST = 100_000
"""The most frequent n-grams of a kind that are kept."""
ENOUGH = 20
"""From so many items on an n-gram that only one has is left out."""
READ = 4_000
"""The first characters of a text that are read: logs that people paste are longer, and say little."""
SEPARATOR = "\n"
"""What stands between the columns of an item."""


@dataclass(frozen=True, eq=False)
class TextFeatures:
    """TF-IDF of words (one and two in a row) and of two to five characters within a word, of each column apart.

    Salton & Buckley 1988, with logarithmic counts and rows of length one for each column and kind. A word in a title is
    another one than in a body.

    Attributes:
        terms: ``COLUMN KIND``, as ``0 words``, -> its n-grams, sorted.
        weights: The same -> float [terms]: the inverse document frequency of each.
    """

    terms: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, npt.NDArray[np.float64]]

    @classmethod
    def fit(cls, items: Sequence[Sequence[object]], *, most: int = MOST) -> TextFeatures:
        """Return the features of some items.

        Args:
            items: For each item its texts, a cell a column.
            most: The most frequent n-grams of a column and kind that are kept.

        Example:
            >>> found = TextFeatures.fit([["dead link"], ["dead page"], ["a page"]])
            >>> found.transform([["dead link"]]).shape[0], "dead" in found.terms["0 words"]
            (1, True)
        """
        return cls.learned(items, most=most)[0]

    @classmethod
    def learned(
        cls, items: Sequence[Sequence[object]], *, most: int = MOST, columns: Sequence[int] | None = None
    ) -> tuple[TextFeatures, csr_matrix]:
        """Return the features of some items, and the items as those: each text is read once.

        Args:
            items: For each item its texts, a cell a column.
            most: As above.
            columns: The places of the columns that are read; all if left out.
        """
        terms: dict[str, tuple[str, ...]] = {}
        weights: dict[str, npt.NDArray[np.float64]] = {}
        parts = []
        for column in range(max(map(len, items), default=0)) if columns is None else columns:
            texts = _texts(items, column)
            for kind in KINDS:
                made = learned_terms(kind, texts, most)
                if made is not None:
                    terms[f"{column} {kind}"], weights[f"{column} {kind}"], numbers = made
                    parts.append(numbers)
        return cls(terms, weights), beside(parts, len(items))

    @property
    def size(self) -> int:
        """How many numbers an item has."""
        return sum(len(each) for each in self.terms.values())

    def transform(self, items: Sequence[Sequence[object]]) -> csr_matrix:
        """Return the features of items, float [n, size], sparse.

        Args:
            items: For each item its texts, a cell a column.
        """
        parts = []
        for name, terms in self.terms.items():
            column, _, kind = name.partition(" ")
            parts.append(terms_in(kind, _texts(items, int(column)), terms, self.weights[name]))
        return beside(parts, len(items))


def learned_terms(
    kind: str, texts: Sequence[str], most: int
) -> tuple[tuple[str, ...], npt.NDArray[np.float64], csr_matrix] | None:
    """Return the n-grams of texts, the weight of each, and the texts as those; ``None`` where no text has one.

    Args:
        kind: ``words``, ``characters``; any other kind is of words with a space between them.
        texts: The texts.
        most: The most frequent n-grams that are kept.
    """
    made = _vectorizer(KINDS.get(kind, SPACED), max_features=most, min_df=2 if len(texts) >= ENOUGH else 1)
    try:
        numbers = made.fit_transform(texts)
    except ValueError:  # no text has a word
        return None
    return tuple(map(str, made.get_feature_names_out())), np.asarray(made.idf_, np.float64), numbers


def terms_in(kind: str, texts: Sequence[str], terms: Sequence[str], weights: npt.NDArray[np.float64]) -> csr_matrix:
    """Return texts as n-grams that are known, float [n, terms], sparse.

    Args:
        kind: As above.
        texts: The texts.
        terms: The n-grams.
        weights: The weight of each.
    """
    made = _vectorizer(KINDS.get(kind, SPACED), vocabulary={term: place for place, term in enumerate(terms)})
    made.idf_ = weights
    found: csr_matrix = made.transform(texts)
    return found


def beside(parts: Sequence[Any], rows: int) -> csr_matrix:
    """Return features beside each other, float [rows, all of them], sparse.

    Args:
        parts: The features.
        rows: How many items there are, where there is no part.
    """
    from scipy.sparse import csr_matrix, hstack  # noqa: PLC0415 - slow to import

    return csr_matrix(hstack(parts)) if parts else csr_matrix((rows, 0))


def _texts(items: Sequence[Sequence[object]], column: int) -> list[str]:
    return [joined(each[column : column + 1])[:READ] for each in items]


def joined(cells: Sequence[object]) -> str:
    r"""Return the texts of an item as one; what is missing is left out.

    Example:
        >>> joined(["Crash", None, "It stops."])
        'Crash\nIt stops.'
    """
    return SEPARATOR.join(str(each) for each in cells if each is not None and each == each)  # noqa: PLR0124 - NaN


def _vectorizer(options: Mapping[str, Any], **more: Any) -> Any:  # noqa: ANN401 - scikit-learn's
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - slow to import

    return TfidfVectorizer(lowercase=True, sublinear_tf=True, dtype=np.float64, **options, **more)
