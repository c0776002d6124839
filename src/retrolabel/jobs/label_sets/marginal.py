"""What each labeling function adds to the score on dev gold, without a fit for each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.analysis.scores import estimate, resampled
from retrolabel.label_models.auto import FittedAuto
from retrolabel.label_models.fitted import FittedLabelModel as Fitted
from retrolabel.label_models.protocol import hard_labels
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    import numpy.typing as npt

    from retrolabel.jobs.label_sets.comparing import GoldOnPatterns
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.label_models.protocol import FittedLabelModel, LabelModelProtocol

    Flags = npt.NDArray[np.bool_]

CHEAP = 1_000_000
"""Cells of votes (patterns x LFs) up to which the few fits take some seconds."""


def is_cheap(gold: GoldOnPatterns) -> bool:
    """Return whether the few fits that it takes are a matter of seconds."""
    return gold.patterns.codes.size <= CHEAP


def added_by_each(model: LabelModelProtocol, gold: GoldOnPatterns, progress: Progress) -> pd.DataFrame:
    """Return what the score on dev gold loses if a labeling function had said nothing; nothing is fitted for each.

    Each fold of gold is judged by one model that was fitted without it, with all votes and with those of one left
    out. So it takes five fits, and not five for each labeling function. What the others learned stays: the twin of a
    copy keeps its low weight, and a fit without the copy (:func:`scores_without_each`) would give it more.

    Args:
        model: The unfitted label model.
        gold: The stored votes, and the gold on them.
        progress: Told of each fit.

    Returns:
        A frame indexed by ``lf``: ``adds`` (points of accuracy, as a share, over the gold items that all cover and
        that are one label; one that is covered no more is wrong), ``adds_low`` and ``adds_high`` (95 %, paired:
        resampled items), ``alone`` (of those items: how many have no other vote). In ``attrs``: ``accuracy``,
        ``judged``.
    """
    known, patterns = gold.known, gold.patterns
    judged = patterns.covered[known.rows] & gold.exact
    truth, votes = known.possible.argmax(axis=1), _at(gold)
    right = np.zeros((len(patterns.voters) + 1, len(known)), np.bool_)
    folds = list(gold.judged_together(model))
    progress.start("what each labeling function adds", len(folds))
    for held in folds:
        fitted = model.fit(patterns, known.take(~held) if gold.fits and model.uses_gold and (~held).any() else None)
        here = VoteMatrix(votes.codes[held], votes.labels, votes.symbols, votes.voters)
        right[0, held] = hard_labels(fitted.predict_proba(here), here.covered) == truth[held]
        for place in range(len(patterns.voters)):
            changed = here.codes[:, place] != 0
            right[place + 1, held] = right[0, held]
            if changed.any():
                some = np.flatnonzero(held)[changed]
                right[place + 1, some] = hard_labels(*said_without(fitted, here, place, changed)) == truth[some]
        progress.advance(1)
    gains = (right[0] - right[1:].astype(np.float64))[:, judged].T
    alone = ((votes.codes != 0) & ((votes.codes != 0).sum(axis=1) == 1)[:, None])[judged].sum(axis=0)
    frame = pd.DataFrame(_intervals(gains), index=pd.Index(patterns.voters, name="lf")).assign(alone=alone)
    frame.attrs = {"accuracy": float(right[0, judged].mean()) if judged.any() else np.nan, "judged": int(judged.sum())}
    return frame


def _at(gold: GoldOnPatterns) -> VoteMatrix:
    """Return the votes on the gold items."""
    patterns = gold.patterns
    return VoteMatrix(patterns.codes[gold.known.rows], patterns.labels, patterns.symbols, patterns.voters)


def said_without(
    fitted: FittedLabelModel, votes: VoteMatrix, place: int, rows: Flags
) -> tuple[npt.NDArray[np.float64], Flags]:
    """Return what a fitted model says of some items as if a voter were not there: neither its votes nor its silence.

    Args:
        fitted: The fitted label model; it stays as it is.
        votes: The votes on n items.
        place: The voter.
        rows: bool [n]: the r items.

    Returns:
        float [r, k], and whether another voted on each, bool [r].
    """
    codes = votes.codes[rows].copy()
    codes[:, place] = 0
    fewer = VoteMatrix(codes, votes.labels, votes.symbols, votes.voters)
    inner = fitted.model if isinstance(fitted, FittedAuto) else fitted
    if isinstance(inner, Fitted):
        weights = inner.weights.copy()
        weights[place] = 0.0
        inner = replace(inner, weights=weights)
    return inner.predict_proba(fewer), fewer.covered


def _intervals(gains: npt.NDArray[np.float64]) -> dict[str, list[float]]:
    if not len(gains):
        nothing = [np.nan] * gains.shape[1]
        return {"adds": nothing, "adds_low": nothing, "adds_high": nothing}
    draws, means = resampled(gains), gains.mean(axis=0)
    found = [estimate(float(mean), draws[:, place]) for place, mean in enumerate(means)]
    return {
        "adds": [float(each.value or 0.0) for each in found],
        "adds_low": [float(each.low or 0.0) for each in found],
        "adds_high": [float(each.high or 0.0) for each in found],
    }
