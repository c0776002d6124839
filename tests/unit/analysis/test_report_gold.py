"""The part of a report on gold: titles say what to see, nothing known is hidden, nothing unknown is an empty box."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from retrolabel.analysis.report import charts, gold_charts, gold_frames, naming
from retrolabel.analysis.report import gold_values as g
from retrolabel.analysis.report.gold_view import GoldView, why
from retrolabel.analysis.report.page import Template, View, page
from retrolabel.gold.breakdowns import by_label
from retrolabel.gold.confusions import most_confused
from retrolabel.gold.powered import Mean, Powered
from retrolabel.wiring.reporting import HERE

LONG = "the_answer_rests_on_a_page_that_is_missing_wrong_or_stale_since_prices_changed"
NO_GOLD = g.Unsaid("There is no dev gold of mood under 2.0.0.", "retrolabel gold import mood FILE")


@pytest.fixture
def about(make_report):
    return make_report().about_gold


def frequency(label, given, value, wide=0.05):
    low, high = max(0.0, value - wide), min(1.0, value + wide)
    return g.Frequency(label, given, Powered(value, low, high, wide / 2, 0.5, 120, 1000, Mean(value, low, high, wide)))


def with_frequencies(about, *found):
    return GoldView(dataclasses.replace(about, whole=dataclasses.replace(about.whole, frequencies=found)))


def with_answers(about, ratings):
    """Return the view of people who gave some answers."""
    items = len(ratings[0])
    people = dataclasses.replace(
        about.people, labels=by_label(ratings), pairs=most_confused(ratings), compared=items, people=len(ratings)
    )
    return GoldView(dataclasses.replace(about, people=people))


def texts(svg):
    return [text for text in re.findall(r">([^<>]+)</(?:text|tspan)>", svg) if text.strip()]


def drawn(build):
    return charts.drawn(build, "x", "t", "d")


# Titles ----------------------------------------------------------------------------------------------------------


def test_the_title_names_the_label_that_is_given_too_often(about):
    view = with_frequencies(about, frequency("good", 0.7, 0.5), frequency("bad", 0.3, 0.34))
    assert view.frequencies_title == (
        "The label set gives good more often than it occurs: 70.0\u00a0% of its labels,"
        " 50.0\u00a0% [45.0\u00a0%, 55.0\u00a0%] of the items"
    )


def test_the_title_names_the_label_that_is_given_too_seldom_where_that_is_the_furthest_off(about):
    view = with_frequencies(about, frequency("good", 0.56, 0.5), frequency("bad", 0.1, 0.3))
    assert view.frequencies_title.startswith("The label set gives bad less often than it occurs: 10.0\u00a0%")


def test_no_label_is_blamed_whose_share_lies_in_its_interval(about):
    view = with_frequencies(about, frequency("good", 0.54, 0.5), frequency("bad", 0.46, 0.5))
    assert view.frequencies_title == (
        "How frequent labels are: gold does not show that the label set gives one too often or too seldom"
    )


def test_a_label_set_without_labels_gives_none_too_often(about):
    view = with_frequencies(about, frequency("good", None, 0.5))
    assert view.frequencies["off"].tolist() == [0.0]
    assert view.frequency is not None


@pytest.mark.parametrize(
    ("ratings", "title"),
    [
        ([["a"] * 60 + ["b"] * 40, ["a"] * 55 + ["b"] * 45], "People confuse a and b most: on 5 items of 100"),
        ([["a"] * 60 + ["b"] * 40, ["a"] * 60 + ["b"] * 40], "People never gave an item different labels"),
        ([list("aabbcc"), list("abbbca")], "People confuse a and b most: on 1 item of 6, and a and c as often"),
        (
            [list("abcabc"), list("bcaabc")],
            "3 pairs of labels are confused most, each on 1 item: a and b, and others",
        ),
    ],
)
def test_the_title_says_which_labels_people_confuse_most(about, ratings, title):
    assert with_answers(about, ratings).agreement_title == title


def test_the_title_of_possible_labels_says_how_many_items_have_one(about):
    possible = dataclasses.replace(about.possible, sizes=(20, 50, 20, 10))
    view = GoldView(dataclasses.replace(about, possible=possible))
    assert view.sizes_title == "20.0\u00a0% of the items have one possible label, 30.0\u00a0% three or more"


# Figures ---------------------------------------------------------------------------------------------------------


def test_labels_much_rarer_than_the_most_frequent_one_have_a_scale_of_their_own():
    found = gold_frames.frequencies(
        [frequency("a", 0.6, 0.6), frequency("b", 0.3, 0.3), frequency("c", 0.01, 0.02, 0.01)]
    )
    assert found["rare"].tolist() == [False, False, True]
    svg = drawn(gold_charts.frequencies(found)).wide
    assert "Rarer labels, on a scale of their own" in texts(svg)


def test_a_withheld_figure_stands_in_its_row_with_the_reason(about):
    ratings = [["a"] * 90 + ["b"] * 10, ["a"] * 90 + ["b"] * 10]
    view = with_answers(about, ratings)
    row = view.agreements.set_index("name").loc["b"]
    assert np.isnan(row["alpha"])
    assert row["why"] == "10 items hold it, and 20 are needed"
    said = texts(view.agreement.wide)
    assert "no figure: 10 items hold it, and 20 are needed" in said
    assert "b" in said


def test_a_pair_is_named_with_the_items_on_which_people_differ(about):
    view = with_answers(about, [["a"] * 60 + ["b"] * 40, ["a"] * 55 + ["b"] * 45])
    row = view.agreements.set_index("name").loc["a / b"]
    assert (row["kind"], row["differ"], row["items"]) == ("pair", 5, 100)
    assert "a / b (5)" in texts(view.agreement.wide)


def test_many_possible_labels_are_one_bar():
    found = gold_frames.sizes([10] * 12)
    assert found["labels"].tolist() == ["1", "2", "3", "4", "5", "6", "7", "8 or more"]
    assert found["items"].tolist() == [10] * 7 + [50]


# Drawings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["frequency", "agreement", "size"])
def test_a_picture_is_named_and_takes_its_colours_from_the_page(about, name):
    drawing = getattr(GoldView(about), name)
    for text, widest in ((drawing.wide, 900), (drawing.narrow, 370)):
        root = ET.fromstring(text)  # noqa: S314 - ours
        assert root.get("role") == "img"
        assert all(each.text for each in root[:2])
        assert float(root.get("width")) <= widest
        colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', text))
        assert {each for each in colours if not each.startswith("var(--")} <= {"none", "transparent"}


@pytest.mark.parametrize("labels", [1, 2, 60])
def test_one_label_and_sixty_of_long_names_are_drawn(about, labels):
    names = [f"{LONG}_{place}" for place in range(labels)]
    view = with_frequencies(about, *(frequency(name, 1 / labels, 1 / labels) for name in names))
    for text in (view.frequency.wide, view.frequency.narrow):
        ET.fromstring(text)  # noqa: S314 - ours
        assert "…" not in text
    assert view.undrawn == max(0, labels - 30)
    assert len(view.frequencies) == labels
    random = np.random.default_rng(0)
    truth = random.integers(0, labels, 300)
    ratings = [[names[at if random.random() < 0.9 else (at + 1) % labels] for at in truth] for _ in range(2)]
    both = with_answers(about, ratings).agreement
    assert "…" not in both.wide + both.narrow


def test_a_long_name_stands_in_lines_none_of_it_cut():
    lines = naming.wrapped(LONG, 330).split("\n")
    assert "".join(lines) == LONG
    assert max(map(len, lines)) <= 15
    assert naming.wrapped("x" * 40, 330).split("\n") == ["x" * 15, "x" * 15, "x" * 10]
    assert naming.wrapped("good / bad (3)", 330) == "good / bad (3)"


def test_names_with_quotes_and_tags_are_texts(about):
    view = with_frequencies(about, frequency("it's \"</svg><b>\\n", 0.7, 0.5), frequency("b", 0.3, 0.3))
    for text in (view.frequency.wide, view.frequency.narrow):
        assert text.count("</svg>") == 1
        ET.fromstring(text)  # noqa: S314 - ours


def test_the_same_values_give_the_same_drawings(about):
    assert GoldView(about).agreement == GoldView(about).agreement
    assert GoldView(about).frequency == GoldView(about).frequency


# Where gold says nothing -----------------------------------------------------------------------------------------


def test_what_gold_does_not_say_is_a_sentence_with_what_helps_and_a_reason_is_told_once():
    view = GoldView(g.AboutGold(NO_GOLD, g.Unsaid("All answers are of 'ana'."), NO_GOLD))
    assert view.verdict == (
        "How many labels of all items are right is not known. There is no dev gold of mood under 2.0.0."
        " What helps: retrolabel gold import mood FILE."
    )
    assert view.unsaid["people"] == "All answers are of 'ana'."
    assert view.unsaid["possible"] == "Gold does not say it, for the same reason."
    assert why(g.Unsaid("No.")) == "No."


def test_a_page_without_gold_has_no_picture_of_it_and_says_why(make_report):
    template = Template(
        *((HERE / "report" / name).read_text(encoding="utf-8") for name in ("page.html.jinja", "page.css"))
    )
    html = page(make_report(about_gold=g.AboutGold(NO_GOLD, NO_GOLD, NO_GOLD)), template)
    part = html[html.index('<section aria-labelledby="whole">') :]
    part = part[: part.index("</section>")]
    assert "<svg" not in part
    assert part.count("There is no dev gold of mood under 2.0.0.") == 1


def test_the_verdict_has_both_sentences_with_role_and_n(make_report):
    sentences = View(make_report()).sentences
    assert (
        "By dev gold of a known design, of all 10 items .70 [.65, .75] are right; an item without a label is not right."
        " Of the 8 items with a label .80 [.75, .85] are right. The share above is of the judged gold items alone."
    ) in sentences


def test_without_any_gold_the_verdict_says_so_once(make_report):
    report = make_report(about_gold=g.AboutGold(NO_GOLD, NO_GOLD, NO_GOLD), scores=(), gold_items=0)
    told = [sentence for sentence in View(report).sentences if "gold" in sentence]
    only = (
        "No dev gold speaks of these labels, so nobody can tell how good they are:"
        " retrolabel gold import mood takes some in."
    )
    assert told == [only]
