"""Snorkel's names for types, for annotations."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

DataPoint = Any
"""An item as a function sees it: a pandas row, a namespace, a row of an array."""
DataPoints = Sequence[DataPoint]
Field = Any
FieldMap = Mapping[str, Field]
"""Name -> value, as a mapper's ``run`` returns it."""
HashingFunction = Callable[[Any], Hashable]
