"""What a labeling function that is tried adds: the label set of the sample with it and without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.trying.values import Marginal

if TYPE_CHECKING:
    from retrolabel.analysis.trying.values import Ground
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.votes import VoteMatrix
    from retrolabel.wiring.site import Site
    from retrolabel.wiring.trial_ground import TrialGround


def added(  # noqa: PLR0913 - the store, and what is known of the sample
    site: Site, found: FoundTask, known: TrialGround, ground: Ground, name: str, votes: VoteMatrix
) -> Marginal | None:
    """Return what a labeling function adds to the label set of a sample; ``None`` where no other's votes are stored.

    Args:
        site: The project and its store.
        found: The task, as its files are now.
        known: What is known of the sample.
        ground: The votes of the others on it.
        name: The labeling function.
        votes: Its votes.
    """
    from retrolabel.jobs.label_sets.comparing import GoldOnPatterns
    from retrolabel.jobs.label_sets.explaining import scores_without_each
    from retrolabel.jobs.label_sets.fitting import fold_of, on_patterns
    from retrolabel.wiring.main_job import chosen_model

    if not ground.others.voters:
        return None
    matrix, drawn = ground.others.with_column(votes), ground.drawn
    patterns = matrix.patterns()
    places = np.asarray(patterns.inverse)
    coverage = float(matrix.covered[drawn].mean()), float(ground.others.covered[drawn].mean())
    seen = {key: int(places[row]) for row, key in enumerate(known.sample.keys) if key in known.dev.sets}
    told = known.dev.told(set(known.sample.tables))
    if not seen:
        return Marginal(*coverage, None, None, None, 0)
    folds = np.array([fold_of(*key) for key in seen], np.int64)
    judging = on_patterns(told, seen, len(patterns.labels))
    gold = GoldOnPatterns(patterns.without_items(), judging, folds)
    model = chosen_model(site, None, found.history.head)
    frame = scores_without_each(model, gold, site.progress, only=[name])
    exact = [row for row, key in enumerate(known.sample.keys) if len(known.dev.sets.get(key, ())) == 1]
    judged = int((patterns.covered[judging.rows] & gold.exact).sum())
    if not judged:
        return Marginal(*coverage, None, None, None, 0)
    figures_of = frame.to_dict("index")
    row, whole = figures_of[name], figures_of["(all)"]
    change = -float(row["change"]), -float(row["high"]), -float(row["low"])
    return Marginal(
        *coverage,
        float(whole["accuracy"]),
        float(row["accuracy"]),
        change,
        judged,
        int(ground.others.covered[exact].sum()),
    )
