"""The texts of items by their terms, in an order that depends on nothing but what they say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_array

    from retrolabel.analysis.terms import Terms

    Ints = npt.NDArray[np.int64]

LONGEST = 2_000
"""Characters of a text that are looked at."""
FEWEST, SHARE = 3, 0.0005
"""The items that hold a term at least, and the share of them."""


@dataclass(frozen=True, eq=False)
class Corpus:
    """The texts of n items.

    Items that say the very same are one text; texts are numbered in their own order. So whatever is worked out text by
    text does not depend on the order of the items.

    Attributes:
        terms: The terms of the items.
        same: int [n]: the text of each item.
        texts: float32 [d, V], sparse: which text holds which term.
        said: The d texts, the cells of each joined.
        columns: The columns that the cells are of.
        cells: The n items, for each a cell a column.
    """

    terms: Terms
    same: Ints
    texts: csr_array
    said: Sequence[str]
    columns: Sequence[str]
    cells: Sequence[Sequence[str | None]]

    @classmethod
    def of(
        cls,
        cells: Sequence[Sequence[str | None]],
        columns: Sequence[str],
        advance: Callable[[float], None] = lambda _: None,
    ) -> Corpus:
        """Return the texts of items.

        Args:
            cells: n items, for each a cell a column.
            columns: The columns.
            advance: Told how many texts were read, of three times n.

        Example:
            >>> corpus = Corpus.of([["b"], ["a"], ["b"]], ["comment"])
            >>> corpus.same.tolist(), corpus.said
            ([1, 0, 1], ['a', 'b'])
        """
        cut = [[None if cell is None else cell[:LONGEST] for cell in row] for row in cells]
        joined = ["\0".join(cell or "" for cell in row) for row in cut]
        said = sorted(set(joined))
        place = {text: number for number, text in enumerate(said)}
        same = np.array([place[text] for text in joined], np.int64)
        terms = terms_of(cut, fewest=max(FEWEST, math.ceil(SHARE * len(cut))), advance=advance)
        first = np.zeros(len(said), np.int64)
        first[same] = np.arange(len(same))
        return cls(terms, same, terms.hits.tocsr()[first], said, columns, cells)
