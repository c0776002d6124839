"""After a bump: gold of the split label alone moves no other group, and following the advice never makes it worse."""

from __future__ import annotations

import shutil
import sys

import numpy as np
import pandas as pd
import pytest

import retrolabel
from retrolabel.discovery.folders import discover
from retrolabel.wiring.feedback import IngestOptions
from retrolabel.wiring.templates import shipped_tasks
from tests.bumped import Bumped, gains, no_label_rests_on_sets_alone, old_groups

TASK, SOURCE = "airline_feedback", "airline_tweets"
OLD = ("negative", "neutral", "positive")
pytestmark = [pytest.mark.real, pytest.mark.slow]


def forget():
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]


def copy_task(folder, *, version_2):
    """Copy the files of the shipped task: those of version 1, or all."""
    for file in sorted((shipped_tasks() / TASK).rglob("*.*")):
        text = file.read_text(encoding="utf-8") if file.suffix in {".py", ".txt"} else None
        if text is not None and (version_2 or "v2_reasons" not in file.name + text):
            place = folder / "labeling_functions" / TASK / file.relative_to(shipped_tasks() / TASK)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, place)
    return retrolabel.open(folder).task(TASK)


@pytest.fixture(scope="module")
def tweets(real):
    data = pd.read_parquet(real("airline_tweets", "data.parquet"))
    data["reason"] = data["negativereason"].fillna(data["airline_sentiment"])
    return data.astype({"item_id": str})


@pytest.fixture(scope="module")
def people(tweets):
    """A random sample of 400, labelled under version 1."""
    return tweets.sample(400, random_state=0)


@pytest.fixture(scope="module")
def bumped(tmp_path_factory, tweets, people):
    """A project that was labelled under version 1 with that gold, and under version 2; its folder and first set."""
    folder = tmp_path_factory.mktemp("airline")
    (folder / "retrolabel.toml").write_text("tracking = false\n")
    task = copy_task(folder, version_2=False)
    tweets[["item_id", "created_at", "airline", "text"]].to_parquet(folder / "tweets.parquet")
    options = IngestOptions(id_column="item_id", time_column="created_at")
    retrolabel.open(folder).feedback.ingest(folder / "tweets.parquet", SOURCE, options)
    people.assign(label=people["airline_sentiment"])[["item_id", "label"]].to_csv(folder / "v1.csv", index=False)
    task.gold.import_file(folder / "v1.csv", SOURCE, role="dev", sampling="random")
    first = task.relabel().label_set.id
    copy_task(folder, version_2=True).relabel()
    yield folder, first
    forget()


@pytest.mark.parametrize("sampling", ["random", "other"])
def test_gold_of_the_split_label_alone_moves_no_other_group(bumped, tweets, people, sampling, tmp_path):
    folder, first = bumped
    here = tmp_path / "project"
    shutil.copytree(folder, here)
    forget()
    task = retrolabel.open(here).task(TASK)
    negative = people[people["airline_sentiment"] == "negative"]
    negative.assign(label=negative["reason"])[["item_id", "label"]].to_csv(here / "v2.csv", index=False)
    taken = task.gold.import_file(here / "v2.csv", SOURCE, role="dev", sampling=sampling)
    assert (taken.drawn_before, taken.added) == (len(negative), len(negative))
    assert (taken.not_random is not None) == (sampling == "random")
    report = task.relabel()
    truth = tweets.set_index("item_id")["airline_sentiment"]
    reasons = set(task.history.head.leaves) - set(OLD)
    before, after = (old_groups(task.labels(of), reasons, "negative") for of in (first, "latest"))
    both = before.index[before.notna() & after.reindex(before.index).notna()]
    was, now = ((groups[both] == truth[both]).mean() for groups in (before, after))
    assert len(both) > 10_000
    assert now > was - 0.01
    shares = after.value_counts(normalize=True)
    assert {label: shares[label] for label in OLD} == pytest.approx(
        truth.value_counts(normalize=True).to_dict(), abs=0.05
    )
    assert report.dev.items == 400
    exact = [item for item in task.gold.adjudicated().items if item.label != "negative"]
    assert report.dev.agreement.n == len(exact) == 400
    no_label_rests_on_sets_alone(task.label_set())


def trec(real):
    frame = pd.read_parquet(real("ws_trec", "data.parquet"))
    frame = frame[frame["gold"].notna()]
    lfs = sorted(column for column in frame if column.startswith("lf_"))
    votes = retrolabel.VoteMatrix.from_ints(frame[lfs].to_numpy(), labels=6, voters=lfs)
    truth = frame["gold"].to_numpy().astype(np.int64)
    parts = np.argsort(-np.bincount(truth, minlength=6))[:3]
    return Bumped.of(votes, truth, sorted(parts.tolist()))


def issues(real):
    data = pd.read_parquet(real("github_issues_nlbse24", "data.parquet")).iloc[:1_500].reset_index(drop=True)
    found = discover(shipped_tasks().parent, "issue_type")
    votes = retrolabel.apply(found.lfs, data, schema=found.history.head, features=found.features.values())
    truth = np.array([votes.votes.labels.index(each) for each in data["label"]])
    return Bumped.of(votes.votes, truth, (0, 1))


def tweets_again(bumped, tweets):
    votes = retrolabel.open(bumped[0]).task(TASK).votes()
    some = votes.sample(3_000, random_state=0)
    labels = list(retrolabel.open(bumped[0]).task(TASK).history.head.leaves)
    rows = [
        [{labels.index(each) for each in text.split("|")} if isinstance(text, str) else None for text in row]
        for row in some.to_numpy(dtype=object).tolist()
    ]
    matrix = retrolabel.VoteMatrix.from_sets(rows, labels=labels, voters=list(some.columns))
    truth = tweets.set_index("item_id")["reason"].reindex(some.index.get_level_values("item_id"))
    by_name = {
        name: label.id
        for label in map(retrolabel.open(bumped[0]).task(TASK).history.head.label, labels)
        for name in (label.id, label.name, *label.aliases)
    }
    places = np.array([labels.index(by_name[each]) for each in truth])
    return Bumped(matrix, places, tuple(place for place, label in enumerate(labels) if label not in OLD))


@pytest.fixture(params=["trec", "issues", "airline"], scope="module")
def world(request, real):
    """Votes on a corpus of which a label was split, so that half of the voters that know its parts do not."""
    if request.param == "airline":
        return tweets_again(request.getfixturevalue("bumped"), request.getfixturevalue("tweets"))
    return {"trec": trec, "issues": issues}[request.param](real)


@pytest.mark.parametrize("narrowed", [None, 20], ids=["all of them", "a sample"])
def test_following_the_advice_for_gold_of_a_split_label_costs_no_accuracy(world, narrowed):
    found = gains(world, narrowed, range(10)).mean(axis=0)
    assert (found >= -0.01).all(), found
