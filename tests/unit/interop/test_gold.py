"""Files of human labels become rows, or an error that tells every fault."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from retrolabel.errors import GoldError, InputError
from retrolabel.interop.gold import read_gold

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
