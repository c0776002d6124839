"""Which rows and columns of a label set are exported: columns of the items, gold beside the labels, some rows only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import InputError, Problem, StoreError, counted, did_you_mean
from retrolabel.jobs.gold.going_out import column_problems
from retrolabel.jobs.records.columns import shared_type
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.label_sets import LabelSet

LABELLED, GUESSED, UNCOVERED = "labelled", "guessed", "uncovered"
ONLY = (LABELLED, GUESSED, UNCOVERED)
GOLD, GOLD_PARTIAL, GOLD_ROLE = GOLD_COLUMNS = ("gold", "gold_partial", "gold_role")
TEST = "test"


@dataclass(frozen=True)
class Wanted:
    """What of a label set is exported; all of it as it is, unless more is said.

    Attributes:
        columns: Columns of the items that stand beside the labels.
        only: ``labelled``, ``guessed`` or ``uncovered``: the items that are exported; all if left out.
        min_probability: The probability that an item's label has at least; items without a label are left out.
        sources: The sources whose items are exported; all if there are none.
    """

    columns: tuple[str, ...] = ()
    only: str | None = None
    min_probability: float | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class GoldBeside:
    """What people said of the items, as it reads in the label set's version.

    Attributes:
        said: (source, item id) -> its label, the labels that are left as ``slow|wrong``, and its role.
        answers: Whether the labels are exported, or the role alone.
        of_test: Whether labels of test gold are exported too.
    """

    said: Mapping[tuple[str, str], tuple[str | None, str | None, str]]
    answers: bool = True
    of_test: bool = False

    @property
    def held_back(self) -> int:
        """How many items have test gold that is not exported."""
        hides = self.answers and not self.of_test
        return sum(role == TEST for _, _, role in self.said.values()) if hides else 0

    def columns(self, table: pa.Table) -> dict[str, pa.Array]:
        """Return the columns of gold beside the rows of a table."""
        ids = zip(table.column("source").to_pylist(), table.column(ITEM_ID).to_pylist(), strict=True)
        rows = [self.said.get(key, (None, None, None)) for key in ids]
        shown = [(None, None, role) if role == TEST and not self.of_test else (*said, role) for *said, role in rows]
        wide = list(zip(*shown, strict=True)) or [(), (), ()]
        found = {name: pa.array(cells, pa.string()) for name, cells in zip(GOLD_COLUMNS, wide, strict=True)}
        return found if self.answers else {GOLD_ROLE: found[GOLD_ROLE]}


def check_wanted(
    label_set: LabelSet, wanted: Wanted, contracts: Mapping[str, Mapping[str, str]], taken: Sequence[str] = ()
) -> None:
    """Refuse what cannot be exported, everything at once.

    Args:
        label_set: The label set.
        wanted: What is asked for.
        contracts: Source -> its columns and their types.
        taken: More names of columns that an item's column cannot have.

    Raises:
        InputError: There is no such column, source or kind of items; a name is taken; a probability is none.
    """
    problems = list(_problems(label_set, wanted, contracts, taken))
    if problems:
        raise InputError(f"Label set {label_set.id[:12]} cannot be exported so.", problems=problems)


def _problems(
    label_set: LabelSet, wanted: Wanted, contracts: Mapping[str, Mapping[str, str]], taken: Sequence[str]
) -> Iterator[Problem]:
    held = sorted({made["source"] for made in label_set.manifest["outputs"]["segments"]})
    for source in wanted.sources:
        if source not in held:
            what = f"the label set has no items of it{did_you_mean(source, held)}"
            yield Problem(f"--source {source}", what, f"one of {', '.join(held)}")
    mine = [contracts.get(source, {}) for source in held if not wanted.sources or source in wanted.sources]
    yield from column_problems(wanted.columns, mine, {*_own_columns(label_set), *taken})
    yield from _problems_of_rows(label_set, wanted)


def _problems_of_rows(label_set: LabelSet, wanted: Wanted) -> Iterator[Problem]:
    if wanted.only not in (None, *ONLY):
        what = f"there is no such kind of items{did_you_mean(str(wanted.only), ONLY)}"
        yield Problem(f"--only {wanted.only}", what, f"one of {', '.join(ONLY)}")
    if wanted.only == GUESSED and not label_set.tells_guesses:
        yield Problem("--only guessed", "this label set is older than guesses", "retrolabel relabel makes a new one")
    if wanted.min_probability is not None and not 0 < wanted.min_probability <= 1:
        yield Problem(
            f"--min-probability {wanted.min_probability:g}", "is no probability above 0 and up to 1", "write 0.9"
        )
    elif wanted.min_probability is not None and wanted.only == UNCOVERED:
        yield Problem("--min-probability", "is about labels, and uncovered items have none", "leave one of them out")


def _own_columns(label_set: LabelSet) -> set[str]:
    own = {"source", ITEM_ID, "label", "probability", "covered", "partial", "possible", "guessed", "schema_version"}
    shares = {f"p_{label}" for label in label_set.labels} | {f"sum_{label}" for label in label_set.taxonomy.inner}
    return own | shares | {"label_set"}


@dataclass
class ExportRows:
    """The rows of an export, a table for each segment of the label set; only one is in memory at a time.

    Attributes:
        label_set: The label set.
        tables: Its tables as they are exported, in the order of its segments.
        wanted: Which rows and columns.
        segments: Segment id -> the segment.
        contracts: Source -> its columns and their types.
        gold: What people said of the items; nothing, where it is not asked for.
        progress: Told of each row that is read.
        hidden: Items that stay out, whatever is asked for: those of test gold, where people are to label.
        left_out: How many rows were left out so far.
        of_test: How many of them since they are hidden.
    """

    label_set: LabelSet
    tables: Callable[[], Iterator[pa.Table]]
    wanted: Wanted
    segments: Mapping[str, Segment]
    contracts: Mapping[str, Mapping[str, str]]
    gold: GoldBeside | None
    progress: Progress
    hidden: frozenset[tuple[str, str]] = frozenset()
    left_out: int = 0
    of_test: int = 0

    def __iter__(self) -> Iterator[pa.Table]:
        """Yield the tables.

        Raises:
            StoreError: The store lacks a segment whose columns are asked for.
        """
        made = self.label_set.manifest["outputs"]["segments"]
        self.left_out = self.of_test = 0
        self.progress.start("labels exported", self.label_set.manifest["outputs"]["items"])
        for table, segment in zip(self.tables(), made or [None], strict=True):
            yield self._of(table, segment)
            self.progress.advance(table.num_rows)

    def _of(self, table: pa.Table, segment: Mapping[str, Any] | None) -> pa.Table:
        mine = segment is None or not self.wanted.sources or segment["source"] in self.wanted.sources
        kept = np.flatnonzero(self._shown(table)) if mine else np.zeros(0, np.int64)
        self.left_out += table.num_rows - len(kept)
        found = table if len(kept) == table.num_rows else table.take(pa.array(kept))
        for name, column in self._items(segment, kept).items():
            found = found.append_column(name, column)
        for name, column in (self.gold.columns(found) if self.gold else {}).items():
            found = found.append_column(name, column)
        return found

    def _shown(self, table: pa.Table) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which rows are exported and not hidden, bool [n]."""
        kept = self._kept(table)
        if self.hidden and table.num_rows:
            source = table.column("source")[0].as_py()
            mine = pa.array([item for of, item in self.hidden if of == source], pa.string())
            hidden = np.asarray(pc.is_in(table.column(ITEM_ID), mine))
            self.of_test += int((kept & hidden).sum())
            kept &= ~hidden
        return kept

    def _kept(self, table: pa.Table) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which rows are exported, bool [n]."""
        kept = np.ones(table.num_rows, np.bool_)
        if self.wanted.only == LABELLED:
            kept &= np.asarray(table.column("label").is_valid())
        elif self.wanted.only == GUESSED:
            kept &= np.asarray(pc.fill_null(table.column("guessed"), fill_value=False))
        elif self.wanted.only == UNCOVERED:
            kept &= ~np.asarray(table.column("covered"))
        if self.wanted.min_probability is not None:
            enough = pc.greater_equal(table.column("probability"), self.wanted.min_probability)
            kept &= np.asarray(pc.fill_null(enough, fill_value=False))
        return kept

    def _items(self, segment: Mapping[str, Any] | None, kept: np.ndarray[Any, Any]) -> dict[str, pa.Array]:
        """Return the columns of the items that stand in some rows of a segment."""
        kinds = {name: self._type(name) for name in self.wanted.columns}
        if not kinds:
            return {}
        if segment is None or not len(kept):
            return {name: pa.nulls(0, kind) for name, kind in kinds.items()}
        stored = self.segments.get(segment["id"])
        if stored is None:
            raise StoreError(
                f"{counted(len(kept), 'item')} of {segment['source']}: the store has them no more as labelled.",
                remedy="leave out --with, or relabel and export what that makes",
            )
        there = [name for name in kinds if name == CREATED_AT or name in stored.columns]
        rows = self.label_set.items_of(segment["id"], ["row"]).column("row").take(pa.array(kept))
        table = (
            self.label_set.objects.read_table(stored.path, there, sha256=stored.sha256).take(rows) if there else None
        )
        return {
            name: pa.nulls(len(kept), kind) if table is None or name not in there else table.column(name).cast(kind)
            for name, kind in kinds.items()
        }

    def _type(self, name: str) -> pa.DataType:
        """Return the type of an item's column; a text, where sources differ in it."""
        return shared_type(name, self.contracts.values())
