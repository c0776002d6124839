"""Words that take a vote away: wherever the item says one of them, lists of words, phrases and patterns abstain."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from retrolabel import Label
from retrolabel.errors import LabelingFunctionError
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.builders import keywords, regex
from retrolabel.labeling.tokens import phrases
from retrolabel.labeling.words import words_of

BUG = Label("bug")
MADE = {
    "keywords": lambda **more: keywords(BUG, ["bug", "crash"], column=["title", "body"], **more),
    "regex": lambda **more: regex(BUG, r"\bbug|crash", column=["title", "body"], **more),
    "phrases": lambda **more: phrases(BUG, ["bug", "crash"], column=["title", "body"], **more),
}
TEXTS = ["a bug", "not a bug", "Not  a bug", "no crash here", "crash", "nothing", None, 5, "a bug, which is not a bug"]


@pytest.fixture(params=MADE)
def made(request):
    return MADE[request.param]


def votes(lf, title, body=None):
    return lf.vote({"title": title, "body": body}) is not None


def test_a_vote_is_taken_away_wherever_the_item_says_so(made):
    lf = made(unless=["not a bug", "no crash"])
    assert votes(lf, "A bug")
    assert votes(lf, "Crash", "again and again")
    assert not votes(lf, "Not a bug")
    assert not votes(lf, "It is a bug", "I was told it is not a bug")
    assert not votes(lf, "not a bug", "crash")
    assert not votes(lf, "not at all")


def test_many_items_get_what_each_gets(made):
    rules = [made(unless=unless).rule for unless in ([], ["not a bug"], ["no crash", "nothing"])]
    rows = [(title, body) for title in TEXTS for body in TEXTS]
    columns = {"title": [title for title, _ in rows], "body": [body for _, body in rows]}
    for rule, said in zip(rules, type(rules[0]).many(rules, Batch(columns, len(rows))), strict=True):
        for row, values in enumerate(rows):
            try:
                alone = rule.one(*values)
            except TypeError:
                alone = -1
            assert said.codes[row] == alone
        assert set(said.errors) == set(np.flatnonzero(said.codes == -1).tolist())


def test_without_it_a_key_is_what_it_was_and_with_it_another(made):
    plain, one = made().rule.describe(), made(unless=["not a bug"]).rule.describe()
    assert plain == made(unless=[]).rule.describe()
    assert "unless" not in plain
    assert one != plain
    assert one != made(unless=["no bug"]).rule.describe()


def test_what_is_taken_away_has_no_words(made):
    lf = made(unless=["not a bug"])
    assert [span.text for span in words_of(lf, {"title": "A bug", "body": None})] == ["bug"]
    assert words_of(lf, {"title": "Crash", "body": "not a bug"}) == []


def test_it_passes_to_another_process(made):
    lf = made(unless=["not a bug"])
    again = pickle.loads(pickle.dumps(lf.rule))  # noqa: S301 - our own
    assert [again.one(text, None) for text in ("a bug", "not a bug")] == [1, 0]
    assert dict(again.describe()) == dict(lf.rule.describe())


def test_a_list_is_folded_as_the_words_are():
    lf = keywords(BUG, ["bug"], unless=["isn't a bug"], column="t")
    assert lf.vote({"t": "It isn\u2019t a bug"}) is None
    assert keywords(BUG, ["Bug"], unless=["No Bug"], column="t", case=True).vote({"t": "no Bug"}) is not None


@pytest.mark.parametrize("unless", ["not a bug", [""], [" "], [5]])
def test_what_is_no_list_of_words_is_refused(unless):
    for made_ in (MADE["keywords"], MADE["phrases"]):
        with pytest.raises(LabelingFunctionError, match="unless"):
            made_(unless=unless)


@pytest.mark.parametrize(("unless", "what"), [("no bug", "a list"), (["("], "does not compile"), ([5], "5")])
def test_a_pattern_that_is_none_is_refused(unless, what):
    with pytest.raises(LabelingFunctionError, match=what):
        MADE["regex"](unless=unless)
