"""Columns of a feedback file that hold labels which somebody gave before."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from retrolabel.errors import in_quotes, nearest
from retrolabel.schema.labels import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class LabelColumn:
    """A column that holds labels of a task, given by somebody before.

    Attributes:
        of: The version of the schema, for people.
        spellings: Stored spelling -> label id.
        meant: Stored value -> what it means, an id, an alias or nothing, as the user says.
        understood: Returns the id that people mean by a value written otherwise; ``None`` where nobody can say.
    """

    of: str
    spellings: Mapping[str, str]
    meant: Mapping[str, str] = field(default_factory=dict)
    understood: Callable[[str], str | None] = lambda _: None
    strange: dict[str, str] = field(default_factory=dict, compare=False)
    """Value that no label has -> the label that it is like, or nothing; known once rows are read."""

    def check(self, array: pa.Array, column: str, wrong: dict[int, str]) -> pa.Array:
        """Return the column with the user's meanings, and note rows whose value no label has."""
        values = [self._id_of(self.meant.get(value, value) or None) for value in array.to_pylist()]
        for row, value in enumerate(values):
            if value is None or value in self.spellings or value in OUTSIDE:
                continue
            nested = _nested(value)
            if nested:
                wrong.setdefault(row, f'column {column!r}: {nested} where a label was expected: "{value:.80}"')
                continue
            near = nearest(value, self.spellings)
            meant = self.spellings[near] if near else "LABEL"
            self.strange[value] = meant
            asks = "is it that?" if near else "what is it?"
            option = in_quotes(f"{value:.80}={meant}")
            what = f'column {column!r}: "{value:.80}" is no label of {self.of}; {asks} --map-label {option}'
            wrong.setdefault(row, what)
        return pa.array(values, pa.string())

    def _id_of(self, value: str | None) -> str | None:
        """Return a value as labeling functions read it: a spelling as it is, another writing as the id it means."""
        return value if value is None or value in self.spellings else self.understood(value) or value


def _nested(text: str) -> str:
    """Return what kind of JSON a text is, if it holds several values."""
    if text[:1] not in {"[", "{"}:
        return ""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return "a list" if isinstance(found, list) else "an object"
