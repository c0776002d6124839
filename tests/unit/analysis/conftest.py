"""A report's values, small and complete, of which a test changes what it is about."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from retrolabel.analysis.report import gold_values as g
from retrolabel.analysis.report import values as v
from retrolabel.gold.agreement import agreement, membership
from retrolabel.gold.breakdowns import by_label
from retrolabel.gold.coefficients import krippendorff_alpha
from retrolabel.gold.confusions import most_confused
from retrolabel.gold.powered import Mean, Powered


def _score(name: str) -> v.Score:
    truth, predicted, covered = np.array([0, 1, 1]), np.array([0, 1, 0]), np.ones(3, bool)
    sets = [frozenset({0}), frozenset({1}), frozenset({0, 1})]
    return v.Score(name, agreement(truth, predicted, covered, labels=2), membership(sets, predicted, covered))


def _about_gold() -> g.AboutGold:
    def powered(value: float, wide: float = 0.05) -> Powered:
        alone = Mean(value, value - 2 * wide, value + 2 * wide, wide)
        return Powered(value, value - wide, value + wide, wide / 2, 0.5, 120, 10, alone)

    ratings = [["bug"] * 60 + ["ask"] * 40, ["bug"] * 55 + ["ask"] * 45, ["bug"] * 62 + ["ask"] * 38]
    whole = g.Whole(
        "dev",
        120,
        ("web",),
        10,
        8,
        powered(0.8),
        powered(0.7),
        ("of the 8 items with a label .80 [.75, .85] are right", "of all 10 items .70 [.65, .75] are right"),
        (g.Frequency("bug", 5 / 8, powered(0.5)), g.Frequency("ask", 3 / 8, powered(0.4))),
        ("3 gold items stay out",),
    )
    people = g.People(
        "2.0.0",
        3,
        ("dev",),
        100,
        (("alpha, nominal", krippendorff_alpha(ratings)),),
        by_label(ratings),
        most_confused(ratings),
        ("Of 100 items, 100 are compared.",),
    )
    possible = g.Possible(0.9, 120, (6, 4), 10, "sets hold the truth of 90 % of the items", ("so for all items",))
    return g.AboutGold(whole, people, possible)


def _report() -> v.ReportData:
    days = np.array(["2026-01-05", "2026-01-06", "2026-02-10"], "datetime64[D]")
    made = v.Made("ab" * 16, "2.0.0", "2026-03-01 09:00 UTC", 10, 9, 8, "label_model", {"bug": 5, "ask": 3}, {"web": 2})
    before = dataclasses.replace(made, id="cd" * 16, version="1.0.0", shares={"all": 8})
    shown = v.Example("web", "7", "bug", (("bug", 0.7), ("ask", 0.3)), (("f", "bug"),), (("comment", "It broke."),))
    lfs = pd.DataFrame(
        {
            "lf": ["f", "g"],
            "votes": ["bug", "bug|ask"],
            "coverage": [0.6, 0.4],
            "overlaps": [0.3, 0.3],
            "conflicts": [0.1, 0.1],
            "faults": [0, 2],
            "written": ["lfs.py:3", "lfs.py:9"],
        }
    )
    precisions = pd.DataFrame(
        {
            "lf": ["f", "g"],
            "vote": ["bug", "bug|ask"],
            "votes": [6, 4],
            "learned": [0.8, 0.7],
            "low": [0.5, 0.4],
            "high": [0.9, 0.8],
            "weight": [1.0, 0.5],
            "repeats": ["", "f"],
            "judged": [2, 1],
            "right": [1, 1],
        }
    )
    return v.ReportData(
        task="mood",
        made=made,
        against=before,
        labels=(v.LabelLine("bug", "bug", "It is broken.", "core", 5), v.LabelLine("ask", "ask", "", "", 3)),
        reason="All was too much.",
        lfs=lfs,
        precisions=precisions,
        days=(
            v.Days(days, np.array([0, 1, -1]), np.array([5, 3, 2]), ("bug", "ask")),
            v.Days(days[:2], np.array([0, -1]), np.array([4, 1]), ("all",)),
        ),
        bumps=(v.Bump("2026-01-06", "1.0.0", "2.0.0"),),
        scores=(_score("this label set (2.0.0)"), _score("the one before (1.0.0)")),
        judged=v.Judged(
            np.array([[0.7, 0.3], [0.2, 0.8], [0.6, 0.4]]),
            np.array([0, 1, 1]),
            np.array([0, 1, 0]),
            left=(frozenset({0}), frozenset({1}), frozenset({1})),
            given=(0, 1, 0),
        ),
        gold_items=3,
        flips=(
            v.Flip("all", "bug", 4, "step", (dataclasses.replace(shown, before="all"),)),
            v.Flip(v.NO_LABEL, v.NO_LABEL, 1, "kept"),
        ),
        new_items=5,
        gone_items=0,
        closest=(shown,),
        disagreements=(dataclasses.replace(shown, gold=("ask",)),),
        disagreeing=1,
        faults=(v.FaultGroup("g", "ValueError: no number", 2, "web/3", "Traceback"),),
        fault_count=2,
        recorded={"retrolabel": "0.1.0", "python": "3.11", "platform": "any", "git": None, "packages": {"numpy": "2"}},
        hashes=(("label set", "ab" * 16),),
        commands=("retrolabel relabel mood",),
        about_gold=_about_gold(),
    )


@pytest.fixture
def make_report():
    """A function that makes a report's values, with other values where they are named."""

    def make(**other: object) -> v.ReportData:
        return dataclasses.replace(_report(), **other)

    return make
