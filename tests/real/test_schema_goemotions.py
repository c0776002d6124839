"""The same comments under 28 emotions, 7 and 4: a multilabel history of merges, held against stored labels.

Two chains lead from 28 to 4: by way of the 7, and directly. The data set has the labels of every comment
under all three; ours come from the relations alone.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from retrolabel import History, Label, LabelSchema, Merge
from retrolabel.schema.changes import deserved_bump, given_bump

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.real]
ROWS = 48_836
COLUMNS = ["labels_original", "labels_ekman", "labels_group"]


@pytest.fixture(scope="module")
def folder(real) -> Path:
    """The folder of the data set."""
    return real("goemotions_3schemas")


@pytest.fixture(scope="module")
def mapping(folder) -> dict[str, dict[str, str]]:
    """Emotion -> its label among the 7 (``ekman``) and among the 4 (``group``)."""
    return json.loads((folder / "mapping.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def combinations(folder) -> Counter[tuple[frozenset[str], ...]]:
    """(labels of 28, of 7, of 4) -> number of comments; they are few, so every comment is looked at."""
    frame = pd.read_parquet(folder / "data.parquet", columns=COLUMNS)
    return Counter(zip(*(frame[column].map(frozenset) for column in COLUMNS), strict=True))


def revised(older: LabelSchema, version: str, became: dict[str, str]) -> LabelSchema:
    """Return the version in which each label is what ``became`` says; what keeps its id alone stays as it is."""
    sources: dict[str, list[str]] = {}
    for old in older.ids:
        sources.setdefault(became[old], []).append(old)
    kept = {new for new, olds in sources.items() if olds == [new]}
    labels = [
        older.label(new) if new in kept else Label(new, f"One of {', '.join(olds)}.") for new, olds in sources.items()
    ]
    steps = [Merge(olds, into=new) for new, olds in sources.items() if new not in kept]
    return LabelSchema(
        task="emotion", version=version, revises=older, scale="multilabel", labels=labels, steps=steps, reason="Fewer."
    )


@pytest.fixture(scope="module")
def fine(mapping) -> LabelSchema:
    """The 28 emotions."""
    labels = [Label(name, f"The comment shows {name}.") for name in mapping["ekman"]]
    return LabelSchema(task="emotion", version="1.0.0", scale="multilabel", labels=labels)


@pytest.fixture(scope="module")
def history(fine, mapping) -> History:
    """28, then 7, then 4."""
    ekman = revised(fine, "2.0.0", mapping["ekman"])
    onward = {mapping["ekman"][old]: mapping["group"][old] for old in fine.ids}
    return History([fine, ekman, revised(ekman, "3.0.0", onward)])


@pytest.fixture(scope="module")
def direct(fine, mapping) -> History:
    """28, then 4."""
    return History([fine, revised(fine, "3.0.0", mapping["group"])])


def test_schema_the_merges_are_the_ones_that_the_data_set_names(history, fine, mapping):
    assert [len(version.ids) for version in history] == [28, 7, 4]
    for target, name in (("2.0.0", "ekman"), ("3.0.0", "group")):
        relation = history.relation("1.0.0", target)
        assert {old: relation.project(old) for old in fine.ids} == {
            old: frozenset({new}) for old, new in mapping[name].items()
        }
        assert deserved_bump(relation, fine, history[target]) == given_bump(fine, history[target]) == "major"


def test_schema_the_7_labels_projected_from_28_are_the_stored_ones_on_every_comment(history, combinations):
    relation = history.relation("1.0.0", "2.0.0")
    same = sum(
        count
        for (original, ekman, _), count in combinations.items()
        if relation.project_presence(original).present == ekman
    )
    assert same == combinations.total() == ROWS


@pytest.mark.parametrize("way", ["history", "direct"])
def test_schema_the_4_labels_projected_from_28_are_the_stored_ones_on_every_comment(way, combinations, request):
    relation = request.getfixturevalue(way).relation("1.0.0", "3.0.0")
    same = sum(
        count
        for (original, _, group), count in combinations.items()
        if relation.project_presence(original).present == group
    )
    assert same == combinations.total() == ROWS


def test_schema_the_4_labels_projected_from_7_are_the_stored_ones_on_every_comment(history, combinations):
    relation = history.relation("2.0.0", "3.0.0")
    assert all(relation.project_presence(ekman).present == group for _, ekman, group in combinations)


def test_schema_the_direct_relation_from_28_to_4_is_the_composed_one(history, direct):
    composed, other = history.relation("1.0.0", "3.0.0"), direct.relation("1.0.0", "3.0.0")
    assert other == composed
    assert composed == history.relation("1.0.0", "2.0.0").then(history.relation("2.0.0", "3.0.0"))


def test_schema_of_every_comment_each_coarser_label_is_known_to_hold_or_not(history, combinations):
    for target in ("2.0.0", "3.0.0"):
        relation = history.relation("1.0.0", target)
        for original, _, _ in combinations:
            found = relation.project_presence(original)
            assert found.exact
            assert not found.groups
            assert found.present | found.absent == frozenset(history[target].ids)


def test_schema_projecting_labels_together_is_projecting_each_and_uniting_them(history, combinations):
    relation = history.relation("1.0.0", "2.0.0")
    for original, _, _ in combinations:
        parts = [relation.project_presence([label]).present for label in original]
        assert relation.project_presence(original).present == frozenset().union(*parts)


def test_schema_read_back_into_28_the_7_labels_never_contradict_what_people_said(history, combinations):
    down = history.relation("2.0.0", "1.0.0")
    exact = 0
    for (original, ekman, _), count in combinations.items():
        back = down.project_presence(ekman)
        assert back.present <= original
        assert not back.absent & original
        assert all(group & original for group in back.groups)
        known = ekman <= {"neutral", "disgust"}  # the only two that nothing was merged into
        assert back.exact == known
        exact += count * known
    assert exact == 15_001
