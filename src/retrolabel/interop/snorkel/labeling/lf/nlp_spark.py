"""Snorkel's nlp_labeling_function for Spark, which is out of scope: importing this says what to use."""

from retrolabel.interop.snorkel.refusals import OutOfScopeError

raise OutOfScopeError(
    "Snorkel's nlp_labeling_function for Spark is out of scope.",
    remedy="nlp_labeling_function of labeling.lf.nlp, with PandasParallelLFApplier",
)
