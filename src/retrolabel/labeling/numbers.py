"""Labeling functions that compare a number."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import LabelingFunctionError, Problem
from retrolabel.labeling.building import build, is_column
from retrolabel.labeling.raised import is_fault
from retrolabel.labeling.reading import read, settled
from retrolabel.labeling.rules import FAULTED, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.labeling.batches import Batch
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.labeling.rules import Rule
    from retrolabel.schema.labels import Label, LabelUnion

REVISION = 1
LARGEST = 1e300
EXACT = 2.0**53
"""Up to here a float holds every whole number."""


@dataclass(frozen=True)
class Threshold:
    """Whether a number lies between bounds.

    Attributes:
        columns: The column of the number.
        above: It is greater.
        below: It is less.
        at_least: It is greater or equal.
        at_most: It is less or equal.
    """

    columns: tuple[str, ...]
    above: float | None = None
    below: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    def describe(self) -> Mapping[str, object]:
        """Return the bounds."""
        return {"kind": "threshold", "revision": REVISION, **self._bounds()}

    def _bounds(self) -> dict[str, float | None]:
        return {"above": self.above, "below": self.below, "at_least": self.at_least, "at_most": self.at_most}

    def within(self, value: Any) -> bool:  # noqa: ANN401 - a number or an array of them
        """Return whether a number lies between the bounds; a missing one does not, and NaN neither."""
        if value is None:
            return False
        if not is_number(value):
            raise TypeError(f"{self.columns[0]} is no number: {value!r:.40}")
        if value != value:  # noqa: PLR0124 - NaN, which Decimal does not compare
            return False
        return (
            (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
            and (self.at_least is None or value >= self.at_least)
            and (self.at_most is None or value <= self.at_most)
        )

    def one(self, *values: object) -> int:
        """Return 1 if the number lies between the bounds, else 0."""
        return int(self.within(values[0]))

    @classmethod
    def many(cls, rules: Sequence[Rule], batch: Batch) -> list[Verdict]:
        """Return what each says; a column that an array of floats holds without loss is compared at once."""
        return [
            settled(rule.among(read(batch, rule.columns[0])), rule.columns, batch)
            for rule in rules
            if isinstance(rule, Threshold)
        ]

    def among(self, values: Sequence[Any]) -> Verdict:
        """Return which of some numbers lie between the bounds."""
        numbers = _as_floats(values)
        if numbers is not None:
            hits = ~np.isnan(numbers)
            hits &= True if self.above is None else numbers > self.above
            hits &= True if self.below is None else numbers < self.below
            hits &= True if self.at_least is None else numbers >= self.at_least
            hits &= True if self.at_most is None else numbers <= self.at_most
            return Verdict(hits.astype(np.int16))
        codes = np.zeros(len(values), np.int16)
        errors: dict[int, BaseException] = {}
        for row, value in enumerate(values):
            try:
                codes[row] = self.within(value)
            except BaseException as error:  # whatever a strange value raises
                if not is_fault(error):
                    raise
                codes[row], errors[row] = FAULTED, error
        return Verdict(codes, errors)


def threshold(  # noqa: PLR0913 - each is something an author may say about a number
    label: Label | LabelUnion,
    *,
    column: str,
    above: float | None = None,
    below: float | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
    name: str = "",
    description: str = "",
    examples: Sequence[Any] = (),
    non_examples: Sequence[Any] = (),
) -> LabelingFunction:
    """Vote ``label`` where a number lies between bounds: a latency, a score, a length.

    A missing number, and NaN, gets no vote; what is no number is a fault of that item.

    Args:
        label: The vote.
        column: The column that holds the number.
        above: It must be greater than this.
        below: It must be less than this.
        at_least: It must be this or greater.
        at_most: It must be this or less.
        name: The name; discovery takes the variable's name if left out.
        description: Why these numbers speak for the label, in a sentence.
        examples: Numbers that get the vote.
        non_examples: Numbers that do not. Both run as tests.

    Raises:
        LabelingFunctionError: There is no bound, two of one kind, or no number between them.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> slow = threshold(Label("slow"), column="seconds", at_least=2)
        >>> slow.vote({"seconds": 2.0}), slow.vote({"seconds": 1}), slow.vote({"seconds": None})
        (slow, None, None)
    """
    given = {"above": above, "below": below, "at_least": at_least, "at_most": at_most}
    bounds = {name: as_bound(name, value) for name, value in given.items() if value is not None}
    problems = []
    if not is_column(column):
        problems.append(Problem("column", "is one column", 'column="seconds"'))
    problems += [
        Problem(f"{one}, {other}", "bound the same side", "keep one of them")
        for one, other in (("above", "at_least"), ("below", "at_most"))
        if one in bounds and other in bounds
    ]
    low, high = bounds.get("above", bounds.get("at_least")), bounds.get("below", bounds.get("at_most"))
    if low is None and high is None:
        problems.append(Problem("bounds", "there is none", "above=, below=, at_least= or at_most="))
    if low is not None and high is not None:
        both_in = "at_least" in bounds and "at_most" in bounds
        if low > high or (low == high and not both_in):
            problems.append(Problem("bounds", f"no number lies between {low} and {high}"))
    if problems:
        raise LabelingFunctionError("threshold cannot be read.", problems=problems)
    rule = Threshold((column,), **bounds)
    shown = " and ".join(f"{name.replace('_', ' ')} {bound}" for name, bound in bounds.items())
    return build(
        [label],
        rule,
        rule.within,
        name=name,
        description=description or f"{column} is {shown}",
        examples=examples,
        non_examples=non_examples,
    )


def is_number(value: object) -> bool:
    """Return whether a value is a number, and no truth value.

    Example:
        >>> is_number(1), is_number(float("nan")), is_number(True), is_number("1")
        (True, True, False, False)
    """
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def as_bound(name: str, value: object) -> float:
    """Return a bound as it is described: 2.0 and 2 are the same bound.

    Raises:
        LabelingFunctionError: It is no finite number.

    Example:
        >>> as_bound("above", 2.0), as_bound("above", 0.5)
        (2, 0.5)
    """
    if hasattr(value, "item"):  # numpy's
        value = value.item()
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not -LARGEST < value < LARGEST:
        raise LabelingFunctionError(f"{name} is a finite number, not {value!r:.40}.", remedy=f"{name}=0.5")
    return int(value) if value == int(value) else value


def _as_floats(values: Sequence[Any]) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """Return numbers as an array, NaN where one is missing; ``None`` where some are none, or would be rounded."""
    if not set(map(type, values)) <= {int, float, type(None)}:
        return None
    try:
        numbers = np.array(values, np.float64)
    except OverflowError:
        return None
    return numbers if np.all((np.abs(numbers) < EXACT) | ~np.isfinite(numbers)) else None
