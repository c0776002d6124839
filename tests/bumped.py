"""A label that is split, and what following the advice for its gold does to the labels: the same for all corpora."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from retrolabel.label_models.deciding import decide
from retrolabel.label_models.gold import GoldSets
from retrolabel.label_models.label_model import LabelModel
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from retrolabel.jobs.records.label_sets import LabelSet

GOLD = 126


@dataclass(frozen=True)
class Bumped:
    """Votes under a version in which one label became several, of which a part of the voters knows nothing.

    Attributes:
        votes: The votes.
        truth: int [n]: the place of the true label.
        parts: The labels that were one.
    """

    votes: VoteMatrix
    truth: np.ndarray
    parts: tuple[int, ...]

    @classmethod
    def of(cls, votes: VoteMatrix, truth: np.ndarray, parts: Sequence[int], seed: int = 0) -> Bumped:
        """Return votes in which half of the voters that name a part of the split label say the old one instead."""
        rng = np.random.default_rng(seed)
        inside = set(parts)
        knows_not = {
            voter
            for column, voter in enumerate(votes.voters)
            if any(inside & set(votes.symbols[code - 1]) for code in np.unique(votes.codes[:, column]) if code)
            and rng.random() < 0.5
        }
        columns = []
        for column, voter in enumerate(votes.voters):
            symbols = [frozenset(symbol) for symbol in votes.symbols]
            if voter in knows_not:
                symbols = [symbol | inside if symbol & inside else symbol for symbol in symbols]
            codes = votes.codes[:, column].astype(np.int64)
            names = [frozenset(votes.labels[place] for place in symbol) for symbol in symbols]
            columns.append((codes, names))
        made = VoteMatrix.from_columns(columns, labels=votes.labels, voters=votes.voters, rows=len(votes))
        return cls(made, truth, tuple(parts))

    def gold(self, seed: int, narrowed: int | None) -> GoldSets:
        """Return a random sample under the old version, of which some of the split label have their part.

        Args:
            seed: Another one draws another sample.
            narrowed: How many of those people looked at again; ``None`` is all of them.
        """
        rng = np.random.default_rng(seed)
        rows = rng.choice(len(self.truth), GOLD, replace=False)
        possible = np.eye(len(self.votes.labels), dtype=bool)[self.truth[rows]]
        split = np.flatnonzero(np.isin(self.truth[rows], self.parts))
        left = split[split.size if narrowed is None else narrowed :]
        possible[np.ix_(left, self.parts)] = True
        return GoldSets(rows, possible, np.ones(GOLD))

    def right(self, gold: GoldSets) -> tuple[float, float]:
        """Return the accuracy over labelled items, and that of the likeliest label over covered ones."""
        probabilities = LabelModel().fit(self.votes, gold).predict_proba(self.votes)
        patterns = self.votes.patterns()
        by_pattern = np.empty((len(patterns), len(self.votes.labels)))
        by_pattern[patterns.inverse] = probabilities
        label = decide(patterns, by_pattern).label[patterns.inverse]
        has, covered = label >= 0, self.votes.covered
        hit = probabilities.argmax(axis=1) == self.truth
        return float((label == self.truth)[has].mean()), float(hit[covered].mean())


def old_groups(frame: pd.DataFrame, parts: Collection[str], old: str) -> pd.Series:
    """Return the label of the older version of each item: also of a guess, where all that is left is parts of one.

    Args:
        frame: The labels, with ``label``, ``partial`` and ``guessed``.
        parts: The labels that one label was split into.
        old: That label.
    """
    said = frame["partial"].where(frame["label"].notna() | frame["guessed"])
    groups = []
    for text in said:
        each = {old if label in parts else label for label in text.split("|")} if isinstance(text, str) else set()
        groups.append(each.pop() if len(each) == 1 else None)
    return pd.Series(groups, frame["item_id"])


def no_label_rests_on_sets_alone(label_set: LabelSet) -> None:
    """Assert that each label is named by a vote, or by what the votes for it have in common."""
    patterns = label_set.patterns.to_pandas()
    votes = [f"v_{voter}" for voter in label_set.voters]
    for row in patterns[patterns["label"].notna()].to_dict("records"):
        said = [set(row[vote].split("|")) for vote in votes if isinstance(row[vote], str)]
        speaking = [each for each in said if row["label"] in each]
        assert not speaking or set.intersection(*speaking) == {row["label"]}


def gains(world: Bumped, narrowed: int | None, seeds: Sequence[int]) -> np.ndarray:
    """Return how much more often labels are right where the advice is followed, float [seeds, 2]."""
    found = []
    for seed in seeds:
        nothing, followed = world.right(world.gold(seed, 0)), world.right(world.gold(seed, narrowed))
        found.append(np.subtract(followed, nothing))
    return np.array(found)
