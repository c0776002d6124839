"""How each person's answers compare with what is known, how long they take, and whether they changed."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from statistics import NormalDist, median
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, did_you_mean
from retrolabel.gold.agreement import NOTHING, wilson
from retrolabel.gold.handling_time import FEWEST_FOR_INTERVAL, HandlingTime, common_spread, gaps, handling_time
from retrolabel.gold.pooling import needed_for, pooled_shares
from retrolabel.gold.two_shares import difference_of_shares
from retrolabel.jobs.gold.people.figures import Drift, PeopleFigures, PersonFigures, SaidFor, Share
from retrolabel.jobs.gold.people.judging import Judged, Read, judged, read_answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrolabel.gold.agreement import Estimate
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.gold.projection import Readings
    from retrolabel.jobs.records.gold import Answer
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

LEAST_RANKED = 30
"""Nobody with fewer judged answers is said to stand apart from others."""
LEAST_IN_HALF = 20
"""Each half of a person's judged answers has so many, or nothing is said of a change."""
HALF_WIDTH = 0.1
"""An interval of ten points to each side says something."""
FEWEST_TOGETHER = 3
"""Of fewer people the figure of all says to each what the other's is."""
ERROR = 0.05
NORMAL = NormalDist()


def figures_of_people(  # noqa: PLR0913 - whose answers, and how they are read and adjudicated
    answers: Sequence[Answer],
    *,
    task: str,
    schema: LabelSchema,
    history: History,
    readings: Readings,
    how: Adjudication,
    as_: str | None = None,
) -> PeopleFigures:
    """Return what is known of each person's answers.

    Args:
        answers: All answers of the task, in the order in which they came.
        task: The task.
        schema: The version to read them in.
        history: The versions of the task.
        readings: What an answer says in the version.
        how: How people who differ are adjudicated.
        as_: Whose figures are asked for: their own, and the mean of all; everybody's if left out.

    Raises:
        GoldError: Nobody answered, or nobody of that name.
    """
    read = read_answers(answers, history, schema, readings)
    everybody = read.people()
    if not everybody:
        raise GoldError(
            f"Nobody's answers to {task} say one label in {schema.version}; test gold says nothing of people.",
            remedy=f"retrolabel gold import {task} FILE --role calibration --annotator COLUMN",
        )
    if as_ is not None and as_ not in everybody:
        raise GoldError(
            f"Nobody called {as_!r} answered {task}.{did_you_mean(as_, everybody)}",
            remedy="name yourself as your answers do: the column of names of the file that was imported",
        )
    by_person: dict[str, list[Judged]] = defaultdict(list)
    for each in judged(read, how):
        by_person[each.person].append(each)
    pooled = pooled_shares(
        [sum(each.right for each in by_person[person]) for person in everybody],
        [len(by_person[person]) for person in everybody],
    )
    all_of = dict(zip(everybody, pooled, strict=True))
    times = _times({person: _seconds(read, person) for person in everybody})
    looked_at = sum(_halves(by_person[person]) is not None for person in everybody)
    found = [
        _figures(person, read, by_person[person], all_of[person], times[person], looked_at)
        for person in everybody
        if as_ in (None, person)
    ]
    hidden = as_ is not None and sum(map(bool, by_person.values())) < FEWEST_TOGETHER
    medians = [time.median for time, _ in times.values() if time is not None]
    return PeopleFigures(
        task=task,
        version=schema.version,
        people=tuple(found),
        as_=as_,
        everybody=None if hidden else _share([each for mine in by_person.values() for each in mine]),
        count=len(everybody),
        apart=tuple(_apart(found)),
        median_time=median(medians) if medians and not hidden else None,
        open=read.open,
        notes=tuple(_notes(read, by_person, how)),
    )


def _figures(  # noqa: PLR0913 - what is known of a person
    person: str,
    read: Read,
    mine: Sequence[Judged],
    pooled: Estimate,
    time: tuple[HandlingTime | None, str],
    looked_at: int,
) -> PersonFigures:
    every = _share(mine)
    share = every.share.value if every.share.value is not None else pooled.value or 0.5
    return PersonFigures(
        person,
        sum(person in said for side in (read.said, read.checks) for said in side.values()),
        _share([each for each in mine if each.honeypot]),
        _share([each for each in mine if not each.honeypot]),
        every,
        pooled,
        max(0, needed_for(min(max(share, HALF_WIDTH), 1 - HALF_WIDTH), HALF_WIDTH) - every.of),
        tuple(_said_for(mine)),
        *time,
        _drift(mine, looked_at),
    )


def _share(mine: Sequence[Judged]) -> Share:
    right = sum(each.right for each in mine)
    return Share(right, len(mine), wilson(right, len(mine)))


def _said_for(mine: Sequence[Judged]) -> Iterable[SaidFor]:
    """Yield what a person says where another label is known, most often first."""
    known = Counter(each.known for each in mine)
    wrong = Counter((each.known, each.said) for each in mine if not each.right)
    for (label, said), times in sorted(wrong.items(), key=lambda row: (-row[1], row[0])):
        yield SaidFor(label, said, times, Share(times, known[label], wilson(times, known[label])))


def _seconds(read: Read, person: str) -> tuple[list[float], str]:
    """Return how long each of a person's answers took: as it came in, else the gaps between answers."""
    answers = [said[person][0] for side in (read.said, read.checks) for said in side.values() if person in said]
    seconds = [each.seconds for each in answers if each.seconds is not None]
    if len(seconds) >= FEWEST_FOR_INTERVAL:
        return seconds, "seconds"
    found = gaps([each.label.labelled_at.timestamp() for each in answers if each.label.labelled_at is not None])
    return (found, "gaps") if len(found) >= FEWEST_FOR_INTERVAL else ([], "")


def _times(people: Mapping[str, tuple[list[float], str]]) -> dict[str, tuple[HandlingTime | None, str]]:
    """Return how long each person takes; who answered little has breaks that are told by the spread of all."""
    spread = {by: common_spread(each for each, how in people.values() if how == by) for by in ("seconds", "gaps")}
    return {person: (handling_time(each, spread.get(by)), by) for person, (each, by) in people.items()}


def _halves(mine: Sequence[Judged]) -> tuple[list[Judged], list[Judged]] | None:
    """Return a person's judged answers of before a time and from then on, as near to halves as times allow."""
    timed = sorted((each for each in mine if each.at is not None), key=lambda each: each.at)  # type: ignore[arg-type,return-value]  # not None
    cuts = [place for place in range(1, len(timed)) if timed[place - 1].at != timed[place].at]
    if not cuts:
        return None
    cut = min(cuts, key=lambda place: abs(2 * place - len(timed)))
    return (timed[:cut], timed[cut:]) if min(cut, len(timed) - cut) >= LEAST_IN_HALF else None


def _drift(mine: Sequence[Judged], looked_at: int) -> Drift:
    halves = _halves(mine)
    if halves is None:
        nothing = Share(0, 0, NOTHING)
        return Drift(
            nothing, nothing, NOTHING, f"each half needs {LEAST_IN_HALF} judged answers with times of their own"
        )
    first, second = map(_share, halves)
    z = NORMAL.inv_cdf(1 - ERROR / (2 * max(looked_at, 1)))
    one, other = (wilson(each.right, each.of, z=z) for each in (first, second))
    return Drift(first, second, difference_of_shares(one, other))


def _apart(found: Sequence[PersonFigures]) -> Iterable[tuple[str, str]]:
    """Yield two people each whose intervals part, by themselves and pooled; nobody who answered little."""
    enough = [each for each in found if each.judged.of >= LEAST_RANKED]
    for one in enough:
        for other in enough:
            sides = ((one.judged.share, other.judged.share), (one.pooled, other.pooled))
            if all(_low(higher) > _high(lower) for higher, lower in sides):
                yield one.person, other.person


def _low(found: Estimate) -> float:
    return math.nan if found.low is None else found.low


def _high(found: Estimate) -> float:
    return math.nan if found.high is None else found.high


def _notes(read: Read, by_person: Mapping[str, Sequence[Judged]], how: Adjudication) -> Iterable[str]:
    """Yield what cannot be said, and why."""
    people = read.people()
    if not any(by_person.values()):
        yield (
            f"nothing to judge by: {len(people)} {'person' if len(people) == 1 else 'people'} answered, and a label "
            "without one's own answer takes two others, an adjudicator, or honeypots"
        )
    elif not any(each.honeypot for mine in by_person.values() for each in mine):
        yield (
            "judged by what the others say, which is not the truth where the others err in the same way; honeypots, "
            "whose label is known, say more (gold calibrate)"
        )
    if how.model is not None:
        yield "adjudicated by the majority of the others here, not by Dawid-Skene"
