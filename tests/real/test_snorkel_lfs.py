"""Snorkel's labeling functions on real tweets: the same votes from its applier and from our engine."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import retrolabel
from retrolabel import Label, LabelSchema, adopt, keywords, regex, to_snorkel
from retrolabel.interop.snorkel import adopt_all

snorkels = pytest.importorskip("snorkel.labeling")
preprocess = pytest.importorskip("snorkel.preprocess")

pytestmark = [pytest.mark.real]
NEGATIVE, NEUTRAL, POSITIVE = Label("negative"), Label("neutral"), Label("positive")
SCHEMA = LabelSchema(task="sentiment", version="1.0.0", labels=[NEGATIVE, NEUTRAL, POSITIVE])
MEANING = {0: NEGATIVE, 1: NEUTRAL, 2: POSITIVE}
COLUMNS = ["airline", "text", "retweet_count", "user_timezone", "created_at"]


@preprocess.preprocessor(memoize=True)
def words(x):
    """The words of a tweet, without its mentions."""
    x.words = re.findall(r"[a-z']+", re.sub(r"@\w+", " ", x.text).lower())
    return x


@preprocess.preprocessor()
def without_links(x):
    """A tweet without its links; it changes the text itself."""
    x.text = re.sub(r"https?://\S+", "", x.text)
    return x


@snorkels.labeling_function()
def is_late(x):
    return 0 if re.search(r"\b(delay(ed|s)?|late|cancel+ed|stuck)\b", x.text, re.IGNORECASE) else -1


@snorkels.labeling_function(resources={"thanks": {"thanks", "thank", "awesome", "love", "great"}}, pre=[words])
def gives_thanks(x, thanks):
    return 2 if thanks & set(x.words[:6]) else -1


@snorkels.labeling_function(pre=[words])
def says_little(x):
    return 1 if len(x.words) < 4 else -1


@snorkels.labeling_function(pre=[words], resources={"bad": ["worst", "never", "rude", "lost", "hold", "hours"]})
def complains(x, bad):
    return np.int64(0) if sum(word in x.words for word in bad) else -1


@snorkels.labeling_function(pre=[without_links])
def only_asks(x):
    return 1 if x.text.rstrip().endswith("?") and "!" not in x.text else -1


@snorkels.labeling_function(pre=[without_links, words])
def is_a_link(x):
    return 1 if len(x.words) < 2 else -1


@snorkels.labeling_function()
def is_by_night(x):
    return 0 if x.created_at.hour < 5 and x.airline == "United" else -1


@snorkels.labeling_function()
def is_abroad(x):
    return 1 if not pd.isna(x.user_timezone) and x.user_timezone in ("London", "Sydney", "Tokyo") else -1


@snorkels.labeling_function()
def is_passed_on(x):
    return 0 if x.retweet_count > 1 else 2 if x["text"].count("!") > 2 and x.retweet_count == 0 else -1


LFS = [is_late, gives_thanks, says_little, complains, only_asks, is_a_link, is_by_night, is_abroad, is_passed_on]


@pytest.fixture(scope="module")
def tweets(real) -> pd.DataFrame:
    """Every fifth tweet."""
    return pd.read_parquet(real("airline_tweets", "data.parquet"), columns=COLUMNS).iloc[::5]


@pytest.fixture(scope="module")
def by_snorkel(tweets):
    return snorkels.PandasLFApplier(LFS).apply(tweets, progress_bar=False)


def test_the_whole_row_gives_snorkels_votes(tweets, by_snorkel):
    applied = retrolabel.apply(adopt_all(LFS, MEANING), tweets, schema=SCHEMA)
    assert not applied.faults
    assert np.array_equal(applied.votes.to_ints(), by_snorkel)
    assert ((by_snorkel >= 0).sum(axis=0) > 0).all()


def test_the_columns_that_they_read_are_enough(tweets, by_snorkel):
    read = {
        is_by_night: ["created_at", "airline"],
        is_abroad: ["user_timezone"],
        is_passed_on: ["retweet_count", "text"],
    }
    ours = [adopt(lf, MEANING, columns=read.get(lf, ["text"])) for lf in LFS]
    assert np.array_equal(retrolabel.apply(ours, tweets, schema=SCHEMA).votes.to_ints(), by_snorkel)


def test_the_order_of_labeling_functions_changes_no_vote(tweets, by_snorkel):
    applied = retrolabel.apply(adopt_all(LFS[::-1], MEANING), tweets, schema=SCHEMA)
    assert np.array_equal(applied.votes.to_ints()[:, ::-1], by_snorkel)


def test_ours_give_the_same_votes_in_snorkels_applier(tweets):
    ours = [
        keywords(NEGATIVE, ["delayed", "cancelled", "lost", "hold"], column="text", name="bad_words"),
        keywords(POSITIVE, ["thank you", "thanks", "love"], column="text", name="good_words"),
        regex(~NEGATIVE, r"\?\s*$", column="text", name="asks"),
        adopt(gives_thanks, MEANING, columns=["text"]),
        adopt(is_passed_on, MEANING),
    ]
    expected = retrolabel.apply(ours, tweets, schema=SCHEMA).votes.to_ints()
    handed = [to_snorkel(lf, SCHEMA) for lf in ours]
    assert np.array_equal(snorkels.PandasLFApplier(handed).apply(tweets, progress_bar=False), expected)
    assert (expected >= 0).any(axis=0).tolist() == [True, True, False, True, True]
