"""From groups of rationales to changes of the spec, each a draft for a person: which kind of change, and why.

The rule, in its order:

1. **add**: people write that no label fits; or, on most items of a group, they give three labels or more.
2. **merge**: the group stands between two labels that nobody can tell apart, in both directions, on all items.
3. **split**: the rationales of one label fall into two groups that go with labels, and people treat the two as
   different things: an older version had a label for each; or most people give the label in one group, and another one
   in the other.
4. **exclude**, **include**: one label has most of a group's authors. Where most people agree with them, the case is a
   near miss of the label that the others gave; where they do not, or nobody differs, it may belong to the authors'.
5. **question**: authors of both sides use the same words, so the guideline has to say which it is.

A group whose items bear all labels alike, and on which people agree, is a manner of speaking, and no proposal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.errors import counted
from retrolabel.gold.ideas import Found, Ground, Ideas, idea_of, name_for, on_items, pair_of
from retrolabel.gold.merging import ONE_SIDED, merges_of, splits_of
from retrolabel.gold.rationale_groups import FEWEST, Group, group_rationales
from retrolabel.gold.rationale_words import says_no_label_fits, says_nothing, without_that, words_of
from retrolabel.gold.reasons import first_of, go_with_labels, told_by

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from retrolabel.gold.ideas import Idea
    from retrolabel.gold.reasons import Reason

OFTEN = 1 / 4
"""The share of a group's items on which people differ, from which on they differ."""
SOME = 0.15
"""The share of the answers on a group's items from which on a label is one of those that a new one is carved from."""
KEPT_TERMS = 3
"""The first words of a group, of which the guideline may have most already."""


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
    ground = Ground(reasons, labels, alike, rules or {})
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
    merges, rest = merges_of(rest, ground)
    splits, rest = splits_of(rest, ground)
    ideas += [*merges, *splits, *(_rule(each, ground) for each in rest)]
    ordered = sorted(ideas, key=lambda each: (not each.clear, -each.support, each.members))
    alone = len(speaking) - grouped
    return Ideas(tuple(ordered), len(reasons) - len(speaking), alone, left["any"], left["told"])


def _groups(ground: Ground, speaking: Sequence[int], fewest: int) -> tuple[list[Found], int]:
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
        Found(group, told_by(ground.of(group)), clear and several(group))
        for group, clear in zip(groups, stand_out, strict=True)
    ]
    unfit = _no_label_fits(none, reasons, fewest)
    found += [Found(group, told_by(ground.of(group)), several(group), no_label=True) for group in unfit]
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


def _kind(found: Found, ground: Ground) -> str:
    """Return ``add``, ``any`` or ``told`` where a group is that, else nothing."""
    told = found.told
    if found.no_label:
        return "add"
    if told.scattered >= max(FEWEST, told.watched / 2):
        return "add"
    if told.differing >= max(2, OFTEN * told.watched):
        return ""
    if told.one_sided < ONE_SIDED:
        return "any"
    words, rules = found.group.terms[:KEPT_TERMS], ground.rules.get(told.main, ())
    return "told" if words and sum(word in rules for word in words) * 2 > len(words) else ""


def _rule(found: Found, ground: Ground) -> Idea:
    """Return a rule of a label, or a question, for a group of which nothing else can be said."""
    told, pair = found.told, pair_of(found.told)
    if told.one_sided < ONE_SIDED or not told.main:
        sides = " or ".join(pair[:2])
        why = (f"{on_items(told)}: {sides}.", f"Both sides give this reason, so the guideline has to say: {sides}?")
        return idea_of("question", first_of(told.all), (), found, ground, why)
    mine, beside = told.main, told.other
    if not beside or told.differing < max(2, OFTEN * told.watched):
        why = (f"Whoever says so gives {mine}, and nearly nobody differs.", f"The rules of {mine} do not say it yet.")
        return idea_of("include", mine, (), found, ground, why)
    if told.all[mine] > told.all[beside]:
        why = (
            f"{on_items(told)}: {mine} or {beside}.",
            f"Whoever gives this reason says {mine}, and so do most people.",
        )
        return idea_of("exclude", beside, (), found, ground, why)
    why = (
        f"{on_items(told)}: {mine} or {beside}.",
        f"Whoever gives this reason says {mine}; as many people or more say {beside}. Decide which it is first.",
    )
    return idea_of("include", mine, (), found, ground, why)


def _add(found: Found, ground: Ground) -> Idea:
    told = found.told
    carved = [label for label, count in told.all.most_common() if count >= SOME * told.all.total()]
    if found.no_label:
        why = [f"{counted(len(found.group.members), 'rationale')} say that no label fits."]
    else:
        why = [f"On {told.scattered} of {counted(told.watched, 'item')} people gave three labels or more."]
    if carved:
        why.append(f"They gave {', '.join(carved)} in the meantime, so what was stored there may be the new label.")
    return idea_of("add", name_for("new_label", [found], ground, alone=True), carved, found, ground, tuple(why))
