"""What a plan changes, and plans as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrolabel.errors import InputError, PlanMovedError, Problem, RetrolabelError, UnknownVersionError
from retrolabel.gold.adjudication import standing
from retrolabel.gold.projection import counted
from retrolabel.jobs.gold.resolving import read_in
from retrolabel.jobs.gold.sets import migration_costs
from retrolabel.jobs.label_sets.changes import plan_changes
from retrolabel.jobs.label_sets.plan_files import AGAIN, check_belongs, check_still, plan_as_file, read_plan
from retrolabel.jobs.records.label_sets import LabelSet
from retrolabel.jobs.records.sitting_out import FAIL, SKIP
from retrolabel.wiring.site import now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.jobs.records.plan_changes import PlanChanges
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.sitting_out import OnFault
    from retrolabel.wiring.site import Site


def changes_of(site: Site, plan: Plan) -> PlanChanges:
    """Return what a relabel would change against the label set that is latest, and why; nothing is changed."""
    catalog, history, version = site.catalog, plan.task.history, plan.schema.version
    said = catalog.gold.human_labels(plan.task.name)
    before, unread = _before(site, plan)
    old = before.record.schema_version if before else None
    costs: Sequence[Mapping[str, Any]] = ()
    if old is not None and old != version and any(each.version == old for each in history):
        how = site.adjudication(plan.task.name)
        costs = [
            each.as_dict() for each in migration_costs(history, version, said, catalog.feedback, how=how, since=old)
        ]
    answers = standing(said)
    read = read_in(history, version, answers, catalog.feedback)
    return plan_changes(
        plan,
        before,
        segments=_all_segments(site),
        human=counted(read(label) for label in answers),
        gold=costs,
        unread=unread,
    )


def _before(site: Site, plan: Plan) -> tuple[LabelSet | None, str]:
    """Return the label set that is latest, or why it cannot be read."""
    record = site.catalog.label_sets.record(plan.latest) if plan.latest else None
    if record is None:
        return None, ""
    found = LabelSet(record, site.objects)
    try:
        found.manifest  # noqa: B018 - it is read here, so that what is damaged is told here
    except RetrolabelError as error:
        return None, error.message
    return found, ""


def _all_segments(site: Site) -> set[str]:
    return {segment.id for segment in site.catalog.feedback.segments()}


def write_plan(  # noqa: PLR0913 - a plan, and what was asked
    site: Site, plan: Plan, path: Path, to: str | None, label_model: str | None, on_fault: OnFault
) -> None:
    """Write a plan to a file, for ``relabel`` to make exactly that label set.

    Raises:
        InputError: The file cannot be written.
    """
    import json

    store = site.catalog.feedback.identity()
    content = plan_as_file(plan, store=store, to=to, label_model=label_model, on_fault=on_fault, at=now())
    try:
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}.", remedy="name a file in a folder that is there"
        ) from error


class PlanFile:
    """A plan that was written to a file.

    Args:
        site: The project and its store.
        task: The task that is to be relabelled.
        path: The file.

    Raises:
        InputError: The file cannot be read.
        PlanError: It is no plan, damaged, or of another task or store.
    """

    def __init__(self, site: Site, task: str, path: str | Path) -> None:
        self._site, self.name = site, str(path)
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            raise InputError(
                f"{path} cannot be read: {error.strerror or error}.",
                remedy=f"retrolabel plan {task} -o {path} writes it",
            ) from error
        self._content = read_plan(content, self.name)
        check_belongs(self._content, task, site.catalog.feedback.identity(), self.name)

    @property
    def version(self) -> str:
        """The version."""
        return str(self._content["version"])

    @property
    def asked_for(self) -> bool:
        """Whether the version was asked for: it is not just the newest."""
        return self._content["asked"]["to"] is not None

    @property
    def label_model(self) -> str | None:
        """The name of the label model that was asked for; ``None`` for the settings'."""
        asked = self._content["asked"]["label_model"]
        return None if asked is None else str(asked)

    @property
    def on_fault(self) -> OnFault:
        """Whether labeling functions that are broken sit out."""
        return SKIP if self._content["asked"].get("on_fault") == SKIP else FAIL

    @property
    def label_set(self) -> str:
        """The id of the label set that is to be made."""
        return str(self._content["label_set"])

    def check(self, plan: Plan) -> None:
        """Refuse to make something else than the file says.

        Raises:
            PlanMovedError: Something that the label set is made of is not as it was; all of it.
        """
        check_still(self._content, plan, _all_segments(self._site), self.name)

    def unknown_version(self, error: UnknownVersionError) -> PlanMovedError:
        """Return what is said where the version of the plan is gone."""
        return PlanMovedError(
            f"{self.name} cannot be carried out any more.",
            problems=[Problem("schema", error.message)],
            remedy=AGAIN.format(task=error.task),
        )
