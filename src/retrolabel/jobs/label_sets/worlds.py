"""Two label sets, and all that lies between: the labels that there would be with some of the changes and not others.

A world is made of what both label sets keep: the votes of their patterns. No labeling function is called. In a world
the label model is fitted again, on patterns with their counts, and with the gold that belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from retrolabel.analysis.label_changes import Said
from retrolabel.jobs.label_sets.carrying import carried, cast_votes
from retrolabel.jobs.label_sets.fitting import gold_inputs, model_for, on_patterns
from retrolabel.label_models.deciding import decide
from retrolabel.label_models.rebuilding import NUMERICS, OF_SCHEMA, from_settings, without
from retrolabel.votes import Patterns, VoteMatrix, distinct_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    import numpy.typing as npt

    from retrolabel.jobs.label_sets.gold_then import GoldThen
    from retrolabel.jobs.label_sets.joining import Joined
    from retrolabel.jobs.label_sets.sides import Ids, Side
    from retrolabel.label_models.protocol import LabelModelProtocol
    from retrolabel.schema.history import History

    State = frozenset[str]
    Bools = npt.NDArray[np.bool_]

SCHEMA, GOLD, MODEL, NEW, GONE, REVISED = "schema", "gold", "label model", "new items", "gone items", "revision"


SAT_OUT, BACK = "sat out", "back, sat out before"


class LfPair(NamedTuple):
    """A labeling function of one of two label sets, or of both.

    Attributes:
        name: Its name, the newer one where it was renamed.
        before: Its name in the first; ``None`` where that has none of it.
        after: Its name in the second.
        what: ``same``, ``edited``, ``added`` or ``removed``; or that it sat out, or is back, and why.
    """

    name: str
    before: str | None
    after: str | None
    what: str

    @property
    def is_out(self) -> bool:
        """Whether it sat out of one of the two."""
        return self.what.startswith((SAT_OUT, BACK))

    @property
    def atom(self) -> str:
        """What stands for it in a state."""
        return f"LF {self.name}"


def lf_pairs(
    before: Mapping[str, str],
    after: Mapping[str, str],
    *,
    was_out: Mapping[str, str] | None = None,
    is_out: Mapping[str, str] | None = None,
) -> tuple[LfPair, ...]:
    """Return the labeling functions of two label sets beside each other, by name.

    Args:
        before: LF -> key in the first.
        after: The same in the second.
        was_out: LF -> why it sat out when the first was made.
        is_out: The same of the second.

    Example:
        >>> found = lf_pairs({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "9", "d": "3"})
        >>> [(pair.name, pair.what) for pair in found]
        [('a', 'same'), ('b', 'edited'), ('d', 'same')]
        >>> [pair.what for pair in lf_pairs({"a": "1"}, {"b": "2"}, is_out={"a": "it hangs"}, was_out={"b": "no"})]
        ['sat out: it hangs', 'back, sat out before: no']
    """
    gone = {name: key for name, key in before.items() if name not in after}
    found = []
    for name, key in after.items():
        then: str | None = name
        if name not in before:
            then = next((old for old in sorted(gone) if gone[old] == key), None)
            if then is not None:
                del gone[then]
        back = f"{BACK}: {was_out[name]}" if was_out and name in was_out else "added"
        what = back if then is None else "same" if before[then] == key else "edited"
        found.append(LfPair(name, then, name, what))
    for name in gone:
        out = f"{SAT_OUT}: {is_out[name]}" if is_out and name in is_out else "removed"
        found.append(LfPair(name, name, None, out))
    return tuple(sorted(found))


@dataclass(frozen=True, eq=False)
class Worlds:
    """All worlds between two label sets.

    Attributes:
        before: The first.
        after: The second.
        joined: Their items.
        pairs: Their labeling functions.
        history: The task's versions.
        gold: Gold as it was.
        always: What is as in the second label set in all worlds.
    """

    before: Side
    after: Side
    joined: Joined
    pairs: tuple[LfPair, ...]
    history: History
    gold: GoldThen
    always: frozenset[str] = frozenset()
    _carried: dict[tuple[bool, str, str], tuple[list[Ids | None], bool]] = field(default_factory=dict)
    _said: dict[frozenset[str], Said] = field(default_factory=dict)

    def version(self, state: State) -> str:
        """Return the version in whose labels a world speaks."""
        return self.after.version if SCHEMA in state else self.before.version

    def said(self, state: State) -> Said:
        """Return what a world says of each pair of patterns; of items that it does not hold, nothing.

        Args:
            state: What is as in the second label set; all else is as in the first.
        """
        state |= self.always
        if state not in self._said:
            self._said[state] = self._run(state)
        return self._said[state]

    @property
    def reruns(self) -> int:
        """How often a label model was fitted."""
        return len(self._said)

    def model(self, state: State) -> LabelModelProtocol:
        """Return the unfitted label model of a world."""
        side = self.after if MODEL in state else self.before
        return model_for(self.history[self.version(state)], from_settings(self.base(side)))

    def base(self, side: Side) -> dict[str, Any]:
        """Return a label set's settings of the label model without what its version said of them."""
        plain = without(side.settings, OF_SCHEMA)
        again = model_for(self.history[side.version], from_settings(plain)).settings()
        return plain if without(again, NUMERICS) == without(side.settings, NUMERICS) else side.settings

    def told(self, state: State) -> dict[tuple[str, str], Any]:
        """Return what gold says in a world."""
        side = self.after if NEW in state else self.before
        sources = frozenset(each["source"] for each in side.inputs["segments"])
        later, texts = GOLD in state, REVISED in state
        return self.gold.told(self.version(state), sources, later=later, later_texts=texts)

    def _run(self, state: State) -> Said:
        here = self._population(state)
        rows = np.flatnonzero(here)
        labels = self.history[self.version(state)].leaves
        patterns = self._patterns(state, rows, labels)
        model = self.model(state)
        told = self.told(state) if model.uses_gold else {}
        place = np.full(len(here), -1)
        place[rows] = patterns.inverse
        plain = patterns.without_items()
        if gold_inputs(told) is None:
            fitted = model.fit(plain)
        else:
            seen = {key: int(place[at]) for key, at in self.joined.watched.items() if key in told and here[at]}
            fitted = model.fit(plain, on_patterns(told, seen, len(labels)))
        deciding = (self.after if MODEL in state else self.before).deciding
        decided = decide(plain, fitted.predict_proba(plain), deciding)
        return Said.of(decided.label, decided.guessed, decided.partial).take(place)

    def _population(self, state: State) -> Bools:
        found = self.joined.both.copy()
        found |= self.joined.new & (NEW in state)
        found |= self.joined.gone & (GONE not in state)
        return np.asarray(found)

    def _patterns(self, state: State, rows: npt.NDArray[np.int64], labels: Sequence[str]) -> Patterns:
        columns, names = [], []
        for pair in self.pairs:
            if (pair.after if pair.atom in state else pair.before) is None and pair.what != "same":
                continue
            codes, sets = self.column(pair, state)
            columns.append((codes[rows], sets))
            names.append(pair.name)
        votes = VoteMatrix.from_columns(columns, labels=labels, voters=names, rows=len(rows))
        distinct, _, inverse = distinct_rows(votes.codes, len(votes.symbols) + 1)
        counts = np.bincount(inverse, self.joined.counts[rows], minlength=len(distinct)).astype(np.float64)
        return Patterns(distinct, counts, votes.labels, votes.symbols, votes.voters, inverse)

    def column(self, pair: LfPair, state: State) -> tuple[npt.NDArray[np.int64], list[Ids]]:
        """Return the votes of a labeling function in a world, int [J], and the label sets that they stand for.

        On a revised item the labeling functions of the first label set looked at the old text, and those of the second
        at the new one: the text of a world decides.
        """
        later = SCHEMA in state if pair.what == "same" else pair.atom in state
        from_after = np.where(self.joined.revised, REVISED in state, later)
        from_after = np.where(self.joined.both, from_after, self.joined.new)
        codes, sets = np.zeros(len(from_after), np.int64), []
        for is_after, name, at in ((False, pair.before, self.joined.first), (True, pair.after, self.joined.second)):
            mine = np.flatnonzero((from_after == is_after) & (at >= 0))
            if name is None or not len(mine):
                continue
            side = self.after if is_after else self.before
            version, cast = self.version(state), self.joined.cast.get((is_after, name))
            if cast is not None and version != side.version:
                own = cast[0][mine]
                read = cast_votes(side, name, cast[1], self.history, version)
            else:
                own = side.column(name)[at[mine]]
                read, _ = self.carried(pair, version, is_after=is_after)
            lookup = np.zeros(len(read) + 1, np.int64)
            for code, ids in enumerate(read, start=1):
                if ids is not None:
                    sets.append(ids)
                    lookup[code] = len(sets)
            codes[mine] = lookup[own]
        return codes, sets

    def carried(self, pair: LfPair, version: str, *, is_after: bool) -> tuple[list[Ids | None], bool]:
        """Return what each code of a label set's votes is in a version, and whether that is known."""
        side, other = (self.after, self.before) if is_after else (self.before, self.after)
        name = pair.after if is_after else pair.before
        assert name is not None  # noqa: S101 - only asked for what it holds
        if version == side.version:
            return list(side.sets), True
        if (is_after, name, version) not in self._carried:
            used = [side.sets[code - 1] for code in np.unique(side.column(name)).tolist() if code]
            elsewhere = pair.before if is_after else pair.after
            known = other.says(elsewhere) if pair.what == "same" and elsewhere is not None else None
            found, sure = carried(side, name, used, self.history, version, known)
            sure = sure or (is_after, name) in self.joined.cast
            self._carried[is_after, name, version] = [found.get(ids) for ids in side.sets], sure
        return self._carried[is_after, name, version]

    def not_kept_apart(self) -> set[tuple[bool, str]]:
        """Return the changed labeling functions whose votes a label set alone does not tell in the other version.

        Returns:
            Whether it is of the second label set, and its name there.
        """
        found = set()
        for pair in self.pairs:
            for is_after, name in ((False, pair.before), (True, pair.after)):
                other = self.before if is_after else self.after
                if pair.what == "same" or name is None:
                    continue
                if not self.carried(pair, other.version, is_after=is_after)[1]:
                    found.add((is_after, name))
        return found

    def differing(self, pair: LfPair) -> int:
        """Return on how many items that both hold, unrevised, a labeling function votes otherwise than before."""
        rows = np.flatnonzero(self.joined.both & ~self.joined.revised)
        then, now = self.votes_of(pair, rows)
        unlike = np.array([x != y for x, y in zip(then, now, strict=True)], np.bool_)
        return int(self.joined.counts[rows][unlike].sum())

    def votes_of(self, pair: LfPair, rows: npt.NDArray[np.int64]) -> tuple[list[Ids | None], list[Ids | None]]:
        """Return what a labeling function says of some pairs of patterns before and after, in the second version."""
        found: list[list[Ids | None]] = []
        for state in (frozenset({SCHEMA}), frozenset({SCHEMA, REVISED, pair.atom})):
            name = pair.after if pair.atom in state else pair.before
            codes, names = (
                self.column(pair, state) if name is not None else (np.zeros(len(self.joined.counts), int), [])
            )
            table: list[Ids | None] = [None, *names]
            found.append([table[code] for code in codes[rows].tolist()])
        return found[0], found[1]
