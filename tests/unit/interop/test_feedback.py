"""Feedback files become typed columns, with line numbers, or a clear error."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from retrolabel.errors import IngestError, InputError
from retrolabel.interop import columns, feedback, raw
from retrolabel.interop.feedback import FeedbackReader
from retrolabel.interop.raw import BATCH_ROWS
from retrolabel.interop.rows import TableFile


class Read:
    """All that a reader gave: one table, the line of each row, and the broken rows."""

    def __init__(self, reader):
        batches = list(reader.batches())
        self.reader = reader
        self.table = pa.concat_tables([table for table, _, _ in batches])
        self.lines = [line for _, lines, _ in batches for line in lines]
        self.broken = {problem.where: problem.what for _, _, broken in batches for problem in broken}
        self.notes = reader.notes

    def column(self, name):
        return self.table.column(name).to_pylist()


@pytest.fixture
def read(tmp_path):
    """Write bytes under a name and read them as feedback."""

    def go(content, name="f.csv", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Read(FeedbackReader(path, **options))

    return go


def parquet(**columns):
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


# CSV -------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_no_part_of_the_first_name(read):
    assert read(b"\xef\xbb\xbfcomment,n\nx,1\n").reader.contract == {"comment": "string", "n": "integer"}


def test_line_numbers_count_the_lines_of_quoted_cells(read):
    found = read('id,comment\n1,"one\ntwo\nthree"\n2,x\n3\n4,"a ""b"" c"\n', id_column="id")
    assert found.lines == [2, 5, 7]
    assert found.column("comment") == ["one\ntwo\nthree", "x", 'a "b" c']
    assert found.broken == {"line 6": "has 1 cells, the header has 2"}


def test_windows_line_ends_change_nothing(read):
    assert read('comment\r\nx\r\n"y\r\nz"\r\n').column("comment") == ["x", "y\r\nz"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_seen_in_the_header(read, delimiter):
    found = read(
        f"a{delimiter}b\n1{delimiter}x, y; z\n" if delimiter == "\t" else f'a{delimiter}b\n1{delimiter}"x, y; z"\n'
    )
    assert found.column("b") == ["x, y; z"]


def test_tsv_and_gzip_are_read_by_their_names(read):
    assert read("a\tb\n1\tx\n", "f.tsv").column("b") == ["x"]
    assert read(gzip.compress(b"a,b\n1,x\n"), "f.csv.gz").column("b") == ["x"]
    assert read(gzip.compress(b'{"b": "x"}\n'), "f.jsonl.gz").column("b") == ["x"]


def test_too_many_and_too_few_cells_are_broken_rows(read):
    found = read("a,b\n1,2\n1\n1,2,3\n\n4,5\n")
    assert found.column("a") == [1, 4]
    assert found.broken == {
        "line 3": "has 1 cells, the header has 2",
        "line 4": "has 3 cells, the header has 2",
    }


def test_the_header_of_a_file_that_was_put_behind_another_is_a_broken_row(read):
    found = read("id,text\n1,hi\nid,text\n2,id\n", id_column="id")
    assert found.column("item_id") == ["1", "2"]
    assert found.broken == {"line 3": "says the column names again"}
    assert read("text\nhi\ntext\n").column("text") == ["hi", "text"]  # of one column it may be a word


@pytest.mark.parametrize("odd", [" A1", "A1 ", "A1\u00a0", "cafe\u0301"])
def test_an_id_that_is_another_one_though_it_looks_the_same_is_kept_and_noted(read, odd):
    found = read(f"id,text\nA1,hi\n{odd},ho\n caf\u00e9,hm\n", id_column="id")
    assert found.column("item_id") == ["A1", odd, " caf\u00e9"]
    assert any(note.startswith("2 ids with white space around them") and repr(odd) in note for note in found.notes)


def test_ids_that_look_like_what_they_are_need_no_note(read):
    assert read("id,text\nA1,hi\na1,ho\ncaf\u00e9 3,hm\n", id_column="id").notes == ["'id' is kept as item_id"]


def test_broken_utf8_breaks_its_row_only_and_names_the_column(read):
    found = read(b"a,b\n1,caf\xc3\xa9\n2,caf\xe9\n3,x\n")
    assert found.column("b") == ["caf\u00e9", "x"]
    assert found.broken == {"line 3": "column 'b' is not UTF-8"}


def test_a_nul_breaks_its_row_only(read):
    found = read("number,text\n1,a longer text without it\n2,a\x00b\n")
    assert found.column("number") == [1]
    assert found.broken == {"line 3": "column 'text' holds a NUL character"}


@pytest.mark.parametrize("quote", ['"', ""])
def test_a_cell_of_more_than_a_mebibyte_breaks_its_row_only(read, quote):
    found = read(f"a,b\n1,{quote}{'x' * (2**20 + 1)}{quote}\n2,y\n3,{'x' * 2**20}\n")
    assert found.column("a") == [2, 3]
    assert list(found.broken) == ["line 2"]
    assert "longer than 1,048,576" in found.broken["line 2"]


def test_an_unclosed_quotation_mark_is_told_with_the_lines_that_it_swallowed(read):
    found = read('a,b\n1,x\n2,"open\n3,y\n4,z\n')
    assert found.column("a") == [1]
    assert found.broken == {"lines 3 to 5": "a quotation mark is not closed before the file ends"}


def test_text_after_a_closing_quotation_mark_breaks_its_row_only(read):
    found = read('a,b\n1,"x"y\n2,z\n')
    assert found.column("a") == [2]
    assert list(found.broken) == ["line 2"]


def test_an_empty_cell_is_a_missing_value(read):
    assert read("a,b\n1,\n,x\n").column("b") == [None, "x"]


@pytest.mark.parametrize(
    ("header", "says"),
    [("a,a\n1,2\n", "names that cannot be used"), ("\na\n1\n", "no header line"), ('"a\n1\n', "quotation mark")],
)
def test_a_header_that_cannot_be_used_is_refused(read, header, says):
    with pytest.raises(InputError, match=says):
        read(header)


def test_a_file_of_several_batches_keeps_its_lines(read):
    rows = BATCH_ROWS + 7
    found = read("n\n" + "".join(f"{n}\n" for n in range(rows)))
    assert found.table.num_rows == rows
    assert found.column("n")[-1] == rows - 1
    assert found.lines[-1] == rows + 1


def test_batches_are_closed_by_size_too(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("a\n" + ("x" * 1_000_000 + "\n") * 150)
    sizes = [len(batch.lines) for batch in TableFile(path).batches()]
    assert len(sizes) >= 3
    assert max(sizes) < 80


# Types -----------------------------------------------------------------------------------------

INFERRED = {
    "integer": (["1", "-2", "", "0"], "integer", [1, -2, None, 0]),
    "missing": (["1", "NA", "n/a", "null", "NaN", "None", "3"], "integer", [1, None, None, None, None, None, 3]),
    "number": (["1", "2.5", "1e3", "-.5"], "number", [1.0, 2.5, 1000.0, -0.5]),
    "boolean": (["true", "FALSE", "True", ""], "boolean", [True, False, True, None]),
    "leading_zeros": (["007", "12"], "string", ["007", "12"]),
    "zero_point": (["0.5", "0"], "number", [0.5, 0.0]),
    "mixed": (["1", "true"], "string", ["1", "true"]),
    "words": (["1", "two", "NA"], "string", ["1", "two", "NA"]),
    "spaces": ([" 1", "2"], "string", [" 1", "2"]),
    "all_missing": (["", ""], "string", [None, None]),
    "eighteen_digits": (["123456789012345678", "1"], "integer", [123456789012345678, 1]),
    "infinite": (["inf", "1"], "string", ["inf", "1"]),
    "dates": (["2026-01-01", "2026-01-02"], "string", ["2026-01-01", "2026-01-02"]),
    "phones": (["+49 1", "12"], "string", ["+49 1", "12"]),
    "underscores": (["1_000", "2"], "string", ["1_000", "2"]),
}


@pytest.mark.parametrize("case", INFERRED)
def test_a_csv_column_gets_the_narrowest_type_that_fits_all_its_values(read, case):
    values, kind, wanted = INFERRED[case]
    found = read("n,v\n" + "".join(f"{n},{value}\n" for n, value in enumerate(values)))
    assert found.reader.contract["v"] == kind
    assert found.column("v") == wanted
    assert found.broken == {}


@pytest.mark.parametrize("digits", ["1234567890123456789", "9223372036854775807", "12345678901234567890"])
def test_a_long_whole_number_loses_no_digit(read, digits):
    found = read(f"n,tweet\n1,{digits}\n2,5\n")
    assert str(found.column("tweet")[0]) == digits


def test_digits_of_other_scripts_stay_text(read):
    assert read("n,v\n1,\u0663\n").column("v") == ["\u0663"]


def test_values_that_do_not_fit_a_known_contract_break_their_rows(read):
    found = read("n,v\n1,5\nx,6\n3,many\n", known={"n": "integer", "v": "integer"})
    assert found.column("v") == [5]
    assert found.broken == {
        "line 3": "column 'n': 'x' is no integer, which the source's contract says",
        "line 4": "column 'v': 'many' is no integer, which the source's contract says",
    }


# Ids and times ---------------------------------------------------------------------------------


def test_ids_are_texts_and_keep_their_zeros(read):
    assert read("item_id,v\n007,1\n7,2\n").column("item_id") == ["007", "7"]


def test_whole_numbers_become_decimal_strings(read):
    big = 2**53 + 1
    assert read(f'{{"item_id": {big}}}\n', "f.jsonl").column("item_id") == [str(big)]
    assert read(parquet(item_id=pa.array([big], pa.int64())), "f.parquet").column("item_id") == [str(big)]


@pytest.mark.parametrize(
    "row", ['{"item_id": 1.0}', '{"item_id": true}', '{"item_id": [1]}', '{"item_id": null}', "{}"]
)
def test_ids_that_are_no_texts_or_whole_numbers_break_their_rows(read, row):
    found = read(f'{{"item_id": "a"}}\n{row}\n', "f.jsonl")
    assert found.column("item_id") == ["a"]
    assert list(found.broken) == ["line 2"]


def test_float_ids_of_parquet_refuse_the_file(read):
    with pytest.raises(IngestError, match="floating-point numbers, which lose digits"):
        read(parquet(item_id=[1.0]), "f.parquet")


def test_without_an_id_column_ids_are_left_to_be_derived(read):
    assert read("v\nx\n").column("item_id") == [None]


def test_another_column_is_taken_as_id_and_said(read):
    found = read("number,v\n5,x\n", id_column="number")
    assert found.column("item_id") == ["5"]
    assert found.notes == ["'number' is kept as item_id"]
    assert found.reader.contract == {"v": "string"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01 12:00:00+02:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T12:00:00.123456Z", datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)),
        ("2261-12-31", datetime(2261, 12, 31, tzinfo=UTC)),
        ("1678-01-01", datetime(1678, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_utc(read, text, wanted):
    assert read(f"created_at,v\n{text},x\n").column("created_at") == [wanted]


@pytest.mark.parametrize(
    "text", ["yesterday", "31.12.2025", "2026-02-30", "2026-13-01", "12/31/2025", "1611122112", "5"]
)
def test_what_is_no_iso_date_breaks_its_row_and_is_quoted(read, text):
    found = read(f"created_at,v\n2026-01-01,x\n{text},y\n")
    assert found.column("v") == ["x"]
    assert f"'{text}' is no date" in found.broken["line 3"]


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01", "1677-12-31", "2262-01-01T00:00:00Z"])
def test_a_time_outside_of_1678_to_2261_breaks_its_row(read, text):
    found = read(f"created_at,v\n2026-01-01,x\n{text},y\n")
    assert found.column("v") == ["x"]
    assert found.broken == {
        "line 3": f"column 'created_at': '{text}' lies outside of the years 1678 to 2261, which are kept"
    }


def test_a_day_first_text_breaks_its_row_with_both_readings_and_the_option(read):
    found = read("created_at,v\n2020-02-01,x\n03-02-2020,y\n")
    assert found.column("v") == ["x"]
    assert found.broken["line 3"] == (
        "column 'created_at': '03-02-2020' is no date (ISO 8601, as 2026-03-01 or 2026-03-01T12:00:00Z):"
        " day first it is '3 February 2020', month first it is '2 March 2020';"
        ' --time-format "%d-%m-%Y" or "%m-%d-%Y" says which'
    )


def test_a_time_format_reads_the_whole_column_in_every_kind_of_file(read):
    wanted = [datetime(2020, 2, 17, tzinfo=UTC), datetime(2020, 2, 3, tzinfo=UTC)]
    texts = ["17-02-2020", "03-02-2020"]
    lines = "".join(f'{{"created_at": "{text}", "v": "x"}}\n' for text in texts)
    for content, name in (
        (f"created_at,v\n{texts[0]},x\n{texts[1]},y\n", "f.csv"),
        (lines, "f.jsonl"),
        (parquet(created_at=texts, v=["x", "y"]), "f.parquet"),
    ):
        assert read(content, name, time_format="%d-%m-%Y").column("created_at") == wanted


def test_epochs_are_read_as_the_format_says(read):
    found = read('{"created_at": 1580688000}\n{"created_at": "1580688000.5"}\n', "f.jsonl", time_format="epoch-s")
    assert found.column("created_at") == [
        datetime(2020, 2, 3, tzinfo=UTC), datetime(2020, 2, 3, 0, 0, 0, 500_000, tzinfo=UTC)
    ]  # fmt: skip


def test_a_time_format_without_a_column_of_times_is_refused(read):
    with pytest.raises(IngestError, match="there is no column of times that it would read"):
        read("item_id,v\n1,x\n", time_format="epoch-s")


def test_a_contracts_column_of_times_reads_no_day_first_text_either(read):
    found = read("v,closed\nx,2020-02-03\ny,03-02-2020\n", known={"v": "string", "closed": "time"})
    assert found.column("closed") == [datetime(2020, 2, 3, tzinfo=UTC)]
    assert "day first it is '3 February 2020'" in found.broken["line 3"]


def test_epoch_seconds_in_jsonl_are_no_dates_either(read):
    found = read('{"created_at": "2026-01-01"}\n{"created_at": 1611122112}\n', "f.jsonl")
    assert list(found.broken) == ["line 2"]


def test_naive_times_are_noted_once_and_others_are_not(read):
    assert read("created_at,v\n2026-01-01T10:00:00,x\n2026-01-02,y\n").notes == [
        "times in 'created_at' name no zone and were taken as UTC"
    ]
    for text in ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00+01:00", "2026-01-01T10:00:00+0100"):
        assert read(f"created_at,v\n{text},x\n").notes == []


def test_a_zone_of_hours_alone_is_a_zone(read):
    found = read("created_at,v\n2026-01-01T10:00:00+01,x\n")
    assert found.column("created_at") == [datetime(2026, 1, 1, 9, tzinfo=UTC)]
    assert found.notes == []


def test_parquet_times_of_any_unit_and_zone_become_utc_microseconds(read):
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for kind in (pa.timestamp("ns", "UTC"), pa.timestamp("s", "Europe/Berlin"), pa.timestamp("ms", "-05:00")):
        found = read(parquet(created_at=pa.array([moment], kind), v=["x"]), "f.parquet")
        assert found.column("created_at") == [moment]
        assert found.notes == []
    naive = read(parquet(created_at=pa.array([moment.replace(tzinfo=None)], pa.timestamp("us")), v=["x"]), "f.parquet")
    assert naive.column("created_at") == [moment]
    assert len(naive.notes) == 1


# JSON lines ------------------------------------------------------------------------------------


def test_nested_values_become_json_text(read):
    found = read('{"v": {"b": 1, "a": [1, "\u00e9"]}}\n{"v": "plain"}\n', "f.jsonl")
    assert found.column("v") == ['{"a": [1, "\u00e9"], "b": 1}', "plain"]


@pytest.mark.parametrize("name", ["f.jsonl", "f.json"])
def test_what_stands_deeper_in_json_is_a_column_where_a_path_asks_for_it(read, name):
    rows = ['{"id": {"no": 7}, "review": {"text": "x", "stars": 5}, "tags": ["a", "b"]}', '{"id": {"no": 8}}']
    content = "\n".join(rows) if name == "f.jsonl" else f"[{','.join(rows)}]"
    asked = {"text": "review.text", "first_tag": "tags[0]"}
    found = read(content, name, id_column="id.no", renames=asked, drops=["review", "tags", "id"])
    assert found.reader.contract == {"text": "string", "first_tag": "string"}
    assert (found.column("item_id"), found.column("text")) == (["7", "8"], ["x", None])
    assert found.column("first_tag") == ["a", None]


def test_jsonl_types_come_from_the_values(read):
    found = read('{"i": 1, "n": 1, "b": true, "s": "1", "m": 1}\n{"i": 2, "n": 2.5, "b": null, "m": "x"}\n', "f.jsonl")
    assert found.reader.contract == {"i": "integer", "n": "number", "b": "boolean", "s": "string", "m": "string"}
    assert found.column("m") == ["1", "x"]


def test_columns_that_come_late_in_a_jsonl_file_are_there(read):
    found = read('{"a": 1}\n{"a": 2, "b": "x"}\n', "f.jsonl")
    assert found.column("b") == [None, "x"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b'{"v": NaN}', "NaN is not JSON"),
        (b'{"v": Infinity}', "Infinity is not JSON"),
        (b'{"v": ', "is not JSON"),
        (b"[1, 2]", "is not a JSON object"),
        (b'"text"', "is not a JSON object"),
        (b'{"v": "caf\xe9"}', "is not UTF-8"),
        (b'{"v": "\\ud800"}', "is not UTF-8"),
        (b'{"v": "a\\u0000b"}', "NUL"),
        (b'{"v": ' + b"[" * 100_000, "is not JSON"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_json_object_breaks_alone(read, line, says):
    found = read(b'{"v": "a"}\n\n' + line + b'\n{"v": "b"}\n', "f.jsonl")
    assert found.column("v") == ["a", "b"]
    assert found.lines == [1, 4]
    assert says in found.broken["line 3"]


def test_a_byte_order_mark_before_json_lines_is_skipped(read):
    assert read(b'\xef\xbb\xbf{"v": "a"}\n', "f.jsonl").column("v") == ["a"]


def test_a_number_too_large_for_64_bits_is_kept_as_text(read):
    found = read(f'{{"v": {2**70}}}\n{{"v": 1}}\n', "f.jsonl")
    assert [str(value) for value in found.column("v")] == [str(2**70), "1"]


def test_classes_stay_numbers_in_a_source_that_has_numbers(read):
    feature = {"info": {"features": {"label": {"names": ["neg", "pos"], "_type": "ClassLabel"}}}}
    table = pa.table({"label": [1, 0]}).replace_schema_metadata({"huggingface": json.dumps(feature)})
    stream = io.BytesIO()
    pq.write_table(table, stream)
    assert read(stream.getvalue(), "f.parquet").column("label") == ["pos", "neg"]
    assert read(stream.getvalue(), "f.parquet", known={"label": "integer"}).column("label") == [1, 0]


# Parquet ---------------------------------------------------------------------------------------

ARROW = {
    "dictionary": (pa.array(["a", "b", "a"]).dictionary_encode(), "string", ["a", "b", "a"]),
    "large_string": (pa.array(["a", None, "c"], pa.large_string()), "string", ["a", None, "c"]),
    "string_view": (pa.array(["a", None, "c"], pa.string_view()), "string", ["a", None, "c"]),
    "date32": (pa.array([date(2026, 1, 1)] * 3), "time", [datetime(2026, 1, 1, tzinfo=UTC)] * 3),
    "decimal": (pa.array([Decimal("1.10"), None, Decimal("2.00")]), "string", ["1.10", None, "2.00"]),
    "uint64": (pa.array([2**64 - 1, 0, None], pa.uint64()), "string", [str(2**64 - 1), "0", None]),
    "int8": (pa.array([1, None, -1], pa.int8()), "integer", [1, None, -1]),
    "float32": (pa.array([0.5, None, 1.0], pa.float32()), "number", [0.5, None, 1.0]),
    "boolean": (pa.array([True, None, False]), "boolean", [True, None, False]),
    "list": (pa.array([[1, 2], None, []]), "string", ["[1, 2]", None, "[]"]),
    "struct": (pa.array([{"b": 1, "a": "x"}] * 3), "string", ['{"a": "x", "b": 1}'] * 3),
    "null": (pa.nulls(3), "string", [None, None, None]),
}


@pytest.mark.parametrize("case", ARROW)
def test_a_parquet_column_keeps_its_values(read, case):
    array, kind, wanted = ARROW[case]
    found = read(parquet(v=array), "f.parquet")
    assert found.reader.contract == {"v": kind}
    assert found.column("v") == wanted
    assert found.lines == [1, 2, 3]


@pytest.mark.parametrize("array", [pa.array([b"x"]), pa.array([b"xx"], pa.binary(2)), pa.array([1], pa.duration("s"))])
def test_a_parquet_column_that_no_function_can_read_is_refused_unless_dropped(read, array):
    content = parquet(v=array, w=["x"])
    with pytest.raises(IngestError) as caught:
        read(content, "f.parquet")
    assert caught.value.problems[0].remedy == "--drop v"
    assert read(content, "f.parquet", drops=["v"]).column("w") == ["x"]


def test_a_nul_in_a_parquet_text_breaks_its_row_only(read):
    found = read(parquet(v=["a", "a\x00b"]), "f.parquet")
    assert found.column("v") == ["a"]
    assert found.broken == {"row 2": "column 'v' holds a NUL character"}


def test_nan_in_a_parquet_number_is_taken_in(read):
    found = read(parquet(v=[1.0, float("nan")]), "f.parquet")
    assert found.column("v")[0] == 1.0
    assert found.broken == {}


def test_a_parquet_file_without_rows_gives_none(tmp_path):
    path = tmp_path / "f.parquet"
    path.write_bytes(parquet(v=pa.array([], pa.string())))
    assert list(FeedbackReader(path).batches()) == []


# Contracts -------------------------------------------------------------------------------------


def refused(read, content, name="f.csv", **options):
    with pytest.raises(IngestError) as caught:
        read(content, name, **options)
    return [f"{problem.where} {problem.what}" for problem in caught.value.problems]


def test_a_second_file_lacks_a_column_or_has_one_more(read):
    known = {"comment": "string", "stars": "integer"}
    assert refused(read, "comment,rating\nx,1\n", known=known) == [
        "column 'stars' is missing here",
        "column 'rating' is new here",
    ]


def remedies(read, content, **options):
    with pytest.raises(IngestError) as caught:
        read(content, "f.csv", **options)
    return {problem.where: problem.remedy for problem in caught.value.problems}


def test_the_only_column_that_is_missing_may_have_another_name(read):
    assert remedies(read, "text\nx\n", known={"comment": "string"}) == {
        "column 'comment'": 'if it is called text here: --map comment="text"; else --widen takes it as empty',
        "column 'text'": 'if it is the comment of the source: --map comment="text"; if it is new: --drop text,'
        " or --widen to add it to the source",
    }


def test_the_map_that_is_told_makes_the_file_fit(read):
    found = read("text\nx\n", known={"comment": "string"}, renames={"comment": "text"})
    assert found.column("comment") == ["x"]


def test_of_several_new_columns_the_nearest_may_be_the_one_that_is_missing(read):
    assert remedies(read, "my text,coment,stars\nx,y,1\n", known={"comment": "string"}, renames={"z": "my text"}) == {
        "column 'comment'": 'if it is called coment here: --map comment="coment"; else --widen takes it as empty',
        "column 'z'": "--drop z, or --widen to add it to the source",
        "column 'coment'": 'if it is the comment of the source: --map comment="coment"; if it is new: --drop coment,'
        " or --widen to add it to the source",
        "column 'stars'": "--drop stars, or --widen to add it to the source",
    }


def test_where_no_new_column_is_near_all_of_them_are_named(read):
    found = remedies(read, "text,stars\nx,1\n", known={"comment": "string"})
    assert (
        found["column 'comment'"] == "if it is one of text, stars: --map comment=COLUMN; else --widen takes it as empty"
    )


def test_a_column_that_was_renamed_is_told_by_its_name_in_the_file(read):
    found = remedies(read, "my text\nx\n", known={"comment": "string"}, renames={"texts": "my text"})
    assert '--map comment="my text"' in found["column 'comment'"]


def test_a_jsonl_file_may_leave_a_column_out(read):
    found = read('{"comment": "x"}\n', "f.jsonl", known={"comment": "string", "stars": "integer"})
    assert found.column("stars") == [None]


def test_widen_takes_missing_columns_as_empty_and_adds_new_ones(read):
    found = read("comment,rating\nx,1\n", known={"comment": "string", "stars": "integer"}, widen=True)
    assert found.reader.contract == {"comment": "string", "stars": "integer", "rating": "integer"}
    assert found.column("stars") == [None]


def test_a_parquet_file_of_other_types_is_refused(read):
    known = {"a": "integer", "b": "string"}
    assert refused(read, parquet(a=["x"], b=["y"]), "f.parquet", known=known) == [
        "column 'a' is string here, integer in the source"
    ]


def test_a_parquet_integer_fits_a_number_and_not_the_other_way(read):
    assert read(parquet(a=[1]), "f.parquet", known={"a": "number"}).column("a") == [1.0]
    assert refused(read, parquet(a=[1.5]), "f.parquet", known={"a": "integer"})


def test_names_that_no_labeling_function_can_use_are_refused_with_a_mapping(read):
    with pytest.raises(IngestError) as caught:
        read("Issue Title,1st,ok\na,b,c\n")
    assert [problem.where for problem in caught.value.problems] == ["column 'Issue Title'", "column '1st'"]
    assert all(problem.remedy.startswith("--map ") for problem in caught.value.problems)


def test_renamed_and_dropped_columns(read):
    found = read("Issue Title,secret\na,b\n", renames={"title": "Issue Title"}, drops=["secret"])
    assert found.reader.contract == {"title": "string"}
    assert found.column("title") == ["a"]


def test_options_that_contradict_each_other_or_the_file_are_all_told(read):
    problems = refused(read, "a,b\n1,2\n", id_column="a", drops=["a", "zz"], renames={"c": "yy"})
    assert len(problems) == 3


def test_two_columns_of_one_new_name_are_refused(read):
    assert "column 'b' would exist twice" in refused(read, "a,b\n1,2\n", renames={"b": "a"})


def test_a_second_id_like_column_is_refused(read):
    assert refused(read, "item_id,number\n1,2\n", id_column="number")


# Kinds of files --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_rows_of_later_batches_keep_their_numbers(kind, read, monkeypatch):
    monkeypatch.setattr(raw, "BATCH_ROWS", 3)
    values = ["a", "b", "c", "d", "e", "f", "g\x00", "h", "i\x00", "j"]
    content = {
        "csv": "v,w\n" + "".join(f"{value},1\n" for value in values),
        "jsonl": "".join(json.dumps({"v": value, "w": 1}) + "\n" for value in values),
        "parquet": parquet(v=values, w=[1] * 10),
    }[kind]
    found = read(content, f"f.{kind}")
    word, first = {"csv": ("line", 2), "jsonl": ("line", 1), "parquet": ("row", 1)}[kind]
    assert set(found.broken) == {f"{word} {first + 6}", f"{word} {first + 8}"}
    assert found.lines == [first + n for n in (0, 1, 2, 3, 4, 5, 7, 9)]


# Texts that say that nothing is there -----------------------------------------------------------


SAYS_NOTHING = ["NA", "N/A", "n/a", "null", "NULL", "nan", "NaN", "None"]


@pytest.mark.parametrize("said", SAYS_NOTHING)
@pytest.mark.parametrize("number", ["3", "3.5", "true"])
def test_a_text_that_becomes_missing_in_a_column_of_numbers_is_counted_by_column_and_spelling(read, said, number):
    found = read(f"id,n,comment\n1,{number},x\n2,{said},y\n3,{said},z\n", id_column="id")
    assert found.column("n")[1:] == [None, None]
    assert found.reader.missing == {"n": {said: 2}}
    kind = found.reader.contract["n"]
    assert found.notes[1] == (
        f"column 'n' ({kind}): 2 cells became missing: \"{said}\" 2;"
        " --keep-na in a source's first ingest keeps the column as text"
    )


@pytest.mark.parametrize("said", SAYS_NOTHING)
def test_a_text_in_a_column_of_texts_stays_what_it_says(read, said):
    found = read(f"comment\nx\n{said}\n")
    assert found.column("comment") == ["x", said]
    assert found.reader.missing == {}
    assert found.notes == []


@pytest.mark.parametrize("said", SAYS_NOTHING)
def test_keep_na_makes_a_column_of_numbers_and_such_texts_one_of_texts(read, said):
    found = read(f"id,n\n1,3\n2,{said}\n", id_column="id", keep_na=True)
    assert found.column("n") == ["3", said]
    assert found.reader.missing == {}


@pytest.mark.parametrize("kind", ["integer", "number", "boolean"])
def test_keep_na_puts_such_a_text_aside_where_the_source_holds_numbers(read, kind):
    found = read("id,n\n2,NA\n", id_column="id", keep_na=True, known={"n": kind})
    assert found.broken == {"line 2": f"column 'n': 'NA' is no {kind}, which the source's contract says"}


def test_an_empty_cell_is_missing_by_right_and_not_counted(read):
    found = read("id,n\n1,3\n2,\n", id_column="id")
    assert (found.column("n"), found.reader.missing) == ([3, None], {})
    assert read("id,n\n1,3\n2,\n", id_column="id", keep_na=True).column("n") == [3, None]


def test_tabs_between_cells_change_nothing_of_what_is_counted(read):
    assert read("id\tn\n1\t3\n2\tNA\n", "f.tsv", id_column="id").reader.missing == {"n": {"NA": 1}}


def test_a_row_that_is_put_aside_does_not_count_among_the_missing(read):
    found = read("id,n\n1,3\n,NA\n2,NA\n", id_column="id")
    assert found.reader.missing == {"n": {"NA": 1}}


def test_null_of_json_is_missing_by_right_and_the_text_null_is_counted(read):
    rows = '{"n": null}\n{"n": "null"}\n{"n": 4}\n'
    found = read(rows, "f.jsonl", known={"n": "integer"})
    assert found.column("n") == [None, None, 4]
    assert found.reader.missing == {"n": {"null": 1}}
    assert found.notes == ["column 'n' (integer): 1 cell became missing: \"null\" 1; --keep-na puts such rows aside"]
    assert read(rows, "f.jsonl").column("n") == [None, "null", "4"]


def test_texts_of_parquet_stay_what_they_say(read):
    found = read(parquet(comment=["NA", None, "null"]), "f.parquet")
    assert found.column("comment") == ["NA", None, "null"]
    assert found.reader.missing == {}


def test_a_key_that_json_says_twice_is_told_with_its_line(read):
    found = read('{"c": "a"}\n{"c": "b", "c": "d", "n": {"k": 1, "k": 2}}\n', "f.jsonl")
    assert found.column("c") == ["a", "d"]
    assert found.reader.repeated_keys == {"c": 1, "k": 1}
    assert found.notes == [
        "a JSON object says a key more than once, 2 times (first: line 2): 'k', 'c'; the last value counts"
    ]


# As many columns as rows --------------------------------------------------------------------------


def test_rows_that_each_have_a_key_of_their_own_are_read_value_by_value(read, tmp_path, monkeypatch):
    count = 40
    looked: list[object] = []
    monkeypatch.setitem(columns.CONVERTERS, "string", lambda value: looked.append(value) or value)
    rows = "".join(f'{{"k{row}": "v{row}"}}\n' for row in range(count))
    found = read(rows, "f.jsonl")
    assert looked == [f"v{row}" for row in range(count)]
    assert found.column("k7") == [None] * 7 + ["v7"] + [None] * (count - 8)
    (batch,) = TableFile(tmp_path / "f.jsonl").batches()
    assert sum(len(column.filled) for column in batch.columns.values()) == count


def test_many_columns_are_compared_with_as_many_others_without_looking_for_the_nearest_of_each(read, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(feedback, "nearest", lambda name, _: asked.append(name))
    row = "{" + ", ".join(f'"n{column}": "v"' for column in range(200)) + "}\n"
    with pytest.raises(IngestError, match="does not fit the contract"):
        read(row, "f.jsonl", known={f"o{column}": "string" for column in range(200)})
    assert asked == []
