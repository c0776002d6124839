"""Open a round: what is asked in it, of whom, and the file that each person gets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, NothingLeftError, counted
from retrolabel.gold.round_size import alpha_half_width
from retrolabel.jobs.gold.batches import PROBABILITY
from retrolabel.jobs.gold.calibration.honeypots import WHY_NONE, honeypots_among
from retrolabel.jobs.gold.calibration.parts import AGAIN_AFTER, Past, put_together, wanted_anew
from retrolabel.jobs.gold.calibration.sheets import sheets, shown_columns
from retrolabel.jobs.gold.reading import Reader
from retrolabel.jobs.gold.remembering import remember
from retrolabel.jobs.gold.resolving import read_in
from retrolabel.jobs.gold.sampling import sample_items
from retrolabel.jobs.records.calibration import AGAIN, FIXED, HONEYPOT, PARTS, ROTATED, AskedItem, CalibrationRound
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    import pyarrow as pa

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.gold.calibration.book import CalibrationBook
    from retrolabel.jobs.gold.calibration.parts import Parts
    from retrolabel.jobs.gold.calibration.progress import Calibration
    from retrolabel.jobs.gold.samples import Sample
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.calibration import CalibrationSet
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

PURPOSE = "calibration"
"""What the items of a round are drawn for."""
SHOWN = 5
"""Items that a note names."""


@dataclass(frozen=True)
class Asking:
    """A round that can be opened.

    Attributes:
        design: The set.
        round: The round; its people have no files yet.
        parts: What is asked.
        sheets: Person -> their file, as a table.
        sample: The draw of its new items; ``None`` where none was left.
        half_width: Half of the 95 % interval of alpha that the round will have, about, near an alpha of 0.7; ``None``
            for one person.
        notes: What the reader should know.
    """

    design: CalibrationSet
    round: CalibrationRound
    parts: Parts
    sheets: Mapping[str, pa.Table] = field(repr=False)
    sample: Sample | None
    half_width: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """What a round is drawn from, and read in.

    Attributes:
        labels: All human labels of the task.
        history: The versions of the task.
        asked: The version that people are asked under.
        how: How people who differ are adjudicated.
        label_set: The newest label set; ``None`` where there is none.
        gold: What people said so far.
        feedback: What items there are.
        objects: Where their texts are.
    """

    labels: Sequence[HumanLabel]
    history: History
    asked: LabelSchema
    how: Adjudication
    label_set: LabelSet | None
    gold: GoldBook
    feedback: FeedbackBook
    objects: Objects


def prepare_round(  # noqa: PLR0913 - a round, and what it is drawn from
    known: Calibration, design: CalibrationSet, people: Sequence[str], ground: Ground, *, at: datetime, who: str
) -> Asking:
    """Return the next round of a set; nothing is stored.

    Args:
        known: What is known of the task's calibration.
        design: The set, which may be new.
        people: Who is asked.
        ground: What is drawn from.
        at: Now.
        who: Who opens it.

    Raises:
        GoldError: Nobody is asked, the version is multilabel, or there is nothing that could be drawn.
    """
    if not people:
        raise GoldError("A round needs somebody who is asked.", remedy="--people ana,ben,cleo")
    number, past = known.next_number, _past(known, design, ground)
    sample, drawn = _drawn(past, number, ground)
    pots = (
        honeypots_among(
            ground.labels,
            design.source,
            history=ground.history,
            version=ground.asked.version,
            how=ground.how,
            feedback=ground.feedback,
            key="\0".join([known.task, design.source, str(design.seed), HONEYPOT]),
        )
        if design.honeypots
        else []
    )
    parts = put_together(past, number=number, people=people, drawn=drawn, honeypots=pots)
    tables = sheets(
        parts,
        design,
        number=number,
        people=people,
        asked=ground.asked,
        feedback=ground.feedback,
        objects=ground.objects,
    )
    everybody = sum(item.person is None for item in parts.items)
    opened = CalibrationRound(
        known.task, number, design.id or 0, ground.asked.version, at, who, people=dict.fromkeys(people, "")
    )
    notes = [
        *_on_meaning(known, design, ground),
        *_on_parts(parts, past, number, pots=bool(pots)),
        *_on_columns(design, ground),
    ]
    notes += [each for each in (sample.notes if sample else ()) if not each.startswith("only ")]
    half = alpha_half_width(everybody, len(people), _shares(ground)) if len(people) > 1 and everybody > 1 else None
    return Asking(design, opened, parts, tables, sample, half, tuple(notes))


def store_round(
    asking: Asking, files: Mapping[str, str], folder: str, *, ground: Ground, book: CalibrationBook
) -> CalibrationRound:
    """Store a round, and its set where that is new; the round before it is closed.

    Args:
        asking: The round.
        files: Person -> the file that was written for them.
        folder: Where these are.
        ground: What it was drawn from.
        book: Where rounds are kept.
    """
    design, opened = asking.design, asking.round
    number = book.add_set(design) if design.id is None else design.id
    for earlier in book.rounds(opened.task):
        if earlier.is_open:
            book.close(opened.task, earlier.round, opened.opened_at)
    fresh = set(asking.sample.table.column(ITEM_ID).to_pylist()) if asking.sample else set()
    batch = (
        remember(asking.sample, file=folder, gold=ground.gold, feedback=ground.feedback, at=opened.opened_at)
        if asking.sample
        else None
    )
    items = [
        replace(item, batch=batch) if item.item_id in fresh and item.part in (FIXED, ROTATED) else item
        for item in asking.parts.items
    ]
    stored = replace(opened, calibration_set=number, people=dict(files))
    book.open(stored, items)
    return stored


def _past(known: Calibration, design: CalibrationSet, ground: Ground) -> Past:
    rounds = known.of_set(design) if design.id is not None else []
    asked = {each.round: known.items.get(each.round, ()) for each in rounds}
    ids = sorted({item.item_id for items in asked.values() for item in items})
    live = ground.feedback.revisions(design.source, ids)
    reader = Reader(ground.asked, ground.history, read_in(ground.history, ground.asked.version, [], ground.feedback))
    versions = {each.version for each in ground.history}
    same = {each for each in {r.schema_version for r in rounds} if each in versions and reader.asks_the_same(each)}
    return Past(
        design,
        asked,
        {number: {who: frozenset(said) for who, said in people.items()} for number, people in known.said.items()},
        {(design.source, item_id): digest for item_id, digest in live.items()},
        frozenset(each.round for each in rounds if each.schema_version in same),
    )


def _drawn(past: Past, number: int, ground: Ground) -> tuple[Sample | None, list[AskedItem]]:
    """Return the draw of the new items of a round, and those items; none where nothing is left to be drawn."""
    n, design = wanted_anew(past), past.design
    if n < 1:
        return None, []
    columns, _ = shown_columns(design, list(ground.feedback.sources()[design.source]))
    try:
        sample = sample_items(
            design.task,
            design.source,
            purpose=PURPOSE,
            n=n,
            role=None,
            seed=design.seed + number - 1,
            columns=columns,
            history=ground.history,
            asked=ground.asked,
            how=ground.how,
            label_set=ground.label_set,
            gold=ground.gold,
            feedback=ground.feedback,
            objects=ground.objects,
        )
    except NothingLeftError:
        if not past.asked:
            raise
        return None, []
    ids: list[str] = sample.table.column(ITEM_ID).to_pylist()
    shown = ground.feedback.revisions(design.source, ids)
    chance = sample.table.column(PROBABILITY).to_pylist()
    return sample, [
        AskedItem(ROTATED, design.source, item_id, shown[item_id], inclusion=p)
        for item_id, p in zip(ids, chance, strict=True)
    ]


def _shares(ground: Ground) -> Sequence[float]:
    """Return how common each label is, as far as a label set says it; else each as common."""
    if ground.label_set is None or ground.label_set.record.schema_version != ground.asked.version:
        return [1.0] * len(ground.asked.leaves)
    shares = ground.label_set.shares()
    found = [float(shares.get(label, 0)) for label in ground.asked.leaves]
    return found if sum(each > 0 for each in found) > 1 else [1.0] * len(found)


def _on_meaning(known: Calibration, design: CalibrationSet, ground: Ground) -> Iterator[str]:
    """Yield what a new version does to the series."""
    rounds = known.of_set(design) if design.id is not None else []
    if not rounds or rounds[-1].schema_version == ground.asked.version:
        return
    before, now = rounds[-1].schema_version, ground.asked.version
    reader = Reader(ground.asked, ground.history, read_in(ground.history, now, [], ground.feedback))
    known_version = any(each.version == before for each in ground.history)
    if known_version and reader.asks_the_same(before):
        yield f"people are asked under {now}; it asks what {before} asked, or less: the series goes on"
    else:
        yield f"people are asked under {now}, and labels changed their meaning since {before}: the series breaks here"


def _on_parts(parts: Parts, past: Past, number: int, *, pots: bool) -> Iterator[str]:
    """Yield what is not as the set has it."""
    design = past.design
    for why in sorted(set(parts.gone.values())):
        gone = [key[1] for key, found in parts.gone.items() if found == why]
        what = {"revised": "whose text changed since it was shown", "deleted": "that the source has no more"}[why]
        listed = ", ".join(gone[:SHOWN]) + (", ..." if len(gone) > SHOWN else "")
        yield f"replaced in the fixed part, {counted(len(gone), 'item')} {what}: {listed}"
    if parts.recycled:
        yield f"{counted(parts.recycled, 'item')} of the rotated part were asked before: no others are left"
    for part in (FIXED, ROTATED):
        if part in parts.short:
            yield f"the {part} part lacks {counted(parts.short[part], 'item')}: {design.source} has no others to draw"
    if AGAIN in parts.short and number <= min(past.asked, default=number) + AGAIN_AFTER - 1:
        yield f"nobody is asked again yet: that begins {AGAIN_AFTER} rounds after the first answers"
    elif AGAIN in parts.short:
        least = design.again - parts.short[AGAIN]
        them = counted(design.again, "item")
        yield f"somebody has only {least:,} of {them} to answer again: they answered no others long enough ago"
    if HONEYPOT in parts.short:
        lacks = f"{design.honeypots - parts.short[HONEYPOT]:,} of {counted(design.honeypots, 'honeypot')}"
        yield f"{lacks} are there{'' if pots else '; ' + WHY_NONE}"


def _on_columns(design: CalibrationSet, ground: Ground) -> Iterator[str]:
    _, clash = shown_columns(design, list(ground.feedback.sources()[design.source]))
    if clash:
        yield f"people do not see the column {', '.join(clash)}: their file has one of that name"


def counts_of(parts: Parts, person: str) -> dict[str, int]:
    """Return part -> how many items of it a person is asked."""
    mine = parts.of(person)
    return {part: sum(item.part == part for item in mine) for part in PARTS}
