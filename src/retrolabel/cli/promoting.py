"""``retrolabel gates`` and ``labels promote|rollback|tag|log``: what consumers read, and why."""

from __future__ import annotations

from functools import partial
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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.records.decisions import Decision, Gate

ReasonOption = Annotated[str, typer.Option(help="Why; it is kept in the log.")]


def gates(
    task: TaskArgument,
    label_set: LabelSetArgument = "latest",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the conditions on a label set before consumers read it, each with its figure. Exit with 1 if one fails.

    A gate is open where there is no data to judge by. The settings [tasks.TASK.gates] say what is asked for:
    agreement, coverage_drop, flips, shares, gold_per_label, sit_out; by_hand leaves promotion to a person.

    Example: retrolabel gates issue_type latest
    """
    ws = workspace(store)
    found = ws.task(task).label_set(label_set)
    now = ws.task(task).gates(found.id)
    failed = any(gate.state == "failed" for gate in now)
    if as_json:
        print_json({"label_set": found.id, "gates": [gate.as_dict() for gate in now]})
    else:
        say(f"{task} {found.record.schema_version}, label set {found.id[:SHORT_ID]}")
        show_gates(now)
    if failed:
        raise typer.Exit(FAILED)


def show_gates(found: Sequence[Gate]) -> None:
    """Print gates, a line each."""
    rows = [(gate.state, gate.name, gate.why) for gate in found]
    console().print(
        table("", ["state", "gate", "what was found"], rows, whole=["state", "gate"], prose=["what was found"])
    )


def promote(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label_set: Annotated[
        str, typer.Argument(metavar="ID", help="The label set: id, its beginning, a tag, current or latest.")
    ],
    override: Annotated[
        bool, typer.Option("--override", help="Although a gate failed; that takes a --reason.")
    ] = False,
    reason: ReasonOption = "",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a label set be current: what labels export and task.labels() give to consumers.

    Example: retrolabel labels promote issue_type latest --reason "looked at 50 flips"
    """
    show = partial(_show_decision, as_json=as_json)
    workspace(store).task(task).promote(label_set, override=override, reason=reason, told=show)


def rollback(
    task: TaskArgument,
    reason: ReasonOption = "",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let the label set be current again that was before; a further rollback goes further back.

    Example: retrolabel labels rollback issue_type --reason "flips on invoices"
    """
    workspace(store).task(task).rollback(reason=reason, told=partial(_show_decision, as_json=as_json))


def tag(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label_set: Annotated[
        str, typer.Argument(metavar="ID", help="The label set: id, its beginning, a tag, current or latest.")
    ],
    name: Annotated[str, typer.Argument(help="The name.")],
    delete: Annotated[bool, typer.Option("--delete", help="Take the name back.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a label set a name, which is accepted wherever an id is.

    Example: retrolabel labels tag issue_type current before-the-split
    """
    found = workspace(store).task(task)
    record = found.untag(label_set, name) if delete else found.tag(label_set, name)
    if as_json:
        print_json({"task": task, "label_set": record.id, "tag": None if delete else name})
        return
    is_now = "names nothing any more" if delete else f"is label set {record.id[:SHORT_ID]}"
    say(f"{name} of {task} {is_now}.")


def log(
    task: TaskArgument,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was decided of label sets: promoted, held, rolled back; when, by whom, and why.

    Example: retrolabel labels log issue_type
    """
    found = workspace(store).task(task).decisions()
    if as_json:
        print_json({"task": task, "decisions": [each.as_dict() for each in found]})
        return
    if not found:
        say(f"Nothing was decided of label sets of {task} yet: retrolabel relabel {task}")
        return
    rows = [(f"{each.at:%Y-%m-%d %H:%M}", each.label_set[:SHORT_ID], each.kind, each.who, each.why) for each in found]
    titles = ["when (UTC)", "label set", "what", "who", "why"]
    console().print(table(f"Decisions on {task}", titles, rows, whole=titles[:3], prose=["why"], last=True))


def _show_decision(done: Decision, *, as_json: bool) -> None:
    """Print what is current now, and what was."""
    if as_json:
        print_json(done.as_dict())
        return
    say(f"{done.task}: label set {done.label_set[:SHORT_ID]} is current ({done.kind} by {done.who}: {done.why}).")
    if done.before:
        before = done.before[:SHORT_ID]
        again = f"labels promote {done.task} {before}" if done.kind == "rolled back" else f"labels rollback {done.task}"
        say(f"  before it was {before}; retrolabel {again} makes it current again")
