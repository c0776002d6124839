"""What worker processes run: they find the project's labeling functions themselves, and write votes to the store."""

from __future__ import annotations

import sys
import threading
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import cloudpickle  # type: ignore[import-untyped]  # it ships no types
import pyarrow as pa

from retrolabel.discovery.folders import discover
from retrolabel.engines.processes import foreign
from retrolabel.engines.watchdog import Watchdog
from retrolabel.errors import EngineError, Problem, RetrolabelError
from retrolabel.jobs.votes.computing import compute_segment
from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.raised import is_fault
from retrolabel.labeling.slicing import who
from retrolabel.storage.opening import open_objects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.records.votes import SegmentWork, Written
    from retrolabel.labeling.applying import Emitted
    from retrolabel.labeling.functions import LabelingFunction

_discovering = threading.Lock()
_tasks: dict[tuple[str, str], FoundTask] = {}
"""The task that this process worked for last: one, since all projects call their package the same."""
_loaded: dict[bytes, Sequence[LabelingFunction]] = {}
"""The labeling functions that this process was sent last."""


@dataclass(frozen=True)
class SegmentWorker:
    """Computes the votes on a segment, in whatever process it is called.

    Attributes:
        project: The project's folder; it has the same path where the workers are.
        task: The task.
        store: The directory or URL of the store's files.
        timeout: Seconds that a labeling function may take for a segment; 0 is for ever.
        ends_process: Whether the process is ended where nothing else ends a labeling function.
    """

    project: str
    task: str
    store: str = field(repr=False)  # a URL may hold a password
    timeout: float
    ends_process: bool = False

    def __call__(self, work: SegmentWork) -> Written:
        """Compute the votes and write them.

        Raises:
            EngineError: This process sees other code than the coordinator, or a thing nobody foresaw happened.
            WorkerDiedError: A labeling function took too long.
            StoreError: Files cannot be read or written.
        """
        objects = open_objects(self.store)
        try:
            with redirect_stdout(sys.stderr):  # the coordinator's output is no place for what authors print
                return compute_watched(
                    work, self._task(work).asked, objects, self.timeout, ends_process=self.ends_process
                )
        except RetrolabelError:
            raise
        except BaseException as error:  # the coordinator hears of it in words
            if not is_fault(error):
                raise
            raise foreign(error) from None

    def _task(self, work: SegmentWork) -> FoundTask:
        """Return the task as the coordinator knows it; it is imported again where its code changed meanwhile."""
        with _discovering:
            task = _tasks.get((self.project, self.task))
            if task is None or _others(task, work):
                _tasks.clear()
                task = discover(Path(self.project), self.task, skips=work.skips)
                if others := _others(task, work):
                    raise EngineError(
                        f"A worker sees other code of {self.task} than the coordinator.",
                        problems=[Problem(who(name), f"is another one in {self.project}") for name in others],
                        remedy="do not edit while a relabel runs; on other hosts, bring the project up to date; where"
                        " nobody edited, something differs from process to process, as the order of a set: sort it",
                    )
                _tasks[self.project, self.task] = task
            return task


@dataclass(frozen=True)
class BatchWorker:
    """Applies labeling functions to a batch of rows, in whatever process it is called.

    Attributes:
        lfs: The labeling functions, by cloudpickle.
    """

    lfs: bytes

    def __call__(self, columns: Mapping[str, Any], table: bytes, rows: int) -> list[Emitted]:
        """Return what was said of the rows.

        Args:
            columns: Column -> values.
            table: More columns, as an Arrow stream.
            rows: The number of rows.
        """
        lfs = _loaded.get(self.lfs)
        if lfs is None:
            _loaded.clear()
            lfs = _loaded[self.lfs] = cloudpickle.loads(self.lfs)
        more = pa.ipc.open_stream(table).read_all() if table else pa.table({})
        batch = Batch({**columns, **{name: more.column(name) for name in more.column_names}}, rows)
        watchdog = Watchdog(0)
        return watchdog.run(lambda: apply_lfs(lfs, batch, guard=watchdog))


def compute_watched(
    work: SegmentWork,
    lfs: Mapping[str, LabelingFunction],
    objects: Objects,
    timeout: float,
    *,
    ends_process: bool = False,
) -> Written:
    """Compute the votes on a segment; what takes too long fails as a whole.

    Raises:
        WorkerDiedError: A labeling function took too long; nothing was written.
    """
    watchdog = Watchdog(timeout, ends_process=ends_process)
    return watchdog.run(lambda: compute_segment(work, lfs, objects, guard=watchdog))


def _others(task: FoundTask, work: SegmentWork) -> list[str]:
    """Return the labeling functions that are not as the coordinator knows them."""
    here = {**task.keys, **task.slices.keys}
    return [name for name, key in zip(work.lfs, work.lf_keys, strict=True) if here.get(name) != key]
