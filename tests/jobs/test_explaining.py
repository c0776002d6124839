"""A stored label is explained from what is stored with it, and nothing is fitted again."""

from __future__ import annotations

import json

import numpy as np
import pytest

from retrolabel.errors import CorruptionError, GoldError, StoreError, UnknownLabelSetError
from retrolabel.jobs.label_sets.explaining import learned_of, stored_model
from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.label_model import LabelModel
from tests.jobs.test_comparing import TRUTH

NAMES = ["label_model", "weighted_vote", "dawid_skene", "majority_vote", "auto"]


@pytest.fixture
def ws(project):
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=160), "web")
    labels = {number: TRUTH[number % 8] for number in range(80)}
    opened.task("mood").gold.import_file(project.gold(labels), "web", role="dev", sampling="random")
    return opened


def assert_adds_up(explained):
    total = explained.terms.sum().to_numpy()
    posterior = np.exp(total - total.max())
    assert posterior / posterior.sum() == pytest.approx(list(explained.probabilities.values()), abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_the_stored_model_gives_the_stored_probabilities_to_the_bit(ws, name):
    ws.task("mood").relabel(label_model=name)
    label_set = ws.task("mood").label_set()
    fitted = stored_model(label_set)
    for number in range(8):
        (found,) = ws.task("mood").explain(str(number))
        assert found.without.loc["(all)"].tolist() == list(found.probabilities.values())
    assert fitted.labels == label_set.labels


@pytest.mark.parametrize("name", ["label_model", "weighted_vote", "dawid_skene"])
def test_the_terms_of_an_item_add_up_to_its_stored_probabilities(ws, name):
    ws.task("mood").relabel(label_model=name)
    for number in range(8):
        (found,) = ws.task("mood").explain(str(number))
        assert_adds_up(found)


def test_nothing_is_fitted_to_explain(ws, monkeypatch):
    ws.task("mood").relabel()

    def refuse(*_):
        raise AssertionError("fitted")

    monkeypatch.setattr(LabelModel, "fit", refuse)
    (found,) = ws.task("mood").explain("6")  # "thanks, but wrong"
    assert {term for term, vote in found.terms.index if vote} == {"praises", "complains"}
    assert ws.task("mood").learned() is not None


def test_an_explanation_names_the_votes_and_what_would_be_without_each(ws):
    ws.task("mood").relabel()
    (found,) = ws.task("mood").explain("6")
    said = dict(index for index in found.terms.index if index[1])
    assert said == {"praises": "good", "complains": "bad"}
    assert found.without.loc["praises", "bad"] > found.probabilities["bad"] > found.without.loc["complains", "bad"]
    plain = json.loads(json.dumps(found.as_dict()))
    assert plain["terms"][0]["term"] == "(prior)"
    assert plain["terms"][0]["vote"] is None
    by_term = {term["term"]: term for term in plain["terms"]}
    assert by_term["praises"]["without_it"]["bad"] == pytest.approx(found.without.loc["praises", "bad"])
    assert by_term["praises"]["nats"]["good"] > 0 > by_term["praises"]["nats"]["bad"]


def test_an_item_without_votes_has_its_prior_alone(ws):
    ws.task("mood").relabel()
    (found,) = ws.task("mood").explain("5")  # "hm"
    assert (found.covered, found.label) == (False, None)
    assert [term for term, _ in found.terms.index] == ["(prior)"]


def test_an_item_is_found_in_each_source_that_has_it(project, ws):
    ws.feedback.ingest(project.feedback("more.csv", items=8), "mail")
    ws.task("mood").relabel()
    assert [each.source for each in ws.task("mood").explain("3")] == ["mail", "web"]
    assert [each.source for each in ws.task("mood").explain("3", source="mail")] == ["mail"]
    with pytest.raises(UnknownLabelSetError, match="has no item '99' of mail"):
        ws.task("mood").explain("99", source="mail")


def test_an_unknown_item_is_said_so(ws):
    ws.task("mood").relabel()
    with pytest.raises(UnknownLabelSetError, match="has no item 'nobody'") as caught:
        ws.task("mood").explain("nobody")
    assert "retrolabel labels export mood" in caught.value.remedy


def test_old_label_sets_are_explained_by_their_own_model(project, ws):
    first = ws.task("mood").relabel().label_set.id
    project.add_v2()
    ws.task("mood").relabel()
    (old,) = ws.task("mood").explain("1", id=first)
    (new,) = ws.task("mood").explain("1")
    assert list(old.probabilities) == ["good", "bad"]
    assert list(new.probabilities) == ["good", "slow", "wrong"]
    assert ("complains", "slow|wrong") in new.terms.index
    assert_adds_up(old)
    assert_adds_up(new)


def test_a_label_set_of_snorkel_cannot_be_explained(ws):
    pytest.importorskip("snorkel")
    ws.task("mood").relabel(label_model="snorkel")
    with pytest.raises(StoreError, match="not kept whole"):
        ws.task("mood").explain("1")
    assert ws.task("mood").learned() is None


def test_damage_of_the_model_is_said_so(project, ws):
    record = ws.task("mood").relabel().label_set
    (project.store / record.folder / "model.json").write_text("{")
    with pytest.raises(CorruptionError, match="damaged") as caught:
        ws.task("mood").explain("1")
    assert "--repair" in caught.value.remedy


# What was learned of each LF


def test_learned_counts_votes_over_all_items(ws):
    ws.task("mood").relabel()
    found = ws.task("mood").learned()
    votes = ws.task("mood").votes()
    assert found["votes"].to_dict() == {(lf, vote): (votes[lf] == vote).sum() for lf, vote in found.index}
    beside = found[found["low"].notna()]  # whoever votes where nobody else does has no interval
    assert list(found.index[found["low"].isna()]) == [("shouts", "bad")]
    assert ((beside["low"] <= beside["precision"]) & (beside["precision"] <= beside["high"])).all()
    assert found.attrs["label_set"] == ws.task("mood").label_set().id


def test_damage_hides_what_was_learned_and_nothing_else(project, ws):
    record = ws.task("mood").relabel().label_set
    (project.store / record.folder / "model.json").write_text("{}")
    told = []
    ws.warn = told.append
    assert ws.task("mood").learned() is None
    assert "cannot be read" in told[0]
    assert len(ws.task("mood").lf_summary()) == 3


def test_learned_is_that_of_the_fitted_model(ws):
    ws.task("mood").relabel()
    label_set = ws.task("mood").label_set()
    fitted, found = stored_model(label_set), learned_of(label_set)
    assert found["precision"].tolist() == list(fitted.precisions.values())


@pytest.mark.parametrize("name", ["weighted_vote", "dawid_skene", "majority_vote"])
def test_of_other_label_models_nothing_is_told(ws, name):
    ws.task("mood").relabel(label_model=name)
    assert ws.task("mood").learned() is None


def test_of_auto_it_is_told_where_ours_was_chosen(ws):
    ws.task("mood").relabel(label_model=AutoLabelModel(candidates=(LabelModel(),)))
    assert len(ws.task("mood").learned()) == 3


def test_an_lf_that_changed_since_is_left_out(project, ws):
    ws.task("mood").relabel()
    path = project.folder / "labeling_functions/mood/wording.py"
    path.write_text(path.read_text().replace("comment.isupper()", "comment.isupper() and len(comment) > 3"))
    found = project.open().task("mood").learned()
    assert found.index.get_level_values("lf").tolist() == ["complains", "praises"]


def test_without_a_label_set_of_the_version_nothing_is_learned(project, ws):
    assert ws.task("mood").learned() is None
    ws.task("mood").relabel()
    project.add_v2()
    assert project.open().task("mood").learned() is None
    assert project.open().task("mood").learned(to="1.0.0") is not None


# Without each


def test_without_each_says_what_gold_loses(ws):
    ws.task("mood").relabel()
    found = ws.task("mood").without_each()
    assert found.index.tolist() == ["(all)", "complains", "praises", "shouts"]
    assert found.loc["(all)", ["change", "low", "high"]].tolist() == [0, 0, 0]
    assert found.loc["(all)", "covered"] == 60
    assert found.loc["(all)", "accuracy"] == ws.task("mood").compare().frame.loc["label_model + gold", "accuracy"]
    assert found.loc["praises", "change"] < 0
    assert found.loc["praises", "low"] <= found.loc["praises", "change"] <= found.loc["praises", "high"] < 0


def test_without_each_needs_gold_and_stored_votes(project):
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=40), "web")
    with pytest.raises(StoreError, match="not stored"):
        opened.task("mood").without_each()
    opened.task("mood").relabel()
    with pytest.raises(GoldError, match="no dev gold"):
        opened.task("mood").without_each()


def test_an_item_is_found_by_what_is_printed_of_it(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(items=16), "web")
    ws.feedback.ingest(project.write("mail.csv", "item_id,comment\n0,great\nweb/1,this is wrong\n"), "mail")
    ws.task("mood").relabel()
    found = ws.task("mood").label_set()
    named = [(row["source"], row["item_id"]) for row in found.item("mail/0")]
    assert named == [("mail", "0")]
    assert [(each.source, each.item_id) for each in ws.task("mood").explain("mail/0")] == named
    # An item whose id looks like a printed one comes first.
    assert [(row["source"], row["item_id"]) for row in found.item("web/1")] == [("mail", "web/1")]
    assert [row["item_id"] for row in found.item("mail/web/1")] == ["web/1"]
    with pytest.raises(UnknownLabelSetError, match="has no item 'web/0' of mail"):
        ws.task("mood").explain("web/0", source="mail")
