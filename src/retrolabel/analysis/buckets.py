"""Items by what is said of them: which of them are in each bucket, and how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd

    Rows = npt.NDArray[np.int64]


def get_label_buckets(*y: npt.ArrayLike) -> dict[tuple[Any, ...], Rows]:
    """Return which items are in each bucket of labels; called as Snorkel's ``get_label_buckets`` is.

    Args:
        y: One array of n labels for each that labels them, as gold and predictions; integers (-1 abstains) or names.

    Returns:
        (label in the first, label in the second, ...) -> int [m]: the places of its items, ascending. Buckets without
        items are not there.

    Raises:
        InputError: None is given, or they differ in length.

    Example:
        >>> gold, said = np.array([1, 1, 1, 0]), np.array([1, 1, -1, -1])
        >>> {bucket: rows.tolist() for bucket, rows in get_label_buckets(gold, said).items()}
        {(1, 1): [0, 1], (1, -1): [2], (0, -1): [3]}
    """
    columns = [np.asarray(each) for each in y]
    if not columns or any(column.shape != (len(columns[0]),) for column in columns):
        shapes = ", ".join(str(column.shape) for column in columns) or "nothing"
        raise InputError(f"Buckets need arrays of one length; got {shapes}.", remedy="pass one label for each item")
    rows: dict[tuple[Any, ...], list[int]] = {}
    for place, bucket in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        rows.setdefault(bucket, []).append(place)
    return {bucket: np.array(places, np.int64) for bucket, places in rows.items()}


def counted_buckets(frame: pd.DataFrame, by: Sequence[str], wrong: str = "wrong") -> pd.DataFrame:
    """Return how many items are in each bucket, and on how many of them the label is wrong.

    Args:
        frame: A row for each item, with the columns asked for.
        by: The columns: one, or several.
        wrong: The column that says whether the label is wrong; missing where it is not judged.

    Returns:
        A frame indexed by ``by``: ``items``, ``judged``, ``wrong``, ``rate`` with ``low`` and ``high`` (Wilson, 95 %);
        most wrong items first.

    Example:
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"source": ["a", "a", "b"], "wrong": [True, False, None]})
        >>> counted_buckets(frame, ["source"])[["items", "judged", "wrong"]].to_numpy().tolist()
        [[2, 2, 1], [1, 0, 0]]
    """
    from retrolabel.gold.agreement import wilson  # noqa: PLC0415 - plain buckets need none

    known = frame[wrong].notna()
    told = frame.assign(_judged=known, _wrong=frame[wrong].where(known, other=False).astype(bool))
    grouped = told.groupby(list(by), dropna=False, sort=True)
    counts = grouped.agg(items=("_judged", "size"), judged=("_judged", "sum"), wrong=("_wrong", "sum"))
    found = [wilson(int(w), int(n)) for w, n in zip(counts["wrong"], counts["judged"], strict=True)]
    counts = counts.assign(
        rate=np.array([each.value for each in found], np.float64),
        low=np.array([each.low for each in found], np.float64),
        high=np.array([each.high for each in found], np.float64),
    )
    return counts.sort_values(["wrong", "items"], ascending=False, kind="stable")
