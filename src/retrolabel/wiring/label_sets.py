"""Label sets of a task: as frames, against gold, against what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from retrolabel.errors import InputError
from retrolabel.gold.adjudication import standing
from retrolabel.interop.formulas import guarded_frame, told
from retrolabel.jobs.gold.resolving import gold_in
from retrolabel.jobs.gold.scoring import Evaluation, score
from retrolabel.wiring.site import now, who

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.wiring.site import Site


def labels_frame(label_set: LabelSet) -> pd.DataFrame:
    """Return a label set's labels as a frame, in the columns of an export."""
    frame: pd.DataFrame = pa.concat_tables(list(label_set.tables())).to_pandas()
    return frame


def written_frame(frame: pd.DataFrame, path: Path, *, spreadsheet: bool) -> tuple[int, str]:
    """Write a frame to a CSV file; return how many cells begin like formulas, and what there is to say of them.

    Raises:
        InputError: The file cannot be written.
    """
    count, guarded = guarded_frame(frame, guard=spreadsheet)
    try:
        guarded.to_csv(path, index=False)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}.", remedy="name a file in a folder that is there"
        ) from error
    return count, told(count, path, guarded=spreadsheet) if count else ""


def evaluated(site: Site, task: str, name: str, *, final: bool) -> Evaluation:
    """Return a label set's agreement with dev gold, and with test gold when ``final``; such looks are logged."""
    label_set = site.label_set(task, name)
    history, version = site.history(task), label_set.record.schema_version
    gold, feedback, how = site.catalog.gold, site.catalog.feedback, site.adjudication(task)
    said = gold.human_labels(task)
    scores = {"dev": score(label_set, gold_in(history, version, "dev", said, feedback, how=how))}
    if not final:
        return Evaluation(label_set, scores, 0)
    looks = looked(site, label_set) if any(label.role == "test" for label in standing(said)) else 0
    scores["test"] = score(label_set, gold_in(history, version, "test", said, feedback, how=how))
    return Evaluation(label_set, scores, looks)


def looked(site: Site, label_set: LabelSet) -> int:
    """Log a look at test gold, and return how many there were with this one."""
    return site.catalog.gold.log_look(label_set.record.task, label_set.id, now(), who())
