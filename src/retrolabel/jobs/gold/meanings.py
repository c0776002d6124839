"""What the values of a file of human labels mean in a version of the schema."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.errors import Problem, nearest
from retrolabel.jobs.gold.rows import GoldRow
from retrolabel.schema.labels import OUTSIDE
from retrolabel.schema.paths import relation_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrolabel.schema.labels import Label
    from retrolabel.schema.versions import LabelSchema

SHOWN = 20
MOST_OUTSIDE = 0.5
"""The share of labels outside the schema above which a file was labelled under another one."""
DENIED = re.compile(r"\b(not?|non|isn't|never|without|un)\b", re.IGNORECASE)
"""Words that turn a label that stands beside them into something else."""
PLAIN = re.compile(r"[\w .,:;+?*/-]+")


@dataclass(frozen=True)
class OutsideValue:
    """A stored value that no label of the version is, and that nobody guesses at.

    Attributes:
        value: The value.
        rows: How many rows hold it.
        line: The first of them.
        nearest: The label whose id or alias is most like it, if one is alike at all.
        why: What is wrong with it.
        remedy: The option that says what it means.
        version: Another version that knows it, if there is one.
        where: Where the first of them stands, as messages say it.
    """

    value: str
    rows: int
    line: int
    nearest: str | None
    why: str
    remedy: str
    version: str | None = None
    where: str = ""


def labels_of(
    rows: Sequence[GoldRow],
    schema: LabelSchema,
    versions: Sequence[LabelSchema],
    map_label: Mapping[str, str],
    problems: list[Problem],
) -> tuple[list[str | None], dict[str, OutsideValue]]:
    """Return the label id of each row, ``None`` where it has none, and the values that are no labels."""
    wrong = sorted(target for target in set(map_label.values()) - {""} if schema.understood(target) is None)
    for target in wrong:
        stored = next(value for value, meant in map_label.items() if meant == target)
        near = _outside(target, 0, GoldRow(0, None, target), schema, versions)
        remedy = f"--map-label {_quoted(stored, near.nearest)}" if near.nearest else "name one of them"
        problems.append(Problem(f"--map-label {_quoted(stored, target)}", f"{target!r} {near.why}", remedy))
    counts: Counter[str] = Counter()
    first: dict[str, GoldRow] = {}
    found: list[str | None] = []
    meaning: dict[str | None, Label | None] = {None: None}
    labelled = 0
    for row in rows:
        value = map_label.get(row.label, row.label) if row.label is not None else None
        if value in OUTSIDE:
            value = None  # whoever cannot tell gives no label
        label = meaning[value] if value in meaning else meaning.setdefault(value, schema.understood(value or ""))
        labelled += bool(value)
        if value and label is None:
            counts[value] += 1
            first.setdefault(value, row)
        found.append(label.id if label else None)
    outside = {value: _outside(value, count, first[value], schema, versions) for value, count in counts.most_common()}
    if outside and counts.total() >= labelled * MOST_OUTSIDE:
        problems += values_outside(outside)
    return found, outside


def _outside(
    value: str, count: int, row: GoldRow, schema: LabelSchema, versions: Sequence[LabelSchema]
) -> OutsideValue:
    other = next((each for each in versions if each is not schema and each.understood(value)), None)
    spellings = {**schema.names(), **schema.spellings()}
    near = nearest(value, spellings) or within(value, spellings)
    meant = spellings[near] if near else None
    why = f"is no label of {schema}; it has {', '.join(schema.ids)}"
    if other is not None and (label := other.understood(value)) is not None:
        why = f"is a label of {other}, not of {schema}"
        image = relation_between(other, schema).project(label)
        meant = next(iter(image)) if len(image) == 1 else None
    if other is not None and meant is None:
        remedy = f"put such rows into a file of their own: --schema {other.version}"
    elif meant is not None:
        remedy = f"if that is what it means: --map-label {_quoted(value, meant)}"
    else:
        remedy = f"say what it means: --map-label {_quoted(value, 'LABEL')}, or {_quoted(value, '')} if it is no label"
    return OutsideValue(value, count, row.line, meant, why, remedy, other.version if other else None, row.place)


def within(value: str, spellings: Iterable[str]) -> str | None:
    """Return the one spelling of a label that stands in a value as words of their own; none where a word denies it.

    Example:
        >>> within("type: Bug", ["bug", "wish"]), within("bug or wish", ["bug", "wish"]), within("debug", ["bug"])
        ('bug', None, None)
        >>> within("not a bug", ["bug"]) is within("non-bug", ["bug"]) is None
        True
    """
    if DENIED.search(value):
        return None
    found = [each for each in spellings if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", value, re.IGNORECASE)]
    return found[0] if len(found) == 1 else None


def mapping_line(outside: Iterable[OutsideValue]) -> str:
    """Return the options that say what all of some values mean, as one line to paste; nothing where there is one value.

    A value that is like a label means it, as far as anybody can tell; LABEL stands for what a person has to say.

    Example:
        >>> told = {"rows": 1, "line": 2, "why": "", "remedy": ""}
        >>> mapping_line([OutsideValue("Bugs", nearest="bug", **told), OutsideValue("?", nearest=None, **told)])
        '--map-label "Bugs=bug" --map-label "?=LABEL"'
    """
    found = [each for each in outside if each.version is None]
    if len(found) < 2:  # noqa: PLR2004 - one is told beside the value
        return ""
    return " ".join(f"--map-label {_quoted(each.value, each.nearest or 'LABEL')}" for each in found)


def all_at_once(outside: Iterable[OutsideValue]) -> str:
    """Return what a person is told to do about all values together; nothing where there are no two."""
    line = mapping_line(outside)
    what = "LABEL is yours to say, and nothing after = is no label" if "=LABEL" in line else "change what is not meant"
    return f"all of them at once ({what}): {line}" if line else ""


def _quoted(value: str, meant: str) -> str:
    """Return ``value=meant`` so that a shell passes it on as it is."""
    text = f"{value}={meant}"
    return f'"{text}"' if PLAIN.fullmatch(value) else shlex.quote(text)


def values_outside(outside: Mapping[str, OutsideValue]) -> list[Problem]:
    """Return a problem for each value; where most of a file is of another version, that is what helps."""
    found = list(outside.values())[:SHOWN]
    times = {each.value: f" ({each.rows:,} rows)" if each.rows > 1 else "" for each in found}
    return [
        Problem(
            each.where or f"line {each.line}",
            f"{each.value!r}{times[each.value]} {each.why}",
            f"--schema {each.version}" if each.version else each.remedy,
        )
        for each in found
    ]
