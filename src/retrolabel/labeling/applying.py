"""Apply labeling functions to columns: votes, abstentions and faults, told apart."""

from __future__ import annotations

import re
import traceback
from contextlib import nullcontext
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import MissingColumnError, Problem, UndeclaredVoteError, did_you_mean
from retrolabel.labeling.columns import as_column, in_order
from retrolabel.labeling.functions import Row
from retrolabel.labeling.raised import interruptible, is_fault, said
from retrolabel.labeling.rules import FAULTED
from retrolabel.schema.labels import Label, LabelUnion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    import numpy.typing as npt

    from retrolabel.labeling.batches import Batch
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.labeling.rules import Rule

    Guard = Callable[[str], AbstractContextManager[object]]

ABSTAINED = 0
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
        seconds: The time that it took, in seconds; what several share is divided among them.
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


def apply_lfs(lfs: Sequence[LabelingFunction], batch: Batch, *, guard: Guard | None = None) -> list[Emitted]:
    """Apply labeling functions to a batch of items; rules of one kind are evaluated together.

    Args:
        lfs: The labeling functions.
        batch: The items, with every column that the labeling functions read.
        guard: Entered around each piece of work with the names of those at work; it may stop what hangs.

    Returns:
        What each said, in the order given.

    Raises:
        MissingColumnError: One reads a column that is not there.

    Example:
        >>> from retrolabel.labeling.batches import Batch
        >>> from retrolabel.labeling.builders import keywords
        >>> from retrolabel.schema.labels import Label
        >>> lf = keywords(Label("bug"), ["crash"], column="body", name="crash")
        >>> apply_lfs([lf], Batch({"body": ["a crash", None, "fine"]}, 3))[0].codes.tolist()
        [1, 0, 0]
    """
    check_columns(lfs, batch.names)
    with interruptible():
        return _apply(lfs, batch, guard or (lambda _: nullcontext()))


def _apply(lfs: Sequence[LabelingFunction], batch: Batch, guarded: Guard) -> list[Emitted]:
    kinds: dict[type[Rule], list[int]] = {}
    found: dict[int, Emitted] = {}
    for place, lf in enumerate(lfs):
        if lf.rule is not None:
            kinds.setdefault(type(lf.rule), []).append(place)
            continue
        with guarded(lf.name):
            found[place] = _apply_one(lf, batch)
    for kind, places in kinds.items():
        mine = [lfs[place] for place in places]
        with guarded(", ".join(lf.name for lf in mine)):
            found |= dict(zip(places, _apply_rules(kind, mine, batch), strict=True))
    return [found[place] for place in range(len(lfs))]


def join(parts: Sequence[Emitted], starts: Sequence[int]) -> Emitted:
    """Return what one labeling function said about several batches, one below the other.

    Args:
        parts: What it said of each.
        starts: The place of each batch's first item.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> a, b = Label("a") | Label("a"), Label("b") | Label("b")
        >>> join([Emitted("f", np.array([1], np.int16), (b,)), Emitted("f", np.array([0, 1], np.int16), (a,))],
        ...      [0, 1]).codes.tolist()
        [2, 0, 1]
    """
    if len(parts) == 1:
        return parts[0]
    symbols = tuple(sorted({symbol for part in parts for symbol in part.symbols}, key=str))
    places = {symbol: code for code, symbol in enumerate(symbols, start=1)}
    codes = [np.array([0, *(places[s] for s in part.symbols), FAULTED], np.int16)[part.codes] for part in parts]
    faults = [
        Fault(fault.lf, fault.row + start, fault.error, fault.trace)
        for part, start in zip(parts, starts, strict=True)
        for fault in part.faults
    ]
    seconds = sum(part.seconds for part in parts)
    return Emitted(parts[0].lf, np.concatenate(codes), symbols, tuple(faults[:KEPT_TRACEBACKS]), seconds)


def check_columns(lfs: Iterable[LabelingFunction], known: Iterable[str], *, where: str = "the data") -> None:
    """Raise ``MissingColumnError`` naming every LF that reads a column which ``known`` lacks."""
    known = tuple(known)
    problems = [
        Problem(
            f"LF {lf.name}",
            f"reads the column {column!r}, which {where} does not have.{did_you_mean(column, known)}",
        )
        for lf in lfs
        for column in lf.reads
        if column not in known and not lf.takes_row
    ]
    if problems:
        raise MissingColumnError(
            f"Labeling functions read columns that {where} does not have. It has: {', '.join(known) or 'none'}.",
            problems=problems,
            remedy="rename the parameter (a parameter is a column, or a feature of the task), or say which sources the"
            ' task labels: [tool.retrolabel.tasks.<task>] sources = ["..."]',
        )


def _apply_one(lf: LabelingFunction, batch: Batch) -> Emitted:
    started = perf_counter()
    inputs = [batch.parameter(name, lf.features) for name in lf.columns]
    failed: dict[int, Any] = {row: error for _, errors in inputs for row, error in errors.items()}
    columns = [batch.handed_out(name, values) for name, (values, _) in zip(lf.columns, inputs, strict=True)]
    if lf.batch and not failed:
        returned, failed = _whole_columns(lf, columns, batch)
        if returned is not None:
            return _emitted(lf, batch, returned, failed, started)
    call = _by_row_of_batches(lf) if lf.batch else lf.function
    votes = _call_each(call, _arguments(lf, columns, batch), batch.rows, failed)
    return _emitted(lf, batch, votes, failed, started)


def _whole_columns(
    lf: LabelingFunction, columns: list[list[Any]], batch: Batch
) -> tuple[list[Any] | None, dict[int, Any]]:
    """Return what a labeling function of whole columns returned, a value a row, and the rows where it failed.

    ``None`` where it raised: asked row by row, it tells where. What is no value for each row fails on all.
    """
    try:
        given = []
        for name, values in zip(lf.columns, columns, strict=True):
            if name in lf.features:
                given.append(as_column(values, lf.batch))
            else:
                given.append(batch.array(name) if lf.batch == "arrow" else batch.series(name))
        answer = lf.function(*given)
        if hasattr(answer, "__next__"):
            answer = list(answer)
    except BaseException as error:  # an author's function may raise anything
        if not is_fault(error):
            raise
        return None, {}
    try:
        return in_order(answer, batch.rows, lf.name), {}
    except UndeclaredVoteError as error:
        return [None] * batch.rows, dict.fromkeys(range(batch.rows), error)


def _by_row_of_batches(lf: LabelingFunction) -> Callable[..., Any]:
    """Return a function of single values that asks a function of whole columns."""

    def call(*values: object) -> object:
        return in_order(lf.function(*(as_column([value], lf.batch) for value in values)), 1, lf.name)[0]

    return call


def _call_each(
    function: Callable[..., Any], arguments: Sequence[Iterable[object]], rows: int, failed: dict[int, Any]
) -> list[Any]:
    """Return what a function returned for each item; what it raised goes into ``failed``, by row."""
    returned: list[Any] = []
    skipped = frozenset(failed)
    waiting = [iter(values) for values in arguments]
    kept = 0
    while len(returned) < rows:
        try:
            if skipped:
                _call_some(function, waiting, returned, skipped)
            else:
                returned.extend(map(function, *waiting))  # after a failure it goes on where it was
                if len(returned) < rows:  # extend takes a StopIteration of the function for the end of the rows
                    raise StopIteration  # noqa: TRY301 - told like any other failure, two lines below
        except BaseException as error:  # an author's function may raise anything
            if not is_fault(error):
                raise
            failed[len(returned)] = error if kept < KEPT_TRACEBACKS else None
            kept += 1
            returned.append(None)
    return returned


def _call_some(
    function: Callable[..., Any], waiting: list[Iterator[object]], returned: list[Any], skipped: frozenset[int]
) -> None:
    for values in zip(*waiting, strict=True):
        returned.append(None if len(returned) in skipped else function(*values))


def _arguments(lf: LabelingFunction, columns: list[list[Any]], batch: Batch) -> Sequence[Iterable[object]]:
    if lf.takes_row:
        names = batch.names
        return [(Row(dict(zip(names, row, strict=True))) for row in batch.rows_of(names))]
    return columns


def _apply_rules(kind: type[Rule], lfs: Sequence[LabelingFunction], batch: Batch) -> list[Emitted]:
    started = perf_counter()
    batch.features |= {name: made for lf in lfs for name, made in lf.features.items()}
    verdicts = kind.many([lf.rule for lf in lfs if lf.rule is not None], batch)
    shared = (perf_counter() - started) / len(lfs)
    made = []
    for lf, verdict in zip(lfs, verdicts, strict=True):
        codes, symbols = _sorted_symbols(verdict.codes, lf.declared)
        faults = [_fault(lf, row, _values(lf, batch, row), error) for row, error in _first(verdict.errors)]
        made.append(Emitted(lf.name, codes, symbols, tuple(faults), shared))
    return made


def _emitted(
    lf: LabelingFunction, batch: Batch, returned: list[Any], failed: dict[int, Any], started: float
) -> Emitted:
    kinds = set(map(type, returned))
    single = len(lf.declared) == 1
    if single and kinds <= {bool, type(None)}:
        codes = np.fromiter(returned, np.bool_, len(returned)).astype(np.int16)
        symbols: tuple[LabelUnion, ...] = lf.declared if codes.any() else ()
    elif single and kinds <= {bool, type(None), re.Match}:  # what re.search returns
        codes = np.fromiter(map(bool, returned), np.bool_, len(returned)).astype(np.int16)
        symbols = lf.declared if codes.any() else ()
    else:
        codes, symbols = _encode(_interpreted(lf, returned, failed))
    codes[list(failed)] = FAULTED
    faults = [_fault(lf, row, _values(lf, batch, row), error) for row, error in _first(failed)]
    return Emitted(lf.name, codes, symbols, tuple(faults), perf_counter() - started)


def _interpreted(lf: LabelingFunction, returned: list[Any], failed: dict[int, Any]) -> list[LabelUnion | None]:
    """Return the votes that returned values stand for; values that are none go into ``failed``."""
    known: dict[int, LabelUnion | None] = {id(None): None}  # what is numbered lives as long as ``returned``
    votes: list[LabelUnion | None] = []
    kept = 0
    for row, value in enumerate(returned):
        place = id(value)
        if place not in known:
            try:
                vote = lf.interpret(value)
            except BaseException as error:  # a returned value may raise when it is looked at
                if not is_fault(error):
                    raise
                failed.setdefault(row, error if kept < KEPT_TRACEBACKS else None)
                kept += 1
                votes.append(None)
                continue
            if not isinstance(value, (Label, LabelUnion)):
                votes.append(vote)
                continue
            known[place] = vote
        votes.append(known[place])
    return votes


def _encode(votes: list[LabelUnion | None]) -> tuple[npt.NDArray[np.int16], tuple[LabelUnion, ...]]:
    texts = {vote: str(vote) for vote in {id(vote): vote for vote in votes}.values() if vote is not None}
    symbols = tuple(sorted(texts, key=texts.__getitem__))
    code_of = {symbol: code for code, symbol in enumerate(symbols, start=1)}
    by_id = {id(vote): 0 if vote is None else code_of[vote] for vote in {id(vote): vote for vote in votes}.values()}
    return np.fromiter((by_id[id(vote)] for vote in votes), np.int16, count=len(votes)), symbols


def _sorted_symbols(
    codes: npt.NDArray[np.int16], declared: Sequence[LabelUnion]
) -> tuple[npt.NDArray[np.int16], tuple[LabelUnion, ...]]:
    """Return codes of declared votes as codes of those that occur, in the order of their stored form."""
    used = [code for code in np.unique(codes).tolist() if code > 0]
    symbols = tuple(sorted({declared[code - 1] for code in used}, key=str))
    lookup = np.zeros(len(declared) + 2, np.int16)
    lookup[FAULTED] = FAULTED
    for code in used:
        lookup[code] = symbols.index(declared[code - 1]) + 1
    return lookup[codes], symbols


def _first(errors: Mapping[int, BaseException | None]) -> list[tuple[int, BaseException]]:
    """Return the first errors that were kept, by row."""
    return [(row, error) for row in sorted(errors) if (error := errors[row]) is not None][:KEPT_TRACEBACKS]


def _values(lf: LabelingFunction, batch: Batch, row: int) -> tuple[object, ...]:
    """Return what a labeling function was given for one item."""
    return tuple(batch.parameter(name, lf.features)[0][row] for name in lf.columns)


def _fault(lf: LabelingFunction, row: int, arguments: tuple[object, ...], error: BaseException) -> Fault:
    message = said(error).partition("\nFix: ")[0]
    missing = [column for column, value in zip(lf.columns, arguments, strict=False) if value is None]
    if missing and isinstance(error, (TypeError, AttributeError)):
        message += f" ({' and '.join(missing)} has no value here: begin with `if {missing[0]} is None: return None`)"
    elif getattr(error, "remedy", ""):
        message += f" ({error.remedy})"  # type: ignore[attr-defined]  # just seen to be there
    frames = error.__traceback__.tb_next if error.__traceback__ else None
    trace = "".join(traceback.format_exception(type(error), error, frames, limit=-8))
    return Fault(lf.name, row, message, trace)
