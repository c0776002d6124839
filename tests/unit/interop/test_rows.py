"""Tables are told by what is inside, and read however they are written."""

from __future__ import annotations

import bz2
import codecs
import datetime as dt
import gzip
import io
import json
import lzma
import zipfile

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

from retrolabel.errors import InputError
from retrolabel.interop.dialects import Dialect
from retrolabel.interop.rows import TableFile, kind_of

WHOLE = {"id": ["1", "2"], "text": ["a, b", 'say "x"\nagain']}
CSV = 'id,text\n1,"a, b"\n2,"say ""x""\nagain"\n'


def zipped(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_dot_", "."), content)
    return stream.getvalue()


def hugging_face(**features):
    told = {"info": {"features": features}}
    return {b"huggingface": json.dumps(told).encode()}


@pytest.fixture
def read(tmp_path):
    def go(content, name="f.csv", **dialect):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        table = TableFile(path, Dialect(**dialect))
        batches = list(table.batches())
        columns = {
            column: [value for batch in batches for value in as_list(batch.columns.get(column, []))]
            for column in table.columns
        }
        broken = [str(problem) for batch in batches for problem in batch.broken]
        return table, columns, [line for batch in batches for line in batch.lines], broken

    return go


def as_list(values):
    return values.to_pylist() if isinstance(values, pa.Array) else list(values)


# What it is --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("f.csv", b"", "is empty"),
        ("f.csv", b"PAR1" + bytes(100), "no readable Parquet"),
        ("f.csv", b"PK\x03\x04" + bytes(100), "damaged archive"),
        ("f.csv", "a,b\n".encode("utf-16"), "is UTF-16, not UTF-8"),
        ("f.jsonl", b"\xfe\xff\x00{\x00}", "is UTF-16, not UTF-8"),
        ("f.csv", "a,b,c,d,e,f\n".encode("utf-16-be"), "is UTF-16-BE, not UTF-8"),
        ("f.csv", bytes(range(256)), "binary data"),
        ("f.parquet", b"a,b\n1,2\n", "no Parquet or Arrow file"),
        ("f.xls", b"\xd0\xcf\x11\xe0" + bytes(9), "a workbook of an old Excel"),
        ("f.db", b"SQLite format 3\x00" + bytes(9), "a database of SQLite"),
        ("f.csv", b"\n<!doctype html><p>Log in", "is a web page"),
        ("feedback", b"no cells here\nnor here\n", "text without cells"),
        ("f.zip", zipped(a_dot_csv=CSV, b_dot_csv=CSV), "archive of 2 files"),
        ("f.ods", zipped(content_dot_xml="<x/>"), "OpenDocument"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_with_what_helps(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=says) as caught:
        TableFile(tmp_path / name)
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["A.CSV", "f.tsv", "f.txt", "f", "f.json.csv", "SMSSpamCollection", "f.csv.gz"])
def test_a_table_is_one_whatever_its_name(read, name):
    table, columns, lines, broken = read(CSV, name)
    assert (table.kind, columns, lines, broken) == ("csv", WHOLE, [2, 3], [])


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, lambda raw: zipped(a_dot_csv=raw)])
def test_a_packed_table_is_unpacked_whatever_its_name(read, pack):
    assert read(pack(CSV.encode()))[1] == WHOLE


@pytest.mark.parametrize(
    "content",
    ['[{"id": "1", "text": "x"}]', '{"id": "1", "text": "x"}\n', '{"data": [{"id": "1", "text": "x"}]}'],
)
@pytest.mark.parametrize("name", ["f.json", "f.jsonl", "f.txt", "f.csv"])
def test_json_is_told_by_its_first_character(read, content, name):
    if name == "f.csv" and content.startswith("[{"):
        assert kind_of_text(read, content, name) == "json"
    assert read(content, name)[1] == {"id": ["1"], "text": ["x"]}


def kind_of_text(read, content, name):
    return read(content, name)[0].kind


def test_a_table_whose_first_cell_begins_like_json_is_a_table_by_its_name(tmp_path):
    (tmp_path / "f.csv").write_text("[id],text\n1,x\n")
    assert kind_of(tmp_path / "f.csv") == "csv"


def test_lines_of_fasttext_are_labels_and_texts(read):
    content = "__label__bug so slow, again\n\n__label__a __label__b both\nno label\n__label__bug\n"
    table, columns, lines, _ = read(content, "train.txt")
    assert (table.kind, lines) == ("fasttext", [1, 3, 4, 5])
    assert columns["label"] == ["bug", '["a", "b"]', None, "bug"]
    assert columns["text"] == ["so slow, again", "both", "no label", None]


# How cells are parted ----------------------------------------------------------------------------


@pytest.mark.parametrize(("mark", "called"), [(";", "semicolon"), ("\t", "tab"), ("|", "pipe")])
def test_what_parts_cells_is_found_and_said(read, mark, called):
    table, columns, _, _ = read(f"id{mark}text\n1{mark}a, b, c\n2{mark}d\n")
    assert columns == {"id": ["1", "2"], "text": ["a, b, c", "d"]}
    assert table.notes == [f"cells are parted by {called} (--delimiter {called})"]


def test_of_two_marks_that_fit_as_well_the_comma_stands_in_texts(read):
    assert read("id\tname, first\n1\tDoe, Jo\n2\tRoe, Al\n")[0].columns == ["id", "name, first"]


def test_commas_in_a_first_item_part_no_cells_where_tabs_do(read):
    content = "ham\tGo until jurong, crazy..\nspam\tFree entry\nham\tOk, lar, joking\n"
    assert read(content, header=("label", "text"))[1]["text"][0] == "Go until jurong, crazy.."


def test_lines_are_items_where_nothing_parts_them(read):
    table, columns, lines, _ = read('one, two\n\n"three; four\n', "f.txt", header=("text",), delimiter="none")
    assert (columns, lines) == ({"text": ["one, two", '"three; four']}, [1, 3])
    assert table.notes == []


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(read, ends):
    assert read(f"a,b{ends}1,x{ends}2,y{ends}")[1] == {"a": ["1", "2"], "b": ["x", "y"]}


@pytest.mark.parametrize("said", ["ab", "", '"', "\n"])
def test_what_cannot_part_cells_is_refused(read, said):
    with pytest.raises(InputError, match="is not one character"):
        read(CSV, delimiter=said)


# Where it begins, and what columns are called ----------------------------------------------------


def test_lines_before_the_header_are_told_and_skipped(read):
    content = "Export of reviews\nmade on 2026-01-02\n\nid,text,stars\n" + "".join(f"{n},x,5\n" for n in range(5))
    with pytest.raises(InputError, match="first line has 1 cell, and most lines have 3") as caught:
        read(content)
    assert caught.value.remedy.startswith("if line 4 names the columns (id, text, stars): --skip-lines 3; ")
    _, columns, lines, _ = read(content, skip_lines=3)
    assert (columns["id"], lines) == (["0", "1", "2", "3", "4"], [5, 6, 7, 8, 9])


def test_rows_in_which_a_survey_says_what_was_asked_are_told_and_skipped(read):
    content = 'Q1,Q2\nHow was it?,Why?\n"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\ngood,fast\nbad,slow\n'
    with pytest.raises(InputError, match="in its first 2 rows after the header") as caught:
        read(content)
    assert caught.value.remedy == "--skip-rows 2 passes over them"
    _, columns, lines, _ = read(content, skip_rows=2)
    assert (columns, lines) == ({"Q1": ["good", "bad"], "Q2": ["fast", "slow"]}, [4, 5])


def test_a_header_that_lacks_the_name_of_the_first_column_is_told(read):
    content = "text,stars\n" + "".join(f"{n},x,5\n" for n in range(5))
    with pytest.raises(InputError) as caught:
        read(content)
    assert caught.value.remedy == "if the first column has no name: --skip-lines 1 --header row,text,stars"
    assert read(content, skip_lines=1, header=("row", "text", "stars"))[1]["row"] == ["0", "1", "2", "3", "4"]


def test_a_few_rows_of_another_width_are_rows_and_no_header(read):
    _, columns, _, broken = read("a,b\n1,x\n2,y,z\n3,v\n4,w\n")
    assert columns["a"] == ["1", "3", "4"]
    assert broken == ["line 3: has 3 cells, the header has 2. Fix: quote cells with commas"]


def test_names_that_are_given_make_the_first_line_an_item(read):
    assert read("1,x\n2,y\n", header=("id", "text"))[1] == {"id": ["1", "2"], "text": ["x", "y"]}


@pytest.mark.parametrize(
    ("header", "says"),
    [(("a",), "names 1 column, and the first line has 2 cells: 1, x"), (("a", "a"), "names 'a' twice")],
)
def test_names_that_do_not_fit_are_refused(read, header, says):
    with pytest.raises(InputError) as caught:
        read("1,x\n", header=header)
    assert says in str(caught.value)


def test_columns_without_a_name_of_their_own_are_called_by_their_places(read):
    table, columns, _, _ = read(",text,text,\n0,a,b,c\n")
    assert columns == {"#1": ["0"], "text": ["a"], "#3": ["b"], "#4": ["c"]}
    assert table.by_place["#3"] == "its header cell says 'text', as an earlier one does"


# Encodings ---------------------------------------------------------------------------------------

ROWS = ["caf\u00e9 au lait", "\u201cso\u201d", "na\u00efve", "10 \u20ac"]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_file_in_another_encoding_is_refused_with_what_a_likely_one_reads(read, kind):
    lines = ["text", *ROWS] if kind == "csv" else [json.dumps({"text": text}, ensure_ascii=False) for text in ROWS]
    content = "\n".join(lines).encode("cp1252")
    with pytest.raises(InputError, match="is not UTF-8: 5 places from line") as caught:
        read(content, f"f.{kind}")
    assert caught.value.problems[0].remedy == "--encoding cp1252"
    assert "caf\u00e9 au lait" in caught.value.problems[0].what
    assert read(content, f"f.{kind}", encoding="cp1252")[1]["text"] == ROWS


def test_letters_of_another_script_are_likely_in_its_own_encoding(read):
    words = (
        "\u043f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440",
        "\u043d\u0435\u0442",
        "\u0441\u043f\u0430\u0441\u0438\u0431\u043e",
    )
    text = "\n".join(("text", *words))
    with pytest.raises(InputError) as caught:
        read(text.encode("cp1251"))
    assert "--encoding cp1251" in [problem.remedy for problem in caught.value.problems]


def test_a_few_places_in_a_file_of_utf8_are_damage_and_put_aside(read):
    content = b"text\n" + "\n".join(["\u00e9"] * 20).encode() + b"\ncaf\xe9\n\xe9\xe9\xe9\n"
    _, columns, _, broken = read(content)
    assert columns["text"] == ["\u00e9"] * 20
    assert [problem.split(":")[0] for problem in broken] == ["line 22", "line 23"]
    assert "--encoding cp1252" in broken[0]


def test_rows_are_put_aside_where_utf8_is_what_was_said(read):
    content = b"text\nok\n" + b"caf\xe9\n" * 5
    assert read(content, encoding="utf-8")[1]["text"] == ["ok"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8", "utf8", "UTF-8-SIG"])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "json"])
def test_marks_of_byte_order_are_no_part_of_a_name(read, encoding, kind):
    text = {
        "csv": "id,text\n1,\u00e9\n",
        "jsonl": '{"id": "1", "text": "\u00e9"}\n',
        "json": '[{"id": "1", "text": "\u00e9"}]',
    }
    content = text[kind].encode(encoding)
    if encoding in ("utf-8", "utf8"):
        content = codecs.BOM_UTF8 + content
    assert read(content, f"f.{kind}", encoding=encoding)[1] == {"id": ["1"], "text": ["\u00e9"]}


def test_an_encoding_that_python_does_not_know_is_refused(read):
    with pytest.raises(InputError, match="no encoding that Python knows"):
        read(CSV, encoding="cp-1252-x")


def test_bytes_that_an_encoding_does_not_have_are_put_aside(read):
    _, columns, _, broken = read(b"text\nok\nbad \x81\n", encoding="cp1252")
    assert columns["text"] == ["ok"]
    assert broken == ["line 3: column 'text' is not cp1252. Fix: is it another encoding?"]


# Typed columns -----------------------------------------------------------------------------------


def parquet(table):
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def arrow(table, make):
    stream = io.BytesIO()
    with make(stream, table.schema) as writer:
        writer.write_table(table)
    return stream.getvalue()


LABELS = {"label": {"names": ["neg", "pos"], "_type": "ClassLabel"}, "text": {"dtype": "string", "_type": "Value"}}


@pytest.mark.parametrize("form", ["parquet", "file", "stream"])
def test_classes_of_hugging_face_are_their_names(read, form):
    table = pa.table({"text": ["a", "b", "c"], "label": pa.array([1, 0, -1])}).replace_schema_metadata(
        hugging_face(**LABELS)
    )
    make = {"file": pyarrow.ipc.new_file, "stream": pyarrow.ipc.new_stream}
    content = parquet(table) if form == "parquet" else arrow(table, make[form])
    found, columns, _, _ = read(content, "f")
    assert columns == {"text": ["a", "b", "c"], "label": ["pos", "neg", None]}
    assert found.notes == ["'label' numbers classes whose names the file knows, and holds these: neg, pos"]


@pytest.mark.parametrize(
    "feature",
    [
        {"feature": LABELS["label"], "_type": "Sequence"},
        {"feature": LABELS["label"], "_type": "List"},
        [LABELS["label"]],
    ],
)
def test_lists_of_classes_are_lists_of_their_names(read, feature):
    table = pa.table({"labels": [[1, 0], [], None]}).replace_schema_metadata(hugging_face(labels=feature))
    assert read(parquet(table), "f.parquet")[1] == {"labels": ['["pos", "neg"]', "[]", None]}


def test_metadata_that_are_no_features_do_not_matter(read):
    table = pa.table({"label": [1]}).replace_schema_metadata({b"huggingface": b"not json"})
    assert read(parquet(table), "f.parquet")[1] == {"label": [1]}


def test_dictionary_columns_are_read(read):
    table = pa.table({"label": pa.array(["a", "b", "a"]).dictionary_encode()})
    assert read(parquet(table), "f.parquet")[1] == {"label": ["a", "b", "a"]}


# Workbooks ---------------------------------------------------------------------------------------


def workbook(**sheets):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_sheet_is_read_with_the_values_of_its_cells(read):
    day = dt.datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001 - a workbook knows no zone
    rows = [["id", "text", "when", "ok"], [1, "a", day, True], [], [2, None, None, False], [3, "#N/A", None, None]]
    table, columns, lines, _ = read(workbook(S=rows, Empty=[]), "f.xlsx")
    assert (table.kind, lines) == ("excel", [2, 4, 5])
    assert columns == {
        "id": [1, 2, 3],
        "text": ["a", None, None],
        "when": ["2026-01-02T03:04:00", None, None],
        "ok": [True, False, None],
    }


def test_a_workbook_of_several_sheets_asks_which(read):
    content = workbook(One=[["a"], [1]], Two=[["b"], [2]])
    with pytest.raises(InputError, match=r"several sheets: One \(2 rows\), Two \(2 rows\)") as caught:
        read(content, "f.xlsx")
    assert "--sheet One" in caught.value.remedy
    assert read(content, "f.xlsx", sheet="Two")[1] == {"b": [2]}
    with pytest.raises(InputError, match="no sheet 'Too'"):
        read(content, "f.xlsx", sheet="Too")


def test_a_title_above_a_sheets_header_is_told_and_skipped(read):
    rows = [["Reviews of 2026"], [], ["id", "text", "stars"], *([n, "x", 5] for n in range(5))]
    content = workbook(S=rows)
    with pytest.raises(InputError) as caught:
        read(content, "f.xlsx")
    assert caught.value.remedy == "if line 3 names the columns (id, text, stars): --skip-lines 2"
    assert read(content, "f.xlsx", skip_lines=2)[1]["id"] == [0, 1, 2, 3, 4]
