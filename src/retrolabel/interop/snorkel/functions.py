"""Labeling functions as Snorkel has them, where Snorkel is not installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.interop.snorkel.refusals import LabelingFunctionValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class LabelingFunction:
    """A function from a data point to a label's number, or to -1.

    Args:
        name: Its name.
        f: The function; it gets the data point, and the resources by name.
        resources: What the function needs besides.
        pre: Preprocessors, Snorkel's or any callables: each gets what the one before returned.

    Example:
        >>> from types import SimpleNamespace
        >>> breaks = LabelingFunction("breaks", lambda x, words: 0 if x.body in words else -1, {"words": {"crash"}})
        >>> breaks(SimpleNamespace(body="crash")), breaks
        (0, LabelingFunction breaks, Preprocessors: [])
    """

    def __init__(
        self,
        name: str,
        f: Callable[..., int],
        resources: Mapping[str, Any] | None = None,
        pre: Iterable[Callable[[Any], Any]] | None = None,
    ) -> None:
        self.name = name
        self._f = f
        self._resources = dict(resources or {})
        self._pre = list(pre or [])

    def __call__(self, x: Any) -> int:  # noqa: ANN401 - any data point
        """Return what the function says of a data point.

        Raises:
            LabelingFunctionValueError: A preprocessor returned nothing.
            Exception: Whatever the function or a preprocessor raises.
        """
        for preprocessor in self._pre:
            x = preprocessor(x)
            if x is None:
                raise LabelingFunctionValueError(
                    f"{self.name}: the preprocessor {preprocessor!r:.60} returned None.",
                    remedy="return the data point",
                )
        return self._f(x, **self._resources)

    def __repr__(self) -> str:
        """Return the name and the preprocessors."""
        return f"{type(self).__name__} {self.name}, Preprocessors: {self._pre}"


class labeling_function:  # noqa: N801 - Snorkel's name
    """Make a labeling function of the function below.

    Args:
        name: Its name; the function's if left out.
        resources: What the function needs besides the data point, by name.
        pre: Preprocessors that the data point goes through first.

    Raises:
        LabelingFunctionValueError: The parentheses were forgotten.

    Example:
        >>> from types import SimpleNamespace
        >>> @labeling_function(resources={"words": {"crash"}})
        ... def breaks(x, words):
        ...     return 0 if x.body in words else -1
        >>> breaks.name, breaks(SimpleNamespace(body="thanks"))
        ('breaks', -1)
    """

    def __init__(
        self,
        name: str | None = None,
        resources: Mapping[str, Any] | None = None,
        pre: Iterable[Callable[[Any], Any]] | None = None,
    ) -> None:
        if callable(name):
            own = type(self).__name__
            raise LabelingFunctionValueError(f"{own}: missing parentheses.", remedy=f"write @{own}()")
        self.name = name
        self.resources = resources
        self.pre = pre

    def __call__(self, f: Callable[..., int]) -> LabelingFunction:
        """Return the labeling function."""
        return LabelingFunction(self.name or f.__name__, f, self.resources, self.pre)


def name_of(lf: object) -> str:
    """Return the name of a labeling function: its own, or that under which a plain function was defined.

    Raises:
        LabelingFunctionValueError: It has none, or cannot be called.

    Example:
        >>> name_of(LabelingFunction("breaks", len)), name_of(len)
        ('breaks', 'len')
    """
    name = getattr(lf, "name", None) or getattr(lf, "__name__", None)
    if not callable(lf) or not name:
        raise LabelingFunctionValueError(
            f"{lf!r:.80} is no labeling function.", remedy="it needs a name, and to be called with a data point"
        )
    return str(name)
