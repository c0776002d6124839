"""What a draw knows of items before people look at them: strata of a label set, and which texts are the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History

    Ints = npt.NDArray[np.int64]

FIFTHS = 5
NEW, NO_VOTE, GUESSED, NO_LABEL, ALL = "not in the label set", "no vote", "guessed", "no label", "all items"


@dataclass(frozen=True)
class Strata:
    """The stratum of each item of a source.

    Attributes:
        codes: int [N]: the places of their names.
        groups: What each stratum is shown as: a predicted label, ``guessed``, ``no label``, ``no vote``.
        predicted: Which strata are those of a predicted label.
        several: bool [N]: whether an item's votes leave several labels in the version that is asked for.
        unsure: float [H]: how unsure the label set is of the items of each stratum: the root of the mean of
            1 - sum p^2, which is the standard deviation of what gold will say of one, over all labels.
        pattern: int [N]: a number for each item's pattern of votes.
    """

    codes: Ints
    groups: tuple[str, ...]
    predicted: tuple[bool, ...]
    several: npt.NDArray[np.bool_]
    unsure: npt.NDArray[np.float64]
    pattern: Ints


def no_strata(count: int) -> Strata:
    """Return one stratum of all items."""
    nothing = np.zeros(count, np.int64)
    return Strata(nothing, (ALL,), (False,), np.zeros(count, np.bool_), np.ones(1), nothing)


def strata_of(label_set: LabelSet, source: str, ids: pa.Array, history: History, version: str) -> Strata:
    """Return strata by predicted label and fifth of certainty, of the items of a source.

    Fifths are of the items with a label, by the probability of theirs. Items that are guessed, that have no label, no
    vote, or are newer than the label set have strata of their own.

    Args:
        label_set: The label set.
        source: The source.
        ids: The ids of its live items.
        history: The versions of the task.
        version: The version in which an item may have several labels.
    """
    table = label_set.patterns
    places = _pattern_of(label_set, source, ids)
    counts = np.bincount(places[places >= 0], minlength=table.num_rows)
    labels = table.column("label").cast(pa.string()).to_pylist()
    covered = np.asarray(table.column("covered"))
    guessed = (
        np.asarray(table.column("guessed")) if "guessed" in table.column_names else np.zeros(table.num_rows, np.bool_)
    )
    fifth = _fifths(label_set, counts, np.array([label is not None for label in labels], np.bool_))
    names: dict[tuple[str, bool, int], int] = {(NEW, False, 0): 0}
    of_pattern = np.zeros(table.num_rows + 1, np.int64)  # the last place is that of items without a pattern
    for place in np.flatnonzero(counts).tolist():
        label = labels[place]
        if guessed[place]:
            name = (GUESSED, False, 0)
        elif label is None:
            name = (NO_LABEL if covered[place] else NO_VOTE, False, 0)
        else:
            name = (label, True, int(fifth[place]))
        of_pattern[place] = names.setdefault(name, len(names))
    several = np.append(_several(label_set, history, version), False)
    return Strata(
        of_pattern[places],
        tuple(name[0] for name in names),
        tuple(name[1] for name in names),
        several[places],
        _unsure(label_set.probabilities, of_pattern[:-1], counts, len(names)),
        places,
    )


def _unsure(probabilities: npt.NDArray[np.float64], strata: Ints, counts: Ints, count: int) -> npt.NDArray[np.float64]:
    """Return how unsure a label set is of the items of each stratum, float [count]; of what it lacks, entirely."""
    k = probabilities.shape[1]
    variance = 1 - (probabilities**2).sum(axis=1)
    items = np.bincount(strata, counts, minlength=count)
    found = np.bincount(strata, counts * variance, minlength=count) / np.maximum(items, 1)
    return np.sqrt(np.where(items > 0, found, 1 - 1 / k))


def _pattern_of(label_set: LabelSet, source: str, ids: pa.Array) -> Ints:
    """Return the place of each item's pattern, int [N]; -1 where the label set has no such item."""
    parts = [
        label_set.items_of(segment["id"], [ITEM_ID, "pattern"])
        for segment in label_set.manifest["outputs"]["segments"]
        if segment["source"] == source
    ]
    if not parts:
        return np.full(len(ids), -1, np.int64)
    known = pa.concat_tables(parts)
    found = pc.index_in(ids, known.column(ITEM_ID).combine_chunks().cast(pa.string()))
    rows = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    patterns = known.column("pattern").to_numpy().astype(np.int64)
    return np.where(rows >= 0, patterns[rows], -1)


def _fifths(label_set: LabelSet, counts: Ints, labelled: npt.NDArray[np.bool_]) -> Ints:
    """Return the fifth of certainty of each pattern with a label, int [U]; patterns are not divided."""
    found = np.zeros(len(counts), np.int64)
    wide = label_set.probabilities
    rows = np.flatnonzero(labelled & (counts > 0))
    if len(rows):
        rows = rows[np.argsort(wide[rows].max(axis=1), kind="stable")]
        upto = np.cumsum(counts[rows])
        found[rows] = np.floor(FIFTHS * (upto - counts[rows] / 2) / upto[-1]).astype(np.int64)
    return found


def _several(label_set: LabelSet, history: History, version: str) -> npt.NDArray[np.bool_]:
    """Return which patterns leave several labels in a version, bool [U]; those without a vote are not meant."""
    table, made_under = label_set.patterns, label_set.record.schema_version
    column = table.column("partial" if label_set.tells_guesses else "label").cast(pa.string()).to_pylist()
    if any(each.version == made_under for each in history):
        relation = history.relation(made_under, version)
        known = set(history[made_under].ids)
        column = [
            text and "|".join(sorted({x for each in text.split("|") if each in known for x in relation.project(each)}))
            for text in column
        ]
    covered = np.asarray(table.column("covered"))
    return covered & np.array([text is not None and "|" in text for text in column], np.bool_)


def same_texts(texts: pa.Table, ids: Sequence[str]) -> Ints:
    """Return a number for each item, int [N], equal for those whose texts are the same.

    Case and white space make no difference. Items without any text are each their own.

    Args:
        texts: The text columns, a row an item.
        ids: The ids.

    Example:
        >>> same_texts(pa.table({"comment": ["So  slow", "so slow ", None, None]}), ["1", "2", "3", "4"]).tolist()
        [0, 0, 1, 2]
    """
    columns = [[_plain(each) for each in texts.column(name).to_pylist()] for name in texts.column_names]
    if not columns:
        return np.arange(len(ids), dtype=np.int64)
    said = (
        columns[0]
        if len(columns) == 1
        else ["\x00".join(row) if any(row) else "" for row in zip(*columns, strict=True)]
    )
    keys = [text or f"\x00\x00{item_id}" for text, item_id in zip(said, ids, strict=True)]
    codes, _ = pd.factorize(np.array([*keys, ""], dtype=object)[:-1])
    return np.asarray(codes, np.int64)


def _plain(text: str | None) -> str:
    return " ".join(text.casefold().split()) if text else ""


def joined(places: Mapping[str, int], ids: Sequence[str]) -> Ints:
    """Return the places of some ids that are there, int [n]."""
    return np.array([places[each] for each in ids if each in places], np.int64)
