"""What a rationale is made of."""

from __future__ import annotations

import pytest

from retrolabel.gold.rationale_words import says_no_label_fits, says_nothing, without_that, words_of


@pytest.mark.parametrize(
    "text",
    [
        "idk",
        "IDK!!",
        "?",
        "...",
        "n/a",
        "-",
        "keine Ahnung",
        "weiß nicht",
        "no sé",
        "see above",
        "siehe oben",
        "1",
        "Bug",
    ],
)
def test_a_text_without_a_reason_says_nothing(text):
    assert says_nothing(text, ["bug", "feature"])


@pytest.mark.parametrize("text", ["slow", "nicht langsam", "no carga", "bug since the update", "\u592a\u6162\u4e86"])
def test_one_word_that_tells_something_is_a_reason(text):
    assert not says_nothing(text, ["bug", "feature"])


@pytest.mark.parametrize(
    "text",
    [
        "None of these fits.",
        "no label fits here",
        "doesn't fit any of them",
        "we need a label for billing",
        "passt in keine Kategorie",
        "kein Label passt",
        "ninguna etiqueta encaja",
        "aucune catégorie ne correspond",
        "geen label past",
    ],
)
def test_people_say_in_several_languages_that_no_label_fits(text):
    assert says_no_label_fits(text)


@pytest.mark.parametrize(
    "text", ["the fit is bad", "none of the buttons works", "the label is missing on the box", "slow"]
)
def test_what_is_about_the_item_does_not_say_that_no_label_fits(text):
    assert not says_no_label_fits(text)


def test_what_else_is_said_is_left_of_a_text_that_no_label_fits():
    assert words_of(without_that("No label fits: it's about billing")) == ("billing",)


def test_apostrophes_case_and_small_words_make_no_difference():
    assert words_of("It DOESN\u2019T load") == words_of("doesn't load") == ("load",)
