"""A plan: what a relabel would do and cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from retrolabel.jobs.records.manifests import LabelSetRecord, Manifest
from retrolabel.jobs.records.plan_changes import Estimate
from retrolabel.label_models.deciding import Deciding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.gold import ResolvedGold, Told
    from retrolabel.jobs.records.plan_changes import Rate
    from retrolabel.jobs.records.sitting_out import SatOut
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.schema.history import Resolution
    from retrolabel.schema.versions import LabelSchema


@dataclass(frozen=True)
class VoteTask:
    """The votes of one labeling function on one segment: there already, or to be computed."""

    lf: LabelingFunction
    segment: Segment
    key: str
    stored: VoteColumn | None


@dataclass(frozen=True, repr=False)
class VotePlan:
    """The votes that something needs: those that are there, and those that are to be computed.

    Attributes:
        task: The task.
        votes: One entry for each LF and segment, in a fixed order.
        contracts: Source -> column -> type.
    """

    task: FoundTask
    votes: tuple[VoteTask, ...]
    contracts: Mapping[str, Mapping[str, str]]

    @property
    def stored(self) -> dict[str, VoteColumn]:
        """Vote key -> the stored votes, as far as they are there."""
        return {vote.key: vote.stored for vote in self.votes if vote.stored is not None}

    @property
    def to_compute(self) -> tuple[VoteTask, ...]:
        """The votes that are not there yet."""
        return tuple(vote for vote in self.votes if vote.stored is None)

    @property
    def calls(self) -> int:
        """How often labeling functions will be called."""
        return sum(vote.segment.rows for vote in self.to_compute)

    @property
    def reused(self) -> int:
        """How many calls earlier runs save."""
        return sum(vote.segment.rows for vote in self.votes if vote.stored is not None)


@dataclass(frozen=True, repr=False)
class Plan(VotePlan):
    """What a relabel would do.

    Attributes:
        task: The task.
        votes: One entry for each LF and segment, in a fixed order.
        contracts: Source -> column -> type.
        schema: The version that the items will be labelled under.
        segments: The segments that hold the task's items: those of whose items some were not revised.
        resolutions: LF -> stored form of a vote -> what it means in the version asked for.
        inputs: All that the label set's id is the hash of.
        gold: The gold that the label model is fitted with.
        dev: The dev gold that the label set is scored against.
        before: The label set that ``latest`` names, if it is another one.
        dev_before: The dev gold as it reads in that one's version.
        deciding: What becomes of items on which the evidence is thin.
        exists: Whether a label set of this id is there already.
        is_latest: Whether it is the one that ``latest`` names.
        rates: LF -> what a call took so far, for those that ran.
        notes: What a person should know before it runs.
        remarks: Those of the notes that are about the version: who makes a label set is told of them again.
        skipped: The labeling functions that sit out; in all else of the plan they are not.
    """

    schema: LabelSchema
    segments: tuple[Segment, ...]
    resolutions: Mapping[str, Mapping[str, Resolution]]
    inputs: Mapping[str, Any]
    gold: Mapping[tuple[str, str], Told]
    dev: ResolvedGold
    before: LabelSetRecord | None = None
    dev_before: ResolvedGold | None = None
    deciding: Deciding = field(default_factory=Deciding)
    exists: bool = False
    is_latest: bool = False
    rates: Mapping[str, Rate] = field(default_factory=dict)
    notes: tuple[str, ...] = field(default=())
    remarks: tuple[str, ...] = field(default=())
    skipped: tuple[SatOut, ...] = ()

    def __repr__(self) -> str:
        """Return task, version, items and calls."""
        return (
            f"Plan({self.task.name} {self.schema.version}: {self.items:,} items, {self.calls:,} calls to make,"
            f" {self.reused:,} stored, label set {self.label_set[:12]})"
        )

    @property
    def label_set(self) -> str:
        """The id that the label set will have."""
        return Manifest(self.inputs, {}).id

    @property
    def items(self) -> int:
        """The number of live items."""
        return sum(segment.live for segment in self.segments)

    @cached_property
    def by_segment(self) -> Mapping[str, Sequence[VoteTask]]:
        """Segment id -> its votes, an entry for each labeling function."""
        found: dict[str, list[VoteTask]] = {}
        for vote in self.votes:
            found.setdefault(vote.segment.id, []).append(vote)
        return found

    @property
    def latest(self) -> str | None:
        """The id of the label set that was latest when the plan was made."""
        return self.before.id if self.before else self.label_set if self.is_latest else None

    @property
    def estimate(self) -> Estimate:
        """About how long the votes will take in one process, and what that rests on."""
        waiting = self.to_compute
        names = {vote.lf.name for vote in waiting}
        known = {name: self.rates[name] for name in names if name in self.rates}
        seconds = sum(vote.segment.rows * known[vote.lf.name].seconds for vote in waiting if vote.lf.name in known)
        measured = sum(rate.calls for rate in known.values())
        return Estimate(seconds if known or not names else None, measured, tuple(sorted(names - known.keys())))

    @property
    def seconds(self) -> float | None:
        """About how long the votes will take; ``None`` where an LF never ran."""
        return None if self.estimate.unknown else self.estimate.seconds

    @property
    def nothing_to_do(self) -> bool:
        """Whether a relabel would change nothing."""
        tried_again = any(each.again for each in self.skipped)
        return self.exists and self.is_latest and not self.to_compute and not tried_again
