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

from retrolabel.errors import LabelingFunctionError
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
