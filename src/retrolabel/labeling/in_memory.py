"""Apply labeling functions to data in memory: a frame, a table, or columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from retrolabel.errors import LabelingFunctionError, Problem
from retrolabel.labeling.applying import apply_lfs, check_columns, join
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.functions import LabelingFunction
from retrolabel.labeling.rules import FAULTED
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from retrolabel.labeling.applying import Emitted, Fault
    from retrolabel.labeling.features import Feature
    from retrolabel.schema.labels import Label, LabelUnion
    from retrolabel.schema.versions import LabelSchema

    Batches = Iterable[tuple[Mapping[str, Any], int]]
    Runner = Callable[[Sequence[LabelingFunction], Batches], Iterable[list[Emitted]]]

CHUNK = 2**15
"""How many rows are looked at together: enough that a pass pays, few enough to stay in the cache."""
SMALLEST = 1000
BATCHES_EACH = 4
"""Batches for each worker at least, of so many rows at least: the last one to finish keeps nobody waiting for long."""


@dataclass(frozen=True, eq=False, repr=False)
class Applied:
    """What labeling functions said about data in memory.

    Attributes:
        votes: Items x LFs, the items in the order of the rows; a failure is no vote.
        faults: The first failures of each LF, with their tracebacks.
        failed: LF -> the number of items on which it failed.
        calls: LF -> the number of rows on which it was evaluated.
        seconds: LF -> how long it took.
    """

    votes: VoteMatrix
    faults: tuple[Fault, ...]
    failed: Mapping[str, int]
    calls: Mapping[str, int]
    seconds: Mapping[str, float]

    def __repr__(self) -> str:
        """Return what was applied, and how many failures there were."""
        return f"Applied({self.votes}, {sum(self.failed.values()):,} faults)"


def apply_in_memory(  # noqa: PLR0913 - what, on what, and how
    lfs: LabelingFunction | Iterable[LabelingFunction],
    data: pd.DataFrame | pa.Table | Mapping[str, Any],
    *,
    schema: LabelSchema | None = None,
    features: Iterable[Feature] = (),
    run: Runner | None = None,
    workers: int = 1,
    chunk: int = CHUNK,
) -> Applied:
    """Apply labeling functions to data in memory; see :func:`retrolabel.apply`.

    Args:
        lfs: The labeling functions, each under a name of its own; or one.
        data: A pandas frame, an Arrow table, or column -> values.
        schema: The version whose labels (in a taxonomy, leaves) the matrix has. Without one they are those that
            the LFs declare; where that is a single label, it and ``~label``, all that is not the label.
        features: What the labeling functions' parameters may ask for besides columns.
        run: Given the labeling functions and batches of rows, yields what was said of each batch, in order.
        workers: How many batches are looked at at once; there are some for each.
        chunk: The number of rows in a batch at most.

    Raises:
        MissingColumnError: LFs read columns that the data lacks.
        LabelingFunctionError: Two LFs have one name, or two labels one id; an LF votes a label that
            the schema lacks; the columns differ in length.
    """
    _check_kind(data)
    lfs = [lfs] if isinstance(lfs, LabelingFunction) else lfs
    known = {each.name: each for each in features}
    chosen = [lf.bound(known) for lf in lfs]
    labels = _labels(chosen, schema)
    check_columns(chosen, [str(name) for name in _names(data)])
    wanted = None if any(lf.takes_row for lf in chosen) else {column for lf in chosen for column in lf.reads}
    columns = {name: _column_of(data, name) for name in _names(data) if wanted is None or name in wanted}
    rows = _length(data, columns)
    if workers > 1:
        chunk = min(chunk, max(SMALLEST, -(-rows // (BATCHES_EACH * workers))))
    starts = list(range(0, rows, chunk)) or [0]
    batches = ({name: values[start : start + chunk] for name, values in columns.items()} for start in starts)
    sized = ((columns, min(chunk, rows - start)) for columns, start in zip(batches, starts, strict=True))
    parts = list((run or _here)(chosen, sized))
    emitted = [join([part[place] for part in parts], starts) for place in range(len(chosen))]
    votes = VoteMatrix.from_columns(
        [_column(each, labels, schema) for each in emitted], labels=labels, voters=[lf.name for lf in chosen], rows=rows
    )
    return Applied(
        votes,
        tuple(fault for each in emitted for fault in each.faults),
        {each.lf: each.fault_count for each in emitted},
        {each.lf: len(each.codes) for each in emitted},
        {each.lf: each.seconds for each in emitted},
    )


def _here(lfs: Sequence[LabelingFunction], batches: Batches) -> Iterator[list[Emitted]]:
    """Yield what was said of each batch, in this process."""
    for columns, rows in batches:
        yield apply_lfs(lfs, Batch(columns, rows))


def _labels(lfs: Sequence[LabelingFunction], schema: LabelSchema | None) -> tuple[str, ...]:
    """Return the ids of the matrix, after a look at what does not fit together."""
    declared: dict[Label, None] = {}
    problems: list[Problem] = []
    names: set[str] = set()
    for lf in lfs:
        if lf.name in names:
            problems.append(
                Problem(f"LF {lf.name}", "is there twice", 'give one of them another name: lf.named("...")')
            )
        names.add(lf.name)
        mine = sorted({label for vote in lf.declared for label in vote.labels}, key=lambda label: label.id)
        declared |= dict.fromkeys(mine)
        if schema is not None:
            problems += [
                Problem(f"LF {lf.name}", f"votes {label.id!r}, which {schema} does not have with that meaning")
                for label in mine
                if label not in schema.answers
            ]
    ids = [label.id for label in declared]
    if len(set(ids)) < len(ids):
        twice = sorted({each for each in ids if ids.count(each) > 1})
        problems.append(Problem(f"labels {', '.join(twice)}", "have two meanings", "import them from one version"))
    if problems:
        raise LabelingFunctionError("These labeling functions do not go together.", problems=problems)
    if schema is None and not ids:
        raise LabelingFunctionError("There are no labeling functions to apply.", remedy="pass one, or a list of them")
    if schema is None and len(ids) == 1:
        return ids[0], f"~{ids[0]}"  # the label, and all that is not the label
    return schema.leaves if schema is not None else tuple(ids)


def _column(emitted: Emitted, labels: tuple[str, ...], schema: LabelSchema | None) -> tuple[Any, list[frozenset[str]]]:
    """Return one LF's codes and sets; a vote for all labels, like a failure, says nothing."""
    codes = np.where(emitted.codes == FAULTED, 0, emitted.codes).astype(np.int64)
    return codes, [_possible(vote, labels, schema) for vote in emitted.symbols]


def _possible(vote: LabelUnion, labels: tuple[str, ...], schema: LabelSchema | None) -> frozenset[str]:
    if schema is not None:
        return schema.taxonomy.leaves_of(schema.possible(vote))
    return frozenset(labels) - vote.ids if vote.negated else vote.ids  # of one label, all that is left is ~label


def _names(data: pd.DataFrame | pa.Table | Mapping[str, Any]) -> list[str]:
    return list(data.column_names if isinstance(data, pa.Table) else data.keys())


def _check_kind(data: object) -> None:
    """Refuse what holds no columns, and columns that cannot be told apart."""
    if isinstance(data, pd.Series):
        name = data.name if isinstance(data.name, str) else "comment"
        raise LabelingFunctionError(
            f"Labeling functions are applied to a frame, and this is one column of it ({data.name!r:.40}, a Series).",
            remedy=f"pass the frame itself, or make one: series.to_frame({name!r}); of one row: DataFrame([row])",
        )
    if not isinstance(data, (pd.DataFrame, pa.Table)) and not hasattr(data, "keys"):
        raise LabelingFunctionError(
            f"Labeling functions are applied to columns, not to {type(data).__name__}.",
            remedy="a pandas frame, an Arrow table, or column -> values; pandas.DataFrame(rows) makes one of rows",
        )
    names = _names(data)
    twice = sorted({str(name) for name in names if names.count(name) > 1})
    if twice:
        raise LabelingFunctionError(f"The data has several columns called {', '.join(twice)}.", remedy="rename them")


def _column_of(data: pd.DataFrame | pa.Table | Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - what holds values
    """Return a column as something that has a length and slices by position."""
    column = data.column(name) if isinstance(data, pa.Table) else data[name]
    if isinstance(column, pd.Series):
        return column.reset_index(drop=True)
    if isinstance(column, (str, bytes, set, frozenset, dict)):
        raise LabelingFunctionError(
            f"The column {name!r} is a {type(column).__name__}, which is no list of values.", remedy="[value, ...]"
        )
    return column if isinstance(column, (pa.Array, pa.ChunkedArray, np.ndarray, list, tuple)) else list(column)


def _length(data: pd.DataFrame | pa.Table | Mapping[str, Any], columns: Mapping[str, Any]) -> int:
    if isinstance(data, pa.Table):
        return int(data.num_rows)
    if isinstance(data, pd.DataFrame):
        return len(data)
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length:,}" for name, length in lengths.items())
        raise LabelingFunctionError(f"The columns differ in length: {told}.")
    return next(iter(lengths.values())) if lengths else max((len(data[name]) for name in data), default=0)
