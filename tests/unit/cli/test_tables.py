"""Tables that give way to the width of a terminal."""

from __future__ import annotations

import io
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from retrolabel.cli.common import console, table
from retrolabel.cli.tables import Column, Kind, fitted, folded_title, shortened, wrapped

NAMES = st.text(string.ascii_letters + "_ 数据", min_size=1, max_size=60).map(lambda name: name.strip() or "x")
FIGURES = st.integers(0, 10**9)


def printed(made, width):
    """Return the lines of a table on a terminal; of a pipe, where there is no width."""
    out = io.StringIO()
    Console(file=out, width=width or 80, force_terminal=width is not None, color_system=None, soft_wrap=True).print(
        made
    )
    return out.getvalue().splitlines()


@st.composite
def tables(draw):
    """Draw the titles and the rows of a table: two names, a text, three figures."""
    titles = ["name", "other", "text", "n", draw(NAMES), "share"]
    row = st.tuples(NAMES, NAMES, NAMES, FIGURES, FIGURES, FIGURES)
    return titles, draw(st.lists(row, min_size=1, max_size=6))


@given(tables(), st.integers(70, 200))
def test_a_row_is_a_line_that_fits_and_its_figures_are_whole(drawn, width):
    titles, rows = drawn
    made = table("", titles, rows, right=titles[3:], cut={"text": 12}, last=True)
    lines = printed(made, width)
    body = lines[-len(rows) :]
    assert set(lines[-len(rows) - 1]) == {"─"}
    assert max(map(cell_len, lines)) <= width
    for row, line in zip(rows, body, strict=True):
        assert [word for word in line.split() if word.replace(",", "").isdigit()] == [f"{n:,}" for n in row[3:]]


@given(tables(), st.integers(20, 200))
def test_what_is_cut_begins_as_it_is_and_has_an_ellipsis(drawn, width):
    texts = [row[0] for row in drawn[1]]
    for text, short in zip(texts, shortened(texts, width // 4), strict=True):
        assert short == text if cell_len(text) <= width // 4 else short.endswith("…")
        assert text.startswith(short.removesuffix("…").rstrip())
        assert cell_len(short) <= width // 4


@given(tables())
def test_a_pipe_gets_every_cell_whole_and_a_line_a_row(drawn):
    titles, rows = drawn
    made = table("a title that is longer than all of its columns are, and than a line of eighty", titles, rows,
                 right=titles[3:], cut={"text": 12}, spare=["share"], last=True)  # fmt: skip
    lines = printed(made, None)
    assert len(lines) == 3 + len(rows)
    for row, line in zip(rows, lines[3:], strict=True):
        assert [cell for cell in row if (f"{cell:,}" if isinstance(cell, int) else cell) not in line] == []


def test_columns_that_can_be_spared_are_left_out_before_a_name_is_cut():
    columns = ["name", "first", "second", "n"]
    rows = [("a_name_of_twenty_cell", "first", "second", 12_345_678)]
    made = table("", columns, rows, right=["n"], spare=["second", "first"], last=True)
    assert printed(made, 60)[-1] == "a_name_of_twenty_cell  first  second  12,345,678"
    assert printed(made, 45)[-1] == "a_name_of_twenty_cell  first  12,345,678"
    assert printed(made, 35)[-1] == "a_name_of_twenty_cell  12,345,678"
    assert printed(made, 30)[-1] == "a_name_of_twenty_…  12,345,678"
    assert [line.split() for line in printed(made, 30)[:2]] == [[], ["name", "n"]]


def test_titles_of_numbers_are_folded_only_where_there_is_no_room_for_them():
    made = table("", ["LF", "customer_service"], [("angry_tag", 3)], right=["customer_service"], last=True)
    assert printed(made, 80)[1] == "LF         customer_service"
    assert printed(made, 24)[1:3] == ["           customer_", "LF           service"]


def test_a_text_is_cut_before_a_name_and_the_few_long_ones_before_the_many():
    rows = [
        (f"a_labeling_function_{n:02}", "good" if n else "good | retrieval | generation", "word " * 20)
        for n in range(40)
    ]
    made = table("", ["LF", "votes", "text"], rows, cut={"votes": 12, "text": 24}, last=True)
    lines = printed(made, 80)
    assert lines[-40] == "a_labeling_function_00  good | retr…  word word word word word word word word w…"
    assert lines[-1] == "a_labeling_function_39  good          word word word word word word word word w…"


def test_sentences_are_folded_between_words_and_nothing_of_them_is_lost():
    told = "is retrieval | generation | formatting now"
    made = table("", ["label", "what it does", "n"], [("bad", told, 7)], right=["n"], prose=["what it does"], last=True)
    assert printed(made, 36)[-2:] == ["bad    is retrieval | generation   7", "       | formatting now"]
    assert " ".join(line.removesuffix("7") for line in printed(made, 36)[-2:]).split()[1:] == told.split()


def test_names_that_begin_alike_are_told_apart_and_others_are_cut_at_the_end():
    names = ["a_very_long_name_of_a_thing", "a_very_long_name_of_a_thing_too", "another_name_of_a_thing"]
    assert shortened(names, 15, names=True) == ["a_very_…a_thing", "a_very_…ing_too", "another_name_o…"]
    assert shortened(names, 15) == ["a_very_long_na…", "a_very_long_na…", "another_name_o…"]


def test_a_figure_with_an_interval_is_never_cut():
    figure = ".798 [.746, .842]"
    made = table(
        "", ["gold", "accuracy", "kappa"], [("dev" * 9, figure, figure)], whole=["accuracy", "kappa"], last=True
    )
    assert printed(made, 50)[-1] == f"devdevdevde…  {figure}  {figure}"
    assert printed(made, 30)[-1].endswith(f"{figure}  {figure}")


def test_a_cell_never_moves_the_cursor_or_begins_a_line():
    made = table("", ["value", "what it is"], [("a\x1b[2J\tb\nc\rd", "one\ntwo\x07")], prose=["what it is"], last=True)
    first, second = printed(made, 80)[-2:]
    assert first.split("  ") == ["a\\x1b[2J\\tb\\nc\\rd", "one"]
    assert second.strip() == "two\\x07"


def test_a_title_that_is_wider_than_the_terminal_is_folded_between_words():
    made = table("Agreement with gold over covered items", ["gold", "n"], [("dev", 7)], right=["n"], last=True)
    assert printed(made, 20) == ["Agreement with gold", "over covered items", "gold  n", "───────", "dev   7"]


def test_an_empty_line_follows_a_table_unless_it_is_the_last_thing():
    assert printed(table("t", ["a"], [("b",)]), 80) == ["t", "a", "─", "b", ""]
    assert printed(table("", ["a"], [("b",)], last=True), 80) == ["", "a", "─", "b"]


def test_a_table_without_rows_has_its_titles():
    assert printed(table("t", ["a", "n"], [], right=["n"], last=True), 80) == ["t", "a  n", "────"]


def test_a_terminal_that_knows_ascii_only_gets_nothing_else(monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    made = table("", ["name"], [("a_very_long_name_of_a_thing",)], last=True)
    Console(file=out, width=15, force_terminal=True, color_system=None, soft_wrap=True).print(made)
    out.seek(0)
    assert out.read().splitlines()[-2:] == ["-" * 15, "a_very_long_..."]


def test_wide_characters_take_two_cells():
    assert shortened(["数据数据数据", "short"], 7) == ["数据数…", "short"]
    assert wrapped("数据 数据 数据", 9) == ["数据 数据", "数据"]


@pytest.mark.parametrize(
    ("title", "width", "lines"),
    [
        ("customer_service", 12, ["customer_", "service"]),
        ("abcdefghijklmnop", 12, ["abcdefghijkl", "mnop"]),
        ("without it", 12, ["without it"]),
        ("without it", 7, ["without", "it"]),
        ("", 12, [""]),
    ],
)
def test_a_title_is_folded_between_its_words(title, width, lines):
    assert folded_title(title, width) == lines


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 9, [""]),
        ("one two", 9, ["one two"]),
        ("abcdefghij k", 4, ["abcd", "efgh", "ij k"]),
        ("  a b", 9, ["  a b"]),
    ],
)
def test_prose_is_broken_between_words_and_a_longer_word_is_broken_too(text, width, lines):
    assert wrapped(text, width) == lines


def test_columns_of_the_same_title_are_two_columns():
    columns = [Column("n", ("1",), Kind.NUMBER), Column("n", ("22",), Kind.NUMBER)]
    assert list(fitted(columns, None).values()) == [1, 2]


def test_the_console_of_the_commands_crops_nothing(capsys):
    console().print(table("", ["a"], [("x" * 300,)], last=True))
    assert "x" * 300 in capsys.readouterr().out
