"""Slices of a set of items, and how well a model does on each: ``snorkel.slicing``.

What trains networks per slice (``SliceAwareClassifier``, ``SliceCombinerModule``, ``add_slice_labels``,
``convert_to_slice_tasks``) is out of scope, and says so when it is imported.
"""

from retrolabel.interop.snorkel.refusals import OutOfScopeError
from retrolabel.interop.snorkel.slicing.apply.core import PandasSFApplier, SFApplier
from retrolabel.interop.snorkel.slicing.monitor import slice_dataframe
from retrolabel.interop.snorkel.slicing.sf.core import SlicingFunction, slicing_function

__all__ = ["PandasSFApplier", "SFApplier", "SlicingFunction", "slice_dataframe", "slicing_function"]

_NETWORKS = {"SliceAwareClassifier", "SliceCombinerModule", "add_slice_labels", "convert_to_slice_tasks"}


def __getattr__(name: str) -> object:
    """Say what to use instead of what trains networks.

    Raises:
        OutOfScopeError: It belongs to the multitask classifier.
        AttributeError: There is no such name.
    """
    if name in _NETWORKS:
        raise OutOfScopeError(
            f"{name} is out of scope: it belongs to Snorkel's multitask classifier, which trains networks with torch.",
            remedy="Scorer.score_slices of analysis says how well a model does on each slice",
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
