"""Plan, then run: what is stored is not computed again, what changed is never reused."""

from __future__ import annotations

import pandas as pd
import pytest

from retrolabel.errors import FaultRateError, LabelingFunctionError, MissingColumnError, SettingsError
from retrolabel.label_models.label_model import LabelModel
from retrolabel.wiring.feedback import IngestOptions

REVISE = IngestOptions(revise=True)


@pytest.fixture
def ws(project):
    """The project's workspace, with forty items."""
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=40), "web")
    return opened


# Plan ------------------------------------------------------------------------------------------


def test_a_plan_changes_nothing_and_calls_no_labeling_function(project, ws):
    before = project.state()
    plan = ws.task("mood").plan()
    assert (plan.items, plan.calls, plan.reused) == (40, 120, 0)
    assert not plan.exists
    assert project.state() == before
    assert project.calls() == 0


def test_a_plan_foretells_the_label_set_and_the_number_of_calls(project, ws):
    plan = ws.task("mood").plan()
    report = ws.task("mood").relabel()
    assert report.label_set.id == plan.label_set
    assert report.votes.computed == plan.calls == project.calls() == 120


def test_after_a_relabel_nothing_is_left_to_do(ws):
    assert not ws.task("mood").plan().nothing_to_do
    ws.task("mood").relabel()
    after = ws.task("mood").plan()
    assert after.nothing_to_do
    assert (after.calls, after.reused) == (0, 120)


def test_a_plan_knows_how_long_votes_take_once_they_were_computed(project, ws):
    assert ws.task("mood").plan().seconds is None
    ws.task("mood").relabel()
    ws.feedback.ingest(project.feedback("more.csv", items=10, first=100), "web")
    assert ws.task("mood").plan().seconds > 0


# Relabel ---------------------------------------------------------------------------------------


def test_relabel_twice_computes_nothing_and_gives_the_same_label_set(project, ws):
    first = ws.task("mood").relabel()
    files, calls = project.files(), project.calls()
    second = ws.task("mood").relabel()
    assert (first.is_new, second.is_new) == (True, False)
    assert second.label_set == first.label_set
    assert (second.votes.computed, second.votes.reused) == (0, 120)
    assert project.files() == files
    assert project.calls() == calls


def test_the_second_report_says_what_the_first_said(project, ws):
    project.write(
        "labeling_functions/mood/schema/v2.py",
        "from labeling_functions.mood.schema.v1 import BAD\n"
        "from labeling_functions.mood.schema.v1 import SCHEMA as V1\n"
        "from retrolabel import Label, LabelSchema, Redefine\n"
        'GOOD = Label("good", "The person got exactly what they needed.")\n'
        'SCHEMA = LabelSchema(task="mood", version="2.0.0", revises=V1, labels=[GOOD, BAD],\n'
        '                     steps=[Redefine(GOOD, "narrower")])\n',
    )
    first, second = ws.task("mood").relabel().as_dict(), ws.task("mood").relabel().as_dict()
    assert first["votes"]["suspect"] > 0
    assert second["votes"]["suspect"] == first["votes"]["suspect"]
    for part in ("label_model", "gold", "notes"):
        assert second[part] == first[part]


def test_new_items_are_the_only_ones_that_are_computed(project, ws):
    ws.task("mood").relabel()
    ws.feedback.ingest(project.feedback("more.csv", items=10, first=100), "web")
    report = ws.task("mood").relabel()
    assert (report.votes.computed, report.votes.reused) == (30, 120)
    assert report.label_set.items == 50
    assert project.calls() == 150


def test_an_edited_labeling_function_runs_again(project, ws):
    first = ws.task("mood").relabel()
    path = project.folder / "labeling_functions/mood/wording.py"
    path.write_text(path.read_text().replace('"great" in comment', '"ok" in comment'))
    second = ws.task("mood").relabel()
    assert (second.votes.computed, second.votes.reused) == (40, 80)
    assert second.label_set.id != first.label_set.id
    labels = ws.task("mood").labels("latest").set_index("item_id")["label"]
    assert labels["7"] == "good"
    assert pd.isna(labels["3"])


def test_a_helper_beside_the_package_that_was_edited_is_used_as_it_is_now(project, ws):
    project.write("beside_jobs.py", 'WORD = "thanks"\n')
    project.lfs(
        "import beside_jobs\n"
        "from labeling_functions.mood.schema.v1 import GOOD\n"
        "from retrolabel import labeling_function\n"
        "@labeling_function(GOOD)\n"
        "def praises(comment):\n"
        "    return beside_jobs.WORD in (comment or '')\n"
    )
    ws.task("mood").relabel()
    assert set(ws.task("mood").labels("latest").dropna(subset="label")["item_id"].astype(int) % 8) == {0, 6}
    project.write("beside_jobs.py", 'WORD = "great"\n')
    ws.task("mood").relabel()
    assert set(ws.task("mood").labels("latest").dropna(subset="label")["item_id"].astype(int) % 8) == {3}


def test_an_edited_resource_file_makes_its_labeling_functions_run_again(project, ws):
    project.write("labeling_functions/mood/resources/words.txt", "thanks")
    project.lfs(
        "from pathlib import Path\n"
        "from labeling_functions.mood.schema.v1 import GOOD\n"
        "from retrolabel import keywords\n"
        "WORDS = (Path(__file__).parent / 'resources' / 'words.txt').read_text().split()\n"
        "praises = keywords(GOOD, WORDS, column='comment')\n"
    )
    first = ws.task("mood").relabel()
    project.write("labeling_functions/mood/resources/words.txt", "great")
    second = ws.task("mood").relabel()
    assert second.votes.computed == 40
    assert second.label_set.id != first.label_set.id


def test_two_stores_with_the_same_data_give_the_same_label_set(project, ws, make_project):
    other_project = make_project("elsewhere")
    other = other_project.open()
    other.feedback.ingest(other_project.feedback("renamed.csv", items=40), "web")
    here, there = ws.task("mood").relabel().label_set, other.task("mood").relabel().label_set
    assert (here.id, here.labels_hash) == (there.id, there.labels_hash)


def test_the_order_of_files_with_different_items_changes_nothing(make_project):
    made = []
    for name, order in (("one", (0, 1, 2)), ("two", (2, 0, 1))):
        project = make_project(name)
        ws = project.open()
        for number in order:
            ws.feedback.ingest(project.feedback(f"{number}.csv", items=20, first=100 * number), "web")
        made.append(ws.task("mood").relabel().label_set)
    assert made[0].id == made[1].id
    assert made[0].labels_hash == made[1].labels_hash


def test_items_in_other_segments_get_the_same_labels_under_another_id(make_project):
    labels, ids = [], []
    for name, sizes in (("one", (40,)), ("two", (25, 15))):
        project = make_project(name)
        ws = project.open()
        first = 0
        for size in sizes:
            ws.feedback.ingest(project.feedback(f"{first}.csv", items=size, first=first), "web")
            first += size
        ids.append(ws.task("mood").relabel().label_set.id)
        labels.append(
            ws.task("mood").labels("latest").drop(columns="label_set").sort_values("item_id", ignore_index=True)
        )
    assert labels[0].equals(labels[1])
    assert ids[0] != ids[1]


def test_a_revised_item_is_labelled_as_it_is_now_and_counted_once(project, ws):
    ws.task("mood").relabel()
    changed = project.write("b.csv", "item_id,created_at,comment\n0,2026-01-01T12:00:00Z,this is wrong\n")
    ws.feedback.ingest(changed, "web", REVISE)
    report = ws.task("mood").relabel()
    assert (report.label_set.items, report.votes.computed) == (40, 3)
    assert ws.task("mood").labels("latest").set_index("item_id").loc["0", "label"] == "bad"


def test_going_back_to_earlier_content_gives_the_earlier_labels(project, ws):
    first = ws.task("mood").relabel()
    head = "item_id,created_at,comment\n"
    ws.feedback.ingest(project.write("b.csv", f"{head}0,2026-01-01T12:00:00Z,this is wrong\n"), "web", REVISE)
    ws.task("mood").relabel()
    ws.feedback.ingest(project.write("c.csv", f"{head}0,2026-01-01T12:00:00Z,thanks a lot\n"), "web", REVISE)
    ws.task("mood").relabel()
    now = ws.task("mood").labels("latest").set_index("item_id")["label"]
    then = ws.task("mood").labels(first.label_set.id).set_index("item_id")["label"]
    assert now.sort_index().equals(then.sort_index())
    assert project.calls() == 120 + 3 + 3


def test_a_column_that_came_later_is_missing_in_older_segments_of_any_size(project):
    ws = project.open()
    head = "item_id,comment\n"
    ws.feedback.ingest(project.write("a.csv", head + "".join(f"a{n},thanks\n" for n in range(3))), "web")
    ws.feedback.ingest(project.write("b.csv", head + "".join(f"b{n},great\n" for n in range(7))), "web")
    ws.feedback.ingest(
        project.write("c.csv", "item_id,comment,stars\nc0,fine,5\nc1,poor,1\n"), "web", IngestOptions(widen=True)
    )
    project.lfs(
        "from labeling_functions.mood.schema.v1 import BAD, GOOD\n"
        "from retrolabel import labeling_function\n"
        "@labeling_function(GOOD, BAD)\n"
        "def rated(stars):\n"
        "    return None if stars is None else GOOD if stars > 3 else BAD\n"
    )
    report = ws.task("mood").relabel()
    assert (report.label_set.items, report.label_set.covered) == (12, 2)
    labels = ws.task("mood").labels("latest").dropna(subset="label").set_index("item_id")["label"]
    assert labels.to_dict() == {"c0": "good", "c1": "bad"}
    assert report.votes.computed == 12


def test_the_label_models_settings_are_part_of_the_id(ws):
    ids = [
        ws.task("mood").relabel(label_model=model).label_set.id
        for model in ("label_model", "majority_vote", LabelModel(shrinkage=2.0), LabelModel())
    ]
    assert len(set(ids)) == 3
    assert ids[0] == ids[3]


def test_an_unknown_label_model_is_refused_with_the_nearest(ws):
    with pytest.raises(SettingsError, match="Did you mean 'majority_vote'"):
        ws.task("mood").relabel(label_model="majority_votes")


def test_latest_is_the_one_that_was_asked_for_last(project, ws):
    under_v1 = ws.task("mood").relabel().label_set.id
    project.add_v2()
    under_v2 = ws.task("mood").relabel().label_set.id
    assert ws.task("mood").label_set().id == under_v2
    ws.task("mood").relabel(to="1.0.0")
    again = ws.task("mood").label_set()
    assert again.record.schema_version == "1.0.0"
    assert under_v1 != under_v2


def test_votes_for_a_label_that_was_split_are_carried_as_its_parts(project, ws):
    ws.task("mood").relabel()
    project.add_v2()
    plan = ws.task("mood").plan()
    assert any("the vote bad (of 1.0.0) is carried as slow | wrong" in note for note in plan.notes)
    ws.task("mood").relabel()
    frame = ws.task("mood").labels("latest").set_index("item_id")
    assert frame.loc["0", "label"] == "good"
    assert frame.loc["1", "covered"]
    assert frame.loc["1", "label"] != "good"
    assert frame.loc["1", "p_slow"] == pytest.approx(frame.loc["1", "p_wrong"])


def test_an_added_version_makes_no_vote_run_again(project, ws):
    ws.task("mood").relabel()
    calls = project.calls()
    project.add_v2()
    plan = ws.task("mood").plan()
    assert (plan.schema.version, plan.calls) == ("2.0.0", 0)
    report = ws.task("mood").relabel()
    assert (report.votes.computed, report.votes.reused) == (0, 120)
    assert project.calls() == calls


def test_a_task_without_labeling_functions_covers_nothing(project, ws):
    project.lfs("")
    report = ws.task("mood").relabel()
    assert (report.label_set.items, report.label_set.covered, report.label_set.labelled) == (40, 0, 0)
    assert any("no labeling functions" in note for note in report.notes)


def test_a_store_without_items_gives_an_empty_label_set(project, ws):
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n[tasks.mood]\nsources = []\n')
    ws = project.open()
    report = ws.task("mood").relabel()
    assert report.label_set.items == 0
    assert len(ws.task("mood").labels("latest")) == 0
    assert len(ws.task("mood").votes()) == 0
    assert ws.task("mood").verify() == []


def test_a_task_labels_the_sources_of_its_settings_only(project, ws):
    ws.feedback.ingest(project.feedback(items=8), "mail")
    project.write("retrolabel.toml", 'tracking = false\n[tasks.mood]\nsources = ["mail"]\n')
    assert project.open().task("mood").relabel().label_set.items == 8


def test_a_source_in_the_settings_that_does_not_exist_is_refused_even_beside_one_that_does(project, ws):
    project.write("retrolabel.toml", 'tracking = false\n[tasks.mood]\nsources = ["web", "mial"]\n')
    with pytest.raises(SettingsError, match="mial"):
        project.open().task("mood").plan()


# Faults ----------------------------------------------------------------------------------------

FAULTY = (
    "from labeling_functions.mood.schema.v1 import BAD, GOOD\n"
    "from retrolabel import labeling_function\n"
    "@labeling_function(GOOD)\n"
    "def praises(comment):\n"
    "    return 'thanks' in comment\n"
    "@labeling_function(GOOD, BAD)\n"
    "def fragile(comment):\n"
    "    if comment.startswith('b'):\n"
    "        return {'x': 1}[comment]\n"
    "    return BAD if 'wrong' in comment else None\n"
)


def faulty(project, broken, items=200):
    rows = [f"{n},{'broken ' if n < broken else ''}{'thanks' if n % 2 else 'wrong'}" for n in range(items)]
    project.lfs(FAULTY)
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", "item_id,comment\n" + "\n".join(rows) + "\n"), "web")
    return ws


def test_a_failure_on_few_items_is_kept_with_item_and_traceback_and_is_no_vote(project):
    ws = faulty(project, broken=2)
    report = ws.task("mood").relabel()
    assert report.votes.faults == 2
    assert report.label_set.covered == 199
    labels = ws.task("mood").labels("latest").set_index("item_id")
    assert not labels.loc["0", "covered"]
    assert ws.task("mood").votes().isna().loc[("web", "0"), "fragile"]
    kept = ws.catalog.votes.faults([vote.key for vote in ws.task("mood").plan().votes])
    assert [(fault.lf, fault.source, fault.item_id) for fault in kept] == [
        ("fragile", "web", "0"),
        ("fragile", "web", "1"),
    ]
    assert kept[0].error == "KeyError: 'broken wrong'"
    assert "in fragile" in kept[0].trace
    assert "wording.py" in kept[0].trace


def test_a_failure_on_many_items_makes_no_label_set_but_keeps_the_votes(project):
    ws = faulty(project, broken=3)
    with pytest.raises(FaultRateError) as caught:
        ws.task("mood").relabel()
    (problem,) = caught.value.problems
    assert "fragile" in problem.where
    assert "wording.py" in problem.where
    assert problem.what == "failed on 3 of 200 items; first on item 0 of web: KeyError: 'broken wrong'"
    assert ws.task("mood").label_sets() == []
    assert ws.task("mood").plan().calls == 0


def test_allowing_more_failures_afterwards_computes_nothing_again(project):
    ws = faulty(project, broken=3)
    with pytest.raises(FaultRateError):
        ws.task("mood").relabel()
    project.write("retrolabel.toml", "tracking = false\nmax_fault_rate = 0.02\n")
    report = project.open().task("mood").relabel()
    assert (report.votes.computed, report.votes.faults) == (0, 3)


def test_every_labeling_function_that_fails_too_often_is_named(project):
    project.lfs(
        "from labeling_functions.mood.schema.v1 import BAD, GOOD\n"
        "from retrolabel import labeling_function\n"
        + "".join(
            f"@labeling_function(GOOD)\ndef fails_{name}(comment):\n    raise ValueError('{name}')\n" for name in "abc"
        )
    )
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    with pytest.raises(FaultRateError) as caught:
        ws.task("mood").relabel()
    assert [problem.where.split()[1] for problem in caught.value.problems] == ["fails_a", "fails_b", "fails_c"]


@pytest.mark.parametrize(
    ("returned", "said"),
    [("1", "returned 1, not True or False"), ("'good'", "returned 'good'"), ("BAD", "which it does not declare")],
)
def test_an_undeclared_return_value_is_a_failure_and_never_a_vote(project, ws, returned, said):
    project.lfs(
        "from labeling_functions.mood.schema.v1 import BAD, GOOD\n"
        "from retrolabel import labeling_function\n"
        f"@labeling_function(GOOD)\ndef odd(comment):\n    return {returned}\n"
    )
    with pytest.raises(FaultRateError) as caught:
        ws.task("mood").relabel()
    assert said in caught.value.problems[0].what


def test_a_labeling_function_that_asks_python_to_exit_fails_on_its_item_only(project, ws):
    project.lfs(
        "import sys\n"
        "from labeling_functions.mood.schema.v1 import GOOD\n"
        "from retrolabel import labeling_function\n"
        "@labeling_function(GOOD)\ndef quits(comment):\n    sys.exit(0)\n"
    )
    with pytest.raises(LabelingFunctionError):
        ws.task("mood").relabel()


def test_all_labeling_functions_that_read_a_missing_column_are_named(project, ws):
    project.lfs(
        "from labeling_functions.mood.schema.v1 import BAD, GOOD\n"
        "from retrolabel import labeling_function\n"
        "@labeling_function(GOOD)\ndef one(coment):\n    return True\n"
        "@labeling_function(GOOD)\ndef two(comment, stars):\n    return True\n"
    )
    before = project.state()
    with pytest.raises(MissingColumnError) as caught:
        ws.task("mood").plan()
    said = [problem.what for problem in caught.value.problems]
    assert "reads the column 'coment', which the source 'web' does not have. Did you mean 'comment'?" in said[0]
    assert "reads the column 'stars'" in said[1]
    assert project.state() == before


def test_a_column_that_came_later_is_missing_in_older_segments_beside_a_function_of_the_whole_row(project):
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", "item_id,comment\na0,thanks\n"), "web")
    ws.feedback.ingest(project.write("b.csv", "item_id,comment,stars\nb0,fine,5\n"), "web", IngestOptions(widen=True))
    project.lfs(
        "from labeling_functions.mood.schema.v1 import GOOD\n"
        "from retrolabel import labeling_function\n"
        "@labeling_function(GOOD)\n"
        "def rated(stars):\n    return stars is not None and stars > 3\n"
        "@labeling_function(GOOD)\n"
        "def thanks(x):\n    return 'thanks' in x.comment\n"
    )
    report = ws.task("mood").relabel()
    assert (report.votes.faults, report.label_set.covered) == (0, 2)


def test_a_relabel_reads_gold_and_what_is_live_once(project, ws, monkeypatch):
    ws.task("mood").gold.import_file(
        project.gold({n: "good" if n % 2 else "bad" for n in range(30)}), "web", role="dev"
    )
    reads = []
    for book, name in ((ws.catalog.gold, "human_labels"), (ws.catalog.feedback, "segments")):
        asked = getattr(book, name)
        monkeypatch.setattr(book, name, lambda *words, asked=asked, name=name: reads.append(name) or asked(*words))
    first = ws.task("mood").relabel()
    assert sorted(reads) == ["human_labels", "segments"]
    assert first.dev.agreement.n == 30
    reads.clear()
    assert ws.task("mood").relabel().dev == first.dev  # nothing is new, and the stored label set is scored
    assert sorted(reads) == ["human_labels", "segments"]
