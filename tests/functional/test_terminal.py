"""What a terminal of 80 columns shows: a line a thing, no code in a pipe, a log file that stays short."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from rich.cells import cell_len

from retrolabel.cli import progress
from retrolabel.cli.common import folded
from retrolabel.cli.progress import TerminalProgress

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[[0-9;]*\b(3[0-7]|4[0-7]|9[0-7]|10[0-7]|38|48)\b[0-9;]*m")
LONG = "a_label_whose_id_says_more_than_anybody_asked_for_" + "0123456789"
LONG_LF = "a_labeling_function_with_a_name_that_is_" + "very_" * 8 + "long"


def narrow(monkeypatch):
    """Let commands think that they write to a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")


@pytest.fixture
def demo(told, run, monkeypatch, tmp_path):
    """A copy of the demo, which commands run in."""
    shutil.copytree(told, tmp_path / "demo")
    monkeypatch.chdir(tmp_path / "demo")
    narrow(monkeypatch)
    return told


@pytest.fixture
def wordy(run, project, write, once, monkeypatch):
    """A project whose labels and labeling functions have long names, with gold, and labelled."""

    def build():
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
        words = ("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", "--sampling", "random")
        assert run(*words).code == 0
        assert run("relabel", "mood").code == 0

    once("wordy", build)
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
    ("labels", "why", "TASK", "ITEM"),
    ("labels", "verify", "TASK"),
    ("compact", "--dry-run"),
]


NO_ROWS = [
    ("schema", "show"),
    ("lf", "diff"),
    ("schema", "history"),
    ("plan", "TASK"),
    ("labels", "verify"),
    ("compact", "--dry-run"),
]
"""What prints no table, or one whose rows are sentences."""


def too_wide(text):
    """Return the lines wider than 80 cells, but for one word that nobody can break: a path."""
    lines = ANSI.sub("", text).splitlines()
    return [line for line in lines if cell_len(line.rstrip()) > 80 and len(line.split()) > 1]


def filled(words, task, item):
    return [{"TASK": task, "ITEM": item}.get(word, word) for word in words]


_seen: dict[tuple[str, ...], object] = {}


def seen(where, run, words):
    """Run a command in a project that is the same for each test of this file, once for all that look at what it shows.

    Args:
        where: The project, and what the command writes to.
        run: Runs it.
        words: The command.
    """
    key = (where, *words)
    if key not in _seen:
        _seen[key] = run(*words)
    return _seen[key]


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_no_line_of_the_demo_is_wider_than_80_columns(demo, run, words):
    first = min(Path("feedback").iterdir()).read_text(encoding="utf-8")
    item = re.search(r'"item_id":"([^"]+)"', first).group(1)
    done = seen("demo", run, filled(words, "failure_mode", item))
    assert done.code == 0, done
    assert too_wide(done.out) == []


def test_no_line_of_a_schema_diff_is_wider_than_80_columns(demo, run):
    assert too_wide(run("schema", "diff", "failure_mode", "1.0.0", "2.0.0").out) == []


def piped(run, monkeypatch, *words):
    """Return what a command writes to a pipe."""
    with monkeypatch.context() as elsewhere:
        elsewhere.delenv("FORCE_COLOR", raising=False)
        return run(*words)


def figures(text):
    """Return the words of a text that are figures; how long it took is none, and neither is the end of a label id."""
    lines = [line for line in ANSI.sub("", text).splitlines() if not re.fullmatch(r"[\d.]+ s", line)]
    return {word for line in lines for word in line.split() if re.fullmatch(r"(?!0123)[+-]?\[?[\d.,]*\d%?\]?,?", word)}


def rows(text):
    """Return the rows of each table: the lines between its rule and the next empty line."""
    blocks = re.split(r"^─+$", ANSI.sub("", text), flags=re.MULTILINE)[1:]
    return [block.removeprefix("\n").partition("\n\n")[0].splitlines() for block in blocks]


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_long_names_are_cut_and_every_figure_stays_whole(wordy, run, words, monkeypatch):
    words = filled(words, "mood", "0")
    done, whole = seen("wordy", run, words), seen("wordy, in a pipe", partial(piped, run, monkeypatch), words).out
    assert done.code == 0, done
    assert too_wide(done.out) == []
    assert figures(done.out) <= figures(whole)
    assert [word for word in ANSI.sub("", done.out).split() if re.match(r"[+-]?\[?\d[\d.,]*…", word)] == []
    assert "…" not in whole


@pytest.mark.parametrize("words", [words for words in LOOKS if words[:2] not in NO_ROWS], ids=" ".join)
def test_a_row_is_one_line_however_long_its_names_are(wordy, run, words, monkeypatch):
    words = filled(words, "mood", "0")
    there = rows(seen("wordy, in a pipe", partial(piped, run, monkeypatch), words).out)
    assert there
    assert list(map(len, rows(seen("wordy", run, words).out))) == list(map(len, there))


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_no_line_ends_in_blanks_and_no_two_empty_lines_follow_each_other(demo, run, words):
    first = min(Path("feedback").iterdir()).read_text(encoding="utf-8")
    item = re.search(r'"item_id":"([^"]+)"', first).group(1)
    lines = ANSI.sub("", seen("demo", run, filled(words, "failure_mode", item)).out).splitlines()
    assert [line for line in lines if line != line.rstrip()] == []
    assert [pair for pair in pairwise(lines) if pair == ("", "")] == []


LONG_TASK = "a_task_whose_name_says_more_than_anybody_asked_for_" + "0123456789"
MADE = re.compile(r" \d{4}-\d\d-\d\d \d\d:\d\d$")


def add_label_sets(tasks):
    """Note further label sets of many items in the catalog here, five of each task, the last one its latest."""
    with closing(sqlite3.connect(".retrolabel/catalog.db")) as catalog, catalog:
        names = [column[1] for column in catalog.execute("PRAGMA table_info(label_sets)")]
        known = dict(zip(names, catalog.execute("SELECT * FROM label_sets").fetchone(), strict=True))
        for place, task in enumerate(tasks):
            for count in range(5):
                made = f"{place}{count}" * 16
                shutil.copytree(f".retrolabel/label_sets/{known['id']}", f".retrolabel/label_sets/{made}")
                more = {"id": made, "task": task, "items": 12_345_678, "covered": 11_222_333, "labelled": 10_999_888}
                catalog.execute(
                    f"INSERT INTO label_sets VALUES ({', '.join('?' * len(names))})",  # noqa: S608 - marks only
                    list((known | more).values()),
                )
            catalog.execute(
                "INSERT OR REPLACE INTO pointers VALUES (?, 'latest', ?, ?)", [task, made, known["created_at"]]
            )


@pytest.mark.parametrize("tasks", [["failure_mode"], ["failure_mode", "airline_feedback", LONG_TASK]], ids=len)
def test_at_80_columns_a_label_set_is_one_line_with_its_star_version_figures_and_year(demo, run, tasks):
    add_label_sets(tasks)
    done = run("labels", "list")
    (listed,) = rows(done.out)
    assert too_wide(done.out) == []
    assert len(listed) == 2 + 5 * len(tasks)
    assert [line for line in listed if not MADE.search(line)] == []
    assert [line for line in listed if not re.match(r"[0-9a-f]{12}( >?\*?)? .* [12]\.0\.0 ", line)] == []
    assert sum("12,345,678  11,222,333" in line for line in listed) == 5 * len(tasks)
    assert {line[:12] for line in listed if line[12:14] == " *"} == {f"{place}4" * 6 for place in range(len(tasks))}


def test_one_task_is_named_in_the_title_and_several_in_their_rows(demo, run):
    for words in (("labels", "list"), ("gold", "list")):
        title, *rest = ANSI.sub("", run(*words).out).splitlines()
        assert "of failure_mode" in title
        assert "failure_mode" not in "".join(rest)
    add_label_sets(["failure_mode", "mood_of_mails"])
    title, heading, *rest = ANSI.sub("", run("labels", "list").out).splitlines()
    assert (title, "task" in heading.split()) == ("Label sets (> is current, * is latest)", True)
    assert sum("mood_of_mails" in line for line in rest) == 5
    assert (
        ANSI.sub("", run("labels", "list", "failure_mode").out)
        .splitlines()[0]
        .startswith("Label sets of failure_mode ")
    )


def test_at_160_columns_no_label_set_is_cut_and_no_column_is_left_out(demo, run, monkeypatch):
    add_label_sets(["failure_mode", LONG_TASK])
    monkeypatch.setenv("COLUMNS", "160")
    wide = ANSI.sub("", run("labels", "list").out)
    assert wide == piped(run, monkeypatch, "labels", "list").out
    assert "…" not in wide
    titles = ["label set", "task", "version", "by", "items", "covered", "labelled", "made (UTC)"]
    assert re.split(r"  +", wide.splitlines()[1]) == titles


def test_a_damaged_label_set_is_told_of_at_any_width(demo, run, monkeypatch):
    add_label_sets(["failure_mode", LONG_TASK])
    Path(".retrolabel/label_sets", "00" * 16, "manifest.json").write_text("{", encoding="utf-8")
    (listed,) = rows(run("labels", "list").out)
    assert [line[:12] for line in listed if " damaged " in line] == ["00" * 6]
    assert [line for line in listed if not MADE.search(line)] == []


def test_lists_of_nothing_say_what_makes_something(run, project):
    assert run("labels", "list").out == "No label set yet: retrolabel relabel TASK makes one.\n"
    assert run("labels", "list", "mood").out == "No label set of mood yet: retrolabel relabel mood makes one.\n"
    assert run("gold", "list", "mood").out.startswith("No human labels of mood yet: retrolabel gold import mood FILE")


PATTERN = r"(?m)^\W*(steps to reproduce|repro steps)" + "".join(rf"|how it came {n} \d+ times" for n in range(20))


@pytest.fixture
def patterns(run, project, write, monkeypatch):
    """A project of two tasks; a labeling function of the first looks for a long pattern of many lines."""
    assert run("init", ".", "--task", "tone").code == 0
    write("labeling_functions/mood/wording.py",
          "from labeling_functions.mood.schema.v1 import BAD\nfrom retrolabel import keywords, regex\n"
          f"repeats = regex(BAD, {PATTERN!r}, column='comment')\n"
          "breaks = regex(BAD, '(?x) a \\n\\n | b\\t\\x1b', column='comment')\n"
          "wrong = keywords(BAD, ['wrong'], column='comment')\n")  # fmt: skip
    narrow(monkeypatch)
    return project


def test_at_80_columns_a_long_pattern_is_cut_with_an_ellipsis_and_stays_on_one_line(patterns, run):
    done = run("lf", "list")
    assert done.code == 0, done
    assert too_wide(done.out) == []
    ours, theirs = rows(done.out)
    assert [line.split()[0] for line in ours] == ["breaks", "repeats", "wrong"]
    (told,) = [line for line in ours if line.startswith("repeats")]
    assert re.search(r"Matches \(\?m\)\^\\W\*\(steps to .*…$", told)
    assert "\x1b" not in ANSI.sub("", done.out)
    titles = [line for line in ANSI.sub("", done.out).splitlines() if "labeling function" in line]
    assert titles == ["mood: 3 labeling functions", f"tone: {len(theirs)} labeling functions"]


def test_a_pattern_is_whole_in_a_pipe_in_json_and_where_one_is_shown(patterns, run, monkeypatch):
    out = piped(run, monkeypatch, "lf", "list", "mood").out
    assert f"  Matches {PATTERN}\n" in out
    assert len(rows(out)[0]) == 3
    assert PATTERN in {lf["description"].removeprefix("Matches ") for lf in run("lf", "list", "--json").json["lfs"]}
    assert PATTERN in " ".join(run("lf", "show", "mood:repeats").out.split())


def test_at_80_columns_the_lanes_of_a_history_are_not_broken(run, project, write, monkeypatch):
    why = "Nobody knew what to do with a complaint, " * 4
    assert run("schema", "new", "mood", "--split", f"bad={LONG}1,{LONG}2", "--reason", why).code == 0
    narrow(monkeypatch)
    lines = ANSI.sub("", run("schema", "history", "mood").out).splitlines()
    (start,) = [place for place, line in enumerate(lines) if line.startswith("* 1.0.0")]
    assert start > 6
    assert {line[:2].rstrip() for line in lines[1:start]} == {"*", "|"}
    assert {line[0] for line in lines[2:start]} == {"|"}


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
    """Return what a command leaves on a terminal: progress is gone."""
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
    return left(found.decode())


def left(written):
    """Return what is left of all that was written to a terminal: lines that were taken back are gone."""
    lines = [""]
    for piece in re.split(r"(\n|\x1b\[1A|\x1b\[2K)", written.replace("\r", "")):
        if piece == "\n":
            lines.append("")
        elif piece == "\x1b[1A":
            lines.pop()
        elif piece == "\x1b[2K":
            lines[-1] = ""
        else:
            lines[-1] += piece
    return "\n".join(lines)


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
