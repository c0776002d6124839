"""What an import of human labels says of itself, wherever it was asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from retrolabel.cli.common import SOME, console, say, table
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.jobs.gold.import_report import GoldReport
    from retrolabel.jobs.gold.superseding import Superseding

MOST_SHOWN = 20
FEW_SHOWN = 5
UNNAMED = "unnamed"


def show_gold(report: GoldReport, *, weighed: bool = False, of: str = "row") -> None:
    """Print what an import did besides adding labels.

    Args:
        report: What it did.
        weighed: Whether the file says with which probabilities its items were drawn.
        of: What holds a label: ``row`` or ``cell``.
    """
    _show_file(report)
    if report.unlabelled:
        say(f"  {counted(report.unlabelled, of)} {'holds' if report.unlabelled == 1 else 'hold'} no label.")
    _show_people(report)
    _show_draw(report, report.task, weighed=weighed)
    if report.near_test:
        many = counted(report.near_test, "dev item")
        say(f"  {many} {'is a near copy' if report.near_test == 1 else 'are near copies'} of test items: out of dev")
    _show_put_aside(report)
    if report.ties:
        on = "it" if report.ties == 1 else "them"
        have = "has" if report.ties == 1 else "have"
        say(f"  {counted(report.ties, 'item')} of {report.task} {have} no gold label, because people are tied on {on}.")
    _show_first(report)


def _show_first(report: GoldReport) -> None:
    """Print the first labels of a dry run as they would be stored."""
    if not report.first:
        return
    titles = [str(each["row"]) for each in report.first]
    fields = dict.fromkeys(field for each in report.first for field in each if field != "row")
    rows = [(field, *(_cell(each.get(field)) for each in report.first)) for field in fields]
    console().print(table("", ["stored as", *titles], rows, cut=dict.fromkeys(titles, SOME)))


def _cell(value: object) -> str:
    """Return a value as people read it: times in UTC, nothing for nothing."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    return "" if value is None else str(value)


def _show_file(report: GoldReport) -> None:
    """Print what the file was recognised as, what of it was left out, and which rows found no item of their own."""
    from retrolabel.interop.labelling_tools.telling import left_out_told  # noqa: PLC0415 - not needed for --help

    if report.read_as:
        say(f"  read as {report.read_as}")
    if report.left_out:
        say(f"  left out: {left_out_told(report.left_out)}")
    told = {
        "several labels are chosen": report.several,
        f"no item of {report.source} has its text": report.unmatched,
        f"several items of {report.source} have its text": report.ambiguous,
    }
    for why, many in told.items():
        if many:
            say(f"  put aside, since {why}: {counted(many, 'row')}{_where(report)}")
    for problem in report.put_aside:
        say(f"    {problem}")


def _where(report: GoldReport) -> str:
    """Return where rows that were put aside are; a dry run puts none aside."""
    return f": {report.quarantine}" if report.quarantine else ""


def _show_people(report: GoldReport) -> None:
    """Print what was assumed of the file, and whose answers do not count any more."""
    for note in report.notes:
        say(f"  {note}")
    for each in report.superseded:
        for line in _superseded(each):
            say(f"  {line}")


def _show_draw(report: GoldReport, task: str, *, weighed: bool) -> None:
    """Print which draw the items are of, and what it is taken for where that is not what was said."""
    if report.batch is not None:
        _show_batch(report, task)
        return
    if report.not_random:
        say(f"  taken as --sampling other, not random: {report.not_random}.")
        say("    It says what labeling functions are worth, and moves no label's share; --sampling-is-right keeps it.")
    if report.drawn_before:
        many = counted(report.drawn_before, "item")
        say(f"  {many} of a known draw {'keeps' if report.drawn_before == 1 else 'keep'} it: its design still counts")
    if report.design == "stratified" and not weighed:
        say("  without --probability COLUMN a stratified sample moves no label's share")


def _show_batch(report: GoldReport, task: str) -> None:
    """Print which items of a batch wait for a label."""
    number, left = report.batch, report.waiting
    if report.revised:
        many = counted(report.revised, "item")
        say(f"  {many} changed since batch {number} was drawn: these labels are of the text of then, and stay out")
    if not left:
        say(f"  batch {number} is complete")
        return
    listed = ", ".join(left[:FEW_SHOWN]) + (", ..." if left[FEW_SHOWN:] else "")
    say(f"  batch {number}: {counted(len(left), 'item')} without a label yet: {listed}")
    if left[FEW_SHOWN:]:
        say(f"    retrolabel gold list {task} --batch {number} lists them")


def _show_put_aside(report: GoldReport) -> None:
    """Print how many rows were put aside, and why."""
    from retrolabel.jobs.gold.meanings import all_at_once  # noqa: PLC0415 - not needed for --help

    outside = sum(found.rows for found in report.outside)
    if report.outside_time:
        many = counted(report.outside_time, "row")
        say(f"  put aside, since their times lie outside of 1678 to 2261: {many}{_where(report)}")
    if report.unknown_items:
        many = counted(report.unknown_items, "row")
        say(f"  put aside, since {report.source} does not have their items: {many}{_where(report)}")
    if outside:
        say(f"  put aside, since their values are no labels: {counted(outside, 'row')}{_where(report)}")
        rows = [
            (repr(found.value), found.rows, found.nearest or "-", found.remedy) for found in report.outside[:MOST_SHOWN]
        ]
        titles = ["value", "rows", "nearest", "what it means is yours to say"]
        console().print(table("", titles, rows, right=["rows"], prose=titles[-1:]))
        if len(report.outside) > MOST_SHOWN:
            say(f"  ... and {len(report.outside) - MOST_SHOWN:,} further values")
        if line := all_at_once(report.outside):
            say(f"  {line}")


def _superseded(found: Superseding) -> Iterator[str]:
    """Yield how many answers of a person do not count, and why."""
    who = found.annotator
    if found.answers:
        changed = (
            f"{found.changed:,} of them with another label" if found.changed else "all of them with the same label"
        )
        yield f"superseded: {counted(found.answers, 'earlier answer')} of {who}, {changed}"
    if found.older:
        yield f"not counted: {counted(found.older, 'answer')} of {who}, since {who} gave a newer one on the same item"
    if who == UNNAMED and (found.changed or found.older):
        yield "if those are several people: --annotator COLUMN, --annotator-name NAME, or --annotator-columns COL,COL"
