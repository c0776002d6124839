"""Find one item of a label set by its id: the catalog says where it lies, so that one file is read and not all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow.compute as pc

from retrolabel.errors import InputError, UnknownItemError, did_you_mean
from retrolabel.jobs.records.feedback import ITEM_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.jobs.records.origins import LivePlace

SHORT = 12


class HeldItem(NamedTuple):
    """An item as a label set holds it.

    Attributes:
        source: Its source.
        item_id: The item.
        segment: The segment of the revision that was labelled.
        row: Its row there, from 0.
        said: What the label set has of it: ``label``, ``covered``, ``pattern``.
        live: Where its live revision lies.
    """

    source: str
    item_id: str
    segment: str
    row: int
    said: Mapping[str, Any]
    live: LivePlace

    @property
    def is_live(self) -> bool:
        """Whether the revision that was labelled is the item's content still."""
        return (self.segment, self.row) == (self.live.segment, self.live.row)

    def pattern_in(self, label_set: LabelSet) -> pa.Table:
        """Return the row of its pattern."""
        return label_set.patterns.slice(int(self.said["pattern"]), 1)


def find_item(
    label_set: LabelSet, asked: str, source: str | None, feedback: FeedbackBook, segments: Mapping[str, Segment]
) -> HeldItem:
    """Return an item of a label set.

    Args:
        label_set: The label set.
        asked: The item: its id, or ``SOURCE/ID``.
        source: Its source, where several have the id.
        feedback: What items there are.
        segments: Id -> segment.

    Raises:
        UnknownItemError: No source has it, or the label set was made before it came.
        InputError: Several sources have it, or there is no such source.
    """
    sources = sorted(feedback.sources())
    if source is not None and source not in sources:
        raise InputError(
            f"There is no source {source!r}.{did_you_mean(source, sources)} Known: {', '.join(sources)}.",
            remedy="name one of those",
        )
    live = _live(asked, [source] if source is not None else sources, feedback)
    if not live:
        raise _unknown(label_set, asked, [source] if source is not None else sources, feedback)
    held = [found for each in live if (found := held_in(label_set, each, segments)) is not None]
    if len(held) > 1:
        names = ", ".join(f"{each.source}/{each.item_id}" for each in held)
        raise InputError(
            f"{len(held)} sources have an item {asked!r}: {names}.", remedy=f"name one: {held[0].source}/{asked}"
        )
    if not held:
        raise _not_there(label_set, live[0], feedback)
    return held[0]


def held_in(label_set: LabelSet, live: LivePlace, segments: Mapping[str, Segment]) -> HeldItem | None:
    """Return an item as a label set holds it; ``None`` where it does not.

    The file of the live revision's segment is read. Where the label set holds another revision, that is in a segment
    of which rows were superseded; these are read, until it is found.

    Args:
        label_set: The label set.
        live: Where the live revision lies.
        segments: Id -> segment.
    """
    mine = [made["id"] for made in label_set.manifest["outputs"]["segments"] if made["source"] == live.source]
    revised = [each for each in mine if each != live.segment and each in segments and segments[each].superseded]
    for segment in ([live.segment] if live.segment in mine else []) + revised:
        items = label_set.items_of(segment)
        same = pc.indices_nonzero(pc.equal(items.column(ITEM_ID), live.item_id)).to_pylist()
        if same:
            said = items.slice(same[0], 1).to_pylist()[0]
            return HeldItem(live.source, live.item_id, segment, int(said["row"]), said, live)
    return None


def _live(asked: str, sources: Sequence[str], feedback: FeedbackBook) -> list[LivePlace]:
    """Return where the live revisions lie of an item that is named by its id, or as ``SOURCE/ID``."""
    found = feedback.find_item(asked, sources)
    for each in sources:
        if not found and asked.startswith(f"{each}/"):
            found = feedback.find_item(asked.removeprefix(f"{each}/"), [each])
    return found


def _unknown(label_set: LabelSet, asked: str, sources: Sequence[str], feedback: FeedbackBook) -> UnknownItemError:
    """Return what is said of an item that no source has."""
    near: list[str] = []
    for each in sources:
        near += feedback.near_ids(asked.removeprefix(f"{each}/"), [each])
    plain = next((asked.removeprefix(f"{each}/") for each in sources if asked.startswith(f"{each}/")), asked)
    name = f"{label_set.record.task} {label_set.id[:SHORT]}"
    where = f"source {sources[0]}" if len(sources) == 1 else f"the sources {', '.join(sources)}"
    return UnknownItemError(
        f"There is no item {asked!r} in {where}.{did_you_mean(plain, near)}",
        remedy=f"retrolabel labels export {name} lists the items of a label set",
    )


def _not_there(label_set: LabelSet, live: LivePlace, feedback: FeedbackBook) -> UnknownItemError:
    """Return what is said of an item that came later than the label set, or whose source it does not label."""
    record, name = label_set.record, f"{live.source}/{live.item_id}"
    labelled = sorted({made["source"] for made in label_set.manifest["outputs"]["segments"]})
    if live.source not in labelled:
        return UnknownItemError(
            f"Label set {record.id[:SHORT]} labels {', '.join(labelled) or 'no source'}, not {live.source}: it says"
            f" nothing of {name}.",
            remedy=f"sources of tasks.{record.task} in the settings says which a task labels",
        )
    came = feedback.origin(live.segment)
    when = f"; it came on {came.at:%Y-%m-%d %H:%M} UTC with {came.file}" if came is not None else ""
    return UnknownItemError(
        f"{name} was not there when label set {record.id[:SHORT]} was made,"
        f" {record.created_at:%Y-%m-%d %H:%M} UTC{when}"
        f" (its revision is {live.digest[:SHORT]}).",
        remedy=f"retrolabel relabel {record.task} labels it",
    )
