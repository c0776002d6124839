"""Slice functions: code that names a part of the feedback, to see how good labels are there. They never vote."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, overload

from retrolabel.errors import LabelingFunctionError, Problem
from retrolabel.labeling.functions import LabelingFunction, labeling_function
from retrolabel.labeling.raised import interruptible, is_fault, said
from retrolabel.schema.labels import Label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from retrolabel.labeling.features import Feature

IN_SLICE = Label("in_slice", "The item is in the slice.")
"""What a slice function says in place of a vote; it is a label of no task."""
PREFIX = "slice:"
"""What tells the kept results of a slice function from votes of a labeling function of the same name."""


@dataclass(frozen=True, eq=False)
class SliceFunction:
    """A function that says which items are in a slice.

    Made by :func:`slice_function`, and callable like the function it was made from. It is looked at where errors are
    counted (``task.slices()``, ``task.errors(slice="name")``) and nowhere else: no label set depends on it.

    Attributes:
        name: The name it is known by within its task.
        asked: What is called for an item. It is called and kept like a labeling function that says one thing.
    """

    name: str
    asked: LabelingFunction = field(repr=False)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - it is the author's function
        """Call the function as it was written."""
        return self.asked(*args, **kwargs)

    @property
    def description(self) -> str:
        """What the slice is, in a sentence."""
        return self.asked.description

    @property
    def examples(self) -> tuple[Any, ...]:
        """Items that are in the slice."""
        return self.asked.examples

    @property
    def non_examples(self) -> tuple[Any, ...]:
        """Items that are not."""
        return self.asked.non_examples

    def holds(self, item: Mapping[str, object]) -> bool:
        """Return whether an item, given as a mapping of columns, is in the slice.

        Raises:
            UndeclaredVoteError: The function returned something else than true or false.
            Exception: Whatever the function itself raises.
        """
        return self.asked.vote(item) is not None

    def named(self, name: str) -> SliceFunction:
        """Return the same slice function under another name."""
        return SliceFunction(name, self.asked.named(f"{PREFIX}{name}"))

    def bound(self, features: Mapping[str, Feature]) -> SliceFunction:
        """Return the slice function with the features that its parameters ask for.

        Args:
            features: Name -> feature; those it does not ask for are left out.

        Raises:
            LabelingFunctionError: A feature asks for itself.
        """
        asked = self.asked.bound(features)
        return self if asked is self.asked else replace(self, asked=asked)

    def did(self, example: Any) -> str:  # noqa: ANN401 - text or mapping
        """Return what the function says of an example: ``said yes``, ``said no``, ``raised ...``."""
        with interruptible():
            try:
                return "said yes" if self.holds(self.asked.as_item(example)) else "said no"
            except BaseException as error:  # an author's function may raise anything
                if not is_fault(error):
                    raise
                return f"raised {said(error)}"

    def check_examples(self) -> list[Problem]:
        """Return a problem for each example that is not in the slice, and each non-example that is."""
        checked = [self.check_example(example, wanted=True) for example in self.examples]
        checked += [self.check_example(example, wanted=False) for example in self.non_examples]
        return [problem for problem in checked if problem is not None]

    def check_example(self, example: Any, *, wanted: bool) -> Problem | None:  # noqa: ANN401 - text or mapping
        """Return what is wrong with one example (``wanted``: it should be in the slice), or ``None``."""
        did = self.did(example)
        if did == ("said yes" if wanted else "said no"):
            return None
        return Problem(f"slice {self.name}", f"{did} on its {'example' if wanted else 'non-example'} {example!r}")


@overload
def slice_function(function: Callable[..., Any], /) -> SliceFunction: ...
@overload
def slice_function(
    *,
    examples: Sequence[Any] = (),
    non_examples: Sequence[Any] = (),
    name: str | None = None,
    batch: bool | str = False,
    version: str = "",
) -> Callable[[Callable[..., Any]], SliceFunction]: ...
def slice_function(  # noqa: PLR0913 - the options of a decorator
    function: Callable[..., Any] | None = None,
    /,
    *,
    examples: Sequence[Any] = (),
    non_examples: Sequence[Any] = (),
    name: str | None = None,
    batch: bool | str = False,
    version: str = "",
) -> SliceFunction | Callable[[Callable[..., Any]], SliceFunction]:
    """Mark a function as a slice: it returns ``True`` for the items that are in it.

    ``errors TASK --slices`` and ``task.slices()`` tell how good labels are in it, against all other items; ``errors
    TASK --slice NAME`` lists its errors. It stands in the task's modules, beside labeling functions; it never votes,
    and no label set depends on it. Parameters are columns or features, as of a labeling function, and what it said of
    an item is kept in the store and not asked again while its code and the item stay as they are. What
    ``re.search`` returns will do for ``True`` and ``False``; ``None`` is ``False``. Anything else is a fault: the item
    is neither in the slice nor outside of it, and counted.

    Args:
        function: The function, where the decorator is written without parentheses.
        examples: Items that are in the slice: a text where there is one column, else a dict of columns.
        non_examples: Items that are not. Both run as tests.
        name: The name within the task; the function's name if left out.
        batch: Whether the function takes whole columns: see :func:`labeling_function`.
        version: Raise it where something changes that cannot be seen in the code, as a service that it asks.

    Raises:
        LabelingFunctionError: The parameters cannot name columns, or it is a labeling function already.

    Example:
        >>> @slice_function(examples=["a refund, please"], non_examples=["thanks"])
        ... def refunds(comment: str | None) -> bool:
        ...     return "refund" in (comment or "")
        >>> refunds.holds({"comment": "no refund yet"}), refunds.holds({"comment": None})
        (True, False)
    """

    def mark(marked: Callable[..., Any]) -> SliceFunction:
        if isinstance(marked, (LabelingFunction, SliceFunction)):
            raise LabelingFunctionError(
                f"{marked.name} is decorated twice.", remedy="a slice never votes: write two functions, or call one"
            )
        made = labeling_function(
            IN_SLICE, examples=examples, non_examples=non_examples, name=name, batch=batch, version=version
        )(marked)
        return SliceFunction(made.name, made).named(made.name)

    return mark if function is None else mark(function)


def who(name: str) -> str:
    """Return how a function is told of whose results are kept under a name.

    Example:
        >>> who("praises"), who("slice:refunds")
        ('LF praises', 'slice refunds')
    """
    return f"slice {name.removeprefix(PREFIX)}" if name.startswith(PREFIX) else f"LF {name}"
