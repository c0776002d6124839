"""``gold diagnose`` at the terminal: what it says first, what it withholds, and what it never reads."""

from __future__ import annotations

import pandas as pd
import pytest

from retrolabel.simulation.people import OnePerson, people_who_disagree

LABELS = ["good", "bad"]
DIAGNOSE = ("gold", "diagnose", "mood")
WORDS = ("red", "blue", "green", "grey", "black")


@pytest.fixture
def answered(run, write, project, once):
    """Two hundred items that three people answered, and forty that they were asked again about; ben is off."""

    def build():
        rows = "".join(
            f"d{n},2026-03-01T08:00:00Z,{'thanks' if n % 2 else 'wrong'} {WORDS[n % 5]} {WORDS[n % 3]} {n}\n"
            for n in range(200)
        )
        write("more.csv", f"item_id,created_at,comment\n{rows}")
        assert run("ingest", "more.csv", "--source", "mail").code == 0
        truth = pd.DataFrame(
            {"item_id": [f"d{n}" for n in range(200)], "label": [LABELS[1 - n % 2] for n in range(200)]}
        )
        off = OnePerson(person="ben", says="bad", where="good", rate=0.4)
        said = people_who_disagree(truth, labels=LABELS, planted=[off], slips=0.03, again=40, seed=3)
        said["when"] = pd.Timestamp("2026-04-06T09:00:00Z") + pd.to_timedelta(21 * (said["round"] - 1), unit="D")
        write("said.csv", said.to_csv(index=False))
        taken = run(
            "gold", "import", "mood", "said.csv", "--source", "mail", "--role", "calibration",
            "--annotator", "annotator", "--time", "when",
        )  # fmt: skip
        assert taken.code == 0, taken.err

    once("answered by three", build)
    return project


def test_the_first_line_is_the_finding_and_what_cannot_be_told_says_why(answered, run):
    done = run(*DIAGNOSE)
    assert done.code == 0, done.err
    first, *rest = done.out.splitlines()
    assert first.startswith("Mostly one person: ben says bad where the others say good (")
    told = "\n".join(rest)
    assert "3 people, 200 items that several answered" in told
    assert "120 answers given again; 2026-04-06 to 2026-04-27" in told
    assert "not told: 3 people answered 30 items or more, and camps need 8" in told
    assert "Items to talk about, 5 of" in told
    assert "question: Which words of the definitions make an item `bad` for ben, and `good` for the others" in told
    assert "next: retrolabel gold sample mood --for adjudicate" in told
    assert "Of three people, one against two may be right" in told

    found = run(*DIAGNOSE, "--json").json
    assert [(cause["kind"], cause["person"], cause["labels"]) for cause in found["causes"]] == [
        ("person", "ben", ["bad", "good"])
    ]
    (cause,) = found["causes"]
    assert 0 < cause["low"] < cause["share"] < cause["high"] <= 1
    assert found["rest"] == pytest.approx(1 - cause["share"])
    assert set(found["withheld"]) == {"taste"}
    assert {item["item_id"][0] for item in cause["items"]} == {"d"}
    assert set(cause["shown"][0]["said"]) == {"ana", "ben", "cleo"}


def test_few_answers_are_withheld_and_said_so(answered, run):
    done = run(*DIAGNOSE, "--since", "2026-04-20", "--json")
    assert done.code == 0, done.err
    assert done.json["causes"] == []
    assert all("are needed" in why for why in done.json["withheld"].values())
    assert run(*DIAGNOSE, "--rounds", "1", "--json").json["items"] == 40


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--role", "test"), "--role calibration or dev"),
        (("--role", "dev"), "There are no answers of role dev"),
        (("--since", "2027-01-01"), "No answer was given since then"),
        (("--since", "2026-01-01", "--rounds", "2"), "leave one of the two out"),
        (("--to", "9.9.9"), "9.9.9"),
    ],
)
def test_what_cannot_be_answered_is_an_error_with_a_remedy(answered, run, words, says):
    done = run(*DIAGNOSE, *words)
    assert done.code == 1
    assert says in done.err


def test_a_task_without_answers_says_how_to_get_some(run, project):
    done = run(*DIAGNOSE)
    assert done.code == 1
    assert "retrolabel gold import mood FILE --source NAME --role calibration" in done.err
