"""Rows that say something new: what a stream gives again, and the store has, is left out before an ingest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyarrow as pa

from retrolabel.jobs.feedback.content import row_digests
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.errors import Problem
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.ports.reading import Reader


class FreshRows:
    """The rows of a reader that the store does not have as they are; they are read when this is made.

    Args:
        reader: Rows that have ids; of two with one id, the last counts.
        source: The source that the items belong to.
        feedback: What the store holds; ``None`` where there is none yet.

    Attributes:
        rows: How many rows say something new.
        unchanged: How many rows the store has as they are.
        broken: The rows that could not be read.
        contents: (item id, digest of the content) of the rows that say something new.
    """

    def __init__(self, reader: Reader, source: str, feedback: FeedbackBook | None) -> None:
        self.name = reader.name
        self.notes = reader.notes
        self.missing: dict[str, Counter[str]] = {}
        self.repeated_keys: Counter[str] = Counter()
        self.rows = self.unchanged = 0
        self.broken: list[Problem] = []
        self._batches: list[tuple[pa.Table, Sequence[int]]] = []
        self.contents: list[tuple[str, str]] = []
        for table, lines, broken in reader.batches():
            self.broken += broken
            if table.num_rows:
                self._keep(table, lines, source, feedback)

    def batches(self) -> Iterator[tuple[pa.Table, Sequence[int], list[Problem]]]:
        """Yield (columns, line numbers, nothing): rows that could not be read are in ``broken``."""
        for table, lines in self._batches:
            yield table, lines, []

    def _keep(self, table: pa.Table, lines: Sequence[int], source: str, feedback: FeedbackBook | None) -> None:
        ids: list[str] = table.column(ITEM_ID).to_pylist()
        digests = row_digests(table)
        stored = feedback.revisions(source, ids) if feedback is not None else {}
        last = {item_id: row for row, item_id in enumerate(ids)}
        rows = sorted(row for item_id, row in last.items() if stored.get(item_id) != digests[row])
        self.rows += len(rows)
        self.unchanged += len(last) - len(rows)
        self.contents += [(ids[row], digests[row]) for row in rows]
        if rows:
            self._batches.append((table.take(pa.array(rows, pa.int64())), [lines[row] for row in rows]))
