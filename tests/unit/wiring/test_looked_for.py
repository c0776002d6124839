"""Which words a task's labeling functions look for: by their rules, for the label alone, in a column that is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrolabel.jobs.records.tasks import FoundTask
from retrolabel.labeling.builders import keywords, regex
from retrolabel.labeling.features import feature
from retrolabel.labeling.functions import labeling_function
from retrolabel.labeling.matching import Match
from retrolabel.labeling.tokens import phrases
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.versions import LabelSchema
from retrolabel.wiring.looked_for import looks_for

BUG, WISH, OTHER = Label("bug"), Label("wish"), Label("other")
SCHEMA = LabelSchema(task="kind", version="1.0.0", labels=[BUG, WISH, OTHER])


@feature
def said(body: str | None) -> str:
    """The text without its signs."""
    return (body or "").replace("!", "").lower()


@feature
def broken(body: str | None) -> str:
    """It fails."""
    raise ValueError(body)


@labeling_function(BUG)
def function(body):
    """Nobody knows what it looks for."""
    return "crash" in body


LFS = [
    keywords(BUG, ["crash", "hangs up"], column="body", name="words"),
    regex(WISH, r"\bplease (add|make)", column="body", name="pattern"),
    keywords(BUG | WISH, ["maybe"], column="body", name="either"),
    keywords(OTHER, ["elsewhere"], column="title", name="title"),
    regex(OTHER, "^so far$", column="said", name="by_feature").bound({"said": said}),
    regex(OTHER, "never", column="broken", name="fails").bound({"broken": broken}),
    phrases(OTHER, ["by phrase"], column="body", name="phrase"),
    function,
]


@pytest.mark.parametrize(
    ("term", "labels"),
    [
        ("crash", ["bug"]),
        ("app crash", ["bug"]),
        ("crashes", []),
        ("please add", ["wish"]),
        ("please", []),
        ("maybe", []),
        ("elsewhere", []),
        ("so far", ["other"]),
        ("never", []),
        ("by phrase", ["other"]),
    ],
)
def test_a_term_is_looked_for(term, labels):
    task = FoundTask("kind", History([SCHEMA]), tuple(LFS), {}, {}, Path())
    asked = looks_for(task, ["body"])
    assert [label for place, label in enumerate(SCHEMA.leaves) if asked(term, place)] == labels
    assert isinstance(LFS[-2].rule, Match)
