"""Why labels flipped between two label sets: found by labelling again with some of the changes and not others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.label_changes import Between, Kind
from retrolabel.analysis.shapley import EXACT, PAIRS, shares
from retrolabel.errors import RetrolabelError
from retrolabel.jobs.label_sets.fitting import gold_inputs
from retrolabel.jobs.label_sets.worlds import GOLD, GONE, MODEL, NEW, REVISED, SCHEMA
from retrolabel.label_models.rebuilding import NUMERICS, without

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.label_sets.worlds import LfPair, State, Worlds
    from retrolabel.jobs.ports.progress import Progress

NOT_KNOWN = "not known"
VOTES_GONE = "not known: votes are gone"
OLDER_NUMERICS = "numerics of the label model"
WHOLE = 2
"""A flip is half done where the old label is left, and done at the new one."""
MOST_APART = 8
"""So many labeling functions have a cause each; of more, those whose votes speak for the fewest flips share one."""


@dataclass(frozen=True, eq=False)
class Causes:
    """Why items have another label.

    Attributes:
        items: Cause -> how many items; the sum is exactly the number of items that have another label.
        by_row: Cause -> its part of each pair of patterns, float [J]; all together are 1 where the label is another.
        errors: Cause -> the standard error of its items, for those that were estimated.
        reruns: How often a label model was fitted.
        orders: Over how many orders of the causes.
        exact: Whether these are all there are.
        notes: What a person should know.
        groups: Cause -> the labeling functions that share it, where there are too many for one each.
    """

    items: Mapping[str, Fraction]
    by_row: Mapping[str, npt.NDArray[np.float64]]
    errors: Mapping[str, float] = field(default_factory=dict)
    reruns: int = 0
    orders: int = 0
    exact: bool = True
    notes: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def unknown(cls, why: str, changed: npt.NDArray[np.bool_], counts: npt.NDArray[np.int64]) -> Causes:
        """Return that nothing is known, and why."""
        return cls({why: Fraction(int(counts[changed].sum()))}, {why: changed.astype(np.float64)}, notes=(why,))

    def main(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], list[str]]:
        """Return the cause with the largest part of each pair of patterns, int [J], its part, and the causes."""
        names = list(self.by_row)
        parts = np.array([self.by_row[name] for name in names])
        best = parts.argmax(axis=0)
        return best, parts[best, np.arange(parts.shape[1])], names


def find_causes(
    worlds: Worlds, kinds: npt.NDArray[np.int8], progress: Progress, *, pairs: int = PAIRS, seed: int = 0
) -> Causes:
    """Return why items have another label, as far as the label sets' own files say it.

    What follows a step of the schema has the step as its cause. Of the other flips each cause has what it changes on
    average over the orders in which the changes may come: half of a flip is that the old label is left, half that the
    new one is reached. Items that are gone come first in each order, and new and
    revised ones last: no labeling function of the first label set ever saw them.

    Args:
        worlds: All worlds between two label sets.
        kinds: int8 [J]: what happened to each pair of patterns, as :class:`Kind`.
        progress: Told of each rerun.
        pairs: How many orders are drawn where there are many causes, each with its reverse.
        seed: Another one draws other orders.
    """
    counts, both = worlds.joined.counts, worlds.joined.both
    changed = both & (kinds != Kind.SAME)
    try:
        return _Search(worlds, kinds, progress).run(pairs=pairs, seed=seed)
    except RetrolabelError as error:
        return Causes.unknown(f"{NOT_KNOWN}: {error.message.rstrip('.')}", changed, counts)


class _Search:
    def __init__(self, worlds: Worlds, kinds: npt.NDArray[np.int8], progress: Progress) -> None:
        self.worlds, self.progress = worlds, progress
        both = worlds.joined.both
        self.steps = both & (kinds > Kind.SAME) & (kinds < Kind.RELABELLED)
        self.rows = np.flatnonzero(both & (kinds >= Kind.RELABELLED))
        self.counts = worlds.joined.counts[self.rows]
        self.then = worlds.before.said.take(worlds.joined.first)
        self.now = worlds.after.said.take(worlds.joined.second)
        self.notes: list[str] = []
        self.groups: dict[str, tuple[str, ...]] = {}
        self.versions = worlds.before.version, worlds.after.version

    def run(self, *, pairs: int, seed: int) -> Causes:
        gold_known = self._gold_known()
        self._leave_out(gold_known)
        phases, atoms = self._phases(gold_known)
        length = len(self.worlds.joined.counts)
        items: dict[str, Fraction] = {}
        by_row: dict[str, npt.NDArray[np.float64]] = {}
        errors: dict[str, float] = {}

        def give(cause: str, part: npt.NDArray[np.int64], orders: int) -> None:
            items[cause] = items.get(cause, Fraction(0)) + Fraction(int(part @ self.counts), WHOLE * orders)
            whole = by_row.setdefault(cause, np.zeros(length))
            whole[self.rows] += part / (WHOLE * orders)

        planned = sum(2 ** len(each) if len(each) <= EXACT else 2 * pairs * len(each) for each in phases)
        self.progress.start("labelling again, a change at a time", planned)
        done: frozenset[str] = frozenset()
        start = self._way(done)
        orders, exact = 1, True
        for phase in phases:

            def value(some: frozenset[str], done: State = done) -> npt.NDArray[np.int64]:
                self.progress.advance(1)
                return self._way(done.union(*(atoms[each] for each in some)))

            found = shares(phase, value, self.counts, pairs=pairs, seed=seed)
            for cause, part in zip(found.causes, found.parts, strict=True):
                give(cause, part, found.orders)
            errors |= {cause: error / WHOLE for cause, error in zip(found.causes, found.errors, strict=False)}
            orders, exact = max(orders, found.orders), exact and found.exact
            done = done.union(*(atoms[each] for each in phase))
        end = self._way(done)
        self._remainder(start, WHOLE - end, done, give, gold_known=gold_known)
        if self.steps.any():
            cause = self._schema_cause()
            items[cause] = items.get(cause, Fraction(0)) + int(self.worlds.joined.counts[self.steps].sum())
            by_row.setdefault(cause, np.zeros(length))[self.steps] = 1.0
        ordered = dict(sorted(items.items(), key=lambda each: (-each[1], each[0])))
        return Causes(ordered, by_row, errors, self.worlds.reruns, orders, exact, tuple(self.notes), self.groups)

    def _way(self, state: State) -> npt.NDArray[np.int64]:
        """Return how far a world is on the way of each flip, int [rows]: 1 where the old label is left, 2 at the end.

        Where a world has the new label and not left the old one, which a label of an older version may be, that is 1.
        """
        said = self.worlds.said(state).take(self.rows)
        version = self.worlds.version(state | self.worlds.always)
        kinds = self._between(version).kinds(self.then.take(self.rows), said)
        left = kinds >= Kind.RELABELLED
        new = self.now.label[self.rows]
        image = said.left
        if version != self.versions[1]:
            image = (image.astype(np.int64) @ self._between(self.versions[1]).images.astype(np.int64)) > 0
        there = (said.label >= 0) & (new >= 0) & image[np.arange(len(new)), np.maximum(new, 0)]
        there |= (new < 0) & (kinds == Kind.LOST)
        return np.asarray(left.astype(np.int64) + there)

    def _between(self, version: str) -> Between:
        return between(self.worlds, version)

    def _gold_known(self) -> tuple[bool, bool]:
        """Return whether the gold that was fitted in each of the two label sets can be read again."""
        worlds, known = self.worlds, []
        for side, state in ((worlds.before, frozenset[str]()), (worlds.after, frozenset({SCHEMA, NEW, GOLD, REVISED}))):
            model = worlds.model(state | ({MODEL} if side is worlds.after else set()))
            wanted = side.inputs["gold"]
            known.append(not model.uses_gold or gold_inputs(worlds.told(state)) == wanted)
        return known[0], known[1]

    def _leave_out(self, gold_known: tuple[bool, bool]) -> None:
        """Let be as in the second label set, in all worlds, what makes no difference, and gold that cannot be read."""
        worlds, always = self.worlds, set[str]()
        if not all(gold_known):
            always.add(GOLD)
            which = " and ".join(name for name, known in zip(("before", "after"), gold_known, strict=True) if not known)
            self.notes.append(
                f"the gold that was fitted in the label set {which} cannot be read again as it was (answers, draws or"
                " the way people who differ are adjudicated changed): gold is what is left of labelling again"
            )
        quiet = []
        for pair in worlds.pairs:
            if pair.what == "edited" and not worlds.differing(pair) and self.versions[0] == self.versions[1]:
                always.add(pair.atom)
                quiet.append(pair.name)
        if quiet:
            self.notes.append(f"edited, and voting as before on all items of both: {', '.join(quiet)}")
        self.worlds = replace(worlds, always=frozenset(always))

    def _phases(self, gold_known: tuple[bool, bool]) -> tuple[list[list[str]], dict[str, frozenset[str]]]:
        """Return the causes that there are, those of one phase together, and what each of them changes."""
        worlds = self.worlds
        atoms: dict[str, frozenset[str]] = {}
        first, middle, last = list[str](), list[str](), list[str]()

        def add(phase: list[str], name: str, *changes: str) -> None:
            atoms[name] = frozenset(changes)
            phase.append(name)

        if worlds.joined.gone.any():
            add(first, "items that are gone", GONE)
        with_schema, apart = self._lfs()
        if self.versions[0] != self.versions[1]:
            name = self._schema_cause()
            add(middle, name, SCHEMA)
            if with_schema:
                add(middle, VOTES_GONE, SCHEMA, *(pair.atom for pair in with_schema))
                middle.remove(name)
                told = ", ".join(pair.name for pair in with_schema)
                self.notes.append(
                    f"{VOTES_GONE}: {name}, and {told}: what each voted before the step is not kept apart"
                )
        for name, lfs in apart.items():
            add(middle, name, *(pair.atom for pair in lfs))
        base = [without(worlds.base(side), NUMERICS) for side in (worlds.before, worlds.after)]
        if base[0] != base[1] or worlds.before.deciding != worlds.after.deciding:
            add(middle, self._model_cause(), MODEL)
        if all(gold_known) and self._gold_differs():
            add(middle, "gold", GOLD)
        if worlds.joined.new.any():
            add(last, "new items", NEW)
        if worlds.joined.revised.any():
            add(last, "revision of the item", REVISED)
        return [phase for phase in (first, middle, last) if phase], atoms

    def _lfs(self) -> tuple[list[LfPair], dict[str, list[LfPair]]]:
        """Return the labeling functions that cannot be told from the schema step, and causes -> the others."""
        worlds = self.worlds
        with_schema: list[LfPair] = []
        others: list[LfPair] = []
        for pair in worlds.pairs:
            if pair.what == "same" or pair.atom in worlds.always:
                continue
            sure = [worlds.carried(pair, self.versions[1], is_after=False)[1]] if pair.before is not None else []
            sure += [worlds.carried(pair, self.versions[0], is_after=True)[1]] if pair.after is not None else []
            (others if all(sure) else with_schema).append(pair)
        apart = _by_reason(others)
        self.groups |= {name: tuple(pair.name for pair in lfs) for name, lfs in apart.items() if len(lfs) > 1}
        if len(apart) <= MOST_APART:
            return with_schema, apart
        ranked = sorted(apart, key=lambda name: (-sum(map(self._speaks_for, apart[name])), name))
        first = {name: apart[name] for name in sorted(ranked[: MOST_APART - 1])}
        rest = sorted(pair for name in ranked[MOST_APART - 1 :] for pair in apart[name])
        self.groups = {name: lfs for name, lfs in self.groups.items() if name in first}
        name = f"{len(rest)} other labeling functions"
        self.groups[name] = tuple(pair.name for pair in rest)
        return with_schema, {**first, name: rest}

    def _speaks_for(self, pair: LfPair) -> float:
        """Return on how many flips a labeling function speaks for the new label, or speaks against it no more.

        It speaks for it where its vote leaves the new label and not what the old one may be: of a vote for several
        labels, for each a part. An item that lost its label counts where a vote for it is gone.
        """
        worlds = self.worlds
        images, names = self._between(self.versions[1]).images, worlds.after.labels
        may_be = [frozenset(names[place] for place in np.flatnonzero(row)) for row in images] + [frozenset[str]()]
        old, new = self.then.label[self.rows].tolist(), self.now.label[self.rows].tolist()
        found = 0.0
        votes = worlds.votes_of(pair, self.rows)
        for then, now, a, b, count in zip(*votes, old, new, self.counts.tolist(), strict=True):
            was, became = may_be[a], {names[b]} if b >= 0 else set()
            if then == now:
                continue
            if now is not None and became & now and not was & now:
                found += count / len(now)
            elif then is not None and was & then and not became & then:
                found += count / len(then)
        return found

    def _gold_differs(self) -> bool:
        worlds = self.worlds
        states = [frozenset[str](), frozenset({SCHEMA}), frozenset({SCHEMA, NEW, REVISED})]
        return any(worlds.told(state) != worlds.told(state | {GOLD}) for state in states)

    def _schema_cause(self) -> str:
        return f"schema {self.versions[0]} -> {self.versions[1]}"

    def _model_cause(self) -> str:
        before, after = (side.settings["name"] for side in (self.worlds.before, self.worlds.after))
        return "label model's settings" if before == after else f"label model {before} -> {after}"

    def _remainder(
        self,
        first: npt.NDArray[np.int64],
        last: npt.NDArray[np.int64],
        done: State,
        give: object,
        *,
        gold_known: Sequence[bool],
    ) -> None:
        """Give what labelling again does not reach to what cannot be done again, at either end."""
        worlds, missed = self.worlds, [0, 0]
        for place, (state, stored) in enumerate(((frozenset[str](), self.then), (done, self.now))):
            said = worlds.said(state)
            here = worlds.joined.both
            missed[place] = int(worlds.joined.counts[here & (said.label != stored.label)].sum())
        for place, part in enumerate((first, last)):
            side, state = (worlds.before, frozenset[str]()) if place == 0 else (worlds.after, done)
            if not missed[place] and not part.any():
                continue
            reasons = []
            if not gold_known[place] or (place == 0 and GOLD in worlds.always):
                reasons.append("gold")
            now = worlds.model(state).settings()
            if now != side.settings:
                reasons.append(OLDER_NUMERICS)
            cause = " and ".join(reasons) if reasons else f"{NOT_KNOWN}: labelling again gives other labels"
            if len(reasons) > 1:
                cause += " (could not be told apart)"
            which = ("before", "after")[place]
            self.notes.append(
                f"the label set {which}, made again as far as that can be, differs on {missed[place]:,} items: {cause}"
            )
            give(cause, part, 1)  # type: ignore[operator]


def _by_reason(pairs: Sequence[LfPair]) -> dict[str, list[LfPair]]:
    """Return causes -> labeling functions: one each, but for those that sat out for one reason, as a broken module."""
    reasons = Counter(pair.what for pair in pairs if pair.is_out)
    found: dict[str, list[LfPair]] = {}
    for pair in pairs:
        many = reasons[pair.what]
        found.setdefault(f"{many} LFs {pair.what}" if many > 1 else f"LF {pair.name} {pair.what}", []).append(pair)
    return found


def between(worlds: Worlds, version: str) -> Between:
    """Return what each label of the first label set may be in a version."""
    before = worlds.before
    if version == before.version:
        return Between.of(before.labels, before.labels, None)
    relation, tree = worlds.history.relation(before.version, version), worlds.history[version].taxonomy
    images = {label: tree.leaves_of(relation.project(label)) for label in before.labels}
    return Between.of(before.labels, tree.leaves, images)
