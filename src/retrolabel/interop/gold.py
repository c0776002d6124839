"""Files of human labels: CSV, JSONL or Parquet, with the columns that the user names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from retrolabel.errors import GoldError, Problem, nearest
from retrolabel.interop.rows import column_names, file_format, read_rows
from retrolabel.jobs.gold.importing import GoldRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

OPTIONS = {
    "item_id": "--item",
    "label": "--label",
    "annotator": "--annotator",
    "role": "--role-column",
    "rationale": "--rationale",
    "labelled_at": "--time",
    "seconds": "--seconds",
}
"""The option that names the column of each field."""


def read_gold(path: Path, columns: Mapping[str, str | None]) -> list[GoldRow]:
    """Return the rows of a file of human labels.

    Args:
        path: The file.
        columns: ``item_id``, ``label``, ``annotator``, ``role``, ``rationale``, ``labelled_at``,
            ``seconds`` -> the file's column, or ``None``.

    Raises:
        GoldError: A column is missing, a row cannot be read, an id is a floating-point number, or a
            time is no date; every fault at once.
        InputError: The file cannot be read at all.
    """
    kind = file_format(path)
    present = column_names(path, kind)
    problems = [
        Problem(f"column {column!r}", "there is no such column", _instead(field, column, present))
        for field, column in columns.items()
        if column is not None and column not in present
    ]
    if problems:
        raise GoldError(f"{path.name} has the columns {', '.join(present)}.", problems=problems)
    rows: list[GoldRow] = []
    for raw in read_rows(path, kind):
        problems += raw.broken
        values = {field: _values(raw.columns, column, len(raw.lines)) for field, column in columns.items()}
        for place, line in enumerate(raw.lines):
            rows.append(_row(line, {field: column[place] for field, column in values.items()}, problems))
    if problems:
        raise GoldError(
            f"{path.name}: {len(problems)} rows cannot be read; nothing was stored.",
            problems=problems[:20],
            remedy="mend those rows, or take them out, and import the file again",
        )
    if not rows:
        raise GoldError(f"{path.name} has no rows.", remedy="a header alone is no gold; was it cut off?")
    return rows


def _instead(field: str, column: str, present: list[str]) -> str:
    """Return the option that names the column which was meant."""
    near = nearest(column, present)
    return f"{OPTIONS[field]} {near}, if that is meant" if near else f"{OPTIONS[field]} COLUMN says which one it is"


def _values(columns: Mapping[str, Any], column: str | None, count: int) -> list[Any]:
    if column is None or column not in columns:
        return [None] * count
    values = columns[column]
    return list(values.to_pylist()) if isinstance(values, (pa.Array, pa.ChunkedArray)) else list(values)


def _row(line: int, values: Mapping[str, Any], problems: list[Problem]) -> GoldRow:
    item_id = values["item_id"]
    if isinstance(item_id, float):
        problems.append(Problem(f"line {line}", f"the item id {item_id!r} is a floating-point number", "make it text"))
        item_id = None
    texts = {
        field: None if (value := values.get(field)) is None or value == "" else str(value)
        for field in ("label", "annotator", "role", "rationale")
    }
    when = _time(values.get("labelled_at"), line, problems)
    seconds = _seconds(values.get("seconds"), line, problems)
    return GoldRow(line, None if item_id is None else str(item_id), labelled_at=when, seconds=seconds, **texts)


def _seconds(value: Any, line: int, problems: list[Problem]) -> float | None:  # noqa: ANN401 - whatever the file holds
    if value is None or value == "":
        return None
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds >= 0):
        problems.append(Problem(f"line {line}", f"{value!r:.40} is no number of seconds"))
        return None
    return seconds


def _time(value: Any, line: int, problems: list[Problem]) -> datetime | None:  # noqa: ANN401 - whatever the file holds
    if value is None or value == "":
        return None
    parsed = pd.to_datetime(value, utc=True, errors="coerce")
    if pd.isna(parsed):
        problems.append(Problem(f"line {line}", f"{value!r:.40} is no date (ISO 8601)"))
        return None
    when: datetime = parsed.to_pydatetime()
    return when
