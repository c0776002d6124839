"""Traces as typed rows of feedback: what was asked and answered, and what each judge says in a column of its own."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from retrolabel.errors import IngestError, Problem, counted
from retrolabel.interop.columns import usable
from retrolabel.jobs.records.columns import ARROW_TYPES, KEPT_YEARS
from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID
from retrolabel.jobs.records.traces import JUDGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrolabel.jobs.records.traces import Assessment, Trace

COLUMNS = {
    "request": "string",
    "response": "string",
    "status": "string",
    "seconds": "number",
    "trace_name": "string",
    "session": "string",
    "user": "string",
    "input_tokens": "integer",
    "output_tokens": "integer",
}
"""The columns that every trace has, and their types; a value that the trace lacks is missing."""
JUDGED = "judge_"
"""How the column of a judge begins."""
LARGEST = 2**63


def judge_column(name: str) -> str:
    """Return the column of what a judge says.

    Example:
        >>> judge_column("Relevance to query")
        'judge_relevance_to_query'
    """
    return JUDGED + (re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower() or "unnamed")


class TraceRows:
    """Traces, as an ingest reads a file.

    Args:
        name: Where they come from, as messages say it.
        traces: The traces.
        known: The source's contract, if it has one.
        drops: Columns that stay out of a new source.
        widen: Whether the source may get columns of judges that it does not know.

    Attributes:
        contract: Column -> type, after these traces.
        notes: What the reader should know.
        left_out: Judge -> how many of its verdicts stay out, since the source has no column for them.
        unfit: Column -> how many verdicts are of another type; known once the traces are read.
        broken: The ids of traces that cannot be kept; known then too.

    Raises:
        IngestError: The source holds other feedback than traces; or a column that is to stay out is none.
    """

    def __init__(
        self,
        name: str,
        traces: Sequence[Trace],
        known: Mapping[str, str] | None,
        *,
        drops: Sequence[str] = (),
        widen: bool = False,
    ) -> None:
        self.name = name
        self.known = None if known is None else dict(known)
        self.notes: list[str] = []
        self.missing: dict[str, Counter[str]] = {}
        self.repeated_keys: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.unfit: Counter[str] = Counter()
        self.broken: set[str] = set()
        self._traces = traces
        self._said = [_newest(each.assessments) for each in traces]
        _check_drops(drops)
        if known is not None:
            _check_contract(known)
        here = dict(known) if known is not None else {n: k for n, k in COLUMNS.items() if n not in drops}
        new = {} if known is not None and not widen else self._judges(here, drops)
        self.contract = here | new
        for said in self._said:
            self.left_out.update(each.name for column, each in said.items() if column not in self.contract)

    def batches(self) -> Iterator[tuple[pa.Table, Sequence[int], list[Problem]]]:
        """Yield the traces as one table, their places, and those that cannot be kept."""
        wrong: dict[int, str] = {}
        arrays = {
            ITEM_ID: pa.array([each.id for each in self._traces], pa.string()),
            CREATED_AT: pa.array([each.at for each in self._traces], ARROW_TYPES["time"]),
        }
        for column, kind in self.contract.items():
            arrays[column] = pa.array(list(self._values(column, kind)), ARROW_TYPES[kind])
        for row, trace in enumerate(self._traces):
            if not KEPT_YEARS[0] <= trace.at.year <= KEPT_YEARS[1]:
                wrong[row] = f"column {CREATED_AT!r}: the year {trace.at.year} cannot be kept"
        table = pa.table({name: usable(array, name, wrong) for name, array in arrays.items()})
        broken = [Problem(f"trace {self._traces[row].id}", what) for row, what in sorted(wrong.items())]
        self.broken = {self._traces[row].id for row in wrong}
        rows = [row for row in range(len(self._traces)) if row not in wrong]
        yield (table if not wrong else table.take(pa.array(rows, pa.int64()))), rows, broken

    def _judges(self, here: Mapping[str, str], drops: Sequence[str]) -> dict[str, str]:
        """Return the columns of judges that the source does not have, each with the type of what is said in it."""
        values: dict[str, list[Any]] = {}
        for said in self._said:
            for column, each in said.items():
                if column not in here and column not in drops:
                    values.setdefault(column, []).append(each.value)
        return {column: _kind(found) for column, found in sorted(values.items())}

    def _values(self, column: str, kind: str) -> Iterator[object]:
        if column in COLUMNS:
            field = "name" if column == "trace_name" else column
            yield from (_fits(getattr(each, field), kind) for each in self._traces)
            return
        for said in self._said:
            value = said[column].value if column in said else None
            fitting = _fits(value, kind)
            self.unfit[column] += int(fitting is None and value is not None)
            yield fitting


def remarks(left_out: Mapping[str, int], unfit: Mapping[str, int], contract: Mapping[str, str]) -> Iterator[str]:
    """Yield what a person should know of verdicts that are not in the store.

    Args:
        left_out: Judge -> how many verdicts the source has no column for.
        unfit: Column -> how many verdicts are of another type than it is.
        contract: The source's columns and types.
    """
    for judge, many in sorted(left_out.items()):
        what = f"{counted(many, 'verdict')} of {judge!r} {'stays' if many == 1 else 'stay'} out"
        yield f"{what}: the source has no column {judge_column(judge)}; --widen adds it, and reads all traces again"
    for column, many in sorted(unfit.items()):
        if many:
            of_another = f"{counted(many, 'verdict')} of another type"
            yield f"column {column!r} ({contract[column]}): {of_another} {'is' if many == 1 else 'are'} missing in it"


def _newest(assessments: Sequence[Assessment]) -> dict[str, Assessment]:
    """Return the column of each judge -> what it said last; what we wrote ourselves is nobody's verdict."""
    found: dict[str, Assessment] = {}
    for each in sorted(assessments, key=lambda said: (said.at, said.id)):
        if each.kind == JUDGE and not each.ours and each.value is not None:
            found[judge_column(each.name)] = each
    return found


def _kind(values: Sequence[object]) -> str:
    if all(isinstance(value, bool) for value in values):
        return "boolean"
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        return "number"
    return "string"


def _fits(value: Any, kind: str) -> Any:  # noqa: ANN401 - whatever a trace holds
    """Return a value as its column has it; nothing where it is of another type."""
    if value is None:
        return None
    if kind == "string":
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    if kind == "boolean":
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if kind == "integer":
        return value if isinstance(value, int) and -LARGEST <= value < LARGEST else None
    return float(value) if math.isfinite(value) else None


def _check_drops(drops: Sequence[str]) -> None:
    wrong = [column for column in drops if column not in COLUMNS and not column.startswith(JUDGED)]
    if wrong:
        raise IngestError(
            "Traces have no such columns.",
            problems=[Problem(f"--drop {column}", "there is no such column") for column in wrong],
            remedy=f"they are {', '.join(COLUMNS)}, and {JUDGED}NAME for each judge",
        )


def _check_contract(known: Mapping[str, str]) -> None:
    """Refuse a source that holds other feedback than traces."""
    strange = [column for column, kind in known.items() if COLUMNS.get(column, kind) != kind or not _of_traces(column)]
    if strange:
        raise IngestError(
            f"The source holds other feedback than traces: it has the columns {', '.join(known)}.",
            remedy="traces go into a source of their own: --source OTHER",
        )


def _of_traces(column: str) -> bool:
    return column in COLUMNS or column.startswith(JUDGED)
