"""Items by what is said of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from retrolabel.analysis.buckets import counted_buckets, get_label_buckets
from retrolabel.errors import InputError


def test_buckets_are_those_of_snorkel():
    theirs = pytest.importorskip("snorkel.analysis").get_label_buckets
    random = np.random.default_rng(0)
    gold, said = random.integers(-1, 3, 50), random.integers(-1, 3, 50)
    ours = get_label_buckets(gold, said)
    wanted = theirs(gold, said)
    assert {key: rows.tolist() for key, rows in ours.items()} == {
        tuple(map(int, key)): rows.tolist() for key, rows in wanted.items()
    }


def test_names_and_one_array_alone_make_buckets_too():
    assert {key: rows.tolist() for key, rows in get_label_buckets(["b", "a", "b"]).items()} == {
        ("b",): [0, 2],
        ("a",): [1],
    }


@pytest.mark.parametrize("arrays", [(), ([1, 2], [1])])
def test_arrays_of_several_lengths_are_refused(arrays):
    with pytest.raises(InputError, match="one length"):
        get_label_buckets(*arrays)


def test_items_that_are_not_judged_are_counted_and_not_right():
    frame = pd.DataFrame({"label": ["a", "a", "b"], "wrong": [False, None, True]})
    found = counted_buckets(frame, ["label"])
    assert found.loc["a", ["items", "judged", "wrong"]].tolist() == [2, 1, 0]
    assert list(found.index) == ["b", "a"]
    assert found.loc["b", "rate"] == 1.0
