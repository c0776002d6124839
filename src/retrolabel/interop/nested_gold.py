"""Files of labelling tools as rows of human labels: one row for each answer of a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from retrolabel.errors import GoldError, Problem, counted
from retrolabel.interop.conditions import OPTION, Conditions
from retrolabel.interop.ids import read_id
from retrolabel.interop.labelling_tools.answered import role_in
from retrolabel.interop.labelling_tools.answers import SPANS, Answer, LeftOut, as_person
from retrolabel.interop.labelling_tools.telling import left_out_told
from retrolabel.interop.meant_question import meant_question
from retrolabel.interop.paths import first_at, first_paths, parse_path, walk
from retrolabel.interop.record_places import Places
from retrolabel.interop.times import TimeReader, format_problem
from retrolabel.jobs.feedback.quarantine import line_of
from retrolabel.jobs.gold.rows import GoldRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from retrolabel.interop.labelling_tools.answers import Tool
    from retrolabel.interop.records import Placed, Records

SHOWN = 20
AT_ONCE = 10_000
"""Answers whose times are read together."""
ALL = "all"
"""What doccano calls the file of a project whose people share their answers."""


@dataclass
class NestedGold:
    """Reads one file of a labelling tool.

    Args:
        records: The file's records.
        tool: What tells the answers in a record.
        is_label: Whether a stored value is a label of the task.
        question: The question whose answers are meant, where the file has several.
        item: The path of the item's id; where the tool keeps ours, if left out.
        match: Paths of the texts by which an item is found, where records have no id of ours.
        role: The path of the role.
        annotator_name: The one person who gave all labels, where the file names nobody.
        time_format: The format of the times; the tool's own if left out.
        all_answers: Whether answers are kept that stand beside one that somebody marked as right.
        where_items_are: Says by which of some paths, each with values, items can be told; for a message.
        person: The path of the person, in place of what the tool says.
        time: The path of the time, in place of what the tool says.
        where: What a record has to say, so that it counts.
        guess: Returns the options that say where labels stand, as far as the file tells; for a message.

    Attributes:
        left_out: What was left out -> how often; known once the rows are read.
        notes: What was assumed; known then too.
    """

    records: Records
    tool: Tool
    is_label: Callable[[str], bool]
    question: str | None = None
    item: str | None = None
    match: Sequence[str] = ()
    role: str | None = None
    annotator_name: str | None = None
    time_format: str | None = None
    all_answers: bool = False
    where_items_are: Callable[[Mapping[str, Sequence[object]]], str] = lambda _: ""
    person: str | None = None
    time: str | None = None
    where: Conditions = field(default_factory=Conditions)
    guess: Callable[[], str] = str
    left_out: Counter[str] = field(default_factory=Counter, init=False)
    notes: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Check what was asked for."""
        self._name = self.records.path.name
        self._problems: list[Problem] = []
        unsound = format_problem(self.time_format, "the time of an answer" if self.time_format else None)
        if unsound:
            raise GoldError(f"{self._name} cannot be read in this way.", problems=[unsound])
        self._role = parse_path(self.role, "--role-column") if self.role else None

    def rows(self) -> list[GoldRow]:
        """Return a row for each answer.

        Raises:
            GoldError: No item can be told, several questions may be meant, all that the file holds are spans, or
                values cannot be read; every fault at once.
        """
        sample = self.records.sample()
        if not sample:
            self._refuse_unless_records()
            raise GoldError(f"{self._name} has no records.", remedy="export it again; was it cut off?")
        places = Places(self._name, self.tool, sample, self.where_items_are)
        self._item = None if self.match and not self.item else places.item(self.item, self.notes)
        self._texts = [places.of(each, "--match") for each in self.match]
        self._person = places.of(self.person, "--annotator") if self.person else None
        self._time = places.of(self.time, "--time") if self.time else None
        self._asked = {path: places.of(path, OPTION) for path in self.where.paths}
        self.question = meant_question(self.records, self.tool, self.question, self.is_label, self.notes)
        rows = list(self._rows())
        self._refuse_unless_records()
        if not rows:
            self._refuse_empty()
        who = Counter(row.annotator is None for row in rows)
        if self.annotator_name is not None and who[False] and not self._named_by_us:
            raise GoldError(
                f"{self._name} names the people of its answers.",
                problems=[
                    Problem(f"--annotator-name {self.annotator_name}", "stands beside their names", "leave it out")
                ],
            )
        if who[True]:
            self.notes.append(
                f"{counted(who[True], 'answer')} of nobody who is named: taken as of one unnamed person;"
                " --annotator-name NAME, or --annotator-at PATH"
            )
        return rows

    def _rows(self) -> Iterator[GoldRow]:
        of_tool = None if self._time else self.tool.time_format
        times = TimeReader(f"time of an answer in {self._name}", self.time_format or of_tool)
        self._named_by_us = self.annotator_name is not None
        said: dict[str, None] = {}
        waiting: list[tuple[Placed, Answer]] = []
        for placed in self.records:
            said.update(dict.fromkeys(self.tool.notes(placed.value)))
            if not self.tool.made(placed.value):
                self.left_out["record of another kind"] += 1
                continue
            why = self.where.why_not(lambda path: (each for _, each in walk(placed.value, self._asked[path])))  # noqa: B023 - called here
            if why:
                self.left_out[why.replace("row", "record", 1)] += 1
                continue
            waiting += [(placed, self._named(placed, each)) for each in self._standing(self._answers(placed))]
            if len(waiting) >= AT_ONCE:
                yield from self._timed(waiting, times)
                waiting = []
        yield from self._timed(waiting, times)
        self.notes = [*self.records.notes, *said, *times.notes(), *self.notes]

    def _timed(self, waiting: Sequence[tuple[Placed, Answer]], times: TimeReader) -> Iterator[GoldRow]:
        """Yield a row for each of some answers; their times are read together, which is much faster."""
        found, wrong = times.read([answer.at for _, answer in waiting])
        outside, moments = set(times.outside), found.to_pylist()
        for place, (placed, answer) in enumerate(waiting):
            strange = wrong.get(place) if place in outside else None
            if place in wrong and strange is None:
                self._problems.append(Problem(placed.where, wrong[place]))
            yield self._row(placed, answer, moments[place], strange)

    def _named(self, placed: Placed, answer: Answer) -> Answer:
        """Return an answer with the person and the time that stand where somebody said."""
        if self._person is not None:
            answer = replace(answer, annotator=as_person(first_at(placed.value, self._person)))
        return answer if self._time is None else replace(answer, at=first_at(placed.value, self._time))

    def _answers(self, placed: Placed) -> list[Answer]:
        """Return the answers of a record to the question; what else it holds is counted."""
        answers: list[Answer] = []
        try:
            for each in self.tool.answers(placed.value):
                if isinstance(each, LeftOut):
                    self.left_out[each.what] += 1
                elif each.question == (self.question or "") or (not self.question and not each.question):
                    answers.append(each)
                elif not self.tool.columns:
                    self.left_out["answer to another question"] += 1
        except GoldError as error:
            self._problems.append(Problem(placed.where, error.message, error.remedy))
        return answers

    def _standing(self, answers: list[Answer]) -> list[Answer]:
        """Return the answers that somebody marked as right, where there are any; all of them otherwise."""
        right = [each for each in answers if each.stands]
        if not right or self.all_answers:
            return answers
        if len(right) < len(answers):
            self.left_out["answer beside one marked as ground truth (--all-answers keeps it)"] += len(answers) - len(
                right
            )
        return right

    def _row(self, placed: Placed, answer: Answer, at: Any, outside: str | None) -> GoldRow:  # noqa: ANN401 - a time
        record = placed.value
        item, why = read_id(first_at(record, self._item)) if self._item else (None, "")
        if why:
            self._problems.append(
                Problem(placed.where, f"{self._item.text if self._item else ''}: {why}", "make it text")
            )
        role = first_at(record, self._role) if self._role else role_in(record)
        label = answer.labels[0] if len(answer.labels) == 1 else None
        return GoldRow(
            placed.number,
            item,
            label,
            answer.annotator or self.annotator_name or _person_of(placed.member),
            None if role in (None, "") else str(role),
            answer.rationale,
            at,
            self._seconds(placed.where, answer.seconds),
            wrong_time=outside,
            where=placed.where,
            several=answer.labels if len(answer.labels) > 1 else (),
            texts=tuple(_text(first_at(record, way)) for way in self._texts),
        )

    def _seconds(self, where: str, value: object) -> float | None:
        try:
            seconds = float(value) if value not in (None, "") else None  # type: ignore[arg-type]  # what is none is caught
        except (TypeError, ValueError):
            seconds = -1.0
        if seconds is not None and not 0 <= seconds < float("inf"):
            self._problems.append(Problem(where, f"{value!r:.40} is no number of seconds"))
            return None
        return seconds

    def _refuse_unless_records(self) -> None:
        problems = [*self.records.broken, *self._problems]
        if problems:
            problems.sort(key=line_of)
            more = [Problem("and", f"{len(problems) - SHOWN:,} more")] if len(problems) > SHOWN else []
            raise GoldError(
                f"{self._name}: {counted(len(problems), 'value')} cannot be read; nothing was stored.",
                problems=[*problems[:SHOWN], *more],
                remedy="mend those records, or take them out, and import the file again",
            )

    def _refuse_empty(self) -> None:
        told = left_out_told(self.left_out) or "no records"
        if set(self.left_out) == {SPANS}:
            raise GoldError(
                f"{self._name} holds spans ({self.left_out[SPANS]:,}), marks on parts of texts: a label of a task is of"
                " a whole item.",
                remedy="export answers to a question on the whole text",
            )
        by_path = self.tool.key == "paths"
        paths = f"; it has {first_paths(self.records.sample())}" if by_path else ""
        raise GoldError(
            f"{self._name} ({self.tool.title}) holds no answer of a person that counts: {told}{paths}.",
            remedy=(self.guess() or "--labels-at PATH says where labels stand, if they do") if by_path else "",
        )


def _person_of(member: str) -> str | None:
    """Return the person whose file stands in an archive: doccano writes one each."""
    stem = PurePath(member).stem
    return None if not member or stem == ALL else stem


def _text(value: object) -> str | None:
    return None if value is None else str(value)
