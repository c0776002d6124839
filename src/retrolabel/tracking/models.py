"""Models that MLflow keeps: fetched when they are first asked, told from others by their files."""

from __future__ import annotations

import contextlib
import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrolabel.errors import LabelingFunctionError, MissingExtraError
from retrolabel.tracking.mlflow import imported, quiet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

TOLD_ELSEWHERE = frozenset(
    {"MLmodel", "registered_model_meta", "conda.yaml", "python_env.yaml", "requirements.txt", "input_example.json"}
)
"""Files that say when, by whom and with what a model was logged: no prediction follows from them."""

FILES = (".joblib", ".pkl", ".pickle", ".skops", ".onnx", ".json", ".npz", ".pt", ".pth", ".h5", ".keras")
"""How names of files end that hold a model without MLflow."""


def load_model(uri: str, *, tracking_uri: str | None = None) -> StoredModel:
    """Return a model of MLflow's registry, of a run or of a folder, for :func:`retrolabel.classifier`.

    Nothing is fetched before the model is asked, or its identity; then it needs the extra ``mlflow``. An alias is
    resolved once in a process.

    Args:
        uri: ``models:/spam/7``, ``models:/spam@champion``, ``runs:/<run>/model`` or a folder; a model that was
            logged with ``mlflow.sklearn``.
        tracking_uri: MLflow's server or database; what ``MLFLOW_TRACKING_URI`` says if left out.

    Example:
        >>> load_model("models:/spam@champion")
        load_model('models:/spam@champion')

    Raises:
        LabelingFunctionError: It is named as a file that MLflow does not keep, as ``model.joblib``.
    """
    if uri.lower().endswith(FILES) and ":/" not in uri:
        raise LabelingFunctionError(
            f"{uri} is a file by its name, and load_model reads models that MLflow keeps.",
            remedy=f"a local file: joblib.load(retrolabel.resource({uri.rpartition('/')[2]!r})), beside the module, and"
            " classifier(..., model) takes it",
        )
    return StoredModel(uri, tracking_uri)


class StoredModel:
    """A scikit-learn model that MLflow keeps; made by :func:`load_model`."""

    def __init__(self, uri: str, tracking_uri: str | None = None) -> None:
        self.uri = uri
        self.tracking_uri = tracking_uri

    def __reduce__(self) -> tuple[object, ...]:
        """Leave what was fetched behind when it passes to another process, but not which version it was."""
        known = self.__dict__.get("resolved", self.uri)
        return StoredModel, (known, self.tracking_uri)

    def __repr__(self) -> str:
        """Return how it was made."""
        return f"load_model({self.uri!r})"

    @property
    def classes_(self) -> Any:  # noqa: ANN401 - an array of whatever was learnt
        """The classes that the model knows."""
        return self._model.classes_

    def predict_proba(self, items: Any) -> Any:  # noqa: ANN401 - texts or a frame; an array
        """Return the probability of each class for each item.

        Args:
            items: What the model was fitted on.
        """
        return self._model.predict_proba(items)

    def identity(self) -> Mapping[str, object]:
        """Return the hash of the model's files and the version of scikit-learn: other numbers, other predictions.

        Where the same files were registered again, or under another name, it is the same model.

        Raises:
            LabelingFunctionError: The model cannot be fetched.
            MissingExtraError: MLflow is not installed.
        """
        import sklearn  # noqa: PLC0415 - a second, and only needed here

        digest = hashlib.sha256()
        files = [path for path in self._folder.rglob("*") if path.is_file() and path.name not in TOLD_ELSEWHERE]
        for path in sorted(files):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(self._folder).as_posix()}\0{content}\n".encode())
        return {"files": digest.hexdigest(), "sklearn": sklearn.__version__}

    @cached_property
    def resolved(self) -> str:
        """The address with the alias, if there is one, resolved to a version.

        Raises:
            LabelingFunctionError: The registry has no such alias, or cannot be reached.
            MissingExtraError: MLflow is not installed.
        """
        name, at, alias = self.uri.removeprefix("models:/").partition("@")
        if not self.uri.startswith("models:/") or not at:
            return self.uri
        with self._asking() as mlflow:
            client = mlflow.MlflowClient(tracking_uri=self.tracking_uri, registry_uri=self.tracking_uri)
            return f"models:/{name}/{client.get_model_version_by_alias(name, alias).version}"

    @cached_property
    def _folder(self) -> Path:
        place = self.resolved
        name, slash, number = place.removeprefix("models:/").rpartition("/")
        with self._asking() as mlflow:
            if place.startswith("models:/") and slash:
                client = mlflow.MlflowClient(tracking_uri=self.tracking_uri, registry_uri=self.tracking_uri)
                place = client.get_model_version_download_uri(name, number)
            return Path(mlflow.artifacts.download_artifacts(place, tracking_uri=self.tracking_uri))

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - whatever was logged
        folder = self._folder
        with self._asking() as mlflow:
            return mlflow.sklearn.load_model(str(folder))

    @contextlib.contextmanager
    def _asking(self) -> Iterator[ModuleType]:
        """Give MLflow, without its talk; whatever it raises means that this model cannot be loaded."""
        try:
            with quiet():
                yield imported(repr(self))
        except MissingExtraError:
            raise
        except Exception as error:
            raise LabelingFunctionError(
                f"The model {self.uri} cannot be loaded: {error}",
                remedy="log it with mlflow.sklearn.log_model, and say where: load_model(..., tracking_uri=...)",
            ) from error
