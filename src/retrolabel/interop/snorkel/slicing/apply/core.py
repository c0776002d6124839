"""Appliers whose columns have names: the slices."""

from __future__ import annotations

from retrolabel.interop.snorkel.appliers import LFApplier, PandasLFApplier


class SFApplier(LFApplier):
    """Applies slicing functions to a list of data points; returns a record array, a field a slice.

    Example:
        >>> def is_big(x):
        ...     return x > 3
        >>> SFApplier([is_big]).apply([1, 5], progress_bar=False)["is_big"].tolist()
        [0, 1]
    """

    _named = True


class PandasSFApplier(PandasLFApplier):
    """Applies slicing functions to the rows of a frame; returns a record array, a field a slice."""

    _named = True
