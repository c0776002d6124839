"""The picture of agreement over time: figures with intervals, the control charts below them, breaks through all."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from retrolabel.analysis.report.charts import ALARM, INK, MUTED, NOW, SOFT, data_of, drawn
from retrolabel.analysis.report.naming import WIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrolabel.analysis.report.charts import Built

SIDE = 52
"""Pixels for the numbers of an axis."""
BESIDE = 16
"""Pixels to the right, so that the last mark is whole."""
LETTERS = 40
"""Letters in a line of a title on a narrow screen."""
ROWS = {"figures": 110, "z": 90, "sums": 70}
BRIGHT = {"ink": "#1b1f24", "muted": "#57606a", "grid": "#d3dae1", "paper": "#ffffff"}
BRIGHT |= {"now": "#0b5cad", "before": "#a8410b", "soft": "#8fbbe8", "alarm": "#b3261e"}
"""The colours of a page by day: a picture on its own has no page to take them from."""


def series(
    figures: pd.DataFrame,
    points: pd.DataFrame,
    breaks: Sequence[tuple[Any, str]],
    *,
    rows: Sequence[tuple[str, str, str]] = (("alpha", "", "Alpha of all [95 %]"),),
) -> Callable[[int], Built]:
    """Return agreement over time: a row for each figure, then the points in standard errors, then the sums.

    Args:
        figures: ``since``, ``of``, ``name``, ``value``, ``low``, ``high``, ``version``: a figure of a period each.
        points: ``since``, ``z``, ``up``, ``down``, ``h``, ``limit``, ``signal``, ``version``: the points of one chart.
        breaks: When a change of meaning came, and its words.
        rows: ``of`` and ``name`` of the figures that have a row, and its title.
    """
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    days = [*pd.to_datetime(figures["since"]), *(pd.to_datetime(day) for day, _ in breaks)]
    span = (max(days) - min(days)) / 40 + pd.Timedelta(days=2)
    ends = [f"{each:%Y-%m-%dT%H:%M:%S}" for each in (min(days) - span, max(days) + span)]
    times = alt.Scale(domain=ends, type="utc")
    marks = pd.DataFrame(
        [{"when": f"{pd.to_datetime(day):%Y-%m-%dT%H:%M:%S}", "told": told} for day, told in breaks],
        columns=["when", "told"],
    )
    points = points.assign(when=_when(points))
    figures = figures.assign(when=_when(figures))

    def x(*, last: bool) -> alt.X:
        axis = alt.Axis(labels=last, ticks=last, title=None, grid=False, labelFlush=True, tickCount=6)
        return alt.X("when:T", scale=times, axis=axis)

    def build(width: int) -> Built:
        inside = width - SIDE - BESIDE
        drawn_rows = [_words(marks, x(last=False), inside)] if len(marks) else []
        drawn_rows += [_figures(figures, row, x(last=False), marks, inside) for row in rows]
        drawn_rows.append(_standard(points, x(last=False), marks, inside))
        drawn_rows.append(_sums(points, x(last=True), marks, inside))
        return alt.vconcat(*drawn_rows, spacing=10)

    return build


def _when(frame: pd.DataFrame) -> list[str]:
    return [f"{each:%Y-%m-%dT%H:%M:%S}" for each in pd.to_datetime(frame["since"])]


def _figures(frame: pd.DataFrame, row: tuple[str, str, str], x: Any, marks: pd.DataFrame, width: int) -> Built:  # noqa: ANN401 - altair's axis
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    of, name, title = row
    mine = frame[(frame["of"] == of) & (frame["name"] == name)]
    shown = mine.dropna(subset=["value"])
    lowest = float(shown[["low", "value"]].min().min()) if len(shown) else 0.0
    scale = alt.Scale(domain=[min(0.9, lowest), 1], nice=True, zero=False)
    y = alt.Y("value:Q", scale=scale, title=None, axis=alt.Axis(tickCount=4, format=".2f", minExtent=SIDE - 12))
    base = alt.Chart(data_of(shown, ["when", "value", "low", "high", "version"]))
    layers = [
        base.mark_line(color=SOFT, strokeWidth=1.5).encode(x=x, y=y, detail="version:N"),
        base.mark_rule(color=NOW, strokeWidth=1.5).encode(x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q"),
        base.mark_point(filled=True, size=34, opacity=1, color=NOW).encode(x=x, y=y),
    ]
    withheld = len(mine) - len(shown)
    said = f"{title}{f' ({withheld} withheld)' if withheld else ''}"
    shown_title = said if width > WIDE / 2 else textwrap.wrap(said, LETTERS)
    return alt.layer(*layers, *_breaks(marks, x)).properties(width=width, height=ROWS["figures"], title=shown_title)


def _standard(points: pd.DataFrame, x: Any, marks: pd.DataFrame, width: int) -> Built:  # noqa: ANN401 - altair's axis
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    there = points.dropna(subset=["z"])
    most = max(4.5, float(there["z"].abs().max()) if len(there) else 0.0)
    scale = alt.Scale(domain=[-most, most])
    y = alt.Y("z:Q", scale=scale, title=None, axis=alt.Axis(tickCount=5, minExtent=SIDE - 12))
    limits = pd.DataFrame({"z": [-float(points["limit"].max()), 0.0, float(points["limit"].max())]})
    base = alt.Chart(data_of(there, ["when", "z", "signal", "version"]))
    lines = alt.Chart(data_of(limits, ["z"])).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(y=y)
    colour = alt.condition("datum.signal == ''", alt.value(NOW), alt.value(ALARM))
    layers = [
        lines,
        base.mark_line(color=SOFT, strokeWidth=1.5).encode(x=x, y=y, detail="version:N"),
        base.mark_point(filled=True, size=40, opacity=1).encode(x=x, y=y, color=colour),
    ]
    told = f"In standard errors from what the periods before say; beyond {limits['z'].max():g} is a signal"
    title = told if width > WIDE / 2 else ["In standard errors from", "what the periods before say"]
    return alt.layer(*layers, *_breaks(marks, x)).properties(width=width, height=ROWS["z"], title=title)


def _sums(points: pd.DataFrame, x: Any, marks: pd.DataFrame, width: int) -> Built:  # noqa: ANN401 - altair's axis
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    h = float(points["h"].max())
    most = max(1.3 * h, float(points[["up", "down"]].max().max()))
    frame = points.assign(lower=-points["down"])
    scale = alt.Scale(domain=[-most, most])
    axis = alt.Axis(tickCount=5, minExtent=SIDE - 12)
    base = alt.Chart(data_of(frame, ["when", "up", "lower", "signal", "version"]))
    limits = pd.DataFrame({"at": [-h, 0.0, h]})
    colour = alt.condition("datum.signal == ''", alt.value(NOW), alt.value(ALARM))
    down = alt.Y("lower:Q", scale=scale, title=None, axis=axis)
    layers = [
        alt.Chart(data_of(limits, ["at"]))
        .mark_rule(color=MUTED, strokeDash=[4, 3])
        .encode(y=alt.Y("at:Q", scale=scale, title=None, axis=axis)),
        base.mark_line(color=MUTED, strokeWidth=1.5).encode(x=x, y=alt.Y("up:Q", scale=scale), detail="version:N"),
        base.mark_line(color=NOW, strokeWidth=2).encode(x=x, y=down, detail="version:N"),
        base.mark_point(filled=True, size=30, opacity=1).encode(x=x, y=down, color=colour),
    ]
    told = f"CUSUM: what adds up below (blue) and above (grey); {h:.1f} is a signal"
    title = told if width > WIDE / 2 else ["CUSUM, below (blue)", "and above (grey)"]
    return alt.layer(*layers, *_breaks(marks, x)).properties(width=width, height=ROWS["sums"], title=title)


def _breaks(marks: pd.DataFrame, x: Any) -> list[Built]:  # noqa: ANN401 - altair's axis
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    if not len(marks):
        return []
    return [alt.Chart(data_of(marks, ["when"])).mark_rule(color=INK, strokeWidth=1.5, strokeDash=[2, 2]).encode(x=x)]


def _words(marks: pd.DataFrame, x: Any, width: int) -> Built:  # noqa: ANN401 - altair's axis
    """Return what the breaks are, in a row of its own: no words lie on marks or on a title."""
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    words = alt.Chart(data_of(marks, ["when", "told"])).encode(x=x, text="told:N")
    shown = words.mark_text(color=INK, align="center", baseline="middle", fontSize=12, fontWeight="bold")
    return shown.properties(width=width, height=14)


def on_its_own(build: Callable[[int], Built], title: str, description: str) -> str:
    """Return the picture as SVG with colours of its own, its title above it.

    Args:
        build: Makes the chart for a width in pixels.
        title: What to see in it.
        description: What it shows, for who cannot see it.
    """

    def titled(width: int) -> Built:
        chart = build(width)
        return chart.properties(title=[title], padding=14)

    found = drawn(titled, "series", title, description).wide
    found = re.sub(r"var\(--([a-z]+)\)", lambda name: BRIGHT[name[1]], found)
    return re.sub(r"^(<svg[^>]*>)", rf'\1<rect width="100%" height="100%" fill="{BRIGHT["paper"]}"/>', found, count=1)
