"""The pictures of gold in a report: how frequent labels are, how far people agree, how many labels stay possible."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from retrolabel.analysis.report.charts import BEFORE, INK, MUTED, NOW, SOFT, data_of
from retrolabel.analysis.report.naming import LINE, NARROW, WIDE, lines, names_axis, room, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.analysis.report.charts import Built

MOST_ROWS = 30
"""Labels in a picture; the table below it has all."""
SIDE, BESIDE = 110, 120
"""Pixels for the names, and for the words behind a bar, of items by how many labels are possible."""
FEW = 0.05
"""Where all shares are below this, whole percents say too little."""
REASON = {WIDE: 84, NARROW: 26}
"""Letters in a line of a reason."""
GIVEN, FOUND, ALONE = "of the labels given", "of all items, estimated", "by gold alone"


def frequencies(frame: pd.DataFrame) -> Callable[[int], Built]:
    """Return how frequent labels are: a bar for the label set, points with intervals for all items.

    Args:
        frame: The frame of :func:`retrolabel.analysis.report.gold_frames.frequencies`.
    """
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    most = most_frequent(frame)
    panels = [most[~most["rare"]], most[most["rare"]]]

    def build(width: int) -> Built:
        common, rare = panels
        side = room(wrapped(name, width) for name in most["label"])
        drawn = [_shares(common, width, side, title="")]
        if len(rare):
            drawn.append(_shares(rare, width, side, title="Rarer labels, on a scale of their own"))
        return alt.vconcat(*drawn, spacing=14) if len(drawn) > 1 else drawn[0]

    return build


def most_frequent(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are drawn: the labels that are or seem most frequent, in the order of the frame."""
    size = frame[["given", "value"]].max(axis=1)
    return frame.loc[size.sort_values(ascending=False, kind="stable").index[:MOST_ROWS].sort_values()]


def _shares(frame: pd.DataFrame, width: int, side: int, *, title: str) -> Built:
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    names = pd.Series([wrapped(name, width) for name in frame["label"]], frame.index)
    order = names.tolist()
    colours = alt.Scale(domain=[GIVEN, FOUND, ALONE], range=[SOFT, NOW, BEFORE])
    shapes = alt.Scale(domain=[GIVEN, FOUND, ALONE], range=["square", "circle", "diamond"])
    colour, shape = alt.Color("what:N", scale=colours, legend=None), alt.Shape("what:N", scale=shapes, legend=None)
    kinds = {GIVEN: ("given", "given", "given"), FOUND: ("value", "low", "high")}
    kinds[ALONE] = ("alone", "alone_low", "alone_high")
    rows = pd.concat(
        [
            pd.DataFrame({"name": names, "what": what, "value": frame[of], "low": frame[low], "high": frame[high]})
            for what, (of, low, high) in kinds.items()
        ]
    ).dropna()
    top = float(rows["high"].max())
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[0, top], nice=True),
        title="share [95 %]",
        axis=alt.Axis(format=".1%" if top < FEW else "%", tickCount=5 if width == WIDE else 3),
    )
    y = alt.Y("name:N", sort=order, title=None, axis=names_axis(side, lines(names)))

    def of(*kinds: str) -> Built:
        mine = rows[rows["what"].isin(kinds)]
        return alt.Chart(data_of(mine, ["name", "what", "value", "low", "high"])).encode(y=y, color=colour)

    step = max(26, LINE * lines(order) + 6)
    lanes = alt.YOffset("what:N", scale=alt.Scale(domain=[FOUND, ALONE], range=[step * 0.28, step * 0.62]))
    layers = [
        of(GIVEN).mark_bar(height=alt.RelativeBandSize(0.8)).encode(x=x),
        of(FOUND, ALONE).mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2="high:Q", yOffset=lanes),
        of(FOUND, ALONE).mark_point(filled=True, size=50, opacity=1).encode(x=x, yOffset=lanes, shape=shape),
    ]
    return alt.layer(*layers).properties(width=width - side - 20, height=step * len(frame), title=title)


def agreement(frame: pd.DataFrame) -> Callable[[int], Built]:
    """Return how far people agree on each label, and how well they tell each two apart.

    Args:
        frame: The frame of :func:`retrolabel.analysis.report.gold_frames.agreements`.
    """
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    labels = frame[frame["kind"] == "label"].sort_values("items", ascending=False, kind="stable").head(MOST_ROWS)
    pairs = frame[frame["kind"] == "pair"]
    named = [f"{name} ({differ:,})" for name, differ in zip(pairs["name"], pairs["differ"], strict=True)]
    pairs = pairs.assign(name=named)
    lowest = math.floor(5 * float(frame["low"].min())) / 5 if frame["low"].notna().any() else 0.0

    def build(width: int) -> Built:
        parts = {
            "Each label against the rest": labels.sort_index(),
            "Each two labels": pairs,
        }
        side = room(wrapped(name, width) for part in parts.values() for name in part["name"])
        drawn = [_alphas(part, width, side, title=title, lowest=lowest) for title, part in parts.items() if len(part)]
        return alt.vconcat(*drawn, spacing=14)

    return build


def _alphas(frame: pd.DataFrame, width: int, side: int, *, title: str, lowest: float) -> Built:
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    names = pd.Series([wrapped(name, width) for name in frame["name"]], frame.index)
    told = pd.Series(
        ["\n".join(textwrap.wrap(f"no figure: {w}", REASON[width])) * bool(w) for w in frame["why"]], frame.index
    )
    rows = frame.assign(name=names, told=told)
    y = alt.Y("name:N", sort=names.tolist(), title=None, axis=names_axis(side, lines(names)))
    scale = alt.Scale(domain=[lowest, 1])
    x = alt.X("alpha:Q", scale=scale, title="alpha [95 %]", axis=alt.Axis(tickCount=5 if width == WIDE else 3))
    known = alt.Chart(data_of(rows.dropna(subset=["alpha"]), ["name", "alpha", "low", "high"])).encode(y=y)
    empty = rows.loc[rows["told"] != "", ["name", "told"]]
    layers = [
        known.mark_rule(strokeWidth=2, color=NOW).encode(x=alt.X("low:Q", scale=scale), x2="high:Q"),
        known.mark_point(filled=True, size=60, opacity=1, color=NOW).encode(x=x),
    ]
    if len(empty):
        above = alt.ExprRef("-6 * (length(split(datum.told, '\\n')) - 1)")
        words = alt.Chart(data_of(empty, ["name", "told"])).mark_text(
            align="left",
            baseline="middle",
            color=MUTED,
            fontSize=11,
            lineBreak="\n",
            lineHeight=12,
            fontStyle="italic",
            dy=above,
        )
        layers.append(words.encode(y=y, x=alt.value(4), text="told:N"))
    step = max(22, LINE * max(lines(names), lines(told)) + 6)
    return alt.layer(*layers).properties(width=width - side - 20, height=step * len(frame), title=title)


def sizes(frame: pd.DataFrame) -> Callable[[int], Built]:
    """Return how many items have one possible label, two, and so on.

    Args:
        frame: The frame of :func:`retrolabel.analysis.report.gold_frames.sizes`.
    """
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    told = [f"{items:,} ({share:.1%})" for items, share in zip(frame["items"], frame["share"], strict=True)]
    names = [f"{labels} label{'' if labels == '1' else 's'}" for labels in frame["labels"]]
    rows = frame.assign(told=[text.replace("%", "\u00a0%") for text in told], name=names)
    top = max(0.01, float(frame["share"].max()))

    def build(width: int) -> Built:
        beyond = 1 + BESIDE / (width - SIDE - BESIDE)  # the words stand to the right of the longest bar
        x = alt.X(
            "share:Q",
            title="share of the items",
            scale=alt.Scale(domain=[0, top * beyond], nice=False),
            axis=alt.Axis(format="%", tickCount=5 if width == WIDE else 3),
        )
        y = alt.Y("name:N", sort=names, title=None, axis=names_axis(SIDE, 1))
        base = alt.Chart(data_of(rows, ["name", "share", "told"])).encode(x=x, y=y)
        bars = base.mark_bar(color=NOW, height=14)
        words = base.mark_text(color=INK, align="left", dx=5, fontSize=12).encode(text="told:N")
        return alt.layer(bars, words).properties(width=width - SIDE - 20, height=24 * len(frame))

    return build
