"""Saved models of the drop-in: JSON, so that loading one runs no code of the file's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import InputError

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

FORMAT = "retrolabel snorkel drop-in 1"


def write_model(destination: str | os.PathLike[str], kind: str, state: Mapping[str, Any]) -> None:
    """Write what a model is made of; floats keep every bit."""
    text = json.dumps({"format": FORMAT, "model": kind, "state": to_plain(dict(state))})
    Path(destination).write_text(text, encoding="utf-8")


def read_model(source: str | os.PathLike[str], kind: str) -> dict[str, Any]:
    """Return what a model is made of.

    Raises:
        InputError: The file is no model of this kind; Snorkel's own files, which are pickles, are not read.
        OSError: There is no such file.
    """
    content = Path(source).read_bytes()
    try:
        found = json.loads(content)
        known = found["format"] == FORMAT
    except (ValueError, TypeError, KeyError):
        found, known = {}, False
    if not known:
        raise InputError(
            f"{source} is no saved model of retrolabel's.",
            remedy="Snorkel's own files are pickles, which may run anything: fit the model again and save it",
        )
    if found.get("model") != kind:
        raise InputError(f"{source} holds a {found.get('model')}, not a {kind}.")
    try:
        state: dict[str, Any] = from_plain(found["state"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{source} is damaged: {error!r}.", remedy="fit the model again and save it") from error
    return state


def to_plain(value: Any) -> Any:  # noqa: ANN401 - any value that a model is made of
    """Return a value as JSON can hold it.

    Example:
        >>> from_plain(to_plain({("a", 1): np.array([0.1])}))
        {('a', 1): array([0.1])}
    """
    if isinstance(value, np.ndarray):
        return {"array": value.ravel().tolist(), "type": value.dtype.str, "shape": list(value.shape)}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {"pairs": [[to_plain(key), to_plain(each)] for key, each in value.items()]}
    if isinstance(value, tuple):
        return {"tuple": [to_plain(each) for each in value]}
    return value


def from_plain(value: Any) -> Any:  # noqa: ANN401 - the same
    """Return what :func:`to_plain` was given."""
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return np.array(value["array"], dtype=np.dtype(value["type"])).reshape(value["shape"])
    if "pairs" in value:
        return {from_plain(key): from_plain(each) for key, each in value["pairs"]}
    return tuple(from_plain(each) for each in value["tuple"])
