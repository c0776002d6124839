"""Rows of human labels that have no id, matched to items by their text."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from retrolabel.errors import GoldError, Problem, counted, for_shell, nearest
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.labeling.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Progress

    Key = tuple[str, ...]

MOST_UNMATCHED = 0.1
"""The share of rows without an item above which a file of gold is refused: it may be of another source."""
ENOUGH = 0.5
"""The share of some values that are known, from which on they may tell the items."""
SHOWN = 5
CUT = (r"([^/\\]+)\.\w+$", r"([^/=?&#:]+)/?$")
"""Where an id stands in a name of a file, and in an address."""
LONGEST = 60
"""Characters of a text that a message shows."""


@dataclass(frozen=True)
class Matched:
    """Rows of human labels, and the items that they were found to be of.

    Attributes:
        rows: Those that have an item now.
        unmatched: Those whose text no item has.
        ambiguous: Those whose text several items have.
        alike: How many items were found by what a person reads as the same text, not by the same characters.
    """

    rows: tuple[GoldRow, ...]
    unmatched: tuple[GoldRow, ...] = ()
    ambiguous: tuple[GoldRow, ...] = ()
    alike: int = 0

    def problems(self) -> list[Problem]:
        """Return what is wrong with each row that has no item."""
        none, several = "no item has its text", "several items have its text"
        return [
            *(Problem(row.place, f"{none}: {_told(row)}") for row in self.unmatched),
            *(Problem(row.place, f"{several}: {_told(row)}") for row in self.ambiguous),
        ]


def as_read(text: str) -> str:
    r"""Return a text as a person reads it: two that give the same are one text.

    Accents however they are coded, kinds of apostrophes, quotes and hyphens, and runs of white space are one; what
    nobody sees is dropped (:mod:`retrolabel.labeling.folding`); white space around it and case do not matter.

    Example:
        >>> as_read(" It\u2019s  BROKEN\n") == as_read("it's broken")
        True
    """
    return fold(text).strip().casefold()


def match_items(  # noqa: PLR0913 - rows, what they are matched by, and where items are
    rows: Sequence[GoldRow],
    columns: Sequence[str],
    *,
    file: str,
    source: str,
    feedback: FeedbackBook,
    objects: Objects,
    skip_unknown: bool = False,
    progress: Progress | None = None,
) -> Matched:
    """Return the rows with the items that have their texts, in all of some columns.

    Items with the same characters are taken first; where there is none, those that read the same.

    Args:
        rows: The rows; those that have an id keep it.
        columns: The source's columns that hold the texts.
        file: The file's name, for messages.
        source: The source of the items.
        feedback: What items there are.
        objects: Where they are stored.
        skip_unknown: Whether rows that have no item are put aside, however many they are.
        progress: Told how many items were looked at.

    Raises:
        GoldError: The source has no such column, or no item for more than a tenth of the rows.
    """
    contract = feedback.sources().get(source)
    wrong = [] if contract is None else [column for column in columns if column not in contract]
    if wrong and contract is not None:
        near = nearest(wrong[0], contract)
        raise GoldError(
            f"The source {source} has no column {wrong[0]!r}; it has {', '.join(contract)}.",
            remedy=f"--match is THEIRS=OURS: --match TEXT={near or 'COLUMN'}",
        )
    open_rows = [row for row in rows if row.item_id is None]
    wanted = {_exact(row.texts) for row in open_rows}
    same, alike = _items(columns, wanted, source, feedback, objects, progress)
    found: list[GoldRow] = []
    unmatched: list[GoldRow] = []
    ambiguous: list[GoldRow] = []
    folded = 0
    for row in rows:
        if row.item_id is not None:
            found.append(row)
            continue
        key = _exact(row.texts)
        exact = same.get(key, ())
        ids = exact or alike.get(_read(key), ())
        if len(ids) == 1 and any(key):
            found.append(replace(row, item_id=ids[0]))
            folded += not exact
        else:
            (ambiguous if len(ids) > 1 else unmatched).append(row)
    if not skip_unknown and len(unmatched) > MOST_UNMATCHED * len(rows):
        raise _refused(unmatched, len(rows), file, source, columns)
    matched = Matched(tuple(found), tuple(unmatched), tuple(ambiguous), folded)
    if not found:
        raise GoldError(
            f"{file}: none of its {len(rows):,} rows has the text of one item alone; nothing was stored.",
            problems=matched.problems()[:SHOWN],
            remedy="a further pair tells such items apart: --match text=review --match date=day",
        )
    return matched


@dataclass(frozen=True)
class ItemPlace:
    """Where the items of some records may be told by.

    Attributes:
        option: The option that says so, as it is typed.
        known: How many of its values the source has.
        of: How many there are.
        what: What they are: ``ids`` or ``texts``.
    """

    option: str
    known: int
    of: int
    what: str

    def __str__(self) -> str:
        """Return the option, and how much speaks for it."""
        return f"{self.option} ({self.what} of {self.known:,} of {self.of:,} are there)".replace(
            f"texts of {self.known:,} of {self.of:,}", f"{self.known:,} of {self.of:,} texts"
        )


def where_items_are(
    values: Mapping[str, Sequence[object]], *, source: str, feedback: FeedbackBook, objects: Objects
) -> list[ItemPlace]:
    """Return the options that tell the items of some records, the best first: a path of ids, or one of texts.

    Args:
        values: Path -> what some records have there.
        source: The source of the items.
        feedback: What items there are.
        objects: Where they are stored.
    """
    told: list[ItemPlace] = []
    for path, found in values.items():
        ids = {str(value) for value in found if isinstance(value, (str, int)) and not isinstance(value, bool)}
        for pattern in (None, *CUT):
            cut = {each for each in (cut_out(value, pattern) for value in ids) if each}
            known = feedback.revisions(source, sorted(cut))
            if cut and len(known) >= ENOUGH * len(ids):
                more = f" --item-pattern {shlex.quote(pattern)}" if pattern else ""
                told.append(ItemPlace(f"--item {for_shell(path)}{more}", len(known), len(ids), "ids"))
                break
    columns = [name for name, kind in (feedback.sources().get(source) or {}).items() if kind == "string"]
    texts = {path: {as_read(str(value)) for value in found if value is not None} for path, found in values.items()}
    for column in columns:
        wanted: set[Key] = {(text,) for each in texts.values() for text in each}
        _, alike = _items([column], wanted, source, feedback, objects)
        for path, each in texts.items():
            known_texts = sum((text,) in alike for text in each)
            if each and known_texts >= ENOUGH * len(each):
                told.append(ItemPlace(f"--match {for_shell(path)}={column}", known_texts, len(each), "texts"))
    return sorted(told, key=lambda each: (-each.known / each.of, each.what == "texts", -each.known))


def cut_out(value: str, pattern: str | None) -> str | None:
    r"""Return the id that stands in a value: what the first group of a pattern finds; ``None`` where it finds nothing.

    Example:
        >>> cut_out("s3://feedback/r17.txt", CUT[0]), cut_out("r17", None), cut_out("r17", "x(.)")
        ('r17', 'r17', None)
    """
    if pattern is None:
        return value
    found = re.search(pattern, value)
    return found[1] if found else None


def _items(  # noqa: PLR0913 - what is looked for, and where
    columns: Sequence[str],
    wanted: set[Key],
    source: str,
    feedback: FeedbackBook,
    objects: Objects,
    progress: Progress | None = None,
) -> tuple[Mapping[Key, Sequence[str]], Mapping[Key, Sequence[str]]]:
    """Return texts -> items that have just these, and texts as they read -> items that read so."""
    readings = {_read(key) for key in wanted}
    same: dict[Key, list[str]] = defaultdict(list)
    alike: dict[Key, list[str]] = defaultdict(list)
    segments = feedback.segments([source])
    if progress is not None:
        progress.start(f"match to {source}", sum(segment.live for segment in segments))
    for segment in segments:
        table = objects.read_table(segment.path, sha256=segment.sha256).take(segment.live_rows())
        lacking = [None] * table.num_rows  # a column that came later
        texts = [table.column(name).to_pylist() if name in table.column_names else lacking for name in columns]
        for item_id, *values in zip(table.column(ITEM_ID).to_pylist(), *texts, strict=True):
            key = tuple("" if value is None else str(value) for value in values)
            read = _read(key)
            if read in readings:
                alike[read].append(item_id)
                same[key].append(item_id)
        if progress is not None:
            progress.advance(table.num_rows)
    return same, alike


def _exact(texts: Sequence[str | None]) -> Key:
    return tuple(text or "" for text in texts)


def _read(key: Key) -> Key:
    return tuple(map(as_read, key))


def _told(row: GoldRow) -> str:
    """Return what a row is found by, as a message shows it."""
    return " | ".join(_short(text) for text in row.texts)


def _short(text: Any) -> str:  # noqa: ANN401 - a text, or nothing
    told = "nothing" if text is None else repr(str(text))
    return told if len(told) <= LONGEST else f"{told[:LONGEST]}…"


def _refused(unmatched: Sequence[GoldRow], rows: int, file: str, source: str, columns: Sequence[str]) -> GoldError:
    problems = [Problem(row.place, _told(row)) for row in unmatched[:SHOWN]]
    more = [Problem("and", f"{len(unmatched) - SHOWN:,} more")] if len(unmatched) > SHOWN else []
    return GoldError(
        f"{file}: {counted(len(unmatched), 'row')} of {rows:,} {'has' if len(unmatched) == 1 else 'have'} a text"
        f" that no item of {source} has in {', '.join(columns)}; nothing was stored.",
        problems=[*problems, *more],
        remedy="is it another source or column? --skip-unknown-items puts such rows aside"
        f" (without it, up to {MOST_UNMATCHED:.0%} of a file are)",
    )
