"""How tasks stand: what is current, what waits, what is stale or due, what failed, and what to type next.

Read from the catalog, from the manifests of two label sets and from the project's modules, which are imported as a plan
imports them; no labeling function is called, no item read. What is damaged is a line like all others.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.errors import RetrolabelError, SchemaError, StoreError
from retrolabel.masking import without_secrets
from retrolabel.wiring.site import now
from retrolabel.wiring.status_lines import PARTS
from retrolabel.wiring.status_values import BROKEN, NOTE, OK, TO_DO, About, Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from retrolabel.wiring.site import Site

DOCTOR = "retrolabel doctor"
OF_LABEL_SETS = ("current", "candidate", "items", "new gold", "age", "models")
"""Parts that speak of label sets."""


@dataclass(frozen=True)
class Status:
    """How a task stands.

    Attributes:
        task: The task.
        lines: What is so.
    """

    task: str
    lines: tuple[Line, ...]

    @property
    def next(self) -> str:
        """The one command to type next; nothing where all is well."""
        order = {BROKEN: 0, TO_DO: 1, NOTE: 2, OK: 3}
        asked = [each for each in sorted(self.lines, key=lambda line: order[line.state]) if each.command]
        return asked[0].command if asked else ""

    def any(self, state: str) -> bool:
        """Return whether there is a line of a state."""
        return any(each.state == state for each in self.lines)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"task": self.task, "lines": [asdict(each) for each in self.lines], "next": self.next}


def status(site: Site, tasks: Sequence[str], *, clock: Callable[[], datetime] = now) -> list[Status]:
    """Return how tasks stand.

    Args:
        site: The project and its store.
        tasks: The tasks.
        clock: The time.
    """
    return [Status(task, tuple(_lines(site, task, clock()))) for task in tasks]


def fault(what: str, error: Exception, task: str = "") -> Line:
    """Return the line that tells of something that cannot be read, with the command that helps.

    Args:
        what: What it is about.
        error: Why.
        task: The task.
    """
    helps = _helps(error, task)
    if isinstance(error, RetrolabelError):
        first = f" {error.problems[0]}" if error.problems else ""
        more = f", and {len(error.problems) - 1} more" if len(error.problems) > 1 else ""
        remedy = f" Fix: {error.remedy}" if error.remedy and not first and helps == DOCTOR else ""
        told = f"{error.message}{first}{more}{remedy}"
    elif isinstance(error, OSError):
        told = f"{error.filename or 'a file'} cannot be read: {error.strerror or error}"
    else:  # a row or a file that holds something else than was written
        told = f"it cannot be read: {type(error).__name__}: {error}"
    return Line(BROKEN, what, without_secrets(told), helps)


def _helps(error: Exception, task: str) -> str:
    """Return the command to type about an error."""
    if isinstance(error, SchemaError):
        return "retrolabel schema check"
    if isinstance(error, StoreError) and "--repair" in error.remedy:
        return f"retrolabel relabel {task} --repair"
    return DOCTOR


def _lines(site: Site, task: str, at: datetime) -> Iterator[Line]:
    """Yield what there is to say of a task; what cannot be read is a line of its own, once, and stops no other."""
    try:
        about = About.asked(site, task, at)
    except (RetrolabelError, OSError) as error:
        yield fault("current", error, task)
        about = About(site, task, at, None, None)
        parts = {name: part for name, part in PARTS.items() if name not in OF_LABEL_SETS}
    else:
        parts = PARTS
    told: set[str] = set()
    for name, part in parts.items():
        try:
            yield from part(about)
        except Exception as error:  # noqa: BLE001 - whatever is damaged, the rest is told
            line = fault(name, error, task)
            if line.told not in told:
                yield line
            told.add(line.told)


def tasks_of(site: Site) -> list[str]:
    """Return the tasks of a project, and those that the store alone knows; what cannot be read knows none."""
    known: set[str] = set()
    with suppress(RetrolabelError, OSError):  # a store without a project
        known |= set(site.tasks())
    with suppress(RetrolabelError):  # each task tells of it
        known |= {each.task for each in site.catalog.label_sets.records()}
    return sorted(known)
