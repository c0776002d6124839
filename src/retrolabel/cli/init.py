"""``retrolabel init``: a project with a first task, made about a file of feedback where there is one."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.characters import as_text
from retrolabel.cli.common import (
    JsonOption,
    listed,
    print_json,
    say,
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
    dialect_of,
)
from retrolabel.errors import counted, for_shell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.analysis.columns_of_a_file import Column
    from retrolabel.wiring.first_lfs import FirstLf
    from retrolabel.wiring.first_task import AskedTask, FirstTask

DEFAULT_TASK = "helpfulness"
SHOWN = 6
FEW = 10
MOST = 12
CLEAR = 0.05


def init(  # noqa: PLR0913 - the options of a command
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="The project's folder.")] = Path(),
    task: Annotated[
        str | None,
        typer.Option(help="The first task's name; helpfulness if nothing is said of it.", show_default=False),
    ] = None,
    labels: Annotated[list[str] | None, typer.Option(help='Its labels, in your words: "bug,feature,other".')] = None,
    column: Annotated[str | None, typer.Option(help="The column of texts; the longest ones if left out.")] = None,
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="CSV, JSON, Parquet, Excel; or an ingested source."),
    ] = None,
    label_column: Annotated[
        str | None, typer.Option("--label-column", help="The column with labels somebody gave; looked for if left out.")
    ] = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    skip_lines: SkipLinesOption = 0,
    header: HeaderOption = None,
    sheet: SheetOption = None,
    rows_at: RowsAtOption = None,
    quotes: QuotesOption = None,
    skip_rows: SkipRowsOption = 0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Look and say what would be written; write nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a project with a first task: settings, a schema version, labeling functions.

    Without options a terminal is asked three questions, and others get a task to look at. With --from FILE the file
    is looked at, and the task is about it. Nothing that exists is overwritten.

    Example: retrolabel init my_project --task helpfulness

    Example: retrolabel init apps --task review_kind --labels bug,praise,other --column review --from reviews.csv
    """
    from retrolabel.wiring.first_task import AskedTask, write_first_task  # noqa: PLC0415 - not needed for --help
    from retrolabel.wiring.templates import check_task_name  # noqa: PLC0415 - the same

    if task is not None:
        check_task_name(task)
    said = dialect_of(encoding, delimiter, skip_lines, header, sheet, rows_at, quotes, skip_rows)
    dialect = said if said.key() else None
    asked = AskedTask(task or "", tuple(listed(labels)), column or "", source or "", label_column or "", dialect)
    if asked == AskedTask() and not dry_run and not as_json and at_a_terminal():
        asked = _questions()
    if not (asked.labels or asked.column or asked.source or asked.label_column):
        _write_template(folder, asked.task or DEFAULT_TASK, dry_run=dry_run, as_json=as_json)
        return
    made = write_first_task(folder.absolute(), asked, dry_run=dry_run)
    if as_json:
        print_json(_as_dict(made))
    else:
        for line in _told(made, folder):
            say(line)


def at_a_terminal() -> bool:
    """Return whether somebody is there who can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _questions() -> AskedTask:
    """Return what a person at a terminal says: a file, a question, its answers."""
    from retrolabel.interop.first_task import task_name  # noqa: PLC0415 - not needed for --help
    from retrolabel.wiring.first_task import AskedTask  # noqa: PLC0415 - not needed for --help

    source = typer.prompt(
        "Which file holds your feedback? (CSV, JSONL or Parquet; Enter: none yet)", "", show_default=False
    )
    task = typer.prompt(
        "What should be said of each item, in a word? (e.g. review_kind; Enter: you decide)", "", show_default=False
    )
    labels = typer.prompt(
        "Which answers are there? (e.g. bug,feature,other; Enter: look in the file)", "", show_default=False
    )
    return AskedTask(task_name(task) if task.strip() else "", tuple(listed([labels])), source=source.strip())


def _write_template(folder: Path, task: str, *, dry_run: bool, as_json: bool) -> None:
    """Write a task to look at, about comments on answers."""
    from retrolabel.wiring.templates import template_files, write_project  # noqa: PLC0415 - not needed for --help

    written = list(template_files(folder.absolute(), task)) if dry_run else write_project(folder.absolute(), task)
    if as_json:
        print_json({"written": [] if dry_run else [str(path) for path in written]})
        return
    for path in written:
        say(f"{'would write' if dry_run else 'wrote'} {path}")
    say("Next:")
    if folder.absolute() != Path.cwd():
        say(f"  cd {shlex.quote(str(folder))}")
    say("  retrolabel lf list")
    say("  retrolabel ingest FILE --source feedback --id COLUMN --time COLUMN")
    say("  retrolabel relabel " + task)
    say("--id and --time name the columns of ids and of times; leave out what FILE does not have.")
    say("The labeling functions read a column comment; where it is called otherwise: --map comment=COLUMN.")


def _told(made: FirstTask, folder: Path) -> Iterator[str]:
    """Yield what was seen and written, and what to type next."""
    if made.look is not None:
        yield f"{made.look.name}: {counted(made.look.rows, 'row')}, {counted(len(made.look.columns), 'column')}."
        for column in made.look.columns:
            yield f"  {as_text(column.written)}: {_about(column, made)}"
    for note in made.notes:
        yield f"  note: {as_text(note)}"
    names = [label.id if label.id == label.name else f"{label.id} ({label.name})" for label in made.labels]
    yield f"{made.task}: {counted(len(made.labels), 'label')}: {as_text(_some(names))}."
    yield from _told_of_lfs(made)
    for path in made.files:
        yield f"{'wrote' if made.written else 'would write'} {path}"
    yield "Next:"
    if folder.absolute() != Path.cwd():
        yield f"  cd {shlex.quote(str(folder))}"
    for command in made.commands:
        yield f"  {as_text(command)}"
    if made.gold:
        yield "To bring the labels of the file in as gold, after the ingest:"
        yield f"  {as_text(made.gold)}"
        yield "  (with --sampling random, if those rows were drawn at random: then they say how frequent labels are)"
    elif made.answers is not None and made.look is not None:
        of = for_shell(made.answers.column.written)
        yield f"The labels of the file become gold with its items: --gold {made.task}={of} in place of --drop {of}."


def _about(column: Column, made: FirstTask) -> str:
    """Return what a column holds, and what it is good for, in a line."""
    assert made.look is not None  # noqa: S101 - its columns are told
    if column.written == made.ids:
        return "ids, all different"
    if column.written == made.look.time and made.look.days is not None:
        return f"times, {made.look.days[0]} to {made.look.days[1]}"
    if made.answers is not None and column.name == made.answers.column.name:
        return f"labels that somebody gave: {_values(column)}"
    if column.name == made.column and made.texts is not None:
        texts = made.texts
        twice = f"{texts.duplicates:,} say what an earlier one says" if texts.duplicates else "no duplicates"
        empty = f", {made.look.rows - texts.filled:,} empty" if texts.filled < made.look.rows else ""
        called = f" (read as {column.name})" if column.name != column.written else ""
        words = f"{texts.words:,} words in the middle, 95 % have at most {texts.longest:,}"
        return f"the texts{called}: {words}; {twice}{empty}; {_languages(made)}"
    filled = f", {made.look.rows - column.filled:,} empty" if column.filled < made.look.rows else ""
    return f"{column.kind}, {_values(column)}{filled}" if column.filled else f"{column.kind}, all empty"


def _values(column: Column) -> str:
    if column.distinct > FEW:
        return counted(column.distinct, "value")
    shown = [f"{value[:20]} {count:,}" for value, count in list(column.counts.items())[:SHOWN]]
    return ", ".join([*shown, *(["..."] if column.distinct > SHOWN else [])])


def _languages(made: FirstTask) -> str:
    clear = [f"{name} {share:.0%}" for name, share in made.languages.items() if share >= CLEAR]
    return f"roughly {', '.join(clear)}, by small words" if clear else "no language is plain"


def _told_of_lfs(made: FirstTask) -> Iterator[str]:
    if made.lfs:
        yield f"{counted(len(made.lfs), 'labeling function')} to begin with:"
    for lf in made.lfs:
        yield f"  {as_text(_told_of(lf))}"
    for lf in made.left_out:
        yield f"  left out, since it is mostly wrong: {as_text(_told_of(lf))}"
    left = [label for label in made.labels if label.id not in {lf.label for lf in (*made.lfs, *made.left_out)}]
    silent = [label.id for label in left if not label.words]
    unsaid = [label.id for label in left if label.words]
    if silent:
        yield f"None for {_some(silent)}: such words say nothing of an item."
    if unsaid:
        yield f"None for {_some(unsaid)}: the texts never say so."
    if left and made.lfs:
        yield f'  Write one: retrolabel lf new {made.task} NAME --label {left[0].id} --words "a,b"'
    if any(lf.held_out for lf in made.lfs):
        yield "held-out: words were chosen on one half of the labelled rows, and counted on the other."
        yield "  As dev gold those rows are too kind to these words: judge by labels that are given later."
    if made.answers is None and made.lfs:
        yield "Nothing is checked: they look for the labels' own words, and nobody's labels are there to judge them by."


def _told_of(lf: FirstLf) -> str:
    words = ", ".join(lf.wish.words)
    told = f"{lf.wish.name} -> {lf.label}: says {words}"
    if lf.votes is None:
        return told
    told += f"; votes on {counted(lf.votes, 'row')}"
    rows = "held-out rows with a label" if lf.held_out else "with a label"
    return f"{told}, right on {lf.right:,} of {lf.judged:,} {rows}" if lf.judged else told


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST:,} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more


def _as_dict(made: FirstTask) -> dict[str, Any]:
    """Return all of it as plain data."""
    look = made.look
    columns: Sequence[Column] = look.columns if look else ()
    return {
        "task": made.task,
        "written": [str(path) for path in made.files] if made.written else [],
        "files": {str(path): text for path, text in made.files.items()} if not made.written else None,
        "labels": [{"id": label.id, "name": label.name, "aliases": label.spelled} for label in made.labels],
        "column": made.column,
        "file": {
            "name": look.name,
            "rows": look.rows,
            "columns": {each.written: {"kind": each.kind, "distinct": each.distinct} for each in columns},
            "id": made.ids or None,
            "time": look.time or None,
            "label": made.answers.column.written if made.answers else None,
            "duplicates": made.texts.duplicates if made.texts else None,
            "languages": made.languages,
        }
        if look
        else None,
        "lfs": [
            {
                "name": lf.wish.name,
                "label": lf.label,
                "votes": lf.votes,
                "judged": lf.judged,
                "right": lf.right,
                "held_out": lf.held_out,
            }
            for lf in made.lfs
        ],
        "left_out": [lf.wish.name for lf in made.left_out],
        "notes": made.notes,
        "next": [*made.commands, *([made.gold] if made.gold else [])],
    }
