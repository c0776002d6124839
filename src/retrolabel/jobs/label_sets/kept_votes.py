"""The stored votes themselves, for labeling functions whose votes a label set does not keep apart.

A label set keeps votes as they read in its own version. Where two votes read the same there and not in the other
version, the vote store says which it was: it holds votes as they were cast, under the keys that the manifest lists.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import RetrolabelError
from retrolabel.jobs.records.votes import FAULT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy.typing as npt

    from retrolabel.jobs.label_sets.joining import Joined, Stretch
    from retrolabel.jobs.label_sets.sides import Side
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.jobs.votes.book import VotesBook

    Places = npt.NDArray[np.int64]

Kept = tuple[bool, str]
"""Whether it is of the second label set, and the labeling function."""


def with_kept_votes(joined: Joined, sides: tuple[Side, Side], wanted: Collection[Kept], votes: VotesBook) -> Joined:
    """Return the same items, told apart by stored votes too; labeling functions whose votes are gone are left out.

    Args:
        joined: The items.
        sides: The two label sets.
        wanted: The labeling functions whose votes are needed.
        votes: What is stored of votes.
    """
    read = {}
    for is_after, lf in sorted(wanted):
        found = _stored(sides[is_after], lf, votes)
        if found is not None:
            read[is_after, lf] = found
    return _told_apart(joined, read) if read else joined


def _stored(side: Side, lf: str, votes: VotesBook) -> tuple[dict[str, Places], list[str]] | None:
    """Return segment -> the votes of an LF on its rows, and what they are from 1; ``None`` where some are gone."""
    objects, manifest = side.label_set.objects, side.label_set.manifest
    columns: dict[str, VoteColumn] = {
        each.segment: each
        for each in votes.columns(list(manifest["recorded"].get("vote_keys", ()))).values()
        if each.lf == lf
    }
    texts: dict[str, int] = {}
    found: dict[str, Places] = {}
    for made in side.inputs["segments"]:
        column = columns.get(made["id"])
        if column is None:
            return None
        try:
            stored = objects.read_table(column.path, [column.column]).column(column.column).combine_chunks()
        except RetrolabelError:
            return None
        said = stored.dictionary.to_pylist()
        lookup = [0, *(0 if text == FAULT else texts.setdefault(text, len(texts) + 1) for text in said)]
        codes = stored.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        found[made["id"]] = np.asarray(lookup, np.int64)[codes + 1]
    return found, list(texts)


def _told_apart(joined: Joined, read: Mapping[Kept, tuple[dict[str, Places], list[str]]]) -> Joined:
    """Return the items with a pair of patterns for each combination of stored votes."""
    known: dict[tuple[int, ...], int] = {}
    counts: list[int] = []
    stretches: list[Stretch] = []
    moved: dict[tuple[str, int], int] = {}
    for stretch in joined.stretches:
        cells = [stretch.keys]
        for (is_after, _), (by_segment, _) in read.items():
            cells.append(_codes(joined, stretch, by_segment, is_after=is_after))
        rows, inverse, each = np.unique(np.column_stack(cells), axis=0, return_inverse=True, return_counts=True)
        numbers = np.array([known.setdefault(tuple(row), len(known)) for row in rows.tolist()], np.int64)
        counts += [0] * (len(known) - len(counts))
        for number, count in zip(numbers.tolist(), each.tolist(), strict=True):
            counts[number] += count
        keys = numbers[inverse.ravel()]
        stretches.append(replace(stretch, keys=keys))
        moved |= {(stretch.segment, row): key for row, key in zip(stretch.rows.tolist(), keys.tolist(), strict=True)}
    table = np.array(list(known), np.int64)
    of = table[:, 0]
    at = {key: joined.lies.get(key) or joined.lay[key] for key in joined.watched}
    return replace(
        joined,
        first=joined.first[of],
        second=joined.second[of],
        revised=joined.revised[of],
        counts=np.array(counts, np.int64),
        stretches=tuple(stretches),
        watched={key: moved[place.segment, place.row] for key, place in at.items()},
        cast={key: (table[:, 1 + place], texts) for place, (key, (_, texts)) in enumerate(read.items())},
    )


def _codes(joined: Joined, stretch: Stretch, by_segment: Mapping[str, Places], *, is_after: bool) -> Places:
    """Return the stored votes on the items of a stretch, int [n]; 0 where the label set does not hold them."""
    holds = (joined.second if is_after else joined.first)[stretch.keys] >= 0
    found = np.zeros(len(stretch.keys), np.int64)
    if not holds.any():
        return found
    if stretch.before and not is_after:
        return np.array([by_segment[segment][row] for segment, row in stretch.before], np.int64)
    found[holds] = by_segment[stretch.segment][stretch.rows[holds]]
    return found
