"""Snorkel's preprocessor for Spark, which is out of scope: importing this says what to use."""

from retrolabel.interop.snorkel.refusals import OutOfScopeError

raise OutOfScopeError(
    "Snorkel's preprocessor for Spark is out of scope.",
    remedy="preprocessor of preprocess, with PandasParallelLFApplier",
)
