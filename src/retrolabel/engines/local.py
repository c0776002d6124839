"""Processes of this machine: a worker that dies costs its task alone."""

from __future__ import annotations

import pickle
import threading
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from retrolabel.engines.processes import WorkerProcess
from retrolabel.engines.watchdog import cores
from retrolabel.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

P = ParamSpec("P")
T = TypeVar("T")


class LocalExecutor(Executor):
    """An executor whose workers are processes, started afresh (never forked) when there is work for them.

    ``concurrent.futures.ProcessPoolExecutor`` gives up when a worker dies, and ``pebble.ProcessPool``
    waits for ever for one that ended with exit code 0. Here each worker has a pipe of its own, and the
    task of one that dies raises :class:`WorkerDiedError`; the next task gets a new worker.

    Args:
        workers: The number of processes; 0 is one for each processor.

    Example:
        >>> with LocalExecutor(1) as executor:
        ...     executor.submit(pow, 2, 5).result()
        32
    """

    def __init__(self, workers: int = 0) -> None:
        self.workers = workers or cores()
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="retrolabel worker")
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()
        self._killed = False
        self._function: object = None
        self._pickled = b""
        self._number = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have the function called in a worker; it and its arguments are pickled now.

        Raises:
            Exception: What pickle raises about them.
        """
        if fn is not self._function:  # a function with much in it is pickled, and sent to each worker, once
            self._function, self._pickled, self._number = fn, pickle.dumps(fn), self._number + 1
        return self._threads.submit(self._call, self._number, self._pickled, pickle.dumps((args, kwargs)))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the workers finish, and end them."""
        self._threads.shutdown(wait=True, cancel_futures=cancel_futures or not wait)
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.stop()

    def kill(self) -> None:
        """End all workers now, whatever they are at."""
        with self._lock:
            self._killed = True
            busy = list(self._busy)
        for worker in busy:
            worker.kill()
        self.shutdown(cancel_futures=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what was submitted; after an error, or Ctrl-C, end it instead."""
        if kind is None:
            self.shutdown()
        else:
            self.kill()

    def _call(self, number: int, function: bytes, arguments: bytes) -> Any:  # noqa: ANN401 - what the function returns
        worker = self._take()
        try:
            return worker.call(number, function, arguments)
        finally:
            with self._lock:
                self._busy.discard(worker)
                if worker.alive:
                    self._idle.append(worker)

    def _take(self) -> WorkerProcess:
        with self._lock:
            while self._idle and not self._killed:
                worker = self._idle.pop()
                if worker.alive:
                    self._busy.add(worker)
                    return worker
        worker = WorkerProcess()
        with self._lock:
            if not self._killed:
                self._busy.add(worker)
                return worker
        worker.kill()
        raise EngineError("The engine was stopped.")
