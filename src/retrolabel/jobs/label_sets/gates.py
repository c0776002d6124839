"""The gates of a candidate: conditions on a label set before consumers read it, each with its figure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.analysis.share_history import allowed_shares
from retrolabel.errors import counted
from retrolabel.jobs.gold.scoring import Grain, compared, score
from retrolabel.jobs.records.decisions import FAILED, OPEN, PASSED, Gate
from retrolabel.jobs.records.feedback import CREATED_AT
from retrolabel.jobs.records.sitting_out import skipped_in, told_together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History

    Ints = npt.NDArray[np.int64]

FEWEST_GOLD = 20
"""Below this many gold items agreement judges nothing."""
VERSION = "version"
GONE = "a version of the two is gone"


@dataclass(frozen=True)
class Limits:
    """What a candidate is held against: the settings ``tasks.NAME.gates``.

    Attributes:
        agreement: The least share of judged dev gold items that its labels are right on; none if ``None``.
        coverage_drop: How much lower its coverage may be than that of the current label set, as a share of all items.
        fault_rate: The largest share of items on which an LF may have failed.
        flips: The largest share of items with a label in both whose label may be another one.
        shares: Whether a label's share has to lie within what its history allows.
        gold_per_label: The fewest dev gold items that each label has to have.
        sit_out: How many labeling functions may sit out.
    """

    agreement: float | None = None
    coverage_drop: float = 0.05
    fault_rate: float = 0.01
    flips: float = 0.2
    shares: bool = True
    gold_per_label: int = 0
    sit_out: int = 0


@dataclass(frozen=True)
class Evidence:
    """What gates look at.

    Attributes:
        history: The versions of the task.
        gold_of: Version -> dev gold as it reads there.
        segments: Returns the segments of feedback.
        objects: Where they are.
        flips: Two label sets -> how many items have another label, and of how many with a label in both.
    """

    history: History
    gold_of: Callable[[str], ResolvedGold]
    segments: Callable[[], Sequence[Segment]]
    objects: Objects
    flips: Callable[[LabelSet, LabelSet], tuple[int, int]]


def judged(
    candidate: LabelSet,
    current: LabelSet | None,
    limits: Limits,
    evidence: Evidence,
    skipped: Sequence[Mapping[str, str]] | None = None,
) -> tuple[Gate, ...]:
    """Return the gates of a candidate, beside what is current.

    A gate without data is open. Where nothing is current, the gates that compare are open.

    Args:
        candidate: The label set.
        current: What consumers read; ``None`` where that is nothing yet, or the candidate itself.
        limits: What it is held against.
        evidence: What gates look at.
        skipped: The labeling functions that sat out of the run that led to it, which may have been there; else those
            that its manifest names.
    """
    out = skipped_in(candidate.manifest) if skipped is None else skipped
    return tuple(_gates(candidate, current, limits, evidence, out))


def _gates(
    candidate: LabelSet,
    current: LabelSet | None,
    limits: Limits,
    evidence: Evidence,
    skipped: Sequence[Mapping[str, str]],
) -> Iterator[Gate]:
    yield _version(candidate, current, evidence.history)
    version, known = candidate.record.schema_version, not _is_gone(evidence.history, candidate)
    yield _agreement(candidate, limits, evidence) if known else Gate("agreement", OPEN, f"{version} is gone")
    yield _against_current(candidate, current, evidence)
    yield _coverage(candidate, current, limits)
    yield _faults(candidate, limits, skipped)
    yield _flips(candidate, current, limits, evidence)
    yield _shares(candidate, current, limits, evidence)
    yield _gold(candidate, limits, evidence) if known else Gate("gold per label", OPEN, f"{version} is gone")


def _is_gone(history: History, *label_sets: LabelSet) -> bool:
    """Return whether the history lacks the version of a label set: a draft that was taken out again."""
    return not {each.record.schema_version for each in label_sets} <= {each.version for each in history}


def _version(candidate: LabelSet, current: LabelSet | None, history: History) -> Gate:
    """Consumers are not led back to an older version without a person's word."""
    if current is None:
        return Gate(VERSION, OPEN, "nothing is current yet")
    mine, theirs = candidate.record.schema_version, current.record.schema_version
    if mine == theirs:
        return Gate(VERSION, PASSED, f"{mine}, as what is current")
    after = [each.version for each in history if each.version == theirs for each in each.lineage()]
    if mine in after:
        return Gate(VERSION, FAILED, f"{mine} is older than {theirs}, which is current")
    return Gate(VERSION, PASSED, f"{mine}, after {theirs}")


def _agreement(candidate: LabelSet, limits: Limits, evidence: Evidence) -> Gate:
    name = "agreement"
    found = score(candidate, evidence.gold_of(candidate.record.schema_version)).agreement
    n, right = found.covered, found.accuracy.value
    if right is None or n < FEWEST_GOLD:
        return Gate(name, OPEN, f"{counted(n, 'dev gold item')} judged, and {FEWEST_GOLD} are needed", right)
    told = f"right on {right:.3f} of {counted(n, 'dev gold item')}"
    if limits.agreement is None:
        return Gate(name, PASSED, f"{told}; no floor is set", right)
    state = PASSED if right >= limits.agreement else FAILED
    return Gate(name, state, f"{told}; the floor is {limits.agreement:g}", right, limits.agreement)


def _against_current(candidate: LabelSet, current: LabelSet | None, evidence: Evidence) -> Gate:
    name = "agreement against current"
    if current is None:
        return Gate(name, OPEN, "nothing else is current")
    before, after = current.record.schema_version, candidate.record.schema_version
    if _is_gone(evidence.history, current, candidate):
        return Gate(name, OPEN, GONE)
    grain = Grain.of(evidence.history, before, after)
    if grain is None:
        return Gate(name, OPEN, f"no version has one label for each of those of {before} and {after}")
    gold = evidence.gold_of(grain.version)
    pair = compared(score(current, evidence.gold_of(before)), score(candidate, evidence.gold_of(after)), gold, grain)
    if pair.items < FEWEST_GOLD or pair.gain.value is None or pair.gain.high is None or pair.gain.low is None:
        many = counted(pair.items, "dev gold item")
        return Gate(name, OPEN, f"{many} with a label in both, and {FEWEST_GOLD} are needed")
    gain, low, high = pair.gain.value, pair.gain.low, pair.gain.high
    told = f"{gain:+.3f} [{low:+.3f}, {high:+.3f}] on the same {pair.items:,} dev gold items"
    if high < 0:
        return Gate(name, FAILED, f"{told}: significantly worse", gain, 0.0)
    return Gate(name, PASSED, f"{told}: {'better' if low > 0 else 'not significantly worse'}", gain, 0.0)


def _coverage(candidate: LabelSet, current: LabelSet | None, limits: Limits) -> Gate:
    mine = _share(candidate.record.covered, candidate.record.items)
    if current is None:
        return Gate("coverage", OPEN, f"{_percent(mine)}; nothing else is current", mine)
    theirs = _share(current.record.covered, current.record.items)
    least = theirs - limits.coverage_drop
    told = f"{_percent(mine)}, after {_percent(theirs)}; at least {_percent(least)} is asked for"
    return Gate("coverage", PASSED if mine >= least else FAILED, told, mine, least)


def _faults(candidate: LabelSet, limits: Limits, skipped: Sequence[Mapping[str, str]]) -> Gate:
    items = candidate.record.items
    rates = {lf["name"]: _share(lf["faults"], items) for lf in candidate.manifest["recorded"]["lfs"]}
    out = "; ".join(told_together((each["name"], each["brief"]) for each in skipped))
    if len(skipped) > limits.sit_out:
        may = f"up to {limits.sit_out:,} may" if limits.sit_out else "none may"
        return Gate("faults", FAILED, f"{len(skipped):,} sat out, and {may}: {out}", len(skipped), limits.sit_out)
    if not rates:
        return Gate("faults", OPEN, "there is no labeling function")
    worst = max(rates, key=lambda name: (rates[name], name))
    told = f"{worst} failed on {_percent(rates[worst])} of the items" if rates[worst] else "none"
    if skipped:
        told += f"; {len(skipped):,} sat out, and up to {limits.sit_out:,} may: {out}"
    state = PASSED if rates[worst] <= limits.fault_rate else FAILED
    return Gate("faults", state, told, rates[worst], limits.fault_rate)


def _flips(candidate: LabelSet, current: LabelSet | None, limits: Limits, evidence: Evidence) -> Gate:
    if current is None:
        return Gate("flips", OPEN, "nothing else is current")
    if _is_gone(evidence.history, current, candidate):
        return Gate("flips", OPEN, GONE)
    flipped, of = evidence.flips(current, candidate)
    if not of:
        return Gate("flips", OPEN, "no item has a label in both")
    share = flipped / of
    told = f"{_percent(share)} of the {of:,} items with a label in both have another one"
    state = PASSED if share <= limits.flips else FAILED
    return Gate("flips", state, f"{told}; up to {_percent(limits.flips)} may", share, limits.flips)


def _shares(candidate: LabelSet, current: LabelSet | None, limits: Limits, evidence: Evidence) -> Gate:
    name = "shares of labels"
    if current is None or not limits.shares:
        return Gate(name, OPEN, "nothing else is current" if limits.shares else "the settings do not ask for it")
    images = _images(candidate, current, evidence.history)
    if not images:
        return Gate(name, OPEN, "no label has a history under this version")
    counts, _ = labels_by_month(current, evidence.segments(), evidence.objects)
    allowed = allowed_shares(counts[:, :-1], counts[:, :-1].sum(axis=1))
    if allowed is None:
        return Gate(name, OPEN, "what is current has fewer than three months with labels")
    then, now = current.shares(), candidate.shares()
    if not sum(now.values()):
        return Gate(name, OPEN, "no item has a label")
    outside = []
    for place, label in enumerate(current.labels):
        if label in images:
            low, high = allowed[place]
            share = _share(sum(now.get(each, 0) for each in images[label]), sum(now.values()))
            if not low <= share <= high:
                before = _percent(_share(then.get(label, 0), sum(then.values())))
                range_ = f"its months allow {_percent(low)} to {_percent(high)}"
                outside.append(f"{label} {_percent(share)}, after {before}; {range_}")
    if outside:
        return Gate(name, FAILED, "; ".join(outside))
    return Gate(name, PASSED, f"{counted(len(images), 'label')} within what the months of their history allow")


def _images(candidate: LabelSet, current: LabelSet, history: History) -> Mapping[str, frozenset[str]]:
    """Return the labels of what is current -> what they are in the candidate's version; none where that overlaps."""
    before, after = current.record.schema_version, candidate.record.schema_version
    if before == after:
        return {label: frozenset([label]) for label in current.labels}
    if _is_gone(history, current, candidate):
        return {}
    relation, tree = history.relation(before, after), history[after].taxonomy
    images = {label: frozenset(tree.leaves_of(relation.project(label))) for label in current.labels}
    of = Counter(each for image in images.values() for each in image)
    everything = set(history[after].leaves)
    return {
        label: image
        for label, image in images.items()
        if image and image != everything and all(of[each] == 1 for each in image)
    }


def _gold(candidate: LabelSet, limits: Limits, evidence: Evidence) -> Gate:
    name = "gold per label"
    gold = evidence.gold_of(candidate.record.schema_version)
    leaves = evidence.history[candidate.record.schema_version].leaves
    counts = Counter(leaves[place] for place in gold.places.values())
    least = min(leaves, key=lambda label: (counts[label], label))
    told = f"{least} has {counts[least]:,}, the fewest"
    if not counts:
        return Gate(name, OPEN, "there is no dev gold", 0, limits.gold_per_label)
    if counts[least] < limits.gold_per_label:
        short = sum(counts[label] < limits.gold_per_label for label in leaves)
        why = f"{told}; {counted(short, 'label')} with fewer than {limits.gold_per_label:,}"
        return Gate(name, FAILED, why, counts[least], limits.gold_per_label)
    return Gate(name, PASSED if counts[least] else OPEN, told, counts[least], limits.gold_per_label)


def labels_by_month(label_set: LabelSet, segments: Sequence[Segment], objects: Objects) -> tuple[Ints, Ints]:
    """Return how many items of each month have each label, int [M, k + 1] (the last is no label), and items, int [M].

    Items without a time are left out.

    Args:
        label_set: The label set.
        segments: The segments of feedback.
        objects: Where they are.
    """
    places = {label: at for at, label in enumerate(label_set.labels)}
    told = label_set.patterns.column("label").cast(pa.string()).to_pylist()
    of_pattern = np.array([places.get(label, len(places)) for label in told], np.int64)
    known = {segment.id: segment for segment in segments}
    found: Counter[tuple[int, int]] = Counter()
    for part in label_set.manifest["outputs"]["segments"]:
        segment = known.get(part["id"])
        if segment is None or CREATED_AT not in segment.columns:
            continue
        items = label_set.items_of(segment.id, ["row", "pattern"])
        times = objects.read_table(segment.path, [CREATED_AT], sha256=segment.sha256).column(CREATED_AT)
        times = times.take(items.column("row"))
        month = pc.add(pc.multiply(pc.year(times), 12), pc.month(times)).fill_null(-1).to_numpy()
        label = of_pattern[items.column("pattern").to_numpy()]
        cells, counts = np.unique(np.stack([month, label]), axis=1, return_counts=True)
        for (at, which), count in zip(cells.T.tolist(), counts.tolist(), strict=True):
            if at >= 0:
                found[at, which] += count
    months = sorted({at for at, _ in found})
    table = np.zeros((len(months), len(places) + 1), np.int64)
    for (at, which), count in found.items():
        table[months.index(at), which] = count
    return table, table.sum(axis=1)


def _share(count: int, items: int) -> float:
    return count / items if items else 0.0


def _percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")
