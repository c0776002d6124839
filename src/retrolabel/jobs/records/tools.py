"""What every job works with, whatever it does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.jobs.records.votes import SegmentWork, Written

if TYPE_CHECKING:
    from retrolabel.jobs.ports.engines import Executors
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Clock, Progress

Worker = Callable[[SegmentWork], Written]
"""Computes the votes on one segment, in whatever process it is called."""


@dataclass(frozen=True)
class Tools:
    """What a job that computes works with: it always travels together.

    Attributes:
        objects: The files of the store.
        progress: Told how far the job is.
        clock: The time.
        executors: Makes the executor that applies labeling functions.
        worker: What it runs.
        surely: Lets what is written inside become real only while the task is in this job's hands.
    """

    objects: Objects
    progress: Progress
    clock: Clock
    executors: Executors
    worker: Worker
    surely: Callable[[], AbstractContextManager[None]] = nullcontext
