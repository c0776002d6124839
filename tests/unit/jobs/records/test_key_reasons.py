"""Why a key is another one, in a few words."""

from __future__ import annotations

import pytest

from retrolabel.jobs.records.key_reasons import UNSEEN, reasons
from retrolabel.jobs.records.key_tree import compare_flat

LF, HELPER = "function mood.py:says_stale", "function mood.py:says_stale > function mood.py:stale_years"
LABEL = "votes bug > label bug"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({LF: "#1"}, {LF: "#2"}, ["code changed"]),
        ({HELPER: "#1"}, {HELPER: "#2"}, ["code changed: helper stale_years()"]),
        ({LF: "#1"}, {LF: "#2", HELPER: "#1", f"{HELPER} > global N": "3"},
         ["code changed", "calls stale_years() now"]),
        ({LF: "#1", HELPER: "#1"}, {LF: "#2"}, ["code changed", "calls stale_years() no more"]),
        ({LF: "#1", f"{LF} > stdlib re.findall": "re.findall"}, {LF: "#2"}, ["code changed"]),
        ({"function a.py:f": "#1"}, {"function b.py:f": "#2"}, ["code changed"]),
        ({LABEL: "#1"}, {LABEL: "#2"}, ["meaning of bug narrower"]),
        ({"votes ux > label ux": "#1"}, {"votes ux > label ux": "#2"}, ["meaning of ux changed"]),
        ({LABEL: "#1", "votes bug": ""}, {}, ["votes bug no more"]),
        ({"python": "3.11"}, {"python": "3.12"}, ["Python 3.11, now 3.12"]),
        ({f"{LF} > package numpy": "2.3"}, {f"{LF} > package numpy": "2.4"}, ["package numpy 2.3, now 2.4"]),
        ({"global N #2": "3"}, {"global N #2": "4"}, ["constant N: 3, now 4"]),
        ({"global N": "#3"}, {"global N": "#4"}, ["constant N changed"]),
        ({"global N > ['a b']": "#3"}, {"global N > ['a b']": "#4"}, ["constant N changed"]),
        ({"global N > ['a b']": "#3"}, {"global N > ['c']": "#3"}, ["constant N changed"]),
        ({"reads": "['a']"}, {"reads": "['b']"}, ["it reads other columns"]),
        ({"rule words": "#1"}, {"rule words": "#2"}, ["its words changed"]),
        ({"rule revision": "1"}, {"rule revision": "2"},
         ["its builder looks otherwise, by an update of retrolabel (CHANGELOG) or by fold="]),
        ({"resource a.txt": "#1"}, {"resource a.txt": "#2"}, ["resource a.txt changed"]),
        ({"a": "1"}, {"a": "1"}, [UNSEEN]),
    ],
)  # fmt: skip
def test_a_difference_is_told_in_the_words_of_the_author(before, after, told):
    assert list(reasons(compare_flat(before, after), {"bug": "narrower"})) == told
