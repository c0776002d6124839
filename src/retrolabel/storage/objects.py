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
        return hash_file(self.root / name)

    def write_bytes(self, name: str, content: bytes) -> str:
        """Write a file and return the SHA-256 of its bytes."""
        with self._writing(name) as temporary:
            temporary.write_bytes(content)
        return hashlib.sha256(content).hexdigest()

    def read_table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return a Parquet file, or some columns of it.

        Raises:
            StoreError: There is no such file, or it may not be read.
            CorruptionError: It is no Parquet file any more, or lacks a column.
        """
        import pyarrow as pa  # noqa: PLC0415 - who only looks at manifests needs none
        import pyarrow.parquet as pq  # noqa: PLC0415 - the same

        try:
            return pq.read_table(self.root / name, columns=None if columns is None else list(columns), memory_map=False)
        except FileNotFoundError:
            raise _missing(self.root / name) from None
        except (pa.ArrowException, OSError) as error:
            raise CorruptionError(f"{self.root / name} cannot be read: {error}.", remedy=VERIFY) from error

    def read_bytes(self, name: str) -> bytes:
        """Return a file; raises ``StoreError``."""
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            raise _missing(self.root / name) from None
        except OSError as error:
            raise StoreError(f"{self.root / name} cannot be read: {error}.") from error

    def sha256(self, name: str) -> str | None:
        """Return the hash of the bytes that are there now, or ``None`` where there is no such file."""
        path = self.root / name
        return hash_file(path) if path.is_file() else None

    def size(self, name: str) -> int:
        """Return how many bytes a file has; 0 where there is none."""
        path = self.root / name
        return path.stat().st_size if path.is_file() else 0

    def remove(self, names: Iterable[str]) -> None:
        """Remove files that no catalog names."""
        for name in names:
            (self.root / name).unlink(missing_ok=True)

    def locate(self, name: str) -> str:
        """Return where a file is, for people."""
        return str(self.root / name)

    @contextlib.contextmanager
    def _writing(self, name: str) -> Iterator[Path]:
        """Yield a temporary path that becomes the file when nothing went wrong."""
        path = self.root / name
        temporary: Path | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, made = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
            os.close(handle)
            temporary = Path(made)
            yield temporary
            temporary.chmod(0o644)
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            temporary.replace(path)
        except OSError as error:
            raise StoreError(
                f"{path} cannot be written: {error.strerror or error}.",
                remedy="is the disk full, or the folder without write permission? Nothing was lost",
            ) from error
        finally:
            if temporary is not None:
                temporary.unlink(missing_ok=True)


VERIFY = "retrolabel labels verify TASK says what is damaged, relabel TASK --repair makes it again"


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces."""
    hasher = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            hasher.update(piece)
    return hasher.hexdigest()


def _missing(path: Path) -> StoreError:
    return StoreError(f"{path} is gone, though the catalog names it.", remedy=VERIFY)
