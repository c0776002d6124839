"""The catalog itself: moved to another database, upgraded."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.engines.here import is_gone, this_process
from retrolabel.errors import SettingsError, StoreError
from retrolabel.jobs.label_sets.holding import Place, held
from retrolabel.storage.catalog import SqlCatalog
from retrolabel.storage.connections import Connections
from retrolabel.storage.copying import copy_catalog, open_catalogs, to_be_copied
from retrolabel.storage.places import how_to_save, parsed_url, place_of
from retrolabel.storage.upgrade import HEAD
from retrolabel.wiring.settings import URL_LIKE
from retrolabel.wiring.site import now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.storage.copying import TableCopy
    from retrolabel.wiring.site import Site

FILE = "catalog.db"


@dataclass(frozen=True)
class CatalogCopy:
    """A catalog that was moved, or would be.

    Attributes:
        source: Where it was, for people.
        target: Where it is, for people.
        rows: Table -> how many rows.
        tables: What was copied and read back; nothing, where it was only counted.
        setting: What stands in the settings from now on: a URL without its password, or the folder of a store.
        is_store: Whether that is a folder.
    """

    source: str
    target: str
    rows: Mapping[str, int]
    tables: tuple[TableCopy, ...]
    setting: str
    is_store: bool


@dataclass(frozen=True)
class Upgrade:
    """A catalog that was upgraded, or would be.

    Attributes:
        place: Where it is, for people.
        before: The revision that it was at; nothing, where the database is empty.
        to: The revision that it is at now, or would be.
        save: What saves a copy first.
    """

    place: str
    before: str | None
    to: str
    save: str


def copy_between(
    source: str, target: str, *, progress: Progress, wait: bool = True, dry_run: bool = False
) -> CatalogCopy:
    """Copy a catalog into another database, and read it back; files stay where they are.

    All tasks that it knows are held meanwhile, so that no relabel goes on in the old one.

    Args:
        source: Its URL, or the folder of a store.
        target: The URL of an empty database, or a folder.
        progress: Told of waiting, and how far it is.
        wait: Whether to wait for those who work on a task.
        dry_run: Whether it is only looked at.

    Raises:
        StoreError: One of the two cannot be used as it is.
        TaskHeldError: Somebody works on a task, and ``wait`` is off.
    """
    of, to = _url(source, there=True), _url(target, there=False)
    is_store = not URL_LIKE.match(target)
    if is_store and not dry_run:
        _make(Path(target))
    new = is_store and dry_run and not Path(to.removeprefix("sqlite:///")).is_file()
    before, after = open_catalogs(of, "sqlite://" if new else to)
    rows = to_be_copied(before, after)
    setting = str(Path(target).absolute()) if is_store else after.url
    if dry_run:
        return CatalogCopy(before.place, place_of(parsed_url(to)), rows, (), setting, is_store)
    catalog = SqlCatalog(of)
    with ExitStack() as holding:
        for task in _tasks(catalog):
            place = Place(this_process(), is_gone, now)
            holding.enter_context(held(task, catalog.leases, place, progress, wait=wait))
        mine = {lease.owner for task in _tasks(catalog) if (lease := catalog.leases.lease(task))}
        tables = tuple(copy_catalog(before, after, mine=mine, progress=progress))
    counted = {table.name: table.rows for table in tables}
    return CatalogCopy(before.place, after.place, counted, tables, setting, is_store)


def upgrade(site: Site, named: str | None = None, *, dry_run: bool = False) -> Upgrade:
    """Bring a catalog to the revision that this version writes, as the first command that writes would.

    Args:
        site: The project, whose catalog it is unless another one is named.
        named: A URL, or the folder of a store.
        dry_run: Whether it is only looked at.
    """
    url = _url(named, there=True) if named is not None else site.catalog_url
    connections = Connections(url)
    before = connections.revision
    if not dry_run and before != HEAD:
        connections.upgrade()
    return Upgrade(connections.place, before, HEAD, how_to_save(url, before))


def _tasks(catalog: SqlCatalog) -> list[str]:
    """Return the tasks that a catalog knows, and those that somebody works on."""
    known = {record.task for record in catalog.label_sets.records()} | set(catalog.leases.tasks())
    return sorted(known | {str(batch["task"]) for batch in catalog.gold.batches()})


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The store {folder} cannot be made: {error.strerror or error}.",
            remedy="name a folder in which you may write",
        ) from error


def _url(named: str, *, there: bool) -> str:
    """Return the URL of a catalog that is named by a URL, by the folder of a store, or by its file.

    Raises:
        SettingsError: There is none in the folder, or what is named is neither.
    """
    if "://" in named:
        return named
    if URL_LIKE.match(named):
        raise SettingsError(
            f"{named!r} is neither a URL nor a folder.", remedy="a URL has two slashes, as postgresql://USER@HOST/NAME"
        )
    path = Path(named).absolute()
    file = path if path.is_file() or path.name == FILE else path / FILE
    if there and not file.is_file():
        raise SettingsError(
            f"There is no catalog in {path}.", remedy="name the folder of a store, as .retrolabel, or a URL"
        )
    return f"sqlite:///{file}"
