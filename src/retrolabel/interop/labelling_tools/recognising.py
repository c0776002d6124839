"""Which tool a file is of: told by what is inside, never by its name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from retrolabel.errors import InputError, nearest
from retrolabel.interop.labelling_tools.argilla import ARGILLA
from retrolabel.interop.labelling_tools.doccano import DOCCANO
from retrolabel.interop.labelling_tools.label_studio import ROWS, TASKS
from retrolabel.interop.labelling_tools.listed import LISTED
from retrolabel.interop.labelling_tools.mlflow_traces import MLFLOW
from retrolabel.interop.labelling_tools.prodigy import PRODIGY
from retrolabel.interop.labelling_tools.spacy_cats import SPACY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.interop.labelling_tools.answers import Tool

TOOLS: tuple[Tool, ...] = (PRODIGY, TASKS, ROWS, ARGILLA, MLFLOW, SPACY, DOCCANO, LISTED)
"""The tools; a record that two could have made is of the first."""
AUTO = "auto"
NAMES = tuple(dict.fromkeys((*(tool.key for tool in TOOLS), AUTO)))
ENOUGH = 0.5
"""The share of records that a file has of its tool; the others are left out, and counted."""


def recognised(records: Sequence[Mapping[str, Any]]) -> Tool | None:
    """Return the tool that made most of some records; ``None`` where none made half of them.

    Example:
        >>> recognised([{"text": "so slow", "label": ["slow"]}]).title
        'doccano'
        >>> recognised([{"text": "so slow", "label": "slow"}]) is None
        True
    """
    counts: Counter[int] = Counter()
    for record in records:
        counts.update([next((place for place, tool in enumerate(TOOLS) if tool.made(record)), -1)])
    known = [(count, -place) for place, count in counts.items() if place >= 0 and count >= ENOUGH * len(records)]
    return TOOLS[-max(known)[1]] if known else None


def named(key: str, records: Sequence[Mapping[str, Any]]) -> Tool:
    """Return a tool by its name, in the form that some records have.

    Raises:
        InputError: There is no such tool, or it made none of the records.
    """
    forms = [tool for tool in TOOLS if tool.key == key]
    if not forms:
        near = nearest(key, NAMES)
        raise InputError(f"--from {key!r} is none of {', '.join(NAMES)}.", remedy=f"--from {near or AUTO}")
    made = {tool: sum(map(tool.made, records)) for tool in forms}
    best = max(forms, key=lambda tool: made[tool])
    if not made[best]:
        seen = recognised(records)
        other = (
            f"--from {seen.key}: it looks like a file of {seen.title}" if seen else "--labels-at PATH reads any other"
        )
        raise InputError(f"The file holds no records of {best.title}.", remedy=other)
    return best
