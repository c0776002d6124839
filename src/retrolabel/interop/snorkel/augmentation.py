"""Snorkel's transformation functions, which are out of scope: importing this says what to use."""

from retrolabel.interop.snorkel.refusals import OutOfScopeError

raise OutOfScopeError(
    "Data augmentation (snorkel.augmentation) is out of scope: it makes new items; retrolabel labels those that exist.",
    remedy="keep Snorkel for it, on the labelled items: from snorkel.augmentation import ...",
)
