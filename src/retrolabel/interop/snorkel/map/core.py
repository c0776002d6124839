"""Mappers: what is worked out once of a data point, for all functions that need it."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Hashable, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.errors import did_you_mean
from retrolabel.interop.snorkel.refusals import DataPointsError, LabelingFunctionValueError, NoColumnError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from retrolabel.interop.snorkel.types import DataPoint, FieldMap, HashingFunction


def get_parameters(f: Callable[..., Any], allow_args: bool = False, allow_kwargs: bool = False) -> list[str]:
    """Return the names of a function's parameters that may be given by place.

    Args:
        f: The function.
        allow_args: Whether it may have ``*args``.
        allow_kwargs: Whether it may have ``**kwargs``.

    Raises:
        LabelingFunctionValueError: It has what it may not have.

    Example:
        >>> get_parameters(lambda title, body: title + body)
        ['title', 'body']
    """
    found = inspect.getfullargspec(f)
    for stars, rest, allowed in (("*", found.varargs, allow_args), ("**", found.varkw, allow_kwargs)):
        if rest is not None and not allowed:
            raise LabelingFunctionValueError(
                f"{getattr(f, '__qualname__', f)} has {stars}{rest}, so nothing says which columns it reads.",
                remedy="name its parameters after the columns",
            )
    return list(found.args)


def is_hashable(obj: object) -> bool:
    """Return whether an object can be a key; some have a ``__hash__`` and refuse all the same.

    Example:
        >>> is_hashable("a"), is_hashable(["a"]), is_hashable(pd.Series([1]))
        (True, False, False)
    """
    try:
        hash(obj)
    except Exception:  # noqa: BLE001 - it may raise what it likes
        return False
    return True


def get_hashable(obj: Any) -> Hashable:  # noqa: ANN401 - any data point
    """Return a key that data points with the same content share; the index of a pandas row is no content.

    Args:
        obj: Anything hashable, or made of namespaces, rows, dicts, lists and arrays.

    Raises:
        DataPointsError: It holds something else.

    Example:
        >>> get_hashable(SimpleNamespace(words=["a", "b"])) == get_hashable(pd.Series({"words": ["a", "b"]}))
        True
    """
    if is_hashable(obj):
        return obj  # type: ignore[no-any-return]  # it was just asked
    if isinstance(obj, SimpleNamespace):
        obj = vars(obj)
    if isinstance(obj, (Mapping, pd.Series)):
        return frozenset((name, get_hashable(value)) for name, value in obj.items())
    if isinstance(obj, (list, tuple)):
        return tuple(map(get_hashable, obj))
    if isinstance(obj, (set, frozenset)):
        return frozenset(map(get_hashable, obj))
    if isinstance(obj, np.ndarray):
        return obj.shape, obj.dtype.str, obj.tobytes() if obj.dtype != np.object_ else get_hashable(obj.tolist())
    raise DataPointsError(
        f"A {type(obj).__name__} cannot be a key, so it is not known whether it was seen before.",
        remedy="give memoize_key=, a function from a data point to a key; or memoize=False",
    )


class BaseMapper:
    """What all mappers do: copy the data point, run those before, and remember.

    Memory has no end, as in Snorkel; ``reset_cache`` empties it, and it does not travel to other processes.

    Args:
        name: Its name.
        pre: Mappers that run before it.
        memoize: Remember what came of each data point. What it gives then is one object for all that ask.
        memoize_key: From a data point to the key by which it is remembered; ``get_hashable`` if left out.
    """

    def __init__(
        self,
        name: str,
        pre: Iterable[Callable[[Any], Any]],
        memoize: bool,
        memoize_key: HashingFunction | None = None,
    ) -> None:
        self.name = name
        self._pre = list(pre)
        self._memoize_key = memoize_key or get_hashable
        self.memoize = memoize
        self.reset_cache()

    def reset_cache(self) -> None:
        """Forget all data points."""
        self._cache: dict[Hashable, DataPoint] = {}

    def __call__(self, x: DataPoint) -> DataPoint:
        """Return the data point as it is afterwards; the one that was given is left as it is.

        Raises:
            Exception: Whatever the function raises, or pickling a data point that cannot be copied.
        """
        key: Hashable = None
        if self.memoize:
            key = self._memoize_key(x)
            if key in self._cache:
                return self._cache[key]
        mapped = pickle.loads(pickle.dumps(x))  # noqa: S301 - just pickled; deepcopy leaves what a pandas row holds
        for mapper in self._pre:
            mapped = mapper(mapped)
        mapped = self._generate_mapped_data_point(mapped)
        if self.memoize:
            self._cache[key] = mapped
        return mapped

    def __repr__(self) -> str:
        """Return the name, and what runs before."""
        return f"{type(self).__name__} {self.name}, Pre: {self._pre}"

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels to other processes: all but the memory."""
        return {**vars(self), "_cache": {}}

    def _generate_mapped_data_point(self, x: DataPoint) -> DataPoint:
        raise NotImplementedError


class Mapper(BaseMapper):
    """A mapper with a ``run`` of its own: from columns to new columns.

    Args:
        name: Its name.
        field_names: Parameter of ``run`` -> column; the names of its parameters if left out.
        mapped_field_names: Name in what ``run`` returns -> column; the same name if left out.
        pre: Mappers that run before it.
        memoize: Remember what came of each data point.
        memoize_key: From a data point to the key by which it is remembered.

    Example:
        >>> class Words(Mapper):
        ...     def run(self, body):
        ...         return {"words": body.split()}
        >>> Words("words")(SimpleNamespace(body="it crashed")).words
        ['it', 'crashed']
        >>> Words("words", field_names={"body": "text"}, mapped_field_names={"words": "tokens"})(
        ...     SimpleNamespace(text="it crashed")
        ... ).tokens
        ['it', 'crashed']
    """

    def __init__(  # noqa: PLR0913 - Snorkel's signature
        self,
        name: str,
        field_names: Mapping[str, str] | None = None,
        mapped_field_names: Mapping[str, str] | None = None,
        pre: Iterable[Callable[[Any], Any]] | None = None,
        memoize: bool = False,
        memoize_key: HashingFunction | None = None,
    ) -> None:
        if field_names is None:
            named = get_parameters(self.run)[1 if inspect.ismethod(self.run) else 0 :]
            field_names = {each: each for each in named}
        self.field_names = field_names
        self.mapped_field_names = mapped_field_names
        super().__init__(name, pre or [], memoize, memoize_key)

    def run(self, **kwargs: Any) -> FieldMap | None:  # noqa: ANN401 - columns of any type
        """Return new columns, by name; ``None`` says that there is no data point.

        Args:
            kwargs: The columns that it reads.

        Raises:
            NotImplementedError: A mapper has to have its own.
        """
        raise NotImplementedError

    def _generate_mapped_data_point(self, x: DataPoint) -> DataPoint:
        given = {parameter: self._column(x, column) for parameter, column in self.field_names.items()}
        found = self.run(**given)
        if found is None:
            return None
        names = self.mapped_field_names or {name: name for name in found}
        for name, column in names.items():
            setattr(x, column, found[name])
        return x

    def _column(self, x: DataPoint, column: str) -> Any:  # noqa: ANN401 - of any type
        try:
            return getattr(x, column)
        except AttributeError:
            raise NoColumnError(
                f"{self.name} reads the column {column!r}, which the data point does not have."
                f"{did_you_mean(column, columns_of(x))} It has: {', '.join(columns_of(x)) or 'none'}.",
                remedy="field_names (in SpacyPreprocessor, text_field) says which column it reads",
            ) from None


class LambdaMapper(BaseMapper):
    """A mapper that is a function from a data point to a data point.

    Args:
        name: Its name.
        f: The function; it may change the data point that it gets, which is a copy.
        pre: Mappers that run before it.
        memoize: Remember what came of each data point.
        memoize_key: From a data point to the key by which it is remembered.
    """

    def __init__(
        self,
        name: str,
        f: Callable[[Any], Any],
        pre: Iterable[Callable[[Any], Any]] | None = None,
        memoize: bool = False,
        memoize_key: HashingFunction | None = None,
    ) -> None:
        self._f = f
        super().__init__(name, pre or [], memoize, memoize_key)

    def _generate_mapped_data_point(self, x: DataPoint) -> DataPoint:
        return self._f(x)


class lambda_mapper:  # noqa: N801 - Snorkel's name
    """Make a mapper of the function below.

    Args:
        name: Its name; the function's if left out.
        pre: Mappers that run before it.
        memoize: Remember what came of each data point.
        memoize_key: From a data point to the key by which it is remembered.

    Raises:
        LabelingFunctionValueError: The parentheses were forgotten.

    Example:
        >>> @lambda_mapper()
        ... def shout(x):
        ...     x.body = x.body.upper()
        ...     return x
        >>> point = SimpleNamespace(body="a crash")
        >>> shout(point).body, point.body, shout
        ('A CRASH', 'a crash', LambdaMapper shout, Pre: [])
    """

    _made: type[LambdaMapper] = LambdaMapper

    def __init__(
        self,
        name: str | None = None,
        pre: Iterable[Callable[[Any], Any]] | None = None,
        memoize: bool = False,
        memoize_key: HashingFunction | None = None,
    ) -> None:
        if callable(name):
            own = type(self).__name__
            raise LabelingFunctionValueError(f"{own}: missing parentheses.", remedy=f"write @{own}()")
        self.name = name
        self.pre = pre
        self.memoize = memoize
        self.memoize_key = memoize_key

    def __call__(self, f: Callable[[Any], Any]) -> LambdaMapper:
        """Return the mapper."""
        return self._made(self.name or f.__name__, f, self.pre, self.memoize, self.memoize_key)


def columns_of(x: DataPoint) -> list[str]:
    """Return the names of a data point's columns, where it says them.

    Example:
        >>> columns_of(SimpleNamespace(body="a", stars=1)), columns_of(3)
        (['body', 'stars'], [])
    """
    named = x.index if isinstance(x, pd.Series) else x if isinstance(x, Mapping) else getattr(x, "__dict__", {})
    return [str(each) for each in named]
