"""The files of a round: where they are, written all or none, and read when they come back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from retrolabel.errors import InputError, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from retrolabel.jobs.gold.calibration.whose import SheetFile

TABLES = (".csv", ".tsv", ".xlsx", ".jsonl", ".parquet")
"""Files that are looked at in a folder that comes back."""
MARK = "batch"
"""The column by which a file of a round is told in a folder."""


def paths_of(folder: Path, task: str, number: int, people: Sequence[str]) -> dict[str, Path]:
    """Return person -> the file that they get.

    Args:
        folder: The folder of all rounds.
        task: The task.
        number: The round.
        people: Who is asked.

    Raises:
        InputError: One of them is there already.
    """
    from retrolabel.jobs.gold.calibration.sheets import file_names, mark

    at = folder / mark(task, number)
    paths = {person: at / name for person, name in file_names(people).items()}
    there = [path for path in paths.values() if path.exists()]
    if there:
        raise InputError(
            f"{there[0]} is there already, and may hold answers; nothing was done.",
            remedy="move it away, or write elsewhere: --folder",
        )
    return paths


@contextmanager
def written(
    sheets: Mapping[str, pa.Table], paths: Mapping[str, Path], *, spreadsheet: bool, warn: Callable[[str], None]
) -> Iterator[None]:
    """Write the files of a round before what is done inside; they are gone again where that fails.

    Args:
        sheets: Person -> their file, as a table.
        paths: Person -> where it goes.
        spreadsheet: Whether cells that begin like formulas get an apostrophe before them.
        warn: Told of such cells.

    Raises:
        InputError: A folder cannot be made, or a file cannot be written.
    """
    from retrolabel.wiring.label_sets import written_frame

    begun: list[Path] = []
    try:
        for person, path in paths.items():
            _make(path.parent)
            begun.append(path)
            _, note = written_frame(sheets[person].to_pandas(), path, spreadsheet=spreadsheet)
            if note:
                warn(note)
        yield
    except BaseException:
        for path in begun:
            path.unlink(missing_ok=True)
        raise


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"The folder {folder} cannot be made: {error.strerror or error}.",
            remedy="name one in which you may write: --folder",
        ) from error


def of_folder(folder: Path) -> list[Path]:
    """Return the files of a folder, and of folders in it, that say of which round they are.

    Args:
        folder: The folder.

    Raises:
        InputError: There is none.
    """
    from retrolabel.interop.rows import TableFile

    tables = sorted(path for path in folder.rglob("*") if path.suffix.lower() in TABLES and path.is_file())
    found = [path for path in tables if MARK in TableFile(path).columns]
    if not found:
        there = f"it has {counted(len(tables), 'other table')}" if tables else "it has no tables"
        raise InputError(f"{folder} has no file of a round; {there}.", remedy="name the file itself")
    return found


def read_sheet(path: Path) -> SheetFile:
    """Return the rows of a file of a round.

    Args:
        path: The file.

    Raises:
        GoldError: A column is missing, or a row cannot be read.
        InputError: It cannot be read at all.
    """
    from retrolabel.interop.gold import GoldReader
    from retrolabel.interop.rows import TableFile
    from retrolabel.jobs.gold.calibration.whose import SheetFile

    there = TableFile(path).columns
    optional = {"annotator": "annotator", "rationale": "why", "seconds": "seconds", "labelled_at": "labelled_at"}
    columns: dict[str, str | None] = {"item_id": "item_id", "label": None}
    columns |= {field: name if name in there else None for field, name in optional.items()}
    return SheetFile(path.name, GoldReader(path, columns).rows())
