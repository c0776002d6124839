"""``retrolabel labels verify``: a label set held against what was written, and against what it rests on."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    FAILED,
    SHORT_ID,
    JsonOption,
    LabelSetArgument,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.errors import Problem
    from retrolabel.jobs.records.checks import DeepVerification
    from retrolabel.jobs.records.manifests import LabelSetRecord


def verify(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label_set: LabelSetArgument = "latest",
    deep: Annotated[
        bool, typer.Option("--deep", help="Make it again from votes and gold, and call labeling functions again.")
    ] = False,
    sample: Annotated[
        int | None,
        typer.Option("--sample", min=0, metavar="N", help="With --deep: call them on N items only, evenly taken."),
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hash again all that a label set rests on, and models trained on it; say which file is not as it was written.

    With --deep labels and probabilities are made again from stored votes, gold as it was and the settings of then,
    and compared to the bit; labeling functions that this checkout has under the same keys are called again. Each
    check passed, failed, or is open: it could not be done again, and says why. Exit with 1 if one failed; what is open
    is told, and exits with 0. Nothing is written.

    Example: retrolabel labels verify issue_type current --deep
    """
    if sample is not None and not deep:
        raise typer.BadParameter("is about the calls of --deep", param_hint="--sample")
    from retrolabel.wiring.stored_models import models_on  # noqa: PLC0415 - not needed for --help

    ws = workspace(store)
    found = ws.task(task).label_set(label_set)
    if deep:
        with redirect_stdout(sys.stderr):  # what authors print is no part of the output
            done = ws.task(task).verify_deep(found.id, sample=sample)
        _show_deep(found.record, done, as_json=as_json)
        return
    problems, models = ws.task(task).verify(found.id), models_on(ws, found.record)
    if as_json:
        told = {"label_set": found.id, "ok": not problems, "models": [each.id for each in models]}
        print_json({**told, "problems": [asdict(problem) for problem in problems]})
    else:
        _show_problems(task, problems)
        if not problems:
            trained = f", its votes, and {counted(len(models), 'model')} trained on it" if models else " and its votes"
            say(f"ok: label set {found.id[:SHORT_ID]}, its feedback{trained} are as they were written.")
    if problems:
        raise typer.Exit(FAILED)


def _show_problems(task: str, problems: Sequence[Problem]) -> None:
    """Print what is damaged, and what helps."""
    for problem in problems:
        say(f"damaged: {problem}")
    if not all(problem.remedy for problem in problems):
        again = f"retrolabel relabel {task} --repair makes votes and label sets again"
        say(f"Fix: {again}; feedback comes from a backup")


def _show_deep(record: LabelSetRecord, done: DeepVerification, *, as_json: bool) -> None:
    """Print checks, a line each, then what they say together.

    Raises:
        Exit: One failed.
    """
    if as_json:
        print_json(done.as_dict())
    else:
        say(f"{record.task} {record.schema_version}, label set {record.id[:SHORT_ID]}")
        rows = [(check.state, check.name, check.why) for check in done.checks]
        console().print(
            table("", ["state", "check", "what was found"], rows, whole=["state", "check"], prose=["what was found"])
        )
        _show_problems(record.task, done.problems)
        left = f"; {counted(len(done.open), 'thing')} could not be done again, which says neither yes nor no"
        said = (
            f"failed: {counted(len(done.failed), 'check')}" if done.failed else "ok: nothing contradicts the label set"
        )
        say(f"{said}{left if done.open else ''}.")
    if done.failed:
        raise typer.Exit(FAILED)
