"""``retrolabel catalog``: move the catalog to another database, upgrade it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import JsonOption, StoreOption, console, print_json, say, table, terminal_progress, workspace
from retrolabel.errors import counted

if TYPE_CHECKING:
    from retrolabel.wiring.catalogs import CatalogCopy

app = typer.Typer(help="The catalog: copy it to another database, upgrade it.", no_args_is_help=True)

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]


@app.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The catalog: a store's folder, or a URL.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="An empty database's URL, or a folder.")],
    dry_run: DryRunOption = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Leave where somebody works on a task.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Copy a catalog into another database in one transaction, and read each table back. Files stay where they are.

    Nobody writes meanwhile. Killed in the middle, TO is empty. A URL is postgresql://USER@HOST/NAME; its password
    is better in PGPASSWORD or in ~/.pgpass. Exits with 4 where somebody works on a task, with --no-wait.

    Example: retrolabel catalog copy .retrolabel postgresql://labels@db/labels
    """
    from retrolabel.wiring.catalogs import copy_between  # noqa: PLC0415 - not needed for --help

    progress = terminal_progress()
    done = copy_between(source, target, progress=progress, wait=not no_wait, dry_run=dry_run)
    if as_json:
        print_json({**asdict(done), "dry_run": dry_run, "verified": not dry_run})
        return
    _show(done, dry_run=dry_run)


def _show(done: CatalogCopy, *, dry_run: bool) -> None:
    rows = sum(done.rows.values())
    hashes = {each.name: each.sha256[:12] for each in done.tables}
    if dry_run:
        say(f"{counted(rows, 'row')} would be copied from {done.source} to {done.target}. Nothing was written.")
        console().print(
            table("", ["table", "rows"], [[name, count] for name, count in done.rows.items() if count], right=["rows"])
        )
        return
    listed = [[name, count, hashes[name]] for name, count in done.rows.items() if count]
    console().print(
        table("", ["table", "rows", "hash on both sides"], listed, right=["rows"], whole=["hash on both sides"])
    )
    empty = sum(not count for count in done.rows.values())
    say(f"Copied {counted(rows, 'row')} of {counted(len(done.rows), 'table')} from {done.source} to {done.target}.")
    say(f"Each table was read back: counts and hashes agree ({counted(empty, 'table')} of no rows).")
    say("Next, for everybody who uses this store:")
    if done.is_store:
        say(f"  store = {json.dumps(done.setting)} in the settings, and no catalog.")
        say("  Files are no part of a catalog: copy those of the old store there, or let objects name them.")
    else:
        say(f"  catalog = {json.dumps(done.setting)} in the settings, or RETROLABEL_CATALOG.")
        say("  The password belongs in PGPASSWORD or ~/.pgpass.")
        say("  Files are no part of a catalog: they stay where they are, and store or objects names them as before.")
    say("  retrolabel doctor looks at all of it. The old catalog is as it was: nobody should write it any more.")


@app.command()
def upgrade(
    named: Annotated[
        str | None, typer.Argument(metavar="[CATALOG]", help="A URL or a store's folder; else the project's.")
    ] = None,
    dry_run: DryRunOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a catalog to what this version writes, or make its tables: all of it or nothing.

    The first command that writes does the same. Example: retrolabel catalog upgrade --dry-run
    """
    from retrolabel.wiring.catalogs import upgrade as bring_up  # noqa: PLC0415 - not needed for --help

    done = bring_up(workspace(store), named, dry_run=dry_run)
    if as_json:
        print_json({**asdict(done), "dry_run": dry_run})
        return
    if done.before == done.to:
        say(f"The catalog in {done.place} is at revision {done.to}: nothing to do.")
    elif done.before is None:
        say(f"{'There are no tables' if dry_run else 'Tables were made'} in {done.place}; revision {done.to}.")
    elif dry_run:
        say(f"The catalog in {done.place} is at revision {done.before}, and would be at {done.to}.")
        say(f"To save it first: {done.save}")
    else:
        say(f"The catalog in {done.place} was upgraded from revision {done.before} to {done.to}.")
