"""The simulated feedback is reproducible, complete, varied, and changes in time as the story says."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from retrolabel.errors import GoldError, InputError
from retrolabel.jobs.demo.feedback import MODES, Simulated, annotate, simulate_feedback
from retrolabel.jobs.demo.phrases import COMPLAINTS, NEUTRAL, PRAISE

ITEMS = 6_000


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    return simulate_feedback(ITEMS, seed=5)


def by_month(simulated: Simulated, mode: str) -> pd.Series[float]:
    months = simulated.feedback["created_at"].dt.month
    return (simulated.truth["failure_mode"] == mode).groupby(months).mean()


def missing(column: pd.Series[str]) -> float:
    return float((column.fillna("") == "").mean())


def test_the_same_seed_gives_the_same_frames(simulated: Simulated) -> None:
    again = simulate_feedback(ITEMS, seed=5)
    assert_frame_equal(simulated.feedback, again.feedback)
    assert_frame_equal(simulated.truth, again.truth)


def test_another_seed_gives_other_texts(simulated: Simulated) -> None:
    other = simulate_feedback(ITEMS, seed=6)
    assert (simulated.feedback["answer"] == other.feedback["answer"]).mean() < 0.05


def test_the_columns_have_the_promised_names_and_types(simulated: Simulated) -> None:
    types = {name: str(dtype) for name, dtype in simulated.feedback.dtypes.items()}
    assert types == {
        "item_id": "object",
        "created_at": "datetime64[us, UTC]",
        "prompt": "object",
        "answer": "object",
        "sources": "object",
        "latency_seconds": "float64",
        "rating": "Int64",
        "comment": "object",
        "channel": "object",
    }
    assert list(simulated.truth.columns) == ["item_id", "thumbs", "failure_mode"]


def test_values_stay_within_their_ranges(simulated: Simulated) -> None:
    feedback = simulated.feedback
    assert feedback["item_id"].is_unique
    assert feedback["item_id"].iloc[0] == "fb-000001"
    assert feedback["rating"].dropna().between(1, 5).all()
    assert (feedback["latency_seconds"] > 0).all()
    assert set(feedback["channel"]) == {"web", "ide", "slack"}
    assert (feedback[["prompt", "answer"]].map(len) > 0).all(axis=None)


def test_no_slot_is_left_unfilled(simulated: Simulated) -> None:
    texts = simulated.feedback[["prompt", "sources", "comment"]].fillna("")
    assert not texts.apply(lambda column: column.str.contains(r"\{\w+\}")).any(axis=None)


def test_thumbs_are_good_exactly_where_nothing_failed(simulated: Simulated) -> None:
    truth = simulated.truth
    assert set(truth["failure_mode"]) == set(MODES)
    assert ((truth["thumbs"] == "good") == (truth["failure_mode"] == "good")).all()
    assert list(truth["item_id"]) == list(simulated.feedback["item_id"])
    assert 0.45 < (truth["thumbs"] == "good").mean() < 0.6


def test_times_ascend_within_the_six_months(simulated: Simulated) -> None:
    times = simulated.feedback["created_at"]
    assert times.is_monotonic_increasing
    assert times.min() >= pd.Timestamp("2026-01-01", tz="UTC")
    assert times.max() < pd.Timestamp("2026-07-01", tz="UTC")
    assert times.dt.month.nunique() == 6


def test_the_last_day_follows_from_start_and_months() -> None:
    times = simulate_feedback(3_000, start=date(2025, 11, 15), months=3).feedback["created_at"]
    assert times.min().date() == date(2025, 11, 15)
    assert times.max().date() == date(2026, 2, 14)


def test_people_write_on_workdays_and_more_from_month_to_month(simulated: Simulated) -> None:
    times = simulated.feedback["created_at"]
    assert (times.dt.day_of_week >= 5).mean() < 0.12
    assert times.dt.hour.between(7, 19).mean() > 0.75
    assert (times.dt.month == 6).sum() > 1.1 * (times.dt.month == 1).sum()


def test_ratings_comments_and_sources_are_missing_at_the_promised_rates(simulated: Simulated) -> None:
    feedback = simulated.feedback
    assert feedback["rating"].isna().mean() == pytest.approx(0.3, abs=0.03)
    assert missing(feedback["comment"]) == pytest.approx(0.25, abs=0.03)
    assert 0.03 < missing(feedback["sources"]) < 0.2


def test_retrieval_fails_more_in_the_months_of_the_stale_index(simulated: Simulated) -> None:
    shares = by_month(simulated, "retrieval")
    assert shares.loc[[4, 5]].min() > 1.35 * shares.loc[[1, 2, 3, 6]].max()


def test_formatting_fails_most_in_the_month_of_the_bad_release(simulated: Simulated) -> None:
    shares = by_month(simulated, "formatting")
    assert shares.loc[2] > 1.4 * shares.drop(2).max()


@pytest.mark.parametrize(("column", "least"), [("prompt", 3_500), ("answer", 5_500), ("sources", 4_000)])
def test_texts_are_varied(simulated: Simulated, column: str, least: int) -> None:
    assert simulated.feedback[column].nunique() > least


def test_two_thirds_of_the_comments_are_distinct(simulated: Simulated) -> None:
    comments = simulated.feedback["comment"].dropna()
    assert comments.nunique() > len(comments) * 2 / 3


def test_each_failure_has_at_least_sixty_complaints_and_none_is_shared() -> None:
    pools = [[line for lines in kinds.values() for line in lines] for kinds in COMPLAINTS.values()]
    pools.append([*PRAISE, *NEUTRAL])
    lines = [line for pool in pools for line in pool]
    assert min(len(pool) for pool in pools) >= 60
    assert len(set(lines)) == len(lines)


def test_ratings_tell_good_from_bad_but_not_always(simulated: Simulated) -> None:
    ratings = simulated.feedback["rating"]
    good = simulated.truth["thumbs"] == "good"
    assert ratings[good].mean() > ratings[~good].mean() + 1
    assert 0.01 < (ratings[good] <= 2).mean() < 0.15
    assert 0.05 < (ratings[~good] >= 4).mean() < 0.3


def test_failures_show_in_the_other_columns_but_not_only_there(simulated: Simulated) -> None:
    mode = simulated.truth["failure_mode"]
    uncited = (simulated.feedback["sources"].fillna("") == "").groupby(mode).mean()
    unclosed = (simulated.feedback["answer"].str.count("```") % 2 == 1).groupby(mode).mean()
    assert uncited["retrieval"] > 2 * uncited["good"] > 0
    assert unclosed["formatting"] > 2 * unclosed["good"]


@pytest.mark.parametrize("column", ["thumbs", "failure_mode"])
def test_annotators_err_at_the_rate_asked_for(simulated: Simulated, column: str) -> None:
    gold = annotate(simulated.truth, 3_000, error_rate=0.1, seed=3, column=column)  # type: ignore[arg-type]
    truth = simulated.truth.set_index("item_id")[column]
    wrong = gold["label"].to_numpy() != truth.loc[gold["item_id"]].to_numpy()
    assert wrong.mean() == pytest.approx(0.1, abs=0.02)
    assert set(gold["label"]) <= set(truth)


def test_annotators_label_the_same_items_and_disagree_on_some(simulated: Simulated) -> None:
    gold = annotate(simulated.truth, 800, annotators=("ana", "ben", "cleo"), seed=1)
    labels = gold.pivot_table(index="item_id", columns="annotator", values="label", aggfunc="first")
    assert list(gold.columns) == ["item_id", "annotator", "label", "role", "seconds"]
    assert labels.shape == (800, 3)
    assert labels.notna().all(axis=None)
    assert 0.05 < (labels["ana"] != labels["ben"]).mean() < 0.2
    assert set(gold["role"]) == {"dev"}


def test_annotators_without_errors_tell_the_truth(simulated: Simulated) -> None:
    gold = annotate(simulated.truth, 200, error_rate=0.0, column="thumbs")
    truth = simulated.truth.set_index("item_id")["thumbs"]
    assert (gold["label"].to_numpy() == truth.loc[gold["item_id"]].to_numpy()).all()


def test_annotating_twice_with_one_seed_gives_the_same_labels(simulated: Simulated) -> None:
    assert_frame_equal(annotate(simulated.truth, 50, seed=9), annotate(simulated.truth, 50, seed=9))


def test_more_items_than_rows_cannot_be_annotated(simulated: Simulated) -> None:
    with pytest.raises(GoldError, match="10 rows"):
        annotate(simulated.truth.head(10), 11)


def test_a_stretch_without_months_is_refused() -> None:
    with pytest.raises(InputError, match="0 months"):
        simulate_feedback(10, months=0)


def test_no_items_give_frames_without_rows() -> None:
    simulated = simulate_feedback(0)
    assert len(simulated.feedback) == len(simulated.truth) == 0
    assert str(simulated.feedback["created_at"].dtype) == "datetime64[us, UTC]"
