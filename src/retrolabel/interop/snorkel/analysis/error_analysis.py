"""Items by what is right or wrong of them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.interop.snorkel.refusals import LabelMatrixError
from retrolabel.interop.snorkel.utils.core import to_int_label_array

if TYPE_CHECKING:
    import numpy.typing as npt


def get_label_buckets(*y: npt.ArrayLike) -> dict[tuple[int, ...], npt.NDArray[np.int64]]:
    """Return the places of items, by their combination of labels.

    Args:
        y: Labels [n] or [n, 1], as often as one likes: gold and predictions, say.

    Returns:
        Combination, in the order of the arguments -> int64 places, rising. Those of no item are not in it.

    Raises:
        LabelMatrixError: There are none, they differ in length, or one is no whole number.

    Example:
        >>> buckets = get_label_buckets([1, 1, 0], [1, 0, 0])
        >>> {bucket: places.tolist() for bucket, places in buckets.items()}
        {(1, 1): [0], (1, 0): [1], (0, 0): [2]}
    """
    columns = [to_int_label_array(each) for each in y]
    lengths = [len(each) for each in columns]
    if len(set(lengths)) != 1:
        raise LabelMatrixError(f"Arrays must all have the same number of elements; these have {lengths}.")
    if not lengths[0]:
        return {}
    table = np.stack(columns, axis=1)
    kinds, first, which = np.unique(table, axis=0, return_index=True, return_inverse=True)
    which = which.ravel()
    places = np.split(np.argsort(which, kind="stable"), np.cumsum(np.bincount(which))[:-1])
    return {tuple(kinds[kind].tolist()): places[kind] for kind in np.argsort(first).tolist()}


def get_label_instances(bucket: tuple[int, ...], x: Any, *y: npt.ArrayLike) -> Any:  # noqa: ANN401 - an array or a frame
    """Return the items with one combination of labels.

    Args:
        bucket: The combination, one label for each of ``y``.
        x: n items: an array, or a frame.
        y: Labels [n] or [n, 1], as often as the bucket has labels.

    Returns:
        The rows of ``x``; an empty array where no item has them, and a warning in the log.

    Raises:
        LabelMatrixError: The bucket has other than one label for each of ``y``, or lengths differ.

    Example:
        >>> get_label_instances((1, 0), np.array(["a crash", "please"]), [1, 1], [1, 0]).tolist()
        ['please']
    """
    if len(y) != len(bucket):
        raise LabelMatrixError(f"The bucket {bucket} is one label for each of {len(y)} lists of labels.")
    buckets = get_label_buckets(*y)
    items = len(to_int_label_array(y[0]))
    if len(x) != items:
        raise LabelMatrixError(f"x has {len(x)} rows; there are {items} labels.")
    places = buckets.get(tuple(int(label) for label in bucket))
    if places is None:
        logging.getLogger(__name__).warning("The bucket %s does not exist: no item has these labels.", bucket)
        return np.array([])
    return x.iloc[places] if hasattr(x, "iloc") else np.asarray(x)[places]
