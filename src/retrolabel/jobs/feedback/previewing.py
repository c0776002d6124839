"""What an ingest would do: the file is read as an ingest reads it, and nothing is stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.errors import counted
from retrolabel.jobs.feedback.content import item_ids, row_digests
from retrolabel.jobs.feedback.ingest import stands_twice
from retrolabel.jobs.feedback.quarantine import line_of
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from retrolabel.errors import Problem
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.ports.reading import Reader

SHOWN = 5
ROWS = 3
"""Rows that are shown as they would be stored."""


@dataclass(frozen=True)
class Preview:
    """What an ingest would read.

    Attributes:
        file: The file's name.
        source: The source.
        rows: Rows in it, broken ones included.
        quarantined: Rows that would go to quarantine.
        columns: (column, type, first value) of each column that would be stored.
        notes: What the reader should know.
        new: Items that the source does not have.
        unchanged: Rows that the source has already, or that the file holds twice.
        changed: Items that the source has with other content.
        problems: The first of the rows for quarantine, by line.
        already: Whether the same file was ingested before, so that nothing at all would be done.
        refused: Why an ingest would be refused, and what would help; nothing, if it would not.
        missing: Column -> text, as ``NA`` -> how many cells of a column of numbers would become missing.
        repeated_keys: Key -> how many JSON objects say it more than once; the last value counts.
        first: The first rows as they would be stored: column -> value; ``line`` is where each stands in the file.
    """

    file: str
    source: str
    rows: int
    quarantined: int
    columns: tuple[tuple[str, str, object], ...]
    notes: tuple[str, ...]
    new: int = 0
    unchanged: int = 0
    changed: int = 0
    problems: tuple[Problem, ...] = ()
    already: bool = False
    refused: str = ""
    missing: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    repeated_keys: Mapping[str, int] = field(default_factory=dict)
    first: tuple[Mapping[str, object], ...] = ()


@dataclass
class _Tally:
    """What would happen to the rows so far."""

    rows: int = 0
    new: int = 0
    unchanged: int = 0
    changed: int = 0
    quarantined: int = 0
    problems: list[Problem] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    """Id in this file -> digest of the content that counts."""
    occurrences: Counter[str] = field(default_factory=Counter)

    def put_aside(self, broken: Sequence[Problem]) -> None:
        self.quarantined += len(broken)
        self.problems = sorted([*self.problems, *broken], key=line_of)[:SHOWN]


def preview(  # noqa: PLR0913 - what an ingest is told
    reader: Reader,
    *,
    source: str,
    contract: Mapping[str, str],
    feedback: FeedbackBook | None,
    already: bool = False,
    revise: bool = False,
) -> Preview:
    """Return what an ingest would do.

    Args:
        reader: The file's rows, fitted to the contract.
        source: The source that the items belong to.
        contract: The source's columns and types after this file.
        feedback: What the store holds; ``None`` where there is no store, so that all items are new.
        already: Whether the same file was ingested before.
        revise: Whether an item that exists with other content would be replaced.
    """
    tally = _Tally()
    first: list[dict[str, object]] = []
    for table, lines, broken in reader.batches():
        tally.rows += table.num_rows + len(broken)
        tally.put_aside(broken)
        if table.num_rows:
            ids = _sort_out(table, lines, source, feedback, tally, revise=revise)
            some = table.slice(0, ROWS - len(first)).to_pylist()
            first += [{"line": line, **row, ITEM_ID: each} for line, row, each in zip(lines, some, ids, strict=False)]
    kinds = {ITEM_ID: "string", CREATED_AT: "time", **contract}
    return Preview(
        reader.name,
        source,
        tally.rows,
        tally.quarantined,
        tuple((name, kind, first[0].get(name) if first else None) for name, kind in kinds.items()),
        tuple(reader.notes),
        tally.new,
        tally.unchanged,
        tally.changed,
        tuple(tally.problems),
        already,
        "" if already else _refused(tally, revise=revise),
        {column: dict(counts) for column, counts in reader.missing.items()},
        dict(reader.repeated_keys),
        tuple(first),
    )


def _sort_out(  # noqa: PLR0913 - the state of one preview
    table: pa.Table, lines: Sequence[int], source: str, feedback: FeedbackBook | None, tally: _Tally, *, revise: bool
) -> list[str]:
    """Count rows by what an ingest would do with them; return their ids."""
    digests = row_digests(table)
    ids = item_ids(table, digests, tally.occurrences)
    stored = feedback.revisions(source, ids) if feedback is not None else {}
    twice = []
    for item_id, content, line in zip(ids, digests, lines, strict=True):
        known = tally.known.get(item_id, stored.get(item_id))
        if known == content:
            tally.unchanged += 1
        elif item_id in tally.known:
            twice.append(stands_twice(item_id, line))
        elif known is None:
            tally.new += 1
        else:
            tally.changed += 1
        tally.known.setdefault(item_id, content if known is None or revise else known)
    tally.put_aside(twice)
    return ids


def _refused(tally: _Tally, *, revise: bool) -> str:
    if tally.changed and not revise:
        return f"{counted(tally.changed, 'item')} of the source would change; --revise replaces them, or check --id"
    if not tally.rows:
        return "there are no rows; export the file again"
    if tally.quarantined == tally.rows:
        return "no row can be read; mend the file, or check --id, --time, --time-format and --drop"
    return ""
