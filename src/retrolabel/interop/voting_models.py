"""Files of trained models that vote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.end_models.voting import VotingModel
from retrolabel.errors import InputError
from retrolabel.interop.encoders import encoder_named

if TYPE_CHECKING:
    import os


def voting_model(path: str | os.PathLike[str]) -> VotingModel:
    """Return a trained model for :func:`retrolabel.classifier`; no code is read from its file.

    Of an item that it was trained on, and of those that say the same, it says what a model says that did not see them.

    Args:
        path: What ``retrolabel train TASK --voter FILE`` wrote: ``resource("model.npz")``.

    Raises:
        InputError: There is no such file.

    Example:
        >>> voting_model("no_such_model.npz")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        retrolabel.errors.InputError: no_such_model.npz cannot be read: ...
    """
    try:
        return VotingModel(Path(path).read_bytes(), encoder_named)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}.", remedy="retrolabel train TASK --voter FILE makes one"
        ) from error
