"""Files of human labels become rows, or an error that tells every fault."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from retrolabel.errors import GoldError, InputError
from retrolabel.interop.gold import GoldReader, People, read_gold

COLUMNS = {
    "item_id": "item_id",
    "label": "label",
    "annotator": None,
    "role": None,
    "rationale": None,
    "labelled_at": None,
}


@pytest.fixture
def read(tmp_path):
    def go(content, name="gold.csv", **columns):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_gold(path, COLUMNS | columns)

    return go


def test_rows_bring_their_line_and_what_the_columns_hold(read):
    text = 'item_id,label,who,when,why\n1,good,ana,2026-01-01T10:00:00+01:00,"two\nlines"\n2,,ben,,\n'
    first, second = read(text, annotator="who", labelled_at="when", rationale="why")
    assert (first.line, first.item_id, first.label, first.annotator) == (2, "1", "good", "ana")
    assert first.labelled_at == datetime(2026, 1, 1, 9, tzinfo=UTC)
    assert first.rationale == "two\nlines"
    assert (second.line, second.label, second.labelled_at) == (4, None, None)


def test_whole_numbers_become_the_texts_that_items_have(read):
    assert [row.item_id for row in read('{"item_id": 12, "label": "good"}\n', "gold.jsonl")] == ["12"]


def test_labels_that_are_numbers_are_read_as_texts(read):
    assert read('{"item_id": "a", "label": 1}\n', "gold.jsonl")[0].label == "1"


@pytest.mark.parametrize("nothing", ['""', "null"])
def test_an_empty_text_is_no_answer_no_role_and_no_reason(read, nothing):
    row = f'{{"item_id": "a", "label": {nothing}, "role": {nothing}, "why": {nothing}, "who": {nothing}}}\n'
    (found,) = read(row, "gold.jsonl", role="role", rationale="why", annotator="who")
    assert (found.label, found.role, found.rationale, found.annotator) == (None, None, None, None)


def test_parquet_is_read_too(tmp_path):
    path = tmp_path / "gold.parquet"
    pq.write_table(pa.table({"item_id": [1, 2], "label": pa.array(["a", None]).dictionary_encode()}), path)
    assert [(row.item_id, row.label) for row in read_gold(path, COLUMNS)] == [("1", "a"), ("2", None)]


def test_every_missing_column_is_told_with_the_nearest(read):
    with pytest.raises(GoldError) as caught:
        read("item,labels,whom\n1,a,b\n", annotator="who")
    assert len(caught.value.problems) == 3
    assert caught.value.problems[1].remedy == "--label labels, if that is meant"


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        ('{"item_id": 1.5, "label": "a"}\n', "gold.jsonl", "floating-point"),
        ("item_id,label,when\n1,a,soon\n", "gold.csv", "'soon' is no date"),
        (b"item_id,label\n1,caf\xe9\n", "gold.csv", "not UTF-8"),
        ("item_id,label\n1\n", "gold.csv", "has 1 cells"),
        ('item_id,label\n1,"a\n', "gold.csv", "quotation mark"),
    ],
)
def test_rows_that_cannot_be_read_refuse_the_file(read, content, name, says):
    columns = {"labelled_at": "when"} if "when" in str(content) else {}
    with pytest.raises(GoldError) as caught:
        read(content, name, **columns)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("03-02-2020", "day first it is '3 February 2020', month first it is '2 March 2020'"),
        ("17-02-2020", '--time-format "%d-%m-%Y" reads it so'),
        ("10:30", "it is a time of day without its date"),
        ("1580688000", "--time-format epoch-s"),
        ("now", "'now' is no date"),
    ],
)
def test_times_of_gold_are_never_guessed(read, text, says):
    with pytest.raises(GoldError) as caught:
        read(f"item_id,label,when\n1,a,2020-02-01\n2,b,{text}\n", labelled_at="when")
    (problem,) = caught.value.problems
    assert problem.where == "line 3"
    assert says in problem.what


def test_numeric_epochs_in_jsonl_are_refused_without_a_format(read):
    with pytest.raises(GoldError, match="--time-format epoch-s reads it so"):
        read('{"item_id": "1", "label": "a", "when": 1580688000}\n', "gold.jsonl", labelled_at="when")


def test_a_time_format_reads_the_times_of_gold(tmp_path):
    path = tmp_path / "gold.csv"
    path.write_text("item_id,label,when\n1,a,17-02-2020\n2,b,03-02-2020\n3,c,\n")
    rows = read_gold(path, COLUMNS | {"labelled_at": "when"}, time_format="%d-%m-%Y")
    assert [row.labelled_at for row in rows] == [
        datetime(2020, 2, 17, tzinfo=UTC), datetime(2020, 2, 3, tzinfo=UTC), None
    ]  # fmt: skip


def test_a_time_format_without_a_column_of_times_is_refused(tmp_path):
    path = tmp_path / "gold.csv"
    path.write_text("item_id,label\n1,a\n")
    with pytest.raises(GoldError, match="--time COLUMN names it"):
        read_gold(path, COLUMNS, time_format="epoch-s")


def test_a_time_outside_of_1678_to_2261_is_said_of_its_row(read):
    first, second = read("item_id,label,when\n1,a,0001-01-01\n2,b,2020-02-03\n", labelled_at="when")
    assert first.wrong_time == (
        "column 'when': '0001-01-01' lies outside of the years 1678 to 2261, which are kept"
    )  # fmt: skip
    assert (first.labelled_at, second.wrong_time) == (None, None)


def test_a_cell_that_says_that_it_lies_outside_of_the_years_is_no_time_all_the_same(read):
    with pytest.raises(GoldError) as caught:
        read("item_id,label,when\n1,good,it lies outside of the years\n", labelled_at="when")
    assert "is no date" in str(caught.value.problems[0])


def test_a_typed_time_beyond_what_python_has_is_said_of_its_row(tmp_path):
    path = tmp_path / "gold.parquet"
    when = pa.array([2**62, 0], pa.timestamp("us", "UTC"))
    pq.write_table(pa.table({"item_id": ["1", "2"], "label": ["a", "b"], "when": when}), path)
    first, second = read_gold(path, COLUMNS | {"labelled_at": "when"})
    assert "lies outside of the years 1678 to 2261" in first.wrong_time
    assert second.labelled_at == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(("value", "says"), [('["a", "b"]', "a list"), ('{"id": "a"}', "an object")])
def test_a_list_or_an_object_where_a_label_was_expected_says_so(read, value, says):
    with pytest.raises(GoldError) as caught:
        read(f'{{"item_id": "1", "label": {value}}}\n', "gold.jsonl")
    assert f"line 1: column 'label': {says} where a label was expected" in str(caught.value.problems[0])


def test_float_ids_say_so_as_in_ingest(read, tmp_path):
    with pytest.raises(GoldError, match=r"3\.0' is no id; ids are texts or whole numbers, and this is a float"):
        read("item_id,label\n3.0,a\n")
    path = tmp_path / "gold.parquet"
    pq.write_table(pa.table({"item_id": [1.0], "label": ["a"]}), path)
    with pytest.raises(GoldError, match=r"The ids in 'item_id' of gold\.parquet are floating-point numbers"):
        read_gold(path, COLUMNS)


# Who said it -----------------------------------------------------------------------------------

WIDE = "item_id,ana,bo\n1,good,bad\n2,,bad\n"


def reader(tmp_path, text, people=None, label_ids=(), **columns):
    path = tmp_path / "gold.csv"
    path.write_text(text)
    return GoldReader(path, COLUMNS | {"label": None} | columns, people or People(), label_ids=label_ids)


def test_each_column_of_a_person_holds_that_persons_labels_and_an_empty_cell_none(tmp_path):
    rows = reader(tmp_path, WIDE, People(columns=("ana", "bo"))).rows()
    assert [(row.line, row.item_id, row.annotator, row.label) for row in rows] == [
        (2, "1", "ana", "good"), (2, "1", "bo", "bad"), (3, "2", "ana", None), (3, "2", "bo", "bad")
    ]  # fmt: skip


def test_one_name_is_given_to_all_rows(tmp_path):
    rows = reader(tmp_path, "item_id,label\n1,good\n2,bad\n", People("ana")).rows()
    assert [row.annotator for row in rows] == ["ana", "ana"]


@pytest.mark.parametrize(
    ("people", "columns", "says"),
    [
        (People("ana"), {"annotator": "bo"}, "--annotator-name ana: stands beside --annotator bo"),
        (People(" "), {"label": "ana"}, "--annotator-name: is empty"),
        (People("cy", ("ana", "bo")), {}, "--annotator-name cy: stands beside --annotator-columns ana,bo"),
        (People(columns=("ana", "bo")), {"label": "ana"}, "--label ana: stands beside --annotator-columns"),
        (People(columns=("ana", "bo")), {"annotator": "bo"}, "--annotator bo: stands beside --annotator-columns"),
        (People(columns=("ana", "ana")), {}, "--annotator-columns ana: is named twice"),
        (People(columns=("ana", "item_id")), {}, "--annotator-columns item_id: is given as --item too"),
        (People(columns=("ana", "cy")), {}, "column 'cy': there is no such column"),
    ],
)
def test_options_that_name_people_twice_are_refused(tmp_path, people, columns, says):
    with pytest.raises(GoldError) as caught:
        reader(tmp_path, WIDE, people, **columns)
    assert any(says in str(problem) for problem in caught.value.problems)


def test_rows_without_a_name_are_noted_as_one_unnamed_person(tmp_path):
    read = reader(tmp_path, "item_id,label,who\n1,a,ana\n2,b,\n3,c,\n", annotator="who")
    read.rows()
    assert read.notes() == ["2 rows without a name in 'who': taken as answers of one unnamed person"]


# Exports of our own ----------------------------------------------------------------------------

EXPORT = "source,item_id,label,probability,p_good,p_bad,covered,schema_version,label_set"


@pytest.mark.parametrize(
    "head",
    [
        EXPORT,
        "item_id,label,label_set",
        "item_id,label,p_good,p_bad",
        "item_id,label,probability,p_good",
        "item_id,label,probability,covered",
        "item_id,label,covered,schema_version",
        "item_id,label,Label_Set",
    ],
)
def test_an_export_of_a_label_set_is_refused_by_its_columns_with_what_to_do(tmp_path, head):
    values = ",".join("1" for _ in head.split(","))
    with pytest.raises(GoldError) as caught:
        reader(tmp_path, f"{head}\n{values}\n", label_ids=("good", "bad"))
    (problem,) = caught.value.problems
    assert "are those of a label set that retrolabel exported" in problem.what
    assert "--label COLUMN; if people did fill in label, take the columns" in problem.remedy


def test_an_export_whose_label_column_was_renamed_is_refused_too(tmp_path):
    with pytest.raises(GoldError, match="take the columns p_good, label_set out of the file"):
        reader(tmp_path, "item_id,truth,p_good,label_set\n1,good,1,x\n", label="truth")


@pytest.mark.parametrize(
    ("head", "label"),
    [
        (f"{EXPORT},human", "human"),
        ("item_id,label", None),
        ("item_id,label,probability", None),
        ("item_id,label,p_1,p_2", None),
        ("item_id,label,schema_version", None),
    ],
)
def test_what_people_filled_in_is_no_export(tmp_path, head, label):
    values = ",".join("1" for _ in head.split(","))
    assert len(reader(tmp_path, f"{head}\n{values}\n", label=label, label_ids=("good", "bad")).rows()) == 1


def test_all_bad_rows_are_told_at_once(read):
    with pytest.raises(GoldError) as caught:
        read("item_id,label,when\n1,a,soon\n2,b\n3,c,2026-01-01\n4,d,never\n", labelled_at="when")
    assert len(caught.value.problems) == 3


def test_a_header_alone_is_no_gold(read):
    with pytest.raises(GoldError, match="has no rows"):
        read("item_id,label\n")


def test_a_file_that_is_empty_or_missing_is_refused(read, tmp_path):
    with pytest.raises(InputError, match="is empty"):
        read("")
    with pytest.raises(InputError, match="There is no file"):
        read_gold(tmp_path / "none.csv", COLUMNS)
