"""The key of votes: all that they depend on, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Collection

    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.labeling.functions import LabelingFunction


def vote_key(task: FoundTask, lf: LabelingFunction, segment: Segment, contract: Collection[str]) -> str:
    """Return the key of an LF's votes on a segment: its own key and the content of what it reads.

    Args:
        task: The task.
        lf: The labeling function.
        segment: The segment.
        contract: The columns of the source: one that reads the whole row sees those that came later too.
    """
    names = sorted({*segment.columns, *contract}) if lf.takes_row else lf.reads
    read = [[name, segment.columns.get(name, f"missing on {segment.rows} rows")] for name in names]
    return digest([task.keys[lf.name], segment.rows if not read else None, read])
