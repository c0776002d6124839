"""The doctor: what is wrong is found, and what is well is said."""

from __future__ import annotations

import os
import sys

import pytest

import retrolabel
from retrolabel.wiring.doctor import examine
from retrolabel.wiring.templates import write_project


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
def project(tmp_path):
    write_project(tmp_path, "mood")
    (tmp_path / "f.csv").write_text("item_id,comment\n1,thank you\n")
    retrolabel.open(tmp_path).ingest(tmp_path / "f.csv", "web")
    return tmp_path


def states(findings, word):
    return [finding.state for finding in findings if word in finding.what]


def test_a_sound_project_has_nothing_broken(project):
    findings = examine(project, None)
    assert [finding for finding in findings if finding.state == "broken"] == []
    assert states(findings, "task mood: 3 labeling functions, schema 1.0.0") == ["ok"]
    assert states(findings, "1 source(s), 1 items, 0 label set(s)") == ["ok"]


def test_a_task_that_does_not_import_and_examples_that_fail_are_broken(project):
    path = project / "labeling_functions/mood/wording.py"
    path.write_text(path.read_text().replace('"Thank you, that was it"', '"Danke"'))
    assert states(examine(project, None), "1 examples fail") == ["broken"]
    path.write_text("import nowhere_at_all\n")
    assert states(examine(project, None), "nowhere_at_all") == ["broken"]


def test_feedback_that_is_gone_is_broken(project):
    next((project / ".retrolabel/feedback/web").glob("*.parquet")).unlink()
    assert states(examine(project, None), "feedback file(s) are gone") == ["broken"]


def test_a_broken_catalog_and_no_store_are_told(project):
    (project / ".retrolabel/catalog.db").write_bytes(b"no database, but long enough to look like a file of one")
    assert states(examine(project, None), "catalog cannot be used") == ["broken"]
    assert states(examine(project, project / "none"), "no store in") == ["note"]


def test_no_project_is_told(tmp_path):
    assert states(examine(tmp_path, None), "There is no project here") == ["broken"]
