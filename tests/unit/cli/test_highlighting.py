"""A text with words marked, cut around them."""

from __future__ import annotations

from rich.cells import cell_len

from retrolabel.cli.highlighting import MARKED, highlighted
from retrolabel.labeling.words import Span


def spans(text: str, *words: str) -> list[Span]:
    return [Span("t", text.index(word), text.index(word) + len(word), word) for word in words]


def test_words_stand_in_brackets_where_there_is_no_colour() -> None:
    text = "it crashes, always"
    assert highlighted(text, spans(text, "always", "crash"), colour=False).plain == "it [crash]es, [always]"


def test_words_are_bold_and_reversed_where_there_is_colour() -> None:
    text = "it crashes"
    line = highlighted(text, spans(text, "crash"))
    assert line.plain == "it crashes"
    assert "".join(line.plain[each.start : each.end] for each in line.spans if each.style == MARKED) == "crash"


def test_overlapping_words_are_marked_as_one() -> None:
    text = "dead link page"
    assert highlighted(text, spans(text, "dead link", "link page"), colour=False).plain == "[dead link page]"


def test_a_long_text_is_cut_around_its_words() -> None:
    text = "before " * 20 + "crash" + " after" * 20
    shown = highlighted(text, spans(text, "crash"), width=40, colour=False).plain
    assert shown == "…re before [crash] after after after af…"
    assert cell_len(shown) == 40


def test_words_at_the_end_leave_more_room_before_them() -> None:
    text = "before " * 20 + "crash"
    shown = highlighted(text, spans(text, "crash"), width=30, colour=False).plain
    assert shown == "… before before before [crash]"


def test_control_characters_are_shown_and_not_obeyed() -> None:
    text = "a\x1b[2Jb\ncrash\u202e"
    assert highlighted(text, spans(text, "crash"), colour=False).plain == "a\\x1b[2Jb\\n[crash]\\u202e"


def test_wide_characters_and_joined_emoji_are_counted_in_cells_and_never_cut() -> None:
    text = "\u6f22\u5b57" * 20 + "crash" + "\U0001f468\u200d\U0001f469\u200d\U0001f466" * 10
    shown = highlighted(text, spans(text, "crash"), width=25, colour=False).plain
    assert cell_len(shown) <= 25
    assert "[crash]" in shown
    assert not shown.rstrip("…").endswith("\u200d")


def test_a_text_that_fits_is_whole_and_one_without_words_is_cut_at_its_end() -> None:
    assert highlighted("short", [], width=10).plain == "short"
    assert highlighted("a longer text", [], width=8).plain == "a longe…"
