"""``retrolabel report``: one page that tells a label set."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.characters import as_text
from retrolabel.cli.common import (
    FAILED,
    SHORT_ID,
    JsonOption,
    LabelSetArgument,
    StoreOption,
    TaskArgument,
    print_json,
    quiet,
    say,
    workspace,
)
from retrolabel.errors import InputError

if TYPE_CHECKING:
    from retrolabel.wiring.reporting import Report
    from retrolabel.wiring.workspace import Workspace


def report(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label_set: LabelSetArgument = "latest",
    against: Annotated[
        str | None, typer.Option(metavar="ID", help="Compare with this label set; else with the one before.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file or folder; - is standard output. Else report-TASK-ID.html here.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is no report of ours.")] = False,
    to: Annotated[
        str | None, typer.Option("--to", help="mlflow: put the page there too, without any item or its text.")
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report on a label set: one HTML file that needs nothing else, to read, to print, to send.

    What was labelled, labels over time, agreement with gold, what changed, items to look at first, what each
    labeling function does, faults, and how to make it again.

    Example: retrolabel report issue_type latest --out report.html
    """
    if to not in (None, "mlflow"):
        raise InputError(f"A report goes to mlflow, and not to {to!r}.", remedy="--to mlflow, or --out FILE")
    if to and str(out) == "-":
        raise InputError("A report goes to standard output or to MLflow.", remedy="name a file with --out, or none")
    ws = workspace(store)
    found = ws.task(task).report(label_set, against=against)
    if str(out) == "-":
        quiet()
        sys.stdout.write(as_text(found.html, lines=True))
        return
    path = found.write(out or Path(found.file_name), force=force)
    size = path.stat().st_size
    run = _tracked(ws, found) if to else None
    if as_json:
        print_json({**found.as_dict(), "file": str(path), "bytes": size, **({"mlflow_run": run} if to else {})})
    else:
        data = found.data
        before = f", against {data.against.id[:SHORT_ID]}" if data.against else ""
        say(f"report on {task} {data.made.version}, label set {data.made.id[:SHORT_ID]}{before}")
        say(f"  -> {path} ({size / 1000:,.0f} kB)")
        if run:
            say(f"  -> MLflow run {run}: report.html, without items and their texts")
    if show:
        typer.launch(str(path))
    if to and run is None:
        raise typer.Exit(FAILED)


def _tracked(ws: Workspace, found: Report) -> str | None:
    """Put the page without texts where runs are reported to."""
    from retrolabel.wiring.reporting import report_to_tracker  # noqa: PLC0415 - not needed for --help

    return report_to_tracker(ws, found)
