"""The demo: six months of simulated feedback, a schema change in the fourth, the history relabelled."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from retrolabel.analysis.comparison import compare_label_models
from retrolabel.analysis.flips import UNLABELLED, flips
from retrolabel.errors import SettingsError
from retrolabel.gold.agreement import wilson
from retrolabel.jobs.label_sets.comparing import standard_models
from retrolabel.routing.owners import items_by_owner
from retrolabel.simulation.annotators import annotate
from retrolabel.wiring.feedback import IngestOptions
from retrolabel.wiring.simulation import simulate
from retrolabel.wiring.templates import SETTINGS, shipped_tasks
from retrolabel.wiring.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from retrolabel.gold.agreement import Estimate
    from retrolabel.jobs.label_sets.relabel import RelabelReport
    from retrolabel.jobs.ports.progress import Progress
    from retrolabel.jobs.records.feedback import IngestReport
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.simulation.feedback import Simulated

TASK, SOURCE = "failure_mode", "assistant_feedback"
V1, V2 = "1.0.0", "2.0.0"
GOLD_ITEMS = 300
MONTHS_BEFORE = 3
REPORT = "report.html"
MONTHS = tuple(f"2026-{month:02d}" for month in range(1, 7))
"""The months of the simulation, each a file."""
PEOPLE = ("ana", "ben", "cleo")
Question = Literal["thumbs", "failure_mode"]


@dataclass
class Story:
    """What the demo did, as it goes along.

    Attributes:
        folder: The demo project.
        ingested: Reports of all files.
        before: The relabel under v1 of the first three months.
        plan: What the schema change would do.
        after: The relabel under v2 of all six months.
        flips: What became of each label.
        owners: Owner -> items that wait for it.
        truth: Era and version -> how labels do against the simulation's truth.
        label_models: Ours beside the others, against the truth.
        report: The page that was written.
        seconds: How long it took.
    """

    folder: Path
    ingested: list[IngestReport] = field(default_factory=list)
    before: RelabelReport | None = None
    plan: Plan | None = None
    after: RelabelReport | None = None
    flips: pd.DataFrame = field(default_factory=pd.DataFrame)
    owners: dict[str, int] = field(default_factory=dict)
    truth: dict[str, Truth] = field(default_factory=dict)
    label_models: pd.DataFrame = field(default_factory=pd.DataFrame)
    report: Path | None = None
    seconds: float = 0.0


def tell(folder: Path, items: int, seed: int, progress: Progress | None = None) -> Iterator[tuple[str, Story]]:
    """Run the demo, yielding the name of each chapter when it is done, and the story so far.

    Args:
        folder: A folder that does not exist, or is empty.
        items: Pieces of feedback in six months.
        seed: Of the simulation.
        progress: Told how far long jobs are.

    Raises:
        SettingsError: There is something in the folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsError(f"{folder} is not empty.", remedy="name a folder that does not exist yet")
    started = perf_counter()
    story = Story(folder)
    simulated = simulate(items, seed=seed)
    months = _write_feedback(simulated, folder)
    _write_project(folder)
    ws = open_workspace(folder, store=folder / ".retrolabel", progress=progress)
    ws.schemas.release(TASK)
    yield "simulated", story

    story.ingested += [_ingest(ws, file) for file in months[:MONTHS_BEFORE]]
    _gold(ws, simulated, months[:MONTHS_BEFORE], V1, seed)
    story.before = ws.task(TASK).relabel()
    yield "labelled", story

    _copy_task(folder, everything=True)
    ws.schemas.release(TASK)
    story.ingested += [_ingest(ws, file) for file in months[MONTHS_BEFORE:]]
    _gold(ws, simulated, months, V2, seed + 1)
    story.plan = ws.task(TASK).plan()
    yield "planned", story

    story.after = ws.task(TASK).relabel()
    yield "relabelled", story

    _compare(ws, simulated, months, story)
    story.report = ws.task(TASK).report().write(folder / REPORT, force=False)
    story.seconds = perf_counter() - started
    yield "compared", story


@dataclass(frozen=True)
class Step:
    """One thing that a person would type to do what the demo does.

    Attributes:
        why: What it is for.
        command: What is typed; nothing, where files are written by hand.
    """

    why: str
    command: str = ""


def steps() -> list[Step]:
    """Return what a person would type, in the demo's folder and in its order; a test types it and compares."""
    task = TASK
    return [
        Step(f"Write the labels and labeling functions of {V1}: retrolabel init . --task {task} makes a start."),
        Step(
            "Freeze the version: people and functions label under it from now on.", f"retrolabel schema release {task}"
        ),
        Step(
            "Take the first three months in; the same file twice adds nothing.", _typed_ingest(MONTHS[:MONTHS_BEFORE])
        ),
        Step("Take in what people said of a random sample.", _typed_gold(V1)),
        Step("Label everything.", f"retrolabel relabel {task}"),
        Step("How good is it, against what people said?", f"retrolabel evaluate {task}"),
        Step(f"Month 4: write the file of {V2} (retrolabel schema new {task} drafts it) and its labeling functions."),
        Step("Freeze it too.", f"retrolabel schema release {task}"),
        Step("What becomes of each old label, vote and human label?", f"retrolabel schema diff {task} {V1} {V2}"),
        Step("Take the next three months in.", _typed_ingest(MONTHS[MONTHS_BEFORE:])),
        Step("People label a sample with the new labels.", _typed_gold(V2)),
        Step("What would a relabel do, and cost? Nothing is changed.", f"retrolabel plan {task}"),
        Step("Label the whole history again; stored votes are used again.", f"retrolabel relabel {task}"),
        Step("How good is it now?", f"retrolabel evaluate {task}"),
        Step("Which label model is best, judged by gold?", f"retrolabel compare {task}"),
        Step("Open what came out: what made it, and with which functions.", f"retrolabel labels show {task}"),
        Step("A page to read, to print, to send.", f"retrolabel report {task} --out {REPORT}"),
        Step("Take the labels out.", f"retrolabel labels export {task} --format csv --out labels.csv"),
    ]


def _typed_ingest(months: Sequence[str]) -> str:
    files = " ".join(f"feedback/{month}.jsonl" for month in months)
    return f"retrolabel ingest {files} --source {SOURCE} --id item_id --time created_at"


def _typed_gold(version: str) -> str:
    return (
        f"retrolabel gold import {TASK} {_gold_file(version)} --source {SOURCE} --annotator annotator"
        f" --role-column role --seconds seconds --schema {version} --sampling random"
    )


def _gold_file(version: str) -> str:
    return f"gold_{version}.csv"


def _write_feedback(simulated: Simulated, folder: Path) -> list[Path]:
    """Write a file of feedback a month, and the truth beside them; return the months' files."""
    feedback = simulated.feedback
    (folder / "feedback").mkdir(parents=True, exist_ok=True)
    files = []
    for month, rows in feedback.groupby(feedback["created_at"].dt.strftime("%Y-%m"), sort=True):
        files.append(folder / "feedback" / f"{month}.jsonl")
        rows.to_json(files[-1], orient="records", lines=True, date_format="iso", force_ascii=False)
    simulated.truth.to_csv(folder / "truth.csv", index=False)
    return files


def _write_project(folder: Path) -> None:
    (folder / SETTINGS).write_text('# The demo project of retrolabel.\nstore = ".retrolabel"\n', encoding="utf-8")
    _copy_task(folder, everything=False)


def _copy_task(folder: Path, *, everything: bool) -> None:
    """Copy the shipped task into the demo project: the first version's files, or all of them."""
    shipped = shipped_tasks()
    target = folder / "labeling_functions"
    target.mkdir(exist_ok=True)
    shutil.copy(shipped / "__init__.py", target)
    for path in sorted((shipped / TASK).rglob("*")):
        if not path.is_file() or "__pycache__" in path.parts:
            continue
        if (
            path.suffix == ".py"
            and not everything
            and "v2_failure_modes" in path.stem + path.read_text(encoding="utf-8")
        ):
            continue
        place = target / path.relative_to(shipped)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)


def _ingest(ws: Workspace, file: Path) -> IngestReport:
    return ws.feedback.ingest(file, SOURCE, IngestOptions(id_column="item_id", time_column="created_at"))


def _gold(ws: Workspace, simulated: Simulated, files: list[Path], version: str, seed: int) -> None:
    """Take in what three simulated people say of a random sample of some months."""
    ws.task(TASK).gold.import_file(
        _write_gold(ws.store.parent, simulated, files, version, seed),
        SOURCE,
        annotator="annotator",
        role_column="role",
        seconds="seconds",
        schema=version,
        sampling="random",
    )


def _write_gold(folder: Path, simulated: Simulated, files: list[Path], version: str, seed: int) -> Path:
    """Let three simulated people label a random sample of some months, and return the file."""
    months = {file.stem for file in files}
    there = simulated.feedback["created_at"].dt.strftime("%Y-%m").isin(months)
    truth = simulated.truth[simulated.truth["item_id"].isin(simulated.feedback.loc[there, "item_id"])]
    question: Question = "thumbs" if version == V1 else "failure_mode"
    labels = annotate(truth, min(GOLD_ITEMS, len(truth)), annotators=PEOPLE, seed=seed, column=question)
    path = folder / _gold_file(version)
    labels.to_csv(path, index=False)
    return path


def _compare(ws: Workspace, simulated: Simulated, months: list[Path], story: Story) -> None:
    assert story.before is not None and story.after is not None  # noqa: S101, PT018 - told in order
    before = ws.task(TASK).labels(story.before.label_set.id)
    after = ws.task(TASK).labels(story.after.label_set.id)
    schema = ws.task(TASK).history.head
    table = flips(before, after)
    order = [label for label in (*schema.ids, UNLABELLED) if label in table.columns]
    story.flips = table.reindex(columns=order)
    story.owners = items_by_owner(schema, story.after.shares)
    truth = simulated.truth.set_index("item_id")
    first = {file.stem for file in months[:MONTHS_BEFORE]}
    created = simulated.feedback.set_index("item_id")["created_at"].dt.strftime("%Y-%m")
    early = after["item_id"].map(created).isin(first)
    story.truth = {
        "v1, months 1-3": _against(before, truth["thumbs"]),
        "v2, months 1-3": _against(after[early], truth["failure_mode"]),
        "v2, months 4-6": _against(after[~early], truth["failure_mode"]),
        "v2, all": _against(after, truth["failure_mode"]),
    }
    story.label_models = _label_models(ws, simulated, after["item_id"])


def _label_models(ws: Workspace, simulated: Simulated, item_ids: pd.Series[Any]) -> pd.DataFrame:
    """Return ours beside the others, with and without the random dev gold, against the truth."""
    votes = ws.task(TASK).vote_matrix()
    places = {label: place for place, label in enumerate(votes.labels)}
    truth = simulated.truth.set_index("item_id")["failure_mode"]
    known = item_ids.map(truth).map(places).to_numpy().astype(np.int64)
    said = {item.item_id: item.label for item in ws.task(TASK).gold.adjudicated().items if item.schema_version == V2}
    gold = item_ids.map(said).map(places).fillna(-1).to_numpy().astype(np.int64)
    return compare_label_models(standard_models(with_gold=True), votes, known, gold)


class Truth(NamedTuple):
    """Labels against the truth, which a simulation knows.

    Attributes:
        right: The share of the labelled items whose label is true.
        labelled: How many have a label.
        guessed: How many have none, since votes for several labels alone speak of them.
        holds: How many of those have the truth among the labels that are left.
        items: How many items there are.
    """

    right: Estimate
    labelled: int
    guessed: int
    holds: int
    items: int


def _against(labels: pd.DataFrame, truth: pd.Series[Any]) -> Truth:
    """Return how labels do against the truth."""
    known = labels["item_id"].map(truth).to_numpy(dtype=object)
    has = labels["label"].notna().to_numpy()
    right = labels["label"].to_numpy(dtype=object)[has] == known[has]
    guessed = labels["guessed"].to_numpy(bool) & ~has
    sets = labels["partial"].to_numpy(dtype=object)[guessed]
    holds = [one in str(several).split("|") for one, several in zip(known[guessed], sets, strict=True)]
    return Truth(wilson(int(right.sum()), int(has.sum())), int(has.sum()), int(guessed.sum()), sum(holds), len(labels))
