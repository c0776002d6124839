# ruff: noqa: RUF002 - characters that look alike are what this module is about
r"""What a person reads as the same word is one text: the fold that lists of words look through.

A fold changes how a text is written, never what it says, and knows where each of its characters stood:

- **Accents**: Unicode's NFC, so that an ``e`` with a combining accent is ``é``. Not NFKC: full-width letters,
  ligatures and ``²`` stay what they are.
- **Apostrophes**: ``’ ‘ ‛ ʼ ʻ ՚ ׳ ᾽ ＇`` are ``'``; `` ` ``, ``´``, ``′`` and ``ʹ`` are where they stand between
  two letters or digits, as in ``don´t``. Elsewhere they are accents, quotes of code and minutes.
- **Quotes**: ``“ ” „ ‟ ＂`` are ``"``.
- **Hyphens**: the hyphen, the non-breaking one, the figure dash, the en dash, the minus sign, and the small, the
  full-width, the Armenian and the Hebrew one are ``-``. The em dash parts clauses and stays.
- **White space**: whatever ``\s`` of ``re`` matches, no-break spaces and line ends too; a run of it is one space.
- **What nobody sees** is dropped: soft hyphens, zero-width spaces, joiners, byte order marks, marks of direction and
  variation. A zero-width space after a letter of Thai, Lao, Burmese or Khmer parts two words, and stays.

"e-mail", "email" and "e mail" are three spellings: no fold makes one of another. Nor does it touch case.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

APOSTROPHES = "\u2018\u2019\u201b\u02bb\u02bc\u055a\u05f3\u1fbd\uff07"
BETWEEN_LETTERS = "`\u00b4\u2032\u02b9"
"""Apostrophes where a letter or digit stands before and after them, and nowhere else."""
QUOTES = "\u201c\u201d\u201e\u201f\uff02"
HYPHENS = "\u058a\u05be\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"
UNSEEN = "\u00ad\u034f\u061c\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
PARTS_WORDS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Letters of scripts that write no space between words, where a zero-width one may stand."""
ZERO_WIDTH_SPACE = "\u200b"

_AS_WRITTEN = {
    **dict.fromkeys(APOSTROPHES, "'"),
    **dict.fromkeys(QUOTES, '"'),
    **dict.fromkeys(HYPHENS, "-"),
}
_DROPPED = re.compile(f"[{UNSEEN}]+|(?<![{PARTS_WORDS}]){ZERO_WIDTH_SPACE}")
_UNSEEN = re.compile(f"[{UNSEEN}]")  # a class alone: a repeat of it is ten times slower
_TICK = re.compile(rf"[{BETWEEN_LETTERS}](?<=\w.)(?=\w)")
_BACKTICK = re.compile(r"`(?<=\w`)(?=\w)")
_WORD = r"[0-9A-Za-z_\x80-\U0010ffff]"
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Folded:
    """A folded text that knows where in the original each of its characters stood.

    Attributes:
        text: The folded text.
        original: The text as it was.
        starts: For each character of ``text`` where in ``original`` begins what it stands for; empty where nothing
            changed.
        ends: The same for where it ends.
    """

    text: str
    original: str
    starts: tuple[int, ...] = field(default=(), repr=False)
    ends: tuple[int, ...] = field(default=(), repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        r"""Return where in the original a part of the folded text stood.

        A letter and its accents are one: a part that holds one of them holds all.

        Args:
            start: Where the part begins in ``text``.
            end: Where it ends, as in a slice.

        Raises:
            ValueError: The part is empty, or does not lie in the text.

        Example:
            >>> found = folded("it doesn\u2019t\n work").span(3, 15)
            >>> found, folded("it doesn\u2019t\n work").text[3:15]
            ((3, 16), "doesn't work")
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"{start} to {end} is no part of a text of {len(self.text)} characters")
        if not self.starts:
            return start, end
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> str:
    r"""Return a text with one spelling of accents, apostrophes, quotes, hyphens and white space (see the module).

    Folding twice is folding once, and a text in plain ASCII with single spaces is itself.

    Example:
        >>> fold("doesn\u2019t\u00a0 work"), fold("e\u2011mail"), fold("cafe\u0301") == "caf\u00e9"
        ("doesn't work", 'e-mail', True)
    """
    return _SPACES.sub(" ", fold_words(text))


def fold_words(text: str) -> str:
    r"""Return a text folded but for its white space: what a pattern that says ``\s+`` looks at.

    Most texts hold nothing that changes, and are returned as they are at once.

    Example:
        >>> fold_words("doesn\u2019t\n work")
        "doesn't\n work"
    """
    if text.isascii():
        return _BACKTICK.sub("'", text) if "`" in text else text
    return _with_apostrophes(unicodedata.normalize("NFC", _dropped(text)))


def may_fold() -> str:
    r"""Return a pattern of ``re`` that is found in every text that :func:`fold_words` changes, and in few others.

    Example:
        >>> [re.search(may_fold(), text) is not None for text in ("`code`", "don`t", "caf\u00e9", "cafe\u0301")]
        [False, True, False, True]
    """
    signs = f"{APOSTROPHES}{QUOTES}{HYPHENS}{UNSEEN}{ZERO_WIDTH_SPACE}{BETWEEN_LETTERS[1:]}"
    return rf"{_WORD}`{_WORD}|[{signs}{_uncomposed()}]"


@cache
def _uncomposed() -> str:
    """Return, as part of a class of ``re``, the characters without which a text is its own NFC."""
    points = [*range(0x300, 0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x17000), *range(0x1BC00, 0x1F000)]
    points += range(0x2F800, 0x2FA20)  # what lies between holds ideographs, Hangul as it is composed, and no marks
    several = [chr(point) for point in points]
    composed = unicodedata.normalize("NFC", "\n".join(several)).split("\n")
    changed = (each for each, now in zip(several, composed, strict=True) if now != each)
    found = _seconds().union(filter(unicodedata.combining, several))
    return "".join(rf"\U{ord(each):08X}" for each in sorted(found.union(changed)))


def _dropped(text: str) -> str:
    if ZERO_WIDTH_SPACE in text:
        return _DROPPED.sub("", text)
    return _UNSEEN.sub("", text)


def _with_apostrophes(text: str) -> str:
    """Return a text with plain apostrophes, quotes and hyphens, one character for one."""
    if any(each in text for each in BETWEEN_LETTERS[1:]):
        text = _TICK.sub("'", text)  # before the others change: some of them are letters to ``re``
    elif "`" in text:
        text = _BACKTICK.sub("'", text)
    for each, plain in _AS_WRITTEN.items():
        if each in text:
            text = text.replace(each, plain)
    return text


def folded(text: str) -> Folded:
    r"""Return a text's fold with the place in the original of each of its characters.

    Example:
        >>> folded("a\u00ad  b").text, folded("a\u00ad  b").span(0, 3)
        ('a b', (0, 5))
    """
    if fold(text) == text:
        return Folded(text, text)
    dropped = {place for found in _DROPPED.finditer(text) for place in range(found.start(), found.end())}
    kept = [place for place in range(len(text)) if place not in dropped]
    composed, starts, ends = _composed(text, kept)
    changed = _with_apostrophes(composed)  # one character for one
    runs = [found.span() for found in _SPACES.finditer(changed)]
    inside = {place for first, end in runs for place in range(first + 1, end)}
    for first, end in runs:
        ends[first] = ends[end - 1]
    left = [place for place in range(len(changed)) if place not in inside]
    return Folded(fold(text), text, tuple(starts[place] for place in left), tuple(ends[place] for place in left))


def _composed(text: str, kept: list[int]) -> tuple[str, list[int], list[int]]:
    """Return the NFC of what is kept of a text, and for each of its characters where it began and ended."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    first = 0
    while first < len(kept):
        after = first + 1
        while after < len(kept) and joins(text[kept[after]]):
            after += 1
        places = kept[first:after]
        written = "".join(text[place] for place in places)
        part = unicodedata.normalize("NFC", written)
        parts.append(part)
        if part == written:
            starts += places
            ends += [place + 1 for place in places]
        else:
            starts += [places[0]] * len(part)
            ends += [places[-1] + 1] * len(part)
        first = after
    return "".join(parts), starts, ends


def joins(character: str) -> bool:
    r"""Return whether a character may become one with those before it under NFC.

    Example:
        >>> joins("\u0301"), joins("e")
        (True, False)
    """
    if character.isascii():
        return False
    first = unicodedata.normalize("NFD", character)[0]
    return unicodedata.combining(first) != 0 or first in _seconds()


@cache
def _seconds() -> frozenset[str]:
    """Return the characters that are the second half of another one."""
    found = {*map(chr, range(0x1161, 0x1176)), *map(chr, range(0x11A8, 0x11C3))}  # Hangul, which needs no table
    points = range(0xC0, 0x20000)
    for halves in map(unicodedata.decomposition, map(chr, points)):
        if " " in halves and halves[0] != "<":
            found.add(chr(int(halves.split()[1], 16)))
    return frozenset(found)
