"""In which columns words are looked for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from retrolabel.analysis.columns_of_a_file import column_of, has_texts
from retrolabel.errors import InputError, did_you_mean
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from retrolabel.analysis.columns_of_a_file import Column
    from retrolabel.jobs.records.tasks import FoundTask

LOOKED_AT = 1_000
"""Items by which one tells what a column holds."""
SELDOM = 0.25
"""Columns that so few labeling functions read, of those that read the one that is read most, are left out."""
ALIKE = 0.2
"""The share of different values from which on a column that nobody reads yet may hold texts."""


def text_columns(
    tables: Mapping[str, pa.Table],
    contracts: Mapping[str, Mapping[str, str]],
    found: FoundTask,
    asked: Sequence[str],
) -> tuple[str, ...]:
    """Return the columns in which words are looked for: those asked for, else those that labeling functions read.

    Args:
        tables: Source -> items.
        contracts: Source -> its columns and their types.
        found: The task.
        asked: What somebody asks for.

    Raises:
        InputError: There is no such column in each source, or none that holds texts.
    """
    mine = [contracts.get(source, {}) for source in tables]
    named = [name for name, kind in mine[0].items() if kind == "string" and name != ITEM_ID]
    known = [name for name in named if all(each.get(name) == "string" for each in mine)]
    sources = ", ".join(tables)
    for name in asked:
        if name not in known:
            raise InputError(
                f"{sources}: no column of texts is called {name!r}.{did_you_mean(name, known)}",
                remedy=f"--column, one of {', '.join(known)}" if known else "ingest a file with a column of texts",
            )
    if asked:
        return tuple(dict.fromkeys(asked))
    seen = {name: _column(name, tables) for name in known}
    texts = [name for name, column in seen.items() if has_texts(column)]
    reads = Counter(name for lf in found.lfs for name in lf.bound(found.features).reads)
    most = max((reads[name] for name in texts), default=0)
    chosen = [name for name in texts if reads[name] > SELDOM * most] if most else []
    chosen = chosen or [name for name in texts if seen[name].distinct >= ALIKE * seen[name].filled] or texts
    if not chosen:
        raise InputError(
            f"{sources}: no column is plainly one of texts.",
            remedy=f"--column NAME, one of {', '.join(known)}" if known else "ingest a file with a column of texts",
        )
    return tuple(chosen)


def _column(name: str, tables: Mapping[str, pa.Table]) -> Column:
    values = [value for table in tables.values() for value in table.column(name).slice(0, LOOKED_AT).to_pylist()]
    return column_of(name, name, "string", values)
