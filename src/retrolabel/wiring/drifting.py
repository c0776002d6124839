"""Drift of a task: the store, and what the settings say, brought together."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.drift_accepted import subject_of
from retrolabel.analysis.drift_weeks import REFERENCE
from retrolabel.errors import InputError
from retrolabel.jobs.label_sets.accepting import KINDS, accepted_in, to_accept, to_reopen
from retrolabel.jobs.records.events import DRIFT, DRIFT_ACCEPTED
from retrolabel.wiring.site import now, who

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from retrolabel.analysis.drift import Drift
    from retrolabel.analysis.drift_accepted import Accepted
    from retrolabel.jobs.records.events import Event
    from retrolabel.wiring.site import Site

WEEK = 7


def drifted(
    site: Site, task: str, name: str = "current", *, window_days: int | None = None, until: date | None = None
) -> Drift:
    """Return what of the newest feedback of a label set is not as it was.

    Args:
        site: The project and its store.
        task: The task.
        name: The label set: its id, the beginning of it, a tag, ``current`` or ``latest``.
        window_days: The days of a window, whole weeks; else what the settings say.
        until: The first day that is not looked at; today (UTC), which is not over, if left out.

    Raises:
        InputError: The window is not of whole weeks.
        UnknownLabelSetError: There is no such label set.
    """
    from retrolabel.jobs.label_sets.drifting import Drifting  # slow to import, and status asks for nothing of it

    said = site.task_settings(task)
    days = said.drift_window_days if window_days is None else window_days
    if days < WEEK or days % WEEK:
        raise InputError(
            f"A window of {days} days is not of whole weeks, so its weekdays would differ from those before.",
            remedy=f"take {max(1, round(days / WEEK)) * WEEK} days",
        )
    catalog = site.catalog
    looking = Drifting(
        site.label_set(task, name),
        segments={segment.id: segment for segment in catalog.feedback.segments()},
        contracts=catalog.feedback.sources(),
        objects=site.objects,
        progress=site.progress,
    )
    day = int(np.datetime64(until or now().date(), "D").astype(np.int64))
    return looking.look(
        until=day, window=days // WEEK, false_alarms=said.drift_false_alarms, accepted=accepted_drift(site, task)
    )


def accepted_drift(site: Site, task: str) -> tuple[Accepted, ...]:
    """Return what people accepted as the new normal of a task's feedback, and did not take back."""
    return accepted_in(site.catalog.events.events(task, kinds=KINDS))


def told_drift(
    site: Site, task: str, window: timedelta, at: datetime
) -> tuple[list[tuple[str, str, float, float]], list[Accepted]]:
    """Return what scheduled looks told of the newest window, and what is accepted; nothing is looked at anew.

    Args:
        site: The project and its store.
        task: The task.
        window: How long a window is; an alarm stands until the window after its own is over.
        at: Now.

    Returns:
        Kind, what, share before and now of each alarm that nobody accepted since; and the acceptances that looks know.
    """
    events = site.catalog.events.events(task, kinds=(DRIFT, *KINDS))
    accepted = {each.subject: each for each in accepted_in(each for each in events if each.kind in KINDS)}
    said = {event.subject: place for place, event in enumerate(events) if event.kind == DRIFT_ACCEPTED}
    alarms = []
    for place, event in enumerate(events):
        if event.kind != DRIFT:
            continue
        began = date.fromisoformat(event.subject.partition("/")[0])
        kind, what = str(event.data["kind"]), str(event.data["what"])
        subject = subject_of(kind, what)
        answered = subject in accepted and said[subject] > place
        if at.date() < began + 2 * window and not answered:
            alarms.append((began, kind, what, float(event.data["before"]), float(event.data["now"])))
    newest = max((each[0] for each in alarms), default=None)
    known = (REFERENCE + 2) * window
    return (
        [each[1:] for each in alarms if each[0] == newest],
        [each for each in accepted.values() if at.date() < each.since + known],
    )


def accept_drift(  # noqa: PLR0913 - what is accepted, by whom, why, since when
    site: Site, task: str, found: Drift, asked: Sequence[str], *, why: str, since: date | None = None
) -> list[Event]:
    """Keep that alarms of a look are the new normal; return what was written.

    Args:
        site: The project and its store.
        task: The task.
        found: The look.
        asked: The subjects of alarms, or ``all``.
        why: Why.
        since: The day from which on it is normal; when each drift began, if left out.

    Raises:
        InputError: No reason is given; the look has no such alarm; the day is not within it.
    """
    told = to_accept(found, asked, task=task, since=since, who=who(), why=why, at=now())
    site.catalog.events.write(*told)
    return told


def reopen_drift(site: Site, task: str, asked: Sequence[str], *, why: str = "") -> list[Event]:
    """Take back that drifts are the new normal; return what was written.

    Args:
        site: The project and its store.
        task: The task.
        asked: Subjects that are accepted, or ``all``.
        why: Why.

    Raises:
        InputError: That is not accepted.
    """
    told = to_reopen(accepted_drift(site, task), asked, task=task, who=who(), why=why, at=now())
    site.catalog.events.write(*told)
    return told
