"""Words are suggested only where they hold on texts by which they were not chosen."""

from __future__ import annotations

import random

from retrolabel.analysis.first_words import first_words


def test_planted_words_are_found_and_counted_on_the_other_half():
    dice = random.Random(1)  # noqa: S311 - a test's dice
    labels = [dice.choice(["bug", "wish"]) for _ in range(400)]
    filler = ["some", "more", "words", "here", "there"]
    texts = [
        " ".join([*dice.sample(filler, 3), "crash" if label == "bug" else "please", f"x{n}y"])
        for n, label in enumerate(labels)
    ]
    bug, wish = first_words(texts, labels)
    assert (bug.label, bug.words, bug.right) == ("bug", ("crash",), bug.checked)
    assert (wish.label, wish.words, wish.right) == ("wish", ("please",), wish.checked)
    assert 150 < bug.checked + wish.checked < 250


def test_labels_by_chance_have_no_words():
    dice = random.Random(2)  # noqa: S311 - a test's dice
    vocabulary = [f"{a}{b}{c}" for a in "abcde" for b in "fghij" for c in "klmno"]
    texts = [" ".join(dice.sample(vocabulary, 12)) for _ in range(600)]
    assert len(list(first_words(texts, [dice.choice("abc") for _ in texts]))) <= 1


def test_few_rows_say_nothing_and_rows_without_a_label_are_none():
    texts = [f"crash {n}" for n in range(30)]
    assert list(first_words(texts, ["bug"] * 15 + ["wish"] * 15)) == []
    assert list(first_words([*texts, *texts], [None] * 60)) == []
