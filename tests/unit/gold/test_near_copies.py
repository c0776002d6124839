"""Near copies: long texts that differ in a few characters; short ones are what many people say."""

from __future__ import annotations

from random import Random

import pytest

from retrolabel.gold.near_copies import LONG, near_copies

SAID = "The export to CSV has failed on every file since the update of last week"


@pytest.mark.parametrize(
    "other",
    [
        SAID,
        SAID.upper() + "  ",
        SAID.replace("every file", "each file"),
        f"{SAID} :(",
        SAID.replace(" ", "\u00a0"),
    ],
)
def test_case_white_space_and_a_few_characters_make_no_other_text(other):
    assert near_copies([[other]], [[SAID]]) == [(0, 0)]


@pytest.mark.parametrize(
    "other",
    [
        "The import of CSV is slow on some of the files since the release of yesterday",
        SAID[: len(SAID) // 2],
        "",
        None,
    ],
)
def test_another_text_is_no_copy(other):
    assert near_copies([[other]], [[SAID]]) == []


def test_short_texts_are_never_copies():
    assert near_copies([["thanks"], ["x" * (LONG - 1)]], [["thanks"], ["x" * (LONG - 1)]]) == []


def test_each_long_column_has_to_be_near():
    prompt = "Summarise the following report of the board in three sentences, please. " * 5
    one, two = (
        "The board met and discussed costs, which have risen.",
        "Costs fell, and nobody at the board meeting cared.",
    )
    assert near_copies([[prompt, one]], [[prompt, two], [prompt, one + "."]]) == [(0, 1)]
    assert near_copies([[prompt, "good"]], [[prompt, "bad"]]) == [(0, 0)]
    assert near_copies([[prompt, one]], [[prompt, "ok"]]) == []


def test_all_pairs_are_found_among_many():
    words = [f"word{n}" for n in range(500)]
    draw = Random(0)  # noqa: S311 - the same texts each time
    texts = [" ".join(draw.choices(words, k=20)) for _ in range(1_200)]
    copies = {700: texts[3] + ".", 1_100: texts[4].upper()}
    mine = [[copies.get(n, " ".join(draw.choices(words, k=20)))] for n in range(1_200)]
    assert near_copies(mine, [[text] for text in texts]) == [(700, 3), (1_100, 4)]
