"""The version that a proposal drafts."""

from __future__ import annotations

import pytest

from retrolabel.errors import SchemaError
from retrolabel.interop.proposed_schema import command_of, proposed_schema, wish_of
from retrolabel.interop.schema_source import next_schema
from retrolabel.jobs.records.proposals import Drafted
from retrolabel.jobs.schemas.check import placeholders
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Redefine
from retrolabel.schema.versions import LabelSchema

LABELS = [Label("bug", "It is broken.", exclude=["typos"]), Label("feature", "Not there yet."), Label("question")]
V1 = LabelSchema(task="kind", version="1.0.0", labels=LABELS, guidelines="Read twice.")
WORDS = {"words": ("slow", "loads")}


def made(draft, quoted="only slow", parent=V1, **more):
    return proposed_schema(parent, draft, quoted, **more)[0]


def test_a_rule_stands_behind_those_that_were_there_and_waits_for_a_person():
    schema = made(Drafted("exclude", "bug", **WORDS), reason="Slow is no bug.")
    said = 'TODO: say as a rule what people tell by: "only slow" (slow, loads)'
    assert schema.label("bug").exclude == ("typos", said)
    assert (schema.label("bug").definition, schema.steps) == ("It is broken.", (Redefine("bug", "narrower"),))
    assert (schema.version, schema.reason, placeholders(schema)) == ("2.0.0", "Slow is no bug.", (("bug",), False))


def test_what_a_label_takes_in_makes_it_wider():
    schema = made(Drafted("include", "feature", **WORDS))
    assert schema.steps == (Redefine("feature", "wider"),)
    assert len(schema.label("feature").include) == 1
    assert placeholders(schema) == (("feature",), True)


@pytest.mark.parametrize(
    ("draft", "command"),
    [
        (Drafted("merge", "defect", ("bug", "feature")), "schema new kind --merge bug,feature=defect"),
        (Drafted("split", "bug", ("crash", "slow")), "schema new kind --split bug=crash,slow"),
        (Drafted("add", "billing", ("bug", "question")), "schema new kind --add billing=bug,question"),
        (Drafted("add", "billing"), "schema new kind --add billing"),
        (Drafted("include", "bug"), "schema new kind --redefine bug=wider"),
    ],
)
def test_a_draft_has_the_steps_of_its_command(draft, command):
    assert command_of("kind", draft) == f"retrolabel {command}"
    assert made(draft).steps == next_schema(V1, wish_of(draft)).steps


def test_a_question_goes_into_the_guideline_and_changes_no_meaning():
    schema = made(Drafted("question", "bug", question="Is slow a bug?"))
    assert schema.guidelines == "Read twice.\n\nTODO: answer this, or take it out: Is slow a bug?\n"
    assert (schema.version, schema.labels, schema.steps) == ("1.0.1", V1.labels, ())
    assert command_of("kind", Drafted("question", "bug")) == ""


def test_a_long_rationale_is_cut_and_one_that_is_gone_leaves_its_words():
    long = made(Drafted("include", "bug"), "slow " * 60).label("bug").include[0]
    assert (len(long) < 180, long.endswith('..."')) == (True, True)
    gone = made(Drafted("include", "bug", **WORDS), "").label("bug").include[0]
    assert gone == "TODO: say as a rule what people tell by (slow, loads)"


def test_points_of_a_scale_that_are_no_neighbours_cannot_be_merged():
    points = [Label(name, rank=rank) for rank, name in enumerate(["low", "middle", "high"])]
    scale = LabelSchema(task="kind", version="1.0.0", labels=points, scale="ordinal")
    assert made(Drafted("merge", "below", ("low", "middle")), parent=scale).ids == ("below", "high")
    with pytest.raises(SchemaError):
        made(Drafted("merge", "ends", ("low", "high")), parent=scale)


def test_a_label_that_is_gone_is_told():
    with pytest.raises(SchemaError, match="crash"):
        made(Drafted("exclude", "crash"))
