"""The items of a diagnosis: their columns, and what people see of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.jobs.records.feedback import CREATED_AT, ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.gold.causes.cause import Rule
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.gold import Key

WIDTH = 70
"""Characters of an excerpt."""


def rows_of(keys: Sequence[Key], feedback: FeedbackBook, objects: Objects) -> list[dict[str, Any]]:
    """Return column -> value of some items, with their ``source`` and ``month``; empty for one that is gone.

    Args:
        keys: The items.
        feedback: What items there are.
        objects: Where their columns are.
    """
    wanted: dict[str, list[str]] = {}
    for source, item_id in keys:
        wanted.setdefault(source, []).append(item_id)
    found: dict[Key, dict[str, Any]] = {}
    for source, ids in wanted.items():
        some = pa.array(sorted(ids), pa.string())
        for segment in feedback.segments([source]):
            table = objects.read_table(segment.path, sha256=segment.sha256).take(pa.array(segment.live_rows()))
            table = table.filter(pc.is_in(table.column(ITEM_ID).cast(pa.string()), some))
            for row in table.to_pylist():
                created = row.pop(CREATED_AT, None)
                key = source, str(row.pop(ITEM_ID))
                found[key] = {"source": source, "month": None if created is None else f"{created:%Y-%m}", **row}
    return [found.get(key, {}) for key in keys]


def column_to_show(rows: Sequence[Mapping[str, Any]], rule: Rule) -> str | None:
    """Return the column of texts that people are shown: the one that a rule is about, else the one that differs most.

    Args:
        rows: The items.
        rule: What the items have in common.
    """
    for condition in _met(rule):
        if " has " in condition:
            return condition.split(" has ", 1)[0]
    texts: dict[str, set[str]] = {}
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str) and name not in ("source", "month"):
                texts.setdefault(name, set()).add(value)
    return max(texts, key=lambda name: (len(texts[name]), name), default=None)


def excerpt(row: Mapping[str, Any], column: str | None, rule: Rule) -> str:
    """Return the part of a text that the rule is about, else its beginning; empty where there is none.

    Args:
        row: The item.
        column: The column of the text.
        rule: What the items have in common.

    Example:
        >>> rule = [(("comment has refund",), True)]
        >>> excerpt({"comment": "I still wait for the refund " + "x" * 90}, "comment", rule)
        'I still wait for the refund xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'
    """
    value = row.get(column or "")
    if not isinstance(value, str):
        return ""
    text = re.sub(r"\s+", " ", value).strip()
    words = [condition.split(" has ", 1)[1] for condition in _met(rule) if " has " in condition]
    at = min((found for word in words if (found := text.casefold().find(word.casefold())) >= 0), default=0)
    start = 0 if at < WIDTH - 20 else at - 20
    return ("…" if start else "") + text[start : start + WIDTH] + ("…" if len(text) > start + WIDTH else "")


def _met(rule: Rule) -> list[str]:
    """Return the conditions of which some are met, not those that are not to be."""
    return [condition for conditions, holds in rule if holds for condition in conditions]
