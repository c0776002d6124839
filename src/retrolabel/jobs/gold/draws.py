"""How the items of a file of human labels were drawn: by which design, and with which probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import RetrolabelError
from retrolabel.gold.adjudication import standing
from retrolabel.gold.independence import Shown, chosen_by
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.votes import symbol_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.records.gold import Batch, Key
    from retrolabel.jobs.records.label_sets import LabelSet

FIFTHS = 5
CAUGHT = 0.5
"""The share of a file's items that a draw which was caught before must hold, so that it is that draw again."""


def drawn_before(stored: Iterable[HumanLabel]) -> dict[Key, tuple[int | None, float]]:
    """Return the item -> batch and probability of its draw, for items of a known design: the first draw counts."""
    found: dict[Key, tuple[int | None, float]] = {}
    for label in stored:
        if label.inclusion is not None:
            found.setdefault((label.source, label.item_id), (label.batch, label.inclusion))
    return found


def why_not_random(
    items: Collection[str],
    source: str,
    stored: Sequence[HumanLabel],
    label_sets: Sequence[LabelSet],
    batches: Mapping[int, Batch],
) -> str | None:
    """Return why items cannot be a random sample of a source; ``None`` where nothing known of them speaks against it.

    Tried are what people said of items before, and what the newest label set knows of them: labels, votes, how sure
    it is.

    Args:
        items: The ids.
        source: Their source.
        stored: What people said so far.
        label_sets: The newest label set of the task, if there is one; one that cannot be read is passed over.
        batches: The number of a batch -> the batch.
    """
    caught = {number for number, batch in batches.items() if batch.asked == "random" != batch.design}
    again = {label.item_id for label in stored if label.source == source and label.batch in caught}
    if items and len(again.intersection(items)) >= CAUGHT * len(items):
        return "most of its items came before as a random sample that was none"
    shown = list(_by_people(set(items), source, stored))
    for label_set in label_sets:
        try:
            shown += _by_label_set(items, source, label_set)
        except RetrolabelError:
            continue  # what is damaged is for ``doctor`` and ``verify``
    found = chosen_by(shown)
    return str(found) if found is not None else None


def _by_people(items: set[str], source: str, stored: Sequence[HumanLabel]) -> Iterator[Shown]:
    """Yield how often items were labelled what, among those that were labelled before."""
    said: dict[tuple[str, str], set[str]] = {}
    before: dict[str, set[str]] = {}
    for label in standing(stored):
        if label.source == source:
            said.setdefault((label.label, label.schema_version), set()).add(label.item_id)
            before.setdefault(label.schema_version, set()).add(label.item_id)
    for (label_id, version), ids in said.items():
        all_of = before[version]
        mine = items & all_of
        yield Shown(
            f"items that people labelled {label_id} ({version}), among those that they labelled",
            len(mine & ids),
            len(mine),
            len(ids),
            len(all_of),
        )


def _by_label_set(items: Collection[str], source: str, label_set: LabelSet) -> Iterator[Shown]:
    """Yield how often items have which label, votes, and certainty, in the newest label set."""
    everywhere, here = _patterns_of(items, source, label_set)
    population, size = int(everywhere.sum()), int(here.sum())

    def shown(feature: str, rows: npt.NDArray[np.bool_]) -> Shown:
        return Shown(feature, int(here[rows].sum()), size, int(everywhere[rows].sum()), population)

    table, patterns = label_set.patterns, label_set.vote_patterns()
    covered = np.asarray(table.column("covered"))
    yield shown("items without any vote", ~covered)
    names = np.array(table.column("label").cast(pa.string()).to_pylist(), dtype=object)
    for label in label_set.labels:
        yield shown(f"items labelled {label} by label set {label_set.id[:12]}", names == label)
    votes = ["", *symbol_names(patterns.symbols, patterns.labels)]
    for voter, codes in zip(patterns.voters, patterns.codes.T, strict=True):
        for code in np.unique(codes[codes > 0]):
            yield shown(f"items on which the labeling function {voter} votes {votes[code]}", codes == code)
    if covered.any():
        sure = label_set.probabilities.max(axis=1)
        order = np.argsort(sure, kind="stable")
        order = order[covered[order]]
        share = np.cumsum(everywhere[order]) / max(1, int(everywhere[order].sum()))
        for name, rows in (("least", order[share <= 1 / FIFTHS]), ("most", order[share > 1 - 1 / FIFTHS])):
            mask = np.zeros(len(covered), np.bool_)
            mask[rows] = True
            yield shown(f"items of the fifth of which the label set is {name} sure", mask)


def _patterns_of(
    items: Collection[str], source: str, label_set: LabelSet
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return how many items of a source show each pattern, and how many of those asked for, int [U] each."""
    size, wanted = label_set.patterns.num_rows, pa.array(sorted(items), pa.string())
    everywhere, here = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for segment in label_set.manifest["outputs"]["segments"]:
        if segment["source"] != source:
            continue
        part = label_set.items_of(segment["id"], [ITEM_ID, "pattern"])
        patterns = part.column("pattern").to_numpy()
        everywhere += np.bincount(patterns, minlength=size)
        chosen = np.asarray(pc.is_in(part.column(ITEM_ID), wanted))
        here += np.bincount(patterns[chosen], minlength=size)
    return everywhere, here


def role_of(roles: Iterable[str]) -> str:
    """Return the role of a batch: the one of its items, or all of them."""
    return "|".join(sorted(set(roles)))


def probability_of(design: str, given: float | None, share: float | None) -> float | None:
    """Return with which probability an item was drawn; ``None`` where its design does not say it.

    Args:
        design: The design of its draw.
        given: What the file says.
        share: The share of all items that was drawn.
    """
    return {"random": share, "stratified": given}.get(design)
