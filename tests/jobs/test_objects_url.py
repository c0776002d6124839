"""The files of a store may lie below a URL; nothing else changes."""

from __future__ import annotations

import uuid


def test_a_label_set_below_a_url_is_the_one_of_a_directory(project, make_project, monkeypatch):
    here = project.open()
    here.feedback.ingest(project.feedback(), "web")
    first = here.task("mood").relabel()
    monkeypatch.setenv("RETROLABEL_OBJECTS", f"memory://{uuid.uuid4().hex}")
    there = make_project("other").open()
    there.feedback.ingest(project.feedback(), "web")
    again = there.task("mood").relabel()
    assert (again.label_set.id, again.label_set.labels_hash) == (first.label_set.id, first.label_set.labels_hash)
    assert there.task("mood").relabel().votes.computed == 0
    assert there.task("mood").verify() == []
    assert there.task("mood").labels("latest").equals(here.task("mood").labels())
    assert not (there.store / "votes").exists()


def test_a_folder_of_the_settings_is_the_projects_wherever_one_stands(project, monkeypatch, tmp_path):
    project.write("retrolabel.toml", 'objects = "files"\ntracking = false\nengine = "local"\nworkers = 1\n')
    project.open().feedback.ingest(project.feedback(), "web")
    monkeypatch.chdir(tmp_path)
    there = project.open()
    assert there.task("mood").relabel().votes.computed == 3 * 40
    assert there.task("mood").verify() == []
    assert (project.folder / "files" / "votes").is_dir()
    assert not (tmp_path / "files").exists()
