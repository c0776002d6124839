"""Conditions on items, as people write and read them: ``comment has refund and source is web``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Rows = Sequence[Mapping[str, Any]]

WORD = re.compile(r"\w+")
AND = " and "
WORDING = re.compile(r"(\w+) (has|is|from|shorter than|longer than) (.+)", re.DOTALL)
MOST_WORDS = 2_000
MOST_VALUES = 12
"""Values of a column, up to which each is a condition."""
FEWEST_ITEMS = 16
QUARTERS = (0.25, 0.75)


def conditions_of(rows: Rows, texts: Sequence[str], *, fewest: int = FEWEST_ITEMS) -> dict[str, Flags]:
    """Return the conditions that some items and not all of them meet.

    Words of texts, the shortest and the longest quarter of them, and the values of columns that have few, as source and
    month. Of conditions that the same items meet the first is taken.

    Args:
        rows: Column -> value, for each of n items; ``month`` is read as a beginning too (``month from 2026-05``).
        texts: The columns of texts.
        fewest: Items that meet it, and that do not, at least.

    Returns:
        Name -> bool [n].

    Example:
        >>> rows = [{"comment": text, "source": "web"} for text in ("refund please", "refund", "fine", "a refund")]
        >>> list(conditions_of(rows, ["comment"], fewest=1))
        ['comment shorter than 5', 'comment longer than 9', 'comment has refund', 'comment has a']
    """
    found: dict[str, Flags] = {}
    columns = list(dict.fromkeys(name for row in rows for name in row))
    for column in (name for name in columns if name not in texts):
        values = [row.get(column) for row in rows]
        kinds = {_told(value) for value in values if value is not None}
        if 1 < len(kinds) <= MOST_VALUES:
            told = np.array([None if value is None else _told(value) for value in values], object)
            for kind in sorted(kinds):
                found[f"{column} is {kind}"] = told == kind
                if column == "month":
                    found[f"month from {kind}"] = np.array(
                        [each is not None and each >= kind for each in told], np.bool_
                    )
    for column in texts:
        found |= _of_text(column, [_text(row.get(column)) for row in rows], fewest)
    kept: dict[bytes, str] = {}
    for name, here in found.items():
        if min(int(here.sum()), int((~here).sum())) >= fewest:
            kept.setdefault(here.tobytes(), name)
    return {name: found[name] for name in kept.values()}


def _of_text(column: str, values: Sequence[str], fewest: int) -> dict[str, Flags]:
    lengths = np.array([len(value) for value in values])
    short, long = (int(each) for each in np.quantile(lengths, QUARTERS)) if len(lengths) else (0, 0)
    found = {f"{column} shorter than {short}": lengths < short, f"{column} longer than {long}": lengths > long}
    rows_of: dict[str, list[int]] = {}
    for row, value in enumerate(values):
        for word in set(WORD.findall(value.casefold())):
            rows_of.setdefault(word, []).append(row)
    frequent = [(word, rows) for word, rows in rows_of.items() if len(rows) >= fewest]
    for word, rows in sorted(frequent, key=lambda each: (-len(each[1]), each[0]))[:MOST_WORDS]:
        here = found[f"{column} has {word}"] = np.zeros(len(values), np.bool_)
        here[rows] = True
    return found


def meets(condition: str, rows: Rows) -> Flags:
    """Return which items meet a condition, bool [n].

    Args:
        condition: ``COLUMN has WORD``, ``COLUMN is VALUE``, ``COLUMN from VALUE`` (in the order of texts), ``COLUMN
            shorter than N``, ``COLUMN longer than N`` (characters); several with ``and`` between.
        rows: Column -> value, for each of n items.

    Raises:
        InputError: It is none, or names a column that no item has.

    Example:
        >>> rows = [{"comment": "Refund please", "source": "web"}, {"comment": "refunds", "source": "web"}]
        >>> meets("comment has refund and source is web", rows).tolist()
        [True, False]
    """
    here = np.ones(len(rows), np.bool_)
    for part in re.split(rf"{AND}(?=\w+ (?:has|is|from|shorter than|longer than) )", condition):
        here &= _meets_one(part.strip(), rows)
    return here


def _meets_one(part: str, rows: Rows) -> Flags:
    written = WORDING.fullmatch(part)
    columns = sorted({name for row in rows for name in row})
    if written is None or (rows and written[1] not in columns):
        what = f"{part!r} is no slice" if written is None else f"No item has a column {written[1]!r}"
        raise InputError(
            f"{what}.", remedy=f"write COLUMN has WORD, COLUMN is VALUE, ...; columns: {', '.join(columns)}"
        )
    column, verb, value = written.groups()
    if verb in ("shorter than", "longer than") and not value.isdigit():
        raise InputError(f"{value!r} in {part!r} is no number of characters.", remedy=f"{column} {verb} 20")
    found = []
    for row in rows:
        given = row.get(column)
        if verb == "has":
            found.append(value.casefold() in WORD.findall(_text(given).casefold()))
        elif verb in ("is", "from"):
            told = None if given is None else _told(given)
            found.append(told is not None and (told == value if verb == "is" else told >= value))
        else:
            length = len(_text(given))
            found.append(length < int(value) if verb == "shorter than" else length > int(value))
    return np.array(found, np.bool_)


def _told(value: object) -> str:
    return str(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
