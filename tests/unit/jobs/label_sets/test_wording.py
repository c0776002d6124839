"""Words and lengths of texts as counts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from retrolabel.analysis.drift_weeks import BUCKETS
from retrolabel.jobs.label_sets.wording import count_texts, name_words, place_of, plain, words_in


def texts(*values):
    return pa.chunked_array([list(values)], pa.string())


def test_an_item_counts_once_for_a_word_however_often_it_says_it():
    found = count_texts(texts("slow slow SLOW, slow!", "slow", "fast"), np.array([0, 1, 1]), 2)
    assert found.words[:, place_of("slow")].tolist() == [1, 1]
    assert found.words.sum() == 3
    assert found.words.shape == (2, BUCKETS)


def test_missing_and_empty_texts_and_spaces_are_the_first_length():
    found = count_texts(texts(None, "", "   ", "abc"), np.array([0, 0, 0, 0]), 1)
    assert found.lengths[0, 0] == 3
    assert found.lengths.sum() == 4
    assert found.words.sum() == 1


@pytest.mark.parametrize(
    ("said", "counted"), [("(Wrong!)", "wrong"), ("don't", "don't"), ("5.3", "0.0"), ("...", ""), ("Straße", "strasse")]
)
def test_case_edges_and_numbers_make_no_other_word(said, counted):
    assert plain(said) == counted


def test_only_the_beginning_of_a_long_text_is_read():
    rows, _, words = words_in(texts("a" * 10 + " " + "b " * 2_000))
    assert 490 < len(rows) < 500
    assert set(words) == {"a" * 10, "b"}


def test_the_places_of_words_are_the_same_in_every_process():
    assert [place_of(word) for word in ("wrong", "slow", "é", "\ud800")] == [7450, 29149, 3390, 9512]


def test_nothing_has_no_words():
    found = count_texts(texts(), np.zeros(0, np.int64), 1)
    assert found.words.sum() == found.lengths.sum() == 0


def test_a_place_is_named_by_its_most_frequent_word_in_whatever_order_the_texts_come():
    one, two = texts("Slow slow", "fast"), texts("slow", None)
    wanted = [place_of("slow"), place_of("fast")]
    named = {wanted[0]: "slow", wanted[1]: "fast"}
    assert name_words([one, two], wanted) == name_words([two, one], wanted) == named
    assert name_words([one], [place_of("other")]) == {}
