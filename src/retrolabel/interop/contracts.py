"""Which columns of which types a feedback file fixes for its source, or how it fits those that are fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.errors import IngestError, Problem, for_shell, in_quotes, nearest
from retrolabel.interop.columns import arrow_kind, csv_kinds, json_kinds, narrowest
from retrolabel.interop.raw import RawBatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.interop.rows import TableFile

Contract = dict[str, str]
PAIRED = 10_000
"""Pairs of a column that is missing and a new one among which the nearest are sought."""


@dataclass(frozen=True)
class Columns:
    """The columns of a file, beside what its source has.

    Attributes:
        table: The file.
        columns: The file's name of a column -> its name here.
        known: The source's contract, if it has one.
        widen: Whether new columns may be added to it.
        unsaid: The texts that say that a number is missing.
    """

    table: TableFile
    columns: Mapping[str, str]
    known: Contract | None
    widen: bool
    unsaid: frozenset[str]

    def settle(self) -> Contract:
        """Return the source's contract, or the one that this first file fixes.

        Values of text formats that do not fit a known contract are quarantined row by row; a Parquet
        file says its types itself, so it is refused as a whole.
        """
        names = list(self.columns.values())
        if self.known is None:
            return self._infer()
        here = set(names)
        extra = [column for column in names if column not in self.known]
        absent = [column for column in self.known if column not in here]
        pairs = _pairs(absent, extra)
        problems = [
            Problem(f"column {column!r}", "is missing here", self._other_name(column, pairs, extra))
            for column in absent
            if not self.widen and self.table.kind != "json"
        ]
        problems += [
            Problem(f"column {column!r}", "is new here", self._old_name(column, pairs))
            for column in extra
            if not self.widen
        ]
        inferred = self._infer() if self.table.typed or (extra and not problems) else {}
        problems += [
            Problem(f"column {column!r}", f"is {inferred[column]} here, {kind} in the source")
            for column, kind in self.known.items()
            if column in inferred and self.table.typed and not _fits(inferred[column], kind)
        ]
        if problems:
            raise IngestError(
                f"{self.table.name} does not fit the contract of its source, which its first file fixed:"
                f" {', '.join(f'{column} ({kind})' for column, kind in self.known.items())}.",
                problems=problems,
                remedy="another kind of feedback is another source: --source OTHER",
            )
        return self.known | {column: inferred[column] for column in extra}

    def _other_name(self, column: str, pairs: Mapping[str, str], extra: Sequence[str]) -> str:
        """Return what to do about a column of the source that the file lacks: it may have another name there."""
        widen = "--widen takes it as empty"
        if column in pairs:
            return f"if it is called {pairs[column]} here: {self._map(column, pairs[column])}; else {widen}"
        return f"if it is one of {', '.join(extra)}: --map {column}=COLUMN; else {widen}" if extra else widen

    def _old_name(self, column: str, pairs: Mapping[str, str]) -> str:
        """Return what to do about a column that the source lacks: it may have another name there."""
        new = f"--drop {for_shell(column)}, or --widen to add it to the source"
        old = next((known for known, here in pairs.items() if here == column), None)
        return f"if it is the {old} of the source: {self._map(old, column)}; if it is new: {new}" if old else new

    def _map(self, known: str, here: str) -> str:
        """Return the option that gives a column of the file the name that it has in the source."""
        written = next(old for old, new in self.columns.items() if new == here)
        return f"--map {known}={in_quotes(written)}"

    def _infer(self) -> Contract:
        """Return the narrowest type of each column that fits all of its values."""
        if self.table.typed:
            first = next(self.table.batches(), RawBatch({}, []))
            kinds = {old: arrow_kind(array.type, old) for old, array in first.columns.items() if old in self.columns}
            bad = [kind for kind in kinds.values() if isinstance(kind, Problem)]
            if bad:
                raise IngestError(f"{self.table.name} has columns of types that cannot be kept.", problems=bad)
            return {self.columns[old]: kind for old, kind in kinds.items() if isinstance(kind, str)}
        seen: dict[str, set[str]] = {old: set() for old in self.columns}
        look = csv_kinds if self.table.kind == "csv" else json_kinds
        for raw in self.table.batches():
            for old in self.columns:
                seen[old] |= look(raw.columns.get(old, ()), seen[old], self.unsaid)
        return {new: narrowest(seen[old]) for old, new in self.columns.items()}


def _pairs(absent: Sequence[str], extra: Sequence[str]) -> dict[str, str]:
    """Return column that is missing -> new column that may stand for it: the nearest, or the only one."""
    if len(absent) == len(extra) == 1:
        return {absent[0]: extra[0]}
    found: dict[str, str] = {}
    for column in absent if len(absent) * len(extra) <= PAIRED else ():
        near = nearest(column, [each for each in extra if each not in found.values()])
        if near:
            found[column] = near
    return found


def _fits(kind: str, known: str) -> bool:
    return kind == known or (kind, known) == ("integer", "number")
