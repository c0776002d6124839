"""The cells of a row of a table of human labels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrolabel.errors import Problem, for_shell
from retrolabel.interop.ids import read_id
from retrolabel.interop.labelling_tools.answers import HOLDS, holds_of

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKS = (*HOLDS, "0", "false", "no", "off", "-")
"""What a text says where a label holds, or does not."""


@dataclass(frozen=True)
class Cells:
    """The cells of one row; what is wrong with them goes into ``problems``."""

    where: str
    values: Mapping[str, Any]
    problems: list[Problem]

    def text(self, field: str) -> str | None:
        """Return a cell as text."""
        value = self.values.get(field)
        return None if value is None or value == "" else str(value)

    def item(self, column: str) -> str | None:
        """Return the id of the item."""
        found, why = read_id(self.values.get("item_id"))
        if why:
            self.problems.append(Problem(self.where, f"column {column!r}: {why}", "make it text, as the items have it"))
        return found

    def person(self, column: str) -> str | None:
        """Return the name of the person."""
        value = self.values.get("annotator")
        if isinstance(value, float) and math.isnan(value):
            return None
        if isinstance(value, (float, list, dict)):
            what = f"{kind_of_value(value)} where the name of a person was expected: {value!r:.40}"
            self.problems.append(Problem(self.where, f"column {column!r}: {what}", "make it text"))
            return None
        return None if value is None or not str(value).strip() else str(value)

    def label(self, column: str, value: object) -> str | None:
        """Return the label that stands in a column."""
        if isinstance(value, (list, dict)):
            what = f"column {column!r}: {kind_of_value(value)} where a label was expected: {value!r:.40}"
            remedy = (
                f"one label an item and person; write its id, or --labels-at {for_shell(column)} reads what is nested"
            )
            self.problems.append(Problem(self.where, what, remedy))
            return None
        return None if value is None or value == "" else str(value)

    def probability(self) -> float | None:
        """Return with which probability the item was drawn."""
        value = self.values.get("probability")
        if value is None:
            return None
        try:
            probability = float(value)
        except (TypeError, ValueError):
            probability = math.nan
        if not 0 < probability <= 1:
            self.problems.append(Problem(self.where, f"{value!r:.40} is no probability above 0 and up to 1"))
            return None
        return probability

    def seconds(self) -> float | None:
        """Return how long the person took."""
        value = self.values.get("seconds")
        if value is None or value == "":
            return None
        try:
            seconds = float(value)
        except (TypeError, ValueError):
            seconds = math.nan
        if not (math.isfinite(seconds) and seconds >= 0):
            self.problems.append(Problem(self.where, f"{value!r:.40} is no number of seconds"))
            return None
        return seconds

    def choices(self, marks: Mapping[str, object], called: Mapping[str, str]) -> tuple[str, ...]:
        """Return the labels that hold, where each has a column: that is marked, or says the label itself.

        Args:
            marks: Column -> its cell.
            called: Column -> the label that it is called like.
        """
        found = []
        for column, value in marks.items():
            if isinstance(value, (list, dict)):
                self.problems.append(Problem(self.where, f"column {column!r}: {kind_of_value(value)} is no mark"))
            elif value is None or value == "":
                continue
            elif is_mark(value):
                found += [called[column]] if holds_of(_as_number(value)) else []
            else:
                found.append(str(value))
        return tuple(dict.fromkeys(found))


def is_mark(value: object) -> bool:
    """Return whether a cell says that a label holds or does not.

    Example:
        >>> is_mark(1.0), is_mark("no"), is_mark("0.2"), is_mark("Bad")
        (True, True, True, False)
    """
    return isinstance(_as_number(value), (bool, int, float)) or str(value).strip().casefold() in MARKS


def _as_number(value: object) -> object:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def kind_of_value(value: object) -> str:
    """Return what a value is that is none of those which were expected."""
    return (
        "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else "a floating-point number"
    )
