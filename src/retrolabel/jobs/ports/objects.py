"""The files of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa


class Objects(Protocol):
    """Files that are written once, whole, and read often; names are relative to the store, and none leaves it."""

    def write_table(self, name: str, table: pa.Table) -> str:
        """Write a Parquet file and return the SHA-256 of its bytes."""

    def write_bytes(self, name: str, content: bytes) -> str:
        """Write a file and return the SHA-256 of its bytes."""

    def read_table(self, name: str, columns: Sequence[str] | None = None, *, sha256: str | None = None) -> pa.Table:
        """Return a Parquet file, or some columns of it; raises ``StoreError`` or ``CorruptionError``.

        Where the hash is given that its bytes were written with, other bytes are refused.
        """

    def read_bytes(self, name: str, *, sha256: str | None = None) -> bytes:
        """Return a file; raises ``StoreError``, and ``CorruptionError`` where it has not the hash that is given."""

    def sha256(self, name: str) -> str | None:
        """Return the hash of the bytes that are there now, or ``None`` where there is no such file."""

    def size(self, name: str) -> int:
        """Return how many bytes a file has; 0 where there is none."""

    def names(self, folder: str) -> list[str]:
        """Return the names of the files below a folder, sorted; those that are being written are left out."""

    def remove(self, names: Iterable[str]) -> None:
        """Remove files that no catalog names."""

    def locate(self, name: str) -> str:
        """Return where a file is, for people."""
