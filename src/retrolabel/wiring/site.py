"""A project and its store, opened: what everything else here works on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.discovery.folders import discover
from retrolabel.discovery.project import task_names
from retrolabel.errors import SettingsError, StoreError, did_you_mean
from retrolabel.jobs.label_sets.finding import find_label_set
from retrolabel.jobs.label_sets.fitting import model_for
from retrolabel.jobs.label_sets.planning import look_up, plan_relabel
from retrolabel.jobs.records.tools import Tools
from retrolabel.storage.catalog import SqlCatalog
from retrolabel.storage.opening import open_objects
from retrolabel.wiring.engines import Engine
from retrolabel.wiring.label_models import label_model_named
from retrolabel.wiring.remarks import remarks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.label_models.protocol import LabelModelProtocol
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.wiring.settings import Settings


def now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)


class Silence:
    """Progress for those who do not look."""

    def start(self, what: str, total: float | None) -> None:
        """Say nothing."""

    def advance(self, units: float) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""


class Site:
    """A project, its settings and its store.

    Args:
        project: The folder of the project; ``None`` where only a store is used.
        store: The directory of the store.
        settings: The settings.
        progress: Told how far long jobs are.
        warn: Told what went wrong without stopping anything.
    """

    def __init__(
        self,
        project: Path | None,
        store: Path,
        settings: Settings,
        *,
        progress: Progress | None = None,
        warn: Callable[[str], None] | None = None,
    ) -> None:
        self.project = project
        self.store = store
        self.settings = settings
        self.progress: Progress = progress or Silence()
        self.warn: Callable[[str], None] = warn or self.progress.note
        self.files = _files_of(settings, project, store)
        self.objects: Objects = open_objects(self.files)
        self.engine = Engine(settings.engine, settings.workers, settings.dask, settings.timeout)

    @cached_property
    def catalog(self) -> SqlCatalog:
        """The catalog; there must be feedback in it.

        Raises:
            StoreError: There is no store here yet, or nothing was ever ingested.
        """
        if self.exists():
            catalog = self.open_catalog
            if catalog.feedback.sources():
                return catalog
        raise StoreError(
            f"There is no store in {self.store} yet.", remedy="retrolabel ingest FILE --source NAME makes it"
        )

    @cached_property
    def open_catalog(self) -> SqlCatalog:
        """The catalog, whatever is in it; made if it is missing."""
        try:
            self.store.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The store {self.store} cannot be made: {error.strerror or error}.",
                remedy="name a folder in which you may write: --store, or store in the settings",
            ) from error
        return SqlCatalog(self.settings.catalog or f"sqlite:///{self.store / 'catalog.db'}")

    def exists(self) -> bool:
        """Return whether there is a catalog."""
        return self.settings.catalog is not None or (self.store / "catalog.db").is_file()

    def has_store(self) -> bool:
        """Return whether anything was ever ingested here."""
        return self.exists() and bool(self.open_catalog.feedback.sources())

    def tasks(self) -> list[str]:
        """Return the names of the project's tasks."""
        return task_names(self.project_folder())

    def task(self, name: str) -> FoundTask:
        """Return a task: its schema versions and labeling functions, imported afresh.

        Raises:
            DiscoveryError: Its modules do not import, or clash; everything at once.
        """
        return discover(self.project_folder(), name)

    def project_folder(self) -> Path:
        """Return the project's folder.

        Raises:
            SettingsError: There is a store only.
        """
        if self.project is None:
            raise SettingsError(
                "There is no project here, so there are no labeling functions.",
                remedy="go to the project's folder, or make one: retrolabel init",
            )
        return self.project

    def tools(self, plan: Plan) -> Tools:
        """Return what a job that computes a plan's votes works with."""
        engine = self.engine.for_calls(plan.calls)
        worker = engine.worker(plan, self.objects, project=self.project, store=self.files)
        return Tools(self.objects, self.progress, now, engine.executors, worker)

    def check_task(self, task: str | None) -> None:
        """Refuse a task that neither the project nor the store knows.

        Raises:
            SettingsError: With the nearest name.
        """
        known = set(task_names(self.project)) if self.project else set()
        known |= {record.task for record in self.catalog.label_sets.records()}
        known |= {str(batch["task"]) for batch in self.catalog.gold.batches()}
        if task is not None and task not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise SettingsError(
                f"There is no task {task!r}.{did_you_mean(task, sorted(known))} Known: {listed}.",
                remedy="name one of those; retrolabel lf list shows what the project has",
            )

    def label_model(self, chosen: str | LabelModelProtocol | None, schema: LabelSchema) -> LabelModelProtocol:
        """Return the label model that is fitted under a version: the chosen one, or the settings'."""
        name = chosen if chosen is not None else self.settings.label_model
        return model_for(schema, label_model_named(name) if isinstance(name, str) else name)

    def sources_of(self, task: str) -> Sequence[str] | None:
        """Return the sources that a task labels, as the settings say; all if ``None``.

        Raises:
            SettingsError: The store lacks one of them.
        """
        wanted = self.settings.tasks[task].sources if task in self.settings.tasks else None
        if wanted is not None:
            known = self.catalog.feedback.sources()
            unknown = [source for source in wanted if source not in known]
            if unknown and known:
                raise SettingsError(
                    f"The task {task!r} labels {', '.join(wanted)} (settings); the store has {', '.join(known)}.",
                    remedy=f"ingest --source {unknown[0]}, or change tasks.{task}.sources in the settings",
                )
        return wanted

    def plan(self, task: str, *, to: str | None = None, label_model: str | LabelModelProtocol | None = None) -> Plan:
        """Return what a relabel would do and cost; nothing is changed.

        Args:
            task: The task.
            to: The schema version; the newest if left out.
            label_model: A name (``label_model``, ``majority_vote``, ``weighted_vote``, ``dawid_skene``,
                ``snorkel``, ``auto``) or a label model; the settings' if left out.
        """
        found = self.task(task)
        schema = found.history[to] if to else found.history.head
        model = self.label_model(label_model, schema)
        known = look_up(
            found,
            schema.version,
            self.sources_of(task),
            feedback=self.catalog.feedback,
            votes=self.catalog.votes,
            gold=self.catalog.gold,
            label_sets=self.catalog.label_sets,
        )
        plan = plan_relabel(found, known, to=to, label_model=model.settings(), fits_gold=model.uses_gold)
        told = remarks(self.project_folder(), found, schema)
        return replace(plan, notes=(*told, *plan.notes), remarks=(*told, *plan.remarks))

    def label_set(self, task: str, id: str = "latest") -> LabelSet:  # noqa: A002 - the word that users know
        """Return a label set by its id, the beginning of it, or ``latest``."""
        self.check_task(task)
        return find_label_set(self.catalog.label_sets, self.objects, task, id)


def _files_of(settings: Settings, project: Path | None, store: Path) -> str | Path:
    """Return the URL or the folder under which files lie; as the store, it is named from the project's folder."""
    if not settings.objects or "://" in settings.objects:
        return settings.objects or store
    return ((project or Path.cwd()) / settings.objects).absolute()
