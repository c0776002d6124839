"""``retrolabel gold sample``: what people should label next."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    JsonOption,
    SpreadsheetOption,
    StoreOption,
    TaskArgument,
    console,
    listed,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.errors import InputError, counted

if TYPE_CHECKING:
    from retrolabel.jobs.gold.samples import Sample

PURPOSE = "dev, test or calibration; split, rare, adjudicate or audit."


def sample(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    purpose: Annotated[str | None, typer.Option("--for", metavar="PURPOSE", help=PURPOSE)] = None,
    n: Annotated[int | None, typer.Option("--n", help="How many; 100, and for audit 2 % of what there is.")] = None,
    source: Annotated[str | None, typer.Option(help="The source of the items; the task's, if it has one.")] = None,
    role: Annotated[
        str | None, typer.Option(help="For split, rare, adjudicate and audit: the role of the labels; dev if left out.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed is another draw.")] = 0,
    column: Annotated[
        list[str] | None, typer.Option("--column", help="A column of texts that people see; all if left out.")
    ] = None,
    schema: Annotated[
        str | None, typer.Option(help="The version that people are asked under; the newest if left out.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="The CSV file; TASK_PURPOSE.csv if left out.")] = None,
    undo: Annotated[
        int | None, typer.Option("--undo", metavar="BATCH", help="Take a draw back, by its number in gold list.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")] = False,
    spreadsheet: SpreadsheetOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw items for people to label next into a CSV file with an empty column label, which gold import takes back.

    Half of a draw is uniform, the rest goes to labels and fifths of certainty of the newest label set. The file has
    the probability with which each item was drawn. split: first what a new version made several labels. rare: as many
    of each predicted label. adjudicate: what people are tied on or differ on. audit: what people labelled, once more.

    The draw is remembered: gold list says which items wait for a label, and these are not drawn again. --undo takes a
    draw back.

    Example: retrolabel gold sample issue_type --for test --n 200

    Example: retrolabel gold sample issue_type --for split --n 100 --seed 1 --out second.csv
    """
    if undo is not None:
        _take_back(task, undo, purpose, dry_run=dry_run, store=store, as_json=as_json)
        return
    if purpose is None:
        raise typer.BadParameter(f"--for says what the items are for: {PURPOSE}")
    file = out or Path(f"{task}_{purpose}.csv")
    found = (
        workspace(store)
        .task(task)
        .gold.sample(
            n,
            purpose=purpose,
            source=source,
            role=role,
            seed=seed,
            columns=listed(column),
            schema=schema,
            out=None if dry_run else file,
            spreadsheet=spreadsheet,
        )
    )
    command = import_command(task, file)
    if as_json:
        print_json({**found.as_dict(), "file": None if dry_run else str(file), "import": command})
        return
    _show(found)
    say("Nothing was written." if dry_run else f"{counted(found.items, 'item')} -> {file}")
    say(f"  label: {', '.join(found.labels)} ({found.version}); rows without a label are passed over")
    say(f"  {command}")
    say("    --annotator-name NAME, or --annotator COLUMN, says who labelled it")


def import_command(task: str, file: Path) -> str:
    """Return the command that takes the file back: the batch that it names knows the rest.

    Args:
        task: The task.
        file: The file that the draw was written to.
    """
    return shlex.join(["retrolabel", "gold", "import", task, str(file)])


def _take_back(  # noqa: PLR0913 - the options of a command
    task: str, number: int, purpose: str | None, *, dry_run: bool, store: Path | None, as_json: bool
) -> None:
    """Take a draw back, and say what becomes of its items."""
    if purpose is not None:
        raise InputError("--undo takes a draw back, and --for makes one.", remedy="leave one of the two out")
    found = workspace(store).task(task).gold.undo_sample(number, dry_run=dry_run)
    if as_json:
        print_json({**found.as_dict(), "done": not dry_run})
        return
    say(f"Batch {number} of {task}: {'would be taken back' if dry_run else 'taken back'}.")
    say(f"  {counted(len(found.waiting), 'item')} nobody labelled: they can be drawn again.")
    if found.answered:
        say(
            f"  {counted(found.answered, 'item')} somebody labelled: these labels stay, with the draw that they are of."
        )


def _show(found: Sample) -> None:
    """Print what was drawn, from what, and what it buys."""
    say(f"{found.items:,} of {found.population:,} items of {found.source}, for {found.purpose}, seed {found.seed}.")
    if found.left_out:
        say(f"  not drawn from: {'; '.join(f'{count:,} {why}' for why, count in found.left_out.items())}.")
        say("    Probabilities are over the other items.")
    if found.duplicates:
        say(f"  {found.duplicates:,} items are exact duplicates of others: one is drawn, copies says how many it is.")
    if found.label_set:
        say(f"  strata: label set {found.label_set[:12]}")
    rows = [(each.name, each.items, each.drawn) for each in found.strata]
    console().print(table("", ["of", "items", "drawn"], rows, right=["items", "drawn"]))
    if found.half_width is not None:
        say(f"  It buys: a share of these {found.population:,} items within +-{found.half_width:.3f} (95 %, at worst).")
    for note in found.notes:
        say(f"  {note}")
