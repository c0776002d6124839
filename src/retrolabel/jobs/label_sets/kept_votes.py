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
from retrolabel.jobs.votes.keys import key_of_votes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy.typing as npt

    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.label_sets.joining import Joined, Stretch
    from retrolabel.jobs.label_sets.sides import Side
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.jobs.votes.book import VotesBook

    Places = npt.NDArray[np.int64]

Kept = tuple[bool, str]
"""Whether it is of the second label set, and the labeling function."""


def kept_columns(label_set: LabelSet, feedback: FeedbackBook, votes: VotesBook) -> dict[tuple[str, str], VoteColumn]:
    """Return (LF, segment) -> where the votes are stored that a label set was made of; what is gone is left out.

    They lie under the keys that the manifest lists. Which key is whose, the LF's own key and the columns that it reads
    say: several segments with the same texts share one, and a labeling function that was renamed keeps its own.

    Args:
        label_set: The label set.
        feedback: What items there are.
        votes: What is stored of votes.
    """
    inputs, recorded = label_set.manifest["inputs"], label_set.manifest["recorded"]
    by_key = votes.columns(list(recorded.get("vote_keys", ())))
    by_name = {(each.lf, each.segment): each for each in by_key.values()}
    reads = {each["name"]: each["reads"] for each in recorded.get("lfs", ())}
    stored, contracts = {each.id: each for each in feedback.segments()}, feedback.sources()
    found: dict[tuple[str, str], VoteColumn] = {}
    for made in inputs["segments"]:
        segment = stored.get(made["id"])
        for lf in inputs["lfs"]:
            column = by_name.get((lf["name"], made["id"]))
            if column is None and segment is not None:
                named = reads.get(lf["name"], ())
                whole = sorted({*segment.columns, *contracts.get(segment.source, {})})  # what nothing is named of
                keys = [key_of_votes(lf["key"], each, segment) for each in ([named] if named else [(), whole])]
                column = next((by_key[key] for key in keys if key in by_key), None)
            if column is not None:
                found[lf["name"], made["id"]] = column
    return found


def with_kept_votes(
    joined: Joined, sides: tuple[Side, Side], wanted: Collection[Kept], feedback: FeedbackBook, votes: VotesBook
) -> Joined:
    """Return the same items, told apart by stored votes too; labeling functions whose votes are gone are left out.

    Args:
        joined: The items.
        sides: The two label sets.
        wanted: The labeling functions whose votes are needed.
        feedback: What items there are.
        votes: What is stored of votes.
    """
    read = {}
    columns = {is_after: kept_columns(sides[is_after].label_set, feedback, votes) for is_after, _ in wanted}
    for is_after, lf in sorted(wanted):
        found = _stored(sides[is_after], lf, columns[is_after])
        if found is not None:
            read[is_after, lf] = found
    return _told_apart(joined, read) if read else joined


def _stored(
    side: Side, lf: str, columns: Mapping[tuple[str, str], VoteColumn]
) -> tuple[dict[str, Places], list[str]] | None:
    """Return segment -> the votes of an LF on its rows, and what they are from 1; ``None`` where some are gone."""
    texts: dict[str, int] = {}
    found: dict[str, Places] = {}
    for made in side.inputs["segments"]:
        column = columns.get((lf, made["id"]))
        if column is None:
            return None
        try:
            codes, said = read_column(column, side.label_set.objects)
        except RetrolabelError:
            return None
        lookup = [0, *(0 if text == FAULT else texts.setdefault(text, len(texts) + 1) for text in said)]
        found[made["id"]] = np.asarray(lookup, np.int64)[codes]
    return found, list(texts)


def read_column(column: VoteColumn, objects: Objects, sha256: str | None = None) -> tuple[Places, list[str]]:
    """Return stored votes, int [rows], 0 for none, and what they are from 1, as they were cast.

    Args:
        column: Where they are.
        objects: The files.
        sha256: The hash that the file was written with: other bytes are refused.

    Raises:
        StoreError: The file is gone, or may not be read.
        CorruptionError: It has other bytes, or lacks the column.
    """
    stored = objects.read_table(column.path, [column.column], sha256=sha256).column(column.column).combine_chunks()
    said: list[str] = stored.dictionary.to_pylist()
    return stored.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64) + 1, said


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
