"""Votes as sets of labels: the matrix of them, and its distinct rows with their counts."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.errors import Problem, VoteError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Codes = npt.NDArray[np.unsignedinteger[Any]]

ONE_BYTE = 255
TWO_BYTES = 65_535
SHOWN_PROBLEMS = 20
BLOCK = 2**14
"""Rows that are looked at together: what is made of them stays in the processor's cache."""
ROUNDING = 1e-9
"""How much of a fractional count may be left of rounding."""
KEY_SPACE = 2**62
"""Columns are packed into one 64-bit key until their number of combinations would pass this."""


@dataclass(frozen=True, eq=False)
class VoteMatrix:
    """What each voter left possible for each item.

    Cells are codes: 0 abstains, ``c`` stands for the set of labels ``symbols[c - 1]``. The first k
    symbols are the single labels in their order, further ones are the sets that occur, sorted; so
    two matrices that hold the same votes hold the same codes, in whatever order they came.

    Attributes:
        codes: uint8 [n, m] (uint16 above 255 symbols), best stored column by column.
        labels: The k label ids, in the order of every probability.
        symbols: The distinct label sets, as sorted tuples of places in ``labels``.
        voters: The m names of the columns.

    Example:
        >>> votes = VoteMatrix.from_sets([[0, None], [{0, 1}, 2]], labels=["bug", "feature", "question"])
        >>> votes
        VoteMatrix(2 items x 2 voters, 3 labels, 75.0 % of the cells vote)
        >>> votes.to_ints()
        array([[ 0, -1],
               [-1,  2]])
    """

    codes: Codes
    labels: tuple[str, ...]
    symbols: tuple[tuple[int, ...], ...]
    voters: tuple[str, ...]

    @classmethod
    def from_ints(
        cls, votes: npt.ArrayLike, *, labels: int | Sequence[str], voters: Sequence[str] | None = None
    ) -> VoteMatrix:
        """Return the matrix of Snorkel's coding.

        Args:
            votes: int [n, m]; -1 abstains, 0 to k - 1 are labels.
            labels: k, or the k label ids in order.
            voters: The names of the columns; ``lf_0`` and so on if left out.

        Raises:
            VoteError: The array is not two-dimensional or not of whole numbers, or a cell lies
                outside -1 to k - 1; the first such cells are named.
        """
        ids = _label_ids(labels)
        array = np.asarray(votes)
        if array.ndim != 2:  # noqa: PLR2004 - items x voters
            raise VoteError(f"Votes are a table of items x voters, got {array.ndim} dimension(s).")
        symbols = symbol_table(len(ids), ())
        codes = np.empty(array.shape, _dtype(len(symbols)), order="F")
        wrong = 0
        problems: list[Problem] = []
        for start in range(0, len(array), BLOCK):
            block = array[start : start + BLOCK]
            if block.size and not _are_whole(block):
                raise VoteError(
                    f"Votes are whole numbers, got {array.dtype}.", remedy="-1 abstains; no NaN, no fractions"
                )
            if block.size and (block.min() < -1 or block.max() >= len(ids)):
                outside = np.argwhere((block < -1) | (block >= len(ids)))
                wrong += len(outside)
                problems += [
                    Problem(f"row {start + row}, column {column}", f"{block[row, column]} is no label of {len(ids)}")
                    for row, column in outside[: SHOWN_PROBLEMS - len(problems)]
                ]
            else:
                codes[start : start + BLOCK] = _shifted(block, codes.dtype)
        if wrong:
            raise VoteError(
                f"{wrong} votes lie outside -1 to {len(ids) - 1}.",
                problems=problems,
                remedy="labels= says how many there are; -1 abstains",
            )
        return cls(codes, ids, symbols, _names(voters, array.shape[1]))

    @classmethod
    def from_sets(
        cls,
        rows: Iterable[Sequence[int | Iterable[int] | None]],
        *,
        labels: int | Sequence[str],
        voters: Sequence[str] | None = None,
    ) -> VoteMatrix:
        """Return the matrix of cells that are ``None``, a label's number, or a set of numbers.

        The full set leaves everything possible, so it abstains.

        Args:
            rows: n rows of m cells.
            labels: k, or the k label ids in order.
            voters: The names of the columns; ``lf_0`` and so on if left out.

        Raises:
            VoteError: A cell is the empty set, or names a label that does not exist (with row and
                column, all at once), or the rows differ in length.
        """
        ids = _label_ids(labels)
        problems: list[Problem] = []
        cells = [
            [_as_set(cell, len(ids), row, column, problems) for column, cell in enumerate(cells)]
            for row, cells in enumerate(rows)
        ]
        widths = {len(row) for row in cells}
        if len(widths) > 1:
            raise VoteError(f"Rows have different numbers of votes: {', '.join(map(str, sorted(widths)))}.")
        if problems:
            raise VoteError(f"{len(problems)} votes make no sense.", problems=problems[:SHOWN_PROBLEMS])
        symbols = symbol_table(len(ids), {cell for row in cells for cell in row if cell})
        code_of = {(): 0} | {symbol: code for code, symbol in enumerate(symbols, start=1)}
        width = widths.pop() if widths else len(voters or ())
        dtype = _dtype(len(symbols))
        codes: Codes = np.array([[code_of[cell] for cell in row] for row in cells], dtype=dtype)
        return cls(codes.reshape(len(cells), width), ids, symbols, _names(voters, width))

    @classmethod
    def from_columns(
        cls, columns: Sequence[tuple[npt.NDArray[np.integer], Sequence[frozenset[str]]]], *, labels: Sequence[str],
        voters: Sequence[str], rows: int,
    ) -> VoteMatrix:  # fmt: skip
        """Return the matrix of columns that each bring their own table of label sets.

        Args:
            columns: For each voter its codes [n] (0 abstains, s stands for its s-th set) and its sets of ids.
            labels: The k label ids in order.
            voters: The m names.
            rows: n, which matters where there are no voters.

        Raises:
            VoteError: A set is empty or names an unknown label.
        """
        ids = _label_ids(labels)
        place = {label_id: index for index, label_id in enumerate(ids)}
        problems: list[Problem] = []
        tables = []
        for column, (_, sets) in enumerate(columns):
            unknown = {label_id for symbol in sets for label_id in symbol if label_id not in place}
            problems += [Problem(f"voter {voters[column]}", f"votes {x!r}, which is no label") for x in sorted(unknown)]
            problems += [Problem(f"voter {voters[column]}", "votes the empty set") for symbol in sets if not symbol]
            tables.append([tuple(sorted(place[x] for x in symbol if x in place)) for symbol in sets])
        if problems:
            raise VoteError("Votes make no sense.", problems=problems[:SHOWN_PROBLEMS])
        full = tuple(range(len(ids)))
        used = {
            table[code - 1]
            for (own, _), table in zip(columns, tables, strict=True)
            for code in np.flatnonzero(np.bincount(own, minlength=1)).tolist()
            if code and table[code - 1] != full
        }
        symbols = symbol_table(len(ids), used)
        code_of = {full: 0} | {symbol: code for code, symbol in enumerate(symbols, start=1)}
        codes = np.zeros((rows, len(columns)), dtype=_dtype(len(symbols)), order="F")
        for column, ((own, _), table) in enumerate(zip(columns, tables, strict=True)):
            lookup = np.array([0, *(code_of.get(symbol, 0) for symbol in table)], dtype=codes.dtype)
            codes[:, column] = lookup[own]
        return cls(codes, ids, symbols, tuple(voters))

    @classmethod
    def stack(cls, parts: Sequence[VoteMatrix]) -> VoteMatrix:
        """Return the items of several matrices over the same labels and voters, one below the other.

        Raises:
            VoteError: There is no part, or they differ in labels or voters.
        """
        if not parts or len({(part.labels, part.voters) for part in parts}) > 1:
            raise VoteError("Only votes over the same labels and by the same voters can be stacked.")
        first = parts[0]
        symbols = symbol_table(len(first.labels), {symbol for part in parts for symbol in part.symbols})
        return cls(np.concatenate([_recode(part, symbols) for part in parts]), first.labels, symbols, first.voters)

    def rows(self, places: npt.NDArray[Any] | slice) -> VoteMatrix:
        """Return some items, with only the symbols that they show.

        Args:
            places: int [r], bool [n], or a slice.

        Example:
            >>> VoteMatrix.from_ints([[0, -1], [1, 1]], labels=2).rows([1]).to_ints().tolist()
            [[1, 1]]
        """
        return _trimmed(VoteMatrix(self.codes[places], self.labels, self.symbols, self.voters))

    def with_column(self, column: VoteMatrix) -> VoteMatrix:
        """Return the matrix with the votes of one voter replaced; a voter that is new comes last.

        Args:
            column: The votes of that voter, n x 1, over the same labels.

        Raises:
            VoteError: It is not one column over the same labels and as many items.

        Example:
            >>> votes = VoteMatrix.from_ints([[0, -1], [1, 1]], labels=2)
            >>> revised = VoteMatrix.from_ints([[0], [-1]], labels=2, voters=["lf_1"])
            >>> votes.with_column(revised).to_ints().tolist()
            [[0, 0], [1, -1]]
        """
        if column.labels != self.labels or column.shape != (len(self), 1):
            raise VoteError(
                f"A column is the votes of one voter over the same labels on {len(self):,} items, got {column!r}."
            )
        voter = column.voters[0]
        voters = self.voters if voter in self.voters else (*self.voters, voter)
        symbols = symbol_table(len(self.labels), {*self.symbols, *column.symbols})
        codes = np.zeros((len(self), len(voters)), _dtype(len(symbols)), order="F")
        codes[:, : len(self.voters)] = _recode(self, symbols)
        codes[:, voters.index(voter)] = _recode(column, symbols)[:, 0]
        return _trimmed(VoteMatrix(codes, self.labels, symbols, voters))

    def without_column(self, voter: str) -> VoteMatrix:
        """Return the matrix without the votes of one voter.

        Raises:
            VoteError: There is no such voter.
        """
        if voter not in self.voters:
            raise VoteError(f"No voter {voter!r}.", remedy=f"voters: {', '.join(self.voters)}")
        kept = [place for place, name in enumerate(self.voters) if name != voter]
        voters = tuple(self.voters[place] for place in kept)
        return _trimmed(VoteMatrix(self.codes[:, kept], self.labels, self.symbols, voters))

    def to_ints(self) -> npt.NDArray[np.int64]:
        """Return Snorkel's coding, int [n, m]: -1 abstains; a vote for several labels abstains too."""
        single = np.array([-1, *(s[0] if len(s) == 1 else -1 for s in self.symbols)], dtype=np.int64)
        return single[self.codes]

    @property
    def shape(self) -> tuple[int, int]:
        """The number of items and of voters."""
        return self.codes.shape[0], self.codes.shape[1]

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.codes)

    @cached_property
    def covered(self) -> npt.NDArray[np.bool_]:
        """Bool [n]: whether at least one voter voted on the item."""
        return _any_vote(self.codes)

    @cached_property
    def membership(self) -> npt.NDArray[np.bool_]:
        """Bool [S + 1, k]: the labels of each code; code 0 leaves all of them."""
        return membership(self.symbols, len(self.labels))

    def patterns(self) -> Patterns:
        """Return the distinct rows, sorted, with their counts and each item's place among them."""
        codes, counts, inverse = distinct_rows(self.codes, len(self.symbols) + 1)
        return Patterns(codes, counts, self.labels, self.symbols, self.voters, inverse)

    def __repr__(self) -> str:
        """Return the size and the share of cells that vote."""
        share = np.count_nonzero(self.codes) / max(1, self.codes.size)
        return (
            f"{type(self).__name__}({len(self):,} items x {len(self.voters)} voters, {len(self.labels)} labels,"
            f" {share:.1%} of the cells vote)".replace("%", " %")
        )


@dataclass(frozen=True, eq=False)
class Patterns:
    """The distinct rows of a vote matrix: all that a label model needs to see.

    Attributes:
        codes: [U, m], sorted row by row (a sample of them by hash).
        counts: float64 [U]: how many items show the pattern.
        labels: The k label ids.
        symbols: The label sets that codes stand for, as in :class:`VoteMatrix`.
        voters: The m names of the columns.
        inverse: int [n]: the pattern of each item, where the items are known.

    Example:
        >>> patterns = VoteMatrix.from_ints([[1, -1], [0, 0], [1, -1]], labels=2).patterns()
        >>> patterns.codes.tolist(), patterns.counts.tolist(), patterns.inverse.tolist()
        ([[1, 1], [2, 0]], [1.0, 2.0], [1, 0, 1])
    """

    codes: Codes
    counts: npt.NDArray[np.float64]
    labels: tuple[str, ...]
    symbols: tuple[tuple[int, ...], ...]
    voters: tuple[str, ...]
    inverse: npt.NDArray[np.int64] = field(repr=False, default_factory=lambda: np.zeros(0, np.int64))

    def __len__(self) -> int:
        """Return the number of distinct patterns."""
        return len(self.counts)

    @cached_property
    def covered(self) -> npt.NDArray[np.bool_]:
        """Bool [U]: whether at least one voter voted."""
        return _any_vote(self.codes)

    @property
    def undecided(self) -> npt.NDArray[np.bool_]:
        """Bool [U]: whether there are votes, each for several labels, and together too they leave several, or none.

        Example:
            >>> rows = [[{0, 1}, None], [{0, 1}, {1, 2}], [{0, 1}, {2}], [None, None]]
            >>> patterns = VoteMatrix.from_sets(rows, labels=3).patterns()
            >>> patterns.undecided[patterns.inverse].tolist()
            [True, False, False, False]
        """
        one = self.membership.sum(axis=1) == 1
        told, possible = np.zeros(len(self), np.bool_), np.ones((len(self), len(self.labels)), np.bool_)
        for column in self.codes.T:
            told |= one[column]
            possible &= self.membership[column]
        return np.asarray(self.covered & ~told & (possible.sum(axis=1) != 1))

    @cached_property
    def membership(self) -> npt.NDArray[np.bool_]:
        """Bool [S + 1, k]: the labels of each code; code 0 leaves all of them."""
        return membership(self.symbols, len(self.labels))

    def without_items(self) -> Patterns:
        """Return the same patterns without the items' places among them."""
        return Patterns(self.codes, self.counts, self.labels, self.symbols, self.voters)

    def merge(self, other: Patterns) -> Patterns:
        """Return the patterns of both parts: equal ones are one, with their counts added.

        The items' places are dropped, since each part numbers its own; :func:`merge_patterns` keeps
        track of them.

        Raises:
            VoteError: The parts differ in labels or voters.

        Example:
            >>> a = VoteMatrix.from_ints([[0], [1]], labels=2).patterns()
            >>> a.merge(a).counts.tolist()
            [2.0, 2.0]
        """
        return merge_patterns([self, other])[0]

    def minus(self, other: Patterns) -> Patterns:
        """Return the patterns of the items that are left when those of ``other`` are taken away.

        Counts are subtracted; a pattern vanishes where nothing is left of it, a symbol where no
        pattern holds it. Whole counts are subtracted exactly. Where a count is fractional, what is
        left counts as nothing up to a billionth of the larger of the two.

        Args:
            other: The patterns of items that are part of these, over the same labels and voters.

        Raises:
            VoteError: The two differ in labels or voters, or ``other`` shows a pattern more often.

        Example:
            >>> both = VoteMatrix.from_ints([[0], [1], [1]], labels=2).patterns()
            >>> one = VoteMatrix.from_ints([[0]], labels=2).patterns()
            >>> both.minus(one).codes.tolist(), both.minus(one).counts.tolist()
            ([[2]], [2.0])
        """
        merged, (mine, theirs) = merge_patterns([self, other])
        had = np.bincount(mine, self.counts, minlength=len(merged))
        taken = np.bincount(theirs, other.counts, minlength=len(merged))
        left = np.asarray(had - taken, dtype=np.float64)
        whole = (had == np.floor(had)) & (taken == np.floor(taken))
        left[~whole & (np.abs(left) <= ROUNDING * np.maximum(had, taken))] = 0.0
        short = np.flatnonzero(left < 0)
        if len(short):
            raise VoteError(
                f"{len(short)} patterns are to be taken away more often than they are there.",
                problems=[
                    Problem(_spelt(merged, place), f"{taken[place]:g} of {had[place]:g}")
                    for place in short[:SHOWN_PROBLEMS].tolist()
                ],
                remedy="take away only items that were counted, and each of them once",
            )
        here = left > 0
        kept = _trimmed(VoteMatrix(merged.codes[here], merged.labels, merged.symbols, merged.voters))
        return Patterns(kept.codes, left[here], kept.labels, kept.symbols, kept.voters)


def merge_patterns(parts: Sequence[Patterns]) -> tuple[Patterns, list[npt.NDArray[np.int64]]]:
    """Return the patterns of all parts as one, and for each part where its patterns went.

    The result does not depend on the order of the parts.

    Args:
        parts: One or more, over the same labels and voters.

    Raises:
        VoteError: There is no part, or they differ in labels or voters.
    """
    if not parts or len({(part.labels, part.voters) for part in parts}) > 1:
        raise VoteError("Only patterns over the same labels and voters can be merged.")
    first = parts[0]
    symbols = symbol_table(len(first.labels), {symbol for part in parts for symbol in part.symbols})
    stacked = np.concatenate([_recode(part, symbols) for part in parts])
    codes, _, places = distinct_rows(stacked, len(symbols) + 1)
    counts = np.bincount(places, np.concatenate([part.counts for part in parts]), minlength=len(codes))
    merged = Patterns(codes, counts.astype(np.float64), first.labels, symbols, first.voters)
    return merged, np.split(places, np.cumsum([len(part) for part in parts])[:-1])


def symbol_table(labels: int, used: Iterable[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """Return the canonical table of label sets: the k single labels, then the other sets sorted.

    Raises:
        VoteError: There are more sets than two bytes can number.

    Example:
        >>> symbol_table(3, {(1, 2), (0,), (0, 1)})
        ((0,), (1,), (2,), (0, 1), (1, 2))
    """
    larger = sorted({symbol for symbol in used if len(symbol) > 1}, key=lambda symbol: (len(symbol), symbol))
    table = (*((place,) for place in range(labels)), *larger)
    if len(table) > TWO_BYTES:
        raise VoteError(f"{len(table):,} different votes are more than {TWO_BYTES:,}, which a vote matrix can hold.")
    return table


def symbol_names(symbols: Iterable[tuple[int, ...]], labels: Sequence[str]) -> list[str]:
    """Return label sets as they are written: their ids, joined by ``|``.

    Args:
        symbols: Label sets, as places.
        labels: The k label ids.

    Example:
        >>> symbol_names([(0,), (0, 1)], ["bug", "crash"])
        ['bug', 'bug|crash']
    """
    return ["|".join(labels[place] for place in symbol) for symbol in symbols]


def membership(symbols: Sequence[tuple[int, ...]], labels: int) -> npt.NDArray[np.bool_]:
    """Return bool [S + 1, k]: which labels each code leaves possible; code 0 leaves all."""
    table = np.zeros((len(symbols) + 1, labels), dtype=np.bool_)
    table[0] = True
    for code, symbol in enumerate(symbols, start=1):
        table[code, list(symbol)] = True
    return table


def distinct_rows(codes: Codes, base: int) -> tuple[Codes, npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return the distinct rows in lexicographic order, their counts, and each row's place among them.

    Columns are packed into 64-bit keys and the keys are numbered by hashing, so the cost is that of
    reading the matrix once, not of sorting it; only the distinct rows are sorted.

    Args:
        codes: [n, m], cells from 0 to ``base - 1``.
        base: The number of codes.
    """
    rows, width = codes.shape
    keys = np.zeros(rows, dtype=np.int64)
    space = 1
    for column in range(width):
        if space > KEY_SPACE // base:
            keys, uniques = pd.factorize(keys)
            space = len(uniques)
        keys = keys * base + codes[:, column]
        space *= base
    numbers, first_keys = pd.factorize(keys)
    first = np.zeros(len(first_keys), dtype=np.int64)
    first[numbers[::-1]] = np.arange(rows - 1, -1, -1)
    found = taken(codes, first)
    order = np.lexsort(np.asfortranarray(found).T[::-1]) if width else np.arange(len(found))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    inverse = place[numbers].astype(np.int64)
    counts = np.bincount(inverse, minlength=len(found)).astype(np.float64)
    return found[order], counts, inverse


def taken(codes: Codes, rows: npt.NDArray[np.int64]) -> Codes:
    """Return some rows, each contiguous in memory.

    Args:
        codes: [n, m].
        rows: int [r], their places; best ascending.
    """
    if codes.flags.c_contiguous:
        return np.asarray(codes[rows])
    found = np.empty((len(rows), codes.shape[1]), codes.dtype, order="F")
    for column in range(codes.shape[1]):  # which is how they lie in memory
        found[:, column] = codes[:, column][rows]
    return np.ascontiguousarray(found)


def _any_vote(codes: Codes) -> npt.NDArray[np.bool_]:
    """Return bool [n]: whether a row holds a vote. Column by column, which is faster than row by row."""
    found = np.zeros(len(codes), np.bool_)
    for start in range(0, len(codes), BLOCK):
        block = np.asfortranarray(codes[start : start + BLOCK])
        for column in range(block.shape[1]):
            found[start : start + BLOCK] |= block[:, column] != 0
    return found


def _shifted(block: npt.NDArray[Any], dtype: np.dtype[Any]) -> Codes:
    """Return codes of votes in Snorkel's coding; in unsigned numbers, -1 and 1 make 0."""
    whole = block if np.issubdtype(block.dtype, np.integer) else block.astype(np.int64)
    return np.asarray(whole.astype(dtype) + dtype.type(1))


def _recode(part: Patterns | VoteMatrix, symbols: tuple[tuple[int, ...], ...]) -> Codes:
    if symbols == part.symbols:
        return np.asarray(part.codes, dtype=_dtype(len(symbols)))
    code_of = {symbol: code for code, symbol in enumerate(symbols, start=1)}
    lookup = np.array([0, *(code_of[symbol] for symbol in part.symbols)], dtype=_dtype(len(symbols)))
    return np.asarray(lookup[part.codes])


def _trimmed(votes: VoteMatrix) -> VoteMatrix:
    """Return the same votes in the canonical table: symbols that no vote shows any more are left out."""
    k = len(votes.labels)
    if len(votes.symbols) == k:
        return votes
    shown = np.zeros(len(votes.symbols) + 1, np.bool_)
    for column in range(votes.shape[1]):
        shown |= np.bincount(votes.codes[:, column], minlength=len(shown)) > 0
    shown[: k + 1] = True
    if shown.all():
        return votes
    symbols = tuple(symbol for symbol, here in zip(votes.symbols, shown[1:].tolist(), strict=True) if here)
    lookup: Codes = (np.cumsum(shown) - 1).astype(_dtype(len(symbols)))
    return VoteMatrix(np.asarray(lookup[votes.codes]), votes.labels, symbols, votes.voters)


def _spelt(patterns: Patterns, row: int) -> str:
    """Return a pattern in words."""
    votes = [
        f"{voter} votes {'|'.join(patterns.labels[place] for place in patterns.symbols[code - 1])}"
        for voter, code in zip(patterns.voters, patterns.codes[row].tolist(), strict=True)
        if code
    ]
    return ", ".join(votes) or "no votes"


def _label_ids(labels: int | Sequence[str]) -> tuple[str, ...]:
    ids = tuple(str(place) for place in range(labels)) if isinstance(labels, int) else tuple(labels)
    if len(ids) < 2 or len(set(ids)) < len(ids):  # noqa: PLR2004 - a question has at least two answers
        raise VoteError(f"Votes need two or more different labels, got {ids!r:.80}.")
    return ids


def _are_whole(array: npt.NDArray[Any]) -> bool:
    if np.issubdtype(array.dtype, np.integer):
        return True
    return np.issubdtype(array.dtype, np.floating) and np.array_equal(array, np.floor(array))


def _names(voters: Sequence[str] | None, width: int) -> tuple[str, ...]:
    names = tuple(voters) if voters is not None else tuple(f"lf_{column}" for column in range(width))
    if len(names) != width or len(set(names)) < width:
        raise VoteError(f"There are {width} columns of votes and {len(set(names))} different names for them.")
    return names


def _dtype(symbols: int) -> type[np.uint8 | np.uint16]:
    return np.uint8 if symbols <= ONE_BYTE else np.uint16


def _as_set(
    cell: int | Iterable[int] | None, labels: int, row: int, column: int, problems: list[Problem]
) -> tuple[int, ...]:
    """Return the cell as a sorted tuple, empty where it abstains; what is wrong goes into ``problems``."""
    if cell is None:
        return ()
    where = f"row {row}, column {column}"
    try:
        members = {operator.index(member) for member in (cell if hasattr(cell, "__iter__") else (cell,))}
    except TypeError:
        problems.append(Problem(where, f"{cell!r:.40} is no label's number, set of them, or None"))
        return ()
    if not members:
        problems.append(Problem(where, "the empty set leaves no label possible", "None abstains"))
    unknown = sorted(member for member in members if not 0 <= member < labels)
    if unknown:
        problems.append(Problem(where, f"{unknown[0]} is no label of {labels}", "labels are numbered from 0"))
    return tuple(sorted(members)) if len(members) < labels else ()
