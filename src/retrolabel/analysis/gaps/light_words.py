"""Words that a text needs to be a sentence, and that say little of what it is about."""

from __future__ import annotations

import re
from functools import cache

from retrolabel.analysis.languages import SMALL_WORDS
from retrolabel.analysis.terms import words_in

CONTENT = """amount bill bottom call computer cry describe detail empty fill find fire found front full hundred inc
interest ltd mill mine move name serious show side sincere system thick thin top"""
"""What scikit-learn's list of English stop words has, and a labeling function may well look for."""
PIECES = """t s d m ll re ve don doesn didn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn ain dont
doesnt didnt isnt wont cant im ive id thats just really"""
"""What apostrophes leave of words; and those that are written without them."""
SCRAMBLED = 12
"""The characters from which on a word with a digit in it is none."""
WHOLE = 3
"""From so many words on even light ones say something: "how do i"."""


def is_light(term: str) -> bool:
    """Return whether a term says little by itself: one or two words, and light ones only.

    Light are the stop words of English, and the smallest words of a few other languages. In other languages no word
    is known to be light.

    Example:
        >>> [is_light(term) for term in ("would", "don't", "is the", "how do i", "the bill", "crashes")]
        [True, True, True, False, False, False]
    """
    return term.count(" ") < WHOLE - 1 and all(word in _light() for word in words_in(term))


def is_ragged(term: str) -> bool:
    """Return whether a term is two words of which one is light, as ``the bill``: the other one says it, too.

    Example:
        >>> is_ragged("the bill"), is_ragged("pay bill"), is_ragged("bill"), is_ragged("pay the bill")
        (True, False, False, False)
    """
    words = term.split(" ")
    return len(words) == WHOLE - 1 and any(map(is_light, words))


def is_scrambled(term: str) -> bool:
    """Return whether a term holds a long word with digits in it: a hash, a key, a piece of an address.

    Example:
        >>> is_scrambled("jy7siq9s7dnlzs5w"), is_scrambled("utf8"), is_scrambled("3 items")
        (True, False, False)
    """
    return any(len(word) >= SCRAMBLED and re.search(r"\d", word) for word in words_in(term))


@cache
def _light() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415 - it takes a second

    small = " ".join(SMALL_WORDS.values())
    return frozenset({*ENGLISH_STOP_WORDS, *PIECES.split(), *small.split()} - set(CONTENT.split()))
