"""Which labeling functions deserve a look is said by rules, in their order."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from retrolabel.analysis.lf_attention import RULES, by_attention, reasons

FINE = {
    "coverage": 0.2,
    "conflicts": 0.02,
    "faults": 0,
    "correct": 18,
    "incorrect": 2,
    "precision": 0.9,
    "low": 0.7,
    "high": 0.97,
    "chance": 0.5,
    "others": 0.9,
    "others_low": 0.8,
    "adds": 0.01,
    "adds_low": -0.005,
    "adds_high": 0.02,
    "weight": 1.0,
    "repeats": "",
    "drift": "",
}


def test_a_labeling_function_that_does_well_deserves_no_look():
    assert reasons(FINE) == ()


@pytest.mark.parametrize(
    ("rule", "changed", "told"),
    [
        ("faults", {"faults": 1}, "failed on 1 item"),
        ("never votes", {"coverage": 0.0, "conflicts": 0.0}, "votes on no item"),
        (
            "below chance",
            {"precision": 0.1, "low": 0.03, "high": 0.3, "correct": 2, "incorrect": 18, "others_low": math.nan},
            "right on 10% [3%, 30%] of 20 of its votes; labels drawn as gold has them are on 50%",
        ),
        (
            "better without",
            {"adds": -0.02, "adds_low": -0.03, "adds_high": -0.01},
            "dev gold is better off without it: +2.0 points [+1.0, +3.0]",
        ),
        (
            "below others",
            {"precision": 0.6, "low": 0.4, "high": 0.78, "correct": 12, "incorrect": 8},
            "right on 60% [40%, 78%] of 20 of its votes; others that say the same are on 90%",
        ),
        ("copy", {"weight": 0.5, "repeats": "twin"}, "counts 0.50: it repeats twin"),
        ("clashes", {"conflicts": 0.1}, "50% of its votes clash with others"),
        ("drifts", {"drift": "5.0 % of items before, 9.0 % now"}, "drifts: 5.0 % of items before, 9.0 % now"),
    ],
)
def test_each_rule_names_what_is_the_case(rule, changed, told):
    assert [tuple(reason) for reason in reasons({**FINE, **changed})] == [(rule, told)]


@pytest.mark.parametrize(
    "changed",
    [
        {"high": 0.85, "others": 0.9, "others_low": 0.8},  # below what others have, not below their interval
        {"adds": -0.02, "adds_low": -0.05, "adds_high": 0.0},  # the interval holds nothing lost
        {"weight": 0.5, "repeats": ""},
        {"conflicts": 0.0999},
        {"precision": math.nan, "low": math.nan, "high": math.nan},
    ],
)
def test_what_may_be_chance_is_no_reason(changed):
    assert reasons({**FINE, **changed}) == ()


def test_graver_rules_come_first_then_wrong_votes_then_coverage():
    frame = pd.DataFrame(
        [
            {**FINE, "incorrect": 2, "coverage": 0.3},
            {**FINE, "incorrect": 5},
            {**FINE, "conflicts": 0.2},
            {**FINE, "faults": 3},
            {**FINE, "incorrect": 2, "coverage": 0.4},
        ],
        index=["rare", "wrong", "clashes", "fails", "frequent"],
    )
    assert list(by_attention(frame).index) == ["fails", "clashes", "wrong", "frequent", "rare"]


def test_the_order_of_the_rules_is_that_of_the_help():
    assert list(RULES) == [
        "faults",
        "never votes",
        "below chance",
        "better without",
        "below others",
        "copy",
        "clashes",
        "drifts",
    ]
