"""The items of a task with all its votes as they are now, for who looks for what labeling functions leave open.

Nothing is stored but the sample, as ``lf try`` keeps it: votes that are missing are worked out in memory. Items that
test gold is on are not among them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.gaps.examples import Items
from retrolabel.errors import SchemaError, counted
from retrolabel.jobs.label_sets.drifting import NEVER, days_of
from retrolabel.jobs.records.feedback import CREATED_AT
from retrolabel.wiring.trial_ground import TrialGround
from retrolabel.wiring.trial_votes import as_votes, faults_of, in_pieces, is_text, item_at, said_by, words_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.analysis.trying.values import Ground
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.labeling.words import Span
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.wiring.site import Site
    from retrolabel.wiring.trial_votes import Piece

    Ints = npt.NDArray[np.int64]


class TaskItems:
    """A sample of the items of a task, and what is known of them.

    Args:
        site: The project and its store.
        task: The task.
        items: How many items are drawn, if there are as many; those with dev gold come on top.

    Raises:
        DiscoveryError: The task cannot be used; modules that do not import are left out, and told in ``notes``.
        SchemaError: Its items may have several labels.
        StoreError: Nothing was ingested.
    """

    def __init__(self, site: Site, task: str, items: int) -> None:
        site.catalog  # noqa: B018 - without a store nothing else matters
        self._site, self._task = site, task
        self.found = site.discover(task, skips=True)
        if self.schema.scale == "multilabel":
            raise SchemaError(
                f"{self.schema} is multilabel; suggestions, gaps and conflicts are about one label an item so far.",
                remedy="retrolabel.apply(lfs, frame) applies labeling functions to items in Python",
            )
        self._known = TrialGround(site, self.found, items)
        self.notes = [
            f"does not import, and is left out: {problem.where}: {problem.what}"
            for module in self.found.broken
            for problem in module.problems
        ]

    @property
    def schema(self) -> LabelSchema:
        """The version in which votes are read: the newest."""
        return self.found.history.head

    @cached_property
    def _pieces(self) -> list[Piece]:
        return in_pieces(self._known.sample)

    @property
    def test_items(self) -> int:
        """How many items of the sample are left out, since test gold is on them."""
        return self._known.test_items

    @cached_property
    def ground(self) -> Ground:
        """What is known of the items; ``others`` are the votes of all labeling functions as they are now."""
        stored = self._known.beside("", self.found)
        votes = stored.others
        missing = [lf for lf in self.found.lfs if lf.name in stored.missing]
        if missing:
            told = counted(len(missing), "labeling function")
            self.notes.append(f"votes of {told} that are not stored were worked out on these items: {_some(missing)}")
            for lf, emitted in zip(missing, said_by(missing, self._pieces, self._site, "votes"), strict=True):
                column, notes = as_votes(lf, emitted, self.found.history)
                votes = votes.with_column(column)
                self.notes += [f"{lf.name}: {note}" for note in notes]
                failed = faults_of(emitted)
                self.notes += [f"{lf.name} fails on {counted(failed, 'item')}"] if failed else []
        return replace(stored, others=votes, missing=(), total=stored.total + self.test_items)

    @cached_property
    def order(self) -> Ints:
        """The items in an order that has nothing to do with what they say, int [n]."""
        return self._known.sample.order

    @cached_property
    def days(self) -> Ints:
        """The day of each item since 1970-01-01; ``NEVER`` where it has none."""
        found = [
            days_of(table.column(CREATED_AT))
            if CREATED_AT in table.column_names
            else np.full(table.num_rows, NEVER, np.int64)
            for table in self._known.sample.tables.values()
        ]
        return np.concatenate(found)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The columns of texts that labeling functions read; all columns of texts where they read none."""
        there = dict.fromkeys(
            name for table in self._known.sample.tables.values() for name in table.column_names if is_text(table, name)
        )
        read = {name for lf in self.found.lfs for name in lf.reads}
        return tuple(name for name in there if name in read) or tuple(there)

    def cells(self, columns: Sequence[str]) -> list[tuple[str | None, ...]]:
        """Return the texts of each item, a cell a column."""
        found: list[tuple[str | None, ...]] = []
        for piece in self._pieces:
            there = [piece.batch.values(name) if name in piece.batch.names else None for name in columns]
            found += zip(*(values or [None] * piece.batch.rows for values in there), strict=True)
        return found

    def items(self) -> Items:
        """Return what is asked for what is shown of an item."""
        by_name = {lf.name: lf for lf in self.found.lfs}
        reads = {name: self.texts if lf.takes_row else lf.reads for name, lf in by_name.items()}

        def item(row: int) -> Mapping[str, Any]:
            return item_at(self._pieces, row)

        def values(row: int, columns: Sequence[str]) -> Mapping[str, str]:
            there = item(row)
            return {name: str(there[name]) for name in columns if there.get(name) is not None}

        def words(lf: str, row: int) -> Sequence[Span]:
            return words_in(by_name[lf], item(row), self._site)

        return Items(self._known.sample.keys, reads, values, words)


def _some(lfs: Sequence[LabelingFunction]) -> str:
    return ", ".join(lf.name for lf in lfs[:3]) + (", ..." if len(lfs) > 3 else "")  # noqa: PLR2004 - a few
