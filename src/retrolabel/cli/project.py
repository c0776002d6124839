"""``retrolabel demo``, ``compact`` and ``doctor``: around a project."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from retrolabel.cli.common import FAILED, JsonOption, StoreOption, print_json, say, workspace


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the demo project is made.")] = Path(
        "retrolabel_demo"
    ),
    items: Annotated[int, typer.Option(min=500, help="How many pieces of feedback.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The seed of the simulation.")] = 0,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print what a person would type for the same, and write nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Simulate six months of feedback, label it, change the schema, and label the history again.

    The feedback is simulated, and the truth is known. Example: retrolabel demo /tmp/demo
    """
    from retrolabel.cli.demo import run_and_show, show_steps  # noqa: PLC0415 - not needed for --help

    if explain:
        show_steps(folder, as_json=as_json)
        return
    run_and_show(folder, items, seed, as_json=as_json)


def compact(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be merged.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Merge the files of votes that many relabels left: one file a segment. Nothing is computed again.

    Example: retrolabel compact --dry-run
    """
    done = workspace(store).compact(dry_run=dry_run)
    if as_json:
        print_json({**asdict(done), "dry_run": dry_run})
        return
    if not done.segments:
        say("Nothing to merge: the votes of each segment are in one file.")
        return
    size = f", {done.bytes_before / 1e6:,.1f} MB"
    size += f" -> {done.bytes_after / 1e6:,.1f} MB" if done.bytes_after is not None else ""
    what = "would be merged" if dry_run else "merged"
    say(f"{done.files_before:,} files of votes {what} into {done.files_after:,} ({done.columns:,} columns{size}).")


def doctor(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Look for what is wrong with the project, the store and the installation.

    Example: retrolabel doctor
    """
    from retrolabel.wiring.doctor import examine  # noqa: PLC0415 - not needed for --help

    findings = examine(Path.cwd(), store)
    broken = any(finding.state == "broken" for finding in findings)
    if as_json:
        print_json({"ok": not broken, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            say(f"{finding.state:<7} {finding.what}")
            if finding.remedy:
                say(f"        Fix: {finding.remedy}")
    if broken:
        raise typer.Exit(FAILED)
