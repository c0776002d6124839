"""Which part of the disagreement is the spec, the data, one person or taste; and what is left.

Each cause has a test of its own, and all together raise a false alarm in one of twenty-five cases at most. They are
looked at in an order in which none takes what is another's: taste first, since camps look like people who are off; then
people, whose answers are left out once they are off; then kinds of items and pairs of labels; then what was asked
again, on the items that none of these is about. A cause stands out where its test says so and it makes up a tenth of
the disagreement.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.gold.causes.again import ENOUGH, ENOUGH_ITEMS, UNCLEAR, share_of_unclear, unclear_items
from retrolabel.gold.causes.camps import FEWEST_IN_CAMP, FEWEST_PEOPLE, find_camps, share_of_camps
from retrolabel.gold.causes.cause import KINDS, Cause, Diagnosis
from retrolabel.gold.causes.kinds import find_kinds, share_of_kind, torn_between
from retrolabel.gold.causes.pairs import FEWEST_LABELS, TIMES, closest, share_of_pair
from retrolabel.gold.causes.panel import DRAWS, apart_by_item
from retrolabel.gold.causes.persons import LEAST_ANSWERS, apart_from_the_rest, share_of_person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.gold.causes.cause import Kind
    from retrolabel.gold.causes.panel import Flags, Floats, Ints, Panel
    from retrolabel.gold.causes.persons import Apart

FALSE_ALARMS = 0.04
LEAST_SHARE = 0.1
"""What a cause makes up of the disagreement at least, to stand out."""
ENOUGH_SPLIT = 20
"""So many items on which people differ make a cause worth looking for."""
ENOUGH_PEOPLE = 3
KEPT = 0.7
"""People of a camp keep so many of their answers when they are asked again; those who do not have no taste."""
ENOUGH_KEPT = 10
MOST_OFF = 3
"""So many people are told one after the other."""


@dataclass
class _Walk:
    """What is known so far."""

    panel: Panel
    whole: Floats
    seed: int
    draws: int
    level: float
    level_of_data: float
    camps: Ints | None = None
    contested: Flags | None = None
    causes: list[Cause] = field(default_factory=list)
    withheld: dict[Kind, str] = field(default_factory=dict)
    tested: dict[Kind, float] = field(default_factory=dict)

    def add(self, cause: Cause) -> bool:
        """Add a cause if it stands out; return whether it did.

        What a person says is told apart by label, and the share is of all labels: so its interval may reach 0 where the
        test, which decides, leaves no doubt.
        """
        if cause.share < LEAST_SHARE or (cause.low <= 0 and cause.kind != "person"):
            return False
        self.causes.append(cause)
        return True


def diagnose(  # noqa: PLR0913 - the same keywords everywhere
    panel: Panel,
    conditions: Mapping[str, Flags],
    *,
    crowd: int = 60,
    seed: int = 0,
    draws: int = DRAWS,
    alarms: float = FALSE_ALARMS,
) -> Diagnosis:
    """Return which causes of the disagreement stand out.

    Args:
        panel: The answers.
        conditions: Name -> bool [n]: the items that meet a condition, by their texts and columns.
        crowd: Of more people nobody is looked at by name, and no camps are looked for.
        seed: Another seed deals and resamples in another way.
        draws: Resamples of the intervals.
        alarms: In which share of cases any cause may stand out where there is none.

    Example:
        >>> from retrolabel.gold.causes.panel import panel_of
        >>> rng = np.random.default_rng(0)
        >>> truth = rng.integers(0, 2, 300)
        >>> said = [np.where(rng.random(300) < 0.05, 1 - truth, truth) for _ in range(3)]
        >>> said[2] = np.where((truth == 0) & (rng.random(300) < 0.4), 1, said[2])
        >>> people = np.repeat(["ana", "ben", "cleo"], 300)
        >>> panel = panel_of(np.tile(np.arange(300), 3), people, np.concatenate(said), labels=[0, 1])
        >>> found = diagnose(panel, {})
        >>> [(cause.kind, panel.people[cause.person], cause.labels) for cause in found.causes]
        [('person', 'cleo', (1, 0))]
    """
    whole, _ = apart_by_item(panel.codes, panel.apart)
    split, several = int((whole > 0).sum()), int((panel.answered > 1).sum())
    people = len(panel.people)
    walk = _Walk(panel, whole, seed, draws, *_levels(panel, bool(conditions), crowd, alarms))
    if split < ENOUGH_SPLIT:
        why = f"people differ on {split} items, and {ENOUGH_SPLIT} are needed"
        return Diagnosis((), dict.fromkeys(KINDS, why), {}, split, several)
    if people > crowd:
        walk.withheld["taste"] = walk.withheld["person"] = (
            f"{people:,} people answered, and more than {crowd} are not looked at one by one; are they sessions?"
        )
    else:
        _taste(walk)
        _people(walk)
    kinds = _spec(walk, conditions)
    _data(walk, kinds)
    causes = tuple(sorted(walk.causes, key=lambda cause: -cause.share))
    return Diagnosis(causes, walk.withheld, walk.tested, split, several)


def _levels(panel: Panel, conditions: bool, crowd: int, alarms: float) -> tuple[float, float]:
    """Return in which share of cases each test may raise a false alarm, and that of the data.

    The data has half of all, since it rests on the fewest answers; what is not tested leaves its part to the others.
    """
    people, k = len(panel.people), len(panel.labels)
    tests = sum(
        [
            FEWEST_PEOPLE <= people <= crowd,
            ENOUGH_PEOPLE <= people <= crowd,
            conditions,
            k >= FEWEST_LABELS and not panel.ordinal,
        ]
    )
    if len(panel.again.item) < ENOUGH:
        return alarms / max(tests, 1), 0.0
    return alarms / 2 / max(tests, 1), alarms / 2


def _taste(walk: _Walk) -> None:
    panel = walk.panel
    answering = int(((panel.codes >= 0).sum(axis=1) >= LEAST_ANSWERS).sum())
    if answering < FEWEST_PEOPLE:
        walk.withheld["taste"] = (
            f"{answering} people answered {LEAST_ANSWERS} items or more, and camps need {FEWEST_PEOPLE}"
        )
        return
    found = find_camps(panel, seed=walk.seed)
    walk.tested["taste"] = found.p
    if found.p > walk.level or found.sizes[1] < FEWEST_IN_CAMP:
        return
    here = found.contested[panel.again.item]
    asked, changed = int(here.sum()), int(panel.again.changed[here].sum())
    if asked >= ENOUGH_KEPT and changed > (1 - KEPT) * asked:
        return
    share = share_of_camps(panel, walk.whole, draws=walk.draws, seed=walk.seed)
    items = _most_first(np.flatnonzero(found.contested), walk.whole)
    labels = _commonest_pair(panel, items)
    cause = Cause("taste", *share, found.p, items, labels, camp=found.camp, asked=asked, changed=changed)
    if walk.add(cause):
        walk.camps, walk.contested = found.camp, found.contested


def _people(walk: _Walk) -> None:
    if len(walk.panel.people) < ENOUGH_PEOPLE:
        walk.withheld["person"] = "of two people who differ nothing says which of them is off: ask a third"
        return
    for _ in range(MOST_OFF):
        if (walk.panel.codes >= 0).any(axis=1).sum() < ENOUGH_PEOPLE:
            return
        told = apart_from_the_rest(walk.panel, camps=walk.camps, seed=walk.seed)
        if not told:
            walk.withheld.setdefault("person", f"nobody answered {LEAST_ANSWERS} items with two others")
            return
        walk.tested.setdefault("person", told[0].p)
        if not any(each.p <= walk.level and _is_off(walk, each) for each in told[:MOST_OFF]):
            return


def _is_off(walk: _Walk, each: Apart) -> bool:
    panel = walk.panel
    share = share_of_person(panel, each.person, walk.whole, camps=walk.camps, draws=walk.draws, seed=walk.seed)
    labels = (each.said, each.where) if each.said >= 0 else None
    given = panel.given()
    own = panel.codes[each.person]
    mine = np.flatnonzero(own == each.said) if labels else np.flatnonzero(own >= 0)
    others = given[mine]
    others[np.arange(len(mine)), own[mine]] -= 1
    apart = (
        (others.argmax(axis=1) == each.where)
        if labels
        else (others.max(axis=1) > 0) & (others.argmax(axis=1) != own[mine])
    )
    items = _most_first(mine[apart & (others.max(axis=1) > 0)], -walk.whole)
    cause = Cause(
        "person",
        *share,
        each.p,
        items,
        labels,
        person=each.person,
        times=each.times,
        of=each.of,
        others=each.others,
    )
    if not walk.add(cause):
        return False
    walk.panel = panel.without([each.person])
    return True


def _spec(walk: _Walk, conditions: Mapping[str, Flags]) -> Flags:
    """Look for kinds of items, then for pairs of labels; return the items that a cause was found for."""
    panel = walk.panel
    taken = np.zeros(len(panel.items), np.bool_) if walk.contested is None else walk.contested.copy()
    if not conditions:
        walk.withheld["spec"] = "the items have no texts or columns to tell kinds of them by"
    pairs = set()
    for kind in find_kinds(panel, conditions, camps=walk.camps, seed=walk.seed) if conditions else ():
        walk.tested.setdefault("spec", kind.p)
        if kind.p > walk.level:
            continue
        share = share_of_kind(
            panel, kind.labels, conditions, walk.whole, camps=walk.camps, draws=walk.draws, seed=walk.seed
        )
        torn = torn_between(panel, kind.labels, walk.camps)
        items = _most_first(np.flatnonzero(kind.here & (torn > 0)), torn)
        if walk.add(Cause("spec", *share, kind.p, items, kind.labels, kind.rule)):
            taken |= kind.here | (torn > 0)  # the rule may not hold all that people are torn on between the two
            pairs.add(kind.labels)
    close = closest(panel, camps=walk.camps, seed=walk.seed)
    if close is not None:
        walk.tested["spec"] = min(close.p, walk.tested.get("spec", 1.0))
        if close.p <= walk.level and close.labels not in pairs and close.items >= TIMES * close.expected:
            share = share_of_pair(panel, close, walk.whole, camps=walk.camps, draws=walk.draws, seed=walk.seed)
            torn = torn_between(panel, close.labels, walk.camps)
            walk.add(Cause("spec", *share, close.p, _most_first(np.flatnonzero(torn > 0), torn), close.labels))
    return taken


def _data(walk: _Walk, taken: Flags) -> None:
    panel = walk.panel
    again = panel.again.where(~taken[panel.again.item])
    panel = replace(panel, again=again)
    items = len(np.unique(again.item))
    if len(again.item) < ENOUGH or items < ENOUGH_ITEMS:
        walk.withheld["data"] = (
            f"people gave {len(again.item)} answers again, on {items} items;"
            f" about 50 on {ENOUGH_ITEMS} items are needed"
            if items
            else f"nobody was asked again; about 50 answers on {ENOUGH_ITEMS} items are needed"
        )
        return
    found = unclear_items(panel, seed=walk.seed)
    walk.tested["data"] = found.p
    if found.p > walk.level_of_data:
        return
    scale = float(walk.whole[~taken].sum() / walk.whole.sum()) if walk.whole.sum() else 1.0
    share = share_of_unclear(panel, scale, draws=walk.draws, seed=walk.seed)
    unclear = np.flatnonzero(found.chance > UNCLEAR)
    order = unclear[np.argsort(-found.chance[unclear], kind="stable")]
    places = found.items[order]
    here = np.isin(again.item, places)
    asked, changed = int(here.sum()), int(again.changed[here].sum())
    walk.add(Cause("data", *share, found.p, places, _commonest_pair(panel, places), asked=asked, changed=changed))


def _most_first(items: Ints, by: Floats) -> Ints:
    return np.asarray(items[np.argsort(-by[items], kind="stable")], np.int64)


def _commonest_pair(panel: Panel, items: Ints) -> tuple[int, int] | None:
    """Return the two labels that most of some items are split between; None where no two make up half of them."""
    given = panel.given()[items] > 0
    both = given.T.astype(np.int64) @ given.astype(np.int64)
    upper = np.triu(both, 1)
    if not len(items) or upper.max() < 0.5 * (given.sum(axis=1) > 1).sum() or not upper.max():
        return None
    one, other = np.unravel_index(int(upper.argmax()), upper.shape)
    return int(one), int(other)
