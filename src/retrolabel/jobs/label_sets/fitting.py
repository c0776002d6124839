"""Fit a label model on patterns and gold, and say what it would have said of gold it had not seen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from retrolabel.jobs.gold.resolving import ranks_of
from retrolabel.label_models.deciding import Deciding, decide
from retrolabel.label_models.gold import GoldSets
from retrolabel.label_models.under_a_schema import with_schema
from retrolabel.schema.fingerprints import digest
from retrolabel.schema.shares import shares_along_the_steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.jobs.records.gold import Told
    from retrolabel.label_models.protocol import FittedLabelModel, LabelModelProtocol
    from retrolabel.schema.versions import LabelSchema
    from retrolabel.votes import Patterns

    Gold = Mapping[tuple[str, str], Told]

FOLDS = 5
EQUAL = 1e-12
FEWEST_GOLD = 20
"""Below this many gold items none is fitted."""


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
    rows = sorted([*key, sorted(told.places), told.weight] for key, told in gold.items())
    return {"items": len(gold), "folds": FOLDS, "digest": digest(rows)}


def fit(
    model: LabelModelProtocol, patterns: Patterns, gold: Gold, seen: Mapping[tuple[str, str], int], how: Deciding
) -> tuple[FittedLabelModel, pa.Table | None]:
    """Return the fitted model, and cross-fitted labels of the gold items (``None`` if no gold was used).

    Each gold item falls into one of five folds by the hash of its id; its label is predicted by a
    model whose gold lacks the fold.

    Args:
        model: The unfitted label model.
        patterns: The patterns of all items.
        gold: (source, item id) -> what gold says of the item.
        seen: (source, item id) -> pattern of the gold items that there are.
        how: What the task wants of items on which the evidence is thin.
    """
    if not model.uses_gold or gold_inputs(gold) is None:
        return model.fit(patterns), None
    known = on_patterns(gold, seen, len(patterns.labels))
    folds = np.array([fold_of(*key) for key in seen], dtype=np.int64)
    predicted = np.full(len(seen), -1, dtype=np.int64)
    probabilities = np.empty((len(seen), len(patterns.labels)))
    for fold in range(FOLDS):
        held_out = folds == fold
        found = model.fit(patterns, known.take(~held_out)).predict_proba(patterns)
        predicted[held_out] = decide(patterns, found, how).label[known.rows[held_out]]
        probabilities[held_out] = found[known.rows[held_out]]
    unseen = pa.table(
        {
            "source": pa.array([source for source, _ in seen], pa.string()),
            "item_id": pa.array([item_id for _, item_id in seen], pa.string()),
            "label": pa.array([patterns.labels[p] if p >= 0 else None for p in predicted], pa.string()),
            "gold": pa.array(["|".join(patterns.labels[place] for place in sorted(gold[key].places)) for key in seen]),
            **{f"p_{label}": pa.array(probabilities[:, place]) for place, label in enumerate(patterns.labels)},
        }
    )
    return model.fit(patterns, known), unseen


def fold_of(source: str, item_id: str) -> int:
    """Return the fold of a gold item: by the hash of its id, so that it is the same in every fit."""
    return int(hashlib.sha256(f"{source}\x00{item_id}".encode()).hexdigest()[:8], 16) % FOLDS


def on_patterns(gold: Gold, seen: Mapping[tuple[str, str], int], k: int) -> GoldSets:
    """Return gold as a label model takes it.

    Args:
        gold: (source, item id) -> what gold says of the item.
        seen: (source, item id) -> pattern of the gold items that there are.
        k: The number of labels.
    """
    possible = np.zeros((len(seen), k), np.bool_)
    for row, key in enumerate(seen):
        possible[row, sorted(gold[key].places)] = True
    weights = np.array([gold[key].weight for key in seen], np.float64)
    return GoldSets(np.array(list(seen.values()), np.int64), possible, weights)
