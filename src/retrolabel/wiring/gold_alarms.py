"""Whether the people of a task agree less than they did: looked at as gold comes in, each night, and by ``status``."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from retrolabel.errors import RetrolabelError
from retrolabel.jobs.records.events import GOLD_ALARM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from retrolabel.jobs.gold.watching import Watched
    from retrolabel.jobs.records.events import Event
    from retrolabel.wiring.site import Site


def watched(site: Site, task: str) -> Watched | None:
    """Return how far the people of a task agree, beside before; ``None`` where nothing can be compared.

    Args:
        site: The project and its store.
        task: The task.

    Raises:
        DiscoveryError: Its schema cannot be read.
    """
    from retrolabel.jobs.gold.watching import watched as look

    book = site.catalog.gold
    answers = book.answers(task)
    if not answers:
        return None
    return look(answers, task=task, history=site.history(task), feedback=site.catalog.feedback, draws=book.draws(task))


def alarm(site: Site, task: str, at: datetime) -> Event | None:
    """Return what others are to be told of the agreement of people; ``None`` where nothing is to be told.

    What goes wrong is a warning: gold is taken in all the same.

    Args:
        site: The project and its store.
        task: The task.
        at: Now.
    """
    from retrolabel.jobs.gold.watching import gold_alarm

    try:
        return gold_alarm(watched(site, task), last_alarm(site, task), at)
    except RetrolabelError as error:
        site.warn(f"Nobody can tell whether people agree less on {task}: {error.message}")
        return None


def last_alarm(site: Site, task: str) -> Event | None:
    """Return what was told last of the agreement of people; ``None`` where that is nothing."""
    return next(iter(site.catalog.events.events(task, kinds=(GOLD_ALARM,), most=1)), None)


class Watch:
    """Looks at the agreement of people as gold is taken in, and writes the alarm in the same transaction.

    Args:
        site: The project and its store.
        task: The task.
        at: Now.

    Attributes:
        told: What others are told; ``None`` where that is nothing.
    """

    def __init__(self, site: Site, task: str, at: datetime) -> None:
        self._site, self._task, self._at = site, task, at
        self.told: Event | None = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Let what is taken in inside become real together with what is told of it."""
        catalog = self._site.catalog
        with catalog.transaction():
            yield
            found = alarm(self._site, self._task, self._at)
            if found is not None and catalog.events.write(found):
                self.told = found
