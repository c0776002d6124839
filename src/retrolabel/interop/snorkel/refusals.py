"""What the drop-in raises: errors of retrolabel's that are also what Snorkel would have raised."""

from __future__ import annotations

from retrolabel.errors import (
    InputError,
    LabelingFunctionError,
    RetrolabelError,
    SettingsError,
    UndeclaredVoteError,
    VoteError,
)


class LabelMatrixError(VoteError, ValueError):
    """Votes, gold labels or a class balance that make no sense."""


class VoteValueError(UndeclaredVoteError, TypeError, ValueError):
    """A labeling function returned something that is no label's number."""


class LabelingFunctionValueError(LabelingFunctionError, ValueError):
    """Labeling functions that cannot be made, or cannot be applied together."""


class SettingError(SettingsError, TypeError, ValueError):
    """A setting that does not exist, or a value that it cannot have.

    Python's own error for it was a ``ValueError`` up to 3.12 and a ``TypeError`` since, so it is both.
    """


class NotFittedError(VoteError, AttributeError, ValueError):
    """A model was asked before it was fitted."""


class IgnoredSettingWarning(UserWarning):
    """Settings that are taken for Snorkel's sake, and change nothing here."""


class DataPointsError(InputError, TypeError, ValueError):
    """Items in a form that an applier does not take, or without the column that a preprocessor reads."""


class NoColumnError(DataPointsError, AttributeError):
    """A data point lacks a column; an ``AttributeError`` too, as in Snorkel."""


class MissingModelError(LabelingFunctionError, OSError):
    """A model of spaCy's that is not installed here."""


class OutOfScopeError(RetrolabelError, ImportError):
    """A part of Snorkel that the drop-in leaves out on purpose; the remedy says what to use."""
