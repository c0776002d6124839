"""Features that are kept in the store, for those who ask for it (``@feature(cache=True)``)."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pyarrow as pa

from retrolabel.errors import LabelingFunctionError, RetrolabelError
from retrolabel.labeling.features import needed
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.labeling.applying import Guard
    from retrolabel.labeling.batches import Batch
    from retrolabel.labeling.features import Feature
    from retrolabel.labeling.functions import LabelingFunction

VALUES = "values"
SEAL = ".sha256"
"""The ending of the file, written last, that vouches for a file of values: no catalog does."""


def bring(  # noqa: PLR0913 - what, of whom, for what, from where
    lfs: Iterable[LabelingFunction],
    keys: Mapping[str, str],
    segment: Segment,
    batch: Batch,
    objects: Objects,
    *,
    guard: Guard | None = None,
    keep: bool = True,
) -> None:
    """Give a batch the cached values of the features that labeling functions ask for, computed where there are none.

    What is kept is what everybody gets: values go through Arrow also when they were just computed. Where
    a feature fails on an item, nothing is kept.

    Args:
        lfs: The labeling functions.
        keys: Feature -> key: the hash of all that it depends on but the data.
        segment: The segment that the batch holds.
        batch: The items.
        objects: Where the files are.
        guard: Stops what hangs.
        keep: Whether the store is read and written; values are computed afresh otherwise, and go through Arrow too.

    Raises:
        LabelingFunctionError: A feature that is to be kept returns what no file can hold.
    """
    features = {name: made for lf in lfs for name, made in lf.features.items()}
    for name, made in features.items():
        if not made.cache or name not in keys:
            continue
        path = f"features/{segment.id}/{_key(made, features, keys[name], segment)}.parquet"
        values = _read(path, objects) if keep else None
        if values is None or len(values) != batch.rows:
            with guard(f"feature {name}") if guard else nullcontext():
                computed, failed = batch.parameter(name, features)
            if failed:
                continue
            values = _as_array(made, computed)
            if keep:
                sha256 = objects.write_table(path, pa.table({VALUES: values}))
                objects.write_bytes(f"{path}{SEAL}", sha256.encode())
        batch.keep(made, values.to_pylist())


def _key(made: Feature, features: Mapping[str, Feature], key: str, segment: Segment) -> str:
    _, columns = needed(made.columns, features)
    read = [[name, segment.columns.get(name, f"missing on {segment.rows} rows")] for name in columns]
    return digest([key, segment.rows, read])


def _as_array(made: Feature, values: list[object]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowException, TypeError, ValueError) as error:
        kind = next((type(value).__name__ for value in values if value is not None), "nothing")
        raise LabelingFunctionError(
            f"The feature {made.name} is to be kept, and returns {kind}, which no file can hold.",
            remedy="cache=True is for numbers, texts, times and lists of them; leave it out for a spaCy doc",
        ) from error


def _read(path: str, objects: Objects) -> pa.Array | None:
    """Return kept values; ``None`` where there are none, or not as they were written."""
    if not objects.size(f"{path}{SEAL}"):
        return None
    try:
        if objects.read_bytes(f"{path}{SEAL}").decode("ascii", "replace") != objects.sha256(path):
            return None
        return objects.read_table(path).column(VALUES).combine_chunks()
    except RetrolabelError:
        return None
