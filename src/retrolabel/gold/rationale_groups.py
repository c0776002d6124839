"""Rationales that say much the same, in groups; what stands alone stays alone.

Texts become vectors by TF-IDF (scikit-learn): half of the weight is on whole words, half on the beginnings of words, so
that an ending does not part what belongs together; endings that unlike words share join nothing. Small words, and what
one rationale alone says, are left out. Average linkage puts together what is nearest by the cosine, up to one distance.
No number of groups is chosen beforehand, and a rationale that is like no other one is in none. Without the weights of
words (``idf=False``) planted groups are found about as well, but in real texts the sentence that all of them have in
common makes one group of all: docs/agreement_proposals.md.

The same rationales give the same groups. What is said in two languages is in two groups: nothing is translated.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_array

FEWEST = 3
"""The items of a group at least."""
APART = 0.91
"""The mean distance (one minus the cosine) from which on two groups stay apart."""
BEGINNINGS = (4, 5, 6)
"""The letters of a word that are a beginning of it; a shorter word is its own."""
NEARLY = 0.9
"""The share of the likeness of the text that is most like the others, from which on a text may be quoted for it."""
TERMS = 6
"""The words that are named of a group at most."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rationales that say much the same.

    Attributes:
        members: Their places, ascending.
        centre: The place of the one to quote: most like the others, or nearly so and shorter.
        terms: The words that stand in it more than elsewhere, the most telling ones first.
        likeness: How alike its texts are on average, from 0 to 1; 1 where all of them are one text.
    """

    members: tuple[int, ...]
    centre: int
    terms: tuple[str, ...]
    likeness: float


def group_rationales(
    words: Sequence[Sequence[str]],
    items: Sequence[object],
    *,
    fewest: int = FEWEST,
    apart: float = APART,
    idf: bool = True,
) -> tuple[Group, ...]:
    """Return the groups of rationales, those of most items first.

    Args:
        words: n rationales: the words of each, in their order; equal ones are one text that was written several times.
        items: n: what each is about.
        fewest: The items of a group at least.
        apart: The mean distance from which on two groups stay apart.
        idf: Whether words that many rationales hold weigh less.

    Example:
        >>> said = ["page slow", "slow page loads", "very slow page", "wrong price", "price wrong", "shows wrong price"]
        >>> for group in group_rationales([text.split() for text in said], range(6)):
        ...     print(group.members, group.terms)
        (0, 1, 2) ('page', 'slow')
        (3, 4, 5) ('price', 'wrong')
    """
    texts: dict[tuple[str, ...], list[int]] = {}
    for place, each in enumerate(words):
        if each:
            texts.setdefault(tuple(each), []).append(place)
    if not texts:
        return ()
    distinct, written = list(texts), list(texts.values())
    vectors = _vectors(distinct, idf=idf)
    found = []
    for members in _joined(vectors, apart):
        places = tuple(sorted(place for text in members for place in written[text]))
        if len({items[place] for place in places}) >= fewest:
            alike = (vectors[members] @ vectors[members].T).toarray()
            centre = _centre(members, alike.sum(axis=1), distinct)
            found.append(Group(places, written[centre][0], _terms(members, distinct), _likeness(alike)))
    return tuple(sorted(found, key=lambda each: (-len({items[place] for place in each.members}), each.members)))


def _vectors(texts: Sequence[Sequence[str]], *, idf: bool) -> csr_array:
    """Return float [n, V]: the vectors, of length 1 at most; of length 0 where a text shares nothing with another."""
    from scipy.sparse import csr_array, hstack  # noqa: PLC0415 - slow to import, and seldom needed
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - slow to import, and seldom needed

    written = [" ".join(each) for each in texts]
    parts = []
    for analyzer in (str.split, _beginnings):
        vectorizer = TfidfVectorizer(min_df=min(2, len(texts)), use_idf=idf, sublinear_tf=True, analyzer=analyzer)
        try:
            parts.append(vectorizer.fit_transform(written) * np.sqrt(0.5))
        except ValueError:  # no two texts share anything
            continue
    return csr_array(hstack(parts)) if parts else csr_array((len(texts), 1))


def _beginnings(text: str) -> list[str]:
    """Return the beginnings of the words of a text."""
    return [
        word[:letters] for word in text.split() for letters in BEGINNINGS if letters <= max(len(word), BEGINNINGS[0])
    ]


def _joined(vectors: csr_array, apart: float) -> list[list[int]]:
    """Return all texts in groups, of which many have one text; in the order of their first text."""
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415 - slow to import, and seldom needed

    if vectors.shape[0] == 1:
        return [[0]]
    far = np.clip(1.0 - (vectors @ vectors.T).toarray(), 0.0, 1.0)
    np.fill_diagonal(far, 0.0)
    joining = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=apart
    ).fit(far)
    groups: dict[int, list[int]] = {}
    for place, group in enumerate(joining.labels_):
        groups.setdefault(int(group), []).append(place)
    return list(groups.values())


def _centre(members: Sequence[int], alike: npt.NDArray[np.float64], texts: Sequence[Sequence[str]]) -> int:
    """Return the text to quote: of those that are nearly as much like the others as any, the one of fewest words."""
    near = [place for place, each in zip(members, alike, strict=True) if each >= NEARLY * alike.max()]
    return min(near, key=lambda place: (len(texts[place]), place))


def _likeness(alike: npt.NDArray[np.float64]) -> float:
    size = len(alike)
    return float(np.clip((alike.sum() - np.trace(alike)) / (size * (size - 1)), 0.0, 1.0)) if size > 1 else 1.0


def _terms(group: Sequence[int], texts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the words that stand in the texts of a group more than in the others: frequent there, by log odds."""
    inside, everywhere = _held(texts[place] for place in group), _held(texts)
    size, rest, least = len(group), len(texts) - len(group), min(2, len(group))

    def odds(word: str) -> float:
        mine, others = inside[word], everywhere[word] - inside[word]
        return float(np.log((mine + 0.5) / (size - mine + 0.5)) - np.log((others + 0.5) / (rest - others + 0.5)))

    telling = [word for word, count in inside.items() if count >= least and odds(word) > 0]
    return tuple(sorted(telling, key=lambda word: (-inside[word] * odds(word), word))[:TERMS])


def _held(texts: Iterable[Sequence[str]]) -> Counter[str]:
    """Return word -> the texts that hold it."""
    return Counter(word for text in texts for word in set(text))
