"""What each labeling function of a task does and is worth: votes, gold, time and what was learned in one frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from retrolabel.analysis.lf_attention import by_attention
from retrolabel.analysis.lf_months import by_month, firing_drift
from retrolabel.analysis.lf_precision import precision_beside, precision_by_vote
from retrolabel.analysis.lf_summary import against_sets, lf_summary
from retrolabel.jobs.gold.resolving import why_no_gold
from retrolabel.jobs.label_sets.comparing import GoldOnPatterns
from retrolabel.jobs.label_sets.drifting import NEVER, days_of
from retrolabel.jobs.label_sets.fitting import fold_of, on_patterns
from retrolabel.jobs.label_sets.marginal import added_by_each, is_cheap
from retrolabel.jobs.records.feedback import CREATED_AT
from retrolabel.jobs.votes.faults import said_by_lf
from retrolabel.votes import VoteMatrix
from retrolabel.wiring.explaining import learned_now
from retrolabel.wiring.main_job import chosen_model
from retrolabel.wiring.site import now
from retrolabel.wiring.votes import all_votes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.jobs.records.plans import Plan
    from retrolabel.wiring.site import Site

    Key = tuple[str, str]

DAY, WEEK = 86_400, 7


def summary_of_lfs(site: Site, task: str, to: str | None, *, marginal: bool | None = None) -> pd.DataFrame:
    """Return what each labeling function does and is worth; the columns are those of ``Task.lf_summary``.

    Args:
        site: The project and its store.
        task: The task.
        to: The schema version; the newest if left out.
        marginal: Whether it is worked out what each adds; where it takes some seconds, if left out.
    """
    plan, matrix, keys = all_votes(site, task, to)
    places = plan.dev.places
    gold = np.array([places.get(key, -1) for key in keys], dtype=np.int64)
    known = bool((gold >= 0).any())
    frame = lf_summary(matrix, gold if known else None)
    frame = _beside_sets(frame, plan, matrix, keys)
    stored = site.catalog.votes.columns([vote.key for vote in plan.votes])
    failed = {lf: said.faults for lf, said in said_by_lf(plan, stored, site.objects).items()}
    frame = frame.assign(faults=pd.Series(failed, dtype="int64"))
    if known:
        frame = frame.join(precision_beside(matrix, gold))
        frame.attrs["by_vote"] = precision_by_vote(matrix, gold)
        frame = _with_marginal(site, frame, plan, matrix, keys, marginal=marginal)
    else:
        frame.attrs["no_gold"] = why_no_gold(plan.dev, plan.task.name, plan.schema.version)
    frame = _with_learned(site, frame, task, to)
    rates = {name: 1e6 * rate.seconds for name, rate in plan.rates.items()}
    frame["microseconds"] = pd.Series(rates, dtype="float64").reindex(frame.index)
    frame = _with_months(site, frame, plan, matrix)
    look = by_attention(frame)["look"]
    frame.attrs["order"] = tuple(look.index)
    return frame.assign(look=look)


def _beside_sets(frame: pd.DataFrame, plan: Plan, matrix: VoteMatrix, keys: Sequence[Key]) -> pd.DataFrame:
    """Add what gold says that leaves several labels, where there is some."""
    rows = [row for row, key in enumerate(keys) if key in plan.dev.sets]
    possible = np.zeros((len(rows), len(matrix.labels)), np.bool_)
    for place, row in enumerate(rows):
        possible[place, sorted(plan.dev.sets[keys[row]])] = True
    if not (possible.sum(axis=1) > 1).any():
        return frame
    on_gold = VoteMatrix(matrix.codes[rows], matrix.labels, matrix.symbols, matrix.voters)
    return frame.join(against_sets(on_gold, possible))


def _with_marginal(  # noqa: PLR0913 - all votes, and who asks
    site: Site, frame: pd.DataFrame, plan: Plan, matrix: VoteMatrix, keys: Sequence[Key], *, marginal: bool | None
) -> pd.DataFrame:
    """Add what dev gold loses without each, where that is asked for, or soon known."""
    patterns = matrix.patterns()
    seen = {key: int(patterns.inverse[row]) for row, key in enumerate(keys) if key in plan.dev.sets}
    told = plan.dev.told({source for source, _ in seen})
    folds = np.array([fold_of(*key) for key in seen], np.int64)
    on_gold = GoldOnPatterns(patterns, on_patterns(told, seen, len(matrix.labels)), folds)
    if marginal is False or (marginal is None and not is_cheap(on_gold)):
        return frame
    added = added_by_each(chosen_model(site, None, plan.schema), on_gold, site.progress)
    attrs = {**frame.attrs, "marginal": dict(added.attrs)}
    frame = frame.join(added)
    frame.attrs = attrs
    return frame


def _with_learned(site: Site, frame: pd.DataFrame, task: str, to: str | None) -> pd.DataFrame:
    """Add the learned weight of each, and the names of those that it repeats."""
    learned = learned_now(site, task, to)
    frame.attrs["learned"] = learned
    if learned is None:
        return frame
    first = learned.groupby("lf").first()
    return frame.assign(
        weight=first["weight"].reindex(frame.index), repeats=first["repeats"].reindex(frame.index).fillna("")
    )


def _with_months(site: Site, frame: pd.DataFrame, plan: Plan, matrix: VoteMatrix) -> pd.DataFrame:
    """Add which fire otherwise in the newest weeks; in ``attrs`` how often each does by month."""
    days = _days(site, plan)
    weeks = max(1, site.task_settings(plan.task.name).drift_window_days // WEEK)
    frame.attrs["months"] = by_month(matrix, days)
    drifted = firing_drift(matrix, days, until=int(now().timestamp()) // DAY, weeks=weeks)
    return frame.assign(drift=[drifted.get(name, "") for name in frame.index])


def _days(site: Site, plan: Plan) -> npt.NDArray[np.int64]:
    """Return the day of each live item, in the order of the votes."""
    found = [np.zeros(0, np.int64)]
    for segment in plan.segments:
        rows = pa.array(segment.live_rows())
        if CREATED_AT in segment.columns:
            times = site.objects.read_table(segment.path, [CREATED_AT], sha256=segment.sha256).column(CREATED_AT)
            found.append(days_of(times.take(rows)))
        else:
            found.append(np.full(len(rows), NEVER))
    return np.concatenate(found)
