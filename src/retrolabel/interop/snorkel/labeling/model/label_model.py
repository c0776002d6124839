"""``snorkel.labeling.model.label_model``."""

from retrolabel.interop.snorkel.label_model import LabelModel

__all__ = ["LabelModel"]
