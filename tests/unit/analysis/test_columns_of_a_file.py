"""What the columns of a file are good for is guessed from names and values, and never from what is no sign of it."""

from __future__ import annotations

import pytest

from retrolabel.analysis import columns_of_a_file as columns
from retrolabel.analysis.languages import language_of


def column(name, values, kind="string"):
    return columns.column_of(name, name, kind, values)


def test_ids_are_called_so_and_are_all_different():
    rows = [str(n) for n in range(9)]
    assert columns.id_column([column("code", rows), column("Review ID", rows)], 9).written == "Review ID"
    assert columns.id_column([column("id", ["1"] * 9)], 9) is None
    assert columns.id_column([column("id", [*rows[:8], None])], 9) is None
    assert columns.id_column([column("code", rows)], 9) is None


def test_labels_are_few_short_values_that_come_again():
    assert columns.label_columns([column("kind", ["bug", "wish"] * 5)])
    assert not columns.label_columns([column("label", [f"l{n}" for n in range(200)] * 5)])
    assert not columns.label_columns([column("kind", ["bug"] * 9)])
    assert not columns.label_columns([column("split", ["train", "test"] * 9)])
    assert not columns.label_columns([column("labels", ["['a', 'b']", "['c']"] * 9)])


@pytest.mark.parametrize(
    ("name", "called"),
    [("label", True), ("airline_sentiment", True), ("goldLabel", True), ("type.ableism", False), ("stars", False)],
)
def test_the_last_word_of_a_name_says_that_it_is_one_of_labels(name, called):
    assert columns.is_called_label(column(name, ["a"])) is called


def test_numbers_are_labels_only_where_the_column_says_so():
    assert columns.label_columns([column("gold", [0, 1] * 5, "integer")])
    assert not columns.label_columns([column("stars", [0, 1] * 5, "integer")])


def test_single_words_are_no_texts():
    words, texts = column("repo", ["react", "vscode"]), column("body", ["it is so", "not it"])
    assert columns.text_column([words, texts], []).name == "body"
    assert columns.text_column([words], []) is None
    assert columns.text_column([column("t", ["很好用的应用"])], []).name == "t"


@pytest.mark.parametrize(
    ("header", "item"),
    [
        (["1", "It crashes all the time", "bug"], True),
        (["2024-01-03", "5"], True),
        (["id", "Review Text", "2nd"], False),
        (["review"], False),
        (["Is this an answer that helped you?", "id"], True),
    ],
)
def test_a_first_line_of_data_is_no_header(header, item):
    assert columns.looks_like_an_item(header) is item


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("it is not what I wanted for the price", "English"),
        ("das ist nicht gut", "German"),
        ("ok", "unclear"),
        ("не работает", "Cyrillic"),
        ("很好用", "Chinese or Japanese"),
    ],
)
def test_languages_are_told_by_small_words_or_by_script(text, language):
    assert language_of(text) == language
