"""A trained model as a voter: what ``retrolabel.classifier`` asks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.end_models.model import EndModel
from retrolabel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from retrolabel.end_models.encoders import Encoder


@dataclass(frozen=True, eq=False, repr=False)
class VotingModel:
    """A trained model that says of each item what a model says that did not see it.

    Attributes:
        content: The bytes of a model that was trained with folds.
        find: Looks for the encoders that it reads texts by.
    """

    content: bytes
    find: Callable[[str], Encoder] | None = None

    @cached_property
    def model(self) -> EndModel:
        """The model.

        Raises:
            CorruptionError: The bytes are something else.
        """
        return EndModel.from_bytes(self.content, find=self.find)

    @property
    def classes_(self) -> npt.NDArray[np.str_]:
        """The ids of its labels, in the order of its probabilities."""
        return np.array(self.model.labels)

    def predict_proba(self, items: Any) -> npt.NDArray[np.float64]:  # noqa: ANN401 - texts, or a frame
        """Return the probability of each label, float [n, k].

        Args:
            items: Texts, where the model reads one column; else a frame with its columns.

        Raises:
            InputError: A column that it reads is not there, or it has no folds.
        """
        model = self.model
        if hasattr(items, "columns"):
            lacking = [name for name in model.columns if name not in items.columns]
            if lacking:
                raise InputError(f"The model reads {', '.join(lacking)} too.", remedy=f"column={list(model.columns)}")
            return model.predict_unseen(items[list(model.columns)].to_numpy(object).tolist())
        if len(model.columns) != 1:
            raise InputError(
                f"The model reads {', '.join(model.columns)}, and one column was given.",
                remedy=f"column={list(model.columns)}",
            )
        return model.predict_unseen([[each] for each in items])

    def identity(self) -> Mapping[str, object]:
        """Return what tells it from others: the hash of its bytes."""
        return {"end_model": hashlib.sha256(self.content).hexdigest()}

    def __repr__(self) -> str:
        """Return what it was trained on."""
        about = self.model.about
        return f"VotingModel({about['task']}, label set {about['label_set'][:12]})"
