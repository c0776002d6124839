"""The story of an app's reviews: four labels, one split in three, and gold of the split label alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import retrolabel
from tests.bumped import Bumped, gains, no_label_rests_on_sets_alone, old_groups

N, GOLD = 2_000, 126
SHARES = {"crash": 0.14, "login": 0.12, "slow": 0.10, "feature": 0.22, "praise": 0.32, "other": 0.10}
PARTS = ("crash", "login", "slow")
WORDS = {
    "crash": ["crashes", "freezes", "closes itself"],
    "login": ["password", "sign in", "account"],
    "slow": ["slow", "takes ages", "laggy"],
    "feature": ["please add", "would be nice", "wish it had"],
    "praise": ["love it", "great app", "thank you"],
    "other": ["bought it", "my phone", "last week"],
}
V1 = """
from retrolabel import Label, LabelSchema
BUG, FEATURE, PRAISE, OTHER = Label("bug"), Label("feature"), Label("praise"), Label("other")
SCHEMA = LabelSchema(task="review", version="1.0.0", labels=[BUG, FEATURE, PRAISE, OTHER])
"""
V2 = """
from labeling_functions.review.schema.v1 import BUG, FEATURE, OTHER, PRAISE
from labeling_functions.review.schema.v1 import SCHEMA as V1
from retrolabel import Label, LabelSchema, Split
CRASH, LOGIN, SLOW = Label("crash"), Label("login"), Label("slow")
SCHEMA = LabelSchema(task="review", version="2.0.0", revises=V1, labels=[CRASH, LOGIN, SLOW, FEATURE, PRAISE, OTHER],
                     steps=[Split(BUG, into=[CRASH, LOGIN, SLOW])])
"""
OLD = """
from labeling_functions.review.schema.v1 import BUG, FEATURE, OTHER, PRAISE
from retrolabel import keywords
broken = keywords(BUG, ["crashes", "freezes", "password", "slow", "laggy"], column="comment")
annoyed = keywords(BUG, ["terrible", "useless", "uninstalled"], column="comment")
angry = keywords(BUG, ["one star", "refund"], column="comment")
wishes = keywords(FEATURE, ["please add", "would be nice"], column="comment")
misses = keywords(FEATURE, ["wish it had", "missing"], column="comment")
loves = keywords(PRAISE, ["love it", "great app"], column="comment")
thanks = keywords(PRAISE, ["thank you", "five stars"], column="comment")
chats = keywords(OTHER, ["bought it", "last week"], column="comment")
"""
NEW = """
from labeling_functions.review.schema.v2 import CRASH, LOGIN, SLOW
from retrolabel import keywords
crashes = keywords(CRASH, ["freezes", "closes itself"], column="comment")
signs_in = keywords(LOGIN, ["password"], column="comment")
lags = keywords(SLOW, ["takes ages"], column="comment")
"""


def reviews(seed=0):
    """Return reviews that were never written, with what they are about: words of other things are mixed in."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(list(SHARES), size=N, p=list(SHARES.values()))
    texts = []
    for label in truth:
        words = [rng.choice(WORDS[label])] if rng.random() < 0.8 else []
        if label in PARTS and rng.random() < 0.6:
            words.append(rng.choice(["terrible", "useless", "uninstalled", "one star", "refund"]))
        if rng.random() < 0.15:
            words.append(rng.choice(WORDS[rng.choice(list(WORDS))]))
        if label == "praise" and rng.random() < 0.3:
            words.append("five stars")
        texts.append(", ".join([*words, "ok"]))
    return pd.DataFrame({"item_id": [f"r{n}" for n in range(N)], "comment": texts, "truth": truth})


@pytest.fixture
def task(folder, write):
    """A function that returns the task, with the files of version 1, or of both."""
    write("retrolabel.toml", "tracking = false\n")
    write("labeling_functions/__init__.py", "")
    write("labeling_functions/review/__init__.py", "")
    write("labeling_functions/review/schema/__init__.py", "")
    write("labeling_functions/review/schema/v1.py", V1)
    write("labeling_functions/review/old.py", OLD)

    def go(*, bumped=False):
        if bumped:
            write("labeling_functions/review/schema/v2.py", V2)
            write("labeling_functions/review/new.py", NEW)
        return retrolabel.open(folder).task("review")

    return go


def as_thumbs(truth):
    return truth.where(~truth.isin(PARTS), "bug")


@pytest.mark.parametrize("sampling", ["random", "other"])
def test_gold_of_the_split_label_alone_moves_no_other_group_and_the_screen_says_what_it_is_over(
    task, folder, write, run, sampling
):
    data = reviews()
    data[["item_id", "comment"]].to_csv(folder / "all.csv", index=False)
    assert run("ingest", "all.csv", "--source", "store").code == 0
    sample = data.sample(GOLD, random_state=1)
    sample.assign(label=as_thumbs(sample["truth"]))[["item_id", "label"]].to_csv(folder / "v1.csv", index=False)
    task().gold.import_file("v1.csv", "store", role="dev", sampling="random")
    first = task().relabel().label_set.id
    bugs = sample[sample["truth"].isin(PARTS)]

    asked = task(bumped=True)
    diff = asked.schema.diff("1.0.0", "2.0.0")
    (advice,) = [choice for label in diff.labels for choice in label.choices if choice.recommended]
    told = f"one label on each of these {len(bugs)}; the other {GOLD - len(bugs)} gold items stay fitted"
    assert (advice.choice, advice.labels, advice.buys) == ("relabel", len(bugs), told)

    second = asked.relabel()
    assert second.dev.items == GOLD
    assert second.dev.agreement.n == GOLD - len(bugs)
    assert set(second.dev.without_gold) == set(PARTS)
    assert second.dev.earlier["bug", "1.0.0"].items == len(bugs)
    summary = run("lf", "summary", "review", "--json").json["lfs"]
    assert any(each["on_gold"] > each["correct"] + each["incorrect"] for each in summary)
    assert "poss, of: share of its votes on all dev gold" in " ".join(run("lf", "summary", "review").out.split())
    page = " ".join(run("evaluate", "review").out.split())
    assert f"judged (none of them crash, login, slow), of {GOLD} gold items" in page

    bugs.assign(label=bugs["truth"])[["item_id", "label"]].to_csv(folder / "v2.csv", index=False)
    words = ("gold", "import", "review", "v2.csv", "--source", "store", "--role", "dev", "--sampling", sampling)
    printed = " ".join(run(*words).out.split())
    assert ("taken as --sampling other, not random" in printed) == (sampling == "random")
    assert f"{len(bugs)} items of a known draw keep it" in printed
    third = task().relabel()
    assert (third.dev.items, third.dev.agreement.n) == (GOLD, GOLD)
    assert third.paired.items > 0
    assert third.as_dict()["before"]["id"] == second.label_set.id

    truth = data.set_index("item_id")["truth"]
    before, after = (old_groups(task().labels(of), PARTS, "bug") for of in (first, "latest"))
    both = before.index[before.notna() & after.reindex(before.index).notna()]
    was, now = ((groups[both] == as_thumbs(truth)[both]).mean() for groups in (before, after))
    assert now >= was - 0.01
    shares = after.value_counts(normalize=True).to_dict()
    assert shares == pytest.approx(
        as_thumbs(truth)[after.dropna().index].value_counts(normalize=True).to_dict(), abs=0.05
    )
    no_label_rests_on_sets_alone(task().label_set())


def test_following_the_advice_costs_no_accuracy_in_the_simulation(task, folder):
    data = reviews(1)
    data[["item_id", "comment"]].to_csv(folder / "all.csv", index=False)
    retrolabel.open(folder).feedback.ingest(folder / "all.csv", "store")
    asked = task(bumped=True)
    asked.relabel()
    matrix = asked.vote_matrix()
    truth = np.array([matrix.labels.index(label) for label in data["truth"]])
    world = Bumped(matrix, truth, tuple(matrix.labels.index(part) for part in PARTS))
    for narrowed in (None, 20):
        found = gains(world, narrowed, range(10)).mean(axis=0)
        assert (found >= -0.01).all(), found
