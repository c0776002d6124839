"""How good models are that were trained on label sets: on our labels, on others', and on gold.

Two projects: the shipped tasks on real feedback, each judged on its test gold (all items; nobody abstains) beside the
label model and the majority vote. Nothing is chosen by test gold.
Four sets of labeling functions of others that have texts: a random quarter is test, six times; the same default model
is trained on the other three quarters, with labels of ours (as probabilities, and the likeliest one), of Snorkel's
LabelModel, of the majority vote, and with gold. Label models see the votes of all items and no gold.

    RETROLABEL_DATA=... python benchmarks/end_models.py [projects] [votes]

The tables are Markdown.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from real_votes import data, votes_of

import retrolabel
from retrolabel import LabelModel, MajorityVote, SnorkelLabelModel
from retrolabel.end_models.features import TextFeatures
from retrolabel.end_models.training import confidence, fit
from retrolabel.jobs.end_models.training import STRENGTH
from retrolabel.wiring.feedback import IngestOptions

ROOT = Path(__file__).parents[1]
TEXTS = ("ws_youtube", "ws_tubespam_dated", "ws_trec", "ws_semeval")
QUARTERS = 6


def project(folder: Path, task: str, source: str) -> retrolabel.Workspace:
    """Return a project with a shipped task."""
    shutil.copytree(ROOT / "labeling_functions" / task, folder / "labeling_functions" / task)
    (folder / "labeling_functions" / "__init__.py").touch()
    (folder / "retrolabel.toml").write_text(f'tracking = false\n[tasks.{task}]\nsources = ["{source}"]\n')
    return retrolabel.open(folder, store=folder / ".retrolabel")


def issues(folder: Path, dev: int) -> dict[str, object]:
    """Return the figures of ``issue_type``: half of the issues are test."""
    task, source, file = "issue_type", "github_issues", data() / "github_issues_nlbse24" / "data.parquet"
    ws = project(folder, task, source)
    ws.feedback.ingest(file, source, IngestOptions("item_id", "created_at", drops=["label", "split"]))
    rows = pd.read_parquet(file)
    rows = rows[~rows["item_id"].astype(str).str.contains("\0")]
    gold(ws, folder, task, source, rows[rows["split"] == "test"], "label", role="test")
    if dev:
        gold(ws, folder, task, source, rows[rows["split"] == "train"].sample(dev, random_state=1), "label", role="dev")
    ws.task(task).relabel()
    return ws.task(task).train("latest").as_dict()


def airline(folder: Path, dev: int) -> dict[str, object]:
    """Return the figures of the sentiment of tweets: the last two days are test."""
    task, source, file = "airline_feedback", "airline_tweets", data() / "airline_tweets" / "data.parquet"
    ws = project(folder, task, source)
    said = ["airline_sentiment", "negativereason"]
    hidden = [f"{column}{more}" for column in said for more in ("", "_confidence", "_gold")]
    ws.feedback.ingest(file, source, IngestOptions("item_id", "created_at", drops=hidden))
    rows = pd.read_parquet(file, columns=["item_id", "created_at", "airline_sentiment"])
    early = rows[rows["created_at"] < "2015-02-23"]
    gold(ws, folder, task, source, rows.drop(early.index), "airline_sentiment", role="test", schema="1.0.0")
    if dev:
        drawn = early.sample(dev, random_state=2015)
        gold(ws, folder, task, source, drawn, "airline_sentiment", role="dev", schema="1.0.0")
    ws.task(task).relabel(to="1.0.0")
    return ws.task(task).train("latest").as_dict()


def gold(  # noqa: PLR0913 - whose, of what, and as what
    ws: retrolabel.Workspace,
    folder: Path,
    task: str,
    source: str,
    rows: pd.DataFrame,
    label: str,
    **how: str,
) -> None:
    """Take human labels in."""
    file = folder / f"{how['role']}.csv"
    rows[["item_id", label]].to_csv(file, index=False)
    ws.task(task).gold.import_file(file, source, label=label, sampling="random", **how)


def projects() -> None:
    """Print how good models on the shipped tasks are."""
    print("\n| task | dev gold | test items | model | label model | majority vote | model gains on the label model |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for make in (issues, airline):
        for dev in (0, 200, 600):
            with tempfile.TemporaryDirectory() as folder:
                told = make(Path(folder), dev)
            for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
                del sys.modules[name]
            cells = [_figure(told[name]) for name in ("test", "label_model", "majority_vote")]
            gain = told["label_model"]["model_gains"]  # type: ignore[index]  # it was judged
            shown = f"{gain['value']:+.3f} [{gain['low']:+.3f}, {gain['high']:+.3f}]"
            print(f"| {told['task']} | {dev} | {told['test']['n']:,} | {' | '.join(cells)} | {shown} |", flush=True)  # type: ignore[index]  # the same


def _figure(told: dict[str, float]) -> str:
    return f"{told['accuracy']:.3f} [{told['low']:.3f}, {told['high']:.3f}], F1 {told['macro_f1']:.3f}"


def votes() -> None:
    """Print how good the default model is on labels of several label models."""
    found: dict[str, dict[str, float]] = {}
    for name in TEXTS:
        matrix, truth, _ = votes_of(name)
        texts = (
            pd.read_parquet(data() / name / "data.parquet", columns=["text"])["text"]
            .fillna("")
            .to_frame()
            .to_numpy()
            .tolist()
        )
        said = {
            "ours": LabelModel().fit(matrix).predict_proba(matrix),
            "Snorkel": SnorkelLabelModel().fit(matrix).predict_proba(matrix),
            "majority vote": MajorityVote().fit(matrix).predict_proba(matrix),
        }
        for title, each in of_quarters(texts, truth, matrix.covered, said).items():
            found.setdefault(title, {})[name.removeprefix("ws_")] = float(np.mean(each))
    frame = pd.DataFrame(found).T
    frame["mean"] = frame.mean(axis=1)
    low, high = frame["mean"]["Snorkel, soft"], frame["mean"]["gold"]
    frame["of the gap from Snorkel to gold"] = (frame["mean"] - low) / (high - low)
    print(f"\n| trained on | {' | '.join(frame)} |\n|{' --- |' * (frame.shape[1] + 1)}")
    for title, row in frame.iterrows():
        print(f"| {title} | {' | '.join(f'{value:.3f}' for value in row)} |")


def of_quarters(
    texts: list[list[str]], truth: np.ndarray, covered: np.ndarray, said: dict[str, np.ndarray]
) -> dict[str, list[float]]:
    """Return the accuracy on a random quarter of the default model on each label model's labels, and on gold."""
    found: dict[str, list[float]] = {}
    k = next(iter(said.values())).shape[1]
    for seed in range(QUARTERS):
        order = np.random.default_rng(seed).permutation(len(texts))
        test, rest = np.split(order, [len(texts) // 4])
        test = test[truth[test] >= 0]
        features = TextFeatures.fit([texts[row] for row in rest])
        numbers = features.transform(texts)

        def right(rows: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> float:
            model = fit(numbers[rows], targets, weights, strength=STRENGTH)  # noqa: B023 - called at once
            return float((model.predict_proba(numbers[test]).argmax(axis=1) == truth[test]).mean())  # noqa: B023 - the same

        rows = rest[covered[rest]]
        for title, each in said.items():
            soft = each[rows]
            hard = np.eye(k)[soft.argmax(axis=1)]
            found.setdefault(f"{title}, soft", []).append(right(rows, soft, confidence(soft)))
            found.setdefault(f"{title}, hard", []).append(right(rows, hard, np.ones(len(rows))))
        rows = rest[truth[rest] >= 0]
        found.setdefault("gold", []).append(right(rows, np.eye(k)[truth[rows]], np.ones(len(rows))))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", default=["projects", "votes"], choices=["projects", "votes"])
    for part in parser.parse_args().parts:
        {"projects": projects, "votes": votes}[part]()
