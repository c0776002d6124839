"""Apply labeling functions to columns: votes, abstentions and faults, told apart."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.errors import MissingColumnError, Problem, did_you_mean
from retrolabel.labeling.functions import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.schema.labels import LabelUnion

ABSTAINED = 0
FAULTED = -1
KEPT_TRACEBACKS = 5
"""How many faults of one LF on one batch are kept with their traceback; all of them are counted."""


@dataclass(frozen=True)
class Fault:
    """One item on which a labeling function failed.

    Attributes:
        lf: The name of the labeling function.
        row: The item's place in the batch, from 0.
        error: Class and message of what was raised, with a hint where a missing value explains it.
        trace: The traceback, from the author's own lines on.
    """

    lf: str
    row: int
    error: str
    trace: str


@dataclass(frozen=True, eq=False)
class Emitted:
    """What one labeling function said about a batch of items.

    Attributes:
        lf: Its name.
        codes: int16 [n]: 0 abstained, -1 failed, s voted ``symbols[s - 1]``.
        symbols: The distinct votes, in the order of their stored form.
        faults: The first failures, with their tracebacks.
        seconds: The time that it took, in seconds.
    """

    lf: str
    codes: npt.NDArray[np.int16]
    symbols: tuple[LabelUnion, ...]
    faults: tuple[Fault, ...] = ()
    seconds: float = field(default=0.0, compare=False)

    @property
    def fault_count(self) -> int:
        """The number of items on which it failed."""
        return int(np.count_nonzero(self.codes == FAULTED))

    @property
    def vote_count(self) -> int:
        """The number of items on which it voted."""
        return int(np.count_nonzero(self.codes > 0))


def apply_one(lf: LabelingFunction, columns: Mapping[str, Sequence[object]], *, rows: int) -> Emitted:
    """Apply one labeling function to ``rows`` items.

    Args:
        lf: The labeling function.
        columns: Column name -> values, all of length ``rows``; missing values are ``None``.
        rows: The number of items.

    Raises:
        MissingColumnError: It reads a column that is not there.

    Example:
        >>> from retrolabel.labeling.builders import keywords
        >>> from retrolabel.schema.labels import Label
        >>> lf = keywords(Label("bug"), ["crash"], column="body", name="crash")
        >>> apply_one(lf, {"body": ["a crash", None, "fine"]}, rows=3).codes.tolist()
        [1, 0, 0]
    """
    check_columns([lf], columns)
    started = perf_counter()
    votes: list[LabelUnion | None] = [None] * rows
    faulted: list[int] = []
    faults: list[Fault] = []
    function, interpret = lf.function, lf.interpret
    for row, arguments in enumerate(_arguments(lf, columns, rows)):
        try:
            returned = function(*arguments)
            if returned is not None and returned is not False:
                votes[row] = interpret(returned)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - an author's function may raise anything
            faulted.append(row)
            if len(faults) < KEPT_TRACEBACKS:
                faults.append(_fault(lf, row, arguments, error))
    codes, symbols = _encode(votes)
    codes[faulted] = FAULTED
    return Emitted(lf.name, codes, symbols, tuple(faults), perf_counter() - started)


def check_columns(lfs: Iterable[LabelingFunction], known: Iterable[str], *, where: str = "the data") -> None:
    """Raise ``MissingColumnError`` naming every LF that reads a column which ``known`` lacks."""
    known = tuple(known)
    problems = [
        Problem(
            f"LF {lf.name}",
            f"reads the column {column!r}, which {where} does not have.{did_you_mean(column, known)}",
        )
        for lf in lfs
        for column in lf.columns
        if column not in known
    ]
    if problems:
        raise MissingColumnError(
            f"Labeling functions read columns that {where} does not have. It has: {', '.join(known) or 'none'}.",
            problems=problems,
            remedy="rename the parameter (a parameter is a column), or say which sources the task labels:"
            ' [tool.retrolabel.tasks.<task>] sources = ["..."]',
        )


def _arguments(
    lf: LabelingFunction, columns: Mapping[str, Sequence[object]], rows: int
) -> Iterable[tuple[object, ...]]:
    if lf.takes_row:
        names = tuple(columns)
        values = zip(*columns.values(), strict=True) if names else (() for _ in range(rows))
        return ((Row(dict(zip(names, row, strict=True))),) for row in values)
    return zip(*(columns[column] for column in lf.columns), strict=True)


def _encode(votes: list[LabelUnion | None]) -> tuple[npt.NDArray[np.int16], tuple[LabelUnion, ...]]:
    texts = {vote: str(vote) for vote in set(votes) if vote is not None}
    symbols = tuple(sorted(texts, key=texts.__getitem__))
    code_of: dict[LabelUnion | None, int] = {None: ABSTAINED}
    code_of |= {vote: code for code, vote in enumerate(symbols, start=1)}
    return np.fromiter((code_of[vote] for vote in votes), np.int16, count=len(votes)), symbols


def _said(error: BaseException) -> str:
    """Return class and message of an error, even of one that cannot say what it is."""
    try:
        return f"{type(error).__name__}: {error}".partition("\nFix: ")[0]
    except Exception:  # noqa: BLE001 - an author's error may fail at anything
        return f"{type(error).__name__} (its message cannot be made)"


def _fault(lf: LabelingFunction, row: int, arguments: tuple[object, ...], error: BaseException) -> Fault:
    message = _said(error)
    missing = [column for column, value in zip(lf.columns, arguments, strict=False) if value is None]
    if missing and isinstance(error, (TypeError, AttributeError)):
        message += f" ({' and '.join(missing)} has no value here: begin with `if {missing[0]} is None: return None`)"
    elif getattr(error, "remedy", ""):
        message += f" ({error.remedy})"  # type: ignore[attr-defined]  # just seen to be there
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    trace = "".join(traceback.format_exception(type(error), error, frames, limit=-8))
    return Fault(lf.name, row, message, trace)
