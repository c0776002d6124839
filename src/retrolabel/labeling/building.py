"""What all builders share: a rule becomes a labeling function, written where its author called the builder."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from retrolabel.errors import LabelingFunctionError
from retrolabel.labeling.functions import LabelingFunction, as_examples, declare

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrolabel.labeling.rules import Rule
    from retrolabel.schema.labels import Label, LabelUnion


def build(  # noqa: PLR0913 - what a labeling function is made of
    votes: Sequence[Label | LabelUnion],
    rule: Rule,
    function: Callable[..., Any],
    *,
    name: str,
    description: str,
    examples: Sequence[Any],
    non_examples: Sequence[Any],
    version: str = "",
    depth: int = 2,
) -> LabelingFunction:
    """Return a labeling function made of a rule.

    Args:
        votes: The votes that the rule's codes stand for, from 1.
        rule: What it looks for.
        function: The rule for one item, as what labeling functions return.
        name: Its name.
        description: What it looks for, in a sentence.
        examples: Items that get a vote.
        non_examples: Items that get none.
        version: Raised by its author where something changes that cannot be seen.
        depth: How many calls above this one the author's own lines are.

    Raises:
        LabelingFunctionError: A vote is no label, or the examples are one text.
    """
    return LabelingFunction(
        name=name,
        function=function,
        declared=declare(votes, "a builder"),
        columns=rule.columns,
        examples=as_examples(examples),
        non_examples=as_examples(non_examples),
        description=description,
        module=sys._getframe(depth).f_globals.get("__name__", ""),  # noqa: SLF001 - where the author wrote it
        rule=rule,
        version=version,
    )


def columns_given(column: str | Sequence[str]) -> tuple[str, ...]:
    """Return the columns that an author named: one, or several.

    Raises:
        LabelingFunctionError: There is none.

    Example:
        >>> columns_given("title"), columns_given(["title", "body"])
        (('title',), ('title', 'body'))
    """
    columns = (column,) if isinstance(column, str) else tuple(column)
    if not columns or not all(columns):
        raise LabelingFunctionError("A builder reads at least one column.", remedy='column="comment"')
    return columns


def is_column(column: object) -> bool:
    """Return whether an author named one column.

    Example:
        >>> is_column("title"), is_column(["title"]), is_column("")
        (True, False, False)
    """
    return isinstance(column, str) and bool(column)
