"""Look for what is wrong with a project, its store and the installation; nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.discovery.project import PACKAGE
from retrolabel.errors import RetrolabelError
from retrolabel.wiring.examining.findings import Finding, broken, unwritable
from retrolabel.wiring.examining.installation import look_at_extras, look_at_installation
from retrolabel.wiring.examining.project import look_at_tasks
from retrolabel.wiring.examining.store import look_at_store
from retrolabel.wiring.site import now
from retrolabel.wiring.templates import SETTINGS
from retrolabel.wiring.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from retrolabel.jobs.records.tasks import FoundTask


def examine(start: Path, store: Path | None, *, clock: Callable[[], datetime] = now) -> list[Finding]:
    """Return what was found, in the order in which a person would look.

    Args:
        start: A folder in the project.
        store: The directory of the store, if it is not the project's.
        clock: The machine's clock.
    """
    return list(_look(start, store, clock))


def _look(start: Path, store: Path | None, clock: Callable[[], datetime]) -> Iterator[Finding]:
    yield from look_at_installation()
    try:
        ws = open_workspace(start, store=store)
    except RetrolabelError as error:
        yield from look_at_extras()
        if error.message.startswith("There is no project here") and (start / PACKAGE).is_dir():
            what = f"{start} has the folder {PACKAGE}, and no settings"
            yield Finding("broken", what, f'write the file {SETTINGS} beside it, with the line store = ".retrolabel"')
        else:
            yield broken(error)
        return
    yield from look_at_extras(ws)
    sound: list[FoundTask] = []
    if ws.project is None:
        yield Finding("note", "no project here, a store only", "to work on labeling functions: retrolabel init DIR")
    else:
        yield Finding("ok", f"project {ws.project}")
        yield from unwritable("the project", [ws.project])
        sound = yield from look_at_tasks(ws)
    yield from look_at_store(ws, sound, clock)
