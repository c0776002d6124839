"""``retrolabel labels export --to mlflow``: labels back to the traces that items came from."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from retrolabel.cli.common import FAILED, SHORT_ID, print_json, say
from retrolabel.errors import InputError, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.wiring.trace_export import ToTraces, WrittenBack
    from retrolabel.wiring.workspace import Workspace

PLACE = "mlflow"
A_SECOND = 28
"""Assessments that a server was measured to take in a second: of one worker, with SQLite, on two busy cores."""
MANY = 1000


def check_place(to: str | None) -> None:
    """Refuse a place that there is not.

    Raises:
        InputError: It is another one than mlflow.
    """
    if to not in (None, PLACE):
        raise InputError(f"Labels go to mlflow, and not to {to!r}.", remedy="--to mlflow, or --out FILE")


def write_back(ws: Workspace, task: str, label_set: str, to: ToTraces, *, as_json: bool) -> None:
    """Write a label set back to traces, and say what became of it."""
    from retrolabel.wiring.trace_export import TraceExport  # noqa: PLC0415 - not needed for --help

    done = TraceExport(ws, ws.task(task).label_set(label_set), to).write()
    if as_json:
        print_json(asdict(done))
    else:
        for line in _told(done, task, to):
            say(line)
    if done.stopped:
        raise typer.Exit(FAILED)


def _told(done: WrittenBack, task: str, to: ToTraces) -> Iterator[str]:
    counts = {
        "new": done.written,
        "in place of an older label set's": done.overridden,
        "there already": done.kept,
        "taken back (no label any more)": done.taken_back,
    }
    parts = ", ".join(f"{many:,} {what}" for what, many in counts.items() if many) or "none"
    would = "would be written" if done.dry_run else "written"
    where = f"{', '.join(done.experiments)} at {done.server}"
    of = f"{done.labelled:,} labels of {counted(done.items, 'item')}"
    writes = done.written + done.overridden
    rate = f", {writes / done.seconds:,.0f}/s" if writes >= MANY and done.seconds and not done.dry_run else ""
    yield f"{task}, label set {done.label_set[:SHORT_ID]}: {of} -> {where} ({done.seconds:.1f} s{rate})"
    yield f"  assessments {would}: {parts}"
    if done.dry_run and writes >= A_SECOND:
        seconds = f"{writes / A_SECOND:,.0f} s"
        yield f"  that takes about {seconds}, at {A_SECOND} a second: what a busy server took; an idle one is faster"
    if done.missing:
        items = counted(done.missing, "item")
        are = "is" if done.missing == 1 else "are"
        yield f"  {items} {are} in none of these experiments: the trace was deleted, or is in another one"
    if to.dataset:
        records = f"{counted(done.records, 'record')} {would}, with what was asked"
        yield f"  dataset {to.dataset}: {records}: texts leave the store"
    if to.dataset and done.same_inputs:
        traces = counted(done.same_inputs, "trace")
        yield f"    {traces} with the inputs of another one: a dataset has one record for them, the newest label counts"
    if done.stopped:
        yield f"  Not all was written: {done.stopped}"
        yield "  What was written stands; the same command goes on from there."
