"""What a terminal of 80 columns shows: whole tables, no code in a pipe, a log file that stays short."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from retrolabel.cli import progress
from retrolabel.cli.common import folded
from retrolabel.cli.progress import TerminalProgress
from retrolabel.wiring.demo import tell

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[[0-9;]*\b(3[0-7]|4[0-7]|9[0-7]|10[0-7]|38|48)\b[0-9;]*m")
LONG = "a_label_whose_id_says_more_than_anybody_asked_for_" + "0123456789"
LONG_LF = "a_labeling_function_with_a_name_that_is_" + "very_" * 8 + "long"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The folder of a demo of 400 items."""
    folder = tmp_path_factory.mktemp("demo") / "told"
    *_, (_, story) = tell(folder, 400, 0)
    return story


def narrow(monkeypatch):
    """Let commands think that they write to a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")


@pytest.fixture
def demo(told, run, monkeypatch, tmp_path):
    """A copy of that demo, which commands run in."""
    shutil.copytree(told.folder, tmp_path / "demo")
    monkeypatch.chdir(tmp_path / "demo")
    narrow(monkeypatch)
    return told


@pytest.fixture
def wordy(run, project, write, monkeypatch):
    """A project whose labels and labeling functions have long names, with gold, and labelled."""
    names = ", ".join(
        f'Label("{LONG}{n}", "What it means, in many words, so that it has to be folded.")' for n in range(4)
    )
    write("labeling_functions/mood/schema/v1.py",
          f'from retrolabel import Label, LabelSchema\nA, B, C, D = {names}\n'
          'SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[A, B, C, D])\n')  # fmt: skip
    write("labeling_functions/mood/wording.py",
          "from labeling_functions.mood.schema.v1 import A, B, C\nfrom retrolabel import keywords\n"
          f"{LONG_LF} = keywords(A, ['thank you'], column='comment')\n"
          f"{LONG_LF}_too = keywords(B, ['wrong'], column='comment')\n"
          f"{LONG_LF}_as_well = keywords(C, ['perfect'], column='comment')\n")  # fmt: skip
    write("gold.csv", "item_id,label\n" + "".join(f"{n},{LONG}{n % 4}\n" for n in range(40)))
    assert (
        run("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", "--sampling", "random").code == 0
    )
    assert run("relabel", "mood").code == 0
    narrow(monkeypatch)
    return project


LOOKS = [
    ("lf", "list", "TASK"),
    ("lf", "summary", "TASK"),
    ("lf", "diff", "TASK"),
    ("schema", "show", "TASK"),
    ("schema", "history", "TASK"),
    ("schema", "check"),
    ("plan", "TASK"),
    ("evaluate", "TASK"),
    ("evaluate", "TASK", "--final"),
    ("compare", "TASK"),
    ("relabel", "TASK", "--no-tracking"),
    ("gold", "list"),
    ("gold", "show", "TASK"),
    ("labels", "list"),
    ("labels", "show", "TASK"),
    ("labels", "show", "TASK", "--item", "ITEM"),
    ("explain", "TASK", "ITEM"),
    ("labels", "verify", "TASK"),
    ("compact", "--dry-run"),
]


def too_wide(text):
    """Return the lines wider than 80 cells, but for one word that nobody can break: a path."""
    lines = ANSI.sub("", text).splitlines()
    return [line for line in lines if cell_len(line.rstrip()) > 80 and len(line.split()) > 1]


def filled(words, task, item):
    return [{"TASK": task, "ITEM": item}.get(word, word) for word in words]


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_no_line_of_the_demo_is_wider_than_80_columns(demo, run, words):
    first = min(Path("feedback").iterdir()).read_text(encoding="utf-8")
    item = re.search(r'"item_id":"([^"]+)"', first).group(1)
    done = run(*filled(words, "failure_mode", item))
    assert done.code == 0, done
    assert too_wide(done.out) == []


def test_no_line_of_a_schema_diff_is_wider_than_80_columns(demo, run):
    assert too_wide(run("schema", "diff", "failure_mode", "1.0.0", "2.0.0").out) == []


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_long_names_are_folded_and_no_figure_is_lost(wordy, run, words):
    done = run(*filled(words, "mood", "0"))
    assert done.code == 0, done
    assert too_wide(done.out) == []
    assert "…" not in done.out


def test_what_each_vote_adds_is_shown_under_label_ids_however_long(wordy, run):
    out = run("explain", "mood", "0").out
    assert "without it" in out
    (row,) = [
        line.split() for line in out.splitlines() if line.count("+0.") + line.count("-0.") == 3 and "a_lab" in line
    ]
    assert len(row) == 6


def test_a_pipe_gets_neither_codes_nor_broken_lines(wordy, run, monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("TERM", "xterm-256color")
    for words in LOOKS:
        done = run(*filled(words, "mood", "0"))
        assert "\x1b" not in done.out + done.err, words
    legend = "cov, ovl, cfl: share of the items it votes on, with others, against others\nprec, n: share of its votes"
    assert f"{legend} on dev gold that leave the gold label possible, of how many\n" in run("lf", "summary", "mood").out


def test_json_holds_no_codes_even_where_colour_is_forced(wordy, run, monkeypatch):
    monkeypatch.delenv("NO_COLOR")
    for words in LOOKS:
        done = run(*filled(words, "mood", "0"), "--json")
        assert "\x1b" not in done.out, words
        assert isinstance(done.json, dict), words


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Unix")
@pytest.mark.parametrize("no_color", [True, False])
def test_a_terminal_shows_the_words_that_a_pipe_does_and_no_colour_where_it_is_not_wanted(wordy, run, no_color):
    words = ["labels", "list"]
    plain = ANSI.sub("", run(*words).out)
    shown = on_a_terminal(words, {"NO_COLOR": "1"} if no_color else {})
    if no_color:
        assert not COLOUR.search(shown)
    assert ANSI.sub("", shown).split() == plain.split()


def on_a_terminal(words, more):
    """Return what a command writes to a terminal."""
    ours, theirs = os.openpty()
    environment = (
        {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
        | {"TERM": "xterm-256color"}
        | more
    )
    with subprocess.Popen([sys.executable, "-m", "retrolabel", *words], stdout=theirs, stderr=theirs, env=environment):
        os.close(theirs)
        found = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the terminal is gone with its process
                break
            if not piece:
                break
            found += piece
    os.close(ours)
    return found.decode()


class Clock:
    """A clock that goes as far as one says."""

    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


def test_a_log_file_gets_a_line_a_minute_and_none_in_the_first(monkeypatch, capsys):
    clock = Clock()
    monkeypatch.setattr(progress, "monotonic", clock)
    told = TerminalProgress()
    told.start("votes", 36_000)
    lines = []
    for second in range(600):
        clock.at = float(second)
        told.advance(60)
        lines.append(capsys.readouterr().err)
    assert "".join(lines[:60]) == ""
    written = [line for line in lines if line]
    assert 8 <= len(written) <= 10
    assert re.fullmatch(r"votes: [\d,]+ of 36,000\n", written[0])
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("short", 10, ["short"]),
        ("one two three", 8, ["one two", "  three"]),
        ("  note: one two", 12, ["  note: one", "    two"]),
        ("/a/path/that/is/longer than it", 10, ["/a/path/that/is/longer", "  than it"]),
        ("数据 数据 数据", 10, ["数据 数据", "  数据"]),
        ("", 10, [""]),
    ],
)
def test_a_line_is_broken_between_words_by_the_cells_that_they_take(text, width, lines):
    assert folded(text, width).split("\n") == lines


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Unix")
def test_an_error_is_folded_at_the_width_of_a_terminal_and_whole_in_a_pipe(wordy, run):
    words = ["gold", "import", "mood", "gold.csv", "--source", "nowhere_at_all", "--role", "dev"]
    piped = run(*words).err
    assert max(map(len, piped.splitlines())) > 80
    shown = on_a_terminal(words, {"COLUMNS": "60"})
    assert [line for line in shown.splitlines() if len(line) > 60 and len(line.split()) > 1] == []
    assert shown.split() == piped.split()


ACCENTED = (
    "from labeling_functions.mood.schema.v1 import BAD\nfrom retrolabel import labeling_function\n\n"
    '@labeling_function(BAD)\ndef odd(comment):\n    "caf\u00e9 \U0001f600"\n    return comment == "\u00e9"\n'
)


@pytest.mark.parametrize(
    "more", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_what_a_terminal_cannot_show_is_escaped(project, shell, write, more):
    write("labeling_functions/mood/odd.py", ACCENTED)
    done = shell("lf", "show", "mood:odd", **more)
    assert (done.code, done.err) == (0, "")
    assert "caf\\xe9 \\U0001f600" in done.out


def test_json_stays_json_where_the_output_knows_ascii_only(project, shell, write):
    write("labeling_functions/mood/odd.py", ACCENTED)
    done = shell("lf", "show", "mood:odd", "--json", PYTHONIOENCODING="ascii")
    assert done.code == 0
    assert "caf\u00e9 \U0001f600" in str(done.json)
    assert done.out.isascii()
