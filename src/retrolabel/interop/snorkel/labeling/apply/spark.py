"""Snorkel's applier for Spark, which is out of scope: importing this says what to use."""

from retrolabel.interop.snorkel.refusals import OutOfScopeError

raise OutOfScopeError(
    "Snorkel's applier for Spark is out of scope.",
    remedy="PandasParallelLFApplier or DaskLFApplier of labeling.apply.dask, or keep Snorkel for Spark",
)
