"""``retrolabel track``: relabels that no tracker took yet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from retrolabel.cli.common import FAILED, SHORT_ID, JsonOption, StoreOption, print_json, say, workspace
from retrolabel.errors import counted


def track(
    resend: Annotated[bool, typer.Option("--resend", help="Send them now, oldest first.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the relabels that MLflow was not told of, since it could not be reached; --resend sends them.

    Exits with 1 where some are left after --resend. Each is one run there, however often it is tried.

    Example: retrolabel track --resend
    """
    from retrolabel.wiring.tracking import resend as send_again  # noqa: PLC0415 - not needed for --help
    from retrolabel.wiring.tracking import waiting_runs  # noqa: PLC0415 - the same

    ws = workspace(store)
    if not resend:
        runs = waiting_runs(ws)
        if as_json:
            waiting = [{"label_set": run.label_set, "name": run.name, "at": _utc(run.at)} for run in runs]
            print_json({"waiting": waiting})
            return
        for run in runs:
            say(f"{run.name}, label set {run.label_set[:SHORT_ID]}, of {_utc(run.at)[:16].replace('T', ' ')} UTC")
        if runs:
            say(f"{counted(len(runs), 'run')} not reported to MLflow yet. Fix: retrolabel track --resend")
        else:
            say("Nothing waits: every relabel that was to be tracked is in MLflow.")
        return
    done = send_again(ws)
    if as_json:
        sent = [{"label_set": label_set, "mlflow_run": run} for label_set, run in done.sent]
        print_json({"sent": sent, "left": done.left})
    else:
        for label_set, taken_as in done.sent:
            say(f"label set {label_set[:SHORT_ID]}: MLflow run {taken_as}")
        left = f"; {counted(done.left, 'run')} left, and the same command tries again" if done.left else ""
        say(f"{counted(len(done.sent), 'run')} sent{left}.")
    if done.left:
        raise typer.Exit(FAILED)


def _utc(at: float) -> str:
    """Return a time as ISO 8601, to the second."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
