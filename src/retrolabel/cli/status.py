"""``retrolabel status``: how tasks stand, and what to type next."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    FAILED,
    SOMETHING_TO_DO,
    JsonOption,
    StoreOption,
    console,
    print_json,
    say,
    table,
    terminal_progress,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.wiring.status_values import Line


def status(
    task: Annotated[str | None, typer.Argument(help="One task; all if left out.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is current, what waits, what is stale or due, what failed, and what to type next.

    Exit with 0 where all is well, 3 where something is to be done, 1 where something failed or cannot be read: for a
    monitor. What is damaged is a line, and stops no other.

    Example: retrolabel status
    """
    from retrolabel.wiring.faulty_settings import open_for_a_look  # noqa: PLC0415 - not needed for --help
    from retrolabel.wiring.status import fault  # noqa: PLC0415 - the same

    progress = terminal_progress()
    ws, faulty = open_for_a_look(store, progress=progress, warn=progress.note)
    lines = [fault("settings", faulty)] if faulty else []
    found = [ws.task(task).status()] if task else ws.status()
    failed = bool(lines) or any(each.any("failed") for each in found)
    to_do = any(each.any("to do") for each in found)
    if as_json:
        state = "failed" if failed else "to do" if to_do else "ok"
        print_json({"state": state, "project": [asdict(x) for x in lines], "tasks": [x.as_dict() for x in found]})
    else:
        _show("project", lines)
        if lines:
            say(f"next: {lines[0].command}")
        for each in found:
            _show(each.task, each.lines)
            if each.next:
                say(f"next: {each.next}")
        if not found:
            say("There is no task: retrolabel init")
    if failed or to_do:
        raise typer.Exit(FAILED if failed else SOMETHING_TO_DO)


def _show(title: str, lines: Sequence[Line]) -> None:
    if lines:
        rows = [(line.state, line.what, line.told) for line in lines]
        console().print(table(title, ["", "", ""], rows, whole=["", ""], prose=[""], last=True))
