"""``snorkel.labeling.model.baselines``."""

from retrolabel.interop.snorkel.voters import MajorityClassVoter, MajorityLabelVoter, RandomVoter

__all__ = ["MajorityClassVoter", "MajorityLabelVoter", "RandomVoter"]
