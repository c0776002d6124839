"""Slicing functions: whether an item belongs to a slice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.interop.snorkel.functions import LabelingFunction, labeling_function

if TYPE_CHECKING:
    from collections.abc import Callable


class SlicingFunction(LabelingFunction):
    """A function from a data point to whether it belongs to a slice; its arguments are a labeling function's."""


class slicing_function(labeling_function):  # noqa: N801 - Snorkel's name
    """Make a slicing function of the function below; its arguments are those of ``labeling_function``.

    Example:
        >>> from types import SimpleNamespace
        >>> @slicing_function()
        ... def is_short(x):
        ...     return len(x.body.split()) < 3
        >>> is_short(SimpleNamespace(body="a crash")), is_short
        (True, SlicingFunction is_short, Preprocessors: [])
    """

    def __call__(self, f: Callable[..., int]) -> SlicingFunction:
        """Return the slicing function."""
        return SlicingFunction(self.name or f.__name__, f, self.resources, self.pre)
