"""A label set is read only with the bytes that were written; verify sees what a hand changed with its hashes."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from retrolabel.errors import CorruptionError, StoreError
from retrolabel.storage.objects import LocalObjects


@pytest.fixture
def made(project):
    """A workspace with a label set, and its folder."""
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    label_set = ws.task("mood").relabel().label_set
    return ws, project.store / label_set.folder


def swap(folder):
    """Swap the labels of two items in the items file; return the file."""
    (path,) = [each for each in folder.glob("*.parquet") if each.stem not in ("patterns", "cross_fitted")]
    table = pq.read_table(path)
    labels = table.column("label").cast(pa.string()).to_pylist()
    assert labels[0] != labels[1]
    labels[0], labels[1] = labels[1], labels[0]
    place = table.column_names.index("label")
    as_before = pa.array(labels).dictionary_encode().cast(table.schema.field("label").type)
    pq.write_table(table.set_column(place, "label", as_before), path)
    return path


READS = {
    "export": lambda task, folder: task.export(folder / "out.csv", "csv"),
    "labels": lambda task, _: task.labels(),
    "show": lambda task, _: task.label_set().item("0"),
    "explain": lambda task, _: task.explain("0"),
    "report": lambda task, _: task.report(),
    "relabel": lambda task, _: task.relabel(),
}


@pytest.mark.parametrize("how", READS)
def test_two_labels_swapped_in_the_items_file_stop_whatever_reads_them(made, project, how, tmp_path):
    _, folder = made
    path = swap(folder)
    with pytest.raises(CorruptionError, match=path.name) as refused:
        READS[how](project.open().task("mood"), tmp_path)
    assert "--repair" in str(refused.value)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("file", ["manifest.json", "model.json", "patterns.parquet"])
def test_any_other_byte_of_a_label_sets_files_stops_the_relabel_and_what_reads_it(made, project, file):
    _, folder = made
    path = folder / file
    path.write_bytes(path.read_bytes() + b" ")
    ws = project.open()
    with pytest.raises(CorruptionError, match="other bytes"):
        ws.task("mood").relabel()
    with pytest.raises(CorruptionError, match="other bytes"):
        ws.task("mood").explain("0")
    assert ws.task("mood").verify() != []


def test_a_repair_makes_a_damaged_label_set_again_the_same_to_the_bit(made, project):
    _, folder = made
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"}
    swap(folder)
    ws = project.open()
    ws.task("mood").relabel(repair=True)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"} == before
    assert ws.task("mood").verify() == []


def test_a_file_is_hashed_once_in_a_process_and_again_after_it_changed(made, monkeypatch):
    ws, folder = made
    hashed = []

    def counting(path):
        hashed.append(path.name)
        return hashlib.sha256(path.read_bytes()).hexdigest()

    monkeypatch.setattr("retrolabel.storage.objects.hash_file", counting)
    monkeypatch.setattr("retrolabel.storage.objects._hashed", {})
    for _ in range(3):
        ws.task("mood").labels("latest")
    items = [path.name for path in folder.glob("*.parquet") if path.stem not in ("patterns", "cross_fitted")]
    assert sorted(hashed) == sorted(["manifest.json", "patterns.parquet", *items])
    path = swap(folder)
    with pytest.raises(CorruptionError, match=path.name):
        ws.task("mood").labels("latest")


def test_a_change_that_keeps_size_and_time_of_a_file_is_noticed_too(tmp_path):
    objects = LocalObjects(tmp_path)
    sha256 = objects.write_bytes("a.txt", b"one")
    assert objects.read_bytes("a.txt", sha256=sha256) == b"one"
    found = (tmp_path / "a.txt").stat()
    (tmp_path / "a.txt").write_bytes(b"two")
    os.utime(tmp_path / "a.txt", ns=(found.st_atime_ns, found.st_mtime_ns))
    with pytest.raises(CorruptionError, match=r"a\.txt cannot be read: it has other bytes than were written"):
        objects.read_bytes("a.txt", sha256=sha256)


LEAVING = ["../out.txt", "a/../../out.txt", "/etc/passwd", "a\0b", "link/x", "linked.txt", "", "a//b", "..\\out.txt"]


@pytest.mark.parametrize("name", LEAVING)
def test_a_name_that_leaves_the_store_is_refused_by_whatever_touches_files(tmp_path, name):
    (tmp_path / "out.txt").write_bytes(b"x")
    store = tmp_path / "store"
    store.mkdir()
    (store / "link").symlink_to(tmp_path)
    (store / "linked.txt").symlink_to(tmp_path / "out.txt")
    objects = LocalObjects(store)
    for act in (
        lambda: objects.read_bytes(name),
        lambda: objects.read_table(name),
        lambda: objects.sha256(name),
        lambda: objects.size(name),
        lambda: objects.write_bytes(name, b"y"),
        lambda: objects.remove([name]),
    ):
        with pytest.raises(StoreError):
            act()
    assert (tmp_path / "out.txt").read_bytes() == b"x"


def test_a_store_that_is_itself_a_link_is_read_as_any_other(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "store").symlink_to(tmp_path / "real")
    objects = LocalObjects(tmp_path / "store")
    assert objects.write_bytes("a/b.txt", b"x") == objects.sha256("a/b.txt")


def told(project):
    return "\n".join(map(str, project.open().task("mood").verify()))


def test_verify_sees_swapped_labels_even_where_all_hashes_were_made_anew(made, project):
    _, folder = made
    swap(folder)
    project.believe(folder)
    assert "has items with another label than their votes give" in told(project)


def edit(folder, change):
    path = folder / "patterns.parquet"
    pq.write_table(change(pq.read_table(path)), path)


CHANGES = {
    "a column less": (lambda t: t.drop_columns(["v_shouts"]), "than its labels and labeling functions: v_shouts"),
    "a column renamed": (lambda t: t.rename_columns([f"{name}x" for name in t.column_names]), "v_shoutsx"),
    "columns in another order": (lambda t: t.select(t.column_names[::-1]), "their order"),
    "a count more": (lambda t: t.set_column(0, "count", pc.add(t.column("count"), 1)), "counts 4"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_verify_compares_the_columns_with_the_labeling_functions_and_the_counts_with_the_items(made, project, what):
    _, folder = made
    change, said = CHANGES[what]
    edit(folder, change)
    project.believe(folder)
    assert said in told(project)


def test_verify_compares_counts_of_manifest_and_catalog_with_the_files(made, project):
    _, folder = made
    project.believe(folder, lambda manifest: manifest["outputs"].update(labelled=7))
    assert "says 7 labelled, the catalog 30; its files hold 30" in told(project)


def test_verify_sees_inputs_that_are_not_those_of_which_the_id_was_made(made, project):
    _, folder = made
    project.believe(folder, lambda manifest: manifest["inputs"]["label_model"].update(smoothing=0.5))
    assert "its inputs do not give the id of the label set" in told(project)


@pytest.mark.parametrize("name", ["../../../secret", "/etc/passwd", "../other"])
def test_verify_refuses_a_manifest_that_names_other_files_and_opens_none(made, project, name):
    _, folder = made

    def tampered(manifest):
        outputs = manifest["outputs"]
        outputs["segments"][0]["id"] = name
        outputs["files"][f"{name}.parquet"] = "0" * 64

    project.believe(folder, tampered)
    assert "lists other segments than those that the label set's id was made of" in told(project)
    assert f"lists '{name}.parquet', which is no file of a label set" in told(project)
    with pytest.raises(StoreError):
        project.open().task("mood").labels("latest")


@pytest.mark.parametrize(("table", "column"), [("segments", "path"), ("vote_files", "path")])
def test_verify_refuses_a_path_of_the_catalog_that_leaves_the_store(made, project, table, column):
    (project.folder / "outside.parquet").write_bytes(b"x")
    with closing(sqlite3.connect(project.store / "catalog.db")) as connection, connection:
        connection.execute(f"UPDATE {table} SET {column} = '../outside.parquet'")  # noqa: S608 - a test's own words
        connection.execute("UPDATE vote_columns SET path = '../outside.parquet'")
    assert "'../outside.parquet' is no name of a file in the store" in told(project)


def test_verify_compares_the_cross_fitted_items_with_the_gold_that_was_fitted(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(items=200), "web")
    gold = {n: "good" if n % 8 in (0, 3) else "bad" for n in range(100)}
    ws.task("mood").gold.import_file(project.gold(gold), "web", role="dev", sampling="random")
    folder = project.store / ws.task("mood").relabel().label_set.folder
    assert told(project) == ""
    path = folder / "cross_fitted.parquet"
    table = pq.read_table(path)
    place = table.column_names.index("item_id")
    pq.write_table(
        table.set_column(place, "item_id", pa.array(["nobody", *table.column("item_id").to_pylist()[1:]])), path
    )
    project.believe(folder)
    assert "has 1 items that the label set lacks" in told(project)


def test_feedback_that_changed_is_not_read_as_items(made, project):
    (path,) = (project.store / "feedback" / "web").glob("*.parquet")
    table = pq.read_table(path)
    pq.write_table(table, path, compression="none")
    with pytest.raises(CorruptionError, match="other bytes"):
        project.open().task("mood").votes()
