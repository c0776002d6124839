"""A label set that is exported again, whatever happened since, is the same file to the byte."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from retrolabel.errors import PromotionError
from retrolabel.jobs.label_sets.repair import kept_for_ever
from retrolabel.wiring.feedback import IngestOptions
from tests.jobs.conftest import LFS, forget

OPTIONS = IngestOptions(id_column="item_id")
REVISING = IngestOptions(id_column="item_id", revise=True)
KINDS = ("csv", "jsonl", "parquet")
GOLD = {n: "good" if n % 8 in (0, 3, 7) else "bad" for n in range(30)}


@pytest.fixture
def ws(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback("a.csv", items=30), "web", OPTIONS)
    ws.feedback.ingest(project.feedback("b.csv", items=10, first=100), "web", OPTIONS)
    ws.task("mood").gold.import_file(project.gold(GOLD), "web", role="dev", sampling="random")
    ws.task("mood").relabel()
    return ws


def exported(ws, folder, name: str) -> dict[str, bytes]:
    found = {}
    for kind in KINDS:
        path = folder / f"again.{kind}"
        assert ws.task("mood").export(path, kind, name) == 40
        found[kind] = path.read_bytes()
    return found


def changes(project):
    """Yield what may happen to a store after a label set was made, one thing after the other."""

    def relabelled() -> None:
        forget()
        project.open().task("mood").relabel()

    yield (
        "new items",
        lambda: project.open().feedback.ingest(project.feedback("c.csv", items=9, first=500), "web", OPTIONS),
    )
    yield "a relabel", relabelled
    yield "a bump", lambda: (project.add_v2(), relabelled())
    revised = 'item_id,created_at,comment\n101,2026-01-18T12:00:00Z,"wrong, wrong"\n0,2026-01-01T12:00:00Z,slow\n'
    yield "a revision", lambda: project.open().feedback.ingest(project.write("d.csv", revised), "web", REVISING)
    yield "another relabel", relabelled
    yield (
        "a column",
        lambda: project.open().feedback.ingest(
            project.write("e.csv", "item_id,created_at,comment,stars\n900,2026-02-01T12:00:00Z,hm,5\n"),
            "web",
            IngestOptions(id_column="item_id", widen=True),
        ),
    )
    yield (
        "more gold",
        lambda: (
            project.open().task("mood").gold.import_file(project.gold({100: "good", 102: "slow"}), "web", role="dev")
        ),
    )
    yield "other labeling functions", lambda: (project.lfs(LFS[: LFS.index("@labeling_function(BAD")]), relabelled())
    yield "a compaction", lambda: project.open().compact()
    yield "no project", lambda: shutil.rmtree(project.folder / "labeling_functions")


def test_whatever_happens_to_the_store_the_bytes_are_those_of_then(project, ws, tmp_path):
    old = ws.task("mood").label_set().id
    before = exported(ws, tmp_path, old)
    for what, change in changes(project):
        change()
        now = exported(project.open(), tmp_path, old)
        assert {kind: now[kind] == before[kind] for kind in KINDS} == dict.fromkeys(KINDS, True), what


def test_a_label_set_of_an_older_format_keeps_its_columns_and_its_bytes(project, ws, tmp_path):
    record = ws.task("mood").label_set().record
    folder = project.store / record.folder
    patterns = pq.read_table(folder / "patterns.parquet").drop_columns(["guessed", "partial"])
    pq.write_table(patterns, folder / "patterns.parquet")

    def older(manifest) -> None:
        manifest["inputs"]["format"] = 2
        del manifest["inputs"]["labels"]

    project.believe(folder, older)
    old = project.open()
    before = exported(old, tmp_path, record.id)
    header = before["csv"].splitlines()[0].decode()
    assert header == (
        '"source","item_id","label","probability","p_good","p_bad","covered","schema_version","label_set"'
    )
    assert list(json.loads(before["jsonl"].splitlines()[0])) == header.replace('"', "").split(",")
    assert pq.read_table(pa.BufferReader(before["parquet"])).column_names == header.replace('"', "").split(",")
    project.add_v2()
    forget()
    project.open().task("mood").relabel()
    project.open().compact()
    assert exported(project.open(), tmp_path, record.id) == before
    assert "guessed" in project.open().task("mood").labels("latest").columns


def test_what_was_current_or_has_a_name_keeps_its_bytes_and_its_votes_whatever_is_done(project, ws, tmp_path):
    """Twelve things done to a store in an order that is drawn; then all that must stay is there."""
    draw, made = random.Random(7), {}  # noqa: S311 - an order, no secret

    def remember() -> None:
        for record in project.open().task("mood").label_sets():
            if record.id not in made:
                made[record.id] = sha256(project, record.id, tmp_path)

    def edit() -> None:
        project.lfs(LFS.replace('"great"', f'"great{draw.randint(0, 9)}"'))
        forget()
        project.open().task("mood").relabel()

    def promote() -> None:
        task = project.open().task("mood")
        with contextlib.suppress(PromotionError):
            task.promote(draw.choice(task.label_sets()).id, override=True, reason="drawn")

    def repair() -> None:
        forget()
        project.open().task("mood").relabel(repair=True, retry_faults=True)

    def tag() -> None:
        task = project.open().task("mood")
        task.tag(draw.choice(task.label_sets()).id, draw.choice(["one", "two"]))

    do = [edit, promote, tag, repair, lambda: project.open().compact()]
    remember()
    for thing in [*do, edit, *draw.choices(do, k=6)]:
        thing()
        remember()
    task = project.open().task("mood")
    kept = kept_for_ever("mood", project.open().catalog.label_sets)
    assert len(kept) >= 3
    for record in kept:
        found = task.verify_deep(record.id, sample=0)
        assert (found.failed, [check.name for check in found.open]) == ((), ["labeling functions"])
        assert sha256(project, record.id, tmp_path) == made[record.id]


def sha256(project, name: str, folder) -> str:
    path = folder / "kept.csv"
    project.open().task("mood").export(path, "csv", name)
    return hashlib.sha256(path.read_bytes()).hexdigest()
