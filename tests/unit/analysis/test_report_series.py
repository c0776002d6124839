"""The picture of agreement over time: drawn for both widths, with limits, signals and breaks, in colours of its own."""

from __future__ import annotations

import pandas as pd

from retrolabel.analysis.report.charts import drawn
from retrolabel.analysis.report.series_charts import on_its_own, series

DAYS = pd.date_range("2026-01-05", periods=8, freq="7D", tz="UTC")
FIGURES = pd.DataFrame(
    {"version": ["1.0.0"] * 5 + ["2.0.0"] * 3, "since": DAYS, "of": "alpha", "name": "",
     "value": [0.9, 0.85, None, 0.8, 0.6, 0.9, 0.9, 0.88], "low": 0.5, "high": 0.95},
)  # fmt: skip
POINTS = pd.DataFrame(
    {"version": FIGURES["version"], "since": DAYS, "z": [float("nan"), 0.2, -0.4, -1.0, -4.2, float("nan"), 0.1, 0.3],
     "up": 0.1, "down": [0, 0, 0, 0.5, 4.2, 0, 0, 0], "h": 5.0, "limit": 3.5,
     "signal": ["", "", "", "", "Shewhart", "", "", ""]},
)  # fmt: skip
BREAKS = [(DAYS[5], "1.0.0 to 2.0.0")]


def test_a_picture_on_its_own_has_its_title_its_breaks_and_no_colour_of_a_page():
    found = on_its_own(series(FIGURES, POINTS, BREAKS), "mood 2.0.0: no alarm stands", "eight weeks")
    assert "mood 2.0.0: no alarm stands" in found
    assert "1.0.0 to 2.0.0" in found
    assert "Alpha of all [95 %] (1 withheld)" in found
    assert "beyond 3.5 is a signal" in found
    assert "var(--" not in found
    assert found.count("#b3261e") == 2  # the point that signals, in the row of points and in that of sums


def test_it_is_drawn_for_a_narrow_screen_too_and_without_breaks():
    found = drawn(series(FIGURES, POINTS, []), "series", "Agreement", "eight weeks")
    assert "var(--alarm)" in found.narrow
    assert "1.0.0" not in found.wide


def test_a_long_title_is_whole_on_a_narrow_screen():
    rows = [("alpha", "", "retrieval / generation: how often two people do not differ between them [95 %]")]
    found = drawn(series(FIGURES, POINTS, [], rows=rows), "series", "Agreement", "eight weeks")
    assert "how often two people do not differ between them [95 %] (1 withheld)" in found.wide
    assert "retrieval / generation: how often two<" in found.narrow
