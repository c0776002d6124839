"""Human labels: taken in whole, pinned to version and text, and never silently dropped."""

from __future__ import annotations

import json
import shlex

import pytest

from retrolabel.errors import GoldError, UnknownVersionError
from retrolabel.jobs.gold.superseding import Superseding
from retrolabel.jobs.label_sets.fitting import FEWEST_GOLD
from retrolabel.wiring.feedback import IngestOptions

TRUTH = ("good", "bad", "bad", "good", "bad", "good", "bad", "good")
HEAD = "item_id,created_at,comment\n"


def truth(ids):
    return {number: TRUTH[number % 8] for number in ids}


@pytest.fixture
def ws(project):
    """The project's workspace, with eighty items."""
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=80), "web")
    return opened


def refused(ws, path, **options):
    with pytest.raises(GoldError) as caught:
        ws.task("mood").gold.import_file(path, "web", **options)
    return [str(problem) for problem in caught.value.problems]


# Taking in -------------------------------------------------------------------------------------


def test_the_same_import_twice_adds_nothing(project, ws):
    path = project.gold(truth(range(10)))
    first = ws.task("mood").gold.import_file(path, "web", role="dev")
    before = project.state()
    second = ws.task("mood").gold.import_file(path, "web", role="dev")
    assert (first.rows, first.added, first.known, first.roles) == (10, 10, 0, {"dev": 10})
    assert (second.added, second.known) == (0, 10)
    assert project.state() == before


def test_an_unknown_label_is_refused_with_count_and_nearest_and_nothing_is_stored(project, ws):
    before = project.state()
    problems = refused(ws, project.gold({0: "good", 1: "badd", 2: "badd", 3: "Goood"}), role="dev")
    assert len(problems) == 2
    assert "line 3: 'badd' (2 rows) is no label of mood 1.0.0; it has good, bad" in problems[0]
    assert '--map-label "badd=bad"' in problems[0]
    assert '--map-label "Goood=good"' in problems[1]
    assert project.state() == before


def test_all_values_that_need_a_mapping_are_one_line_to_paste(project, ws):
    path = project.gold({0: "badd", 1: "bad", 2: "Goood", 3: "?"})
    with pytest.raises(GoldError) as caught:
        ws.task("mood").gold.import_file(path, "web", role="dev")
    line = '--map-label "badd=bad" --map-label "Goood=good" --map-label "?=LABEL"'
    assert caught.value.remedy.endswith(line)
    words = [word for word in shlex.split(line) if word != "--map-label"]
    pasted = dict(word.rsplit("=", 1) for word in words) | {"?": ""}
    assert ws.task("mood").gold.import_file(path, "web", role="dev", map_label=pasted).added == 3


@pytest.mark.parametrize("written", ["Good", " good", "GOOD\t"])
def test_case_and_blanks_around_a_label_do_not_matter(project, ws, written):
    report = ws.task("mood").gold.import_file(project.gold({0: written, 1: "bad"}), "web", role="dev")
    assert (report.added, report.outside) == (2, ())
    assert [item.label for item in ws.task("mood").gold.adjudicated().items] == ["good", "bad"]


def test_map_label_says_what_a_stored_value_means_or_that_it_is_none(project, ws):
    path = project.gold({0: "+", 1: "-", 2: "?"})
    report = ws.task("mood").gold.import_file(path, "web", role="dev", map_label={"+": "good", "-": "bad", "?": ""})
    assert (report.added, report.unlabelled) == (2, 1)
    assert [item.label for item in ws.task("mood").gold.adjudicated().items] == ["good", "bad"]


def test_map_label_to_an_unknown_label_is_refused(project, ws):
    problems = refused(ws, project.gold({0: "+"}), role="dev", map_label={"+": "goood"})
    assert any("--map-label" in problem and "'goood'" in problem for problem in problems)


def test_a_label_of_another_version_is_refused_with_that_version(project, ws):
    project.add_v2()
    assert (
        "'bad' is a label of mood 1.0.0, not of mood 2.0.0. Fix: --schema 1.0.0"
        in refused(ws, project.gold({1: "bad"}), role="dev")[0]
    )
    assert ws.task("mood").gold.import_file(project.gold({1: "bad"}), "web", role="dev", schema="1.0.0").added == 1


def test_a_label_of_a_later_version_is_refused_under_an_earlier_one(project, ws):
    project.add_v2()
    assert "'slow'" in refused(ws, project.gold({1: "slow"}), role="dev", schema="1.0.0")[0]


def test_an_unknown_version_is_refused(project, ws):
    with pytest.raises(UnknownVersionError, match=r"3\.0\.0"):
        ws.task("mood").gold.import_file(project.gold({1: "bad"}), "web", role="dev", schema="3.0.0")


def test_roles_come_from_a_column_and_a_map(project, ws):
    path = project.write("gold.csv", "item_id,label,split\n0,good,train\n1,bad,test\n2,bad,dev\n")
    report = ws.task("mood").gold.import_file(path, "web", role_column="split", map_role={"train": "dev"})
    assert report.roles == {"dev": 2, "test": 1}


def test_an_unknown_role_and_a_missing_one_are_refused(project, ws):
    path = project.write("gold.csv", "item_id,label,split\n0,good,train\n1,bad,\n")
    problems = refused(ws, path, role_column="split")
    assert "role 'train': (1 rows) is none of dev, test, calibration" in problems[0]
    assert "role: 1 rows have none" in problems[1]


def test_an_item_cannot_be_dev_and_test_gold_in_one_file_or_in_two(project, ws):
    path = project.write("gold.csv", "item_id,label,who,role\n0,good,ana,dev\n0,good,ben,test\n")
    assert "1 item would be dev and test gold at once: 0" in refused(ws, path, role_column="role", annotator="who")[0]
    ws.task("mood").gold.import_file(project.gold({0: "good"}), "web", role="test")
    before = project.state()
    assert "at once: 0" in refused(ws, project.gold({0: "bad"}, who="ana"), role="dev", annotator="who")[0]
    assert project.state() == before


def test_an_unknown_sampling_is_refused(project, ws):
    assert (
        "'randomly' is none of random, stratified, other"
        in refused(ws, project.gold({0: "good"}), role="dev", sampling="randomly")[0]
    )


def test_every_fault_of_a_file_is_told_at_once(project, ws):
    path = project.write("gold.csv", "item_id,label,split\n0,goood,dev\n1,bad,train\n,bad,dev\n")
    problems = refused(ws, path, role_column="split", sampling="hm")
    assert len(problems) == 4


def test_a_correction_by_the_same_person_supersedes_the_earlier_label(project, ws):
    ws.task("mood").gold.import_file(project.gold({0: "bad"}, who="ana"), "web", role="dev", annotator="who")
    report = ws.task("mood").gold.import_file(project.gold({0: "good"}, who="ana"), "web", role="dev", annotator="who")
    (item,) = ws.task("mood").gold.adjudicated().items
    assert (report.added, item.label, item.annotators) == (1, "good", 1)
    assert len(ws.catalog.gold.human_labels("mood")) == 2


def test_a_correction_can_be_taken_back(project, ws):
    for label, when in (("bad", "2026-02-01"), ("good", "2026-02-02"), ("bad", "2026-02-03")):
        ws.task("mood").gold.import_file(project.gold({0: label}, at=when), "web", role="dev", time="at")
    assert [item.label for item in ws.task("mood").gold.adjudicated().items] == ["bad"]


def test_the_newest_answer_counts_by_time_whatever_was_imported_first(project, ws):
    first = ws.task("mood").gold.import_file(project.gold({0: "bad"}, at="2026-02-03"), "web", role="dev", time="at")
    late = ws.task("mood").gold.import_file(project.gold({0: "good"}, at="2026-02-01"), "web", role="dev", time="at")
    assert [item.label for item in ws.task("mood").gold.adjudicated().items] == ["bad"]
    assert (first.superseded, late.added) == ((), 1)
    assert late.superseded == (Superseding("unnamed", answers=0, changed=0, older=1),)
    assert [batch["labels"] for batch in ws.task("mood").gold.batches()] == [1]


def test_what_was_taken_back_stays_so_whatever_times_its_answers_have(project, ws):
    gold = ws.task("mood").gold
    gold.import_file(project.gold({0: "bad"}, at="2100-01-01"), "web", role="dev", time="at")
    gold.retire("bad", living=True)
    assert len(gold.adjudicated()) == 0
    gold.retire("bad", undo=True)
    assert [item.label for item in gold.adjudicated().items] == ["bad"]
    gold.retire("bad", living=True)
    assert len(gold.adjudicated()) == 0


def test_two_columns_of_two_people_imported_as_nobodys_say_what_they_supersede(project, ws):
    path = project.write("wide.csv", "item_id,ana,bo\n0,good,bad\n1,bad,bad\n2,good,\n")
    ws.task("mood").gold.import_file(path, "web", role="dev", label="ana")
    report = ws.task("mood").gold.import_file(path, "web", role="dev", label="bo")
    assert report.superseded == (Superseding("unnamed", answers=1, changed=1),)


def test_people_with_a_column_each_are_told_apart_and_supersede_nothing(project, ws):
    path = project.write("wide.csv", "item_id,ana,bo,cy\n0,good,bad,good\n1,bad,bad,\n")
    report = ws.task("mood").gold.import_file(path, "web", role="dev", annotator_columns=["ana", "bo", "cy"])
    assert (report.rows, report.added, report.unlabelled, report.superseded) == (2, 5, 1, ())
    assert [(i.item_id, i.label, i.annotators) for i in ws.task("mood").gold.adjudicated().items] == [
        ("0", "good", 3), ("1", "bad", 2)
    ]  # fmt: skip
    before = project.state()
    again = ws.task("mood").gold.import_file(path, "web", role="dev", annotator_columns=["ana", "bo", "cy"])
    assert (again.added, again.known, again.superseded) == (0, 5, ())
    assert project.state() == before


def test_one_persons_name_for_a_file_is_that_of_a_column_of_another(project, ws):
    wide = project.write("wide.csv", "item_id,ana,bo\n0,good,bad\n1,bad,bad\n")
    ws.task("mood").gold.import_file(wide, "web", role="dev", annotator_columns=["ana", "bo"])
    report = ws.task("mood").gold.import_file(
        project.gold({0: "bad", 1: "good"}), "web", role="dev", annotator_name="ana"
    )
    assert report.superseded == (Superseding("ana", answers=2, changed=2),)


def test_an_answer_under_another_version_supersedes_nothing(project, ws):
    ws.task("mood").gold.import_file(project.gold({0: "bad"}), "web", role="dev", annotator_name="ana")
    project.add_v2()
    report = ws.task("mood").gold.import_file(project.gold({0: "slow"}), "web", role="dev", annotator_name="ana")
    assert (report.added, report.superseded) == (1, ())


def test_a_person_who_answers_twice_in_one_file_supersedes_the_first_and_that_is_said(project, ws):
    path = project.write("gold.csv", "item_id,label,who\n0,good,ana\n0,bad,ana\n1,bad,bo\n")
    report = ws.task("mood").gold.import_file(path, "web", role="dev", annotator="who")
    assert report.superseded == (Superseding("ana", answers=1, changed=1),)


def test_a_file_that_comes_again_after_it_was_superseded_says_that_it_does_not_count(project, ws):
    old, new = project.gold({0: "bad", 1: "bad"}), project.gold({0: "good", 1: "bad"}, "new.csv")
    for file in (old, new):
        ws.task("mood").gold.import_file(file, "web", role="dev", annotator_name="ana")
    report = ws.task("mood").gold.import_file(old, "web", role="dev", annotator_name="ana")
    assert (report.added, report.known) == (0, 2)
    assert report.superseded == (Superseding("ana", answers=0, changed=0, older=1),)


def test_a_row_whose_time_cannot_be_kept_is_put_aside_and_said(project, ws, read_jsonl):
    path = project.write("gold.csv", "item_id,label,at\n0,good,2026-02-01\n1,bad,9999-12-31\n")
    report = ws.task("mood").gold.import_file(path, "web", role="dev", time="at")
    assert (report.added, report.quarantined, report.outside_time) == (1, 1, 1)
    (aside,) = read_jsonl(report.quarantine)
    assert aside["where"] == "line 3"
    assert "lies outside of the years 1678 to 2261" in aside["reason"]


def test_each_row_that_is_put_aside_is_counted_once_under_its_first_reason(project, ws, read_jsonl):
    good = "".join(f"{n},good,2026-02-01\n" for n in range(28))
    odd = "28,zzz,1500-01-01\nnope,zzz,2026-02-01\n29,zzz,2026-02-01\n"
    path = project.write("gold.csv", "item_id,label,at\n" + good + odd)
    report = ws.task("mood").gold.import_file(path, "web", role="dev", time="at")
    assert (report.quarantined, report.outside_time, report.unknown_items) == (3, 1, 1)
    assert [(found.value, found.rows) for found in report.outside] == [("zzz", 1)]
    assert len(read_jsonl(report.quarantine)) == 3


def test_a_file_all_of_whose_times_cannot_be_kept_is_refused(project, ws):
    before = project.state()
    path = project.gold({0: "good", 1: "bad"}, at="1580688000000")
    with pytest.raises(GoldError) as caught:
        ws.task("mood").gold.import_file(path, "web", role="dev", time="at", time_format="epoch-s")
    assert len(caught.value.problems) == 2
    assert "epoch-ms?" in str(caught.value.problems[0])
    assert project.state() == before


def test_a_label_is_accepted_by_its_name(project, ws):
    project.write(
        "labeling_functions/mood/schema/v1.py",
        "from retrolabel import Label, LabelSchema\n"
        'GOOD, BAD = Label("good", name="Went well"), Label("bad", name="Went wrong")\n'
        'SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD])\n',
    )
    ws = project.open()
    path = project.gold({0: "Went well", 1: "Went wrong", 2: "good", 3: "x"})
    report = ws.task("mood").gold.import_file(path, "web", role="dev", map_label={"x": "Went wrong"})
    assert report.added == 4
    assert [item.label for item in ws.task("mood").gold.adjudicated().items] == ["good", "bad", "good", "bad"]


def test_an_export_of_a_label_set_never_comes_back_as_gold(project, ws):
    ws.task("mood").relabel()
    for name in ("labels.csv", "labels.jsonl", "labels.parquet"):
        frame = ws.task("mood").labels("latest")
        write = {"csv": frame.to_csv, "parquet": frame.to_parquet, "jsonl": frame.to_json}[name.partition(".")[2]]
        write(project.folder / name, **({"orient": "records", "lines": True} if "jsonl" in name else {"index": False}))
        before = project.state()
        assert "a label set that retrolabel exported" in refused(ws, project.folder / name, role="dev")[0]
        assert project.state() == before


def own_labels(ws, count, label_set="latest"):
    """Return item -> label, of ``count`` items that a label set has a label for."""
    labels = ws.task("mood").labels(label_set).dropna(subset="label").set_index("item_id")["label"]
    return dict(list(labels.items())[-count:])


def test_labels_of_nobody_that_are_all_those_of_a_label_set_are_said_to_be_no_gold(project, ws):
    own = ws.task("mood").relabel().label_set.id
    ws.task("mood").relabel(label_model="majority_vote")
    path = project.gold(own_labels(ws, 50, own))
    report = ws.task("mood").gold.import_file(path, "web", role="dev")
    assert report.added == 50
    (note,) = report.notes
    assert note.startswith("these 50 labels are all equal to those of label set ")
    assert "an export is not gold" in note
    assert ws.task("mood").gold.import_file(path, "web", role="dev").notes == ()


@pytest.mark.parametrize(
    ("file", "options"),
    [
        ({"who": "ana"}, {"annotator": "who"}),
        ({"when": "2026-02-01T10:00:00Z"}, {"time": "when"}),
        ({}, {"annotator_name": "ana"}),
    ],
)
def test_labels_with_a_person_or_a_time_may_all_be_those_of_a_label_set(project, ws, file, options):
    ws.task("mood").relabel()
    path = project.gold(own_labels(ws, 50), **file)
    assert ws.task("mood").gold.import_file(path, "web", role="dev", **options).notes == ()


def test_few_labels_or_one_that_differs_are_taken_for_those_of_people(project, ws):
    ws.task("mood").relabel()
    few = ws.task("mood").gold.import_file(project.gold(own_labels(ws, 49)), "web", role="dev")
    labels = own_labels(ws, 60)
    first = next(iter(labels))
    labels[first] = "good" if labels[first] == "bad" else "bad"
    other = ws.task("mood").gold.import_file(project.gold(labels), "web", role="dev")
    assert (few.notes, other.notes) == ((), ())


def test_labels_are_compared_with_label_sets_that_hold_all_of_their_items(project, ws):
    ws.task("mood").relabel()
    labels = own_labels(ws, 50)
    ws.feedback.ingest(project.feedback("more.csv", items=3, first=500), "web")
    report = ws.task("mood").gold.import_file(project.gold({**labels, 500: "good"}), "web", role="dev")
    assert report.notes == ()


def test_a_damaged_label_set_does_not_keep_gold_out(project, ws):
    made = ws.task("mood").relabel().label_set
    labels = own_labels(ws, 50)
    for file in (project.store / "label_sets" / made.id).glob("*.parquet"):
        file.write_bytes(b"damaged")
    report = project.open().task("mood").gold.import_file(project.gold(labels), "web", role="dev")
    assert (report.added, report.notes) == (50, ())


def test_names_of_people_that_differ_in_case_or_white_space_alone_are_noted(project, ws):
    path = project.write("who.csv", "item_id,label,who\n0,good,Ana\n1,bad,bo\n2,bad,bo\n")
    assert ws.task("mood").gold.import_file(path, "web", role="dev", annotator="who").notes == ()
    path = project.write("who.csv", "item_id,label,who\n0,good,ana \n3,bad,cy\n")
    (note,) = ws.task("mood").gold.import_file(path, "web", role="dev", annotator="who").notes
    assert note.startswith("names that differ only in case or white space count as different people: 'Ana', 'ana ';")
    path = project.write("who.csv", "item_id,label,who\n5,good,cy\n")
    assert ws.task("mood").gold.import_file(path, "web", role="dev", annotator="who").notes == ()


def test_people_who_are_tied_give_no_gold_and_are_counted(project, ws):
    path = project.write("gold.csv", "item_id,label,who\n0,good,ana\n0,bad,ben\n1,bad,ana\n1,bad,ben\n1,good,cleo\n")
    report = ws.task("mood").gold.import_file(path, "web", role="dev", annotator="who")
    (item,) = ws.task("mood").gold.adjudicated().items
    assert (report.added, report.ties) == (5, 1)
    assert (item.item_id, item.label, item.unanimous, item.annotators) == ("1", "bad", False, 3)
    dev = ws.task("mood").relabel().dev
    assert (dev.agreement.n, dev.ties) == (1, 1)


def test_a_few_labels_on_unknown_items_are_put_aside(project, ws, read_jsonl):
    report = ws.task("mood").gold.import_file(project.gold(truth([*range(19), 999])), "web", role="dev")
    assert (report.added, report.quarantined) == (19, 1)
    (aside,) = read_jsonl(report.quarantine)
    assert (aside["where"], aside["reason"]) == ("line 21", "the source web has no item '999'")


def test_a_tenth_of_a_file_on_unknown_items_is_put_aside_and_one_row_more_is_refused(project, ws):
    tenth = {**truth(range(9)), 900: "good"}
    assert ws.task("mood").gold.import_file(project.gold(tenth), "web", role="dev").unknown_items == 1
    assert "does not have the items of 2 of 11 rows" in refused(ws, project.gold({**tenth, 901: "bad"}), role="dev")[0]


def test_a_file_of_labels_on_unknown_items_is_refused(project, ws):
    before = project.state()
    problems = refused(ws, project.gold(truth([0, 500, 501, 502])), role="dev")
    assert "does not have the items of 3 of 4 rows: 500, 501, 502" in problems[0]
    assert project.state() == before


def test_told_to_many_labels_on_unknown_items_are_put_aside(project, ws, read_jsonl):
    file = project.gold(truth([0, 500, 501, 502]))
    assert "--skip-unknown-items" in refused(ws, file, role="dev")[0]
    report = ws.task("mood").gold.import_file(file, "web", role="dev", skip_unknown=True)
    assert (report.added, report.quarantined) == (1, 3)
    assert [aside["where"] for aside in read_jsonl(report.quarantine)] == ["line 3", "line 4", "line 5"]


def test_gold_for_a_source_that_does_not_exist_is_refused_with_those_that_do(project, ws):
    with pytest.raises(GoldError, match=r"there is no such source; the store has web"):
        ws.task("mood").gold.import_file(project.gold({0: "good"}), "wbe", role="dev")


def test_ids_that_are_numbers_in_the_gold_file_meet_the_items(project, ws):
    path = project.write("gold.jsonl", json.dumps({"item_id": 3, "label": "good"}) + "\n")
    assert ws.task("mood").gold.import_file(path, "web", role="dev").added == 1


def test_ids_that_are_floats_in_the_gold_file_are_refused(project, ws):
    path = project.write("gold.jsonl", '{"item_id": 3.0, "label": "good"}\n')
    assert any("floating-point" in problem for problem in refused(ws, path, role="dev"))


def test_a_later_import_with_another_sampling_is_not_dropped_in_silence(project, ws):
    path = project.gold(truth(range(30)))
    ws.task("mood").gold.import_file(path, "web", role="dev")
    try:
        ws.task("mood").gold.import_file(path, "web", role="dev", sampling="random")
    except GoldError:
        return
    assert {item.inclusion for item in ws.task("mood").gold.adjudicated().items} == {30 / 80}


def test_a_later_import_with_another_role_is_not_dropped_in_silence(project, ws):
    path = project.gold(truth(range(5)))
    ws.task("mood").gold.import_file(path, "web", role="calibration")
    try:
        ws.task("mood").gold.import_file(path, "web", role="dev")
    except GoldError:
        return
    assert {item.role for item in ws.task("mood").gold.adjudicated().items} == {"dev"}


# Measuring -------------------------------------------------------------------------------------


def test_dev_gold_measures_the_label_set_over_covered_items(project, ws):
    ws.task("mood").gold.import_file(project.gold(truth(range(8))), "web", role="dev")
    agreement = ws.task("mood").relabel().dev.agreement
    # Items 5 and 7 have no vote; 6 is "thanks, but wrong": a tie, so no label.
    assert (agreement.n, agreement.covered) == (8, 6)
    assert agreement.accuracy.value == pytest.approx(5 / 6)


def test_where_there_is_no_test_gold_there_is_no_look_at_it(project, ws):
    ws.task("mood").gold.import_file(project.gold(truth(range(8))), "web", role="dev")
    ws.task("mood").relabel()
    assert [ws.task("mood").evaluate(final=True)[2] for _ in range(2)] == [0, 0]
    assert not any('INSERT INTO "looks"' in line for line in project.catalog())


def test_each_look_at_test_gold_is_logged(project, ws):
    ws.task("mood").gold.import_file(project.gold(truth(range(8))), "web", role="test")
    ws.task("mood").relabel()
    _, scores, looks = ws.task("mood").evaluate()
    assert ("test" in scores, looks) == (False, 0)
    assert [ws.task("mood").evaluate(final=True)[2] for _ in range(3)] == [1, 2, 3]
    _, scores, _ = ws.task("mood").evaluate(final=True)
    assert scores["test"].agreement.n == 8
    assert sum('INSERT INTO "looks"' in line for line in project.catalog()) == 4


def test_gold_made_on_text_that_was_revised_is_suspect(project, ws):
    ws.task("mood").gold.import_file(project.gold(truth(range(8))), "web", role="dev")
    ws.feedback.ingest(
        project.write("b.csv", f"{HEAD}0,2026-01-01T12:00:00Z,this is wrong\n"), "web", IngestOptions(revise=True)
    )
    dev = ws.task("mood").relabel().dev
    assert (dev.agreement.n, dev.suspect) == (7, 1)


def test_gold_that_is_given_again_on_the_revised_text_counts_again(project, ws):
    path = project.gold(truth(range(8)))
    ws.task("mood").gold.import_file(path, "web", role="dev")
    revised = project.write("b.csv", f"{HEAD}0,2026-01-01T12:00:00Z,great and fast\n")
    ws.feedback.ingest(revised, "web", IngestOptions(revise=True))
    report = ws.task("mood").gold.import_file(path, "web", role="dev")
    assert (report.added, report.known) == (1, 7)
    dev = ws.task("mood").relabel().dev
    assert (dev.agreement.n, dev.suspect) == (8, 0)


def test_gold_is_good_again_when_the_text_goes_back(project, ws):
    ws.task("mood").gold.import_file(project.gold(truth(range(8))), "web", role="dev")
    revise = IngestOptions(revise=True)
    ws.feedback.ingest(project.write("b.csv", f"{HEAD}0,2026-01-01T12:00:00Z,this is wrong\n"), "web", revise)
    ws.feedback.ingest(project.write("c.csv", f"{HEAD}0,2026-01-01T12:00:00Z,thanks a lot\n"), "web", revise)
    assert ws.task("mood").relabel().dev.suspect == 0


def test_gold_of_a_label_that_was_split_is_a_set_and_the_rest_stays_exact(project, ws):
    said = truth(range(8))
    ws.task("mood").gold.import_file(project.gold(said), "web", role="dev")
    project.add_v2()
    dev = ws.task("mood").relabel().dev
    bad = list(said.values()).count("bad")
    assert (dev.agreement.n, dev.membership.n, dev.earlier["bad", "1.0.0"].items) == (8 - bad, 8, bad)
    assert set(dev.without_gold) == {"slow", "wrong"}
    assert dev.as_dict()["earlier"][0]["label"] == "bad"
    assert ws.task("mood").relabel(to="1.0.0").dev.agreement.n == 8


def test_label_sets_of_two_versions_are_compared_in_the_labels_that_both_have(project, ws):
    said = truth(range(18))  # too few to be fitted
    ws.task("mood").gold.import_file(project.gold(said), "web", role="dev")
    first = ws.task("mood").relabel()
    assert (first.before, first.paired, first.as_dict()["before"]) == (None, None, None)
    project.add_v2()
    project.write(
        "labeling_functions/mood/sides.py",
        "from labeling_functions.mood.schema.v2 import SLOW\nfrom retrolabel import keywords\n"
        'all_bad_is_slow = keywords(SLOW, ["wrong", "slow"], column="comment")\n',
    )
    second = project.open().task("mood").relabel()
    assert second.before.id == first.label_set.id
    assert second.paired_in == "1.0.0"
    old, new = ws.task("mood").labels(first.label_set.id), project.open().task("mood").labels("latest")
    both = old["label"].notna() & new["label"].notna() & old["item_id"].isin(map(str, said))
    gold = old["item_id"].map({str(n): label for n, label in said.items()})[both]
    coarse = new["label"].replace({"slow": "bad", "wrong": "bad"})[both]  # slow or wrong, both are bad
    pair = second.paired
    assert (pair.items, pair.before, pair.after) == (
        both.sum(),
        (old["label"][both] == gold).sum(),
        (coarse == gold).sum(),
    )
    back = project.open().task("mood").relabel(to="1.0.0")
    assert (back.paired_in, back.paired.before) == ("1.0.0", pair.after)
    assert back.as_dict()["before"]["compared_in"] == "1.0.0"


def test_gold_of_the_new_version_is_exact_in_the_old_one(project, ws):
    project.add_v2()
    said = {0: "good", 1: "wrong", 2: "slow"}
    ws.task("mood").gold.import_file(project.gold(said), "web", role="dev")
    dev = ws.task("mood").relabel(to="1.0.0").dev
    assert (dev.agreement.n, dev.membership.n) == (3, 3)
    assert dev.agreement.accuracy.value == 1.0


def test_gold_on_items_of_a_source_that_the_task_does_not_label_is_missing(project, ws):
    ws.feedback.ingest(project.feedback(items=8), "mail")
    ws.task("mood").gold.import_file(project.gold(truth(range(8))), "web", role="dev")
    project.write("retrolabel.toml", 'tracking = false\n[tasks.mood]\nsources = ["mail"]\n')
    dev = project.open().task("mood").relabel().dev
    assert (dev.agreement.n, dev.missing) == (0, 8)


# Fitting ---------------------------------------------------------------------------------------


def test_random_dev_gold_moves_the_prior_and_dev_is_scored_by_models_that_had_not_seen_it(project, ws):
    plain = ws.task("mood").relabel()
    mostly_good = dict.fromkeys(range(40), "good")
    ws.task("mood").gold.import_file(project.gold(mostly_good), "web", role="dev", sampling="random")
    report = ws.task("mood").relabel()
    assert report.label_set.id != plain.label_set.id
    assert report.label_model["learned"]["prior"]["good"] == pytest.approx(31 / 32)  # 30 of the 40 have a vote
    assert report.dev.cross_fitted == 40
    assert report.dev.agreement.n == 40


def test_gold_of_no_known_design_is_fitted_and_does_not_move_the_prior(project, ws):
    plain = ws.task("mood").relabel()
    ws.task("mood").gold.import_file(
        project.gold(dict.fromkeys(range(40), "good")), "web", role="dev", sampling="stratified"
    )
    report = ws.task("mood").relabel()
    assert report.label_set.id != plain.label_set.id
    assert report.label_model["learned"]["prior"] == plain.label_model["learned"]["prior"]
    assert (report.dev.cross_fitted, report.dev.agreement.n) == (40, 40)


def test_test_gold_never_moves_the_prior(project, ws):
    plain = ws.task("mood").relabel()
    ws.task("mood").gold.import_file(
        project.gold(dict.fromkeys(range(40), "good")), "web", role="test", sampling="random"
    )
    assert ws.task("mood").relabel().label_set.id == plain.label_set.id


def test_too_little_random_gold_leaves_the_prior_uniform(project, ws):
    plain = ws.task("mood").relabel()
    few = FEWEST_GOLD - 1
    ws.task("mood").gold.import_file(
        project.gold(dict.fromkeys(range(few), "good")), "web", role="dev", sampling="random"
    )
    assert ws.task("mood").relabel().label_set.id == plain.label_set.id


def test_a_label_model_that_uses_no_gold_is_not_cross_fitted(project, ws):
    ws.task("mood").gold.import_file(project.gold(truth(range(40))), "web", role="dev", sampling="random")
    dev = ws.task("mood").relabel(label_model="majority_vote").dev
    assert (dev.cross_fitted, dev.agreement.n) == (0, 40)


def test_new_gold_makes_another_label_set_and_no_new_votes(project, ws):
    ws.task("mood").gold.import_file(project.gold(truth(range(30))), "web", role="dev", sampling="random")
    first = ws.task("mood").relabel()
    ws.task("mood").gold.import_file(project.gold(truth(range(30, 50))), "web", role="dev", sampling="random")
    second = ws.task("mood").relabel()
    assert first.label_set.id != second.label_set.id
    assert second.votes.computed == 0


def test_gold_in_another_source_than_the_labelled_one_does_not_count_as_fitted(project, ws):
    ws.feedback.ingest(project.feedback(items=80), "mail")
    project.write("retrolabel.toml", 'tracking = false\n[tasks.mood]\nsources = ["mail"]\n')
    ws = project.open()
    plain = ws.task("mood").relabel()
    ws.task("mood").gold.import_file(project.gold(truth(range(40))), "web", role="dev", sampling="random")
    assert ws.task("mood").relabel().label_set.id == plain.label_set.id


def test_gold_list_tells_what_was_imported(project, ws):
    ws.task("mood").gold.import_file(project.gold(truth(range(10))), "web", role="dev", sampling="random")
    ws.task("mood").gold.import_file(project.gold(truth(range(10, 14))), "web", role="test")
    told = [
        (b["role"], b["sampling"], b["labels"], b["items"], b["annotators"]) for b in ws.task("mood").gold.batches()
    ]
    assert told == [("dev", "random", 10, 10, 1), ("test", "other", 4, 4, 1)]


def test_the_summary_of_labeling_functions_has_their_precision_on_dev_gold(project, ws):
    ws.task("mood").gold.import_file(project.gold(truth(range(8))), "web", role="dev")
    frame = ws.task("mood").lf_summary()
    assert frame.loc["praises", "correct"] == 2
    assert frame.loc["praises", "incorrect"] == 1
    assert frame.loc["complains", "precision"] == 1.0
    assert frame.loc["praises", "coverage"] == pytest.approx(3 / 8)


def test_gold_from_before_a_merge_is_exact_again_after_the_labels_were_split(project, ws):
    ws.task("mood").gold.import_file(project.gold(truth(range(8))), "web", role="dev", schema="1.0.0")
    project.write(
        "labeling_functions/mood/schema/v2.py",
        "from labeling_functions.mood.schema.v1 import BAD, GOOD\n"
        "from labeling_functions.mood.schema.v1 import SCHEMA as V1\n"
        "from retrolabel import Label, LabelSchema, Merge\n"
        'ANY, OTHER = Label("any"), Label("other")\n'
        "from retrolabel import Add\n"
        'SCHEMA = LabelSchema(task="mood", version="2.0.0", revises=V1, labels=[ANY, OTHER],\n'
        "                     steps=[Merge([GOOD, BAD], into=ANY), Add(OTHER)])\n",
    )
    project.write(
        "labeling_functions/mood/schema/v3.py",
        "from labeling_functions.mood.schema.v1 import BAD, GOOD\n"
        "from labeling_functions.mood.schema.v2 import ANY, OTHER\n"
        "from labeling_functions.mood.schema.v2 import SCHEMA as V2\n"
        "from retrolabel import LabelSchema, Split\n"
        'SCHEMA = LabelSchema(task="mood", version="3.0.0", revises=V2, labels=[GOOD, BAD, OTHER],\n'
        "                     steps=[Split(ANY, into=[GOOD, BAD], restores='1.0.0')])\n",
    )
    dev = ws.task("mood").relabel().dev
    assert (dev.agreement.n, dev.membership.n) == (8, 8)


@pytest.mark.parametrize(("strange", "goes_in"), [(1, True), (2, False), (3, False)])
def test_a_file_of_which_half_the_labels_are_none_is_another_one_than_was_meant(strange, goes_in, project, ws):
    labels = {number: "astonishing" if number < strange else "good" for number in range(4)}
    path = project.gold(labels)
    if goes_in:
        report = ws.task("mood").gold.import_file(path, "web", role="dev")
        assert (report.added, report.quarantined) == (3, 1)
        return
    problems = refused(ws, path, role="dev")
    assert any("'astonishing'" in problem and "is no label of mood 1.0.0" in problem for problem in problems)
    assert len(ws.catalog.gold.human_labels("mood")) == 0
