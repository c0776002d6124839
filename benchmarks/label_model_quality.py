"""How good label models are: on labeling functions, on crowds, and where the truth is planted.

Labeling functions: majority vote (ties drawn), Snorkel's LabelModel (100 and 500 epochs, median of three seeds),
crowd-kit's Dawid-Skene and MACE where crowd-kit is installed, ours, and ours with 50, 100 and 200 random gold items
(medians of fifteen draws; the items drawn are scored by nobody). Scored on covered rows of the merged splits, and once
more fitted on the train split and scored on the test split. The two sets of YouTube comments are one corpus in the
mean. Every model runs with its own defaults on every set: nothing is tuned for one.
Crowds: every run of the data folder with nominal or ordinal answers and gold on a hundred items or more.
Planted: votes simulated with known accuracies, beside the best that anybody could do who knew them.

    RETROLABEL_DATA=... python benchmarks/label_model_quality.py [functions] [crowds] [planted]

crowd-kit is no dependency of the project: pip install crowd-kit. The tables are Markdown.
"""

from __future__ import annotations

import argparse
import logging
import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import torch
from peers import MACE, figures, peers, plain
from real_votes import CROWDS, ONE_CORPUS, SETS, crowd, votes_of

from retrolabel import LabelModel, MajorityVote, SnorkelLabelModel, VoteMatrix
from retrolabel.label_models.dawid_skene import DawidSkene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from peers import Found

GOLD = (50, 100, 200)
DRAWS = 15
FIGURES = ["accuracy (ties drawn)", "F1 (sets with two labels)", "log-loss (nats)", "expected calibration error"]


def with_gold(votes: VoteMatrix, truth: np.ndarray, items: int) -> np.ndarray:
    """Return the figures of ours with random gold, the median over draws."""
    found = []
    for seed in range(DRAWS):
        drawn = np.random.default_rng(seed).choice(np.flatnonzero(truth >= 0), items, replace=False)
        gold = np.full(len(truth), -1)
        gold[drawn] = truth[drawn]
        scored = votes.covered & (truth >= 0) & (gold < 0)
        found.append(figures(LabelModel().fit(votes, gold).predict_proba(votes)[scored], truth[scored]))
    return np.median(found, axis=0)


def rows_of(votes: VoteMatrix, where: np.ndarray) -> VoteMatrix:
    """Return some items."""
    return VoteMatrix(votes.codes[where], votes.labels, votes.symbols, votes.voters)


def functions() -> None:
    """Print the figures of each model on each set of labeling functions."""
    merged: dict[str, dict[str, np.ndarray]] = {}
    split: dict[str, dict[str, np.ndarray]] = {}
    for name in SETS:
        votes, truth, part = votes_of(name)
        last = "test" if (part == "test").any() else "dev"
        train, test = rows_of(votes, part == "train"), rows_of(votes, part == last)
        gold = truth[part == last]
        for title, seeds in (peers() | {"ours": [plain(LabelModel())]}).items():
            known = votes.covered & (truth >= 0)
            each = [figures(fit(votes, votes)[known], truth[known]) for fit in seeds]
            merged.setdefault(title, {})[name] = np.median(each, axis=0)
            if not title.startswith("crowd-kit"):
                each = [figures(fit(train, test)[test.covered], gold[test.covered]) for fit in seeds]
                split.setdefault(title, {})[name] = np.median(each, axis=0)
        for items in GOLD:
            merged.setdefault(f"ours, {items} gold", {})[name] = with_gold(votes, truth, items)
    for heading, found in (("merged splits", merged), ("fitted on train, scored on test", split)):
        for place, what in enumerate(FIGURES):
            show(f"{what}: {heading}", {t: {n: row[place] for n, row in rows.items()} for t, rows in found.items()})


def show(title: str, rows: dict[str, dict[str, float]]) -> None:
    """Print a table; where it is about the sets of labeling functions, with the mean of the corpora."""
    frame = pd.DataFrame(rows).T.dropna(axis=1, how="all")
    if set(frame) & set(ONE_CORPUS):
        corpora = frame.drop(columns=ONE_CORPUS).assign(youtube=frame[ONE_CORPUS].mean(axis=1))
        frame["mean of corpora"] = corpora.mean(axis=1)
    head = ["", *(name.removeprefix("ws_") for name in frame)]
    print(f"\n{title}\n\n| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    for name, row in frame.iterrows():
        print(f"| {name} | {' | '.join(f'{value:.3f}' for value in row)} |", flush=True)


def crowds() -> None:
    """Print the accuracy of each model on each crowd."""
    found: dict[str, dict[str, np.ndarray]] = {}
    for folder, names in CROWDS.items():
        for name in names:
            votes, truth = crowd(folder, name)
            known = votes.covered & (truth >= 0)
            models = {title: seeds for title, seeds in peers().items() if not title.startswith("Snorkel")}
            ours = {"ours, Dawid-Skene": [plain(DawidSkene())], "ours, the default": [plain(LabelModel())]}
            for title, seeds in (models | ours).items():
                each = [figures(fit(votes, votes)[known], truth[known]) for fit in seeds]
                found.setdefault(title, {})[name] = np.median(each, axis=0)
    for place in (0, 2):
        show(f"{FIGURES[place]}: crowds", {t: {n: row[place] for n, row in rows.items()} for t, rows in found.items()})


def planted() -> Iterator[tuple[str, np.ndarray, np.ndarray, Found]]:
    """Yield simulated votes in Snorkel's coding, the truth, and what knowing all accuracies would say."""
    for k in (2, 5):
        for lfs, coverage in ((5, 0.5), (50, 0.1), (500, 0.02)):
            yield simulated(f"{lfs} LFs, {coverage:.0%} each, k = {k}", k, lfs, coverage)
    yield simulated("20 LFs, 99 items in 100 of one label", 2, 20, 0.3, prior=[0.99, 0.01], accuracy=(0.8, 0.95))
    yield simulated("20 LFs, 2 % each", 2, 20, 0.02)
    yield simulated("20 LFs with one label each", 2, 20, 0.3, one_sided=True)
    yield simulated("20 LFs with one label each, k = 5", 5, 20, 0.3, one_sided=True)
    title, ints, truth, best = simulated("10 LFs and 9 copies of a poor one", 2, 10, 0.5)
    copied = ints[:, [int((ints == truth[:, None]).sum(axis=0).argmin())]]
    yield title, np.column_stack([ints, *[copied] * 9]), truth, best


def simulated(  # noqa: PLR0913 - what is planted
    title: str,
    k: int,
    lfs: int,
    coverage: float,
    *,
    prior: list[float] | None = None,
    accuracy: tuple[float, float] = (0.55, 0.9),
    one_sided: bool = False,
) -> tuple[str, np.ndarray, np.ndarray, Found]:
    """Return votes that are independent given the truth."""
    random = np.random.default_rng(0)
    items = 10_000
    truth = random.choice(k, items, p=prior)
    ints = np.full((items, lfs), -1)
    best = np.tile(np.log(prior if prior is not None else np.full(k, 1 / k)), (items, 1))
    for lf in range(lfs):
        right = random.uniform(*accuracy)
        if one_sided:  # fires on one label, and sometimes where it should not
            fires = np.where(np.arange(k) == lf % k, coverage, coverage * (1 - right) / right / (k - 1))
            given = np.zeros((k, k))
            given[:, lf % k] = fires
        else:
            given = coverage * (np.eye(k) * right + (1 - np.eye(k)) * (1 - right) / (k - 1))
        drawn = random.random(items)
        bounds = given[truth].cumsum(axis=1)
        voted = drawn < bounds[:, -1]
        ints[voted, lf] = (drawn[:, None] >= bounds).sum(axis=1)[voted]
        said = np.log(np.maximum(np.column_stack([given, 1 - given.sum(axis=1)]), 1e-300)).T
        best += said[ints[:, lf]]  # -1, who abstains, is the last
    best = np.exp(best - best.max(axis=1, keepdims=True))
    return title, ints, truth, best / best.sum(axis=1, keepdims=True)


def recovery() -> None:
    """Print accuracy where the truth is planted; macro-averaged over labels, so that one label alone scores 1/k."""
    rows: dict[str, dict[str, float]] = {}
    for title, ints, truth, best in planted():
        k = best.shape[1]
        votes = VoteMatrix.from_ints(ints, labels=k)
        models = {"majority vote": MajorityVote(), "Snorkel, 100 epochs": SnorkelLabelModel(), "ours": LabelModel()}
        found = {name: model.fit(votes).predict_proba(votes) for name, model in models.items()}
        found["knowing all accuracies"] = best
        rows[title] = {
            name: float(np.mean([recall(p, truth, votes.covered, label) for label in range(k)]))
            for name, p in found.items()
        }
    show("Recall, mean over labels, covered items, ties drawn: planted accuracies", rows)


def recall(probabilities: Found, truth: np.ndarray, covered: np.ndarray, label: int) -> float:
    """Return the share of a label's covered items that get it."""
    mine = covered & (truth == label)
    best = probabilities[mine] >= probabilities[mine].max(axis=1, keepdims=True) - 1e-9
    return float((best[:, label] / best.sum(axis=1)).mean())


def main() -> None:
    """Print the tables that are asked for."""
    parts = {"functions": functions, "crowds": crowds, "planted": recovery}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=[], help=", ".join(parts))
    chosen = parser.parse_args().parts or list(parts)
    torch.set_num_threads(1)  # for small matrices: more only wait for each other
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore")  # peers' own
    if MACE is None:
        print("crowd-kit is not installed: its models are left out.")
    for name in chosen:
        parts[name]()


if __name__ == "__main__":
    main()
