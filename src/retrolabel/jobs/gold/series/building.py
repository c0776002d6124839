"""From the answers of people to a series: the figures of each period, its charts, and the alarms of these."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import GoldError, did_you_mean
from retrolabel.gold.series.charting import LEAST, charted
from retrolabel.gold.series.control_charts import LIMIT, H, h_of_many
from retrolabel.gold.series.figures import DRAWS, figures_of
from retrolabel.gold.series.scores import Score, nominal, of_two, ordinal
from retrolabel.jobs.gold.resolving import read_in
from retrolabel.jobs.gold.series.falls import alarms_of
from retrolabel.jobs.gold.series.periods import BY, kinds_of, said_of, stretches_of
from retrolabel.jobs.gold.series.records import ALL, PAIR, PERSON, AgreementSeries, Chart, Part, PeriodFigures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.gold.series.figures import Figures
    from retrolabel.gold.series.scores import Asked
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.series.periods import Kind, Period, Stretch
    from retrolabel.jobs.records.gold import Answer, Batch
    from retrolabel.schema.history import History

PAIR_LIMIT = 4.0
"""Where a point of one of several pairs signals alone: about as often by chance, all pairs together, as one at 3.5."""
CROWD = 30
"""Of more people than these, nobody has a chart or a figure of their own."""


def agreement_series(  # noqa: PLR0913 - whose answers, and how they are read
    answers: Sequence[Answer],
    *,
    task: str,
    history: History,
    feedback: FeedbackBook,
    draws: Mapping[int, Batch],
    by: str = "round",
    source: str | None = None,
    role: str | None = None,
    intervals: int = DRAWS,
) -> AgreementSeries:
    """Return how far people agree, period by period, with charts that watch it.

    A series is of items of one source, one role and one design, since items that were drawn otherwise are easier or
    harder. Of several the calibration set is taken, else the kind with the most answered items.

    Args:
        answers: All answers of the task, in the order in which they came.
        task: The task.
        history: Its versions.
        feedback: What the texts of the items are now.
        draws: The batches of the task.
        by: ``round``, ``week`` or ``month``.
        source: Answers on one source.
        role: Answers of one role, ``calibration`` or ``dev``.
        intervals: Resamples of each interval; 0 leaves the intervals out.

    Raises:
        GoldError: There are no such answers, or no item has answers of two people in one period.
    """
    if by not in BY:
        raise GoldError(f"A series is by {', '.join(BY)}, not by {by!r}.{did_you_mean(by, BY)}")
    known = {each.version: each for each in history if each.scale != "multilabel"}
    said = said_of(answers, known)
    kinds = {
        kind: each
        for kind, each in kinds_of(said, draws).items()
        if source in (None, kind[0]) and role in (None, kind[1])
    }
    labels = [each.label for each in said]
    for kind, mine in kinds.items():
        stretches = stretches_of(mine, by, history, lambda version: read_in(history, version, labels, feedback))
        if stretches:
            parts = tuple(_part(each, intervals, last=each is stretches[-1]) for each in stretches)
            notes = _notes(kinds, kind, many=len(known) < len(list(history)))
            return AgreementSeries(task=task, source=kind[0], role=kind[1], by=by, parts=parts, notes=notes)
    raise _nothing(answers, task, source, role, many=not known)


def _nothing(answers: Sequence[Answer], task: str, source: str | None, role: str | None, *, many: bool) -> GoldError:
    of = "".join(f" of {word}" for word in (role, source) if word)
    if many:
        return GoldError(f"{task} lets an item have several labels; agreement over time of these is not measured yet.")
    taking = f"retrolabel gold import {task} FILE --source NAME --role calibration --annotator COLUMN --time COLUMN"
    what = "has answers of two people in one period" if answers else "was answered by anybody"
    return GoldError(
        f"No item{of} of {task} {what}, so there is no series.",
        remedy=f"let two people or more answer the same items each week: {taking}",
    )


def _notes(kinds: Mapping[Kind, Sequence[object]], kind: Kind, *, many: bool) -> tuple[str, ...]:
    others = [f"{source}, {role}, {design} ({len(each):,})" for (source, role, design), each in kinds.items()]
    mine = list(kinds).index(kind)
    left = others[:mine] + others[mine + 1 :]
    notes = [f"not in it, since such items may be easier or harder: answers on {'; '.join(left)}"] if left else []
    notes += ["versions in which an item may have several labels are left out"] if many else []
    return tuple(notes)


def _part(stretch: Stretch, intervals: int, *, last: bool) -> Part:
    asked = [each.asked for each in stretch.periods]
    k = len(stretch.values)
    apart = ordinal(k) if stretch.level == "ordinal" else nominal(k)
    pairs = _with_enough(asked, k)
    watched = [_chart(ALL, (), asked, Score(apart), (H, LIMIT))]
    for one, other in pairs:
        names = (stretch.values[one], stretch.values[other])
        watched.append(_chart(PAIR, names, asked, of_two(k, one, other), (h_of_many(len(pairs)), PAIR_LIMIT)))
    people = range(len(stretch.people) if len(stretch.people) <= CROWD else 0)
    shown = [_chart(PERSON, (stretch.people[who],), asked, Score(apart, person=who), (H, LIMIT)) for who in people]
    found = [
        _named(stretch, each, figures_of(each.asked, asked[:n], stretch.values, stretch.level, pairs, draws=intervals))
        for n, each in enumerate(stretch.periods)
    ]
    return Part(
        version=stretch.version,
        versions=stretch.versions,
        values=stretch.values,
        level=stretch.level,
        people=stretch.people,
        periods=tuple(found),
        charts=(*watched, *shown),
        alarms=alarms_of(stretch, watched, apart, last=last),
    )


def _with_enough(asked: Sequence[Asked], k: int) -> list[tuple[int, int]]:
    """Return the pairs of labels that a period has enough items of, in the mean; whether people differ says nothing."""
    found = []
    for pair in combinations(range(k), 2):
        items = sum(int(np.isfinite(of_two(k, *pair).of(each.codes)[0]).sum()) for each in asked)
        if items >= LEAST * len(asked):
            found.append(pair)
    return found


def _chart(kind: str, of: tuple[str, ...], asked: Sequence[Asked], score: Score, signals: tuple[float, float]) -> Chart:
    h, limit = signals
    return Chart(kind, of, charted(asked, score, h=h, limit=limit), h, limit)


def _named(stretch: Stretch, period: Period, found: Figures) -> PeriodFigures:
    values, people = stretch.values, stretch.people
    crowd = len(people) > CROWD
    return PeriodFigures(
        name=period.name,
        since=period.since,
        until=period.until,
        items=found.items,
        again=found.again,
        alpha=found.alpha,
        agreement=found.agreement,
        pairs={(values[one], values[other]): each for (one, other), each in found.pairs.items()},
        people={} if crowd else {people[who]: each for who, each in found.people.items()},
        own={} if crowd else {people[who]: each for who, each in found.own.items()},
    )
