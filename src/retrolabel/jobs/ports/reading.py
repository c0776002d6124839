"""A file of feedback, as jobs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from retrolabel.errors import Problem


class Reader(Protocol):
    """A file of rows, read in batches of typed columns.

    Attributes:
        name: The file's name.
        notes: What its reader should know; that of the rows stands in it once they are read.
        missing: Column -> text -> how many cells said so and became missing.
        repeated_keys: Key -> how many JSON objects said it more than once.
    """

    name: str
    notes: list[str]
    missing: dict[str, Counter[str]]
    repeated_keys: Counter[str]

    def batches(self) -> Iterator[tuple[pa.Table, Sequence[int], list[Problem]]]:
        """Yield (columns, line numbers, rows that could not be read)."""
