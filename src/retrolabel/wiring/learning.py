"""The learning curve of a task: its stored votes and dev gold brought together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.jobs.label_sets.comparing import GoldOnPatterns
from retrolabel.jobs.label_sets.learning import learning_curve
from retrolabel.wiring.main_job import chosen_model, plan_task

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from retrolabel.wiring.site import Site


def curve(  # noqa: PLR0913 - the options of a curve
    site: Site, task: str, to: str | None, *, repeats: int, seed: int, what: Sequence[str]
) -> pd.DataFrame:
    """Return the score on dev gold with fewer gold items, labeling functions and items.

    Raises:
        StoreError: Votes are missing; relabel first.
        GoldError: There is no dev gold.
    """
    plan = plan_task(site, task, to)
    gold = GoldOnPatterns.of(plan, site.objects, site.progress)
    model = chosen_model(site, None, plan.schema)
    return learning_curve(model, gold, site.progress, what=what, repeats=repeats, seed=seed)
