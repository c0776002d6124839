"""Words are marked in the text, and nothing of the text moves the cursor."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from retrolabel.cli.highlighting import highlighted, on


def shown(text, places, width=80):
    return highlighted(text, places, width=width, colours=False).plain


def test_words_stand_in_brackets_where_there_are_no_colours():
    assert shown("it doesn't work", [(3, 15)]) == "it [doesn't work]"
    assert shown("late, so late", [(9, 13), (0, 4)]) == "[late], so [late]"


def test_words_are_bold_where_there_are_colours():
    made = highlighted("so late", [(3, 7)], width=80, colours=True)
    assert made.plain == "so late"
    assert [(span.start, span.end, str(span.style)) for span in made.spans] == [(3, 7, "bold reverse")]


def test_a_text_is_one_line_and_its_controls_are_shown():
    assert shown("a\x1b[2J\n\n  dead\nlink \u202e!", [(9, 18)]) == r"a\x1b[2J [dead link] \u202e!"


def test_a_long_text_is_cut_around_the_words():
    text = "before " * 30 + "CRASH" + " after" * 30
    line = shown(text, [(210, 215)], 40)
    assert line == "\u2026ore before [CRASH] after after after a\u2026"


@pytest.mark.parametrize("width", [8, 20, 33])
@pytest.mark.parametrize("places", [[], [(0, 3)], [(40, 44)], [(2, 60)], [(58, 60)]])
def test_a_cut_text_takes_no_more_than_its_room(width, places):
    assert cell_len(shown("\u6c34 \U0001f62d " * 15, places, width)) <= width
    assert cell_len(shown("a word " * 12, places, width)) <= width


def test_a_text_without_marked_words_begins_at_its_beginning():
    assert shown("a long way to go", [], 10) == "a long wa\u2026"


def test_a_pipe_gets_all_of_a_text():
    console = Console(file=io.StringIO(), width=20)
    assert on(console, "a long way to the crash of today", [(18, 23)]).plain == "a long way to the [crash] of today"
