"""Snorkel's mapper for Spark, which is out of scope: importing this says what to use."""

from retrolabel.interop.snorkel.refusals import OutOfScopeError

raise OutOfScopeError(
    "Snorkel's mapper for Spark is out of scope.",
    remedy="lambda_mapper of map, with PandasParallelLFApplier",
)
