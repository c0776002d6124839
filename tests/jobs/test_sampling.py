"""What people should label next: drawn by design from a real store, and taken back as it was drawn."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from retrolabel.errors import GoldError, InputError, SettingsError
from retrolabel.wiring.feedback import IngestOptions

N = 400
WORDS = ("thanks a lot", "this is wrong", "so slow", "great", "WRONG AGAIN", "hm", "thanks but wrong", "ok then")
TRUTH = ("good", "bad", "bad", "good", "bad", "good", "bad", "good")


@pytest.fixture
def ws(project):
    """A project of 400 items, no two of them with the same text."""
    ws = project.open()
    rows = "".join(f"{n},2026-01-01T12:00:00Z,{WORDS[n % 8]} {n}\n" for n in range(N))
    ws.feedback.ingest(project.write("all.csv", f"item_id,created_at,comment\n{rows}"), "web")
    return ws


@pytest.fixture
def gold(ws):
    return ws.task("mood").gold


def ids(sample):
    return sample.table.column("item_id").to_pylist()


def probabilities(sample):
    return np.asarray(sample.table.column("probability"))


def answered(sample, path, truth=TRUTH):
    """Write the file of a sample as people fill it in."""
    frame = sample.table.to_pandas()
    frame["label"] = [truth[int(each) % len(truth)] for each in frame["item_id"]]
    frame.to_csv(path, index=False)
    return path


def take(gold, file, role="dev", **more):
    return gold.import_file(
        file, "web", **{"role": role, "sampling": "stratified", "probability": "probability"} | more
    )


def test_without_a_label_set_a_draw_is_uniform(gold):
    found = gold.sample(50)
    assert (found.items, found.population, found.label_set) == (50, N, None)
    assert probabilities(found).tolist() == [pytest.approx(50 / N)] * 50
    assert found.table.column_names == ["item_id", "comment", "probability", "choices", "label"]


def test_with_one_it_has_items_of_each_label_and_its_probabilities_add_up_to_the_source(ws, gold):
    ws.task("mood").relabel()
    found = gold.sample(80)
    assert found.label_set == ws.task("mood").label_set().id
    assert {"good", "bad", "no vote"} <= {each.name for each in found.strata}
    assert sum(each.items for each in found.strata) == N
    assert all(each.drawn for each in found.strata)
    assert probabilities(found).min() >= 0.5 * 80 / N - 1e-9
    totals = [(1 / probabilities(gold.sample(80, seed=seed))).sum() for seed in range(20)]
    assert np.mean(totals) == pytest.approx(N, rel=0.05)


def test_what_comes_back_is_stratified_gold_that_moves_shares(project, ws, gold):
    ws.task("mood").relabel()
    found = gold.sample(80)
    report = take(gold, answered(found, project.folder / "back.csv"))
    assert (report.design, report.added) == ("stratified", 80)
    (batch,) = gold.batches()
    assert (batch["sampling"], batch["moves"]) == ("stratified", ["shares", "labeling_functions"])
    inclusion = {item.item_id: item.inclusion for item in gold.adjudicated().items}
    assert inclusion == pytest.approx(dict(zip(ids(found), probabilities(found), strict=True)))


def test_rows_that_nobody_filled_in_are_passed_over(project, gold):
    frame = gold.sample(40).table.to_pandas()
    frame.loc[:9, "label"] = "good"
    frame.to_csv(project.folder / "some.csv", index=False)
    report = take(gold, project.folder / "some.csv")
    assert (report.added, report.unlabelled) == (10, 30)


def test_the_same_seed_draws_the_same_and_another_one_others(gold):
    assert ids(gold.sample(50)) == ids(gold.sample(50, seed=0))
    assert set(ids(gold.sample(50))) != set(ids(gold.sample(50, seed=1)))
    assert set(ids(gold.sample(50))) != set(ids(gold.sample(50, purpose="test")))


def test_what_is_labelled_or_of_another_role_is_not_drawn_again(project, gold):
    take(gold, answered(gold.sample(100), project.folder / "dev.csv"))
    take(gold, answered(gold.sample(60, purpose="test"), project.folder / "test.csv"), "test")
    labelled = {item.item_id for item in gold.adjudicated().items}
    for purpose in ("dev", "test", "calibration"):
        found = gold.sample(1_000, purpose=purpose)
        assert not labelled.intersection(ids(found))
        assert (found.population, found.items) == (N - 160, N - 160)
        assert set(probabilities(found)) == {1.0}
        assert "only 240 of the 1,000" in found.notes[0]
    assert gold.sample(10).left_out == {"labelled already as dev": 100, "in another role": 60}


def test_one_of_exact_duplicates_is_drawn_and_stands_for_all(project):
    ws = project.open()
    texts = ["Thanks a lot"] * 40 + ["thanks  A LOT "] * 40 + [f"wrong {n}" for n in range(60)] + [""] * 5
    rows = "".join(f"{n},{text}\n" for n, text in enumerate(texts))
    ws.feedback.ingest(project.write("all.csv", f"item_id,comment\n{rows}"), "web")
    gold = ws.task("mood").gold
    for seed in range(10):
        found = gold.sample(20, seed=seed)
        frame = found.table.to_pandas()
        assert found.duplicates == 79
        assert (frame["item_id"].astype(int) < 80).sum() == 1  # so many of them are always one of a draw
        (row,) = frame[frame["item_id"].astype(int) < 80].to_dict("records")
        assert (row["copies"], row["probability"]) == (80, pytest.approx(1 / 80))
    take(gold, answered(gold.sample(20, purpose="test"), project.folder / "test.csv"), "test")
    assert gold.sample(5).left_out["exact duplicates of these"] == 79


def test_rare_draws_as_many_of_each_predicted_label(project):
    ws = project.open()
    said = ["thanks"] * 370 + ["wrong"] * 30
    rows = "".join(f"{n},{text} {n}\n" for n, text in enumerate(said))
    ws.feedback.ingest(project.write("all.csv", f"item_id,comment\n{rows}"), "web")
    task = ws.task("mood")
    with pytest.raises(GoldError, match="No label set says"):
        task.gold.sample(40, purpose="rare")
    task.relabel()
    drawn = {each.name: each.drawn for each in task.gold.sample(40, purpose="rare").strata}
    assert drawn["good"] + drawn["bad"] == 40
    assert 18 <= drawn["bad"] <= 20
    assert (probabilities(task.gold.sample(40, purpose="rare")) > 0).all()


def test_after_a_bump_split_asks_first_for_what_became_several_labels(project, ws, gold):
    take(gold, answered(gold.sample(60), project.folder / "old.csv"))
    ws.task("mood").relabel()
    project.add_v2()
    ws = project.open()
    gold = ws.task("mood").gold
    before = gold.sample(60, purpose="split")
    assert "is of 1.0.0" in " ".join(before.notes)
    ws.task("mood").relabel()
    found = gold.sample(60, purpose="split")
    first, second, other = found.strata
    bad = {i.item_id for i in gold.adjudicated().items if i.label == "bad"}
    assert first.items == len(bad)
    assert first.drawn == first.items
    assert (first.drawn + second.drawn + other.drawn, other.drawn < 8) == (60, True)
    good = {i.item_id for i in gold.adjudicated().items if i.label == "good"}
    assert not good.intersection(ids(found))
    truth = ["good" if label == "good" else "slow" if place % 2 else "wrong" for place, label in enumerate(TRUTH)]
    kept = {i.item_id: i.inclusion for i in gold.adjudicated().items}
    report = take(gold, answered(found, project.folder / "split.csv", truth))
    assert report.added == 60
    assert report.drawn_before == first.drawn
    now = {i.item_id: i.inclusion for i in gold.adjudicated().items}
    assert {item: now[item] for item in kept} == kept  # the design belongs to the draw
    assert gold.sample(60, purpose="split").strata[0].name == "votes leave several labels in 2.0.0"


def test_split_where_nothing_is_split_says_that_it_is_a_plain_draw(gold):
    assert "nothing is several labels in 1.0.0: this is a plain draw" in gold.sample(20, purpose="split").notes


def test_adjudicate_draws_what_people_are_tied_on_first_and_then_what_they_differ_on(project, gold):
    wide = pd.DataFrame(
        {"item_id": range(6), "ana": ["good"] * 6, "bo": ["good", "bad"] * 3, "cy": ["good"] * 4 + ["", ""]}
    )
    wide.to_csv(project.folder / "wide.csv", index=False)
    gold.import_file(project.folder / "wide.csv", "web", role="dev", annotator_columns=["ana", "bo", "cy"])
    found = gold.sample(purpose="adjudicate")
    assert [(each.name, each.items) for each in found.strata] == [("people are tied", 1), ("people differ", 2)]
    assert (sorted(ids(found)), found.design) == (["1", "3", "5"], "other")
    assert "probability" not in found.table.column_names
    assert ids(gold.sample(1, purpose="adjudicate")) == ["5"]
    with pytest.raises(GoldError, match="tied or differ on as test gold"):
        gold.sample(purpose="adjudicate", role="test")


def test_audit_draws_two_in_a_hundred_of_what_people_labelled(project, gold):
    take(gold, answered(gold.sample(200), project.folder / "dev.csv"))
    labelled = {item.item_id for item in gold.adjudicated().items}
    found = gold.sample(purpose="audit")
    assert (found.items, found.population, found.design) == (4, 200, "other")
    often = Counter(item for seed in range(100) for item in ids(gold.sample(20, purpose="audit", seed=seed)))
    assert set(often) == labelled
    assert max(often.values()) < 25


def test_items_that_were_revised_are_shown_as_they_are_now(project, ws, gold):
    rows = "".join(f"{n},2026-01-01T12:00:00Z,new {n}\n" for n in range(N))
    ws.feedback.ingest(
        project.write("new.csv", f"item_id,created_at,comment\n{rows}"), "web", IngestOptions(revise=True)
    )
    frame = gold.sample(30).table.to_pandas()
    assert (frame["comment"] == "new " + frame["item_id"]).all()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"purpose": "tset"}, "--for test, if that is meant"),
        ({"purpose": "dev", "role": "test"}, "Items drawn for dev are dev gold"),
        ({"purpose": "rare", "role": "gold"}, "is none of dev, test, calibration"),
        ({"columns": ["coment"]}, "--column comment"),
        ({"n": 0}, "at least one item"),
        ({"purpose": "audit"}, "no item of web that people labelled"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_remedy(gold, more, told):
    with pytest.raises(GoldError) as caught:
        gold.sample(**more)
    assert told in str(caught.value)


def test_a_source_that_is_not_there_or_not_said_is_refused(project, ws, gold):
    with pytest.raises(SettingsError, match="Did you mean"):
        gold.sample(source="wbe")
    ws.feedback.ingest(project.feedback("other.csv"), "mail")
    with pytest.raises(SettingsError, match="mood labels "):
        gold.sample()


def test_a_file_that_is_there_is_not_written_over(project, gold):
    file = project.write("mine.csv", "item_id,label\n1,good\n")
    with pytest.raises(InputError, match="exists already"):
        gold.sample(10, out=file)
    assert file.read_text() == "item_id,label\n1,good\n"


def test_columns_that_would_make_it_look_like_an_export_are_not_written(project):
    ws = project.open()
    rows = "".join(f"{n},thanks {n},x,y\n" for n in range(20))
    ws.feedback.ingest(project.write("all.csv", f"item_id,comment,label,schema_version\n{rows}"), "web")
    assert ws.task("mood").gold.sample(5).table.column_names == [
        "item_id",
        "comment",
        "probability",
        "choices",
        "label",
    ]
