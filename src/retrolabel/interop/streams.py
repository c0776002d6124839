"""Files as streams of bytes and texts, unpacked by what is inside: gzip, bzip2, xz, Zstandard, a zip of one file."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import pyarrow as pa

from retrolabel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOM = "\ufeff"
PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip")
"""How the names of packed files end; what is inside decides."""
ZIP = b"PK\x03\x04"
SHEET_PARTS = ("xl/workbook.xml", "content.xml")
"""What a zip archive holds that is a spreadsheet."""
HIDDEN = ("__MACOSX/", ".")
"""How the names of files begin that an archive holds beside those that a person put into it."""


def open_bytes(path: Path, member: str | None = None) -> IO[bytes]:
    """Return the bytes of a file, unpacked.

    Args:
        path: The file.
        member: The file in it, where it is a zip archive; its only one if left out.

    Raises:
        InputError: It is a zip archive of several files, and none is named.
        OSError: It cannot be opened.
    """
    with path.open("rb") as stream:
        head = stream.read(6)
    if head.startswith(b"\x1f\x8b"):
        return gzip.open(path, "rb")  # type: ignore[return-value]  # reads bytes
    if head.startswith(b"BZh"):
        return bz2.open(path, "rb")
    if head.startswith(b"\xfd7zXZ\x00"):
        return lzma.open(path, "rb")
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        return io.BufferedReader(_Unpacked(pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")))
    if head.startswith(ZIP) and not is_spreadsheet(path):
        names = members(path)
        if member is None and len(names) != 1:
            shown = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")  # noqa: PLR2004 - files that are named
            raise InputError(
                f"{path.name} is an archive of {len(names)} files: {shown}.", remedy="unpack it, and name one of them"
            )
        return zipfile.ZipFile(path).open(member or names[0])
    return path.open("rb")


def members(path: Path) -> list[str]:
    """Return the files in a zip archive; none, where it is no archive.

    Raises:
        InputError: The archive is damaged.
    """
    with path.open("rb") as stream:
        if stream.read(4) != ZIP:
            return []
    try:
        with zipfile.ZipFile(path) as archive:
            names = [each.filename for each in archive.infolist() if not each.is_dir()]
    except zipfile.BadZipFile as error:
        raise InputError(
            f"{path.name} is a damaged archive: {error}.", remedy="copy it again; was it cut off?"
        ) from None
    return [name for name in names if not name.startswith(HIDDEN) and not name.rpartition("/")[2].startswith(".")]


def is_spreadsheet(path: Path) -> bool:
    """Return whether a file is a spreadsheet of Excel or of OpenDocument, by what is inside."""
    return any(part in SHEET_PARTS for part in members(path))


def open_text(path: Path, encoding: str | None = None, *, newline: str = "", member: str | None = None) -> IO[str]:
    """Return the text of a file; bytes that are none in its encoding become lone surrogates.

    Args:
        path: The file.
        encoding: Its encoding; UTF-8, with or without a byte order mark, if left out.
        newline: What ends a line: nothing translates what is there.
        member: The file in it, where it is a zip archive.
    """
    stream = open_bytes(path, member)
    return io.TextIOWrapper(stream, encoding=encoding or "utf-8-sig", errors="surrogateescape", newline=newline)


@contextmanager
def told(name: str) -> Iterator[None]:
    """Say of a file that it cannot be read to its end, where that is so.

    Raises:
        InputError: That.
    """
    try:
        yield
    except (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, UnicodeError) as error:
        raise InputError(
            f"{name} cannot be read to its end: {error}.", remedy="copy it again; was it cut off?"
        ) from error


class _Unpacked(io.RawIOBase):
    """A stream of Arrow as Python reads one."""

    def __init__(self, stream: pa.NativeFile) -> None:
        self._stream = stream

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what io passes
        """Fill a buffer; return how many bytes there were."""
        found = self._stream.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)
