"""``retrolabel lf``: the labeling functions of a task."""

from __future__ import annotations

from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.common import (
    FAILED,
    READABLE,
    SHORT_ID,
    SOME,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.errors import LabelingFunctionError, RetrolabelError, counted, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.jobs.records.key_tree import KeyChange, KeyChanges
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.wiring.workspace import Workspace

LfArgument = Annotated[str, typer.Argument(metavar="TASK:LF", help="The labeling function, e.g. issue_type:asks_how.")]
LfsArgument = Annotated[str, typer.Argument(metavar="TASK[:LF]", help="The task, or one of its labeling functions.")]

app = typer.Typer(
    help="Labeling functions: list them, and see what they do.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("list")
def list_(
    task: Annotated[str | None, typer.Argument(metavar="[TASK]", help="One task; all if left out.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List labeling functions, what they vote and read; run their examples.

    Example: retrolabel lf list issue_type
    """
    ws = workspace(store)
    found: list[dict[str, Any]] = []
    slices: list[dict[str, Any]] = []
    broken: list[str] = []
    for name in [task] if task else ws.tasks():
        one = ws.task(name).discover()
        for lf in one.lfs:
            broken += [f"{name}: {problem}" for problem in lf.check_examples()]
            found.append(
                {
                    "task": name,
                    "lf": lf.name,
                    "votes": [str(vote) for vote in lf.declared],
                    "reads": ["the whole row"] if lf.takes_row else list(lf.reads),
                    "description": lf.description,
                    "file": one.code[lf.name]["file"],
                    "examples": len(lf.examples) + len(lf.non_examples),
                }
            )
        for of in one.slices.functions:
            broken += [f"{name}: {problem}" for problem in of.check_examples()]
            slices.append(
                {
                    "task": name,
                    "slice": of.name,
                    "reads": ["the whole row"] if of.asked.takes_row else list(of.asked.reads),
                    "description": of.description,
                    "file": one.slices.code[of.asked.name]["file"],
                    "examples": len(of.examples) + len(of.non_examples),
                }
            )
    if as_json:
        print_json({"lfs": found, "slices": slices, "broken_examples": broken})
    else:
        _show_list(found, last=not broken and not slices)
        for each in slices:
            say(f"{each['task']}: slice {each['slice']} ({', '.join(each['reads'])}): {each['description']}")
        for problem in broken:
            say(f"Broken example: {problem}")
        if broken:
            say("Fix: mend the labeling function, or the example; then retrolabel lf list again")
    if broken:
        raise typer.Exit(FAILED)


def _show_list(found: list[dict[str, Any]], *, last: bool) -> None:
    """Print labeling functions, a table for each task."""
    titles, cut = ["LF", "votes", "reads", "what it looks for"], {"votes": SOME, "what it looks for": READABLE}
    for task, of_task in groupby(found, key=lambda each: each["task"]):
        rows = [
            (each["lf"], ", ".join(each["votes"]).replace("|", " | "), ", ".join(each["reads"]), each["description"])
            for each in of_task
        ]
        title = f"{task}: {counted(len(rows), 'labeling function')}"
        ends = last and task == found[-1]["task"]
        console().print(table(title, titles, rows, cut=cut, spare=["reads"], last=ends))


@app.command()
def faults(task: TaskArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Show the items on which labeling functions failed, and why: the first of each, with traceback.

    Example: retrolabel lf faults issue_type
    """
    ws = workspace(store)
    counts, kept = ws.task(task).failures()
    if as_json:
        found = [
            {"lf": f.lf, "source": f.source, "item_id": f.item_id, "error": f.error, "trace": f.trace} for f in kept
        ]
        print_json({"task": task, "counts": counts, "faults": found})
        return
    for fault in kept:
        say(f"{fault.lf} on {fault.source}/{fault.item_id}: {fault.error}")
        say("".join(f"    {line}\n" for line in fault.trace.splitlines()), whole=True)
    for lf, count in counts.items():
        shown = sum(fault.lf == lf for fault in kept)
        if shown < count:
            say(f"{lf} failed on {counted(count, 'item')}; of each segment the first few are kept, and shown here.")
    if not kept:
        say("No faults.")


@app.command()
def show(
    lf: LfArgument,
    why: Annotated[bool, typer.Option("--why", help="All that its key depends on, as a tree.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a labeling function: what it votes and reads, its key, its source; and with --why what its key is made of.

    Example: retrolabel lf show issue_type:asks_how --why
    """
    ws = workspace(store)
    name, wanted = task_and_lf(ws, lf, "show")
    task = ws.task(name).discover()
    found = _one(task, wanted)
    code, tree = task.code[found.name], task.trees[found.name]
    if as_json:
        print_json(
            {
                "task": task.name,
                "lf": found.name,
                "votes": [str(vote) for vote in found.declared],
                "reads": ["the whole row"] if found.takes_row else list(found.reads),
                "features": sorted(found.features),
                "description": found.description,
                "version": found.version,
                **code,
                "key": task.keys[found.name],
                **({"depends": tree.flat()} if why else {}),
            }
        )
        return
    say(f"{task.name}:{found.name}  {found.description}".rstrip())
    say(f"votes     {', '.join(str(vote) for vote in found.declared).replace('|', ' | ')}")
    say(f"reads     {'the whole row' if found.takes_row else ', '.join(found.reads)}")
    if found.features:
        say(f"features  {', '.join(sorted(found.features))}")
    say(f"file      {code['file']}:{code['line']}")
    say(f"key       {task.keys[found.name][:SHORT_ID]}")
    if why:
        say("The key depends on:")
        for line in list(tree.lines())[1:]:
            say(line)
    else:
        say()
        say(code["source"], whole=True)


@app.command()
def diff(
    lf: LfsArgument,
    against: Annotated[str, typer.Option(metavar="ID", help="The label set to compare with.")] = "latest",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why keys changed since a label set was made: what each labeling function depends on, then and now.

    Example: retrolabel lf diff issue_type:asks_how --against latest
    """
    from retrolabel.jobs.records.key_tree import compare_keys  # noqa: PLC0415 - not needed for --help

    ws = workspace(store)
    name, wanted = task_and_lf(ws, lf, "diff")
    task = ws.task(name).discover()
    label_set = ws.task(name).label_set(against)
    recorded = label_set.manifest["recorded"]["lfs"]
    if wanted and wanted not in {entry["name"] for entry in recorded}:
        _one(task, wanted)
    changes = compare_keys(recorded, task.keys, task.trees, wanted or None)
    if as_json:
        print_json(
            {
                "task": name,
                "against": label_set.id,
                "new": list(changes.new),
                "gone": list(changes.gone),
                "renamed": dict(changes.renamed),
                "changed": {each: change.as_dict() for each, change in changes.changed.items()},
                "same": changes.same,
            }
        )
        return
    for line in _told(changes):
        say(line)
    have = "has" if changes.same == 1 else "have"
    say(f"{counted(changes.same, 'labeling function')} {have} the same key as in label set {label_set.id[:SHORT_ID]}.")
    if not changes:
        say("Nothing changed.")


@app.command()
def check(
    task: TaskArgument,
    items: Annotated[int, typer.Option(min=1, help="How many items of the store they run on.")] = 500,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run each labeling function twice, in another order and process, and name those that do not say the same.

    Example: retrolabel lf check issue_type --items 500
    """
    from retrolabel.wiring.determinism import check_determinism  # noqa: PLC0415 - not needed for --help

    found = check_determinism(workspace(store), task, items)
    if as_json:
        liars = [
            {"lf": each.lf, "item": each.item, "first": each.first, "second": each.second, "items": each.items}
            for each in found.liars
        ]
        print_json({"task": task, "lfs": found.lfs, "items": found.items, "liars": liars})
    else:
        for each in found.liars:
            more = f" (and on {each.items - 1:,} more)" if each.items > 1 else ""
            say(f"{each.lf} said two things of {each.item}: {each.first}, then {each.second}{more}")
        if found.liars:
            say("A vote may depend on nothing but the item: no clock, chance, order of a set, state between calls.")
        else:
            lfs, of = counted(found.lfs, "labeling function"), counted(found.items, "item")
            say(f"ok: {lfs} said the same of {of} twice.")
    if found.liars:
        raise typer.Exit(FAILED)


def task_and_lf(ws: Workspace, written: str, command: str) -> tuple[str, str]:
    """Return the task and the labeling function of ``TASK:LF``; a labeling function without its task is refused."""
    name, _, wanted = written.partition(":")
    if wanted or not ws.project or name in ws.tasks():
        return name, wanted
    homes = [task for task in ws.tasks() if _has(ws, task, name)]
    if homes:
        raise LabelingFunctionError(
            f"{name} is a labeling function, not a task.", remedy=f"retrolabel lf {command} {homes[0]}:{name}"
        )
    return name, wanted


def _has(ws: Workspace, task: str, name: str) -> bool:
    """Return whether a task has a labeling function of this name; one that cannot be used has none."""
    with suppress(RetrolabelError):
        return name in {lf.name for lf in ws.task(task).lfs}
    return False


def _one(task: FoundTask, name: str) -> LabelingFunction:
    """Return a labeling function of a task by its name."""
    known = [lf.name for lf in task.lfs]
    if name not in known:
        what = f"There is no labeling function {name!r} in {task.name}." if name else "Which labeling function?"
        raise LabelingFunctionError(
            f"{what}{did_you_mean(name, known)}",
            remedy=f"write TASK:LF, as {task.name}:{known[0]}" if known else f"{task.name} has none yet",
        )
    return next(lf for lf in task.lfs if lf.name == name)


NEW_REVISION = "the builder looks otherwise, by an update of retrolabel (CHANGELOG) or by fold="


def _told(changes: KeyChanges) -> Iterator[str]:
    """Yield what changed, a line for each thing."""
    for name in changes.new:
        yield f"{name}: new"
    for name in changes.gone:
        yield f"{name}: gone"
    for name, before in changes.renamed.items():
        yield f"{name}: was {before}, with the same key"
    for name, change in changes.changed.items():
        yield f"{name}: another key"
        yield from _told_of(change)


def _told_of(change: KeyChange) -> Iterator[str]:
    if not (change.added or change.removed or change.changed):
        yield "  nothing that is shown of it differs: what differs is a password or token, or was not recorded"
    for path, (before, after) in change.changed.items():
        is_hash = before.startswith("#") and after.startswith("#")
        why = f"; {NEW_REVISION}" if path.endswith("rule revision") else ""
        yield f"  changed  {path}" + ("" if is_hash else f": {before} -> {after}") + why
    for path, value in change.added.items():
        yield f"  added    {path}" + (f" = {value}" if value else "")
    for path, value in change.removed.items():
        yield f"  removed  {path}" + (f" = {value}" if value else "")
