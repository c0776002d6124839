"""How a diagnosis is told."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel import Label, LabelSchema
from retrolabel.gold.causes.cause import Cause
from retrolabel.gold.coefficient import Coefficient
from retrolabel.jobs.gold.diagnosis.items import column_to_show, excerpt
from retrolabel.jobs.gold.diagnosis.values import CauseFound, ItemToTalkAbout
from retrolabel.jobs.gold.diagnosis.wording import (
    finding_of,
    headline,
    next_steps,
    question_for,
    rule_in_words,
    words_for,
)

LABELS = ("billing", "delay")
PEOPLE = ("ana", "ben", "cleo")
SCHEMA = LabelSchema(
    task="ticket", version="1.0.0", labels=[Label("billing", "Money is wrong."), Label("delay", "It came late.")]
)
RULE = ((("comment has refund",), True),)


def cause(kind, **more):
    return Cause(kind, 0.46, 0.33, 0.58, 0.002, np.arange(14), **{"labels": (0, 1), **more})


def found(kind, **more):
    shown = tuple(ItemToTalkAbout(("web", f"i{n}"), "", {"ana": ("billing",)}) for n in range(5))
    items = tuple(("web", f"i{n}") for n in range(14))
    fields = {"labels": LABELS, "items": items, "shown": shown, **more}
    return CauseFound(kind, "the spec: so", 0.46, 0.33, 0.58, 0.002, **fields)


def test_the_question_is_in_the_words_of_the_labels_and_of_the_rule():
    asked = question_for(cause("spec", rule=RULE), found("spec", rule=rule_in_words(RULE)), SCHEMA)
    assert asked == (
        'Is an item whose comment has "refund" `billing` or `delay`? People are torn on 14 items, such as i0 and i1.'
        " `billing` is defined as: Money is wrong. `delay` is defined as: It came late. Say which one such an item"
        " is: in `include` of the one, and in `exclude` of the other."
    )


@pytest.mark.parametrize(
    ("kind", "more", "says"),
    [
        ("spec", {"rule": RULE}, 'the spec: people are torn between billing and delay where comment has "refund"'),
        ("spec", {}, "the spec: people take billing and delay for each other, on items of all kinds"),
        (
            "data",
            {"asked": 27, "changed": 14},
            (
                "the data, or what the spec leaves open: some items do not show what they are, most of all not whether"
                " billing or delay; asked again about them, people changed 14 of 27 answers"
            ),
        ),
        (
            "data",
            {"asked": 27, "changed": 14, "labels": None},
            "the data: some items do not show what they are; asked again about them, people changed 14 of 27 answers",
        ),
        (
            "person",
            {"person": 2, "times": 34, "of": 85, "others": 0.04},
            "one person: cleo says billing where the others say delay (34 of 85 items; of the others 4 %)",
        ),
        (
            "person",
            {"person": 2, "labels": None},
            "one person: cleo is further from the others than they are from each other, over all labels",
        ),
        (
            "taste",
            {"camp": np.array([0, 0, 1])},
            "taste: ana and ben side with each other against cleo, most of all between billing and delay",
        ),
    ],
)
def test_a_finding_says_what_it_is_in_a_sentence(kind, more, says):
    assert finding_of(cause(kind, **more), LABELS, PEOPLE) == says


@pytest.mark.parametrize("kind", ["spec", "data", "person", "taste"])
def test_every_cause_has_a_question_and_a_next_step(kind):
    each = cause(kind, person=1, camp=np.array([0, 0, 1]))
    told = found(kind, person="ben")
    assert question_for(each, told, SCHEMA)
    assert next_steps(each, told, "ticket")


def test_the_first_line_says_how_much_and_what_else():
    first, second = found("spec"), found("person")
    assert headline([first, second], "ticket", 40, 300, {}) == (
        "In part the spec: so: 46 % of the disagreement (33 to 58 %). Also: person."
    )
    assert headline([], "ticket", 40, 300, {}) == (
        "No cause stands out for ticket: people differ on 40 of 300 items, as if by chance."
    )
    assert headline([], "ticket", 40, 300, {"data": "few", "taste": "few"}) == (
        "No cause stands out for ticket, of those that can be told: people differ on 40 of 300 items."
        " Not told: the data and taste."
    )
    nothing = dict.fromkeys(("spec", "data", "person", "taste"), "few")
    assert headline([], "ticket", 4, 300, nothing) == (
        "Why people differ on ticket cannot be told yet: people differ on 4 of 300 items."
    )


@pytest.mark.parametrize(
    ("alpha", "word"), [(0.85, "relied on"), (0.75, "to explore with"), (0.5, "fair to good"), (-0.1, "poor")]
)
def test_an_alpha_has_words_of_the_field(alpha, word):
    assert word in words_for(Coefficient(alpha, alpha - 0.1, alpha + 0.1, 100))


def test_a_withheld_alpha_says_why():
    assert words_for(Coefficient(0.5, None, None, 10, "10 items have two answers")) == "10 items have two answers"


def test_an_excerpt_is_of_the_column_that_the_rule_is_about_around_its_word():
    rows = [{"title": "x", "body": "a " * 80 + "refund here"}, {"title": "y", "body": "b"}]
    assert column_to_show(rows, [(("body has refund",), True)]) == "body"
    shown = excerpt(rows[0], "body", [(("body has refund",), True)])
    assert shown.startswith("…")
    assert "refund here" in shown
    assert column_to_show(rows, [(("source is web",), True)]) in ("title", "body")
    assert column_to_show([{"stars": 3}], []) is None
    assert excerpt({"stars": 3}, None, []) == ""
