"""The label models of a task in MLflow's registry; the alias ``current`` names that of what consumers read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from retrolabel.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from retrolabel.jobs.ports.tracking import Run

ALIAS = "current"
LABEL_SET = "retrolabel.label_set"
"""The tag that says which label set a version of the model belongs to."""
MODEL = "retrolabel.model"
"""The tag that says which end model a version is."""
FOLDER = "label_model"
FILE = "label_model.json"
"""What the loader reads in it."""
LOADER = "retrolabel.tracking.label_models"


def name_of(task: str) -> str:
    """Return the name of a task's model in the registry.

    Example:
        >>> name_of("failure_mode")
        'retrolabel.failure_mode'
    """
    return f"retrolabel.{task}"


class Shape(NamedTuple):
    """How a kind of model lies among the artifacts of a run.

    Attributes:
        folder: The folder of the MLflow model.
        file: What the loader reads in it.
        loader: The module that loads it.
        suffix: What the name of the registered model ends with.
    """

    folder: str
    file: str
    loader: str
    suffix: str = ""


LABEL_MODEL = Shape(FOLDER, FILE, LOADER)
END_MODEL = Shape("end_model", "model.npz", "retrolabel.interop.end_models", ".end_model")


def log_model(
    mlflow: ModuleType,
    client: Any,  # noqa: ANN401 - an MlflowClient
    run_id: str,
    content: bytes,
    shape: Shape = LABEL_MODEL,
) -> None:
    """Write a model into the artifacts of a run, as an MLflow model.

    Args:
        mlflow: MLflow.
        client: Its client.
        run_id: The run.
        content: What :func:`retrolabel.tracking.label_models.kept_for_mlflow` gave, or the bytes of an end model.
        shape: Which of the two.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "data").mkdir()
        (root / "data" / shape.file).write_bytes(content)
        (root / "requirements.txt").write_text(f"retrolabel=={__version__}\n", encoding="utf-8")
        model = mlflow.models.Model(artifact_path=shape.folder, run_id=run_id)
        mlflow.pyfunc.add_to_model(model, loader_module=shape.loader, data="data")
        model.save(str(root / "MLmodel"))
        client.log_artifacts(run_id, folder, shape.folder)


def registered(client: Any, run: Run, run_id: str) -> str:  # noqa: ANN401 - an MlflowClient
    """Return the version of a run's label model in the registry, which is made where its label set has none yet.

    Args:
        client: MLflow's client.
        run: The relabel.
        run_id: MLflow's run, which has the model among its artifacts.
    """
    task = str(run.params["task"])
    known = version_of(client, task, run.label_set)
    if known is not None:
        return known
    name = name_of(task)
    _model(client, name)
    made = client.create_model_version(
        name,
        source=f"{client.get_run(run_id).info.artifact_uri}/{FOLDER}",
        run_id=run_id,
        tags={LABEL_SET: run.label_set, "retrolabel.schema_version": str(run.params["schema_version"])},
    )
    return str(made.version)


def registered_end_model(client: Any, run_id: str, tags: Mapping[str, str], task: str) -> str:  # noqa: ANN401 - an MlflowClient
    """Return the version of an end model in the registry, which is made where there is none yet.

    Args:
        client: MLflow's client.
        run_id: The run that has it among its artifacts.
        tags: Its label set, schema version and id.
        task: The task.
    """
    name = f"{name_of(task)}{END_MODEL.suffix}"
    _model(client, name)
    known = version_of_end_model(client, task, tags[MODEL])
    if known is not None:
        return known
    source = f"{client.get_run(run_id).info.artifact_uri}/{END_MODEL.folder}"
    return str(client.create_model_version(name, source=source, run_id=run_id, tags=dict(tags)).version)


def version_of(client: Any, task: str, label_set: str) -> str | None:  # noqa: ANN401 - an MlflowClient
    """Return the version of a label set's model in the registry; ``None`` where there is none.

    Args:
        client: MLflow's client.
        task: The task.
        label_set: The label set's id.
    """
    found = client.search_model_versions(f"name = '{name_of(task)}' AND tags.`{LABEL_SET}` = '{label_set}'")
    return max((str(each.version) for each in found), key=int, default=None)


def version_of_end_model(client: Any, task: str, model: str) -> str | None:  # noqa: ANN401 - an MlflowClient
    """Return the version of an end model in the registry; ``None`` where there is none.

    Args:
        client: MLflow's client.
        task: The task.
        model: The model's id.
    """
    name = f"{name_of(task)}{END_MODEL.suffix}"
    found = client.search_model_versions(f"name = '{name}' AND tags.`{MODEL}` = '{model}'")
    return max((str(each.version) for each in found), key=int, default=None)


def forget(client: Any, task: str, run_id: str) -> None:  # noqa: ANN401 - an MlflowClient
    """Take the versions of a run out of the registry: the run was reported in part."""
    for each in client.search_model_versions(f"name = '{name_of(task)}'"):
        if each.run_id == run_id:
            client.delete_model_version(each.name, each.version)


def point(client: Any, task: str, version: str, shape: Shape = LABEL_MODEL) -> None:  # noqa: ANN401 - an MlflowClient
    """Let the alias ``current`` name a version; where it does already, nothing is written."""
    name = f"{name_of(task)}{shape.suffix}"
    known = client.get_registered_model(name).aliases.get(ALIAS)
    if str(known) != version:
        client.set_registered_model_alias(name, ALIAS, version)


def _model(client: Any, name: str) -> None:  # noqa: ANN401 - an MlflowClient
    from mlflow.exceptions import MlflowException  # noqa: PLC0415 - an extra

    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
