"""Which columns of the items people read in another tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import InputError
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

SELDOM = 0.25
"""Columns that a smaller share of labeling functions read, held against the one that most read, are not shown."""


def texts_for_people(
    asked: Sequence[str],
    sources: Collection[str],
    contracts: Mapping[str, Mapping[str, str]],
    reads: Mapping[str, int],
) -> tuple[str, ...]:
    """Return the columns that people read: those asked for, else the texts that labeling functions read.

    Args:
        asked: The columns that were asked for.
        sources: The sources of the items.
        contracts: Source -> its columns and their types.
        reads: Column -> how many labeling functions read it.

    Raises:
        InputError: Nothing says which.
    """
    if asked:
        return tuple(dict.fromkeys(asked))
    mine = [columns for source, columns in contracts.items() if source in sources]
    known = {name for columns in mine for name, kind in columns.items() if kind == "string"} - {ITEM_ID}
    told = {name: count for name, count in reads.items() if name in known}
    most = max(told.values(), default=0)
    found = [name for name in sorted(told) if told[name] > SELDOM * most] or (sorted(known) if len(known) == 1 else [])
    if not found:
        raise InputError(
            "Nothing says which column people are to read: labeling functions name none.",
            remedy=f"--text COLUMN, one of {', '.join(sorted(known))}" if known else "ingest items with a text",
        )
    return tuple(found)


def told_of_texts(shown: Sequence[str], *, asked: bool) -> str:
    """Return that texts leave the store, and which; for people to read in a tool they must."""
    why = "" if asked else ", which labeling functions read; --text COLUMN chooses others"
    return f"people read texts in that tool, so they leave the store: {', '.join(shown)}{why}"
