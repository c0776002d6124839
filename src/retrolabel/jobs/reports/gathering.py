"""Gather what a report says of a label set: streamed, so that a million items take no more room than one segment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.analysis.report import values as v
from retrolabel.analysis.report.gold_values import AboutGold, People
from retrolabel.errors import UnknownVersionError
from retrolabel.jobs.gold.resolving import gold_in
from retrolabel.jobs.gold.scoring import Grain, compared, score
from retrolabel.jobs.label_sets.finding import named_latest
from retrolabel.jobs.label_sets.patterns import ids_by_source
from retrolabel.jobs.records.columns import KEPT_YEARS
from retrolabel.jobs.records.gold import ResolvedGold
from retrolabel.jobs.records.label_sets import LabelSet
from retrolabel.jobs.records.sitting_out import skipped_in
from retrolabel.jobs.reports import about_disagreement, about_gold, figures
from retrolabel.jobs.reports.showing import Showing
from retrolabel.jobs.reports.walking import Walker, newest_day
from retrolabel.jobs.votes.faults import faults_behind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from retrolabel.analysis.report.disagreement_values import Disagreement, OverTime
    from retrolabel.analysis.report.gold_values import Unsaid
    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.deciding import Adjudication
    from retrolabel.gold.pairing import Pairing
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.book import GoldBook
    from retrolabel.jobs.gold.scoring import Score
    from retrolabel.jobs.label_sets.book import LabelSetsBook
    from retrolabel.jobs.ports.objects import Objects
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.jobs.reports.walking import Walk
    from retrolabel.jobs.votes.book import VotesBook
    from retrolabel.schema.history import History

MOST_PAIRS = 12
"""Pairs of labels of which examples are shown."""
MOST_ITEMS = 10
"""Items in each list of those to look at first."""
MOST_FAULTS = 20
MOST_BUMPS = 8
SHORT = 12


@dataclass
class Reporter:
    """Gathers a report.

    Attributes:
        label_set: The label set.
        against: The one before it; ``None`` where there is none.
        history: The task's versions; ``None`` where there is no project, or it lacks the version: then gold stays out.
        feedback: What items there are.
        votes: What failed.
        gold: What people said.
        label_sets: What was made before.
        objects: Where files are.
        progress: Told how far it is.
        how: How people who differ are adjudicated.
        task: What the project holds, for the words that labeling functions found; ``None`` where it cannot be read.
    """

    label_set: LabelSet
    against: LabelSet | None
    history: History | None
    feedback: FeedbackBook
    votes: VotesBook
    gold: GoldBook
    label_sets: LabelSetsBook
    objects: Objects
    progress: Progress
    how: Adjudication
    task: FoundTask | None = None

    def gather(self) -> v.ReportData:
        """Return all that the report says."""
        label_set, record = self.label_set, self.label_set.record
        segments = {segment.id: segment for segment in self.feedback.segments()}
        gold = self._gold(self.label_set)
        patterns = label_set.vote_patterns()
        closest = figures.closest(label_set.probabilities, patterns, 3 * MOST_ITEMS)
        walk = Walker(
            label_set,
            self.against,
            segments=segments,
            objects=self.objects,
            patterns=closest,
            gold=ids_by_source(gold.sets),
        ).walk(self.progress)
        said = {key: [label_set.labels[p] for p in sorted(places)] for key, places in gold.sets.items()}
        wrong = figures.disagreeing(walk.gold, gold, label_set.probabilities)
        nearest = [item for pattern in closest for item in walk.alike.of(pattern)[:1]][:MOST_ITEMS]
        showing = Showing(
            label_set,
            segments=segments,
            contracts=self.feedback.sources(),
            objects=self.objects,
            items=[*walk.flipped.all(), *nearest, *wrong[:MOST_ITEMS]],
            task=self.task,
        )
        manifest = label_set.manifest
        judged = figures.judged(label_set, walk.gold, gold, label_set.probabilities)
        faults = self._faults()
        scored = self._scored(walk, gold)
        return v.ReportData(
            record.task,
            figures.made(label_set),
            figures.made(self.against) if self.against else None,
            self._labels(),
            self._reason(),
            figures.lfs(label_set, patterns),
            figures.precisions(label_set, patterns, walk.gold, gold),
            tuple(walk.days),
            self._bumps(segments),
            tuple(figures.score(name, of, found) for name, of, found in scored),
            judged,
            len(gold.sets),
            self._flips(walk, showing),
            walk.new,
            walk.gone,
            showing.examples(nearest),
            showing.examples(wrong[:MOST_ITEMS], gold=said),
            len(wrong),
            faults,
            sum(lf["faults"] for lf in manifest["recorded"]["lfs"]),
            manifest["recorded"]["environment"],
            figures.hashes(label_set),
            tuple(figures.commands(label_set, self.against)),
            self._about_gold(gold),
            tuple(self._notes(walk)),
            skipped=tuple((each["name"], each["why"]) for each in skipped_in(manifest)),
            change=self._change(scored, gold),
            titles=self._titles(),
            heirs=self._heirs(),
        )

    # The schema ------------------------------------------------------------------------------

    def _knows(self, label_set: LabelSet | None) -> bool:
        """Return whether the project has the version that a label set was made under."""
        if self.history is None or label_set is None:
            return False
        try:
            return self.history[label_set.record.schema_version].leaves == label_set.labels
        except UnknownVersionError:
            return False

    def _labels(self) -> tuple[v.LabelLine, ...]:
        shares = self.label_set.shares()
        if self.history is None or not self._knows(self.label_set):
            return tuple(v.LabelLine(label, label, items=count) for label, count in shares.items())
        schema = self.history[self.label_set.record.schema_version]
        told = [(schema.label(label), count) for label, count in shares.items()]
        return tuple(v.LabelLine(each.id, each.title, each.definition, each.owner, count) for each, count in told)

    def _titles(self) -> dict[str, str]:
        """Return label -> how it is called, the labels of the one before that are gone among them."""
        known = [each for each in (self.against, self.label_set) if each is not None and self._knows(each)]
        if self.history is None:
            return {}
        return {
            label: self.history[each.record.schema_version].label(label).title
            for each in known
            for label in each.labels
        }

    def _heirs(self) -> dict[str, tuple[str, ...]]:
        """Return each label of the one before that is gone -> the labels that steps made of it."""
        leads = self._leads_to or {}
        mine = self.label_set.labels
        gone = {label: heirs for label, heirs in leads.items() if label not in mine}
        return {label: tuple(each for each in mine if each in heirs) for label, heirs in gone.items()}

    def _reason(self) -> str:
        if self.history is None or not self._knows(self.label_set):
            return ""
        return self.history[self.label_set.record.schema_version].reason

    def _bumps(self, segments: Mapping[str, Segment]) -> tuple[v.Bump, ...]:
        """Return where each version came in: after the newest item of the last label set under the one before."""
        records, log = named_latest(self.label_sets, self.label_set.record.task)
        log = log[: len(log) - log[::-1].index(self.label_set.id)] if self.label_set.id in log else []
        if not log and self.against is not None:
            log = [self.against.id, self.label_set.id]
        seen: set[str] = set()
        found = []
        for earlier, later in zip(["", *log], log, strict=False):
            old, new = records.get(earlier), records[later]
            if old is not None and new.schema_version not in seen and old.schema_version != new.schema_version:
                day = newest_day(LabelSet(old, self.objects), segments, self.objects)
                if day is not None:
                    found.append(v.Bump(str(day), old.schema_version, new.schema_version))
            seen.add(new.schema_version)
        return tuple(found[-MOST_BUMPS:])

    # Gold ------------------------------------------------------------------------------------

    def _gold(self, label_set: LabelSet) -> ResolvedGold:
        if self.history is None or not self._knows(label_set):
            return ResolvedGold()
        return gold_in(self.history, label_set.record.schema_version, "dev", self._said, self.feedback, how=self.how)

    @cached_property
    def _gold_before(self) -> ResolvedGold:
        """The gold as it reads in the version of the one before."""
        return self._gold(self.against) if self.against is not None else ResolvedGold()

    @cached_property
    def _said(self) -> list[HumanLabel]:
        return self.gold.human_labels(self.label_set.record.task)

    def _about_gold(self, gold: ResolvedGold) -> AboutGold:
        label_set = self.label_set
        if self.history is None or not self._knows(label_set):
            return about_gold.nothing_read(label_set.record.schema_version)
        batches = self.gold.draws(label_set.record.task)
        people = about_gold.people(label_set, self._said, self.history, self.feedback)
        over_time, reasons = self._about_people() if isinstance(people, People) else (None, None)
        return AboutGold(
            about_gold.whole(label_set, gold, batches),
            people,
            about_gold.possible(label_set, gold, batches),
            over_time,
            reasons,
        )

    def _about_people(self) -> tuple[OverTime | None, Disagreement | Unsaid]:
        """Return how far people agree over time, and why they do not."""
        assert self.history is not None  # noqa: S101 - they are read in a version
        task, version = self.label_set.record.task, self.label_set.record.schema_version
        answers = self.gold.answers(task)
        self.progress.start("look for what people differ on", None)
        return (
            about_disagreement.over_time(
                answers, task=task, history=self.history, feedback=self.feedback, draws=self.gold.draws(task)
            ),
            about_disagreement.why_they_differ(
                answers,
                task=task,
                version=version,
                history=self.history,
                feedback=self.feedback,
                objects=self.objects,
            ),
        )

    def _scored(self, walk: Walk, gold: ResolvedGold) -> list[tuple[str, LabelSet, Score]]:
        if self.history is None or not self._knows(self.label_set):
            return []
        found = [("this label set", self.label_set, score(self.label_set, gold, walk.gold_rows))]
        if self.against is not None and self._knows(self.against):
            found.append(("the one before", self.against, score(self.against, self._gold_before)))
        return found

    def _change(self, scored: list[tuple[str, LabelSet, Score]], gold: ResolvedGold) -> Pairing | None:
        """Return this label set against the one before on the same gold items, in the coarser labels of the two."""
        if self.history is None or self.against is None or len(scored) < 2:  # noqa: PLR2004 - this one and before
            return None
        before, after = self.against.record.schema_version, self.label_set.record.schema_version
        grain = Grain.of(self.history, before, after)
        if grain is None:
            return None
        said = gold if grain.version == after else self._gold_before
        return compared(scored[1][2], scored[0][2], said, grain)

    # Flips -----------------------------------------------------------------------------------

    def _flips(self, walk: Walk, showing: Showing) -> tuple[v.Flip, ...]:
        if self.against is None:
            return ()
        labels, before = (*self.label_set.labels, v.NO_LABEL), (*self.against.labels, v.NO_LABEL)
        leads = self._leads_to
        cells = [
            (int(walk.flips[row, column]), row, column) for row, column in zip(*np.nonzero(walk.flips), strict=True)
        ]
        cells.sort(key=lambda cell: (-cell[0], cell[1], cell[2]))
        found, shown = [], 0
        for items, row, column in cells:
            kind = _kind(before[row], labels[column], leads)
            examples: tuple[v.Example, ...] = ()
            if before[row] != labels[column] and shown < MOST_PAIRS:
                examples = showing.examples(
                    walk.flipped.of(int(row) * len(labels) + int(column)), before=self.against.labels
                )
                shown += 1
            found.append(v.Flip(before[row], labels[column], items, kind, examples))
        return tuple(found)

    @cached_property
    def _leads_to(self) -> dict[str, frozenset[str]] | None:
        """Return label before -> the labels that the steps of the schema make of it.

        Returns:
            ``None`` where nobody knows, and where both label sets were made under one version.
        """
        if self.history is None or not self._knows(self.label_set) or not self._knows(self.against):
            return None
        assert self.against is not None  # noqa: S101 - known
        version = self.label_set.record.schema_version
        if version == self.against.record.schema_version:
            return None
        relation = self.history.relation(self.against.record.schema_version, version)
        tree = self.history[version].taxonomy
        return {label: tree.leaves_of(relation.project(label)) for label in self.against.labels}

    # What went wrong -------------------------------------------------------------------------

    def _faults(self) -> tuple[v.FaultGroup, ...]:
        kept = faults_behind(self.label_set, self.votes)
        groups: dict[tuple[str, str], list[Any]] = {}
        for fault in sorted(kept, key=lambda fault: (fault.lf, fault.error, fault.source, fault.item_id)):
            groups.setdefault((fault.lf, fault.error), []).append(fault)
        ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
        return tuple(
            v.FaultGroup(lf, error, len(found), f"{found[0].source}/{found[0].item_id}", found[0].trace)
            for (lf, error), found in ordered[:MOST_FAULTS]
        )

    def _notes(self, walk: Walk) -> Iterator[str]:
        version = self.label_set.record.schema_version
        if not self._knows(self.label_set):
            yield f"The project here does not have version {version} as it was: no gold, and no definitions, are shown."
        elif self.against is not None and not self._knows(self.against):
            yield (
                f"The project here does not have version {self.against.record.schema_version} as it was:"
                " what its labels became cannot be told."
            )
        outside = walk.days[0].outside
        timeless = walk.days[0].timeless - outside
        if timeless:
            yield f"Items without a time: {timeless:,}. They are not in the chart over time."
        if outside:
            first, last = KEPT_YEARS
            yield (
                f"Items with a time outside of {first} to {last}: {outside:,}. They are not in the chart over time;"
                " an older version took them in. Mend their times and ingest them with --revise."
            )
        if walk.unread:
            yield f"Segments gone from the store: {len(walk.unread):,}. Their texts and times are not shown."
        suspect = int(self.label_set.manifest["recorded"].get("suspect_votes", 0))
        if suspect:
            yield f"Votes that stay out, because a label of theirs was redefined: {suspect:,}."


def _kind(before: str, after: str, leads: Mapping[str, frozenset[str]] | None) -> str:
    if before == after:
        return "kept" if leads is None or before == v.NO_LABEL or after in leads[before] else "against"
    if before == v.NO_LABEL:
        return "gained"
    if after == v.NO_LABEL:
        return "lost"
    if leads is None:
        return "changed"
    return "step" if after in leads[before] else "against"
