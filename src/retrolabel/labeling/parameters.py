"""What the parameters of an author's function say: the columns and features that it reads."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from retrolabel.errors import LabelingFunctionError

if TYPE_CHECKING:
    from collections.abc import Callable

WHOLE_ROW = "x"
"""A parameter of this name gets the whole item, with its columns as attributes, as in Snorkel."""


def columns_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the columns that a function's parameters name; those with a default are settings.

    Raises:
        LabelingFunctionError: It takes ``*args`` or ``**kwargs``, nothing at all, or ``x`` among others.
    """
    parameters = inspect.signature(function).parameters.values()
    name = getattr(function, "__name__", repr(function))
    if any(parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) for parameter in parameters):
        raise LabelingFunctionError(
            f"{name}: *args and **kwargs name no columns.",
            remedy="name the columns that it reads, e.g. (comment, rating)",
        )
    required = [parameter for parameter in parameters if parameter.default is parameter.empty]
    if any(parameter.kind is parameter.KEYWORD_ONLY for parameter in required):
        raise LabelingFunctionError(f"{name}: columns are ordinary parameters.", remedy="drop the * before them")
    columns = tuple(parameter.name for parameter in required)
    if not columns:
        raise LabelingFunctionError(
            f"{name} has no parameter, so it reads nothing.", remedy="name the column that it looks at, e.g. (comment)"
        )
    if WHOLE_ROW in columns and len(columns) > 1:
        raise LabelingFunctionError(
            f"{name}: the parameter x is the whole row, and stands alone.", remedy="name the columns instead of x"
        )
    return columns
