"""The data points that Snorkel's functions get, and what its preprocessors remember of them."""

from __future__ import annotations

import copy
import weakref
from collections import OrderedDict
from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.labeling.functions import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REMEMBERED = 2**16
"""How many data points a memoised preprocessor remembers for adopted labeling functions; Snorkel's have no end."""


class DataPoint(SimpleNamespace):
    """What an adopted labeling function gets: columns as attributes, and by name as in a pandas row.

    Snorkel's mappers copy it by pickling, set attributes on it, and know how to hash a namespace.

    Example:
        >>> point = DataPoint(body="a crash")
        >>> point.body == point["body"] == point.get("body"), "title" in point
        (True, False)
    """

    def __getitem__(self, column: str) -> object:
        """Return a column by name."""
        return self.__dict__[column]

    def __setitem__(self, column: str, value: object) -> None:
        """Set a column by name."""
        self.__dict__[column] = value

    def __contains__(self, column: object) -> bool:
        """Return whether there is such a column."""
        return column in self.__dict__

    def get(self, column: str, default: object = None) -> object:
        """Return a column by name, or ``default`` where there is none."""
        return self.__dict__.get(column, default)


def fresh(x: Any) -> Any:  # noqa: ANN401 - a row, or a data point of any kind
    """Return a data point of one's own, with lists and dicts of its own."""
    if isinstance(x, (Row, SimpleNamespace)):
        columns: Iterable[tuple[Any, Any]] = vars(x).items()
    elif isinstance(x, (Mapping, pd.Series)):
        columns = x.items()
    else:
        return copy.copy(x)
    point = DataPoint()
    point.__dict__.update(
        (name, copy.copy(value) if isinstance(value, (list, dict, set, np.ndarray)) else value)
        for name, value in columns
    )
    return point


class _Memory:
    """What a preprocessor remembers for adopted labeling functions, in the place of Snorkel's ``_cache``.

    What it gives is a copy, so that what one labeling function sets on a data point stays its own; and
    it forgets the oldest, so that a long run does not hold the document of every item.
    """

    def __init__(self, stands_for: object) -> None:
        self.stands_for = stands_for
        self._points: OrderedDict[object, Any] = OrderedDict()

    def __len__(self) -> int:
        return len(self._points)

    def __contains__(self, key: object) -> bool:
        return key in self._points

    def __getitem__(self, key: object) -> Any:  # noqa: ANN401 - a data point
        return fresh(self._points[key])

    def __setitem__(self, key: object, point: Any) -> None:  # noqa: ANN401 - the same
        self._points[key] = fresh(point)
        if len(self._points) > REMEMBERED:
            self._points.popitem(last=False)


_memories: dict[tuple[int, tuple[str, ...] | None], _Memory] = {}
"""Of each memoised preprocessor, by the columns that its data points have. It is kept apart from the
preprocessor, whose content a key depends on and which goes to other processes."""


def called(lf: Any, point: Any, columns: tuple[str, ...] | None) -> Any:  # noqa: ANN401 - Snorkel's
    """Return what a labeling function of Snorkel's says; its memoised preprocessors remember in our way."""
    kept = [(mapper, mapper._cache) for mapper in _memoised(lf._pre)]  # noqa: SLF001 - Snorkel's memory is private
    try:
        for mapper, cache in kept:
            mapper._cache = _memory_of(mapper, cache, columns)  # noqa: SLF001 - the same
        return lf(point)
    finally:
        for mapper, cache in kept:
            mapper._cache = cache  # noqa: SLF001 - the same


def _memoised(mappers: Iterable[Any]) -> Iterator[Any]:
    for mapper in mappers:
        if getattr(mapper, "memoize", False) and isinstance(getattr(mapper, "_cache", None), dict):
            yield mapper
        yield from _memoised(getattr(mapper, "_pre", ()))


def _memory_of(mapper: Any, cache: object, columns: tuple[str, ...] | None) -> _Memory:  # noqa: ANN401 - Snorkel's
    place = id(mapper), columns
    memory = _memories.get(place)
    if memory is None:
        weakref.finalize(mapper, _memories.pop, place, None).atexit = False
    if memory is None or memory.stands_for is not cache:  # the author's reset_cache() makes a new one
        memory = _memories[place] = _Memory(cache)
    return memory
