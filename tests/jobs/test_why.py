"""A label is followed back to votes, their source then, schema, people, file and line; nothing is written."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from retrolabel.errors import InputError, UnknownItemError, UnknownLabelSetError
from retrolabel.storage.objects import LocalObjects
from retrolabel.wiring.feedback import IngestOptions
from tests.jobs.conftest import LFS

TRUTH = ("good", "bad", "bad", "good", "bad", "good", "bad", "good")
WORDS = """\

from retrolabel import keywords

polite = keywords(GOOD, ["thanks"], column="comment", description="Who thanks is content.")
"""


@pytest.fixture
def mood(project):
    """A task with 40 items: "thanks, but wrong" is item 6."""
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    return ws.task("mood")


def columns_of(data):
    return {vote.lf: (vote.wrote, vote.leaves, vote.state) for vote in data.votes.voted}


def test_a_vote_is_told_as_it_was_written_and_as_it_reads_with_the_step_between(project, mood):
    project.add_v2()
    mood.relabel()
    data = mood.why(6).data
    assert columns_of(data) == {
        "praises": ("good", ("good",), "counted"),
        "complains": ("bad", ("slow", "wrong"), "counted"),
    }
    complains = next(vote for vote in data.votes.voted if vote.lf == "complains")
    assert (complains.made_under, complains.carried_by) == ("1.0.0", ("2.0.0: split bad into slow, wrong",))
    assert (data.votes.abstained, data.votes.lfs) == (1, 3)
    assert data.meaning.steps == ("split bad into slow, wrong",)


def test_what_moved_the_label_adds_up_to_its_probabilities(mood):
    mood.relabel()
    data = mood.why("web/6").data
    terms = [data.votes.prior, data.votes.silence, *(vote.nats for vote in data.votes.voted)]
    labels = list(data.labelled.probabilities)
    total = np.array([sum(term[label] for term in terms if term) for label in labels])
    posterior = np.exp(total - total.max())
    assert posterior / posterior.sum() == pytest.approx(list(data.labelled.probabilities.values()), abs=1e-9)


def test_the_source_is_the_one_of_then_and_its_change_is_told(project, mood):
    mood.relabel()
    assert [vote.source.today for vote in mood.why(0).data.votes.voted] == ["same"]
    project.lfs(LFS.replace('"thanks" in comment', '"thank you" in comment').replace('version="1"', 'version="2"'))
    source = mood.why(0).data.votes.voted[0].source
    assert source.today == "changed"
    assert '"thanks" in comment' in source.text
    assert '"thank you" in comment' in source.now
    assert source.file == "labeling_functions/mood/wording.py"
    assert source.text.splitlines()[0].startswith("@labeling_function(GOOD")
    assert LFS.splitlines()[source.line - 1].startswith(("@labeling_function(GOOD", "def praises"))


def test_a_function_that_is_gone_or_renamed_is_told_so(project, mood):
    mood.relabel()
    project.lfs(LFS.replace("def praises", "def lauds").replace("def complains", "def grumbles"))
    sources = {vote.lf: vote.source for vote in mood.why(6).data.votes.voted}
    assert {source.today for source in sources.values()} <= {"renamed", "gone"}
    project.lfs(LFS.split("@labeling_function(BAD")[0])
    assert mood.why(1).data.votes.voted[0].source.today == "gone"


def test_a_project_that_does_not_import_hides_nothing_that_the_store_says(project, mood):
    mood.relabel()
    before = mood.why(6).data
    project.lfs("this is no Python")
    data = mood.why(6).data
    assert data.labelled == before.labelled
    assert columns_of(data) == columns_of(before)
    assert {vote.source.today for vote in data.votes.voted} == {"not known"}
    assert data.votes.voted[0].source.text == before.votes.voted[0].source.text


def test_source_that_was_not_recorded_is_not_made_up(project, mood):
    mood.relabel()

    def forget(manifest):
        for lf in manifest["recorded"]["lfs"]:
            del lf["source"]

    project.believe(next((project.store / "label_sets").iterdir()), forget)
    found = mood.why(0)
    assert found.data.votes.voted[0].source.text is None
    assert "Its source was not recorded" in found.html


def test_words_that_were_found_are_told_only_by_the_function_of_then(project, mood):
    project.lfs(LFS + WORDS)
    mood.relabel()
    marks = [mark for vote in mood.why(6).data.votes.voted if vote.lf == "polite" for mark in vote.marks]
    assert [(mark.column, mark.start, mark.end, mark.text) for mark in marks] == [("comment", 0, 6, "thanks")]
    assert "<mark><bdi>thanks</bdi></mark>" in mood.why(6).html
    project.lfs(LFS + WORDS.replace('["thanks"]', '["thanks", "but"]'))
    assert not [mark for vote in mood.why(6).data.votes.voted for mark in vote.marks]


def test_the_line_is_that_of_the_file_also_behind_rows_that_were_put_aside(project):
    ws = project.open()
    text = 'item_id,created_at,comment\na,2026-01-01,"two\nlines"\nb,no time,thanks\nc,2026-01-03,thanks a lot\n'
    ws.feedback.ingest(project.write("feedback.csv", text), "web")
    ws.task("mood").relabel()
    origin = ws.task("mood").why("c").data.origin
    assert (origin.row, origin.file.line, origin.file.counts) == (1, 5, "line")
    assert (origin.file.name, origin.file.rows, origin.file.quarantined) == ("feedback.csv", 3, 1)
    assert origin.file.who
    assert origin.values["comment"] == "thanks a lot"


def test_a_line_that_was_not_kept_is_not_guessed(project, mood):
    mood.relabel()

    def forget():
        with closing(sqlite3.connect(project.store / "catalog.db")) as connection, connection:
            connection.execute("DELETE FROM segment_origins")

    forget()
    origin = mood.why(0).data.origin
    assert (origin.file.name, origin.file.line, origin.perhaps) == ("feedback.csv", None, ())
    project.open().feedback.ingest(project.feedback("more.csv", first=40), "web")
    mood.relabel()
    forget()
    origin = mood.why(0).data.origin
    assert (origin.file, origin.perhaps) == (None, ("feedback.csv", "more.csv"))


def test_a_label_on_text_that_was_revised_since_is_told_with_the_text_of_then(project, mood):
    first = mood.relabel().label_set.id
    revised = project.write("again.csv", 'item_id,created_at,comment\n0,2026-01-01T12:00:00Z,"all wrong"\n')
    project.open().feedback.ingest(revised, "web", IngestOptions(revise=True))
    data = mood.why(0, set=first).data
    assert (data.origin.live, data.origin.values["comment"]) == (False, "thanks a lot")
    assert data.origin.file.name == "feedback.csv"
    assert data.origin.revision != data.origin.live_revision
    mood.relabel()
    data = mood.why(0).data
    assert (data.origin.live, data.origin.file.name, data.origin.file.line) == (True, "again.csv", 2)
    assert data.origin.older == ((mood.why(1).data.origin.segment, 0),)
    (before,) = data.elsewhere
    assert (before.id, before.said.label, before.other_text) == (first, "good", True)


def test_an_item_that_came_later_is_told_with_its_file(project, mood):
    mood.relabel()
    project.open().feedback.ingest(project.feedback("later.csv", items=3, first=40), "web")
    with pytest.raises(UnknownItemError, match=r"web/41 was not there when label set .* it came on .* with later\.csv"):
        mood.why("41")


def test_an_unknown_item_offers_the_nearest(mood, project):
    text = "item_id,created_at,comment\nfb-0001,2026-01-01,thanks\nfb-0002,2026-01-01,wrong\n"
    project.open().feedback.ingest(project.write("x.csv", text), "mail")
    mood.relabel()
    with pytest.raises(UnknownItemError, match=r"no item 'fb-001' in the sources mail, web\. Did you mean 'fb-0001'\?"):
        mood.why("fb-001")
    with pytest.raises(InputError, match=r"no source 'mial'\. Did you mean 'mail'\?"):
        mood.why("fb-0001", source="mial")
    with pytest.raises(UnknownLabelSetError):
        mood.why("fb-0001", set="nothing")


def test_an_id_of_several_sources_is_asked_for_with_its_source(mood, project):
    project.open().feedback.ingest(project.feedback("mail.csv", items=3), "mail")
    mood.relabel()
    with pytest.raises(InputError, match="2 sources have an item '1': mail/1, web/1") as error:
        mood.why("1")
    assert error.value.remedy == "name one: mail/1"
    assert mood.why("mail/1").data.origin.source == mood.why("1", source="mail").data.origin.source == "mail"


def test_what_people_said_is_told_with_draw_and_whether_it_was_fitted(project, mood):
    ws = project.open()
    labels = {number: TRUTH[number % 8] for number in range(20)}
    ws.task("mood").gold.import_file(project.gold(labels), "web", role="dev", sampling="random", annotator_name="ana")
    mood.relabel()
    people = mood.why(1).data.people
    assert (people.label, people.decided, people.leaves, people.fitted) == ("bad", "unanimous", ("bad",), ("bad",))
    (said,) = people.said
    assert (said.annotator, said.label, said.role, said.state, said.after) == ("ana", "bad", "dev", "stands", False)
    assert (said.draw.design, said.draw.inclusion, said.draw.items) == ("random", 0.5, 20)
    late = project.gold({21: "good"}, "late.csv")
    ws.task("mood").gold.import_file(late, "web", role="dev", annotator_name="ben")
    people = mood.why(21).data.people
    assert (people.was_fitted, people.said[0].after) == (False, True)


def test_gold_of_an_older_version_is_told_as_it_reads_now(project, mood):
    mood.gold.import_file(project.gold({1: "bad"}), "web", role="dev")
    project.add_v2()
    mood.relabel()
    (said,) = mood.why(1).data.people.said
    assert (said.version, said.reads_as) == ("1.0.0", ("slow", "wrong"))
    assert said.carried_by == ("2.0.0: split bad into slow, wrong",)


def test_of_a_test_item_nothing_is_told_but_that_it_is_one(project, mood):
    told = project.gold({1: "good"}, who="secretannotator", because="secretreason")
    mood.gold.import_file(told, "web", role="test", annotator="who", rationale="because")
    mood.relabel()
    found = mood.why(1)
    told = json.dumps(found.as_dict()) + found.html + repr(found) + found._repr_html_()
    assert "secretannotator" not in told
    assert "secretreason" not in told
    assert found.as_dict()["people"] == {"in_test_set": True}
    assert "in the test set" in found.html
    assert project.open().task("mood").gold.batches()  # it is there
    with closing(sqlite3.connect(project.store / "catalog.db")) as connection:
        assert connection.execute("SELECT count(*) FROM looks").fetchone() == (0,)  # and nobody looked


def test_a_fault_on_the_item_is_told_as_one(project):
    project.lfs(
        LFS.replace(
            "return comment is not None and comment.isupper()",
            'if comment == "hm":\n        raise ValueError("odd text")\n    return comment.isupper()',
        )
    )
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\nmax_fault_rate = 0.5\n')
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    ws.task("mood").relabel()
    votes = ws.task("mood").why(5).data.votes
    assert [(fault.lf, fault.error) for fault in votes.faults] == [("shouts", "ValueError: odd text")]
    assert (len(votes.voted), votes.abstained) == (0, 2)


def test_one_segment_is_read_and_not_all(project, monkeypatch):
    ws = project.open()
    for number in range(6):
        ws.feedback.ingest(project.feedback(f"{number}.csv", items=20, first=20 * number), "web")
    ws.task("mood").relabel()
    read = []
    plain = LocalObjects.read_table

    def reading(self, name, *rest, **more):
        read.append(name)
        return plain(self, name, *rest, **more)

    monkeypatch.setattr(LocalObjects, "read_table", reading)
    data = ws.task("mood").why(66).data
    assert data.origin.file.name == "3.csv"
    assert sorted(name.split("/")[0] for name in read) == ["feedback", "label_sets", "label_sets", "votes"]


def test_looking_writes_nothing(project, mood):
    mood.relabel()
    before = project.state()
    mood.why(6).as_dict()
    assert project.state() == before


def test_a_hostile_text_is_shown_and_not_run(project):
    ws = project.open()
    rows = 'item_id,created_at,comment\n"<b>1",2026-01-01,"thanks <script>alert(1)</script> \u202egnp"\n'
    ws.feedback.ingest(project.write("feedback.csv", rows), "web")
    ws.task("mood").relabel()
    found = ws.task("mood").why("<b>1")
    for page in (found.html, found._repr_html_()):
        assert "<script" not in page
        assert "&lt;script&gt;" in page
        assert "<b>1" not in page
        assert "U+202E" in page
    assert found.html.startswith("<!doctype html>")
    assert "<html" not in found._repr_html_()


def test_it_says_which_label_set_was_read_and_what_was_decided_of_it(mood, project):
    first = mood.relabel().label_set.id
    project.lfs(LFS.replace('"wrong" in comment', '"bad" in comment').replace('version="1"', 'version="2"'))
    second = mood.relabel().label_set.id
    mood.tag(first, "old")
    old = mood.why(1, set="old").data
    assert (old.label_set.id, old.asked) == (first, "old")
    assert "old" in old.label_set.names
    new = mood.why(1).data
    assert (new.label_set.id, new.label_set.names[-1]) == (second, "latest")
    assert new.elsewhere[0].id == first
    assert [each.kind for each in old.run.decisions] == ["promoted"]
    assert old.run.who


def test_a_vote_for_a_label_that_was_redefined_is_told_as_suspect(project, mood):
    project.write(
        "labeling_functions/mood/schema/v2.py",
        "from labeling_functions.mood.schema.v1 import GOOD\n"
        "from labeling_functions.mood.schema.v1 import SCHEMA as V1\n"
        "from retrolabel import Label, LabelSchema, Redefine\n\n"
        'BAD = Label("bad", "It harmed somebody.")\n'
        'SCHEMA = LabelSchema(task="mood", version="2.0.0", revises=V1, labels=[GOOD, BAD],\n'
        '                     steps=[Redefine(BAD, "shifted")])\n',
    )
    mood.relabel()
    data = mood.why(6).data
    assert columns_of(data)["complains"] == ("bad", (), "suspect")
    complains = data.votes.voted[-1]
    assert (complains.nats, complains.made_under) == (None, "1.0.0")
    assert complains.carried_by == ("2.0.0: redefine bad: shifted",)
    assert data.votes.abstained == 1
