"""``retrolabel lf``: the labeling functions of a task."""

from __future__ import annotations

import math
from typing import Annotated, Any

import typer

from retrolabel.cli.common import (
    FAILED,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    table,
    workspace,
)

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
    broken: list[str] = []
    for name in [task] if task else ws.tasks():
        one = ws.task(name)
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
    if as_json:
        print_json({"lfs": found, "broken_examples": broken})
    else:
        rows = [
            (f["lf"], ", ".join(f["votes"]).replace("|", " | "), f"{f['description']} ({', '.join(f['reads'])})")
            for f in found
        ]
        console().print(table(f"{len(found)} labeling functions", ["LF", "votes", "what it looks for (column)"], rows))
        for problem in broken:
            say(f"Broken example: {problem}")
    if broken:
        raise typer.Exit(FAILED)


@app.command()
def summary(
    task: TaskArgument,
    to: Annotated[str | None, typer.Option(help="The schema version; the newest if left out.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show coverage, overlaps and conflicts of each labeling function, and its precision on dev gold.

    Example: retrolabel lf summary issue_type
    """
    frame = workspace(store).lf_summary(task, to=to)
    if as_json:
        print_json(
            {
                "task": task,
                "lfs": frame.reset_index().astype(object).where(frame.reset_index().notna(), None).to_dict("records"),
            }
        )
        return
    judged = "precision" in frame
    titles = ["LF", "votes", "cov", "ovl", "cfl", *(["prec", "n"] if judged else [])]
    rows = []
    for name, row in frame.iterrows():
        measured = [_percent(row[column]) for column in ("coverage", "overlaps", "conflicts")]
        if judged:
            measured += [_percent(row["precision"]), f"{int(row['correct'] + row['incorrect']):,}"]
        rows.append((name, row["votes"].replace("|", " | "), *measured))
    console().print(table(f"{task}: {len(frame)} labeling functions", titles, rows, right=titles[2:]))
    say("cov, ovl, cfl: share of the items it votes on, with others, against others")
    for name, count in frame["faults"].items():
        if count:
            say(f"{name} failed on {count:,} items: retrolabel lf faults {task}")
    if judged:
        say("prec, n: share of its votes on dev gold that leave the gold label possible, of how many")
    else:
        say("No dev gold yet, so precision is unknown: retrolabel gold import")


@app.command()
def faults(task: TaskArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Show the items on which labeling functions failed, and why: the first of each, with traceback.

    Example: retrolabel lf faults issue_type
    """
    kept = workspace(store).faults(task)
    if as_json:
        found = [
            {"lf": f.lf, "source": f.source, "item_id": f.item_id, "error": f.error, "trace": f.trace} for f in kept
        ]
        print_json({"task": task, "faults": found})
        return
    for fault in kept:
        say(f"{fault.lf} on {fault.source}/{fault.item_id}: {fault.error}")
        say("".join(f"    {line}\n" for line in fault.trace.splitlines()))
    if not kept:
        say("No faults.")


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{share:.1%}"
