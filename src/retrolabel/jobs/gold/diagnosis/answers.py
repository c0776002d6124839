"""The answers that a diagnosis looks at: of several people on one item, and of one person on an item again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, counted
from retrolabel.gold.causes.panel import panel_of
from retrolabel.jobs.gold.reading import Reader, in_order
from retrolabel.jobs.gold.resolving import items_of_test, read_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.causes.panel import Panel
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.reading import ReadAnswer
    from retrolabel.jobs.records.gold import Answer
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

ROLES = ("calibration", "dev")
"""Test gold never counts, and of honeypots the answer is known."""
ENOUGH = 2
MEANING = "given under a version that asked something else (--to VERSION reads them there)"
SEVERAL = "several labels, or none, in this version"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, and when it was given.

    Attributes:
        label: What was said.
        at: When; when it came, where nobody knows or a clock was ahead.
    """

    label: HumanLabel
    at: datetime

    @property
    def period(self) -> str:
        """The round of calibration that asked for it, else the week."""
        week = self.at.isocalendar()
        return f"round {self.label.round}" if self.label.round is not None else f"{week.year}-W{week.week:02}"

    @property
    def is_dated(self) -> bool:
        """Whether it can be told from a correction of an earlier answer."""
        return self.label.round is not None or self.label.labelled_at is not None


@dataclass(frozen=True)
class Looked:
    """The answers that are looked at.

    Attributes:
        panel: They themselves; items are (source, item id).
        said: (source, item id) -> person -> what they said, one answer or several.
        first: When the first of them was given;
        last: and the last one.
        periods: Their rounds or weeks, in order.
        left_out: How many answers were left out, in words -> how many.
        untimed: Whether some answers are neither of a round nor have a time, so that nobody knows of repeats.
    """

    panel: Panel
    said: dict[tuple[str, str], dict[str, tuple[str, ...]]]
    first: datetime
    last: datetime
    periods: tuple[str, ...]
    left_out: dict[str, int]
    untimed: bool


def look_at(  # noqa: PLR0913 - which answers, and how they are read
    answers: Sequence[Answer],
    *,
    task: str,
    schema: LabelSchema,
    history: History,
    feedback: FeedbackBook,
    role: str | None = None,
    since: datetime | None = None,
    rounds: int | None = None,
) -> Looked:
    """Return the answers of a task that can be compared in a version.

    Answers of the roles ``calibration`` and ``dev`` count, on items that no test gold is on, that are one label in the
    version, and that were given under a version that asked the same, or finer.

    Args:
        answers: All answers of the task, in the order in which they came.
        task: The task.
        schema: The version that they are read in.
        history: The versions.
        feedback: What the texts of the items are now.
        role: Only answers of this one of the two roles.
        since: Only answers from then on.
        rounds: Only answers of the last so many rounds; where there are none, weeks.

    Raises:
        GoldError: The version is multilabel, there is no such role, or no item has answers of two people that can be
            compared.
    """
    if role is not None and role not in ROLES:
        raise GoldError(
            f"Nobody is diagnosed by answers of role {role!r}.", remedy=f"--role {' or '.join(ROLES)}, or leave it out"
        )
    if schema.scale == "multilabel":
        raise GoldError(
            f"{schema} is multilabel: an item has several labels, and why people differ on those cannot be told yet.",
            remedy="name a version with one label an item: --to VERSION",
        )
    tested = items_of_test(answer.label for answer in answers)
    given = [
        Given(label, min(label.labelled_at or came, came))
        for label, _, _, came in answers
        if label.role in (ROLES if role is None else (role,))
        and (label.source, label.item_id) not in tested
        and came is not None
    ]
    if not given:
        raise _nobody(task, schema, f"There are no answers of role {role or ' or '.join(ROLES)}")
    given = _recent(given, since, rounds)
    known = {each.version for each in history if each.scale != "multilabel"}
    readable = [each for each in given if each.label.schema_version in known]
    reader = Reader(schema, history, read_in(history, schema.version, [each.label for each in readable], feedback))
    kept, left_out = _read(readable, reader)
    if not kept or max(len({a.label.annotator for a, _ in each}) for each in kept.values()) < ENOUGH:
        raise _nobody(task, schema, f"No item has answers of two people; of {counted(len(given), 'answer')} there are")
    rows = [(key, answer, at) for key, each in kept.items() for answer, at in each]
    order = sorted(rows, key=lambda row: row[2].at)
    panel = panel_of(
        ["\0".join(key) for key, *_ in order],
        [answer.label.annotator for _, answer, _ in order],
        [next(iter(answer.leaves)) for _, answer, _ in order],
        labels=in_order(schema),
        ordinal=schema.scale == "ordinal",
    )
    return Looked(
        panel=panel,
        said=_said(order),
        first=order[0][2].at,
        last=order[-1][2].at,
        periods=tuple(dict.fromkeys(each.period for _, _, each in order)),
        left_out=left_out,
        untimed=not all(each.is_dated for _, _, each in order),
    )


def _recent(given: list[Given], since: datetime | None, rounds: int | None) -> list[Given]:
    if since is not None:
        given = [each for each in given if each.at >= since]
    if rounds is not None:
        newest: dict[str, datetime] = {}
        for each in given:
            newest[each.period] = max(each.at, newest.get(each.period, each.at))
        last = set(sorted(newest, key=lambda period: newest[period])[-rounds:])
        given = [each for each in given if each.period in last]
    if not given:
        raise GoldError("No answer was given since then.", remedy="ask for an earlier --since, or leave it out")
    return given


def _read(
    given: Iterable[Given], reader: Reader
) -> tuple[dict[tuple[str, str], list[tuple[ReadAnswer, Given]]], dict[str, int]]:
    """Return item -> the answers to it that count, those of one person in the order in which they were given."""
    by_person: dict[tuple[str, str, str], list[Given]] = {}
    for each in given:
        of = (each.label.source, each.label.item_id, each.label.annotator)
        if not each.label.label:
            by_person.pop(of, None)  # taken back
            continue
        earlier = by_person.setdefault(of, [])
        if not each.is_dated:
            earlier[:] = [other for other in earlier if other.is_dated]  # it corrects what was said without a time
        earlier.append(each)
    left_out = {MEANING: 0, SEVERAL: 0}
    kept: dict[tuple[str, str], list[tuple[ReadAnswer, Given]]] = {}
    for (source, item_id, _), mine in by_person.items():
        for each in mine:
            answer = reader.read(each.label)
            if not reader.asks_the_same(each.label.schema_version) or answer.suspect:
                left_out[MEANING] += 1
            elif len(answer.leaves) != 1:
                left_out[SEVERAL] += 1
            else:
                kept.setdefault((source, item_id), []).append((answer, each))
    return kept, {why: many for why, many in left_out.items() if many}


def _said(
    order: Sequence[tuple[tuple[str, str], ReadAnswer, Given]],
) -> dict[tuple[str, str], dict[str, tuple[str, ...]]]:
    found: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    for key, answer, _ in order:
        mine = found.setdefault(key, {})
        mine[answer.label.annotator] = (*mine.get(answer.label.annotator, ()), next(iter(answer.leaves)))
    return found


def _nobody(task: str, schema: LabelSchema, what: str) -> GoldError:
    return GoldError(
        f"{what} of {task} that can be compared under {schema.version}.",
        remedy="let two people or more label the same items: "
        f"retrolabel gold import {task} FILE --source NAME --role calibration --annotator COLUMN --time COLUMN",
    )
