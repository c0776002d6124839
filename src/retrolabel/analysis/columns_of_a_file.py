"""What the columns of a file are good for: the text, the ids, the times, labels that somebody gave."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

IDS = {"id", "ids", "uuid", "guid", "key", "number", "no", "nr", "idx"}
LABELS = {
    "label", "labels", "class", "category", "categories", "kind", "type", "topic", "sentiment", "intent", "target",
    "tag", "gold", "kategorie", "coarse", "annotation", "y",
}  # fmt: skip
TIMES = ("created", "posted", "date", "time", "when", "at", "timestamp", "day")
SPLITS = {"train": "dev", "training": "dev", "dev": "dev", "valid": "dev", "validation": "dev", "val": "dev",
          "test": "test", "testing": "test"}  # fmt: skip
"""The value of a column that splits items -> the role that its gold has here."""
MOST_LABELS, LONGEST_LABEL, FEWEST_EACH = 100, 60, 3
MOST_NUMBERS = 20
SETS_NONE_APART = 0x0E00
"""The first letter of Thai; after it come the scripts of China and Japan."""
DATA_LIKE = re.compile(r"[+-]?\d+([.,:/-]\d+)*.*|.{60,}|\S+( \S+){4,}|.+[.!?]|https?://.*|\S+@\S+", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """A column of a file, as far as it was looked at.

    Attributes:
        name: Its name, one that labeling functions can read.
        written: What the file calls it.
        kind: ``string``, ``integer``, ``number``, ``boolean`` or ``time``.
        filled: How many rows have a value.
        distinct: How many different values there are.
        length: The mean length of its values, in characters.
        counts: Value -> how often, of the most frequent ones.
    """

    name: str
    written: str
    kind: str
    filled: int
    distinct: int
    length: float
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Texts:
    """What the column of texts holds.

    Attributes:
        filled: How many rows have a text.
        duplicates: How many of them say what an earlier one said, but for case and white space.
        words: The median number of words.
        longest: The number of words that 95 % do not exceed.
    """

    filled: int
    duplicates: int
    words: int
    longest: int


def column_of(name: str, written: str, kind: str, values: Sequence[object]) -> Column:
    """Return what a column holds.

    Example:
        >>> column_of("stars", "Stars", "integer", [1, 5, 5, None]).counts
        {'5': 2, '1': 1}
    """
    texts = [str(value) for value in values if value is not None]
    counts = Counter(texts)
    length = sum(map(len, texts)) / len(texts) if texts else 0.0
    return Column(name, written, kind, len(texts), len(counts), length, dict(counts.most_common(MOST_LABELS + 1)))


def texts_of(values: Sequence[object]) -> Texts:
    """Return what a column of texts holds.

    Example:
        >>> texts_of(["too slow", "Too  slow", None, "ok"])
        Texts(filled=3, duplicates=1, words=2, longest=2)
    """
    texts = [" ".join(str(value).split()).casefold() for value in values if value is not None]
    words = sorted(len(text.split()) for text in texts)
    if not words:
        return Texts(0, 0, 0, 0)
    place = min(len(words) - 1, int(0.95 * len(words)))
    return Texts(len(texts), len(texts) - len(set(texts)), int(statistics.median(words)), words[place])


def id_column(columns: Sequence[Column], rows: int) -> Column | None:
    """Return the column of ids: one called like that, whose values are all there and all different."""
    fit = [each for each in columns if each.kind in ("string", "integer") and each.filled == each.distinct == rows]
    named = [each for each in fit if _parts(each.written) & IDS]
    exact = [each for each in named if each.written.casefold() in ("item_id", "id")]
    return (exact or named or [None])[0]  # type: ignore[list-item]  # nothing, where there is none


def text_column(columns: Sequence[Column], taken: Sequence[str]) -> Column | None:
    """Return the column with the longest texts, of those that serve for nothing else; single words are no texts."""
    fit = [each for each in columns if each.kind == "string" and each.name not in taken and has_texts(each)]
    return max(fit, key=lambda each: each.length, default=None)


def has_texts(column: Column) -> bool:
    """Return whether half of the most frequent values have several words, or are of a script that sets none apart."""
    if not column.counts or set(column.counts) <= SPLITS.keys():
        return False
    texts = sum(
        len(value.split()) > 1 or any(ord(each) >= SETS_NONE_APART for each in value) for value in column.counts
    )
    return texts * 2 >= len(column.counts)


def split_column(columns: Sequence[Column]) -> Column | None:
    """Return the column that says which items are for training and which for a test, if there is one."""
    return next((each for each in columns if each.counts and set(each.counts) <= SPLITS.keys()), None)


def label_columns(columns: Sequence[Column]) -> list[Column]:
    """Return the columns that may hold labels somebody gave, those called like that first: few distinct, short values.

    A column of numbers or truth values has to be called like one.
    """
    fit = [each for each in columns if _may_be_labels(each)]
    return sorted(fit, key=lambda each: not is_called_label(each))


def is_called_label(column: Column) -> bool:
    """Return whether a column is called like one of labels: by the last word of its name."""
    words = _words(column.written)
    return bool(words) and words[-1] in LABELS


def _may_be_labels(column: Column) -> bool:
    few = 1 < column.distinct <= MOST_LABELS and column.filled >= FEWEST_EACH * column.distinct
    if column.kind == "string":
        return (
            few and column.length <= LONGEST_LABEL and not set(column.counts) <= SPLITS.keys() and not is_nested(column)
        )
    return few and column.kind in ("integer", "boolean") and column.distinct <= MOST_NUMBERS and is_called_label(column)


def is_nested(column: Column) -> bool:
    """Return whether a column holds lists or objects, as where an item has several labels."""
    return sum(value[:1] in ("[", "{") for value in column.counts) * 2 > len(column.counts)


def time_like(name: str) -> int:
    """Return how much a column's name sounds like the time at which an item came about; 0 is most."""
    parts = _parts(name)
    return next((place for place, word in enumerate(TIMES) if word in parts), len(TIMES))


def looks_like_an_item(header: Sequence[str]) -> bool:
    """Return whether the first line of a file is most likely an item, and not the names of columns.

    Example:
        >>> looks_like_an_item(["17", "It crashes when I open it.", "bug"]), looks_like_an_item(["id", "Review Text"])
        (True, False)
    """
    data = sum(bool(DATA_LIKE.fullmatch(name.strip())) for name in header if name.strip())
    return data * 2 >= len(header) and data > 0


def _parts(name: str) -> set[str]:
    """Return the words in a column's name, each once."""
    return set(_words(name))


def _words(name: str) -> list[str]:
    """Return the words in a column's name.

    Example:
        >>> _words("createdAt_ID")
        ['created', 'at', 'id']
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return [part.casefold() for part in re.split(r"[\W_]+", spaced) if part]
