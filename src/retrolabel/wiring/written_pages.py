"""Write a page of HTML to a file; a file that is none of ours is left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 4096
"""Bytes in which a page says what made it."""


def write_page(html: str, path: Path, generator: str, *, option: str, force: bool) -> Path:
    """Write a page to a file and return its path.

    Args:
        html: The page.
        path: The file.
        generator: How a page of this kind says what made it.
        option: The option that names the file.
        force: Whether a file is replaced that is no such page.

    Raises:
        StoreError: Such a file is there, or it cannot be written.
    """
    check_place(path, generator, option=option, force=force)
    try:
        path.write_bytes(html.encode("utf-8"))
    except OSError as error:
        raise _cannot_be_written(path, error, option) from error
    return path


def check_place(path: Path, generator: str, *, option: str, force: bool = False) -> None:
    """Check that a page can be written to a file; who makes one that takes time asks before.

    Args:
        path: The file, or a folder that exists.
        generator: How a page of this kind says what made it.
        option: The option that names the file.
        force: Whether a file is replaced that is no such page.

    Raises:
        StoreError: Another file is there, or there is no such folder.
    """
    try:
        if not path.parent.is_dir():
            raise FileNotFoundError(2, "No such file or directory")
        taken = path.is_file() and not force and not is_page(path, generator)
    except OSError as error:
        raise _cannot_be_written(path, error, option) from error
    if taken:
        kind = generator.removeprefix("retrolabel ")
        raise StoreError(
            f"{path} is there already, and is no {kind} of retrolabel; it was left as it is.",
            remedy=f"choose another {option}, or --force to replace it",
        )


def _cannot_be_written(path: Path, error: OSError, option: str) -> StoreError:
    return StoreError(
        f"{path} cannot be written: {error.strerror or error}.",
        remedy=f"name a file in a folder that is there: {option} FILE",
    )


def is_page(path: Path, generator: str) -> bool:
    """Return whether a file is a page that we wrote.

    Args:
        path: The file.
        generator: How such a page says what made it.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    return any(mark.encode() in head for mark in (meta(generator), comment(generator)))


def meta(generator: str) -> str:
    """Return how a page of HTML says what made it."""
    return f'<meta name="generator" content="{generator}">'


def comment(generator: str) -> str:
    """Return how a picture says it."""
    return f"<!-- {generator} -->"
