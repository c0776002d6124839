"""Terms are what lists of words find: in the same texts, whatever is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.analysis.lists_of_terms import hits_of
from retrolabel.analysis.terms import folded_case, holds, is_unspaced, terms_of, words_in
from tests.laws import law

PIECES = ["crash", "It", "doesn't", "doesn\u2019t", "log-in", "log", "in", "caf\u00e9", "cafe\u0301", "\u5f88\u6162",
          "\u5f88\u6162\u554a", "a1b", "X", "e.g.", "12", "_x", "\u200b", "I\u0307", "ok"]  # fmt: skip
TEXTS = st.lists(
    st.lists(st.one_of(st.none(), st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join)), min_size=2, max_size=2),
    min_size=4,
    max_size=12,
)


def words(texts, **more):
    return terms_of([[text] for text in texts], **{"fewest": 1, **more}).words


def test_words_and_phrases_of_up_to_three_words_and_none_that_most_texts_hold():
    assert words(["the app is slow", "nothing", "else", "at all"]) == (
        "all", "app", "app is", "app is slow", "at", "at all", "else", "is", "is slow", "nothing", "slow", "the",
        "the app", "the app is",
    )  # fmt: skip
    assert words(["slow app", "slow", "slow", "fast"]) == ("app", "fast", "slow app")


def test_halves_of_a_word_with_an_apostrophe_are_no_terms_and_parts_with_a_hyphen_are():
    found = words(["it doesn't", "my log-in", "so", "on", "no"])
    assert "doesn't" in found
    assert not {"doesn", "t"} & set(found)
    assert {"log-in", "log", "in"} <= set(found)


def test_numbers_ids_and_lines_of_code_are_no_terms():
    found = words([f"v2 a12345 123 {'x' * 41} ok", "so", "on", "no"])
    assert set(found) == {"v2", "v2 a12345", "ok", "so", "on", "no"} - {"v2", "v2 a12345"}


def test_no_term_goes_from_a_cell_to_the_next():
    assert terms_of([["dead", "link"], ["dead", "link"], ["x", None], ["y", ""]], fewest=2).words == ("dead", "link")


def test_a_script_without_spaces_has_characters_that_stand_together():
    found = terms_of(
        [["\u9000\u6b3e\u592a\u6162"], ["\u6211\u8981\u9000\u6b3e"], ["iPhone\u9000\u6b3e"], ["ok"], ["so"], ["on"]],
        fewest=2,
    )
    assert found.words == ("\u9000\u6b3e",)
    assert found.rows(0).tolist() == [0, 1, 2]


def test_of_a_mixed_run_only_the_characters_are_a_term():
    assert words(["\u7528iPhone\u5f88\u5361", "so", "on"]) == ("on", "so", "\u5f88\u5361")


@law(24)
@given(TEXTS)
def test_a_text_holds_a_term_where_the_labeling_function_of_it_votes(texts):
    found = terms_of(texts, fewest=1)
    hits = hits_of([[word] for word in found.words], texts, lambda _: None)
    assert {word: found.rows(place).tolist() for place, word in enumerate(found.words)} == {
        word: rows.tolist() for word, rows in zip(found.words, hits, strict=True)
    }


@law(40)
@given(TEXTS, st.randoms())
def test_the_order_of_texts_changes_no_term(texts, dice):
    other = list(range(len(texts)))
    dice.shuffle(other)
    one, again = terms_of(texts, fewest=2), terms_of([texts[row] for row in other], fewest=2)
    assert one.words == again.words
    assert (one.hits.toarray()[other] == again.hits.toarray()).all()


def test_it_is_told_how_far_one_is():
    told = []
    terms_of([["so"]] * 1_200, advance=told.append)
    assert sum(told) == 3 * 1_200
    assert max(told) < 1_200


def test_nothing_has_no_terms():
    assert terms_of([]).words == ()
    assert terms_of([[None], [""]]).words == ()
    assert terms_of([]).hits.shape == (0, 0)


@pytest.mark.parametrize(
    ("term", "other", "held"),
    [
        ("app crashes", "crashes", True),
        ("app crashes", "crash", False),
        ("crash", "app crash", False),
        ("\u5f88\u6162\u554a", "\u5f88\u6162", True),
        ("\u5f88\u6162", "\u6162\u554a", False),
    ],
)
def test_a_term_holds_another(term, other, held):
    assert holds(term, other) is held


def test_terms_are_looked_for_in_the_fold_and_in_lower_case():
    assert folded_case("DOESN\u2019T\n Work") == "doesn't work"
    assert words_in("doesn't log-in") == ["doesn", "t", "log", "in"]
    assert not is_unspaced("\u5f88\u6162 a")
