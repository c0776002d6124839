"""``retrolabel status``: how tasks stand, and what to type next."""

from __future__ import annotations

from typing import Annotated

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
    workspace,
)


def status(
    task: Annotated[str | None, typer.Argument(help="One task; all if left out.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is current, what waits, what is stale or due, what failed, and what to type next.

    Exit with 0 where all is well, 3 where something is to be done, 1 where something failed: for a monitor.

    Example: retrolabel status
    """
    ws = workspace(store)
    found = [ws.task(task).status()] if task else ws.status()
    failed, to_do = (any(each.any(state) for each in found) for state in ("failed", "to do"))
    if as_json:
        print_json({"state": "failed" if failed else "to do" if to_do else "ok", "tasks": [x.as_dict() for x in found]})
    else:
        for each in found:
            rows = [(line.state, line.what, line.told) for line in each.lines]
            console().print(table(each.task, ["", "", ""], rows, whole=["", ""], prose=[""], last=True))
            if each.next:
                say(f"next: {each.next}")
        if not found:
            say("There is no task: retrolabel init")
    if failed or to_do:
        raise typer.Exit(FAILED if failed else SOMETHING_TO_DO)
