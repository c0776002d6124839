"""Features: what several labeling functions need of an item, computed once for all of them."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from retrolabel.errors import LabelingFunctionError, Problem
from retrolabel.labeling.columns import in_order
from retrolabel.labeling.parameters import WHOLE_ROW, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


@dataclass(frozen=True, eq=False)
class Feature:
    """Something computed from an item's columns: a spaCy doc, a parsed date, an embedding.

    Made by :func:`feature`. A labeling function gets it by naming it as a parameter.

    Attributes:
        name: The name by which parameters ask for it.
        function: What computes it.
        columns: The columns, or other features, that it is computed from: its parameters.
        batch: Whether the function takes lists of values and returns as many.
        cache: Whether its values are kept in the store, beside the votes.
        description: What it is, in a sentence.
        version: Raised by its author where something changes that cannot be seen.
        module: The module that it was written in.
    """

    name: str
    function: Callable[..., Any]
    columns: tuple[str, ...]
    batch: bool = False
    cache: bool = False
    description: str = ""
    version: str = ""
    module: str = ""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - it is the author's function
        """Call the function as it was written."""
        return self.function(*args, **kwargs)

    def one(self, values: Sequence[object]) -> object:
        """Return the feature of one item.

        Args:
            values: The item's values of ``columns``.
        """
        if not self.batch:
            return self.function(*values)
        return self.many([[value] for value in values], 1)[0]

    def many(self, columns: Sequence[Sequence[object]], rows: int) -> list[object]:
        """Return the feature of many items at once; only where ``batch``.

        Raises:
            UndeclaredVoteError: The function returned more values than items, or fewer.
        """
        answer = self.function(*columns)
        if hasattr(answer, "__next__") or (isinstance(answer, np.ndarray) and answer.ndim > 1):
            answer = list(answer)  # what nlp.pipe yields; the rows of a matrix
        return in_order(answer, rows, f"The feature {self.name}")


@overload
def feature(function: Callable[..., Any], /) -> Feature: ...
@overload
def feature(
    *, batch: bool = False, cache: bool = False, name: str = "", version: str = ""
) -> Callable[[Callable[..., Any]], Feature]: ...
def feature(
    function: Callable[..., Any] | None = None,
    /,
    *,
    batch: bool = False,
    cache: bool = False,
    name: str = "",
    version: str = "",
) -> Feature | Callable[[Callable[..., Any]], Feature]:
    """Mark a function as a feature: labeling functions get its value by naming it as a parameter.

    It is computed once for each item, however many labeling functions ask for it; it may itself ask
    for other features. A missing column is ``None``. Where it raises, the labeling functions that
    ask for it fail on that item.

    Args:
        function: The function, where the decorator is written without parentheses.
        batch: Whether it takes a list of values for each parameter and returns as many values: as
            ``nlp.pipe`` does, which is faster than one text at a time.
        cache: Whether its values are kept in the store: numbers, texts, times, lists of numbers. Worth
            it where computing them takes longer than reading them.
        name: The name; the function's name if left out.
        version: Raise it where something changes that cannot be seen in the code, as a service.

    Example:
        >>> @feature
        ... def words(body: str | None) -> list[str]:
        ...     return (body or "").split()
        >>> words.name, words.columns, words.one(["so it is"])
        ('words', ('body',), ['so', 'it', 'is'])
    """

    def mark(marked: Callable[..., Any]) -> Feature:
        columns = columns_of(marked)
        if columns == (WHOLE_ROW,):
            raise LabelingFunctionError(
                f"The feature {marked.__name__} takes the whole row, so all of a row would decide it.",
                remedy="name the columns that it needs",
            )
        return Feature(
            name or str(getattr(marked, "__name__", "")),
            marked,
            columns,
            batch=batch,
            cache=cache,
            description=(inspect.getdoc(marked) or "").partition("\n")[0],
            version=version,
            module=getattr(marked, "__module__", ""),
        )

    return mark if function is None else mark(function)


def needed(names: Iterable[str], features: Mapping[str, Feature]) -> tuple[dict[str, Feature], tuple[str, ...]]:
    """Return the features that parameters ask for, those that these ask for included, and the columns behind all.

    A feature comes after those that it asks for.

    Args:
        names: The parameters' names.
        features: Name -> feature, as far as there are any.

    Raises:
        LabelingFunctionError: A feature asks for itself, by way of others.
    """
    found: dict[str, Feature] = {}
    columns: dict[str, None] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise LabelingFunctionError(
                f"The feature {name} asks for itself.",
                problems=[Problem(name, " -> ".join([*path[path.index(name) :], name]))],
            )
        if name not in features:
            columns[name] = None
            return
        for each in features[name].columns:
            visit(each, (*path, name))
        found[name] = features[name]

    for name in names:
        visit(name, ())
    return found, tuple(columns)
