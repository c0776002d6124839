"""Where labels, people and times may stand in records of an unknown kind."""

from __future__ import annotations

import pytest

from retrolabel.interop.guessed_people import time_format_of
from retrolabel.interop.guessed_places import guessed, of_few_values

LABELS = {"bug", "praise"}


def is_label(value: str) -> bool:
    return value.strip().casefold() in LABELS


def words(records):
    return guessed(records, is_label).words()


def rows(**columns):
    """Return rows out of columns; a plain value stands in each row."""
    many = max(len(each) for each in columns.values() if isinstance(each, list))
    return [
        {name.replace("__", "."): each[n] if isinstance(each, list) else each for name, each in columns.items()}
        for n in range(many)
    ]


TAGS = ["Bug", "praise", "bug", "Praise"]


def test_of_two_columns_of_labels_the_one_that_is_called_like_one_is_meant():
    found = rows(team=TAGS, label=TAGS, worker_id=["w1", "w2", "w1", "w2"])
    assert words(found) == "--label label --annotator worker_id"


def test_labels_that_somebody_knew_before_are_not_the_answers():
    assert words(rows(mood_gold=["bug", None, None, None], mood=TAGS)) == "--label mood"


def test_columns_of_labels_that_nothing_calls_so_are_people():
    assert words(rows(Ana=TAGS, Bo=TAGS, Note=["a", "b", "c", "d"])) == "--annotator-columns Ana,Bo"


@pytest.mark.parametrize(
    "columns",
    [
        {"Answer__kind__Bug": ["true", "false"], "Answer__kind__Praise": ["false", "true"]},
        {"What is it?": ["Bug", ""], "#3": ["", "Praise"]},
    ],
)
def test_columns_that_are_a_label_each_are_marks(columns):
    names = ",".join(name.replace("__", ".") for name in columns)
    told = words(rows(**columns, text=["a", "b"]))
    assert told in (f"--label-columns {names}", f'--label-columns "{names}"')


def test_one_column_of_two_values_is_no_mark():
    assert words(rows(label=["bug", "bug", "praise"])) == "--label label"


def marks(*entries):
    return [{"id": n, "marks": list(entries)} for n in range(4)]


def test_people_and_times_go_through_the_lists_of_the_labels():
    records = [
        {
            "created_by": "uploader",
            "history": [{"created_by": "bot", "created_at": "2026-01-01"}],
            "projects": {"clx81abcd": {"labels": [
                {"details": {"created_by": "ana", "created_at": "2026-02-03"}, "tag": "bug"}]}},
        }
    ]  # fmt: skip
    assert words(records) == (
        '--labels-at "projects.*.labels[].tag" --annotator-at "projects.*.labels[].details.created_by"'
        ' --time-at "projects.*.labels[].details.created_at"'
    )


def test_entries_of_another_question_are_left_out_by_what_tells_them():
    records = marks({"key": "kind", "value": "bug"}, {"key": "length", "value": "praised"})
    assert words(records) == '--labels-at "marks[key=kind].value"'


def test_entries_of_a_machine_are_left_out_by_what_they_say_they_are():
    records = marks(
        {"type": "HUMAN", "tag": "bug"}, {"type": "REVIEW", "tag": "bug"}, {"type": "PREDICTION", "tag": "bug"}
    )
    assert words(records) == "--labels-at 'marks[type!=PREDICTION].tag'"
    records = marks({"type": "HUMAN", "tag": "bug"}, {"type": "MODEL", "tag": "bug"})
    assert words(records) == '--labels-at "marks[type=HUMAN].tag"'


def test_rows_that_are_no_answers_of_people_are_conditions():
    found = rows(label=TAGS, source=["HUMAN", "EVAL", "HUMAN", "EVAL"], _tainted=["false", "true", "false", "false"])
    assert words(found) == "--label label --where 'source!=EVAL' --where \"_tainted=false\""


def test_a_status_that_all_rows_share_is_no_condition():
    assert words(rows(label=TAGS, status="Approved")) == "--label label"


def test_keys_that_are_labels_are_read_as_what_holds():
    assert words([{"who": "ana", "said": {"kind": {"bug": "1"}}}]) == "--labels-at said.kind --annotator-at who"


@pytest.mark.parametrize(
    ("times", "format_"),
    [
        (["2026-01-02T03:04:05Z"], ""),
        (["2/25/2026 05:00:41", "2/3/2026 05:00:41"], '"%m/%d/%Y %H:%M:%S"'),
        (["Mon Mar 02 10:00:41 PST 2026"], '"%a %b %d %H:%M:%S PST %Y"'),
        ([1775034000000], "epoch-ms"),
        (["2/3/2026"], None),  # two days
        (["soon"], None),
        ([{"at": 1}], None),
    ],
)
def test_a_time_has_a_format_where_one_alone_reads_all(times, format_):
    assert time_format_of(times) == format_


def test_nothing_is_guessed_where_no_value_is_a_label():
    found = rows(stars=["1", "5", "1"] * 4, text=[str(n) for n in range(12)])
    assert words(found) == ""
    assert of_few_values(found) == "stars (1, 5)"
