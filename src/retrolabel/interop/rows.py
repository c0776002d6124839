"""Tables out of files of any kind, in bounded memory: told by what is inside, with line numbers and broken rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from retrolabel.errors import InputError, for_shell, in_quotes, nearest
from retrolabel.interop.dialects import Dialect
from retrolabel.interop.encodings import marked
from retrolabel.interop.streams import PACKED, is_spreadsheet, open_bytes, told

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from retrolabel.interop.raw import RawBatch

HEAD = 8192
CSV, JSON, ARROW, EXCEL, FASTTEXT = "csv", "json", "arrow", "excel", "fasttext"
NAMED = {
    ".csv": CSV, ".tsv": CSV, ".tab": CSV, ".psv": CSV, ".jsonl": JSON, ".ndjson": JSON, ".json": JSON,
    ".parquet": ARROW, ".pq": ARROW, ".arrow": ARROW, ".feather": ARROW, ".xlsx": EXCEL, ".xlsm": EXCEL,
}  # fmt: skip
"""What the names of files say; what is inside decides."""
PARQUET, ARROW_FILE, ARROW_STREAM = b"PAR1", b"ARROW1", b"\xff\xff\xff\xff"
OTHERS = {
    b"\xd0\xcf\x11\xe0": ("a workbook of an old Excel", "save it as .xlsx, or as CSV in UTF-8"),
    b"SQLite format 3": (
        "a database of SQLite",
        "export the table as CSV: sqlite3 -header -csv FILE 'select * from T'",
    ),
    b"%PDF": ("a PDF", "export the data itself as CSV"),
    b"<!DOCTYPE": ("a web page", "download the file itself"),
    b"<html": ("a web page", "download the file itself"),
    b"<?xml": ("XML", "export it as CSV or JSON"),
}
"""How files begin that are no tables."""
SHOWN = 5
"""Files that are named beside one that is missing."""


class Rows(Protocol):
    """The rows of a file.

    Attributes:
        columns: What its columns are called.
        by_place: Column that is called by its place, since its header cell says no name of its own -> why.
        notes: What was found of how it is written.
        unit: What its rows are numbered by: ``line`` or ``row``.
        typed: Whether its columns have types by themselves.
    """

    by_place: dict[str, str]
    unit: str
    typed: bool

    @property
    def columns(self) -> list[str]:
        """What its columns are called."""

    @property
    def notes(self) -> list[str]:
        """What was found of how it is written."""

    def batches(self) -> Iterator[RawBatch]:
        """Yield the rows in batches of at most 50,000 or about 64 MB."""


class TableFile:
    r"""A table in a file of any kind.

    Args:
        path: The file.
        dialect: What is said of how it is written.
        deeper: Names of columns that may be paths into nested values of JSON: ``review.text``.
        numbers: Columns of classes that stay numbers.

    Attributes:
        kind: ``csv``, ``json``, ``arrow``, ``excel`` or ``fasttext``.
        name: What messages call it.

    Raises:
        InputError: The file is missing, empty, a folder, of an unknown kind, or cannot be read at all.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder) / "f.txt"
        ...     _ = file.write_text("id;text\n1;a, b\n")
        ...     table = TableFile(file)
        ...     table.kind, table.columns, next(table.batches()).columns["text"]
        ('csv', ['id', 'text'], ['a, b'])
    """

    def __init__(
        self,
        path: Path,
        dialect: Dialect | None = None,
        deeper: Iterable[str | None] = (),
        numbers: Collection[str] = (),
    ) -> None:
        self.path, self.dialect = path, dialect or Dialect()
        self._deeper = [each for each in deeper if each]
        self._numbers = numbers
        self.name = path.name.encode("utf-8", "backslashreplace").decode()
        self.kind = kind_of(path, self.dialect)
        with told(self.name):
            self._rows: Rows = self._reader()

    @property
    def columns(self) -> list[str]:
        """What its columns are called; those of JSON are known once it was read."""
        with told(self.name):
            return self._rows.columns

    @property
    def by_place(self) -> dict[str, str]:
        """Column that is called by its place, since its header cell says no name of its own -> why."""
        return self._rows.by_place

    @property
    def notes(self) -> list[str]:
        """What was found of how it is written."""
        return self._rows.notes

    @property
    def unit(self) -> str:
        """What its rows are numbered by: ``line`` or ``row``."""
        return self._rows.unit

    @property
    def typed(self) -> bool:
        """Whether its columns have types by themselves."""
        return self._rows.typed

    def batches(self) -> Iterator[RawBatch]:
        """Yield the rows in batches of at most 50,000 or about 64 MB.

        Raises:
            InputError: The file cannot be read to its end.
        """
        with told(self.name):
            yield from self._rows.batches()

    def _reader(self) -> Rows:
        # Each brings what it needs; who reads CSV waits for nothing else.
        if self.kind == JSON:
            from retrolabel.interop.json_rows import JsonRows, refuse_cells  # noqa: PLC0415 - see above

            refuse_cells(self.dialect, self.name)
            return JsonRows(self.path, self.name, self.dialect, self._deeper)
        if self.kind == ARROW:
            from retrolabel.interop.arrow_rows import ArrowRows  # noqa: PLC0415 - see above

            return ArrowRows(self.path, self.name, self._numbers)
        if self.kind == EXCEL:
            from retrolabel.interop.excel_rows import ExcelRows  # noqa: PLC0415 - see above

            return ExcelRows(self.path, self.name, self.dialect)
        if self.kind == FASTTEXT:
            from retrolabel.interop.fasttext_rows import FastTextRows  # noqa: PLC0415 - see above

            return FastTextRows(self.path, self.name, self.dialect)
        from retrolabel.interop.csv_rows import CsvRows  # noqa: PLC0415 - see above

        return CsvRows(self.path, self.name, self.dialect)


def kind_of(path: Path, dialect: Dialect | None = None) -> str:
    """Return ``csv``, ``json``, ``arrow``, ``excel`` or ``fasttext``: what a file is by what is inside.

    Raises:
        InputError: The file is missing, empty, a folder, or none of these.
    """
    dialect = dialect or Dialect()
    if not path.exists():
        raise InputError(f"There is no file {path}.", remedy=_where_else(path))
    if path.is_dir():
        raise InputError(f"{path} is a folder.", remedy=f"name the files: {for_shell(str(path))}/*.csv")
    try:
        if is_spreadsheet(path):
            return EXCEL if path.suffix != ".ods" else _refuse_ods(path)
        with open_bytes(path) as stream:
            head = stream.read(HEAD)
    except (OSError, EOFError) as error:
        raise InputError(
            f"{path.name} cannot be read: {error}.",
            remedy="copy it again; is it yours to read, and what its name says?",
        ) from error
    if not head.strip():
        raise InputError(f"{path.name} is empty.", remedy="copy or export it again; was it cut off?")
    if head.startswith((PARQUET, ARROW_FILE, ARROW_STREAM)):
        return ARROW
    for begins, (what, remedy) in OTHERS.items():
        if head.lstrip()[: len(begins)].lower() == begins.lower():
            raise InputError(f"{path.name} is {what}, no table that can be read.", remedy=remedy)
    return _kind_of_text(path, head, dialect)


def _kind_of_text(path: Path, head: bytes, dialect: Dialect) -> str:
    named = NAMED.get(_suffix(path))
    if dialect.encoding is None:
        mark = marked(head)
        if mark is not None:
            raise InputError(f"{path.name} is {mark.upper()}, not UTF-8.", remedy=f"--encoding {mark}")
        control = sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head)  # noqa: PLR2004 - ASCII's codes
        if control > len(head) // 20:
            raise InputError(
                f"{path.name} holds binary data, and is no Parquet, Arrow or Excel file either.",
                remedy="copy it again; was it cut off? Or export it as CSV",
            )
        text = head.decode("utf-8", "replace")
    else:
        try:
            text = head.decode(dialect.encoding, "replace")
        except LookupError:
            text = ""  # said when it is read
    if named == ARROW:
        raise InputError(
            f"{path.name} is no Parquet or Arrow file, whatever its name says.", remedy="rename it to what it is"
        )
    if text.lstrip("\ufeff \r\n\t")[:1] in ("[", "{") and (
        named != CSV or text.lstrip("\ufeff \r\n\t")[:2] in ('{"', "[{")
    ):
        return JSON
    if named == JSON:
        return JSON  # its lines are said to be none
    if text.lstrip("\ufeff \r\n\t").startswith("__label__") and not dialect.header and dialect.delimiter is None:
        return FASTTEXT
    if named is None and not dialect.header and dialect.delimiter is None:
        _refuse_plain_text(path, text)
    return CSV


def _refuse_plain_text(path: Path, text: str) -> None:
    """Refuse a text of an unknown kind whose lines have no cells.

    Raises:
        InputError: That.
    """
    from retrolabel.interop.dialects import sniffed  # noqa: PLC0415 - few files need it

    found = sniffed(text, None, cut=len(text.encode()) >= HEAD)
    if found.rows and len(found.rows[0][1]) > 1:
        return
    first = found.rows[0][1][0] if found.rows else ""
    raise InputError(
        f"{path.name} is text without cells: {first!r:.60}.",
        remedy="if each line is an item: --header review --delimiter none; if its cells are parted by another"
        f" character: --delimiter {in_quotes(';')}",
    )


def _refuse_ods(path: Path) -> str:
    raise InputError(f"{path.name} is a sheet of OpenDocument.", remedy="save it as .xlsx, or as CSV in UTF-8")


def _suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in PACKED]
    return suffixes[-1] if suffixes else ""


def _where_else(path: Path) -> str:
    """Return what to do about a file that is not there: the one that was meant, or the files that are."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder} either; paths start from {path.cwd()}"
    there = sorted(each.name for each in folder.iterdir() if NAMED.get(_suffix(each)) and each.is_file())
    near = nearest(path.name, there)
    if near:
        return f"did you mean {folder / near}?"
    shown = ", ".join(there[:SHOWN]) + (", ..." if len(there) > SHOWN else "")
    return f"check the path; {folder.absolute()} has {shown or 'no files of feedback'}"
