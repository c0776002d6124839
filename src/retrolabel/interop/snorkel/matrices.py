"""Label matrices in Snorkel's coding: checked once, and kept in a byte a cell, column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import Problem
from retrolabel.interop.snorkel.refusals import LabelMatrixError
from retrolabel.votes import BLOCK, VoteMatrix, symbol_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pandas as pd

    Labels = npt.NDArray[np.signedinteger[Any]]

SHOWN_PROBLEMS = 20
ABSTAINS = -1


def label_matrix(votes: npt.ArrayLike, *, cardinality: int | None = None, name: str = "L") -> Labels:
    """Return a label matrix in as few bytes a cell as will do, each column in one piece.

    Args:
        votes: [n, m] whole numbers of any type; -1 abstains, 0 to k - 1 are labels.
        cardinality: k; if left out, any label from 0 on will do.
        name: How the matrix is called in an error.

    Raises:
        LabelMatrixError: It is not two-dimensional, or a cell is no label; the first such cells are named.

    Example:
        >>> label_matrix([[0, -1], [1, 1]], cardinality=2).dtype
        dtype('int8')
        >>> label_matrix([[0, None]])
        Traceback (most recent call last):
        retrolabel.interop.snorkel.refusals.LabelMatrixError: L holds 1 cells that are no label.
          - row 0, column 1: None is no whole number
        Fix: -1 abstains
    """
    if hasattr(votes, "tocsr"):
        raise LabelMatrixError(
            f"{name} is a sparse matrix; its empty cells would read as label 0, and not as abstentions.",
            remedy=f"{name}.toarray() where -1 abstains; {name}.toarray() - 1 where 0 does and labels begin at 1",
        )
    array = np.asarray(votes)
    if array.ndim != 2:  # noqa: PLR2004 - items x labeling functions
        raise LabelMatrixError(
            f"{name} is a table of items x labeling functions, and this has {array.ndim} dimension(s).",
            remedy=f"the votes of one labeling function are a table of one column: {name}.to_frame()"
            if hasattr(votes, "to_frame")
            else "",
        )
    if not _all_whole(array):
        raise _strange(array, name)
    low, high = (int(array.min()), int(array.max())) if array.size else (ABSTAINS, ABSTAINS)
    if cardinality is not None and high >= cardinality:
        raise _outside(array, cardinality, f"{name} has cardinality {high + 1}; the model has {cardinality}.")
    if low < ABSTAINS:
        raise _outside(array, high + 1, f"{name} holds numbers below -1.")
    found: Labels = np.empty(array.shape, dtype=np.min_scalar_type(-high - 2), order="F")
    for rows in blocks(len(array)):
        found[rows] = array[rows].astype(found.dtype)
    return found


def vote_matrix(found: Labels, cardinality: int) -> VoteMatrix:
    """Return a checked label matrix as votes of ours.

    Example:
        >>> vote_matrix(label_matrix([[0, -1], [1, 1]]), 2).codes.tolist()
        [[1, 0], [2, 2]]
    """
    symbols = symbol_table(cardinality, ())
    codes = np.empty(found.shape, dtype=np.min_scalar_type(len(symbols)), order="F")
    for rows in blocks(len(found)):
        codes[rows] = found[rows] + np.int64(1)
    labels, voters = (tuple(map(str, range(cardinality))), tuple(f"lf_{column}" for column in range(found.shape[1])))
    return VoteMatrix(codes, labels, symbols, voters)


def gold_labels(
    gold: npt.ArrayLike, items: int | None = None, *, cardinality: int | None = None, name: str = "Y"
) -> npt.NDArray[np.int64]:
    """Return gold labels as int64 [n]; -1 where unknown.

    Args:
        gold: [n] or [n, 1] whole numbers.
        items: n, if it has to be that.
        cardinality: k; if left out, any label from 0 on will do.
        name: How they are called in an error.

    Raises:
        LabelMatrixError: They are no column of so many labels.

    Example:
        >>> gold_labels([[1], [-1]]).tolist()
        [1, -1]
    """
    array = np.asarray(gold)
    column = array[:, None] if array.ndim == 1 else array
    if column.ndim != 2 or column.shape[1] != 1:  # noqa: PLR2004 - n x 1
        raise LabelMatrixError(f"{name} is one label for each item, and this has the shape {array.shape}.")
    if items is not None and len(column) != items:
        raise LabelMatrixError(f"{name} has {len(column)} labels; there are {items} items.")
    return np.asarray(label_matrix(column, cardinality=cardinality, name=name)[:, 0].astype(np.int64))


def blocks(rows: int) -> Iterator[slice]:
    """Return slices of rows that together are all of them."""
    return (slice(start, min(start + BLOCK, rows)) for start in range(0, rows, BLOCK))


def covered(found: Labels) -> npt.NDArray[np.bool_]:
    """Return bool [n]: whether at least one labeling function voted on the item.

    Example:
        >>> covered(label_matrix([[-1, 0], [-1, -1]])).tolist()
        [True, False]
    """
    voted = np.zeros(len(found), np.bool_)
    for column in found.T:
        voted |= column >= 0
    return voted


def filter_unlabeled_dataframe(
    X: pd.DataFrame,  # noqa: N803 - Snorkel's names
    y: npt.NDArray[Any],
    L: npt.ArrayLike,  # noqa: N803 - the same
) -> tuple[pd.DataFrame, npt.NDArray[Any]]:
    """Return the items on which at least one labeling function voted, and their probabilities.

    Args:
        X: n items.
        y: Probabilities [n, k], or anything of n rows.
        L: Label matrix [n, m]; -1 abstains.

    Raises:
        LabelMatrixError: The three differ in length, or a cell of ``L`` is no label.

    Example:
        >>> import pandas as pd
        >>> probabilities = np.array([[0.9, 0.1], [0.5, 0.5]])
        >>> items, kept = filter_unlabeled_dataframe(pd.DataFrame({"body": ["a", "b"]}), probabilities, [[0], [-1]])
        >>> list(items.body), kept.tolist()
        (['a'], [[0.9, 0.1]])
    """
    mask = covered(label_matrix(L))
    if not len(X) == len(y) == len(mask):
        raise LabelMatrixError(f"X has {len(X)} rows, y {len(y)} and L {len(mask)}.")
    return X.iloc[mask], y[mask]


def _all_whole(array: npt.NDArray[Any]) -> bool:
    if np.issubdtype(array.dtype, np.integer) or not array.size:
        return True
    if array.dtype == np.object_:
        return all(map(_is_whole, array.flat))
    if not np.issubdtype(array.dtype, np.floating):
        return False
    return all(
        bool((np.floor(part) == part).all() and np.isfinite(part).all())
        for part in map(array.__getitem__, blocks(len(array)))
    )


def _is_whole(cell: object) -> bool:
    return isinstance(cell, (int, np.integer)) and not isinstance(cell, bool)


def _strange(array: npt.NDArray[Any], name: str) -> LabelMatrixError:
    if array.dtype == np.object_:
        wrong = np.array([not _is_whole(cell) for cell in array.flat], np.bool_).reshape(array.shape)
    elif np.issubdtype(array.dtype, np.floating):
        wrong = ~(np.floor(array) == array)
    else:
        return LabelMatrixError(f"{name} holds {array.dtype}, not whole numbers.", remedy="-1 abstains")
    return LabelMatrixError(
        f"{name} holds {int(wrong.sum())} cells that are no label.",
        problems=_cells(array, wrong, "is no whole number"),
        remedy="-1 abstains",
    )


def _outside(array: npt.NDArray[Any], cardinality: int, message: str) -> LabelMatrixError:
    wrong = (array < ABSTAINS) | (array >= cardinality)
    what = f"lies outside -1 to {cardinality - 1}"
    return LabelMatrixError(
        f"{message} {int(wrong.sum())} cells are no label.",
        problems=_cells(array, wrong, what),
        remedy="cardinality says how many labels there are; -1 abstains",
    )


def _cells(array: npt.NDArray[Any], wrong: npt.NDArray[np.bool_], what: str) -> list[Problem]:
    places = np.argwhere(wrong)[:SHOWN_PROBLEMS].tolist()
    return [Problem(f"row {row}, column {column}", f"{array[row, column]} {what}") for row, column in places]
