"""The charts of a report: frames in, SVG out, drawn when the page is made so that it needs no script.

Colours are the page's own CSS variables, so one drawing serves light, dark and paper. Each chart is drawn for a wide
and for a narrow screen, since text in a picture that is scaled down cannot be read. A chart has no legend: the
page's own text above it has the keys, so that none can lie on marks or on another one, whatever font the reader has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from retrolabel.analysis.report.naming import LINE, NARROW, WIDE, lines, names_axis, room, wrapped
from retrolabel.analysis.report.values import NO_LABEL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from retrolabel.analysis.report.values import Bump

    Built = Any  # altair's charts have a type for each way of putting them together

FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
INK, MUTED, GRID, PAPER = "var(--ink)", "var(--muted)", "var(--grid)", "var(--paper)"
NOW, BEFORE, SOFT, ALARM = "var(--now)", "var(--before)", "var(--soft)", "var(--alarm)"
MOST_ROWS = 30
"""Rows of a chart of labeling functions; the table beside it has all."""
MOST_LABELS = 14
ROW = 22
"""Height of a row, in pixels."""
LITTLE = 0.02
"""Where a scale ends below this, whole percents say too little."""
RARE = 0.3
"""A label whose highest share is below this part of the highest of all has a scale of its own."""
LETTER = 7
"""Width of a letter that names a bump, in pixels, at most."""


@dataclass(frozen=True)
class Drawing:
    """A chart as SVG, for a wide and for a narrow screen."""

    wide: str
    narrow: str


def drawn(build: Callable[[int], Built], name: str, title: str, description: str) -> Drawing:
    """Return a chart as SVG.

    Args:
        build: Makes the chart for a width in pixels.
        name: What ids in the page begin with.
        title: What a screen reader says it is.
        description: What it shows, in a sentence.
    """
    from altair.utils.schemapi import debug_mode  # noqa: PLC0415 - heavy, and only for reports

    with debug_mode(False):  # noqa: FBT003 - altair's; our tests draw every chart, and checking each part is slow
        found = {width: _svg(build(width), f"{name}-{width}", title, description) for width in (WIDE, NARROW)}
    return Drawing(found[WIDE], found[NARROW])


def _svg(chart: Built, name: str, title: str, description: str) -> str:
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports
    import vl_convert  # noqa: PLC0415 - the same

    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    spec = _styled(chart).to_dict(validate=False)  # our tests draw every chart; checking takes longer than drawing
    known = version if version in vl_convert.get_vegalite_versions() else None
    found = str(vl_convert.vegalite_to_svg(spec, vl_version=known))
    found = re.sub(r' (?:role|class|aria-[a-z]+|pointer-events|xmlns(?::xlink)?|version)="[^"]*"', "", found)
    found = re.sub(r'(id="|url\(#)(clip|gradient)', rf"\1{name}-\2", found)
    found = re.sub(r'<path d="M0,0h[^"]*"(?: fill="none")?/>|<path d="" display="none"/>', "", found)
    named = f'<title id="{name}-t">{_escaped(title)}</title><desc id="{name}-d">{_escaped(description)}</desc>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-t {name}-d"'
    return re.sub(r"^<svg([^>]*)>", lambda tag: f"{head}{tag[1]}>{named}", found, count=1)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _styled(chart: Built) -> Built:
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    axis: dict[str, Any] = {
        "labelColor": INK,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domainColor": GRID,
        "tickColor": GRID,
        "labelFontSize": 12,
        "titleFontSize": 12,
    }
    title: dict[str, Any] = {"color": INK, "fontSize": 13, "fontWeight": "bold", "anchor": "start", "offset": 4}
    # In one call: each call copies the whole chart, which takes longer than drawing it.
    return chart.configure(
        font=FONT,
        background="transparent",
        padding=2,
        axis=alt.AxisConfig(**axis),
        view=alt.ViewConfig(stroke=None),
        title=alt.TitleConfig(**title),
    )


def over_time(
    now: pd.DataFrame,
    before: pd.DataFrame | None,
    bumps: Sequence[Bump],
    unit: str,
    heirs: Mapping[str, Sequence[str]] | None = None,
) -> Callable[[int], Built]:
    """Return the shares of labels over time, a row for each label, with the bumps drawn in.

    A label that is much rarer than the most frequent one has a scale of its own, and its title says so.

    Args:
        now: The frame of :func:`retrolabel.analysis.report.frames.shares_over_time` of the label set.
        before: The same of the one before.
        bumps: Where new versions came in.
        unit: The stretch of time a point stands for.
        heirs: A label that is gone -> the labels that steps made of it; its row stands above theirs.
    """
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    both = [now.assign(set="now")] + ([before.assign(set="before")] if before is not None else [])
    frame = pd.concat(both, ignore_index=True)
    labels = in_order(frame, heirs or {})
    days = [*frame["start"], *(bump.day for bump in bumps)]
    times = alt.Scale(domain=[min(days, default="2000-01-01"), max(days, default="2000-01-02")], type="utc")
    tops = own_scales(frame[frame["label"].isin(labels)])
    most = max(tops.values(), default=1.0)
    marks = [{"day": bump.day, "told": f"{bump.before} → {bump.after}"} for bump in bumps]

    def axis(*, last: bool) -> alt.Axis:
        return alt.Axis(labels=last, ticks=last, title=None, grid=False, labelFlush=True, tickCount=6)

    def row(label: str, width: int, *, first: bool) -> Built:
        named = _named(marks, min(days), max(days), width - 46)
        mine, top = frame[frame["label"] == label], tops[label]
        x = alt.X("start:T", scale=times, axis=axis(last=False))
        y = alt.Y(
            "share:Q",
            scale=alt.Scale(domain=[0, top], nice=False),
            title=None,
            axis=alt.Axis(format=".1%" if top < LITTLE else ".0%", values=[0, top]),
        )
        base = alt.Chart(data_of(mine[mine["set"] == "now"], ["start", "share"])).encode(x=x, y=y)
        old = alt.Chart(data_of(mine[mine["set"] == "before"], ["start", "share"])).encode(x=x, y=y)
        layers = [
            base.mark_area(color=SOFT, opacity=0.55),
            base.mark_line(color=NOW, strokeWidth=2),
            old.mark_line(color=BEFORE, strokeWidth=2, strokeDash=[4, 3]),
            *_rules(marks, times, named if first else {}),
        ]
        titles = wrapped(label, width).split("\n")
        if top < most:
            titles[-1] += " (own scale)"
        return alt.layer(*layers).properties(width=width - 46, height=44, title=titles)

    def build(width: int) -> Built:
        rows = [row(label, width, first=place == 0) for place, label in enumerate(labels)]
        n = frame[frame["set"] == "now"].drop_duplicates("start")
        bars = (
            alt.Chart(data_of(n, ["start", "n"]))
            .mark_bar(color=MUTED, opacity=0.45, size=max(1, int(0.8 * (width - 46) / max(1, len(n)))))
            .encode(
                x=alt.X("start:T", scale=times, axis=axis(last=True)),
                y=alt.Y("n:Q", title=None, axis=alt.Axis(tickCount=2, format="~s")),
            )
        )
        count = alt.layer(bars, *_rules(marks, times, {}))
        rows.append(count.properties(width=width - 46, height=36, title=f"items per {unit} (n)"))
        return alt.vconcat(*rows, spacing=8)

    return build


def own_scales(frame: pd.DataFrame) -> dict[str, float]:
    """Return label -> the share at which its scale ends: that of all, or its own where it is much rarer.

    Args:
        frame: ``label``, ``share``.

    Example:
        >>> own_scales(pd.DataFrame({"label": ["a", "b", "c"], "share": [0.5, 0.2, 0.02]}))
        {'a': 0.5, 'b': 0.5, 'c': 0.02}
    """
    highest = frame.groupby("label", sort=False)["share"].max()
    most = max(0.01, float(highest.max())) if len(highest) else 1.0
    return {str(label): max(0.001, top) if top < RARE * most else most for label, top in highest.items()}


def in_order(frame: pd.DataFrame, heirs: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the labels that are drawn: in the schema's order, each that went above the first of its heirs.

    The rarest are left out.

    Args:
        frame: ``label``, ``items``; the labels of now first.
        heirs: A label that is gone -> the labels that steps made of it.

    Example:
        >>> shares = pd.DataFrame({"label": ["good", "slow", "wrong", "bad"], "items": [5, 2, 1, 3]})
        >>> in_order(shares, {"bad": ["slow", "wrong"]})
        ['good', 'bad', 'slow', 'wrong']
    """
    items = frame.groupby("label", sort=False)["items"].sum()
    common = set(items.sort_values(ascending=False, kind="stable").index[:MOST_LABELS])
    found = [str(label) for label in items.index if label in common and items[label]]
    found.sort(key=lambda label: label == NO_LABEL)
    for label, its in heirs.items():
        places = [found.index(heir) for heir in its if heir in found and heir != label]
        if label in found and label not in its and places:
            at = found.index(label)
            found.insert(min(places), found.pop(at)) if at > min(places) else None
    return found


def _rules(marks: Sequence[dict[str, str]], times: Any, named: Mapping[str, str]) -> list[Built]:  # noqa: ANN401 - altair's scale
    """Return the line of each bump, with its words where there is room for them.

    Args:
        marks: ``day`` and ``told`` of each bump.
        times: The scale of the axis.
        named: Day -> on which side its words stand, ``left`` or ``right``.
    """
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    if not marks:
        return []
    x = alt.X("day:T", scale=times)
    found: list[Built] = [alt.Chart(_values(marks)).mark_rule(color=ALARM, strokeWidth=1.5).encode(x=x)]
    sides: tuple[tuple[str, Literal["left", "right"], int], ...] = (("right", "left", 4), ("left", "right", -4))
    for side, align, dx in sides:
        here = [mark for mark in marks if named.get(mark["day"]) == side]
        words = alt.Chart(_values(here)).mark_text(
            color=ALARM, align=align, dx=dx, y=-6, baseline="middle", fontSize=12, fontWeight="bold"
        )
        found += [words.encode(x=x, text="told:N")] if here else []
    return found


def _named(marks: Sequence[dict[str, str]], first: str, last: str, width: int) -> dict[str, str]:
    """Return which bumps have room for their words, the newest before older ones, and on which side of the line."""
    days = pd.to_datetime([first, last, *(mark["day"] for mark in marks)])
    span = max(1, (days[1] - days[0]).days)
    taken: list[tuple[float, float]] = []
    found: dict[str, str] = {}
    for mark, day in sorted(zip(marks, days[2:], strict=True), key=lambda pair: pair[1], reverse=True):
        at, length = (day - days[0]).days / span * width, 8 + LETTER * len(mark["told"])
        sides = {"right": (at, at + length), "left": (at - length, at)}
        for side, (start, end) in sides.items():
            if start >= 0 and end <= width and all(end <= other[0] or other[1] <= start for other in taken):
                found[mark["day"]] = side
                taken.append((start, end))
                break
    return found


def activity(frame: pd.DataFrame) -> Callable[[int], Built]:
    """Return what each labeling function does: the share of items it votes on, alone, with others, against others.

    Args:
        frame: The frame of :func:`retrolabel.analysis.lf_summary.lf_summary`, with ``lf`` as a column.
    """
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    most = frame.sort_values(["coverage", "lf"], ascending=[False, True], kind="stable").head(MOST_ROWS)
    parts = {
        "conflicts with another": most["conflicts"],
        "overlaps, no conflict": most["overlaps"] - most["conflicts"],
        "votes alone": most["coverage"] - most["overlaps"],
    }
    rows = pd.concat(
        [
            pd.DataFrame({"lf": most["lf"], "what": what, "share": share, "order": place})
            for place, (what, share) in enumerate(parts.items())
        ]
    )
    colours = alt.Scale(domain=list(parts), range=[ALARM, NOW, SOFT])

    def build(width: int) -> Built:
        names = {lf: wrapped(lf, width) for lf in most["lf"]}
        side, step = room(names.values()), row_height(names.values())
        shown = rows.assign(lf=rows["lf"].map(names))
        return (
            alt.Chart(data_of(shown, ["lf", "what", "share", "order"]))
            .mark_bar(height=13)
            .encode(
                x=alt.X("share:Q", title="share of all items", axis=alt.Axis(format="%", tickCount=5)),
                y=alt.Y("lf:N", sort=list(names.values()), title=None, axis=names_axis(side, lines(names.values()))),
                color=alt.Color("what:N", scale=colours, legend=None),
                order=alt.Order("order:Q"),
            )
            .properties(width=width - side - 16, height=step * len(most))
        )

    return build


def row_height(names: Iterable[str]) -> int:
    """Return how many pixels a row needs so that neither its marks nor its name touch those of the next."""
    return max(ROW, LINE * lines(names) + 6)


def precision(frame: pd.DataFrame) -> Callable[[int], Built]:
    """Return how often each vote is right: as learned, and on gold.

    Args:
        frame: The frame of :func:`retrolabel.analysis.report.frames.precisions`.
    """
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    most = frame.loc[frame["votes"].sort_values(ascending=False, kind="stable").index[:MOST_ROWS]]
    most = most.loc[[row for row in frame.index if row in set(most.index)]]
    several = most["lf"].map(frame["lf"].value_counts()) > 1
    name = most["lf"].where(~several, most["lf"] + " → " + most["vote"].str.replace("|", " | ")).rename("name")
    learned = pd.DataFrame({"name": name, "value": most["learned"], "low": most["low"], "high": most["high"]})
    on_gold = pd.DataFrame({"name": name, "value": most["on_gold"], "low": most["gold_low"], "high": most["gold_high"]})
    kinds = {"learned": learned, "on dev gold": on_gold}
    rows = pd.concat([part.assign(what=what).dropna(subset=["value"]) for what, part in kinds.items()])
    colours = alt.Scale(domain=list(kinds), range=[NOW, BEFORE])
    shapes = alt.Scale(domain=list(kinds), range=["circle", "diamond"])

    def build(width: int) -> Built:
        names = {each: wrapped(each, width) for each in name}
        side, step = room(names.values()), row_height(names.values()) + 6
        shown = rows.assign(name=rows["name"].map(names))
        y = alt.Y("name:N", sort=list(names.values()), title=None, axis=names_axis(side, lines(names.values())))
        lanes = alt.YOffset("what:N", scale=alt.Scale(domain=list(kinds), paddingOuter=0.3))
        base = alt.Chart(data_of(shown, ["name", "value", "low", "high", "what"])).encode(
            y=y, yOffset=lanes, color=alt.Color("what:N", scale=colours, legend=None)
        )
        x = alt.X(
            "low:Q",
            scale=alt.Scale(domain=[0, 1]),
            title="share of votes that are right [95 %]",
            axis=alt.Axis(format="%", tickCount=5),
        )
        spans = base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=1.5).encode(x=x, x2="high:Q")
        points = base.mark_point(filled=True, size=46, opacity=1).encode(
            x="value:Q", shape=alt.Shape("what:N", scale=shapes, legend=None)
        )
        return alt.layer(spans, points).properties(width=width - side - 16, height=step * len(names))

    return build


def agreement(frame: pd.DataFrame) -> Callable[[int], Built]:
    """Return the agreement with gold, with intervals.

    Args:
        frame: The frame of :func:`retrolabel.analysis.report.frames.agreements`.
    """
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    names = list(dict.fromkeys(frame["label_set"]))
    measures = list(dict.fromkeys(frame["measure"]))
    colours = alt.Scale(domain=names, range=[NOW, BEFORE][: len(names)])
    shapes = alt.Scale(domain=names, range=["circle", "diamond"][: len(names)])
    lowest = min(0.0, float(frame["low"].min()))

    def build(width: int) -> Built:
        lanes = alt.YOffset("label_set:N", scale=alt.Scale(domain=names, paddingOuter=0.3))
        base = alt.Chart(data_of(frame, ["measure", "label_set", "value", "low", "high"])).encode(
            y=alt.Y("measure:N", sort=measures, title=None, axis=names_axis(room(measures), 1)),
            yOffset=lanes,
            color=alt.Color("label_set:N", scale=colours, legend=None),
        )
        x = alt.X(
            "low:Q",
            scale=alt.Scale(domain=[lowest, 1]),
            title="agreement with dev gold [95 %]",
            axis=alt.Axis(tickCount=6),
        )
        spans = base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q")
        points = base.mark_point(filled=True, size=70, opacity=1).encode(
            x="value:Q", shape=alt.Shape("label_set:N", scale=shapes, legend=None)
        )
        return alt.layer(spans, points).properties(width=width - room(measures) - 20, height=38 * len(measures))

    return build


def reliability(frame: pd.DataFrame) -> Callable[[int], Built]:
    """Return the reliability diagram: how often labels are right that the model is so and so sure of.

    Args:
        frame: The frame of :func:`retrolabel.analysis.report.frames.reliability`.
    """
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    line = [{"sure": 0, "right": 0}, {"sure": 1, "right": 1}]

    def build(width: int) -> Built:
        side = min(width - 70, 330)
        unit = alt.Scale(domain=[0, 1])
        x = alt.X(
            "sure:Q",
            scale=unit,
            title="how sure: mean of the highest probability",
            axis=alt.Axis(format="%", tickCount=5),
        )
        y = alt.Y("right:Q", scale=unit, title="how often right [95 %]", axis=alt.Axis(format="%", tickCount=5))
        ideal = alt.Chart(_values(line)).mark_line(color=MUTED, strokeDash=[4, 3], strokeWidth=1.2).encode(x=x, y=y)
        base = alt.Chart(data_of(frame, ["sure", "right", "low", "high", "n"]))
        spans = base.mark_rule(color=NOW, strokeWidth=1.5).encode(x=x, y=alt.Y("low:Q", scale=unit), y2="high:Q")
        points = base.mark_point(filled=True, color=NOW, opacity=1).encode(
            x=x,
            y=y,
            size=alt.Size(
                "n:Q",
                scale=alt.Scale(rangeMin=20, rangeMax=260, domainMin=0),
                legend=None,
            ),
        )
        return alt.layer(ideal, spans, points).properties(width=side, height=side)

    return build


def data_of(frame: pd.DataFrame, columns: Sequence[str]) -> Any:  # noqa: ANN401 - altair's data
    """Return some columns of a frame as the data of a chart."""
    return _values(frame[list(columns)].to_dict("records"))


def _values(rows: Sequence[Mapping[Any, Any]]) -> Any:  # noqa: ANN401 - the same
    import altair as alt  # noqa: PLC0415 - heavy, and only for reports

    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]
