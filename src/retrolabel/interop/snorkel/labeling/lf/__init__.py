"""``snorkel.labeling.lf``."""

from retrolabel.interop.snorkel.functions import LabelingFunction, labeling_function

__all__ = ["LabelingFunction", "labeling_function"]
