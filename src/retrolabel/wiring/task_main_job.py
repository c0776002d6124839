"""The main job of a task in the hand: ``task.plan``, ``task.changes``, ``task.relabel``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.jobs.label_sets.relabel import RelabelReport
    from retrolabel.jobs.records.plan_changes import PlanChanges
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.sitting_out import OnFault
    from retrolabel.label_models.protocol import LabelModelProtocol
    from retrolabel.wiring.site import Site


class MainJob:
    """Plans a task's labels, and makes them."""

    _site: Site
    name: str

    def plan(
        self,
        *,
        to: str | None = None,
        label_model: str | LabelModelProtocol | None = None,
        on_fault: OnFault | None = None,
    ) -> Plan:
        """Return what a relabel would do and cost; nothing is changed.

        Args:
            to: The schema version; the newest if left out.
            label_model: A name (``label_model``, ``majority_vote``, ``weighted_vote``, ``dawid_skene``,
                ``snorkel``, ``auto``) or a label model; the settings' if left out.
            on_fault: ``skip`` lets labeling functions sit out that fail too often or whose module does not import;
                ``fail`` refuses; the settings' if left out.
        """
        from retrolabel.wiring.main_job import plan_task

        how = on_fault or self._site.on_fault(self.name)
        return plan_task(self._site, self.name, to, label_model, on_fault=how)

    def changes(self, plan: Plan | None = None) -> PlanChanges:
        """Return what a plan changes against the label set that is latest, and why; nothing is changed.

        Args:
            plan: The plan; that of the newest version if left out.
        """
        from retrolabel.wiring.plans import changes_of

        return changes_of(self._site, plan if plan is not None else self.plan())

    def write_plan(
        self,
        plan: Plan,
        path: str | Path,
        *,
        to: str | None = None,
        label_model: str | None = None,
        on_fault: OnFault | None = None,
    ) -> None:
        """Write a plan to a file, so that ``relabel(plan=path)`` makes exactly that label set, or refuses.

        Args:
            plan: The plan.
            path: The file; it holds no texts, no source code and no secrets.
            to: The version that the plan was asked for; left out where it was made for the newest.
            label_model: The name of the label model that the plan was made with; the settings' if left out.
            on_fault: Whether labeling functions that are broken sit out; the settings' if left out.

        Raises:
            InputError: The file cannot be written.
        """
        from retrolabel.wiring.plans import write_plan

        write_plan(self._site, plan, Path(path), to, label_model, on_fault or self._site.on_fault(self.name))

    def relabel(  # noqa: PLR0913 - the options of the main job
        self,
        *,
        to: str | None = None,
        label_model: str | LabelModelProtocol | None = None,
        tracking: bool | None = None,
        repair: bool = False,
        retry_faults: bool = False,
        wait: bool = True,
        plan: str | Path | None = None,
        on_fault: OnFault | None = None,
        told: Callable[[RelabelReport], None] | None = None,
    ) -> RelabelReport:
        """Label all items of the task's sources under a schema version; what is known is not computed again.

        Args:
            to: The schema version; the newest if left out.
            label_model: A name or a label model; the settings' if left out.
            tracking: Whether the run is reported to MLflow; the settings' if left out.
            repair: Whether votes and label sets whose files are damaged are made again.
            told: Told of the report once the label set is real, before MLflow is.
            retry_faults: Whether LFs are called again where they failed before, on all items of the segment; refused
                where a label set that is or was current, or has a name, rests on these votes.
            wait: Whether to wait for another process that relabels the task.
            plan: The file of a plan: exactly that is done. It says the version, and the label model if it was a name.
            on_fault: ``skip`` lets labeling functions sit out that fail too often or whose module does not import;
                ``fail`` makes no label set then; the settings' if left out, and what a plan's file says.

        Raises:
            TaskHeldError: Another process relabels the task, and ``wait`` is off.
            PlanError: The file holds no plan of this task and store, or something moved since; all of it is listed.
        """
        from retrolabel.wiring.main_job import relabel_task

        return relabel_task(
            self._site,
            self.name,
            to=to,
            label_model=label_model,
            tracking=tracking,
            repair=repair,
            retry_faults=retry_faults,
            wait=wait,
            plan_file=plan,
            on_fault=on_fault,
            told=told,
        )
