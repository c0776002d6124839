"""Which items are near copies of others: the same long text, but for a few characters.

Two texts are near when the sets A and B of their five-character shingles overlap: |A and B| is at least .8 of |A or B|
(Jaccard 1901; Broder 1997). Case, white space and how letters are coded make no difference. Short texts are not
compared: "thanks" is what many people say, and no copy of anything.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    from scipy.sparse import csr_array

SHINGLE = 5
"""Characters of a shingle."""
NEAR = 0.8
"""The overlap from which on two texts are near."""
LONG = 40
"""A text with fewer characters is not compared."""
PLACES = 2**22
"""How many places shingles are counted in."""
ROWS = 500
"""How many items are compared with all others at once."""


def near_copies(items: Sequence[Sequence[str | None]], of: Sequence[Sequence[str | None]]) -> list[tuple[int, int]]:
    """Return the pairs of items that are near copies: a place in ``items`` and one in ``of``.

    Items are near if each text that is long in one of them is near the same one of the other.

    Args:
        items: For each item its texts, a cell a column.
        of: The same of the items to compare with, with the same columns.

    Example:
        >>> said = "The export to CSV fails since the update of last week"
        >>> near_copies([[said + "!"], ["thanks"]], [[said.upper()], ["thanks"]])
        [(0, 0)]
    """
    mine, theirs = _long(items), _long(of)
    found = [
        (row, other)
        for row, other in _candidates([" ".join(each) for each in mine], [" ".join(each) for each in theirs])
        if all(_near(a, b) for a, b in zip(mine[row], theirs[other], strict=True))
    ]
    return sorted(found)


def _long(items: Sequence[Sequence[str | None]]) -> list[list[str]]:
    """Return the long texts of each item in plain letters; empty where a text is short."""
    plain = [
        [" ".join(unicodedata.normalize("NFKC", text or "").casefold().split()) for text in texts] for texts in items
    ]
    return [[text if len(text) >= LONG else "" for text in texts] for texts in plain]


def _candidates(mine: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the pairs whose joined texts share as many shingles as near copies do."""
    rows = [row for row, text in enumerate(mine) if text.strip()]
    others = [row for row, text in enumerate(theirs) if text.strip()]
    if not rows or not others:
        return
    right = _shingles([theirs[row] for row in others])
    size = np.asarray(right.sum(axis=1)).ravel()
    for start in range(0, len(rows), ROWS):
        some = rows[start : start + ROWS]
        left = _shingles([mine[row] for row in some])
        shared = (left @ right.T).tocoo()
        of_left = np.asarray(left.sum(axis=1)).ravel()[shared.row]
        # The joined texts of near copies are a little less near where their columns meet.
        near: npt.NDArray[np.bool_] = shared.data >= (NEAR - 0.1) * (of_left + size[shared.col] - shared.data)
        for row, other in zip(shared.row[near].tolist(), shared.col[near].tolist(), strict=True):
            yield some[row], others[other]


def _shingles(texts: Sequence[str]) -> csr_array:
    """Return which shingles each text has, by their CRC-32, 0 or 1 in [n, 2 ** 22].

    Two that share a place make a pair a candidate that is none; candidates are looked at again.
    """
    from scipy.sparse import csr_array  # noqa: PLC0415 - slow to import

    places = [
        np.unique([crc32(text[at : at + SHINGLE].encode()) % PLACES for at in range(max(1, len(text) - SHINGLE + 1))])
        for text in texts
    ]
    ends = np.cumsum([0, *map(len, places)])
    return csr_array((np.ones(ends[-1]), np.concatenate(places), ends), shape=(len(texts), PLACES))


def _near(text: str, other: str) -> bool:
    """Return whether two texts are near; two that are not long are."""
    if text == other:
        return True
    a, b = (
        {each[at : at + SHINGLE] for at in range(max(1, len(each) - SHINGLE + 1))} if each else set()
        for each in (text, other)
    )
    return len(a & b) >= NEAR * len(a | b)
