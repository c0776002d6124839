"""`lf gaps`, as somebody at a terminal and a script meet it."""

from __future__ import annotations

import pytest

LFS = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import keywords

thanks = keywords(GOOD, ["thank"], column="comment")
polite = keywords(BAD, ["thank you anyway"], column="comment")
"""
TEXTS = [
    "the export button crashes on monday {n}",
    "i cannot sign in with my password, try {n}",
    "thank you, that was number {n}",
    "thank you anyway, visit {n} was no help",
]


CRASHES, PASSWORDS = range(0, 40, 4), range(1, 41, 4)


@pytest.fixture
def open_ones(run, project, write):
    """A project with 160 items more: two kinds of texts have no vote, one has votes that conflict."""
    rows = [f'{n},2026-0{1 + n % 3}-05T08:00:00Z,"{TEXTS[n % 4].format(n=n)}"' for n in range(160)]
    write("feedback.csv", "item_id,created_at,comment\n" + "\n".join(rows) + "\n")
    write("labeling_functions/mood/wording.py", LFS)
    assert run("ingest", "feedback.csv", "--source", "chat").code == 0
    return project


@pytest.fixture
def answered(run, open_ones, write):
    """That project, and how to bring in dev gold."""

    def go(labels):
        write("gold.csv", "item_id,label\n" + "".join(f"{n},{label}\n" for n, label in labels.items()))
        assert run("gold", "import", "mood", "gold.csv", "--source", "chat", "--role", "dev").code == 0

    return go


def of(found, *terms):
    """Return the cluster with one of some terms."""
    (gap,) = found["gaps"]
    (one,) = [each for each in gap["clusters"] if {term["term"] for term in each["terms"]} & set(terms)]
    return one


def test_items_without_a_vote_are_clusters_with_their_terms(run, open_ones):
    done = run("lf", "gaps", "mood", "--limit", "5", "--examples", "1")
    assert done.code == 0, done.err
    assert "conflicting: 40 items" in done.out
    assert "guessed: none" in done.out
    assert "comment: the export button [crashes]" in done.out or "[export button] crashes" in done.out
    found = run("lf", "gaps", "mood", "--of", "uncovered", "--json").json
    assert of(found, "export", "export button", "crashes", "button crashes")["items"] == 40
    assert of(found, "password", "my password", "sign in")["items"] == 40
    assert found["gaps"][0]["kind"] == "uncovered"


def test_a_label_is_proposed_where_gold_is_sure(run, answered):
    answered(dict.fromkeys(CRASHES, "bad") | dict.fromkeys(PASSWORDS, "bad"))
    found = run("lf", "gaps", "mood", "--of", "uncovered", "--json").json
    assert of(found, "export", "export button", "crashes", "button crashes")["gold"] == {"bad": 10}
    assert "--label bad --words" in run("lf", "gaps", "mood", "--of", "uncovered").out


def test_where_gold_is_not_sure_a_person_decides_on_the_label(run, answered):
    mixed = {n: "bad" if place < 6 else "good" for of in (CRASHES, PASSWORDS) for place, n in enumerate(of)}
    answered(mixed)
    done = run("lf", "gaps", "mood", "--of", "uncovered")
    assert "Next: retrolabel lf new mood says_" in done.out
    assert "--label LABEL --words" in done.out


def test_nothing_is_stored_and_what_cannot_be_asked_is_refused(run, open_ones):
    before = sorted((open_ones / ".retrolabel").rglob("*.parquet"))
    assert run("lf", "gaps", "mood").code == 0
    assert sorted((open_ones / ".retrolabel").rglob("*.parquet")) == before
    done = run("lf", "gaps", "mod")
    assert done.code == 1
    assert "Did you mean 'mood'" in done.err
    assert run("lf", "gaps", "mood", "--of", "nothing").code == 2
    done = run("lf", "gaps", "mood", "--column", "coment")
    assert done.code == 1
    assert "comment" in done.err
