"""Scores, and items by what is right or wrong of them: ``snorkel.analysis``."""

from retrolabel.interop.snorkel.analysis.error_analysis import get_label_buckets, get_label_instances
from retrolabel.interop.snorkel.analysis.metrics import metric_score
from retrolabel.interop.snorkel.analysis.scorer import Scorer

__all__ = ["Scorer", "get_label_buckets", "get_label_instances", "metric_score"]
