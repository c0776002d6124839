"""``retrolabel models``: the models that were trained on a task, and which one ``predict`` asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.cli.common import (
    SHORT_ID,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    table,
    workspace,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.jobs.end_models.stored import StoredModel


def models(task: TaskArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List the models that were trained on a task, newest first: on what, how good they were, which one predict asks.

    Figures are those of when it was trained, right on gold items with a 95 % interval. A model that was trained again
    with the same label set and options is listed once.

    Example: retrolabel models issue_type
    """
    from retrolabel.wiring.stored_models import asked_model, consumed, models_of  # noqa: PLC0415 - not needed for --help

    ws = workspace(store)
    ws.check_task(task)
    found, asked, read = models_of(ws, task), asked_model(ws, task), consumed(ws, task).now
    ids = [each.id for each in found]
    if as_json:
        print_json({"task": task, "models": [_as_dict(each, asked, read) for each in found]})
        return
    if not ids:
        say(f"No model was trained on {task} yet. Fix: retrolabel train {task}")
        return
    rows = [
        (
            each.id[:SHORT_ID],
            f"{each.at:%Y-%m-%d %H:%M}",
            f"{each.label_set[:SHORT_ID]} ({each.schema_version})",
            _reads(each),
            _right(each.figures.get("test")),
            _right(each.figures.get("dev")),
            _state(each, asked, read),
        )
        for each in found
    ]
    heads = ["model", "when (UTC)", "label set", "reads", "test", "dev", ""]
    console().print(
        table("", heads, rows, whole=["model", "test", "dev"], spare=["when (UTC)", "reads", "dev"], last=True)
    )


def _state(model: StoredModel, asked: StoredModel | None, read: str | None) -> str:
    """Return what a person should know of a model."""
    if asked is not None and asked.id == model.id:
        return "predict asks it" if model.label_set == read else "predict asks it; stale"
    if model.trial:
        return "trial"
    return "" if model.label_set == read else "on labels that nobody reads now"


def _reads(model: StoredModel) -> str:
    settings: Mapping[str, Any] = model.figures.get("settings") or {}
    return ", ".join(settings.get("features") or settings.get("columns") or ())


def _right(judged: Mapping[str, Any] | None) -> str | None:
    """Return an accuracy with its interval, as it was stored; a dash where there is none."""
    if not judged or judged.get("accuracy") is None:
        return None
    return f"{judged['accuracy']:.3f} [{judged['low']:.3f}, {judged['high']:.3f}] of {judged['n']:,}"


def _as_dict(model: StoredModel, asked: StoredModel | None, read: str | None) -> dict[str, Any]:
    """Return a model as plain data."""
    return {
        **model.figures,
        "model": model.id,
        "at": model.at.isoformat(),
        "trial": model.trial,
        "on_current": model.label_set == read,
        "predict_asks": asked is not None and asked.id == model.id,
    }
