"""``snorkel.labeling.model``."""

from retrolabel.interop.snorkel.label_model import LabelModel
from retrolabel.interop.snorkel.voters import MajorityClassVoter, MajorityLabelVoter, RandomVoter

__all__ = ["LabelModel", "MajorityClassVoter", "MajorityLabelVoter", "RandomVoter"]
