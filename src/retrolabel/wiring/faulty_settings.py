"""A project whose settings have a fault, opened as far as they can be read: for who asks how things stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from retrolabel.errors import SettingsError
from retrolabel.wiring.settings import FILES, Settings, find_project, store_path, written_in
from retrolabel.wiring.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from retrolabel.jobs.ports.progress import Progress

PLACES = ("store", "catalog", "objects")
"""Settings that say where things are: where one of them cannot be read, nothing can be looked at."""


def open_for_a_look(
    store: Path | None, *, progress: Progress, warn: Callable[[str], None]
) -> tuple[Workspace, SettingsError | None]:
    """Open the project that one stands in, and say what is wrong with its settings; what is wrong is left out.

    Args:
        store: The directory of the store, if it is not the project's.
        progress: Told how far long jobs are.
        warn: Told what went wrong without stopping anything.

    Raises:
        SettingsError: The settings cannot be read so far that the store is known.
    """
    try:
        return open_workspace(store=store, progress=progress, warn=warn), None
    except SettingsError as error:
        fault = error
    project = _project(Path.cwd())
    if project is None:
        raise fault
    settings, reads = _sound(project, fault)
    where = store_path(settings, project, store)
    if not (settings.catalog or (where / "catalog.db").is_file()):  # another place may be named in what cannot be read
        raise fault
    ws = Workspace(project, where, settings, progress=progress, warn=warn)
    so = "The rest is as if that were left out." if reads else f"The rest is of {where}, as without any settings."
    return ws, SettingsError(f"{fault.message} {so}", remedy=fault.remedy, problems=fault.problems)


def _project(start: Path) -> Path | None:
    """Return the nearest folder with settings, be they ever so faulty."""
    try:
        return find_project(start)
    except SettingsError:
        return next(
            (folder for folder in (start, *start.parents) if any((folder / name).is_file() for name in FILES)), None
        )


def _sound(project: Path, fault: SettingsError) -> tuple[Settings, bool]:
    """Return the settings of a project without those that are wrong, and whether anything of them could be read.

    Raises:
        SettingsError: What is wrong says where things are, or stands in the environment.
    """
    reads = True
    try:
        written: Mapping[str, Any] = written_in(project)[0]
    except SettingsError:  # it is no TOML: nothing of it is known
        written, reads = {}, False
    else:
        if not written:
            raise fault
    for _ in range(100):
        try:
            found = Settings(**written)
        except ValidationError as error:
            places = [each["loc"] for each in error.errors()]
            if any(str(place[0]) in PLACES for place in places):
                raise fault from None
            left = written
            for place in places:
                left = _without(left, [str(part) for part in place])
            if left == written:
                raise fault from None
            written = left
        else:
            return found.model_copy(update={"engine": "auto"}), reads
    raise fault


def _without(written: Mapping[str, Any], place: list[str]) -> Mapping[str, Any]:
    """Return settings without one; of a path that goes on below it, as pydantic counts, as far as there is one."""
    name, below = place[0], written.get(place[0])
    if name not in written:
        return written
    if len(place) > 1 and isinstance(below, dict) and place[1] in below:
        return {**written, name: _without(below, place[1:])}
    return {key: value for key, value in written.items() if key != name}
