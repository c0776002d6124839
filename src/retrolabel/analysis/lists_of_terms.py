"""Lists of words as the labeling functions that they may become: what builds them, and which texts they hit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.terms import is_unspaced
from retrolabel.labeling.builders import keywords, regex
from retrolabel.labeling.in_memory import apply_in_memory
from retrolabel.schema.labels import Label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from retrolabel.labeling.functions import LabelingFunction

KEYWORDS, REGEX = "keywords", "regex"
SOME = Label("some_label")
LONGEST = 30
"""Characters of a name that come from a term."""
CHUNK = 2_500
"""Texts that are looked at at once, so that one can say how far it is."""


def kind_of(terms: Sequence[str]) -> str:
    """Return what builds a labeling function that looks for terms: a pattern, where no space parts their words.

    Example:
        >>> kind_of(["crash", "does not work"]), kind_of(["\u9000\u6b3e"])
        ('keywords', 'regex')
    """
    return REGEX if any(map(is_unspaced, terms)) else KEYWORDS


def pattern_of(terms: Sequence[str]) -> str:
    """Return the pattern of ``re`` that finds terms of a script without spaces.

    Example:
        >>> pattern_of(["\u9000\u6b3e", "\u592a\u6162"]) == "\u9000\u6b3e|\u592a\u6162"
        True
    """
    return "|".join(map(re.escape, terms))


def hits_of(
    lists: Sequence[Sequence[str]], texts: Sequence[Sequence[str | None]], advance: Callable[[float], None]
) -> list[npt.NDArray[np.int64]]:
    """Return for each list of terms which texts its labeling function votes on, ascending.

    Args:
        lists: The lists.
        texts: n texts, for each a cell a column.
        advance: Told how many texts were looked at.
    """
    columns = [str(place) for place in range(len(texts[0]))] if texts else []
    lfs = [lf_of_terms(str(place), terms, columns) for place, terms in enumerate(lists)] if columns else []
    found: list[list[int]] = [[] for _ in lists]
    for start in range(0, len(texts), CHUNK):
        part = texts[start : start + CHUNK]
        if lfs:
            data = {name: [cells[place] for cells in part] for place, name in enumerate(columns)}
            codes = apply_in_memory(lfs, data).votes.codes
            for place in range(len(lists)):
                found[place] += (np.flatnonzero(codes[:, place]) + start).tolist()
        advance(len(part))
    return [np.array(rows, np.int64) for rows in found]


def lf_of_terms(name: str, terms: Sequence[str], columns: Sequence[str]) -> LabelingFunction:
    """Return the labeling function that looks for terms in some columns; its label is none of any task."""
    if kind_of(terms) == REGEX:
        return regex(SOME, pattern_of(terms), column=columns, name=name)
    return keywords(SOME, terms, column=columns, name=name)


def as_name(term: str) -> str:
    """Return a term as a part of a name; nothing, where it has no letters that a name may have.

    Example:
        >>> as_name("doesn't work"), as_name("!")
        ('doesn_t_work', '')
    """
    found = re.sub(r"\W+", "_", term)[:LONGEST].strip("_")
    return found if f"says_{found}".isidentifier() else ""
