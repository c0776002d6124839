"""From groups of rationales to changes of the spec, each a draft for a person: which kind of change, and why.

The rule, in its order:

1. **add**: people write that no label fits; or, on the items of a group, they scatter over three labels or more.
2. **merge**: the group stands between two labels that nobody can tell apart, in both directions, on all items.
3. **split**: the rationales of one label fall into two groups that go with labels, and people treat the two as different
   things: an older version had a label for each; or most people give the label in one, and another one in the other.
4. **exclude**, **include**: one label has most of a group's authors. Where most people agree with them, the case is a near
   miss of the label that the others gave; where they do not, or nobody differs, it may belong to the authors' label.
5. **question**: authors of both sides use the same words, so the guideline has to say which it is.

A group whose items bear all labels alike, and on which people agree, is a manner of speaking, and no proposal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from retrolabel.errors import counted
from retrolabel.gold.rationale_groups import FEWEST, Group, group_rationales
from retrolabel.gold.rationale_words import says_no_label_fits, says_nothing, without_that, words_of
from retrolabel.gold.reasons import Reason, first_of, go_with_labels, told_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from retrolabel.gold.reasons import Told

ONE_SIDED = 2 / 3
"""The share of a group's authors who give one label, from which on the group is of that label."""
OFTEN = 1 / 4
"""The share of a group's items on which people differ, from which on they differ."""
SCATTERED, MANY_LABELS, SOME = 0.5, 3, 0.15
"""The largest share of a label, and how many labels have some, where people scatter."""
APART = 0.6
"""The share of what others said, from which on a group has one label beside its own."""
KEPT_TERMS = 3
"""The first words of a group, of which the guideline may have most already."""


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
        support: The weights of its rationales, added up.
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
class _Found:
    """A group as it is judged."""

    group: Group
    told: Told
    clear: bool
    no_label: bool = False


@dataclass(frozen=True)
class _Ground:
    """What all groups are judged with."""

    reasons: Sequence[Reason]
    labels: Collection[str]
    alike: Collection[frozenset[str]]
    rules: Mapping[str, Collection[str]] = field(default_factory=dict)

    def of(self, group: Group) -> list[Reason]:
        """Return the rationales of a group."""
        return [self.reasons[place] for place in group.members]


def ideas_of(
    reasons: Sequence[Reason],
    *,
    labels: Collection[str],
    alike: Collection[frozenset[str]] = (),
    rules: Mapping[str, Collection[str]] | None = None,
    fewest: int = FEWEST,
) -> Ideas:
    """Return the changes that rationales ask for.

    Args:
        reasons: The rationales.
        labels: The ids and names of all labels.
        alike: Pairs of labels that nobody can tell apart, in both directions, whatever the item.
        rules: Label -> the words of its definition and rules.
        fewest: The items of a group at least.
    """
    ground = _Ground(reasons, labels, alike, rules or {})
    speaking = [place for place, each in enumerate(reasons) if not says_nothing(each.text, labels)]
    found, grouped = _groups(ground, speaking, fewest)
    ideas: list[Idea] = []
    rest, left = [], {"any": 0, "told": 0}
    for each in found:
        kind = _kind(each, ground)
        if kind in left:
            left[kind] += len(each.group.members)
        elif kind == "add":
            ideas.append(_add(each, ground))
        else:
            rest.append(each)
    merges, rest = _merges(rest, ground)
    splits, rest = _splits(rest, ground)
    ideas += [*merges, *splits, *(_rule(each, ground) for each in rest)]
    ordered = sorted(ideas, key=lambda each: (not each.clear, -each.support, each.members))
    alone = len(speaking) - grouped
    return Ideas(tuple(ordered), len(reasons) - len(speaking), alone, left["any"], left["told"])


def _groups(ground: _Ground, speaking: Sequence[int], fewest: int) -> tuple[list[_Found], int]:
    """Return the groups, and how many rationales are in one."""
    reasons = ground.reasons
    none = [place for place in speaking if says_no_label_fits(reasons[place].text)]
    others = sorted(set(speaking) - set(none))
    groups = _grouped(others, [words_of(reasons[place].text) for place in others], reasons, fewest)
    stand_out = go_with_labels(
        [reasons[place] for place in speaking],
        [[speaking.index(place) for place in group.members] for group in groups],
    )
    writers = {reasons[place].person for place in speaking}

    def several(group: Group) -> bool:
        return len(writers) == 1 or len({reasons[place].person for place in group.members}) > 1

    found = [
        _Found(group, told_by(ground.of(group)), clear and several(group))
        for group, clear in zip(groups, stand_out, strict=True)
    ]
    unfit = _no_label_fits(none, reasons, fewest)
    found += [_Found(group, told_by(ground.of(group)), several(group), no_label=True) for group in unfit]
    return found, sum(len(each.group.members) for each in found)


def _grouped(
    places: Sequence[int], words: Sequence[Sequence[str]], reasons: Sequence[Reason], fewest: int
) -> list[Group]:
    groups = group_rationales(words, [reasons[place].item for place in places], fewest=fewest)
    return [
        replace(each, members=tuple(places[place] for place in each.members), centre=places[each.centre])
        for each in groups
    ]


def _no_label_fits(none: Sequence[int], reasons: Sequence[Reason], fewest: int) -> list[Group]:
    """Return the rationales that say that no label fits: by what else they say, and those that say no more together."""
    groups = _grouped(none, [words_of(without_that(reasons[place].text)) for place in none], reasons, fewest)
    grouped = {place for group in groups for place in group.members}
    rest = tuple(place for place in none if place not in grouped)
    if len({reasons[place].item for place in rest}) >= fewest:
        groups.append(Group(rest, rest[0], (), 0.0))
    return groups


def _kind(found: _Found, ground: _Ground) -> str:
    """Return ``add``, ``any`` or ``told`` where a group is that, else nothing."""
    told = found.told
    if found.no_label:
        return "add"
    total, differ = told.all.total(), told.differing >= max(2, OFTEN * told.watched)
    some = [label for label, count in told.all.items() if count >= SOME * total]
    most = told.all[first_of(told.all)]
    if told.differing > told.watched / 2 and len(some) >= MANY_LABELS and most < SCATTERED * total:
        return "add"
    if differ:
        return ""
    if told.one_sided < ONE_SIDED:
        return "any"
    words, rules = found.group.terms[:KEPT_TERMS], ground.rules.get(told.main, ())
    return "told" if words and sum(word in rules for word in words) * 2 > len(words) else ""


def _merges(found: Sequence[_Found], ground: _Ground) -> tuple[list[Idea], list[_Found]]:
    """Return a merge for each pair that nobody can tell apart and that groups stand between, and the other groups."""
    pairs: dict[frozenset[str], list[_Found]] = {}
    rest = []
    for each in found:
        pair = frozenset(_pair(each.told)[:2])
        if pair in ground.alike and each.told.differing:
            pairs.setdefault(pair, []).append(each)
        else:
            rest.append(each)
    made = []
    for pair, groups in pairs.items():
        together = _together(groups, ground)
        one, other = _pair(together.told)[:2]
        why = (
            f"{_on(together.told)}: {one} or {other}.",
            f"On all items, too, nobody tells {one} and {other} apart better than by chance, and everybody gives both.",
        )
        made.append(_idea("merge", _joined_name(one, other, ground), sorted(pair), together, ground, why))
    return made, rest


def _splits(found: Sequence[_Found], ground: _Ground) -> tuple[list[Idea], list[_Found]]:
    """Return a split for each label whose groups people treat as different things, and the other groups."""
    of_label: dict[tuple[str, str], list[tuple[_Found, str]]] = {}
    for each in found:
        if each.clear and each.told.one_sided >= ONE_SIDED:
            for between, part in _parts(each.told):
                of_label.setdefault((each.told.main, between), []).append((each, part))
    made: list[Idea] = []
    used: set[int] = set()
    for (label, between), groups in sorted(of_label.items(), key=lambda each: each[0]):
        free = [(each, part) for each, part in groups if id(each) not in used]
        split = _split(label, between, free, ground)
        if split is not None:
            made.append(split)
            used |= {id(each) for each, _ in free}
    return made, [each for each in found if id(each) not in used]


def _parts(told: Told) -> Iterator[tuple[str, str]]:
    """Yield what tells a group from others of its label: (between what, which of it).

    An older version has two labels for what is one now; or most people give the label in one group, and another one
    label in the other group.
    """
    best = min(told.earlier, key=lambda each: (-told.earlier[each], each), default=None)
    if best is not None and told.earlier[best] >= max(FEWEST, APART * told.earlier.total()):
        yield f"version {best[1]}", best[0]
    beside = first_of(told.beside)
    if beside and told.beside[beside] >= max(FEWEST, APART * told.beside.total()):
        yield beside, "most" if told.all[told.main] > told.all[beside] else "few"


def _split(label: str, between: str, groups: Sequence[tuple[_Found, str]], ground: _Ground) -> Idea | None:
    """Return the split of a label by its groups; None where they are all of one part."""
    parts: dict[str, list[_Found]] = {}
    for each, part in groups:
        parts.setdefault(part, []).append(each)
    version = between.removeprefix("version ") if between.startswith("version ") else None
    names = list(parts) if version else [_name(label, found, ground) for found in parts.values()]
    if len(parts) < 2 or len(set(names)) < len(names):  # noqa: PLR2004 - two parts at least
        return None
    together = _together([each for each, _ in groups], ground)
    if version:
        told = "; ".join(f"{_words(found[0].group)}: {part} in {version}" for part, found in parts.items())
    else:
        told = "; ".join(
            f"{_words(found[0].group)}: {f'most people say {label}' if part == 'most' else f'most say {between}'}"
            for part, found in parts.items()
        )
    why = (f"The rationales of {label} fall into {len(parts)} kinds: {told}.", f"{_on(together.told)}.")
    return replace(_idea("split", label, names, together, ground, why), restores=version)


def _rule(found: _Found, ground: _Ground) -> Idea:
    """Return a rule of a label, or a question, for a group of which nothing else can be said."""
    told, pair = found.told, _pair(found.told)
    if told.one_sided < ONE_SIDED or not told.main:
        sides = " or ".join(pair[:2])
        why = (f"{_on(told)}: {sides}.", f"Both sides give this reason, so the guideline has to say: {sides}?")
        return _idea("question", first_of(told.all), (), found, ground, why)
    mine, beside = told.main, first_of(told.beside)
    if not beside or told.differing < max(2, OFTEN * told.watched):
        why = (f"Whoever says so gives {mine}, and nearly nobody differs.", f"The rules of {mine} do not say it yet.")
        return _idea("include", mine, (), found, ground, why)
    if told.all[mine] > told.all[beside]:
        why = (f"{_on(told)}: {mine} or {beside}.", f"Whoever gives this reason says {mine}, and so do most people.")
        return _idea("exclude", beside, (), found, ground, why)
    why = (
        f"{_on(told)}: {mine} or {beside}.",
        f"Whoever gives this reason says {mine}; as many people or more say {beside}. Decide which it is first.",
    )
    return _idea("include", mine, (), found, ground, why)


def _add(found: _Found, ground: _Ground) -> Idea:
    told = found.told
    carved = [label for label, count in told.all.most_common() if count >= SOME * told.all.total()]
    if found.no_label:
        why = [f"{counted(len(found.group.members), 'rationale')} say that no label fits."]
    else:
        why = [f"{_on(told)}, over {counted(len(carved), 'label')}: {', '.join(carved)}."]
    if carved:
        why.append(f"They gave {', '.join(carved)} in the meantime, so what was stored there may be the new label.")
    return _idea("add", _name("new_label", [found], ground, alone=True), carved, found, ground, tuple(why))


def _idea(  # noqa: PLR0913 - what a change is of
    kind: str, label: str, labels: Sequence[str], found: _Found, ground: _Ground, why: tuple[str, ...]
) -> Idea:
    group = found.group
    support = sum(ground.reasons[place].weight for place in group.members)
    pair = _pair(found.told)
    return Idea(
        kind, label, tuple(labels), pair, group.members, group.centre, group.terms, why, support, found.clear
    )


def _pair(told: Told) -> tuple[str, ...]:
    """Return the labels on the items: where people differ the authors' and the others', else all; most first."""
    if told.differing:
        counts = told.given + told.beside
        return tuple(sorted(counts, key=lambda each: (-counts[each], each)))
    return tuple(sorted(told.all, key=lambda each: (-told.all[each], each)))


def _together(found: Sequence[_Found], ground: _Ground) -> _Found:
    """Return several groups as one; its centre is that of the largest."""
    largest = max(found, key=lambda each: len(each.group.members)).group
    members = tuple(sorted(place for each in found for place in each.group.members))
    terms = tuple(dict.fromkeys(term for each in found for term in each.group.terms[:KEPT_TERMS]))
    group = Group(members, largest.centre, terms, min(each.group.likeness for each in found))
    return _Found(group, told_by(ground.of(group)), any(each.clear for each in found))


def _on(told: Told) -> str:
    """Return on how many items people differ."""
    return f"People differ on {told.differing} of the {counted(told.watched, 'item')} that two people or more answered"


def _words(group: Group) -> str:
    return f"\u201c{' '.join(group.terms[:2])}\u201d" if group.terms else "no words in common"


def _name(label: str, found: Sequence[_Found], ground: _Ground, *, alone: bool = False) -> str:
    """Return an id for a new label: its first word that is no label yet."""
    for term in found[0].group.terms:
        slug = re.sub(r"[^A-Za-z0-9]+", "", term)
        name = slug if alone else f"{label}_{slug}"
        if slug == term and name not in ground.labels:
            return name
    return label if alone else f"{label}_{len(found[0].group.members)}"


def _joined_name(one: str, other: str, ground: _Ground) -> str:
    name = f"{one}_or_{other}"
    return name if name not in ground.labels else f"{name}_"
