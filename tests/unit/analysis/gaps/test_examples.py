"""Items that are shown: their votes, their words, and those that say the very same once."""

from __future__ import annotations

import numpy as np

from retrolabel.analysis.gaps.examples import Items
from retrolabel.analysis.trying.values import Ground
from retrolabel.labeling.words import Span
from retrolabel.votes import VoteMatrix

TEXTS = ["it crashes", "so slow", "it crashes", "fine"]
KNOWN = Ground(
    ("bug", "slow"),
    np.ones(4, np.bool_),
    4,
    VoteMatrix.from_ints([[0, -1], [1, 0], [0, 1], [-1, -1]], labels=["bug", "slow"], voters=["f", "g"]),
    (),
    np.array([[True, False], [True, True], [False, False], [False, False]]),
    "0123456789abcdef",
    np.array([0, 1, -1, -1]),
    np.array([0.9, 0.6, 0.0, 0.0]),
)
ITEMS = Items(
    [("web", str(row)) for row in range(4)],
    {"f": ("comment",), "g": ("comment",)},
    lambda row, columns: dict.fromkeys(columns, TEXTS[row]),
    lambda _, __: (),
)
SHOWN = ("comment",)


def test_an_item_is_shown_with_the_votes_that_were_asked_for_and_what_is_known():
    spans = [Span("comment", 3, 10, "crashes")]
    plain = ITEMS.example(0, KNOWN, columns=SHOWN, lfs=["f", "g"], words={"f": spans}).as_dict()
    assert plain == {
        "source": "web",
        "item_id": "0",
        "gold": ["bug"],
        "label": "bug",
        "probability": 0.9,
        "texts": {"comment": "it crashes"},
        "votes": {"f": ["bug"]},
        "words": {"f": [{"column": "comment", "start": 3, "end": 10, "text": "crashes"}]},
        "alike": 1,
    }
    assert ITEMS.example(0, KNOWN, columns=SHOWN, words={"f": spans}).as_html() == "comment: it <mark>crashes</mark>"


def test_an_item_of_which_nothing_is_known_says_so():
    plain = ITEMS.example(3, KNOWN, columns=SHOWN, lfs=["f"], words={}).as_dict()
    assert (plain["gold"], plain["label"], plain["probability"], plain["votes"]) == (None, None, None, {})


def test_texts_that_are_equal_are_shown_once_and_counted():
    assert ITEMS.distinct([0, 2, 1, 3], SHOWN, 2) == [(0, 2), (1, 1)]
    assert ITEMS.distinct([0, 1, 2], SHOWN, 2) == [(0, 2), (1, 1)]
    assert ITEMS.distinct([], SHOWN, 2) == []
