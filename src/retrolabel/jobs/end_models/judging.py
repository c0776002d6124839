"""Judge a model on gold that it was not trained on, beside the label model and the majority vote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.gold.agreement import agreement
from retrolabel.gold.pairing import paired
from retrolabel.jobs.end_models.records import Judged, Rival
from retrolabel.jobs.gold.resolving import gold_in, why_no_gold
from retrolabel.label_models.majority import MajorityVote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from retrolabel.end_models.model import EndModel
    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.end_models.items import Array, Items, Places
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History

DEV, TEST = "dev", "test"


@dataclass(frozen=True)
class Judge:
    """Judges models on gold.

    Attributes:
        label_set: The label set that they were trained on.
        history: The task's versions.
        feedback: What items there are.
        said: What people said.
        how: How people who differ are adjudicated.
        look: Logs a look at test gold, and returns how many there were.
    """

    label_set: LabelSet
    history: History
    feedback: FeedbackBook
    said: Sequence[HumanLabel]
    how: Adjudication
    look: Callable[[], int]

    def gold(self, role: str, items: Items) -> tuple[Places, list[frozenset[int]], Any]:
        """Return the rows of the gold items of a role, what gold leaves of each, and the gold.

        Args:
            role: The role.
            items: The items of the label set.
        """
        version = self.label_set.record.schema_version
        found = gold_in(self.history, version, role, list(self.said), self.feedback, how=self.how)
        rows = [row for row, key in enumerate(items.keys) if key in found.sets]
        return np.array(rows, np.int64), [found.sets[items.keys[row]] for row in rows], found

    def judged(self, model: EndModel, items: Items, role: str) -> tuple[Judged | None, tuple[str, str]]:
        """Return how good a model is on gold beside label model and majority vote; or why that is not known.

        On dev gold, which the label model is fitted to, the label model says what one of it says that had not seen
        the item.

        Args:
            model: The model.
            items: The items of the label set.
            role: The role of the gold; a look at ``test`` is logged.
        """
        rows, sets, found = self.gold(role, items)
        exact = [place for place, each in enumerate(sets) if len(each) == 1]
        if not exact:
            return None, why_no_gold(found, self.label_set.record.task, self.label_set.record.schema_version, role)
        looks = self.look() if role == TEST else 0
        judged = rows[exact]
        truth = np.array([next(iter(sets[place])) for place in exact], np.int64)
        own = model.predict_proba([items.cells[row] for row in judged.tolist()]).argmax(axis=1)
        said, covered = self._rivals(judged, items)
        k, all_ = len(model.labels), np.ones(len(truth), np.bool_)
        rivals = {
            name: Rival(agreement(truth, each, all_, labels=k), paired(each == truth, own == truth), covered)
            for name, each in said.items()
        }
        unheld = len(found.sets) - len(rows)
        return Judged(agreement(truth, own, all_, labels=k), rivals, looks, len(rows) - len(exact), unheld), ("", "")

    def _rivals(self, rows: Places, items: Items) -> tuple[dict[str, Places], int]:
        """Return what label model and majority vote say of some rows, and how many of these have a vote."""
        label_set, patterns = self.label_set, items.patterns[rows]
        covered = np.asarray(label_set.patterns.column("covered").to_numpy(), np.bool_)[patterns]
        frequent = np.array(list(label_set.shares().values()), np.float64)
        by_model = label_set.probabilities[patterns].copy()
        unseen = label_set.cross_fitted_probabilities()
        for place, row in enumerate(rows.tolist()):
            if items.keys[row] in unseen:
                by_model[place] = unseen[items.keys[row]]
        said = {
            "label_model": likeliest(by_model, covered, frequent),
            "majority_vote": likeliest(self._by_votes[patterns], covered, frequent),
        }
        return said, int(covered.sum())

    @cached_property
    def _by_votes(self) -> Array:
        """What the majority vote says of each pattern, float [U, k]."""
        votes = self.label_set.votes()
        return MajorityVote().fit(votes).predict_proba(votes)


def likeliest(probabilities: Array, covered: npt.NDArray[np.bool_], frequent: Array) -> Places:
    """Return the likeliest label of each item, without abstention: ties, and what is uncovered, go to what is frequent.

    Args:
        probabilities: float [n, k].
        covered: bool [n].
        frequent: float [k]: how often the label set gives each label.

    Example:
        >>> said = np.array([[0.5, 0.5, 0.0], [0.1, 0.2, 0.7], [0.2, 0.2, 0.6]])
        >>> likeliest(said, np.array([True, True, False]), np.array([3.0, 5.0, 1.0])).tolist()
        [1, 2, 1]
    """
    tied = probabilities >= probabilities.max(axis=1, keepdims=True) - 1e-12
    tied |= ~covered[:, None]
    return np.asarray(np.where(tied, frequent + 1.0, 0.0).argmax(axis=1), np.int64)
