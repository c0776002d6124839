"""A model that MLflow keeps votes: fetched when it is asked, told from others by its files."""

from __future__ import annotations

import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from retrolabel.errors import LabelingFunctionError, MissingExtraError
from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.classifying import classifier
from retrolabel.schema.labels import Label, union
from retrolabel.tracking.models import StoredModel, load_model

A, B = Label("a"), Label("b")
SOURCES = Path(__file__).parents[3] / "src"


def test_naming_a_model_fetches_nothing_and_imports_no_mlflow():
    program = (
        "import sys; from retrolabel import Label, classifier, load_model\n"
        "classifier({'bug': Label('a')}, load_model('models:/nowhere@x'), column='t'); print('mlflow' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(SOURCES)}
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("uri", ["models:/spam@champion", "models:/spam/7", "runs:/some/model"])
def test_without_mlflow_a_model_says_what_to_install_once_it_is_asked(uri, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    model = load_model(uri)
    for ask in (model.identity, lambda: model.predict_proba(["it crashes"]), lambda: model.classes_):
        with pytest.raises(MissingExtraError) as caught:
            ask()
        assert caught.value.message == f"load_model({uri!r}) needs the package 'mlflow', which is not installed."
        assert caught.value.remedy == 'pip install "retrolabel[mlflow]"'


def test_a_missing_mlflow_stops_a_classifier_and_is_no_fault_of_its_items(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    lf = classifier({"bug": A}, load_model("models:/spam/7"), column="t", version="1", name="by_model")
    with pytest.raises(MissingExtraError):
        apply_lfs([lf], Batch({"t": ["it crashes", "please add"]}, 2))


def test_an_mlflow_that_is_broken_is_not_taken_for_a_missing_one(monkeypatch, tmp_path):
    (tmp_path / "mlflow.py").write_text("import a_part_that_is_not_there\n")
    monkeypatch.delitem(sys.modules, "mlflow", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(LabelingFunctionError, match="a_part_that_is_not_there"):
        load_model("models:/spam/7").identity()


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """Three models in a registry, the second with the content of the first; and the address of its database."""
    folder = tmp_path_factory.mktemp("mlflow")
    place = f"sqlite:///{folder / 'mlflow.db'}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlflow  # noqa: PLC0415 - two seconds
        import mlflow.sklearn  # noqa: PLC0415

        client = mlflow.MlflowClient(tracking_uri=place, registry_uri=place)
        client.create_registered_model("spam")
        for number, strength in enumerate((100, 100, 1), start=1):
            model = make_pipeline(TfidfVectorizer(), LogisticRegression(C=strength))
            model.fit(["it crashes", "please add"], ["bug", "wish"])
            path = str(folder / f"model{number}")
            mlflow.sklearn.save_model(model, path, serialization_format="cloudpickle", pip_requirements=[])
            client.create_model_version("spam", source=path)
        client.set_registered_model_alias("spam", "champion", "1")
    return client, place, folder


@pytest.mark.slow
def test_a_model_of_the_registry_votes(registry):
    _, place, _ = registry
    lf = classifier({"bug": A, "wish": B}, load_model("models:/spam@champion", tracking_uri=place), column="t")
    assert lf.vote({"t": "crashes"}) == union(A)
    assert lf.vote({"t": "add"}) == union(B)
    assert pickle.loads(pickle.dumps(lf)).vote({"t": "add"}) == union(B)  # noqa: S301 - our own bytes


@pytest.mark.slow
def test_a_model_is_what_its_files_say(registry):
    _, place, folder = registry
    first, second, third = (load_model(f"models:/spam/{n}", tracking_uri=place).identity() for n in (1, 2, 3))
    assert load_model(str(folder / "model1")).identity() == first
    assert first == second
    assert first != third


@pytest.mark.slow
def test_an_alias_that_moves_is_another_model(registry):
    client, place, _ = registry
    before = load_model("models:/spam@champion", tracking_uri=place)
    told = classifier({"bug": A}, before, column="t").rule.describe()
    client.set_registered_model_alias("spam", "champion", "3")
    after = load_model("models:/spam@champion", tracking_uri=place)
    assert classifier({"bug": A}, after, column="t").rule.describe() != told
    assert before.identity() == told["model"]
    sent = pickle.loads(pickle.dumps(before))  # noqa: S301 - our own bytes
    assert isinstance(sent, StoredModel)
    assert sent.uri == "models:/spam/1"
    client.set_registered_model_alias("spam", "champion", "1")


@pytest.mark.slow
@pytest.mark.parametrize("uri", ["models:/spam@nobody", "models:/ham/1", "runs:/none/model", "/no/such/folder"])
def test_a_model_that_is_not_there_is_told_with_a_remedy(registry, uri):
    _, place, _ = registry
    with pytest.raises(LabelingFunctionError) as caught:
        load_model(uri, tracking_uri=place).identity()
    assert caught.value.message.startswith(f"The model {uri} cannot be loaded: ")
    assert "tracking_uri" in caught.value.remedy


@pytest.mark.parametrize("name", ["model.joblib", "models/spam.PKL", "./model.onnx"])
def test_a_file_that_mlflow_does_not_keep_is_refused_with_how_it_is_read(name):
    with pytest.raises(LabelingFunctionError, match="load_model reads models that MLflow keeps") as caught:
        load_model(name)
    assert f"joblib.load(retrolabel.resource({name.rpartition('/')[2]!r}))" in caught.value.remedy
