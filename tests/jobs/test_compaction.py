"""Small files of votes are merged: nothing is computed again, nothing is lost, a kill leaves the store whole."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from retrolabel.errors import CorruptionError

EXTRA = """

@labeling_function(BAD)
def extra_{n}(comment):
    return comment is not None and "{n}" in comment
"""


@pytest.fixture
def ws(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    return ws


def vote_files(project):
    return sorted((project.folder / ".retrolabel" / "votes").rglob("*.parquet"))


@pytest.fixture
def many(project, ws):
    """Three relabels, each with one LF more."""
    path = project.folder / "labeling_functions/mood/wording.py"
    text = path.read_text()
    for n in range(3):
        text += EXTRA.format(n=n)
        path.write_text(text)
        ws.task("mood").relabel()
    return ws


def test_one_file_a_segment_is_left_and_no_function_is_called_again(project, many):
    before = many.task("mood").relabel()
    assert len(vote_files(project)) == 3
    done = many.compact()
    assert (done.segments, done.files_before, done.files_after) == (1, 3, 1)
    assert done.bytes_after
    assert done.bytes_before
    assert len(vote_files(project)) == 1
    after = many.task("mood").relabel()
    assert after.votes.computed == 0
    assert after.label_set == before.label_set
    assert many.task("mood").verify() == []


def test_votes_read_the_same_after_it(many):
    before = many.task("mood").votes()
    many.compact()
    assert many.task("mood").votes().equals(before)


def test_a_dry_run_says_the_same_and_moves_nothing(project, many):
    files = vote_files(project)
    planned = many.compact(dry_run=True)
    assert (planned.segments, planned.files_before, planned.files_after, planned.bytes_after) == (1, 3, 1, None)
    assert vote_files(project) == files
    assert many.compact().columns == planned.columns


def test_a_second_time_there_is_nothing_to_merge(project, many):
    many.compact()
    files = vote_files(project)
    assert many.compact().segments == 0
    assert vote_files(project) == files


def test_a_damaged_file_is_named_and_left(project, many):
    path = vote_files(project)[1]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(CorruptionError, match="damaged"):
        many.compact()
    assert len(vote_files(project)) == 3


def test_a_kill_between_the_new_file_and_the_catalog_loses_nothing(project, many, monkeypatch):
    before = many.task("mood").relabel().label_set

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(many.catalog.votes), "move", killed)
    with pytest.raises(KeyboardInterrupt):
        many.compact()
    monkeypatch.undo()
    assert many.task("mood").relabel().votes.computed == 0
    assert many.compact().files_after == 1
    assert many.task("mood").relabel().label_set == before
    assert many.task("mood").verify() == []


def test_a_kill_before_the_old_files_are_removed_loses_nothing(project, many, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(many.objects), "remove", killed)
    with pytest.raises(KeyboardInterrupt):
        many.compact()
    monkeypatch.undo()
    assert many.task("mood").relabel().votes.computed == 0
    assert many.task("mood").verify() == []


def test_votes_that_were_changed_since_get_no_fresh_hash(project, many):
    path = vote_files(project)[1]
    table = pq.read_table(path)
    name = table.column_names[0]
    silent = pa.DictionaryArray.from_arrays(pa.nulls(table.num_rows, pa.int16()), pa.array(["bad", "!"]))
    pq.write_table(table.set_column(0, name, silent), path)  # a sound file with other votes
    files = {each: each.read_bytes() for each in vote_files(project)}
    with pytest.raises(CorruptionError, match="damaged") as caught:
        many.compact()
    assert str(path) in str(caught.value.problems[0])
    assert {each: each.read_bytes() for each in vote_files(project)} == files
