"""``retrolabel labels``: label sets, in and out of the store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.common import (
    SHORT_ID,
    SOME,
    JsonOption,
    LabelSetArgument,
    SpreadsheetOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    quiet,
    say,
    show_skipped,
    table,
    told_of_a_set,
    workspace,
)
from retrolabel.cli.labels_diff import diff
from retrolabel.cli.labels_why import why
from retrolabel.cli.traces import refuse
from retrolabel.cli.traces_out import check_place, write_back
from retrolabel.cli.verifying import verify
from retrolabel.errors import InputError, RetrolabelError, counted
from retrolabel.jobs.records.sitting_out import named, skipped_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.wiring.workspace import Workspace


DAMAGED = "damaged"
app = typer.Typer(
    help="Label sets: list, show, compare, export, promote, roll back, verify.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command()(diff)
app.command()(why)
app.command()(verify)


@app.command("list")
def list_(
    task: Annotated[str | None, typer.Argument(metavar="[TASK]", help="One task; all if left out.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the label sets there are, newest first. A narrow terminal leaves out labelled, then by; --json has all.

    Example: retrolabel labels list issue_type
    """
    ws = workspace(store)
    records = ws.task(task).label_sets() if task else ws.label_sets()
    names = _names(records, ws)
    if as_json:
        print_json(
            {
                "label_sets": [
                    asdict(record)
                    | {
                        "latest": "latest" in names[record.id],
                        "current": "current" in names[record.id],
                        "tags": [name for name in names[record.id] if name not in ("current", "latest")],
                    }
                    for record in records
                ]
            }
        )
        return
    if not records:
        say(f"No label set{f' of {task}' if task else ''} yet: retrolabel relabel {task or 'TASK'} makes one.")
        return
    made = {record.id: _made_by(record, ws) for record in records}
    _show_list(records, names, {each: model for each, (model, _) in made.items()})
    for record in records:
        _, out = made[record.id]
        if out:
            say(f"  {record.id[:SHORT_ID]} lacks {named(out)}, which sat out")


def _names(records: Sequence[LabelSetRecord], ws: Workspace) -> dict[str, list[str]]:
    """Return the id of each label set -> what names it: current first, then latest and tags."""
    found: dict[str, list[str]] = {record.id: [] for record in records}
    for task in dict.fromkeys(record.task for record in records):
        for name, label_set in sorted(ws.catalog.label_sets.tags(task).items(), key=lambda each: _first(each[0])):
            if label_set in found:
                found[label_set].append(name)
    return found


def _first(name: str) -> tuple[int, str]:
    return ("current", "latest").index(name) if name in ("current", "latest") else 2, name


def _show_list(records: Sequence[LabelSetRecord], names: dict[str, list[str]], made_by: dict[str, str]) -> None:
    """Print label sets, a line each; the task's name stands in the title if it is one."""
    several = len({record.task for record in records}) > 1
    rows = [
        (
            r.id[:SHORT_ID] + _marks(names[r.id]),
            *([r.task] if several else []),
            r.schema_version,
            made_by[r.id],
            r.items,
            r.covered,
            r.labelled,
            f"{r.created_at:%Y-%m-%d %H:%M}",
        )
        for r in records
    ]
    figures = ["items", "covered", "labelled", "made (UTC)"]
    titles = ["label set", *(["task"] if several else []), "version", "by", *figures]
    spare = ["labelled", "covered" if DAMAGED in made_by.values() else "by"]
    whole = [title for title in ("label set", "version", "by") if title not in spare]
    title = f"Label sets{'' if several else f' of {records[0].task}'} (> is current, * is latest)"
    console().print(table(title, titles, rows, right=figures, whole=whole, spare=spare, last=True))
    for r in records:
        tags = [name for name in names[r.id] if name not in ("current", "latest")]
        if tags:
            say(f"  {r.id[:SHORT_ID]} is {', '.join(tags)}")


def _marks(names: Sequence[str]) -> str:
    """Return what stands behind the id of a label set."""
    marks = (">" if "current" in names else "") + ("*" if "latest" in names else "")
    return f" {marks}" if marks else ""


def _made_by(record: LabelSetRecord, ws: Workspace) -> tuple[str, list[str]]:
    """Return the label model's name, and those that sat out; a damaged manifest hides no other label set."""
    from retrolabel.jobs.records.manifests import read_manifest  # noqa: PLC0415 - not needed for --help

    try:
        manifest = read_manifest(record, ws.objects)
        return str(manifest["inputs"]["label_model"]["name"]), [each["name"] for each in skipped_in(manifest)]
    except RetrolabelError:
        return DAMAGED, []


@app.command()
def show(
    task: TaskArgument,
    label_set: LabelSetArgument = "latest",
    item: Annotated[str | None, typer.Option(help="One item, its id or SOURCE/ID: its label and votes.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what made a label set, or one item of it.

    Example: retrolabel labels show issue_type latest --item 0042
    """
    found = workspace(store).task(task).label_set(label_set)
    if item is not None:
        rows = found.item(item)
        if as_json:
            print_json({"label_set": found.id, "items": rows})
            return
        for row in rows:
            shares = {**row["probabilities"], **row.get("sums", {})}
            probabilities = ", ".join(f"{label} {p:.3f}" for label, p in shares.items())
            say(f"{row['source']}/{row['item_id']}: {row['label'] or '(no label)'}   {probabilities}")
            if row.get("guessed") or (row["label"] is None and row.get("partial")):
                say(told_of_a_set(row["partial"], guessed=row["guessed"]))
            console().print(table("", ["LF", "vote"], list(row["votes"].items())))
        return
    manifest = found.manifest
    if as_json:
        print_json(manifest)
        return
    recorded, outputs = manifest["recorded"], manifest["outputs"]
    git = recorded["environment"].get("git") or {}
    say(f"{task} {found.record.schema_version}, label set {found.id}")
    say(f"  items {outputs['items']:,}, covered {outputs['covered']:,}, labelled {outputs['labelled']:,}")
    model = manifest["inputs"]["label_model"]["name"]
    say(f"  {model}, {len(outputs['segments'])} segment(s), made {found.record.created_at:%Y-%m-%d %H:%M} UTC")
    changed = " (with changes)" if git.get("dirty") else ""
    show_skipped(skipped_in(manifest))
    say(f"  git {git.get('commit', '-')}{changed}, retrolabel {recorded['environment']['retrolabel']}")
    rows_ = [
        (
            lf["name"],
            ", ".join(lf["votes"]).replace("|", " | "),
            lf["voted"],
            lf["faults"],
            f"{lf['file'].removeprefix(f'labeling_functions/{task}/')}:{lf['line']}",
        )
        for lf in recorded["lfs"]
    ]
    titles, right = ["LF", "votes", "voted", "faults", "written in"], ["voted", "faults"]
    console().print(table("", titles, rows_, right=right, cut={"votes": SOME}, spare=["written in"], last=True))


@app.command()
def export(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label_set: LabelSetArgument = "current",
    kind: Annotated[
        str | None, typer.Option("--format", help="parquet, csv or jsonl; else what the file's name says, or parquet.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The file; - is standard output. Else TASK-ID.FORMAT here.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    spreadsheet: SpreadsheetOption = False,
    possible: Annotated[
        float | None,
        typer.Option(
            "--possible", metavar="SHARE", help="Add a column: labels that hold the truth this often, as 0.9."
        ),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="mlflow: write each label to the trace that its item came from.")
    ] = None,
    tracking_uri: Annotated[
        str | None, typer.Option("--tracking-uri", help="mlflow: the server; else MLFLOW_TRACKING_URI, or the store's.")
    ] = None,
    experiment: Annotated[
        str | None, typer.Option(help="mlflow: the experiment; else that which the items came from.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="mlflow: the source whose ids are traces; else those taken from there.")
    ] = None,
    dataset: Annotated[
        str | None, typer.Option(help="mlflow: an evaluation dataset too, with what was asked: texts leave the store.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="mlflow: say what would be written.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write what is current, or another label set, to a file; or back to MLflow's traces.

    The columns are source, item_id, label, probability, p_<label>, covered, partial, guessed, version. An item that
    is guessed has no label; partial holds the labels that its votes, and gold that was fitted, leave. The column
    possible holds as few labels as hold the truth of so many items; dev gold of a known design says which.

    Example: retrolabel labels export issue_type --format csv

    Example: retrolabel labels export failure_mode --to mlflow --experiment chatbot --dry-run
    """
    from retrolabel.wiring.label_sets import exported  # noqa: PLC0415 - not needed for --help

    check_place(to)
    ws = workspace(store)
    of_traces = {
        "--tracking-uri": tracking_uri,
        "--experiment": experiment,
        "--source": source,
        "--dataset": dataset,
        "--dry-run": dry_run,
    }
    if to:
        from retrolabel.wiring.trace_export import ToTraces  # noqa: PLC0415 - not needed for --help

        of_files = {"--format": kind, "--out": out, "--force": force, "--spreadsheet": spreadsheet}
        refuse({**of_files, "--possible": possible}, of="files")
        place = ToTraces(tracking_uri, experiment, tuple(source or ()), dataset, dry_run=dry_run)
        write_back(ws, task, label_set, place, as_json=as_json)
        return
    refuse(of_traces, of="MLflow's traces, which need --to mlflow")
    found = ws.task(task).label_set(label_set)
    to_stdout = str(out) == "-"
    kind = kind or (out.suffix.removeprefix(".") if out and out.suffix else "parquet")
    path = out or Path(f"{task}-{found.id[:SHORT_ID]}.{kind}")
    if out is not None and not to_stdout and path.is_file() and not force:
        raise InputError(
            f"{path} exists already; nothing was written.", remedy="choose another name, or replace it with --force"
        )
    if to_stdout:
        quiet()
    done = exported(ws, task, path, kind, found.id, spreadsheet=spreadsheet, possible=possible)
    sets = done.possible
    if as_json and not to_stdout:
        written: dict[str, Any] = {"file": str(path), "rows": done.rows, "formulas": done.formulas}
        if sets is not None:
            written["possible"] = {**sets.as_dict(), "digest": sets.digest}
        print_json({"label_set": found.id, "schema": found.record.schema_version, **written})
    elif not to_stdout:
        named = ", current" if label_set == "current" else ""
        made = f"label set {found.id[:SHORT_ID]} ({task} {found.record.schema_version}{named})"
        say(f"{counted(done.rows, 'row')} of {made} -> {path}")
        if sets is not None:
            say(f"  possible: {sets.promise}")
            say(f"  digest {sets.digest[:SHORT_ID]}; it is no part of the label set, and new gold makes another one")
            for note in (*sets.of_labels, *sets.notes):
                say(f"  note: {note}")
