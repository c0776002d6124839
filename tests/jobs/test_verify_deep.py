"""A label set held against what it rests on: planted faults are found and named, and what is gone is open."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from contextlib import closing

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from retrolabel.label_models import label_model
from retrolabel.wiring.feedback import IngestOptions
from tests.jobs.conftest import LFS, Project, forget

OPTIONS = IngestOptions(id_column="item_id")
REVISING = IngestOptions(id_column="item_id", revise=True)
CLOCK = """

@labeling_function(BAD, version="1")
def reads_the_clock(comment):
    return len(comment) % 24 <= int(os.environ["HOUR"])
"""
GOLD = {n: "good" if n % 8 in (0, 3, 7) else "bad" for n in range(30)}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project with a label set over two segments, fitted with 30 items of dev gold, to be copied."""
    project = Project(tmp_path_factory.mktemp("deep") / "project")
    ws = project.open()
    ws.feedback.ingest(project.feedback("a.csv", items=30), "web", OPTIONS)
    ws.feedback.ingest(project.feedback("b.csv", items=10, first=100), "web", OPTIONS)
    ws.task("mood").gold.import_file(project.gold(GOLD), "web", role="dev", sampling="random")
    ws.task("mood").relabel()
    forget()
    return project.store


@pytest.fixture
def task(project, made):
    """A task with a label set over two segments, fitted with 30 items of dev gold."""
    shutil.copytree(made, project.store)
    return project.open().task("mood")


def states(found) -> dict[str, str]:
    return {check.name: check.state for check in found.checks}


def why(found, name: str) -> str:
    (check,) = [each for each in found.checks if each.name == name]
    return check.why


def change_table(project, name: str, change) -> None:
    """Write a changed Parquet file, and let the catalog believe in it where it is one of votes."""
    path = project.store / name
    pq.write_table(change(pq.read_table(path)), path, compression="zstd")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    with closing(sqlite3.connect(project.store / "catalog.db")) as connection, connection:
        connection.execute("UPDATE vote_files SET sha256 = ? WHERE path = ?", (sha256, name))


def one_cell(table: pa.Table, column: str, row: int, value) -> pa.Table:
    values = table.column(column).to_pylist()
    values[row] = value
    made = pa.array(values, pa.string())
    kind = table.schema.field(column).type
    made = made.dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else pa.array(values, kind)
    return table.set_column(table.column_names.index(column), column, made)


def test_a_fresh_label_set_is_the_same_to_the_bit_when_it_is_made_again_and_nothing_is_written(project, task):
    before = project.state()
    found = task.verify_deep()
    assert states(found) == dict.fromkeys(["files", "votes", "gold", "labels", "labeling functions"], "passed")
    assert why(found, "labels") == (
        "40 items: labels and probabilities are the same to the bit; so is what the label model learned, and 30"
        " cross-fitted items"
    )
    assert why(found, "labeling functions") == "3 called again on 40 items: the same votes"
    assert project.state() == before


def test_it_is_the_same_after_a_bump_a_revision_an_edit_a_compaction_and_more_gold(project, task):
    first = task.label_set().id
    project.add_v2()
    project.write("b.csv", 'item_id,created_at,comment\n101,2026-01-18T12:00:00Z,"wrong, wrong"\n')
    ws = project.open()
    ws.feedback.ingest(project.folder / "b.csv", "web", REVISING)
    ws.task("mood").gold.import_file(project.gold({100: "good", 101: "good"}), "web", role="dev", schema="1.0.0")
    project.lfs(LFS.replace('"great"', '"nice"'))
    forget()
    ws.task("mood").relabel()
    ws.compact()
    found = project.open().task("mood").verify_deep(first)
    assert states(found) == {
        "files": "passed",
        "votes": "passed",
        "gold": "passed",
        "labels": "passed",
        "labeling functions": "passed",
        "LF praises": "open",
    }
    assert why(found, "labeling functions") == "2 called again on 40 items: the same votes"
    assert why(found, "LF praises") == "not called again: code changed"


def test_one_vote_that_was_changed_with_the_hash_of_its_file_is_named(project, task):
    (name,) = [
        name
        for name in project.files()
        if re.match(r"votes/.*", name) and pq.read_table(project.store / name).num_rows == 30
    ]
    change_table(project, name, lambda table: one_cell(table, "complains", 5, "bad"))
    assert task.verify() == []  # its bytes are those that the catalog believes in
    found = task.verify_deep()
    assert [check.name for check in found.failed][:1] == ["votes of complains"]
    assert why(found, "votes of complains") == (
        "1 item: labelled with another vote than is stored: web/5 has (abstains), again bad"
    )
    assert why(found, "LF complains") == (
        "1 item: called again, it does not say what is stored: web/5 has bad, again (abstains)"
    )


def test_one_label_that_was_changed_with_all_hashes_is_named(project, task):
    record = task.label_set().record
    folder = project.store / record.folder
    for file in folder.glob("*.parquet"):
        table = pq.read_table(file)
        if "row" in table.column_names and table.num_rows == 30:
            assert table.column("label")[0].as_py() == "good"
            pq.write_table(one_cell(table, "label", 0, "bad"), file, compression="zstd")
    project.believe(folder)
    forget()
    found = project.open().task("mood").verify_deep()
    assert states(found)["labels"] == "failed"
    assert why(found, "labels") == "1 item: another label than votes and gold give: web/0 has bad, again good"


def test_a_probability_that_was_changed_in_its_last_digit_is_named(project, task):
    record = task.label_set().record
    path = project.store / record.folder / "patterns.parquet"
    table = pq.read_table(path)
    values = table.column("p_good").to_pylist()
    values[1] = values[1] + 2**-52
    pq.write_table(table.set_column(table.column_names.index("p_good"), "p_good", pa.array(values)), path)
    project.believe(project.store / record.folder)
    found = project.open().task("mood").verify_deep()
    (check,) = [each for each in found.failed if each.name == "probabilities"]
    assert check.items == table.column("count")[1].as_py()
    assert "other probabilities, by 2.2e-16 at most" in check.why


def test_a_labeling_function_that_reads_the_clock_is_named(project, task, monkeypatch):
    project.lfs(LFS + CLOCK)
    forget()
    monkeypatch.setenv("HOUR", "3")
    task.relabel()
    monkeypatch.setenv("HOUR", "7")
    found = task.verify_deep()
    assert [check.name for check in found.failed] == ["LF reads_the_clock"]
    assert found.failed[0].items == 14
    assert str(found.failed[0].first[0]) == "web/103 has (abstains), again bad"
    assert why(found, "labeling functions") == "3 called again on 40 items: the same votes"


def test_votes_that_are_gone_are_open_and_the_labels_are_held_against_those_of_the_label_set(project, task):
    ws = project.open()
    keys = [each.key for each in ws.catalog.votes.all_columns() if each.lf == "shouts"]
    ws.catalog.votes.forget_keys(keys)
    found = task.verify_deep()
    assert [check.name for check in found.open] == ["votes"]
    assert found.open[0].why.startswith("the votes of shouts are not stored any more")
    assert [check.name for check in found.passed] == ["files", "votes", "gold", "labels", "labeling functions"]


def test_other_numerics_are_open_and_say_which(task, monkeypatch):
    now = label_model.NUMERICS
    monkeypatch.setattr(label_model, "NUMERICS", now + 1)
    found = task.verify_deep()
    assert [(check.name, check.why) for check in found.open] == [
        ("labels", f"other code does the numerics: numerics {now}, now {now + 1}")
    ]
    assert found.failed == ()


def test_gold_that_cannot_be_read_again_is_open_and_so_are_the_labels(project, task):
    with closing(sqlite3.connect(project.store / "catalog.db")) as connection, connection:
        connection.execute("DELETE FROM human_labels WHERE item_id = '3'")
    found = project.open().task("mood").verify_deep()
    assert [check.name for check in found.open] == ["gold", "labels"]
    assert "the 30 gold items that were fitted cannot be read again as they were" in found.open[0].why
    assert found.failed == ()


def test_a_labeling_function_that_is_gone_and_one_that_does_not_import_are_open(project, task):
    project.lfs(LFS[: LFS.index("@labeling_function(BAD")])
    forget()
    found = task.verify_deep()
    assert [(check.name, check.why) for check in found.open] == [
        ("LF complains", "not called again: not in this checkout"),
        ("LF shouts", "not called again: not in this checkout"),
    ]
    project.lfs("import nothing_of_this_name\n")
    forget()
    found = task.verify_deep()
    assert [check.name for check in found.open] == ["labeling functions"]
    assert found.open[0].why.startswith("none was called again: ")


def test_a_sample_calls_labeling_functions_on_so_many_items(project, task):
    calls = project.calls()
    found = task.verify_deep(sample=8)
    assert project.calls() - calls == 3 * 8
    assert why(found, "labeling functions") == "3 called again on 8 items of 40: the same votes"
    assert task.verify_deep(sample=0).open[0].why == "none was called again: nobody asked for it (--sample 0)"
    assert project.calls() - calls == 3 * 8


def test_a_file_with_other_bytes_fails_and_the_rest_is_held_against_what_is_left(project, task):
    (name,) = [
        name
        for name in project.files()
        if re.match(r"votes/.*", name) and pq.read_table(project.store / name).num_rows == 10
    ]
    path = project.store / name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    found = task.verify_deep()
    assert states(found)["files"] == "failed"
    assert {check.name for check in found.failed} == {
        "files",
        "votes of complains",
        "votes of praises",
        "votes of shouts",
    }
    assert states(found)["labels"] == "passed"


def test_a_label_set_made_by_each_label_model_is_made_again(task):
    for name in ("majority_vote", "dawid_skene", "weighted_vote", "auto"):
        task.relabel(label_model=name)
        assert states(task.verify_deep(sample=0))["labels"] == "passed", name


def test_faults_are_faults_again(project, task):
    project.lfs(LFS.replace('    count("shouts")', "    count(\"shouts\")\n    assert comment != 'hm'"))
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\nmax_fault_rate = 0.5\n')
    forget()
    ws = project.open()
    assert ws.task("mood").relabel().votes.faults == 6
    assert ws.task("mood").verify_deep().failed == ()
