"""What a report says is gathered right: flips, the label set before, the bump, gold, faults, and what is missing."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import retrolabel
from retrolabel.analysis.flips import UNLABELLED, flips
from retrolabel.errors import RetrolabelError, UnknownLabelSetError
from retrolabel.interop import feedback, times
from retrolabel.jobs.label_sets.finding import label_set_before
from retrolabel.wiring.feedback import IngestOptions
from retrolabel.wiring.reporting import gather
from tests.jobs.test_comparing import TRUTH


@pytest.fixture
def ws(project):
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=160), "web")
    labels = {number: TRUTH[number % 8] for number in range(80)}
    opened.task("mood").gold.import_file(project.gold(labels), "web", role="dev", sampling="random")
    return opened


SLOW = '''\
"""Signs of slowness."""

from labeling_functions.mood.schema.v2 import SLOW
from retrolabel import labeling_function


@labeling_function(SLOW, version="1")
def says_slow(comment):
    return comment is not None and "slow" in comment
'''


def bumped(project, ws):
    """Relabel under 1.0.0, take in new and revised items, relabel under 2.0.0; return both ids."""
    before = ws.task("mood").relabel().label_set.id
    project.add_v2()
    project.write("labeling_functions/mood/slowness.py", SLOW)
    ws.feedback.ingest(project.feedback("more.csv", items=40, first=160), "web")
    text = "item_id,created_at,comment\n0,2026-01-01T12:00:00Z,so slow\n9,2026-01-10T12:00:00Z,hm\n"
    ws.feedback.ingest(project.write("revised.csv", text), "web", IngestOptions(revise=True))
    return before, ws.task("mood").relabel().label_set.id


def pairs(found):
    return {(flip.before, flip.after): flip.items for flip in found}


def test_flips_of_a_report_are_those_of_the_two_label_sets_side_by_side(project, ws):
    before, after = bumped(project, ws)
    data = gather(ws, "mood")
    table = flips(ws.task("mood").labels(before), ws.task("mood").labels(after))
    new = int(table.loc["(new item)"].sum())
    wanted = {
        (row, column): int(table.loc[row, column])
        for row in table.index.drop("(new item)")
        for column in table.columns
        if table.loc[row, column]
    }
    assert pairs(data.flips) == wanted
    assert (data.new_items, data.gone_items) == (new, 0)
    assert new == 40
    assert (UNLABELLED, UNLABELLED) in wanted


def test_a_flip_says_whether_a_step_of_the_schema_leads_there(project, ws):
    bumped(project, ws)
    kinds = {(flip.before, flip.after): flip.kind for flip in gather(ws, "mood").flips}
    assert kinds["good", "good"] == "kept"
    assert {kind for (before, after), kind in kinds.items() if before == "bad" and after in ("slow", "wrong")} == {
        "step"
    }
    assert {kind for (before, _), kind in kinds.items() if before == UNLABELLED} <= {"kept", "gained"}


def test_items_that_only_the_label_set_before_held_are_gone(project, ws):
    ws.feedback.ingest(project.feedback("other.csv", items=16, first=500), "mail")
    ws.task("mood").relabel()
    settings = project.folder / "retrolabel.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '[tasks.mood]\nsources = ["web"]\n', encoding="utf-8")
    narrower = project.open()
    narrower.task("mood").relabel()
    data = gather(narrower, "mood")
    assert (data.new_items, data.gone_items) == (0, 16)
    assert sum(flip.items for flip in data.flips) == 160


def test_examples_of_a_flip_are_items_that_made_it(project, ws):
    before, after = bumped(project, ws)
    was = ws.task("mood").labels(before).set_index("item_id")["label"]
    now = ws.task("mood").labels(after).set_index("item_id")["label"]
    texts = ws.feedback.items().set_index("item_id")["comment"]
    shown = [(flip, item) for flip in gather(ws, "mood").flips for item in flip.examples]
    assert shown
    for flip, item in shown:
        assert flip.before != flip.after
        assert (item.before or UNLABELLED) == flip.before
        assert flip.before == (UNLABELLED if pd.isna(was[item.item_id]) else was[item.item_id])
        assert flip.after == (UNLABELLED if pd.isna(now[item.item_id]) else now[item.item_id])
        assert item.texts == (("comment", texts[item.item_id]),)


def test_the_label_set_before_is_the_one_that_latest_named_last(project, ws):
    first = ws.task("mood").relabel().label_set.id
    second = ws.task("mood").relabel(label_model="majority_vote").label_set.id

    def before(id_):
        found = label_set_before(ws.task("mood").label_set(id_), ws.catalog.label_sets)
        return found.id if found else None

    assert (before(first), before(second)) == (None, first)
    ws.task("mood").relabel()
    assert (before(first), before(second)) == (second, first)


def test_another_label_set_can_be_compared_with_and_the_same_one_cannot(project, ws):
    before, after = bumped(project, ws)
    assert gather(ws, "mood", before).against is None
    assert gather(ws, "mood", before, against=after).against.id == after
    with pytest.raises(RetrolabelError, match="cannot be compared with itself"):
        ws.task("mood").report(after, against=after)
    with pytest.raises(UnknownLabelSetError):
        ws.task("mood").report(after, against="feed")


def test_the_bump_is_where_the_newest_item_under_the_older_version_lies(project, ws):
    bumped(project, ws)
    data = gather(ws, "mood")
    assert [(bump.day, bump.before, bump.after) for bump in data.bumps] == [("2026-01-28", "1.0.0", "2.0.0")]
    assert gather(ws, "mood", data.against.id).bumps == ()


def test_labels_by_day_count_every_item_of_both_label_sets(project, ws):
    bumped(project, ws)
    data = gather(ws, "mood")
    assert [int(days.counts.sum()) for days in data.days] == [200, 160]
    now = data.days[0]
    by_label = {label: int(now.counts[now.places == place].sum()) for place, label in enumerate(now.labels)}
    assert by_label == data.made.shares


def test_gold_of_a_report_is_that_of_evaluate(project, ws):
    ws.task("mood").relabel()
    data, (_, scores, _) = gather(ws, "mood"), ws.task("mood").evaluate()
    assert data.scores[0].agreement == scores["dev"].agreement
    assert data.scores[0].membership == scores["dev"].membership
    assert len(data.judged.truth) == scores["dev"].agreement.covered
    right = float((data.judged.predicted == data.judged.truth).mean())
    assert right == pytest.approx(scores["dev"].agreement.accuracy.value)


def test_a_report_does_not_look_at_test_gold(project, ws, monkeypatch):
    ws.task("mood").gold.import_file(project.gold(dict.fromkeys(range(100, 140), "bad"), "t.csv"), "web", role="test")
    ws.task("mood").relabel()
    monkeypatch.setattr(ws.catalog.gold, "log_look", lambda *_: pytest.fail("looked"))
    assert gather(ws, "mood").gold_items == 80


def test_reliability_is_of_models_that_had_not_seen_the_gold(project, ws):
    ws.task("mood").relabel()
    label_set = ws.task("mood").label_set()
    data = gather(ws, "mood")
    unseen = label_set.cross_fitted_probabilities()
    assert len(unseen) == 80
    assert data.judged.unseen
    assert {tuple(row) for row in data.judged.probabilities.round(12).tolist()} <= {
        tuple(np.round(row, 12)) for row in unseen.values()
    }


def test_a_label_set_from_before_those_probabilities_were_kept_says_so(project, ws):
    ws.task("mood").relabel()
    path = project.store / "label_sets" / ws.task("mood").label_set().id / "cross_fitted.parquet"
    pq.write_table(pq.read_table(path).select(["source", "item_id", "label"]), path)
    project.believe(path.parent)
    assert ws.task("mood").label_set().cross_fitted_probabilities() == {}
    report = ws.task("mood").report()
    assert not report.data.judged.unseen
    assert "they may look surer than they are" in report.html


def test_items_to_look_at_disagree_with_people_or_are_close_and_unseen_by_people(project, ws):
    ws.task("mood").gold.import_file(project.gold({81: "good"}, "odd.csv"), "web", role="dev", sampling="random")
    ws.task("mood").relabel()
    data = gather(ws, "mood")
    said = {**{str(number): TRUTH[number % 8] for number in range(80)}, "81": "good"}
    assert data.disagreements
    assert all(item.gold == (said[item.item_id],) and item.label != said[item.item_id] for item in data.disagreements)
    assert data.disagreeing >= len(data.disagreements)
    margins = [item.likeliest[0][1] - item.likeliest[1][1] for item in data.closest]
    assert margins == sorted(margins)
    assert not {item.item_id for item in data.closest} & said.keys()
    assert len({item.votes for item in data.closest}) == len(data.closest)


def test_faults_are_told_by_function_and_message(project, ws):
    project.lfs(
        project.folder.joinpath("labeling_functions/mood/wording.py").read_text(encoding="utf-8")
        + '\n\n@labeling_function(BAD, version="1")\ndef fails(comment):\n'
        '    if comment == "hm":\n        raise ValueError("no <b>words</b>")\n    return False\n'
    )
    settings = project.folder / "retrolabel.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "max_fault_rate = 1.0\n", encoding="utf-8")
    ws = project.open()
    ws.task("mood").relabel()
    report = ws.task("mood").report()
    assert report.data.fault_count == 20
    (group,) = report.data.faults
    assert (group.lf, "no <b>words</b>" in group.error) == ("fails", True)
    assert "no &lt;b&gt;words&lt;/b&gt;" in report.html
    assert "no <b>words" not in report.html


def test_a_store_without_its_project_has_a_report_without_gold(project, ws):
    bumped(project, ws)
    alone = retrolabel.open("/", store=project.store)
    data = gather(alone, "mood")
    assert data.scores == ()
    assert {flip.kind for flip in data.flips} <= {"kept", "changed", "gained", "lost"}
    assert "does not have version 2.0.0" in data.notes[0]


def test_texts_of_a_segment_that_is_gone_are_not_shown_and_that_is_said(project, ws):
    ws.task("mood").relabel()
    for path in (project.store / "feedback").rglob("*.parquet"):
        path.unlink()
    data = project.open().task("mood").report().data
    assert all(item.texts == () for item in data.closest)
    assert any("gone from the store" in note for note in data.notes)


def test_where_each_vote_was_right_is_counted_on_gold(project, ws):
    ws.task("mood").relabel()
    frame = gather(ws, "mood").precisions.set_index("lf")
    summary = ws.task("mood").lf_summary()
    assert (frame["right"] == summary["correct"]).all()
    assert (frame["judged"] == summary["correct"] + summary["incorrect"]).all()


def test_what_labeling_functions_do_is_what_their_summary_says(project, ws):
    ws.task("mood").relabel()
    mine = gather(ws, "mood").lfs.set_index("lf")
    theirs = ws.task("mood").lf_summary()
    columns = ["votes", "coverage", "overlaps", "conflicts", "faults"]
    pd.testing.assert_frame_equal(mine[columns], theirs[columns])


@pytest.mark.parametrize("name", ["majority_vote", "weighted_vote", "dawid_skene"])
def test_label_models_that_learn_no_precisions_have_a_report(ws, name):
    ws.task("mood").relabel(label_model=name)
    report = ws.task("mood").report()
    assert report.data.precisions["learned"].isna().all()
    assert f"<code>{name}</code>" in report.html


def test_a_report_changes_nothing_in_the_store(project, ws):
    bumped(project, ws)
    before = project.state()
    ws.task("mood").report()
    assert project.state() == before


def test_the_commands_of_a_report_are_those_that_made_it(project, ws):
    before, after = bumped(project, ws)
    assert gather(ws, "mood").commands[-3:] == (
        "retrolabel relabel mood --to 2.0.0 --label-model label_model",
        f"retrolabel labels verify mood {after[:12]}",
        f"retrolabel report mood {after[:12]} --against {before[:12]}",
    )


def test_a_label_set_on_which_nothing_voted_has_a_report(project):
    ws = project.open()
    ws.feedback.ingest(project.write("hm.csv", "item_id,comment\n1,hm\n2,hm\n"), "web")
    ws.task("mood").relabel()
    report = ws.task("mood").report()
    assert report.data.made.labelled == 0
    assert report.data.closest == ()
    assert report.data.days[0].timeless == 2
    assert "Items without a time: 2." in report.html
    assert "No item has a time." in report.html


def test_times_that_an_older_version_stored_and_charts_do_not_reach_are_counted_in_words(project, monkeypatch):
    rows = ["0,9999-12-31T23:59:59Z,thanks", "1,0001-01-01T00:00:00Z,so slow", "2,2262-01-01,great", "3,1677-12-31,hm"]
    rows += ["4,1678-01-01,great", "5,2261-12-31T23:59:59Z,thanks"]
    with monkeypatch.context() as older:
        older.setattr(feedback, "TimeReader", partial(times.TimeReader, years=times.REPRESENTABLE))
        ws = project.open()
        ws.feedback.ingest(project.write("far.csv", "\n".join(["item_id,created_at,comment", *rows])), "web")
    ws.task("mood").relabel()
    project.add_v2()
    ws.task("mood").relabel()
    report = ws.task("mood").report()
    for days in report.data.days:
        assert days.days.astype(str).tolist() == ["1678-01-01", "2261-12-31"]
        assert (days.timeless, days.outside) == (4, 4)
    assert [bump.day for bump in report.data.bumps] == ["2261-12-31"]
    assert "Items without a time" not in report.html
    assert "Items with a time outside of 1678 to 2261: 4." in report.html


def test_a_time_beyond_those_of_python_has_a_report_too(project, monkeypatch):
    late = np.array(["20000-01-01"], "datetime64[us]").astype(np.int64)
    table = pa.table({"item_id": ["1"], "created_at": pa.array(late, pa.timestamp("us", "UTC")), "comment": ["thanks"]})
    pq.write_table(table, project.folder / "late.parquet")
    with monkeypatch.context() as older:
        older.setattr(feedback, "TimeReader", partial(times.TimeReader, years=(1, 30_000)))
        ws = project.open()
        ws.feedback.ingest(project.folder / "late.parquet", "web")
    ws.task("mood").relabel()
    project.add_v2()
    ws.task("mood").relabel()
    report = ws.task("mood").report()
    assert report.data.bumps == ()
    assert "Items with a time outside of 1678 to 2261: 1." in report.html
    assert "No item has a time." in report.html


def test_the_label_set_of_a_project_without_labeling_functions_has_a_report(project):
    project.lfs('"""None yet."""\n')
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    ws.task("mood").relabel()
    assert "There are none." in ws.task("mood").report().html


def test_gold_of_the_version_before_is_said_to_leave_several_labels_possible(project, ws):
    bumped(project, ws)
    report = ws.task("mood").report()
    score, judged = report.data.scores[0], report.data.judged
    assert {left for left in judged.left if len(left) == 1} == {frozenset({0})}
    assert 0 < score.agreement.n < score.membership.n == len(judged.left)
    assert f"{score.agreement.covered} judged items, of {score.membership.n} items with dev gold" in report.html
    assert "accuracy says nothing of slow, wrong" in report.html
    assert "slow | wrong" in report.html
    assert "No dev gold" not in report.html
