"""Take feedback in: new items into segments, broken rows into quarantine, nothing twice."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from retrolabel.errors import IngestError, Problem
from retrolabel.jobs.feedback.content import column_digest, item_ids, row_digests, segment_id
from retrolabel.jobs.feedback.quarantine import quarantine
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID, IngestReport, Segment
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.feedback.book import FeedbackBook, IngestSession
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Clock, Progress
    from retrolabel.jobs.ports.reading import Reader

SHOWN = 20
QUOTED = re.compile(r"(column '[^']*')|'[^']*'")


@dataclass
class _Tally:
    """What happened to the rows so far."""

    rows: int = 0
    added: int = 0
    revised: int = 0
    unchanged: int = 0
    broken: list[Problem] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    unstored: int = 0
    occurrences: Counter[str] = field(default_factory=Counter)


class Fresh(NamedTuple):
    """Rows that are to be stored.

    Attributes:
        table: The rows.
        ids: Their items.
        digests: The hashes of their contents.
        lines: The lines of the file that they came from.
    """

    table: pa.Table
    ids: list[str]
    digests: list[str]
    lines: list[int]


def ingest(  # noqa: PLR0913 - a use case with its ports
    reader: Reader,
    *,
    source: str,
    file_sha256: str,
    options: str,
    known_contract: dict[str, str] | None,
    contract: dict[str, str],
    feedback: FeedbackBook,
    objects: Objects,
    clock: Clock,
    progress: Progress,
    revise: bool = False,
    who: str | None = None,
) -> IngestReport:
    """Read a file into the store.

    All of it becomes real in one transaction at the end; a fault, or a kill at any instant, leaves
    the store as it was.

    Args:
        reader: The file's rows, fitted to the contract.
        source: The source that the items belong to.
        file_sha256: The hash of the file's bytes.
        options: What was asked for besides, as one text: the same file under the same options adds nothing.
        known_contract: The source's columns and types that the reader was given; ``None`` for a new source.
        contract: The same after this file.
        feedback: Where the items become real.
        objects: Where segments go.
        clock: The time.
        progress: Told how many rows are done.
        revise: Whether an item that exists with other content is replaced.
        who: Who ingests.

    Raises:
        IngestError: Items exist with other content and ``revise`` is off; or no row could be read.
    """
    known = None if revise else feedback.find_ingest(source, file_sha256, options)
    if known is not None:
        return IngestReport(source, reader.name, rows=int(known["rows"]), unchanged=int(known["rows"]), already=True)
    tally = _Tally()
    written: list[str] = []
    committed = False
    try:
        with feedback.ingesting(source) as session:
            if session.contract() != known_contract:
                raise IngestError(
                    f"Another ingest changed the source {source!r} meanwhile; nothing was stored.",
                    remedy="run it again",
                )
            for table, lines, broken in reader.batches():
                tally.rows += table.num_rows + len(broken)
                tally.broken += broken
                fresh = _sort_out(table, lines, session, tally, revise=revise)
                if fresh is not None and not tally.conflicts:
                    _store(fresh, source, session, objects, tally, written)
                progress.advance(table.num_rows + len(broken))
            _refuse_if_wrong(tally, reader.name, source)
            aside = (
                quarantine(f"{source}/{file_sha256[:16]}-{digest(options)[:8]}", tally.broken, objects)
                if tally.broken
                else None
            )
            written += [aside] if aside else []
            session.finish(
                contract,
                {
                    "file": reader.name,
                    "sha256": file_sha256,
                    "options": options,
                    "rows": tally.rows,
                    "quarantined": len(tally.broken),
                    "at": clock(),
                    "who": who,
                },
            )
        committed = True
    finally:
        if not committed:
            # Another process may have stored the same rows meanwhile, under the same name.
            named = {segment.path for segment in feedback.segments([source])}
            objects.remove(path for path in written if path not in named)
    return IngestReport(
        source,
        reader.name,
        tally.rows,
        tally.added,
        tally.revised,
        tally.unchanged,
        len(tally.broken),
        objects.locate(aside) if aside else None,
        segments=tuple(segment.id for segment in tally.segments),
        notes=tuple(reader.notes),
        reasons=_reasons(tally.broken),
        missing={column: dict(counts) for column, counts in reader.missing.items()},
        repeated_keys=dict(reader.repeated_keys),
    )


def _reasons(broken: Sequence[Problem]) -> tuple[tuple[str, int], ...]:
    """Return why rows are broken, most frequent first, with counts; of reasons that differ in values alone the first.

    Example:
        >>> _reasons([Problem(f"line {n}", f"column 'n': '{n}' is odd") for n in (1, 3)])
        (("column 'n': '1' is odd", 2),)
    """
    alike = [QUOTED.sub(lambda found: found[1] or "'...'", problem.what) for problem in broken]
    first = {reason: problem.what for reason, problem in zip(reversed(alike), reversed(broken), strict=True)}
    return tuple((first[reason], count) for reason, count in Counter(alike).most_common())


def _sort_out(
    table: pa.Table, lines: Sequence[int], session: IngestSession, tally: _Tally, *, revise: bool
) -> Fresh | None:
    """Return the rows that are to be stored, with their ids, digests and lines; count the others.

    :func:`retrolabel.jobs.previewing.preview` foretells it.
    """
    if not table.num_rows:
        return None
    digests = row_digests(table)
    ids = item_ids(table, digests, tally.occurrences)
    stored = session.lookup(ids)
    mine = {segment.id for segment in tally.segments}
    again = session.seen(ids) if tally.unstored else set()
    passed: set[str] = set()
    chosen: dict[str, tuple[int, str]] = {}
    for row, (item_id, content) in enumerate(zip(ids, digests, strict=True)):
        earlier = stored.get(item_id)
        in_file = (
            item_id in chosen or item_id in passed or item_id in again or (earlier is not None and earlier[0] in mine)
        )
        known = chosen[item_id][1] if item_id in chosen else earlier[2] if earlier else None
        if known == content:
            tally.unchanged += 1
            passed.add(item_id)
        elif in_file:
            tally.broken.append(stands_twice(item_id, lines[row]))
        elif earlier is not None and not revise:
            tally.conflicts.append(item_id)
            passed.add(item_id)
        else:
            chosen[item_id] = (row, content)
            tally.revised += earlier is not None
            tally.added += earlier is None
    session.see(sorted(passed - again))
    tally.unstored += len(passed)
    if not chosen:
        return None
    rows = [row for row, _ in chosen.values()]
    fresh = table if rows == list(range(table.num_rows)) else table.take(pa.array(rows))
    place = fresh.column_names.index(ITEM_ID)
    fresh = fresh.set_column(place, ITEM_ID, pa.array(list(chosen), pa.string()))
    return Fresh(fresh, list(chosen), [content for _, content in chosen.values()], [lines[row] for row in rows])


def stands_twice(item_id: str, line: int) -> Problem:
    """Return what is wrong with a row whose id another row of the file has, with other content."""
    what = f"the id {item_id!r} stands earlier in this file with other content"
    return Problem(f"line {line}", what, "one row an item; which one is right?")


def _store(  # noqa: PLR0913 - the state of one ingest
    fresh: Fresh,
    source: str,
    session: IngestSession,
    objects: Objects,
    tally: _Tally,
    written: list[str],
) -> None:
    table = fresh.table
    names = [ITEM_ID, CREATED_AT, *sorted(set(table.column_names) - {ITEM_ID, CREATED_AT})]
    table = table.select(names).combine_chunks()
    columns = {name: column_digest(table.column(name)) for name in names}
    identity = segment_id(source, columns)
    again = 0
    while session.has_segment(identity):
        # An item went A -> B -> A: the old file holds these rows, but there they are superseded.
        again += 1
        identity = segment_id(source, columns, again)
    name = f"feedback/{source}/{identity}.parquet"
    sha256 = objects.write_table(name, table)
    written.append(name)
    segment = Segment(identity, source, table.num_rows, name, sha256, columns)
    session.add(segment, fresh.ids, fresh.digests, fresh.lines)
    tally.segments.append(segment)


def _refuse_if_wrong(tally: _Tally, name: str, source: str) -> None:
    if tally.conflicts:
        listed = ", ".join(tally.conflicts[:SHOWN]) + (", ..." if len(tally.conflicts) > SHOWN else "")
        raise IngestError(
            f"{name}: {len(tally.conflicts)} item(s) exist in {source!r} with other content: {listed}.",
            remedy="--revise replaces them (old votes and labels on them are kept, and marked); or check --id",
        )
    if tally.rows and len(tally.broken) == tally.rows:
        raise IngestError(
            f"{name}: none of its {tally.rows:,} rows can be read.",
            problems=[*tally.broken[:SHOWN], *_more(tally.broken)],
            remedy="nothing was stored; mend the file, or check --id, --time, --time-format and --drop; then ingest it",
        )
    if not tally.rows:
        raise IngestError(f"{name} has no rows.", remedy="export it again; a header alone is no feedback")


def _more(broken: list[Problem]) -> list[Problem]:
    return [Problem("and", f"{len(broken) - SHOWN:,} more")] if len(broken) > SHOWN else []
