"""What label models learned and would do: from the newest label set of a version, and from votes and dev gold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import StoreError
from retrolabel.jobs.label_sets.comparing import GoldOnPatterns, compare_models
from retrolabel.jobs.label_sets.explaining import learned_of, scores_without_each
from retrolabel.jobs.records.label_sets import LabelSet
from retrolabel.wiring.main_job import chosen_model, plan_task

if TYPE_CHECKING:
    import pandas as pd

    from retrolabel.analysis.comparison import Measure
    from retrolabel.jobs.label_sets.comparing import ModelsCompared
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.wiring.site import Site


def learned_now(site: Site, task: str, to: str | None) -> pd.DataFrame | None:
    """Return what was learned of each LF and vote, without the LFs that changed since; ``None`` without a label set."""
    found = site.discover(task)
    version = (found.history[to] if to else found.history.head).version
    record = _newest(site, task, version)
    if record is None:
        return None
    label_set = LabelSet(record, site.objects)
    try:
        frame = learned_of(label_set)
    except StoreError as error:
        site.warn(f"what label set {record.id[:12]} learned cannot be read: {error}")
        return None
    if frame is None:
        return None
    same = {lf["name"] for lf in label_set.manifest["inputs"]["lfs"] if found.keys.get(lf["name"]) == lf["key"]}
    frame = frame[frame.index.get_level_values("lf").isin(same)]
    frame.attrs["label_set"] = record.id
    return frame


def without_each(site: Site, task: str, to: str | None) -> pd.DataFrame:
    """Return what the score on dev gold becomes without each LF: the label model is fitted again for each."""
    plan = plan_task(site, task, to)
    gold = GoldOnPatterns.of(plan, site.objects, site.progress)
    return scores_without_each(chosen_model(site, None, plan.schema), gold, site.progress)


def compared(site: Site, task: str, to: str | None, by: Measure) -> ModelsCompared:
    """Return how good each label model would be on the stored votes, judged by dev gold; nothing is stored."""
    plan = plan_task(site, task, to, "label_model")
    return compare_models(plan, default=site.settings.label_model, by=by, objects=site.objects, progress=site.progress)


def _newest(site: Site, task: str, version: str) -> LabelSetRecord | None:
    """Return the label set that ``latest`` names, if it is of the version, else the newest one of it."""
    records = [record for record in site.catalog.label_sets.records(task) if record.schema_version == version]
    latest = site.catalog.label_sets.pointer(task, "latest")
    return next((record for record in records if record.id == latest), records[0] if records else None)
