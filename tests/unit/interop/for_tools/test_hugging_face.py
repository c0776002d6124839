"""A folder for Hugging Face's library: classes, splits by role, what the labels are of."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from retrolabel.errors import InputError
from retrolabel.interop.for_tools.hugging_face import features, write
from tests.unit.interop.for_tools.items import question, suggestions


def roles(*given):
    return {"gold_role": pa.array(given, pa.string())}


def test_a_class_is_the_place_of_its_label_and_none_is_missing(tmp_path):
    table = suggestions(("a", "wish", 0.9), ("b", None, None), ("c", "bug", 0.8), **roles(None, None, None))
    assert write([table], tmp_path, question()) == 3
    found = pq.read_table(tmp_path / "data/train.parquet")
    assert found.column("label").to_pylist() == [1, None, 0]
    told = json.loads(found.schema.metadata[b"huggingface"])["info"]["features"]
    assert told["label"] == {"names": ["bug", "wish"], "_type": "ClassLabel"}
    assert set(told) == set(found.column_names)


def test_items_are_in_the_split_of_their_role_over_all_tables_and_the_card_names_the_files(tmp_path):
    one = suggestions(("a", "bug", 0.9), ("b", "bug", 0.9), **roles("test", None))
    two = suggestions(("c", "bug", 0.9), ("d", "bug", 0.9), **roles("honeypot", "test"))
    write([one, two], tmp_path, question())
    held = {path.stem: pq.read_table(path).column("item_id").to_pylist() for path in (tmp_path / "data").iterdir()}
    assert held == {"test": ["a", "d"], "train": ["b"], "honeypot": ["c"]}
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert [line.partition("path: ")[2] for line in card.splitlines() if "path: " in line] == [
        "data/train.parquet", "data/test.parquet", "data/honeypot.parquet"
    ]  # fmt: skip
    assert "- `test`: 2 items" in card
    assert "- `honeypot`: 1 item\n" in card


@pytest.mark.parametrize("label_set", ["5e7", ""])
def test_files_and_card_say_what_the_labels_are_of(tmp_path, label_set):
    write([suggestions(("a", "bug", 0.9), **roles(None))], tmp_path, question(label_set=label_set))
    origin = json.loads(pq.read_schema(tmp_path / "data/train.parquet").metadata[b"retrolabel"])
    assert origin["fingerprints"] == {"shape": "ab", "meaning": {"bug": "c"}}
    assert (origin["task"], origin["schema_version"], origin.get("label_set", "")) == ("kind", "1.0.0", label_set)
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    (line,) = (line for line in card.splitlines() if line.startswith("retrolabel: "))
    assert json.loads(line.partition(" ")[2]) == origin
    assert ("Labels by people" in card) is not bool(label_set)


def test_another_column_may_hold_the_role(tmp_path):
    write([suggestions(("a", "bug", 0.9), role=["dev"])], tmp_path, question(roles="role"))
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["dev.parquet"]


def test_a_data_set_without_a_row_is_refused_since_nothing_reads_it(tmp_path):
    with pytest.raises(InputError, match="reads no data set without a row"):
        write([suggestions(("a", "bug", 0.9), **roles(None)).slice(0, 0)], tmp_path, question())


def test_every_type_of_a_column_that_may_be_exported_is_described():
    schema = pa.schema(
        {"a": pa.string(), "b": pa.int64(), "c": pa.float64(), "d": pa.bool_(), "e": pa.timestamp("us", "UTC")}
    )
    assert [each["dtype"] for each in features(schema, []).values()] == [
        "string", "int64", "float64", "bool", "timestamp[us, tz=UTC]"
    ]  # fmt: skip
