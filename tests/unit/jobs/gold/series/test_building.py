"""Series of agreement: what is a period, where a series breaks, what it leaves out, and what its alarms name."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from retrolabel import Label, LabelSchema, Merge, Redefine, Split
from retrolabel.errors import GoldError
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.gold.series.building import agreement_series
from retrolabel.jobs.gold.series.telling import said_of, series_alarm, watches
from retrolabel.jobs.records.gold import Answer
from retrolabel.schema.history import History
from retrolabel.schema.steps import Add

GOOD, BAD, MEH = Label("good"), Label("bad"), Label("meh")
V1 = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD, MEH])
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
PEOPLE = ("ana", "ben", "cleo")


class Feedback:
    """A book of feedback in which no text was revised."""

    def revisions(self, _source, _item_ids):
        return {}


def week(
    t, wrong, *, many=40, fixed=20, who=None, version="1.0.0", labels=("good", "bad", "meh"), people=PEOPLE, **more
):
    """Return a week's answers: all say the same but on the first ``wrong`` new items, where one says another label."""
    found = []
    for n in range(many):
        item = f"fixed-{n}" if n < fixed else f"{t}-{n}"
        for place, name in enumerate(people):
            off = fixed <= n < fixed + wrong and (name == who if who else place == n % len(people))
            found.append(answer(item, name, labels[(n + off) % len(labels)], t, version=version, **more))
    return found


def answer(item, name, label, t, *, version="1.0.0", role="calibration", source="web", number=None, timed=True):
    at = MONDAY + timedelta(weeks=t, hours=9)
    said = HumanLabel(source, item, name, label, version, role, labelled_at=at if timed else None, round=number)
    return Answer(said, "it said so to me", None, at)


def series(answers, *versions, **more):
    history = History(versions or [V1])
    more = {"intervals": 0} | more
    return agreement_series(answers, task="mood", history=history, feedback=Feedback(), draws={}, **more)


def weeks(*wrong, first=0, **more):
    return [each for t, many in enumerate(wrong) for each in week(first + t, many, **more)]


CALM = (3, 5, 4, 3, 6, 4, 3, 5)


def test_periods_are_weeks_with_items_asked_again_told_apart():
    (part,) = series(weeks(2, 3, 2)).parts
    assert [each.name for each in part.periods] == ["2026-W02", "2026-W03", "2026-W04"]
    assert [(each.items, each.again) for each in part.periods] == [(40, 0), (40, 20), (40, 20)]
    assert part.periods[1].agreement.value == pytest.approx(1 - 3 * 2 / 3 / 40)


def test_a_round_is_a_period_however_long_it_takes_and_months_are_asked_for():
    rounds = [each for t in range(4) for each in week(t, 2, number=t // 2 + 1, fixed=0)]
    (part,) = series(rounds).parts
    assert [(each.name, each.items) for each in part.periods] == [("round 1", 80), ("round 2", 80)]
    assert series(rounds, by="week").parts[0].periods[0].name == "2026-W02"
    assert [each.name for each in series(weeks(*[2] * 8), by="month").parts[0].periods] == ["2026-01", "2026-02"]


def test_a_person_against_the_rest_and_against_themselves():
    again = [answer("fixed-0", "ana", "meh", 1)]
    found = series([*weeks(2, 2), *again], intervals=100).parts[0].periods[1]
    assert found.people["ana"].value == pytest.approx(1 - (1 + 1) / 40, abs=0.03)
    assert found.own["ana"].value == pytest.approx(19 / 20)
    assert found.own["ben"].value == 1
    assert (found.own["ben"].n, found.own["ben"].why) == (20, "")
    assert series(weeks(2, 2)).parts[0].periods[0].own["ana"].n == 0


def test_what_is_too_little_is_withheld_with_a_reason():
    found = series(weeks(2, 2, many=18, fixed=4), intervals=100).parts[0].periods[0]
    assert found.alpha.shown is None
    assert found.agreement.why == "18 items have two answers, and 20 are needed"


def test_what_was_taken_back_was_never_said():
    said = week(0, 0)
    back = [
        Answer(HumanLabel("web", "fixed-0", name, "", "1.0.0", "calibration"), None, None, MONDAY) for name in PEOPLE
    ]
    assert series([*said, *back]).parts[0].periods[0].items == 39


@pytest.mark.parametrize(
    ("step", "labels", "parts"),
    [
        (Merge(["bad", "meh"], into="bad"), [GOOD, BAD], 1),
        (None, [Label("good", name="Fine", hotkey="g"), BAD, MEH], 1),
        (Split("meh", into=["slow", "dull"]), [GOOD, BAD, Label("slow"), Label("dull")], 2),
        (Redefine("bad", "narrower"), [GOOD, Label("bad", "Only rude."), MEH], 2),
        (Redefine("bad", "wider"), [GOOD, Label("bad", "Rude, or odd."), MEH], 2),
        (Add("new", carved_from=[]), [GOOD, BAD, MEH, Label("new")], 2),
    ],
    ids=["merge", "display", "split", "narrower", "wider", "add"],
)
def test_a_change_of_meaning_is_a_break_and_a_merge_or_another_display_is_none(step, labels, parts):
    v2 = LabelSchema(task="mood", version="2.0.0", revises=V1, labels=labels, steps=[step] if step else [])
    later = weeks(2, 2, first=3, version="2.0.0", labels=("good", "bad"))
    found = series([*weeks(2, 2, 2, labels=("good", "bad")), *later], V1, v2)
    assert len(found.parts) == parts
    assert sum(len(part.periods) for part in found.parts) == 5
    assert found.parts[-1].version == "2.0.0"
    assert found.parts[-1].chart("all").held == (3 if parts == 1 else 0)


def test_a_week_of_two_versions_is_in_both_stretches():
    v2 = LabelSchema(
        task="mood", version="2.0.0", revises=V1, labels=[GOOD, BAD, Label("slow"), Label("dull")],
        steps=[Split("meh", into=["slow", "dull"])],
    )  # fmt: skip
    both = [*weeks(2, 2), *week(1, 2, version="2.0.0", labels=("good", "slow"), fixed=0)]
    assert [[each.name for each in part.periods] for part in series(both, V1, v2).parts] == [
        ["2026-W02", "2026-W03"], ["2026-W03"],
    ]  # fmt: skip


def test_an_alarm_names_the_week_the_labels_the_person_and_the_items():
    found = series([*weeks(*CALM), *weeks(14, 15, first=8, who="ana")])
    alarm = found.alarm
    assert (alarm.period, alarm.first, alarm.over) == ("2026-W10", "2026-W10", False)
    assert alarm.people == ("ana",)
    assert len(alarm.pair) == 2
    assert set(alarm.talk) <= {("web", f"{t}-{n}") for t in (8, 9) for n in range(20, 35)}
    event = series_alarm(found, None, MONDAY)
    assert (event.kind, event.subject) == ("gold.alarm", "1.0.0")
    assert event.said.startswith("People agree less on mood 1.0.0 in 2026-W10: two of them agree in")
    assert "Answers of ana differ from the rest most. It is a signal about the spec, not about a person." in event.said
    assert event.data["talk"][0]["source"] == "web"
    assert event.data["next"] == "retrolabel gold series mood"
    assert "it said so" not in json.dumps(event.as_dict())


def test_nobody_is_named_where_all_differ_alike():
    alarm = series([*weeks(*CALM), *weeks(14, 15, first=8)]).alarm
    assert alarm.people == ()
    assert "Nobody of ana, ben and cleo stands out." in said_of("mood", alarm)


def test_a_fall_is_told_once_until_it_is_over_and_the_next_one_again():
    fall = [*weeks(*CALM), *weeks(14, 15, first=8)]
    first = series_alarm(series(fall), None, MONDAY)
    longer = series([*fall, *weeks(14, 16, first=10)])
    assert len(longer.alarms) == 1
    assert series_alarm(longer, None, MONDAY).key == first.key
    assert series_alarm(longer, first, MONDAY) is None
    calm = [*fall, *weeks(3, 4, 2, 3, first=10)]
    assert series(calm).alarm is None
    assert [each.over for each in series(calm).alarms] == [True]
    again = series_alarm(series([*calm, *weeks(15, 16, first=14)]), first, MONDAY)
    assert again is not None
    assert again.key != first.key


def test_a_change_of_meaning_takes_an_alarm_back():
    v2 = LabelSchema(task="mood", version="2.0.0", revises=V1, labels=[GOOD, Label("bad", "Only rude."), MEH],
                     steps=[Redefine("bad", "narrower")])  # fmt: skip
    found = series([*weeks(*CALM), *weeks(14, 15, first=8), *weeks(3, first=10, version="2.0.0")], V1, v2)
    assert found.alarm is None
    assert len(found.alarms) == 1


def test_it_watches_alone_once_some_points_are_held_against_those_before():
    assert not watches(series(weeks(*CALM[:5])))
    assert watches(series(weeks(*CALM[:7])))


@pytest.mark.parametrize("role", ["test", "honeypot"])
def test_test_gold_and_honeypots_are_in_no_series(role):
    with pytest.raises(GoldError, match="has answers of two people in one period, so there is no series"):
        series(weeks(2, 2, role=role))


def test_the_calibration_set_goes_before_dev_gold_and_what_is_left_out_is_said():
    found = series([*weeks(2, 2), *weeks(2, 2, 2, role="dev", source="mail")])
    assert (found.source, found.role) == ("web", "calibration")
    assert "answers on mail, dev, other (360)" in found.notes[0]
    assert series([*weeks(2, 2), *weeks(2, 2, role="dev")], role="dev").role == "dev"


def test_one_person_alone_is_no_series():
    with pytest.raises(GoldError, match="so there is no series"):
        series(weeks(2, 2, people=("ana",)))


def test_nobody_of_two_people_is_named():
    found = series([*weeks(*CALM, people=PEOPLE[:2]), *weeks(16, 18, first=8, people=PEOPLE[:2])])
    assert "ana and ben answered; of two people nothing says who differs." in said_of("mood", found.alarm)


def test_answers_without_a_time_are_of_the_week_in_which_they_came():
    (part,) = series(weeks(2, 3, timed=False)).parts
    assert [each.name for each in part.periods] == ["2026-W02", "2026-W03"]


def test_a_series_of_another_kind_is_refused_with_a_word():
    with pytest.raises(GoldError, match=r"not by 'wek'\. Did you mean 'week'"):
        series(weeks(2), by="wek")


def test_an_ordinal_scale_is_watched_by_its_steps():
    scale = LabelSchema(task="mood", version="1.0.0", scale="ordinal",
                        labels=[Label("low", rank=0), Label("mid", rank=1), Label("high", rank=2)])  # fmt: skip
    found = series(weeks(*CALM, labels=("low", "mid", "high")), scale)
    assert found.parts[0].level == "ordinal"
    assert found.parts[0].chart("all").points[-1].score.found < found.parts[0].periods[-1].agreement.value


def test_its_frame_has_a_row_for_each_figure():
    frame = series(weeks(2, 3), intervals=100).frame()
    assert list(frame.columns)[:6] == ["version", "period", "since", "until", "of", "name"]
    assert set(frame["of"]) == {"alpha", "agreement", "pair", "person", "own"}
    assert len(frame[frame["of"] == "person"]) == 6
