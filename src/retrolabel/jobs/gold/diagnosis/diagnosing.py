"""Why the people of a task disagree: the spec, the data, one person or taste, with shares, items and a question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.analysis.item_kinds import kinds_of_items
from retrolabel.gold.causes.cause import KINDS
from retrolabel.gold.causes.diagnosis import diagnose
from retrolabel.gold.coding import Ratings
from retrolabel.gold.coefficients import krippendorff_alpha
from retrolabel.jobs.gold.diagnosis.answers import look_at
from retrolabel.jobs.gold.diagnosis.items import column_to_show, excerpt, rows_of
from retrolabel.jobs.gold.diagnosis.values import CauseFound, ItemToTalkAbout, TaskDiagnosis
from retrolabel.jobs.gold.diagnosis.wording import (
    camps_of,
    finding_of,
    headline,
    next_steps,
    question_for,
    rule_in_words,
    words_for,
)
from retrolabel.jobs.gold.rows import UNNAMED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from retrolabel.gold.causes.cause import Cause
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.diagnosis.answers import Looked
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.gold import Answer
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

SHOWN = 5
"""Items of a cause that are shown with what was said."""
CROWD = 60
"""Of more people than these nobody is looked at by name."""


def diagnosis_of(  # noqa: PLR0913 - which answers, and how they are read
    answers: Sequence[Answer],
    *,
    task: str,
    schema: LabelSchema,
    history: History,
    feedback: FeedbackBook,
    objects: Objects,
    role: str | None = None,
    since: datetime | None = None,
    rounds: int | None = None,
    seed: int = 0,
) -> TaskDiagnosis:
    """Return why the people of a task disagree.

    Args:
        answers: All answers of the task, in the order in which they came.
        task: The task.
        schema: The version that they are read in.
        history: The versions.
        feedback: What items there are.
        objects: Where their columns are.
        role: Only answers of this role, ``calibration`` or ``dev``.
        since: Only answers from then on.
        rounds: Only answers of the last so many rounds; where there are none, weeks.
        seed: Another seed deals and resamples in another way.

    Raises:
        GoldError: The version is multilabel, or no item has answers of two people that can be compared.
    """
    looked = look_at(
        answers, task=task, schema=schema, history=history, feedback=feedback, role=role, since=since, rounds=rounds
    )
    panel = looked.panel
    keys = [(item.split("\0")[0], item.split("\0")[1]) for item in panel.items]
    rows = rows_of(keys, feedback, objects)
    found = diagnose(panel, kinds_of_items(rows), seed=seed, crowd=CROWD)
    told = tuple(_told(cause, looked, keys, rows, schema, task) for cause in found.causes)
    level = "ordinal" if panel.ordinal else "nominal"
    alpha = krippendorff_alpha(Ratings(panel.codes, panel.labels, panel.people, panel.items), level)
    return TaskDiagnosis(
        task=task,
        version=schema.version,
        finding=headline(told, task, found.split, found.several, found.withheld),
        alpha=alpha,
        words=words_for(alpha),
        causes=told,
        rest=found.rest,
        withheld={kind: found.withheld[kind] for kind in KINDS if kind in found.withheld},
        tested={kind: found.tested[kind] for kind in KINDS if kind in found.tested},
        people=tuple(map(str, panel.people)),
        items=found.several,
        split=found.split,
        again=len(panel.again.item),
        first=looked.first,
        last=looked.last,
        periods=looked.periods,
        notes=_notes(looked),
        next=() if told else _what_next(task),
    )


def _told(  # noqa: PLR0913 - what is told of a cause
    cause: Cause,
    looked: Looked,
    keys: Sequence[tuple[str, str]],
    rows: Sequence[Mapping[str, Any]],
    schema: LabelSchema,
    task: str,
) -> CauseFound:
    panel = looked.panel
    people = [str(person) for person in panel.people]
    column = column_to_show(rows, cause.rule)
    places = cause.items.tolist()
    shown = tuple(
        ItemToTalkAbout(keys[at], excerpt(rows[at], column, cause.rule), looked.said[keys[at]]) for at in places[:SHOWN]
    )
    found = CauseFound(
        kind=cause.kind,
        finding=finding_of(cause, panel.labels, people),
        share=cause.share,
        low=cause.low,
        high=cause.high,
        p=cause.p,
        labels=tuple(str(panel.labels[place]) for place in cause.labels or ()),
        rule=rule_in_words(cause.rule),
        person=None if cause.person is None else people[cause.person],
        camps=camps_of(cause, people),
        items=tuple(keys[at] for at in places),
        shown=shown,
        note=_note(cause, panel.labels, len(people)),
    )
    return replace(found, question=question_for(cause, found, schema), next=next_steps(cause, found, task))


def _note(cause: Cause, labels: Sequence[str], people: int) -> str:
    """Return what is to be known of a cause beside its figures."""
    if cause.kind == "data" and cause.labels:
        one, other = (labels[place] for place in cause.labels)
        return (
            f"Most of it is between {one} and {other}. No words and no columns tell these items from others; if you see"
            " what they have in common, it is the spec."
        )
    if cause.kind == "taste" and not cause.asked:
        return "Nobody was asked again about these items, so whether the camps keep their answers is not known."
    if cause.kind == "taste":
        return f"Asked again about such items, people kept {cause.asked - cause.changed} of {cause.asked} answers."
    if cause.kind == "person" and people == 3:  # noqa: PLR2004 - two against one
        return "Of three people, one against two may be right: who is off is by number alone."
    if cause.kind == "person":
        return (
            "The others are many, which does not make them right. It is a signal about the spec until you know better."
        )
    return ""


def _notes(looked: Looked) -> tuple[str, ...]:
    """Return what is to be known of the answers."""
    notes = [f"{many:,} answers are left out: {why}." for why, many in looked.left_out.items()]
    if UNNAMED in looked.panel.people:
        notes.append(f"Answers without a name count as one person's, {UNNAMED}.")
    if looked.untimed and not len(looked.panel.again.item):
        notes.append("Answers have no times, so nobody knows who was asked again: import them with --time COLUMN.")
    return tuple(notes)


def _what_next(task: str) -> tuple[str, ...]:
    return (
        f"retrolabel gold agreement {task}  (the labels and people between whom it is lowest)",
        "More answers tell more: about 300 items of three people or more, and 50 answers asked again some weeks later.",
    )
