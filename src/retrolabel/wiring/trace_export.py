"""A label set written back to MLflow, where the user asks for it: labels, and with a dataset texts, go to a server."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.errors import InputError, TrackerError
from retrolabel.jobs.records.traces import OURS
from retrolabel.schema.fingerprints import digest
from retrolabel.tracking import assessing
from retrolabel.tracking.cursors import Cursors
from retrolabel.tracking.traces import find_experiment, infos, whole
from retrolabel.wiring.trace_options import server_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.traces import Experiment
    from retrolabel.tracking.server import Server
    from retrolabel.wiring.site import Site

SHORT = 12


@dataclass(frozen=True)
class ToTraces:
    """Where a label set is written to.

    Attributes:
        tracking_uri: Where MLflow is; as for an ingest, if left out.
        experiment: The experiment; those that the sources came from, if left out.
        sources: The sources whose items are traces; those that traces were taken into, if left out.
        dataset: The name of an evaluation dataset that gets the labelled traces, with what was asked.
        dry_run: Whether it is only counted.
    """

    tracking_uri: str | None = None
    experiment: str | None = None
    sources: tuple[str, ...] = ()
    dataset: str | None = None
    dry_run: bool = False


@dataclass
class WrittenBack:
    """What became of the labels.

    Attributes:
        label_set: The label set's id.
        server: Where MLflow is, without a password.
        experiments: The experiments.
        items: Items of the sources that came from traces.
        labelled: How many of them have a label.
        written: Assessments that are new.
        overridden: Assessments that took the place of those of another label set.
        kept: Assessments that were there already.
        taken_back: Traces whose assessment of ours was deleted, since they have no label any more.
        missing: Items whose trace is in none of the experiments.
        records: Records that the dataset was given.
        same_inputs: Labelled traces with the inputs of another one: a dataset has one record for them.
        seconds: How long it took.
        dry_run: Whether nothing was written.
        stopped: Why not all were written; nothing where all were.
    """

    label_set: str
    server: str
    experiments: tuple[str, ...] = ()
    items: int = 0
    labelled: int = 0
    written: int = 0
    overridden: int = 0
    kept: int = 0
    taken_back: int = 0
    missing: int = 0
    records: int = 0
    same_inputs: int = 0
    seconds: float = 0.0
    dry_run: bool = False
    stopped: str = ""


@dataclass(frozen=True)
class _Label:
    """What a label set says of a trace."""

    label: str | None
    probability: float | None
    partial: str | None


class TraceExport:
    """Writes a label set back to the traces that its items came from.

    Args:
        site: The project and its store.
        label_set: The label set.
        to: Where it is written to.

    Raises:
        InputError: No item of it came from a trace, as far as the store knows; or there is no such experiment.
        TrackerError: MLflow does not answer.
    """

    def __init__(self, site: Site, label_set: LabelSet, to: ToTraces) -> None:
        self._site, self._label_set, self._to = site, label_set, to
        self._server: Server = server_for(site, to.tracking_uri)
        self._task = label_set.record.task
        self._by = f"{OURS}{label_set.id[:SHORT]}"
        cursors = [each for each in Cursors(site.store).all() if each.server == self._server.told]
        self._sources = set(to.sources) or {each.source for each in cursors}
        self._labels = dict(self._read())
        if not self._labels:
            raise InputError(
                f"No item of label set {label_set.id[:SHORT]} came from a trace of MLflow at {self._server.told}.",
                remedy="--source NAME says which source's ids are traces; retrolabel ingest mlflow takes traces in",
            )
        named = {each.experiment for each in cursors if each.source in self._sources}
        asked = [to.experiment] if to.experiment else sorted(named)
        if not asked:
            raise InputError("No experiment is named.", remedy="--experiment NAME says where the traces are")
        self._experiments: list[Experiment] = [find_experiment(self._server, each) for each in asked]

    def write(self) -> WrittenBack:
        """Write each label as an assessment of its trace; what is there already is not written again.

        A server that dies in the middle keeps what it has, and the same call goes on from there.
        """
        began = time.monotonic()
        done = WrittenBack(
            self._label_set.id,
            self._server.told,
            tuple(each.name for each in self._experiments),
            len(self._labels),
            sum(each.label is not None for each in self._labels.values()),
            dry_run=self._to.dry_run,
        )
        self._site.progress.start(f"labels of {self._task} to MLflow", len(self._labels))
        try:
            seen = 0
            for experiment in self._experiments:
                for info in self._mine(experiment):
                    seen += 1
                    self._assess(info, done)
                    self._site.progress.advance(1)
            done.missing = len(self._labels) - seen
            if self._to.dataset:
                self._to_dataset(self._to.dataset, done)
        except TrackerError as error:
            done.stopped = error.message
        done.seconds = time.monotonic() - began
        return done

    def _read(self) -> Iterator[tuple[str, _Label]]:
        """Yield each item of the sources with what the label set says of it."""
        columns = ["source", "item_id", "label", "probability", "partial"]
        for table in self._label_set.tables():
            for row in table.select(columns).to_pylist():
                if row["source"] in self._sources:
                    yield row["item_id"], _Label(row["label"], row["probability"], row["partial"])

    def _mine(self, experiment: Experiment) -> Iterator[Any]:
        for page in infos(self._server, experiment):
            yield from (info for info in page if info.trace_id in self._labels)

    def _assess(self, info: Any, done: WrittenBack) -> None:  # noqa: ANN401 - MLflow's
        said = self._labels[info.trace_id]
        before = assessing.written(info, self._task)
        if said.label is None:
            if before and not done.dry_run:
                assessing.take_back(self._server, info.trace_id, info, self._task)
            done.taken_back += bool(before)
            return
        if before and (before[0].by, before[0].value) == (self._by, said.label):
            done.kept += 1
            return
        if not done.dry_run:
            assessing.write(
                self._server,
                info.trace_id,
                name=self._task,
                value=said.label,
                by=self._by,
                metadata=self._metadata(said),
                over=before[0].id if before else None,
            )
        done.overridden += bool(before)
        done.written += not before

    def _metadata(self, said: _Label) -> dict[str, str]:
        record = self._label_set.record
        told = {"label_set": record.id, "schema_version": record.schema_version}
        if said.probability is not None:
            told["probability"] = f"{said.probability:.4f}"
        if said.partial:
            told["partial"] = said.partial
        return told

    def _to_dataset(self, name: str, done: WrittenBack) -> None:
        labels = {trace: said.label for trace, said in self._labels.items()}
        inputs: set[str] = set()
        for experiment in self._experiments:
            for page in whole(self._server, experiment):
                records = assessing.records_of(page, labels, self._task)
                hashes = [digest(str(each.inputs)) for each in records]
                done.same_inputs += sum(each in inputs for each in hashes) + len(hashes) - len(set(hashes))
                inputs.update(hashes)
                if records and not done.dry_run:
                    assessing.merge(self._server, experiment, name, records)
                done.records += len(records)
