"""Whether the people of a task agree less than they did: looked at as gold comes in, each night, and by ``status``.

Where people answer week by week, the charts of the series tell; of all other answers, those of the newest 30 days are
held against those before. One kind of event for both, and what one told of the other does not tell again.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, RetrolabelError
from retrolabel.jobs.records.events import GOLD_ALARM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from retrolabel.jobs.gold.series.records import AgreementSeries
    from retrolabel.jobs.gold.watching import Watched
    from retrolabel.jobs.records.events import Event
    from retrolabel.wiring.site import Site


def charted(site: Site, task: str) -> AgreementSeries | None:
    """Return the series that charts watch; ``None`` where there are too few periods for that.

    Args:
        site: The project and its store.
        task: The task.

    Raises:
        DiscoveryError: Its schema cannot be read.
    """
    from retrolabel.jobs.gold.series.telling import watches
    from retrolabel.wiring.series_of_task import series_of

    try:
        found = series_of(site, task)
    except GoldError:  # nobody shares an item in a period
        return None
    return found if watches(found) else None


def watched(site: Site, task: str, series: AgreementSeries | None) -> Watched | None:
    """Return how far the people of a task agree, beside before; ``None`` where nothing can be compared.

    Args:
        site: The project and its store.
        task: The task.
        series: What charts watch, and is left to them.

    Raises:
        DiscoveryError: Its schema cannot be read.
    """
    from retrolabel.jobs.gold.watching import watched as look

    book = site.catalog.gold
    answers = book.answers(task)
    if not answers:
        return None
    return look(
        answers,
        task=task,
        history=site.history(task),
        feedback=site.catalog.feedback,
        draws=book.draws(task),
        without=(series.source, series.role) if series else None,
    )


def agreeing_less(site: Site, task: str) -> tuple[str, str] | None:
    """Return what there is to say of people who agree less now, and the command to type next; ``None`` where nothing.

    Args:
        site: The project and its store.
        task: The task.

    Raises:
        DiscoveryError: Its schema cannot be read.
    """
    from retrolabel.jobs.gold.series import telling
    from retrolabel.jobs.gold.watching import said_of

    series = charted(site, task)
    if series is not None and series.alarm is not None:
        return telling.said_of(task, series.alarm), f"retrolabel gold series {task}"
    found = watched(site, task, series)
    if found is not None and found.change.fell:
        return said_of(found), f"retrolabel gold agreement {task} --to {found.version}"
    return None


def alarm(site: Site, task: str, at: datetime) -> Event | None:
    """Return what others are to be told of the agreement of people; ``None`` where nothing is to be told.

    What goes wrong is a warning: gold is taken in all the same.

    Args:
        site: The project and its store.
        task: The task.
        at: Now.
    """
    from retrolabel.jobs.gold.series.telling import series_alarm
    from retrolabel.jobs.gold.watching import gold_alarm

    try:
        last, series = last_alarm(site, task), charted(site, task)
        told = series_alarm(series, last, at) if series is not None else None
        return told or gold_alarm(watched(site, task, series), last, at)
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
