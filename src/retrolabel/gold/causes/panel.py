"""Answers as the causes of disagreement look at them: one of each person on an item, and what was said again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from retrolabel.errors import VoteError
from retrolabel.gold.coding import as_column, coded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Ints: TypeAlias = npt.NDArray[np.int64]
    Floats: TypeAlias = npt.NDArray[np.float64]
    Flags: TypeAlias = npt.NDArray[np.bool_]
    Column: TypeAlias = Sequence[Any] | npt.NDArray[Any]

DRAWS = 1_000
"""Resamples of an interval."""


@dataclass(frozen=True, slots=True, eq=False)
class Again:
    """Answers to an item that the same person had answered before.

    Attributes:
        item: int [r]: the place of the item.
        person: int [r]: the place of the person.
        before: int [r]: the place of the label that they gave first.
        changed: bool [r]: whether the last answer is another one.
    """

    item: Ints
    person: Ints
    before: Ints
    changed: Flags

    def where(self, kept: Flags) -> Again:
        """Return a part of them.

        Args:
            kept: bool [r].
        """
        return Again(self.item[kept], self.person[kept], self.before[kept], self.changed[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """What people said.

    Attributes:
        codes: int [P, n]: the place of the label of each person's last answer to an item, -1 where there is none.
        labels: The k labels, in their order.
        people: Who they are.
        items: Which items.
        again: What was said again.
        ordinal: Whether the labels have an order.
    """

    codes: npt.NDArray[np.int32]
    labels: tuple[Any, ...]
    people: tuple[Any, ...]
    items: tuple[Any, ...]
    again: Again
    ordinal: bool = False

    @property
    def apart(self) -> Floats:
        """How far each two labels are apart, float [k, k]: 1, or the part of an ordinal scale that is between them."""
        k = len(self.labels)
        if not self.ordinal:
            return 1 - np.eye(k)
        return np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / max(k - 1, 1)

    @property
    def answered(self) -> Ints:
        """How many people answered each item, int [n]."""
        return np.asarray((self.codes >= 0).sum(axis=0), np.int64)

    def without(self, people: Sequence[int]) -> Panel:
        """Return the same without the answers of some people, who keep their places.

        Args:
            people: Their places.
        """
        codes = self.codes.copy()
        codes[list(people)] = -1
        return replace(self, codes=codes, again=self.again.where(~np.isin(self.again.person, list(people))))

    def given(self) -> Ints:
        """Return how many people gave an item each label, int [n, k]."""
        found = np.zeros((self.codes.shape[1], len(self.labels)), np.int64)
        who, which = np.nonzero(self.codes >= 0)
        np.add.at(found, (which, self.codes[who, which]), 1)
        return found

    def usual(self) -> Ints:
        """Return the label that most gave an item, int [n]; of equals one or the other, as the item's place is."""
        given = self.given()
        turn = (np.arange(len(given))[:, None] + np.arange(given.shape[1])) % max(given.shape[1], 1)
        return np.asarray((given + turn / (given.shape[1] + 1.0)).argmax(axis=1), np.int64)


def panel_of(  # noqa: PLR0913 - the columns of an answer
    items: Column,
    people: Column,
    answers: Column,
    *,
    labels: Sequence[Any],
    order: Column | None = None,
    ordinal: bool = False,
) -> Panel:
    """Return answers in long form as a panel.

    Of a person's answers to an item the last one counts; a changed or kept answer between the first and the last one is
    what was said again.

    Args:
        items: [a]: which item.
        people: [a]: who.
        answers: [a]: the label.
        labels: All labels, in their order.
        order: [a]: what sorts the answers of a person to an item; their place if left out.
        ordinal: Whether the labels have an order.

    Raises:
        VoteError: The columns differ in length, or an answer is not among the labels.

    Example:
        >>> found = panel_of([1, 1, 2, 1], ["ana", "bo", "ana", "ana"], ["x", "y", "x", "y"], labels=["x", "y"])
        >>> found.codes.tolist(), found.again.changed.tolist()
        ([[1, 0], [1, -1]], [True])
    """
    if not len(items) == len(people) == len(answers):
        raise VoteError(f"Items, people and answers differ in length: {len(items)}, {len(people)}, {len(answers)}.")
    item, all_items = coded(as_column(items))
    person, all_people = coded(as_column(people))
    code, _ = coded(as_column(answers), labels)
    there = np.flatnonzero((item >= 0) & (person >= 0) & (code >= 0))
    if order is not None:
        there = there[np.argsort(np.asarray(order)[there], kind="stable")]
    codes = np.full((len(all_people), len(all_items)), -1, np.int32)
    cell = person[there].astype(np.int64) * max(len(all_items), 1) + item[there]
    last_first, at_last = np.unique(cell[::-1], return_index=True)
    _, at_first = np.unique(cell, return_index=True)
    said = code[there]
    last, first = said[::-1][at_last], said[at_first]
    codes.ravel()[last_first] = last
    twice = at_first != len(cell) - 1 - at_last
    which = last_first[twice]
    before = first[twice].astype(np.int64)
    again = Again(which % max(len(all_items), 1), which // max(len(all_items), 1), before, (first != last)[twice])
    return Panel(codes, tuple(labels), all_people, all_items, again, ordinal)


def shuffled(codes: npt.NDArray[np.int32], rng: np.random.Generator) -> npt.NDArray[np.int32]:
    """Return answers dealt out anew among those who answered the item: what is said of each item stays.

    Args:
        codes: int [P, n], -1 where there is none.
        rng: Where chance comes from.
    """
    there = codes >= 0
    keys = np.where(there, rng.random(codes.shape), 2.0)
    values = np.take_along_axis(codes, np.argsort(keys, axis=0), axis=0)
    found = np.empty_like(codes)
    np.put_along_axis(found, np.argsort(~there, axis=0, kind="stable"), values, axis=0)
    return found


def between(codes: npt.NDArray[np.int32], apart: Floats) -> tuple[Floats, Floats]:
    """Return how far each two people are apart in sum over items, and how many items they share, float [P, P] each.

    An item weighs one over the number of its answers less one, so that each answer counts alike.

    Args:
        codes: int [P, n].
        apart: float [k, k].
    """
    people, n = codes.shape
    weight = item_weights(codes)
    hot = np.zeros((people, n, len(apart)))
    who, which = np.nonzero(codes >= 0)
    hot[who, which, codes[who, which]] = 1.0
    far = (hot * weight[:, None]).reshape(people, -1) @ (hot @ apart).reshape(people, -1).T
    there = (codes >= 0).astype(float)
    shared = (there * weight) @ there.T
    np.fill_diagonal(far, 0.0)
    np.fill_diagonal(shared, 0.0)
    return far, shared


def item_weights(codes: npt.NDArray[np.int32]) -> Floats:
    """Return what a pair of answers to each item weighs, float [n]; 0 where there is no pair."""
    answers = (codes >= 0).sum(axis=0)
    return np.where(answers > 1, 1.0 / np.maximum(answers - 1, 1), 0.0)


def apart_by_item(codes: npt.NDArray[np.int32], apart: Floats, weight: Floats | None = None) -> Floats:
    """Return how far the answers to each item are apart over all pairs, and how many pairs there are, float [2, n].

    Args:
        codes: int [P, n].
        apart: float [k, k].
        weight: float [n]: what a pair of each item weighs; as in ``item_weights`` if left out.
    """
    weight = item_weights(codes) if weight is None else weight
    given = np.zeros((codes.shape[1], len(apart)))
    who, which = np.nonzero(codes >= 0)
    np.add.at(given, (which, codes[who, which]), 1)
    answers = given.sum(axis=1)
    return np.array([weight * np.einsum("nk,kl,nl->n", given, apart, given) / 2, weight * answers * (answers - 1) / 2])


def excess(mine: Floats, rest: Floats, whole: Floats, *, draws: int, seed: int) -> tuple[float, float, float]:
    """Return which share of all disagreement some pairs make up beyond what the rest would, with a 95 % interval.

    Args:
        mine: float [2, n]: how far these pairs are apart on each item, and how many they are.
        rest: float [2, n]: the same of all others.
        whole: float [n]: the disagreement on each item that the share is of.
        draws: Resamples of items.
        seed: Of them.
    """
    features = np.column_stack([*mine, *rest, whole])
    sums = np.vstack([features.sum(axis=0), resampled(len(whole), draws, seed) @ features])
    with np.errstate(divide="ignore", invalid="ignore"):
        return interval((sums[:, 0] - sums[:, 1] * sums[:, 2] / sums[:, 3]) / sums[:, 4])


def interval(found: Floats) -> tuple[float, float, float]:
    """Return a share and its 95 % interval, from the share and its resamples; between 0 and 1."""
    drawn = found[1:][np.isfinite(found[1:])]
    if not len(drawn) or not np.isfinite(found[0]):
        return 0.0, 0.0, 1.0
    low, high = np.quantile(drawn, (0.025, 0.975))
    value, low, high = (float(np.clip(each, 0.0, 1.0)) for each in (found[0], low, high))
    return value, low, high


def resampled(n: int, draws: int, seed: int) -> Floats:
    """Return how often each of n items is drawn in each resample, float [draws, n]."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws).astype(float)
