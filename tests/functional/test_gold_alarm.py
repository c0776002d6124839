"""People who agree less: told by the import that shows it, by night, and by status until newer answers say else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import retrolabel
from retrolabel.errors import StoreError
from retrolabel.wiring.scheduling import Schedules
from retrolabel.wiring.site import now

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def people(project, run, write):
    """Let two people answer items from a number on, who differ on the first ``wrong``; return the import."""
    items = "item_id,created_at,comment\n" + "".join(f"p{n},2026-03-01T08:00:00Z,fine {n}\n" for n in range(400))
    write("more.csv", items)
    assert run("ingest", "more.csv", "--source", "web").code == 0

    def go(first, many, wrong, days):
        at = f"{JANUARY + timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
        rows = []
        for n in range(many):
            said = (("good", "bad")[n % 2], ("good", "bad")[(n + (n < wrong)) % 2])
            rows += [f"p{first + n},{label},{who},{at}\n" for who, label in zip(("ana", "ben"), said, strict=True)]
        write("gold.csv", "item_id,label,who,at\n" + "".join(rows))
        words = ("--source", "web", "--role", "dev", "--annotator", "who", "--time", "at")
        return run("gold", "import", "mood", "gold.csv", *words)

    return go


def alarms(run):
    return run("events", "list", "--kind", "gold.alarm", "--json").json["events"]


def test_a_fall_is_an_event_a_line_of_the_import_and_to_do_until_people_agree_again(people, project, run):
    assert people(0, 150, 6, 0).code == 0
    assert alarms(run) == []
    done = people(150, 60, 20, 90)
    assert done.code == 0
    assert (
        "People agree less on mood 1.0.0 than before: alpha 0.34 on the newest 60 items, after 0.92 on 150" in done.out
    )
    (told,) = alarms(run)
    assert told["said"] in done.out
    assert (told["data"]["people"], "ana" in str(told)) == (2, False)
    run("relabel", "mood")
    shown = run("status", "mood", "--json")
    (line,) = [each for each in shown.json["tasks"][0]["lines"] if each["what"] == "gold"]
    assert (shown.code, line["state"]) == (3, "to do")
    assert line["command"] == "retrolabel gold agreement mood --to 1.0.0"
    assert run(*line["command"].split()[1:]).code == 0

    assert people(210, 100, 3, 130).code == 0  # they agree again, a month later
    assert len(alarms(run)) == 1
    assert "gold" not in [each["what"] for each in run("status", "mood", "--json").json["tasks"][0]["lines"]]


def test_a_night_tells_what_no_import_told_and_tells_it_once(people, project, run, monkeypatch):
    people(0, 150, 6, 0)
    with monkeypatch.context() as older:  # as by a retrolabel that did not look
        older.setattr("retrolabel.wiring.gold_alarms.alarm", lambda *_: None)
        people(150, 60, 20, 90)
    assert alarms(run) == []
    ws = retrolabel.open(project)
    ws.schedules.add("mood", "@daily", ["schema-released"])
    for days in (1, 2, 3):
        at = now() + timedelta(days=days)
        (night,) = Schedules(ws, clock=lambda at=at: at, job=lambda _: pytest.fail("nothing was released")).run_due()
        assert night.state == "nothing to do"
    assert [each["data"]["pair_items"] for each in alarms(run)] == [20]


def test_no_label_is_stored_where_the_alarm_cannot_be_written(people, project, monkeypatch):
    people(0, 150, 6, 0)
    gold = retrolabel.open(project).task("mood").gold
    before = len(gold.labels())

    def refuses(*_):
        raise StoreError("The disk is full.")

    with monkeypatch.context() as full:
        full.setattr("retrolabel.storage.books.events.SqlEventsBook.write", refuses)
        assert people(150, 60, 20, 90).code == 1
    assert len(retrolabel.open(project).task("mood").gold.labels()) == before
