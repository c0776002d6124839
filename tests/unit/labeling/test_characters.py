"""The characters of a class are those that re matches, every one of them."""

from __future__ import annotations

import re
import sys

import pytest

from retrolabel.labeling.characters import ALL, complement, matched, union, written

EVERY = [chr(code) for first, last in ALL for code in range(first, last + 1)]
O = ord  # noqa: E741 - a table of code points reads better with it


@pytest.mark.parametrize(
    ("parts", "source", "flags"),
    [
        (((O("k"), O("k")),), "[k]", re.IGNORECASE),
        (((O("s"), O("s")),), "[s]", re.IGNORECASE | re.ASCII),
        (((O("i"), O("i")), (O("µ"), O("µ"))), "[iµ]", re.IGNORECASE),
        (((O("a"), O("z")), r"\d"), r"[a-z\d]", re.IGNORECASE),
        (((0x370, 0x3FF), (0x1E00, 0x1EFF)), "[Ͱ-Ͽ\u1e00-\u1eff]", re.IGNORECASE),
        ((r"\w",), r"[\w]", 0),
        ((r"\w", r"\s"), r"[\w\s]", re.ASCII),
        ((r"\S",), r"[\S]", re.IGNORECASE),
    ],
)
@pytest.mark.parametrize("negated", [False, True])
def test_a_class_holds_what_re_matches_of_all_characters(parts, source, flags, negated):
    match = re.compile(source.replace("[", "[^", 1) if negated else source, flags).match
    ranges = matched(parts, flags, negated=negated)
    found = [chr(code) for first, last in ranges for code in range(first, last + 1)]
    assert found == [each for each in EVERY if match(each)]


def test_no_class_holds_half_of_a_surrogate_pair():
    assert matched(((0xD7FF, 0xE000),), 0) == ((0xD7FF, 0xD7FF), (0xE000, 0xE000))
    assert complement(()) == ALL
    assert matched(((0, sys.maxunicode),), re.IGNORECASE) == ALL


def test_all_others_of_all_others_are_the_same_again():
    ranges = union(((5, 9), (1, 2), (3, 3)), ((7, 20),))
    assert ranges == ((1, 3), (5, 20))
    assert complement(complement(ranges)) == ranges
    assert complement(ALL) == ()


def test_a_class_without_characters_matches_none():
    assert written(()) == r"[^\x{0}-\x{10FFFF}]"
