"""Answers as they come in: a row for each, with who, of which item, what, and in which order.

One person may have answered an item twice. Agreement takes one answer of each person on an item; what they said the
other times is a figure of its own: how far a person agrees with themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.gold.coding import Ratings, as_column, coded
from retrolabel.gold.coefficient import DRAWS, LEAST, Coefficient
from retrolabel.gold.coefficients import krippendorff_alpha, percent_agreement
from retrolabel.gold.counting import Counts, distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from retrolabel.gold.distances import Distance

    Ints: TypeAlias = npt.NDArray[np.int64]
    Column: TypeAlias = Sequence[Any] | npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Repeats:
    """How far people agree with themselves, on the items that they answered more than once.

    Attributes:
        person: Who; None for all people together.
        answers: How many answers are repeats: those after a person's first one on an item.
        agreement: How often two answers of one person to one item are the same.
        alpha: Krippendorff's alpha of them.
    """

    person: Any
    answers: int
    agreement: Coefficient
    alpha: Coefficient


def ratings_of(  # noqa: PLR0913 - the columns of an answer
    items: Column,
    people: Column,
    answers: Column,
    *,
    order: Column | None = None,
    take: Literal["first", "last"] = "last",
    values: Sequence[Any] | None = None,
) -> Ratings:
    """Return answers in long form as ratings, with one answer of each person on an item.

    Args:
        items: [a]: which item.
        people: [a]: who.
        answers: [a]: the value; rows where it is missing are left out.
        order: [a]: what sorts a person's answers to an item, a time or a number; their place if left out.
        take: Which of several answers of one person on an item counts.
        values: All values in their order; those that occur, sorted, if left out.

    Raises:
        VoteError: The columns differ in length, or an answer is not among ``values``.

    Example:
        >>> found = ratings_of([1, 1, 2, 1], ["ana", "bo", "ana", "ana"], ["x", "y", "x", "y"])
        >>> found.people, found.items, found.codes.tolist()
        (('ana', 'bo'), (1, 2), [[1, 0], [1, -1]])
    """
    rows = _long(items, people, answers, order, values)
    codes = np.full((len(rows.people), len(rows.items)), -1, dtype=np.int32)
    cells = rows.person.astype(np.int64) * max(len(rows.items), 1) + rows.item
    towards = slice(None) if take == "first" else slice(None, None, -1)
    cells, which = np.unique(cells[towards], return_index=True)  # the index of the first one in this direction
    codes.ravel()[cells] = rows.code[towards][which]
    return Ratings(codes, rows.values, rows.people, rows.items, values is not None)


def repeats(  # noqa: PLR0913 - the columns of an answer, and the keywords of a coefficient
    items: Column,
    people: Column,
    answers: Column,
    level: Distance = "nominal",
    *,
    values: Sequence[Any] | None = None,
    least: int = LEAST,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[Repeats, ...]:
    """Return how far people agree with themselves: all together first, then each who answered an item twice.

    An item that two people answered twice is two items here: each person's answers are compared among themselves alone.

    Args:
        items: [a]: which item.
        people: [a]: who.
        answers: [a]: the value; rows where it is missing are left out.
        level: As of ``krippendorff_alpha``.
        values: All values in their order; those that occur, sorted, if left out.
        least: On fewer items a figure is withheld.
        draws: Resamples of the intervals; 0 leaves them out.
        seed: Of the resamples.

    Raises:
        VoteError: The columns differ in length, or an answer is not among ``values``.

    Example:
        >>> found = repeats([1, 1, 2, 2, 2], ["ana"] * 4 + ["bo"], ["x", "x", "y", "x", "x"], least=1)
        >>> [(each.person, each.answers, each.agreement.value) for each in found]
        [(None, 2, 0.5), ('ana', 2, 0.5)]
    """
    rows = _long(items, people, answers, None, values)
    k, pair = len(rows.values), rows.person.astype(np.int64) * max(len(rows.items), 1) + rows.item
    pairs, which = np.unique(pair, return_inverse=True)
    table = np.bincount(which * k + rows.code, minlength=len(pairs) * k).reshape(len(pairs), k)
    twice = table.sum(axis=1) > 1
    table, of = table[twice], pairs[twice] // max(len(rows.items), 1)

    def found(person: Any, chosen: Ints) -> Repeats:  # noqa: ANN401 - a name
        counts = Counts(rows.values, *distinct(chosen, np.ones(len(chosen), np.int64)), values is not None)
        return Repeats(
            person,
            int((chosen.sum(axis=1) - 1).sum()),
            percent_agreement(counts, least=least, draws=draws, seed=seed),
            krippendorff_alpha(counts, level, least=least, draws=draws, seed=seed),
        )

    each = [found(rows.people[place], table[of == place]) for place in np.unique(of)]
    return (found(None, table), *each)


@dataclass(frozen=True, slots=True)
class _Long:
    item: npt.NDArray[np.int32]
    person: npt.NDArray[np.int32]
    code: npt.NDArray[np.int32]
    items: tuple[Any, ...]
    people: tuple[Any, ...]
    values: tuple[Any, ...]


def _long(items: Column, people: Column, answers: Column, order: Column | None, values: Sequence[Any] | None) -> _Long:
    lengths = [len(each) for each in (items, people, answers, *(() if order is None else (order,)))]
    if len(set(lengths)) > 1:
        raise VoteError(f"Items, people, answers and order differ in length: {', '.join(map(str, lengths))}.")
    item, all_items = coded(as_column(items))
    person, all_people = coded(as_column(people))
    code, known = coded(as_column(answers), values)
    there = np.flatnonzero((item >= 0) & (person >= 0) & (code >= 0))
    if order is not None:
        there = there[np.argsort(np.asarray(order)[there], kind="stable")]
    return _Long(item[there], person[there], code[there], all_items, all_people, known)
