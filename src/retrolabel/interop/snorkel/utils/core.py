"""Between labels and probabilities."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.interop.snorkel.refusals import LabelMatrixError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Places = npt.NDArray[np.int64]
    Arrays = Mapping[str, npt.ArrayLike | None]

POLICIES = ("abstain", "random", "true-random")
FEWEST = 2


def probs_to_preds(probs: npt.ArrayLike, tie_break_policy: str = "random", tol: float = 1e-5) -> Places:
    """Return the most probable label of each item, int64 [n].

    Ties are broken as in Snorkel, by the number of the row: probabilities alone do not tell items apart.
    A label model's own ``predict`` breaks them by an item's votes.

    Args:
        probs: [n, k] probabilities.
        tie_break_policy: ``abstain`` gives -1; ``random`` draws by the number of the row; ``true-random``
            draws too, the same for the same number of items. No global generator is touched.
        tol: Probabilities that differ by less are tied.

    Raises:
        LabelMatrixError: They are no table of two labels or more, or there is no such policy.

    Example:
        >>> probs_to_preds([[0.9, 0.1], [0.5, 0.5]], tie_break_policy="abstain").tolist()
        [0, -1]
    """
    given = np.asarray(probs, dtype=np.float64)
    if given.ndim != 2 or given.shape[1] < FEWEST:  # noqa: PLR2004 - items x labels
        raise LabelMatrixError(
            f"probs must have probabilities for at least 2 classes, items x labels, and not the shape {given.shape}."
        )
    if np.isnan(given).any():
        rows = np.flatnonzero(np.isnan(given).any(axis=1))
        raise LabelMatrixError(f"probs has {len(rows)} rows with NaN; the first is row {rows[0]}.")
    if tie_break_policy not in POLICIES:
        raise LabelMatrixError(
            f"tie_break_policy={tie_break_policy!r} policy not recognized.", remedy=f"use {', '.join(POLICIES)}"
        )
    best = np.asarray(given.max(axis=1, keepdims=True, initial=-np.inf) - given < tol)
    places: Places = best.argmax(axis=1).astype(np.int64)
    tied = np.flatnonzero(best.sum(axis=1) > 1)
    draws = np.random.default_rng(0)
    for row in tied.tolist():
        choices = np.flatnonzero(best[row])
        if tie_break_policy == "abstain":
            places[row] = -1
        elif tie_break_policy == "random":
            places[row] = choices[_of_row(row) % len(choices)]
        else:
            places[row] = draws.choice(choices)
    return places


def preds_to_probs(preds: npt.ArrayLike, num_classes: int) -> npt.NDArray[np.float64]:
    """Return probabilities [n, k] that are 1 for the label of each item.

    Args:
        preds: Labels [n] or [n, 1]; none may be -1.
        num_classes: k.

    Raises:
        LabelMatrixError: An item abstains, or has a label that is none of the k.

    Example:
        >>> preds_to_probs([1, 0], 2).tolist()
        [[0.0, 1.0], [1.0, 0.0]]
    """
    places = to_int_label_array(preds)
    wrong = np.flatnonzero((places < 0) | (places >= num_classes))
    if len(wrong):
        row = int(wrong[0])
        raise LabelMatrixError(
            f"{len(wrong)} labels cannot be made probabilities; the first is {places[row]}, in row {row}.",
            remedy="leave out items that abstain (-1); num_classes says how many labels there are",
        )
    return np.asarray(np.eye(num_classes)[places])


def to_int_label_array(X: npt.ArrayLike, flatten_vector: bool = True) -> Places:  # noqa: N803 - Snorkel's name
    """Return labels as int64, in one dimension.

    Args:
        X: Whole numbers [n] or [n, 1], of any type: an array, a list, a pandas Series.
        flatten_vector: Whether [n, 1] becomes [n].

    Raises:
        LabelMatrixError: One is no whole number, or they are no one column.

    Example:
        >>> to_int_label_array([[1.0], [-1.0]]).tolist()
        [1, -1]
    """
    array = np.asarray(X)
    try:
        numbers = array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise LabelMatrixError(f"Labels are whole numbers, and these are {array.dtype}.") from error
    if not (np.isfinite(numbers).all() and (numbers == np.floor(numbers)).all()):
        raise LabelMatrixError("Input contains at least one non-integer value.", remedy="-1 says that there is none")
    whole = numbers.astype(np.int64)
    if not flatten_vector:
        return whole
    flat = np.atleast_1d(whole.squeeze())
    if flat.ndim != 1:
        raise LabelMatrixError(
            f"Labels of the shape {array.shape} could not be converted to 1d np.array: one for each item."
        )
    return np.asarray(flat)


def filter_labels(label_dict: Arrays, filter_dict: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """Return the arrays without the items that have one of some labels.

    Args:
        label_dict: Name -> labels [n] or probabilities [n, k] of the same items; ``None`` where there are none.
        filter_dict: Name -> the labels whose items are left out of all of them.

    Raises:
        LabelMatrixError: The arrays differ in length.

    Example:
        >>> kept = filter_labels({"golds": [0, 1, -1], "preds": [0, -1, 1]}, {"golds": [-1], "preds": [-1]})
        >>> kept["golds"].tolist(), kept["preds"].tolist()
        ([0], [0])
    """
    arrays = {name: None if values is None else np.asarray(values) for name, values in label_dict.items()}
    lengths = {name: len(values) for name, values in arrays.items() if values is not None}
    if len(set(lengths.values())) > 1:
        raise LabelMatrixError(f"They differ in length: {', '.join(f'{n} {c}' for n, c in lengths.items())}.")
    kept = np.ones(next(iter(lengths.values()), 0), np.bool_)
    for name, unwanted in filter_dict.items():
        values = arrays.get(name)
        if values is not None:
            kept &= ~np.isin(values.reshape(len(values), -1), list(unwanted)).any(axis=1)
    return {name: None if values is None else values[kept] for name, values in arrays.items()}


def _of_row(row: int) -> int:
    """Return the large number by which Snorkel breaks the tie of a row."""
    return int(hashlib.sha1(str(row).encode(), usedforsecurity=False).hexdigest(), 16)
