"""``retrolabel schema new``, ``merge-heads`` and ``diff``: from one version to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.characters import as_text
from retrolabel.cli.common import (
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    pairs,
    print_json,
    quiet,
    say,
    table,
    workspace,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.schemas.diff import LabelDiff, SchemaDiff
    from retrolabel.wiring.new_versions import NewVersion

NumberOption = Annotated[str | None, typer.Option("--version", help="Its number; what it deserves if left out.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Print the file, and write nothing.")]


def new(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    split: Annotated[list[str] | None, typer.Option(help='"bad=slow,wrong"')] = None,
    merge: Annotated[list[str] | None, typer.Option(help='"bug,crash=defect"')] = None,
    add: Annotated[list[str] | None, typer.Option(help='"question", or "crash=bug" if carved from bug')] = None,
    remove: Annotated[list[str] | None, typer.Option(help='"wontfix", or "wontfix=task" if it becomes task')] = None,
    redefine: Annotated[list[str] | None, typer.Option(help='"bug=narrower", wider or shifted')] = None,
    rename: Annotated[list[str] | None, typer.Option(help='"bug=Defect": the name; the id stays')] = None,
    rescale: Annotated[list[str] | None, typer.Option(help='"mild=low,middle", once for every old point')] = None,
    restores: Annotated[str | None, typer.Option(help="The older version whose labels come back.")] = None,
    onto: Annotated[str | None, typer.Option(help="The version to revise; the newest if left out.")] = None,
    version: NumberOption = None,
    reason: ReasonOption = "",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the next version's file from what is asked; then edit its words.

    Example: retrolabel schema new issue_type --split "bug=crash,wrong_result" --reason "Teams differ."
    """
    from retrolabel.interop.schema_source import Wish  # noqa: PLC0415 - not needed for --help

    wish = Wish(
        split=_lists(split, "--split"),
        merge={
            into: [label.strip() for label in labels.split(",")]
            for labels, into in pairs(merge, "--merge", commas=False).items()
        },
        add=_lists(add, "--add"),
        remove=_lists(remove, "--remove"),
        redefine=pairs(redefine, "--redefine"),
        rename=pairs(rename, "--rename", commas=False),
        rescale=_lists(rescale, "--rescale"),
        restores=restores,
        reason=reason,
    )
    _show_new(workspace(None).task(task).schema.new(wish, onto=onto, version=version, dry_run=dry_run), as_json=as_json)


def merge_heads(
    task: TaskArgument,
    version: NumberOption = None,
    reason: ReasonOption = "",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the file of a version that joins two heads: each branch gets what the other did.

    Example: retrolabel schema merge-heads issue_type
    """
    made = workspace(None).task(task).schema.merge_heads(version=version, reason=reason, dry_run=dry_run)
    _show_new(made, as_json=as_json)


def _lists(values: Sequence[str] | None, option: str) -> dict[str, list[str]]:
    """Return ``a=b,c`` as a mapping; nothing after the label, where ``=`` is left out."""
    given = [value if "=" in value or option in ("--split", "--rescale") else f"{value}=" for value in values or ()]
    found = pairs(given, option, commas=False)
    return {label: [part.strip() for part in parts.split(",") if part.strip()] for label, parts in found.items()}


def _show_new(made: NewVersion, *, as_json: bool) -> None:
    if as_json:
        found = {"task": made.schema.task, "version": made.schema.version, "file": made.path, "written": made.written}
        print_json({**found, "notes": made.notes, "text": made.text})
        return
    if not made.written:
        quiet()
        typer.echo(as_text(made.text, lines=True), nl=False)
        return
    say(f"{made.path}: {made.schema} is drafted.")
    for note in made.notes:
        say(f"  note: {note}")
    if "TODO" in made.text:
        say("  Write what TODO stands for; move the rules that hold for one label only. Then:")
    say(f"  retrolabel schema check {made.schema.task}")
    say(f"  retrolabel schema diff {made.schema.task} {made.schema.parents[0].version} {made.schema.version}")


def diff(
    task: TaskArgument,
    older: Annotated[str, typer.Argument(metavar="A", help="The version that things are stored under.")],
    newer: Annotated[str, typer.Argument(metavar="B", help="The version to read them in.")],
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a schema change does to each label, and to the labels, votes and gold that are stored.

    Example: retrolabel schema diff failure_mode 1.0.0 2.0.0
    """
    found = workspace(store).task(task).schema.diff(older, newer)
    if as_json:
        print_json(found.as_dict())
        return
    bump = f": a {found.given} bump; the change deserves {found.deserved}" if found.deserved else ""
    say(f"{task} {older} -> {newer}{bump}{', going down' if found.down else ''}")
    rows = [
        (
            each.change.label,
            each.change.change,
            each.change.told,
            *((each.human, sum(each.gold.values()), each.votes, each.labelled) if found.stored else ()),
        )
        for each in found.labels
    ]
    counts = ["people", "gold", "LF votes", "labelled"] if found.stored else []
    titles = ["label", "change", "what it does", *counts]
    console().print(table("", titles, rows, right=counts, prose=["what it does"]))
    if not found.stored:
        say("No store here, so nothing was counted.")
        return
    _show_effects(found)
    for each in found.labels:
        if each.choices:
            _show_choices(each, found)


def _show_effects(found: SchemaDiff) -> None:
    people = found.human
    if sum(people.values()):
        told = ", ".join(f"{people[kind]:,} {kind}" for kind in ("exact", "set", "unknown", "suspect") if people[kind])
        say(f"Human labels under {found.newer}: {told}. The originals are kept as they were given.")
    if people.get("near_miss"):
        say(f"  {people['near_miss']:,} of them might bear a label that became wider; ask people about those again.")
    by_reading: dict[str, list[str]] = {}
    for vote in found.votes:
        reads = (
            "stays out: redefined"
            if vote.suspect
            else "says nothing"
            if vote.kind == "unknown"
            else " | ".join(vote.after)
        )
        by_reading.setdefault(f"{vote.vote} of {vote.home} -> {reads}", []).append(f"{vote.lf} ({vote.votes:,})")
    for reading, lfs in by_reading.items():
        more = f", and {len(lfs) - 3} more LFs" if len(lfs) > 4 else ""  # noqa: PLR2004 - a few names
        say(f"Votes {reading}: {', '.join(lfs[:3] if more else lfs)}{more}")


def _time(hours: float | None) -> str:
    if hours is None:
        return "-"
    return f"{hours:.1f} h" if hours >= 1 else f"{max(1, round(hours * 60))} min"


def _show_choices(each: LabelDiff, found: SchemaDiff) -> None:
    say("")
    say(f"{each.waiting:,} gold items of {each.change.label} are not one label under {found.newer}; what can be done:")
    rows = [
        (
            ("* " if choice.recommended else "  ") + choice.choice,
            choice.labels,
            _time(choice.hours) if choice.labels else "-",
            choice.buys,
        )
        for choice in each.choices
    ]
    titles = ["choice", "labels", "time", "what it buys"]
    console().print(table("", titles, rows, right=["labels", "time"], prose=["what it buys"]))
    if found.seconds is None:
        say("  The time is not known: gold import --seconds COLUMN says how long people took.")
    else:
        say(f"  Time: {found.seconds:.0f} s a label, the median of what is stored. * is what the figures speak for.")
