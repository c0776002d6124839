"""What travels of feedback: segments of items, and what an ingest did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrolabel.errors import InputError
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt


ITEM_ID = "item_id"
CREATED_AT = "created_at"


def asked_ids(items: str | int | Iterable[str | int]) -> list[str]:
    """Return the ids of items as they are asked for: one, or several; whole numbers become decimal texts.

    Args:
        items: An id, or an iterable of ids, as a list or a column of a frame.

    Raises:
        InputError: One of them is neither a text nor a whole number: the store would not know it either.

    Example:
        >>> asked_ids(7), asked_ids(["web/7", 8])
        (['7'], ['web/7', '8'])
    """
    found: list[Any] = [items] if isinstance(items, str) or not isinstance(items, Iterable) else list(items)
    wrong = [each for each in found if not isinstance(each, str) and not _whole(each)]
    if wrong:
        raise InputError(
            f"{wrong[0]!r} is a {type(wrong[0]).__name__}, and ids are texts or whole numbers.",
            remedy="pass the id as it is in the column item_id",
        )
    return [each if isinstance(each, str) else str(int(each)) for each in found]


def _whole(value: object) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)


@dataclass(frozen=True)
class Segment:
    """An immutable file of items of one source.

    Attributes:
        id: The hash of its content.
        source: The source.
        rows: The number of items, superseded ones included.
        path: Where it lies in the store.
        sha256: The hash of its bytes.
        columns: Column -> hash of the column's values.
        superseded: Rows whose item was revised since.
    """

    id: str
    source: str
    rows: int
    path: str
    sha256: str
    columns: Mapping[str, str]
    superseded: tuple[int, ...] = ()

    @property
    def live(self) -> int:
        """The number of items that were not superseded."""
        return self.rows - len(self.superseded)

    def live_rows(self) -> npt.NDArray[np.int64]:
        """Return the rows that were not superseded, int [live], ascending."""
        import numpy as np  # noqa: PLC0415 - who only lists segments needs none

        return np.setdiff1d(np.arange(self.rows), np.asarray(self.superseded, dtype=np.int64))

    @property
    def live_digest(self) -> str:
        """What tells which rows are live."""
        return digest([self.id, list(self.superseded)])


@dataclass(frozen=True)
class IngestReport:
    """What an ingest did.

    Attributes:
        source: The source.
        file: The file's name.
        rows: Rows read.
        added: New items.
        revised: Items whose content was replaced.
        unchanged: Rows that the store had already, or that the file holds twice.
        quarantined: Rows put aside.
        quarantine: Where they are, if any were.
        already: Whether the same file had been ingested before.
        segments: Ids of the new segments.
        notes: What the reader should know: naive times, columns made into ids.
        reasons: Why rows are in quarantine, most frequent first, with counts.
        missing: Column -> text, as ``NA`` -> how many cells of a column of numbers said so and became missing.
        repeated_keys: Key -> how many JSON objects said it more than once; the last value counts.
    """

    source: str
    file: str
    rows: int = 0
    added: int = 0
    revised: int = 0
    unchanged: int = 0
    quarantined: int = 0
    quarantine: str | None = None
    already: bool = False
    segments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()
    missing: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    repeated_keys: Mapping[str, int] = field(default_factory=dict)
