"""``retrolabel gold export``: gold for others, an item a row or an answer a row, and for other tools."""

from __future__ import annotations

import shlex
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.common import (
    JsonOption,
    SpreadsheetOption,
    StoreOption,
    TaskArgument,
    listed,
    print_json,
    quiet,
    say,
    workspace,
)
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.jobs.gold.exporting import GoldTable
    from retrolabel.wiring.gold import TaskGold

OF_ANSWERS = {
    "--annotator": "annotator",
    "--role-column": "role",
    "--time": "labelled_at",
    "--seconds": "seconds",
    "--rationale": "rationale",
}
"""The options of ``gold import`` that take the columns of answers back."""


def export(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    out: Annotated[
        Path,
        typer.Option("--out", help="The file: NAME.csv, NAME.jsonl, NAME.parquet; - is standard output. Or folder."),
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="parquet, csv, jsonl; hf, label-studio, argilla, doccano, prodigy; else as the file's name says.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file or folder if it exists.")] = False,
    with_: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="COLUMN,...", help="Add columns of the items, as review,user_id."),
    ] = None,
    text: Annotated[
        list[str] | None,
        typer.Option(
            "--text", metavar="COLUMN,...", help="What people read in a tool; else what labeling functions read."
        ),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="The version to read labels in; the newest if left out.")
    ] = None,
    role: Annotated[str | None, typer.Option(help="dev, test or calibration; all if left out.")] = None,
    source: Annotated[str | None, typer.Option(help="The source of the items; all if left out.")] = None,
    soft: Annotated[bool, typer.Option("--soft", help="Add share_LABEL: its share of people's answers.")] = False,
    people: Annotated[
        bool, typer.Option("--people", help="Write an answer a row, as gold import takes it back; tools get answers.")
    ] = False,
    schema: Annotated[
        str | None, typer.Option("--schema", help="With --people: answers given under this version; all if left out.")
    ] = None,
    names: Annotated[
        bool | None,
        typer.Option(
            "--names/--pseudonyms",
            help="People's names, which tools get if left out; or pseudonyms, as --people has.",
            show_default=False,
        ),
    ] = None,
    spreadsheet: SpreadsheetOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write gold to a file, an item a row: its label as it reads in a version, and how people came to it.

    decided says how: unanimous, majority, dawid-skene, adjudicator; or tie, and the item has no label. agree of
    annotators people said it. A label that is several in the version is in partial, as a|b, and label is empty. --soft
    adds the share of each label among people's answers that stand; an answer that leaves several labels gives each an
    equal part. --people writes the answers themselves: who, when, how long, why, the label as it was given, and in
    reads and kind how it reads in the newest version. Pseudonyms stand for people; --names writes their names, so that
    gold import takes the answers back as the same people's.

    hf is a folder that datasets.load_dataset reads, split by role. label-studio, argilla, doccano and prodigy get the
    answers of people as annotations, without those of test gold and honeypots unless --role names them; gold import
    takes them back with their people, times and ids.

    Example: retrolabel gold export failure_mode --soft --out gold.csv

    Example: retrolabel gold export failure_mode --format label-studio --out gold-label-studio

    Example: retrolabel gold export failure_mode --people --names --schema 1.0.0 --out answers.csv
    """
    gold = workspace(store).task(task).gold
    if str(out) == "-":
        quiet()
    found = gold.export(
        out,
        kind=kind,
        to=to,
        role=role,
        source=source,
        version=schema,
        soft=soft,
        people=people,
        columns=listed(with_),
        texts=listed(text),
        names=names,
        force=force,
        spreadsheet=spreadsheet,
    )
    if str(out) == "-":
        return
    how = gold.adjudication
    if as_json:
        print_json({**_as_dict(found, out, how.method, how.people), "back": list(_taken_back(found, out, kind))})
        return
    if found.version is None:
        say(f"{counted(found.table.num_rows, 'answer')} of {task} -> {out}")
        for line in _taken_back(found, out, kind):
            say(f"  {line}")
    else:
        say(f"{counted(found.table.num_rows, 'item')} of {task} under {found.version}, adjudicated {how} -> {out}")
        told = ", ".join(f"{count:,} {decided}" for decided, count in sorted(found.counts.items()))
        say(f"  {told}")
        for line in _open(found):
            say(f"  {line}")
    for note in found.notes:
        say(f"  note: {note}")


def told_of_adjudication(gold: TaskGold) -> Iterator[str]:
    """Yield how people who differ are adjudicated, and what did not go so; nothing where the majority decides."""
    how = gold.adjudication
    if how.is_majority:
        return
    yield f"People who differ are adjudicated {how}."
    for note in gold.adjudicated().notes:
        yield f"  note: {note}"


def _as_dict(found: GoldTable, out: Path, method: str, people: tuple[str, ...]) -> dict[str, Any]:
    """Return what was written as plain data."""
    told: dict[str, Any] = {"task": found.task, "version": found.version, "file": str(out), "notes": list(found.notes)}
    told |= {"rows": found.table.num_rows, "columns": found.table.column_names}
    if found.version is None:
        files = [{"source": source, "schema": made, "answers": rows} for (source, made), rows in found.counts.items()]
        return told | {"answers": files}
    return told | {
        "adjudication": {"method": method, "people": list(people)},
        "decided": dict(found.counts),
        "left_open": dict(found.left_open),
    }


def _open(found: GoldTable) -> Iterator[str]:
    """Yield how many items have no label in the version, and why."""
    reasons = {
        "set": f"several labels under {found.version}: label is empty, partial has them",
        "unknown": f"nothing under {found.version}: label is empty",
        "suspect": "on text, or with a label, that changed since: label is empty",
    }
    for kind, why in reasons.items():
        if found.left_open.get(kind):
            yield f"{counted(found.left_open[kind], 'item')} {why}"


def _taken_back(found: GoldTable, out: Path, kind: str | None) -> Iterator[str]:
    """Yield the command that takes answers back; one file holds answers of one source and version."""
    from retrolabel.interop.for_tools.writing import FORMATS  # noqa: PLC0415 - not needed for --help

    if found.version is not None:
        return
    if found.pseudonyms:
        yield "people have pseudonyms: gold import would take these answers for other people's; --names keeps the names"
        return
    form = FORMATS.get(kind or "")
    if form is not None and form.back:
        for source, made in found.counts:
            words = ["retrolabel", "gold", "import", found.task, "FILE", "--source", source, "--schema", made]
            yield f"answers come back with: {shlex.join(words)}"
        return
    files = [out] if form is None else [out / "data" / f"{role}.parquet" for role in _roles(found)]
    for file in files:
        yield from _of_table(found, file)


def _roles(found: GoldTable) -> list[str]:
    return sorted(set(found.table.column("role").to_pylist()))


def _of_table(found: GoldTable, out: Path) -> Iterator[str]:
    """Yield the command that takes a table of answers back."""
    if len(found.counts) > 1:
        yield "gold import takes one source and one version a file; these are of"
        for (source, made), rows in sorted(found.counts.items()):
            yield f"  {counted(rows, 'answer'):>14}: --source {shlex.quote(source)} --schema {made}"
        return
    for source, made in found.counts:
        words = ["retrolabel", "gold", "import", found.task, str(out), "--source", source, "--schema", made]
        for option, column in OF_ANSWERS.items():
            if found.table.column(column).null_count < found.table.num_rows:
                words += [option, column]
        if found.table.column("probability").null_count < found.table.num_rows:
            words += ["--sampling", "stratified", "--probability", "probability"]
        yield shlex.join(words)
