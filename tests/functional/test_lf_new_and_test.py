"""``lf new`` writes what passes its examples, ``lf test`` says what does not, gates judge by votes and dev gold."""

from __future__ import annotations

import subprocess
import sys

import pytest

import retrolabel
from retrolabel.errors import SettingsError
from retrolabel.labeling.words import words_of
from retrolabel.wiring.lf_gating import lf_gates

WORDING = "labeling_functions/mood/wording.py"
KINDS = ("keywords", "regex", "function", "lookup", "phrases", "token_pattern", "classifier")


def formatted(folder):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--check", "--isolated", "-q", str(folder)], check=False
    )
    return done.returncode == 0


def test_each_kind_is_written_into_the_module_that_fits_and_passes_its_examples(run, project):
    (project / WORDING).unlink()
    for kind in KINDS:
        done = run("lf", "new", "mood", f"by_{kind}", "--from", kind, "--label", "bad", "--words", "slow,hangs up",
                   "--column", "comment")  # fmt: skip
        assert done.code == 0, done.err
    done = run("lf", "test", "--json")
    assert done.json == {"lfs": 7, "slices": 0, "examples": 14, "failures": [], "without_examples": []}
    assert formatted(project / "labeling_functions/mood/bad.py")


@pytest.mark.parametrize(
    ("words", "hit", "miss", "marked"),
    [
        ("art", "An art!", "A party", "art"),
        ("top up", "I top  Up here", "stop up", "top  Up"),
        ("c++", "in C++, it", "c++17", "C++"),
        ("\u9000\u6b3e", "\u6211\u8981\u9000\u6b3e\u4e86", "\u6211", "\u9000\u6b3e"),
    ],
)
def test_a_function_finds_whole_words_and_says_which(run, project, words, hit, miss, marked):
    assert run("lf", "new", "mood", "asks", "--from", "function", "--label", "bad", "--words", words,
               "--column", "comment").code == 0  # fmt: skip
    lf = next(each for each in retrolabel.open(project).task("mood").lfs if each.name == "asks")
    assert lf.vote({"comment": miss}) is None
    assert [span.text for span in words_of(lf, {"comment": hit})] == [marked]


def test_what_is_there_stays_and_the_undo_names_the_lines(run, project):
    before = (project / WORDING).read_text().splitlines()
    done = run("lf", "new", "mood", "says_slow", "--from", "regex", "--words", "slow", "--label", "bad")
    after = (project / WORDING).read_text().splitlines()
    assert "mood:says_slow is written (2 of its 3 labeling functions vote bad)" in done.out
    assert f"Undo: delete lines 8, 33-41 of {WORDING}" in done.out
    assert "and line 8 was: from retrolabel import keywords, labeling_function" in done.out
    kept = [*after[:7], "from retrolabel import keywords, labeling_function", *after[8:32]]
    assert kept == before
    assert run("lf", "test").code == 0


def test_windows_line_ends_and_a_mark_stay(run, project):
    path = project / WORDING
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert run("lf", "new", "mood", "says_slow", "--words", "slow", "--label", "bad").code == 0
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n")


def test_a_label_comes_from_the_newest_version_unless_the_module_has_it(run, project):
    assert run("schema", "new", "mood", "--add", "neutral", "--reason", "Some say neither.").code == 0
    assert run("lf", "new", "mood", "says_meh", "--words", "meh", "--label", "neutral", "--module", "calm").code == 0
    assert "schema.v1_1_add_neutral import NEUTRAL" in (project / "labeling_functions/mood/calm.py").read_text()
    assert run("lf", "new", "mood", "says_slow", "--words", "slow", "--label", "bad").code == 0
    assert "schema.v1 import BAD, GOOD\n" in (project / WORDING).read_text()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("says_wrong", "--label", "bad"), "mood has says_wrong already (wording.py)"),
        (("not-a-name", "--label", "bad"), "as not_a_name"),
        (("x", "--label", "bda"), "Did you mean 'bad'?"),
        (("x",), "Which label does x vote?"),
        (("x", "--label", "bad", "--from", "magic"), "one of keywords, regex"),
        (("x", "--label", "bad", "--words", "a1", "--example", "no"), "--example 'no': gets no vote"),
        (("x", "--label", "bad", "--words", "a1", "--non-example", "a1"), "gets the vote bad"),
        (("x", "--label", "bad", "--from", "regex", "--pattern", "("), "does not compile"),
        (("x", "--label", "bad", "--from", "regex", "--pattern", "[^a]{7}z"), "give one: --example"),
        (("x", "--label", "bad", "--column", "coment"), "Did you mean 'comment'?"),
        (("x", "--label", "bad", "--module", "schema/v1"), "can hold no labeling functions"),
        (("keywords", "--label", "bad"), "has something else called keywords"),
    ],
)
def test_a_refusal_leaves_nothing_behind(run, project, words, told):
    before = {path: path.read_bytes() for path in project.rglob("*.py")}
    done = run("lf", "new", "mood", *words)
    assert done.code == 1
    assert told in done.err
    assert {path: path.read_bytes() for path in project.rglob("*.py")} == before


def test_a_dry_run_prints_it_and_writes_nothing(run, project):
    before = (project / WORDING).read_bytes()
    done = run("lf", "new", "mood", "x", "--words", "slow", "--label", "bad", "--dry-run")
    assert "x = keywords(" in done.out
    assert (project / WORDING).read_bytes() == before


LOST = "labeling_functions/mood/lost.py:1: ModuleNotFoundError: No module named 'no_such_package'"
BROKEN = """from labeling_functions.mood.schema.v1 import BAD
from retrolabel import keywords, labeling_function

says_slow = keywords(BAD, ["slow"], column="comment", examples=["slow", "fast"], non_examples=["so slow"])
untested = keywords(BAD, ["x"], column="comment")


@labeling_function(BAD, examples=["a"])
def raises(comment):
    raise ValueError("no")
"""


def test_every_failure_is_a_sentence_with_its_line(run, project, write):
    write("labeling_functions/mood/broken.py", BROKEN)
    write("labeling_functions/mood/lost.py", "import no_such_package\n")
    done = run("lf", "test", "mood")
    broken = "labeling_functions/mood/broken.py"
    assert done.code == 1
    assert done.out.splitlines() == [
        f"{LOST} (mend the name, or install it: pip install no_such_package)",
        f"{broken}:9: raises raised ValueError: no on its example 'a'; it should vote bad",
        f"{broken}:4: says_slow abstained on its example 'fast'; it should vote bad",
        f"{broken}:4: says_slow voted bad on its non-example 'so slow'; it should abstain",
        "4 failures; 11 examples of 6 labeling functions.",
        "Without examples, so that nothing was tested: mood:untested",
    ]
    assert run("lf", "test", "mood:says_thanks").out == "ok: 2 examples of 1 labeling function.\n"
    assert LOST in run("lf", "test", "mood:in_the_lost_module").out
    (project / "labeling_functions/mood/lost.py").unlink()
    assert run("lf", "test", "says_slow").code == 1
    assert "Did you mean 'says_thanks'?" in run("lf", "test", "mood:says_thank").err


GATES = """store = ".retrolabel"
tracking = false
[tasks.mood.lf_gates]
min_precision = 0.9
max_coverage = 0.3
fewest = 5
[tasks.mood.lf_gates.lfs.says_thanks]
max_coverage = 1
"""
LFS = ("says_thanks", "says_wrong", "shouts")


def test_gates_judge_by_stored_votes_and_dev_gold_alone(run, labelled, write):
    write("retrolabel.toml", GATES)
    write("dev.csv", "item_id,label\n" + "".join(f"{n},{'bad' if n < 20 else 'good'}\n" for n in range(0, 40, 5)))
    write("test.csv", "item_id,label\n" + "".join(f"{n},good\n" for n in range(1, 40, 5)))
    assert run("gold", "import", "mood", "dev.csv", "--source", "web", "--role", "dev").code == 0
    assert run("gold", "import", "mood", "test.csv", "--source", "web", "--role", "test").code == 0
    gates = lf_gates(labelled, "mood", LFS)
    assert gates.judge("says_thanks", "min_precision").told.startswith(
        "says_thanks is right on 4 of 8 dev items, .50 ["
    )
    assert gates.judge("says_thanks", "max_coverage").state == "passed"
    assert gates.judge("says_wrong", "min_precision").told == (
        "says_wrong votes on 0 dev items; min_precision judges nothing below 5"
    )
    path = labelled / WORDING
    path.write_text(path.read_text().replace('"wrong"', '"wronged"'))
    assert "votes of it are missing" in lf_gates(labelled, "mood", LFS).judge("says_wrong", "max_coverage").told


def test_a_gate_on_a_labeling_function_that_there_is_not_is_refused(run, project, write):
    write("retrolabel.toml", GATES.replace("lfs.says_thanks", "lfs.says_thank"))
    with pytest.raises(SettingsError) as caught:
        lf_gates(project, "mood", LFS)
    assert caught.value.problems[0].remedy == "did you mean says_thanks?"


def test_a_gate_that_is_misspelt_is_refused_with_the_nearest(run, project, write):
    write("retrolabel.toml", GATES.replace("max_coverage = 0.3", "max_coverag = 0.3"))
    assert "did you mean max_coverage?" in run("lf", "list").err


SLICES = """from retrolabel import slice_function


@slice_function(examples=["a refund"], non_examples=["thanks", "refunded"])
def refunds(comment):
    return "refund" in comment
"""


def test_pytest_runs_examples_of_slices_and_gates_and_tells_them_in_sentences(project, write):
    write("retrolabel.toml", GATES)
    write("labeling_functions/mood/slices.py", SLICES)
    words = ["-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "labeling_functions"]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, cwd=project, check=False)
    assert "1 failed, 9 passed" in done.stdout
    assert "slice refunds: said yes on its non-example 'refunded'" in done.stdout
    assert "There is no dev gold of mood" in done.stdout or "votes of it are missing" in done.stdout
