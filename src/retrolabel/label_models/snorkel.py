"""Snorkel's own LabelModel behind our protocol, for those who want to compare or to stay with it."""

from __future__ import annotations

import random
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import MissingExtraError, VoteError
from retrolabel.label_models.gold import gold_prior, gold_totals
from retrolabel.label_models.protocol import check_votes
from retrolabel.votes import Patterns, VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from retrolabel.label_models.gold import Gold
    from retrolabel.label_models.protocol import Probabilities

FEWEST_LFS = 3


@dataclass(frozen=True, kw_only=True)
class SnorkelLabelModel:
    """Snorkel 0.10's matrix-completion label model (Ratner et al. 2019).

    It knows single labels only: a vote for a set abstains. It is fitted on covered items; items
    without votes get the uniform distribution, not its majority class. The state of the global
    random generators is put back, which Snorkel itself leaves reseeded.

    Args:
        n_epochs: Passes of its optimiser.
        lr: Its learning rate.
        seed: Its seed; fixed, so that a run can be repeated.
    """

    n_epochs: int = 100
    lr: float = 0.01
    seed: int = 0
    name: str = "snorkel"

    def settings(self) -> dict[str, Any]:
        """Return the settings and the versions of the packages that do the numerics."""
        return {**asdict(self), "snorkel": _version("snorkel"), "torch": _version("torch")}

    @property
    def uses_gold(self) -> bool:
        """Gold gives Snorkel its class balance."""
        return True

    def fit(self, votes: VoteMatrix | Patterns, gold: Gold | None = None) -> FittedSnorkelLabelModel:
        """Return the fitted model.

        Args:
            votes: n items x m voters, or their U patterns; not changed.
            gold: Labels of a random sample of the items: int [n] with -1 where unknown, or counts [U, k].

        Raises:
            MissingExtraError: Snorkel is not installed.
            VoteError: There are fewer than three labeling functions, or no votes.
        """
        try:
            from snorkel.labeling.model import LabelModel as SnorkelsModel  # noqa: PLC0415 - optional and slow
        except ImportError:
            raise MissingExtraError("snorkel", "snorkel", "The label model 'snorkel'") from None
        if len(votes.voters) < FEWEST_LFS:
            raise VoteError(f"Snorkel's LabelModel needs three labeling functions, got {len(votes.voters)}.")
        ints = _as_ints(votes)
        if isinstance(votes, Patterns):
            ints = np.repeat(ints, votes.counts.astype(np.int64), axis=0)
        ints = ints[(ints >= 0).any(axis=1)]
        if not len(ints):
            raise VoteError("Snorkel's LabelModel needs at least one vote for a single label.")
        totals = gold_totals(votes, gold) if gold is not None else np.zeros(len(votes.labels))
        balance = gold_prior(totals).tolist() if totals.sum() > 0 else None
        with _left_alone():
            model = SnorkelsModel(cardinality=len(votes.labels), verbose=False)
            model.fit(
                ints, class_balance=balance, n_epochs=self.n_epochs, lr=self.lr, seed=self.seed, progress_bar=False
            )
        return FittedSnorkelLabelModel(votes.labels, votes.voters, model)


@dataclass(frozen=True, eq=False)
class FittedSnorkelLabelModel:
    """A fitted model of Snorkel's; it is used for reading only."""

    labels: tuple[str, ...]
    voters: tuple[str, ...]
    model: Any

    def predict_proba(self, votes: VoteMatrix | Patterns) -> Probabilities:
        """Return float [n, k]; uniform where no vote names a single label."""
        check_votes(votes, self.labels, self.voters)
        ints = _as_ints(votes)
        covered = (ints >= 0).any(axis=1)
        probabilities = np.full((len(ints), len(self.labels)), 1 / len(self.labels))
        if covered.any():
            with _left_alone():
                probabilities[covered] = self.model.predict_proba(ints[covered])
        return np.asarray(probabilities / probabilities.sum(axis=1, keepdims=True))

    def parameters(self) -> dict[str, Any]:
        """Return Snorkel's weight of each labeling function."""
        return {"weights": dict(zip(self.voters, map(float, self.model.get_weights()), strict=True))}


def _as_ints(votes: VoteMatrix | Patterns) -> npt.NDArray[np.int64]:
    return VoteMatrix(votes.codes, votes.labels, votes.symbols, votes.voters).to_ints()


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


@contextmanager
def _left_alone() -> Iterator[None]:
    """Give torch one thread, for these matrices are small; put random states and threads back afterwards."""
    import torch  # noqa: PLC0415 - comes with Snorkel, and is slow

    states = random.getstate(), np.random.get_state(), torch.random.get_rng_state()  # noqa: NPY002 - put back below
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002 - Snorkel seeds the global generator
        torch.random.set_rng_state(states[2])
        torch.set_num_threads(threads)
