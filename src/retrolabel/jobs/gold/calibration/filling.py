"""Take the files of a round back: who answered what, and what in them cannot be taken."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from retrolabel.errors import GoldError, Problem, counted
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.gold.calibration.whose import SheetFile, person_of, round_of, whose_faults
from retrolabel.jobs.gold.meanings import SHOWN, OutsideValue, all_at_once, labels_of
from retrolabel.jobs.records.calibration import HONEYPOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.gold.calibration.progress import Calibration
    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.jobs.records.calibration import AskedItem, CalibrationRound
    from retrolabel.jobs.records.gold import Answer, Key
    from retrolabel.schema.history import History

MOMENT = timedelta(microseconds=1)
MANGLED = "did a spreadsheet change the ids? fill in the file that the round wrote"


@dataclass(frozen=True)
class FilledSheet:
    """What one person's file brought.

    Attributes:
        file: Its name.
        person: Who answered.
        round: The round.
        added: Answers that are new.
        corrected: Answers that stand in place of an earlier one of the round: another label, or another reason.
        known: Answers that were there already.
        left: Rows without a label.
        asked: How many items the person was asked.
        answered: How many of them are answered now.
        late: Whether the round was closed before the file came: its answers are of that round all the same.
        outside: Values that are no labels, most frequent first; these rows were left out.
        unknown: Ids in the file that the round did not ask this person; these rows were left out.
    """

    file: str
    person: str
    round: int
    added: int
    corrected: int
    known: int
    left: int
    asked: int
    answered: int
    late: bool = False
    outside: tuple[OutsideValue, ...] = ()
    unknown: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        names = ("file", "person", "round", "added", "corrected", "known", "left", "asked", "answered", "late")
        outside = [{"value": each.value, "rows": each.rows, "nearest": each.nearest} for each in self.outside]
        return {**{name: getattr(self, name) for name in names}, "outside": outside, "unknown": list(self.unknown)}


@dataclass(frozen=True)
class _Sheet:
    """A file, whose it is, and what it says: item -> label, and the row."""

    file: SheetFile
    person: str
    round: CalibrationRound
    asked: Mapping[Key, AskedItem]
    said: Mapping[Key, tuple[str, GoldRow]] = field(default_factory=dict)
    outside: tuple[OutsideValue, ...] = ()
    unknown: tuple[str, ...] = ()
    left: int = 0


def fill(  # noqa: PLR0913 - files, and what they are of
    files: Sequence[SheetFile],
    *,
    known: Callable[[], Calibration],
    history: History,
    map_label: Mapping[str, str],
    annotator: str | None,
    gold: GoldBook,
    at: datetime,
    dry_run: bool = False,
    within: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> list[FilledSheet]:
    """Append the answers of some files; all of them, or nothing where one of the files cannot be taken.

    An answer that is there already is passed over, so a file may come again, fuller each time. Another label of the
    same person for the same item is a correction. An empty label says nothing, and takes nothing back.

    Args:
        files: The files.
        known: What is known of the task's calibration; asked once more inside of the transaction.
        history: The versions of the task.
        map_label: Stored value -> label id (or "" for: this is no label).
        annotator: The person whose files they are, where they do not say it, or to make sure.
        gold: Where the answers go.
        at: Now.
        dry_run: Whether nothing is stored.
        within: What the answers are appended in.

    Raises:
        GoldError: A file is of another task, of a round that is not there or was taken back, of nobody or several
            people, of somebody else than was said; half of its labels are none; an item has two labels in it; nothing
            in it was asked. Every fault of every file.
    """
    problems: list[Problem] = []
    remedies: list[str] = []
    state = known()
    sheets = [
        sheet
        for file in files
        if (sheet := _read(file, state, history, map_label, annotator, problems, remedies)) is not None
    ]
    if problems:
        raise GoldError(
            f"{counted(len({each.where.split(':')[0] for each in problems}), 'file')} cannot be taken back;"
            " nothing was stored.",
            problems=problems,
            remedy="; ".join(dict.fromkeys(each for each in remedies if each)),
        )
    if dry_run:
        return [_filled(sheet, _new(sheet, state, gold.answers(state.task), at), state) for sheet in sheets]
    found = []
    with within():
        for sheet in sheets:
            state = known()
            new = _new(sheet, state, gold.answers(state.task), at)
            gold.add(state.task, [label for label, _ in new], [more for _, more in new])
            found.append(_filled(sheet, new, state))
    return found


def _read(  # noqa: PLR0913 - a file, what is known, and what is wrong
    file: SheetFile,
    state: Calibration,
    history: History,
    map_label: Mapping[str, str],
    annotator: str | None,
    problems: list[Problem],
    remedies: list[str],
) -> _Sheet | None:
    """Return whose a file is and what it says; what is wrong with it goes into ``problems``."""
    wrong = list(whose_faults(file, state, annotator))
    if wrong:
        problems += wrong
        return None
    found, person = round_of(file, state), person_of(file, annotator)
    asked = state.asked_of(found.round, person)
    source = state.set_of(found).source
    faults: list[Problem] = []
    ids = {item_id: _as_asked(item_id, source, asked) for row in file.rows if (item_id := row.item_id)}
    there = [row for row in file.rows if row.item_id and ids[row.item_id] is not None]
    unknown = tuple(item_id for item_id, key in ids.items() if key is None)
    if not there:
        what = f"none of its {counted(len(ids), 'item')} was asked of {person} in round {found.round}"
        problems.append(Problem(file.name, what, MANGLED))
        return None
    versions = list(reversed(list(history)))
    labels, outside = labels_of(there, history[found.schema_version], versions, map_label, faults)
    said: dict[Key, tuple[str, GoldRow]] = {}
    for row, label in zip(there, labels, strict=True):
        key = ids[row.item_id or ""]
        if label is None or key is None:
            continue
        if key in said and said[key][0] != label:
            what = f"item {row.item_id} has two labels in it: {said[key][0]} and {label}"
            faults.append(Problem(row.place, what, "leave one of the rows"))
        said[key] = (label, row)
    problems += [Problem(f"{file.name}: {each.where}", each.what, each.remedy) for each in faults]
    remedies += [all_at_once(outside.values())] if faults else []
    left = len(there) - len(said) - sum(each.rows for each in outside.values())
    return _Sheet(file, person, found, asked, said, tuple(outside.values()), unknown, max(0, left))


def _as_asked(item_id: str, source: str, asked: Mapping[Key, AskedItem]) -> Key | None:
    """Return which item an id of a file is; a spreadsheet may have kept the apostrophe that guards a formula."""
    for each in (item_id, item_id.removeprefix("'")):
        if (source, each) in asked:
            return source, each
    return None


def _new(
    sheet: _Sheet, state: Calibration, answers: Sequence[Answer], at: datetime
) -> list[tuple[HumanLabel, dict[str, Any]]]:
    """Return the answers of a file that are not there yet, each with its reason and times."""
    number, person = sheet.round.round, sheet.person
    before = state.said.get(number, {}).get(person, {})
    reasons = {
        (each.label.source, each.label.item_id): each.rationale
        for each in answers
        if each.label.round == number and each.label.annotator == person
    }
    found = []
    for key, (label, row) in sheet.said.items():
        item, earlier = sheet.asked[key], before.get(key)
        same_reason = row.rationale is None or row.rationale == reasons.get(key)
        if earlier is not None and earlier.label == label and same_reason:
            continue
        when = _within(row.labelled_at or at, sheet.round, at)
        said = HumanLabel(
            *key,
            person,
            label,
            sheet.round.schema_version,
            "honeypot" if item.part == HONEYPOT else "calibration",
            item.revision,
            "stratified" if item.inclusion is not None else "other",
            when,
            item.batch,
            item.inclusion,
            round=number,
        )
        more = {"rationale": row.rationale, "labelled_at": when, "imported_at": at, "seconds": row.seconds}
        found.append((said, more))
    return found


def _within(when: datetime, found: CalibrationRound, at: datetime) -> datetime:
    """Return a time as one within a round: an answer that comes late is older than those of the round after it."""
    end = at if found.closed_at is None else found.closed_at - MOMENT
    return max(found.opened_at, min(when, end))


def _filled(sheet: _Sheet, new: Sequence[tuple[HumanLabel, Mapping[str, Any]]], state: Calibration) -> FilledSheet:
    number, person = sheet.round.round, sheet.person
    before = state.said.get(number, {}).get(person, {})
    keys = {(label.source, label.item_id) for label, _ in new}
    answered = sum(key in before or key in keys for key in sheet.asked)
    corrected = sum(key in before for key in keys)
    return FilledSheet(
        sheet.file.name,
        person,
        number,
        len(new) - corrected,
        corrected,
        len(sheet.said) - len(new),
        sheet.left,
        len(sheet.asked),
        answered,
        sheet.round.closed_at is not None,
        sheet.outside,
        sheet.unknown,
    )


def unlike_labels(filled: Sequence[FilledSheet]) -> Counter[str]:
    """Return the values that were no labels in some files -> in how many rows."""
    found: Counter[str] = Counter()
    for sheet in filled:
        for each in sheet.outside[:SHOWN]:
            found[each.value] += each.rows
    return found
