"""Human labels as they read in another version: the original stays beside what the steps make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from retrolabel.gold.adjudication import GoldItem, HumanLabel
    from retrolabel.schema.history import History
    from retrolabel.schema.relations import Relation
    from retrolabel.schema.versions import LabelSchema


@dataclass(frozen=True, slots=True)
class Reading:
    """What a human label says in a version.

    Attributes:
        ids: The labels that it leaves possible there, in the order of the version.
        kind: ``exact``, ``set`` or ``unknown``.
        suspect: Whether the label was redefined, or the text revised, since the person gave it.
        near_miss: Whether another label became wider since, so that this item might bear that one now.
        resolved_by: ``human`` where the person chose this very label with this meaning; ``step``
            where the steps of the schema led to it; nothing where it is not one label. What a label
            model makes of it never counts as a human's word.
    """

    ids: tuple[str, ...]
    kind: str
    suspect: bool
    near_miss: bool
    resolved_by: str

    @property
    def counts(self) -> bool:
        """Whether it says anything that can be compared: it is not suspect and not unknown."""
        return not self.suspect and self.kind != "unknown"


LOST = Reading((), "unknown", suspect=False, near_miss=False, resolved_by="")
"""What a label says whose version, or which in its version, is gone; ``schema check`` tells of it."""


class Readings:
    """Reads human labels in one version; each distinct label is worked out once.

    Args:
        history: The versions of the task.
        version: The version to read in.
        revisions: (source, item id) -> digest of the live content; labels on other content are suspect.

    Example:
        >>> from retrolabel.gold.adjudication import HumanLabel
        >>> from retrolabel.schema.history import History
        >>> from retrolabel.schema.labels import Label
        >>> from retrolabel.schema.steps import Split
        >>> from retrolabel.schema.versions import LabelSchema
        >>> v1 = LabelSchema(task="thumbs", version="1.0.0", labels=[Label("good"), Label("bad")])
        >>> v2 = LabelSchema(task="thumbs", version="2.0.0", revises=v1, labels=[Label("good"), Label("slow"),
        ...                  Label("wrong")], steps=[Split("bad", into=["slow", "wrong"])])
        >>> read = Readings(History([v1, v2]), "2.0.0")
        >>> read(HumanLabel("chat", "1", "ana", "bad", "1.0.0", "dev"))
        Reading(ids=('slow', 'wrong'), kind='set', suspect=False, near_miss=False, resolved_by='')
        >>> read(HumanLabel("chat", "2", "ana", "good", "1.0.0", "dev")).resolved_by
        'human'
    """

    def __init__(self, history: History, version: str, revisions: Mapping[tuple[str, str], str] | None = None) -> None:
        self._history, self._version, self._revisions = history, version, revisions or {}
        self._known: dict[tuple[str, str], Reading] = {}

    def of(self, label: str, made_under: str) -> Reading:
        """Return what a label of a version says; of a version or label that is gone, nothing is known."""
        if (label, made_under) not in self._known:
            if not any(each.version == made_under and label in each.ids for each in self._history):
                return LOST
            source, target = self._history[made_under], self._history[self._version]
            relation = self._history.relation(made_under, self._version)
            self._known[label, made_under] = _reading(label, relation, source, target)
        return self._known[label, made_under]

    def __call__(self, said: HumanLabel | GoldItem) -> Reading:
        """Return what one human label, or the gold of one item, says; on text that was revised since, it is suspect."""
        reading = self.of(said.label, said.schema_version)
        if not self.is_live(said):
            return Reading(reading.ids, reading.kind, True, reading.near_miss, "")  # noqa: FBT003 - a value of five
        return reading

    def is_live(self, said: HumanLabel | GoldItem) -> bool:
        """Return whether the text that people saw is the item's text still, as far as that is known."""
        return not said.revision or self._revisions.get((said.source, said.item_id), said.revision) == said.revision

    def rank(self, said: HumanLabel | GoldItem) -> int:
        """Return 1 for a label that is one label here, beyond suspicion, and 0 for others."""
        reading = self(said)
        return int(reading.kind == "exact" and not reading.suspect)


def _reading(label: str, relation: Relation, source: LabelSchema, target: LabelSchema) -> Reading:
    image = relation.project(label)
    ids = tuple(each for each in target.ids if each in image)
    suspect = relation.suspect(label)
    wider = {other for other in source.ids if other != label and relation.suspect(other, positive=False)}
    resolved = ""
    if len(ids) == 1 and not suspect:
        same = ids[0] == label and target.label(label) == source.label(label)
        resolved = "human" if same else "step"
    return Reading(ids, relation.kind(label), suspect, bool(wider), resolved)


def counted(readings: Iterable[Reading]) -> dict[str, int]:
    """Return how many readings are exact, sets, unknown and suspect, and how many have a near miss.

    A suspect one is counted as that alone.
    """
    found = {"exact": 0, "set": 0, "unknown": 0, "suspect": 0, "near_miss": 0}
    for reading in readings:
        found["suspect" if reading.suspect else reading.kind] += 1
        found["near_miss"] += reading.near_miss and not reading.suspect
    return found
