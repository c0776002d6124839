"""Cells of columns as numbers and vectors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

LOOKED_AT = 100
"""Values of a column that are looked at to tell vectors from texts."""


def is_missing(cell: object) -> bool:
    """Return whether a cell holds nothing.

    Example:
        >>> [is_missing(each) for each in (None, float("nan"), " ", 0, "x")]
        [True, True, True, False, False]
    """
    return cell is None or (isinstance(cell, float) and cell != cell) or (isinstance(cell, str) and not cell.strip())  # noqa: PLR0124 - NaN


def as_number(cell: object) -> float:
    """Return a cell as a number.

    Raises:
        ValueError: It is none.

    Example:
        >>> as_number("4.5"), as_number(True)
        (4.5, 1.0)
    """
    said: Any = cell
    return float(said)


def as_vector(cell: object) -> npt.NDArray[np.float64]:
    """Return a cell as a vector: a list of numbers, or one that is written as JSON.

    Raises:
        ValueError: It is none.

    Example:
        >>> as_vector("[1, -2.5]").tolist(), as_vector((1, 2)).tolist()
        ([1.0, -2.5], [1.0, 2.0])
        >>> as_vector("[1] is my first point")
        Traceback (most recent call last):
        ...
        ValueError: no vector
    """
    try:
        said = json.loads(cell) if isinstance(cell, str) else cell
        found = np.asarray(said, np.float64)
    except (TypeError, ValueError):
        raise ValueError("no vector") from None
    if found.ndim != 1 or not len(found):
        raise ValueError("no vector")
    return found


def are_vectors(cells: Sequence[object]) -> bool:
    """Return whether a column holds vectors: whether its first values, as far as there are any, are all vectors.

    Args:
        cells: The column.

    Example:
        >>> are_vectors([None, "[1, 2]", "[3, 4]"]), are_vectors(["[1, 2]", "see [1]"]), are_vectors([None])
        (True, False, False)
    """
    known = [cell for cell in cells if not is_missing(cell)][:LOOKED_AT]
    try:
        return bool(known) and all(as_vector(cell).size for cell in known)
    except ValueError:
        return False
