"""What tells a fitted model from others: a hash of what it holds."""

from __future__ import annotations

import pickle
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from retrolabel.errors import LabelingFunctionError

if TYPE_CHECKING:
    from collections.abc import Mapping

ADDRESSES = frozenset({"_stop_words_id"})
"""What scikit-learn keeps of an object's place in memory: another one in each process."""


def content_of(model: object) -> Mapping[str, object]:
    """Return what tells a model from others: its class, the version of its package, a hash of what it holds.

    Args:
        model: Anything that can be pickled.

    Raises:
        LabelingFunctionError: It cannot be pickled, or not twice to the same.

    Example:
        >>> content_of(3)["class"], content_of([3]) == content_of([4])
        ('builtins.int', False)
    """
    kind = type(model)
    package = sys.modules.get(kind.__module__.partition(".")[0])
    remedy = 'classifier(..., version="1"), and raise it when the model changes'
    try:
        once = _again(model)  # how an array lies in memory settles when it is read back
        digest, after = (_hasher()(hash_name="sha1").hash(each) for each in (once, _again(once)))
    except Exception as error:
        raise LabelingFunctionError(
            f"The {kind.__name__} cannot be pickled, so nothing tells it from others: {error}.", remedy=remedy
        ) from error
    if digest != after:
        raise LabelingFunctionError(
            f"The {kind.__name__} is not the same after it was pickled, so nothing tells it from others.", remedy=remedy
        )
    return {
        "class": f"{kind.__module__}.{kind.__qualname__}",
        "package": str(getattr(package, "__version__", "")),
        "digest": digest,
    }


def _again(model: object) -> object:
    return pickle.loads(pickle.dumps(model, protocol=5))  # noqa: S301 - what was pickled just now


@cache
def _hasher() -> Any:  # noqa: ANN401 - a class of joblib's, which has no types
    """Return joblib's hasher, which knows arrays and the order of sets, without addresses in memory."""
    from joblib.hashing import NumpyHasher  # type: ignore[import-untyped]  # noqa: PLC0415 - scikit-learn brings it

    class Hasher(NumpyHasher):  # type: ignore[misc]  # it has no types
        def reducer_override(self, found: Any) -> Any:  # noqa: ANN401 - as pickle has it
            if not ADDRESSES & getattr(found, "__dict__", {}).keys():
                return NotImplemented
            make, arguments, state, *rest = found.__reduce_ex__(4)
            return (make, arguments, {name: state[name] for name in state if name not in ADDRESSES}, *rest)

    return Hasher
