"""What supersedes what, of the answers that one person gives."""

from __future__ import annotations

from datetime import UTC, datetime

from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.gold.superseding import superseding


def said(label, *, revision="r1", day=1):
    when = datetime(2026, 2, day, tzinfo=UTC)
    return HumanLabel("web", "1", "ana", label, "1.0.0", "dev", revision, "other", when)


def test_a_known_answer_on_another_text_than_the_one_that_stands_is_said_to_count_no_more():
    stands, older = said("good", day=2), said("good", revision="r2")
    (found,) = superseding([stands, older], [], {}, [older])
    assert (found.annotator, found.answers, found.older) == ("ana", 0, 1)
    assert superseding([stands, said("good")], [], {}, [said("good")]) == ()
