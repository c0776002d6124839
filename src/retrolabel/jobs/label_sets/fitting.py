"""Fit a label model on patterns and gold, and say what it would have said of gold it had not seen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from retrolabel.jobs.gold.resolving import ranks_of
from retrolabel.label_models.protocol import hard_labels
from retrolabel.label_models.under_a_schema import with_schema
from retrolabel.schema.fingerprints import digest
from retrolabel.schema.shares import shares_along_the_steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from retrolabel.label_models.protocol import FittedLabelModel, LabelModelProtocol
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.votes import Patterns

    Gold = Mapping[tuple[str, str], int]

FOLDS = 5
EQUAL = 1e-12
FEWEST_GOLD = 20
"""Below this many random gold items none is fitted."""


def model_for(schema: LabelSchema, model: LabelModelProtocol) -> LabelModelProtocol:
    """Return the label model as it is fitted under a version, where it takes what the version says.

    That is the ranks of an ordinal one, and how probable each label is where no gold says it: a label that was
    split leaves to its parts what it had, so a schema change alone makes no label more frequent.
    """
    shares = shares_along_the_steps(schema) if schema.scale != "multilabel" else None
    if shares is not None and max(shares) - min(shares) < EQUAL:
        shares = None  # uniform, as it is without a history
    return with_schema(model, ranks=ranks_of(schema), without_gold=shares)


def gold_inputs(gold: Gold) -> dict[str, object] | None:
    """Return what of the fitted gold a label set's id depends on; ``None`` if there is too little."""
    if len(gold) < FEWEST_GOLD:
        return None
    return {"items": len(gold), "folds": FOLDS, "digest": digest(sorted([*key, place] for key, place in gold.items()))}


def fit(
    model: LabelModelProtocol, patterns: Patterns, gold: Gold, seen: Mapping[tuple[str, str], int]
) -> tuple[FittedLabelModel, pa.Table | None]:
    """Return the fitted model, and cross-fitted labels of the gold items (``None`` if no gold was used).

    Each gold item falls into one of five folds by the hash of its id; its label is predicted by a
    model whose gold lacks the fold.

    Args:
        model: The unfitted label model.
        patterns: The patterns of all items.
        gold: (source, item id) -> place of the label, of a random sample.
        seen: (source, item id) -> pattern of the gold items that there are.
    """
    if not model.uses_gold or gold_inputs(gold) is None:
        return model.fit(patterns), None
    where = np.array(list(seen.values()), dtype=np.int64)
    labels = np.array([gold[key] for key in seen], dtype=np.int64)
    folds = np.array([fold_of(*key) for key in seen], dtype=np.int64)
    predicted = np.full(len(seen), -1, dtype=np.int64)
    probabilities = np.empty((len(seen), len(patterns.labels)))
    for fold in range(FOLDS):
        held_out = folds == fold
        fitted = model.fit(patterns, _counts(where[~held_out], labels[~held_out], patterns))
        found = fitted.predict_proba(patterns)
        predicted[held_out] = hard_labels(found, patterns.covered)[where[held_out]]
        probabilities[held_out] = found[where[held_out]]
    unseen = pa.table(
        {
            "source": pa.array([source for source, _ in seen], pa.string()),
            "item_id": pa.array([item_id for _, item_id in seen], pa.string()),
            "label": pa.array([patterns.labels[p] if p >= 0 else None for p in predicted], pa.string()),
            **{f"p_{label}": pa.array(probabilities[:, place]) for place, label in enumerate(patterns.labels)},
        }
    )
    return model.fit(patterns, _counts(where, labels, patterns)), unseen


def fold_of(source: str, item_id: str) -> int:
    """Return the fold of a gold item: by the hash of its id, so that it is the same in every fit."""
    return int(hashlib.sha256(f"{source}\x00{item_id}".encode()).hexdigest()[:8], 16) % FOLDS


def _counts(where: npt.NDArray[np.int64], labels: npt.NDArray[np.int64], patterns: Patterns) -> npt.NDArray[np.float64]:
    counts = np.zeros((len(patterns), len(patterns.labels)))
    np.add.at(counts, (where, labels), 1.0)
    return counts
