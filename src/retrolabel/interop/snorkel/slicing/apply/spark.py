"""Snorkel's applier for Spark, which is out of scope: importing this says what to use."""

from retrolabel.interop.snorkel.refusals import OutOfScopeError

raise OutOfScopeError(
    "Snorkel's applier for Spark is out of scope.",
    remedy="PandasParallelSFApplier or DaskSFApplier of slicing.apply.dask, or keep Snorkel for Spark",
)
