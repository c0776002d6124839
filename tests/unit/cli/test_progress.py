"""Progress on a terminal: what is counted, what is left, and that no long silence stays unexplained."""

from __future__ import annotations

import io
import re
import sys
import time

import pytest
from rich.progress import Progress

from retrolabel.cli import common, progress
from retrolabel.cli.common import console, expect, print_json, quiet, say, show_error, table, terminal_progress
from retrolabel.cli.progress import TerminalProgress, rows_in
from retrolabel.errors import InputError

CLEARED = "\x1b[?25h"
"""What a terminal gets when its cursor is shown again: the bar is gone."""


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self):
        return True

    @property
    def shown(self):
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.getvalue())


@pytest.fixture
def at_a_terminal(monkeypatch):
    """A function that puts a terminal on the error stream, which pytest takes for itself before each test."""
    monkeypatch.setattr(progress, "SHOW_AFTER", 0.02)
    monkeypatch.setattr(progress, "WAIT_AFTER", 0.05)
    monkeypatch.setattr(sys, "argv", ["retrolabel", "gold", "import", "mood", "gold.csv", "--source", "web"])
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(common, "SHOWN", [])

    def go():
        made = Terminal()
        monkeypatch.setattr(sys, "stderr", made)
        return made

    yield go
    quiet()


def until(said):
    """Wait until something is so, half a minute at most."""
    for _ in range(1500):
        if said():
            return True
        time.sleep(0.02)
    return False


def test_a_command_that_counts_nothing_says_that_it_is_under_way_and_for_how_long(at_a_terminal):
    terminal = at_a_terminal()
    terminal_progress()
    assert until(lambda: re.search(r"gold import mood +\d+ s", terminal.shown))


def test_a_stretch_is_shown_before_its_first_step_is_done(at_a_terminal):
    terminal = at_a_terminal()
    told = TerminalProgress()
    told.start("label model", 3)
    assert until(lambda: re.search(r"label model .* 0 / 3", terminal.shown))
    told.close()


def test_a_stretch_tells_count_total_and_the_time_that_is_left(at_a_terminal):
    terminal = at_a_terminal()
    told = TerminalProgress()
    told.start("labeling functions", 5_000)
    for _ in range(40):
        told.advance(100)
        time.sleep(0.01)
    assert until(lambda: re.search(r"labeling functions .* 4,000 / 5,000 \d+:\d\d left", terminal.shown))
    told.close()


def test_after_a_stretch_the_command_is_under_way_again(at_a_terminal):
    terminal = at_a_terminal()
    told = terminal_progress()
    told.start("votes", 2)
    told.advance(2)
    assert until(lambda: "gold import mood" in terminal.shown)


@pytest.mark.parametrize(
    "output",
    [
        lambda: say("done"),
        lambda: print_json({}),
        lambda: console().print(table("", ["a"], [("b",)])),
        lambda: show_error(InputError("It fails."), as_json=False),
    ],
    ids=["sentence", "json", "table", "error"],
)
def test_whatever_is_printed_takes_the_bar_away_first_and_it_stays_away(at_a_terminal, output):
    terminal = at_a_terminal()
    terminal_progress()
    assert until(lambda: "gold import mood" in terminal.shown)
    output()
    assert CLEARED in terminal.getvalue()
    there = terminal.getvalue()
    time.sleep(0.3)
    assert terminal.getvalue() == there


def test_a_short_command_shows_nothing(at_a_terminal, monkeypatch):
    terminal = at_a_terminal()
    monkeypatch.setattr(progress, "WAIT_AFTER", 0.5)
    terminal_progress()
    say("done")
    time.sleep(0.7)
    assert terminal.getvalue() == ""


def test_a_pipe_gets_nothing_while_a_command_waits(monkeypatch, capsys):
    monkeypatch.setattr(progress, "WAIT_AFTER", 0.01)
    monkeypatch.setattr(Progress, "start", lambda _: pytest.fail("there is nobody to look at it"))
    told = TerminalProgress("plan mood")
    time.sleep(0.1)
    told.close()
    assert capsys.readouterr().err == ""


def test_the_rows_of_a_file_are_counted_for_whoever_looks_at_progress_though_the_result_goes_to_a_file(
    at_a_terminal, tmp_path, monkeypatch
):
    (tmp_path / "f.csv").write_text("id\n1\n2\n")
    terminal = at_a_terminal()
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    told = TerminalProgress()
    monkeypatch.setattr(common, "SHOWN", [told])
    expect(tmp_path / "f.csv")
    told.start("ingest f.csv", None)
    told.advance(1)
    assert until(lambda: "1 / 2" in terminal.shown)


def test_no_rows_are_counted_where_nobody_looks_at_progress(tmp_path, monkeypatch):
    (tmp_path / "f.csv").write_text("id\n1\n2\n")
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(progress, "rows_in", lambda _: pytest.fail("nobody looks at it"))
    monkeypatch.setattr(common, "SHOWN", [TerminalProgress()])
    expect(tmp_path / "f.csv")


def test_a_stretch_without_a_total_takes_the_expected_one_once(at_a_terminal):
    terminal = at_a_terminal()
    told = TerminalProgress()
    told.expect(300)
    told.start("ingest f.csv", None)
    told.advance(7)
    assert until(lambda: "7 / 300" in terminal.shown)
    told.start("ingest g.csv", None)
    told.advance(8)
    assert until(lambda: re.search(r"ingest g.csv 8 \d+ s", terminal.shown))
    told.close()


@pytest.mark.parametrize(
    ("name", "text", "rows"),
    [
        ("f.csv", "id,text\n1,a\n2,b\n", 2),
        ("f.csv", 'id,text\n1,"a\nb ""c""\n"\n2,b\n', 2),
        ("f.jsonl", '{"t": "a \\" b"}\n{"t": "c"}\n', 2),
        ("f.csv.gz", "id,text\n1,a\n", None),
        ("f.parquet", "", None),
    ],
)
def test_the_rows_of_a_file_are_told_beforehand_where_that_is_quick(tmp_path, monkeypatch, name, text, rows):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert rows_in(tmp_path / name) == rows
    monkeypatch.setattr(progress, "BLOCK", 3)
    assert rows_in(tmp_path / name) == rows
    assert rows_in(tmp_path / "nowhere.csv") is None


def test_a_note_is_printed_once_on_standard_error_however_often_it_is_told(capsys):
    told = TerminalProgress()
    for text in ("runs are not tracked", "there are no faults to retry", "runs are not tracked"):
        told.note(text)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["Note: runs are not tracked", "Note: there are no faults to retry"]
