"""``retrolabel gold``: human labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.common import (
    SHORT_ID,
    SOME,
    JsonOption,
    SpreadsheetOption,
    StoreOption,
    TaskArgument,
    console,
    gold_command,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.cli.gold_estimates import estimate, readiness
from retrolabel.cli.gold_export import told_of_adjudication
from retrolabel.cli.gold_import import import_
from retrolabel.errors import InputError, counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.jobs.gold.batches import BatchOfItems
    from retrolabel.wiring.gold import TaskGold
    from retrolabel.wiring.workspace import Workspace

app = typer.Typer(
    help="Human labels: import them, see what there is, how far people agree, and what labels are worth by them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("import")(import_)


@app.command()
def show(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    to: Annotated[str | None, typer.Option("--to", help="The version to read them in; the newest if left out.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write every label to this CSV file.")] = None,
    spreadsheet: SpreadsheetOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how human labels read in a version: the original, what it is there, and who resolved it.

    Below stand the gold sets, each with its hash, and what the step to this version cost them.

    Example: retrolabel gold show failure_mode --to 2.0.0
    """
    from retrolabel.wiring.label_sets import written_frame  # noqa: PLC0415 - not needed for --help

    ws = workspace(store)
    frame = ws.task(task).gold.labels(to=to)
    version = to or ws.task(task).history.head.version
    formulas = 0
    if out is not None:
        if out.exists():
            raise InputError(f"{out} exists already; nothing was written.", remedy="choose another name")
        formulas, note = written_frame(frame, out, spreadsheet=spreadsheet)
        if note:
            ws.warn(note)
    by = ["schema_version", "label", "reads_as", "kind", "suspect", "resolved_by"]
    counts = Counter(zip(*(frame[name] for name in by), strict=True))
    rows = [(*key, count) for key, count in sorted(counts.items())]
    if as_json:
        found = [dict(zip([*by, "labels"], row, strict=True)) for row in rows]
        of_file = {"file": str(out), "formulas": formulas} if out is not None else {}
        gold = ws.task(task).gold
        sets = [
            {"role": role, "items": len(each.sets), "exact": len(each.places), "hash": each.hash}
            for role, each in gold.sets(to=to).items()
        ]
        costs = [each.as_dict() for each in gold.migration(to=to)]
        told = {"task": task, "version": version, "labels": len(frame), "readings": found}
        print_json({**told, "sets": sets, "cost": costs, **of_file})
        return
    titles = ["made under", "label", "reads as", "kind", "suspect", "by", "labels"]
    shown = [(row[0], row[1], row[2].replace("|", " | "), *row[3:5], row[5] or "-", row[6]) for row in rows]
    title = f"Human labels of {task} under {version}"
    console().print(
        table(title, titles, shown, right=["labels"], whole=["made under"], cut={"reads as": SOME}, last=out is None)
    )
    for line in told_of_adjudication(ws.task(task).gold):
        say(line)
    _show_sets(ws.task(task).gold, to)
    if out is not None:
        say(f"{len(frame):,} labels -> {out}")


def _show_sets(gold: TaskGold, to: str | None) -> None:
    """Print the gold sets of a version, and what the step to it cost them."""
    rows = [
        (
            role,
            len(each.sets),
            len(each.places),
            len(each.sets) - len(each.places),
            len(each.weights),
            each.hash[:SHORT_ID],
        )
        for role, each in gold.sets(to=to).items()
    ]
    titles = ["role", "items", "one label", "several", "of a known design", "hash"]
    if rows:
        console().print(table("Gold sets", titles, rows, right=titles[1:5], whole=["hash"]))
    for cost in gold.migration(to=to):
        title = f"What {cost.after} cost the {cost.role} gold, after {cost.before}"
        labels = [
            (
                each.label,
                "-" if each.before is None else each.before,
                "-" if each.after is None else each.after,
                _wide(each.width_before),
                _wide(each.width_after),
            )
            for each in cost.labels
        ]
        labels.append(("all", cost.exact_before, cost.exact_after, "", ""))
        titles = ["label", f"one label in {cost.before}", f"in {cost.after}", "interval then", "now"]
        console().print(table(title, titles, labels, right=titles[1:]))
        now = f"{counted(cost.several, 'item')} with several labels now"
        say(f"  {now}, {counted(cost.lost, 'item')} with none that is known any more.")
        say("  interval: how wide that of a label's recall is at so many items, at worst")


def _wide(width: float | None) -> str:
    return "-" if width is None else f"{width:.2f}"


@app.command()
def agreement(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    to: Annotated[
        str | None, typer.Option("--to", help="The version to compare them in; the newest if left out.")
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="dev, test, calibration or honeypot; all but honeypots if left out.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="The source of the items; all if left out.")] = None,
    by: Annotated[str | None, typer.Option(metavar="COLUMN", help="Also by a column of the items.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how far people agree, and between which labels they differ.

    Answers of all versions are read in one. The figures are over items that two people or more answered, each with one
    label there; where a label was split, the answers are sets and have an alpha of their own. A figure is withheld
    where too few items speak. People's answers without a name count as one person's. What one person said twice of an
    item is never agreement: it stands apart, as repeats.

    Example: retrolabel gold agreement failure_mode --to 2.0.0 --role dev
    """
    from retrolabel.cli.agreement import show_agreement  # noqa: PLC0415 - not needed for --help

    found = workspace(store).task(task).gold.agreement(to=to, role=role, source=source, by=by)
    if as_json:
        print_json(found.as_dict())
        return
    show_agreement(found)


@app.command()
def retire(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label: Annotated[str, typer.Argument(metavar="LABEL", help="The label id as people gave it.")],
    schema: Annotated[str | None, typer.Option(help="The version they labelled under; any if left out.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Bring back what was taken back.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count them, and change nothing.")] = False,
    living: Annotated[bool, typer.Option("--living", help="Even labels that still say something.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take human labels back whose label the schema gave up. Nothing is deleted; --undo brings them back.

    Example: retrolabel gold retire failure_mode bad --schema 1.0.0 --dry-run
    """
    found = workspace(store).task(task).gold.retire(label, version=schema, undo=undo, dry_run=dry_run, living=living)
    if as_json:
        print_json(asdict(found))
        return
    done = ("brought back" if undo else "taken back") if found.done else "counted; nothing was changed"
    say(f"{found.labels:,} human labels {label!r} of {task}, on {found.items:,} items: {done}.")
    if found.done and not undo:
        say("  The same command with --undo brings them back.")


@app.command("list")
def list_(
    task: Annotated[str | None, typer.Argument(metavar="[TASK]", help="One task; all if left out.")] = None,
    batch: Annotated[int | None, typer.Option(help="One draw of the task: the items that wait for a label.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what human labels there are, by task, source, role, version, sampling and draw, and what each may move.

    Gold of a known design (random, or stratified with probabilities) moves how frequent labels are, and what labeling
    functions are worth; other dev gold moves the latter alone; gold of other roles moves nothing. Below stand the
    draws of gold sample, and how many of their items wait for a label.

    Example: retrolabel gold list issue_type

    Example: retrolabel gold list issue_type --batch 3
    """
    ws = workspace(store)
    if batch is not None:
        _list_batch(ws, task, batch, as_json=as_json)
        return
    batches = ws.task(task).gold.batches() if task else ws.gold_batches()
    drawn = ws.task(task).gold.drawn() if task else ws.gold_drawn()
    tasks = {each["task"]: ws.task(each["task"]).gold for each in batches}
    if as_json:
        ways = {name: str(gold.adjudication) for name, gold in tasks.items()}
        found = {"gold": [dict(each) for each in batches], "batches": [each.as_dict() for each in drawn]}
        print_json({**found, "adjudication": ways})
        return
    if not batches and not drawn:
        say(f"No human labels{f' of {task}' if task else ''} yet: {gold_command(task or 'TASK')}")
        return
    _show_labels(batches, tasks)
    _show_batches(drawn)


def _show_labels(batches: Sequence[Mapping[str, Any]], tasks: Mapping[str, TaskGold]) -> None:
    """Print what human labels there are, and how they are adjudicated."""
    if not batches:
        return
    several = len({batch["task"] for batch in batches}) > 1
    of = "" if several else f" of {batches[0]['task']}"
    names = ["source", "role", "schema_version", "sampling", "labels", "items", "annotators", "moves"]
    titles = ["source", "role", "version", "sampling", "labels", "items", "people", "moves"]
    names, titles = (["task", *names], ["task", *titles]) if several else (names, titles)
    rows = [[*(batch[name] for name in names[:-1]), _moved(batch)] for batch in batches]
    right = ["labels", "items", "people"]
    console().print(table(f"Human labels{of}", titles, rows, right=right, whole=["version"], last=True))
    for name, gold in tasks.items():
        for line in told_of_adjudication(gold):
            say(f"{name}: {line}" if several and not line.startswith(" ") else line)


def _show_batches(drawn: Sequence[BatchOfItems]) -> None:
    """Print the draws that are remembered."""
    if not drawn:
        return
    titles = ["batch", "for", "role", "drawn", "version", "items", "labelled", "waiting", "file"]
    rows = [
        (
            f"{each.batch.task}#{each.number}",
            each.batch.purpose,
            each.batch.role,
            f"{each.batch.at:%Y-%m-%d}",
            each.batch.schema_version,
            len(each.items),
            each.answered,
            "taken back" if each.batch.undone_at else len(each.waiting),
            each.batch.file,
        )
        for each in drawn
    ]
    right = ["items", "labelled", "waiting"]
    console().print(table("Batches for people", titles, rows, right=right, whole=["batch", "drawn"], last=True))


def _list_batch(ws: Workspace, task: str | None, number: int, *, as_json: bool) -> None:
    """Print one draw, with the items that wait for a label."""
    if task is None:
        raise InputError("--batch names a draw of a task.", remedy=f"retrolabel gold list TASK --batch {number}")
    found = ws.task(task).gold.batch(number)
    if as_json:
        print_json(found.as_dict())
        return
    batch = found.batch
    say(f"Batch {number} of {task}: {counted(len(found.items), 'item')} of {batch.source}, drawn for {batch.purpose}")
    say(f"  on {batch.at:%Y-%m-%d}, seed {batch.seed}, under {batch.schema_version}, into {batch.file}")
    if batch.undone_at is not None:
        say(f"  taken back on {batch.undone_at:%Y-%m-%d}; {found.answered:,} were labelled by now")
        return
    say(f"  {found.answered:,} labelled, {len(found.waiting):,} without a label yet")
    for item_id in found.waiting:
        say(f"{item_id}")


def _moved(batch: Mapping[str, Any]) -> str:
    """Return what a batch of human labels may move in a label model, as a table shows it."""
    names = {"shares": "shares", "labeling_functions": "LFs"}
    return ", ".join(names[each] for each in batch["moves"]) or "nothing"


app.command()(estimate)
app.command()(readiness)
