"""Models that read more than the words of texts: numbers, vectors, encoders."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import spacy

from retrolabel import voting_model
from retrolabel.errors import InputError, SettingsError, StoreError
from retrolabel.wiring.end_models import predictor

ITEMS = 120


@pytest.fixture
def labelled(project):
    """A project with 120 items of which stars, a vector and the comment tell the label; 20 are dev gold."""
    said = ("thanks", "wrong")
    rows = [
        {
            "item_id": str(n),
            "created_at": "2026-01-01T12:00:00Z",
            "comment": f"{said[n % 2]} {n}",
            "stars": 4 + n % 3 if n % 2 == 0 else n % 3,
            "paid": n % 3 == 0,
            "embedding": json.dumps([1.0 - 2 * (n % 2), n / ITEMS]),
            "plan": "pro" if n % 2 else "free",
            "said_at": "2026-01-01T12:00:00Z",
        }
        for n in range(ITEMS)
    ]
    frame = pd.DataFrame(rows).assign(said_at=lambda rows: pd.to_datetime(rows["said_at"]))
    frame.to_parquet(project.folder / "feedback.parquet")
    ws = project.open()
    ws.feedback.ingest(project.folder / "feedback.parquet", "web")
    gold = project.gold({n: "bad" if n % 2 else "good" for n in range(20)}, "dev.csv")
    ws.task("mood").gold.import_file(gold, "web", role="dev", sampling="random")
    ws.task("mood").relabel()
    return ws


@pytest.mark.parametrize(
    ("asked", "told", "new"),
    [
        (["stars"], ["number stars"], {"stars": [5, 0]}),
        (["embedding"], ["vector embedding"], {"embedding": ["[1.0, 0.5]", "[-1.0, 0.5]"]}),
        (["plan"], None, {"plan": ["free", "pro"]}),
        (["spacy"], ["spacy of comment"], {"comment": ["thanks", "wrong"]}),
        (
            ["comment", "paid", "stars"],
            ["text of comment", "number paid", "number stars"],
            {"comment": ["thanks", "wrong"]},
        ),
    ],
)
def test_a_model_reads_what_it_is_asked_to(labelled, asked, told, new):
    task = labelled.task("mood")
    first, second = (task.train("latest", columns=asked, test=False) for _ in range(2))
    assert first.id == second.id
    assert first.material.items == ITEMS - 20
    assert first.on_dev.agreement.accuracy.value == 1.0
    assert first.model.about["settings"].get("features") == told
    assert task.predict(pd.DataFrame(new))["label"].tolist() == ["good", "bad"]


def test_near_copies_are_known_by_the_texts_that_labeling_functions_read_where_a_model_reads_none(labelled, project):
    gold = project.gold({30: "good"}, "test.csv")
    labelled.task("mood").gold.import_file(gold, "web", role="test")
    material = labelled.task("mood").train("latest", columns=["stars"], test=False).material
    assert (material.near_test, material.items) == (0, ITEMS - 21)  # others have as many stars, and say something else


def test_an_encoder_reads_the_columns_beside_it_and_is_looked_for_in_the_project(labelled, project):
    nlp = spacy.blank("en")
    for word, vector in {"thanks": [1, 0], "wrong": [-1, 0], "pro": [0, 1]}.items():
        nlp.vocab.set_vector(word, np.array(vector, np.float32))
    (project.folder / "models").mkdir()
    nlp.to_disk(project.folder / "models" / "tiny")
    task = labelled.task("mood")
    training = task.train("latest", columns=["spacy:models/tiny"], test=False)
    assert training.model.about["settings"]["features"] == ["spacy:models/tiny of comment"]
    both = task.train("latest", columns=["plan", "spacy:models/tiny"], trial=True)
    assert both.model.about["settings"]["features"] == ["text of plan", "spacy:models/tiny of plan"]
    assert task.predict(pd.DataFrame({"comment": ["thanks", "so wrong"]}))["label"].tolist() == ["good", "bad"]
    nlp.vocab.set_vector("wrong", np.array([5, 5], np.float32))
    nlp.to_disk(project.folder / "models" / "tiny")
    assert predictor(task._site, "mood").stored.id == training.id
    with pytest.raises(InputError, match="spacy:models/tiny is not what the model was trained with"):
        task.predict(pd.DataFrame({"comment": ["thanks"]}))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["star"], "No source has a column 'star'. Did you mean 'stars'?"),
        (["said_at"], "holds values of type time, which no model reads"),
        (["spacy:en_core_web_md"], "neither installed nor a folder here"),
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_is_trained(labelled, asked, said):
    with pytest.raises(SettingsError) as raised:
        labelled.task("mood").train("latest", columns=asked)
    assert said in raised.value.message
    assert labelled.task("mood").models() == []


def test_a_model_that_votes_reads_texts_and_votes_with_its_numbers_too(labelled, project):
    task = labelled.task("mood")
    with pytest.raises(StoreError, match="A model that votes is to read texts"):
        task.train("latest", columns=["stars"], folds=5, test=False)
    training = task.train("latest", columns=["comment", "stars"], folds=5, test=False)
    (project.folder / "model.npz").write_bytes(training.content)
    said = voting_model(project.folder / "model.npz").predict_proba(
        pd.DataFrame({"comment": ["many thanks", "wrong here"], "stars": [5, 1]})
    )
    assert said.argmax(axis=1).tolist() == [0, 1]


def test_a_value_that_is_no_number_is_refused_when_new_feedback_is_labelled(labelled):
    task = labelled.task("mood")
    task.train("latest", columns=["stars"], test=False)
    with pytest.raises(InputError, match="1 item has no number in stars: 'five'"):
        task.predict(pd.DataFrame({"stars": ["five"]}))
