"""Answers that choose several labels."""

from __future__ import annotations

import pytest

from retrolabel import Label, LabelSchema
from retrolabel.errors import GoldError
from retrolabel.jobs.gold.choices import single_choices, with_choices_told_apart
from retrolabel.jobs.gold.rows import GoldRow

SCHEMA = LabelSchema(
    task="kind", version="1.0.0", labels=[Label("bug", "It is broken."), Label("slow", "It takes long.")]
)
TWO = ("bug", "slow")


def rows(*labels):
    return [
        GoldRow(n, f"r{n}", None if isinstance(each, tuple) else each, several=each if isinstance(each, tuple) else ())
        for n, each in enumerate(labels, 2)
    ]


def test_an_answer_of_several_labels_is_put_aside_where_few_are():
    kept, aside = single_choices(rows("bug", "slow", TWO), SCHEMA, "f.csv")
    assert [row.label for row in kept] == ["bug", "slow"]
    assert [str(problem) for _, problem in aside] == ["line 4: chooses several labels: bug, slow"]


def test_a_file_of_several_labels_is_refused_with_counts_rows_and_a_remedy():
    with pytest.raises(GoldError) as refused:
        single_choices(rows(TWO, ("slow", "bug"), "bug"), SCHEMA, "f.csv")
    assert "2 answers of 3 choose several labels" in refused.value.message
    assert "Most often: bug + slow (2)" in refused.value.message
    assert [problem.where for problem in refused.value.problems] == ["line 2", "line 3"]
    assert "--first-label" in refused.value.remedy


def test_the_first_label_counts_where_that_is_asked_for():
    kept, aside = single_choices(rows(TWO, ("slow", "bug"), "bug"), SCHEMA, "f.csv", first=True)
    assert ([row.label for row in kept], aside) == (["bug", "slow", "bug"], [])


@pytest.mark.parametrize(
    ("value", "several"),
    [
        ("bug|slow", TWO),
        ("bug; slow", TWO),
        ("bug,\nslow", TWO),
        ("bug, bug", ()),
        ("bug|fast", ()),
        ("bug", ()),
        ("a|b", ()),
    ],
)
def test_a_cell_holds_several_labels_where_each_part_is_one(value, several):
    [row] = with_choices_told_apart(rows(value), lambda each: each in {"bug", "slow", "a|b"})
    assert row.several == several
    assert row.label == (None if several else value)
