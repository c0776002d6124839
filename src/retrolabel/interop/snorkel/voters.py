"""Snorkel's baselines, and what all its models can do: predict, score, save, load."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from retrolabel.interop.snorkel.matrices import blocks, covered, label_matrix, vote_matrix
from retrolabel.interop.snorkel.refusals import IgnoredSettingWarning, LabelMatrixError, NotFittedError, SettingError
from retrolabel.interop.snorkel.saving import read_model, write_model
from retrolabel.interop.snorkel.scores import scores
from retrolabel.label_models.hashes import row_hashes

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from retrolabel.interop.snorkel.matrices import Labels

    Places = npt.NDArray[np.int64]
    Probabilities = npt.NDArray[np.float64]

TIE = 1e-5
"""Probabilities that differ by less are tied, as in Snorkel."""
POLICIES = {"abstain": None, "random": 0, "true-random": 2**64}
"""Tie-break policy -> what is added to the seed, so that two policies draw differently."""


class BaseLabeler(ABC):
    """What all models of the drop-in have in common.

    Args:
        cardinality: The number of labels, k; two or more.
        seed: What ties and draws depend on. It is 0 unless given, so a run can be repeated.
        settings: Whatever else; it changes nothing, and a warning says so.

    Raises:
        SettingError: The cardinality or the seed is none.
    """

    def __init__(self, cardinality: int = 2, *, seed: int = 0, **settings: object) -> None:
        if not _is_number(cardinality) or cardinality < 2:  # noqa: PLR2004 - a question has at least two answers
            raise SettingError(f"cardinality is the number of labels, two or more, not {cardinality!r}.")
        self.cardinality = int(cardinality)
        self.seed = checked_seed(seed)
        warn_ignored(settings, type(self).__name__)

    @abstractmethod
    def predict_proba(self, L: npt.ArrayLike) -> Probabilities:  # noqa: N803 - Snorkel's name
        """Return probabilities, float [n, k], for a label matrix [n, m]."""

    @overload
    def predict(
        self, L: npt.ArrayLike, return_probs: Literal[False] = ..., tie_break_policy: str = ...  # noqa: N803
    ) -> Places: ...  # fmt: skip
    @overload
    def predict(
        self, L: npt.ArrayLike, return_probs: Literal[True], tie_break_policy: str = ...  # noqa: N803
    ) -> tuple[Places, Probabilities]: ...  # fmt: skip
    @overload
    def predict(
        self, L: npt.ArrayLike, return_probs: bool = ..., tie_break_policy: str = ...  # noqa: N803
    ) -> Places | tuple[Places, Probabilities]: ...  # fmt: skip
    def predict(
        self,
        L: npt.ArrayLike,  # noqa: N803 - Snorkel's name
        return_probs: bool = False,
        tie_break_policy: str = "abstain",
    ) -> Places | tuple[Places, Probabilities]:
        """Return the label of each item, int [n]; -1 where there is none.

        Args:
            L: Label matrix [n, m]; -1 abstains.
            return_probs: Return the probabilities too, float [n, k].
            tie_break_policy: What a tie gets: ``abstain`` -1; ``random`` or ``true-random`` one of the
                tied labels, by a hash of the seed and of the item's own votes: not by its row, and
                not by chance. Items with the same votes get the same label. The two draw differently.

        Raises:
            LabelMatrixError: A cell is no label; there is no such policy.
        """
        probabilities = self.predict_proba(L)
        found = label_matrix(L, cardinality=self.cardinality)
        places = _without_ties(probabilities, found, self.cardinality, tie_break_policy, self.seed)
        places[~self._answers(found)] = -1
        return (places, probabilities) if return_probs else places

    def score(
        self,
        L: npt.ArrayLike,  # noqa: N803 - Snorkel's name
        Y: npt.ArrayLike,  # noqa: N803 - the same
        metrics: Sequence[str] | None = ("accuracy",),
        tie_break_policy: str = "abstain",
    ) -> dict[str, float]:
        """Return scores by name.

        All but ``coverage`` are over the items that have both gold and a prediction: a model that
        abstains on hard items scores higher, so ask for ``coverage`` too.

        Args:
            L: Label matrix [n, m]; -1 abstains.
            Y: Gold labels [n] or [n, 1]; -1 where unknown.
            metrics: ``accuracy``, ``coverage``, ``precision``, ``recall``, ``f1``, ``f1_micro``,
                ``f1_macro``, ``matthews_corrcoef``, ``roc_auc``.
            tie_break_policy: See :meth:`predict`.

        Raises:
            LabelMatrixError: A metric does not exist, or does not fit; votes and gold do not go together.
        """
        places, probabilities = self.predict(L, return_probs=True, tie_break_policy=tie_break_policy)
        return scores(Y, places, probabilities, list(metrics or ()))

    def save(self, destination: str | os.PathLike[str]) -> None:
        """Write the model to a file of JSON."""
        write_model(destination, type(self).__name__, self._state())

    def load(self, source: str | os.PathLike[str]) -> None:
        """Become the model that was saved to a file.

        Raises:
            InputError: The file is no model of this kind; Snorkel's own pickles are not read.
            OSError: There is no such file.
        """
        self._become(read_model(source, type(self).__name__))

    def _answers(self, found: Labels) -> npt.NDArray[np.bool_]:
        """Return bool [n]: on which items the model has anything to say."""
        return np.ones(len(found), np.bool_)

    def _state(self) -> dict[str, Any]:
        return dict(vars(self))

    def _become(self, state: dict[str, Any]) -> None:
        vars(self).update(state)


class RandomVoter(BaseLabeler):
    """Draws probabilities, the same ones for the same seed and number of items.

    Example:
        >>> voter = RandomVoter(seed=7)
        >>> voter.predict_proba([[0, -1], [1, 1]]).shape
        (2, 2)
    """

    def predict_proba(self, L: npt.ArrayLike) -> Probabilities:  # noqa: N803 - Snorkel's name
        """Return float [n, k], drawn and divided by their sum; votes do not matter."""
        drawn = np.random.default_rng(self.seed).random((len(np.asarray(L)), self.cardinality))
        return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


class MajorityClassVoter(BaseLabeler):
    """Gives every item the label that is most frequent, whatever the votes.

    Example:
        >>> voter = MajorityClassVoter()
        >>> voter.fit(balance=[0.8, 0.2])
        >>> voter.predict([[1, 1], [-1, -1]]).tolist()
        [0, 0]
    """

    balance: Probabilities | None = None

    def fit(self, balance: npt.ArrayLike, *_args: object, **_settings: object) -> None:
        """Take the share of each label.

        Args:
            balance: [k] shares or counts.
            _args: Nothing that matters.
            _settings: The same.

        Raises:
            LabelMatrixError: They are not k numbers.
        """
        found = np.asarray(balance, dtype=np.float64)
        if found.shape != (self.cardinality,) or not np.isfinite(found).all():
            raise LabelMatrixError(f"balance is {self.cardinality} numbers, not {balance!r:.80}.")
        self.balance = found

    def predict_proba(self, L: npt.ArrayLike) -> Probabilities:  # noqa: N803 - Snorkel's name
        """Return float [n, k]: one for the most frequent label, shared evenly where several are.

        Raises:
            NotFittedError: It was not told the shares.
        """
        if self.balance is None:
            raise NotFittedError("MajorityClassVoter does not know the shares.", remedy="call fit(balance=[...])")
        most = self.balance == self.balance.max()
        return np.tile(most / most.sum(), (len(np.asarray(L)), 1))


class MajorityLabelVoter(BaseLabeler):
    """Gives the label with the most votes.

    Items without votes get no label under any tie-break policy; Snorkel's draws one.

    Example:
        >>> voter = MajorityLabelVoter()
        >>> voter.predict_proba([[0, 0, 1], [0, 1, -1], [-1, -1, -1]]).tolist()
        [[1.0, 0.0], [0.5, 0.5], [0.5, 0.5]]
        >>> voter.predict([[0, 0, 1], [0, 1, -1], [-1, -1, -1]]).tolist()
        [0, -1, -1]
    """

    def predict_proba(self, L: npt.ArrayLike) -> Probabilities:  # noqa: N803 - Snorkel's name
        """Return float [n, k]: one for the label with the most votes, shared evenly where several have as many.

        Raises:
            LabelMatrixError: A cell of ``L`` is no label.
        """
        found = label_matrix(L, cardinality=self.cardinality)
        probabilities = np.empty((len(found), self.cardinality))
        for rows in blocks(len(found)):
            block = found[rows]
            counts = np.zeros((self.cardinality, len(block)), np.min_scalar_type(block.shape[1]))
            for column in block.T:
                for label, count in enumerate(counts):
                    count += column == label  # noqa: PLW2901 - it is added to in place
            most = counts == counts.max(axis=0)
            probabilities[rows] = (most / most.sum(axis=0)).T
        return probabilities

    def _answers(self, found: Labels) -> npt.NDArray[np.bool_]:
        return covered(found)


def checked_seed(seed: Any) -> int:  # noqa: ANN401 - anything may have been given
    """Return a seed as a plain number.

    Raises:
        SettingError: It is no whole number from 0 on; no seed is drawn by chance.
    """
    if not _is_number(seed) or seed < 0:
        raise SettingError(f"seed is a whole number from 0 on, not {seed!r:.60}.")
    return int(seed)


def warn_ignored(names: Iterable[str], what: str) -> None:
    """Warn once of all settings that change nothing here."""
    ignored = sorted(names)
    if ignored:
        warnings.warn(
            f"{what}: {', '.join(ignored)} change nothing here; they steer Snorkel's own optimiser.",
            IgnoredSettingWarning,
            stacklevel=3,
        )


def _is_number(value: Any) -> bool:  # noqa: ANN401 - anything may have been given
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _without_ties(probabilities: Probabilities, found: Labels, cardinality: int, policy: str, seed: int) -> Places:
    """Return the place of each row's highest probability; ties by the policy."""
    if policy not in POLICIES:
        raise LabelMatrixError(f"There is no tie-break policy {policy!r}.", remedy=f"use {', '.join(POLICIES)}")
    places = np.empty(len(probabilities), np.int64)
    for rows in blocks(len(probabilities)):
        block = probabilities[rows]
        highest = block.max(axis=1, keepdims=True)
        places[rows] = np.where((block > highest - TIE).sum(axis=1) > 1, -1, block.argmax(axis=1))
    tied = np.flatnonzero(places < 0)
    apart = POLICIES[policy]
    if apart is None or not len(tied):
        return places
    draws = row_hashes(vote_matrix(found[tied], cardinality), seed + apart)
    best = probabilities[tied] > probabilities[tied].max(axis=1, keepdims=True) - TIE
    chosen = (draws % best.sum(axis=1).astype(np.uint64)).astype(np.int64)
    places[tied] = (best & (best.cumsum(axis=1) == chosen[:, None] + 1)).argmax(axis=1)
    return places
