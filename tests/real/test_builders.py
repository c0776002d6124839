"""The patterns that ship, on real texts: RE2's sets find what ``re`` finds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from retrolabel.discovery.folders import discover
from retrolabel.discovery.project import task_names
from retrolabel.labeling.searching import Finder, Search, compiled

pytestmark = pytest.mark.real
PROJECT = Path(__file__).parents[2]


def shipped():
    """Return the distinct patterns of the tasks that ship, with their flags."""
    lfs = [lf for task in task_names(PROJECT) for lf in discover(PROJECT, task).lfs]
    return tuple({(lf.rule.pattern, lf.rule.flags): None for lf in lfs if isinstance(lf.rule, Search)})


@pytest.mark.parametrize(
    ("folder", "column", "texts"),
    [
        ("airline_tweets", "text", 1_000),
        ("github_issues_nlbse24", "body", 80),
        pytest.param("airline_tweets", "text", 14_000, marks=pytest.mark.nightly),
        pytest.param("github_issues_nlbse24", "body", 600, marks=pytest.mark.nightly),
    ],
)
def test_the_patterns_that_ship_are_found_where_re_finds_them(real, folder, column, texts):
    values = pd.read_parquet(real(folder, "data.parquet"))[column]
    values = [value for value in values[:texts].tolist() if isinstance(value, str)]
    patterns = shipped()
    assert len(patterns) > 45
    found = Finder(patterns).find(values).rows
    assert sum(map(len, found.values())) > len(values) / 4
    for pattern, flags in patterns:
        search = compiled(pattern, flags).search
        assert found[pattern, flags] == [row for row, text in enumerate(values) if search(text)]
