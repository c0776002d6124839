"""A Dask cluster: somebody's, or one of this machine."""

from __future__ import annotations

import logging
import pickle
import threading
from concurrent.futures import Executor, Future, wait
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from retrolabel.engines.processes import foreign, hidden_main
from retrolabel.engines.watchdog import cores
from retrolabel.errors import EngineError, MissingExtraError, RetrolabelError, WorkerDiedError
from retrolabel.masking import remember_secrets

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType, TracebackType

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 10.0
"""Seconds that a scheduler has to answer, and a cluster to show a worker."""
AS_LARGE_AS_NEEDED = {"distributed.admin.large-graph-warning-threshold": "1 TB"}


class DaskExecutor(Executor):
    """An executor whose workers are a Dask cluster's.

    A task whose worker is killed is given to another one by Dask itself, up to its ``allowed-failures``;
    then it raises :class:`WorkerDiedError`.

    Args:
        address: The scheduler's, as ``tcp://scheduler:8786``; ``None`` makes a cluster of this machine.
        workers: The number of processes of a cluster of this machine; 0 is one for each processor.
        patience: Seconds that the scheduler has to answer.

    Raises:
        MissingExtraError: The extra ``dask`` is not installed.
        EngineError: Nobody answers at that address, or the cluster has no workers.
    """

    def __init__(self, address: str | None = None, workers: int = 0, *, patience: float | None = None) -> None:
        distributed = _distributed()
        if address:
            remember_secrets(address)
        self._where = f"The Dask scheduler at {address}" if address else "The Dask cluster of this machine"
        self._patience = PATIENCE if patience is None else patience
        self._sent: dict[Future[Any], Any] = {}
        self._lock = threading.Lock()
        self._cluster: Any = None
        self._client: Any = None
        try:
            if not address:
                self._cluster = _cluster(distributed, workers or cores())
            self._client = distributed.Client(
                address or self._cluster, timeout=self._patience, set_as_default=False, name="retrolabel"
            )
            self._client.wait_for_workers(1, timeout=self._patience)
            self.workers = max(1, sum(self._client.nthreads().values()))
        except (OSError, ValueError) as error:
            told = "has no workers" if self._client is not None else "does not answer"
            self._close()
            raise EngineError(
                f"{self._where} {told}: {str(error).rstrip('.')}.",
                remedy='the setting dask = "tcp://HOST:PORT" says where a scheduler runs; the store is as it was',
            ) from None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have the function called by a worker; it and its arguments are pickled now.

        Raises:
            EngineError: The scheduler is gone.
        """
        import dask  # noqa: PLC0415 - an extra; it is installed, says the constructor

        work = Sealed(pickle.dumps((fn, args, kwargs)))
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        try:
            with dask.config.set(AS_LARGE_AS_NEEDED):
                sent = self._client.submit(_perform, work, pure=False)
        except Exception as error:  # noqa: BLE001 - a closed client raises this and that
            raise self._gone(error) from None
        with self._lock:
            self._sent[future] = sent
        sent.add_done_callback(lambda _: self._settle(future, sent))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - the port's signature
        """Let the workers finish, and leave the cluster."""
        self._finish()
        self._close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what was submitted; after an error, or Ctrl-C, cancel it instead."""
        if kind is None:
            self._finish()
        self._close()

    def _finish(self) -> None:
        with self._lock:
            pending = list(self._sent)
        wait(pending)

    def _close(self) -> None:
        """Leave the cluster; what nobody waits for any more is cancelled by that."""
        with self._lock:
            self._sent.clear()
        for each in (self._client, self._cluster):
            if each is not None:
                each.close(timeout=self._patience)

    def _settle(self, future: Future[Any], sent: Any) -> None:  # noqa: ANN401 - Dask's future
        """Give a future what became of it in the cluster."""
        with self._lock:
            if self._sent.pop(future, None) is None:
                return
        try:
            result = sent.result(timeout=self._patience)
        except RetrolabelError as error:
            future.set_exception(error)
        except Exception as error:  # noqa: BLE001 - whatever happened to it is told
            future.set_exception(self._translated(error, sent.status))
        else:
            future.set_result(result)

    def _translated(self, error: Exception, status: str) -> EngineError:
        if type(error).__name__ == "KilledWorker":
            return WorkerDiedError("Several workers died of it, one after the other.", certain=True)
        if status in {"cancelled", "lost"} or isinstance(error, (OSError, TimeoutError)):
            return self._gone(error)
        return foreign(error)

    def _gone(self, error: Exception) -> EngineError:
        said = str(error).partition("\n")[0].rstrip(".")
        return EngineError(
            f"{self._where} is gone: {type(error).__name__}: {said}.",
            remedy="what was computed is stored; the same command goes on from there when there is a scheduler",
        )


class Sealed:
    """Pickled work, of which logs and dashboards show nothing: the URL of the store's files may hold a password.

    Args:
        work: A function and its arguments.

    Example:
        >>> Sealed(b"s3://key:secret@bucket")
        <a piece of work>
    """

    def __init__(self, work: bytes) -> None:
        self.work = work

    def __repr__(self) -> str:
        """Return that it is one."""
        return "<a piece of work>"


def _perform(sealed: Sealed) -> Any:  # noqa: ANN401 - what the function returns
    function, args, kwargs = pickle.loads(sealed.work)  # noqa: S301 - it comes from our coordinator
    return function(*args, **kwargs)


def _distributed() -> ModuleType:
    try:
        import distributed  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("distributed", "dask", "the dask engine") from None
    return distributed


def _cluster(distributed: ModuleType, workers: int) -> Any:  # noqa: ANN401 - Dask's cluster
    """Return a cluster of worker processes of this machine, in which no script is run again."""

    class Nanny(distributed.Nanny):  # type: ignore[misc, name-defined]  # as it came
        async def instantiate(self) -> Any:  # noqa: ANN401 - Dask's status
            with hidden_main():
                return await super().instantiate()

    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        worker_class=Nanny,
        dashboard_address="127.0.0.1:0",
        memory_limit=0,
        silence_logs=logging.ERROR,
    )
