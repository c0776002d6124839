"""The doctor: what is wrong is found, and what is well is said."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import retrolabel
from retrolabel.wiring.doctor import examine
from retrolabel.wiring.examining import store as examining_store
from retrolabel.wiring.feedback import IngestOptions
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
    retrolabel.open(tmp_path).feedback.ingest(tmp_path / "f.csv", "web")
    return tmp_path


def states(findings, word):
    return [finding.state for finding in findings if word in finding.what]


def test_a_sound_project_has_nothing_broken(project):
    findings = examine(project, None)
    assert [finding for finding in findings if finding.state == "broken"] == []
    assert states(findings, "task mood: 3 labeling functions, schema 1.0.0") == ["ok"]
    assert states(findings, "1 source, 1 item, 0 label sets") == ["ok"]


def test_a_task_that_does_not_import_and_examples_that_fail_are_broken(project):
    path = project / "labeling_functions/mood/wording.py"
    path.write_text(path.read_text().replace('"Thank you, that was it"', '"Danke"'))
    assert states(examine(project, None), "1 example fails") == ["broken"]
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


def finding(findings, word):
    (found,) = [each for each in findings if word in each.what]
    return found


def test_whatever_is_not_well_has_a_remedy(project, tmp_path):
    (project / "labeling_functions/mood/more.py").write_text("import nowhere_at_all\n")
    for findings in (examine(project, None), examine(tmp_path.parent, None), examine(project, project / "none")):
        assert [each for each in findings if each.state != "ok" and not each.remedy] == []


def test_labeling_functions_without_settings_are_told_apart_from_no_project(project):
    (project / "retrolabel.toml").unlink()
    found = finding(examine(project, None), "and no settings")
    assert (found.state, "retrolabel.toml" in found.remedy) == ("broken", True)


def test_wrong_settings_are_told_with_the_setting_that_was_meant(project):
    (project / "retrolabel.toml").write_text("label_modle = 'auto'\n")
    assert "did you mean label_model?" in finding(examine(project, None), "label_modle").what


# The installation -------------------------------------------------------------------------------


def another_copy(folder, version, file="__init__.py"):
    (folder / "retrolabel").mkdir()
    (folder / "retrolabel" / file).write_text(f'"""Another one."""\n\n__version__ = "{version}"\n')


@pytest.mark.parametrize("file", ["__init__.py", "version.py"])
def test_another_version_on_the_path_is_broken(file, project, tmp_path_factory, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    another_copy(elsewhere, "0.0.7", file)
    monkeypatch.syspath_prepend(elsewhere)
    found = finding(examine(project, None), "another retrolabel 0.0.7")
    assert (found.state, str(elsewhere) in found.what, "PYTHONPATH" in found.remedy) == ("broken", True, True)


def test_another_copy_of_the_same_version_is_a_note(project, tmp_path_factory, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    another_copy(elsewhere, retrolabel.__version__)
    monkeypatch.syspath_prepend(elsewhere)
    found = [each for each in examine(project, None) if str(elsewhere) in each.what]
    assert [each.state for each in found] == ["note"]


def test_a_folder_of_the_same_name_that_is_no_package_of_ours_is_passed_over(project, tmp_path_factory, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "retrolabel").mkdir()
    (elsewhere / "retrolabel/__init__.py").write_text("")
    monkeypatch.syspath_prepend(elsewhere)
    assert [each for each in examine(project, None) if str(elsewhere) in each.what] == []


def test_another_version_that_pip_installed_is_broken(project, tmp_path_factory, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "retrolabel-9.9.9.dist-info").mkdir()
    (elsewhere / "retrolabel-9.9.9.dist-info/METADATA").write_text(
        "Metadata-Version: 2.1\nName: retrolabel\nVersion: 9.9.9\n"
    )
    monkeypatch.syspath_prepend(elsewhere)
    found = finding(examine(project, None), "pip has installed")
    assert (found.state, "9.9.9" in found.what, "pip uninstall" in found.remedy) == ("broken", True, True)


def test_a_command_of_another_python_is_a_note(project, tmp_path_factory, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("bin") / "retrolabel"
    elsewhere.write_text("#!/bin/sh\n")
    elsewhere.chmod(0o755)
    monkeypatch.setenv("PATH", str(elsewhere.parent))
    assert finding(examine(project, None), "of another Python").state == "note"


@pytest.fixture
def without(monkeypatch):
    """A function that hides installed packages."""

    def hide(*names):
        real = importlib.util.find_spec
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in names else real(name))

    return hide


def test_missing_extras_are_notes_with_the_line_to_type(project, without):
    without("snorkel", "distributed", "mlflow")
    findings = examine(project, None)
    for extra in ("snorkel", "dask", "mlflow"):
        found = finding(findings, f"{extra} is not installed")
        assert (found.state, found.remedy) == ("note", f'pip install "retrolabel[{extra}]"')


@pytest.mark.parametrize(
    ("extra", "setting"),
    [("snorkel", "label_model = 'snorkel'"), ("dask", "engine = 'dask'"), ("mlflow", "tracking = true")],
)
def test_a_missing_extra_that_the_settings_ask_for_is_broken(project, without, extra, setting):
    (project / "retrolabel.toml").write_text(f"{setting}\n")
    without("snorkel", "distributed", "mlflow")
    assert finding(examine(project, None), f"{extra} is not installed").state == "broken"


def test_a_tracking_server_asks_for_mlflow_and_settings_without_tracking_do_not(project, without, monkeypatch):
    without("mlflow")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://runs.example")
    found = finding(examine(project, None), "mlflow is not installed")
    assert (found.state, "MLFLOW_TRACKING_URI asks for the tracking of runs" in found.what) == ("broken", True)
    (project / "retrolabel.toml").write_text("tracking = false\n")
    assert finding(examine(project, None), "mlflow is not installed").state == "note"


def test_a_missing_pytest_is_a_note_with_the_line_to_type(project, without):
    without("pytest")
    found = finding(examine(project, None), "pytest is not installed")
    assert (found.state, found.remedy) == ("note", "pip install pytest")
    assert "pytest labeling_functions" in found.what


def test_a_missing_package_that_everything_needs_is_broken(project, without):
    without("re2")
    assert finding(examine(project, None), "re2 is missing").state == "broken"


# The store --------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["", ".retrolabel", ".retrolabel/catalog.db", ".retrolabel/feedback"])
def test_what_cannot_be_written_is_named(project, monkeypatch, place):
    closed = project / place
    monkeypatch.setattr(os, "access", lambda path, _: path != closed)  # root may write everywhere
    found = finding(examine(project, None), "cannot be written")
    assert (found.state, str(closed) in found.what, "chmod" in found.remedy) == ("broken", True, True)


def test_a_store_that_cannot_be_made_is_told_before_the_first_ingest(project, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "access", lambda path, _: path != project)
    found = [each for each in examine(project, project / "new") if "the folder of the store" in each.what]
    assert [each.state for each in found] == ["broken"]


LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


def test_a_catalog_that_another_process_locks_is_told_with_the_process(project, monkeypatch):
    monkeypatch.setattr(examining_store, "LOCK_SECONDS", 0.1)
    words = [sys.executable, "-c", LOCKER, str(project / ".retrolabel/catalog.db")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"locked\n"
        found = finding(examine(project, None), "is locked")
        other.stdin.close()
    assert (found.state, "wait until it is done" in found.remedy) == ("broken", True)
    if Path("/proc/self/fd").is_dir():
        assert str(other.pid) in found.what
    assert states(examine(project, None), "is locked") == []


def set_revision(project, number):
    with closing(sqlite3.connect(project / ".retrolabel/catalog.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [number])
        connection.commit()


def test_a_catalog_of_a_newer_version_is_broken_and_one_of_an_older_is_left_as_it_is(project):
    set_revision(project, "9999")
    found = finding(examine(project, None), "of a newer retrolabel")
    assert (found.state, found.remedy) == ("broken", "pip install --upgrade retrolabel")
    set_revision(project, "0001")
    before = (project / ".retrolabel/catalog.db").read_bytes()
    assert finding(examine(project, None), "of an older retrolabel").state == "note"
    assert (project / ".retrolabel/catalog.db").read_bytes() == before


def test_times_that_the_clock_has_not_reached_are_told(project):
    retrolabel.open(project).task("mood").relabel(tracking=False)
    findings = examine(project, None, clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    for what in ("the newest ingest", "the newest label set"):
        found = finding(findings, what)
        assert (found.state, "set the clock" in found.remedy) == ("broken", True)
    assert states(examine(project, None), "future") == []


def test_items_of_the_future_are_a_note_by_source(project):
    (project / "late.csv").write_text("item_id,created_at,comment\n7,2126-01-01,x\n8,2001-01-01,y\n")
    retrolabel.open(project).feedback.ingest(project / "late.csv", "mail")
    found = finding(examine(project, None), "created in the future")
    assert (found.state, found.what.startswith("1 item of mail was created")) == ("note", True)


# What there is to do ----------------------------------------------------------------------------


FAILS = """\
from labeling_functions.mood.schema.v1 import GOOD
from retrolabel import labeling_function


@labeling_function(GOOD)
def counts(comment):
    return 10 / (len(comment) - {length}) > 1000
"""


def add_lf(project, length):
    """Add a labeling function that fails on texts of a length."""
    (project / "labeling_functions/mood/counts.py").write_text(FAILS.format(length=length))


def add_items(project, count):
    rows = "".join(f"m{number},{'x' * number}\n" for number in range(1, count + 1))
    (project / "many.csv").write_text(f"item_id,comment\n{rows}")
    retrolabel.open(project).feedback.ingest(project / "many.csv", "web")


def test_what_a_relabel_would_do_is_a_note_until_it_is_done(project):
    found = finding(examine(project, None), "no label set")
    assert found.what == "task mood: no label set under 1.0.0 of what is there now (3 calls to make)"
    assert (found.state, found.remedy) == ("note", "retrolabel plan mood")
    retrolabel.open(project).task("mood").relabel(tracking=False)
    assert {each.state for each in examine(project, None) if "task mood" in each.what} == {"ok"}


def test_a_label_set_that_is_there_and_not_the_latest_is_told_as_that(project):
    ws = retrolabel.open(project)
    ws.task("mood").relabel(tracking=False)
    ws.task("mood").relabel(label_model="majority_vote", tracking=False)
    found = finding(examine(project, None), "label set under")
    assert found.what == "task mood: the label set under 1.0.0 of what is there now is not the latest"
    assert (found.state, found.remedy) == ("note", "retrolabel plan mood")


def test_a_label_set_of_another_label_model_is_not_passed_over(project):
    retrolabel.open(project).task("mood").relabel(label_model="majority_vote", tracking=False)
    found = finding(examine(project, None), "no label set")
    assert found.what == (
        "task mood: no label set by label_model under 1.0.0 of what is there now (all votes are stored)"
    )


def test_votes_that_are_not_stored_any_more_are_told_with_their_label_set(project):
    ws = retrolabel.open(project)
    ws.task("mood").relabel(tracking=False)
    ws.catalog.votes.forget_keys([column.key for column in ws.catalog.votes.all_columns()])
    found = finding(examine(project, None), "not stored any more")
    assert found.what == "task mood: votes of the label set under 1.0.0 are not stored any more (3 calls to make)"


def test_a_task_without_items_or_labeling_functions_has_nothing_to_do(project):
    (project / "retrolabel.toml").write_text("[tasks.mood]\nsources = []\n")
    assert states(examine(project, None), "label set under") == []
    (project / "retrolabel.toml").write_text("")
    (project / "labeling_functions/mood/wording.py").write_text("")
    assert states(examine(project, None), "label set under") == []
    assert states(examine(project, None), "has no labeling functions") == ["note"]


def test_an_lf_that_failed_on_a_few_items_is_a_note(project):
    add_items(project, 199)
    add_lf(project, length=7)
    retrolabel.open(project).task("mood").compute_votes()
    found = finding(examine(project, None), "counts failed")
    assert (found.state, found.what) == ("note", "task mood: counts failed on 1 of 200 items")
    assert found.remedy == "retrolabel lf faults mood"


def test_an_lf_that_failed_on_too_many_items_is_broken_since_a_relabel_is_refused(project):
    add_lf(project, length=9)
    ws = retrolabel.open(project)
    with pytest.raises(retrolabel.errors.FaultRateError):
        ws.task("mood").relabel(tracking=False)
    found = finding(examine(project, None), "counts failed")
    assert found.state == "broken"
    assert found.what == (
        "task mood: counts failed on 1 of 1 item, more than max_fault_rate allows (1.0%), so that a relabel is refused"
    )
    assert found.remedy == "mend it: retrolabel lf faults mood shows where it failed"
    (project / "retrolabel.toml").write_text("max_fault_rate = 1\n")
    assert finding(examine(project, None), "counts failed").state == "note"


def test_faults_on_items_that_were_revised_since_are_passed_over(project):
    add_lf(project, length=9)
    ws = retrolabel.open(project)
    ws.task("mood").compute_votes()
    (project / "g.csv").write_text("item_id,comment\n1,thank you so much\n")
    ws.feedback.ingest(project / "g.csv", "web", IngestOptions(revise=True))
    assert states(examine(project, None), "counts failed") == []


def test_a_plan_that_cannot_be_made_is_broken_once_and_stops_nothing(project):
    write_project(project, "tone")
    for task in ("mood", "tone"):
        path = project / f"labeling_functions/{task}/wording.py"
        path.write_text(path.read_text().replace('column="comment"', 'column="coment"'))
    (project / "retrolabel.toml").write_text("label_model = 'best'\n")
    assert states(examine(project, None), "There is no label model 'best'") == ["broken"]
    (project / "retrolabel.toml").write_text("")
    assert states(examine(project, None), "read columns that their sources lack") == ["broken", "broken"]


def test_a_task_that_does_not_import_is_told_once(project):
    (project / "labeling_functions/mood/wording.py").write_text("import nowhere_at_all\n")
    assert states(examine(project, None), "nowhere_at_all") == ["broken"]


def test_a_lock_that_cannot_be_read_is_told_once(project):
    (project / "labeling_functions/labels.lock").write_text("no lock")
    assert states(examine(project, None), "labels.lock") == ["broken"]


def test_rows_in_quarantine_are_a_note_by_source_with_their_file(project):
    ws = retrolabel.open(project)
    (project / "g.csv").write_text("item_id,comment\n2,x\n3\n,y\n")
    aside = ws.feedback.ingest(project / "g.csv", "web").quarantine
    found = finding(examine(project, None), "in quarantine")
    assert (found.state, found.what) == ("note", f"2 rows of web are in quarantine, mended ones included: {aside}")
    assert found.remedy == "mend what is wrong in your file and ingest it again; then that list can be deleted"
    (project / "h.csv").write_text("item_id,comment\n4,x\n5\n")
    ws.feedback.ingest(project / "h.csv", "web")
    assert finding(examine(project, None), "in quarantine").what == (
        f"3 rows of web are in quarantine, mended ones included: {project / '.retrolabel/quarantine/web'}"
    )
    for path in (project / ".retrolabel/quarantine/web").iterdir():
        path.unlink()
    assert states(examine(project, None), "in quarantine") == []


def test_human_labels_in_quarantine_are_told_by_their_task(project):
    folder = project / ".retrolabel/quarantine/gold-mood"
    folder.mkdir(parents=True)
    (folder / "1.jsonl").write_text("{}\n")
    found = finding(examine(project, None), "in quarantine")
    assert found.what == f"1 row of human labels of mood is in quarantine, mended ones included: {folder / '1.jsonl'}"
    assert "retrolabel gold import" in found.remedy


def test_quarantine_elsewhere_than_in_a_folder_is_not_looked_for(project):
    (project / "retrolabel.toml").write_text("objects = 'memory://doctor'\n")
    ws = retrolabel.open(project, store=project / "other")
    (project / "g.csv").write_text("item_id,comment\n2,x\n3\n")
    assert ws.feedback.ingest(project / "g.csv", "web").quarantined == 1
    assert states(examine(project, project / "other"), "in quarantine") == []


def test_looking_changes_nothing(project):
    retrolabel.open(project).task("mood").relabel(tracking=False)
    add_items(project, 5)
    before = {path: path.read_bytes() for path in (project / ".retrolabel").rglob("*") if path.is_file()}
    assert states(examine(project, None), "no label set") == ["note"]
    after = {path: path.read_bytes() for path in (project / ".retrolabel").rglob("*") if path.is_file()}
    assert after == before


def test_the_doctor_sees_damaged_files_of_the_newest_label_set(tmp_path):
    write_project(tmp_path, "mood")
    (tmp_path / "f.csv").write_text("item_id,comment\n1,thank you\n2,this is wrong\n")
    ws = retrolabel.open(tmp_path)
    ws.feedback.ingest(tmp_path / "f.csv", "web")
    folder = tmp_path / ".retrolabel" / ws.task("mood").relabel(tracking=False).label_set.folder
    assert [each for each in examine(tmp_path, None) if "as written" in each.what] == []
    (folder / "model.json").write_text("{}")
    (found,) = [each for each in examine(tmp_path, None) if "as written" in each.what]
    assert found.state == "broken"
    assert found.what.startswith("1 file of the newest label set of mood not as written: ")
    assert "model.json" in found.what
    assert found.remedy.startswith("retrolabel relabel mood --repair makes it again")
