"""Lists of words that were found, as labeling functions: named, and with examples that hold."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

from retrolabel.analysis.lists_of_terms import REGEX, as_name, pattern_of
from retrolabel.interop.lf_source import LfWish
from retrolabel.wiring.new_lfs import with_examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.analysis.suggestions import Suggestion
    from retrolabel.schema.labels import Label


def names_for(found: Sequence[Suggestion], taken: Sequence[str]) -> Iterator[str]:
    """Yield a name for each list of words, after the first one, that nothing else has.

    Args:
        found: The lists.
        taken: The names that there are.
    """
    known = set(taken)
    for each in found:
        name = f"says_{as_name(each.terms[0]) or as_name(each.label) or 'it'}"
        numbers = iter(range(2, len(known) + len(found) + 3))
        free = name
        while free in known or keyword.iskeyword(free):
            free = f"{name}_{next(numbers)}"
        known.add(free)
        yield free


def wish_for(  # noqa: PLR0913 - what a labeling function is made of
    found: Suggestion, name: str, label: Label, constant: str, columns: Sequence[str], note: str = ""
) -> LfWish:
    """Return a list of words as a labeling function that passes its examples.

    Args:
        found: The list.
        name: The labeling function's name.
        label: Its label.
        constant: What the label is called where it is written.
        columns: The columns that it reads.
        note: What a person should know of it; a comment above it.
    """
    pattern = pattern_of(found.terms) if found.kind == REGEX else ""
    words = () if pattern else found.terms
    first, *others = columns
    wish = LfWish(name, found.kind, constant, first, words, pattern, note=note, more_columns=tuple(others))
    return with_examples(wish, label)
