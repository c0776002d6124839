"""Features in a task: found by discovery, computed once a segment, kept if asked, part of what votes depend on."""

from __future__ import annotations

import pytest

from retrolabel.errors import DiscoveryError, LabelingFunctionError, MissingColumnError
from retrolabel.wiring.feedback import IngestOptions

FEATURES = """
from retrolabel import feature


@feature({settings})
def words(comment):
    return (comment or "").split(){more}
"""
LFS = """
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import keywords, labeling_function


@labeling_function(GOOD, examples=["thanks a lot"], non_examples=["so slow"])
def praises(words):
    return "thanks" in words or "great" in words


@labeling_function(BAD)
def is_short(words):
    return len(words) == 1


complains = keywords(BAD, ["wrong", "slow"], column="comment")
"""


@pytest.fixture
def with_features(project):
    project.lfs(LFS)

    def write(settings="", more=""):
        project.write("labeling_functions/mood/features.py", FEATURES.format(settings=settings, more=more))
        return project.open()

    return write


@pytest.fixture
def ws(project, with_features):
    ws = with_features()
    ws.feedback.ingest(project.feedback(), "web")
    return ws


def kept(project):
    return sorted((project.store / "features").rglob("*.parquet"))


def test_a_feature_is_found_in_the_task_and_asked_for_by_name(ws):
    report = ws.task("mood").relabel()
    assert report.votes.computed == 3 * 40
    assert report.votes.faults == 0
    assert set(ws.task("mood").votes()["praises"].dropna()) == {"good"}
    assert ws.task("mood").lfs[-1].reads == ("comment",)


def test_its_edit_makes_those_run_again_that_ask_for_it(ws, with_features):
    ws.task("mood").relabel()
    with_features(more=' or ["nothing"]')
    plan = ws.task("mood").plan()
    assert {vote.lf.name for vote in plan.to_compute} == {"praises", "is_short"}


def test_the_same_feature_gives_the_same_keys(ws, with_features):
    ws.task("mood").relabel()
    with_features()
    assert ws.task("mood").plan().calls == 0


def test_nothing_is_kept_unless_asked(project, ws):
    ws.task("mood").relabel()
    assert kept(project) == []


def test_kept_values_serve_other_functions_later(project, ws, with_features):
    with_features("cache=True")
    first = ws.task("mood").relabel()
    (file,) = kept(project)
    stamp = file.stat().st_mtime_ns
    project.lfs(LFS.replace("len(words) == 1", "len(words) <= 1"))
    again = ws.task("mood").relabel()
    assert again.votes.computed == 40
    assert [file.stat().st_mtime_ns for file in kept(project)] == [stamp]
    assert first.votes.faults == again.votes.faults == 0


def test_kept_values_give_the_votes_of_values_computed_anew(ws, with_features):
    without = ws.task("mood").votes()
    with_features("cache=True")
    computed = ws.task("mood").votes()
    assert computed.equals(without)


def test_damaged_kept_values_are_computed_again(project, ws, with_features):
    with_features("cache=True")
    ws.task("mood").relabel()
    (file,) = kept(project)
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(bytes(content))
    project.lfs(LFS.replace("len(words) == 1", "len(words) <= 1"))
    assert ws.task("mood").relabel().votes.faults == 0


def test_what_no_file_can_hold_is_refused_where_it_is_to_be_kept(project, with_features):
    ws = with_features("cache=True", ", object()")
    ws.feedback.ingest(project.feedback(), "web")
    with pytest.raises(LabelingFunctionError, match="words is to be kept, and returns tuple"):
        ws.task("mood").relabel()


def test_a_feature_with_the_name_of_a_column_is_refused(project, ws):
    file = project.write("more.csv", "item_id,created_at,comment,words\n99,2026-01-01T00:00:00Z,thanks,1\n")
    ws.feedback.ingest(file, "web", IngestOptions(widen=True))
    with pytest.raises(MissingColumnError, match="feature words") as failed:
        ws.task("mood").plan()
    assert "name of a column" in str(failed.value)


def test_two_features_of_one_name_are_refused(project, ws):
    project.write("labeling_functions/mood/more.py", FEATURES.format(settings="", more=""))
    with pytest.raises(DiscoveryError, match="a second feature is called 'words'"):
        ws.task("mood").discover()


def test_a_function_of_the_whole_row_reads_columns_that_came_later_as_none(project):
    project.lfs(
        "from labeling_functions.mood.schema.v1 import BAD, GOOD\nfrom retrolabel import labeling_function\n\n"
        "@labeling_function(BAD, GOOD)\ndef by_stars(x):\n    return BAD if x.stars < 3 else GOOD\n"
    )
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", "item_id,created_at,stars\n1,2026-01-01T00:00:00Z,5\n"), "web")
    ws.feedback.ingest(
        project.write("b.csv", "item_id,created_at,stars,more\n2,2026-01-01T00:00:00Z,1,x\n"),
        "web",
        IngestOptions(widen=True),
    )
    project.lfs(
        "from labeling_functions.mood.schema.v1 import BAD, GOOD\nfrom retrolabel import labeling_function\n\n"
        "@labeling_function(BAD, GOOD)\ndef by_more(x):\n    return BAD if x.more is None else GOOD\n"
    )
    report = ws.task("mood").relabel()
    assert report.votes.faults == 0
    votes = ws.task("mood").votes()["by_more"]
    assert votes.droplevel("source").to_dict() == {"1": "bad", "2": "good"}


def test_a_column_that_comes_later_makes_functions_of_the_whole_row_run_again(project):
    project.lfs(
        "from labeling_functions.mood.schema.v1 import BAD, GOOD\nfrom retrolabel import labeling_function\n\n"
        "@labeling_function(BAD)\ndef any_stars(x):\n    return hasattr(x, 'stars')\n\n"
        "@labeling_function(GOOD)\ndef praises(comment):\n    return 'great' in comment\n"
    )
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", "item_id,created_at,comment\n1,2026-01-01T00:00:00Z,great\n"), "web")
    ws.task("mood").relabel()
    ws.feedback.ingest(
        project.write("b.csv", "item_id,created_at,comment,stars\n2,2026-01-01T00:00:00Z,great too,1\n"),
        "web",
        IngestOptions(widen=True),
    )
    assert {vote.lf.name for vote in ws.task("mood").plan().to_compute if vote.segment.rows == 1} >= {"any_stars"}
    assert ws.task("mood").relabel().votes.computed == 3


def test_a_kept_feature_that_asks_for_another_gets_what_is_kept_of_it(project):
    project.write(
        "labeling_functions/mood/features.py",
        "from retrolabel import feature\n\n\n"
        "@feature(cache=True)\ndef kind(words):\n    return type(words).__name__\n\n\n"
        "@feature(cache=True)\ndef words(comment):\n    return tuple((comment or '').split())\n",
    )
    project.lfs(
        "from labeling_functions.mood.schema.v1 import BAD, GOOD\nfrom retrolabel import labeling_function\n\n\n"
        "@labeling_function(GOOD)\ndef was_kept(kind):\n    return kind == 'list'\n\n\n"
        "@labeling_function(BAD)\ndef is_long(comment):\n    return len(comment) > 99\n"
    )
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    assert ws.task("mood").votes()["was_kept"].tolist() == ["good"] * 40
