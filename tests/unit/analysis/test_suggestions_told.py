"""What is said of suggestions: what they rest on, what they are worth, and why there are none."""

from __future__ import annotations

import numpy as np

from retrolabel.analysis.evidence import BY_ALL_GOLD, BY_GOLD, BY_LABEL_SET, BY_NOTHING
from retrolabel.analysis.suggestions import HOLDS, Suggested, Suggestion, exact_interval
from retrolabel.analysis.suggestions_told import terms_told, what_it_is_worth, what_it_rests_on, why_none

ROWS = np.arange(12)
ONE = Suggestion("bug", ("crashes",), ROWS, 5, 2)
JUDGED = Suggestion(
    "bug", ("crashes",), ROWS, 5, 2, exact_interval(7, 8), ROWS[:8], ROWS[:1], of_label=20, base=0.25, state=HOLDS
)


def rests(**more):
    given = {"suggestions": (ONE,), "texts": 90, "gold": 0, "judging": 0, "choosing": 0, "chosen_by": BY_NOTHING}
    return list(what_it_rests_on(Suggested(**{**given, **more}), ["title", "body"], "abcdef0123456789"))


def test_what_chose_is_told_with_how_many_items():
    assert (
        rests(chosen_by=BY_GOLD, choosing=40)[1]
        == "words were chosen by one half of dev gold (40 items), and judged by the other"
    )
    assert rests(chosen_by=BY_ALL_GOLD, choosing=1)[1].endswith("(1 item), so none is left to judge them")
    assert "label set abcdef012345 says" in rests(chosen_by=BY_LABEL_SET, choosing=40)[1]
    assert "an opinion and not the truth" in rests(chosen_by=BY_LABEL_SET, choosing=40)[1]


def test_what_judged_is_told_or_that_nothing_did():
    assert rests(judging=50, looks=9, rejected=3)[-1] == (
        "9 lists of words judged by 50 items with dev gold that did not choose them; 3 hardly better than chance, and"
        " left out; the intervals hold for all of them together (95 %)"
    )
    assert rests()[-1] == "nothing here was judged: there is no dev gold"
    assert "say the same" in rests(gold=40)[-1]
    assert rests(gold=7)[-1].endswith("7 items with dev gold of one label, and 20 are needed")


def test_what_a_suggestion_is_worth():
    hits, right, finds = what_it_is_worth(JUDGED, labelers=True)
    assert hits == "hits 12 items; 5 of them have no vote for bug alone, 2 no sure label"
    assert right == (
        "right on 7 of 8 dev items that did not choose it: 0.875 [0.473, 0.997]; better than chance, which is 0.250"
    )
    assert finds == "of the 20 dev items that are bug, it finds 7"


def test_what_was_never_judged_has_no_figure():
    assert list(what_it_is_worth(ONE, labelers=False)) == ["hits 12 items", "never judged"]
    unseen = Suggestion("bug", ("crashes",), ROWS, 5, 2, base=0.25, state="open")
    assert list(what_it_is_worth(unseen, labelers=False))[1:] == ["hits no dev gold that could judge it"]


def test_why_there_is_none_names_a_command():
    def why(label=None, **more):
        given = {"suggestions": (), "texts": 90, "gold": 0, "judging": 0, "choosing": 30, "chosen_by": BY_GOLD}
        return why_none(Suggested(**{**given, "filled": 90, **more}), "kind", label)

    assert why(filled=0) == (
        "None of these items has a text there.",
        "retrolabel lf suggest kind --column NAME looks elsewhere",
    )
    assert "neither dev gold nor a label set" in why(choosing=0)[0]
    assert why(choosing=0)[1].startswith(
        "retrolabel relabel kind makes a label set; retrolabel gold sample kind --for dev"
    )
    assert why("bug", rejected=2, judging=30)[0].startswith("No words for bug: 2 lists of words were looked at")
    assert "retrolabel lf summary kind" in why()[1]


def test_a_long_list_is_told_shortly():
    assert terms_told(["a", "b", "c"], most=2) == "a, b, and 1 more"
    assert terms_told(["a", "b"], most=2) == "a, b"
