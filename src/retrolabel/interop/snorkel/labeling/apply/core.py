"""``snorkel.labeling.apply.core``."""

from retrolabel.interop.snorkel.appliers import ApplierMetadata, BaseLFApplier, LFApplier

__all__ = ["ApplierMetadata", "BaseLFApplier", "LFApplier"]
