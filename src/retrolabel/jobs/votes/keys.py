"""The key of votes: all that they depend on, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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
    return key_of_votes(task.keys[lf.name], names, segment)


def key_of_votes(lf_key: str, reads: Sequence[str], segment: Segment) -> str:
    """Return the key of the votes of an LF that is known by its own key and the columns that it reads.

    Args:
        lf_key: The LF's key.
        reads: The columns that it reads.
        segment: The segment.
    """
    read = [[name, segment.columns.get(name, f"missing on {segment.rows} rows")] for name in reads]
    return digest([lf_key, segment.rows if not read else None, read])
