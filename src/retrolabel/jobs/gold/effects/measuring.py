"""Whether a version did what it was made for: agreement on the items that were answered before it and under it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import GoldError
from retrolabel.gold.agreement import Z95
from retrolabel.gold.paired_agreement import PairedChange, paired_change
from retrolabel.jobs.gold.effects.asked_twice import TWO, AskedTwice, Side, answers_of_sides, asked_twice
from retrolabel.jobs.gold.effects.common_meaning import CommonMeaning, common_meaning
from retrolabel.jobs.gold.effects.effect import Compared, EffectOfVersion, Moved, PersonTime, Selected
from retrolabel.jobs.gold.effects.pairs import Pair, mixed_up, named_pair, pair_of_version, touched
from retrolabel.jobs.gold.reading import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.records.gold import Answer, Batch, DrawnItem, Key
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

MOST_PAIRS = 10
FEWEST_OTHERS = 10
"""From so many items on that were not asked again, they are held against those that were."""


def effect_of_version(  # noqa: PLR0913 - whose answers, and what they are compared with
    answers: Sequence[Answer],
    *,
    task: str,
    version: str,
    history: History,
    draws: Mapping[int, Batch],
    drawn: Mapping[int, Sequence[DrawnItem]],
    pair: Sequence[str] = (),
    before: str | None = None,
) -> EffectOfVersion:
    """Return what became of agreement with a version, on the items that were answered before it and under it.

    Args:
        answers: All answers of the task, in the order in which they came.
        task: The task.
        version: The version.
        history: The versions of the task.
        draws: The batches of the task.
        drawn: What is remembered of those that we drew.
        pair: The two labels that people were to tell apart better; found if left out.
        before: The version to compare with; the newest one before it that people answered under if left out.

    Raises:
        GoldError: Nothing can be compared: there is no version before, or no item that two people answered on both
            sides.
        UnknownVersionError: The task has no such version.
        UnknownLabelError: No such label of the pair.
    """
    after = history[version]
    earlier = _before(answers, history, after, before)
    if "multilabel" in (after.scale, earlier.scale):
        raise GoldError(
            f"{task} {version} is multilabel: an answer is a set of labels, and agreement on sets is not compared.",
            remedy="name a version whose labels exclude each other",
        )
    first, then, several = answers_of_sides(answers, history, earlier, after)
    items = asked_twice(first, then, several=several, draws=draws, drawn=drawn)
    if not items.after:
        raise _nothing(task, earlier, after, first, then, items)
    meaning = common_meaning(history, earlier, after)
    changed = touched(history, earlier, after, meaning)
    found = named_pair(pair, earlier, after, meaning) if pair else pair_of_version(changed, items.before, meaning)
    tables = _tables(items, meaning)
    ordinal = _same_order(earlier, after, meaning)
    return EffectOfVersion(
        task=task,
        version=version,
        before=earlier.version,
        changed=changed,
        pair=found,
        apart=_apart(found, items, meaning, tables),
        overall=paired_change(*tables, [[place] for place in range(len(meaning.names))], ordinal=ordinal),
        level="ordinal" if ordinal else "nominal",
        labels=tuple(_by_label(meaning, tables)),
        pairs=tuple(_other_pairs(found, items, meaning, tables)),
        compared=_compared(items),
        selected=_selected(items, meaning),
        moved=_moved(items, meaning),
        unused=_unused(after, then),
        answered=sum(map(len, then.values())),
        time=_time(items),
    )


def _before(answers: Sequence[Answer], history: History, after: LabelSchema, named: str | None) -> LabelSchema:
    """Return the version to compare with."""
    line = [each for each in after.lineage() if each.version != after.version]
    if named is not None:
        if history[named].version not in {each.version for each in line}:
            raise GoldError(
                f"{after} does not come from {named}.",
                remedy=f"--before one of {', '.join(each.version for each in line)}"
                if line
                else "name a later version",
            )
        return history[named]
    asked: dict[str, set[Key]] = defaultdict(set)
    for each in answers:
        asked[each.label.schema_version].add((each.label.source, each.label.item_id))
    newer = {each.version for each in history if after.version in {old.version for old in each.lineage()}}
    again = set().union(*(asked[version] for version in newer & asked.keys()))
    found = next((e for e in line if asked.get(e.version, set()) & again), None)
    found = found or next((e for e in line if e.version in asked), None)
    if found is None:
        why = "is the first version" if not line else "has no answers of before: nobody labelled under an older version"
        raise GoldError(f"{after} {why}, so there is nothing to compare it with.", remedy="name a later version")
    return found


def _nothing(  # noqa: PLR0913 - what there is
    task: str, earlier: LabelSchema, after: LabelSchema, first: Side, then: Side, items: AskedTwice
) -> GoldError:
    """Return why nothing can be compared."""
    told = [
        f"{_two(first):,} items have two answers under {earlier.version}, {_two(then):,} under {after.version}",
        "none has them under both",
    ]
    if items.chosen:
        told.append(f"{items.chosen:,} were asked again since people differed on them, which flatters")
    if items.one_person:
        told.append(f"{items.one_person:,} were asked on both sides, and one person alone answered on a side")
    if items.revised:
        told.append(f"the text of {items.revised:,} was revised in between")
    return GoldError(
        f"Agreement on {task} cannot be compared: {'; '.join(told)}.",
        remedy=f"ask the calibration items of before again under {after.version}, of two people or more",
    )


def _two(side: Side) -> int:
    return sum(len(said) >= TWO for said in side.values())


def _tables(items: AskedTwice, meaning: CommonMeaning) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return how many people gave each common label to each item, before and after: int [items, k] each."""
    return (
        _counted(items.after, items.before, meaning.before, meaning.names),
        _counted(items.after, items.after, meaning.after, meaning.names),
    )


def _counted(order: Iterable[Any], side: Side, to: Mapping[str, str], names: Sequence[str]) -> npt.NDArray[Any]:
    place = {name: number for number, name in enumerate(names)}
    keys = list(order)
    table = np.zeros((len(keys), len(names)), np.int64)
    for row, key in enumerate(keys):
        for said in side[key].values():
            name = to.get(said.label)
            if name in place:
                table[row, place[name]] += 1
    return table


def _apart(
    pair: Pair | None, items: AskedTwice, meaning: CommonMeaning, tables: tuple[npt.NDArray[Any], npt.NDArray[Any]]
) -> PairedChange | None:
    """Return by how much people tell the pair apart better."""
    if pair is None or pair.why_not:
        return None
    if pair.as_they_are:
        itself = dict(zip(pair.labels, pair.labels, strict=True))
        sides = [_counted(items.after, side, itself, pair.labels) for side in (items.before, items.after)]
        return paired_change(sides[0], sides[1], [[0], [1]])
    one, other = map(meaning.names.index, pair.labels)
    return paired_change(*tables, [[one], [other]])


def _by_label(
    meaning: CommonMeaning, tables: tuple[npt.NDArray[Any], npt.NDArray[Any]]
) -> Iterable[tuple[str, PairedChange]]:
    """Yield each common label against the rest; of two labels the one is the other's rest."""
    k = len(meaning.names)
    for place in range(k if k > TWO else 0):
        rest = [other for other in range(k) if other != place]
        yield meaning.names[place], paired_change(*tables, [[place], rest])


def _other_pairs(
    pair: Pair | None, items: AskedTwice, meaning: CommonMeaning, tables: tuple[npt.NDArray[Any], npt.NDArray[Any]]
) -> Iterable[tuple[tuple[str, str], PairedChange]]:
    """Yield the other pairs that people mix up, on one side or the other, most items first."""
    names, place = meaning.names, {name: number for number, name in enumerate(meaning.names)}
    mixed = mixed_up(items.before, meaning.before, names) + mixed_up(items.after, meaning.after, names)
    mine = set(pair.labels) if pair else set()
    rows = sorted(((count, two) for two, count in mixed.items() if set(two) != mine), key=lambda e: (-e[0], e[1]))
    for _, two in rows[:MOST_PAIRS]:
        yield two, paired_change(*tables, [[place[two[0]]], [place[two[1]]]])


def _same_order(before: LabelSchema, after: LabelSchema, meaning: CommonMeaning) -> bool:
    """Return whether both versions are ordinal, with the same labels in the same order."""
    if {before.scale, after.scale} != {"ordinal"} or meaning.finer or meaning.new or meaning.gone:
        return False
    return [meaning.before[label] for label in in_order(before)] == list(meaning.names)


def _compared(items: AskedTwice) -> Compared:
    return Compared(
        len(items.after),
        items.roles,
        items.people,
        items.same_people,
        items.other_people,
        items.days_between,
        items.soon,
        sum(map(len, items.after.values())),
        items.only_before,
        items.only_after,
        items.one_person,
        items.revised,
        items.chosen,
        items.several,
    )


def _selected(items: AskedTwice, meaning: CommonMeaning) -> Selected | None:
    """Return whether people differed more on the items that were asked again than on the others."""
    again, others = (
        np.array([_differing([meaning.before[e.label] for e in said.values()]) for said in side.values()])
        for side in (items.before, items.others)
    )
    if min(len(again), len(others)) < FEWEST_OTHERS:
        return None
    by = float(again.mean() - others.mean())
    half = Z95 * math.sqrt(again.var(ddof=1) / len(again) + others.var(ddof=1) / len(others))
    return Selected(float(again.mean()), float(others.mean()), len(others), by - half, by + half)


def _differing(labels: Sequence[str]) -> float:
    """Return the share of pairs of answers that differ."""
    m = len(labels)
    return 1 - sum(n * (n - 1) for n in Counter(labels).values()) / (m * (m - 1))


def _moved(items: AskedTwice, meaning: CommonMeaning) -> tuple[Moved, ...]:
    """Return the items whose commonest answer is another one than before; those with two commonest stay out."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for key, said in items.after.items():
        then = _commonest([meaning.before[each.label] for each in items.before[key].values()])
        now = _commonest([meaning.after[each.label] for each in said.values()])
        if then is not None and now is not None and then != now:
            found[then, now].append(key)
    rows = sorted(found.items(), key=lambda row: (-len(row[1]), row[0]))
    return tuple(Moved(*labels, tuple(sorted(keys))) for labels, keys in rows)


def _commonest(labels: Sequence[str]) -> str | None:
    ranking = Counter(labels).most_common(2)
    return None if len(ranking) == TWO and ranking[0][1] == ranking[1][1] else ranking[0][0]


def _unused(after: LabelSchema, side: Side) -> tuple[str, ...]:
    given = {each.label for said in side.values() for each in said.values()}
    return tuple(label for label in after.leaves if label not in given)


def _time(items: AskedTwice) -> PersonTime:
    before, after = (
        [each.answer.seconds for said in side.values() for each in said.values()]
        for side in (items.before, items.after)
    )
    timed = [each for each in after if each is not None]
    then = [each for each in before if each is not None]
    return PersonTime(
        len(after),
        len(timed),
        sum(timed),
        median(then) if then else None,
        median(timed) if timed else None,
    )
