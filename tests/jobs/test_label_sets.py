"""Label sets: read without the code that made them, verified to the byte."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pyarrow.parquet as pq
import pytest

from retrolabel.errors import CorruptionError, StoreError, UnknownLabelSetError


@pytest.fixture
def ws(project):
    """A workspace with a label set over two segments."""
    opened = project.open()
    opened.feedback.ingest(project.feedback("a.csv", items=30), "web")
    opened.feedback.ingest(project.feedback("b.csv", items=10, first=100), "web")
    opened.task("mood").relabel()
    return opened


def rests_on(project):
    return [name for name in project.files() if name.split("/")[0] in ("label_sets", "feedback", "votes")]


def test_a_fresh_label_set_verifies(ws):
    assert ws.task("mood").verify() == []


def test_a_flipped_byte_in_any_file_is_named(project, ws):
    names = rests_on(project)
    assert len(names) == 2 + 2 + 5  # feedback, votes, and manifest, model, patterns and two segments of labels
    for name in names:
        path = project.store / name
        whole = path.read_bytes()
        for place in (0, len(whole) // 2, len(whole) - 1):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            problems = ws.task("mood").verify()
            assert [problem.where for problem in problems] == [str(path)], (name, place)
        path.write_bytes(whole)
    assert ws.task("mood").verify() == []


def test_a_file_that_is_gone_is_named(project, ws):
    for name in rests_on(project):
        path = project.store / name
        whole = path.read_bytes()
        path.unlink()
        (problem,) = ws.task("mood").verify()
        assert (problem.where, "gone" in problem.what) == (str(path), True)
        path.write_bytes(whole)


def test_several_damaged_files_are_all_named(project, ws):
    names = [name for name in rests_on(project) if not name.endswith("manifest.json")]
    for name in names:
        (project.store / name).write_bytes(b"PAR1")
    assert {problem.where for problem in ws.task("mood").verify()} == {str(project.store / name) for name in names}


def test_reading_a_damaged_label_set_says_so_instead_of_giving_labels(project, ws):
    found = ws.task("mood").label_set()
    manifest = project.store / found.record.folder / "manifest.json"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CorruptionError, match="damaged"):
        ws.task("mood").labels("latest")
    manifest.write_bytes(whole)
    (project.store / found.record.folder / "patterns.parquet").write_bytes(b"nothing")
    with pytest.raises(CorruptionError, match=r"patterns\.parquet cannot be read"):
        ws.task("mood").labels("latest")


def test_a_relabel_on_a_label_set_whose_files_are_gone_names_the_file(project, ws):
    record = ws.task("mood").label_set().record
    shutil.rmtree(project.store / record.folder)
    with pytest.raises(StoreError, match=f"{record.id}/.* is gone, though the catalog names it"):
        ws.task("mood").relabel()


def test_a_relabel_on_votes_that_are_gone_names_the_file_and_makes_no_label_set(project, ws):
    (gone, *_) = [name for name in rests_on(project) if name.startswith("votes/")]
    (project.store / gone).unlink()
    with pytest.raises(StoreError, match=f"{gone}: is gone"):
        ws.task("mood").relabel(label_model="majority_vote")
    assert len(ws.task("mood").label_sets()) == 1


def test_old_label_sets_are_read_exported_and_verified_without_schema_and_labeling_functions(project, ws, tmp_path):
    before = ws.task("mood").labels("latest")
    old = ws.task("mood").label_set().id
    project.add_v2()
    ws.task("mood").relabel()
    shutil.rmtree(project.folder / "labeling_functions")
    ws = project.open()
    assert ws.task("mood").labels(old).equals(before)
    assert ws.task("mood").verify(old) == []
    assert ws.task("mood").verify() == []
    assert ws.task("mood").label_set(old).item("0")[0]["label"] == "good"
    assert ws.task("mood").export(tmp_path / "old.parquet", "parquet", old) == 40


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_exports_hold_the_same_labels_in_every_format(ws, tmp_path, kind):
    path = tmp_path / "new" / f"labels.{kind}"
    rows = ws.task("mood").export(path, kind, "latest")
    frame = {"parquet": pd.read_parquet, "csv": pd.read_csv, "jsonl": lambda p: pd.read_json(p, lines=True)}[kind](path)
    wanted = ws.task("mood").labels("latest")
    assert rows == len(frame) == 40
    assert list(frame.columns) == [
        "source", "item_id", "label", "probability", "p_good", "p_bad", "covered", "partial", "guessed",
        "schema_version", "label_set",
    ]  # fmt: skip
    assert frame["partial"].fillna("-").tolist() == wanted["label"].fillna("-").tolist()
    assert not frame["guessed"].any()
    assert frame["label"].fillna("-").tolist() == wanted["label"].fillna("-").tolist()
    assert frame["p_good"].tolist() == pytest.approx(wanted["p_good"].tolist())
    assert frame["covered"].tolist() == wanted["covered"].tolist()


def test_an_item_without_a_label_has_no_probability_of_it(ws):
    frame = ws.task("mood").labels("latest").set_index("item_id")
    assert not frame.loc["5", "covered"]
    assert pd.isna(frame.loc["5", "label"])
    assert pd.isna(frame.loc["5", "probability"])
    assert frame.loc["5", ["p_good", "p_bad"]].tolist() == [0.5, 0.5]


def test_an_unknown_export_format_is_refused_and_nothing_is_written(ws, tmp_path):
    with pytest.raises(StoreError, match="no export format 'xlsx'"):
        ws.task("mood").export(tmp_path / "out.xlsx", "xlsx", "latest")
    assert not (tmp_path / "out.xlsx").exists()


def test_a_failed_export_leaves_the_earlier_file(project, ws, tmp_path):
    out = tmp_path / "labels.csv"
    ws.task("mood").export(out, "csv", "latest")
    before = out.read_bytes()
    last = sorted(name for name in project.files() if name.startswith("label_sets/") and "patterns" not in name)
    last = [name for name in last if name.endswith(".parquet")][-1]
    (project.store / last).write_bytes(b"PAR1")
    with pytest.raises(CorruptionError):
        ws.task("mood").export(out, "csv", "latest")
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".writing")] == []


def test_a_label_set_is_found_by_the_beginning_of_its_id(ws):
    whole = ws.task("mood").label_set().id
    assert ws.task("mood").label_set(whole[:6]).id == whole


def test_an_unknown_id_is_refused_with_those_there_are(ws):
    with pytest.raises(UnknownLabelSetError, match="there is no label set with 'zzz'"):
        ws.task("mood").label_set("zzz")


def test_no_id_at_all_names_no_label_set_even_where_there_is_one_alone(ws):
    with pytest.raises(UnknownLabelSetError, match="there is no label set with ''"):
        ws.task("mood").label_set("")


def test_the_manifest_records_sources_versions_and_votes(project, ws):
    manifest = ws.task("mood").label_set().manifest
    by_name = {lf["name"]: lf for lf in manifest["recorded"]["lfs"]}
    assert list(by_name) == ["complains", "praises", "shouts"]
    assert 'return comment is not None and ("thanks"' in by_name["praises"]["source"]
    assert by_name["praises"]["file"] == "labeling_functions/mood/wording.py"
    assert manifest["recorded"]["environment"]["packages"]["numpy"]
    assert manifest["inputs"]["schema"]["labels"] == ["good", "bad"]
    assert str(project.folder) not in json.dumps(manifest)


def test_labels_of_a_segment_are_in_the_order_of_its_rows(project, ws):
    found = ws.task("mood").label_set()
    for _, part in found.parts():
        ids = part.column("item_id").to_pylist()
        assert ids == sorted(ids, key=int)
    stored = [name for name in project.files() if name.startswith("feedback/")]
    assert sum(pq.read_metadata(project.store / name).num_rows for name in stored) == 40


SLOW = """
from labeling_functions.mood.schema.v2 import SLOW, WRONG
from retrolabel import keywords

says_slow = keywords(SLOW, ["slow"], column="comment")
says_wrong = keywords(WRONG, ["wrong"], column="comment")
"""


COMPLAINS = """
from labeling_functions.mood.schema.v1 import BAD
from retrolabel import keywords

complains = keywords(BAD, ["wrong", "slow", "hm"], column="comment")
"""


def test_items_whose_votes_name_several_labels_alone_are_counted_as_guessed(project):
    project.add_v2()
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    assert ws.task("mood").relabel().guessed == 15
    project.write("labeling_functions/mood/slowness.py", SLOW)
    project.lfs(COMPLAINS)
    report = project.open().task("mood").relabel()
    labels = ws.task("mood").labels("latest")
    votes = ws.task("mood").votes()
    alone = votes["complains"].notna() & votes[["says_slow", "says_wrong"]].isna().all(axis=1)
    assert alone.sum() == 5  # "hm"
    assert labels["guessed"].tolist() == alone.tolist()
    assert set(labels.loc[labels["guessed"], "partial"]) == {"slow|wrong"}
    assert labels.loc[labels["guessed"], "label"].isna().all()
    assert report.guessed == 5
    assert report.as_dict()["label_set"]["guessed"] == 5
    assert "5 guessed items have no label: votes leave" in ws.task("mood").report().html


def test_a_task_may_ask_for_the_likeliest_label_and_for_none_where_it_is_too_unsure(project):
    project.add_v2()
    project.lfs(COMPLAINS)
    project.write("labeling_functions/mood/slowness.py", SLOW)
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    plain = ws.task("mood").relabel()
    project.write("retrolabel.toml", 'tracking = false\n[tasks.mood]\nguesses = "label"\n')
    asked = project.open().task("mood")
    report = asked.relabel()
    labels = asked.labels("latest")
    assert (report.label_set.id != plain.label_set.id, report.guessed) == (True, 5)
    assert report.label_set.labelled == plain.label_set.labelled + labels.loc[labels["guessed"], "label"].notna().sum()
    assert asked.verify() == []
    project.write("retrolabel.toml", "tracking = false\n[tasks.mood]\nabstain_below = 0.99\n")
    sure = project.open().task("mood")
    assert sure.relabel().label_set.labelled == 0
    labels = sure.labels("latest")
    assert labels.loc[labels["covered"], "partial"].notna().all()
    assert sure.verify() == []


def test_a_plan_of_an_older_version_says_that_it_is_not_the_newest(project):
    project.add_v2()
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    assert any("1.0.0 is not the newest version (2.0.0)" in note for note in ws.task("mood").plan(to="1.0.0").notes)
    assert not any("not the newest" in note for note in ws.task("mood").plan().notes)


def test_going_back_to_an_older_version_says_that_it_makes_another_set_and_how_to_read_the_one_before(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    before = ws.task("mood").relabel().label_set
    assert not any("another label set" in note for note in ws.task("mood").plan().notes)
    project.add_v2()
    project.write("labeling_functions/mood/slowness.py", SLOW)
    task = project.open().task("mood")
    task.relabel()
    told = f"this makes another label set than {before.id[:12]}, made under 1.0.0 on"
    (note,) = [note for note in task.plan(to="1.0.0").notes if told in note]
    assert f"retrolabel labels export mood {before.id[:12]}" in note
    report = task.relabel(to="1.0.0")
    assert any(told in remark for remark in report.remarks)
    assert report.label_set.id != before.id
    assert len(task.labels(before.id[:12])) == 40
    assert not any(told in note for note in task.plan(to="1.0.0").notes)  # it is there now
