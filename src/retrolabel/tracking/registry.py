"""The label models of a task in MLflow's registry; the alias ``current`` names that of what consumers read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrolabel.version import __version__

if TYPE_CHECKING:
    from types import ModuleType

    from retrolabel.jobs.ports.tracking import Run

ALIAS = "current"
LABEL_SET = "retrolabel.label_set"
"""The tag that says which label set a version of the model belongs to."""
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


def log_model(mlflow: ModuleType, client: Any, run_id: str, label_model: bytes) -> None:  # noqa: ANN401 - an MlflowClient
    """Write a label model into the artifacts of a run, as an MLflow model.

    Args:
        mlflow: MLflow.
        client: Its client.
        run_id: The run.
        label_model: What :func:`retrolabel.tracking.label_models.kept_for_mlflow` gave.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "data").mkdir()
        (root / "data" / FILE).write_bytes(label_model)
        (root / "requirements.txt").write_text(f"retrolabel=={__version__}\n", encoding="utf-8")
        model = mlflow.models.Model(artifact_path=FOLDER, run_id=run_id)
        mlflow.pyfunc.add_to_model(model, loader_module=LOADER, data="data")
        model.save(str(root / "MLmodel"))
        client.log_artifacts(run_id, folder, FOLDER)


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


def version_of(client: Any, task: str, label_set: str) -> str | None:  # noqa: ANN401 - an MlflowClient
    """Return the version of a label set's model in the registry; ``None`` where there is none.

    Args:
        client: MLflow's client.
        task: The task.
        label_set: The label set's id.
    """
    found = client.search_model_versions(f"name = '{name_of(task)}' AND tags.`{LABEL_SET}` = '{label_set}'")
    return max((str(each.version) for each in found), key=int, default=None)


def forget(client: Any, task: str, run_id: str) -> None:  # noqa: ANN401 - an MlflowClient
    """Take the versions of a run out of the registry: the run was reported in part."""
    for each in client.search_model_versions(f"name = '{name_of(task)}'"):
        if each.run_id == run_id:
            client.delete_model_version(each.name, each.version)


def point(client: Any, task: str, version: str) -> None:  # noqa: ANN401 - an MlflowClient
    """Let the alias ``current`` name a version; where it does already, nothing is written."""
    known = client.get_registered_model(name_of(task)).aliases.get(ALIAS)
    if str(known) != version:
        client.set_registered_model_alias(name_of(task), ALIAS, version)


def _model(client: Any, name: str) -> None:  # noqa: ANN401 - an MlflowClient
    from mlflow.exceptions import MlflowException  # noqa: PLC0415 - an extra

    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
