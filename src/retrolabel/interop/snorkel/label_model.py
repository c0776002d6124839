"""Snorkel's LabelModel by name and shape, with retrolabel's label model inside."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.interop.snorkel.matrices import covered, gold_labels, label_matrix, vote_matrix
from retrolabel.interop.snorkel.refusals import LabelMatrixError, NotFittedError, SettingError
from retrolabel.interop.snorkel.voters import BaseLabeler, checked_seed, warn_ignored
from retrolabel.label_models.fitted import FittedLabelModel
from retrolabel.label_models.label_model import LabelModel as OurLabelModel
from retrolabel.label_models.sampling import fitted_patterns

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from retrolabel.interop.snorkel.matrices import Labels
    from retrolabel.votes import Patterns, VoteMatrix

    Floats = npt.NDArray[np.float64]

OPTIMISER = {
    "n_epochs", "lr", "l2", "optimizer", "optimizer_config", "lr_scheduler", "lr_scheduler_config", "prec_init",
    "log_freq", "mu_eps",
}  # fmt: skip
"""What Snorkel's ``fit`` may be told, besides the seed."""
CHOICES = {
    "optimizer": ("sgd", "adam", "adamax"),
    "lr_scheduler": ("constant", "linear", "exponential", "step"),
}
ROUNDED = 0.01
"""How far a class balance that was rounded by hand may be from a sum of 1."""


class LabelModel(BaseLabeler):
    """Learns how far each labeling function can be trusted, and gives each item its probabilities.

    It is :class:`retrolabel.LabelModel`: deterministic, one pass over the distinct rows, without an
    optimiser to tune. The settings of Snorkel's optimiser are taken, and a warning says that they
    change nothing. Two labeling functions, or one, are enough.

    Args:
        cardinality: The number of labels, k; two or more.
        verbose: Nothing is printed either way.
        device: It always computes on the CPU; anything else is warned of.
        settings: There are no others.

    Raises:
        SettingError: A setting does not exist, or the cardinality is none.

    Example:
        >>> L = np.array([[0, 0, -1], [0, 0, 1], [1, 1, 1], [-1, 1, 1], [-1, -1, -1]])
        >>> label_model = LabelModel(cardinality=2)
        >>> label_model.fit(L)
        >>> label_model.predict(L).tolist()
        [0, 0, 1, 1, -1]
        >>> label_model.predict_proba(L)[4].tolist()
        [0.5, 0.5]
        >>> label_model.get_conditional_probs().shape
        (3, 3, 2)
    """

    def __init__(self, cardinality: int = 2, verbose: bool = True, device: str = "cpu", **settings: object) -> None:
        if settings:
            raise _unknown_settings(settings, "LabelModel", ["verbose", "device"])
        super().__init__(cardinality)
        self.verbose = verbose
        self.device = device
        self._fitted: FittedLabelModel | None = None
        self._counts: Floats = np.zeros((0, self.cardinality + 1, self.cardinality))

    def fit(
        self,
        L_train: npt.ArrayLike,  # noqa: N803 - Snorkel's name
        Y_dev: npt.ArrayLike | None = None,  # noqa: N803 - the same
        class_balance: npt.ArrayLike | None = None,
        progress_bar: bool = True,  # noqa: ARG002 - there is nothing to wait for
        **settings: Any,  # noqa: ANN401 - Snorkel's settings are of all kinds
    ) -> None:
        """Learn from a label matrix; the global random generators are left alone.

        Args:
            L_train: Label matrix [n, m]; -1 abstains.
            Y_dev: Gold labels, of other items too; -1 where unknown. As in Snorkel, nothing but
                their shares is used, and only where there is no class balance.
            class_balance: [k] shares of the labels, which sum to 1; uniform if there is neither.
            progress_bar: Nothing is shown either way.
            settings: ``seed``, which is 0 unless given, and the settings of Snorkel's optimiser.

        Raises:
            LabelMatrixError: A cell is no label; the class balance is none, or ``Y_dev`` lacks a label.
            SettingError: A setting does not exist, or cannot have this value.
        """
        seed = checked_seed(settings.pop("seed", 0))
        found = label_matrix(L_train, cardinality=self.cardinality, name="L_train")
        _check_settings(settings, found.shape[1])
        warn_ignored([*settings, *(["device"] if self.device != "cpu" else [])], "LabelModel.fit")
        votes = vote_matrix(found, self.cardinality)
        balance = self._balance(class_balance, Y_dev)
        model = OurLabelModel(class_prior=None if balance is None else balance.tolist(), seed=seed)
        fitted = model.fit(votes)
        self.seed = seed
        self._fitted = fitted
        self._counts = _expected(fitted, fitted_patterns(votes, seed=seed), int((~covered(found)).sum()))

    def predict_proba(self, L: npt.ArrayLike) -> Floats:  # noqa: N803 - Snorkel's name
        """Return probabilities, float [n, k]; an item without votes keeps the class balance.

        Raises:
            LabelMatrixError: A cell is no label, or there are not as many columns as were fitted.
            NotFittedError: It was not fitted.
        """
        return np.asarray(self.fitted.predict_proba(self._votes(label_matrix(L, cardinality=self.cardinality))))

    def get_conditional_probs(self) -> Floats:
        """Return float [m, k + 1, k]: how often each one abstains (row 0) or votes l (row l + 1), given the label.

        They are the shares that the fitted probabilities speak for, over all items of the fit; each
        column sums to 1. What the model itself multiplies is held closer to its prior. A label that
        the fit gave to no item has abstentions only.

        Raises:
            NotFittedError: It was not fitted.
        """
        _ = self.fitted
        totals = self._counts.sum(axis=1, keepdims=True)
        never = np.zeros_like(self._counts)
        never[:, 0, :] = 1.0
        return np.asarray(np.divide(self._counts, totals, out=never, where=totals > 0))

    def get_weights(self) -> Floats:
        """Return float [m]: how probable it is, on average, that a vote of each labeling function is right.

        It is an average over its votes in the fit. One that never voted has what is assumed of all of
        them beforehand.

        Raises:
            NotFittedError: It was not fitted.

        Example:
            >>> model = LabelModel()
            >>> model.fit([[0, 0, 1], [0, 0, 1], [1, 1, 0], [1, 1, -1], [1, 1, 0]])
            >>> model.get_weights().round(1).tolist()
            [0.9, 0.9, 0.1]
        """
        unseen = np.full(len(self.fitted.voters), self.fitted.base_precision)
        votes = self._counts[:, 1:, :]
        emitted = votes.sum(axis=(1, 2))
        right = np.trace(votes, axis1=1, axis2=2)
        return np.asarray(np.divide(right, emitted, out=unseen, where=emitted > 0))

    @property
    def fitted(self) -> FittedLabelModel:
        """The fitted model of retrolabel's, for what Snorkel has no name for, as its ``evidence``.

        Raises:
            NotFittedError: It was not fitted.
        """
        if self._fitted is None:
            raise NotFittedError("This LabelModel was not fitted.", remedy="call fit(L_train), or load(path)")
        return self._fitted

    def _votes(self, found: Labels) -> VoteMatrix:
        fitted = len(self.fitted.voters)
        if found.shape[1] != fitted:
            raise LabelMatrixError(
                f"L has {found.shape[1]} columns; the model was fitted on {fitted} labeling functions."
            )
        return vote_matrix(found, self.cardinality)

    def _answers(self, found: Labels) -> npt.NDArray[np.bool_]:
        return covered(found)

    def _balance(self, given: npt.ArrayLike | None, gold: npt.ArrayLike | None) -> Floats | None:
        k = self.cardinality
        if given is not None:
            balance = np.asarray(given, dtype=np.float64)
            if balance.shape != (k,):
                raise LabelMatrixError(f"class_balance has {balance.size} entries. There are {k} labels.")
            what = "class_balance"
        elif gold is not None:
            places = gold_labels(gold, cardinality=k, name="Y_dev")
            balance = np.bincount(places[places >= 0], minlength=k) / max(1, int((places >= 0).sum()))
            what = "Y_dev"
        else:
            return None
        if not (np.isfinite(balance).all() and balance.min() >= 0 and abs(balance.sum() - 1) <= ROUNDED):
            raise LabelMatrixError(f"{what} gives the shares {balance.tolist()}, which do not sum to 1.")
        if not balance.all():
            none = ", ".join(map(str, np.flatnonzero(balance == 0)))
            raise LabelMatrixError(
                f"{what}: the class balance is 0 for the label(s) {none}; no vote could ever lead there.",
                remedy="give class_balance with a small share for them, or lower the cardinality",
            )
        return np.asarray(balance / balance.sum())

    def _state(self) -> dict[str, Any]:
        fitted = self._fitted
        inside = None if fitted is None else {each.name: getattr(fitted, each.name) for each in fields(fitted)}
        return {**vars(self), "_fitted": inside}

    def _become(self, state: dict[str, Any]) -> None:
        inside = state["_fitted"]
        super()._become({**state, "_fitted": None if inside is None else FittedLabelModel(**inside)})


def _expected(fitted: FittedLabelModel, patterns: Patterns, silent: int) -> Floats:
    """Return float [m, k + 1, k]: on how many items of each label each voter abstains or votes each label.

    Args:
        fitted: The fitted model.
        patterns: What it was fitted on.
        silent: How many items had no votes.
    """
    k = len(fitted.labels)
    weight = patterns.counts[:, None] * fitted.predict_proba(patterns)
    expected = np.zeros((patterns.codes.shape[1], k + 1, k))
    for table, column in zip(expected, patterns.codes.T, strict=True):
        for label in range(k):
            table[:, label] = np.bincount(column, weights=weight[:, label], minlength=k + 1)
    expected[:, 0, :] += silent * fitted.without_votes
    return expected


def _check_settings(settings: Mapping[str, Any], lfs: int) -> None:
    """Refuse what Snorkel refuses."""
    unknown = {name: value for name, value in settings.items() if name not in OPTIMISER}
    if unknown:
        raise _unknown_settings(unknown, "LabelModel.fit", sorted({*OPTIMISER, "seed"}))
    for name, choices in CHOICES.items():
        value = settings.get(name, choices[0])
        if value not in choices:
            said = name.replace("_", " ")
            raise SettingError(f"Unrecognized {said} option {value!r}.", remedy=f"{name} is {', '.join(choices)}")
    precision = settings.get("prec_init", 0.7)
    if isinstance(precision, (str, bytes)) or not np.issubdtype(np.asarray(precision).dtype, np.number):
        raise SettingError(f"prec_init is a number, or one for each labeling function, not {precision!r:.60}.")
    if np.ndim(precision) and np.shape(precision) != (lfs,):
        raise SettingError(f"prec_init must have shape {lfs}; it has {np.shape(precision)}.")


def _unknown_settings(unknown: Mapping[str, object], what: str, known: list[str]) -> SettingError:
    return SettingError(f"{what} has no setting {', '.join(unknown)}.", remedy=f"it has {', '.join(known)}")
