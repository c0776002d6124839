"""Report relabels to MLflow, which is an extra; a tracker that fails is a warning, never a lost label set."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import logging
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrolabel.errors import MissingExtraError
from retrolabel.masking import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import ModuleType

EXPERIMENT = "retrolabel"
TRACKING_URI = "MLFLOW_TRACKING_URI"
LONGEST_PARAM = 500
TELEMETRY = ("MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK")


def is_installed() -> bool:
    """Return whether MLflow is there; it is not imported."""
    return importlib.util.find_spec("mlflow") is not None


def without_telemetry() -> None:
    """Let MLflow report its use to nobody, unless the user said what it may: it would look up a host at its import.

    ``MLFLOW_DISABLE_TELEMETRY=false`` in the environment turns it on.
    """
    if not any(name in os.environ for name in TELEMETRY):
        os.environ[TELEMETRY[0]] = "true"


def imported(feature: str) -> ModuleType:
    """Return MLflow, which reports its use to nobody.

    Args:
        feature: What needs it, as an error says it.

    Raises:
        MissingExtraError: The extra ``mlflow`` is not installed.
    """
    without_telemetry()
    try:
        import mlflow  # noqa: PLC0415 - an extra, and two seconds
    except ModuleNotFoundError as error:
        if error.name != "mlflow":
            raise
        raise MissingExtraError("mlflow", "mlflow", feature) from None
    return mlflow  # type: ignore[no-any-return]  # it ships no types


class NoTracker:
    """Reports to nobody: ``--no-tracking``, or MLflow is not installed."""

    def record(
        self, name: str, *, params: Mapping[str, Any], metrics: Mapping[str, float], manifest: str
    ) -> str | None:
        """Do nothing."""
        del name, params, metrics, manifest
        return None


class MLflowTracker:
    """Reports each relabel as an MLflow run.

    Args:
        folder: The store; runs go to ``mlflow.db`` and ``mlflow_artifacts/`` in it, unless
            ``MLFLOW_TRACKING_URI`` names another place.
        warn: Told what went wrong, if something did.
    """

    def __init__(self, folder: Path, warn: Callable[[str], None]) -> None:
        self.folder = folder
        self.warn = warn

    def record(
        self, name: str, *, params: Mapping[str, Any], metrics: Mapping[str, float], manifest: str
    ) -> str | None:
        """Report one relabel and return the run's id; ``None``, and a warning, where that failed."""
        try:
            with quiet(), self._locked():
                return self._record(name, params, metrics, manifest)
        except Exception as error:  # noqa: BLE001 - whatever a tracker does, the label set stands
            what = without_secrets(f"{type(error).__name__}: {error}")
            self.warn(f"MLflow took no run ({what}); the label set is stored all the same")
            return None

    def _record(self, name: str, params: Mapping[str, Any], metrics: Mapping[str, float], manifest: str) -> str:
        mlflow = imported("Tracking")
        from mlflow.data.meta_dataset import MetaDataset  # noqa: PLC0415 - an extra
        from mlflow.data.sources import LocalArtifactDatasetSource  # noqa: PLC0415 - the same

        elsewhere = os.environ.get(TRACKING_URI)
        client = mlflow.MlflowClient(tracking_uri=elsewhere or f"sqlite:///{self.folder / 'mlflow.db'}")
        run = client.create_run(self._experiment(client, own=not elsewhere), run_name=name)
        run_id: str = run.info.run_id
        entities = mlflow.entities
        now = run.info.start_time
        client.log_batch(
            run_id,
            metrics=[entities.Metric(key, value, now, 0) for key, value in metrics.items()],
            params=[entities.Param(key, str(value)[:LONGEST_PARAM]) for key, value in params.items()],
        )
        dataset = MetaDataset(
            LocalArtifactDatasetSource(str(Path(manifest).parent)),
            name=str(params["task"]),
            digest=str(params["label_set"]),
        )
        tag = entities.InputTag("mlflow.data.context", "label set")
        client.log_inputs(run_id, [entities.DatasetInput(dataset._to_mlflow_entity(), [tag])])  # noqa: SLF001 - its only way
        client.log_artifact(run_id, manifest)
        client.set_terminated(run_id)
        return run_id

    def _experiment(self, client: Any, *, own: bool) -> str:  # noqa: ANN401 - an MlflowClient
        found = client.get_experiment_by_name(EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        place = (self.folder / "mlflow_artifacts").resolve().as_uri() if own else None
        return str(client.create_experiment(EXPERIMENT, artifact_location=place))

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".mlflow.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep MLflow's and Alembic's talk out of the terminal."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
