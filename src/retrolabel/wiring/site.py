"""A project and its store, opened: what everything else here works on. Looking costs what is looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.discovery.project import task_folder, task_names
from retrolabel.errors import RetrolabelError, SettingsError, StoreError, UnknownLabelSetError, did_you_mean
from retrolabel.jobs.ports.progress import Silence
from retrolabel.wiring.engines import Engine
from retrolabel.wiring.settings import URL_LIKE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.sitting_out import OnFault
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.label_models.deciding import Deciding
    from retrolabel.schema.history import History
    from retrolabel.storage.catalog import SqlCatalog
    from retrolabel.wiring.settings import Settings
    from retrolabel.wiring.task_settings import TaskSettings


def now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)


class Site:
    """A project, its settings and its store; the catalog and the files are opened when they are first needed.

    Args:
        project: The folder of the project; ``None`` where only a store is used.
        store: The directory of the store.
        settings: The settings.
        progress: Told how far long jobs are.
        warn: Told what went wrong without stopping anything.

    Raises:
        SettingsError: The settings name an engine that there is not.
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
        self.engine = Engine(settings.engine, settings.workers, settings.dask, settings.timeout)

    # The store -------------------------------------------------------------------------------

    @cached_property
    def objects(self) -> Objects:
        """The files of the store.

        Raises:
            SettingsError: Their URL is of no kind that is known.
        """
        from retrolabel.storage.opening import open_objects

        return open_objects(self.files)

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
        elsewhere = f"Nothing was ingested into {self.open_catalog.place} yet." if self.settings.catalog else ""
        raise StoreError(
            elsewhere or f"There is no store in {self.store} yet.",
            remedy="retrolabel ingest FILE --source NAME makes it",
        )

    @property
    def catalog_url(self) -> str:
        """The URL of the catalog: that of the settings, or a file in the store."""
        return self.settings.catalog or f"sqlite:///{self.store / 'catalog.db'}"

    @cached_property
    def open_catalog(self) -> SqlCatalog:
        """The catalog, whatever is in it; made if it is missing."""
        from retrolabel.storage.catalog import SqlCatalog

        if (self.settings.catalog or "").rstrip("/") in ("sqlite:", "sqlite:///:memory:"):
            raise SettingsError(
                f"The catalog {self.settings.catalog} lies in memory, so all would be forgotten at the end.",
                remedy="name a file, as sqlite:////absolute/path.db; or leave catalog out: it is a file in the store",
            )
        try:
            self.store.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The store {self.store} cannot be made: {error.strerror or error}.",
                remedy="name a folder in which you may write: --store, or store in the settings",
            ) from error
        return SqlCatalog(self.catalog_url)

    def exists(self) -> bool:
        """Return whether there is a catalog."""
        return self.settings.catalog is not None or (self.store / "catalog.db").is_file()

    def has_store(self) -> bool:
        """Return whether anything was ever ingested here."""
        return self.exists() and bool(self.open_catalog.feedback.sources())

    # The project -----------------------------------------------------------------------------

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

    def tasks(self) -> list[str]:
        """Return the names of the project's tasks."""
        return task_names(self.project_folder())

    def discover(self, task: str, *, skips: bool = False) -> FoundTask:
        """Return a task as its files are now: its schema versions and labeling functions, imported afresh.

        Args:
            task: The task.
            skips: Whether modules of labeling functions that do not import are left out, and told in ``broken``.

        Raises:
            DiscoveryError: Its modules do not import, or clash; everything at once.
        """
        from retrolabel.discovery.folders import discover

        return discover(self.project_folder(), task, skips=skips)

    def discovered(self, task: str) -> FoundTask | None:
        """Return what :meth:`discover` finds; ``None`` where it cannot be read, for who can do without it."""
        try:
            return self.discover(task)
        except RetrolabelError:
            return None

    def history(self, task: str) -> History:
        """Return the versions of a task as its files are now; labeling functions are not imported.

        Raises:
            DiscoveryError: Its schema cannot be read; everything at once.
        """
        from retrolabel.discovery.versions import find_history

        return find_history(self.project_folder(), task)

    def check_task(self, task: str | None) -> None:
        """Refuse a task that neither the project nor the store knows.

        Raises:
            SettingsError: With the nearest name.
        """
        here = set(task_names(self.project)) if self.project else set()
        if task is None or task in here:
            return
        known = set(here)
        if self.exists():
            known |= {record.task for record in self.open_catalog.label_sets.records()}
            known |= {str(batch["task"]) for batch in self.open_catalog.gold.batches()}
        if task in known:
            return
        if known == here:
            task_folder(self.project_folder(), task)  # says what the project has, or that there is none
        listed = ", ".join(sorted(known)) or "none"
        raise SettingsError(
            f"There is no task {task!r}.{did_you_mean(task, sorted(known))} Known: {listed}.",
            remedy="name one of those; retrolabel lf list shows what the project has",
        )

    def deciding(self, task: str) -> Deciding:
        """Return what the settings want of a task's items on which the evidence is thin."""
        from retrolabel.label_models.deciding import Deciding

        said = self.settings.tasks.get(task)
        return Deciding(said.guesses, said.abstain_below) if said else Deciding()

    def task_settings(self, task: str) -> TaskSettings:
        """Return what the settings say of a task; the defaults where they say nothing."""
        from retrolabel.wiring.task_settings import TaskSettings

        return self.settings.tasks.get(task) or TaskSettings()

    def on_fault(self, task: str) -> OnFault:
        """Return what becomes of a relabel where a labeling function is broken: as the settings say, else ``fail``."""
        return self.task_settings(task).on_fault

    def adjudication(self, task: str) -> Adjudication:
        """Return how people of a task who differ are adjudicated: as the settings say, else by majority."""
        from retrolabel.gold.deciding import DAWID_SKENE, MAJORITY, Adjudication

        said = self.settings.tasks[task].ways if task in self.settings.tasks else ()
        if not said:
            return MAJORITY
        if DAWID_SKENE not in said:
            return Adjudication.of(said)
        from retrolabel.jobs.gold.people_model import dawid_skene

        return Adjudication.of(said, dawid_skene)

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

    def label_set(self, task: str, name: str = "latest") -> LabelSet:
        """Return a label set of a task by its id, the beginning of it, a tag, ``current`` or ``latest``.

        Raises:
            UnknownLabelSetError: There is none, or several ids begin like that.
        """
        from retrolabel.jobs.label_sets.finding import find_label_set

        return find_label_set(self.catalog.label_sets, self.objects, task, name)

    def current_id(self, task: str) -> str | None:
        """Return the id of what consumers of a task read; ``None`` where that is nothing."""
        return self.catalog.label_sets.pointer(task, "current")

    def current(self, task: str) -> LabelSet | None:
        """Return what consumers of a task read; ``None`` where that is nothing, or is gone."""
        try:
            return self.label_set(task, "current")
        except UnknownLabelSetError:
            return None


def who() -> str:
    """Return who asks, as the machine knows them."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _files_of(settings: Settings, project: Path | None, store: Path) -> str | Path:
    """Return the URL or the folder under which files lie; as the store, it is named from the project's folder.

    Raises:
        SettingsError: It looks like a URL, and is none.
    """
    if not settings.objects or "://" in settings.objects:
        return settings.objects or store
    if URL_LIKE.match(settings.objects):
        raise SettingsError(
            f"objects = {settings.objects!r} is neither a URL nor a folder.",
            remedy="a URL has two slashes, as s3://bucket/retrolabel; a folder is named without a colon",
        )
    return ((project or Path.cwd()) / settings.objects).absolute()
