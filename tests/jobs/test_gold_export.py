"""Gold for others: rows of items with what people differ on, rows of answers that come back as they were."""

from __future__ import annotations

import pandas as pd
import pytest

from retrolabel.errors import GoldError, InputError, StoreError, UnknownVersionError
from retrolabel.wiring.feedback import IngestOptions

ROWS = """\
item_id,who,label,why,at
0,ana,good,thanked,2026-02-01
0,ben,good,,2026-02-01
0,cleo,bad,sounds cold,2026-02-01
1,ana,good,,2026-02-01
1,ben,bad,it is wrong,2026-02-01
2,ana,bad,,2026-02-01
2,ben,bad,,2026-02-01
3,ana,bad,first,2026-02-01
3,ana,good,second,2026-02-02
"""
ANSWERS = {"annotator": "who", "rationale": "why", "time": "at"}


@pytest.fixture
def ws(project):
    """The project with eighty items, four of which three people answered under version 1."""
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=80), "web")
    file = project.write("answers.csv", ROWS)
    opened.task("mood").gold.import_file(file, "web", role="dev", sampling="random", sampling_is_right=True, **ANSWERS)
    return opened


def setting(project, value):
    project.write("retrolabel.toml", f'store = ".retrolabel"\ntracking = false\n[tasks.mood]\nadjudication = {value}\n')
    return project.open().task("mood").gold


def under_v2(project, ws):
    """Let ana say of item 2, under version 2, that it is slow."""
    project.add_v2()
    again = project.write("again.csv", "item_id,who,label\n2,ana,slow\n")
    ws.task("mood").gold.import_file(again, "web", role="dev", annotator="who")


def rows(frame, *columns):
    return [tuple(None if pd.isna(each) else each for each in row) for row in frame[list(columns)].to_numpy().tolist()]


# Items -----------------------------------------------------------------------------------------


def test_an_item_a_row_with_how_it_was_decided_and_why(ws):
    frame = ws.task("mood").gold.frame()
    assert list(frame) == [
        "source", "item_id", "label", "partial", "kind", "role", "adjudicated", "schema_version", "decided",
        "annotators", "agree", "batch", "probability", "rationale",
    ]  # fmt: skip
    assert rows(frame, "item_id", "label", "decided", "annotators", "agree", "rationale") == [
        ("0", "good", "majority", 3, 2, "ana: thanked"),
        ("1", None, "tie", 2, None, "ben: it is wrong"),
        ("2", "bad", "unanimous", 2, 2, None),
        ("3", "good", "unanimous", 1, 1, "ana: second"),
    ]
    assert set(rows(frame, "source", "role", "schema_version", "batch", "probability")) == {
        ("web", "dev", "1.0.0", 1, 4 / 80)
    }


def test_the_adjudicator_s_answer_is_the_label_with_its_rationale_alone(project, ws):
    frame = setting(project, '"person:cleo"').frame()
    assert rows(frame, "item_id", "label", "decided", "agree", "rationale")[0] == (
        "0", "bad", "adjudicator", 1, "cleo: sounds cold"
    )  # fmt: skip


def test_a_label_that_is_several_in_the_version_is_in_partial(project, ws):
    under_v2(project, ws)
    gold = ws.task("mood").gold
    assert rows(gold.frame(), "item_id", "label", "partial", "kind", "adjudicated", "schema_version") == [
        ("0", "good", "good", "exact", "good", "1.0.0"),
        ("1", None, None, None, None, "1.0.0"),
        ("2", "slow", "slow", "exact", "slow", "2.0.0"),
        ("3", "good", "good", "exact", "good", "1.0.0"),
    ]
    setting(project, '"person:cleo"')
    item = setting(project, '"person:cleo"').frame().iloc[0]
    assert (item["partial"], item["kind"], item["adjudicated"]) == ("slow|wrong", "set", "bad")
    assert pd.isna(item["label"])
    assert rows(gold.frame(to="1.0.0"), "label")[2] == ("bad",)


def test_items_whose_text_was_revised_have_no_label_and_say_that_they_are_suspect(project, ws):
    revised = project.write("revised.csv", "item_id,created_at,comment\n2,2026-01-03T12:00:00Z,another text\n")
    ws.feedback.ingest(revised, "web", options=IngestOptions(revise=True))
    frame = ws.task("mood").gold.frame(soft=True)
    assert rows(frame, "item_id", "label", "kind", "shares_of", "share_bad")[2] == ("2", None, "suspect", 0, None)


def test_soft_gold_has_the_share_of_each_label_and_parts_of_answers_that_leave_several(project, ws):
    assert rows(ws.task("mood").gold.frame(soft=True), "item_id", "shares_of", "share_good", "share_bad") == [
        ("0", 3, pytest.approx(2 / 3), pytest.approx(1 / 3)), ("1", 2, 0.5, 0.5), ("2", 2, 0.0, 1.0), ("3", 1, 1.0, 0.0)
    ]  # fmt: skip
    under_v2(project, ws)
    shares = rows(
        ws.task("mood").gold.frame(soft=True), "item_id", "shares_of", "share_good", "share_slow", "share_wrong"
    )
    # Of item 0 cleo's bad is slow or wrong; of item 2 ana's newer answer is slow, and ben's is slow or wrong.
    assert shares[0] == ("0", 3, pytest.approx(2 / 3), pytest.approx(1 / 6), pytest.approx(1 / 6))
    assert shares[2] == ("2", 2, 0.0, 0.75, 0.25)


def test_a_role_and_a_source_choose_items_and_a_wrong_one_is_refused(project, ws):
    gold = ws.task("mood").gold
    test = project.write("test.csv", "item_id,label\n7,good\n")
    gold.import_file(test, "web", role="test")
    assert rows(gold.frame(role="test"), "item_id", "role") == [("7", "test")]
    assert len(gold.frame()) == 5
    with pytest.raises(GoldError, match="Did you mean 'test'"):
        gold.frame(role="tests")
    with pytest.raises(GoldError, match="There are no calibration labels of mood yet"):
        gold.frame(role="calibration")
    with pytest.raises(GoldError, match="Did you mean 'web'"):
        gold.frame(source="wep")
    with pytest.raises(UnknownVersionError):
        gold.frame(to="9.0.0")


# Files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_the_name_of_the_file_says_the_format(project, ws, kind):
    gold = ws.task("mood").gold
    path = project.folder / f"gold.{kind}"
    found = gold.export(path, soft=True)
    read = {
        "csv": lambda: pd.read_csv(path, dtype={"item_id": str}),
        "jsonl": lambda: pd.read_json(path, lines=True, dtype={"item_id": str}),
        "parquet": lambda: pd.read_parquet(path),
    }
    frame = read[kind]()
    assert (found.counts, found.version) == ({"majority": 1, "tie": 1, "unanimous": 2}, "1.0.0")
    assert list(frame) == list(gold.frame(soft=True))
    assert rows(frame.round(9), "item_id", "label", "share_bad") == rows(
        gold.frame(soft=True).round(9), "item_id", "label", "share_bad"
    )


def test_a_file_that_exists_is_never_written_over(project, ws):
    path = project.write("gold.csv", "mine")
    with pytest.raises(InputError, match="exists already; nothing was written"):
        ws.task("mood").gold.export(path)
    assert path.read_text() == "mine"


def test_options_that_exclude_each_other_are_refused(project, ws):
    gold, out = ws.task("mood").gold, project.folder / "new.csv"
    for options in ({"people": True, "soft": True}, {"people": True, "to": "1.0.0"}, {"version": "1.0.0"}):
        with pytest.raises(InputError):
            gold.export(out, **options)
    with pytest.raises(InputError, match="does not say which format"):
        gold.export(project.folder / "gold.xlsx")
    with pytest.raises(StoreError, match="knows what is text"):
        gold.export(project.folder / "gold.parquet", spreadsheet=True)
    assert not out.exists()


def test_cells_that_begin_like_formulas_are_told_of_and_guarded_where_asked(project, ws):
    warned = []
    opened = project.open()
    opened.warn = warned.append
    file = project.write("more.csv", "item_id,who,label,why\n5,ana,good,=1+1\n")
    opened.task("mood").gold.import_file(file, "web", role="dev", annotator="who", rationale="why")
    opened.task("mood").gold.export(project.folder / "p.csv", people=True, names=True, spreadsheet=True)
    assert "1 cell of" in warned[0]
    assert "'=1+1" in (project.folder / "p.csv").read_text()


# Answers ---------------------------------------------------------------------------------------


def test_an_answer_a_row_as_it_was_given_without_those_that_do_not_stand(ws):
    frame = ws.task("mood").gold.answers()
    assert rows(frame, "item_id", "annotator", "label", "schema", "rationale")[-1] == (
        "3", "ana", "good", "1.0.0", "second"
    )  # fmt: skip
    assert len(frame) == 8
    assert frame["labelled_at"].iloc[-1] == "2026-02-02T00:00:00+00:00"


def test_an_answer_stands_as_it_was_given_and_as_it_reads_now(project, ws):
    under_v2(project, ws)
    frame = ws.task("mood").gold.answers()
    assert rows(frame[frame["item_id"] == "2"], "annotator", "label", "schema", "reads", "kind") == [
        ("ana", "bad", "1.0.0", "slow|wrong", "set"),
        ("ben", "bad", "1.0.0", "slow|wrong", "set"),
        ("ana", "slow", "2.0.0", "slow", "exact"),
    ]


def test_answers_on_revised_text_stay_out_and_are_told(project, ws):
    revised = project.write("revised.csv", "item_id,created_at,comment\n2,2026-01-03T12:00:00Z,another text\n")
    ws.feedback.ingest(revised, "web", options=IngestOptions(revise=True))
    found = ws.task("mood").gold.export(project.folder / "p.csv", people=True, names=True)
    assert found.notes == ("2 answers left out, since the text was revised: taken back, they would be on the new one",)
    assert found.table.num_rows == 6


def told(gold):
    """Return all that gold says, but for the number of its draw."""
    found = gold.adjudicated()
    return [
        (item.item_id, item.label, item.decided, item.annotators, item.role, item.inclusion, item.differing)
        for item in (*found.items, *found.tied)
    ]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("value", ['"majority"', '"person:cleo"'])
def test_answers_that_are_taken_back_into_a_fresh_store_give_the_same_gold(project, make_project, ws, kind, value):
    path = project.folder / f"taken_back.{kind}"
    before = setting(project, value)
    before.export(path, people=True, names=True)
    other = make_project("fresh")
    other.open().feedback.ingest(other.feedback(items=80), "web")
    after = setting(other, value)
    after.import_file(
        path,
        "web",
        annotator="annotator",
        role_column="role",
        rationale="rationale",
        time="labelled_at",
        seconds="seconds",
        schema="1.0.0",
        sampling="stratified",
        probability="probability",
    )
    assert told(after) == told(before)
    assert rows(after.frame(), "item_id", "rationale") == rows(before.frame(), "item_id", "rationale")
    design = ["sampling", "batch"]
    assert after.answers().drop(columns=design).equals(before.answers().drop(columns=design))


def test_answers_of_several_draws_say_that_a_file_is_one_draw(project, ws):
    gold = ws.task("mood").gold
    more = project.write("more.csv", "item_id,label,p\n9,good,0.1\n")
    gold.import_file(more, "web", role="dev", sampling="stratified", probability="p")
    found = gold.export(project.folder / "p.csv", people=True, names=True)
    (note,) = found.notes
    assert note.startswith(
        "these answers come from 2 draws of a known design; taken back as one file they count as one"
    )


def test_adjudicated_gold_is_refused_as_gold(project, ws):
    path = project.folder / "gold.csv"
    gold = ws.task("mood").gold
    gold.export(path)
    with pytest.raises(GoldError) as caught:
        gold.import_file(path, "web", role="dev")
    assert "columns adjudicated, decided: are those of gold export" in str(caught.value.problems[0])


# The setting -----------------------------------------------------------------------------------


def many(project, items=60):
    """Import answers of four people on sixty items: cleo differs on every sixth, and ana and ben stand against two."""
    said = ["item_id,ana,ben,cleo,dan"]
    for item in range(items):
        truth, other = ("good", "bad") if item % 8 in (0, 3, 5, 7) else ("bad", "good")
        said.append(f"{item},{truth},{truth},{other if item % 6 == 0 else truth},{other if item % 4 == 0 else truth}")
    ws = project.open()
    ws.feedback.ingest(project.feedback(items=80), "web")
    file = project.write("wide.csv", "\n".join(said) + "\n")
    return ws.task("mood").gold.import_file(file, "web", role="dev", annotator_columns=["ana", "ben", "cleo", "dan"])


def test_dawid_skene_resolves_what_the_majority_leaves_tied(project):
    assert many(project).ties == 5
    gold = setting(project, '"dawid-skene"')
    found = gold.adjudicated()
    assert (len(found), found.ties, found.notes) == (60, (), ())
    assert {item.decided for item in found.items} == {"unanimous", "dawid-skene"}


def test_another_adjudication_fits_other_gold_and_the_plan_says_so(project):
    many(project)
    made = project.open().task("mood").relabel().label_set
    assert not [note for note in project.open().task("mood").plan().notes if "gold" in note]
    setting(project, '"person:cleo"')
    plan = project.open().task("mood").plan()
    assert plan.label_set != made.id
    told = f"other gold is fitted than in label set {made.id[:12]}: 60 items now, 55 then; people who differ are"
    assert f"{told} adjudicated by cleo, where cleo answered; elsewhere by majority" in plan.notes
    without = project.open().task("mood").plan(label_model="majority_vote").notes
    assert not [note for note in without if "gold" in note]
    setting(project, '"majority"')
    again = project.open().task("mood").plan()
    assert (again.label_set, again.nothing_to_do) == (made.id, True)


def test_all_that_reads_gold_follows_the_setting(project):
    many(project)
    project.open().task("mood").relabel()
    gold = setting(project, '"person:cleo"')
    task = project.open().task("mood")
    assert task.evaluate().scores["dev"].ties == 0
    with pytest.raises(GoldError, match="There is no item of web that people are tied or differ on"):
        gold.sample(purpose="adjudicate")
    by_model = setting(project, '"dawid-skene"').sample(purpose="adjudicate")
    assert {each.name: each.items for each in by_model.strata} == {"people differ": 20}
    gold = setting(project, '"person:cleo"')
    more = project.gold({70: "good"}, "more.csv")
    assert gold.import_file(more, "web", role="dev").ties == 0


def test_an_answer_of_the_adjudicator_imported_as_any_answer_resolves_a_tie(project, ws):
    gold = setting(project, '"person:zoe"')
    assert [tie[1] for tie in gold.adjudicated().ties] == ["1"]
    file = project.gold({1: "bad"}, "zoe.csv", why="it says so")
    report = gold.import_file(file, "web", role="dev", annotator_name="zoe", rationale="why")
    assert (report.ties, report.notes) == (0, ())
    assert rows(gold.frame(), "item_id", "label", "decided", "rationale")[1] == (
        "1", "bad", "adjudicator", "zoe: it says so"
    )  # fmt: skip


def test_an_adjudicator_who_answered_nothing_is_told_by_the_import_the_plan_and_the_export(project, ws):
    gold = setting(project, '"person:Cleo"')
    told = "the adjudicator 'Cleo' gave no answer, so the majority decides; did you mean 'cleo'?"
    assert gold.export(project.folder / "g.csv").notes == (told,)
    assert told in gold.import_file(project.gold({9: "good"}), "web", role="dev").notes
    assert told in project.open().task("mood").plan().notes


def test_too_few_answers_for_dawid_skene_are_told(project, ws):
    found = setting(project, '"dawid-skene"').export(project.folder / "g.csv")
    assert found.counts == {"majority": 1, "tie": 1, "unanimous": 2}
    (note,) = found.notes
    assert note.startswith(
        "people who differ under 1.0.0 are adjudicated by majority, not Dawid-Skene: it needs 50 items"
    )
    assert note.endswith("with answers of 3 people or more, and there are 1")
