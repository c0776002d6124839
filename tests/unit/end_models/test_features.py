"""Texts as numbers: the same for the same texts, whatever comes in."""

from __future__ import annotations

import numpy as np

from retrolabel.end_models.features import TextFeatures, joined

TEXTS = [["dead link"], ["dead page"], ["thank you"], ["thank you so much"], ["a dead end"]] * 4


def test_each_kind_gives_an_item_a_row_of_length_one():
    features = TextFeatures.fit(TEXTS)
    found = features.transform([["dead link"]]).toarray()[0]
    words = len(features.terms["0 words"])
    assert np.isclose(np.linalg.norm(found[:words]), 1)
    assert np.isclose(np.linalg.norm(found[words:]), 1)


def test_a_text_without_a_known_word_is_all_zeros_and_raises_nothing():
    assert TextFeatures.fit(TEXTS).transform([["12345 \u4f60"], [None]]).nnz == 0


def test_texts_without_words_have_no_words_at_all():
    features = TextFeatures.fit([["!"], ["?"]])
    assert features.terms.keys() == {"0 characters"}
    assert features.transform([["!"]]).shape == (1, features.size)


def test_only_the_most_frequent_terms_are_kept():
    assert all(len(each) <= 3 for each in TextFeatures.fit(TEXTS, most=3).terms.values())


def test_cells_are_joined_and_missing_ones_left_out():
    assert joined(["Crash", None, float("nan"), 3]) == "Crash\n3"


def test_the_same_word_in_another_column_is_another_word():
    features = TextFeatures.fit([["crash", "it stops"], ["question", "crash"]])
    title, body = (features.transform([each]).toarray()[0] for each in (["crash", None], [None, "crash"]))
    assert title @ body == 0
    assert title.any()
    assert body.any()
