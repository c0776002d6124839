"""The workspace: what the Python API gives, as frames and records."""

from __future__ import annotations

import os
import sys

import pytest

import retrolabel
from retrolabel.errors import SettingsError, StoreError
from retrolabel.wiring.templates import write_project

CSV = "item_id,created_at,comment\n1,2026-01-01,thank you\n2,2026-01-02,this is wrong\n3,2026-01-03,hm\n"


def forget() -> None:
    """Let no module of a test's project outlive the test."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("RETROLABEL_", "MLFLOW_"))]:
        monkeypatch.delenv(name)
    yield
    forget()


@pytest.fixture
def ws(tmp_path):
    write_project(tmp_path, "mood")
    (tmp_path / "f.csv").write_text(CSV)
    opened = retrolabel.open(tmp_path)
    opened.feedback.ingest(tmp_path / "f.csv", "web")
    return opened


def test_a_workspace_is_opened_from_any_folder_of_its_project(ws, tmp_path):
    (tmp_path / "deep").mkdir()
    assert retrolabel.open(tmp_path / "deep").store == ws.store == tmp_path / ".retrolabel"


def test_a_folder_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="There is no folder"):
        retrolabel.open(tmp_path / "none")


def test_items_come_as_a_frame_with_source_id_and_time_first(ws):
    frame = ws.feedback.items()
    assert list(frame.columns) == ["source", "item_id", "created_at", "comment"]
    assert frame["item_id"].tolist() == ["1", "2", "3"]
    assert str(frame["created_at"].dt.tz) == "UTC"
    assert len(ws.feedback.items("nothing of that name")) == 0


def test_votes_come_as_a_frame_with_labels_in_words(ws):
    frame = ws.task("mood").votes()
    assert frame.loc[("web", "1"), "says_thanks"] == "good"
    assert frame.loc[("web", "2"), "says_wrong"] == "bad"
    assert frame.loc[("web", "3")].isna().all()
    assert ws.task("mood").vote_matrix().voters == tuple(frame.columns)


def test_labels_come_as_a_frame_and_as_an_item(ws):
    ws.task("mood").relabel(tracking=False)
    frame = ws.task("mood").labels("latest").set_index("item_id")
    assert frame["label"].fillna("-").to_dict() == {"1": "good", "2": "bad", "3": "-"}
    (item,) = ws.task("mood").label_set().item("1")
    assert item["votes"] == {"says_thanks": "good"}
    assert item["probabilities"]["good"] > 0.5


def test_reading_a_store_that_is_not_there_makes_none(tmp_path):
    (tmp_path / "retrolabel.toml").write_text("")
    with pytest.raises(StoreError, match="There is no store"):
        retrolabel.open(tmp_path).feedback.sources()
    assert not (tmp_path / ".retrolabel").exists()


def test_a_catalog_elsewhere_is_used(tmp_path):
    write_project(tmp_path, "mood")
    (tmp_path / "f.csv").write_text(CSV)
    (tmp_path / "retrolabel.toml").write_text(f'catalog = "sqlite:///{tmp_path / "elsewhere.db"}"\n')
    opened = retrolabel.open(tmp_path)
    opened.feedback.ingest(tmp_path / "f.csv", "web")
    assert retrolabel.open(tmp_path).task("mood").relabel(tracking=False).label_set.items == 3
    assert not (tmp_path / ".retrolabel" / "catalog.db").exists()


def test_without_a_project_there_are_no_tasks(ws, tmp_path):
    alone = retrolabel.open("/", store=ws.store)
    assert alone.project is None
    assert len(alone.feedback.items()) == 3
    with pytest.raises(SettingsError, match="no labeling functions"):
        alone.task("mood").relabel()


def test_a_label_model_may_be_given_as_an_object(ws):
    report = ws.task("mood").relabel(label_model=retrolabel.MajorityVote(), tracking=False)
    assert report.label_model["name"] == "majority_vote"


def test_notes_reach_who_asked_for_them(tmp_path, ws):
    assert "project" in repr(ws)
    report = ws.feedback.ingest(_more(tmp_path), "web")
    assert report.notes == ("times in 'created_at' name no zone and were taken as UTC",)


def _more(folder):
    path = folder / "more.csv"
    path.write_text("item_id,created_at,comment\n9,2026-01-09T10:00,hm\n")
    return path
