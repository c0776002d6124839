"""``retrolabel gold``: human labels."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import Annotated

import typer

from retrolabel.cli.common import (
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    pairs,
    print_json,
    say,
    table,
    workspace,
)

app = typer.Typer(help="Human labels: import them, see what there is.", no_args_is_help=True, rich_markup_mode=None)


@app.command("import")
def import_(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSONL or Parquet of human labels.")],
    source: Annotated[str, typer.Option(help="The source of the items.")],
    item: Annotated[str, typer.Option(help="The column of item ids.")] = "item_id",
    label: Annotated[str, typer.Option(help="The column of labels.")] = "label",
    annotator: Annotated[str | None, typer.Option(help="The column that names the person.")] = None,
    role: Annotated[str | None, typer.Option(help="dev, test or calibration, for all rows.")] = None,
    role_column: Annotated[str | None, typer.Option(help="The column that holds the role.")] = None,
    role_map: Annotated[list[str] | None, typer.Option(help="theirs=ours: e.g. train=dev,test=test.")] = None,
    schema: Annotated[str | None, typer.Option(help="The version they labelled under; the newest if left out.")] = None,
    map_label: Annotated[
        list[str] | None, typer.Option(help="stored=label, repeated; 'unsure=' says it is no label.")
    ] = None,
    sampling: Annotated[str, typer.Option(help="How the items were chosen: random, stratified, other.")] = "other",
    rationale: Annotated[str | None, typer.Option(help="The column of reasons.")] = None,
    time: Annotated[str | None, typer.Option(help="The column of times.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take human labels in: all of a file, or nothing. The same file twice adds nothing.

    Example: retrolabel gold import issue_type gold.csv --source github_issues --role dev --sampling random
    """
    report = workspace(store).import_gold(
        file,
        task,
        source,
        item=item,
        label=label,
        annotator=annotator,
        role=role,
        role_column=role_column,
        map_role=pairs(role_map, "--role-map"),
        schema=schema,
        map_label=pairs(map_label, "--map-label", commas=False),
        sampling=sampling,
        rationale=rationale,
        time=time,
    )
    if as_json:
        print_json(asdict(report))
        return
    roles = ", ".join(f"{count:,} {name}" for name, count in sorted(report.roles.items()))
    say(f"{file.name}: {report.rows:,} rows -> {report.added:,} new labels, {report.known:,} known already ({roles}).")
    if report.unlabelled:
        say(f"  {report.unlabelled:,} rows hold no label.")
    if report.quarantined:
        say(f"  {report.quarantined:,} rows on items that {source} does not have were put aside: {report.quarantine}")
    if report.ties:
        say(f"  {report.ties:,} items of {task} have no gold label, because people are tied on them.")


@app.command("list")
def list_(
    task: Annotated[str | None, typer.Argument(metavar="[TASK]", help="One task; all if left out.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what human labels there are, by task, source, role, version and sampling.

    Example: retrolabel gold list issue_type
    """
    ws = workspace(store)
    ws.check_task(task)
    batches = ws.gold_batches(task)
    if as_json:
        print_json({"gold": [dict(batch) for batch in batches]})
        return
    names = ["task", "source", "role", "schema_version", "sampling", "labels", "items", "annotators"]
    titles = ["task", "source", "role", "version", "sampling", "labels", "items", "people"]
    rows = [[batch[name] for name in names] for batch in batches]
    console().print(table("Human labels", titles, rows, right=["labels", "items", "people"]))
