"""What a report says of people who disagree: how far they agree over time, and why they do not; nobody is named.

A report is a file that is handed round, so each name is hidden before anything is computed: what a cause says of a
person is said of "somebody". ``gold diagnose`` and ``gold series`` name people.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.analysis.report import disagreement_values as v
from retrolabel.analysis.report.gold_values import Unsaid
from retrolabel.errors import GoldError, RetrolabelError, counted
from retrolabel.gold.series.figures import DRAWS
from retrolabel.jobs.gold.diagnosis.diagnosing import diagnosis_of
from retrolabel.jobs.gold.series.building import agreement_series
from retrolabel.jobs.gold.series.records import PAIR
from retrolabel.jobs.gold.series.telling import fall_of, headline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.diagnosis.values import CauseFound, ItemToTalkAbout
    from retrolabel.jobs.gold.series.records import AgreementSeries
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.gold import Answer, Batch
    from retrolabel.schema.history import History

SOMEBODY = "somebody"
TWO = 2
MOST_TALK = 10
KINDS = ("spec", "data", "person", "taste")
HIDDEN = re.compile("\x02[0-9]+\x03")


def over_time(
    answers: Sequence[Answer], *, task: str, history: History, feedback: FeedbackBook, draws: Mapping[int, Batch]
) -> v.OverTime | None:
    """Return how far people agree, period by period; ``None`` where no two periods can be compared.

    Args:
        answers: All answers of the task.
        task: The task.
        history: Its versions.
        feedback: What the texts of the items are now.
        draws: The batches of the task.
    """
    try:
        found = agreement_series(answers, task=task, history=history, feedback=feedback, draws=draws, intervals=DRAWS)
    except GoldError:
        return None
    if max(len(part.periods) for part in found.parts) < TWO or not len(found.points()):
        return None
    return _told_over_time(found)


def _told_over_time(found: AgreementSeries) -> v.OverTime:
    alarm = found.alarm
    rows = [("alpha", "", "Alpha of all [95 %]")]
    if alarm is not None and alarm.pair:
        name = " / ".join(alarm.pair)
        rows.append(("pair", name, f"{name}: two people do not differ between them [95 %]"))
    points = found.points(PAIR, *alarm.pair) if alarm is not None and alarm.kind == PAIR else found.points()
    frame = found.frame()
    drawn = {(of, name) for of, name, _ in rows}
    kept = [(of, name) in drawn for of, name in zip(frame["of"], frame["name"], strict=True)]
    return v.OverTime(
        title=headline(found),
        of=f"answers of role {found.role} on {found.source}",
        figures=frame[kept].reset_index(drop=True),
        points=points,
        breaks=found.breaks,
        rows=tuple(rows),
        alarm="" if alarm is None else fall_of(found.task, alarm),
        talk=() if alarm is None else alarm.talk[:MOST_TALK],
    )


def why_they_differ(  # noqa: PLR0913 - which answers, and how they are read
    answers: Sequence[Answer], *, task: str, version: str, history: History, feedback: FeedbackBook, objects: Objects
) -> v.Disagreement | Unsaid:
    """Return why people disagree, in a version; nobody is named.

    Args:
        answers: All answers of the task.
        task: The task.
        version: The version that they are read in.
        history: Its versions.
        feedback: What items there are.
        objects: Where their columns are.
    """
    try:
        found = diagnosis_of(
            _hidden(answers), task=task, schema=history[version], history=history, feedback=feedback, objects=objects
        )
    except RetrolabelError as error:
        return Unsaid(_shown(error.message), error.remedy)
    reasons = tuple(_reason(cause) for cause in found.causes)
    whys = set(found.withheld.values())
    finding = _shown(_without_camps(found.finding, found.causes[0]) if found.causes else found.finding)
    if not reasons and len(found.withheld) == len(KINDS):
        finding = f"Why people disagree on {task} cannot be told" + (f": {whys.pop()}." if len(whys) == 1 else ".")
    return v.Disagreement(
        found.version,
        finding,
        len(found.people),
        found.items,
        found.split,
        found.again,
        reasons,
        found.rest,
        tuple((kind, _shown(why)) for kind, why in found.withheld.items()),
        tuple(_shown(note) for note in found.notes),
    )


def _hidden(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers with a sign for each person, in the order of their names: the same figures come of them."""
    order = sorted({answer.label.annotator for answer in answers})
    signs = {name: f"\x02{place:06}\x03" for place, name in enumerate(order)}
    return [answer._replace(label=replace(answer.label, annotator=signs[answer.label.annotator])) for answer in answers]


def _shown(text: str) -> str:
    r"""Return a text in which nobody is named.

    Example:
        >>> _shown("one person: \x02000001\x03 says bad where the others say good")
        'one person: somebody says bad where the others say good'
    """
    return HIDDEN.sub(SOMEBODY, text)


def _without_camps(text: str, cause: CauseFound) -> str:
    """Return a text in which camps are told by how many people they are."""
    for camp in cause.camps:
        text = text.replace(" and ".join(camp), f"{len(camp)} people")
    return text


def _reason(cause: CauseFound) -> v.Reason:
    pair = " / ".join(cause.labels)
    camps = " against ".join(str(len(camp)) for camp in cause.camps)
    about = cause.rule or camps or pair or ("all labels" if cause.person else counted(len(cause.items), "item"))
    finding = _shown(_without_camps(cause.finding, cause))
    return v.Reason(
        cause.kind,
        cause.share,
        cause.low,
        cause.high,
        cause.labels,
        about,
        f"{finding[0].upper()}{finding[1:]}.",
        _shown(cause.question).replace("`", ""),
        _shown(cause.note),
        len(cause.items),
        tuple(_discussed(item) for item in cause.shown),
    )


def _discussed(item: ItemToTalkAbout) -> v.Discussed:
    said = Counter(label for labels in item.said.values() for label in labels)
    return v.Discussed(*item.key, item.excerpt, tuple(sorted(said.items(), key=lambda each: (-each[1], each[0]))))
