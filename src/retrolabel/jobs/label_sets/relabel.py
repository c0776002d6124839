"""Run a plan: votes, label model, label set, agreement with dev gold, and what a tracker is told of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from retrolabel.errors import StoreError, StuckError
from retrolabel.jobs.gold.scoring import By, Grain, Score, compared, score, score_items
from retrolabel.jobs.label_sets.files import make_real, write_labels
from retrolabel.jobs.label_sets.fitting import fit
from retrolabel.jobs.label_sets.patterns import read_patterns
from retrolabel.jobs.label_sets.plan_files import check_made
from retrolabel.jobs.label_sets.sitting_out import fail_or_skip, of_engine, without
from retrolabel.jobs.label_sets.verify import check_own_files
from retrolabel.jobs.ports.tracking import Run
from retrolabel.jobs.records.label_sets import LabelSet, unseen_labels, unseen_probabilities
from retrolabel.jobs.records.manifests import MANIFEST
from retrolabel.jobs.records.votes import VoteCounts
from retrolabel.jobs.votes.computing import compute_votes
from retrolabel.jobs.votes.faults import said_by_lf
from retrolabel.label_models.deciding import decide
from retrolabel.masking import without_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.gold.pairing import Pairing
    from retrolabel.jobs.label_sets.book import LabelSetsBook
    from retrolabel.jobs.label_sets.promoting import Outcome
    from retrolabel.jobs.records.manifests import LabelSetRecord
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.sitting_out import SatOut
    from retrolabel.jobs.records.tools import Tools
    from retrolabel.jobs.records.votes import VoteColumn
    from retrolabel.jobs.votes.book import VotesBook
    from retrolabel.jobs.votes.faults import Said
    from retrolabel.label_models.protocol import LabelModelProtocol


@dataclass(frozen=True, repr=False)
class RelabelReport:
    """What a relabel did.

    Attributes:
        label_set: The catalog's entry of the label set.
        is_new: Whether it was not there before.
        votes: How the votes came about.
        label_model: Name, settings and what was learned.
        dev: How well it agrees with dev gold.
        before: The label set that was latest before, if it is another one.
        paired: Both on the dev gold that both have a label of; ``None`` without one before, and where the labels of
            neither version are one label each in the other.
        paired_in: The version in whose labels they are compared.
        shares: Label id -> number of items with it.
        guessed: Items of which votes for several labels alone speak.
        guesses_are_labels: Whether they have the likeliest label, since the settings say so.
        notes: What a person should know.
        remarks: Those of the notes that are about the version.
        run: What a tracker is told of it.
        mlflow_run: The tracker's run, if there is one.
        outcome: Whether consumers read it now, and the gates that say so; ``None`` before that is decided.
        seconds: How long it took, without the tracker.
        skipped: The labeling functions that sat out, and why.
    """

    label_set: LabelSetRecord
    is_new: bool
    votes: VoteCounts
    label_model: Mapping[str, Any]
    dev: Score
    before: LabelSetRecord | None
    paired: Pairing | None
    paired_in: str | None
    shares: Mapping[str, int]
    guessed: int
    guesses_are_labels: bool
    notes: tuple[str, ...]
    remarks: tuple[str, ...]
    run: Run
    seconds: float
    skipped: tuple[SatOut, ...] = ()
    mlflow_run: str | None = None
    outcome: Outcome | None = None

    def __repr__(self) -> str:
        """Return the label set, its counts and its agreement with dev gold."""
        r = self.label_set
        status = f", {self.outcome.status}" if self.outcome else ""
        status += f", {len(self.skipped)} sat out" if self.skipped else ""
        return (
            f"RelabelReport({r.task} {r.schema_version}: label set {r.id[:12]}{status}, {r.labelled:,} of {r.items:,}"
            f" labelled, {self.guessed:,} guessed; dev: {self.dev.headline})"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data: what ``--json`` prints."""
        record = self.label_set
        return {
            "label_set": {
                "id": record.id,
                "task": record.task,
                "schema": record.schema_version,
                "items": record.items,
                "covered": record.covered,
                "labelled": record.labelled,
                "guessed": self.guessed,
                "labels_hash": record.labels_hash,
                "new": self.is_new,
                "shares": dict(self.shares),
            },
            "votes": {
                "computed": self.votes.computed,
                "reused": self.votes.reused,
                "faults": self.votes.faults,
                "suspect": self.votes.suspect,
            },
            "skipped": [each.as_dict() for each in self.skipped],
            "label_model": dict(self.label_model),
            "gold": {"dev": self.dev.as_dict()},
            "before": self._before(),
            "status": self.outcome.status if self.outcome else None,
            "why": self.outcome.why if self.outcome else None,
            "gates": [gate.as_dict() for gate in self.outcome.gates] if self.outcome else [],
            "notes": list(self.notes),
            "mlflow_run": self.mlflow_run,
            "seconds": round(self.seconds, 3),
        }

    def _before(self) -> dict[str, Any] | None:
        if self.before is None:
            return None
        told = {"id": self.before.id, "schema": self.before.schema_version}
        return {**told, "paired": self.paired.as_dict() if self.paired else None, "compared_in": self.paired_in}


def relabel(  # noqa: PLR0913 - a use case with its ports
    plan: Plan,
    label_model: LabelModelProtocol,
    *,
    votes: VotesBook,
    label_sets: LabelSetsBook,
    tools: Tools,
    environment: Mapping[str, Any],
    max_fault_rate: float,
    skips: bool = False,
    exactly: str | None = None,
) -> RelabelReport:
    """Execute a plan: votes, patterns, fit, label set, score, record.

    Safe to kill at any instant: votes are kept as they are computed, and the label set becomes real
    at the end, with the id that the plan foretold.

    Args:
        plan: What is to be done; it carries the gold, the contracts and the live rows.
        label_model: The label model whose settings the plan was made with.
        votes: Where votes become real.
        label_sets: Where the label set becomes real.
        tools: Files, progress, clock and workers.
        environment: Package versions and the like, recorded beside the hash.
        max_fault_rate: The share of items on which an LF may fail.
        skips: Whether an LF that fails too often, or hangs, sits out.
        exactly: The id of the label set that is to be made; another one is refused.

    Raises:
        FaultRateError: An LF failed too often and none may sit out, or all failed; votes are kept, no label set is
            made.
        StuckError: An LF hangs, or kills its process, and none may sit out.
        LabelingFunctionError: The LFs that do not sit out vote on nothing.
        PlanMovedError: Another label set than ``exactly`` would be made, since an LF sits out.
        CorruptionError: Files that it builds on are not as they were written, those of a label set that is there too.
    """
    started, began = tools.clock(), perf_counter()
    ran, columns = _voted(plan, votes, label_sets, tools, skips=skips)
    said = said_by_lf(ran, columns, tools.objects)
    plan = fail_or_skip(
        ran, said, skips=skips, votes=votes, label_sets=label_sets, objects=tools.objects, highest=max_fault_rate
    )
    if exactly is not None:
        check_made(plan, exactly)
    record = label_sets.record(plan.label_set) if plan.exists else None
    if record is not None:
        label_set = LabelSet(record, tools.objects)
        check_own_files(label_set)
        dev = score(label_set, plan.dev)
    else:
        recorded = {
            "lfs": _described(plan, said),
            "skipped": [each.as_dict() for each in plan.skipped],
            "vote_keys": sorted({vote.key for vote in plan.votes}),
            "environment": dict(environment),
            "started": started.isoformat(),
        }
        label_set, dev = _make(plan, label_model, recorded, columns, label_sets, tools)
    pairing, grain = _paired(plan, dev, tools)
    with tools.surely():
        label_sets.point(plan.task.name, "latest", label_set.id, tools.clock())
    suspect = int(label_set.manifest["recorded"]["suspect_votes"])
    counts = VoteCounts(ran.calls, ran.reused, sum(each.faults for each in said.values()), suspect)
    shares = label_set.shares()
    run = Run(
        uuid.uuid4().hex,
        f"{plan.task.name} {plan.schema.version}",
        label_set.id,
        _params(plan, label_set.record, label_model),
        _metrics(label_set.record, counts, dev, shares),
        tools.objects.locate(f"{label_set.record.folder}/{MANIFEST}"),
        started.timestamp(),
    )
    return RelabelReport(
        label_set.record,
        not plan.exists,
        counts,
        {**label_model.settings(), "learned": {k: each for k, each in label_set.learned.items() if k != "votes"}},
        dev,
        plan.before,
        pairing,
        grain,
        shares,
        label_set.guessed(),
        label_set.guesses_are_labels,
        plan.notes,
        plan.remarks,
        run,
        perf_counter() - began,
        plan.skipped,
    )


def _voted(
    plan: Plan, votes: VotesBook, label_sets: LabelSetsBook, tools: Tools, *, skips: bool
) -> tuple[Plan, dict[str, VoteColumn]]:
    """Return the plan as it was carried out, without those that hang where they may sit out, and the votes by key."""
    try:
        return plan, compute_votes(plan, votes, tools)
    except StuckError as error:
        out = of_engine(plan, error.stuck)
        if not skips or len(out) == len(plan.task.lfs):
            raise
    less = without(plan, out, label_sets)
    return less, votes.columns(sorted({vote.key for vote in less.votes}))


def _make(  # noqa: PLR0913 - the second half of a relabel
    plan: Plan,
    label_model: LabelModelProtocol,
    recorded: Mapping[str, Any],
    columns: Mapping[str, VoteColumn],
    label_sets: LabelSetsBook,
    tools: Tools,
) -> tuple[LabelSet, Score]:
    """Read the votes as patterns, fit, predict, write the labels, score them, and make the label set real."""
    tools.progress.start("label model", 2 * len(plan.segments) + 1)
    found = read_patterns(plan, columns, tools.objects, tools.progress)
    seen = found.of_items(plan.gold, tools.objects)
    fitted, unseen = fit(label_model, found.patterns, plan.gold, seen, plan.deciding)
    probabilities = fitted.predict_proba(found.patterns)
    decided = decide(found.patterns, probabilities, plan.deciding)
    tools.progress.advance(1)
    written = write_labels(
        plan.inputs,
        found,
        probabilities,
        decided,
        fitted.parameters(),
        unseen,
        plan.dev.sets,
        objects=tools.objects,
        progress=tools.progress,
    )
    rows = unseen.to_pylist() if unseen else []
    labels = plan.schema.leaves
    held_out = unseen_labels(rows), unseen_probabilities(rows, labels)
    dev = score_items(labels, written.watched, By(probabilities, decided.guessed), *held_out, plan.dev)
    told = {**recorded, "suspect_votes": found.suspect, "gold": {"dev": dev.as_dict()}}
    record = make_real(written, told, label_sets=label_sets, objects=tools.objects, at=tools.clock())
    return LabelSet(record, tools.objects), dev


def _paired(plan: Plan, dev: Score, tools: Tools) -> tuple[Pairing | None, str | None]:
    """Return the label set that was latest before and this one on the same gold, and the version they are judged in."""
    if plan.before is None or plan.dev_before is None:
        return None, None
    grain = Grain.of(plan.task.history, plan.before.schema_version, plan.schema.version)
    if grain is None:
        return None, None
    try:
        before = score(LabelSet(plan.before, tools.objects), plan.dev_before)
    except StoreError:  # its files are gone, or damaged; it is not what is made here
        return None, None
    gold = plan.dev if grain.version == plan.schema.version else plan.dev_before
    return compared(before, dev, gold, grain), grain.version


def _described(plan: Plan, said: Mapping[str, Said]) -> list[dict[str, Any]]:
    """Return what is recorded of each LF: key, source text, and what it did."""
    return [
        {
            "name": lf.name,
            "key": plan.task.keys[lf.name],
            "depends": plan.task.trees[lf.name].flat() if lf.name in plan.task.trees else {},
            "votes": [str(vote) for vote in lf.declared],
            "reads": list(lf.reads),
            "description": lf.description,
            **_readable(plan.task.code[lf.name]),
            "voted": said[lf.name].votes,
            "faults": said[lf.name].faults,
        }
        for lf in plan.task.lfs
    ]


def _readable(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is recorded of source text, without the passwords and tokens that stand in it."""
    return {name: without_secrets(each) if isinstance(each, str) else each for name, each in found.items()}


def _params(plan: Plan, record: LabelSetRecord, label_model: LabelModelProtocol) -> dict[str, Any]:
    settings = {f"label_model.{key}": value for key, value in label_model.settings().items()}
    return {
        "task": plan.task.name,
        "schema_version": plan.schema.version,
        "label_set": record.id,
        "labels_hash": record.labels_hash,
        "lfs": len(plan.task.lfs),
        "lfs_sat_out": len(plan.skipped),
        "segments": len(plan.segments),
        **settings,
    }


def _metrics(record: LabelSetRecord, votes: VoteCounts, dev: Score, shares: Mapping[str, int]) -> dict[str, float]:
    figures: dict[str, float | None] = {
        "items": record.items,
        "covered": record.covered,
        "votes_computed": votes.computed,
        "votes_reused": votes.reused,
        "faults": votes.faults,
        **{f"items_{label}": count for label, count in shares.items()},
        **{f"dev_{name}": value for name, value in dev.as_dict().items() if not isinstance(value, (dict, list, str))},
        "dev_membership": dev.membership.share.value,
    }
    return {name: float(value) for name, value in figures.items() if value is not None}
