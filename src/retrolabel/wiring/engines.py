"""Which engine computes votes: names to executors, and what their workers run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.engines.serial import SerialExecutor
from retrolabel.errors import SettingsError, did_you_mean
from retrolabel.jobs.computing import compute_segment

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from retrolabel.jobs.computing import SegmentWork, Written
    from retrolabel.jobs.ports import Objects
    from retrolabel.jobs.records import Task

ENGINES = ("serial",)


@dataclass(frozen=True)
class Engine:
    """Where labeling functions run.

    Attributes:
        name: ``serial``.
        executors: Makes the executor; the work is done when its context is left.
    """

    name: str
    executors: Callable[[], AbstractContextManager[Executor]]

    def worker(self, task: Task, objects: Objects) -> Callable[[SegmentWork], Written]:
        """Return what computes the votes on one segment."""
        lfs = {lf.name: lf for lf in task.lfs}
        return lambda work: compute_segment(work, lfs, objects)


def engine(name: str) -> Engine:
    """Return the engine of a name.

    Raises:
        SettingsError: There is none.
    """
    if name not in ENGINES:
        raise SettingsError(
            f"There is no engine {name!r}.{did_you_mean(name, ENGINES)}", remedy=f"one of {', '.join(ENGINES)}"
        )
    return Engine(name, SerialExecutor)
