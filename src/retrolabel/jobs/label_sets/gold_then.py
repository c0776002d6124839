"""Gold as it was when a label set was made: answers are appended and never changed, so it can be read again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from retrolabel.gold.adjudication import adjudicate
from retrolabel.gold.projection import Readings
from retrolabel.jobs.feedback.content import row_digests
from retrolabel.jobs.gold.resolving import live_revisions, resolve_gold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.label_sets.joining import At
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.gold import Told
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.schema.history import History

    Key = tuple[str, str]
    Revisions = Mapping[Key, str]


@dataclass(frozen=True, eq=False)
class GoldThen:
    """The dev gold at two times, readable in each version and on each state of the texts.

    Attributes:
        history: The task's versions.
        how: How people who differ are adjudicated, as the settings say now.
        answers: What people had said when the first label set was made, and when the second was.
        texts: The content that their items had then.
    """

    history: History
    how: Adjudication
    answers: tuple[Sequence[HumanLabel], Sequence[HumanLabel]]
    texts: tuple[Revisions, Revisions]
    _known: dict[tuple[str, bool, bool, frozenset[str]], dict[Key, Told]] = field(default_factory=dict)

    def told(self, version: str, sources: frozenset[str], *, later: bool, later_texts: bool) -> dict[Key, Told]:
        """Return what gold says, as a label model is fitted with it.

        Args:
            version: The version that it is read in.
            sources: The sources that are labelled.
            later: Whether it is that of the second label set.
            later_texts: Whether items have the content that they have there.
        """
        asked = (version, later, later_texts, sources)
        if asked not in self._known:
            readings = Readings(self.history, version, self.texts[later_texts])
            found = adjudicate(self.answers[later], rank=readings.rank, twins=self.history.twins, how=self.how)
            self._known[asked] = resolve_gold(found, "dev", self.history, version, readings).told(sources)
        return self._known[asked]


def answers_at(gold: GoldBook, label_set: LabelSet) -> list[HumanLabel]:
    """Return what people had said of a task when a label set was begun.

    Args:
        gold: What people said.
        label_set: The label set.
    """
    begun = label_set.manifest["recorded"].get("started")
    return gold.human_labels(
        label_set.record.task, datetime.fromisoformat(begun) if begun else label_set.record.created_at
    )


def texts_at(
    answers: Sequence[HumanLabel], at: Mapping[Key, At], feedback: FeedbackBook, objects: Objects
) -> dict[Key, str]:
    """Return (source, item id) -> digest of the content that the items had in a label set.

    What was revised since is read from its segment; that of items that the label set does not hold is what they have
    now.

    Args:
        answers: What people said of them.
        at: Where the label set holds them.
        feedback: What items there are.
        objects: Where their segments are.
    """
    found = live_revisions(answers, feedback)
    stored = {segment.id: segment for segment in feedback.segments()}
    superseded = {segment_id: frozenset(each.superseded) for segment_id, each in stored.items()}
    wanted: dict[str, list[Key]] = {}
    for key in found:
        place = at.get(key)
        if place is not None and place.row in superseded.get(place.segment, frozenset()):
            wanted.setdefault(place.segment, []).append(key)
    for segment_id, keys in wanted.items():
        found |= dict(zip(keys, _digests(stored[segment_id], [at[key].row for key in keys], objects), strict=True))
    return found


def _digests(segment: Segment, rows: Sequence[int], objects: Objects) -> list[str]:
    table = objects.read_table(segment.path, sha256=segment.sha256)
    return row_digests(table.take(pa.array(rows)))
