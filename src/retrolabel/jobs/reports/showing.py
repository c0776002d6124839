"""Items as a report shows them: texts as far as labeling functions read them, votes, the likeliest labels."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from retrolabel.analysis.report.values import Example
from retrolabel.errors import StoreError
from retrolabel.jobs.label_sets.words import words_found
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.reports.walking import Chosen

MOST_COLUMNS = 5
LONGEST = 600
"""Characters of a text that are shown."""


class Showing:
    """Makes examples of the items of a label set; texts are read once, for all of them.

    Args:
        label_set: The label set.
        segments: Segment id -> segment, of those the store has.
        contracts: Source -> column -> type.
        objects: Where files are.
        items: All items that will be shown.
        task: What the project holds, for the words that labeling functions found; ``None`` where it cannot be read.
    """

    def __init__(  # noqa: PLR0913 - what a text is read with, and what is marked in it
        self,
        label_set: LabelSet,
        *,
        segments: Mapping[str, Segment],
        contracts: Mapping[str, Mapping[str, str]],
        objects: Objects,
        items: Iterable[Chosen],
        task: FoundTask | None = None,
    ) -> None:
        self.label_set = label_set
        self._task = task
        self._keys = {lf["name"]: str(lf.get("key", "")) for lf in label_set.manifest["recorded"].get("lfs", ())}
        self._values: dict[tuple[str, int], Mapping[str, Any]] = {}
        self._texts = self._read(items, segments, contracts, objects)

    def examples(
        self,
        items: Iterable[Chosen],
        *,
        before: Sequence[str] = (),
        gold: Mapping[tuple[str, str], Sequence[str]] | None = None,
    ) -> tuple[Example, ...]:
        """Return items of a walk as examples.

        Args:
            items: The items.
            before: The labels of the label set before, where their label in it is to be told.
            gold: (source, item id) -> the labels that people leave possible.
        """
        labels = self.label_set.labels
        return tuple(
            Example(
                item.source,
                item.item_id,
                labels[item.label] if item.label >= 0 else None,
                self._likeliest(item.pattern),
                self._votes(item.pattern),
                self._texts.get((item.segment, item.row), ()),
                before[item.before] if before and item.before >= 0 else None,
                tuple((gold or {}).get((item.source, item.item_id), ())),
                int(self._counts[item.pattern]),
                self._marks(item),
            )
            for item in items
        )

    @cached_property
    def _counts(self) -> npt.NDArray[np.int64]:
        return np.asarray(self.label_set.patterns.column("count").to_numpy(), np.int64)

    def _likeliest(self, pattern: int) -> tuple[tuple[str, float], ...]:
        own = self.label_set.probabilities[pattern]
        return tuple((self.label_set.labels[place], float(own[place])) for place in np.argsort(-own, kind="stable")[:2])

    def _marks(self, item: Chosen) -> dict[str, tuple[tuple[int, int], ...]]:
        """Return column -> the words that made a labeling function vote, where its code is still that of then."""
        values = self._values.get((item.segment, item.row))
        if values is None:
            return {}
        found: dict[str, set[tuple[int, int]]] = {}
        for lf, _ in self._votes(item.pattern):
            for span in words_found(self._task, self._keys.get(lf, ""), values):
                if span.start < LONGEST:
                    found.setdefault(span.column, set()).add((span.start, min(span.end, LONGEST)))
        return {column: tuple(sorted(spans)) for column, spans in found.items()}

    def _votes(self, pattern: int) -> tuple[tuple[str, str], ...]:
        row = self.label_set.patterns.slice(int(pattern), 1).to_pylist()[0]
        return tuple((name[2:], vote) for name, vote in row.items() if name.startswith("v_") and vote is not None)

    def _read(
        self,
        items: Iterable[Chosen],
        segments: Mapping[str, Segment],
        contracts: Mapping[str, Mapping[str, str]],
        objects: Objects,
    ) -> dict[tuple[str, int], tuple[tuple[str, str], ...]]:
        """Return (segment, row) -> what is shown of the item: column and text."""
        wanted: dict[str, set[int]] = {}
        for item in items:
            wanted.setdefault(item.segment, set()).add(item.row)
        found: dict[tuple[str, int], tuple[tuple[str, str], ...]] = {}
        for segment, places in sorted(wanted.items()):
            stored = segments.get(segment)
            if stored is None:
                continue
            columns = [
                c for c in shown_columns(self.label_set, contracts.get(stored.source, {})) if c in stored.columns
            ]
            ordered = sorted(places)
            try:
                table = objects.read_table(stored.path, columns, sha256=stored.sha256).take(pa.array(ordered))
            except StoreError:
                continue
            for row, values in zip(ordered, table.to_pylist(), strict=True):
                self._values[segment, row] = values
                found[segment, row] = tuple(
                    (name, _cut(values[name])) for name in columns if values[name] is not None and values[name] != ""
                )
        return found


def shown_columns(label_set: LabelSet, contract: Mapping[str, str]) -> list[str]:
    """Return the columns that are shown of an item: those that most labeling functions read, texts first."""
    reads = label_set.reads
    known = [name for name in contract if name not in (ITEM_ID, CREATED_AT)]
    read = [name for name in known if reads[name]] or known
    return sorted(read, key=lambda name: (contract[name] != "string", -reads[name], name))[:MOST_COLUMNS]


def _cut(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    text = str(value)
    left = len(text) - LONGEST
    return text if left <= 0 else f"{text[:LONGEST]} … ({left:,} more characters)"
