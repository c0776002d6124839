"""Labels written back to MLflow: an assessment a trace, and records of an evaluation dataset."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.jobs.records.traces import OURS
from retrolabel.tracking.mlflow import TRACKING_URI

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import ModuleType

    from retrolabel.jobs.records.traces import Experiment
    from retrolabel.tracking.server import Server


@dataclass(frozen=True)
class Written:
    """An assessment that we wrote before.

    Attributes:
        id: What tells it from every other one.
        value: The label that it says.
        by: Its source: ``retrolabel/`` and the beginning of the label set's id.
    """

    id: str
    value: object
    by: str


def written(info: Any, name: str) -> list[Written]:  # noqa: ANN401 - MLflow's
    """Return what we wrote of a trace under a name, and nobody overrode, the newest first.

    Args:
        info: What MLflow says of the trace.
        name: The name of the assessments.
    """
    return [
        Written(each.assessment_id, each.feedback.value, each.source.source_id)
        for each in _ours(info, name)
        if each.valid is not False
    ]


def write(  # noqa: PLR0913 - what an assessment says
    server: Server, trace: str, *, name: str, value: str, by: str, metadata: Mapping[str, str], over: str | None = None
) -> None:
    """Write what a label set says of a trace.

    Args:
        server: Where the trace is.
        trace: Its id.
        name: The name of the assessment: the task.
        value: The label.
        by: The source.
        metadata: What else there is to say.
        over: The assessment of ours that it takes the place of; MLflow keeps it, as overridden.

    Raises:
        TrackerError: The server does not take it.
    """

    def work(mlflow: ModuleType, _client: object) -> None:
        entities = mlflow.entities
        source = entities.AssessmentSource(source_type="CODE", source_id=by)
        said = entities.Feedback(name=name, value=value, source=source, metadata=dict(metadata), overrides=over)
        _tracing(server).log_assessment(trace, said)

    server.ask("took no assessment", work)


def take_back(server: Server, trace: str, info: Any, name: str) -> None:  # noqa: ANN401 - MLflow's
    """Delete what we wrote of a trace under a name, the overridden too: MLflow would let them stand again.

    Raises:
        TrackerError: The server does not do it.
    """
    for each in _ours(info, name):

        def work(*_: object, one: str = each.assessment_id) -> None:
            _tracing(server).delete_assessment(trace, one)

        server.ask("deleted no assessment", work)


def _ours(info: Any, name: str) -> list[Any]:  # noqa: ANN401 - MLflow's
    """Return all that we wrote of a trace under a name, overridden or not, the newest first."""
    mine = [
        each
        for each in info.assessments
        if each.name == name and each.feedback and (each.source.source_id or "").startswith(OURS)
    ]
    return sorted(mine, key=lambda each: (each.create_time_ms or 0, each.assessment_id), reverse=True)


def _tracing(server: Server) -> Any:  # noqa: ANN401 - MLflow's
    from mlflow.tracing.client import TracingClient  # noqa: PLC0415 - an extra

    return TracingClient(server.uri)


@dataclass(frozen=True)
class Record:
    """What an evaluation dataset holds of a trace.

    Attributes:
        trace: Its id.
        inputs: What the application was given.
        expectations: The task -> the label.
    """

    trace: str
    inputs: Any
    expectations: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Return it as MLflow takes it."""
        inputs = self.inputs if isinstance(self.inputs, dict) else {"input": self.inputs}
        source = {"source_type": "TRACE", "source_data": {"trace_id": self.trace}}
        return {"inputs": inputs, "expectations": dict(self.expectations), "source": source}


def merge(server: Server, experiment: Experiment, name: str, records: Sequence[Record]) -> None:
    """Put records into an evaluation dataset, which is made where it is not there; those with its inputs are replaced.

    Args:
        server: Where it is.
        experiment: The experiment that it belongs to.
        name: The name of the dataset.
        records: The records.

    Raises:
        TrackerError: The server does not take them.
    """

    def work(mlflow: ModuleType, client: Any) -> None:  # noqa: ANN401 - an MlflowClient
        quote = '"' if '"' not in name else "'"
        found = client.search_datasets(filter_string=f"name = {quote}{name}{quote}", max_results=1)
        dataset = found[0] if found else client.create_dataset(name=name, experiment_id=[experiment.id])
        before = os.environ.get(TRACKING_URI)
        mlflow.set_tracking_uri(server.uri)  # its only way
        try:
            dataset.merge_records([each.as_dict() for each in records])
        finally:
            mlflow.set_tracking_uri(None)
            if before is not None:
                os.environ[TRACKING_URI] = before

    server.ask(f"took no records for the dataset {name}", work)


def records_of(found: Iterable[Any], labels: Mapping[str, str | None], task: str) -> list[Record]:
    """Return the records of traces that have a label, and a request.

    Args:
        found: MLflow's traces, with their spans.
        labels: Trace -> label, or nothing.
        task: The task.
    """
    records = []
    for each in found:
        label = labels.get(each.info.trace_id)
        root = next((span for span in each.data.spans if span.parent_id is None), None)
        if label is not None and root is not None and root.inputs is not None:
            records.append(Record(each.info.trace_id, root.inputs, {task: label}))
    return records
