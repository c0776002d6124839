"""A label set's report: the label sets, the gold and the page's files brought together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from retrolabel.analysis.report.page import GENERATOR, Template, page
from retrolabel.analysis.report.textless import without_texts
from retrolabel.analysis.report.values import Standing
from retrolabel.jobs.label_sets.finding import chosen_against
from retrolabel.jobs.label_sets.promoting import CANDIDATE
from retrolabel.jobs.records.decisions import CURRENT, FAILED, HELD
from retrolabel.jobs.reports.gathering import Reporter
from retrolabel.wiring.promoting import gates_of
from retrolabel.wiring.templates import HERE
from retrolabel.wiring.written_pages import write_page

if TYPE_CHECKING:
    from pathlib import Path

    from retrolabel.analysis.report.disagreement_values import Disagreement
    from retrolabel.analysis.report.gold_values import Unsaid
    from retrolabel.analysis.report.values import ReportData
    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.wiring.site import Site

SHORT = 12


@dataclass(frozen=True, eq=False, repr=False)
class Report:
    """A report on a label set.

    Attributes:
        data: What it says.
        html: The page; the same data give the same text.
    """

    data: ReportData
    html: str

    def __repr__(self) -> str:
        """Return the label set, and how to read the page."""
        made = self.data.made
        return f"Report({self.data.task} {made.version}, label set {made.id[:SHORT]}; write(PATH) makes the page)"

    @property
    def file_name(self) -> str:
        """How the file is called that it is written to: ``report-TASK-ID.html``."""
        return f"report-{self.data.task}-{self.data.made.id[:SHORT]}.html"

    def as_dict(self) -> dict[str, Any]:
        """Return the main figures as plain data."""
        data = self.data
        flips = [
            {"before": flip.before, "after": flip.after, "items": flip.items, "kind": flip.kind} for flip in data.flips
        ]
        return {
            "task": data.task,
            "label_set": data.made.id,
            "schema_version": data.made.version,
            "against": data.against.id if data.against else None,
            "items": data.made.items,
            "covered": data.made.covered,
            "labelled": data.made.labelled,
            "labels": dict(data.made.shares),
            "dev": data.scores[0].agreement.as_dict() if data.scores else None,
            "whole": data.about_gold.whole.as_dict(),
            "people_disagree": _plain(data.about_gold.reasons),
            "disagree_with_gold": data.disagreeing,
            "flips": flips,
            "faults": data.fault_count,
            "status": data.standing.status if data.standing else None,
            "gates_failed": [name for name, _, _ in data.standing.failed] if data.standing else [],
        }

    def write(self, path: Path, *, force: bool = False) -> Path:
        """Write the page to a file and return its path.

        Args:
            path: The file; a folder that exists gets the usual name.
            force: Whether a file is replaced that is no report of ours.

        Raises:
            StoreError: Such a file is there, or it cannot be written.
        """
        path = path / self.file_name if path.is_dir() else path
        return write_page(self.html, path, GENERATOR, option="--out", force=force)


def _plain(found: Disagreement | Unsaid | None) -> dict[str, Any] | None:
    return None if found is None else found.as_dict()


def report(site: Site, task: str, label_set_id: str, against: str | None) -> Report:
    """Return the report on a label set; the arguments are those of :func:`gather`."""
    data = gather(site, task, label_set_id, against)
    return Report(data, page(data, _template()))


def report_to_tracker(site: Site, found: Report) -> str | None:
    """Put a report without items' texts beside the run of its label set; return the run.

    Where the tracker takes none, ``site`` is told, and nothing is returned.

    Args:
        site: The project and its store.
        found: The report.

    Raises:
        MissingExtraError: MLflow is not installed.
    """
    from retrolabel.errors import MissingExtraError
    from retrolabel.tracking.mlflow import MLflowTracker, is_installed
    from retrolabel.wiring.tracked_label_sets import made_of, run_of

    if not is_installed():
        raise MissingExtraError("mlflow", "mlflow", "Tracking")
    record = site.catalog.label_sets.record(found.data.made.id)
    if record is None:  # it was read just now
        return None
    html = page(without_texts(found.data), _template()).encode("utf-8", "backslashreplace")
    tracker = MLflowTracker(site.store, site.warn, site.settings.tracking_timeout)
    return tracker.attach(run_of(site, record), made_of(site, record.id), "report.html", html)


def _template() -> Template:
    folder = HERE / "report"
    return Template(*((folder / name).read_text(encoding="utf-8") for name in ("page.html.jinja", "page.css")))


def gather(site: Site, task: str, label_set_id: str = "latest", against: str | None = None) -> ReportData:
    """Return what the report on a label set says.

    Args:
        site: The project and its store.
        task: The task.
        label_set_id: The label set.
        against: The one to compare with; the one before if left out.
    """
    label_set = site.label_set(task, label_set_id)
    history = site.history(task) if site.project is not None and task in site.tasks() else None
    catalog = site.catalog
    before = chosen_against(against, label_set, site.catalog.label_sets)
    found = Reporter(
        label_set,
        before,
        history,
        catalog.feedback,
        catalog.votes,
        catalog.gold,
        catalog.label_sets,
        site.objects,
        site.progress,
        site.adjudication(task),
        site.discovered(task) if history is not None else None,
    ).gather()
    return replace(found, standing=_standing(site, label_set)) if history is not None else found


def _standing(site: Site, label_set: LabelSet) -> Standing:
    """Return whether consumers read a label set, and its gates as of now."""
    task = label_set.record.task
    label_sets = site.catalog.label_sets
    current = label_sets.pointer(task, CURRENT)
    about = [each for each in label_sets.decisions(task) if each.label_set == label_set.id]
    gates = tuple((gate.name, gate.state, gate.why) for gate in gates_of(site, label_set))
    decided = ""
    if about:
        last = about[-1]
        why = "" if last.kind == HELD and any(gate.state == FAILED for gate in last.gates) else f": {last.why}"
        decided = f"{last.kind} on {last.at:%Y-%m-%d} by {last.who}{why}"
    return Standing(CURRENT if current == label_set.id else CANDIDATE, current, decided, gates)
