"""The patterns that ship, on real texts: RE2's sets find what ``re`` finds."""

from __future__ import annotations

import importlib
import pkgutil

import pandas as pd
import pytest

import labeling_functions
from retrolabel.labeling.functions import LabelingFunction
from retrolabel.labeling.searching import Finder, Search, compiled

pytestmark = pytest.mark.real


def shipped():
    """Return the distinct patterns of the tasks that ship, with their flags."""
    found = {}
    for module in pkgutil.walk_packages(labeling_functions.__path__, "labeling_functions."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, LabelingFunction) and isinstance(value.rule, Search):
                found[value.rule.pattern, value.rule.flags] = None
    return tuple(found)


@pytest.mark.parametrize(
    ("folder", "column", "texts"), [("airline_tweets", "text", 14_000), ("github_issues_nlbse24", "body", 600)]
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
