"""``retrolabel gold import``: human labels into the store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import Annotated

import typer

from retrolabel.cli.common import (
    JsonOption,
    StoreOption,
    TaskArgument,
    listed,
    pairs,
    print_json,
    say,
    workspace,
)
from retrolabel.cli.dialect_options import (
    DelimiterOption,
    EncodingOption,
    HeaderOption,
    QuotesOption,
    RowsAtOption,
    SheetOption,
    SkipLinesOption,
    SkipRowsOption,
    TimeFormatOption,
    dialect_of,
)
from retrolabel.cli.gold_shown import show_gold
from retrolabel.errors import counted


def import_(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV, JSONL, Parquet or JSON of human labels, or a tool's export.")
    ],
    source: Annotated[
        str | None, typer.Option(help="The source of the items; the batch's or the task's if left out.")
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="The tool that made it: label-studio, doccano, prodigy, argilla, spacy, mlflow, answers; auto (if left"
            " out) tells by what is inside; table takes columns as they are.",
            show_default=False,
        ),
    ] = None,
    labels_at: Annotated[
        str | None,
        typer.Option("--labels-at", help="Records of any other kind: the path of labels, as 'annotations[].labels[]'."),
    ] = None,
    annotator_at: Annotated[
        str | None,
        typer.Option("--annotator-at", help="With --labels-at: the path of people, as 'annotations[].user'."),
    ] = None,
    time_at: Annotated[str | None, typer.Option("--time-at", help="With --labels-at: the path of times.")] = None,
    match: Annotated[
        list[str] | None,
        typer.Option(
            "--match", help="theirs=ours: find items by a text, ours is a column of the source: --match text=review."
        ),
    ] = None,
    all_answers: Annotated[
        bool, typer.Option("--all-answers", help="Keep answers beside one that is marked as ground truth.")
    ] = False,
    item: Annotated[
        str | None,
        typer.Option(help="The column of item ids (a path in a tool's file); item_id if left out.", show_default=False),
    ] = None,
    item_pattern: Annotated[
        str | None,
        typer.Option(
            "--item-pattern", help=r"Where the id stands in that column: '([^/]+)\.txt$' takes r7 of s3://x/r7.txt."
        ),
    ] = None,
    label: Annotated[
        str | None,
        typer.Option(
            help="The column of labels (the question in a tool's file); label if left out.", show_default=False
        ),
    ] = None,
    annotator: Annotated[str | None, typer.Option(help="The column that names the person.")] = None,
    annotator_name: Annotated[
        str | None, typer.Option("--annotator-name", help="The one person who gave all labels of the file.")
    ] = None,
    annotator_columns: Annotated[
        list[str] | None,
        typer.Option("--annotator-columns", help="Columns of labels, each called like its person: ana,bo,cy."),
    ] = None,
    label_columns: Annotated[
        list[str] | None,
        typer.Option("--label-columns", help="Columns that are called like labels, each marked where it holds: A,B,C."),
    ] = None,
    first_label: Annotated[
        bool, typer.Option("--first-label", help="Of an answer that chooses several labels the first counts.")
    ] = False,
    where: Annotated[
        list[str] | None,
        typer.Option(help="COLUMN=VALUE or COLUMN!=VALUE (or a path): rows that count; others are left out."),
    ] = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    skip_lines: SkipLinesOption = 0,
    header: HeaderOption = None,
    sheet: SheetOption = None,
    rows_at: RowsAtOption = None,
    quotes: QuotesOption = None,
    skip_rows: SkipRowsOption = 0,
    role: Annotated[str | None, typer.Option(help="dev, test, calibration or honeypot, for all rows.")] = None,
    role_column: Annotated[str | None, typer.Option(help="The column that holds the role.")] = None,
    role_map: Annotated[list[str] | None, typer.Option(help="theirs=ours: e.g. train=dev,test=test.")] = None,
    schema: Annotated[
        str | None, typer.Option(help="The version they labelled under; the batch's or the newest if left out.")
    ] = None,
    map_label: Annotated[
        list[str] | None, typer.Option(help="stored=label, repeated; 'unsure=' says it is no label.")
    ] = None,
    sampling: Annotated[
        str | None, typer.Option(help="How the items were chosen: random, stratified, other (if left out).")
    ] = None,
    sampling_is_right: Annotated[
        bool, typer.Option("--sampling-is-right", help="Take a random sample for one, whatever speaks against it.")
    ] = False,
    probability: Annotated[
        str | None, typer.Option(help="The column of probabilities with which items were drawn (stratified).")
    ] = None,
    rationale: Annotated[str | None, typer.Option(help="The column of reasons.")] = None,
    time: Annotated[
        str | None, typer.Option(help="The column of times (ISO 8601); a person's newest answer counts.")
    ] = None,
    time_format: TimeFormatOption = None,
    seconds: Annotated[str | None, typer.Option(help="The column of seconds that the person took.")] = None,
    batch: Annotated[
        int | None, typer.Option(help="The draw that the file was written for, where its column batch is gone.")
    ] = None,
    skip_unknown: Annotated[
        bool, typer.Option("--skip-unknown-items", help="Put rows on unknown items aside, however many they are.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be stored; store nothing.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take human labels in; a value that is no label, and a row on an unknown item, is put aside and counted.

    Where they are many (half of the values, a tenth of the items) the file is refused: it may be another one.
    The same file twice adds nothing; with --map-label it adds the rows that were put aside. A person's newer
    answer on an item supersedes the older one, and the import says whose. Label sets that retrolabel exported are
    refused: they are no answers of people. --dry-run shows all this, and the first labels as they would be stored.

    Exports of Label Studio, doccano, Prodigy, Argilla, spaCy and MLflow are recognised by what is inside; predictions,
    suggestions, cancelled and rejected answers are left out, and counted (docs/files.md).

    Example: retrolabel gold import issue_type gold.csv --source github_issues --role dev --sampling random

    Example: retrolabel gold import issue_type wide.csv --source github_issues --role dev --annotator-columns ana,bo

    Example: retrolabel gold import issue_type ana.csv --source github_issues --role dev --annotator-name ana
    --time when --time-format "%d-%m-%Y"

    Example: retrolabel gold import issue_type label_studio.json --source github_issues --role dev --match text=body
    """
    from retrolabel.wiring.gold_file_options import GoldFile  # noqa: PLC0415 - not needed for --help

    ws = workspace(store)
    report = ws.task(task).gold.import_file(
        file,
        source,
        item=item,
        label=label,
        annotator=annotator,
        annotator_name=annotator_name,
        annotator_columns=listed(annotator_columns),
        role=role,
        role_column=role_column,
        map_role=pairs(role_map, "--role-map"),
        schema=schema,
        map_label=pairs(map_label, "--map-label", commas=False, verbatim=True),
        sampling=sampling,
        sampling_is_right=sampling_is_right,
        probability=probability,
        rationale=rationale,
        time=time,
        time_format=time_format,
        seconds=seconds,
        batch=batch,
        skip_unknown=skip_unknown,
        dry_run=dry_run,
        of=GoldFile(
            from_,
            labels_at,
            annotator_at,
            time_at,
            pairs(match, "--match", commas=False),
            all_answers=all_answers,
            dialect=dialect_of(encoding, delimiter, skip_lines, header, sheet, rows_at, quotes, skip_rows),
            where=tuple(where or ()),
            label_columns=listed(label_columns),
            item_pattern=item_pattern,
            first_label=first_label,
        ),
    )
    if as_json:
        print_json({"dry_run": asdict(report)} if dry_run else asdict(report))
        return
    roles = ", ".join(f"{count:,} {name}" for name, count in sorted(report.roles.items()))
    read, new = counted(report.rows, "row"), counted(report.added, "new label")
    nothing = " Nothing is stored." if dry_run else ""
    say(f"{file.name}: {read} -> {new}, {report.known:,} known already ({roles}).{nothing}")
    show_gold(report, weighed=probability is not None, of="cell" if annotator_columns else "row")
    version = (schema or report.schema_version) if report.added and not dry_run else None
    if version and version not in ws.task(task).schema.released():
        say(f"  {version} is a draft: retrolabel schema release {task} {version} keeps what people labelled under")
