"""Agreement over time at the command line: the table, the picture, the exit code, and one alarm of one fall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import retrolabel

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
CALM, FALL = (3, 5, 4, 3, 6, 4, 3, 5), (15, 16)
OTHER = {"good": "bad", "bad": "good"}


@pytest.fixture
def weeks(project, run, write, once):
    """Let three people answer forty items a week, twenty of them again each week; return what takes weeks in."""

    def build():
        items = "".join(f"p{n},2026-03-01T08:00:00Z,fine {n}\n" for n in range(400))
        write("more.csv", f"item_id,created_at,comment\n{items}")
        assert run("ingest", "more.csv", "--source", "web").code == 0

    once("series-items", build)

    def go(first, *wrong, people=("ana", "ben", "cleo"), who=None):
        rows = []
        for t, many in enumerate(wrong, first):
            for n in range(40):
                item = n if n < 20 else 20 * (t + 1) + n - 20
                for place, name in enumerate(people):
                    label = ("good", "bad")[n % 2]
                    off = 20 <= n < 20 + many and (name == who if who else place == n % len(people))
                    at = MONDAY + timedelta(weeks=t)
                    rows.append(f"p{item},{OTHER[label] if off else label},{name},{at:%Y-%m-%dT%H:%M:%SZ}\n")
        write("gold.csv", "item_id,label,who,at\n" + "".join(rows))
        words = ("--source", "web", "--role", "calibration", "--annotator", "who", "--time", "at")
        return run("gold", "import", "mood", "gold.csv", *words)

    return go


def alarms(run):
    return run("events", "list", "--kind", "gold.alarm", "--json").json["events"]


def test_a_fall_is_one_event_of_the_import_and_stands_until_newer_weeks_take_it_back(weeks, run):
    assert weeks(0, *CALM).code == 0
    shown = run("gold", "series", "mood")
    assert shown.code == 0
    assert "mood 1.0.0: no alarm stands; 8 periods since 2026-W02." in shown.out
    assert alarms(run) == []

    done = weeks(8, *FALL, who="ana")
    assert done.code == 0
    (told,) = alarms(run)
    assert told["said"] in done.out
    assert (told["data"]["period"], told["data"]["people"]) == ("2026-W10", ["ana"])
    assert {each["item_id"] for each in told["data"]["talk"]} <= {f"p{n}" for n in range(180, 220)}

    shown = run("gold", "series", "mood")
    assert shown.code == 3
    assert "People agree less on mood 1.0.0 in 2026-W10" in shown.out
    assert "Answers of ana differ from the rest most." in shown.out
    assert "Items to talk about: p" in shown.out
    run("relabel", "mood")
    (line,) = [each for each in run("status", "mood", "--json").json["tasks"][0]["lines"] if each["what"] == "gold"]
    assert (line["state"], line["command"]) == ("to do", "retrolabel gold series mood")

    assert weeks(10, 16, 15).code == 0  # it lasts: nobody is told again
    assert len(alarms(run)) == 1
    assert weeks(12, 3, 4, 3).code == 0
    assert run("gold", "series", "mood").code == 0
    assert len(alarms(run)) == 1
    assert "gold" not in [each["what"] for each in run("status", "mood", "--json").json["tasks"][0]["lines"]]


def test_one_pair_one_person_json_and_a_picture(weeks, run, project):
    weeks(0, *CALM)
    pair = run("gold", "series", "mood", "--pair", "bad,good", "--out", "pair.svg")
    assert pair.code == 0
    assert "good / bad" in pair.out
    picture = (project / "pair.svg").read_text(encoding="utf-8")
    assert picture.startswith("<!-- retrolabel picture of a series -->\n<svg")
    assert "var(--" not in picture
    person = run("gold", "series", "mood", "--person", "ana", "--out", "pair.svg")  # its own picture is drawn anew
    assert (person.code, "own" in person.out) == (0, True)
    found = run("gold", "series", "mood", "--json").json
    assert (found["role"], found["alarm"], len(found["parts"][0]["periods"])) == ("calibration", None, 8)
    assert {chart["kind"] for chart in found["parts"][0]["charts"]} == {"all", "pair", "person"}
    frame = retrolabel.open(project).task("mood").gold.series(by="month").frame()
    assert list(frame["period"].unique()) == ["2026-01", "2026-02"]


def test_what_cannot_be_shown_says_why(weeks, run, write):
    none = run("gold", "series", "mood")
    assert none.code == 1
    assert "No item of mood was answered by anybody, so there is no series." in none.err
    weeks(0, *CALM[:2])
    short = run("gold", "series", "mood")
    assert (short.code, "mood 1.0.0: too few periods for a chart yet." in short.out) == (0, True)
    assert "Did you mean 'ana'" in run("gold", "series", "mood", "--person", "anna").err
    assert "There is no label 'god'. Did you mean 'good'" in run("gold", "series", "mood", "--pair", "god,bad").err
    assert "take one of them at a time" in run("gold", "series", "mood", "--pair", "good,bad", "--person", "ana").err
    write("mine.svg", "<svg/>")
    assert (
        "is no picture of a series of retrolabel; it was left as it is"
        in run("gold", "series", "mood", "--out", "mine.svg").err
    )
