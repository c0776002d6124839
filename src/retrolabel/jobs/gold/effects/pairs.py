"""Which two labels a version was to tell apart better: named, said by its steps, or those that people mixed up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from retrolabel.errors import InputError, UnknownLabelError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from retrolabel.jobs.gold.effects.asked_twice import Side
    from retrolabel.jobs.gold.effects.common_meaning import CommonMeaning
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

NAMED, STEPS, CONFUSED, ONLY = "named", "steps", "confused", "only"
TWO = 2


@dataclass(frozen=True, slots=True)
class Pair:
    """Two labels that people are to tell apart.

    Attributes:
        labels: The two, as common labels; as labels of the two versions where ``as_they_are``.
        by: ``named`` by who asks; the ``steps`` of the version change these two; the most ``confused`` before; or the
            ``only`` two that the versions have in common.
        as_they_are: Whether both versions have the two labels, and a new one was carved from both: answers are
            compared that are one of the two, and what is called the new one now is in no figure of the pair.
        why_not: Why nothing can be compared; empty otherwise.
    """

    labels: tuple[str, str]
    by: str
    as_they_are: bool = False
    why_not: str = ""


def touched(history: History, before: LabelSchema, after: LabelSchema, meaning: CommonMeaning) -> tuple[str, ...]:
    """Return the common labels whose meaning the newer version changed.

    Args:
        history: The versions of the task.
        before: The older version.
        after: The newer one.
        meaning: What the two have in common.
    """
    relation = history.relation(before.version, after.version)
    redefined = {meaning.common(label) for label in relation.suspect_positive | relation.suspect_negative}
    changed = redefined | meaning.finer.keys() | set(meaning.new) | set(meaning.gone)
    return tuple(name for name in meaning.names if name in changed)


def named_pair(said: Sequence[str], before: LabelSchema, after: LabelSchema, meaning: CommonMeaning) -> Pair:
    """Return the pair that somebody names.

    Args:
        said: Two labels: ids, names or aliases of either version.
        before: The older version.
        after: The newer one.
        meaning: What the two have in common.

    Raises:
        InputError: There are not two.
        UnknownLabelError: Neither version has one of them.
    """
    if len(said) != TWO or said[0] == said[1]:
        raise InputError(f"A pair is two labels, and {', '.join(said) or 'none'} is not.", remedy="--pair bug,crash")
    found = []
    for text in said:
        label = after.understood(text) or before.understood(text)
        if label is None and text in meaning.names:
            found.append(text)
        elif label is None or meaning.common(label.id) is None:
            known = tuple(dict.fromkeys((*after.leaves, *before.leaves)))
            raise UnknownLabelError(text, known, of=f"{after.task} {before.version} and {after.version}")
        else:
            found.append(label.id)
    return _pair((found[0], found[1]), NAMED, meaning)


def pair_of_version(changed: Sequence[str], before: Side, meaning: CommonMeaning) -> Pair | None:
    """Return the pair that a version was to tell apart better; ``None`` where people mixed up none.

    Where its steps leave two labels to choose, they are the pair; else of all pairs with a changed label (of all, where
    none changed) the one that people mixed up on the most items.

    Args:
        changed: The common labels whose meaning changed.
        before: What people said before.
        meaning: What the versions have in common.
    """
    if len(changed) == TWO and not meaning.finer:
        return _pair((changed[0], changed[1]), STEPS, meaning)
    if len(changed) == 1 and changed[0] in meaning.finer:
        kept = [label for label in meaning.finer[changed[0]] if meaning.before.get(label) and meaning.after.get(label)]
        gone = [label for label in meaning.before if meaning.before[label] == changed[0]]
        for two in (kept, gone):
            if len(two) == TWO:
                return _pair((two[0], two[1]), STEPS, meaning)
    mixed = mixed_up(before, meaning.before, meaning.names)
    rows = [(count, pair) for pair, count in mixed.items() if not changed or set(changed) & set(pair)]
    if not rows:
        return None
    by = ONLY if len(meaning.names) == TWO else CONFUSED
    return Pair(min(rows, key=lambda row: (-row[0], row[1]))[1], by)


def mixed_up(side: Side, to: Mapping[str, str], names: Sequence[str]) -> Counter[tuple[str, str]]:
    """Return two common labels -> the items to which one person gave the one, and another the other.

    Args:
        side: What people said.
        to: Label of the side's version -> its common label.
        names: The common labels.
    """
    place = {name: number for number, name in enumerate(names)}
    found: Counter[tuple[str, str]] = Counter()
    for said in side.values():
        given = sorted({to[each.label] for each in said.values()}, key=place.__getitem__)
        found.update(combinations(given, 2))
    return found


def _pair(labels: tuple[str, str], by: str, meaning: CommonMeaning) -> Pair:
    one, other = (label if label in meaning.names else str(meaning.common(label)) for label in labels)
    if one != other:
        return Pair((one, other), by)
    if all(_on(meaning.before, labels)) and all(_on(meaning.after, labels)):
        return Pair(labels, by, as_they_are=True)
    if not any(_on(meaning.before, labels)):
        return Pair(labels, by, why_not=f"before, both were {one}: nobody was asked to tell them apart")
    if not any(_on(meaning.after, labels)):
        return Pair(labels, by, why_not=f"both are {one} now: nobody can mix them up any more")
    return Pair(labels, by, why_not=f"the steps lead from one to the other; what both versions know is {one}")


def _on(side: Collection[str], labels: tuple[str, str]) -> list[bool]:
    return [label in side for label in labels]
