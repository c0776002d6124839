"""``snorkel.labeling.apply.pandas``."""

from retrolabel.interop.snorkel.appliers import ApplierMetadata, PandasLFApplier

__all__ = ["ApplierMetadata", "PandasLFApplier"]
