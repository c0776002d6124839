"""Models that are trained on label sets: what goes in, what stays out, how they are judged, and how they are kept."""

from __future__ import annotations

import pandas as pd
import pytest

import retrolabel
from retrolabel.errors import CorruptionError, InputError, SettingsError, StoreError
from retrolabel.jobs.records.events import TRAINED
from retrolabel.wiring.doctor import examine
from retrolabel.wiring.end_models import predictor
from retrolabel.wiring.examining.end_models import look_at_models
from retrolabel.wiring.status import status
from retrolabel.wiring.tracking import resend, waiting_models

KINDS = ("thanks for the quick answer", "great work on this", "this is wrong", "the answer is slow")
ITEMS = 240


@pytest.fixture
def labelled(project):
    """A project with 240 items: half of them good; 40 are test gold, 20 dev gold."""
    rows = [f"{n},2026-01-{1 + n % 28:02d}T12:00:00Z,{KINDS[n % 4]} number {n}" for n in range(ITEMS)]
    project.write("feedback.csv", "item_id,created_at,comment\n" + "\n".join(rows) + "\n")
    ws = project.open()
    ws.feedback.ingest(project.folder / "feedback.csv", "web")
    truth = {n: "good" if n % 4 < 2 else "bad" for n in range(60)}
    test = project.gold({n: truth[n] for n in range(40)}, "test.csv")
    dev = project.gold({n: truth[n] for n in range(40, 60)}, "dev.csv")
    ws.task("mood").gold.import_file(test, "web", role="test", sampling="random")
    ws.task("mood").gold.import_file(dev, "web", role="dev", sampling="random")
    ws.task("mood").relabel()
    return ws


def test_gold_of_every_role_stays_out_of_training(labelled):
    training = labelled.task("mood").train("latest")
    assert training.material.items == ITEMS - 60
    assert training.material.gold == 60
    assert training.dev == 20


def test_a_model_is_judged_on_test_gold_beside_both_rivals_and_the_look_is_logged(labelled):
    first, second = (labelled.task("mood").train("latest").as_dict() for _ in range(2))
    assert first["test"]["n"] == 40
    assert first["test"]["accuracy"] == 1.0
    assert first["label_model"]["accuracy"] == first["majority_vote"]["accuracy"] == 1.0
    assert first["label_model"]["covered"] == 40
    assert first["label_model"]["model_gains"]["low"] < 0 < first["label_model"]["model_gains"]["high"]
    assert (first["test_looks"], second["test_looks"]) == (1, 2)


def test_the_same_label_set_gives_the_same_model(labelled):
    first, second = (labelled.task("mood").train("latest") for _ in range(2))
    assert (first.id, first.content) == (second.id, second.content)


def test_near_copies_of_test_items_stay_out(labelled, project):
    said = "thanks for the quick answer number 0 and have a very good day all of you"
    project.write("more.csv", f"item_id,comment\nt,{said}\nc,{said}!\n")
    labelled.feedback.ingest(project.folder / "more.csv", "web")
    labelled.task("mood").gold.import_file(project.gold({"t": "good"}, "one.csv"), "web", role="test")
    labelled.task("mood").relabel()
    material = labelled.task("mood").train("latest").material
    assert material.near_test == 1
    assert material.items == ITEMS - 60


def test_items_without_a_vote_or_a_text_are_counted_and_left_out(labelled, project):
    project.write("more.csv", "item_id,comment\nx,hm\ny,\n")
    labelled.feedback.ingest(project.folder / "more.csv", "web")
    labelled.task("mood").relabel()
    material = labelled.task("mood").train("latest").material
    assert material.uncovered == 2
    assert material.items == ITEMS - 60


def test_of_more_items_than_asked_for_the_same_part_is_taken_whatever_came_first(labelled):
    training = labelled.task("mood").train("latest", most=50)
    assert (training.material.items, training.material.left) == (50, ITEMS - 110)
    assert training.id == labelled.task("mood").train("latest", most=50).id


def test_without_test_gold_nobody_knows_how_good_it_is(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(items=80), "web")
    ws.task("mood").relabel()
    told = ws.task("mood").train("latest").as_dict()
    assert (told["test"], told["label_model"], told["test_looks"]) == (None, None, 0)
    assert "There is no test gold of mood under 1.0.0." in told["why_no_test"]


def test_too_few_items_are_refused_with_what_stays_out(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(items=8), "web")
    ws.task("mood").relabel()
    with pytest.raises(StoreError, match="items can be trained on, and 20 are the fewest"):
        ws.task("mood").train("latest")


def test_a_column_that_is_not_there_is_refused(labelled):
    with pytest.raises(SettingsError, match="No source has a column 'coment'"):
        labelled.task("mood").train("latest", columns=["coment"])


def test_new_feedback_is_labelled_by_the_newest_model(labelled):
    task = labelled.task("mood")
    training = task.train("latest")
    found = task.predict(pd.DataFrame({"comment": ["thanks for it", "wrong again", None]}, index=[7, 8, 9]))
    assert found["label"].tolist()[:2] == ["good", "bad"]
    assert found.index.tolist() == [7, 8, 9]
    assert found.columns.tolist() == ["label", "probability", "p_good", "p_bad"]
    assert [each.id for each in task.models()] == [training.id]


def test_feedback_without_a_known_column_is_refused(labelled):
    labelled.task("mood").train("latest")
    with pytest.raises(InputError, match="The model reads comment, and none of these columns is there"):
        labelled.task("mood").predict(pd.DataFrame({"text": ["thanks"]}))


def test_before_a_model_was_trained_the_remedy_is_to_train_one(labelled):
    with pytest.raises(StoreError) as raised:
        labelled.task("mood").predict(pd.DataFrame({"comment": ["thanks"]}))
    assert raised.value.remedy == "retrolabel train mood"


def test_a_model_whose_bytes_changed_is_refused(labelled, project):
    training = labelled.task("mood").train("latest")
    path = project.store / "end_models" / training.id / "model.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(CorruptionError):
        labelled.task("mood").predict(pd.DataFrame({"comment": ["thanks"]}))


def test_verify_names_models_that_are_damaged_or_gone_and_what_makes_them_again(labelled, project):
    task = labelled.task("mood")
    first, second = task.train("latest", test=False), task.train("latest", most=50, trial=True)
    task.train("latest", test=False)  # the same model once more is one file
    assert task.verify() == []
    folder = project.store / "end_models"
    path = folder / first.id / "model.npz"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    (folder / second.id / "model.npz").unlink()
    problems = {problem.where: problem for problem in task.verify()}
    assert len(problems) == 2
    assert problems[str(path)].what.startswith("has other bytes")
    assert problems[str(folder / second.id / "model.npz")].what == "is gone"
    again = f"retrolabel train mood {first.label_set[:12]}, with the options of then, makes it again"
    assert {problem.remedy for problem in problems.values()} == {again}
    assert task.verify_deep(sample=0).failed
    for options in ({"test": False}, {"most": 50, "trial": True}):
        task.train(first.label_set, **options)
    assert task.verify() == []


def test_the_doctor_tells_of_damaged_models_and_of_files_that_nobody_names(labelled, project):
    training = labelled.task("mood").train("latest", test=False)

    def told():
        return [(each.state, each.what) for each in look_at_models(labelled)]

    assert told() == [("ok", "1 trained model as written")]
    left = project.store / "end_models" / ("0" * 32) / "model.npz"  # a training that was killed before it told of it
    left.parent.mkdir()
    left.write_bytes(b"x")
    (project.store / "end_models" / training.id / "model.npz").unlink()
    (state, broken), (note, nameless) = told()
    assert (state, note) == ("broken", "note")
    assert broken.endswith(f"{training.id}/model.npz is gone")
    assert nameless == f"1 file of models that the catalog does not name, 0.0 MB: {left}"
    assert told()[0][1] in [each.what for each in examine(project.folder, project.store)]


def test_a_model_that_mlflow_did_not_get_is_sent_later_and_once(labelled, project, monkeypatch):
    mlflow = pytest.importorskip("mlflow")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = true\ntracking_timeout = 3\n')
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")  # nobody listens there
    told = []
    task = retrolabel.open(project.folder, store=project.store, warn=told.append).task("mood")
    training = task.train("current", test=False)
    task.train("latest", most=50, trial=True)
    assert any("MLflow took no model" in line and "track --resend" in line for line in told)
    assert waiting_models(task._site) == [("mood", training.id)]
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    done = resend(task._site)
    assert (done.models, done.models_left) == (((training.id, "1"),), 0)
    client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{project.store / 'mlflow.db'}")
    version = client.get_model_version_by_alias("retrolabel.mood.end_model", "current")
    assert version.tags["retrolabel.model"] == training.id
    assert resend(task._site).models == ()
    task.train("current", test=False)
    assert len(client.search_model_versions("name = 'retrolabel.mood.end_model'")) == 1


def test_the_alias_of_models_follows_a_rollback(labelled, project, monkeypatch):
    mlflow = pytest.importorskip("mlflow")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = true\n')
    task = project.open().task("mood")
    first = task.train("current", test=False)
    project.feedback("more.csv", items=8, first=500)
    labelled.feedback.ingest(project.folder / "more.csv", "web")
    task.relabel()
    second = task.train("current", test=False)
    client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{project.store / 'mlflow.db'}")

    def named():
        version = client.get_model_version_by_alias("retrolabel.mood.end_model", "current")
        return version.tags["retrolabel.model"]

    assert named() == second.id
    task.rollback(reason="a wrong label")
    assert named() == first.id


def test_a_model_is_stale_when_consumers_read_another_label_set(labelled, project):
    task = labelled.task("mood")
    task.train("current")
    site = task._site
    assert predictor(site, "mood").stale == ""
    project.feedback("more.csv", items=8, first=500)
    labelled.feedback.ingest(project.folder / "more.csv", "web")
    task.relabel()
    stale = predictor(site, "mood").stale
    assert "is stale: consumers read label set" in stale
    (line,) = [each for each in status(site, ["mood"])[0].lines if each.what == "models"]
    assert (line.state, line.command) == ("note", "retrolabel train mood")


def test_training_answers_a_rule_that_says_due(project):
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n[tasks.mood.retrain]\nnew_labels = 20\n')
    ws = project.open()
    ws.feedback.ingest(project.feedback(items=80), "web")
    task = ws.task("mood")
    task.relabel()
    project.feedback("more.csv", items=80, first=500)
    ws.feedback.ingest(project.folder / "more.csv", "web")
    task.relabel()
    site = task._site

    def line():
        return next(each for each in status(site, ["mood"])[0].lines if each.what == "models")

    assert (line().state, line().command) == ("to do", "retrolabel train mood")
    training = task.train("current")
    assert line().state == "ok"
    (event,) = site.catalog.events.events("mood", kinds=(TRAINED,))
    assert (event.subject, event.data["model"]) == (training.label_set, training.id)
    assert "thanks" not in str(event.as_dict())


def test_the_registry_has_the_model_with_its_label_set_and_the_alias_names_it(labelled, project, monkeypatch):
    mlflow = pytest.importorskip("mlflow")
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = true\n')
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    task = project.open().task("mood")
    training = task.train("current")
    client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{project.store / 'mlflow.db'}")
    version = client.get_model_version_by_alias("retrolabel.mood.end_model", "current")
    assert version.tags["retrolabel.model"] == training.id
    assert version.tags["retrolabel.label_set"] == training.label_set
    assert version.tags["retrolabel.schema_version"] == "1.0.0"
    folder = client.download_artifacts(version.run_id, "end_model", str(project.folder))
    found = mlflow.pyfunc.load_model(folder).predict(pd.DataFrame({"comment": ["thanks", "wrong"]}))
    assert found["label"].tolist() == ["good", "bad"]


def test_a_classifier_of_ones_own_is_fitted_kept_and_asked(labelled):
    task = labelled.task("mood")
    first, second = (task.train("latest", estimator="sklearn.naive_bayes:MultinomialNB") for _ in range(2))
    assert first.id == second.id
    assert first.as_dict()["test"]["accuracy"] == 1.0
    assert task.predict(pd.DataFrame({"comment": ["wrong again"]}))["label"].tolist() == ["bad"]


@pytest.mark.parametrize(
    ("named", "said"),
    [("MultinomialNB", "names no factory"), ("sklearn.naive_bayes:Bayes", "cannot be imported")],
)
def test_a_factory_that_is_not_there_is_refused(labelled, named, said):
    with pytest.raises(SettingsError, match=said):
        labelled.task("mood").train("latest", estimator=named)


def test_dev_gold_tells_how_good_a_model_is_without_a_look_at_test_gold(labelled):
    told = labelled.task("mood").train("latest", test=False).as_dict()
    assert (told["test"], told["test_looks"]) == (None, 0)
    assert (told["dev"]["n"], told["dev"]["label_model"]["accuracy"]) == (20, 1.0)
    labelled.task("mood").evaluate("latest", final=True)
    assert labelled.task("mood").train("latest", trial=True).as_dict()["test_looks"] == 1
    assert labelled.task("mood").train("latest").as_dict()["test_looks"] == 2


def test_a_model_follows_what_consumers_read(labelled, project):
    task = labelled.task("mood")
    first = task.train("current", test=False)
    project.feedback("more.csv", items=8, first=500)
    labelled.feedback.ingest(project.folder / "more.csv", "web")
    task.relabel()
    assert predictor(task._site, "mood").stored.id == first.id  # there is no other, and it is said to be stale
    second = task.train("current", test=False)
    assert predictor(task._site, "mood").stored.id == second.id
    task.rollback(reason="a wrong label")
    back = predictor(task._site, "mood")
    assert (back.stored.id, back.stale) == (first.id, "")
    assert predictor(task._site, "mood", "latest").stored.id == second.id


def test_a_model_on_labels_that_nobody_read_is_asked_by_its_name_alone(labelled, project):
    task = labelled.task("mood")
    first = task.train("current", test=False)
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n[tasks.mood.gates]\nby_hand = true\n')
    project.feedback("more.csv", items=8, first=500)
    task = project.open().task("mood")
    labelled.feedback.ingest(project.folder / "more.csv", "web")
    task.relabel()
    candidate = task.train("latest", test=False)
    assert candidate.label_set != first.label_set
    assert predictor(task._site, "mood").stored.id == first.id
    (line,) = [each for each in status(task._site, ["mood"])[0].lines if each.what == "models"]
    assert line.told.startswith(f"model {first.id[:12]}")
    assert predictor(task._site, "mood", candidate.id[:8]).stored.id == candidate.id
    task.promote("latest")
    assert predictor(task._site, "mood").stored.id == candidate.id


def test_a_model_is_stale_when_a_newer_version_is_released(labelled, monkeypatch):
    task = labelled.task("mood")
    task.train("current")
    monkeypatch.setattr("retrolabel.wiring.end_models.newest_released", lambda *_: "2.0.0")
    assert "is stale: version 2.0.0 of mood is released" in predictor(task._site, "mood").stale
