"""A fitted model votes where it is sure enough."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from retrolabel.errors import LabelingFunctionError
from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.classifying import Classifier, classifier
from retrolabel.labeling.features import feature
from retrolabel.schema.labels import Label, union

A, B = Label("a"), Label("b")
TEXTS = ["it crashes", "a crash", "please add", "add this", "please add a crash"]
CLASSES = ["bug", "bug", "wish", "wish", "wish"]


def fitted(**options):
    model = make_pipeline(TfidfVectorizer(), LogisticRegression(C=100, **options))
    return model.fit(TEXTS, CLASSES)


class Fake:
    """A model that says what it is told to, and counts how often it is asked."""

    def __init__(self, said, classes=("bug", "wish", "other")):
        self.classes_ = np.array(classes)
        self.said = said
        self.asked = []

    def predict_proba(self, items):
        self.asked.append(list(items))
        return np.array([self.said[item] for item in items])


def refused(call, *args, **kwargs):
    with pytest.raises(LabelingFunctionError) as caught:
        call(*args, **kwargs)
    return caught.value


def test_the_likeliest_class_votes_where_its_probability_is_the_floor_or_more():
    model = Fake({"x": [0.8, 0.1, 0.1], "y": [0.1, 0.79, 0.11], "z": [0, 0, 1], "n": [np.nan] * 3})
    lf = classifier({"bug": A, "wish": B}, model, column="t", name="m")
    said = apply_lfs([lf], Batch({"t": ["x", None, "y", "z", "n"]}, 5))[0]
    assert said.codes.tolist() == [1, 0, 0, 0, 0]
    assert model.asked == [["x", "y", "z", "n"]]
    assert [lf.vote({"t": value}) for value in ("x", "y", "z", None)] == [union(A), None, None, None]


def test_a_model_is_asked_once_for_all_that_ask_it():
    model = Fake({"x": [0.8, 0.1, 0.1], "y": [0.1, 0.7, 0.2]})
    lfs = [
        classifier({"bug": A, "wish": B}, model, column="t", name="one"),
        classifier({"wish": A | B}, model, column="t", floor=0.7, name="other"),
    ]
    said = apply_lfs(lfs, Batch({"t": ["x", "y"]}, 2))
    assert [each.codes.tolist() for each in said] == [[1, 0], [0, 1]]
    assert said[1].symbols == (A | B,)
    assert len(model.asked) == 1


def test_an_item_on_which_the_model_fails_is_a_fault_of_that_item_alone():
    model = Fake({"x": [1, 0, 0], "y": [0, 1, 0]})
    lf = classifier({"bug": A, "wish": B}, model, column="t", name="m")
    said = apply_lfs([lf], Batch({"t": ["x", "bad", "y"]}, 3))[0]
    assert said.codes.tolist() == [1, -1, 2]
    assert said.faults[0].error == "KeyError: 'bad'"


def test_probabilities_of_another_shape_are_a_fault():
    lf = classifier({"bug": A}, Fake({"x": [0.5, 0.5]}), column="t", name="m")
    assert "shape (1, 2), not (1, 3)" in apply_lfs([lf], Batch({"t": ["x"]}, 1))[0].faults[0].error


def test_a_pipeline_of_scikit_learn_votes_the_same_alone_and_in_a_batch():
    lf = classifier({"bug": A, "wish": B}, fitted(), column="t", floor=0.6)
    texts = [*TEXTS, "", "nothing known", None]
    (verdict,) = Classifier.many([lf.rule], Batch({"t": texts}, len(texts)))
    assert verdict.codes.tolist() == [lf.rule.one(text) for text in texts]
    assert verdict.codes.tolist()[:4] == [1, 1, 2, 2]


def test_several_columns_are_a_frame():
    model = make_pipeline(
        make_column_transformer((CountVectorizer(), "title"), (CountVectorizer(), "body")), LogisticRegression(C=100)
    )
    import pandas as pd  # noqa: PLC0415

    model.fit(pd.DataFrame({"title": TEXTS, "body": TEXTS}), CLASSES)
    lf = classifier({"bug": A, "wish": B}, model, column=["title", "body"], floor=0.6, name="m")
    data = {"title": ["a crash", "add", None], "body": ["crashes", "please", "crash"]}
    assert apply_lfs([lf], Batch(data, 3))[0].codes.tolist() == [1, 2, 0]
    assert lf.vote({"title": "add", "body": "add"}) == union(B)


def test_a_feature_may_be_what_the_model_is_asked_about():
    @feature
    def vector(t):
        return None if t is None else [float(len(t)), 1.0]

    model = LogisticRegression(C=1e4).fit([[1, 1], [9, 1]], [0, 1])
    lf = classifier({0: A, 1: B}, model, column="vector", name="m").bound({"vector": vector})
    assert apply_lfs([lf], Batch({"t": ["x", "y" * 9, None]}, 3))[0].codes.tolist() == [1, 2, 0]


def test_all_that_is_wrong_with_a_classifier_is_told_at_once():
    error = refused(classifier, {"bug": "a", (1,): A, "wish": B}, LogisticRegression(), column="t", floor=2)
    assert [problem.where for problem in error.problems] == ["class 'bug'", "class (1,)", "floor", "model"]
    assert "not fitted" in error.problems[-1].what
    assert "predict_proba" in refused(classifier, {"bug": A}, object(), column="t").problems[0].what
    assert refused(classifier, {"bug": A, "bugs": B}, fitted(), column="t").problems[0].where == "class 'bugs'"
    assert refused(classifier, {}, fitted(), column="t").message == "classifier cannot be used."


def test_a_model_is_told_from_others_by_what_it_holds():
    told = classifier({"bug": A}, fitted(), column="t").rule.describe()
    assert json.loads(json.dumps(told)) == told
    assert told == classifier({"bug": A}, fitted(), column="t").rule.describe()
    assert told == classifier({"bug": A}, pickle.loads(pickle.dumps(fitted())), column="t").rule.describe()  # noqa: S301
    assert told != classifier({"bug": A}, fitted(fit_intercept=False), column="t").rule.describe()
    assert told != classifier({"bug": B}, fitted(), column="t").rule.describe()
    assert told != classifier({"bug": A}, fitted(), column="t", floor=0.9).rule.describe()


@pytest.mark.slow
def test_a_model_is_the_same_in_another_process():
    program = (
        "from sklearn.feature_extraction.text import TfidfVectorizer as T\n"
        "from sklearn.linear_model import LogisticRegression as L\n"
        "from sklearn.pipeline import make_pipeline\n"
        "from retrolabel.labeling.model_content import content_of\n"
        f"print(content_of(make_pipeline(T(), L(C=100)).fit({TEXTS!r}, {CLASSES!r}))['digest'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    told = classifier({"bug": A}, fitted(), column="t").rule.describe()
    assert done.stdout.strip() == told["model"]["digest"]


def test_a_model_that_cannot_be_told_from_others_asks_for_a_version():
    model = Fake({})
    model.lock = threading.Lock()
    lf = classifier({"bug": A}, model, column="t")
    assert 'version="1"' in refused(lf.rule.describe).remedy
    given = classifier({"bug": A}, model, column="t", version="3")
    assert given.rule.describe()["model"] == {"version": "3"}
    assert given.version == "3"


def test_a_model_that_says_which_it_is_is_not_looked_at_before_it_is_asked():
    class Lazy(Fake):
        looked = 0

        def identity(self):
            return {"model": "spam/7"}

        @property
        def classes_(self):
            self.looked += 1
            return np.array(["bug", "wish", "other"])

        @classes_.setter
        def classes_(self, classes):
            del classes

    model = Lazy({"x": [1, 0, 0]})
    lf = classifier({"bug": A, "bugs": B}, model, column="t", name="m")
    assert model.looked == 0
    assert lf.rule.describe()["model"] == {"model": "spam/7"}
    said = apply_lfs([lf], Batch({"t": ["x"]}, 1))[0]
    assert said.codes.tolist() == [-1]
    assert "The model knows the classes 'bug', 'wish', 'other'" in said.faults[0].error


def test_a_classifier_knows_where_it_was_written_and_checks_its_examples():
    lf = classifier({"bug": A}, fitted(), column="t", floor=0.6, examples=["crash"], non_examples=["add", None])
    assert lf.module == __name__
    assert lf.check_examples() == []
