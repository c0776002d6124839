"""The words and lengths of a column of texts, as counts: a segment at a time, with a table of a fixed size."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.analysis.drift_weeks import BUCKETS, LENGTHS, Texts, length_bins

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

READ = 1_000
"""Characters of a text whose words are counted."""
EDGES = re.compile(r"^[\W_]+|[\W_]+$")
DIGITS = re.compile(r"\d+")


def plain(word: str) -> str:
    """Return what a word is counted as: without case and without punctuation at its ends; a number is 0.

    Example:
        >>> plain("(Wrong!)"), plain("v2.10"), plain("--")
        ('wrong', 'v0.0', '')
    """
    return DIGITS.sub("0", EDGES.sub("", word.casefold()))


def place_of(word: str) -> int:
    """Return the place of a word in the table; the same on every machine. Two words may share one.

    Example:
        >>> place_of("wrong") == place_of("wrong"), 0 <= place_of("wrong") < BUCKETS
        (True, True)
    """
    return zlib.crc32(word.encode("utf-8", "surrogatepass")) % BUCKETS


def words_in(texts: pa.ChunkedArray) -> tuple[Ints, Ints, list[str]]:
    """Return the words of texts: the row of each, its place among the distinct words, and those words as counted.

    Words are parted by white space. A word that is nothing but punctuation is left out.

    Example:
        >>> rows, places, words = words_in(pa.chunked_array([["Wrong, wrong", None, "so slow"]]))
        >>> rows.tolist(), [words[place] for place in places]
        ([0, 0, 2, 2], ['wrong', 'wrong', 'so', 'slow'])
    """
    split = pc.utf8_split_whitespace(pc.utf8_slice_codeunits(texts.cast(pa.string()), 0, READ)).combine_chunks()
    if isinstance(split, pa.ChunkedArray):  # nothing, in an older arrow
        split = pa.concat_arrays(split.chunks) if split.num_chunks else pa.array([], pa.list_(pa.string()))
    coded = split.flatten().dictionary_encode()
    words = [plain(word) for word in coded.dictionary.to_pylist()]
    rows = np.asarray(pc.list_parent_indices(split).to_numpy(), np.int64)
    places = np.asarray(coded.indices.to_numpy(), np.int64)
    said = np.array([bool(word) for word in words], np.bool_)
    kept = said[places] if words else np.zeros(0, np.bool_)
    return rows[kept], places[kept], words


def count_texts(texts: pa.ChunkedArray, week: Ints, weeks: int) -> Texts:
    """Return the lengths and words of texts by week.

    Args:
        texts: n texts; missing ones count as empty.
        week: int [n]: the place of the week of each.
        weeks: How many weeks there are.
    """
    trimmed = pc.utf8_trim_whitespace(texts.cast(pa.string()))
    long = np.asarray(pc.utf8_length(trimmed).fill_null(0).to_numpy(), np.int64)
    lengths = np.bincount(week * LENGTHS + length_bins(long), minlength=weeks * LENGTHS)
    rows, places, words = words_in(trimmed)
    table = np.array([place_of(word) for word in words], np.int64)
    cells = np.sort(rows * BUCKETS + table[places]) if len(rows) else rows
    once = cells[np.r_[True, cells[1:] != cells[:-1]]] if len(cells) else cells
    found = np.bincount(week[once // BUCKETS] * BUCKETS + once % BUCKETS, minlength=weeks * BUCKETS)
    return Texts(lengths.reshape(weeks, LENGTHS), found.reshape(weeks, BUCKETS))


def name_words(columns: Sequence[pa.ChunkedArray], places: Sequence[int]) -> dict[int, str]:
    """Return the most frequent word of each place in the table; of equally frequent ones the first by alphabet.

    Args:
        columns: Texts, in any order.
        places: The places that are wanted.
    """
    wanted = set(places)
    found: dict[int, dict[str, int]] = {place: {} for place in wanted}
    for texts in columns:
        _, at, words = words_in(texts)
        counts = np.bincount(at, minlength=len(words))
        for word, count in zip(words, counts.tolist(), strict=True):
            place = place_of(word) if word else -1
            if place in wanted:
                found[place][word] = found[place].get(word, 0) + count
    return {place: min(said, key=lambda word: (-said[word], word)) for place, said in found.items() if said}
