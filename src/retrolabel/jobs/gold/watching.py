"""Whether the people of a task agree less than they did: what is told of it, once.

Compared are answers that can be: on items of one source that were drawn alike and for one role, read in the version
that people answer under now, and given under versions that asked the same, or finer. So a change of meaning starts
anew; a merge or another display does not. Test gold is left out. What control charts watch already
(:mod:`retrolabel.jobs.gold.series`) is left to them, so that a fall is told of once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from retrolabel.gold.adjudication import standing
from retrolabel.gold.confusions import most_confused
from retrolabel.gold.falling import Change, change_of_agreement
from retrolabel.jobs.gold.reading import Reader, as_ratings, in_order
from retrolabel.jobs.gold.resolving import read_in
from retrolabel.jobs.records.events import GOLD_ALARM, Event, once

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.coding import Ratings
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.reading import ReadAnswer
    from retrolabel.jobs.records.gold import Answer, Batch
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

WINDOW = timedelta(days=30)
"""Answers of so long a time, up to the newest one, are the newest."""
ROLES = ("dev", "calibration")
"""Roles whose answers are watched: nobody is told anything of test gold, and of honeypots the answer is known."""
ENOUGH = 2
"""So many people make agreement."""


@dataclass(frozen=True)
class Watched:
    """How far the people of a task agree, and how far they did before.

    Attributes:
        task: The task.
        version: The version that the answers are read in.
        of: Source, role and design of the items.
        since: When the first of the newest answers was given.
        until: When the last one was.
        answers: How many answers of the task there are, of whatever kind: the state of its gold.
        change: The two figures, and their difference.
        pair: The two labels between which people differ on the most items now; ``None`` where they differ on none.
        differ: On how many.
        people: How many people gave the newest answers.
        newcomers: How many of them gave none before.
        people_before: How many gave those before.
    """

    task: str
    version: str
    of: tuple[str, str, str]
    since: datetime
    until: datetime
    answers: int
    change: Change
    pair: tuple[str, str] | None
    differ: int
    people: int
    newcomers: int
    people_before: int


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer, and when it was given; when it came, where nobody knows or a clock was ahead."""

    label: HumanLabel
    at: datetime


def watched(  # noqa: PLR0913 - whose answers, and how they are read
    answers: Sequence[Answer],
    *,
    task: str,
    history: History,
    feedback: FeedbackBook,
    draws: Mapping[int, Batch],
    without: tuple[str, str] | None = None,
) -> Watched | None:
    """Return how far people agree by their newest answers, beside those before; ``None`` where nothing can be compared.

    The newest answers are those of 30 days; where these or those before are too few, those on the items of the newest
    batch.

    Args:
        answers: All answers of the task, in the order in which they came.
        task: The task.
        history: Its versions.
        feedback: What the texts of the items are now.
        draws: The batches of the task.
        without: Source and role of answers that somebody else watches.
    """
    known = {each.version: each for each in history if each.scale != "multilabel"}
    said = [each for each in _said(answers, known) if (each.label.source, each.label.role) != without]
    for before, now in _parted(said):
        schema = known[max((each.label.schema_version for each in now), key=_order)]
        readings = read_in(history, schema.version, [each.label for each in said], feedback)
        reader = Reader(schema, history, readings)
        parts = [_by_kind(each, reader, draws) for each in (now, before)]
        level = "ordinal" if schema.scale == "ordinal" else "nominal"
        shared = sorted(parts[0].keys() & parts[1].keys(), key=lambda of: (-min(len(part[of]) for part in parts), of))
        for of in shared:
            mine, earlier = (_ratings(part[of], schema) for part in parts)
            change = change_of_agreement(mine, earlier, level)
            if not change.why:
                return _told(task, schema.version, of, now, len(answers), (mine, earlier), change)
    return None


def _said(answers: Sequence[Answer], known: Mapping[str, LabelSchema]) -> Iterator[_Said]:
    for answer in answers:
        label, came = answer.label, answer.imported_at
        if label.role in ROLES and label.schema_version in known and came is not None:
            yield _Said(label, min(label.labelled_at or came, came))


def _parted(said: Sequence[_Said]) -> Iterator[tuple[list[_Said], list[_Said]]]:
    """Yield the answers before and the newest ones: by time, then by batch."""
    newest = max((each.at for each in said), default=None)
    if newest is None:
        return
    start = newest - WINDOW
    yield [each for each in said if each.at <= start], [each for each in said if each.at > start]
    batch = max((each.label.batch for each in said if each.label.batch is not None), default=None)
    if batch is not None:
        yield [e for e in said if e.label.batch != batch], [e for e in said if e.label.batch == batch]


def _by_kind(
    said: Sequence[_Said], reader: Reader, draws: Mapping[int, Batch]
) -> dict[tuple[str, str, str], dict[tuple[str, str], list[ReadAnswer]]]:
    """Return source, role and design -> the items on which two people or more gave one label each -> their answers.

    What somebody changed later was said before all the same: each side knows its own answers alone.
    """
    labels = standing(each.label for each in said)
    found: dict[tuple[str, str], list[ReadAnswer]] = {}
    same = {version for version in {each.schema_version for each in labels} if reader.asks_the_same(version)}
    for answer in reader.counted([each for each in labels if each.schema_version in same])[0]:
        if answer.counts:
            found.setdefault(answer.key, []).append(answer)
    kinds: dict[tuple[str, str, str], dict[tuple[str, str], list[ReadAnswer]]] = {}
    for key, each in found.items():
        if len(each) >= ENOUGH and all(len(answer.leaves) == 1 for answer in each):
            label = each[0].label
            draw = draws.get(label.batch) if label.batch is not None else None
            kinds.setdefault((label.source, label.role, draw.design if draw else label.sampling), {})[key] = each
    return kinds


def _ratings(items: Mapping[tuple[str, str], Sequence[ReadAnswer]], schema: LabelSchema) -> Ratings:
    answers = [answer for each in items.values() for answer in each]
    return as_ratings(answers, [next(iter(each.leaves)) for each in answers], in_order(schema))


def _told(  # noqa: PLR0913 - what was compared
    task: str,
    version: str,
    of: tuple[str, str, str],
    now: Sequence[_Said],
    answers: int,
    ratings: Sequence[Ratings],
    change: Change,
) -> Watched:
    pairs = most_confused(ratings[0], most=1, draws=0)
    people, before = (set(each.people) for each in ratings)
    times = [each.at for each in now]
    return Watched(
        task,
        version,
        of,
        min(times),
        max(times),
        answers,
        change,
        (str(pairs[0].labels[0]), str(pairs[0].labels[1])) if pairs else None,
        pairs[0].differ if pairs else 0,
        len(people),
        len(people - before),
        len(before),
    )


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def gold_alarm(found: Watched | None, last: Event | None, at: datetime) -> Event | None:
    """Return what is told where people agree less, once for a state of gold; ``None`` where they do not.

    It is told again when newer answers alone say so: those that were told of do not count a second time.

    Args:
        found: How far people agree now and did before.
        last: What was told of the task last.
        at: Now.
    """
    if found is None or not found.change.fell:
        return None
    if last is not None and last.subject == found.version and _until(last) >= found.since:
        return None
    key = once(GOLD_ALARM, found.task, found.version, str(found.answers))
    return Event(GOLD_ALARM, found.task, found.version, said_of(found), at, _figures(found), key)


def _until(event: Event) -> datetime:
    """Return when the last of the answers that were told of was given."""
    return datetime.fromisoformat(str(event.data["until"]))


def said_of(found: Watched) -> str:
    """Return in a sentence or two how far people agree now, and did before. Nobody is named.

    Args:
        found: The figures.
    """
    now, before, change = found.change.now, found.change.before, found.change
    said = (
        f"People agree less on {found.task} {found.version} than before: alpha {now.value:.2f} on the newest"
        f" {now.n:,} items, after {before.value:.2f} on {before.n:,} (difference {change.by:.2f}, 95 %"
        f" {change.low:.2f} to {change.high:.2f})."
    )
    if found.pair is not None:
        said += f" They differ most between {found.pair[0]} and {found.pair[1]}, on {found.differ:,} items."
    return f"{said} It is a signal about the spec, not about a person."


def _figures(found: Watched) -> dict[str, object]:
    change = found.change
    return {
        "alpha": change.now.as_dict(),
        "alpha_before": change.before.as_dict(),
        "difference": {"value": change.by, "low": change.low, "high": change.high},
        "pair": list(found.pair or ()),
        "pair_items": found.differ,
        "people": found.people,
        "newcomers": found.newcomers,
        "people_before": found.people_before,
        **dict(zip(("source", "role", "design"), found.of, strict=True)),
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "answers": found.answers,
        "next": f"retrolabel gold agreement {found.task} --to {found.version}",
    }
