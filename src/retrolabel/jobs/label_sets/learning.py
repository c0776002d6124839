"""The score on dev gold with fewer gold items, labeling functions and items: refitted on subsets, cross-fitted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.analysis.scores import estimate, resampled
from retrolabel.jobs.label_sets.fitting import FEWEST_GOLD
from retrolabel.label_models.fewer_voters import among
from retrolabel.label_models.protocol import hard_labels
from retrolabel.votes import Patterns, merge_patterns

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.jobs.label_sets.comparing import GoldOnPatterns
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.label_models.protocol import LabelModelProtocol

    Flags = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]

SHARES = {"gold": (0.0, 0.25, 0.5, 1.0), "lfs": (0.25, 0.5, 0.75, 1.0), "items": (0.1, 0.25, 0.5, 1.0)}
"""The shares that are taken of each."""


def learning_curve(  # noqa: PLR0913 - what is taken less of, and how often
    model: LabelModelProtocol,
    gold: GoldOnPatterns,
    progress: Progress,
    *,
    what: Sequence[str] = ("gold", "lfs", "items"),
    repeats: int = 5,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the score on dev gold with less of something; each gold item is judged by a fit without its fold.

    Args:
        model: The unfitted label model.
        gold: The stored votes, and the gold on them.
        progress: Told of each subset.
        what: ``gold``, ``lfs``, ``items``: what is taken less of.
        repeats: How many subsets of each size; of all there is one.
        seed: Another seed takes other subsets.

    Returns:
        A frame: ``what``, ``share``, ``size`` (how many it is of, on average), ``accuracy`` over the gold items of one
        label that all labeling functions together cover (one that the subset does not cover is wrong), the mean over
        the subsets, with ``low`` and ``high`` (95 %: resampled items), ``spread`` (the standard deviation between
        subsets) and ``covered`` (the share of those items that a subset covers).
    """
    judged = gold.patterns.covered[gold.known.rows] & gold.exact
    cases = [(each, share) for each in what for share in SHARES[each]]
    progress.start("learning curve", len(cases))
    rows = []
    for each, share in cases:
        tries = 1 if share in (0.0, 1.0) else repeats
        random = np.random.default_rng([seed, list(SHARES).index(each), int(100 * share)])
        found = [_try(model, gold, each, share, random) for _ in range(tries)]
        right = np.mean([right for right, _, _ in found], axis=0)[judged]
        spread = float(np.std([right[judged].mean() for right, _, _ in found])) if judged.any() else np.nan
        covered = float(np.mean([covered[judged].mean() for _, covered, _ in found])) if judged.any() else np.nan
        size = float(np.mean([size for _, _, size in found]))
        rows.append((each, share, size, *_interval(right), spread, covered))
        progress.advance(1)
    return pd.DataFrame(rows, columns=["what", "share", "size", "accuracy", "low", "high", "spread", "covered"])


def _interval(right: Floats) -> tuple[float, float, float]:
    if not len(right):
        return np.nan, np.nan, np.nan
    found = estimate(float(right.mean()), resampled(right[:, None])[:, 0])
    return float(found.value or 0.0), float(found.low or 0.0), float(found.high or 0.0)


def _try(
    model: LabelModelProtocol, gold: GoldOnPatterns, what: str, share: float, random: np.random.Generator
) -> tuple[Floats, Flags, float]:
    """Return which gold items are right with a subset, which it covers, and how large it is."""
    patterns, known, fitted = gold.patterns, gold.known, np.ones(len(gold.known), np.bool_)
    size = 0.0
    if what == "gold":
        fitted = random.permutation(len(known)) < round(share * len(known))
        size = float(fitted.sum())
    elif what == "lfs":
        kept = np.sort(random.permutation(len(patterns.voters))[: max(1, round(share * len(patterns.voters)))])
        voters = tuple(patterns.voters[place] for place in kept)
        part = Patterns(patterns.codes[:, kept], patterns.counts, patterns.labels, patterns.symbols, voters)
        patterns, (places,) = merge_patterns([part])
        known, model, size = replace(known, rows=places[known.rows]), among(model, voters), float(len(kept))
    else:
        counts = random.binomial(patterns.counts.astype(np.int64), share).astype(np.float64)
        size = float(counts.sum())
        some = counts > 0
        some[known.rows] = True  # what is judged has to be there; it counts what was drawn
        counts = np.maximum(counts[some], TINY)
        part = Patterns(patterns.codes[some], counts, patterns.labels, patterns.symbols, patterns.voters)
        moved = np.cumsum(some) - 1
        patterns, known = part, replace(known, rows=moved[known.rows])
    covered = patterns.covered[known.rows]
    truth, right = known.possible.argmax(axis=1), np.zeros(len(known))
    for held in gold.judged_together(model):
        rest = known.take(~held & fitted)
        uses = model.uses_gold and len(rest) >= FEWEST_GOLD
        found = model.fit(patterns, rest if uses else None).predict_proba(patterns)
        here = known.rows[held]
        right[held] = hard_labels(found[here], patterns.covered[here]) == truth[held]
    return right, covered, size


TINY = 1e-6
"""What a pattern counts of which no item was drawn."""
