"""``retrolabel ingest``: feedback into the store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    JsonOption,
    StoreOption,
    expect,
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
from retrolabel.cli.feedback_shown import show_ingest, show_preview
from retrolabel.cli.traces import ingest_traces, is_asked, refuse
from retrolabel.errors import RetrolabelError, counted

if TYPE_CHECKING:
    from retrolabel.jobs.records.feedback import IngestReport
    from retrolabel.wiring.feedback import IngestOptions
    from retrolabel.wiring.workspace import Workspace


def ingest(  # noqa: PLR0913 - the options of a command
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="CSV and its like, JSON, JSONL, Parquet, Arrow or Excel; packed too. Or mlflow, with --experiment.",
        ),
    ],
    source: Annotated[str, typer.Option(help="The source that the items belong to, e.g. github_issues.")],
    id_column: Annotated[str | None, typer.Option("--id", help="The column of ids; else derived from the row.")] = None,
    time_column: Annotated[str | None, typer.Option("--time", help="The column of times (ISO 8601).")] = None,
    time_format: TimeFormatOption = None,
    rename: Annotated[list[str] | None, typer.Option("--map", help="new=old, repeated: rename columns.")] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(help='Columns that stay out: COL,COL (what leaks the answer); "" for all without a name.'),
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option(help="The columns that are kept: COL,COL; all others stay out.")
    ] = None,
    rename_all: Annotated[
        bool, typer.Option("--rename-all", help="Give columns names that labeling functions can read; print them.")
    ] = False,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    skip_lines: SkipLinesOption = 0,
    header: HeaderOption = None,
    sheet: SheetOption = None,
    rows_at: RowsAtOption = None,
    quotes: QuotesOption = None,
    skip_rows: SkipRowsOption = 0,
    labels: Annotated[
        list[str] | None,
        typer.Option(help="COLUMN=TASK or COLUMN=TASK@VERSION: it holds labels; others are put aside."),
    ] = None,
    map_label: Annotated[
        list[str] | None, typer.Option(help="stored=label, repeated: what a value in such a column means.")
    ] = None,
    revise: Annotated[bool, typer.Option("--revise", help="Replace items that exist with other content.")] = False,
    widen: Annotated[bool, typer.Option("--widen", help="Let the source get new columns.")] = False,
    keep_na: Annotated[
        bool, typer.Option("--keep-na", help="Keep NA, null, None in a column of numbers: as text, not as missing.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read; store nothing.")] = False,
    experiment: Annotated[str | None, typer.Option(help="mlflow: the experiment, by name or id.")] = None,
    tracking_uri: Annotated[
        str | None, typer.Option("--tracking-uri", help="mlflow: the server; else MLFLOW_TRACKING_URI, or the store's.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="mlflow: the first day, as 2026-01-01; else where it came last.")
    ] = None,
    gold: Annotated[
        list[str] | None,
        typer.Option(
            help="Human labels in the same file: TASK=COLUMN[,annotator=COLUMN][,time=COLUMN]. mlflow: TASK or"
            " NAME=TASK: people's assessments of that name. @VERSION after TASK too."
        ),
    ] = None,
    role: Annotated[
        str | None, typer.Option(help="The role of such gold, where nothing says it; dev.", show_default=False)
    ] = None,
    look_back: Annotated[
        float | None,
        typer.Option("--look-back", metavar="DAYS", min=0, help="mlflow: days that are read again for late words; 7."),
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="mlflow: go on until Ctrl-C.")] = False,
    every: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=1, help="mlflow: seconds between two turns; 30.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take feedback in. The same file twice adds nothing; broken rows go to quarantine.

    Times are ISO 8601; others need --time-format, since 03-02-2020 is two days. Years outside of 1678 to 2261 go
    to quarantine.

    Example: retrolabel ingest issues.csv --source github_issues --id number --time created_at --drop label

    The file's kind is told by what is inside, its dialect too, and said; an error names the option that decides.
    --dry-run shows the first rows as they would be stored (docs/files.md).

    Example: retrolabel ingest spam.csv --source sms --encoding cp1252 --drop "" --map text=v2 --gold spam=v1

    With mlflow for a file, the traces of an experiment: what was asked and answered; a column judge_NAME for each
    judge; what people say as gold, if --gold asks for it. A trace that is known adds nothing.

    Example: retrolabel ingest chat.csv --source chat --time when --time-format "%d-%m-%Y %H:%M"

    Example: retrolabel ingest mlflow --experiment chatbot --source chat --gold failure_mode --follow
    """
    of_files = {
        "--id": id_column,
        "--time": time_column,
        "--time-format": time_format,
        "--map": rename,
        "--labels": labels,
        "--revise": revise,
        "--keep-na": keep_na,
        "--keep": keep,
        "--rename-all": rename_all,
        "--encoding": encoding,
        "--delimiter": delimiter,
        "--skip-lines": skip_lines,
        "--header": header,
        "--sheet": sheet,
        "--rows-at": rows_at,
        "--quotes": quotes,
        "--skip-rows": skip_rows,
    }
    if is_asked(files, experiment):
        from retrolabel.wiring.trace_options import TraceOptions, since_of  # noqa: PLC0415 - not needed for --help

        refuse(of_files, of="files")
        wanted = TraceOptions(
            str(experiment),
            tracking_uri,
            since_of(since) if since else None,
            tuple(gold or ()),
            pairs(map_label, "--map-label", commas=False, verbatim=True),
            role or "dev",
            tuple(listed(drop)),
            widen=widen,
            look_back=7.0 if look_back is None else look_back,
        )
        ingest_traces(
            source,
            wanted,
            follow=follow,
            every=30.0 if every is None else every,
            dry_run=dry_run,
            store=store,
            as_json=as_json,
        )
        return
    of_traces = {
        "--tracking-uri": tracking_uri,
        "--since": since,
        "--look-back": look_back,
        "--follow": follow,
        "--every": every,
    }
    refuse(of_traces, of="MLflow's traces, which need mlflow for a file, and --experiment")
    from retrolabel.wiring.feedback import IngestOptions  # noqa: PLC0415 - not needed for --help

    ws = workspace(store)
    options = IngestOptions(
        id_column,
        time_column,
        pairs(rename, "--map", commas=False),
        listed(drop, empty=True),
        revise=revise,
        widen=widen,
        labels=pairs(labels, "--labels", commas=False),
        map_label=pairs(map_label, "--map-label", commas=False, verbatim=True),
        time_format=time_format,
        keep_na=keep_na,
        dialect=dialect_of(encoding, delimiter, skip_lines, header, sheet, rows_at, quotes, skip_rows),
        keeps=listed(keep),
        rename_all=rename_all,
    )
    if gold:
        _with_gold(ws, files, source, options, gold, role or "dev", dry_run=dry_run, as_json=as_json)
        return
    refuse({"--role": role}, of="human labels, which need --gold")
    if dry_run:
        show_preview([ws.feedback.preview(file, source, options) for file in files], as_json=as_json)
        return
    reports: list[IngestReport] = []
    try:
        for file in files:
            expect(file)
            reports.append(ws.feedback.ingest(file, source, options))
            if not as_json:
                show_ingest(reports[-1])
    except RetrolabelError:
        if reports and not as_json:
            say(f"{len(reports)} of {len(files)} files are in; the store has nothing of the next one.")
        raise
    if as_json:
        print_json({"ingested": [asdict(report) for report in reports]})


def _with_gold(  # noqa: PLR0913 - files, and what is in them
    ws: Workspace,
    files: list[Path],
    source: str,
    options: IngestOptions,
    gold: list[str],
    role: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take files of items and their labels in, or show what would become of them."""
    from retrolabel.cli.gold_shown import show_gold  # noqa: PLC0415 - not needed for --help
    from retrolabel.wiring.gold_with_items import GoldColumns, told_of_labels  # noqa: PLC0415 - the same

    asked = [GoldColumns.of(each) for each in gold]
    if dry_run:
        seen = [ws.items_with_gold(file, source, asked, options, role=role).preview() for file in files]
        if as_json:
            print_json(
                {"dry_run": [{**asdict(one), "gold": [asdict(each) for each in labels]} for one, labels in seen]}
            )
            return
        for one, labels in seen:
            show_preview([one], as_json=False)
            for each in labels:
                say(f"  {told_of_labels(each)}")
        return
    taken = []
    for file in files:
        expect(file)
        taken.append(ws.items_with_gold(file, source, asked, options, role=role).take())
        if not as_json:
            report, imported = taken[-1]
            show_ingest(report)
            for found in imported:
                say(f"  gold of {found.task}: {counted(found.added, 'new label')}, {found.known:,} known already")
                show_gold(found)
    if as_json:
        print_json(
            {"ingested": [{**asdict(one), "gold": [asdict(each) for each in imported]} for one, imported in taken]}
        )
