"""The same file is known again where the same was asked of it."""

from __future__ import annotations

import pytest

from retrolabel.wiring.feedback import IngestOptions


@pytest.mark.parametrize(
    "other",
    [
        {"id_column": "n"},
        {"time_column": "when"},
        {"renames": {"text": "body"}},
        {"drops": ["x"]},
        {"labels": {"old": "mood"}},
        {"map_label": {"d": "bug"}},
        {"time_format": "epoch-s"},
        {"keep_na": True},
    ],
    ids=str,
)
def test_whatever_decides_what_a_file_becomes_is_part_of_what_was_asked(other):
    assert IngestOptions(**other).key() != IngestOptions().key()


def test_what_decides_nothing_of_a_file_is_not_part_of_what_was_asked():
    assert IngestOptions(drops=["b", "a"]).key() == IngestOptions(drops=["a", "b"]).key()
    assert IngestOptions(widen=True).key() == IngestOptions(revise=True).key() == IngestOptions().key()
