"""``retrolabel lf try``: figures and words at the terminal, at each save, and what it does not touch."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

import retrolabel
from retrolabel.cli import lf_try, trying_shown
from retrolabel.wiring.trying import Trying
from tests.functional.conftest import forget

LFS = "labeling_functions/mood/tried.py"
BEGIN = """
import re
import time

from labeling_functions.mood.schema.v1 import {label}
from retrolabel import keywords, labeling_function

"""
GOLD = "item_id,label\n" + "".join(f"{n},{'{good}' if n % 5 in (0, 4) else '{bad}'}\n" for n in range(0, 40, 2))


@pytest.fixture
def labels(labelled):
    """The names of the two labels of the task's first version, as its module calls them."""
    forget()
    schema = retrolabel.open(labelled).task("mood").history.head
    return [label.id for label in schema.labels]


@pytest.fixture
def tried(labelled, labels, run, write):
    """The labelled project with dev gold, and with what writes a module of labeling functions."""
    module = next((labelled / "labeling_functions/mood/schema").glob("v1*.py"))
    good, bad = labels[:2]
    write("gold.csv", GOLD.format(good=good, bad=bad))
    done = run("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", "--sampling", "random")
    assert done.code == 0, done.err

    def module_of(text: str) -> None:
        name = good.upper()
        begin = BEGIN.format(label=name).replace("schema.v1 ", f"schema.{module.stem} ")
        write(LFS, begin + text.replace("GOOD", name))

    return module_of


def tables(folder):
    with closing(sqlite3.connect(folder / ".retrolabel" / "catalog.db")) as catalog:
        names = [row[0] for row in catalog.execute("select name from sqlite_master where type = 'table'")]
        return {name: catalog.execute(f"select count(*) from {name}").fetchone() for name in names}  # noqa: S608


def test_hits_are_shown_with_their_words_the_wrong_ones_first_and_nothing_is_stored(tried, run, labelled, labels):
    tried('says_python = keywords(GOOD, ["python", "perfect"], column="comment")\n')
    before = tables(labelled)
    done = run("lf", "try", "mood:says_python")
    assert done.code == 0, done.err
    assert "votes on 16 of 40 items: coverage 40.00%" in done.out
    assert "right on 0.500 [0.215, 0.785] of 8 (only 8: it says little); it votes on 8 of 20 dev items" in done.out
    assert done.out.index("Wrong, says dev gold (4 hits)") < done.out.index("Right, says dev gold (4 hits)")
    assert "comment: I ASKED FOR [PYTHON]" in done.out
    assert "4 say the same" in done.out
    assert tables(labelled) == before


def test_json_has_the_same_for_machines(tried, run):
    tried('says_python = keywords(GOOD, ["python"], column="comment")\n')
    (found,) = run("lf", "try", "mood:says_python", "--json", "--show", "2").json["lfs"]
    assert (found["figures"]["hits"], found["figures"]["precision"]["of"]) == (8, 4)
    assert found["hits"][0]["words"] == [{"column": "comment", "start": 12, "end": 18, "text": "PYTHON"}]


def test_the_task_alone_tries_what_changed_since_the_newest_label_set_and_all_where_nothing_did(tried, run, labelled):
    (labelled / LFS).unlink(missing_ok=True)
    assert "labeling functions on 40 items" in run("lf", "try", "mood").out
    tried('says_python = keywords(GOOD, ["python"], column="comment")\n')
    done = run("lf", "try", "mood")
    assert [line.split()[0] for line in done.out.splitlines() if line.startswith("mood:")] == ["mood:says_python"]


def test_what_it_adds_is_fitted_with_it_and_without(tried, run):
    tried('says_perfect = keywords(GOOD, ["perfect", "no idea"], column="comment")\n')
    (found,) = run("lf", "try", "mood:says_perfect", "--marginal", "--json").json["lfs"]
    assert found["marginal"]["coverage"] - found["marginal"]["coverage_without"] > 0.1
    assert found["marginal"]["judged"] > 0


def test_one_that_fails_says_where_first_and_ends_with_1(tried, run):
    tried("@labeling_function(GOOD)\ndef broken(comment):\n    return len(comment) / 0 > 1\n")
    done = run("lf", "try", "mood:broken")
    assert done.code == 1
    assert "fails on 40 items of 40" in done.out
    assert "web/" in done.out.splitlines()[2]
    assert "ZeroDivisionError" in done.out


def test_one_that_hangs_is_ended_after_the_timeout_of_the_settings(tried, run, write):
    tried("@labeling_function(GOOD)\ndef hangs(comment):\n    while True:\n        pass\n")
    write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\ntimeout = 0.2\n')
    done = run("lf", "try", "mood:hangs")
    assert done.code == 1
    assert "hangs took longer than 0.2 s" in done.err


def test_an_unknown_one_is_refused_with_the_nearest_name(tried, run):
    tried('says_python = keywords(GOOD, ["python"], column="comment")\n')
    done = run("lf", "try", "mood:says_pyton")
    assert done.code == 1
    assert "Did you mean 'says_python'?" in done.err
    assert run("lf", "try", "mood", "--watch", "--json").code == 1


def test_a_save_is_tried_again_and_a_broken_one_is_told_in_a_line(tried, run, monkeypatch, labelled):
    tried('says_python = keywords(GOOD, ["python"], column="comment")\n')

    def watcher(folders):
        assert labelled / "labeling_functions" in folders
        yield set()
        tried('says_python = keywords(GOOD, ["python", column="comment")\n')
        yield {labelled / LFS}
        tried('says_python = keywords(GOOD, ["python", "perfect"], column="comment")\n')
        yield {labelled / LFS}
        raise KeyboardInterrupt

    monkeypatch.setattr(lf_try, "files_saved", watcher)
    done = run("lf", "try", "mood:says_python", "--watch")
    assert done.code == 0
    lines = done.out.splitlines()
    assert sum(line.startswith("  votes on 8 of 40 items") for line in lines) == 1
    (broken,) = [line for line in lines if line.startswith("broken: ")]
    assert broken.startswith(f"broken: {LFS}:8: SyntaxError")
    assert sum(line.startswith("  votes on 16 of 40 items") for line in lines) == 1
    assert lines[-1] == "Stopped; nothing was stored."


def test_a_save_during_the_first_try_is_tried_after_it(tried, run, monkeypatch, labelled):
    tried('says_python = keywords(GOOD, ["python"], column="comment")\n')
    shown, listen = trying_shown.show_tried, lf_try.files_saved

    def saving(*given):
        shown(*given)
        if given[0].measured.hits == 8:
            tried('says_python = keywords(GOOD, ["python", "perfect"], column="comment")\n')

    def once(folders):
        for silence, files in enumerate(listen(folders)):
            yield files
            if (files and labelled / LFS in files) or silence > 100:
                raise KeyboardInterrupt

    monkeypatch.setattr(trying_shown, "show_tried", saving)
    monkeypatch.setattr(lf_try, "files_saved", once)
    done = run("lf", "try", "mood:says_python", "--watch")
    assert done.code == 0
    assert "tried.py saved" in done.out
    assert "votes on 16 of 40 items" in done.out


def test_a_module_that_somebody_else_is_editing_sits_out(tried, run, monkeypatch, labelled, write):
    other = "labeling_functions/mood/of_another.py"
    tried('says_python = keywords(GOOD, ["python"], column="comment")\n')

    def watcher(folders):
        yield set()
        write(other, "half a line =\n")
        tried('says_python = keywords(GOOD, ["python", "perfect"], column="comment")\n')
        yield {labelled / LFS, labelled / other}
        tried('says_python = keywords(GOOD, ["perfect"], column="comment")\n')
        yield {labelled / LFS}
        write(other, "")
        yield {labelled / other}
        raise KeyboardInterrupt

    monkeypatch.setattr(lf_try, "files_saved", watcher)
    done = run("lf", "try", "mood:says_python", "--watch")
    hits = [line.partition(" of ")[0].strip() for line in done.out.splitlines() if line.startswith("  votes on")]
    assert hits == ["votes on 8", "votes on 16", "votes on 8", "votes on 8"]
    said = [line for line in done.out.splitlines() if line.startswith(("sits out", "broken"))]
    assert [line.partition(" SyntaxError")[0] for line in said] == [f"sits out: {other}:1:"] * 2


def test_a_new_file_is_there_when_the_broken_one_saved_with_it_is_mended(tried, labelled, write):
    new = "labeling_functions/mood/new.py"
    tried('says_python = keywords(GOOD, ["python"], column="comment")\n')
    forget()
    trying = Trying(retrolabel.open(labelled), "mood")
    write(new, (labelled / LFS).read_text().replace("says_python", "says_new"))
    tried("half a line =\n")
    assert "says_python" not in trying.again({labelled / LFS, labelled / new}).keys
    tried('says_python = keywords(GOOD, ["perfect"], column="comment")\n')
    assert {"says_new", "says_python"} <= set(trying.again({labelled / LFS}).keys)


def test_new_ones_count_against_each_other_before_any_relabel(tried, run):
    one, two = (
        f'{name} = keywords({label}, ["perfect"], column="comment")\n'
        for name, label in (("one", "GOOD"), ("two", "~GOOD"))
    )
    tried(one)
    alone = run("lf", "try", "mood:one", "--json").json["lfs"][0]
    tried(one + two)
    found = {each["lf"]: each for each in run("lf", "try", "mood", "--json").json["lfs"]}
    assert alone["figures"]["conflicts"] == 0
    assert found["one"]["figures"]["conflicts"] == found["two"]["figures"]["conflicts"] == 8
    assert not any(each["without_stored_votes"] for each in found.values())


def test_where_many_are_not_stored_it_says_what_is_missing(project, run, write):
    lfs = "".join(f'n{n} = keywords(BAD, ["w{n}"], column="comment")\n' for n in range(6))
    begin = "from labeling_functions.mood.schema.v1 import BAD\nfrom retrolabel import keywords\n\n"
    write("labeling_functions/mood/many.py", begin + lfs)
    done = run("lf", "try", "mood:n0")
    assert done.code == 0, done.err
    assert "the votes of all others are not stored, and count nowhere here: retrolabel relabel mood" in done.out


def test_a_function_in_no_file_is_tried_in_python(tried, labelled, labels):
    forget()
    ws = retrolabel.open(labelled)
    task = ws.task("mood")
    label = next(each for each in task.history.head.labels if each.id == labels[0])

    @retrolabel.labeling_function(label)
    def wrong(comment: str | None) -> bool:
        return retrolabel.found(comment, 0, 4) if comment and "this" in comment else False

    found = task.try_lf(wrong)
    assert list(found.hits["words"]) == ["this"] * 8
    assert list(found.hits["verdict"][:4]) == ["wrong"] * 4
    assert found.figures.loc["precision on dev", "of"] == 4
    assert len(found.near_misses) <= 20
    assert "<mark>this</mark> is wrong" in found._repr_html_()
    assert task.try_lf(wrong).measured == found.measured


def test_test_gold_changes_nothing_of_what_is_shown(tried, run, write, labels, labelled):
    tried('says_python = keywords(GOOD, ["python"], column="comment")\n')
    before = run("lf", "try", "mood:says_python", "--json").json["lfs"][0]
    of_test = {str(n) for n in range(1, 40, 2)}
    found = []
    for label in labels:
        write("test.csv", "item_id,label\n" + "".join(f"{n},{label}\n" for n in of_test))
        assert run("gold", "import", "mood", "test.csv", "--source", "web", "--role", "test").code == 0
        found.append(run("lf", "try", "mood:says_python", "--json"))
    assert found[0].json == found[1].json  # whatever it says
    (after,) = found[0].json["lfs"]
    assert (before["live_items"], after["live_items"]) == (40, 20)
    assert after["figures"]["hits"] < before["figures"]["hits"]
    assert any(f'"item_id": "{n}"' in run("lf", "try", "mood:says_python", "--json").out for n in range(0, 40, 2))
    assert not any(f'"item_id": "{n}"' in found[0].out for n in of_test)


def test_the_same_items_stay_in_a_sample_when_others_come(tried, run, write, labelled):
    tried('everything = keywords(GOOD, ["python", "perfect", "wrong", "idea", "thank"], column="comment")\n')

    def drawn():
        forget()
        task = retrolabel.open(labelled).task("mood")
        hits = task.try_lf(next(lf for lf in task.lfs if lf.name == "everything"), items=20).hits
        return set(hits[hits["drawn"]]["item_id"])

    first = drawn()
    write("more.csv", "item_id,created_at,comment\nnew,2026-03-01,perfect\n")
    assert run("ingest", "more.csv", "--source", "web").code == 0
    assert len(first) == 20
    assert len(first & drawn()) >= 19


def test_erased_samples_are_drawn_again(tried, run, labelled):
    tried('says_python = keywords(GOOD, ["python"], column="comment")\n')
    first = run("lf", "try", "mood:says_python", "--json").json
    shutil.rmtree(labelled / ".retrolabel" / "samples")
    assert run("lf", "try", "mood:says_python", "--json").json == first
