"""Gold on its way to others: who may see it, under which version, an item a row."""

from __future__ import annotations

from typing import ClassVar

import pyarrow as pa
import pytest

from retrolabel.errors import GoldError
from retrolabel.jobs.gold.exporting import PEOPLE_COLUMNS, GoldTable
from retrolabel.jobs.gold.going_out import by_item, column_problems, hide_from_people, one_version, with_columns
from retrolabel.jobs.records.feedback import Segment


def answers(*rows):
    """Return a table of answers: item, person, label, role, and more if it is said."""
    names = ("item_id", "annotator", "label", "role")
    full = [
        {**dict.fromkeys(PEOPLE_COLUMNS), "source": "app", "schema": "1.0.0", **dict(zip(names, row, strict=False)),
         **(row[4] if len(row) > 4 else {})}
        for row in rows
    ]  # fmt: skip
    table = pa.Table.from_pylist(full, schema=pa.schema(list(PEOPLE_COLUMNS.items())))
    files = {("app", "1.0.0"): len(rows)}
    return GoldTable("kind", None, table, files, {}, ("known before",))


def test_an_item_has_its_answers_in_the_order_in_which_they_came():
    found = answers(
        ("b", "ana", "bug", "dev", {"seconds": 2.0, "labelled_at": "2026-05-01T00:00:00+00:00", "rationale": "why"}),
        ("a", "unnamed", "wish", "test"),
        ("b", "bo", "wish", "dev"),
    )
    rows = by_item(found.table).to_pylist()
    assert [(row["item_id"], row["role"], row["label"], row["probability"]) for row in rows] == [
        ("b", "dev", None, None), ("a", "test", None, None)
    ]  # fmt: skip
    nothing = {"labelled_at": None, "seconds": None, "rationale": None}
    ana = {
        "annotator": "ana", "label": "bug", "labelled_at": "2026-05-01T00:00:00+00:00", "seconds": 2.0,
        "rationale": "why",
    }  # fmt: skip
    assert rows[0]["answers"] == [ana, {"annotator": "bo", "label": "wish", **nothing}]
    assert rows[1]["answers"] == [{"annotator": None, "label": "wish", **nothing}]


def test_items_of_the_same_id_in_two_sources_are_two():
    found = answers(("a", "ana", "bug", "dev"), ("a", "ana", "wish", "dev", {"source": "web"}))
    assert [row["source"] for row in by_item(found.table).to_pylist()] == ["app", "web"]


def test_test_gold_and_honeypots_are_hidden_and_told():
    found = answers(
        ("a", "ana", "bug", "dev"),
        ("b", "ana", "bug", "test"),
        ("c", "bo", "bug", "test"),
        ("d", "bo", "bug", "honeypot"),
    )
    shown = hide_from_people(found, None, "kind")
    assert shown.table.column("item_id").to_pylist() == ["a"]
    assert shown.counts == {("app", "1.0.0"): 1}
    before, note = shown.notes
    assert before == "known before"
    assert note.startswith("2 answers of test gold and 1 answer of honeypot gold left out")
    assert note.endswith("--role test or --role honeypot writes them")


@pytest.mark.parametrize("role", ["test", "honeypot"])
def test_what_is_asked_for_by_name_is_shown(role):
    found = answers(("b", "ana", "bug", role))
    assert hide_from_people(found, role, "kind") is found


def test_gold_that_nobody_may_see_is_refused():
    with pytest.raises(GoldError, match="All human labels of kind are 1 answer of test gold"):
        hide_from_people(answers(("b", "ana", "bug", "test")), None, "kind")


def test_answers_are_of_one_version_or_none_is_chosen():
    table = answers(("a", "ana", "bug", "dev")).table
    one = GoldTable("kind", None, table, {("app", "1.0.0"): 3, ("web", "1.0.0"): 1}, {})
    assert one_version(one, "prodigy") == "1.0.0"
    two = GoldTable("kind", None, table, {("app", "1.0.0"): 3, ("web", "2.0.0"): 5, ("app", "2.0.0"): 1}, {})
    with pytest.raises(GoldError) as caught:
        one_version(two, "prodigy")
    assert "(3 answers under 1.0.0, 6 answers under 2.0.0)" in caught.value.message
    assert caught.value.remedy == "write a file of each: --schema 2.0.0"


CONTRACTS = [{"item_id": "string", "review": "string", "stars": "integer"}, {"body": "string"}]


@pytest.mark.parametrize(
    ("columns", "taken", "said"),
    [
        (["review", "body", "created_at"], [], []),
        (["revew"], [], ["--with revew: no item has such a column; did you mean 'review'?"]),
        (["item_id"], [], ["--with item_id: no item has such a column"]),
        (["stars"], ["stars"], ["--with stars: is the name of a column of the export itself"]),
        (["body", "body"], [], ["--with body: is named twice"]),
    ],
)
def test_columns_that_cannot_stand_beside_it_are_told(columns, taken, said):
    found = [f"{each.where}: {each.what}" for each in column_problems(columns, CONTRACTS, taken)]
    assert len(found) == len(said)
    for told, wanted in zip(found, said, strict=True):
        assert told.startswith(wanted.partition(";")[0])


class Book:
    """A book of feedback with two segments of one source, one of whose items was revised, and one of another."""

    def __init__(self):
        self._segments = [
            Segment("1", "app", 2, "1.parquet", "", {"review": "", "stars": ""}, (0,)),
            Segment("2", "app", 1, "2.parquet", "", {"review": "", "stars": ""}),
            Segment("3", "web", 1, "3.parquet", "", {"stars": ""}),
        ]

    def sources(self):
        return {"app": {"review": "string", "stars": "integer"}, "web": {"stars": "string"}}

    def segments(self, sources):
        return [each for each in self._segments if each.source in sources]


class Tables:
    """The files of those segments."""

    HELD: ClassVar = {
        "1.parquet": {"item_id": ["a", "b"], "review": ["old", "slow"], "stars": [1, 2]},
        "2.parquet": {"item_id": ["a"], "review": ["new"], "stars": [5]},
        "3.parquet": {"item_id": ["a"], "stars": ["many"]},
    }

    def read_table(self, path, columns, **_):
        return pa.table(self.HELD[path]).select(columns)


def test_columns_are_those_of_the_items_as_they_are_now():
    table = pa.table({"source": ["app", "app", "app"], "item_id": ["b", "a", "gone"]})
    found = with_columns(table, ["review", "stars"], Book(), Tables())
    assert found.column("review").to_pylist() == ["slow", "new", None]
    assert found.column("stars").type == pa.int64()


def test_a_column_in_which_sources_differ_is_text_and_one_that_a_source_lacks_is_missing():
    table = pa.table({"source": ["web", "app"], "item_id": ["a", "a"]})
    found = with_columns(table, ["stars", "review"], Book(), Tables())
    assert found.column("stars").to_pylist() == ["many", "5"]
    assert found.column("review").to_pylist() == [None, "new"]
