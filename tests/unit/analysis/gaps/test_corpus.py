"""Texts in their own order."""

from __future__ import annotations

import numpy as np

from retrolabel.analysis.gaps.corpus import LONGEST, Corpus


def test_items_that_say_the_very_same_are_one_text():
    corpus = Corpus.of([["b", "x"], ["a", None], ["b", "x"], ["a", ""]], ["title", "body"])
    assert corpus.same.tolist() == [1, 0, 1, 0]
    assert corpus.said == ["a\0", "b\0x"]
    assert corpus.texts.shape[0] == 2


def test_what_differs_by_its_column_only_is_another_text():
    corpus = Corpus.of([["a", None], [None, "a"]], ["title", "body"])
    assert len(set(corpus.same.tolist())) == 2


def test_a_text_holds_the_terms_of_its_items_in_any_order():
    cells = [["it crashes"], ["it is slow"], ["it crashes"], ["so slow"], ["crashes a lot"], ["slow"]]
    one, other = Corpus.of(cells, ["comment"]), Corpus.of(cells[::-1], ["comment"])
    assert one.terms.words == other.terms.words == ("crashes", "it", "slow")
    assert one.said == other.said
    assert np.array_equal(one.texts.toarray(), other.texts.toarray())


def test_only_the_beginning_of_a_long_text_is_looked_at():
    end = [["x" * LONGEST + " crash"]] * 6 + [["fine"]] * 8
    assert Corpus.of(end, ["comment"]).terms.words == ()


def test_it_tells_how_many_texts_were_read():
    told: list[float] = []
    Corpus.of([["a"], ["b"]], ["comment"], told.append)
    assert sum(told) == 6
