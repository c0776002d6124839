"""What a worker process is: how it is started, and what it does until its coordinator is gone."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from math import inf
from multiprocessing.connection import wait
from pathlib import Path
from time import monotonic, sleep
from types import ModuleType
from typing import TYPE_CHECKING, Any

from retrolabel.engines.watchdog import LAST_RESORT, listen
from retrolabel.errors import EngineError, Problem, WorkerDiedError
from retrolabel.labeling.raised import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

SPAWN = multiprocessing.get_context("spawn")
LOOK = 2.0
"""Seconds between two looks whether a worker lives whose end nobody told."""
GRACE = 5.0
"""Seconds beyond the last resort before the coordinator itself ends a worker."""
PATIENCE = 2.0
"""Seconds that an idle worker has to go away by itself."""
STDOUT, STDERR = 1, 2
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_starting = threading.Lock()
_hidden: list[str] = []
"""An entry for each process that is just being started."""
_shown: list[ModuleType] = []


@contextlib.contextmanager
def hidden_main() -> Iterator[None]:
    """Hide the main module while a process is started, so that a script without a guard is not run again in it."""
    main = "__main__"
    with _starting:
        if not _hidden:
            _shown[:] = [sys.modules[main]]
            sys.modules[main] = ModuleType(main)
        _hidden.append(main)
    try:
        yield
    finally:
        with _starting:
            _hidden.pop()
            if not _hidden:
                sys.modules[main] = _shown.pop()


@contextlib.contextmanager
def _no_interrupts() -> Iterator[None]:
    """Start what is started here deaf to Ctrl-C: an interrupt is the coordinator's."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class WorkerProcess:
    """One process that does one piece of work after another.

    Raises:
        EngineError: It could not be started.

    Example:
        >>> worker = WorkerProcess()
        >>> worker.call(1, pickle.dumps(pow), pickle.dumps(((2, 5), {})))
        32
        >>> worker.stop()
    """

    def __init__(self) -> None:
        self._pipe, theirs = SPAWN.Pipe()
        self._asking = threading.Lock()
        self._function = 0
        self._served = False
        told = (theirs, str(Path.cwd()))
        self._process = SPAWN.Process(target=serve, args=told, name="retrolabel worker", daemon=True)
        try:
            with hidden_main(), _no_interrupts():
                self._process.start()
        except OSError as error:
            raise EngineError(f"A worker process cannot be started: {error.strerror or error}.") from error
        finally:
            theirs.close()

    @property
    def alive(self) -> bool:
        """Whether it can be given more work."""
        return self._exit_code() is None

    def call(self, number: int, function: bytes, arguments: bytes) -> Any:  # noqa: ANN401 - what the function returns
        """Return what a function returns in the worker, or raise what it raises.

        Args:
            number: The function's number, from 1; what the worker knows is not sent again.
            function: The function, pickled.
            arguments: Its arguments, pickled.

        Raises:
            WorkerDiedError: The worker ended, or had to be ended.
            EngineError: It never began.
        """
        with contextlib.suppress(OSError):  # it is dead; below it is told how
            self._pipe.send_bytes(pickle.dumps((number, None if number == self._function else function, arguments)))
        self._function = number
        at, deadline = "", inf
        while True:
            kind, value = self._next(at, deadline)
            self._served = True
            if kind == "returned":
                return value
            if kind == "raised":
                raise value
            if kind == "at":
                at, seconds = value
                deadline = monotonic() + LAST_RESORT * seconds + GRACE if seconds else inf

    def _next(self, at: str, deadline: float) -> tuple[str, Any]:
        """Return the next message of the worker."""
        while True:
            ended = not self.alive  # what it said before it ended is heard first
            wait([self._pipe, self._process.sentinel], 0 if ended else min(LOOK, max(0.0, deadline - monotonic())))
            try:
                if self._pipe.poll():
                    return pickle.loads(self._pipe.recv_bytes())  # type: ignore[no-any-return]  # noqa: S301 - our own child
            except (EOFError, OSError):
                ended = True
            if ended:
                raise self._death(at)
            if monotonic() > deadline:
                self.kill()
                raise WorkerDiedError(f"{at} took far too long, and nothing ended it; it hangs.", certain=True)

    def _death(self, at: str) -> EngineError:
        self._join(LOOK)
        code = self._exit_code()
        where = f" while {at} was at work" if at else ""
        if code is not None and code < 0:
            known = {each.value: f" ({each.name})" for each in signal.Signals}
            return WorkerDiedError(f"A worker was ended by signal {-code}{known.get(-code, '')}{where}.")
        if not self._served:
            return EngineError(f"A worker process ended with exit code {code} before it began to work.")
        return WorkerDiedError(f"A worker ended with exit code {code}{where}.", certain=bool(at))

    def stop(self) -> None:
        """End an idle worker."""
        self._pipe.close()
        self._join(PATIENCE)
        self.kill()

    def kill(self) -> None:
        """End the worker, whatever it is at."""
        self._process.kill()
        self._join(PATIENCE)

    def _join(self, seconds: float) -> None:
        wait([self._process.sentinel], seconds)
        deadline = monotonic() + seconds
        while self.alive and monotonic() < deadline:  # its end is seen a moment before its exit code
            sleep(0.001)

    def _exit_code(self) -> int | None:
        with self._asking:  # of two threads that ask the system at once, one would not be told
            return self._process.exitcode


def serve(pipe: Connection, folder: str) -> None:
    """Do one piece of work after another, until nobody is there to ask for more.

    What authors print goes to standard error, since standard output is the coordinator's.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.chdir(folder)
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    with contextlib.suppress(OSError):
        os.dup2(STDERR, STDOUT)
    threading.Thread(target=_end_with_coordinator, daemon=True).start()
    listen(lambda names, seconds: _send(pipe, "at", (names, seconds)))
    _send(pipe, "ready", None)
    function: Callable[..., Any] | None = None
    with contextlib.suppress(EOFError, OSError):
        while True:
            _, told, arguments = pickle.loads(pipe.recv_bytes())  # noqa: S301 - our own parent
            try:
                if told is not None:
                    function = None
                    function = pickle.loads(told)  # noqa: S301 - the same
                args, kwargs = pickle.loads(arguments)  # noqa: S301 - the same
                answer = "returned", function(*args, **kwargs)  # type: ignore[misc]  # told with the first call
            except BaseException as error:  # noqa: BLE001 - it is the coordinator's
                answer = "raised", error if isinstance(error, Exception) else foreign(error)  # ends not the coordinator
            _send(pipe, *answer)


def _send(pipe: Connection, kind: str, value: object) -> None:
    """Send a message; what cannot be pickled, or read again, is told in words."""
    try:
        message = pickle.dumps((kind, value))
        if kind == "raised":
            pickle.loads(message)  # noqa: S301 - just made
    except Exception as error:  # noqa: BLE001 - whatever pickle makes of a foreign object
        told = value if isinstance(value, BaseException) else error
        message = pickle.dumps(("raised", foreign(told)))
    pipe.send_bytes(message)


def foreign(error: BaseException) -> EngineError:
    """Return what a worker raised and nobody foresaw, as an error of ours.

    Example:
        >>> print(foreign(ValueError("no")))
        A worker failed: ValueError: no.
    """
    lines = "".join(traceback.format_exception(error, limit=-3)).strip().splitlines()
    traced = [Problem("traceback", line.strip()) for line in lines[1:-1] if line.strip(" ^~")]
    return EngineError(f"A worker failed: {said(error)}.", problems=traced)


def _end_with_coordinator() -> None:
    """End this process when the one that started it is gone, even in the middle of its work."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
