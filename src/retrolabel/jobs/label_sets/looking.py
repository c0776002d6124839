"""The flipped items to look at first, with the labeling functions that voted otherwise, and what they found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from retrolabel.analysis.label_changes import Kind
from retrolabel.errors import RetrolabelError
from retrolabel.jobs.label_sets.causes import between
from retrolabel.jobs.label_sets.words import words_found
from retrolabel.jobs.label_sets.worlds import REVISED, SCHEMA
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from retrolabel.jobs.label_sets.diffing import LabelSetDiff
    from retrolabel.jobs.label_sets.joining import Stretch
    from retrolabel.jobs.label_sets.sides import Side
    from retrolabel.jobs.label_sets.worlds import LfPair
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.tasks import FoundTask

MOST_WORDS = 5


@dataclass(frozen=True)
class Voted:
    """A labeling function that voted otherwise on an item.

    Attributes:
        lf: Its name.
        what: ``edited``, ``added``, ``removed``; ``same`` where the text is another one.
        before: Its vote in the first label set, as it reads there.
        after: Its vote in the second.
        words: What it finds in the text, where it looks for words or a pattern and the project holds it as it was then.
    """

    lf: str
    what: str
    before: str | None
    after: str | None
    words: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """A flipped item, which stands for all with the same votes before and after.

    Attributes:
        source: Its source.
        item_id: The item.
        before: Its label in the first label set.
        after: Its label in the second.
        kind: What happened.
        moved: How much less probable it is that it is what it was; of an item without a label before, how much more
            probable the new one is.
        alike: How many items have the same votes, before and after.
        cause: The cause with the largest part in it; ``None`` without causes.
        votes: The labeling functions that voted otherwise.
    """

    source: str
    item_id: str
    before: str | None
    after: str | None
    kind: str
    moved: float
    alike: int
    cause: str | None
    votes: tuple[Voted, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "source": self.source,
            "item_id": self.item_id,
            "from": self.before,
            "to": self.after,
            "kind": self.kind,
            "moved": self.moved,
            "alike": self.alike,
            "cause": self.cause,
            "votes": [
                {"lf": v.lf, "what": v.what, "before": v.before, "after": v.after, "words": list(v.words)}
                for v in self.votes
            ],
        }


def look_first(
    diff: LabelSetDiff, task: FoundTask | None, segments: Mapping[str, Segment], objects: Objects, items: int
) -> tuple[Look, ...]:
    """Return the flipped items to look at first: those that stand for most probability that moved.

    One item stands for all that have the same votes in both label sets: the first of them, by segment and row.

    Args:
        diff: What changed.
        task: What the project holds; ``None`` where it cannot be read.
        segments: Segment id -> segment.
        objects: Where the texts are.
        items: How many at most.
    """
    joined = diff.worlds.joined
    rows = np.flatnonzero(joined.both & (diff.kinds >= Kind.RELABELLED))
    moved = _moved(diff, rows)
    order = np.lexsort((joined.second[rows], joined.first[rows], -moved * joined.counts[rows]))[:items]
    first = _first_of({int(row) for row in rows[order]}, joined.stretches)
    main = diff.causes.main() if diff.causes is not None and diff.causes.by_row else None
    found = []
    for place in order.tolist():
        row = int(rows[place])
        stretch, at = first[row]
        after = diff.worlds.after.label_set.items_of(stretch.segment, [ITEM_ID, "row"])
        here = int(np.searchsorted(after.column("row").to_numpy(), stretch.rows[at]))
        found.append(
            Look(
                stretch.source,
                after.column(ITEM_ID)[here].as_py(),
                _label(diff.worlds.before, int(joined.first[row])),
                _label(diff.worlds.after, int(joined.second[row])),
                Kind(int(diff.kinds[row])).words,
                float(moved[place]),
                int(joined.counts[row]),
                main[2][int(main[0][row])] if main else None,
                _votes(diff, row, task, _texts(stretch, at, segments, objects)),
            )
        )
    return tuple(found)


def _moved(diff: LabelSetDiff, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return how much probability left the old label, or came to the new one where there was none: float [rows]."""
    worlds = diff.worlds
    images = between(worlds, worlds.after.version).images
    first, second = worlds.joined.first[rows], worlds.joined.second[rows]
    then, now = worlds.before.probabilities[first], worlds.after.probabilities[second]
    a, b = worlds.before.said.label[first], worlds.after.said.label[second]
    each = np.arange(len(rows))
    lost = then[each, np.maximum(a, 0)] - (now * images[np.maximum(a, 0)]).sum(axis=1)
    won = now[each, np.maximum(b, 0)] - (then * images[:, np.maximum(b, 0)].T).sum(axis=1)
    return np.asarray(np.maximum(np.where(a >= 0, lost, won), 0.0), np.float64)


def _first_of(wanted: set[int], stretches: tuple[Stretch, ...]) -> dict[int, tuple[Stretch, int]]:
    """Return the first item of each pair of patterns that is wanted: its stretch, and its place in it."""
    found: dict[int, tuple[Stretch, int]] = {}
    for stretch in sorted(stretches, key=lambda each: (each.source, each.segment)):
        for key in sorted(wanted - found.keys()):
            there = np.flatnonzero(stretch.keys == key)
            if len(there):
                found[key] = (stretch, int(there[0]))
    return found


def _label(side: Side, pattern: int) -> str | None:
    place = int(side.said.label[pattern])
    return side.labels[place] if place >= 0 else None


def _votes(
    diff: LabelSetDiff, row: int, task: FoundTask | None, texts: tuple[Mapping[str, Any], Mapping[str, Any]]
) -> tuple[Voted, ...]:
    """Return the labeling functions that voted otherwise; what a step alone makes of a vote is no other vote."""
    worlds, found = diff.worlds, []
    revised = bool(worlds.joined.revised[row])
    schema = frozenset({SCHEMA})
    for pair in worlds.pairs:
        if pair.what == "same" and not revised:
            continue
        then = _set_at(diff, pair, row, schema) if pair.before is not None else None
        now = _set_at(diff, pair, row, schema | {pair.atom, REVISED}) if pair.after is not None else None
        if then == now:
            continue
        stored = _stored(worlds.before, pair.before, worlds.joined.first[row])
        stored_now = _stored(worlds.after, pair.after, worlds.joined.second[row])
        words: list[str] = []
        for side, name, text, vote in (
            (worlds.before, pair.before, texts[0], stored),
            (worlds.after, pair.after, texts[1], stored_now),
        ):
            if vote is not None and name is not None:
                found_words = [each.text for each in words_found(task, side.keys[name], text)]
                words += [each for each in dict.fromkeys(found_words) if each not in words]
        found.append(Voted(pair.name, pair.what, stored, stored_now, tuple(words[:MOST_WORDS])))
    return tuple(found)


def _set_at(diff: LabelSetDiff, pair: LfPair, row: int, state: frozenset[str]) -> frozenset[str] | None:
    codes, sets = diff.worlds.column(pair, state)
    return sets[codes[row] - 1] if codes[row] else None


def _stored(side: Side, lf: str | None, pattern: int) -> str | None:
    """Return a vote as the label set has it."""
    code = int(side.column(lf)[pattern]) if lf is not None else 0
    ids = side.sets[code - 1] if code else frozenset[str]()
    return "|".join(label for label in side.labels if label in ids) or None


def _texts(
    stretch: Stretch, at: int, segments: Mapping[str, Segment], objects: Objects
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return an item as it was, and as it is; nothing of a segment that is gone."""
    here = (stretch.segment, int(stretch.rows[at]))
    found = []
    for segment, row in (stretch.before[at] if stretch.before else here, here):
        stored = segments.get(segment)
        try:
            table = objects.read_table(stored.path, sha256=stored.sha256) if stored else pa.table({})
        except RetrolabelError:
            table = pa.table({})
        found.append(table.slice(row, 1).to_pylist()[0] if table.num_rows > row else {})
    return found[0], found[1]
