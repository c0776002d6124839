"""Which engine computes votes: names to executors, and what their workers run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from retrolabel.engines.local import LocalExecutor
from retrolabel.engines.serial import SerialExecutor
from retrolabel.errors import SettingsError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from pathlib import Path

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.plans import VotePlan
    from retrolabel.jobs.records.votes import SegmentWork, Written

ENGINES = ("auto", "serial", "local", "dask")
FEW_CALLS = 100_000
"""So many calls are made sooner than worker processes are started for them."""


@dataclass(frozen=True)
class Engine:
    """Where labeling functions run.

    Attributes:
        name: ``serial``: in this process, so that breakpoints work; ``local``: in processes of this
            machine, so that one that dies costs its task alone; ``dask``: on a cluster; ``auto``:
            ``serial`` where a plan has few calls to make, else ``local``.
        workers: How many processes; 0 is one for each processor.
        dask: The address of a cluster's scheduler; without one, a cluster of this machine is made.
        timeout: Seconds that a labeling function may take for a segment; 0 is for ever.

    Example:
        >>> Engine("auto").for_calls(10).name, Engine("auto").for_calls(10_000_000).name
        ('serial', 'local')
    """

    name: str
    workers: int = 0
    dask: str | None = field(default=None, repr=False)  # it may hold a password
    timeout: float = 0

    def __post_init__(self) -> None:
        """Refuse a name that no engine has.

        Raises:
            SettingsError: With the nearest name.
        """
        if self.name not in ENGINES:
            raise SettingsError(
                f"There is no engine {self.name!r}.{did_you_mean(self.name, ENGINES)}",
                remedy=f"one of {', '.join(ENGINES)}",
            )
        if self.workers < 0:
            raise SettingsError(f"{self.workers} workers cannot work.", remedy="a number from 1; 0 is all processors")

    def for_calls(self, calls: int) -> Engine:
        """Return the engine that makes so many calls: itself, unless it is ``auto``."""
        if self.name != "auto":
            return self
        return replace(self, name="serial" if calls <= FEW_CALLS else "local")

    def executors(self) -> Executor:
        """Return an executor; the work is done when its context is left."""
        if self.name == "dask":
            from retrolabel.engines.dask import DaskExecutor

            return DaskExecutor(self.dask, self.workers)
        return LocalExecutor(self.workers) if self.name == "local" else SerialExecutor()

    def worker(
        self, plan: VotePlan, objects: Objects, *, project: Path | None, store: str | Path
    ) -> Callable[[SegmentWork], Written]:
        """Return what computes the votes on one segment.

        Args:
            plan: What is to be computed; its own labeling functions run where all is one process.
            objects: The files of the store.
            project: Where workers find the labeling functions.
            store: Where workers find the files.
        """
        from retrolabel.wiring.workers import SegmentWorker, compute_watched

        if self.name == "serial" or project is None:
            lfs = {lf.name: lf for lf in plan.task.lfs}
            return lambda work: compute_watched(work, lfs, objects, self.timeout)
        return SegmentWorker(str(project), plan.task.name, str(store), self.timeout, ends_process=self.name == "dask")
