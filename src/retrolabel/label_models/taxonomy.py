"""Probabilities in a taxonomy: the label model knows the leaves; a label above them has the sum of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import VoteError

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.label_models.protocol import Probabilities
    from retrolabel.schema.taxonomy import Taxonomy

LOWEST = 0.5
ROUNDING = 1e-12


def rolled_up(taxonomy: Taxonomy, probabilities: Probabilities) -> Probabilities:
    """Return the probability of every label: a leaf's own, and above it the sum over the leaves below.

    Args:
        taxonomy: The tree.
        probabilities: float [n, leaves], in the order of ``taxonomy.leaves``.

    Returns:
        float [n, labels], in the order of ``taxonomy.labels``. Its rows are no distribution: a label is
        counted in all that are above it.

    Raises:
        VoteError: There is not one probability a leaf.

    Example:
        >>> from retrolabel.schema.taxonomy import Taxonomy
        >>> tree = Taxonomy.of({"bug": None, "crash": "bug", "hang": "bug", "question": None})
        >>> rolled_up(tree, np.array([[0.5, 0.25, 0.25]])).tolist()
        [[0.75, 0.5, 0.25, 0.25]]
    """
    if probabilities.ndim != 2 or probabilities.shape[1] != len(taxonomy.leaves):  # noqa: PLR2004 - a table
        raise VoteError(f"There are {len(taxonomy.leaves)} leaves, and probabilities of shape {probabilities.shape}.")
    found = np.empty((len(probabilities), len(taxonomy.labels)))
    place = {leaf: column for column, leaf in enumerate(taxonomy.leaves)}
    for column, label in enumerate(taxonomy.labels):
        leaves = sorted(place[leaf] for leaf in taxonomy.below(label))
        found[:, column] = probabilities[:, leaves].sum(axis=1)
    return found


def deepest(taxonomy: Taxonomy, probabilities: Probabilities, *, at_least: float = 0.8) -> npt.NDArray[np.int64]:
    """Return the most specific label of each item that is probable enough.

    Above one half, labels that are probable enough lie on one line from the top, so there is one answer.

    Args:
        taxonomy: The tree.
        probabilities: float [n, leaves], in the order of ``taxonomy.leaves``.
        at_least: The probability that a label must reach; above 0.5, up to 1.

    Returns:
        int [n]: places in ``taxonomy.labels``; -1 where not even a label at the top is probable enough.

    Raises:
        VoteError: ``at_least`` is out of its range, or there is not one probability a leaf.

    Example:
        >>> from retrolabel.schema.taxonomy import Taxonomy
        >>> tree = Taxonomy.of({"bug": None, "crash": "bug", "hang": "bug", "question": None})
        >>> found = deepest(tree, np.array([[0.9, 0.05, 0.05], [0.5, 0.4, 0.1], [0.4, 0.1, 0.5]]))
        >>> [tree.labels[place] if place >= 0 else None for place in found]
        ['crash', 'bug', None]
    """
    if not LOWEST < at_least <= 1:
        raise VoteError(f"at_least lies above 0.5 and up to 1, not at {at_least}.")
    enough = rolled_up(taxonomy, probabilities) >= at_least - ROUNDING
    depth = np.array([1 + len(taxonomy.ancestors(label)) for label in taxonomy.labels])
    best = (enough * depth).argmax(axis=1)
    return np.where(enough.any(axis=1), best, -1)
