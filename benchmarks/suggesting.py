"""How good suggested labeling functions are, taken as they come: `retrolabel lf suggest` on real feedback.

Each set is a task without labeling functions, with dev gold that suggests and judges, and test gold that is read here
once, at the end. Ten best: how often each is right on test gold, by its hits there; the mean of ten, the worst, and all
votes together. Beside it the labeling functions that ship with the task, on the same items, and the ten best that are
suggested where these are there already. A label set is made of suggestions alone: ten, or all there are. Its accuracy
is over the items that it covers. Dev gold chose the suggestions, so the dev score of such a label set flatters.

`goemotions` and `tubespam` were looked at for this table alone, when all settings stood.

    RETROLABEL_DATA=... python benchmarks/suggesting.py [SET ...]

The tables are Markdown.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from end_models import airline, gold, issues
from real_votes import data

import retrolabel
from retrolabel.gold.agreement import wilson
from retrolabel.interop.first_task import labels_of, schema_text
from retrolabel.wiring.feedback import IngestOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from retrolabel import VoteMatrix
    from retrolabel.analysis.suggested_lfs import SuggestedLfs
    from retrolabel.labeling.functions import LabelingFunction

TASK, SOURCE = "kind", "texts"
TEN = 10
INTENTS = [
    "card_arrival", "lost_or_stolen_card", "declined_card_payment", "cash_withdrawal_charge", "exchange_rate",
    "pending_transfer", "top_up_failed", "verify_my_identity", "change_pin", "Refund_not_showing_up",
]  # fmt: skip


class Feedback(NamedTuple):
    """Items with columns of texts, ``label``, and ``role``: dev, test, or nothing."""

    rows: pd.DataFrame
    columns: tuple[str, ...]


def issue_type() -> Feedback:
    """Return issues; half of them are test."""
    rows = pd.read_parquet(data() / "github_issues_nlbse24" / "data.parquet")
    rows = rows[~rows["body"].fillna("").str.contains("\0")]
    return Feedback(rows.assign(role=rows["split"].map({"train": "dev", "test": "test"})), ("title", "body"))


def airline_feedback() -> Feedback:
    """Return tweets with their sentiment: 600 of the first days are dev gold, all of the last two days test."""
    rows = pd.read_parquet(data() / "airline_tweets" / "data.parquet").rename(columns={"airline_sentiment": "label"})
    early = rows["created_at"] < "2015-02-23"
    rows = rows.assign(role=np.where(early, "", "test"))
    rows.loc[rows[early].sample(600, random_state=2015).index, "role"] = "dev"
    return Feedback(rows, ("text",))


def banking77() -> Feedback:
    """Return questions of ten intents: 600 of the training part are dev gold."""
    rows = pd.read_parquet(data() / "banking77" / "data.parquet")
    rows = rows[rows["label"].isin(INTENTS)].reset_index(drop=True)
    rows = rows.assign(role=np.where(rows["split"] == "test", "test", ""))
    rows.loc[rows[rows["role"] == ""].sample(600, random_state=77).index, "role"] = "dev"
    return Feedback(rows, ("text",))


def goemotions() -> Feedback:
    """Return comments with one of four groups of emotions: 1,000 are dev gold."""
    rows = pd.read_parquet(data() / "goemotions_3schemas" / "data.parquet")
    rows = rows[rows["labels_group"].map(len) == 1].reset_index(drop=True)
    rows = rows.assign(label=rows["labels_group"].map(lambda labels: labels[0]))
    train = rows[rows["split"] == "train"].sample(15_000, random_state=7)
    rows = pd.concat([train.assign(role=""), rows[rows["split"] == "dev"].assign(role="test")], ignore_index=True)
    rows.loc[rows[rows["role"] == ""].sample(1_000, random_state=7).index, "role"] = "dev"
    return Feedback(rows, ("text",))


def tubespam() -> Feedback:
    """Return comments on videos, spam or not: 600 of the training part are dev gold."""
    rows = pd.read_parquet(data() / "ws_tubespam_dated" / "data.parquet")
    rows = rows.assign(
        label=rows["gold"].map({0: "ham", 1: "spam"}), role=np.where(rows["split"] == "test", "test", "")
    )
    rows.loc[rows[rows["role"] == ""].sample(600, random_state=5).index, "role"] = "dev"
    return Feedback(rows, ("text",))


SETS: dict[str, Callable[[], Feedback]] = {
    each.__name__: each for each in (issue_type, airline_feedback, banking77, goemotions, tubespam)
}


def project(folder: Path, told: Feedback) -> retrolabel.Workspace:
    """Return a project whose task has labels, gold and items, and no labeling functions."""
    labels = labels_of(sorted(told.rows["label"].unique()))
    schema = folder / "labeling_functions" / TASK / "schema"
    schema.mkdir(parents=True)
    for each in (schema, schema.parent, schema.parents[1]):
        (each / "__init__.py").touch()
    (schema / "v1.py").write_text(schema_text(TASK, labels, told.columns[0]), encoding="utf-8")
    (folder / "retrolabel.toml").write_text("tracking = false\n")
    ws = retrolabel.open(folder, store=folder / ".retrolabel")
    told.rows[["item_id", *told.columns]].to_csv(folder / "items.csv", index=False)
    ws.feedback.ingest(folder / "items.csv", SOURCE, IngestOptions("item_id"))
    for role in ("dev", "test"):
        gold(ws, folder, TASK, SOURCE, told.rows[told.rows["role"] == role], "label", role=role)
    return ws


class Precision(NamedTuple):
    """How often votes are right on test gold, for each labeling function that votes there: right, of."""

    counts: list[tuple[int, int]]

    def told(self) -> str:
        """Return the mean of the labeling functions, the worst, and all votes."""
        shares = [right / of for right, of in self.counts if of]
        if not shares:
            return "- | - | -"
        right, of = (sum(each) for each in zip(*self.counts, strict=True))
        return f"{np.mean(shares):.3f} | {min(shares):.3f} | {right:,} of {of:,}: {wilson(right, of)}"


def precision(votes: VoteMatrix, test: Sequence[str], *, one: bool) -> Precision:
    """Return how often votes leave the label of test gold; only those for one label where that is asked."""
    places = {label: place for place, label in enumerate(votes.labels)}
    true = np.array([places.get(label, -1) for label in test])
    found = []
    for column in votes.codes.T:
        hit = (column > 0) & (not one or votes.membership.sum(axis=1)[column] == 1)
        found.append((int(votes.membership[column[hit], true[hit]].sum()), int(hit.sum())))
    return Precision(found)


def of_suggested(lfs: Iterable[LabelingFunction], told: Feedback, ids: dict[str, str]) -> Precision:
    """Return how often suggested labeling functions are right on test gold, where they vote."""
    test = told.rows[told.rows["role"] == "test"]
    frame = test[list(told.columns)].astype(object).where(test[list(told.columns)].notna(), None)
    counts = []
    for lf in lfs:
        hit = retrolabel.apply([lf], frame).votes.codes[:, 0] > 0
        mine = next(iter(lf.declared[0].ids))
        counts.append((int((test["label"].map(ids)[hit] == mine).sum()), int(hit.sum())))
    return Precision(counts)


def made_of(folder: Path, told: Feedback, limit: int | None) -> tuple[int, Any]:
    """Return how many suggestions a label set is made of, and how it agrees with gold."""
    with tempfile.TemporaryDirectory() as place:
        ws = project(Path(place) / folder.name, told)
        task = ws.task(TASK)
        file = Path(place) / "suggested.py"
        count = len(task.suggest_lfs(limit=limit, write=file, columns=told.columns))
        shutil.move(file, Path(place) / folder.name / "labeling_functions" / TASK / "suggested.py")
        task.relabel()
        return count, task.evaluate(final=True).scores


def shipped(name: str, folder: Path) -> tuple[dict[str, Precision], Precision | None, Any]:
    """Return the precision of the labeling functions that ship, of suggestions beside them, and the label set's."""
    ws = issues(folder, 1_500) if name == "issue_type" else airline(folder, 600)
    task = ws.task(name)
    version = "1.0.0" if name == "airline_feedback" else None
    told = SETS[name]()
    test = told.rows[told.rows["role"] == "test"].set_index(
        told.rows["item_id"].astype(str)[told.rows["role"] == "test"]
    )
    frame = task.votes(to=version).reset_index()
    known = frame["item_id"].isin(test.index).to_numpy()
    votes, labels = task.vote_matrix(to=version).rows(known), test.loc[frame["item_id"][known], "label"].tolist()
    mine = {"shipped": precision(votes, labels, one=False), "their votes for one": precision(votes, labels, one=True)}
    beside = None
    if version is None:
        found = task.suggest_lfs(columns=told.columns)
        beside = of_suggested([each.lf for each in found], told, {label: label for label in test["label"].unique()})
    return mine, beside, task.evaluate(final=True).scores


def measure(name: str) -> None:
    """Print the lines of a set."""
    told = SETS[name]()
    ids = {
        each: label.id for label in labels_of(sorted(told.rows["label"].unique())) for each in (label.name, label.id)
    }
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "alone"
        folder.mkdir()
        task = project(folder, told).task(TASK)
        began = process_time()
        found = task.suggest_lfs(limit=None, columns=told.columns)
        seconds = process_time() - began
        every = of_suggested([each.lf for each in found], told, ids)
        ten = Precision(every.counts[:TEN])
        rest, holds = found.all_found, sum(each.found.state == "holds" for each in found)
        shares = told.rows.loc[told.rows["role"] == "test", "label"].map(ids).value_counts(normalize=True)
        mean = np.mean([shares[each.found.label] for each in list(found)[:TEN]])
        of = f"{len(found)} found, {holds} better than chance; {rest.gold:,} dev, {seconds:.1f} s of a processor"
        of += f"; {_inside(found, every)}"
        print(f"| {name} | ten best | {ten.told()} | chance {mean:.3f}; {of} |", flush=True)
        for limit in (TEN, None):
            count, scores = made_of(folder, told, limit)
            print(f"| {name} | label set of {count} | {_scores(scores)} |", flush=True)
            _forget()
    if name in ("issue_type", "airline_feedback"):
        with tempfile.TemporaryDirectory() as place:
            mine, beside, scores = shipped(name, Path(place))
            for what, each in mine.items():
                print(
                    f"| {name} | {what} | {each.told()} | {sum(of > 0 for _, of in each.counts)} labeling functions |"
                )
            if beside is not None:
                print(f"| {name} | ten best beside them | {beside.told()} | |")
            print(f"| {name} | label set of the shipped | {_scores(scores)} |", flush=True)


def _inside(found: SuggestedLfs, every: Precision) -> str:
    """Return for how many suggestions the interval on test gold meets the one that was shown."""
    both = [(each.found.precision, wilson(*counts)) for each, counts in zip(found, every.counts, strict=True)]
    both = [(shown, test) for shown, test in both if shown.value is not None and test.value is not None]
    meet = sum(shown.low <= test.high and test.low <= shown.high for shown, test in both)
    return f"{meet} of {len(both)} intervals meet those of test"


def _scores(scores: Any) -> str:
    """Return the accuracy on dev and on test, each with what it is over."""
    given = [(role, scores[role].agreement) for role in ("dev", "test") if role in scores]
    return " | ".join(f"{role} {each.accuracy} over {each.covered:,} of {each.n:,}" for role, each in given)


def _forget() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="*", help=", ".join(SETS))
    for name in parser.parse_args().sets or SETS:
        measure(name)
        _forget()


if __name__ == "__main__":
    main()
