"""Who decides what consumers read, and what is logged of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from retrolabel.errors import PromotionError
from retrolabel.jobs.label_sets.promoting import decide, promote, rollback, tag, untag
from retrolabel.jobs.records.decisions import FAILED, OPEN, PASSED, Gate
from retrolabel.jobs.records.manifests import LabelSetRecord
from retrolabel.storage.catalog import SqlCatalog

NOW = datetime(2026, 11, 29, tzinfo=UTC)
FINE = (Gate("coverage", PASSED, "91 %"), Gate("agreement", OPEN, "no gold"))
BAD = (Gate("flips", FAILED, "40 % have another label"),)
OLDER = (Gate("version", FAILED, "1.0.0 is older"),)


def record(identity):
    return LabelSetRecord(identity * 16, "mood", "1.0.0", 2, 1, 1, "1" * 64, "2" * 64, NOW)


@pytest.fixture
def book():
    found = SqlCatalog("sqlite://").label_sets
    for identity in "abcd":
        with found.adding(record(identity)):
            pass
    return found


def made(book, identity, gates=FINE, **more):
    against = book.pointer("mood", "current")
    options = {"by_hand": False, "asked_for": False, "skipped": (), "against": against, **more}
    return decide(record(identity), gates, label_sets=book, who="ana", at=NOW, **options)


def kinds(book):
    return [(each.label_set[0], each.kind, each.before and each.before[0]) for each in book.decisions("mood")]


def test_the_first_label_set_is_current_whatever_its_gates_say(book):
    assert made(book, "a", BAD).status == "current"
    assert book.pointer("mood", "current") == "a" * 16
    assert kinds(book) == [("a", "promoted", None)]


def test_a_candidate_without_a_failed_gate_is_promoted(book):
    made(book, "a")
    found = made(book, "b")
    assert (found.status, found.failed) == ("current", False)
    assert kinds(book) == [("a", "promoted", None), ("b", "promoted", "a")]
    assert book.decisions("mood")[-1].gates == FINE


def test_a_failed_gate_leaves_a_candidate_and_what_was_current(book):
    made(book, "a")
    found = made(book, "b", BAD)
    assert (found.status, found.failed, found.why) == ("candidate", True, "flips: 40 % have another label")
    assert book.pointer("mood", "current") == "a" * 16
    assert kinds(book)[-1] == ("b", "held", "a")


def test_an_older_version_that_was_asked_for_is_looked_at_and_not_promoted(book):
    made(book, "a")
    found = made(book, "b", OLDER, asked_for=True)
    assert (found.status, found.failed) == ("candidate", False)
    assert made(book, "c", OLDER).failed
    assert made(book, "d", (*OLDER, *BAD), asked_for=True).failed


def test_what_was_decided_once_is_not_decided_again(book):
    made(book, "a")
    made(book, "b", BAD)
    found = made(book, "b", FINE)
    assert (found.status, found.failed) == ("candidate", False)
    assert "it was held on 2026-11-29" in found.why
    assert len(book.decisions("mood")) == 2
    assert made(book, "a").why == "consumers read it already"


def test_where_a_person_promotes_gates_alone_do_not(book):
    made(book, "a")
    found = made(book, "b", by_hand=True)
    assert (found.status, found.failed, kinds(book)[-1]) == ("candidate", False, ("b", "held", "a"))
    promote(
        record("b"),
        FINE,
        override=False,
        reason="seen",
        against=book.pointer("mood", "current"),
        label_sets=book,
        who="bo",
        at=NOW,
    )
    last = book.decisions("mood")[-1]
    assert (last.kind, last.who, last.why, book.pointer("mood", "current")) == ("promoted", "bo", "seen", "b" * 16)


def test_a_gate_is_overridden_with_a_reason_and_not_without(book):
    made(book, "a")
    made(book, "b", BAD)

    def go(**more):
        options = {"override": False, "reason": "", **more}
        return promote(
            record("b"), BAD, against=book.pointer("mood", "current"), label_sets=book, who="bo", at=NOW, **options
        )

    with pytest.raises(PromotionError, match="flips: 40 % have another label") as caught:
        go()
    assert "--override --reason" in caught.value.remedy
    with pytest.raises(PromotionError, match="Nothing says why"):
        go(override=True, reason="  ")
    assert book.pointer("mood", "current") == "a" * 16
    assert go(override=True, reason="the bump").kind == "overridden"
    with pytest.raises(PromotionError, match="is current already"):
        go(override=True, reason="again")


def test_a_rollback_goes_back_one_by_one_and_is_logged(book):
    for identity in "abc":
        made(book, identity)
    assert rollback("mood", reason="flips", label_sets=book, who="bo", at=NOW).label_set == "b" * 16
    assert rollback("mood", reason="", label_sets=book, who="bo", at=NOW).label_set == "a" * 16
    with pytest.raises(PromotionError, match="no label set that was current before"):
        rollback("mood", reason="", label_sets=book, who="bo", at=NOW)
    assert kinds(book)[-2:] == [("b", "rolled back", "c"), ("a", "rolled back", "b")]
    assert made(book, "c").status == "candidate"  # the same relabel does not undo a rollback
    promote(
        record("c"),
        FINE,
        override=False,
        reason="",
        against=book.pointer("mood", "current"),
        label_sets=book,
        who="bo",
        at=NOW,
    )
    assert rollback("mood", reason="", label_sets=book, who="bo", at=NOW).label_set == "a" * 16


def test_a_rollback_passes_over_what_is_gone(book):
    for identity in "abc":
        made(book, identity)
    book.forget("b" * 16)
    assert rollback("mood", reason="", label_sets=book, who="bo", at=NOW).label_set == "a" * 16


@pytest.mark.parametrize("name", ["current", "latest", "", "has space", "beef", "12", "-x", "a" * 51, "a/b"])
def test_what_is_no_name_is_no_tag(book, name):
    with pytest.raises(PromotionError):
        tag(record("a"), name, label_sets=book, at=NOW)


def test_a_tag_moves_and_is_taken_back_from_the_label_set_that_has_it(book):
    assert tag(record("a"), "quarter3", label_sets=book, at=NOW) is None
    assert tag(record("b"), "quarter3", label_sets=book, at=NOW) == "a" * 16
    with pytest.raises(PromotionError, match="'quarter3' names label set bbbbbbbbbbbb, not aaaaaaaaaaaa"):
        untag(record("a"), "quarter3", label_sets=book)
    with pytest.raises(PromotionError, match=r"has no tag 'quarter4'\. It has quarter3\.") as caught:
        untag(record("b"), "quarter4", label_sets=book)
    assert "'quarter3'" in caught.value.remedy
    untag(record("b"), "quarter3", label_sets=book)
    assert "quarter3" not in book.tags("mood")


def test_a_promotion_that_dies_on_the_way_leaves_what_was(book, monkeypatch):
    made(book, "a")
    before = kinds(book)

    def dies(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(book), "point", dies)
    with pytest.raises(KeyboardInterrupt):
        made(book, "b")
    monkeypatch.undo()
    assert (kinds(book), book.pointer("mood", "current")) == (before, "a" * 16)
    assert made(book, "b").status == "current"
