"""``snorkel.labeling.model.base_labeler``."""

from retrolabel.interop.snorkel.voters import BaseLabeler

__all__ = ["BaseLabeler"]
