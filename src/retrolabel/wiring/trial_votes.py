"""What labeling functions say of the items of a sample, in memory: nothing of it is stored."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from retrolabel.engines.watchdog import Watchdog
from retrolabel.errors import WorkerDiedError
from retrolabel.jobs.label_sets.trial_samples import DRAWN, ORDER, ROW, SEGMENT
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.labeling.applying import apply_lfs, check_columns, join
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.rules import FAULTED
from retrolabel.labeling.words import words_of
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrolabel.jobs.label_sets.trial_samples import Sample
    from retrolabel.labeling.applying import Emitted
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.labeling.words import Span
    from retrolabel.schema.history import History
    from retrolabel.wiring.site import Site

    T = TypeVar("T")

PIECE = 2_500
"""Items that a labeling function is asked for at once, so that one can say how far it is."""
HIDDEN = (SEGMENT, ROW, DRAWN, ORDER)
"""Columns of a sample that are none of its source."""


class Piece(NamedTuple):
    """Some items of a sample: their source, the place of the first one, and the items."""

    source: str
    start: int
    batch: Batch


def in_pieces(sample: Sample) -> list[Piece]:
    """Return a sample in pieces, as labeling functions read it."""
    pieces, first = [], 0
    for source, table in sample.tables.items():
        plain = table.drop_columns(list(HIDDEN))
        for start in range(0, table.num_rows, PIECE):
            part = plain.slice(start, PIECE)
            batch = Batch({name: part.column(name) for name in part.column_names}, part.num_rows)
            batch.again = True
            pieces.append(Piece(source, first + start, batch))
        first += table.num_rows
    return pieces


def said_by(lfs: Sequence[LabelingFunction], pieces: Sequence[Piece], site: Site, what: str) -> list[Emitted]:
    """Return what labeling functions say of a sample, in the order given.

    Args:
        lfs: The labeling functions, with their features.
        pieces: The sample.
        site: Its settings say how long one may take; it is told how far they are.
        what: What is under way, in words.

    Raises:
        MissingColumnError: One reads a column that a source lacks.
        WorkerDiedError: One took too long.
    """
    for piece in {piece.source: piece for piece in pieces}.values():
        check_columns(lfs, piece.batch.names, where=f"the source {piece.source!r}")
    watchdog = Watchdog(site.settings.timeout)
    site.progress.start(what, len(pieces))

    def run() -> list[list[Emitted]]:
        found = []
        for piece in pieces:
            found.append(apply_lfs(lfs, piece.batch, guard=watchdog))
            site.progress.advance(1)
        return found

    with redirect_stdout(sys.stderr):  # what an author prints is no part of what is shown, nor of JSON
        parts = watchdog.run(run)
    return [join([part[place] for part in parts], [piece.start for piece in pieces]) for place in range(len(lfs))]


def as_votes(lf: LabelingFunction, emitted: Emitted, history: History) -> tuple[VoteMatrix, list[str]]:
    """Return the votes of a labeling function as they read in the newest version, and what a person should know.

    Args:
        lf: The labeling function.
        emitted: What it said of each item; a fault says nothing.
        history: The versions of its task.
    """
    schema = history.head
    notes, sets, lookup = [], list[frozenset[str]](), [0]
    for vote in emitted.symbols:
        found = history.resolve(vote, schema.version)
        if found.suspect:
            notes.append(f"the vote {vote} names a label that was redefined; it stays out until re-pointed")
        elif found.kind == "unknown":
            notes.append(f"the vote {vote} says nothing under {schema.version}")
        if not found.suspect:
            sets.append(found.ids)
        lookup.append(0 if found.suspect else len(sets))
    codes = np.asarray([*lookup, 0])[emitted.codes]  # -1, a fault, says nothing
    votes = VoteMatrix.from_columns([(codes, sets)], labels=schema.leaves, voters=[lf.name], rows=len(codes))
    return votes, notes


def faults_of(emitted: Emitted) -> int:
    """Return on how many items a labeling function failed."""
    return int((emitted.codes == FAULTED).sum())


def item_at(pieces: Sequence[Piece], row: int) -> dict[str, Any]:
    """Return the columns of one item of a sample."""
    piece = next(piece for piece in reversed(pieces) if piece.start <= row)
    return piece.batch.item(row - piece.start)


def watched(site: Site, name: str, work: Callable[[], T]) -> T:
    """Return what an author's code returns, ended where it takes too long.

    Raises:
        WorkerDiedError: It took too long.
    """
    watchdog = Watchdog(site.settings.timeout)

    def run() -> T:
        with watchdog(name), redirect_stdout(sys.stderr):
            return work()

    return watchdog.run(run)


def words_in(lf: LabelingFunction, item: Mapping[str, Any], site: Site) -> Sequence[Span]:
    """Return the words of an item that made a labeling function vote; none, where it takes too long to say."""
    try:
        return watched(site, lf.name, lambda: words_of(lf, item))
    except WorkerDiedError:
        return ()


def is_text(table: pa.Table, name: str) -> bool:
    """Return whether a column of a sample holds texts of its source."""
    return name not in HIDDEN and name != ITEM_ID and pa.types.is_string(table.schema.field(name).type)
