"""Open the files of a store, wherever they lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from retrolabel.storage.objects import LocalObjects

if TYPE_CHECKING:
    from retrolabel.jobs.ports.objects import Objects


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
    if where.startswith("file://"):
        return LocalObjects(Path(url2pathname(urlsplit(where).path)))
    from retrolabel.storage.urls import UrlObjects  # noqa: PLC0415 - fsspec is slow to import, and most stores are local

    return UrlObjects(where)
