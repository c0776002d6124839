"""Which entries and rows of a file hold answers of people, as far as its values tell: for a message."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from retrolabel.interop.labelling_tools.answers import as_label
from retrolabel.interop.paths import first_at, parse_path, walk
from retrolabel.interop.spots import last_part, lists_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from retrolabel.interop.spots import Spots

MACHINE = re.compile(
    r"predict|model|machine|auto|judge|eval|llm|reject|cancel|skip|discard|draft|ignore|spam|test question",
    re.IGNORECASE,
)
"""What kinds and states say that are no answer of a person that counts."""
KINDS = ("source", "status", "state", "type", "labeltype", "assignmentstatus", "kind", "sourcetype", "annotatorkind")
SELECTORS = ("key", "name", "question", "fromname", "id", "field", "task", *KINDS)
"""Keys that say what an entry of a list is about."""
FLAGS = {"tainted": "false", "humanannotated": "yes", "wascancelled": "false", "skipped": "false", "rejected": "false"}
"""Flags of rows, and what they say of answers that count."""
FEW = 8
"""Values of a place that tells kinds apart."""


def conditions(spots: Spots, labels: str | None, is_label: Callable[[str], bool]) -> Iterator[str]:
    """Yield conditions on rows: without kinds that are no answers of people, and without rows that do not count.

    Args:
        spots: What stands where.
        labels: Where the labels stand; ``None`` where they are columns.
        is_label: Whether a value is a label of the task.
    """
    for path, values in spots.items():
        name = last_part(path)
        if lists_of(path) or path == labels:
            continue
        kinds = Counter(as_label(value) for value in values if isinstance(value, (str, bool)) and value != "")
        if name in FLAGS and len(kinds) > 1:
            yield f"{path}={FLAGS[name]}"
        elif name in KINDS and 1 < len(kinds) <= FEW and not any(map(is_label, kinds)):
            yield from (f"{path}!={kind}" for kind in kinds if MACHINE.search(kind))


def narrowed(records: Sequence[Mapping[str, Any]], labels: str, is_label: Callable[[str], bool]) -> str:
    """Return the path of labels with the entries of its lists narrowed to those that hold answers of people.

    Where one kind of entries alone holds labels, it is named; where some are of a machine, those are left out.

    Example:
        >>> rows = [{"marks": [{"key": "mood", "value": "bad"}, {"key": "topic", "value": "x"}]}]
        >>> narrowed(rows, "marks[].value", {"bad"}.__contains__)
        'marks[key=mood].value'
    """
    for held in reversed(lists_of(labels)):
        rest = labels[len(held) :].lstrip(".")
        if not held.endswith("[]") or not rest:
            continue
        entries = [
            each for record in records for _, each in walk(record, parse_path(held, "")) if isinstance(each, dict)
        ]
        for key in (key for name in SELECTORS for key in _keys(entries) if last_part(key) == name):
            told = _kinds(entries, key, rest, is_label)
            chosen = _chosen(told)
            if chosen:
                return f"{held[:-2]}[{key}{chosen}]{labels[len(held) :]}"
    return labels


def _keys(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    plain = (key for each in entries[:FEW] for key, value in each.items() if isinstance(value, (str, int)))
    return [key for key in dict.fromkeys(plain) if not set(key) & set('.[]"*=!')]


def _kinds(
    entries: Sequence[Mapping[str, Any]], key: str, rest: str, is_label: Callable[[str], bool]
) -> dict[str, list[int]]:
    """Return kind of entry -> how many hold a label, and how many do not."""
    way = parse_path(rest, "")
    told: dict[str, list[int]] = {}
    for each in entries:
        if each.get(key) is None:
            continue
        found = first_at(each, way)
        hit = isinstance(found, dict) or (found is not None and is_label(as_label(found)))
        told.setdefault(as_label(each[key]), [0, 0])[not hit] += 1
    return told


def _chosen(told: Mapping[str, Sequence[int]]) -> str:
    """Return which kind is meant, as it stands in a path; nothing where they do not differ."""
    if not 1 < len(told) <= FEW or any(set(kind) & set("[]") for kind in told):
        return ""
    holding = [kind for kind, (hits, _) in told.items() if hits]
    if len(holding) == 1:
        return f"={holding[0]}"
    machines = [kind for kind in told if MACHINE.search(kind)]
    people = [kind for kind in told if kind not in machines]
    if not machines or not people:
        return ""
    return f"={people[0]}" if len(people) == 1 else f"!={machines[0]}" if len(machines) == 1 else ""
