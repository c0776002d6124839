"""Whether people agree less than they did: which answers are held against which, and what is told of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from retrolabel import Label, LabelSchema, Merge, Redefine, Split
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.gold.watching import gold_alarm, watched
from retrolabel.jobs.records.gold import Answer, Batch
from retrolabel.schema.history import History
from retrolabel.schema.steps import Add

GOOD, BAD, MEH = Label("good"), Label("bad"), Label("meh")
V1 = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD, MEH])
JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


class Feedback:
    """A book of feedback in which no text was revised."""

    def revisions(self, _source, _item_ids):
        return {}


def asked(first, many, wrong, *, at=JANUARY, version="1.0.0", batch=1, labels=("good", "bad"), **more):
    """Return answers of two people on items from a number on, who differ on the first ``wrong`` of them."""
    found = []
    for n in range(many):
        said = (labels[n % 2], labels[(n + (n < wrong)) % 2])
        for who, label in zip(more.get("people", ("ana", "ben")), said, strict=True):
            fields = {"source": "web", "role": "dev"} | {k: v for k, v in more.items() if k in ("source", "role")}
            human = HumanLabel(
                item_id=str(first + n), annotator=who, label=label, schema_version=version, batch=batch,
                labelled_at=more.get("labelled_at"), **fields,
            )  # fmt: skip
            found.append(Answer(human, "it said so to me", None, at))
    return found


def look(answers, *versions, designs=()):
    draws = {n: Batch("mood", "web", "dev", design, design, 100, 1000, JANUARY) for n, design in dict(designs).items()}
    history = History(versions or [V1])
    return watched(answers, task="mood", history=history, feedback=Feedback(), draws=draws)


AGREED = asked(0, 200, 10)
FALLEN = asked(1000, 60, 18, at=JUNE, batch=2)


def test_a_fall_of_the_newest_thirty_days_is_told_with_its_figures_and_without_a_name():
    found = look([*AGREED, *FALLEN])
    assert (found.change.before.n, found.change.now.n, found.change.fell) == (200, 60, True)
    event = gold_alarm(found, None, JUNE)
    assert (event.kind, event.task, event.subject) == ("gold.alarm", "mood", "1.0.0")
    assert event.said == (
        "People agree less on mood 1.0.0 than before: alpha 0.41 on the newest 60 items, after 0.90 on 200 "
        "(difference -0.50, 95 % -0.73 to -0.25). They differ most between good and bad, on 18 items. "
        "It is a signal about the spec, not about a person."
    )
    assert event.data["alpha"]["n"] == 60
    assert (event.data["pair"], event.data["pair_items"]) == (["good", "bad"], 18)
    assert (event.data["people"], event.data["newcomers"], event.data["people_before"]) == (2, 0, 2)
    told = json.dumps(event.as_dict())
    assert not any(word in told for word in ("ana", "ben", "it said so"))


def test_who_agrees_as_before_raises_nothing():
    assert gold_alarm(look([*AGREED, *asked(1000, 60, 3, at=JUNE, batch=2)]), None, JUNE) is None


def test_one_state_of_gold_is_one_event_and_the_answers_that_were_told_of_do_not_count_again():
    first = gold_alarm(look([*AGREED, *FALLEN]), None, JUNE)
    again = gold_alarm(look([*AGREED, *FALLEN]), None, JUNE + timedelta(days=1))
    assert first.key == again.key
    more = [*AGREED, *FALLEN, *asked(2000, 20, 8, at=JUNE + timedelta(days=3), batch=3)]
    assert look(more).change.fell
    assert gold_alarm(look(more), first, JUNE + timedelta(days=3)) is None
    later = [*AGREED, *FALLEN, *asked(3000, 60, 30, at=JUNE + timedelta(days=40), batch=4)]
    assert gold_alarm(look(later), first, JUNE + timedelta(days=40)).key != first.key


def test_without_older_answers_the_newest_batch_is_held_against_the_others():
    found = look([*AGREED, *asked(1000, 60, 18, at=JANUARY + timedelta(days=2), batch=2)])
    assert (found.change.before.n, found.change.now.n, found.change.fell) == (200, 60, True)
    assert look([*AGREED]) is None
    assert look([]) is None


def test_the_time_of_an_answer_is_when_it_was_given_and_no_clock_is_ahead_of_its_import():
    late = [*AGREED, *asked(1000, 60, 18, at=JUNE, batch=2, labelled_at=datetime(2031, 1, 1, tzinfo=UTC))]
    assert look(late).until == JUNE
    early = asked(1000, 60, 18, at=JUNE, batch=1, labelled_at=JANUARY + timedelta(days=3))
    assert look([*AGREED, *early]) is None  # all within thirty days, and in one batch


@pytest.mark.parametrize(
    ("step", "labels", "compared"),
    [
        (Merge(["bad", "meh"], into="bad"), [GOOD, BAD], True),
        (None, [Label("good", name="Fine", hotkey="g"), BAD, MEH], True),
        (Split("meh", into=["slow", "dull"]), [GOOD, BAD, Label("slow"), Label("dull")], False),
        (Redefine("bad", "narrower"), [GOOD, Label("bad", "Only rude."), MEH], False),
        (Redefine("bad", "wider"), [GOOD, Label("bad", "Rude, or odd."), MEH], False),
        (Add("new", carved_from=[]), [GOOD, BAD, MEH, Label("new")], False),
    ],
    ids=["merge", "display", "split", "narrower", "wider", "add"],
)
def test_a_change_of_meaning_starts_anew_and_a_merge_or_another_display_does_not(step, labels, compared):
    v2 = LabelSchema(task="mood", version="2.0.0", revises=V1, labels=labels, steps=[step] if step else [])
    found = look([*AGREED, *asked(1000, 60, 18, at=JUNE, batch=2, version="2.0.0")], V1, v2)
    assert (found is not None) is compared
    if compared:
        assert (found.version, found.change.before.n, found.change.fell) == ("2.0.0", 200, True)


def test_a_draft_that_nobody_answered_under_changes_nothing():
    v2 = LabelSchema(
        task="mood", version="2.0.0", revises=V1, labels=[GOOD, MEH, Label("slow"), Label("dull")],
        steps=[Split("bad", into=["slow", "dull"])],
    )  # fmt: skip
    assert look([*AGREED, *FALLEN], V1, v2).version == "1.0.0"


@pytest.mark.parametrize("other", [{"source": "mail"}, {"role": "calibration"}])
def test_items_of_another_source_or_role_are_not_held_against_each_other(other):
    assert look([*asked(0, 200, 10, **other), *FALLEN]) is None


def test_items_that_were_drawn_otherwise_are_harder_and_are_not_held_against_each_other():
    assert look([*AGREED, *FALLEN], designs={1: "random", 2: "other"}) is None
    assert look([*AGREED, *FALLEN], designs={1: "random", 2: "random"}).change.fell


@pytest.mark.parametrize("role", ["test", "honeypot"])
def test_test_gold_and_honeypots_are_not_looked_at(role):
    assert look([*asked(0, 200, 10, role=role), *asked(1000, 60, 18, at=JUNE, batch=2, role=role)]) is None


def test_a_disputed_item_that_is_answered_again_is_on_the_side_of_each_of_its_answers():
    again = asked(0, 10, 0, at=JUNE, batch=1)  # the ten on which they differed
    found = look([*AGREED, *FALLEN, *again])
    assert found.change.before == look([*AGREED, *FALLEN]).change.before
    assert found.change.now.n == 70


def test_who_is_new_is_counted():
    found = look([*AGREED, *asked(1000, 60, 18, at=JUNE, batch=2, people=("ana", "cleo"))])
    assert (found.people, found.newcomers, found.people_before) == (2, 1, 2)
