"""A file of feedback, as jobs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from retrolabel.errors import Problem


class Reader(Protocol):
    """A file of rows, read in batches of typed columns."""

    name: str
    notes: list[str]

    def batches(self) -> Iterator[tuple[pa.Table, Sequence[int], list[Problem]]]:
        """Yield (columns, line numbers, rows that could not be read)."""
