"""`lf conflicts`, as somebody at a terminal and a script meet it."""

from __future__ import annotations

import re

import pytest

from tests.functional.test_errors_commands import judged  # noqa: F401 - the project of those tests
from tests.functional.test_terminal import ANSI

LATE = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import keywords

polite = keywords(GOOD, ["thank", "asked"], column="comment")
loud = keywords(BAD, ["asked", "perfect"], column="comment")
"""


@pytest.fixture
def disagreeing(judged, write):  # noqa: F811 - the fixture
    """That project with two labeling functions that came after its label set."""
    write("labeling_functions/mood/late.py", LATE)
    (judged / "labeling_functions/mood/wording.py").unlink()
    return judged


def test_pairs_are_a_table_and_items_show_the_words_of_both(run, disagreeing):
    done = run("lf", "conflicts", "mood")
    assert done.code == 0, done.err
    assert "mood 1.0.0: 1 pair of 2 labeling functions conflict, on 56 of 280 items" in done.out
    assert "note: votes of 2 labeling functions that are not stored" in done.out
    row = next(line for line in done.out.splitlines() if line.split()[:2] == ["loud", "polite"])
    assert row.split()[2:4] == ["56", "56"]
    assert "loud against polite (56 items)" in done.out
    assert "comment: I [ASKED] FOR PYTHON" in done.out
    assert "56 say the same" in done.out
    assert "Next: retrolabel lf conflicts mood:polite" in done.out  # which gold says is wrong


def test_a_terminal_of_80_columns_has_the_names_whole_and_who_is_right(run, disagreeing, write, monkeypatch):
    write("labeling_functions/mood/late.py", LATE.replace("polite =", "says_something_very_polite ="))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")
    lines = [ANSI.sub("", line) for line in run("lf", "conflicts", "mood", "--examples", "0").out.splitlines()]
    (row,) = [line for line in lines if line.split()[:2] == ["loud", "says_something_very_polite"]]
    assert row.split()[2] == "56"
    assert re.search(r" \d+, \d+ of \d+", row)  # right on gold
    assert max(map(len, lines)) <= 80


def test_json_has_the_pairs_with_their_items(run, disagreeing):
    found = run("lf", "conflicts", "mood:polite", "--json", "--limit", "1", "--examples", "1").json
    assert (found["task"], found["schema_version"], found["items"]) == ("mood", "1.0.0", 280)
    (pair,) = found["pairs"]
    assert pair["lf"] == "polite"
    (example,) = pair["examples"]
    assert example["votes"].keys() == {"polite", pair["other"]}
    assert found["pairs_in_all"] >= 1


def test_where_none_conflict_it_says_so_with_the_next_command(run, judged):  # noqa: F811 - the fixture
    done = run("lf", "conflicts", "mood")
    assert done.code == 0, done.err
    assert "No two conflict" in done.out
    assert "Next: retrolabel lf summary mood" in done.out
    assert "loud conflicts with none" in run("lf", "conflicts", "mood:loud").out


def test_what_cannot_be_asked_is_refused_with_what_helps(run, project):
    assert "Did you mean 'mood'" in run("lf", "conflicts", "mod").err
    done = run("lf", "conflicts", "mood:nobody", "--json")
    assert done.code == 1
    assert done.json["error"]["type"] == "LabelingFunctionError"


def test_without_a_store_the_error_says_how_to_ingest(run, folder):
    assert run("init", ".", "--task", "mood").code == 0
    done = run("lf", "conflicts", "mood")
    assert done.code == 1
    assert "retrolabel ingest FILE --source NAME" in done.err


def test_a_module_that_does_not_import_is_told_and_not_in_the_way(run, disagreeing, write):
    write("labeling_functions/mood/broken.py", "import no_such_package\n")
    done = run("lf", "conflicts", "mood")
    assert done.code == 0, done.err
    assert "does not import, and is left out: labeling_functions/mood/broken.py" in done.out
