"""Apply labeling functions to data in memory, on an engine."""

from __future__ import annotations

import contextlib
import inspect
from collections import deque
from concurrent.futures import BrokenExecutor, Executor
from functools import partial
from typing import TYPE_CHECKING, Any

import cloudpickle  # type: ignore[import-untyped]  # it ships no types
import pyarrow as pa

from retrolabel.errors import EngineError, LabelingFunctionError, Problem, WorkerDiedError
from retrolabel.labeling.in_memory import apply_in_memory
from retrolabel.wiring.engines import Engine
from retrolabel.wiring.workers import BatchWorker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    import pandas as pd

    from retrolabel.labeling.applying import Emitted
    from retrolabel.labeling.features import Feature
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.labeling.in_memory import Applied
    from retrolabel.schema.versions import LabelSchema


IN_THIS_PROCESS = ("auto", "serial")


def apply(  # noqa: PLR0913 - what, on what, and where
    lfs: LabelingFunction | Iterable[LabelingFunction],
    data: pd.DataFrame | pa.Table | Mapping[str, Any],
    *,
    schema: LabelSchema | None = None,
    features: Iterable[Feature] = (),
    engine: str | Executor = "serial",
    workers: int | None = None,
) -> Applied:
    """Apply labeling functions to data in memory.

    LFs get plain Python values, and ``None`` where a value is missing, as they do from the store. The
    labels of the matrix are those of ``schema``; without one, those that the LFs declare, in the
    order in which they come.

    Args:
        lfs: The labeling functions, each under a name of its own; or one.
        data: A pandas frame, an Arrow table, or column -> values.
        schema: The version whose labels the matrix has. Without one they are those that the LFs declare; where that
            is a single label, it and ``~label``, all that is not the label.
        features: What the parameters of the labeling functions may ask for besides columns.
        engine: ``serial``, and ``auto``: in this process, so that breakpoints work; ``local``: in processes of this
            machine; ``dask``: in a Dask cluster of this machine; or an executor, as
            ``DaskExecutor("tcp://scheduler:8786")``. LFs go to other processes by cloudpickle, so those of a
            notebook do too.
        workers: How many processes; one for each processor if left out.

    Raises:
        MissingColumnError: LFs read columns that the data lacks.
        LabelingFunctionError: Two LFs have one name, or two labels one id; an LF votes a label that
            the schema lacks; the columns differ in length; or an LF holds what cannot be sent elsewhere.
        EngineError: An LF killed its process, or the cluster is gone.
        SettingsError: The engine is unknown.

    Example:
        >>> from retrolabel import Label, keywords
        >>> bug, wish = Label("bug"), Label("wish")
        >>> lfs = [keywords(bug, ["crash"], column="body", name="crashes"),
        ...        keywords(~bug, ["please"], column="body", name="asks"),
        ...        keywords(wish, ["add"], column="body", name="wants_more")]
        >>> applied = apply(lfs, {"body": ["a crash", None, "please add it"]})
        >>> applied.votes.labels, applied.votes.to_ints().tolist()
        (('bug', 'wish'), [[0, -1, -1], [-1, -1, -1], [-1, 1, 1]])
        >>> applied.calls["crashes"]
        3
    """
    if isinstance(engine, Executor):
        return _on(engine, lfs, data, schema, features)
    chosen = Engine(engine, workers or 0)
    if chosen.name in IN_THIS_PROCESS:
        return apply_in_memory(lfs, data, schema=schema, features=features)
    with chosen.executors() as executor:
        return _on(executor, lfs, data, schema, features)


def _on(
    executor: Executor,
    lfs: LabelingFunction | Iterable[LabelingFunction],
    data: pd.DataFrame | pa.Table | Mapping[str, Any],
    schema: LabelSchema | None,
    features: Iterable[Feature],
) -> Applied:
    run, workers = partial(_run, executor), _workers(executor)
    return apply_in_memory(lfs, data, schema=schema, features=features, run=run, workers=workers)


def _workers(executor: Executor) -> int:
    return int(getattr(executor, "workers", 0) or getattr(executor, "_max_workers", 1))


def _run(
    executor: Executor, lfs: Sequence[LabelingFunction], batches: Iterable[tuple[Mapping[str, Any], int]]
) -> Iterator[list[Emitted]]:
    """Yield what was said of each batch, in order; no more batches wait than keep all workers busy."""
    worker = BatchWorker(_pickled(lfs))
    ahead = 2 * _workers(executor)
    waiting: deque[Future[list[Emitted]]] = deque()
    try:
        for columns, rows in batches:
            waiting.append(executor.submit(worker, *_compact(columns), rows))
            if len(waiting) >= ahead:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())
    finally:
        for future in waiting:
            future.cancel()


def _result(future: Future[list[Emitted]]) -> list[Emitted]:
    """Return what a worker said.

    Raises:
        EngineError: It died.
    """
    try:
        return future.result()
    except WorkerDiedError as error:
        raise EngineError(error.message, remedy='engine="serial" lets a debugger in') from None
    except BrokenExecutor as error:
        raise EngineError(f"A worker died: {str(error).rstrip('.')}.") from None


def _compact(columns: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return columns as they are sent; Arrow's go as a stream, since a pickled slice brings its whole column."""
    arrow = {name: values for name, values in columns.items() if isinstance(values, (pa.Array, pa.ChunkedArray))}
    others = {name: values for name, values in columns.items() if name not in arrow}
    if not arrow:
        return others, b""
    table = pa.table(arrow)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return others, sink.getvalue().to_pybytes()


def _pickled(lfs: Sequence[LabelingFunction]) -> bytes:
    """Return labeling functions as bytes.

    Raises:
        LabelingFunctionError: Some hold what cannot be pickled; each is named, with the object.
    """
    try:
        return bytes(cloudpickle.dumps(tuple(lfs)))
    except Exception:  # noqa: BLE001 - objects refuse in many ways; below each labeling function is tried
        problems = [Problem(f"LF {lf.name}", refused) for lf in lfs if (refused := _refusal(lf))]
    raise LabelingFunctionError(
        "These labeling functions cannot be sent to other processes.",
        problems=problems,
        remedy='make the object where it is needed, inside a function; or take engine="serial"',
    )


def _refusal(lf: LabelingFunction) -> str:
    """Return what of a labeling function cannot be pickled; nothing, where all can."""
    error = _pickling_error(lf)
    if not error:
        return ""
    held = _held(lf)
    culprits = [f"{name} ({type(value).__name__})" for name, value in held.items() if _pickling_error(value)]
    return f"{', '.join(culprits) or 'something that it holds'} cannot be pickled: {error}"


def _held(lf: LabelingFunction) -> dict[str, Any]:
    """Return what a labeling function uses, by name."""
    held: dict[str, Any] = dict(vars(lf.rule)) if hasattr(lf.rule, "__dict__") else {}
    for function in (lf.function, *(feature.function for feature in lf.features.values())):
        with contextlib.suppress(TypeError, ValueError):
            found = inspect.getclosurevars(function)
            held |= {**found.globals, **found.nonlocals}
    return held


def _pickling_error(value: object) -> str:
    try:
        cloudpickle.dumps(value)
    except Exception as error:  # noqa: BLE001 - objects refuse in many ways
        return str(error) or type(error).__name__
    return ""
