"""Terms of one label that say much the same, for one labeling function: of one stem, or in the same company.

The company of a term are the words of the texts that hold it, weighed by how much oftener they stand there than
elsewhere (positive pointwise mutual information, Church & Hanks 1990); two are alike by the cosine of these.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.terms import words_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.analysis.terms import Terms

    Floats = npt.NDArray[np.float64]

STEM, OF_WORD = 4, 0.6
"""The letters with which two words of one stem begin at least, and the share of the longer one that these are."""
ALIKE = 0.6
"""How alike terms and a group must be, on average."""
LARGEST = 8
"""The terms of a group at most."""


def group(terms: Terms, chosen: Sequence[int]) -> list[list[int]]:
    """Return chosen terms in groups; each group, and the groups, in the order in which the terms were given.

    Args:
        terms: All terms.
        chosen: The places of those that are to be grouped.
    """
    alike = likeness(terms, chosen)
    groups: list[list[int]] = [[place] for place in range(len(chosen))]
    while len(groups) > 1:
        best = max(
            (
                (round(float(alike[np.ix_(one, other)].mean()), 9), -first, -second)
                for first, one in enumerate(groups)
                for second, other in enumerate(groups[first + 1 :], start=first + 1)
                if len(one) + len(other) <= LARGEST
            ),
            default=(0.0, 0, 0),
        )
        if best[0] < ALIKE:
            break
        groups[-best[1]] += groups.pop(-best[2])
    return [[chosen[place] for place in sorted(each)] for each in sorted(groups, key=min)]


def likeness(terms: Terms, chosen: Sequence[int]) -> Floats:
    """Return float [c, c]: how alike chosen terms are, from 0 to 1."""
    company = _company(terms, chosen)
    alike = np.asarray(company @ company.T, np.float64)
    for first, one in enumerate(chosen):
        for second, other in enumerate(chosen[:first]):
            if related(terms.words[one], terms.words[other]):
                alike[first, second] = alike[second, first] = 1.0
    return alike


def related(one: str, other: str) -> bool:
    """Return whether two terms share a word, but for its ending.

    Example:
        >>> related("crashes", "app crashed"), related("car", "card"), related("how to", "how do")
        (True, False, False)
    """
    return any(_of_one_stem(word, like) for word in words_in(one) for like in words_in(other))


def _of_one_stem(word: str, like: str) -> bool:
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, like, strict=False)))
    return alike >= max(STEM, OF_WORD * max(len(word), len(like)))


def _company(terms: Terms, chosen: Sequence[int]) -> Floats:
    """Return float [c, W]: what stands in the texts of each term more than elsewhere, as vectors of length 1."""
    single = [place for place, word in enumerate(terms.words) if " " not in word]
    mine, words = terms.hits[:, list(chosen)], terms.hits[:, single]
    together = np.asarray((mine.T @ words).todense(), np.float64)
    texts = terms.hits.shape[0]
    own, of_word = np.asarray(mine.sum(axis=0), np.float64), np.asarray(words.sum(axis=0), np.float64)
    expected = np.outer(own, of_word) / max(texts, 1)
    above = np.log(np.maximum(together, 1e-9) / np.maximum(expected, 1e-9))
    above = np.where(together > 0, np.maximum(above, 0.0), 0.0)
    column_of = {terms.words[of]: column for column, of in enumerate(single)}
    for row, place in enumerate(chosen):  # a term is no company of itself
        inside = {*words_in(terms.words[place]), terms.words[place]}
        above[row, [column_of[word] for word in inside if word in column_of]] = 0.0
    length = np.linalg.norm(above, axis=1, keepdims=True)
    return np.asarray(above / np.where(length > 0, length, 1.0), np.float64)
