"""Files of the store in a local directory: written once, whole, under a temporary name first."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.errors import CorruptionError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow as pa

CHUNK = 2**20
WRITING = ".writing-"
"""How the name of a file begins that is being written."""


class LocalObjects:
    """Files below one directory.

    Args:
        root: The directory; made when the first file is written.

    Example:
        >>> import tempfile
        >>> objects = LocalObjects(Path(tempfile.mkdtemp()))
        >>> objects.write_bytes("a/b.txt", b"x") == objects.sha256("a/b.txt")
        True
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def write_table(self, name: str, table: pa.Table) -> str:
        """Write a Parquet file (zstd) and return the SHA-256 of its bytes."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - who only looks at manifests needs none

        with self._writing(name) as temporary:
            pq.write_table(table, temporary, compression="zstd")
        return hash_file(self._path(name))

    def write_bytes(self, name: str, content: bytes) -> str:
        """Write a file and return the SHA-256 of its bytes."""
        with self._writing(name) as temporary:
            temporary.write_bytes(content)
        return hashlib.sha256(content).hexdigest()

    def read_table(self, name: str, columns: Sequence[str] | None = None, *, sha256: str | None = None) -> pa.Table:
        """Return a Parquet file, or some columns of it.

        Args:
            name: The file.
            columns: The columns; all if left out.
            sha256: The hash that it was written with: other bytes are refused.

        Raises:
            StoreError: There is no such file, or it may not be read.
            CorruptionError: It is no Parquet file any more, lacks a column, or has other bytes.
        """
        import pyarrow as pa  # noqa: PLC0415 - who only looks at manifests needs none
        import pyarrow.parquet as pq  # noqa: PLC0415 - the same

        path = self._checked(name, sha256)
        try:
            return pq.read_table(path, columns=None if columns is None else list(columns), memory_map=False)
        except FileNotFoundError:
            raise _missing(path) from None
        except (pa.ArrowException, OSError) as error:
            raise CorruptionError(f"{path} cannot be read: {error}.", remedy=VERIFY) from error

    def read_bytes(self, name: str, *, sha256: str | None = None) -> bytes:
        """Return a file; raises ``StoreError``, and ``CorruptionError`` where it has not the hash that is given."""
        path = self._checked(name, sha256)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise _missing(path) from None
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error}.") from error

    def sha256(self, name: str) -> str | None:
        """Return the hash of the bytes that are there now, or ``None`` where there is no such file."""
        path = self._path(name)
        return _hashed_now(path)[1] if path.is_file() else None

    def size(self, name: str) -> int:
        """Return how many bytes a file has; 0 where there is none."""
        path = self._path(name)
        return path.stat().st_size if path.is_file() else 0

    def names(self, folder: str) -> list[str]:
        """Return the names of the files below a folder, sorted; those that are being written are left out."""
        found = (path for path in self._path(folder).rglob("*") if path.is_file() and not path.name.startswith(WRITING))
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def remove(self, names: Iterable[str]) -> None:
        """Remove files that no catalog names."""
        for name in names:
            self._path(name).unlink(missing_ok=True)

    def locate(self, name: str) -> str:
        """Return where a file is, for people."""
        return str(self.root / name)

    def _path(self, name: str) -> Path:
        """Return where a file is.

        Raises:
            StoreError: Its name leaves the store, or a link on its way does.
        """
        check_name(name)
        path = self.root / name
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise StoreError(f"{path} is a link that leaves the store; it is not followed.", remedy=OUTSIDE)
        return path

    def _checked(self, name: str, sha256: str | None) -> Path:
        """Return where a file is, once its bytes are known to be those that were written.

        A file is hashed once in a process, and again where its size, its times or its inode are others than then.
        """
        path = self._path(name)
        if sha256 is None:
            return path
        try:
            stamp, now = _hashed.get(path) or _hashed_now(path)
            if stamp != _stamp(path):
                now = _hashed_now(path)[1]
        except FileNotFoundError:
            raise _missing(path) from None
        except OSError as error:
            raise StoreError(
                f"{path} cannot be read: {error.strerror or error}.", remedy=FOLDER if path.is_dir() else ""
            ) from error
        if now != sha256:
            raise other_bytes(str(path), now, sha256)
        return path

    @contextlib.contextmanager
    def _writing(self, name: str) -> Iterator[Path]:
        """Yield a temporary path that becomes the file when nothing went wrong."""
        path = self._path(name)
        temporary: Path | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, made = tempfile.mkstemp(prefix=WRITING, dir=path.parent)
            os.close(handle)
            temporary = Path(made)
            yield temporary
            temporary.chmod(0o644)
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            temporary.replace(path)
        except OSError as error:
            full = "is the disk full, or the folder without write permission? Nothing was lost"
            raise StoreError(
                f"{path} cannot be written: {error.strerror or error}.",
                remedy=FOLDER if path.is_dir() else full,
            ) from error
        finally:
            if temporary is not None:
                temporary.unlink(missing_ok=True)


OUTSIDE = "a catalog or manifest was changed by hand: restore it from a backup; a store elsewhere is named by --store"
VERIFY = (
    "retrolabel labels verify TASK says what is damaged, relabel TASK --repair makes votes and label sets again;"
    " feedback comes from a backup"
)
FOLDER = "a folder stands where the file should be: move it away, then retrolabel relabel TASK --repair"


_hashed: dict[Path, tuple[tuple[int, ...], str]] = {}
"""The files that this process hashed, with what tells whether they changed since."""


def _hashed_now(path: Path) -> tuple[tuple[int, ...], str]:
    """Read a file; return its stamp from before it was read, and its hash, and keep both in mind."""
    _hashed[path] = _stamp(path), hash_file(path)
    return _hashed[path]


def _stamp(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def check_name(name: str) -> None:
    r"""Refuse the name of a file that is not below the store: ``..``, an absolute path, a NUL.

    Raises:
        StoreError: It is one.

    Example:
        >>> check_name("label_sets/1f/model.json")
        >>> check_name("label_sets/../../other/model.json")
        Traceback (most recent call last):
        retrolabel.errors.StoreError: 'label_sets/../../other/model.json' is no name of a file in the store.
        Fix: a catalog or manifest was changed by hand: restore it from a backup; a store elsewhere is named by --store
    """
    parts = name.replace("\\", "/").split("/")
    if not name or "\0" in name or ".." in parts or "" in parts or ":" in parts[0]:
        raise StoreError(f"{name!r} is no name of a file in the store.", remedy=OUTSIDE)


def other_bytes(where: str, now: str, written: str) -> CorruptionError:
    """Return the error of a file whose bytes are not those that were written."""
    return CorruptionError(
        f"{where} cannot be read: it has other bytes than were written (SHA-256 {now[:12]}, not {written[:12]}).",
        remedy=VERIFY,
    )


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces."""
    hasher = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            hasher.update(piece)
    return hasher.hexdigest()


def _missing(path: Path) -> StoreError:
    return StoreError(f"{path} is gone, though the catalog names it.", remedy=VERIFY)
