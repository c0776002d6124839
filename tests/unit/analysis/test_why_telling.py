"""What is known of a label, in sentences."""

from __future__ import annotations

import pytest

from retrolabel.analysis.why import telling
from retrolabel.analysis.why.page import marked
from retrolabel.analysis.why.values import FromFile, Labelled, LfSource, Mark, Origin, Voted

SOURCE = LfSource("a = 1", "labeling_functions/mood/wording.py", 3, "k" * 64, "same")


def labelled(label, *, partial=None, guessed=False, covered=True):
    return Labelled(label, 0.75, partial, guessed, covered, {"slow": 0.75, "wrong": 0.25})


def voted(wrote, leaves, state="counted"):
    return Voted("f", "", wrote, leaves, state, None, (), None, None, None, None, (), (), SOURCE)


def from_file(line, name="x.csv"):
    return FromFile(name, "a" * 64, "line", line, "2026-11-30T01:38:57+00:00", "ana", 10, 0)


def origin(**more):
    known = {"live": True, "live_revision": "b" * 32, "older": (), "file": None, "perhaps": (), "values": {}}
    return Origin("web", "1", "c" * 32, "d" * 64, 6, "b" * 32, **{**known, **more})


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (labelled("slow"), "slow (0.750)"),
        (labelled(None, covered=False), "no label (nothing voted on it)"),
        (labelled(None, partial=("slow", "wrong"), guessed=True), "no label (guessed: slow | wrong)"),
        (labelled("slow", partial=("slow", "wrong"), guessed=True), "slow (0.750, the likeliest of slow | wrong)"),
        (labelled(None), "no label (a tie, or too unsure)"),
    ],
)
def test_a_label_that_is_none_says_why(found, told):
    assert telling.said(found) == told


def test_a_vote_that_did_not_count_says_so():
    assert telling.vote_in_words(voted("bad", ("slow", "wrong"))) == "bad, which is slow | wrong"
    assert telling.vote_in_words(voted("slow", ("slow",))) == "slow"
    assert telling.vote_in_words(voted("bad", (), "suspect")) == ("bad, which stays out: what it means was redefined")
    assert telling.vote_in_words(voted(None, ("slow",))) == "not known, which is slow"


def test_a_line_is_told_only_where_it_is_known():
    known = list(telling.origin(origin(file=from_file(7))))
    assert "line 7 of x.csv (SHA-256 aaaaaaaaaaaa), ingested 2026-11-30 01:38 UTC by ana" in known
    unknown = list(telling.origin(origin(file=from_file(None))))
    assert "Its line was not kept: the file was ingested before that was." in unknown
    assert not any("line 7" in line for line in unknown)
    several = " ".join(telling.origin(origin(perhaps=("x.csv", "y.csv"))))
    assert "one of x.csv, y.csv" in several


def test_an_item_of_which_nobody_looked_for_revisions_is_not_called_unrevised():
    assert "never revised" in " ".join(telling.origin(origin()))
    assert "never revised" not in " ".join(telling.origin(origin(older=None)))
    assert "1 older revision" in " ".join(telling.origin(origin(older=(("c" * 32, 2),))))
    assert "was revised since" in " ".join(telling.origin(origin(live=False)))


def test_marks_that_overlap_or_run_past_the_text_are_one_piece():
    marks = [Mark("c", 0, 4, ""), Mark("c", 2, 6, ""), Mark("c", 8, 99, ""), Mark("c", 50, 60, "")]
    assert marked("abcdefghij", marks) == [(True, "abcdef"), (False, "gh"), (True, "ij")]
    assert marked("", marks) == []
