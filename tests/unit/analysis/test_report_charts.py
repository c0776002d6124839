"""Charts as SVG: named, coloured by the page, closed against what labels and functions are called."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from retrolabel.analysis.report import charts, frames
from retrolabel.analysis.report.page import View
from retrolabel.analysis.report.values import Bump, Days

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def view(make_report):
    return View(make_report())


@pytest.mark.parametrize("name", ["over_time", "activity", "precision", "agreement", "reliability"])
def test_a_chart_is_an_image_with_a_title_and_a_description(view, name):
    drawing = getattr(view, name)
    for text in (drawing.wide, drawing.narrow):
        root = ET.fromstring(text)  # noqa: S314 - ours
        assert root.get("role") == "img"
        named = [found.get("id") for found in root if found.tag in (f"{SVG}title", f"{SVG}desc")]
        assert root.get("aria-labelledby").split() == named
        assert all(found.text for found in root if found.get("id") in named)


@pytest.mark.parametrize("name", ["over_time", "activity", "precision", "agreement", "reliability"])
def test_every_colour_of_a_chart_is_one_of_the_page(view, name):
    drawing = getattr(view, name)
    colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', drawing.wide + drawing.narrow))
    assert {each for each in colours if not each.startswith("var(--")} <= {"none", "transparent"}


def test_the_narrow_chart_fits_a_narrow_screen(view):
    for name in ("over_time", "activity", "precision", "agreement", "reliability"):
        width = float(ET.fromstring(getattr(view, name).narrow).get("width"))  # noqa: S314 - ours
        assert width <= 370, name


def test_the_same_frame_gives_the_same_bytes(make_report):
    assert View(make_report()).over_time == View(make_report()).over_time


def test_the_bump_is_drawn_and_named(view):
    assert "1.0.0 → 2.0.0" in view.over_time.wide
    assert "version 2.0.0 came in after 2026-01-06" in view.over_time.wide


def test_names_that_look_like_tags_are_texts(view):
    frame = view.data.lfs.assign(lf=["<script>alert(1)</script>", "</svg><b>"])
    drawing = charts.drawn(charts.activity(frame), "x", "<i>title</i>", "a & b")
    for text in (drawing.wide, drawing.narrow):
        assert "<script" not in text
        assert "<b>" not in text
        assert text.count("</svg>") == 1
        assert ET.fromstring(text)[0].text == "<i>title</i>"  # noqa: S314 - ours


def test_a_function_with_several_votes_has_a_row_for_each():
    frame = pd.DataFrame(
        {
            "lf": ["f", "f", "g"],
            "vote": ["bug", "ask", "bug"],
            "votes": 5,
            "learned": 0.8,
            "low": 0.7,
            "high": 0.9,
            "judged": 0,
            "right": 0,
        }
    )
    text = charts.drawn(charts.precision(frames.precisions(frame)), "x", "t", "d").wide
    assert all(f">{name}<" in text for name in ("f → bug", "f → ask", "g"))


def test_of_many_labeling_functions_those_that_vote_most_are_drawn(view):
    many = pd.DataFrame({"lf": [f"lf_{n:03d}" for n in range(200)], "coverage": [n / 1000 for n in range(200)]})
    text = charts.drawn(charts.activity(many.assign(overlaps=0.0, conflicts=0.0)), "x", "t", "d").wide
    assert "lf_199" in text
    assert "lf_169" not in text


def test_bumps_are_named_as_far_as_there_is_room_the_newest_first(make_report):
    bumps = tuple(Bump(f"2026-01-{3 * n:02d}", f"{n}.0.0", f"{n + 1}.0.0") for n in range(1, 8))
    days = np.array([f"2026-0{month}-01" for month in range(1, 5)], "datetime64[D]")
    drawing = View(make_report(bumps=bumps, days=(Days(days, np.zeros(4, int), np.ones(4, int), ("bug",)),))).over_time
    texts = [re.findall(r">(\d\.0\.0 → \d\.0\.0)<", text) for text in (drawing.wide, drawing.narrow)]
    assert len(bumps) > len(texts[0]) > len(texts[1]) > 0
    assert all("7.0.0 → 8.0.0" in found for found in texts)
    assert all(ET.fromstring(text).get("role") for text in (drawing.wide, drawing.narrow))  # noqa: S314 - ours


def test_a_version_that_labelled_the_whole_history_again_has_no_line_at_the_edge(make_report):
    days = np.array(["2026-01-01", "2026-02-01"], "datetime64[D]")
    one = (Days(days, np.zeros(2, int), np.ones(2, int), ("bug",)),)
    at_the_end = View(make_report(bumps=(Bump("2026-02-01", "1.0.0", "2.0.0"),), days=one))
    between = View(make_report(bumps=(Bump("2026-01-15", "1.0.0", "2.0.0"),), days=one))
    assert "1.0.0 → 2.0.0" not in at_the_end.over_time.wide
    assert [bump.after for bump in at_the_end.relabelled] == ["2.0.0"]
    assert "1.0.0 → 2.0.0" in between.over_time.wide
    assert between.relabelled == []


def test_a_label_that_went_stands_above_its_heirs_and_the_rest_stays_in_order():
    shares = pd.DataFrame({"label": ["good", "slow", "wrong", "bad", "(no label)"], "items": [5, 2, 1, 3, 4]})
    assert charts.in_order(shares, {"bad": ["slow", "wrong"]}) == ["good", "bad", "slow", "wrong", "(no label)"]
    assert charts.in_order(shares, {"bad": ["gone"]}) == ["good", "slow", "wrong", "bad", "(no label)"]


def test_a_rare_label_has_a_scale_of_its_own_and_says_so():
    rows = [("2026-01-01", "often", 90, 100, 0.9), ("2026-01-01", "seldom", 1, 100, 0.01)]
    frame = pd.DataFrame(rows, columns=["start", "label", "items", "n", "share"])
    text = charts.drawn(charts.over_time(frame, None, (), "day"), "x", "t", "d").wide
    assert "seldom (own scale)" in text
    assert "1.0%" in text
    assert "often (own scale)" not in text


def test_no_chart_has_a_legend_that_could_lie_on_something(view):
    drawn = [view.over_time, view.activity, view.precision, view.agreement, view.reliability]
    for text in (each for drawing in drawn for each in (drawing.wide, drawing.narrow)):
        assert "votes alone" not in text
        assert "on dev gold</text>" not in text
        assert "items (n)" not in text


def test_a_name_of_forty_letters_is_whole_beside_both_charts():
    name = "answer_shares_no_word_with_the_question_x"
    frame = pd.DataFrame({"lf": [name], "coverage": [0.5], "overlaps": [0.1], "conflicts": [0.0]})
    drawing = charts.drawn(charts.activity(frame), "x", "t", "d")
    for text in (drawing.wide, drawing.narrow):
        assert name in "".join(re.findall(r">([^<>]+)</t(?:ext|span)>", text))
