"""How often the intervals of the walk of docs/gold_walk.md hold the truth, over many seeds.

The walk is that of the page, in Python: 200 dev and 200 test items by design under version 1, an estimate; version 2;
200 more of each for the split, an estimate. The truth is what people said of all 14,640 messages. A row is a kind of
figure: how many intervals there were, how many hold the truth (with the label model's help, and by gold alone), how far
the estimates lie from the truth in the mean, and how wide the intervals are. The last line is of ``possible``: on which
share of the messages that nobody labelled the truth is among the possible labels.

    RETROLABEL_DATA=... python benchmarks/gold_walk.py [--seeds 20] [--n 200]

The table is Markdown. A seed takes about ten seconds.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from real_votes import data

import retrolabel
from retrolabel.discovery.project import forget
from retrolabel.wiring.feedback import IngestOptions
from retrolabel.wiring.templates import shipped_tasks

if TYPE_CHECKING:
    from retrolabel.gold.powered import Powered
    from retrolabel.wiring.task import Task

TASK, SOURCE = "airline_feedback", "airline_tweets"
KINDS = (
    "right, with a label",
    "right, of all",
    "a label's share",
    "an airline: right, with a label",
    "an airline: right, of all",
)
STAGES = ("version 1", "version 2, sentiments", "version 2, reasons")


def project(folder: Path, *, version_2: bool) -> Path:
    """Copy the files of the shipped task: those of version 1, or all."""
    for file in sorted((shipped_tasks() / TASK).rglob("*.*")):
        text = file.read_text(encoding="utf-8") if file.suffix in {".py", ".txt"} else None
        if text is not None and (version_2 or "v2_reasons" not in file.name + text):
            place = folder / "labeling_functions" / TASK / file.relative_to(shipped_tasks() / TASK)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, place)
    (folder / "retrolabel.toml").write_text(f'[tasks.{TASK}]\nsources = ["{SOURCE}"]\n', encoding="utf-8")
    return folder


class Walks:
    """Walks from one start: all votes, and a label set of version 1 without gold."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.old, self.new = (project(folder / name, version_2=name == "new") for name in ("old", "new"))
        people = pd.read_parquet(data() / SOURCE / "data.parquet").astype({"item_id": str}).set_index("item_id")
        self.airline, self.sentiment = people["airline"], people["airline_sentiment"]
        self.reason = people["negativereason"].fillna(people["airline_sentiment"])
        kept = people.reset_index()[["item_id", "created_at", "airline", "text"]]
        kept.to_parquet(folder / "messages.parquet")
        ws = self.open(self.new, folder / "store")
        options = IngestOptions(id_column="item_id", time_column="created_at")
        ws.feedback.ingest(folder / "messages.parquet", SOURCE, options)
        ws.task(TASK).compute_votes()
        self.open(self.old, folder / "store").task(TASK).relabel(tracking=False)

    @staticmethod
    def open(folder: Path, store: Path) -> Any:
        forget()
        return retrolabel.open(folder, store=store)

    def walk(self, seed: int, n: int) -> list[dict[str, Any]]:
        """Return the figures of a walk."""
        store = self.folder / f"store_{seed}"
        shutil.copytree(self.folder / "store", store)
        found: list[dict[str, Any]] = []
        task = self.open(self.old, store).task(TASK)
        for role in ("dev", "test"):
            self.answer(task, self.sentiment, n, seed, purpose=role)
        found += self.figures(task, STAGES[0], self.sentiment)
        task = self.open(self.new, store).task(TASK)
        parse = task.history["2.0.0"].parse
        truth = self.reason.map({value: parse(value).id for value in self.reason.unique()})
        found += self.figures(task, STAGES[1], truth)
        for role in ("dev", "test"):
            self.answer(task, self.reason, n, seed, purpose="split", role=role)
        found += self.figures(task, STAGES[2], truth)
        found.append({"kind": "possible", "held": self.possible(task, truth)})
        shutil.rmtree(store)
        return found

    def answer(self, task: Task, said: pd.Series, n: int, seed: int, **draw: str) -> None:
        file = self.folder / "drawn.csv"
        file.unlink(missing_ok=True)
        drawn = task.gold.sample(n, seed=seed, columns=["text"], out=file, **draw)
        rows = pd.read_csv(file, dtype={"item_id": str})
        rows["label"] = rows["item_id"].map(said)
        rows.to_csv(file, index=False)
        task.gold.import_file(file, SOURCE, role=drawn.role, sampling=drawn.design, probability="probability")

    def figures(self, task: Task, stage: str, truth: pd.Series) -> list[dict[str, Any]]:
        task.relabel(tracking=False)
        labels = task.labels().set_index("item_id")["label"]
        truth, airline = truth[labels.index], self.airline[labels.index]
        has, right = labels.notna(), labels.eq(truth)
        found = []
        for role in ("dev", "test"):
            told = task.gold.estimate(by="airline", final=role == "test", look=False)
            rows = [(KINDS[0], told.accuracy, right[has].mean()), (KINDS[1], told.accuracy_of_all, right.mean())]
            rows += [(KINDS[2], one, (truth == label).mean()) for label, one in told.prevalence.items()]
            for value, one in told.slices.items():
                here = airline == value
                rows.append((KINDS[3], one.accuracy, right[has & here].mean()))
                rows.append((KINDS[4], one.accuracy_of_all, right[here].mean()))
            found += [{"stage": stage, "role": role, "kind": kind, **compared(one, true)} for kind, one, true in rows]
        return found

    def possible(self, task: Task, truth: pd.Series) -> float:
        task.export(self.folder / "labels.csv", "csv", possible=0.9)
        sets = pd.read_csv(self.folder / "labels.csv", dtype={"item_id": str}).set_index("item_id")["possible"]
        sets = sets[~sets.index.isin(task.gold.labels()["item_id"])]
        return float(np.mean([true in said.split("|") for true, said in zip(truth[sets.index], sets, strict=True)]))


def compared(found: Powered, true: float) -> dict[str, float]:
    """Return whether an interval holds the truth, how far off it is, and how wide, with help and by gold alone."""
    if found.value is None:
        return {}
    alone = found.classical
    return {
        "held": found.low <= true <= found.high,
        "alone": alone.low <= true <= alone.high,
        "off": found.value - true,
        "alone_off": alone.value - true,
        "width": found.high - found.low,
        "alone_width": alone.high - alone.low,
    }


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--seeds", type=int, default=20)
    asked.add_argument("--n", type=int, default=200)
    options = asked.parse_args()
    warnings.simplefilter("ignore")  # messages that begin with @ are formulas to a spreadsheet
    with tempfile.TemporaryDirectory() as folder:
        walks = Walks(Path(folder))
        rows = pd.DataFrame([row for seed in range(options.seeds) for row in walks.walk(seed, options.n)])
    print("| labels | gold | figure | intervals | held | gold alone | off by | gold alone | width | gold alone |")
    print("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    told = rows.dropna(subset=["stage", "held"])
    for (stage, role, kind), part in told.groupby(["stage", "role", "kind"], sort=False):
        held = f"{part['held'].mean():.0%} | {part['alone'].mean():.0%}".replace("%", " %")
        off = f"{part['off'].mean():+.3f} | {part['alone_off'].mean():+.3f}"
        print(
            f"| {stage} | {role} | {kind} | {len(part)} | {held} | {off} | {part['width'].mean():.3f} |"
            f" {part['alone_width'].mean():.3f} |"
        )
    sets = rows.loc[rows["kind"] == "possible", "held"].astype(float)
    print(f"\npossible at 0.9: {sets.mean():.3f} in the mean, {sets.min():.3f} to {sets.max():.3f}")


if __name__ == "__main__":
    main()
