"""The characters that one piece of a pattern matches, as ``re`` itself says."""

from __future__ import annotations

import re
import sys
from functools import cache, lru_cache

import numpy as np

Ranges = tuple[tuple[int, int], ...]
"""Code points as ranges, first and last included, ascending, apart from each other."""

SURROGATES = (0xD800, 0xDFFF)
LAST = sys.maxunicode
ALL: Ranges = ((0, SURROGATES[0] - 1), (SURROGATES[1] + 1, LAST))
"""All that a text in UTF-8 can hold."""
ASCII: Ranges = ((0, 0x7F),)
LINE_END: Ranges = ((0x0A, 0x0A),)
ASCII_WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
BLOCK = 256
KINDS = re.IGNORECASE | re.ASCII
"""The flags that decide which characters a class matches."""


@lru_cache(maxsize=4096)
def matched(parts: tuple[tuple[int, int] | str, ...], flags: int, *, negated: bool = False) -> Ranges:
    r"""Return the characters that one class of ``re`` matches.

    What a category holds, ``re`` is asked for every code point; what IGNORECASE adds or takes away, for
    every character that has a case, since no other is another one in upper or lower case.

    Args:
        parts: Ranges of code points, and categories, as ``\d``.
        flags: ``re.IGNORECASE`` and ``re.ASCII``; others change nothing here.
        negated: Whether the class matches all others.

    Example:
        >>> [f"{first:X}-{last:X}" for first, last in matched(((ord("k"), ord("l")),), re.IGNORECASE)]
        ['4B-4C', '6B-6C', '212A-212A']
    """
    ranges = union(*(_category(part, flags & re.ASCII) if isinstance(part, str) else (part,) for part in parts))
    ranges = complement(ranges) if negated else common(ranges, ALL)
    if not flags & re.IGNORECASE:
        return ranges
    inside = "".join(p if isinstance(p, str) else rf"\U{p[0]:08X}-\U{p[1]:08X}" for p in parts)
    hits = re.findall(f"[{'^' * negated}{inside}]", _cased()[0], flags & KINDS)
    return union(common(ranges, complement(_cased()[1])), tuple((ord(each), ord(each)) for each in hits))


def union(*several: Ranges) -> Ranges:
    """Return the characters that are in any.

    Example:
        >>> union(((1, 3), (9, 9)), ((4, 5),))
        ((1, 5), (9, 9))
    """
    joined: list[tuple[int, int]] = []
    for first, last in sorted(each for ranges in several for each in ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def complement(ranges: Ranges) -> Ranges:
    """Return all other characters, surrogates left out.

    Example:
        >>> complement(((0, 96), (123, sys.maxunicode)))
        ((97, 122),)
    """
    others: list[tuple[int, int]] = []
    start = 0
    for first, last in union(ranges, (SURROGATES,)):
        if first > start:
            others.append((start, first - 1))
        start = last + 1
    if start <= LAST:
        others.append((start, LAST))
    return tuple(others)


@lru_cache(maxsize=4096)
def common(one: Ranges, other: Ranges) -> Ranges:
    """Return the characters that are in both.

    Example:
        >>> common(((0, 5), (7, 9)), ((4, 8),))
        ((4, 5), (7, 8))
    """
    return complement(union(complement(one), complement(other)))


def written(ranges: Ranges) -> str:
    r"""Return a class of RE2 that matches these characters, and no other.

    Example:
        >>> written(((0, 5), (65, 65))), written(())
        ('[\\x{0}-\\x{5}\\x{41}]', '[^\\x{0}-\\x{10FFFF}]')
    """
    if not ranges:
        return rf"[^\x{{0}}-\x{{{LAST:X}}}]"
    parts = (rf"\x{{{first:X}}}" if first == last else rf"\x{{{first:X}}}-\x{{{last:X}}}" for first, last in ranges)
    return f"[{''.join(parts)}]"


@cache
def _category(escape: str, flags: int) -> Ranges:
    r"""Return what a category, as ``\w``, matches."""
    gap, width = SURROGATES[0], SURROGATES[1] + 1 - SURROGATES[0]
    found: list[tuple[int, int]] = []
    for match in re.finditer(f"{escape}+", _everything(), flags):
        first, last = match.start(), match.end() - 1
        found += [(first, min(last, gap - 1))] if first < gap else []
        found += [(max(first, gap) + width, last + width)] if last >= gap else []
    return tuple(found)


@cache
def _everything() -> str:
    points = np.concatenate([np.arange(first, last + 1, dtype="<u4") for first, last in ALL])
    return points.tobytes().decode("utf-32-le")


@cache
def _cased() -> tuple[str, Ranges]:
    """Return every character that some change of case changes, as a text and as ranges."""
    text = _everything()
    blocks = (text[start : start + BLOCK] for start in range(0, len(text), BLOCK))
    cased = "".join(each for block in blocks if _changes(block) for each in block if _changes(each))
    return cased, union(tuple((ord(each), ord(each)) for each in cased))


def _changes(text: str) -> bool:
    return not text == text.lower() == text.upper() == text.title() == text.casefold()
