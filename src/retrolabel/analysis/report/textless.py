"""A report that may leave the store: its figures, without any item and what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrolabel.analysis.report.values import ReportData

NOTE = "Items and what they say are left out: this page went to a tracker, and texts stay in the store."


def without_texts(data: ReportData) -> ReportData:
    """Return what a report says without its items, and without what faults say: an error may quote an item.

    Args:
        data: What a report says.
    """
    return replace(
        data,
        flips=tuple(replace(flip, examples=()) for flip in data.flips),
        closest=(),
        disagreements=(),
        faults=tuple(replace(fault, error=_kind(fault.error), first="", trace="") for fault in data.faults),
        notes=(NOTE, *data.notes),
        about_gold=data.about_gold.without_items(),
        shows_items=False,
    )


def _kind(error: str) -> str:
    """Return what kind of error it was, which no item can have written.

    Example:
        >>> _kind("ValueError: no year in 'my phone is 555-1234'"), _kind("what my phone says")
        ('ValueError', 'an error')
    """
    kind = error.partition(":")[0].strip()
    return kind if kind.isidentifier() else "an error"
