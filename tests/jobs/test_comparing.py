"""Label models are compared on stored votes and dev gold, and nothing is called, stored or leaked."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from retrolabel.analysis.comparison import ORACLE, ORACLE_LEFT_OUT
from retrolabel.errors import GoldError, StoreError
from retrolabel.jobs.label_sets import comparing
from retrolabel.jobs.label_sets.comparing import SNORKEL_LEFT_OUT, GoldOnPatterns, standard_models
from retrolabel.wiring.label_models import LABEL_MODELS

# What each of SAID is about, as people say it; "hm" and "ok then" have no vote.
TRUTH = ["good", "bad", "bad", "good", "bad", "good", "bad", "bad"]


@pytest.fixture
def gold_of(project):
    """A function that labels some items by hand, and takes the labels in."""

    def go(ws, items, name="gold.csv", **how):
        labels = {number: TRUTH[number % 8] for number in items}
        options = {"role": "dev", "sampling": "random"} | how
        return ws.task("mood").gold.import_file(project.gold(labels, name), "web", **options)

    return go


@pytest.fixture
def ws(project):
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=160), "web")
    return opened


def test_all_models_are_judged_on_the_same_covered_gold(project, ws, gold_of):
    gold_of(ws, range(80))
    ws.task("mood").relabel()
    calls = project.calls()
    before = project.state()
    found = ws.task("mood").compare()
    assert project.calls() == calls
    assert project.state() == before
    wanted = ["label_model + gold", "weighted_vote + gold", "auto + gold", "label_model", "auto"]
    wanted += ["dawid_skene", "majority_vote"]
    wanted += ["snorkel + gold", "snorkel"] if importlib.util.find_spec("snorkel") else []
    assert found.frame.index.tolist() == [*wanted, ORACLE, ORACLE_LEFT_OUT]
    assert set(found.frame["n"]) == {60}  # two comments in eight have no vote
    assert (found.judged, found.fitted_gold) == (60, 80)
    assert any("20 of 80 gold items have no vote" in note for note in found.notes)
    assert found.recommendation.enough
    assert found.recommendation.default == "label_model + gold"


def test_without_snorkel_it_is_left_out_with_a_note(ws, gold_of, monkeypatch):
    monkeypatch.setattr(comparing.importlib.util, "find_spec", lambda _: None)
    gold_of(ws, range(80))
    ws.task("mood").relabel()
    found = ws.task("mood").compare()
    assert not [name for name in found.frame.index if "snorkel" in name]
    assert SNORKEL_LEFT_OUT in found.notes


def test_gold_of_no_known_design_is_fitted_and_said_to_tell_nothing_of_shares(ws, gold_of):
    gold_of(ws, range(60), sampling="other")
    gold_of(ws, range(60, 70), "more.csv")
    ws.task("mood").relabel()
    found = ws.task("mood").compare()
    assert found.fitted_gold == 70
    assert found.recommendation.default == "label_model + gold"
    assert any("60 of 70 gold items were drawn by no design that is known" in note for note in found.notes)


def test_too_little_gold_is_not_fitted(ws, gold_of):
    gold_of(ws, range(19))
    ws.task("mood").relabel()
    found = ws.task("mood").compare()
    assert not [name for name in found.frame.index if "+ gold" in name]
    assert found.recommendation.default == "label_model"
    assert any("fewer than 20 gold items" in note for note in found.notes)


def test_the_labels_of_our_model_are_scored_as_a_relabel_scores_them(ws, gold_of):
    gold_of(ws, range(80))
    report = ws.task("mood").relabel()
    found = ws.task("mood").compare().frame.loc["label_model + gold"]
    assert found["accuracy"] == report.dev.agreement.accuracy.value
    assert found["macro_f1"] == report.dev.agreement.macro_f1.value


def test_votes_that_are_not_stored_are_not_computed(project, ws, gold_of):
    gold_of(ws, range(80))
    with pytest.raises(StoreError, match="480 votes of 3 labeling") as caught:
        ws.task("mood").compare()
    assert caught.value.remedy == "retrolabel relabel mood --to 1.0.0"
    assert project.calls() == 0


def test_without_dev_gold_there_is_nothing_to_judge_by(ws, gold_of):
    ws.task("mood").relabel()
    gold_of(ws, range(80), role="test")
    with pytest.raises(GoldError, match="There is no dev gold of mood under") as caught:
        ws.task("mood").compare()
    assert "retrolabel gold import mood" in caught.value.remedy


def test_little_gold_recommends_nothing(ws, gold_of):
    gold_of(ws, range(24))
    ws.task("mood").relabel()
    found = ws.task("mood").compare().recommendation
    assert not found.enough
    assert found.sentence.startswith("Too little gold to tell: 18 covered items")


def test_a_better_model_is_recommended_with_the_command_that_takes_it(project, ws, gold_of, monkeypatch):
    gold_of(ws, range(80))
    ws.task("mood").relabel()

    class Wrong:
        """Our model's place, taken by one that is always wrong."""

        name, uses_gold = "label_model", True

        def fit(self, votes, gold=None):  # noqa: ARG002 - it learns nothing
            self.labels = votes.labels
            return self

        def predict_proba(self, votes):
            right = np.where((votes.codes[:, [0]] > 0), [0.9, 0.1], [0.1, 0.9])
            return right[:, ::-1]

    monkeypatch.setattr(comparing, "LabelModel", Wrong)
    found = ws.task("mood").compare(by="accuracy").recommendation
    assert found.label_model in {"majority_vote", "weighted_vote + gold", "dawid_skene"}
    taken = found.label_model.removesuffix(" + gold")
    assert found.sentence.endswith(f"retrolabel relabel mood --label-model {taken}")


def test_the_default_is_the_projects_own(project, ws, gold_of):
    gold_of(ws, range(80))
    ws.task("mood").relabel()
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\nlabel_model = "majority_vote"\n')
    assert project.open().task("mood").compare().recommendation.default == "majority_vote"


def test_an_older_version_is_compared_under_its_labels(project, ws, gold_of):
    gold_of(ws, range(80))
    project.add_v2()
    ws.task("mood").relabel(to="1.0.0")
    assert ws.task("mood").compare(to="1.0.0").version == "1.0.0"


def test_gold_that_became_sets_is_fitted_and_judges_no_model(project, ws, gold_of):
    gold_of(ws, range(80))
    project.add_v2()
    ws.task("mood").relabel()
    found = ws.task("mood").compare()
    sets = sum(label == "bad" for label in (item.label for item in ws.task("mood").gold.adjudicated().items))
    assert (found.fitted_gold, 0 < sets < 80) == (80, True)
    assert any(f"{sets} of 80 gold items leave several labels, and judge no model" in note for note in found.notes)


def test_where_all_gold_became_sets_it_is_said_why_nothing_is_judged(project, ws):
    ws.task("mood").gold.import_file(project.gold(dict.fromkeys(range(30), "bad")), "web", role="dev")
    project.add_v2()
    ws.task("mood").relabel()
    told = r"No dev gold of mood is one label under 2\.0\.0: 30 labelled with what is several labels here"
    with pytest.raises(GoldError, match=told) as caught:
        ws.task("mood").compare()
    assert "retrolabel gold show mood --to 2.0.0 --out FILE" in caught.value.remedy
    assert "--role dev --schema 2.0.0" in caught.value.remedy
    summary = ws.task("mood").lf_summary()
    assert "precision" not in summary
    assert summary.attrs["no_gold"] == (str(caught.value.message), caught.value.remedy)


def test_gold_on_items_that_the_task_does_not_label_is_said_so(project, ws, gold_of):
    ws.feedback.ingest(project.feedback("mail.csv", items=8), "mail")
    ws.task("mood").gold.import_file(project.gold({0: "good", 1: "bad"}), "mail", role="dev")
    project.write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n[tasks.mood]\nsources = ["web"]\n')
    ws = project.open()
    ws.task("mood").relabel()
    with pytest.raises(GoldError, match="mood labels none of the 2 items with dev gold; they are of mail") as caught:
        ws.task("mood").compare()
    assert "tasks.mood" in caught.value.remedy


def test_gold_keeps_the_folds_that_a_relabel_takes(ws, gold_of):
    gold_of(ws, range(80))
    ws.task("mood").relabel()
    plan = ws.task("mood").plan()
    found = GoldOnPatterns.of(plan, ws.objects, ws.progress)
    assert len(found.known) == len(found.folds) == 80
    assert set(found.folds.tolist()) == set(range(5))
    assert (found.known.weights > 0).all()
    assert found.exact.all()


def test_standard_models_have_the_names_that_a_relabel_knows():
    for with_gold in (False, True):
        for name, model in standard_models(with_gold=with_gold).items():
            assert name.removesuffix(" + gold") == model.name
            assert model.name in LABEL_MODELS
