"""What the gates of labeling functions look at: stored votes, and dev gold. Nothing is computed, nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from retrolabel.analysis.lf_gates import MIN_PRECISION, Judgement, LfFigures, judged
from retrolabel.analysis.lf_summary import lf_summary
from retrolabel.errors import Problem, RetrolabelError, SettingsError, nearest
from retrolabel.jobs.gold.resolving import why_no_gold
from retrolabel.jobs.records.feedback import ITEM_ID
from retrolabel.jobs.votes.reading import read_votes
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from retrolabel.jobs.records.plans import Plan
    from retrolabel.wiring.site import Site
    from retrolabel.wiring.task_settings import LfGateSettings


@dataclass(frozen=True)
class LfGates:
    """The gates of a task's labeling functions, with what they look at.

    Attributes:
        settings: What the team asks.
        figures: Labeling function -> what it did; those without stored votes are not in it.
        why: Labeling function -> why there are no figures of it; under an empty name, why there are none at all.
        no_gold: Why nothing can be judged by dev gold; empty, where it can.
    """

    settings: LfGateSettings
    figures: Mapping[str, LfFigures] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    no_gold: str = ""

    def of(self, lf: str) -> list[str]:
        """Return the gates of a labeling function."""
        return list(self.settings.of(lf))

    def judge(self, lf: str, gate: str) -> Judgement:
        """Return whether a labeling function passes a gate."""
        why = self.why.get(lf) or self.why.get("") or (self.no_gold if gate == MIN_PRECISION else "")
        if why:
            return Judgement("skipped", f"{lf}: {why}")
        return judged(lf, gate, self.settings.of(lf)[gate], self.figures[lf], self.settings.fewest)


def lf_gates(project: Path, task: str, lfs: Collection[str]) -> LfGates | None:
    """Return the gates of a task's labeling functions; ``None`` where the settings ask for none.

    Args:
        project: The project's folder.
        task: The task.
        lfs: The names of its labeling functions.

    Raises:
        SettingsError: The settings are wrong, or name a labeling function that there is not.
    """
    from retrolabel.wiring.settings import find_project
    from retrolabel.wiring.workspace import open_workspace

    if find_project(project) != project:
        return None
    site = open_workspace(project)
    settings = site.task_settings(task).lf_gates
    _check(settings, task, lfs)
    if not any(settings.of(lf) for lf in lfs):
        return None
    if not site.has_store():
        return LfGates(settings, why={"": f"there are no votes yet: retrolabel relabel {task}"})
    try:
        return _with_figures(site, task, settings)
    except RetrolabelError as error:
        return LfGates(settings, why={"": error.message})


def _check(settings: LfGateSettings, task: str, lfs: Collection[str]) -> None:
    """Refuse a name that no labeling function has."""
    problems = []
    for name in settings.lfs:
        if name not in lfs:
            near = nearest(name, lfs)
            remedy = f"did you mean {near}?" if near else "delete the line, or mend the name"
            problems.append(Problem(f"tasks.{task}.lf_gates.lfs.{name}", "there is no such labeling function", remedy))
    if problems:
        raise SettingsError("Settings name labeling functions that there are not.", problems=problems)


def _with_figures(site: Site, task: str, settings: LfGateSettings) -> LfGates:
    from retrolabel.wiring.main_job import plan_task

    plan = plan_task(site, task)
    missing = {vote.lf.name for vote in plan.to_compute}
    remedy = f"retrolabel relabel {task}"
    why = dict.fromkeys(missing, f"votes of it are missing, since it is new or was edited: {remedy}")
    stored = replace(plan, votes=tuple(vote for vote in plan.votes if vote.lf.name not in missing))
    matrix, gold = _votes(site, stored)
    frame = lf_summary(matrix, gold)
    figures = {
        str(name): LfFigures(
            len(matrix),
            round(row["coverage"] * len(matrix)),
            round(row["conflicts"] * len(matrix)),
            int(row["correct"] + row["incorrect"]),
            int(row["correct"]),
        )
        for name, row in frame.iterrows()
    }
    no_gold = "" if (gold >= 0).any() else why_no_gold(plan.dev, plan.task.name, plan.schema.version)[0]
    why |= {lf.name: "there are no items" for lf in plan.task.lfs if lf.name not in figures and lf.name not in why}
    return LfGates(settings, figures, why, no_gold)


def _votes(site: Site, plan: Plan) -> tuple[VoteMatrix, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return the stored votes on all live items, and the place of each one's dev gold; -1 where there is none."""
    import pyarrow as pa

    places = plan.dev.places
    matrices: list[VoteMatrix] = []
    gold: list[int] = []
    for segment in plan.segments:
        matrix, live, _ = read_votes(plan, segment, plan.stored, site.objects)
        ids = site.objects.read_table(segment.path, [ITEM_ID], sha256=segment.sha256).column(ITEM_ID)
        gold += [places.get((segment.source, item_id), -1) for item_id in ids.take(pa.array(live)).to_pylist()]
        matrices.append(matrix)
    voters: Sequence[str] = sorted({vote.lf.name for vote in plan.votes})
    if not matrices or not voters:
        return VoteMatrix.from_sets([], labels=plan.schema.leaves, voters=voters), np.full(0, -1, np.int64)
    return VoteMatrix.stack(matrices), np.array(gold, np.int64)
