"""Which rows and columns of a label set are exported."""

from __future__ import annotations

from types import SimpleNamespace
from typing import ClassVar

import pyarrow as pa
import pytest

from retrolabel.errors import InputError, StoreError
from retrolabel.jobs.label_sets.exporting import ExportRows, GoldBeside, Wanted, check_wanted
from retrolabel.jobs.ports.progress import Silence
from retrolabel.jobs.records.feedback import Segment
from retrolabel.schema.taxonomy import Taxonomy


class Labels:
    """A label set of four items of ``app``, of which the store has a segment of five rows, and one of ``web``."""

    id = "5e7" * 20
    labels = ("bug", "wish")
    taxonomy = Taxonomy.of({"bug": None, "wish": None})
    tells_guesses = True
    manifest: ClassVar = {
        "outputs": {"items": 5, "segments": [{"source": "app", "id": "1"}, {"source": "web", "id": "2"}]}
    }

    def __init__(self):
        self.objects = self

    def tables(self):
        yield table("app", ("a", "bug", 0.9, True, False), ("b", "wish", 0.6, True, False),
                    ("c", None, None, True, True), ("d", None, None, False, False))  # fmt: skip
        yield table("web", ("a", "bug", 0.8, True, False))

    def items_of(self, segment, columns):
        assert list(columns) == ["row"]
        return pa.table({"row": {"1": [0, 2, 3, 4], "2": [0]}[segment]})

    def read_table(self, path, columns, **_):
        held = {
            "1.parquet": {"review": ["A", "superseded", "B", "C", "D"], "stars": [1, 2, 3, 4, 5]},
            "2.parquet": {"stars": ["many"]},
        }
        return pa.table(held[path]).select(columns)


def table(source, *rows):
    names = ("item_id", "label", "probability", "covered", "guessed")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    types = {"item_id": pa.string(), "label": pa.string(), "probability": pa.float64()}
    made = {name: pa.array(column, types.get(name)) for name, column in columns.items()}
    return pa.table({"source": [source] * len(rows), **made})


CONTRACTS = {"app": {"review": "string", "stars": "integer"}, "web": {"stars": "string"}}
SEGMENTS = {
    "1": Segment("1", "app", 5, "1.parquet", "", {"review": "", "stars": ""}),
    "2": Segment("2", "web", 1, "2.parquet", "", {"stars": ""}),
}


def rows(wanted=None, gold=None, hidden=frozenset(), segments=SEGMENTS):
    made = Labels()
    return ExportRows(made, made.tables, wanted or Wanted(), segments, CONTRACTS, gold, Silence(), hidden)


def ids(found):
    return [(row["source"], row["item_id"]) for part in found for row in part.to_pylist()]


ALL = [("app", "a"), ("app", "b"), ("app", "c"), ("app", "d"), ("web", "a")]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Wanted(), [0, 1, 2, 3, 4]),
        (Wanted(only="labelled"), [0, 1, 4]),
        (Wanted(only="guessed"), [2]),
        (Wanted(only="uncovered"), [3]),
        (Wanted(min_probability=0.8), [0, 4]),
        (Wanted(min_probability=0.9), [0]),
        (Wanted(only="labelled", min_probability=0.7, sources=("web",)), [4]),
        (Wanted(sources=("app",)), [0, 1, 2, 3]),
    ],
)
def test_rows_are_those_that_are_asked_for_and_the_others_are_counted(wanted, left):
    found = rows(wanted)
    assert ids(found) == [ALL[place] for place in left]
    assert found.left_out == 5 - len(left)


def test_a_second_walk_counts_anew():
    found = rows(Wanted(only="guessed"))
    assert ids(found) == ids(found)
    assert found.left_out == 4


def test_hidden_items_stay_out_of_their_own_source_alone_and_only_those_that_were_asked_for_are_counted():
    hidden = frozenset({("app", "a"), ("app", "d"), ("web", "z")})
    found = rows(Wanted(only="labelled"), hidden=hidden)
    assert ids(found) == [("app", "b"), ("web", "a")]
    assert (found.of_test, found.left_out) == (1, 3)


def test_columns_are_those_of_the_rows_that_were_labelled_whatever_came_since():
    parts = list(rows(Wanted(("review",), only="labelled")))
    assert [part.column("review").to_pylist() for part in parts] == [["A", "B"], [None]]


def test_a_column_in_which_sources_differ_is_text_in_all_tables():
    parts = list(rows(Wanted(("stars",))))
    assert [part.column("stars").to_pylist() for part in parts] == [["1", "3", "4", "5"], ["many"]]
    assert len({part.schema for part in parts}) == 1


def test_tables_without_a_row_have_the_same_columns():
    parts = list(rows(Wanted(("stars", "review"), sources=("web",))))
    assert [part.num_rows for part in parts] == [0, 1]
    assert len({part.schema for part in parts}) == 1


def test_items_whose_segment_is_gone_are_said():
    with pytest.raises(StoreError, match="1 item of web"):
        list(rows(Wanted(("stars",)), segments={"1": SEGMENTS["1"]}))


# Gold ------------------------------------------------------------------------------------------

SAID = {
    ("app", "a"): ("bug", None, "dev"),
    ("app", "b"): ("wish", None, "test"),
    ("app", "c"): (None, "bug|wish", "calibration"),
}


def gold_of(gold):
    (part, _) = rows(gold=gold)
    names = [name for name in ("gold", "gold_partial", "gold_role") if name in part.column_names]
    return [tuple(row[name] for name in names) for row in part.to_pylist()]


def test_labels_of_test_gold_stay_out_and_the_role_does_not():
    gold = GoldBeside(SAID)
    assert gold_of(gold) == [
        ("bug", None, "dev"), (None, None, "test"), (None, "bug|wish", "calibration"), (None, None, None)
    ]  # fmt: skip
    assert gold.held_back == 1


def test_labels_of_test_gold_are_there_where_somebody_looks():
    gold = GoldBeside(SAID, of_test=True)
    assert gold_of(gold)[1] == ("wish", None, "test")
    assert gold.held_back == 0


def test_the_role_may_stand_alone():
    gold = GoldBeside(SAID, answers=False)
    assert gold_of(gold) == [("dev",), ("test",), ("calibration",), (None,)]
    assert gold.held_back == 0


def test_gold_of_a_table_without_a_row_has_its_columns():
    (_, empty) = rows(Wanted(sources=("app",)), GoldBeside(SAID))
    assert empty.schema.field("gold").type == empty.schema.field("gold_role").type == pa.string()


# What is refused -------------------------------------------------------------------------------


def refused(wanted, taken=(), **more):
    held = SimpleNamespace(
        **{name: getattr(Labels, name) for name in ("id", "labels", "taxonomy", "manifest", "tells_guesses")} | more
    )
    try:
        check_wanted(held, wanted, CONTRACTS, taken)
    except InputError as error:
        return [(each.where, each.what) for each in error.problems]
    return []


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(("review", "stars", "created_at"), "labelled", 1.0, ("app", "web")),
        Wanted(only="guessed", min_probability=0.5),
    ],
)
def test_what_there_is_may_be_asked_for(wanted):
    assert refused(wanted) == []


@pytest.mark.parametrize(
    ("wanted", "where", "what"),
    [
        (Wanted(sources=("ap",)), "--source ap", "the label set has no items of it"),
        (Wanted(("revew",)), "--with revew", "no item has such a column"),
        (Wanted(("review",), sources=("web",)), "--with review", "no item has such a column"),
        (Wanted(("stars", "stars")), "--with stars", "is named twice"),
        (Wanted(only="sure"), "--only sure", "there is no such kind of items"),
        (Wanted(min_probability=0.0), "--min-probability 0", "is no probability above 0 and up to 1"),
        (Wanted(min_probability=1.5), "--min-probability 1.5", "is no probability above 0 and up to 1"),
        (Wanted(only="uncovered", min_probability=0.5), "--min-probability", "uncovered items have none"),
    ],
)
def test_what_there_is_not_is_refused(wanted, where, what):
    ((place, said),) = refused(wanted)
    assert place == where
    assert what in said


def test_an_older_label_set_has_no_guesses():
    assert refused(Wanted(only="guessed"), tells_guesses=False) == [
        ("--only guessed", "this label set is older than guesses")
    ]


def test_names_of_the_export_s_own_columns_are_taken():
    assert refused(Wanted(("stars",)), taken=("stars",)) == [
        ("--with stars", "is the name of a column of the export itself")
    ]


def test_all_of_it_is_said_at_once():
    assert len(refused(Wanted(("x", "y"), "sure", 2.0, ("z",)))) == 5
