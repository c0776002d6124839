"""Words of files that were written before are read from their text, and nothing in them runs."""

from __future__ import annotations

import pytest

from retrolabel.errors import InputError
from retrolabel.wiring.offered_before import offered_in

FILE = """
raise SystemExit("this never runs")
says_slow = keywords(BAD, ["slow", "takes ages"], column="comment")
cut = retrolabel.phrases(BAD, words=("cut off",), column="comment")
number = regex(BAD, r"error \\d+", column="comment")
from_a_file = keywords(BAD, WORDS, column="comment")
broken = regex(BAD, "(", column="comment")
empty = keywords(BAD, [""], column="comment")
"""


def test_lists_and_patterns_that_are_written_out_are_known(tmp_path):
    path = tmp_path / "first.py"
    path.write_text(FILE)
    offered = offered_in([path])
    assert [
        term for term in ("slow", "Takes  ages", "so slow", "cut off", "error 7", "ages", "error") if offered(term)
    ] == [
        "slow",
        "Takes  ages",
        "so slow",
        "cut off",
        "error 7",
    ]
    assert not offered_in([])("slow")


@pytest.mark.parametrize(("text", "what"), [("half a line =", "can be read"), ("x = f(1)\n", "no list of words")])
def test_a_file_without_lists_is_refused(tmp_path, text, what):
    path = tmp_path / "first.py"
    path.write_text(text)
    with pytest.raises(InputError, match=what):
        offered_in([path])
