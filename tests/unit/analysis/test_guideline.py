"""The guideline says what to ask, what each label means, and what changed; and stays whole whatever labels say."""

from __future__ import annotations

import re

import pytest

from retrolabel.analysis.guideline import guideline, step_sentence, step_sentences
from retrolabel.schema.fingerprints import described_steps
from retrolabel.schema.labels import Label
from retrolabel.schema.rules import AtLeastOne, AtMostOne, Implies
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Rescale, Split
from retrolabel.schema.versions import LabelSchema

GOOD, BAD = Label("good", "It helped."), Label("bad", "It did not.")
V1 = LabelSchema(task="thumbs", version="1.0.0", labels=[GOOD, BAD])


def schema(labels, **more):
    return LabelSchema(task="thumbs", version="1.0.0", labels=labels, **more)


def cells(row):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


STEPS = {
    "add": (Add("slow"), "add slow"),
    "carved": (Add("slow", carved_from=["good", "bad"]), "add slow (carved from good, bad)"),
    "remove": (Remove("bad"), "remove bad (unknown now)"),
    "map": (Remove("bad", maps_to="good"), "remove bad (now good)"),
    "map_to_two": (Remove("bad", maps_to=["slow", "wrong"]), "remove bad (now slow or wrong)"),
    "merge": (Merge(["good", "bad"], into="any"), "merge good, bad into any"),
    "split": (Split("bad", into=["slow", "wrong"]), "split bad into slow, wrong"),
    "restores": (
        Split("bad", into=["slow", "wrong"], restores="1.0.0"),
        "split bad into slow, wrong (as they were in 1.0.0)",
    ),
    "redefine": (Redefine("bad", "wider"), "redefine bad: wider"),
    "rescale": (Rescale({"low": ["one", "two"], "high": "three"}), "rescale high -> three, low -> one or two"),
}


@pytest.mark.parametrize("case", STEPS)
def test_every_step_has_a_sentence(case):
    step, sentence = STEPS[case]
    assert step_sentence(step.describe()) == sentence


def test_the_steps_of_a_merge_say_which_parent_they_start_from():
    slow, wrong = Label("slow", "Long."), Label("wrong", "False.")
    one = LabelSchema(task="thumbs", version="1.1.0", revises=V1, labels=[GOOD, BAD, slow], steps=[Add(slow)])
    other = LabelSchema(task="thumbs", version="1.2.0", revises=V1, labels=[GOOD, BAD, wrong], steps=[Add(wrong)])
    both = LabelSchema(task="thumbs", version="1.3.0", revises=[one, other], labels=[GOOD, BAD, slow, wrong])
    assert step_sentences(described_steps(both)) == ["from 1.1.0: add wrong", "from 1.2.0: add slow"]
    text = guideline(both)
    assert "## What changed since 1.1.0\n\nSteps: add wrong." in text
    assert "## What changed since 1.2.0\n\nSteps: add slow." in text


def test_the_steps_of_a_first_version_are_none():
    assert step_sentences(described_steps(V1)) == []
    assert "What changed" not in guideline(V1)


HOSTILE = {
    "pipe": "a | b",
    "lines": "one\n\ntwo\r\nthree",
    "tab": "one\ttwo",
    "separator": "one\u2028two\x0bthree\x85four",
    "pipes": "|||",
    "ends_in_a_pipe": "a |",
    "escaped_already": r"a \| b",
    "heading": "# no heading",
    "row": "| --- | --- |",
}


@pytest.mark.parametrize("field", ["definition", "name", "hotkey"])
@pytest.mark.parametrize("case", HOSTILE)
def test_no_text_of_a_label_breaks_its_row_of_the_table(case, field):
    text = guideline(schema([GOOD, Label("bad", **{"definition": "It did not.", "hotkey": "b", field: HOSTILE[case]})]))
    lines = text.splitlines()
    start = lines.index("| key | label | when |")
    table = lines[start : lines.index("", start)]
    assert [len(cells(row)) for row in table] == [3, 3, 3, 3]


@pytest.mark.parametrize("field", ["include", "exclude", "examples"])
@pytest.mark.parametrize("case", HOSTILE)
def test_a_case_of_a_label_is_one_line_of_its_list(case, field):
    one = guideline(schema([GOOD, Label("bad", "It did not.", **{field: ["x"]})]))
    other = guideline(schema([GOOD, Label("bad", "It did not.", **{field: [HOSTILE[case]]})]))
    assert len(one.split("\n")) == len(other.split("\n")) == len(other.splitlines()) + 1


def test_a_label_shows_its_owner_parent_and_cases_under_their_titles():
    label = Label("slow", "It took long.", include=["a minute"], exclude=["a second"], examples=["'still waiting'"],
                  owner="infra", parent="bad", name="Too slow")  # fmt: skip
    text = guideline(schema([GOOD, BAD, label]))
    assert text.endswith(
        "## Too slow (`slow`)\n\nIt took long.\n\nGoes to **infra**. A kind of `bad`.\n\n"
        "Belongs to it:\n\n- a minute\n\nDoes not belong to it:\n\n- a second\n\nExamples:\n\n- 'still waiting'\n"
    )


def test_a_reserved_label_is_no_answer_and_is_not_shown():
    text = guideline(schema([GOOD, BAD, Label("old", "It was.", status="reserved")]))
    assert "old" not in text


def test_a_deprecated_label_says_that_nobody_gives_it_any_more():
    text = guideline(schema([GOOD, BAD, Label("meh", "A bit.", status="deprecated")]))
    assert "Deprecated: do not give it any more." in text.partition("## meh")[2]


def test_a_scale_is_named_from_its_lowest_to_its_highest_point_whatever_the_order_of_the_labels():
    labels = [Label("high", "h", rank=7), Label("low", "l", rank=-1, name="Low"), Label("mid", "m", rank=0)]
    assert "One point of a scale an item, Low to high." in guideline(schema(labels, scale="ordinal"))


def test_the_rules_of_a_multilabel_version_are_listed():
    labels = [GOOD, BAD, Label("slow", "Long.")]
    rules = [AtMostOne([GOOD, BAD]), Implies(["slow", "bad"]), AtLeastOne(["good", "bad"])]
    text = guideline(schema(labels, scale="multilabel", constraints=rules))
    assert "- At most one of `good`, `bad`.\n" in text
    assert "- Where `slow` holds, `bad` hold(s) too.\n" in text
    assert "- At least one of `good`, `bad`.\n" in text
    assert "Whoever cannot tell gives none" not in text


def test_guidelines_stand_as_they_are_written():
    notes = "## How\n\n1. Read | it.\n\n```\n  code\n```"
    assert f"\n\n{notes}\n\n" in guideline(schema([GOOD, BAD], guidelines=f"\n{notes}\n\n"))


def test_what_changed_lists_changed_labels_and_then_those_that_stayed():
    slow, wrong = Label("slow", "Long."), Label("wrong", "False.")
    newer = LabelSchema(task="thumbs", version="2.0.0", revises=V1, labels=[GOOD, slow, wrong],
                        steps=[Split(BAD, into=[slow, wrong])])  # fmt: skip
    assert guideline(newer).endswith(
        "## What changed since 1.0.0\n\nSteps: split bad into slow, wrong.\n\n"
        "- `bad` is slow | wrong now\n- `slow` is new; came from bad\n- `wrong` is new; came from bad\n\n"
        "As before: `good`.\n"
    )


def test_a_version_that_only_changes_names_says_so():
    newer = LabelSchema(
        task="thumbs", version="1.0.1", revises=V1, labels=[Label("good", "It helped.", name="Yes"), BAD]
    )
    text = guideline(newer)
    assert "Steps: none." in text
    assert "- `good` means what it meant; other title\n" in text


@pytest.mark.parametrize("direction", ["narrower", "wider", "shifted"])
def test_a_redefined_label_is_told_as_what_it_is_and_not_as_what_it_meant(direction):
    newer = LabelSchema(task="thumbs", version="2.0.0", revises=V1, labels=[GOOD, Label("bad", "It did harm.")],
                        steps=[Redefine("bad", direction)])  # fmt: skip
    (line,) = [line for line in guideline(newer).splitlines() if line.startswith("- `bad`")]
    assert "means what it meant" not in line
    assert "suspect" in line


def test_the_same_version_gives_the_same_bytes():
    assert guideline(V1) == guideline(schema([GOOD, BAD]))


def test_a_guideline_ends_with_one_newline_and_has_no_blank_stretch():
    for text in (guideline(V1), guideline(schema([Label("a"), Label("b")]))):
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert "\n\n\n" not in text
