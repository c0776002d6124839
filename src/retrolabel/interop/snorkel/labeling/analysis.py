"""``snorkel.labeling.analysis``."""

from retrolabel.interop.snorkel.lf_analysis import LFAnalysis

__all__ = ["LFAnalysis"]
