"""Votes that are planted: drawn from known tables, beside what Bayes' rule says of each item to who knows them all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrolabel import VoteMatrix

NEVER = 1e-300


@dataclass(frozen=True, eq=False)
class Voter:
    """A voter that votes given the truth alone: the sets it votes for, and how often, a row a true label.

    What is left of a row is silence.
    """

    sets: tuple[tuple[int, ...], ...]
    table: np.ndarray

    def draw(self, random: np.random.Generator, truth: np.ndarray) -> np.ndarray:
        """Return its votes: 0 for silence, s for its s-th set."""
        codes = drawn(random, self.table[truth]) + 1
        return np.where(codes > len(self.sets), 0, codes)

    def log_table(self) -> np.ndarray:
        """Return the log-probabilities of its codes, a row a code."""
        silent = 1 - self.table.sum(axis=1, keepdims=True)
        return np.log(np.maximum(np.hstack([silent, self.table]), NEVER)).T


def drawn(random: np.random.Generator, probabilities: np.ndarray) -> np.ndarray:
    """Return a column for each row; the number of columns where the row's sum is not reached."""
    return (random.random((len(probabilities), 1)) >= probabilities.cumsum(axis=1)).sum(axis=1)


def even(k: int, right: float | np.ndarray) -> np.ndarray:
    """Return confusions whose errors fall on all other labels alike: [k, k], or [m, k, k] for accuracies [m]."""
    right = np.asarray(right)[..., None, None]
    return np.eye(k) * right + (1 - np.eye(k)) * (1 - right) / (k - 1)


def confused(confusion: np.ndarray, coverage: float) -> Voter:
    """Return a voter for single labels."""
    return Voter(tuple((label,) for label in range(len(confusion))), coverage * confusion)


def says(k: int, right: float, coverage: float) -> Voter:
    """Return a voter for single labels whose errors fall on all others alike."""
    return confused(even(k, right), coverage)


def always(k: int, label: int) -> Voter:
    """Return a voter that always says the same."""
    return Voter(((label,),), np.ones((k, 1)))


def only(label: int, fires: np.ndarray) -> Voter:
    """Return a voter for one label, which fires so often on each true label."""
    return Voter(((label,),), np.asarray(fires)[:, None])


def of_parts(k: int, parts: list[tuple[int, ...]], right: float, coverage: float) -> Voter:
    """Return a voter for disjoint sets that together are all labels: for the one with the truth, or for another."""
    has = np.array([[label in part for part in parts] for label in range(k)])
    return Voter(tuple(parts), coverage * np.where(has, right, (1 - right) / (len(parts) - 1)))


def denies(k: int, right: float, coverage: float) -> Voter:
    """Return a voter that rules out one label."""
    sets = tuple(tuple(label for label in range(k) if label != out) for out in range(k))
    return Voter(sets, coverage * even(k, 1 - right))


@dataclass(frozen=True, eq=False)
class Planted:
    """What was planted.

    Attributes:
        votes: n items x m voters.
        truth: int [n].
        best: What Bayes' rule says to who knows the tables, the shares of labels and who copies whom, float [n, k].
        settings: Settings of the label model that the case is about.
        gold: int [n] with -1 where there is none.
        least: Items with fewer votes are not scored.
    """

    votes: VoteMatrix
    truth: np.ndarray
    best: np.ndarray
    settings: dict[str, object]
    gold: np.ndarray | None
    least: int

    @property
    def scored(self) -> np.ndarray:
        """Bool [n]: the items with votes enough, without those of gold."""
        enough = np.count_nonzero(self.votes.codes, axis=1) >= self.least
        return enough if self.gold is None else enough & (self.gold < 0)


class World:
    """Items of a known truth, on which voters are planted one after the other.

    Args:
        random: Draws everything.
        n: The number of items.
        prior: The shares of the labels, or their number where all are alike.
    """

    def __init__(self, random: np.random.Generator, n: int, prior: list[float] | int) -> None:
        self.random, self.n = random, n
        self.prior = np.full(prior, 1 / prior) if isinstance(prior, int) else np.asarray(prior)
        self.k = len(self.prior)
        self.truth = random.choice(self.k, n, p=self.prior)
        self._log = np.tile(np.log(self.prior), (n, 1))
        self._columns: list[tuple[np.ndarray, list[frozenset[str]]]] = []

    def add(self, *voters: Voter) -> World:
        """Plant voters that are independent given the truth."""
        for voter in voters:
            self._add(voter, voter.draw(self.random, self.truth))
        return self

    def _add(self, voter: Voter, codes: np.ndarray) -> None:
        self._column(codes, voter.sets)
        self._log += voter.log_table()[codes]

    def _column(self, codes: np.ndarray, sets: tuple[tuple[int, ...], ...]) -> None:
        self._columns.append((codes, [frozenset(map(str, each)) for each in sets]))

    def copied(self, voter: Voter, copies: int, differ: float = 0.0) -> World:
        """Plant a voter and copies of it that vote where it votes and replace so many of its votes by another one.

        Which one does not depend on the truth, so who knows the voter learns nothing from its copies.
        """
        codes = voter.draw(self.random, self.truth)
        self._add(voter, codes)
        sets = len(voter.sets)
        for _ in range(copies):
            moved = (codes > 0) & (self.random.random(self.n) < differ)
            others = (codes - 1 + self.random.integers(1, max(sets, 2), self.n)) % sets + 1
            self._column(np.where(moved, others, codes), voter.sets)
        return self

    def redrawn(self, voter: Voter, copies: int, share: float) -> World:
        """Plant a voter and copies of it that vote where it votes, and on a share of them look again by themselves."""
        codes = voter.draw(self.random, self.truth)
        self._add(voter, codes)
        voted = voter.table / voter.table.sum(axis=1, keepdims=True)
        for _ in range(copies):
            again = drawn(self.random, voted[self.truth]) + 1
            copy = np.where(codes > 0, np.where(self.random.random(self.n) < share, again, codes), 0)
            self._column(copy, voter.sets)
            same = (copy == codes)[:, None]
            self._log += np.where(codes[:, None] > 0, np.log((1 - share) * same + share * voted.T[copy - 1]), 0.0)
        return self

    def asked(self, *, voters: int, of_item: int | None = None, of_voter: int | None = None) -> np.ndarray:
        """Return who is asked about what, bool [n, voters]: so many of each item, or so many items of each voter.

        Where so many are asked of each item, some voters answer three times as often as others.
        """
        if of_voter is not None:
            noise = self.random.random((self.n, voters))
            return noise < np.partition(noise, of_voter, axis=0)[of_voter]
        busy = np.log(self.random.uniform(30, 100, voters))
        noise = -busy - self.random.gumbel(size=(self.n, voters))
        return noise < np.partition(noise, of_item, axis=1)[:, [of_item]] if of_item < voters else noise < np.inf

    def people(self, asked: np.ndarray, confusions: np.ndarray, states: np.ndarray | None = None) -> World:
        """Plant people who answer what they are asked.

        Args:
            asked: bool [n, m].
            confusions: [m, k, k], or [z, m, k, k] where items are in one of z hidden states.
            states: [k, z]: how often an item is in each state, given its label.
        """
        if states is None:
            states, confusions = np.ones((self.k, 1)), confusions[None]
        state = drawn(self.random, states[self.truth])
        items, who = np.nonzero(asked)
        labels = drawn(self.random, confusions[state[items], who, self.truth[items]])
        labels = np.minimum(labels, self.k - 1)  # where rounding leaves a sum below 1
        said = np.tile(np.log(np.maximum(states.T, NEVER))[:, None], (1, self.n, 1))
        for place, table in enumerate(confusions):
            np.add.at(said[place], items, np.log(np.maximum(table, NEVER))[who, :, labels])
        self._log += np.logaddexp.reduce(said, axis=0)
        codes = np.zeros(asked.shape, np.int64)
        codes[items, who] = labels + 1
        for column in codes.T:
            self._column(column, tuple((label,) for label in range(self.k)))
        return self

    def planted(self, *, gold: int = 0, away_from: int | None = None, least: int = 1, **settings: object) -> Planted:
        """Return what was planted.

        Args:
            gold: How many random items have gold.
            away_from: A voter on whose votes no gold lies.
            least: Items with fewer votes are not scored.
            **settings: Of the label model.
        """
        ids = tuple(str(label) for label in range(self.k))
        names = tuple(f"v{place:04}" for place in range(len(self._columns)))
        votes = VoteMatrix.from_columns(self._columns, labels=ids, voters=names, rows=self.n)
        known = None
        if gold:
            free = np.ones(self.n, np.bool_) if away_from is None else self._columns[away_from][0] == 0
            known = np.full(self.n, -1)
            places = self.random.choice(np.flatnonzero(free), gold, replace=False)
            known[places] = self.truth[places]
        best = np.exp(self._log - self._log.max(axis=1, keepdims=True))
        return Planted(votes, self.truth, best / best.sum(axis=1, keepdims=True), settings, known, least)
