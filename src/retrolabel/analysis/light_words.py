"""Words that a text needs to be a sentence, and that say little of what it is about."""

from __future__ import annotations

import re
from functools import cache

from retrolabel.analysis.languages import SMALL_WORDS
from retrolabel.analysis.terms import words_in

CONTENT = """amount bill bottom call computer cry describe detail empty fill find fire found front full hundred inc
interest ltd mill mine move name serious show side sincere system thick thin top"""
"""What scikit-learn's list of English stop words has, and a labeling function may well look for."""
PIECES = """did does doing having t s d m ll re ve don doesn didn isn aren wasn weren won wouldn couldn shouldn hasn
haven hadn ain dont doesnt didnt isnt wont cant im ive id thats just really"""
"""Forms that the list lacks; what apostrophes leave of words; and those that are written without them."""
SPEAKING = """how what when where whether which who whom whose why please can could should would must may might
no not never nothing nobody none neither nor nowhere cannot cant couldnt hasnt don doesn didn isn aren wasn weren won
wouldn couldn shouldn hasn haven hadn ain dont doesnt didnt isnt wont nicht pas non niet não if but because although
though however yet except without instead again still already always every back down off out up over get give go keep
put see take done made last next first once now well too very really enough few less least more most much many rather
only even ever alone together anyone someone anything something else full due hundred ten twelve twenty two three four
five six eight nine eleven fifteen fifty forty sixty third several us"""
"""Light words that may say what a text wants, denies or measures, or be a name, as the US: lists may hold them."""
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


def is_filler(term: str) -> bool:
    """Return whether a term, of any length, is made of articles, prepositions, pronouns and the like alone.

    Words that ask, wish, deny or measure are none of these, though lists of stop words hold them.

    Example:
        >>> [is_filler(term) for term in ("of a", "it is in the", "how do", "please", "not", "of a bug")]
        [True, True, False, False, False, False]
    """
    return all(word in _light() and word not in _speaking() for word in words_in(term))


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
def _speaking() -> frozenset[str]:
    return frozenset(SPEAKING.split())


@cache
def _light() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS  # noqa: PLC0415 - it takes a second

    small = " ".join(SMALL_WORDS.values())
    return frozenset({*ENGLISH_STOP_WORDS, *PIECES.split(), *small.split()} - set(CONTENT.split()))
