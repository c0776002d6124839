"""Label sets of a task: as frames, against gold, against what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from retrolabel.jobs.gold.resolving import gold_in
from retrolabel.jobs.gold.scoring import Evaluation, score
from retrolabel.jobs.label_sets.verify import verify_label_set
from retrolabel.wiring.gold import TaskGold
from retrolabel.wiring.site import now

if TYPE_CHECKING:
    import pandas as pd

    from retrolabel.errors import Problem
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.wiring.site import Site


def labels_frame(label_set: LabelSet) -> pd.DataFrame:
    """Return a label set's labels as a frame, in the columns of an export."""
    frame: pd.DataFrame = pa.concat_tables(list(label_set.tables())).to_pandas()
    return frame


def evaluated(site: Site, task: str, name: str, *, final: bool) -> Evaluation:
    """Return a label set's agreement with dev gold, and with test gold when ``final``; such looks are logged."""
    label_set = site.label_set(task, name)
    history, version = site.history(task), label_set.record.schema_version
    gold, feedback = site.catalog.gold, site.catalog.feedback
    scores = {"dev": score(label_set, gold_in(history, version, "dev", gold, feedback))}
    if not final:
        return Evaluation(label_set, scores, 0)
    there_is_some = bool(TaskGold(site, task).adjudicated().with_role("test").items)
    looks = gold.log_look(task, label_set.id, now(), _who()) if there_is_some else 0
    scores["test"] = score(label_set, gold_in(history, version, "test", gold, feedback))
    return Evaluation(label_set, scores, looks)


def verified(site: Site, task: str, name: str) -> list[Problem]:
    """Return what of a label set is not as it was written; nothing, if all is well."""
    catalog = site.catalog
    return verify_label_set(site.label_set(task, name), catalog.feedback, catalog.votes, catalog.damage())


def _who() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
