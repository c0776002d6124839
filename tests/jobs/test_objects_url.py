"""The files of a store may lie below a URL; nothing else changes."""

from __future__ import annotations

import uuid


def test_a_label_set_below_a_url_is_the_one_of_a_directory(project, make_project, monkeypatch):
    here = project.open()
    here.ingest(project.feedback(), "web")
    first = here.relabel("mood")
    monkeypatch.setenv("RETROLABEL_OBJECTS", f"memory://{uuid.uuid4().hex}")
    there = make_project("other").open()
    there.ingest(project.feedback(), "web")
    again = there.relabel("mood")
    assert (again.label_set.id, again.label_set.labels_hash) == (first.label_set.id, first.label_set.labels_hash)
    assert there.relabel("mood").votes.computed == 0
    assert there.verify("mood") == []
    assert there.labels("mood").equals(here.labels("mood"))
    assert not (there.store / "votes").exists()
