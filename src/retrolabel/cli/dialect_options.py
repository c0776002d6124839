"""Options that say how a file is written, the same for all commands that read files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import listed

if TYPE_CHECKING:
    from retrolabel.interop.dialects import Dialect

TimeFormatOption = Annotated[
    str | None,
    typer.Option(
        "--time-format", help='The one format of the times: "%d-%m-%Y %H:%M" (strptime), epoch-s or epoch-ms.'
    ),
]
EncodingOption = Annotated[
    str | None,
    typer.Option("--encoding", help="The file's encoding, as cp1252; UTF-8 if left out.", show_default=False),
]
DelimiterOption = Annotated[
    str | None,
    typer.Option(
        "--delimiter",
        help="What parts its cells: tab, semicolon, pipe, comma, one character, or none; found if left out.",
        show_default=False,
    ),
]
SkipLinesOption = Annotated[int, typer.Option("--skip-lines", min=0, help="Lines before the one that names columns.")]
SkipRowsOption = Annotated[
    int, typer.Option("--skip-rows", min=0, help="Rows after the header that are no items, as a survey's questions.")
]
HeaderOption = Annotated[
    str | None,
    typer.Option("--header", help="The names of the columns, where no line has them: a,b,c.", show_default=False),
]
SheetOption = Annotated[str | None, typer.Option("--sheet", help="Excel: the sheet.", show_default=False)]
RowsAtOption = Annotated[
    str | None,
    typer.Option("--rows-at", help="JSON: the path of the rows in an object: data.reviews.", show_default=False),
]
QuotesOption = Annotated[
    str | None,
    typer.Option(
        "--quotes",
        help="Quotation marks in cells: doubled (if left out), backslash (after one), none (letters as any other).",
        show_default=False,
    ),
]


def dialect_of(  # noqa: PLR0913 - what may be said of how a file is written
    encoding: str | None,
    delimiter: str | None,
    skip_lines: int,
    header: str | None,
    sheet: str | None,
    rows_at: str | None,
    quotes: str | None,
    skip_rows: int,
) -> Dialect:
    """Return what options say of how a file is written."""
    from retrolabel.interop.dialects import Dialect  # noqa: PLC0415 - not needed for --help

    return Dialect(
        encoding, delimiter, skip_lines, tuple(listed([header] if header else None)), sheet, rows_at, quotes, skip_rows
    )
