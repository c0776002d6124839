"""What all commands share: lists, pairs, cells, errors."""

from __future__ import annotations

import json

import numpy as np
import pytest
from rich.console import Console

from retrolabel.cli.common import listed, pairs, print_json, say, show_error, shown, table
from retrolabel.errors import GoldError, InputError, Problem


def test_lists_and_pairs_are_split_at_commas_and_may_be_repeated():
    assert listed(["a, b", "c", ""]) == ["a", "b", "c"]
    assert listed(None) == []
    assert pairs(["a=b,c=", "d=e=f"], "--map") == {"a": "b", "c": "", "d": "e=f"}


@pytest.mark.parametrize("entry", ["a", "=b"])
def test_a_pair_without_a_left_side_or_an_equals_sign_is_refused(entry):
    with pytest.raises(InputError, match="--map takes LEFT=RIGHT"):
        pairs([entry], "--map")


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (True, "yes"), (1234567, "1,234,567"), (0.12345, "0.123"), (float("nan"), "-"), ("x", "x")],
)
def test_cells_are_shown_as_people_read_them(value, text):
    assert shown(value) == text


def test_json_takes_numbers_of_numpy_and_anything_with_a_text(capsys):
    print_json({"n": np.int64(3), "f": np.float64(0.5), "p": Problem("a", "b"), "e": "\u00e9"})
    found = json.loads(capsys.readouterr().out)
    assert found == {"n": 3, "f": 0.5, "p": "a: b", "e": "\u00e9"}


def test_json_is_strict_even_for_what_is_no_number(capsys):
    print_json({"f": float("nan"), "high": float("inf"), "low": -np.float64("inf")})
    assert json.loads(capsys.readouterr().out) == {"f": None, "high": None, "low": None}


def test_square_brackets_are_printed_as_they_are(capsys):
    say("[bold]x[/bold] [red]")
    assert capsys.readouterr().out == "[bold]x[/bold] [red]\n"
    from retrolabel.cli.common import console  # noqa: PLC0415 - only here

    console().print(table("", ["a"], [["[b]x[/b]"]]))
    assert "[b]x[/b]" in capsys.readouterr().out


def test_an_error_goes_to_standard_error_and_as_json_to_standard_output(capsys):
    error = GoldError("It fails.", problems=[Problem("line 3", "odd", "mend")], remedy="try")
    show_error(error, as_json=False)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "Error: It fails.\n  - line 3: odd. Fix: mend\nFix: try\n"
    show_error(error, as_json=True)
    found = json.loads(capsys.readouterr().out)["error"]
    assert found == {
        "type": "GoldError",
        "message": "It fails.",
        "problems": [{"where": "line 3", "what": "odd", "remedy": "mend"}],
        "remedy": "try",
    }


def test_an_error_about_bytes_that_are_no_text_can_be_shown(capfd):
    show_error(InputError("caf\udce9"), as_json=True)
    out, err = capfd.readouterr()
    assert "caf" in json.loads(out)["error"]["message"]
    assert "caf" in err


def test_a_table_of_numbers_under_long_titles_folds_the_titles_and_keeps_every_figure(capsys):
    titles = [f"a_label_with_a_name_that_is_rather_long_{n}_abcdefghijklmnopqrstuvwxyz" for n in range(4)]
    cells = ["a_labeling_function_of_many_words", "+0.65", "-1,234.50", "100.0 %", "+0.01"]
    Console(width=80, force_terminal=True, color_system=None).print(table("", ["LF", *titles], [cells], right=titles))
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert [cell for cell in cells[1:] if cell not in out] == []
    assert [out.count(piece) for piece in ("a_label_", "abcdefghijkl", "mnopqrstuvwx", "yz")] == [4, 4, 4, 4]
