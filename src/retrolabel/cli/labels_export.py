"""``retrolabel labels export``: a label set to a file, to another tool, or back to MLflow's traces."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.common import (
    SHORT_ID,
    JsonOption,
    LabelSetArgument,
    SpreadsheetOption,
    StoreOption,
    TaskArgument,
    print_json,
    quiet,
    say,
    workspace,
)
from retrolabel.cli.traces import refuse
from retrolabel.cli.traces_out import check_place, write_back
from retrolabel.errors import InputError, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.wiring.label_set_export import Exported


def export(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label_set: LabelSetArgument = "current",
    kind: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="parquet, csv, jsonl; hf, label-studio, argilla, doccano, prodigy; else as the file's name says.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file or folder; - is standard output. Else TASK-ID.FORMAT here.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file or folder if it exists.")] = False,
    with_: Annotated[
        str | None, typer.Option("--with", metavar="COLUMN,...", help="Add columns of the items, as review,user_id.")
    ] = None,
    gold: Annotated[
        bool, typer.Option("--gold", help="Add gold, gold_partial, gold_role; of test gold the role alone.")
    ] = False,
    final: Annotated[
        bool, typer.Option("--final", help="With --gold: labels of test gold too; the look is logged.")
    ] = False,
    min_probability: Annotated[
        float | None, typer.Option("--min-probability", help="Only items whose label has at least this probability.")
    ] = None,
    only: Annotated[str | None, typer.Option(help="labelled, guessed or uncovered: only such items.")] = None,
    text: Annotated[
        str | None,
        typer.Option(
            "--text", metavar="COLUMN,...", help="What people read in a tool; else what labeling functions read."
        ),
    ] = None,
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
        list[str] | None,
        typer.Option(help="Only items of this source; mlflow: whose ids are traces, else those taken from there."),
    ] = None,
    dataset: Annotated[
        str | None, typer.Option(help="mlflow: an evaluation dataset too, with what was asked: texts leave the store.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="mlflow: say what would be written.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write what is current, or another label set, to a file; for another tool; or back to MLflow's traces.

    The columns are source, item_id, label, probability, p_<label>, covered, partial, guessed, version. An item that
    is guessed has no label; partial holds the labels that its votes, and gold that was fitted, leave. The column
    possible holds as few labels as hold the truth of so many items; dev gold of a known design says which.

    hf is a folder that datasets.load_dataset reads, split by the role of gold. label-studio (tasks with predictions,
    and the labeling configuration) and argilla (settings, and records with suggestions) are folders; doccano and
    prodigy a file of JSON lines. What people answer there comes back with gold import, under the same label ids.

    Example: retrolabel labels export issue_type --format csv --with title,body --only labelled

    Example: retrolabel labels export issue_type --format label-studio --only guessed --out to_label

    Example: retrolabel labels export failure_mode --to mlflow --experiment chatbot --dry-run
    """
    from retrolabel.wiring.label_set_export import exported  # noqa: PLC0415 - not needed for --help

    check_place(to)
    ws = workspace(store)
    of_traces = {"--tracking-uri": tracking_uri, "--experiment": experiment, "--dataset": dataset, "--dry-run": dry_run}
    of_files = {"--format": kind, "--out": out, "--force": force, "--spreadsheet": spreadsheet, "--possible": possible}
    of_files |= {"--with": with_, "--gold": gold, "--min-probability": min_probability, "--only": only, "--text": text}
    if to:
        from retrolabel.wiring.trace_export import ToTraces  # noqa: PLC0415 - not needed for --help

        refuse(of_files, of="files")
        place = ToTraces(tracking_uri, experiment, tuple(source or ()), dataset, dry_run=dry_run)
        write_back(ws, task, label_set, place, as_json=as_json)
        return
    refuse(of_traces, of="MLflow's traces, which need --to mlflow")
    if final and not gold:
        raise InputError("--final is about gold.", remedy="--gold --final; or leave it out")
    found = ws.task(task).label_set(label_set)
    kind = kind or (out.suffix.removeprefix(".") if out and out.suffix else "parquet")
    path = _place(out, found, kind, force=force)
    if str(path) == "-":
        quiet()
    done = exported(
        ws,
        task,
        path,
        kind,
        found.id,
        spreadsheet=spreadsheet,
        possible=possible,
        wanted=_wanted(with_, only, min_probability, source),
        gold=gold,
        final=final,
        texts=_names(text),
    )
    if str(path) != "-":
        _tell(done, found, path, kind, named=", current" if label_set == "current" else "", as_json=as_json)


def _place(out: Path | None, label_set: LabelSet, kind: str, *, force: bool) -> Path:
    """Return where it is written to; what is there is replaced with ``--force`` alone."""
    from retrolabel.interop.for_tools.writing import FORMATS  # noqa: PLC0415 - not needed for --help

    ends = FORMATS[kind].ends if kind in FORMATS else f".{kind}"
    folder = kind in FORMATS and FORMATS[kind].to_folder is not None
    path = out or Path(f"{label_set.record.task}-{label_set.id[:SHORT_ID]}{ends}")
    there = path.exists() if folder else path.is_file()
    if (out is not None or folder) and str(path) != "-" and there and not force:
        raise InputError(
            f"{path} exists already; nothing was written.", remedy="choose another name, or replace it with --force"
        )
    return path


def _wanted(with_: str | None, only: str | None, min_probability: float | None, source: list[str] | None) -> Any:  # noqa: ANN401 - a job's value
    from retrolabel.jobs.label_sets.exporting import Wanted  # noqa: PLC0415 - not needed for --help

    return Wanted(_names(with_), only, min_probability, tuple(source or ()))


def _names(given: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (given or "").split(",") if name.strip())


def _tell(  # noqa: PLR0913 - what was written, and how it is said
    done: Exported, found: LabelSet, path: Path, kind: str, *, named: str, as_json: bool
) -> None:
    """Say what was written, or print it as JSON."""
    task, version, sets = found.record.task, found.record.schema_version, done.possible
    back = list(_back(found, kind, done.sources))
    if as_json:
        written: dict[str, Any] = {"file": str(path), "rows": done.rows, "formulas": done.formulas}
        written |= {"format": kind, "left_out": done.left_out, "texts": list(done.texts), "notes": list(done.notes)}
        written |= {"back": back}
        if sets is not None:
            written["possible"] = {**sets.as_dict(), "digest": sets.digest}
        print_json({"label_set": found.id, "schema": version, **written})
        return
    made = f"label set {found.id[:SHORT_ID]} ({task} {version}{named})"
    say(f"{counted(done.rows, 'row')} of {made} -> {path}")
    if done.left_out:
        say(f"  {counted(done.left_out, 'item')} left out")
    if sets is not None:
        say(f"  possible: {sets.promise}")
        say(f"  digest {sets.digest[:SHORT_ID]}; it is no part of the label set, and new gold makes another one")
        for note in (*sets.of_labels, *sets.notes):
            say(f"  note: {note}")
    for note in done.notes:
        say(f"  note: {note}")
    for line in back:
        say(f"  answers come back with: {line}")


def _back(found: LabelSet, kind: str, sources: Sequence[str]) -> Iterator[str]:
    """Yield the command that takes people's answers back, for each source that was written."""
    from retrolabel.interop.for_tools.writing import FORMATS  # noqa: PLC0415 - not needed for --help

    if kind not in FORMATS or not FORMATS[kind].back:
        return
    task, version = found.record.task, found.record.schema_version
    words = ["retrolabel", "gold", "import", task, "FILE", "--source"]
    for source in sources:
        yield shlex.join([*words, source, "--role", "dev", "--schema", version])
