"""``retrolabel lf suggest``: words that may become labeling functions, with what they are worth."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import JsonOption, StoreOption, TaskArgument, listed, print_json, say, workspace
from retrolabel.cli.errors import show_texts
from retrolabel.errors import counted, for_shell

if TYPE_CHECKING:
    from retrolabel.analysis.suggested_lfs import SuggestedLfs
    from retrolabel.analysis.trying.tried import Shown


def suggest(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label: Annotated[str | None, typer.Option(help="Suggest for this label only.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many are suggested at most, the best first.")] = 10,
    write: Annotated[
        Path | None, typer.Option("--write", help="Write them into this file, to edit; none of them votes there.")
    ] = None,
    besides: Annotated[
        list[Path] | None, typer.Option("--besides", help="Leave out what is in this file, repeated: offered before.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", help="Look for words here, repeated; else where LFs read.")
    ] = None,
    items: Annotated[int, typer.Option(min=1, help="How many items are drawn; dev gold comes on top.")] = 20_000,
    show: Annotated[int, typer.Option(min=0, help="How many hits of each kind are shown.")] = 1,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Suggest labeling functions: words that speak for a label, by dev gold or by a label set; nothing is switched on.

    Half of dev gold chooses words, then what the newest label set is sure of; the other half judges them. With less
    than 200 gold items the label set alone chooses. What labeling functions look for already is left out, and what
    --besides names; items with test gold are not looked at.

    Example: retrolabel lf suggest issue_type --label bug --write suggested.py
    """
    ws = workspace(store)
    found = ws.task(task).suggest_lfs(
        label, limit=limit, columns=listed(column), items=items, besides=besides or (), write=write
    )
    if as_json:
        print_json({**found.as_dict(show), "written": None if write is None else str(write)})
        return
    _show(found, show)
    _show_next(found, write)


def _show(found: SuggestedLfs, show: int) -> None:
    every = len(found.all_found.suggestions)
    say(f"{found.task}: {len(found):,} of {counted(every, 'suggestion')}" if found else f"{found.task}: no suggestion")
    for line in [*found.told(), *(f"note: {note}" for note in found.notes)]:
        say(f"  {line}")
    for place, each in enumerate(found, start=1):
        say()
        say(f"{place}. {each.name} -> {each.found.label}: {', '.join(each.found.terms)}")
        for line in each.told(labelers=found.labelers):
            say(f"  {line}")
        for shown in found.examples(each, show):
            _show_item(shown)


def _show_item(item: Shown) -> None:
    """Print an item: what is known of it, and the texts in which words were found."""
    gold = f"gold {' | '.join(item.gold.split('|'))}" if item.gold else "no gold"
    said = f", label set {item.label} {item.probability:.2f}" if item.label and not item.gold else ""
    say(f"  {item.verdict or 'hit'}: {item.source}/{item.item_id}, {gold}{said}")
    found = {span.column for span in item.spans}
    show_texts(item.texts, [name for name in item.texts if name in found], item.spans)


def _show_next(found: SuggestedLfs, write: Path | None) -> None:
    task = found.task
    if found:
        say()
    if write is not None:
        say(f"{write}: {counted(len(found), 'labeling function')}, and none of them votes while it lies there.")
        say(f"Next: edit it, move what you keep into labeling_functions/{task}/, then retrolabel lf test {task}")
    elif found:
        label = f" --label {for_shell(found.label)}" if found.label else ""
        say(f"Next: retrolabel lf suggest {task}{label} --write suggested.py, a file to edit: none of them votes there")
