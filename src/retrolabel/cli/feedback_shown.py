"""What an ingest did, and what one would do, as people read it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from retrolabel.cli.common import SOME, console, print_json, say, table
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.jobs.feedback.previewing import Preview
    from retrolabel.jobs.records.feedback import IngestReport

SHOWN = 3
"""Reasons of a quarantine that are shown."""
MOST = 200
"""Characters of a value that are shown."""


def show_preview(found: list[Preview], *, as_json: bool) -> None:
    """Show what an ingest of some files would do, or print it as JSON."""
    if as_json:
        print_json({"dry_run": [asdict(one) for one in found]})
        return
    for one in found:
        counts = ", ".join(_counts(one))
        say(f"{one.file}: {counted(one.rows, 'row')} for {one.source}{counts and f': {counts}'}. Nothing is stored.")
        for problem in one.problems:
            say(f"  {problem.where}: {problem.what}")
        if one.quarantined > len(one.problems):
            say(f"  and {one.quarantined - len(one.problems):,} more")
        if one.already:
            say(f"  An ingest adds nothing: this file is in {one.source} already.")
        if one.refused:
            say(f"  An ingest is refused: {one.refused}")
        titles = [f"row {place}" for place in range(1, len(one.first) + 1)]
        columns = [(column, kind, *(_first(row.get(column)) for row in one.first)) for column, kind, _ in one.columns]
        if one.first:
            console().print(table("", ["column", "type", *titles], columns, cut=dict.fromkeys(titles, SOME)))
        for note in one.notes:
            say(f"  {note}")


def _counts(one: Preview) -> Iterator[str]:
    """Yield what would become of the rows."""
    counts = {
        "new": one.new,
        "unchanged": one.unchanged,
        "with other content than the store has": one.changed,
        "for quarantine": one.quarantined,
    }
    for what, count in counts.items():
        if count:
            yield f"{count:,} {what}"


def _first(value: object) -> str:
    """Return the first value of a column as people read it; texts in quotes, and no more of them than a line takes."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    told = repr(value)
    return told if len(told) <= MOST else f"{told[:MOST]}…"


def show_ingest(report: IngestReport) -> None:
    """Say what an ingest did."""
    if report.already:
        say(f"{report.file}: nothing new, this file is in {report.source} already.")
        return
    parts = [f"{report.added:,} added"]
    parts += [f"{report.revised:,} revised"] if report.revised else []
    parts += [f"{report.unchanged:,} unchanged"] if report.unchanged else []
    parts += [f"{report.quarantined:,} in quarantine"] if report.quarantined else []
    say(f"{report.file}: {counted(report.rows, 'row')} -> {report.source}: {', '.join(parts)}.")
    for note in report.notes:
        say(f"  {note}")
    for reason, count in report.reasons[:SHOWN]:
        say(f"  {count:,} x {'as ' if count > 1 else ''}{reason}")
    if report.quarantine:
        say(f"  all of them, row by row: {report.quarantine}")
