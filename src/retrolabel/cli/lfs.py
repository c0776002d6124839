"""``retrolabel lf``: the labeling functions of a task."""

from __future__ import annotations

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
                    "reads": ["(the whole row)"] if lf.takes_row else list(lf.columns),
                    "description": lf.description,
                    "file": one.code[lf.name]["file"],
                    "examples": len(lf.examples) + len(lf.non_examples),
                }
            )
    if as_json:
        print_json({"lfs": found, "broken_examples": broken})
    else:
        rows = [(f["lf"], ", ".join(f["votes"]), ", ".join(f["reads"]), f["description"]) for f in found]
        console().print(table(f"{len(found)} labeling functions", ["LF", "votes", "reads", "what it looks for"], rows))
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
    numbers = [
        name for name in ("coverage", "overlaps", "conflicts", "precision", "correct", "incorrect") if name in frame
    ]
    shown = [
        "votes",
        "coverage",
        "overlaps",
        "conflicts",
        *(["precision", "correct", "incorrect"] if "precision" in frame else []),
    ]
    titles = {
        "coverage": "cover",
        "overlaps": "overlap",
        "conflicts": "conflict",
        "incorrect": "wrong",
        "correct": "right",
    }
    rows = [(name, *(row[column] for column in shown)) for name, row in frame.iterrows()]
    right = [titles.get(name, name) for name in numbers]
    console().print(
        table(f"{task}: {len(frame)} labeling functions", ["LF", *(titles.get(n, n) for n in shown)], rows, right=right)
    )
    if "precision" not in frame:
        say("No dev gold yet, so precision is unknown: retrolabel gold import")
