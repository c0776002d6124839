"""The words and phrases of texts, as lists of words find them: up to three words, and which texts hold each.

A word is a run of letters, digits and underscores; parts that an apostrophe or a hyphen joins are one word, and words
of their own. A text holds a term exactly where :func:`retrolabel.keywords` would find it: both look at the fold.

Scripts that write no space between words (Chinese, Japanese, Thai and their like) have no such words. Of these, a term
is any two to six characters that stand together, and a text holds it wherever a pattern would find it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from scipy.sparse import csc_array

from retrolabel.labeling.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    import numpy.typing as npt

Row = TypeVar("Row")

RUN = re.compile(r"(\w+)(\W*)")
JOINTS = ("'", "-")
"""What joins parts to one word."""
MOST_PARTS = 6
LONGEST = 40
"""Characters of a term at most: what is longer is a path, a key, a line of code."""
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+"
)
"""Characters of scripts that write no space between words."""
FEWEST_CHARACTERS, MOST_CHARACTERS = 2, 6
"""Those of a term of such a script."""
LETTER = re.compile(r"[^\W\d_]")
LONG_NUMBER = re.compile(r"\d{5}")
"""What names one thing: an id, a date, an account."""
MANY = 0.5
"""The share of texts above which a term tells nothing apart."""


STRETCH = 500
"""Texts after which it is told how far one is."""


def _silent(_: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms, and the texts that hold them.

    Attributes:
        words: The V terms, sorted.
        hits: float32 [n, V], sparse by column: 1 where a text holds a term.
    """

    words: tuple[str, ...]
    hits: csc_array

    def rows(self, place: int) -> npt.NDArray[np.int64]:
        """Return which texts hold a term, ascending.

        Args:
            place: Its place in ``words``.
        """
        start, end = self.hits.indptr[place], self.hits.indptr[place + 1]
        return np.asarray(self.hits.indices[start:end], np.int64)

    def holding(self, places: Collection[int]) -> npt.NDArray[np.bool_]:
        """Return bool [n]: which texts hold one of some terms."""
        found = np.zeros(self.hits.shape[0], np.bool_)
        for place in places:
            found[self.rows(place)] = True
        return found


def terms_of(
    texts: Sequence[Sequence[str | None]], *, most: int = 3, fewest: int = 3, advance: Callable[[float], None] = _silent
) -> Terms:
    """Return the terms that some texts hold, though not most of them.

    Left out are terms of a single character, with more digits than letters or longer than a line, and halves of words
    that mostly stand before or after an apostrophe.

    Args:
        texts: n items, for each a cell a column; no term goes from one cell to the next.
        most: The words of a term at most.
        fewest: The texts that hold it at least.
        advance: Told how many texts were read, of three times n.

    Example:
        >>> found = terms_of([["It doesn't work"], ["doesn\u2019t  work!"], ["fine", None], ["good"]], fewest=2)
        >>> found.words, found.hits.toarray().astype(int).tolist()
        (("doesn't", "doesn't work", 'work'), [[1, 1, 1], [1, 1, 1], [0, 0, 0], [0, 0, 0]])
    """
    read = [[_read(cell) for cell in cells if cell] for cells in _telling(texts, advance)]
    singles = Counter[str]()
    for cells in read:
        singles.update({part for cell in cells for part in cell.parts()})
    known = {part for part, count in singles.items() if count >= fewest}
    held, torn = Counter[str](), Counter[str]()
    for cells in _telling(read, advance):
        found = _terms_of(cells, known, most)
        held.update(found)
        torn.update(term for term, whole in found.items() if not whole)
    words = sorted(
        term
        for term, count in held.items()
        if fewest <= count <= MANY * len(texts) and torn[term] <= count / 2 and _is_telling(term)
    )
    wanted = {word: column for column, word in enumerate(words)}
    again = (_terms_of(cells, known, most) for cells in _telling(read, advance))
    found_in = ([wanted[term] for term in found if term in wanted] for found in again)
    return Terms(tuple(words), _matrix(found_in, len(texts), len(words)))


def folded_case(text: str) -> str:
    """Return a text as terms are looked for in it: folded, in lower case."""
    return fold(text).lower()


def is_unspaced(term: str) -> bool:
    """Return whether a term is of a script that writes no space between words.

    Example:
        >>> is_unspaced("\u9000\u6b3e"), is_unspaced("refund")
        (True, False)
    """
    return UNSPACED.fullmatch(term) is not None


def words_in(term: str) -> list[str]:
    """Return the runs of letters and digits of a term.

    Example:
        >>> words_in("doesn't log-in")
        ['doesn', 't', 'log', 'in']
    """
    return [run for run, _ in RUN.findall(term)]


def holds(term: str, other: str) -> bool:
    """Return whether a term holds another one, so that its texts are among the other's.

    Example:
        >>> holds("app crashes", "crashes"), holds("app crashes", "crash")
        (True, False)
    """
    if is_unspaced(other):
        return other in term
    return re.search(rf"(?<!\w){re.escape(other)}(?!\w)", term) is not None


@dataclass(frozen=True)
class _Cell:
    """A text as it is taken apart.

    Attributes:
        runs: Its runs of letters and digits, each with what stands between it and the next one; empty where one is of
            a script without spaces.
        stretches: What of it is of a script without spaces.
    """

    runs: Sequence[tuple[str, str]]
    stretches: Sequence[str]

    def parts(self) -> Iterator[str]:
        """Yield what is counted first: a term that holds a rare one is rare."""
        yield from (run for run, _ in self.runs if run)
        for stretch in self.stretches:
            yield from (stretch[first : first + FEWEST_CHARACTERS] for first in range(len(stretch) - 1))


def _read(cell: str) -> _Cell:
    text = folded_case(cell)
    if text.isascii() or not (stretches := UNSPACED.findall(text)):
        return _Cell(RUN.findall(text), ())
    runs = [(run, gap) if UNSPACED.search(run) is None else ("", "") for run, gap in RUN.findall(text)]
    return _Cell(runs, stretches)


def _telling(rows: Sequence[Row], advance: Callable[[float], None]) -> Iterator[Row]:
    """Yield rows, and tell how far one is."""
    for start in range(0, len(rows), STRETCH):
        part = rows[start : start + STRETCH]
        yield from part
        advance(len(part))


def _is_telling(term: str) -> bool:
    letters = len(LETTER.findall(term))
    digits = sum(each.isdigit() for each in term)
    return 1 < len(term) <= LONGEST and letters > digits and LONG_NUMBER.search(term) is None


def _terms_of(cells: Sequence[_Cell], known: Collection[str], most: int) -> dict[str, bool]:
    """Return the terms of a text, and whether each is whole somewhere in it: not one side of an apostrophe."""
    found: dict[str, bool] = {}
    for cell in cells:
        for term, whole in _terms_of_cell(cell.runs, known, most):
            found[term] = whole or found.get(term, False)
        for stretch in cell.stretches:
            found.update(dict.fromkeys(_grams(stretch, known), True))
    return found


def _grams(stretch: str, known: Collection[str]) -> Iterator[str]:
    """Yield the terms of a stretch of a script without spaces; no two characters in them are rare neighbours."""
    for first in range(len(stretch) - 1):
        for end in range(first + FEWEST_CHARACTERS, min(first + MOST_CHARACTERS, len(stretch)) + 1):
            if stretch[end - FEWEST_CHARACTERS : end] not in known:
                break
            yield stretch[first:end]


def _terms_of_cell(cell: Sequence[tuple[str, str]], known: Collection[str], most: int) -> Iterator[tuple[str, bool]]:
    """Yield the terms of a cell, and whether each is whole: not one side of an apostrophe.

    Args:
        cell: Its runs, each with what stands between it and the next one.
        known: The runs that occur often enough; no term holds another one.
        most: The words of a term at most.
    """
    for first, (run, _) in enumerate(cell):
        if run not in known:
            continue
        begins = first == 0 or cell[first - 1][1] != "'"
        term, words = run, 1
        for last in range(first, min(first + MOST_PARTS, len(cell))):
            gap = cell[last][1]
            yield term, begins and gap != "'"
            joint = gap if gap in JOINTS else " " if gap.isspace() else ""
            words += joint == " "
            if not joint or words > most or last + 1 == len(cell) or cell[last + 1][0] not in known:
                break
            term = f"{term}{joint}{cell[last + 1][0]}"


def _matrix(found: Iterable[Sequence[int]], rows: int, columns: int) -> csc_array:
    """Return which rows hold which columns; they are told row by row."""
    places = [np.array(each, np.int32) for each in found]
    row = np.repeat(np.arange(rows, dtype=np.int32), [len(each) for each in places])
    column = np.concatenate(places) if places else np.zeros(0, np.int32)
    made = csc_array((np.ones(len(row), np.float32), (row, column)), shape=(rows, columns))
    made.sort_indices()
    return made
