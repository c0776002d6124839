"""How good models are that were trained on label sets: on our labels, on others', and on gold.

Two projects: the shipped tasks on real feedback, each judged on its test gold (all items; nobody abstains) beside the
label model and the majority vote. docs/end_model.md names
the two choices that came after a look at it.
Four sets of labeling functions of others that have texts: a random quarter is test, six times; the same default model
is trained on the other three quarters, with labels of ours (as probabilities, and the likeliest one), of Snorkel's
LabelModel, of the majority vote, and with gold. Label models see the votes of all items and no gold.

Does it help to let the model vote? The shipped tasks again, with 200 dev gold: the model is trained with folds, votes
as a labeling function, the history is relabelled with it, and a second model is trained on that.

    RETROLABEL_DATA=... python benchmarks/end_models.py [projects] [voters] [votes]

The tables are Markdown.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from real_votes import data, votes_of

import retrolabel
from retrolabel import LabelModel, MajorityVote, SnorkelLabelModel, VoteMatrix
from retrolabel.end_models.features import TextFeatures
from retrolabel.end_models.training import confidence, fit
from retrolabel.end_models.unseen import marks, parts_of
from retrolabel.jobs.end_models.training import FOLDS, STRENGTH
from retrolabel.wiring.feedback import IngestOptions

ROOT = Path(__file__).parents[1]
TEXTS = ("ws_youtube", "ws_tubespam_dated", "ws_trec", "ws_semeval")
QUARTERS = 6
FLOOR = 0.6


def project(folder: Path, task: str, source: str) -> retrolabel.Workspace:
    """Return a project with a shipped task."""
    shutil.copytree(ROOT / "labeling_functions" / task, folder / "labeling_functions" / task)
    (folder / "labeling_functions" / "__init__.py").touch()
    (folder / "retrolabel.toml").write_text(f'tracking = false\n[tasks.{task}]\nsources = ["{source}"]\n')
    return retrolabel.open(folder, store=folder / ".retrolabel")


def issues(folder: Path, dev: int) -> retrolabel.Workspace:
    """Return a project with ``issue_type``, labelled: half of the issues are test."""
    task, source, file = "issue_type", "github_issues", data() / "github_issues_nlbse24" / "data.parquet"
    ws = project(folder, task, source)
    ws.feedback.ingest(file, source, IngestOptions("item_id", "created_at", drops=["label", "split"]))
    rows = pd.read_parquet(file)
    rows = rows[~rows["item_id"].astype(str).str.contains("\0")]
    gold(ws, folder, task, source, rows[rows["split"] == "test"], "label", role="test")
    if dev:
        gold(ws, folder, task, source, rows[rows["split"] == "train"].sample(dev, random_state=1), "label", role="dev")
    ws.task(task).relabel()
    return ws


def airline(folder: Path, dev: int) -> retrolabel.Workspace:
    """Return a project with the sentiment of tweets, labelled: the last two days are test."""
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
    return ws


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


MADE = {"issue_type": issues, "airline_feedback": airline}


def projects() -> None:
    """Print how good models on the shipped tasks are."""
    _head("dev gold")
    for task, make in MADE.items():
        for dev in (0, 200, 600):
            with tempfile.TemporaryDirectory() as folder:
                _row(str(dev), make(Path(folder), dev).task(task).train("latest").as_dict())
            _forget()


VOTER = """
from labeling_functions.{task}.schema.{module} import SCHEMA
from retrolabel import classifier, resource, voting_model

by_model = classifier(
    {{label.id: label for label in SCHEMA.labels}}, voting_model(resource("model.npz")), column={columns}, floor={floor}
)
"""
MODULES = {"issue_type": "v1_issue_types", "airline_feedback": "v1_sentiment"}


def voters() -> None:
    """Print what label sets and models gain where a trained model votes."""
    votes_of_models()
    _head("voters")
    for task, make in MADE.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            first = make(root, 200).task(task).train("latest", folds=FOLDS)
            _row("as shipped", first.as_dict())
            resources = root / "labeling_functions" / task / "resources"
            resources.mkdir(exist_ok=True)
            (resources / "model.npz").write_bytes(first.content)
            columns = first.model.columns
            named = list(columns) if len(columns) > 1 else columns[0]
            text = VOTER.format(task=task, module=MODULES[task], columns=repr(named), floor=FLOOR)
            (resources.parent / "by_model.py").write_text(text)
            _forget()
            ws = retrolabel.open(root, store=root / ".retrolabel")
            ws.task(task).relabel(to=first.model.about["schema_version"])
            _row("and the model", ws.task(task).train("latest").as_dict())
        _forget()


def _forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


def _head(what: str) -> None:
    print(f"\n| task | {what} | test items | model | label model | majority vote | model gains on the label model |")
    print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)


def _row(what: str, told: dict[str, Any]) -> None:
    cells = [_figure(told[name]) for name in ("test", "label_model", "majority_vote")]
    gain = told["label_model"]["model_gains"]
    shown = f"{gain['value']:+.3f} [{gain['low']:+.3f}, {gain['high']:+.3f}]"
    print(f"| {told['task']} | {what} | {told['test']['n']:,} | {' | '.join(cells)} | {shown} |", flush=True)


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


def votes_of_models() -> None:
    """Print how often the label model is right on all items, with and without the cross-fitted votes of a model."""
    print(
        "\n| set | items with gold | labeling functions alone | and the model |\n| --- | --- | --- | --- |", flush=True
    )
    for name in TEXTS:
        matrix, truth, _ = votes_of(name)
        texts = [[text] for text in pd.read_parquet(data() / name / "data.parquet")["text"].fillna("")]
        before = LabelModel().fit(matrix).predict_proba(matrix)
        numbers = TextFeatures.learned(texts)[1]
        parts = parts_of(marks(texts), FOLDS)
        said = np.zeros_like(before)
        for part in range(FOLDS):
            rows = np.flatnonzero((parts != part) & matrix.covered)
            model = fit(numbers[rows], before[rows], confidence(before[rows]), strength=STRENGTH)
            said[parts == part] = model.predict_proba(numbers[parts == part])
        votes = np.where(said.max(axis=1) >= FLOOR, said.argmax(axis=1), -1)
        both = matrix.with_column(VoteMatrix.from_ints(votes[:, None], labels=before.shape[1], voters=["model"]))
        after = LabelModel().fit(both).predict_proba(both)
        known = truth >= 0
        right = [float((each.argmax(axis=1) == truth)[known].mean()) for each in (before, after)]
        print(f"| {name} | {known.sum():,} | {right[0]:.3f} | {right[1]:.3f} |", flush=True)


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
    parser.add_argument(
        "parts", nargs="*", default=["projects", "voters", "votes"], choices=["projects", "voters", "votes"]
    )
    for part in parser.parse_args().parts:
        {"projects": projects, "voters": voters, "votes": votes}[part]()
