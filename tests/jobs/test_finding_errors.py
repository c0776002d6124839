"""Errors of a task: by what is said without an item's own gold, and never of test gold."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel.errors import GoldError, InputError, LabelingFunctionError, UnknownLabelError
from retrolabel.jobs.label_sets.comparing import GoldOnPatterns
from retrolabel.jobs.label_sets.learning import learning_curve
from retrolabel.jobs.label_sets.lf_against import against_others
from retrolabel.jobs.label_sets.marginal import added_by_each
from retrolabel.jobs.ports.progress import Silence
from retrolabel.label_models.gold import GoldSets
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.votes import VoteMatrix
from tests.jobs.conftest import SAID
from tests.jobs.test_comparing import TRUTH

LFS = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import keywords

praises = keywords(GOOD, ["thanks", "great"], column="comment")
complains = keywords(BAD, ["wrong", "slow"], column="comment")
shouts = keywords(BAD, ["AGAIN"], column="comment")
"""


@pytest.fixture
def task(project):
    """Return a task with 80 dev gold, one of which says otherwise than all its like, and 40 test gold."""
    project.lfs(LFS)
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=160), "web")
    dev = {number: TRUTH[number % 8] for number in range(80)}
    dev[8] = "bad"  # "thanks a lot", as 0, 16, 24 ...
    test = {number: "bad" if number == 120 else TRUTH[number % 8] for number in range(120, 160)}
    opened.task("mood").gold.import_file(project.gold(dev), "web", role="dev", sampling="random")
    opened.task("mood").gold.import_file(project.gold(test, "test.csv"), "web", role="test", sampling="random")
    opened.task("mood").relabel()
    return opened.task("mood")


def test_an_item_that_was_fitted_is_judged_by_a_model_that_had_not_seen_it(task):
    found = task.errors()
    label_set = task.label_set()
    assert found.attrs["cross_fitted"] == 80
    assert "8" in found["item_id"].tolist()
    row = found.set_index("item_id").loc["8"]
    unseen = label_set.cross_fitted_probabilities()["web", "8"]
    assert row["probability"] == max(unseen)
    assert row["gold"] == "bad"
    assert row["label"] == label_set.cross_fitted()["web", "8"] == "good"
    assert row["partial"] == "good"  # what votes leave; with gold it would be bad


def test_an_error_has_its_text_its_votes_and_their_words(task):
    row = task.errors().set_index("item_id").loc["8"]
    assert row["comment"] == "thanks a lot"
    assert row["votes"] == {"praises": "good"}
    (span,) = row["words"]["praises"]
    assert tuple(span) == ("comment", 0, 6, "thanks")
    assert row["month"] == "2026-01"


def test_items_with_test_gold_are_in_no_list_and_no_count(task):
    assert task.errors().attrs["items"] == 80
    assert not set(task.errors()["item_id"]) & set(map(str, range(120, 160)))
    assert task.buckets("gold")["items"].sum() == 80
    assert task.confusion().counts.to_numpy().sum() == 80
    against = task.lf_errors(sure=0.5)
    assert not set(against["item_id"]) & set(map(str, range(120, 160)))


def test_counts_add_up_over_lists_and_tables(task):
    about, table = task.errors().attrs, task.confusion()
    off = table.counts.to_numpy().sum() - np.trace(table.counts.to_numpy()[:, :2])
    without = table.counts[["(guessed)", "(no votes)"]].to_numpy().sum()
    assert about["wrong"] == off - without
    assert len(task.errors(label="(no votes)")) == table.counts["(no votes)"].sum() > 0


def test_errors_are_asked_for_by_labels_labeling_function_and_slice(task):
    whole = task.errors()
    some = task.errors(gold="bad", label="good", lf="praises", slice="comment has lot")
    assert set(some["item_id"]) == {"8"}
    assert set(some["item_id"]) < {*whole["item_id"], "another"}
    with pytest.raises(UnknownLabelError):
        task.errors(gold="baad")
    with pytest.raises(LabelingFunctionError, match="Did you mean 'praises'"):
        task.errors(lf="praise")
    with pytest.raises(InputError):
        task.errors(slice="nonsense")


def test_a_labeling_function_is_against_gold_where_its_vote_leaves_none_of_it(task):
    found = task.lf_errors("praises")
    by_gold = found[found["against"] == "gold"]
    assert "8" in by_gold["item_id"].tolist()
    assert {SAID[int(item) % 8] for item in by_gold["item_id"]} == {"thanks a lot", "thanks, but wrong"}
    assert found.attrs["counts"]["praises"]["against_gold"] == len(by_gold) == 11
    assert found.attrs["counts"]["praises"]["votes_on_gold"] == 30


def test_the_others_are_asked_as_if_the_labeling_function_were_not_there(task):
    label_set = task.label_set()
    for place, lf in enumerate(label_set.voters):
        wrong, found = against_others(label_set, place, sure=0.5)
        alone = np.array([sum(value is not None for value in row.values()) == 1 for row in _votes(label_set)])
        assert not (wrong & alone).any(), lf  # nobody else says anything there
        assert not found[alone].any()


def _votes(label_set):
    return label_set.patterns.select([f"v_{lf}" for lf in label_set.voters]).to_pylist()


def test_without_dev_gold_there_are_no_errors_and_labeling_functions_are_held_against_the_others(project):
    project.lfs(LFS)
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=40), "web")
    opened.task("mood").relabel()
    with pytest.raises(GoldError, match="There is no dev gold"):
        opened.task("mood").errors()
    assert opened.task("mood").lf_errors().attrs["counts"]["praises"]["votes_on_gold"] == 0


def test_buckets_are_counted_by_labels_months_and_votes(task):
    found = task.buckets("praises", "complains")
    assert found.loc[("good", "bad"), "items"] == 10
    assert found.loc[("-", "-"), "judged"] == 0
    with pytest.raises(InputError, match=r"No bucket is called 'montth'\. Did you mean 'month'"):
        task.buckets("montth")


def test_flips_take_label_sets_by_name(task):
    assert task.flips("latest", "latest").to_numpy().sum() == 160


def test_the_summary_names_what_deserves_a_look(task):
    frame = task.lf_summary()
    assert frame.attrs["order"][0] == "praises"
    assert frame["look"].tolist() == [(), (), ()]  # so that most wrong votes come first
    assert frame["incorrect"].idxmax() == "praises"
    assert frame.loc["praises", "low"] < frame.loc["praises", "precision"] < frame.loc["praises", "high"]
    assert (frame["microseconds"] > 0).all()
    assert frame.attrs["marginal"]["judged"] == 60
    assert "adds" not in task.lf_summary(marginal=False)


def on_gold(votes, truth, folds):
    patterns = votes.patterns()
    k = len(votes.labels)
    known = GoldSets(patterns.inverse.astype(np.int64), np.eye(k, dtype=bool)[truth], np.ones(len(truth)))
    return GoldOnPatterns(patterns, known, folds)


def simulated(seed=0, items=400):
    """Return the votes of four labeling functions, one of which is wrong as a rule, with gold on all items."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, items)
    right = random.random((items, 4)) < [0.95, 0.1, 0.7, 0.7]
    said = np.where(right, truth[:, None], 1 - truth[:, None])
    said[random.random((items, 4)) < 0.2] = -1
    votes = VoteMatrix.from_ints(said, labels=2, voters=["good", "bad", "one", "other"])
    return on_gold(votes, truth, np.arange(items) % 5)


def test_what_is_right_adds_and_what_is_wrong_takes_away():
    found = added_by_each(MajorityVote(), simulated(), Silence())
    assert found.loc["good", "adds_low"] > 0
    assert found.loc["bad", "adds_high"] < 0
    assert found.attrs["judged"] == 399  # on one nobody votes


def test_an_item_that_one_alone_votes_on_is_lost_without_it():
    votes = VoteMatrix.from_ints([[0, -1], [0, 0], [-1, 1]], labels=2, voters=["f", "g"])
    found = added_by_each(MajorityVote(), on_gold(votes, np.array([0, 0, 1]), np.zeros(3, int)), Silence())
    assert found["adds"].round(3).tolist() == [0.333, 0.333]
    assert found["alone"].tolist() == [1, 1]


def test_a_silent_labeling_function_adds_nothing():
    votes = VoteMatrix.from_ints([[0, -1], [1, -1]] * 30, labels=2, voters=["f", "silent"])
    gold = on_gold(votes, np.array([0, 1] * 30), np.arange(60) % 5)
    assert added_by_each(LabelModel(), gold, Silence()).loc["silent", ["adds", "adds_low", "adds_high"]].tolist() == [
        0.0,
        0.0,
        0.0,
    ]


def test_a_learning_curve_ends_at_the_cross_fitted_score_and_fitted_gold_never_judges_itself():
    gold = simulated()
    found = learning_curve(LabelModel(), gold, Silence(), repeats=2).set_index(["what", "share"])
    ends = found.loc[[("gold", 1.0), ("lfs", 1.0), ("items", 1.0)], "accuracy"]
    assert ends.nunique() == 1
    assert ends.iloc[0] == pytest.approx(added_by_each(LabelModel(), gold, Silence()).attrs["accuracy"])
    assert found.loc[("lfs", 0.25), "covered"] < found.loc[("lfs", 1.0), "covered"] == 1.0
    assert found.loc[("gold", 0.5), "size"] == 200
    assert (found["low"] <= found["accuracy"]).all()
    again = learning_curve(LabelModel(), gold, Silence(), repeats=2).set_index(["what", "share"])
    assert (found["accuracy"] == again["accuracy"]).all()


def test_words_are_looked_for_in_as_many_items_as_are_asked_for_and_that_is_told(task, monkeypatch):
    told = []
    monkeypatch.setattr(task._site.progress, "start", lambda *stretch: told.append(stretch))
    found = task.errors(words=0)
    assert found["words"].tolist() == [{}] * len(found)
    assert len(found) >= 1
    assert any(task.errors(words=1)["words"][0])
    assert told[-2:] == [("words of labeling functions", 0), ("words of labeling functions", 1)]
