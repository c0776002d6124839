"""Labeling functions, appliers and their analysis: ``snorkel.labeling``."""

from retrolabel.interop.snorkel.appliers import LFApplier, PandasLFApplier
from retrolabel.interop.snorkel.functions import LabelingFunction, labeling_function
from retrolabel.interop.snorkel.lf_analysis import LFAnalysis
from retrolabel.interop.snorkel.matrices import filter_unlabeled_dataframe

__all__ = [
    "LFAnalysis",
    "LFApplier",
    "LabelingFunction",
    "PandasLFApplier",
    "filter_unlabeled_dataframe",
    "labeling_function",
]
