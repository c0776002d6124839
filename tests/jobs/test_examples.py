"""The examples of edited labeling functions run before their votes."""

from __future__ import annotations

import pytest

HEAD = """\
import time

from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import labeling_function

"""
EDITED = f"""{HEAD}
@labeling_function(GOOD, examples=["thanks a lot", "cheers"], non_examples=["no thanks"])
def says_thanks(comment: str | None) -> bool:
    return comment is not None and "thanks" in comment


@labeling_function(BAD, examples=["bad"])
def is_sound(comment: str | None) -> bool:
    return comment == "bad"
"""
TOLD = [
    "LF says_thanks: abstained on its example 'cheers'; retrolabel lf list mood tries it again",
    "LF says_thanks: voted good on its non-example 'no thanks'; retrolabel lf list mood tries it again",
]


class Told:
    """Progress that remembers what it was told, and when."""

    def __init__(self):
        self.lines = []

    def start(self, what, _total):
        self.lines.append(f"start {what}")

    def advance(self, units):
        pass

    def note(self, text):
        self.lines.append(text)


@pytest.fixture
def told(project):
    """The project with feedback and two more labeling functions, of which one fails on two of its examples."""
    project.write("labeling_functions/mood/more.py", EDITED)
    opened = project.open()
    opened.feedback.ingest(project.feedback(), "web")
    opened.progress = Told()
    return opened


def test_a_labeling_function_that_fails_on_its_examples_is_named_before_any_vote(told):
    report = told.task("mood").relabel()
    lines = told.progress.lines
    assert lines[:2] == TOLD
    assert lines.index("start labeling functions") > 1
    assert list(report.notes[:2]) == TOLD
    assert report.is_new  # it is told, and no reason to stop


def test_what_is_stored_already_is_not_tried_again(told):
    told.task("mood").relabel()
    told.progress.lines.clear()
    assert not set(TOLD) & set(told.task("mood").relabel().notes)
    assert told.progress.lines == []


def test_one_that_hangs_on_an_example_is_named_and_stops_nothing(project, monkeypatch):
    project.write(
        "labeling_functions/mood/more.py",
        f'{HEAD}\n@labeling_function(GOOD, examples=["wait"])\ndef waits(comment: str | None) -> bool:\n'
        '    if comment == "wait":\n        time.sleep(60)\n    return False\n',
    )
    monkeypatch.setenv("RETROLABEL_TIMEOUT", "0.2")
    opened = project.open()
    opened.feedback.ingest(project.feedback(), "web")
    report = opened.task("mood").relabel()
    assert report.notes[0].startswith("LF waits: waits took longer than 0.2 s")
    assert report.is_new
