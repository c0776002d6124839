"""Run a plan: votes, label model, label set, agreement with dev gold, report to the tracker."""

from __future__ import annotations

import json
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from retrolabel.jobs.computing import compute_votes
from retrolabel.jobs.faults import check_fault_rate
from retrolabel.jobs.fitting import fit
from retrolabel.jobs.label_set_files import write_label_set
from retrolabel.jobs.label_sets import LabelSet
from retrolabel.jobs.patterns import read_patterns
from retrolabel.jobs.scoring import Score, gold_in, score_items, score_label_set
from retrolabel.jobs.votes import VoteCounts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.jobs.computing import Worker
    from retrolabel.jobs.faults import Said
    from retrolabel.jobs.plan import Plan
    from retrolabel.jobs.ports import Catalog, Clock, Executors, Objects, Progress, Tracker
    from retrolabel.jobs.records import LabelSetRecord, VoteColumn
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
        shares: Label id -> number of items with it.
        guessed: Items labelled by votes for several labels alone.
        notes: What a person should know.
        mlflow_run: The tracker's run, if there is one.
        seconds: How long it all took.
    """

    label_set: LabelSetRecord
    is_new: bool
    votes: VoteCounts
    label_model: Mapping[str, Any]
    dev: Score
    shares: Mapping[str, int]
    guessed: int
    notes: tuple[str, ...]
    mlflow_run: str | None
    seconds: float

    def __repr__(self) -> str:
        """Return the label set, its counts and its agreement with dev gold."""
        r = self.label_set
        return (
            f"RelabelReport({r.task} {r.schema_version}: label set {r.id[:12]}, {r.labelled:,} of {r.items:,} labelled,"
            f" dev accuracy {self.dev.agreement.accuracy})"
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
            "label_model": dict(self.label_model),
            "gold": {"dev": self.dev.as_dict()},
            "notes": list(self.notes),
            "mlflow_run": self.mlflow_run,
            "seconds": round(self.seconds, 3),
        }


def relabel(  # noqa: PLR0913 - a use case with its ports
    plan: Plan,
    label_model: LabelModelProtocol,
    *,
    catalog: Catalog,
    objects: Objects,
    executors: Executors,
    worker: Worker,
    tracker: Tracker,
    environment: Mapping[str, Any],
    clock: Clock,
    progress: Progress,
    max_fault_rate: float,
) -> RelabelReport:
    """Execute a plan.

    Safe to kill at any instant: votes are kept as they are computed, and the label set becomes real
    at the end, with the id that the plan foretold.

    Args:
        plan: What is to be done.
        label_model: The label model whose settings the plan was made with.
        catalog: Where the truth is.
        objects: Where files are.
        executors: Makes the executor that applies labeling functions.
        worker: What it runs: the votes on one segment.
        tracker: Where the run is reported to.
        environment: Package versions and the like, recorded beside the hash.
        clock: The time.
        progress: Told how far it is.
        max_fault_rate: The share of items on which an LF may fail.

    Raises:
        FaultRateError: An LF failed too often; its votes are kept, no label set is made.
    """
    started, began = clock(), perf_counter()
    columns = compute_votes(
        plan, catalog=catalog, objects=objects, executors=executors, worker=worker, progress=progress
    )
    said = check_fault_rate(plan, columns, catalog, objects, max_fault_rate)
    record = catalog.label_set(plan.label_set) if plan.exists else None
    if record is None:
        recorded = {
            "lfs": _described(plan, said),
            "vote_keys": sorted(columns),
            "environment": dict(environment),
            "started": started.isoformat(),
        }
        record = _make(plan, label_model, recorded, columns, catalog, objects, progress, clock)
    catalog.point(plan.task.name, "latest", record.id, clock())
    label_set = LabelSet(record, objects)
    suspect = int(label_set.manifest["recorded"]["suspect_votes"])
    counts = VoteCounts(plan.calls, plan.reused, sum(each.faults for each in said.values()), suspect)
    dev = score_label_set(label_set, plan.task.history, "dev", catalog)
    learned = json.loads(objects.read_bytes(f"{record.folder}/model.json"))
    shares = _shares(label_set)
    run = tracker.record(
        f"{plan.task.name} {plan.schema.version}",
        params=_params(plan, record, label_model),
        metrics=_metrics(record, counts, dev, shares),
        manifest=objects.locate(f"{record.folder}/manifest.json"),
    )
    return RelabelReport(
        record,
        not plan.exists,
        counts,
        {**label_model.settings(), "learned": {key: value for key, value in learned.items() if key != "votes"}},
        dev,
        shares,
        label_set.guessed(),
        plan.notes,
        run,
        perf_counter() - began,
    )


def _make(  # noqa: PLR0913 - the second half of a relabel
    plan: Plan,
    label_model: LabelModelProtocol,
    recorded: Mapping[str, Any],
    columns: dict[str, VoteColumn],
    catalog: Catalog,
    objects: Objects,
    progress: Progress,
    clock: Clock,
) -> LabelSetRecord:
    """Read the votes as patterns, fit, predict, and write the label set."""
    progress.start("label model", 2 * len(plan.segments) + 1)
    found = read_patterns(plan, columns, objects, progress)
    fitted, unseen = fit(label_model, found.patterns, plan.gold, found.of_items(plan.gold, objects))
    dev = gold_in(plan.task.history, plan.schema.version, "dev", catalog)
    crossed = {(row["source"], row["item_id"]): row["label"] for row in unseen.to_pylist()} if unseen else {}
    probabilities = fitted.predict_proba(found.patterns)
    progress.advance(1)
    return write_label_set(
        plan.inputs,
        {**recorded, "suspect_votes": found.suspect},
        found,
        probabilities,
        fitted.parameters(),
        unseen,
        dev.sets,
        lambda kept: {"gold": {"dev": score_items(plan.schema.leaves, kept, crossed, dev).as_dict()}},
        catalog=catalog,
        objects=objects,
        progress=progress,
        at=clock(),
    )


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
            **plan.task.code[lf.name],
            "voted": said[lf.name].votes,
            "faults": said[lf.name].faults,
        }
        for lf in plan.task.lfs
    ]


def _shares(label_set: LabelSet) -> dict[str, int]:
    """Return the number of items of each label, in the schema's order."""
    table = label_set.patterns
    counts = dict.fromkeys(label_set.labels, 0)
    for label, count in zip(table.column("label").to_pylist(), table.column("count").to_pylist(), strict=True):
        if label is not None:
            counts[label] += count
    return counts


def _params(plan: Plan, record: LabelSetRecord, label_model: LabelModelProtocol) -> dict[str, Any]:
    settings = {f"label_model.{key}": value for key, value in label_model.settings().items()}
    return {
        "task": plan.task.name,
        "schema_version": plan.schema.version,
        "label_set": record.id,
        "labels_hash": record.labels_hash,
        "lfs": len(plan.task.lfs),
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
        **{f"dev_{name}": value for name, value in dev.as_dict().items() if not isinstance(value, dict)},
        "dev_membership": dev.membership.share.value,
    }
    return {name: float(value) for name, value in figures.items() if value is not None}
