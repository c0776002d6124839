"""Report relabels to MLflow, which is an extra; a tracker that fails is a warning, never a lost label set."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import logging
import os
import threading
import warnings
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from retrolabel.errors import MissingExtraError
from retrolabel.masking import without_secrets
from retrolabel.tracking import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from types import ModuleType

    from retrolabel.jobs.ports.tracking import Made, Run

T = TypeVar("T")
OLD_EXPERIMENT = "retrolabel"
"""Where runs of all tasks were reported to before each task had an experiment; what is there stays there."""
TRACKING_URI = "MLFLOW_TRACKING_URI"
TAG = "retrolabel.run"
"""The tag that says which relabel a run is, so that none is reported twice."""
OF_THIS_MACHINE = ("sqlite:", "file:")
NO_ADDRESSES = "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"
LONGEST_PARAM = 500
TELEMETRY = ("MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK")


def experiment_of(task: str) -> str:
    """Return the name of the experiment that a task's runs are reported to.

    Example:
        >>> experiment_of("failure_mode")
        'retrolabel/failure_mode'
    """
    return f"retrolabel/{task}"


def is_installed() -> bool:
    """Return whether MLflow is there; it is not imported."""
    return importlib.util.find_spec("mlflow") is not None


def without_telemetry() -> None:
    """Let MLflow report its use to nobody, unless the user said what it may: it would look up a host at its import.

    ``MLFLOW_DISABLE_TELEMETRY=false`` in the environment turns it on.
    """
    if not any(name in os.environ for name in TELEMETRY):
        os.environ[TELEMETRY[0]] = "true"


def is_of_this_machine(uri: str) -> bool:
    """Return whether MLflow is a file of this machine, which may take as long as it takes.

    Example:
        >>> is_of_this_machine("sqlite:///mlflow.db"), is_of_this_machine("http://runs.example")
        (True, False)
    """
    return uri.startswith(OF_THIS_MACHINE) or "://" not in uri


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

    def send(self, run: Run, made: Made, *, again: bool = False) -> str | None:
        """Do nothing."""
        del run, made, again
        return None

    def point(self, run: Run, made: Made) -> bool:
        """Do nothing; nobody is behind."""
        del run, made
        return True


class MLflowTracker:
    """Reports each relabel as an MLflow run.

    Args:
        folder: The store; runs go to ``mlflow.db`` and ``mlflow_artifacts/`` in it, unless
            ``MLFLOW_TRACKING_URI`` names another place.
        warn: Told what went wrong, if something did.
        patience: Seconds that a tracking server has in all, with what is tried again; 0 is for ever. A file of this
            machine may take as long as it takes.
    """

    def __init__(self, folder: Path, warn: Callable[[str], None], patience: float = 10) -> None:
        self.folder = folder
        self.warn = warn
        self.patience = patience
        self.elsewhere = os.environ.get(TRACKING_URI) or None

    def send(self, run: Run, made: Made, *, again: bool = False) -> str | None:
        """Report one relabel and return the run's id; ``None``, and a warning, where that failed.

        Args:
            run: The relabel.
            made: What its label set left.
            again: Whether it was tried before: what is there whole is taken, what is there in part is deleted.
        """
        return self._asked(
            lambda mlflow: self._send(mlflow, self._client(mlflow), run, made, again=again),
            "took no run",
            "the label set is stored all the same. Fix: retrolabel track --resend sends it later",
        )

    def point(self, run: Run, made: Made) -> bool:
        """Let the alias ``current`` of the task's registered model name a label set; a warning where that failed.

        Args:
            run: A relabel that made the label set; it is reported where MLflow knows nothing of it.
            made: What the label set left; without a label model there is nothing to name.
        """
        if not made.label_model:
            return True

        def work(mlflow: ModuleType) -> bool:
            client, task = self._client(mlflow), str(run.params["task"])
            version = registry.version_of(client, task, run.label_set)
            if version is None:
                run_id = self._send(mlflow, client, run, made, again=True)
                version = registry.registered(client, run, run_id)
            registry.point(client, task, version)
            return True

        task = run.params["task"]
        what = f"took no alias current of {registry.name_of(str(task))}"
        stands = "labels export gives the right label set all the same. Fix: retrolabel track --resend sets it later"
        return bool(self._asked(work, what, stands))

    def attach(self, run: Run, made: Made, name: str, content: bytes) -> str | None:
        """Put a file beside what was reported of a label set; return the run, or ``None`` and a warning.

        Args:
            run: A relabel that made it; it is reported where MLflow knows nothing of the label set.
            made: What the label set left.
            name: The file's name.
            content: What is in it, as UTF-8; it must hold no item's text.
        """

        def work(mlflow: ModuleType) -> str:
            client = self._client(mlflow)
            run_id = self._run_of(mlflow, client, run, made)
            client.log_text(run_id, content.decode("utf-8"), name)
            return run_id

        return self._asked(work, f"took no {name}", "the report is written all the same")

    def register(
        self, run: Run, made: Made, content: Callable[[], bytes], tags: Mapping[str, str], *, current: bool = False
    ) -> str | None:
        """Put a trained model into the registry, if it is not there; return its version, or ``None`` and a warning.

        Args:
            run: A relabel that made its label set; it is reported where MLflow knows nothing of the label set.
            made: What the label set left.
            content: Returns the model's bytes.
            tags: Its label set, schema version and id.
            current: Whether consumers read its label set: then the alias ``current`` names it.
        """

        def work(mlflow: ModuleType) -> str:
            client, task = self._client(mlflow), str(run.params["task"])
            version = registry.version_of_end_model(client, task, tags[registry.MODEL])
            if version is None:
                run_id = self._run_of(mlflow, client, run, made)
                registry.log_model(mlflow, client, run_id, content(), registry.END_MODEL)
                version = registry.registered_end_model(client, run_id, tags, task)
            if current:
                registry.point(client, task, version, registry.END_MODEL)
            return version

        stands = "it is kept in the store all the same. Fix: retrolabel track --resend sends it later"
        return self._asked(work, f"took no model {tags[registry.MODEL][:12]}", stands)

    def _run_of(self, mlflow: ModuleType, client: Any, run: Run, made: Made) -> str:  # noqa: ANN401 - an MlflowClient
        """Return the run of a label set, which is reported where MLflow knows nothing of it."""
        experiment = self._experiment(client, str(run.params["task"]), own=not self.elsewhere)
        asked = f"tags.`{registry.LABEL_SET}` = '{run.label_set}' AND attributes.status = 'FINISHED'"
        found = client.search_runs(_and_before(client, experiment), filter_string=asked, max_results=1)
        return str(found[0].info.run_id) if found else self._send(mlflow, client, run, made, again=True)

    def _asked(self, work: Callable[[ModuleType], T], what: str, stands: str) -> T | None:
        """Return what a piece of work with MLflow returns, alone and in time; ``None``, and a warning, if it fails."""
        try:
            with quiet():
                mlflow = imported("Tracking")  # two seconds that no server is to blame for
                if self.elsewhere is None or is_of_this_machine(self.elsewhere):
                    with self._locked():
                        return work(mlflow)
                with impatient(self.patience):
                    return within(self.patience, lambda: work(mlflow))
        except Exception as error:  # noqa: BLE001 - whatever a tracker does, the label set stands
            why = without_secrets(f"{type(error).__name__}: {str(error).strip()}").replace("\n", " ").rstrip(".")
            self.warn(f"MLflow {what} ({why:.500}); {stands}")
            return None

    def _client(self, mlflow: ModuleType) -> Any:  # noqa: ANN401 - an MlflowClient
        return mlflow.MlflowClient(tracking_uri=self.elsewhere or f"sqlite:///{self.folder / 'mlflow.db'}")

    def _send(self, mlflow: ModuleType, client: Any, run: Run, made: Made, *, again: bool) -> str:  # noqa: ANN401 - the same
        from mlflow.data.meta_dataset import MetaDataset  # noqa: PLC0415 - an extra
        from mlflow.data.sources import LocalArtifactDatasetSource  # noqa: PLC0415 - the same

        task = str(run.params["task"])
        experiment = self._experiment(client, task, own=not self.elsewhere)
        if again:
            for before in client.search_runs(
                _and_before(client, experiment), filter_string=f"tags.`{TAG}` = '{run.key}'"
            ):
                if before.info.status == "FINISHED":
                    return str(before.info.run_id)
                registry.forget(client, task, before.info.run_id)
                client.delete_run(before.info.run_id)
        now = int(run.at * 1000)
        tags = {TAG: run.key, registry.LABEL_SET: run.label_set}
        started = client.create_run(experiment, start_time=now, run_name=run.name, tags=tags)
        run_id: str = started.info.run_id
        entities = mlflow.entities
        client.log_batch(
            run_id,
            metrics=[entities.Metric(key, value, now, 0) for key, value in run.metrics.items()],
            params=[entities.Param(key, str(value)[:LONGEST_PARAM]) for key, value in run.params.items()],
        )
        dataset = MetaDataset(LocalArtifactDatasetSource(run.place.rpartition("/")[0]), name=task, digest=run.label_set)
        tag = entities.InputTag("mlflow.data.context", "label set")
        client.log_inputs(run_id, [entities.DatasetInput(dataset._to_mlflow_entity(), [tag])])  # noqa: SLF001 - its only way
        for name, content in made.files().items():
            client.log_text(run_id, content.decode("utf-8"), name)
        if made.label_model:
            registry.log_model(mlflow, client, run_id, made.label_model)
            registry.registered(client, run, run_id)
        client.set_terminated(run_id)
        return run_id

    def _experiment(self, client: Any, task: str, *, own: bool) -> str:  # noqa: ANN401 - an MlflowClient
        found = client.get_experiment_by_name(experiment_of(task))
        if found is not None:
            return str(found.experiment_id)
        place = (self.folder / "mlflow_artifacts" / task).resolve().as_uri() if own else None
        return str(client.create_experiment(experiment_of(task), artifact_location=place))

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".mlflow.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _and_before(client: Any, experiment: str) -> list[str]:  # noqa: ANN401 - an MlflowClient
    """Return an experiment, and that of all tasks, where there is one: what was reported there is not sent again."""
    old = client.get_experiment_by_name(OLD_EXPERIMENT)
    return [experiment, *([str(old.experiment_id)] if old is not None else [])]


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep MLflow's and Alembic's talk out of the terminal; addresses of runs it would print where JSON goes."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    ours = NO_ADDRESSES not in os.environ
    os.environ.setdefault(NO_ADDRESSES, "true")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
        if ours:
            os.environ.pop(NO_ADDRESSES, None)


def within(seconds: float, work: Callable[[], T]) -> T:
    """Return what a piece of work returns, if it does so soon enough.

    It runs beside, and is left alone when it takes too long: a look-up of a name cannot be stopped.

    Args:
        seconds: How long it may take; 0 is for ever.
        work: What is done.

    Raises:
        TimeoutError: It took too long.

    Example:
        >>> within(5, lambda: 7)
        7
    """
    future: Future[T] = Future()

    def beside() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody waits
            future.set_exception(error)

    threading.Thread(target=beside, daemon=True, name="tracking").start()
    try:
        return future.result(seconds or None)
    except TimeoutError:
        if future.done():
            raise
        logging.getLogger("urllib3").setLevel(logging.ERROR)  # it may go on for a while, and nobody listens
        raise TimeoutError(f"no answer within {seconds:g} s") from None


@contextlib.contextmanager
def impatient(seconds: float) -> Iterator[None]:
    """Let MLflow try a request again a few times instead of for four minutes, where the user said nothing of that."""
    wanted = {"MLFLOW_HTTP_REQUEST_TIMEOUT": str(max(1, int(seconds))), "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3"}
    ours = {name: value for name, value in wanted.items() if seconds and name not in os.environ}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            os.environ.pop(name, None)
