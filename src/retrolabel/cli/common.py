"""What all commands share: options, output, opening the workspace."""

from __future__ import annotations

import io
import json
import math
import re
import sys
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from retrolabel.cli.characters import CONTROLS, as_text
from retrolabel.errors import InputError, Problem, RetrolabelError
from retrolabel.masking import without_remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from retrolabel.cli.progress import TerminalProgress
    from retrolabel.cli.tables import Table
    from retrolabel.wiring.workspace import Workspace

StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store", help="The store's directory; else RETROLABEL_STORE, else the project's.", show_default=False
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
SpreadsheetOption = Annotated[
    bool,
    typer.Option(
        "--spreadsheet", help="Guard cells of a CSV file that begin like formulas: an apostrophe before each."
    ),
]
TaskArgument = Annotated[str, typer.Argument(metavar="TASK", help="The task, e.g. issue_type.")]
ToOption = Annotated[str | None, typer.Option("--to", help="The schema version; the newest if left out.")]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--label-model",
        help="label_model (default), majority_vote, weighted_vote, dawid_skene, snorkel; or auto: gold chooses.",
    ),
]
OnFaultOption = Annotated[
    Literal["fail", "skip"] | None,
    typer.Option(
        "--on-fault",
        help="skip: an LF that fails too often, or whose module does not import, sits out; else the settings'.",
        show_default=False,
    ),
]
LabelSetArgument = Annotated[
    str, typer.Argument(metavar="[ID]", help="The label set: its id, the beginning of it, a tag, current, or latest.")
]

DONE, FAILED, USAGE, SOMETHING_TO_DO, HELD, INTERRUPTED = 0, 1, 2, 3, 4, 130
SHORT_ID = 12
READABLE = 24
"""Cells that a column of sentences keeps while other columns can be spared."""
SOME = 12
"""Cells that a column of labels or values keeps."""
TAKEN_FROM_GOLD = "Words that you take from these items look better on dev gold than they are; test gold is for that."
FEW_GOLD = 30
"""The judged gold items below which a remark says that they are few."""
MOST_OF_A_COMMAND = 40
SHOWN: list[TerminalProgress] = []
"""What tells of progress in this process, if something does."""
EXAMPLES = {
    "--split": "bad=slow,wrong",
    "--merge": "bug,crash=defect",
    "--redefine": "bug=narrower",
    "--rename": "bug=Defect",
    "--rescale": "mild=low,middle",
    "--map": "comment=body",
    "--labels": "COLUMN=TASK",
    "--map-label": "stored=label",
    "--role-map": "train=dev",
    "--match": "text=review",
}
"""What an option with ``=`` looks like."""


def workspace(store: Path | None, *, engine: str | None = None, workers: int | None = None) -> Workspace:
    """Return the workspace of the folder one stands in, with progress on the terminal."""
    progress = terminal_progress()
    from retrolabel.wiring.workspace import open_workspace  # noqa: PLC0415 - not needed for --help, and it takes a while

    return open_workspace(store=store, engine=engine, workers=workers, progress=progress, warn=progress.note)


def terminal_progress() -> TerminalProgress:
    """Return progress on the terminal that says which command is under way; ``quiet`` takes it away."""
    from retrolabel.cli.progress import TerminalProgress  # noqa: PLC0415 - not needed for --help

    quiet()
    SHOWN.clear()
    words = takewhile(lambda word: not word.startswith("-"), sys.argv[1:4])
    progress = TerminalProgress(" ".join(words)[:MOST_OF_A_COMMAND])
    SHOWN.append(progress)
    return progress


def quiet() -> None:
    """Take away what tells of progress: something is printed, or the command ends."""
    for progress in SHOWN:
        progress.close()


def expect(file: Path) -> None:
    """Say that a file will be read row by row, so that whoever waits at a terminal is told how many are left."""
    from retrolabel.cli.progress import rows_in  # noqa: PLC0415 - not needed for --help

    if sys.stderr.isatty():
        for progress in SHOWN:
            progress.expect(rows_in(file))


def console(*, stderr: bool = False) -> Console:
    """Return a console; colours obey NO_COLOR, a pipe gets none, and no line is cropped."""
    from rich.console import Console  # noqa: PLC0415 - not needed for --help

    quiet()
    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def table(  # noqa: PLR0913 - how columns give way
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
    cut: Mapping[str, int] | None = None,
    prose: Sequence[str] = (),
    spare: Sequence[str] = (),
    last: bool = False,
) -> Table:
    """Return a table of one line a row, which gives way to the width of a terminal; a pipe gets all of it.

    Args:
        title: What it is of; nothing, where the line before says it.
        columns: The titles of its columns.
        rows: A cell for each column.
        right: The columns of numbers, which are never cut.
        whole: The other columns that are never cut: what is to be copied, figures with intervals.
        cut: The texts, which are cut before names are, and the cells that each keeps while others can be spared.
        prose: The sentences, which are folded where texts are cut.
        spare: The columns that are left out where there is no room for all, the first one first.
        last: Whether nothing is printed after it; else an empty line follows.
    """
    from retrolabel.cli.tables import Column, Kind, Table  # noqa: PLC0415 - not needed for --help

    kinds = {
        **dict.fromkeys(prose, Kind.PROSE),
        **dict.fromkeys(cut or {}, Kind.TEXT),
        **dict.fromkeys(whole, Kind.WHOLE),
        **dict.fromkeys(right, Kind.NUMBER),
    }
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    made = [
        Column(
            name,
            tuple(_one_line(cell, prose=name in prose) for cell in in_column),
            kinds.get(name, Kind.NAME),
            READABLE if name in prose else (cut or {}).get(name, 0),
            spare.index(name) + 1 if name in spare else 0,
        )
        for name, in_column in zip(columns, cells, strict=True)
    ]
    return Table(title, tuple(made), last)


def _one_line(value: object, *, prose: bool) -> str:
    """Return a cell as people read it, what would move the cursor as text; prose may have several lines."""
    return "\n".join(map(shown, str(value).split("\n"))) if prose and isinstance(value, str) else shown(value)


def share_of(part: int, whole: int) -> str:
    """Return a share as people read it; a dash where there is nothing to share.

    Example:
        >>> share_of(1, 8), share_of(0, 0)
        ('12.5 %', '-')
    """
    return f"{part / whole:.1%}".replace("%", " %") if whole else shown(None)


def shown(value: object) -> str:
    """Return a cell as people read it, in one line."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}" if value == value else "-"  # noqa: PLR0124 - NaN is unlike itself
    if isinstance(value, int):
        return f"{value:,}"
    return as_text(without_remembered(str(value)))


def show_skipped(skipped: Iterable[Mapping[str, str]]) -> None:
    """Print which labeling functions sat out, and why, a line for each reason.

    Args:
        skipped: ``name`` and ``why`` of each.
    """
    from retrolabel.jobs.records.sitting_out import told_together  # noqa: PLC0415 - not needed for --help

    for line in told_together((each["name"], each["why"]) for each in skipped):
        say(f"  sat out  {line}")


def print_json(value: object) -> None:
    """Print plain data as JSON on standard output; control characters are escaped, as JSON allows."""
    quiet()
    plain = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8"
    text = json.dumps(_plain(value), indent=2, ensure_ascii=plain, allow_nan=False)
    sys.stdout.write(CONTROLS.sub(lambda found: found[0] if found[0] == "\n" else _in_json(found[0]), text) + "\n")


def _in_json(character: str) -> str:
    """Return a character as JSON writes it in ASCII."""
    return json.dumps(character)[1:-1]


def write_anything() -> None:
    """Let the terminal or file that is written to get what it can show: other characters are escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a command found
    """Return a value as JSON knows it: what is no number is null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(found) for key, found in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(found) for found in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (int, float, bool)):
        return value
    return without_remembered(str(value))


def say(text: str = "", *, whole: bool = False, indent: str | None = None) -> None:
    """Print a line on standard output: broken between words where a terminal is narrower, whole in a pipe.

    Args:
        text: The line; what follows the first one is indented as the words after its label are.
        whole: Whether it is never broken, as source text; only such a text may have lines of its own.
        indent: What the further lines begin with; if left out, two spaces more than the line does.
    """
    from rich.text import Text  # noqa: PLC0415 - not needed for --help

    out, text = console(), as_text(without_remembered(text), lines=whole)
    if out.is_terminal and not whole:
        text = folded(text, out.width, indent)
    out.print(Text(text), soft_wrap=True)


def told_of_a_set(partial: Sequence[str] | None, *, guessed: bool) -> str:
    """Return what is known of an item that has no label, or a guessed one.

    Args:
        partial: The labels that votes, and gold that was fitted, leave; nothing, where they say nothing.
        guessed: Whether votes for several labels alone speak of it.
    """
    left = " | ".join(partial or ())
    if guessed and len(partial or ()) == 1:
        return f"guessed: its votes are for several labels alone, of which gold leaves {left}"
    if guessed:
        return f"guessed: its votes are for several labels alone, and leave {left}"
    return f"no label: a tie, or too unsure; what is left is {left}"


def folded(text: str, width: int, indent: str | None = None) -> str:
    """Return a line broken between words; a word that is longer than a line stays whole, so that it can be copied.

    Example:
        >>> print(folded("  note: three words", 14))
          note: three
            words
    """
    from rich.cells import cell_len  # noqa: PLC0415 - not needed for --help

    if cell_len(text) <= width:
        return text
    if indent is None:
        indent = " " * (len(text) - len(text.lstrip()) + 2)
    lines, line = [], ""
    for word in re.findall(r"\s*\S+", text):
        if line and cell_len(line + word) > width:
            lines.append(line)
            line = indent + word.lstrip()
        else:
            line += word
    return "\n".join([*lines, line])


def show_error(error: RetrolabelError, *, as_json: bool) -> None:
    """Print what failed and what would help: on standard error, and as JSON where that was asked for."""
    if as_json:
        told = [{"where": p.where, "what": p.what, "remedy": p.remedy} for p in error.problems]
        found = {"type": type(error).__name__, "message": error.message, "problems": told, "remedy": error.remedy}
        print_json({"error": found})
    quiet()
    message, remedy = (as_text(part, lines=True).replace("\n", "\n  ") for part in (error.message, error.remedy))
    problems = [Problem(as_text(p.where), as_text(p.what), as_text(p.remedy)) for p in error.problems]
    text = f"Error: {RetrolabelError(message, remedy=remedy, problems=problems)}"
    if sys.stderr.isatty():
        width = console(stderr=True).width
        text = "\n".join(folded(line, width) for line in text.split("\n"))
    sys.stderr.write(f"{text}\n".encode("utf-8", "backslashreplace").decode("utf-8"))


def gold_command(task: str = "TASK") -> str:
    """Return the command that takes human labels in."""
    return f"retrolabel gold import {task} FILE --source NAME --role dev"


def pairs(values: Sequence[str] | None, option: str, *, commas: bool = True, verbatim: bool = False) -> dict[str, str]:
    """Return ``a=b`` (the option may be repeated) as a mapping.

    Args:
        values: What was given.
        option: The option's name, for the message.
        commas: Whether one value may hold several pairs, as ``a=b,c=d``.
        verbatim: Whether the left side is stored text, taken as it is up to the last ``=``.

    Raises:
        InputError: An entry has no ``=``, or nothing before it.

    Example:
        >>> pairs(["train=dev,test=test"], "--role-map")
        {'train': 'dev', 'test': 'test'}
    """
    found: dict[str, str] = {}
    for entry in listed(values) if commas else values or ():
        left, equals, right = entry.rpartition("=") if verbatim else entry.partition("=")
        if not equals or not left:
            raise InputError(
                f"{option} takes LEFT=RIGHT, got {entry!r}.", remedy=f'{option} "{EXAMPLES.get(option, "old=new")}"'
            )
        found[left if verbatim else left.strip()] = right.strip()
    return found


def listed(values: Sequence[str] | None, *, empty: bool = False) -> list[str]:
    """Return ``a,b`` (the option may also be repeated) as a list.

    Args:
        values: What was given.
        empty: Whether a value that is empty means something.

    Example:
        >>> listed(["a, b", ""]), listed(["a", ""], empty=True)
        (['a', 'b'], ['a', ''])
    """
    found = [entry.strip() for value in values or () for entry in value.split(",") if entry.strip()]
    return found + [""] * (empty and any(not value.strip() for value in values or ()))
