"""``retrolabel ingest mlflow``: traces into the store, with what people and judges say of them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from retrolabel.cli.common import FAILED, SOME, console, print_json, say, table, workspace
from retrolabel.errors import InputError, counted, for_shell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from retrolabel.jobs.feedback.previewing import Preview
    from retrolabel.jobs.records.traces import GoldTaken, TraceReport
    from retrolabel.wiring.trace_options import TraceOptions
    from retrolabel.wiring.traces import TraceIngest

WORD = "mlflow"
"""What stands for a file where traces are meant."""
SHOWN = 5
MANY = 1000
"""Traces of which a rate says something: of fewer, most of the time is that of the start."""


def is_asked(files: Sequence[Path], experiment: str | None) -> bool:
    """Return whether traces are meant, and no file.

    Raises:
        InputError: An experiment is named beside files; or none is, and there is no file of that name.
    """
    word = [str(file) for file in files] == [WORD]
    if experiment is None and word and not files[0].exists():
        raise InputError(
            "mlflow means traces, and no experiment is named.",
            remedy="retrolabel ingest mlflow --experiment NAME --source NAME; a file of that name is ./mlflow",
        )
    if experiment is None:
        return False
    if not word:
        raise InputError(
            "--experiment is about MLflow's traces, and files are named.",
            remedy=f"retrolabel ingest mlflow --experiment {experiment} --source NAME",
        )
    return True


def refuse(given: Mapping[str, Any], *, of: str) -> None:
    """Refuse options that say nothing here.

    Args:
        given: Option -> what was given for it.
        of: What they are about, as ``files``.

    Raises:
        InputError: There are such options; all of them.
    """
    wrong = [option for option, value in given.items() if value]
    if wrong:
        raise InputError(f"{', '.join(wrong)} {'is' if len(wrong) == 1 else 'are'} about {of}.", remedy="leave it out")


def ingest_traces(  # noqa: PLR0913 - the options of a command
    source: str,
    options: TraceOptions,
    *,
    follow: bool,
    every: float,
    dry_run: bool,
    store: Path | None,
    as_json: bool,
) -> None:
    """Take the traces of an experiment in, once or until one is interrupted."""
    found = workspace(store).traces(source, options)
    if dry_run:
        preview, gold = found.preview()
        _preview(found, preview, gold, as_json=as_json)
        return
    if follow:
        _follow(found, every, as_json=as_json)
        return
    report = found.take()
    if as_json:
        print_json({"traces": as_dict(report)})
    else:
        for line in told(report):
            say(line)
    if report.stopped:
        raise typer.Exit(FAILED)


def as_dict(report: TraceReport) -> dict[str, Any]:
    """Return a report as plain data."""
    return asdict(report) | {"changed": report.changed}


def told(report: TraceReport) -> Iterator[str]:
    """Yield what became of traces, a line each."""
    rate = f", {report.traces / report.seconds:,.0f}/s" if report.traces >= MANY else ""
    since = f" since {report.since:%Y-%m-%d %H:%M} UTC" if report.since else ""
    counts = {
        "added": report.added,
        "revised": report.revised,
        "unchanged": report.unchanged,
        "in quarantine": report.quarantined,
    }
    parts = ", ".join(f"{many:,} {what}" for what, many in counts.items() if many) or "nothing new"
    traces = f"{counted(report.traces, 'trace')}{since}"
    yield f"mlflow:{report.experiment}: {traces} -> {report.source}: {parts} ({report.seconds:.1f} s{rate})."
    if report.quarantine:
        yield f"  why they are in quarantine: {report.quarantine}"
    if report.unfinished:
        under_way = "trace is under way" if report.unfinished == 1 else "traces are under way"
        yield f"  {report.unfinished:,} {under_way}, and left for the next time"
    for each in report.gold:
        yield from _of_gold(each)
    for name, many in sorted(report.other_answers.items()):
        answers = f"{counted(many, 'assessment')} {name!r} by people {'is' if many == 1 else 'are'} not taken"
        yield f"  {answers}: --gold {for_shell(name)}=TASK takes {'it' if many == 1 else 'them'} as gold of a task"
    for note in report.notes:
        yield f"  {note}"
    if report.stopped:
        yield f"  Not all was read: {report.stopped}"
        yield "  What was read is in the store; the same command goes on from there."


def _of_gold(each: GoldTaken) -> Iterator[str]:
    named = "" if each.name == each.task else f" ({each.name!r})"
    yield f"  gold of {each.task}{named}: {counted(each.added, 'new answer')}, {each.known:,} known already"
    if each.unsigned:
        yield f"    {counted(each.unsigned, 'answer')} without a name: taken as answers of one unnamed person"
    for value, many in list(each.left_out.items())[:SHOWN]:
        what = "is no label, and is left out" if many == 1 else "are no label, and are left out"
        yield f"    {many:,} x {value!r:.60} {what}; {each.remedies.get(value, '')}"
    if len(each.left_out) > SHOWN:
        yield f"    and {len(each.left_out) - SHOWN:,} more values that are no labels"


def _follow(found: TraceIngest, every: float, *, as_json: bool) -> None:
    """Take in what is new until one is interrupted; a turn that finds nothing says nothing."""
    turns = added = 0

    def tell(report: TraceReport) -> None:
        nonlocal turns, added
        turns, added = turns + 1, added + report.added
        if as_json:
            if report.changed or turns == 1:
                print_json({"traces": as_dict(report)})
        elif report.changed or turns == 1:
            say(f"{datetime.now(UTC):%H:%M:%S} UTC")
            for line in told(report):
                say(f"  {line}")

    def away(why: str, pause: float) -> None:
        typer.echo(f"{datetime.now(UTC):%H:%M:%S} UTC  {why} Asked again in {pause:.0f} s.", err=True)

    try:
        found.follow(every, tell, away)
    except KeyboardInterrupt:
        if not as_json:
            say(f"Stopped after {counted(turns, 'turn')}: {added:,} items added. The same command goes on from there.")


def _preview(found: TraceIngest, preview: Preview, gold: Sequence[GoldTaken], *, as_json: bool) -> None:
    if as_json:
        print_json({"dry_run": asdict(preview), "gold": [asdict(each) for each in gold]})
        return
    counts = {"new": preview.new, "unchanged": preview.unchanged, "to be revised": preview.changed}
    parts = ", ".join(f"{many:,} {what}" for what, many in counts.items() if many) or "none"
    first = counted(preview.rows, "trace")
    say(f"{preview.file}: the first {first} for {found.source}: {parts}. Nothing is stored.")
    columns = [(column, kind, _shown(value)) for column, kind, value in preview.columns]
    console().print(table("", ["column", "type", "first value"], columns, cut={"first value": SOME}))
    for each in gold:
        for line in _of_gold(each):
            say(line)


def _shown(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S} UTC" if isinstance(value, datetime) else f"{value!r:.200}"
