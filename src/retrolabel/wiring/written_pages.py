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
    kind = generator.removeprefix("retrolabel ")
    try:
        if path.exists() and not force and not is_page(path, generator):
            raise StoreError(
                f"{path} is there already, and is no {kind} of retrolabel; it was left as it is.",
                remedy=f"choose another {option}, or --force to replace it",
            )
        path.write_bytes(html.encode("utf-8"))
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}.",
            remedy=f"name a file in a folder that is there: {option} FILE",
        ) from error
    return path


def is_page(path: Path, generator: str) -> bool:
    """Return whether a file is a page that we wrote.

    Args:
        path: The file.
        generator: How such a page says what made it.
    """
    with path.open("rb") as stream:
        return f'<meta name="generator" content="{generator}">'.encode() in stream.read(HEAD)
