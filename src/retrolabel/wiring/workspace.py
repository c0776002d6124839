"""A project and its store, and the way to its tasks."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrolabel.errors import SettingsError
from retrolabel.tracking.mlflow import without_telemetry
from retrolabel.wiring.feedback import Feedback
from retrolabel.wiring.settings import find_project, load_settings, store_path
from retrolabel.wiring.site import Site
from retrolabel.wiring.task import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrolabel.jobs.gold.batches import BatchOfItems
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.jobs.votes.compaction import Compaction
    from retrolabel.wiring.events import Events
    from retrolabel.wiring.feedback import IngestOptions
    from retrolabel.wiring.gold_with_items import GoldColumns, ItemsWithGold
    from retrolabel.wiring.scheduling import Schedules
    from retrolabel.wiring.schemas import Schemas
    from retrolabel.wiring.status import Status
    from retrolabel.wiring.trace_options import TraceOptions
    from retrolabel.wiring.traces import TraceIngest


class Workspace(Site):
    """A project and its store; the arguments are those of ``Site``."""

    def task(self, name: str) -> Task:
        """Return a task in the hand, with all that can be done with it.

        Raises:
            SettingsError: Neither the project nor the store knows it; with the nearest name.
        """
        return Task(self, name)

    @cached_property
    def feedback(self) -> Feedback:
        """The feedback of the project: take files in, read items back."""
        return Feedback(self)

    def traces(self, source: str, options: TraceOptions) -> TraceIngest:
        """Return what takes the traces of MLflow into a source: ``take()`` once, ``follow()`` again and again.

        Args:
            source: The source.
            options: Which traces, and what of them is gold.

        Raises:
            InputError: There is no such experiment, or no MLflow is named.
            TrackerError: MLflow does not answer.
        """
        from retrolabel.wiring.traces import TraceIngest

        return TraceIngest(self, source, options)

    def items_with_gold(
        self,
        file: str | Path,
        source: str,
        gold: Sequence[GoldColumns],
        options: IngestOptions | None = None,
        *,
        role: str = "dev",
    ) -> ItemsWithGold:
        """Return what takes a file of items and their human labels in: ``take()``, or ``preview()``.

        Args:
            file: The file.
            source: The source of the items.
            gold: Its columns of labels; what holds an answer stays out of the items.
            options: How it is read.
            role: The role of the labels, where no column says it.

        Raises:
            SettingsError: There is no such task.
            UnknownVersionError: A task has no such version.
        """
        from retrolabel.wiring.feedback import IngestOptions
        from retrolabel.wiring.gold_with_items import ItemsWithGold

        return ItemsWithGold(self, Path(file), source, options or IngestOptions(), gold, role)

    @cached_property
    def schemas(self) -> Schemas:
        """The label schemas of all tasks together: check, release."""
        from retrolabel.wiring.schemas import Schemas

        return Schemas(self)

    @cached_property
    def events(self) -> Events:
        """What happened, and who is told."""
        from retrolabel.wiring.events import Events

        return Events(self)

    @cached_property
    def schedules(self) -> Schedules:
        """When tasks are looked at, and relabelled."""
        from retrolabel.wiring.scheduling import Schedules

        return Schedules(self)

    def status(self) -> list[Status]:
        """Return how each task stands: what is current, what waits, what is stale or due, what failed."""
        from retrolabel.wiring.status import status, tasks_of

        return status(self, tasks_of(self))

    def label_sets(self) -> list[LabelSetRecord]:
        """Return the label sets of all tasks, newest first."""
        return self.catalog.label_sets.records()

    def gold_batches(self) -> Sequence[Mapping[str, Any]]:
        """Return the human labels of all tasks, by task, source, role, version and sampling."""
        return self.catalog.gold.batches()

    def gold_drawn(self) -> tuple[BatchOfItems, ...]:
        """Return the draws of all tasks that are remembered, each with the items that wait for a label."""
        from retrolabel.jobs.gold.batches import remembered

        return remembered(None, self.catalog.gold)

    def compact(self, *, dry_run: bool = False) -> Compaction:
        """Merge the files of votes that many runs left, one file a segment; nothing is computed again.

        Args:
            dry_run: Whether it is only counted.
        """
        from retrolabel.jobs.votes.compaction import compact

        return compact(self.catalog.votes, self.objects, self.progress, dry_run=dry_run)

    def __repr__(self) -> str:
        """Return project and store."""
        return f"Workspace(project={str(self.project)!r}, store={str(self.store)!r})"


def open_workspace(  # noqa: PLR0913 - a project's settings, and what overrides them
    path: str | Path | None = None,
    *,
    store: str | Path | None = None,
    engine: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    warn: Callable[[str], None] | None = None,
) -> Workspace:
    """Open a project and its store.

    Args:
        path: A folder in the project; the current one if left out.
        store: The directory of the store, if it is not the project's.
        engine: ``auto``, ``serial``, ``local`` or ``dask``; the settings' if left out.
        workers: How many worker processes; 0 is one for each processor; the settings' if left out.
        progress: Told how far long jobs are.
        warn: Told what went wrong without stopping anything.

    Raises:
        SettingsError: There is no project there and no store was named, or the settings are wrong.

    Example:
        >>> import tempfile
        >>> open_workspace("/", store=tempfile.mkdtemp()).project is None
        True
    """
    without_telemetry()  # labeling functions may import MLflow too
    start = Path(path).absolute() if path is not None else Path.cwd()
    if not start.is_dir():
        raise SettingsError(f"There is no folder {start}.", remedy="name the project's folder, or one below it")
    project = find_project(start)
    told = {"engine": engine, "workers": workers}
    settings = load_settings(project).model_copy(update={k: v for k, v in told.items() if v is not None})
    where = store_path(settings, project, Path(store) if store is not None else None)
    return Workspace(project, where, settings, progress=progress, warn=warn)
