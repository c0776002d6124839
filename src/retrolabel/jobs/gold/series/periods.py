"""Which answers make which period: rounds, weeks or months; and where a change of meaning begins a new stretch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.adjudication import standing
from retrolabel.gold.series.scores import Asked
from retrolabel.jobs.gold.reading import Reader, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.projection import Readings
    from retrolabel.jobs.gold.reading import ReadAnswer
    from retrolabel.jobs.records.gold import Answer, Batch, Key
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

ROLES = ("calibration", "dev")
"""Roles that a series may be of: nobody is told anything of test gold, and of honeypots the answer is known."""
ENOUGH = 2
"""So many people make agreement."""
FOR_A_SERIES = 50
"""So many answered items of the calibration set are a series; with fewer, dev gold may be one."""
BY = ("round", "week", "month")
Kind = tuple[str, str, str]
"""Source, role and design of items: what can be compared over time."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and when it was given; when it came, where nobody knows or a clock was ahead."""

    label: HumanLabel
    at: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """The answers of one period on the items that two people or more gave one label each.

    Attributes:
        name: ``round 7``, ``2026-W03`` or ``2026-03``.
        since: When the first answer was given.
        until: When the last one was.
        asked: What was said; people and items as the stretch numbers them.
    """

    name: str
    since: datetime
    until: datetime
    asked: Asked


@dataclass(frozen=True, slots=True)
class Stretch:
    """Periods without a change of meaning between them.

    Attributes:
        version: The version that its answers are read in: the newest of ``versions``.
        versions: The versions that people answered under, oldest first: they ask the same.
        values: The labels.
        level: ``nominal`` or ``ordinal``.
        people: Who answered.
        items: The items, (source, item id).
        periods: The periods, oldest first.
    """

    version: str
    versions: tuple[str, ...]
    values: tuple[str, ...]
    level: str
    people: tuple[str, ...]
    items: tuple[Key, ...]
    periods: tuple[Period, ...]


def said_of(answers: Iterable[Answer], known: Mapping[str, LabelSchema]) -> list[Said]:
    """Return the answers that a series may be of; what a person took back was never said.

    Args:
        answers: All answers of a task, in the order in which they came.
        known: The versions that can be read.
    """
    kept: dict[tuple[str, str, str, str], list[Said]] = {}
    for label, came in ((each.label, each.imported_at) for each in answers):
        if label.role not in ROLES or label.schema_version not in known or came is None:
            continue
        of = (label.source, label.item_id, label.annotator, label.schema_version)
        if label.label:
            kept.setdefault(of, []).append(Said(label, min(label.labelled_at or came, came)))
        else:
            kept.pop(of, None)
    return [each for found in kept.values() for each in found]


def kinds_of(said: Sequence[Said], draws: Mapping[int, Batch]) -> dict[Kind, list[Said]]:
    """Return source, role and design -> the answers on such items, those first of which a series can be made best.

    The items of a round are one kind however they were drawn: each round asks for the same parts.
    """
    found: dict[Kind, list[Said]] = {}
    for each in said:
        label = each.label
        draw = draws.get(label.batch) if label.batch is not None else None
        design = "rounds" if label.round is not None else draw.design if draw else label.sampling
        found.setdefault((label.source, label.role, design), []).append(each)
    many = {kind: _answered(each) for kind, each in found.items()}
    order = sorted(found, key=lambda kind: (-(kind[1] == ROLES[0] and many[kind] >= FOR_A_SERIES), -many[kind], kind))
    return {kind: found[kind] for kind in order}


def _answered(said: Sequence[Said]) -> int:
    """Return how many items have answers of two people, each week for itself."""
    people: dict[tuple[str, str], set[str]] = {}
    for each in said:
        people.setdefault((period_of(each, "week"), each.label.item_id), set()).add(each.label.annotator)
    return sum(len(each) >= ENOUGH for each in people.values())


def period_of(said: Said, by: str) -> str:
    """Return the name of the period of an answer.

    Args:
        said: The answer.
        by: ``round``: the round that asked for it, and where none did its week; ``week`` of the ISO calendar, or
            ``month``; both UTC.
    """
    if by == "round" and said.label.round is not None:
        return f"round {said.label.round}"
    if by == "month":
        return f"{said.at:%Y-%m}"
    year, week, _ = said.at.isocalendar()
    return f"{year}-W{week:02d}"


def stretches_of(
    said: Sequence[Said], by: str, history: History, read: Callable[[str], Readings]
) -> tuple[Stretch, ...]:
    """Return the stretches of a series, oldest first.

    Args:
        said: Answers on items of one kind.
        by: ``round``, ``week`` or ``month``.
        history: The versions of the task.
        read: A version -> the readings of answers in it.
    """
    used = sorted({each.label.schema_version for each in said}, key=order)
    found: list[Stretch] = []
    while used:
        schema = history[used[-1]]
        reader = Reader(schema, history, read(schema.version))
        same = [used[-1]]
        for version in reversed(used[:-1]):
            if not reader.asks_the_same(version):
                break
            same.insert(0, version)
        used = used[: -len(same)]
        mine = [each for each in said if each.label.schema_version in same]
        stretch = _stretch(mine, by, reader, tuple(same))
        if stretch.periods:
            found.insert(0, stretch)
    return tuple(found)


def order(version: str) -> tuple[int, ...]:
    """Return what sorts versions."""
    return tuple(int(part) for part in version.split("."))


def _stretch(said: Sequence[Said], by: str, reader: Reader, versions: tuple[str, ...]) -> Stretch:
    grouped: dict[str, list[Said]] = {}
    for each in said:
        grouped.setdefault(period_of(each, by), []).append(each)
    values = in_order(reader.schema)
    read = {name: _read(each, reader) for name, each in grouped.items()}
    people = sorted({answer.label.annotator for found in read.values() for answer in found})
    items = sorted({answer.key for found in read.values() for answer in found})
    who, item = ({each: place for place, each in enumerate(names)} for names in (people, items))
    label = {each: place for place, each in enumerate(values)}
    periods = []
    for name, answers in sorted(read.items(), key=lambda each: min(answer.at for answer in grouped[each[0]])):
        if not answers:
            continue
        there = sorted({item[answer.key] for answer in answers})
        column = {each: place for place, each in enumerate(there)}
        codes = np.full((len(people), len(there)), -1, np.int32)
        for answer in answers:
            codes[who[answer.label.annotator], column[item[answer.key]]] = label[next(iter(answer.leaves))]
        times = [each.at for each in grouped[name]]
        periods.append(Period(name, min(times), max(times), Asked(codes, np.array(there, np.int64))))
    level = "ordinal" if reader.schema.scale == "ordinal" else "nominal"
    return Stretch(reader.schema.version, versions, values, level, tuple(people), tuple(items), tuple(periods))


def _read(said: Sequence[Said], reader: Reader) -> list[ReadAnswer]:
    """Return the answers of one period that count: one of each person, on items of which two people said one label."""
    found = [each for each in reader.counted(standing(each.label for each in said))[0] if each.counts]
    people = Counter(each.key for each in found)
    several = {each.key for each in found if len(each.leaves) > 1}
    return [each for each in found if people[each.key] >= ENOUGH and each.key not in several]
