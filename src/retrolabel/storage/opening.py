"""Open the files of a store, wherever they lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from retrolabel.errors import SettingsError
from retrolabel.storage.objects import LocalObjects

if TYPE_CHECKING:
    from retrolabel.jobs.ports.objects import Objects

URLS = "write objects as s3://BUCKET/FOLDER, file:///absolute/path, or a path"
"""How the place of a store's files looks."""


def open_objects(where: str | Path) -> Objects:
    """Return the files of a store: below a directory, or below a URL.

    Args:
        where: A directory, a ``file://`` URL, or a URL of fsspec: ``s3://bucket/retrolabel``.

    Raises:
        SettingsError: The URL is of no kind that is known, or its package is not installed.

    Example:
        >>> objects = open_objects("memory://somewhere")
        >>> objects.write_bytes("a/b.txt", b"x") == objects.sha256("a/b.txt")
        True
    """
    if isinstance(where, Path) or "://" not in where:
        return LocalObjects(Path(where))
    try:
        parts = urlsplit(where)
    except ValueError as error:
        raise SettingsError(f"The URL {where} cannot be read: {error}.", remedy=URLS) from error
    if parts.scheme == "file":
        elsewhere = parts.netloc not in ("", "localhost")
        if elsewhere or not parts.path.strip("/"):
            raise SettingsError(
                f"The URL {where} names {f'the host {parts.netloc}' if elsewhere else 'no folder'}.",
                remedy="a folder of this machine is file:///absolute/path, with three slashes, or just its path",
            )
        return LocalObjects(Path(url2pathname(parts.path)))
    from retrolabel.storage.urls import UrlObjects  # noqa: PLC0415 - fsspec is slow to import, and most stores are local

    return UrlObjects(where)
