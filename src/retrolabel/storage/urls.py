"""Files of the store below a URL that fsspec knows: a bucket, a share, another host."""

from __future__ import annotations

import hashlib
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from retrolabel.errors import CorruptionError, SettingsError, StoreError
from retrolabel.masking import remember_secrets, without_secrets
from retrolabel.storage.objects import CHUNK, VERIFY, check_name, other_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

COMPRESSION = "zstd"


class UrlObjects:
    """Files below a URL, each written by one PUT, so that nobody ever sees half of one.

    Args:
        url: A URL of fsspec.

    Raises:
        SettingsError: The URL is of no kind that is known, or its package is not installed.
    """

    def __init__(self, url: str) -> None:
        remember_secrets(url)
        self.url = url.rstrip("/")
        if not url.partition("://")[2].strip("/"):
            raise SettingsError(
                f"The URL {url} cannot be opened: it names no place.", remedy="as s3://BUCKET/FOLDER, or memory://NAME"
            )
        try:
            self._fs, self._root = fsspec.core.url_to_fs(self.url)
        except Exception as error:  # each file system raises its own, as one that asks a host where it is
            raise SettingsError(
                f"The URL {url} cannot be opened: {error}.",
                remedy="a URL that fsspec knows, and its package: s3:// needs s3fs, gs:// needs gcsfs",
            ) from error

    def write_table(self, name: str, table: pa.Table) -> str:
        """Write a Parquet file (zstd) and return the SHA-256 of its bytes."""
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression=COMPRESSION)
        return self.write_bytes(name, buffer.getvalue())

    def write_bytes(self, name: str, content: bytes) -> str:
        """Write a file and return the SHA-256 of its bytes."""
        try:
            self._fs.makedirs(self._path(name).rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(self._path(name), content)
        except Exception as error:
            raise StoreError(
                f"{self.locate(name)} cannot be written: {error}.", remedy="is it full, or read-only? Nothing was lost"
            ) from error
        return hashlib.sha256(content).hexdigest()

    def read_table(self, name: str, columns: Sequence[str] | None = None, *, sha256: str | None = None) -> pa.Table:
        """Return a Parquet file, or some columns of it.

        Args:
            name: The file.
            columns: The columns; all if left out.
            sha256: The hash that it was written with: other bytes are refused. The file is fetched whole then.

        Raises:
            StoreError: There is no such file, or it may not be read.
            CorruptionError: It is no Parquet file any more, lacks a column, or has other bytes.
        """
        wanted = None if columns is None else list(columns)
        content = None if sha256 is None else io.BytesIO(self.read_bytes(name, sha256=sha256))
        with self._reading(name):
            try:
                if content is not None:
                    return pq.read_table(content, columns=wanted)
                return pq.read_table(self._path(name), columns=wanted, filesystem=self._fs)
            except pa.ArrowException as error:
                raise CorruptionError(f"{self.locate(name)} cannot be read: {error}.", remedy=VERIFY) from error

    def read_bytes(self, name: str, *, sha256: str | None = None) -> bytes:
        """Return a file; raises ``StoreError``, and ``CorruptionError`` where it has not the hash that is given."""
        with self._reading(name):
            content = bytes(self._fs.cat_file(self._path(name)))
        now = hashlib.sha256(content).hexdigest() if sha256 is not None else None
        if now is not None and sha256 is not None and now != sha256:
            raise other_bytes(self.locate(name), now, sha256)
        return content

    def sha256(self, name: str) -> str | None:
        """Return the hash of the bytes that are there now, or ``None`` where there is no such file."""
        if not self._fs.isfile(self._path(name)):
            return None
        hasher = hashlib.sha256()
        with self._reading(name), self._fs.open(self._path(name), "rb") as stream:
            while piece := stream.read(CHUNK):
                hasher.update(piece)
        return hasher.hexdigest()

    def size(self, name: str) -> int:
        """Return how many bytes a file has; 0 where there is none."""
        return int(self._fs.size(self._path(name)) or 0) if self._fs.isfile(self._path(name)) else 0

    def names(self, folder: str) -> list[str]:
        """Return the names of the files below a folder, sorted; those that are being written are left out."""
        root = self._root.rstrip("/")
        try:
            found = self._fs.find(self._path(folder))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(f"{self.locate(folder)} cannot be listed: {error}.") from error
        return sorted(name[name.index(root) + len(root) + 1 :] for name in found)

    def remove(self, names: Iterable[str]) -> None:
        """Remove files that no catalog names."""
        for name in names:
            if self._fs.isfile(self._path(name)):
                self._fs.rm_file(self._path(name))

    def locate(self, name: str) -> str:
        """Return where a file is, for people: without the password of the URL."""
        return without_secrets(f"{self.url}/{name}")

    def _path(self, name: str) -> str:
        check_name(name)
        return f"{self._root.rstrip('/')}/{name}"

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        """Turn what a file system says into our errors."""
        try:
            yield
        except FileNotFoundError:
            raise StoreError(f"{self.locate(name)} is gone, though the catalog names it.", remedy=VERIFY) from None
        except OSError as error:
            raise StoreError(f"{self.locate(name)} cannot be read: {error}.") from error
