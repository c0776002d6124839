"""Appliers of slicing functions that work in parallel: ``snorkel.slicing.apply.dask``."""

from __future__ import annotations

from retrolabel.interop.snorkel.labeling.apply.dask import DaskLFApplier, PandasParallelLFApplier


class DaskSFApplier(DaskLFApplier):
    """Applies slicing functions to the partitions of a Dask frame; returns a record array, a field a slice."""

    _named = True


class PandasParallelSFApplier(PandasParallelLFApplier):
    """Applies slicing functions to a pandas frame, in parallel; returns a record array, a field a slice."""

    _named = True
