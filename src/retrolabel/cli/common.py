"""What all commands share: options, output, opening the workspace."""

from __future__ import annotations

import io
import json
import math
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.errors import InputError, RetrolabelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console
    from rich.table import Table

    from retrolabel.wiring.workspace import Workspace

StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store", help="The store's directory; else RETROLABEL_STORE, else the project's.", show_default=False
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
TaskArgument = Annotated[str, typer.Argument(metavar="TASK", help="The task, e.g. issue_type.")]
LabelSetArgument = Annotated[
    str, typer.Argument(metavar="[ID]", help="The label set: its id, the beginning of it, or latest.")
]

DONE, FAILED, USAGE, SOMETHING_TO_DO, INTERRUPTED = 0, 1, 2, 3, 130
SHORT_ID = 12
LONG_TITLE, TITLE_WIDTH = 16, 12
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
}
"""What an option with ``=`` looks like."""


def workspace(store: Path | None, *, engine: str | None = None, workers: int | None = None) -> Workspace:
    """Return the workspace of the folder one stands in, with progress on the terminal."""
    from retrolabel.cli.progress import TerminalProgress  # noqa: PLC0415 - not needed for --help
    from retrolabel.wiring.workspace import open_workspace  # noqa: PLC0415 - the same

    progress = TerminalProgress()
    return open_workspace(store=store, engine=engine, workers=workers, progress=progress, warn=progress.note)


def console(*, stderr: bool = False) -> Console:
    """Return a console; colours obey NO_COLOR, and a pipe gets none."""
    from rich.console import Console  # noqa: PLC0415 - not needed for --help

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> Table:
    """Return a table; the columns named in ``right`` hold numbers."""
    from rich import box  # noqa: PLC0415 - not needed for --help
    from rich.table import Table  # noqa: PLC0415 - the same
    from rich.text import Text  # noqa: PLC0415 - the same

    made = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", padding=(0, 1, 0, 0), pad_edge=False)
    for column in columns:
        number = column in right
        heading = _folded_title(column) if number else column
        made.add_column(heading, justify="right" if number else "left", overflow="fold", no_wrap=number)
    for row in rows:
        made.add_row(*(Text(shown(cell)) for cell in row))
    return made


def _folded_title(title: str) -> str:
    """Return the title of a column of numbers, as a label id may be, in lines that leave room for the other columns."""
    if len(title) <= LONG_TITLE:
        return title
    pieces = re.findall(rf"[^_\s]{{1,{TITLE_WIDTH}}}[_\s]?", title)
    lines = [""]
    for piece in pieces:
        if lines[-1] and len(lines[-1] + piece.rstrip()) > TITLE_WIDTH:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def shown(value: object) -> str:
    """Return a cell as people read it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}" if value == value else "-"  # noqa: PLR0124 - NaN is unlike itself
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def print_json(value: object) -> None:
    """Print plain data as JSON on standard output."""
    plain = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8"
    sys.stdout.write(json.dumps(_plain(value), indent=2, ensure_ascii=plain, allow_nan=False) + "\n")


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
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def say(text: str = "", *, whole: bool = False) -> None:
    """Print a line on standard output: broken between words where a terminal is narrower, whole in a pipe.

    Args:
        text: The line; what follows the first one is indented as the words after its label are.
        whole: Whether it is never broken, as source text.
    """
    from rich.text import Text  # noqa: PLC0415 - not needed for --help

    out = console()
    if out.is_terminal and not whole:
        text = "\n".join(folded(line, out.width) for line in text.split("\n"))
    out.print(Text(text), soft_wrap=True)


def folded(text: str, width: int) -> str:
    """Return a line broken between words; a word that is longer than a line stays whole, so that it can be copied.

    Example:
        >>> print(folded("  note: three words", 14))
          note: three
            words
    """
    from rich.cells import cell_len  # noqa: PLC0415 - not needed for --help

    if cell_len(text) <= width:
        return text
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
        problems = [{"where": p.where, "what": p.what, "remedy": p.remedy} for p in error.problems]
        found = {"type": type(error).__name__, "message": error.message, "problems": problems, "remedy": error.remedy}
        print_json({"error": found})
    text = f"Error: {error}"
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


def listed(values: Sequence[str] | None) -> list[str]:
    """Return ``a,b`` (the option may also be repeated) as a list."""
    return [entry.strip() for value in values or () for entry in value.split(",") if entry.strip()]
