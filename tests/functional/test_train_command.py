"""``retrolabel train`` and ``predict`` at the terminal."""

from __future__ import annotations

import json

import pytest

KINDS = ("thank you for this", "thank you so much", "this is wrong", "wrong answer")


@pytest.fixture
def many(project, run, write):
    """The project with 120 items, 30 of them test gold, labelled."""
    rows = [f"m{n},2026-03-{1 + n % 28:02d}T08:00:00Z,{KINDS[n % 4]} {n}" for n in range(120)]
    write("many.csv", "item_id,created_at,comment\n" + "\n".join(rows) + "\n")
    gold = [f"m{n},{'good' if n % 4 < 2 else 'bad'}" for n in range(30)]
    write("test.csv", "item_id,label\n" + "\n".join(gold) + "\n")
    assert run("ingest", "many.csv", "--source", "web").code == 0
    assert run("gold", "import", "mood", "test.csv", "--source", "web", "--role", "test").code == 0
    assert run("relabel", "mood", "--no-tracking").code == 0
    return project


def test_train_says_what_went_in_and_how_good_it_is(many, run):
    done = run("train", "mood", "latest")
    assert done.code == 0, done.err
    assert "30 human labels" in done.out
    assert "On 30 test gold items; nobody abstains" in done.out
    assert "label model" in done.out
    assert "1 look at this test gold by now" in done.out
    assert "predict asks this model: the newest that was trained on what consumers read" in done.out
    assert done.out.rstrip().endswith("Next: retrolabel predict mood FILE")


def test_json_has_the_keys_that_machines_wait_for(many, run):
    told = run("train", "mood", "latest", "--json").json
    assert {"n", "accuracy", "low", "high", "macro_f1"} <= told["test"].keys()
    assert told["label_model"]["accuracy"] is not None
    assert told["majority_vote"]["accuracy"] is not None
    assert len(told["model"]) == 32


def test_predict_labels_a_file_and_standard_input(many, run, write, monkeypatch):
    assert run("train", "mood", "latest").code == 0
    write("new.csv", "item_id,comment\nn1,thank you for it\nn2,wrong again\n")
    done = run("predict", "mood", "new.csv")
    assert done.code == 0, done.err
    head, first, second = done.out.splitlines()
    assert head == "item_id,label,probability,p_good,p_bad"
    assert first.startswith("n1,good,")
    assert second.startswith("n2,bad,")
    assert run("predict", "mood", "new.csv", "--out", "labels.jsonl").code == 0
    lines = [json.loads(line) for line in (many / "labels.jsonl").read_text().splitlines()]
    assert [(each["item_id"], each["label"]) for each in lines] == [("n1", "good"), ("n2", "bad")]


def test_predict_asks_no_trial_unless_it_is_named_and_says_which_model_it_asks(many, run, write):
    write("new.csv", "item_id,comment\nn1,thank you for it\n")
    tried = run("train", "mood", "latest", "--trial", "--most", "40")
    assert tried.code == 0, tried.err
    trial = tried.out.split("model ")[1][:12]
    assert "Test gold was not looked at." in tried.out
    assert "predict asks no model yet" in tried.out
    assert tried.out.rstrip().endswith(f"Next: retrolabel predict mood FILE --model {trial}")
    refused = run("predict", "mood", "new.csv")
    assert refused.code == 1
    assert f"--model {trial} asks that one" in refused.err
    real = run("train", "mood", "latest", "--no-test", "--json").json
    assert (real["predict_asks"], real["trial"]) == (real["model"], False)
    told = run("train", "mood", "latest", "--trial", "--most", "40", "--json").json
    assert (told["predict_asks"], told["trial"], told["model"][:12]) == (real["model"], True, trial)
    assert f"by model {real['model'][:12]}" in run("predict", "mood", "new.csv").err
    assert f"by model {trial}" in run("predict", "mood", "new.csv", "--model", trial[:6]).err
    assert f"by model {trial}" in run("predict", "mood", "new.csv", "--model", "latest").err


def test_models_are_listed_once_each_with_how_good_they_were_and_which_one_is_asked(many, run):
    assert "No model was trained on mood yet" in run("models", "mood").out
    first = run("train", "mood", "current", "--json").json
    tried = run("train", "mood", "current", "--trial", "--most", "40", "--json").json
    run("train", "mood", "current", "--no-test")  # the same once more: listed last trained first
    newest, older = run("models", "mood", "--json").json["models"]
    assert (newest["model"], newest["predict_asks"], newest["trial"]) == (first["model"], True, False)
    assert (older["model"], older["predict_asks"], older["trial"]) == (tried["model"], False, True)
    assert older["settings"]["most"] == 40
    shown = run("models", "mood").out
    assert shown.count(first["model"][:12]) == shown.count(tried["model"][:12]) == 1
    assert "predict asks it" in shown
    assert "trial" in shown
    assert run("models", "moood").code == 1


def test_a_column_of_another_name_is_mapped_and_a_missing_one_is_told(many, run, write):
    assert run("train", "mood", "latest").code == 0
    write("new.csv", "review\nwrong again\n")
    refused = run("predict", "mood", "new.csv")
    assert refused.code == 1
    assert "The model reads comment, and none of these columns is there" in refused.err
    assert "--map comment=COLUMN" in refused.err
    done = run("predict", "mood", "new.csv", "--map", "comment=review")
    assert done.out.splitlines()[1].startswith("bad,")


def test_without_a_model_predict_says_how_to_train_one(many, run, write):
    write("new.csv", "comment\nhm\n")
    done = run("predict", "mood", "new.csv")
    assert done.code == 1
    assert "retrolabel train mood" in done.err


def test_without_a_look_at_test_gold_none_is_logged_and_dev_gold_says_how_good_it_is(many, run, write):
    gold = [f"m{n},{'good' if n % 4 < 2 else 'bad'}" for n in range(40, 60)]
    write("dev.csv", "item_id,label\n" + "\n".join(gold) + "\n")
    assert run("gold", "import", "mood", "dev.csv", "--source", "web", "--role", "dev").code == 0
    done = run("train", "mood", "latest", "--no-test")
    assert done.code == 0, done.err
    assert "Test gold was not looked at." in done.out
    assert "On 20 dev gold items; nobody abstains" in done.out
    told = run("train", "mood", "latest", "--json").json
    assert told["test_looks"] == 1
    assert run("train", "mood", "latest", "--no-test", "--json").json["test_looks"] == 1
    assert (told["dev"]["n"], told["dev"]["accuracy"]) == (20, 1.0)


def test_a_stale_model_says_so_and_labels_nothing_where_only_fresh_ones_may(many, run, write):
    write("new.csv", "item_id,comment\nn1,thank you\n")
    assert run("train", "mood", "latest").code == 0
    write("more.csv", "item_id,created_at,comment\nx1,2026-03-30T08:00:00Z,this is wrong too\n")
    assert run("ingest", "more.csv", "--source", "web").code == 0
    assert run("relabel", "mood", "--no-tracking").code == 0
    done = run("predict", "mood", "new.csv")
    assert (done.code, done.out.splitlines()[1][:8]) == (0, "n1,good,")
    assert "is stale: consumers read label set" in done.err
    refused = run("predict", "mood", "new.csv", "--fresh")
    assert (refused.code, refused.out) == (3, "")


def test_a_trained_model_votes_in_the_next_relabel(many, run, write):
    (many / "labeling_functions" / "mood" / "resources").mkdir(exist_ok=True)
    done = run("train", "mood", "latest", "--voter", "labeling_functions/mood/resources/model.npz")
    assert done.code == 0, done.err
    assert "voting_model(resource('model.npz')), column='comment'" in done.out
    write(
        "labeling_functions/mood/by_model.py",
        "from labeling_functions.mood.schema.v1 import BAD, GOOD\n"
        "from retrolabel import classifier, resource, voting_model\n\n"
        'model = voting_model(resource("model.npz"))\n'
        'by_model = classifier({"good": GOOD, "bad": BAD}, model, column="comment", floor=0.6)\n',
    )
    assert run("relabel", "mood", "--no-tracking").code == 0
    summary = run("lf", "summary", "mood", "--json")
    assert summary.code == 0, summary.err
    (voter,) = [lf for lf in summary.json["lfs"] if lf["lf"] == "by_model"]
    assert 0 < voter["coverage"] < 1  # what was said by nobody else in training, no model is sure of


def test_before_anything_was_ingested_or_labelled_the_error_says_what_to_do_first(run, folder, write):
    assert run("init", ".", "--task", "mood").code == 0
    write("retrolabel.toml", 'tracking = false\n[tasks.mood]\nsources = ["web"]\n')
    refused = run("train", "mood", "--json")
    assert refused.code == 1
    error = refused.json["error"]
    assert error["message"] == "No feedback of mood was ingested yet, so there is nothing to train on."
    first = "retrolabel ingest FILE --source web (its labeling functions read comment)"
    assert error["remedy"] == f"{first}; then retrolabel relabel mood; then train again"
    assert not (folder / ".retrolabel").exists()
    write("f.csv", "item_id,comment\n1,thank you\n")
    assert run("ingest", "f.csv", "--source", "elsewhere").code == 0
    assert run("train", "mood", "--json").json["error"]["remedy"].startswith(first)
    assert run("ingest", "f.csv", "--source", "web").code == 0
    assert run("train", "mood", "--json").json["error"]["remedy"] == "retrolabel relabel mood"
    assert "Did you mean 'mood'?" in run("train", "moood").err
