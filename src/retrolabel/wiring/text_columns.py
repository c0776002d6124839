"""In which columns words are looked for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from retrolabel.analysis.columns_of_a_file import column_of, has_texts
from retrolabel.errors import InputError, did_you_mean
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.wiring.task_items import TaskItems

LOOKED_AT = 1_000
"""Items by which one tells what a column holds."""
SELDOM = 0.25
"""Columns that so few labeling functions read, of those that read the one that is read most, are left out."""
ALIKE = 0.2
"""The share of different values from which on a column that nobody reads yet may hold texts."""


def text_columns(at: TaskItems, contracts: Mapping[str, Mapping[str, str]], asked: Sequence[str]) -> tuple[str, ...]:
    """Return the columns in which words are looked for: those asked for, else those that labeling functions read.

    They are columns of texts of each source, since a labeling function that is suggested reads them everywhere.

    Args:
        at: The task's items.
        contracts: Source -> its columns and their types.
        asked: What somebody asks for.

    Raises:
        InputError: There is no such column in each source, or none that holds texts.
    """
    sources = list(dict.fromkeys(source for source, _ in at.items().keys))
    mine = [contracts.get(source, {}) for source in sources]
    named = [name for name, kind in mine[0].items() if kind == "string" and name != ITEM_ID]
    known = [name for name in named if all(each.get(name) == "string" for each in mine)]
    remedy = f"--column, one of {', '.join(known)}" if known else "ingest a file with a column of texts"
    for name in asked:
        if name not in known:
            near = did_you_mean(name, known)
            raise InputError(f"{', '.join(sources)}: no column of texts is called {name!r}.{near}", remedy=remedy)
    if asked:
        return tuple(dict.fromkeys(asked))
    values = dict(zip(known, zip(*at.cells(known), strict=True), strict=True)) if known else {}
    seen = {name: column_of(name, name, "string", cells[:LOOKED_AT]) for name, cells in values.items()}
    texts = [name for name, column in seen.items() if has_texts(column)]
    reads = Counter(name for lf in at.found.lfs for name in lf.reads)
    most = max((reads[name] for name in texts), default=0)
    chosen = [name for name in texts if reads[name] > SELDOM * most] if most else []
    chosen = chosen or [name for name in texts if seen[name].distinct >= ALIKE * seen[name].filled] or texts
    if not chosen:
        raise InputError(f"{', '.join(sources)}: no column is plainly one of texts.", remedy=remedy)
    return tuple(chosen)
