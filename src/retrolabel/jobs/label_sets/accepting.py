"""Drift that people accept as the new normal, and take back: events of the catalog, with who, why and since when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from retrolabel.analysis.drift_accepted import Accepted
from retrolabel.errors import InputError, StoreError, did_you_mean
from retrolabel.jobs.records.events import DRIFT_ACCEPTED, DRIFT_REOPENED, Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from retrolabel.analysis.drift import Drift
    from retrolabel.analysis.drift_alarms import Alarm

ALL = "all"
"""What names every alarm of a look, or everything that is accepted."""
KINDS = (DRIFT_ACCEPTED, DRIFT_REOPENED)


def accepted_in(events: Iterable[Event]) -> tuple[Accepted, ...]:
    """Return what is accepted now.

    Args:
        events: The events of :data:`KINDS` of a task, oldest first; of one subject the newest counts.

    Raises:
        StoreError: One of them cannot be read.
    """
    found: dict[str, Accepted] = {}
    for event in events:
        try:
            subject = str(event.data["subject"])
            found.pop(subject, None)
            if event.kind == DRIFT_ACCEPTED:
                since = date.fromisoformat(str(event.data["since"]))
                found[subject] = Accepted(subject, since, str(event.data["who"]), str(event.data["why"]), event.at)
        except (KeyError, ValueError) as error:
            raise StoreError(
                f"Event {event.id} ({event.kind}) of {event.task} cannot be read.", remedy="retrolabel doctor"
            ) from error
    return tuple(found.values())


def to_accept(  # noqa: PLR0913 - what is accepted, by whom, why, since when
    found: Drift, asked: Sequence[str], *, task: str, since: date | None, who: str, why: str, at: datetime
) -> list[Event]:
    """Return the events that make alarms of a look the new normal.

    Args:
        found: The look.
        asked: What is accepted: the subjects of its alarms, or ``all``.
        task: The task.
        since: The day from which on it is normal; when each drift began, if left out.
        who: Who says so.
        why: Why.
        at: Now.

    Raises:
        InputError: No reason is given; the look has no such alarm; the day is not within it.
    """
    if not why.strip():
        raise InputError("A drift is accepted with a reason.", remedy='--reason "Aurora was launched"')
    if not found.alarms:
        window = f", from {found.start} to {found.end}" if found.start else ""
        raise InputError(
            f"There is no alarm of drift in {task}{window}: nothing can be accepted.",
            remedy=f"retrolabel drift {task} shows what is so",
        )
    by_subject: dict[str, list[Alarm]] = {}
    for alarm in found.alarms:
        by_subject.setdefault(alarm.subject, []).append(alarm)
    chosen = _named(asked, list(by_subject), f"no alarm of drift in {task}", "name one of those, or all")
    if since is not None and found.first and found.end and not found.first < since <= found.end:
        raise InputError(
            f"{since} is no day of this look, which is from {found.first} to {found.end}.",
            remedy="leave --from out: it is the day since which each drift is seen",
        )
    return [_accepted(task, name, by_subject[name], since, who, why.strip(), at) for name in chosen]


def to_reopen(  # noqa: PLR0913 - the same
    accepted: Sequence[Accepted], asked: Sequence[str], *, task: str, who: str, why: str, at: datetime
) -> list[Event]:
    """Return the events that take acceptances back.

    Args:
        accepted: What is accepted now.
        asked: What is taken back: subjects, or ``all``.
        task: The task.
        who: Who says so.
        why: Why; may be empty.
        at: Now.

    Raises:
        InputError: That is not accepted.
    """
    known = {each.subject: each for each in accepted}
    if not known:
        raise InputError(f"No drift of {task} is accepted.", remedy=f"retrolabel drift {task} shows what drifted")
    found = []
    for name in _named(asked, list(known), f"not accepted in {task}", "name one of those, or all"):
        said = f"Drift of {task} is no longer accepted: {name}, which was since {known[name].since}{_by(who, why)}."
        figures = {"subject": name, "since": str(known[name].since), "who": who, "why": why}
        found.append(Event(DRIFT_REOPENED, task, name, said, at, figures))
    return found


def _named(asked: Sequence[str], known: Sequence[str], what: str, remedy: str) -> list[str]:
    """Return the names that are meant.

    Raises:
        InputError: One is not known.
    """
    if ALL in asked:
        return list(known)
    for name in asked:
        if name not in known:
            raise InputError(
                f"{name!r} is {what}.{did_you_mean(name, known)} There is {', '.join(known)}.", remedy=remedy
            )
    return list(dict.fromkeys(asked))


def _accepted(  # noqa: PLR0913 - the same
    task: str, subject: str, alarms: Sequence[Alarm], since: date | None, who: str, why: str, at: datetime
) -> Event:
    began = since or min(date.fromisoformat(each.since) for each in alarms)
    shares = "; ".join(f"{each.what} {100 * each.before:.1f} % before, {100 * each.now:.1f} % since" for each in alarms)
    said = f"Drift of {task} is accepted as the new normal from {began} on: {subject} ({shares}){_by(who, why)}."
    names = ("kind", "what", "since", "before", "now", "p")
    figures = {
        "subject": subject,
        "since": str(began),
        "who": who,
        "why": why,
        "alarms": [{name: getattr(each, name) for name in names} for each in alarms],
    }
    return Event(DRIFT_ACCEPTED, task, subject, said, at, figures)


def _by(who: str, why: str) -> str:
    return f", by {who}: {why.rstrip('.')}" if why else f", by {who}"
