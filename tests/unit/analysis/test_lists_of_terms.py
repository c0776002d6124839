"""A list of terms hits what its labeling function votes on, in whatever column, and says how far it is."""

from __future__ import annotations

import pytest

from retrolabel.analysis.lists_of_terms import CHUNK, hits_of, kind_of, pattern_of


def hits(lists, texts):
    return [rows.tolist() for rows in hits_of(lists, texts, lambda _: None)]


def test_words_are_found_in_each_column_as_whole_words():
    texts = [("It crashes", None), (None, "CRASHES!"), ("crash", ""), ("doesn\u2019t  work", "")]
    assert hits([["crashes"], ["doesn't work", "crash"]], texts) == [[0, 1], [2, 3]]


def test_a_script_without_spaces_is_found_inside_of_a_sentence():
    assert hits([["\u5f88\u6162"], ["slow"]], [("\u8fd9\u4e2a\u5f88\u6162\u554a",), ("slow",)]) == [[0], [1]]


@pytest.mark.parametrize("n", [0, 1, CHUNK, CHUNK + 3])
def test_rows_are_counted_through_all_pieces(n):
    told = []
    found = hits_of([["so"]], [("so" if row % 7 == 0 else "on",) for row in range(n)], told.append)
    assert found[0].tolist() == list(range(0, n, 7))
    assert sum(told) == n


def test_no_lists_hit_nothing():
    assert hits([], [("so",)]) == []
    assert hits([["so"]], []) == [[]]


def test_what_builds_a_list_and_its_pattern():
    assert (kind_of(["so", "so on"]), kind_of(["\u5f88\u6162"])) == ("keywords", "regex")
    assert pattern_of(["\u5f88", "\u6162"]) == "\u5f88|\u6162"
