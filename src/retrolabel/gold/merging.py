"""Labels that become one, and labels that become several, since people treat their items as such."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrolabel.gold.ideas import idea_of, joined_name, name_for, on_items, pair_of, together_of, words_told
from retrolabel.gold.rationale_groups import FEWEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.gold.ideas import Found, Ground, Idea
    from retrolabel.gold.reasons import Told

ONE_SIDED = 2 / 3
"""The share of a group's authors who give one label, from which on the group is of that label."""
APART = 0.6
"""The share of what others said, from which on a group has one label beside its own."""


def merges_of(found: Sequence[Found], ground: Ground) -> tuple[list[Idea], list[Found]]:
    """Return a merge for each pair that nobody can tell apart and that groups stand between, and the other groups."""
    pairs: dict[frozenset[str], list[Found]] = {}
    rest = []
    for each in found:
        pair = frozenset(pair_of(each.told)[:2])
        if pair in ground.alike and each.told.differing:
            pairs.setdefault(pair, []).append(each)
        else:
            rest.append(each)
    made = []
    for pair, groups in pairs.items():
        together = together_of(groups, ground)
        one, other = pair_of(together.told)[:2]
        why = (
            f"{on_items(together.told)}: {one} or {other}.",
            f"On all items, too, nobody tells {one} and {other} apart better than by chance, and everybody gives both.",
        )
        made.append(idea_of("merge", joined_name(one, other, ground), sorted(pair), together, ground, why))
    return made, rest


def splits_of(found: Sequence[Found], ground: Ground) -> tuple[list[Idea], list[Found]]:
    """Return a split for each label whose groups people treat as different things, and the other groups."""
    of_label: dict[tuple[str, str], list[tuple[Found, str]]] = {}
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
    beside = told.other
    if beside and told.beside[beside] >= max(FEWEST, APART * told.beside.total()):
        yield beside, "most" if told.all[told.main] > told.all[beside] else "few"


def _split(label: str, between: str, groups: Sequence[tuple[Found, str]], ground: Ground) -> Idea | None:
    """Return the split of a label by its groups; None where they are all of one part."""
    parts: dict[str, list[Found]] = {}
    for each, part in groups:
        parts.setdefault(part, []).append(each)
    version = between.removeprefix("version ") if between.startswith("version ") else None
    names = list(parts) if version else [name_for(label, found, ground) for found in parts.values()]
    if len(parts) < 2 or len(set(names)) < len(names):  # noqa: PLR2004 - two parts at least
        return None
    together = together_of([each for each, _ in groups], ground)
    if version:
        told = "; ".join(f"{words_told(found[0].group)}: {part} in {version}" for part, found in parts.items())
    else:
        told = "; ".join(
            f"{words_told(found[0].group)}: {f'most people say {label}' if part == 'most' else f'most say {between}'}"
            for part, found in parts.items()
        )
    why = (f"The rationales of {label} fall into {len(parts)} kinds: {told}.", f"{on_items(together.told)}.")
    return replace(idea_of("split", label, names, together, ground, why), restores=version)
