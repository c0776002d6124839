"""What the newest label set of a version learned of the labeling functions as they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import StoreError
from retrolabel.jobs.label_sets.explaining import learned_of
from retrolabel.jobs.records.label_sets import LabelSet

if TYPE_CHECKING:
    import pandas as pd

    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.wiring.site import Site


def learned_now(site: Site, task: str, to: str | None) -> pd.DataFrame | None:
    """Return what was learned of each LF and vote, without the LFs that changed since; ``None`` without a label set."""
    found = site.task(task)
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


def _newest(site: Site, task: str, version: str) -> LabelSetRecord | None:
    """Return the label set that ``latest`` names, if it is of the version, else the newest one of it."""
    records = [record for record in site.catalog.label_sets.records(task) if record.schema_version == version]
    latest = site.catalog.label_sets.pointer(task, "latest")
    return next((record for record in records if record.id == latest), records[0] if records else None)
