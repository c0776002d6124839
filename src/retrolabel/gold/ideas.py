"""Changes of the spec as they are found, and what each is judged with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.errors import counted
from retrolabel.gold.rationale_groups import Group
from retrolabel.gold.reasons import told_by

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from retrolabel.gold.reasons import Reason, Told

NAMED = 3
"""The words that are named of each of several groups."""


@dataclass(frozen=True)
class Idea:
    """A change that a group of rationales asks for.

    Attributes:
        kind: ``include``, ``exclude``, ``merge``, ``split``, ``add`` or ``question``.
        label: The label that changes; of ``merge`` and ``add`` the name that comes.
        labels: Of ``merge`` those that become one, of ``split`` the parts, of ``add`` those it is carved from.
        pair: The labels on its items, those of most answers first.
        members: The places of its rationales.
        centre: The place of the one that is most like the others.
        terms: The words that tell them.
        why: Why this change, in sentences.
        support: The weights of its items, added up: 1 where people differ, less elsewhere.
        clear: Whether it goes with labels by more than chance, and is not one person's alone where several write.
        restores: The older version whose labels a split brings back.
    """

    kind: str
    label: str
    labels: tuple[str, ...]
    pair: tuple[str, ...]
    members: tuple[int, ...]
    centre: int
    terms: tuple[str, ...]
    why: tuple[str, ...]
    support: float
    clear: bool
    restores: str | None = None


@dataclass(frozen=True)
class Ideas:
    """What rationales ask for, and how many of them ask for nothing.

    Attributes:
        found: The changes, those that are clear first, then by what speaks for them.
        silent: Rationales that give no reason.
        alone: Rationales that are like too few others.
        of_any_label: Rationales in groups whose items bear any label, and on which people agree.
        told: Rationales in groups whose words stand in the label's rules, and on which people agree.
    """

    found: tuple[Idea, ...] = ()
    silent: int = 0
    alone: int = 0
    of_any_label: int = 0
    told: int = 0


@dataclass(frozen=True)
class Found:
    """A group as it is judged."""

    group: Group
    told: Told
    clear: bool
    no_label: bool = False


@dataclass(frozen=True)
class Ground:
    """What all groups are judged with."""

    reasons: Sequence[Reason]
    labels: Collection[str]
    alike: Collection[frozenset[str]]
    rules: Mapping[str, Collection[str]] = field(default_factory=dict)

    def of(self, group: Group) -> list[Reason]:
        """Return the rationales of a group."""
        return [self.reasons[place] for place in group.members]


def idea_of(  # noqa: PLR0913 - what a change is of
    kind: str, label: str, labels: Sequence[str], found: Found, ground: Ground, why: tuple[str, ...]
) -> Idea:
    """Return the change that a group asks for."""
    group = found.group
    weights: dict[tuple[str, str], float] = {}
    for each in ground.of(group):
        weights[each.item] = max(each.weight, weights.get(each.item, 0.0))
    pair = pair_of(found.told)
    return Idea(
        kind,
        label,
        tuple(labels),
        pair,
        group.members,
        group.centre,
        group.terms,
        why,
        sum(weights.values()),
        found.clear,
    )


def pair_of(told: Told) -> tuple[str, ...]:
    """Return the labels on the items: where people differ the authors' and the others', else all; most first."""
    if told.differing:
        counts = told.given + told.beside
        return tuple(sorted(counts, key=lambda each: (-counts[each], each)))
    return tuple(sorted(told.all, key=lambda each: (-told.all[each], each)))


def together_of(found: Sequence[Found], ground: Ground) -> Found:
    """Return several groups as one; its centre is that of the largest."""
    largest = max(found, key=lambda each: len(each.group.members)).group
    members = tuple(sorted(place for each in found for place in each.group.members))
    terms = tuple(dict.fromkeys(term for each in found for term in each.group.terms[:NAMED]))
    group = Group(members, largest.centre, terms, min(each.group.likeness for each in found))
    return Found(group, told_by(ground.of(group)), any(each.clear for each in found))


def on_items(told: Told) -> str:
    """Return on how many items people differ."""
    return f"People differ on {told.differing} of the {counted(told.watched, 'item')} that two people or more answered"


def words_told(group: Group) -> str:
    """Return the first words of a group, as people are told them."""
    return f"\u201c{' '.join(group.terms[:2])}\u201d" if group.terms else "no words in common"


def name_for(label: str, found: Sequence[Found], ground: Ground, *, alone: bool = False) -> str:
    """Return an id for a new label: its first word that is no label yet."""
    for term in found[0].group.terms:
        slug = re.sub(r"[^A-Za-z0-9]+", "", term)
        name = slug if alone else f"{label}_{slug}"
        if slug == term and name not in ground.labels:
            return name
    return label if alone else f"{label}_{len(found[0].group.members)}"


def joined_name(one: str, other: str, ground: Ground) -> str:
    """Return an id for two labels as one."""
    name = f"{one}_or_{other}"
    return name if name not in ground.labels else f"{name}_"
