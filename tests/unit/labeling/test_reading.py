"""What a builder calls a column may be a feature."""

from __future__ import annotations

import pytest

from retrolabel.labeling.applying import apply_lfs
from retrolabel.labeling.batches import Batch
from retrolabel.labeling.builders import keywords
from retrolabel.labeling.features import feature
from retrolabel.labeling.numbers import threshold
from retrolabel.labeling.tables import column_vote, lookup
from retrolabel.labeling.tokens import phrases
from retrolabel.schema.labels import Label, union

A = Label("a")


@feature
def shown(t):
    """The text without its mark; a text without mark is an error."""
    if t is None:
        return None
    if not t.startswith("!"):
        raise ValueError("no mark")
    return t[1:]


@feature
def size(shown):
    return None if shown is None else len(shown)


@pytest.mark.parametrize(
    "lf",
    [
        keywords(A, ["crash"], column="shown", name="lf"),
        keywords(A, ["crash"], column=["other", "shown"], name="lf"),
        lookup({"crash": A}, column="shown", name="lf"),
        column_vote({"crash": A, "fine": None}, column="shown", name="lf"),
        threshold(A, column="size", above=4, name="lf"),
        phrases(A, ["crash"], column="shown", name="lf"),
    ],
    ids=lambda lf: lf.rule.describe()["kind"],
)
def test_a_feature_is_read_and_where_it_failed_there_is_a_fault(lf):
    bound = lf.bound({"shown": shown, "size": size})
    data = {"t": ["!crash", "!fine", None, "crash"], "other": ["", None, None, "crash"]}
    said = apply_lfs([bound], Batch(data, 4))[0]
    assert said.codes.tolist() == [1, 0, 0, -1]
    assert said.faults[0].error == "ValueError: no mark"
    assert bound.vote({"t": "!crash"}) == union(A)
