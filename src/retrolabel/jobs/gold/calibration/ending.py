"""Stop a calibration set, or take a round back that nobody answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, counted

if TYPE_CHECKING:
    from datetime import datetime

    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.gold.calibration.book import CalibrationBook
    from retrolabel.jobs.gold.calibration.progress import Calibration
    from retrolabel.jobs.records.calibration import CalibrationRound, CalibrationSet


def active_set(known: Calibration) -> CalibrationSet:
    """Return the set that goes on.

    Args:
        known: What is known of the task's calibration.

    Raises:
        GoldError: None does.
    """
    if known.active is not None:
        return known.active
    starting = f"retrolabel gold calibrate start {known.task} --people ana,ben,cleo"
    stopped = known.sets[-1].stopped_at if known.sets else None
    if stopped is not None:
        raise GoldError(f"The calibration of {known.task} was stopped on {stopped:%Y-%m-%d}.", remedy=starting)
    raise GoldError(f"There is no calibration set of {known.task} yet.", remedy=starting)


def stop_set(known: Calibration, *, book: CalibrationBook, at: datetime, who: str) -> CalibrationSet:
    """Stop the set that goes on, and close its open round; what was answered stays.

    Args:
        known: What is known of the task's calibration.
        book: Where sets are kept.
        at: Now.
        who: Who stops it.

    Raises:
        GoldError: No set goes on.
    """
    found = active_set(known)
    last = known.last()
    if last is not None and last.is_open:
        book.close(known.task, last.round, at)
    book.stop(found.id or 0, at, who)
    return found


def round_to_undo(known: Calibration, number: int) -> CalibrationRound:
    """Return a round that can be taken back: the last one, as long as nobody answered in it.

    Args:
        known: What is known of the task's calibration.
        number: The round.

    Raises:
        GoldError: It is not there, was taken back, is not the last one, or has answers.
    """
    found, last = known.round(number), known.last()
    status = f"retrolabel gold calibrate status {known.task}"
    if found.undone_at is not None:
        raise GoldError(f"Round {number} of {known.task} was taken back on {found.undone_at:%Y-%m-%d}.", remedy=status)
    if last is None or last.round != number:
        after = last.round if last is not None else number
        raise GoldError(
            f"Round {number} of {known.task} is not the last one: round {after} came after it.",
            remedy=f"retrolabel gold calibrate start {known.task} --undo {after}, if that one has no answers",
        )
    answers = sum(len(said) for said in known.said.get(number, {}).values())
    if answers:
        raise GoldError(
            f"Round {number} of {known.task} has {counted(answers, 'answer')}, and those are kept.",
            remedy=f"retrolabel gold calibrate stop {known.task} ends the set; its answers stay",
        )
    return found


def undo_round(  # noqa: PLR0913 - a round, its books, and who takes it back when
    known: Calibration, number: int, *, book: CalibrationBook, gold: GoldBook, at: datetime, who: str
) -> CalibrationRound:
    """Take a round back: its new items can be drawn again, and the round before it waits for answers once more.

    The first round of a set takes the set with it, so that it can be started in another way.

    Args:
        known: What is known of the task's calibration.
        number: The round.
        book: Where rounds are kept.
        gold: Where draws are kept.
        at: Now.
        who: Who takes it back.

    Raises:
        GoldError: It cannot be taken back.
    """
    found = round_to_undo(known, number)
    book.undo(known.task, number, at)
    for batch, draw in gold.draws(known.task).items():
        mine = any(item.batch == batch for item in known.items.get(number, ()))
        if mine and draw.at == found.opened_at and draw.undone_at is None:
            gold.undo(batch, at)
    before = [each for each in known.of_set(known.set_of(found)) if each.round != number]
    if not before:
        book.stop(found.calibration_set, at, who)
    elif before[-1].closed_at == found.opened_at:
        book.reopen(known.task, before[-1].round)
    return found
