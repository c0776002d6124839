"""Human labels of files that no reader is made for: what their errors say is pasted, and they go in."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from tests.functional.test_labelling_tools import IMPORT, labels_of, project  # noqa: F401 - a fixture

TO = ("--source", "app", "--role", "dev")
TOLD = re.compile(r"as far as its values tell: (.*)")
JUDGED = {
    "record": {"ref": "r0"},
    "marks": [
        {"kind": "HUMAN", "made": {"created_by": "ana@x.org"}, "at": "2026-01-02T03:04:05+02:00", "tag": "Bug"},
        {"kind": "MODEL", "made": {"created_by": "m@x.org"}, "at": "2026-01-02T03:04:06Z", "tag": "Praise"},
    ],
}
TABLE = "ref,kind,who,state\nr0,bug,ana,done\nr1,praise,bo,done\nr2,bug,ana,rejected\nr3,bug,bo,done\n"


def test_the_line_of_an_error_reads_nested_records(project, write, run):  # noqa: F811 - the fixture
    write("f.json", json.dumps([JUDGED, {**JUDGED, "record": {"ref": "r1"}}]))
    refused = run(*IMPORT, "f.json", *TO)
    assert refused.code == 1
    done = run(*IMPORT, "f.json", *TO, *shlex.split(TOLD.search(refused.err)[1]), "--json")
    assert (done.json["added"], done.json["notes"]) == (2, [])
    assert labels_of(run) == {("r0", "ana@x.org"): "bug", ("r1", "ana@x.org"): "bug"}


def test_the_line_of_an_error_reads_a_table(project, write, run):  # noqa: F811 - the fixture
    write("f.csv", TABLE.replace("who", "Worker ID"))
    refused = run(*IMPORT, "f.csv", *TO)
    line = TOLD.search(refused.err)[1]
    assert line == "--item ref --label kind --annotator \"Worker ID\" --where 'state!=rejected'"
    done = run(*IMPORT, "f.csv", *TO, *shlex.split(line), "--json").json
    assert (done["added"], done["left_out"]) == (3, {"row of state=rejected": 1})


FORMS = {
    "labels by ids": ('{"r0": "bug", "r1": "praise", "r2": "bug"}', "--rows-at '*' --item key --label value", 3),
    "lists of labels by ids": (
        '{"r0": ["bug", "bug"], "r1": ["praise", "bug"], "r2": ["bug"]}',
        "--rows-at '*' --item key --label value --annotator place",
        5,
    ),
    "people in a record": (
        '[{"ref": "r0", "said": {"ana": "bug", "bo": "praise"}}, {"ref": "r1", "said": {"ana": "bug", "bo": "bug"}}]',
        "--item ref --annotator-columns said.ana,said.bo",
        4,
    ),
    "lists of items in records": (
        '[{"type": "header"}, {"type": "table", "data": [{"ref": "r0", "label": "bug", "by": "ana"}]}]',
        '--rows-at "[].data[]" --item ref --label label --annotator by',
        1,
    ),
    "what may be chosen": (
        ('[{"ref": "r0", "ask": {"of": ["bug", "praise"]}, "out": {"category": "bug"}},'
         '{"ref": "r1", "ask": {"of": ["bug", "praise"]}, "out": {"category": "bug"}}]'),
        "--item ref --labels-at out.category",
        2,
    ),
    "ids in lists of one": (
        ('[{"sources": [{"id": "r0"}], "metas": {"m1": {"value": "bug"}}},'
         '{"sources": [{"id": "r1"}], "metas": {"m1": {"value": "praise"}}}]'),
        '--item "sources[].id" --labels-at metas.m1.value',
        2,
    ),
    "no header": ("bug,The app crashes on start\npraise,I love it\nbug,thanks\n", "--header label,c2", None),
    "a judge beside a person": (
        "ref,human,human_by,llm_judge\nr0,bug,ana,praise\nr1,praise,ana,praise\n",
        "--item ref --label human --annotator human_by",
        2,
    ),
    "numbered columns": (
        "ref,label_1,label_2,majority\nr0,bug,praise,bug\nr1,bug,bug,bug\n",
        "--item ref --annotator-columns label_1,label_2",
        4,
    ),
    "columns called like labellers": (
        "ref,Mood (Labeler: a@x.org),Mood (Labeler: b@x.org),Mood (Final)\nr0,bug,praise,bug\nr1,bug,bug,bug\n",
        '--item ref --annotator-columns "Mood (Labeler: a@x.org),Mood (Labeler: b@x.org)"',
        4,
    ),
    "a column with brackets": ("ref,Mood [now]\nr0,bug\nr1,praise\n", '--item ref --label "Mood [now]"', 2),
    "an address": (
        "url,label\nhttps://x.org/i?id=r0,bug\n",
        "--item url --item-pattern '([^/=?&#:]+)/?$' --label label",
        1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_files_of_many_forms_go_in_by_the_line_of_their_error(project, write, run, form):  # noqa: F811 - the fixture
    content, line, added = FORMS[form]
    name = "f.json" if content[0] in "[{" else "f.csv"
    write(name, content)
    refused = run(*IMPORT, name, *TO)
    assert refused.code == 1
    assert refused.err.rstrip().removesuffix(" names them").endswith(line), refused.err
    if added is not None:
        assert run(*IMPORT, name, *TO, *shlex.split(line), "--json").json["added"] == added


def test_rows_that_stand_under_the_names_of_people_keep_them(project, write, run):  # noqa: F811 - the fixture
    write("f.json", json.dumps({who: [{"ref": f"r{n}", "label": "bug"} for n in range(3)] for who in ("ana", "bo")}))
    assert "--rows-at '*' takes all of them, each with its key" in run(*IMPORT, "f.json", *TO).err
    refused = run(*IMPORT, "f.json", *TO, "--rows-at", "*")
    assert TOLD.search(refused.err)[1] == "--item ref --label label --annotator key"
    line = shlex.split(TOLD.search(refused.err)[1])
    assert run(*IMPORT, "f.json", *TO, "--rows-at", "*", *line, "--json").json["added"] == 6
    assert {who for _, who in labels_of(run)} == {"ana", "bo"}


def test_labels_inside_of_longer_names_are_mapped_by_the_next_error(project, write, run):  # noqa: F811 - the fixture
    tags = [{"name": "kind: Bug"}, {"name": "good first issue"}]
    write("f.json", json.dumps([{"ref": f"r{n}", "labels": tags[:1]} for n in range(3)]))
    refused = run(*IMPORT, "f.json", *TO)
    assert "its labels are spelled otherwise, and need --map-label too" in refused.err
    line = shlex.split(TOLD.search(refused.err)[1])
    refused = run(*IMPORT, "f.json", *TO, *line)
    assert 'if that is what it means: --map-label "kind: Bug=bug"' in refused.err
    assert run(*IMPORT, "f.json", *TO, *line, "--map-label", "kind: Bug=bug", "--json").json["added"] == 3


def test_a_second_row_of_headers_is_passed_over_where_that_is_said(project, write, run):  # noqa: F811 - the fixture
    write("f.csv", "ref,Ana,Bo\n,Label,Label\nr0,bug,praise\nr1,bug,bug\n")
    words = (*IMPORT, "f.csv", *TO, "--item", "ref", "--annotator-columns", "Ana,Bo")
    assert "a second row of headers: --skip-rows 1" in run(*words).err
    assert run(*words, "--skip-rows", "1", "--json").json["added"] == 4


def test_the_rows_of_all_lines_are_read_where_a_path_says_where_they_are(project, write, run):  # noqa: F811
    lines = [json.dumps({"page": n, "rows": [{"item_id": f"r{n}", "label": "bug"}]}) for n in range(3)]
    write("f.jsonl", "\n".join(lines))
    assert run(*IMPORT, "f.jsonl", *TO, "--rows-at", "rows", "--json").json["added"] == 3


def test_where_no_value_is_a_label_few_values_are_named(project, write, run):  # noqa: F811 - the fixture
    write("f.csv", "ref,stars,note\n" + "".join(f"r{n},{n % 2},n{n}\n" for n in range(8)))
    done = run(*IMPORT, "f.csv", *TO)
    assert "--item ref (ids of 8 of 8 are there) tells the items; no value is a label of the task" in done.err
    assert "few values: stars (0, 1)" in done.err


def test_rows_that_are_wanted_alone_count(project, write, run, state):  # noqa: F811 - the fixture
    write("f.csv", TABLE)
    words = (*IMPORT, "f.csv", *TO, "--item", "ref", "--label", "kind", "--annotator", "who")
    done = run(*words, "--where", "state=DONE", "--where", "who=ana")
    assert "f.csv: 1 row -> 1 new label" in done.out
    assert "left out: 2 rows without who=ana, 1 row without state=DONE" in done.out
    before = state()
    done = run(*words, "--where", "state=open")
    assert done.code == 1
    assert "none of its 4 rows counts" in done.err
    assert "row without state=open: 4 rows" in done.err
    done = run(*words, "--where", "stat=done")
    assert "column 'stat': there is no such column. Fix: --where state, if that is meant" in done.err
    assert state() == before


def test_times_of_rows_that_do_not_count_are_not_looked_at(project, write, run):  # noqa: F811 - the fixture
    write("f.csv", "ref,kind,when,state\nr0,bug,2026-01-02,done\nr1,bug,never,open\n")
    words = ("--item", "ref", "--label", "kind", "--time", "when", "--where", "state=done")
    assert run(*IMPORT, "f.csv", *TO, *words).code == 0


def test_columns_of_marks_are_labels(project, write, run):  # noqa: F811 - the fixture
    rows = "r0,ana,true,false\nr1,ana,0,1\nr2,ana,,\nr3,ana,x,yes\nr4,ana,Bug,\nr5,bo,0.2,0.9\nr6,bo,yes,no\n"
    write("f.csv", "ref,who,Answer.kind.Bug,Answer.kind.Praise\n" + rows)
    words = ("--item", "ref", "--annotator", "who", "--label-columns", "Answer.kind.Bug,Answer.kind.Praise")
    done = run(*IMPORT, "f.csv", *TO, *words, "--json").json
    assert (done["added"], done["unlabelled"], done["several"]) == (5, 1, 1)
    assert labels_of(run) == {
        ("r0", "ana"): "bug",
        ("r1", "ana"): "praise",
        ("r4", "ana"): "bug",
        ("r5", "bo"): "praise",
        ("r6", "bo"): "bug",
    }


def test_an_id_inside_of_a_name_is_cut_out(project, write, run):  # noqa: F811 - the fixture
    write("f.csv", "file,label\ns3://feedback/r0.txt,bug\ns3://feedback/r1.txt,praise\n")
    refused = run(*IMPORT, "f.csv", *TO)
    done = run(*IMPORT, "f.csv", *TO, *shlex.split(TOLD.search(refused.err)[1]), "--json").json
    assert done["added"] == 2
    for pattern, says in (("r.", "has no group that says where the id stands"), ("(", "is no regular expression")):
        done = run(*IMPORT, "f.csv", *TO, "--item", "file", "--item-pattern", pattern)
        assert done.code == 1
        assert says in done.err


SEVERAL = "\n".join(
    json.dumps({"text": "t", "label": labels, "ref": f"r{n}"}) for n, labels in enumerate((["bug", "praise"], ["bug"]))
)


def test_of_several_labels_the_first_counts_where_that_is_asked_for(project, write, run, state):  # noqa: F811
    write("f.jsonl", SEVERAL)
    before = state()
    refused = run(*IMPORT, "f.jsonl", *TO, "--item", "ref")
    assert refused.code == 1
    assert "1 answer of 2 choose several labels" in refused.err
    assert "Most often: bug + praise (1)" in refused.err
    assert "--first-label takes the first label of each answer" in refused.err
    assert state() == before
    assert run(*IMPORT, "f.jsonl", *TO, "--item", "ref", "--first-label", "--json").json["added"] == 2


def test_several_labels_in_a_cell_are_several_labels(project, write, run):  # noqa: F811 - the fixture
    write("f.csv", "item_id,label\nr0,bug|praise\nr1,bug\nr2,praise\n")
    done = run(*IMPORT, "f.csv", *TO)
    assert "put aside, since several labels are chosen: 1 row" in done.out
    assert "line 2: chooses several labels: bug, praise" in done.out


def test_several_labels_in_rows_of_their_own_are_said(project, write, run):  # noqa: F811 - the fixture
    write("f.csv", "item_id,label,who\nr0,bug,ana\nr0,praise,ana\nr1,bug,ana\nr1,bug,bo\n")
    done = run(*IMPORT, "f.csv", *TO, "--annotator", "who")
    assert "1 answer of several labels, each in a row of its own (first: line 2 and line 3)" in done.out
    assert "superseded: 1 earlier answer of ana" in done.out


@pytest.mark.parametrize("command", [("ingest", "f.csv", "--source", "survey"), (*IMPORT, "f.csv", *TO)])
def test_the_second_row_of_headers_of_a_survey_is_no_item(project, write, run, command):  # noqa: F811 - the fixture
    write("f.csv", "Respondent ID,Collector ID,Why?,Mood\n,,Open-Ended Response,Response\n1,2,slow,bug\n")
    done = run(*command)
    assert done.code == 1
    assert "--skip-rows 1" in done.err


def test_a_multilabel_task_refuses_gold_with_counts_and_a_remedy(project, write, run, state):  # noqa: F811
    path = project / "labeling_functions" / "kind" / "schema" / "v1.py"
    path.write_text(
        path.read_text(encoding="utf-8").replace('version="1.0.0",', 'version="1.0.0", scale="multilabel",')
    )
    write("f.jsonl", SEVERAL)
    before = state()
    done = run(*IMPORT, "f.jsonl", *TO, "--item", "ref")
    assert done.code == 1
    assert "gold of that kind cannot be kept yet. f.jsonl has 2 answers, 1 of them with several labels" in done.err
    assert "chooses bug, praise" in done.err
    assert state() == before
