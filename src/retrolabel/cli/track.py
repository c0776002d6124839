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
    """List what MLflow was not told, since it could not be reached: relabels, and what is current; --resend sends it.

    Exits with 1 where something is left after --resend. A relabel is one run there, however often it is tried.

    Example: retrolabel track --resend
    """
    from retrolabel.wiring.tracking import resend as send_again  # noqa: PLC0415 - not needed for --help
    from retrolabel.wiring.tracking import waiting_pointers, waiting_runs  # noqa: PLC0415 - the same

    ws = workspace(store)
    if not resend:
        runs, pointers = waiting_runs(ws), waiting_pointers(ws)
        if as_json:
            waiting = [{"label_set": run.label_set, "name": run.name, "at": _utc(run.at)} for run in runs]
            print_json({"waiting": waiting, "current_of": pointers})
            return
        for run in runs:
            say(f"{run.name}, label set {run.label_set[:SHORT_ID]}, of {_utc(run.at)[:16].replace('T', ' ')} UTC")
        for task in pointers:
            say(f"{task}: MLflow's alias current may name another label set than labels export gives")
        what = [counted(len(runs), "run")] * bool(runs) + ["what is current"] * bool(pointers)
        if what:
            say(f"{' and '.join(what)} not reported to MLflow yet. Fix: retrolabel track --resend")
        else:
            say("Nothing waits: every relabel that was to be tracked is in MLflow.")
        return
    done = send_again(ws)
    if as_json:
        sent = [{"label_set": label_set, "mlflow_run": run} for label_set, run in done.sent]
        print_json({"sent": sent, "left": done.left, "pointed": done.pointed, "current_of": done.pointers_left})
    else:
        for label_set, taken_as in done.sent:
            say(f"label set {label_set[:SHORT_ID]}: MLflow run {taken_as}")
        for task in done.pointed:
            say(f"{task}: MLflow's alias current names what labels export gives")
        left = f"; {counted(done.left, 'run')} left, and the same command tries again" if done.left else ""
        say(f"{counted(len(done.sent), 'run')} sent{left}.")
    if done.left or done.pointers_left:
        raise typer.Exit(FAILED)


def _utc(at: float) -> str:
    """Return a time as ISO 8601, to the second."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
