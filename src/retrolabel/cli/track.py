"""``retrolabel track``: relabels, and trained models, that no tracker took yet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import FAILED, SHORT_ID, JsonOption, StoreOption, print_json, say, workspace
from retrolabel.errors import counted

if TYPE_CHECKING:
    from retrolabel.wiring.tracking import Resent
    from retrolabel.wiring.workspace import Workspace


def track(
    resend: Annotated[bool, typer.Option("--resend", help="Send them now, oldest first.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what MLflow was not told, since it could not be reached; --resend sends it.

    That is relabels, trained models, and what is current. Exits with 1 where something is left after --resend. A
    relabel is one run there, however often it is tried, and a model one version.

    Example: retrolabel track --resend
    """
    from retrolabel.wiring.tracking import resend as send_again  # noqa: PLC0415 - not needed for --help

    ws = workspace(store)
    if not resend:
        _show_waiting(ws, as_json=as_json)
        return
    done = send_again(ws)
    if as_json:
        print_json(
            {
                "sent": [{"label_set": label_set, "mlflow_run": run} for label_set, run in done.sent],
                "left": done.left,
                "models_sent": [{"model": model, "version": version} for model, version in done.models],
                "models_left": done.models_left,
                "pointed": done.pointed,
                "current_of": done.pointers_left,
            }
        )
    else:
        _show_resent(done)
    if done.left or done.models_left or done.pointers_left:
        raise typer.Exit(FAILED)


def _show_waiting(ws: Workspace, *, as_json: bool) -> None:
    """Print what MLflow was not told yet."""
    from retrolabel.wiring.tracking import waiting_models, waiting_pointers, waiting_runs  # noqa: PLC0415 - the same

    runs, models, pointers = waiting_runs(ws), waiting_models(ws), waiting_pointers(ws)
    if as_json:
        waiting = [{"label_set": run.label_set, "name": run.name, "at": _utc(run.at)} for run in runs]
        trained = [{"task": task, "model": model} for task, model in models]
        print_json({"waiting": waiting, "models": trained, "current_of": pointers})
        return
    for run in runs:
        say(f"{run.name}, label set {run.label_set[:SHORT_ID]}, of {_utc(run.at)[:16].replace('T', ' ')} UTC")
    for task, model in models:
        say(f"{task}: trained model {model[:SHORT_ID]}")
    for task in pointers:
        say(f"{task}: MLflow's alias current may name another label set than labels export gives")
    what = _counts(len(runs), len(models)) + ["what is current"] * bool(pointers)
    if what:
        say(f"{' and '.join(what)} not reported to MLflow yet. Fix: retrolabel track --resend")
    else:
        say("Nothing waits: every relabel that was to be tracked is in MLflow.")


def _show_resent(done: Resent) -> None:
    """Print what MLflow took, and what is left."""
    for label_set, taken_as in done.sent:
        say(f"label set {label_set[:SHORT_ID]}: MLflow run {taken_as}")
    for model, version in done.models:
        say(f"model {model[:SHORT_ID]}: version {version} in MLflow's registry")
    for task in done.pointed:
        say(f"{task}: MLflow's alias current names what labels export gives")
    left = _counts(done.left, done.models_left)
    again = f"; {' and '.join(left)} left, and the same command tries again" if left else ""
    sent = _counts(len(done.sent), len(done.models)) or [counted(0, "run")]
    say(f"{' and '.join(sent)} sent{again}.")


def _counts(runs: int, models: int) -> list[str]:
    """Return how many runs and how many models there are; what there is none of is left out.

    Example:
        >>> _counts(2, 0), _counts(0, 1)
        (['2 runs'], ['1 model'])
    """
    return [counted(count, noun) for count, noun in ((runs, "run"), (models, "model")) if count]


def _utc(at: float) -> str:
    """Return a time as ISO 8601, to the second."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
