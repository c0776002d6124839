"""``snorkel.labeling.utils``."""

from retrolabel.interop.snorkel.matrices import filter_unlabeled_dataframe

__all__ = ["filter_unlabeled_dataframe"]
