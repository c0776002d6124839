"""The calibration set, week after week: what is asked, what comes back, and what the store keeps of it."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from retrolabel.errors import GoldError, InputError
from retrolabel.gold.adjudication import standing
from retrolabel.jobs.gold.calibration.progress import known_calibration
from retrolabel.wiring.agreement import calibrating
from retrolabel.wiring.feedback import IngestOptions
from tests.jobs.conftest import Project
from tests.made_once import made_once

PEOPLE = ("ana", "ben", "cleo")
MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
SMALL = {"n": 12, "rotate": 0.25, "again": 3, "honeypots": 2}


class Clock:
    """The time that calibration sees."""

    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def weeks(self, many: float) -> None:
        self.at += many * WEEK


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(calibrating, "now", made)
    return made


@pytest.fixture
def ws(project, monkeypatch, tmp_path_factory):
    """The project's workspace, with ninety items of ninety texts; the first sixteen are dev gold of two people."""
    monkeypatch.chdir(project.folder)
    made = made_once(tmp_path_factory, "ninety_items", lambda at: ninety_items(Project(at)))
    shutil.copytree(made / ".retrolabel", project.store)
    return project.open()


def ninety_items(project):
    opened = project.open()
    rows = "".join(f"i{n},2026-01-{1 + n % 28:02d}T12:00:00Z,remark number {n} is {n * n}\n" for n in range(90))
    opened.feedback.ingest(project.write("feedback.csv", f"item_id,created_at,comment\n{rows}"), "web")
    said = "".join(f"i{n},{who},{'good' if n % 2 else 'bad'}\n" for n in range(16) for who in ("dora", "ed"))
    gold = project.write("gold.csv", f"item_id,who,label\n{said}")
    opened.task("mood").gold.import_file(gold, "web", role="dev", annotator="who")


@pytest.fixture
def calibrate(ws, clock):
    return ws.task("mood").gold.calibrate


def rows_of(path):
    with Path(path).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_rows(path, rows):
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def answer(path, say=lambda item_id: "good" if int(item_id[1:]) % 2 else "bad", *, first=None, why=""):
    """Fill the first rows of a file, or all."""
    rows = rows_of(path)
    for row in rows[:first]:
        row["label"], row["why"] = say(row["item_id"]), why
    write_rows(path, rows)
    return path


def labels(ws):
    return ws.task("mood").gold._site.catalog.gold.human_labels("mood")


def known(ws):
    catalog = ws.task("mood").gold._site.catalog
    return known_calibration("mood", catalog.calibration, labels(ws))


def parts(ws, number, person):
    found = {}
    for key, item in known(ws).asked_of(number, person).items():
        found.setdefault(item.part, set()).add(key[1])
    return found


def weeks(ws, clock, many, say=None):
    """Open that many rounds, a week each, everybody answering everything."""
    calibrate = ws.task("mood").gold.calibrate
    started = []
    for number in range(many):
        started.append(calibrate.start(PEOPLE if number == 0 else (), **(SMALL if number == 0 else {})))
        for path in started[-1].files.values():
            answer(path, *([say] if say else []))
        calibrate.fill()
        clock.weeks(1)
    return started


# What is asked --------------------------------------------------------------------------------


def test_everybody_gets_the_same_items_in_an_order_of_their_own_and_nothing_shows_the_part(ws, calibrate):
    started = calibrate.start(PEOPLE, **SMALL)
    assert (started.is_new, started.opened, started.round, started.schema_version) == (True, True, 1, "1.0.0")
    files = {person: rows_of(path) for person, path in started.files.items()}
    assert started.files["ana"] == "calibration/mood/round-01/ana.csv"
    assert list(files["ana"][0]) == ["item_id", "comment", "choices", "batch", "annotator", "why", "label"]
    for person, rows in files.items():
        assert len(rows) == 14
        told = {(row["choices"], row["batch"], row["annotator"], row["why"], row["label"]) for row in rows}
        assert told == {("good | bad", "mood/round-01", person, "", "")}
    ids = {person: [row["item_id"] for row in rows] for person, rows in files.items()}
    assert set(ids["ana"]) == set(ids["ben"]) == set(ids["cleo"])
    assert ids["ana"] != ids["ben"] != ids["cleo"]
    assert {part: len(found) for part, found in parts(ws, 1, "ana").items()} == {
        "fixed": 9,
        "rotated": 3,
        "honeypot": 2,
    }
    assert parts(ws, 1, "ana")["honeypot"] < {f"i{n}" for n in range(16)}
    assert not (parts(ws, 1, "ana")["fixed"] | parts(ws, 1, "ana")["rotated"]) & {f"i{n}" for n in range(16)}


def test_the_fixed_part_stays_the_rotated_one_changes_and_people_answer_again_what_they_answered(ws, calibrate, clock):
    weeks(ws, clock, 5)
    found = [parts(ws, number, "ben") for number in range(1, 6)]
    assert all(each["fixed"] == found[0]["fixed"] for each in found)
    rotated = [item for each in found for item in each["rotated"]]
    assert len(rotated) == len(set(rotated)) == 15
    assert ["again" in each for each in found] == [False, False, True, True, True]
    for number in (3, 4, 5):
        before = set().union(*(each["rotated"] for each in found[: number - 2]))
        assert found[number - 1]["again"] <= before
    again = [item for each in found[2:] for item in each["again"]]
    assert len(again) == len(set(again)) == 9


def test_who_did_not_answer_an_item_is_not_asked_it_again(ws, calibrate, clock):
    first = calibrate.start(PEOPLE, **SMALL)
    answer(first.files["ana"])
    calibrate.fill(first.files["ana"])
    for _ in range(2):
        clock.weeks(1)
        last = calibrate.start()
    assert parts(ws, 3, "ana")["again"] == parts(ws, 1, "ana")["rotated"]
    assert "again" not in parts(ws, 3, "ben")
    assert any("somebody has only 0 of 3 items to answer again" in note for note in last.notes)


def test_items_that_are_gone_or_have_another_text_are_replaced_and_said(project, ws, calibrate, clock):
    calibrate.start(PEOPLE, **SMALL)
    fixed = sorted(parts(ws, 1, "ana")["fixed"])
    new = project.write("new.csv", f"item_id,created_at,comment\n{fixed[0]},2026-05-01T12:00:00Z,another text\n")
    ws.feedback.ingest(new, "web", IngestOptions(revise=True))
    clock.weeks(1)
    second = calibrate.start()
    assert second.notes[1] == f"replaced in the fixed part, 1 item whose text changed since it was shown: {fixed[0]}"
    again = parts(ws, 2, "ana")["fixed"]
    assert (len(again), again & set(fixed)) == (9, set(fixed[1:]))


def test_a_source_that_has_too_few_items_is_asked_again_from_the_beginning(ws, calibrate, clock):
    calibrate.start(PEOPLE, n=70, rotate=0.5, again=0, honeypots=0)
    clock.weeks(1)
    second = calibrate.start()
    assert parts(ws, 2, "ana")["rotated"] & parts(ws, 1, "ana")["rotated"]
    assert len(parts(ws, 2, "ana")["rotated"]) == 35
    assert "31 items of the rotated part were asked before: no others are left" in second.notes


def test_a_round_says_what_it_buys_and_a_dry_run_writes_nothing(project, ws, calibrate):
    before = project.state()
    started = calibrate.start(PEOPLE, dry_run=True, **SMALL)
    assert 0.2 < started.half_width < 0.5
    assert (started.done, started.round, len(started.files)) == (False, 1, 3)
    assert project.state() == before
    assert not (project.folder / "calibration").exists()


# When the next round is opened ------------------------------------------------------------------


def test_start_opens_the_next_round_when_it_is_due_and_before_that_says_who_is_missing(ws, calibrate, clock):
    first = calibrate.start(PEOPLE, **SMALL)
    calibrate.fill(answer(first.files["ana"]))
    clock.at += timedelta(days=3)
    again = calibrate.start()
    assert (again.opened, again.round, again.missing) == (False, 1, {"ben": 14, "cleo": 14})
    clock.at = MONDAY + WEEK - timedelta(seconds=5)  # the same hour a week later, never to the second
    second = calibrate.start()
    assert (second.opened, second.round) == (True, 2)
    assert second.notes[0] == "round 1 is closed; ben (14), cleo (14) did not answer everything, and still can"


def test_next_opens_a_round_that_is_not_due(ws, calibrate):
    calibrate.start(PEOPLE, **SMALL)
    assert calibrate.start(next_round=True).round == 2


def test_a_set_that_goes_on_is_not_changed_by_the_way(project, ws, calibrate):
    calibrate.start(PEOPLE, **SMALL)
    before = project.state()
    with pytest.raises(GoldError) as caught:
        calibrate.start(n=50, honeypots=1, next_round=True)
    assert [str(each) for each in caught.value.problems] == [
        "--n: is 12 in it, not 50",
        "--honeypots: is 2 in it, not 1",
    ]
    assert project.state() == before
    assert calibrate.start(**SMALL).opened is False


@pytest.mark.parametrize(
    ("people", "wishes", "told"),
    [
        ((), {}, "needs people"),
        (("ana", "Ana "), {}, "differ only in case"),
        (PEOPLE, {"n": 1}, "no calibration set"),
        (PEOPLE, {"rotate": 1.5}, "no calibration set"),
        (PEOPLE, {"remove": ["bea"]}, "bea is not asked"),
    ],
)
def test_a_set_that_makes_no_sense_is_refused(project, ws, calibrate, people, wishes, told):
    before = project.state()
    with pytest.raises(GoldError, match=told):
        calibrate.start(people, **wishes)
    assert project.state() == before


def test_people_come_and_go_with_the_next_round(ws, calibrate, clock):
    calibrate.start(PEOPLE, **SMALL)
    told = calibrate.start(add=["dora"], remove=["ben"])
    assert (told.opened, told.to_be_asked) == (False, ("ana", "cleo", "dora"))
    assert list(known(ws).round(1).people) == ["ana", "ben", "cleo"]
    assert calibrate.status().to_be_asked == ("ana", "cleo", "dora")
    clock.weeks(1)
    second = calibrate.start()
    assert list(second.files) == ["ana", "cleo", "dora"]
    assert parts(ws, 2, "dora")["fixed"] == parts(ws, 1, "ana")["fixed"]
    clock.weeks(1)
    assert list(calibrate.start().files) == ["ana", "cleo", "dora"]


def test_a_file_that_is_there_is_never_written_over(project, ws, calibrate):
    project.write("calibration/mood/round-01/ben.csv", "mine")
    before = project.state()
    with pytest.raises(InputError, match="is there already"):
        calibrate.start(PEOPLE, **SMALL)
    assert project.state() == before
    assert [path.name for path in (project.folder / "calibration").rglob("*.csv")] == ["ben.csv"]


def test_files_that_cannot_all_be_written_are_not_there_and_nothing_is_stored(project, ws, calibrate, monkeypatch):
    before = project.state()

    def broken(*_, **__):
        raise GoldError("The disk is full.")

    monkeypatch.setattr("retrolabel.jobs.gold.calibration.opening.store_round", broken)
    with pytest.raises(GoldError, match="full"):
        calibrate.start(PEOPLE, **SMALL)
    assert project.state() == before
    assert not list((project.folder / "calibration").rglob("*.csv"))


# What comes back --------------------------------------------------------------------------------


def test_answers_are_of_their_round_and_of_what_was_shown(ws, calibrate, clock):
    first = calibrate.start(PEOPLE, **SMALL)
    clock.at += timedelta(days=1)
    (filled,) = calibrate.fill(answer(first.files["ana"], why="reads well"))
    assert (filled.person, filled.round, filled.added, filled.answered, filled.asked) == ("ana", 1, 14, 14, 14)
    mine = [label for label in labels(ws) if label.annotator == "ana"]
    assert {(label.round, label.schema_version, label.labelled_at) for label in mine} == {(1, "1.0.0", clock.at)}
    roles = {label.item_id: label.role for label in mine}
    assert {item for item, role in roles.items() if role == "honeypot"} == parts(ws, 1, "ana")["honeypot"]
    shown = {key[1]: item for key, item in known(ws).asked_of(1, "ana").items()}
    assert all(label.revision == shown[label.item_id].revision for label in mine)
    drawn = [label for label in mine if label.role == "calibration"]
    assert all(label.inclusion == shown[label.item_id].inclusion and label.batch for label in drawn)
    why = {each.rationale for each in ws.task("mood").gold._site.catalog.gold.answers("mood") if each.label.round}
    assert why == {"reads well"}


def test_a_file_comes_back_in_parts_twice_and_corrected(ws, calibrate, clock):
    path = calibrate.start(PEOPLE, **SMALL).files["ana"]
    (filled,) = calibrate.fill(answer(path, first=5))
    assert (filled.added, filled.left, filled.answered) == (5, 9, 5)
    clock.at += timedelta(hours=1)
    (filled,) = calibrate.fill(path)
    assert (filled.added, filled.known, filled.answered) == (0, 5, 5)
    before = len(labels(ws))
    clock.at += timedelta(hours=1)
    (filled,) = calibrate.fill(answer(path, say=lambda _: "bad", first=5))
    changed = filled.corrected
    assert (filled.added, changed + filled.known, len(labels(ws))) == (0, 5, before + changed)
    assert changed > 0
    clock.at += timedelta(hours=1)
    (filled,) = calibrate.fill(answer(path))  # back to what was said first
    assert (filled.added, filled.corrected, filled.answered) == (9, changed, 14)
    stands = known(ws).said[1]["ana"]
    assert {label.label for key, label in stands.items() if int(key[1][1:]) % 2} == {"good"}


def test_files_in_any_order_give_the_same_answers(ws, calibrate, clock, make_project, project):
    first = calibrate.start(PEOPLE, **SMALL)
    for path in first.files.values():
        answer(path)
    clock.weeks(1)
    second = calibrate.start()
    for path in second.files.values():
        answer(path, say=lambda item_id: "good" if int(item_id[1:]) % 3 else "bad")
    files = [*first.files.values(), *second.files.values()]

    def store(order):
        said = []
        for path in order:
            (filled,) = calibrate.fill(path, dry_run=True)
            said.append((filled.person, filled.round, filled.added))
            calibrate.fill(path)
        return sorted(said)

    told = store(reversed(files))  # the late files last
    stands = known(ws).said
    assert told == sorted([(person, number, 14) for person in PEOPLE for number in (1, 2)])
    assert all(
        label.round == number
        for number, people in stands.items()
        for said in people.values()
        for label in said.values()
    )
    late = [label.labelled_at for said in stands[1].values() for label in said.values()]
    assert set(late) == {MONDAY + WEEK - timedelta(microseconds=1)}  # just before the next one was opened
    newest = {(label.item_id, label.annotator): label.round for label in standing(labels(ws)) if label.round}
    fixed = parts(ws, 1, "ana")["fixed"]
    assert {newest[item, person] for item in fixed for person in PEOPLE} == {2}


def test_a_late_file_belongs_to_its_own_round_and_that_is_said(ws, calibrate, clock):
    path = calibrate.start(PEOPLE, **SMALL).files["ben"]
    clock.weeks(1)
    calibrate.start()
    (filled,) = calibrate.fill(answer(path))
    assert (filled.round, filled.late, filled.added) == (1, True, 14)


def test_wrong_spellings_are_gathered_and_the_rest_is_taken(ws, calibrate):
    path = calibrate.start(PEOPLE, **SMALL).files["ana"]
    rows = rows_of(answer(path))
    rows[0]["label"] = rows[1]["label"] = "goood"
    write_rows(path, rows)
    (filled,) = calibrate.fill(path)
    assert (filled.added, filled.answered, filled.left) == (12, 12, 0)
    assert [(each.value, each.rows, each.nearest) for each in filled.outside] == [("goood", 2, "good")]
    (filled,) = calibrate.fill(path, map_label={"goood": "good"})
    assert (filled.added, filled.answered) == (2, 14)


def test_a_spelling_that_differs_in_case_or_a_guard_of_a_spreadsheet_is_understood(ws, calibrate):
    path = calibrate.start(PEOPLE, **SMALL).files["ana"]
    rows = rows_of(answer(path))
    rows[0]["item_id"], rows[0]["label"] = f"'{rows[0]['item_id']}", "GOOD"
    write_rows(path, rows)
    (filled,) = calibrate.fill(path)
    assert (filled.added, filled.unknown) == (14, ())


def broken(project, path, change, name="broken.csv"):
    rows = rows_of(answer(path))
    for row in rows:
        change(row)
    project.write(name, "")
    write_rows(project.folder / name, rows)
    return project.folder / name


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda row: row.update(batch="tone/round-01"), "it is of tone, not of mood"),
        (lambda row: row.update(batch="mood/round-09"), "mood has no calibration round 9"),
        (lambda row: row.update(annotator="dora"), "dora was not asked in round 1"),
        (lambda row: row.update(annotator=row["item_id"]), "its rows are of several people"),
        (lambda row: row.update(item_id=row["item_id"] + ".0"), "none of its 14 items was asked of ana in round 1"),
        (lambda row: row.update(label="fine"), "'fine' (14 rows) is no label of mood 1.0.0"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_and_nothing_is_stored(project, ws, calibrate, change, told):
    started = calibrate.start(PEOPLE, **SMALL)
    good = answer(started.files["ben"])
    path = broken(project, started.files["ana"], change)
    before = project.state()
    with pytest.raises(GoldError) as caught:
        calibrate.fill(good, path)
    assert told in " ".join(map(str, caught.value.problems))
    assert project.state() == before


def test_a_file_of_somebody_else_is_refused(ws, calibrate):
    path = answer(calibrate.start(PEOPLE, **SMALL).files["ana"])
    with pytest.raises(GoldError) as caught:
        calibrate.fill(path, annotator="ben")
    assert "it was written for ana, not for ben" in str(caught.value.problems[0])


def test_a_file_without_our_columns_is_of_the_open_round_and_of_who_is_named(project, ws, calibrate):
    rows = rows_of(answer(calibrate.start(PEOPLE, **SMALL).files["ana"]))
    project.write("plain.csv", "")
    write_rows(project.folder / "plain.csv", [{"item_id": row["item_id"], "label": row["label"]} for row in rows])
    with pytest.raises(GoldError) as caught:
        calibrate.fill("plain.csv")
    assert "--annotator-name NAME says whose it is" in str(caught.value.problems[0])
    (filled,) = calibrate.fill("plain.csv", annotator="ana")
    assert (filled.person, filled.added) == ("ana", 14)


def test_rows_that_were_not_asked_are_left_out_and_said(project, ws, calibrate):
    path = calibrate.start(PEOPLE, **SMALL).files["ana"]
    rows = rows_of(answer(path))
    write_rows(path, [*rows, {**rows[0], "item_id": "i999"}])
    (filled,) = calibrate.fill(path)
    assert (filled.added, filled.unknown) == (14, ("i999",))


def test_an_item_with_two_labels_in_a_file_is_refused(ws, calibrate):
    path = calibrate.start(PEOPLE, **SMALL).files["ana"]
    rows = rows_of(answer(path))
    write_rows(path, [*rows, {**rows[0], "label": "good" if rows[0]["label"] == "bad" else "bad"}])
    with pytest.raises(GoldError) as caught:
        calibrate.fill(path)
    assert "has two labels in it" in str(caught.value.problems[0])


def test_a_file_of_a_round_is_not_taken_by_gold_import(ws, calibrate):
    path = answer(calibrate.start(PEOPLE, **SMALL).files["ana"])
    with pytest.raises(GoldError, match="gold calibrate fill mood"):
        ws.task("mood").gold.import_file(path, "web", role="calibration", annotator="annotator")


# What the store keeps ---------------------------------------------------------------------------


def test_answers_of_a_round_change_no_label_set_and_no_gold_of_dev(project, ws, clock):
    task = ws.task("mood")
    before, gold = task.relabel().label_set.id, task.gold.sets()["dev"].hash
    weeks(ws, clock, 3, say=lambda _: "bad")
    assert task.gold.sets()["dev"].hash == gold
    assert task.plan().label_set == before
    assert task.relabel().label_set.id == before


def test_honeypots_are_no_agreement_and_no_gold(ws, calibrate, clock):
    first = calibrate.start(PEOPLE, **SMALL)
    pots = parts(ws, 1, "ana")["honeypot"]
    for person, path in first.files.items():
        answer(path, say=lambda item_id, who=person: "bad" if item_id in pots and who == "ana" else "good")
    calibrate.fill()
    found = calibrate.status().agreement
    assert (found.n, found.value) == (12, None)  # nothing varies but on honeypots
    assert ws.task("mood").gold.agreement(role="calibration").answers.counted == 36
    assert ws.task("mood").gold.agreement(role="dev").answers.counted == 32
    roles = {item.item_id: item.role for item in ws.task("mood").gold.adjudicated().items}
    assert {roles[item] for item in pots} == {"dev"}
    exported = ws.task("mood").gold.answers()
    assert set(exported[exported["item_id"].isin(pots)]["annotator"]) == {"dora", "ed"}


def test_answers_of_rounds_that_are_exported_come_back_as_they_were(project, ws, clock):
    weeks(ws, clock, 2)
    gold = ws.task("mood").gold
    mine = gold.answers(role="calibration")
    path = project.folder / "out.csv"
    mine.to_csv(path, index=False)
    before = labels(ws)
    options = {"annotator": "annotator", "time": "labelled_at", "sampling": "stratified", "role_column": "role"}
    back = gold.import_file(path, "web", **options)
    assert (back.added, back.known, len(mine) > 20) == (0, len(mine), True)
    assert labels(ws) == before


def test_status_says_who_is_missing_how_far_people_agree_and_what_is_due(ws, calibrate, clock):
    assert calibrate.status().design is None
    first = calibrate.start(PEOPLE, **SMALL)
    calibrate.fill(answer(first.files["ana"]), answer(first.files["ben"], first=4))
    found = calibrate.status()
    assert [(each.person, each.missing) for each in found.missing] == [("ben", 10), ("cleo", 14)]
    assert (found.next_due, found.is_due, found.goes_on) == (MONDAY + WEEK, False, True)
    assert found.agreement.withheld or found.agreement.value is None
    clock.weeks(1)
    assert calibrate.status().is_due


def test_agreement_is_over_the_newest_rounds_and_each_item_counts_once(ws, calibrate, clock):
    started = calibrate.start(PEOPLE, n=40, rotate=0.5, again=0, honeypots=0)
    for _ in range(2):
        for path in started.files.values():
            answer(path)
        calibrate.fill()
        clock.weeks(1)
        started = calibrate.start()
    found = calibrate.status()
    assert (found.over, found.agreement.n, found.agreement.value) == ((1, 2), 60, 1.0)


# A new version ----------------------------------------------------------------------------------


def test_a_version_with_another_meaning_asks_the_same_items_and_says_that_the_series_breaks(project, ws, clock):
    weeks(ws, clock, 2)
    before = parts(ws, 2, "ana")["fixed"]
    project.add_v2()
    again = project.open()
    third = again.task("mood").gold.calibrate.start()
    assert third.schema_version == "2.0.0"
    assert any("the series breaks here" in note for note in third.notes)
    assert parts(again, 3, "ana")["fixed"] == before
    assert {row["choices"] for row in rows_of(third.files["ana"])} == {"good | slow | wrong"}
    assert "again" not in parts(again, 3, "ana")  # under another meaning nobody repeats anything


# Undo and stop ----------------------------------------------------------------------------------


def test_a_round_that_nobody_answered_is_taken_back_and_its_items_can_be_drawn_again(ws, calibrate, clock):
    calibrate.start(PEOPLE, **SMALL)
    clock.weeks(1)
    second = calibrate.start()
    rotated = parts(ws, 2, "ana")["rotated"]
    calibrate.undo(2)
    assert known(ws).round(1).is_open
    with pytest.raises(GoldError) as caught:
        calibrate.fill(answer(second.files["ana"]))
    assert "round 2 was taken back on 2026-06-08" in str(caught.value.problems[0])
    third = calibrate.start()
    assert third.round == 3
    drawn = {item for batch in ws.task("mood").gold.drawn() if batch.batch.undone_at for item in batch.waiting}
    assert (drawn, len(rotated)) == (set(), 3)
    with pytest.raises(GoldError, match="was taken back"):
        calibrate.undo(2)


def test_a_round_with_answers_or_one_before_the_last_is_not_taken_back(ws, calibrate, clock):
    first = calibrate.start(PEOPLE, **SMALL)
    calibrate.fill(answer(first.files["ana"], first=1))
    with pytest.raises(GoldError, match="has 1 answer"):
        calibrate.undo(1)
    clock.weeks(1)
    calibrate.start()
    with pytest.raises(GoldError, match="is not the last one"):
        calibrate.undo(1)


def test_the_first_round_taken_back_lets_a_set_start_in_another_way(ws, calibrate):
    calibrate.start(PEOPLE, **SMALL)
    calibrate.undo(1)
    second = calibrate.start(("ana", "ben"), n=6, again=0, honeypots=0)
    assert (second.is_new, second.round, second.design.items) == (True, 2, 6)


def test_a_set_that_is_stopped_keeps_its_answers_and_takes_late_files(ws, calibrate, clock):
    first = calibrate.start(PEOPLE, **SMALL)
    calibrate.fill(answer(first.files["ana"]))
    said = len(labels(ws))
    assert calibrate.stop(dry_run=True).id == 1
    assert calibrate.status().goes_on
    clock.at += timedelta(days=1)
    calibrate.stop()
    assert (calibrate.status().goes_on, calibrate.status().is_due, len(labels(ws))) == (False, False, said)
    with pytest.raises(GoldError, match="was stopped on 2026-06-02"):
        calibrate.stop()
    (filled,) = calibrate.fill(answer(first.files["ben"]))
    assert (filled.late, filled.added) == (True, 14)
    with pytest.raises(GoldError, match="needs people"):
        calibrate.start()
    other = calibrate.start(PEOPLE, **SMALL)
    assert (other.is_new, other.round) == (True, 2)
    fixed = parts(ws, 1, "ana")["fixed"] | parts(ws, 1, "ana")["rotated"]
    assert not fixed & (parts(ws, 2, "ana")["fixed"] | parts(ws, 2, "ana")["rotated"])


def test_somebody_who_opens_a_round_at_the_same_time_is_told(ws, calibrate):
    first = known(ws)
    calibrate.start(PEOPLE, **SMALL)
    with pytest.raises(GoldError, match="Somebody else opened a round of mood meanwhile"):
        first.check_nobody_was_faster(known(ws).rounds)


def test_without_honeypots_among_the_gold_it_says_why(project, make_project, monkeypatch, clock):
    other = make_project("bare")
    monkeypatch.chdir(other.folder)
    opened = other.open()
    rows = "".join(f"i{n},2026-01-01T12:00:00Z,remark number {n} is {n * n}\n" for n in range(30))
    opened.feedback.ingest(other.write("feedback.csv", f"item_id,created_at,comment\n{rows}"), "web")
    started = opened.task("mood").gold.calibrate.start(("ana", "ben"), **SMALL)
    assert any("0 of 2 honeypots are there; no gold can be a honeypot yet" in note for note in started.notes)
    assert started.parts["ana"]["honeypot"] == 0
    assert replace(known(opened).sets[0], id=None) == replace(started.design, id=None)
