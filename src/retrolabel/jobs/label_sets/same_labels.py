"""Whether a label set that was made again is the one that is stored: to the bit, and where not, on which items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.errors import counted
from retrolabel.jobs.label_sets.tallies import Tally, Told
from retrolabel.jobs.label_sets.verify import labels_hash
from retrolabel.jobs.records.checks import Check
from retrolabel.jobs.records.decisions import FAILED, OPEN, PASSED
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.records.label_sets import probabilities_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy.typing as npt

    from retrolabel.jobs.label_sets.remaking import Remade
    from retrolabel.jobs.label_sets.sides import Side

NO_LABEL = "(no label)"
ROUNDING = 1e-9
"""Up to here probabilities may differ between platforms, which add and multiply in another order."""


def compared_labels(side: Side, again: Remade, environment: Mapping[str, Any]) -> Iterator[Check]:
    """Yield whether labels, probabilities and what was learned are the same to the bit.

    Args:
        side: The label set.
        again: What it is when it is made again.
        environment: Packages and platform, as they are now; elsewhere sums may come out otherwise in their last digits.
    """
    record, label_set = side.label_set.record, side.label_set
    moved = _moved(label_set.manifest["recorded"].get("environment", {}), environment)
    if again.labels_hash == labels_hash(label_set):
        yield from _learned(side, again, moved)
        return
    labels, chances, other = Tally(), Tally(), Tally()
    farthest = 0.0
    for made, now in zip(side.inputs["segments"], again.parts, strict=True):
        farthest = max(farthest, _compare(side, made, now, again.patterns, (labels, chances, other)))
    if labels.items:
        yield labels.failed("labels", "another label than votes and gold give")
    if chances.items and moved and not labels.items and farthest <= ROUNDING:
        what = f"probabilities of {counted(chances.items, 'item')} differ by {farthest:.0e} at most"
        yield Check("labels", OPEN, f"{record.items:,} labels are the same; {what}, since {moved}")
        return
    if chances.items:
        yield chances.failed("probabilities", f"other probabilities, by {farthest:.2g} at most")
    if other.items:
        yield other.failed("partial", "covered or guessed otherwise, or another set")
    if not (labels.items or chances.items or other.items):
        yield Check("labels", FAILED, "the items agree, and the patterns do not: others, or in another order")


def _learned(side: Side, again: Remade, moved: str) -> Iterator[Check]:
    """Yield whether what stands beside the labels, which are the same, is the same too."""
    record, label_set = side.label_set.record, side.label_set
    same = f"{counted(record.items, 'item')}: labels and probabilities are the same to the bit"
    unlike = [
        what
        for what, held, now in (
            ("what the label model learned", label_set.learned, again.learned),
            ("cross-fitted items", label_set.unseen, again.unseen),
        )
        if held != now
    ]
    if not unlike:
        crossed = f", and {len(again.unseen):,} cross-fitted items" if again.unseen else ""
        yield Check("labels", PASSED, f"{same}; so is what the label model learned{crossed}")
        return
    yield Check("labels", PASSED, same)
    for what in unlike:
        yield Check(what, OPEN if moved else FAILED, f"not the same to the bit{f', since {moved}' if moved else ''}")


def _compare(
    side: Side, made: Mapping[str, Any], now: pa.Table, patterns: pa.Table, tallies: tuple[Tally, Tally, Tally]
) -> float:
    """Count the items of a segment that are not the same; return how far probabilities are apart at most."""
    labels, chances, other = tallies
    held = side.label_set.items_of(made["id"])
    source, ids = made["source"], held.column(ITEM_ID).to_pylist()
    labels.add(source, ids, _labels(side, held), _labels(side, now))
    then, here = (np.asarray(each.column("pattern").to_numpy(), np.int64) for each in (held, now))
    pairs, inverse = np.unique(np.column_stack([then, here]), axis=0, return_inverse=True)
    rows = inverse.ravel()
    old, new = side.probabilities[pairs[:, 0]], probabilities_in(patterns, side.labels)[pairs[:, 1]]
    unlike = (old.view(np.int64) != np.ascontiguousarray(new).view(np.int64)).any(axis=1)[rows]
    nothing = np.zeros(len(rows), np.bool_)
    chances.add(source, ids, Told(nothing, _chances(side, old, rows)), Told(unlike, _chances(side, new, rows)))
    for name in ("covered", *(["guessed", "partial"] if side.label_set.tells_guesses else [])):
        other.add(source, ids, _texts(side.label_set.patterns, name, then), _texts(patterns, name, here))
    return float(np.abs(old - new).max(initial=0.0))


def _labels(side: Side, items: pa.Table) -> Told:
    words = items.column("label").cast(pa.string()).to_pylist()
    number = {label: place for place, label in enumerate(side.labels)}
    codes = np.array([-2 if word is None else number.get(word, -1) for word in words], np.int64)
    return Told(codes, lambda row: words[row] or NO_LABEL)


def _texts(table: pa.Table, name: str, places: npt.NDArray[np.int64]) -> Told:
    column = pc.fill_null(table.column(name).cast(pa.string()), "-").combine_chunks()
    texts = np.asarray(column.take(pa.array(places)).to_numpy(zero_copy_only=False), np.object_)
    return Told(texts, lambda row: f"{name} {texts[row]}")


def _chances(side: Side, found: npt.NDArray[np.float64], rows: npt.NDArray[np.int64]) -> Callable[[int], str]:
    """Return what says the likeliest label of an item, and its probability."""

    def word(row: int) -> str:
        place = int(found[rows[row]].argmax())
        return f"{side.labels[place]} {found[rows[row]][place]:.6f}"

    return word


def _moved(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Return what of the environment is another one than when the label set was made; nothing where it is the same."""
    pairs = [(name, then.get(name), now.get(name)) for name in ("python", "platform")]
    before, after = then.get("packages", {}), now.get("packages", {})
    pairs += [(name, before.get(name), after.get(name)) for name in sorted({*before, *after})]
    return ", ".join(f"{name} was {was or 'none'}, is {there or 'none'}" for name, was, there in pairs if was != there)
