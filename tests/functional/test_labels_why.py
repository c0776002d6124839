"""``labels why`` on the command line: what it prints, its JSON, its page, and what it refuses."""

from __future__ import annotations

import pytest

FEEDBACK = """id,comment
1,"Thank you, that was it"
2,this is wrong
3,it takes ages
"""
LFS = """from labeling_functions.helpfulness.schema.v1 import BAD, GOOD
from retrolabel import keywords

praise = keywords(GOOD, ["thank you"], column="comment")
wrong = keywords(BAD, ["wrong"], column="comment")
"""


@pytest.fixture
def project(folder, run, monkeypatch):
    """A project with a label set."""
    assert run("init", "helpdesk").code == 0
    here = folder / "helpdesk"
    monkeypatch.chdir(here)
    (here / "feedback.csv").write_text(FEEDBACK)
    (here / "labeling_functions/helpfulness/wording.py").write_text(LFS)
    assert run("ingest", "feedback.csv", "--source", "chat", "--id", "id").code == 0
    assert run("relabel", "helpfulness").code == 0
    return here


def test_a_label_is_followed_back_to_words_file_and_line(project, run):
    done = run("labels", "why", "helpfulness", "2")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("chat/2: bad, with probability ")
    assert "1 of 2 labeling functions leaves it possible, and wrong moves it most; no person labelled it." in done.out
    for line in (
        "  wrong: bad",
        "    found 'wrong' in comment",
        "  No person labelled it.",
        "  This is its content still; it was never revised.",
    ):
        assert line in done.out.splitlines()
    assert "labeling_functions/helpfulness/wording.py:5, key " in done.out
    assert "  line 3 of feedback.csv (SHA-256 " in done.out
    assert "\n  promoted " in done.out
    assert 'keywords(BAD, ["wrong"]' not in done.out


def test_the_source_of_then_and_its_change_are_printed_when_asked_for(project, run):
    (project / "labeling_functions/helpfulness/wording.py").write_text(LFS.replace('["wrong"]', '["wrong", "false"]'))
    out = run("labels", "why", "helpfulness", "2", "--code").out
    assert '      wrong = keywords(BAD, ["wrong"], column="comment")' in out.splitlines()
    assert '      +wrong = keywords(BAD, ["wrong", "false"], column="comment")' in out.splitlines()
    assert "changed since" in out


def test_json_has_the_same_parts_under_stable_names(project, run):
    found = run("labels", "why", "helpfulness", "chat/2", "--json").json
    assert list(found) == [
        "task", "item", "label_set", "asked", "labelled", "elsewhere", "votes", "meaning", "people", "origin", "run",
        "notes", "page",
    ]  # fmt: skip
    assert found["item"] == {"source": "chat", "item_id": "2"}
    (vote,) = found["votes"]["voted"]
    assert (vote["lf"], vote["wrote"], vote["leaves"], vote["state"]) == ("wrong", "bad", ["bad"], "counted")
    assert vote["marks"] == [{"column": "comment", "start": 8, "end": 13, "text": "wrong"}]
    assert vote["source"]["text"] == 'wrong = keywords(BAD, ["wrong"], column="comment")'
    assert (found["origin"]["file"]["name"], found["origin"]["file"]["line"]) == ("feedback.csv", 3)
    assert found["label_set"]["names"] == ["current", "latest"]


def test_the_page_is_one_file_and_replaces_only_its_like(project, run):
    done = run("labels", "why", "helpfulness", "2", "--html", "why.html")
    assert done.out.splitlines()[-1] == "page: why.html"
    page = (project / "why.html").read_text(encoding="utf-8")
    assert "this is <bdi>" not in page
    assert "<mark><bdi>wrong</bdi></mark>" in page
    assert "<script" not in page
    assert "http" not in page.split("<main")[0].replace("http-equiv", "")
    assert run("labels", "why", "helpfulness", "1", "--html", "why.html").code == 0
    (project / "mine.html").write_text("mine")
    refused = run("labels", "why", "helpfulness", "2", "--html", "mine.html")
    assert (refused.code, (project / "mine.html").read_text()) == (1, "mine")
    assert "no page of a label of retrolabel" in refused.err
    assert run("labels", "why", "helpfulness", "2", "--html", "mine.html", "--force").code == 0


def test_an_item_that_is_not_there_is_told_with_its_nearest(project, run):
    (project / "more.csv").write_text("id,comment\nfb-100,thank you\n")
    assert run("ingest", "more.csv", "--source", "mail", "--id", "id").code == 0
    done = run("labels", "why", "helpfulness", "fb-10")
    assert done.code == 1
    assert "There is no item 'fb-10' in the sources chat, mail. Did you mean 'fb-100'?" in done.err
    assert "labels chat, not mail" in run("labels", "why", "helpfulness", "fb-100").err


def test_explain_says_the_same_of_the_votes(project, run):
    explained = run("explain", "helpfulness", "2", "--json").json["items"][0]
    found = run("labels", "why", "helpfulness", "2", "--json").json
    nats = {term["term"]: term["nats"] for term in explained["terms"]}
    assert found["votes"]["prior"] == nats["(prior)"]
    assert found["votes"]["voted"][0]["nats"] == nats["wrong"]
    assert found["labelled"]["probabilities"] == explained["probabilities"]
