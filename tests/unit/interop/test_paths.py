"""Paths into nested values."""

from __future__ import annotations

import pytest

from retrolabel.errors import InputError
from retrolabel.interop.paths import first_at, parse_path, paths_in, walk

SCORES = [{"of": {"kind": "person"}, "value": "bug"}, {"of": {"kind": "model"}, "value": "wish"}]
RECORD = {"scores": SCORES, "a": {"b.c": [{"d": 1}, {"d": 2}, {}]}, "x y": {"k": "v", "l": "w"}}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ('a."b.c"[].d', [1, 2]),
        ("a.b.c[].d", [1, 2]),
        ("a.b.c[1].d", [2]),
        ("a.b.c[-2].d", [2]),
        ("x y.*", ["v", "w"]),
        ("a.nothing", []),
        ("a[]", []),
        ("*.k", ["v"]),
        ("a.b.c[d=2].d", [2]),
        ("scores[of.kind=person].value", ["bug"]),
        ("scores[name=none].value", []),
    ],
)
def test_a_path_leads_to_values(path, found):
    assert [value for _, value in walk(RECORD, parse_path(path, "--labels-at"))] == found


@pytest.mark.parametrize("text", ["", ".", "a..b", "a[", "a]", "a[x]", '"a', 'a"b"', "a.", "[]x"])
def test_what_is_no_path_is_refused_with_one_that_is(text):
    with pytest.raises(InputError, match="is no path") as caught:
        parse_path(text, "--labels-at")
    assert "annotations[].result[].value.choices" in caught.value.remedy


def test_a_path_that_is_told_leads_back_to_its_value():
    for path, value in paths_in(RECORD):
        assert first_at(RECORD, parse_path(path, "--item")) == value
