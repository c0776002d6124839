"""Make docs/drift.svg: 30 simulated months, alarms beside the changes that were planted.

python docs/make_drift_picture.py
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from retrolabel.analysis.drift import OPEN, drift
from retrolabel.analysis.drift_simulated import LOOK, weeks_of
from retrolabel.simulation.traffic import Change, Usual, simulate_traffic

PICTURE = Path(__file__).parent / "drift.svg"
MONTHS, WEEKS, SEED = 30, 4, 0
ROWS = {
    "label": ("labels", "label b gains 5 points"),
    "labeling function": ("labeling functions", "lf0 votes half as often again"),
    "words": ("words", "a new word in 5 % of items"),
    "length": ("lengths of texts", "texts twice as long"),
}
PLANTED = {"label": (7.4, "share", 0.05), "labeling function": (13.2, "rate", 1.5), "words": (19.6, "word", 0.05)}
PLANTED["length"] = (25.3, "length", 2.0)
AXIS = "month (four weeks); a dot is the look at its end"
INK, MUTED, ALARM, BAND = "#24292f", "#8b949e", "#c4391d", "#f6d9a8"


def looks() -> pd.DataFrame:
    """Return a row for each month and kind: whether its look raised an alarm of that kind."""
    days = MONTHS * WEEKS * 7
    changes = [Change(what, int(at * WEEKS * 7), size) for at, what, size in PLANTED.values()]  # type: ignore[arg-type]
    traffic = simulate_traffic(days, Usual(per_month=5_000), changes=changes, seed=SEED)
    rows: list[dict[str, Any]] = []
    for month in range(1, MONTHS + 1):
        found = drift(weeks_of(traffic, month * WEEKS)) if month > 1 else drift(None)
        kinds = {alarm.kind for alarm in found.alarms}
        for kind, (name, _) in ROWS.items():
            start = PLANTED[kind][0]
            seen = "alarm" if kind in kinds else "open" if found.state == OPEN else "quiet"
            due = "planted" if start < month <= start + LOOK else "nothing new"
            rows.append({"month": month, "row": name, "look": seen, "due": due})
    return pd.DataFrame(rows)


def chart(frame: pd.DataFrame) -> Any:  # noqa: ANN401 - altair has a type for each way of putting charts together
    """Return the picture."""
    order = [name for name, _ in ROWS.values()]
    told = [{"row": ROWS[kind][0], "from": at + 0.5, "to": MONTHS + 0.5} for kind, (at, _, _) in PLANTED.items()]
    for each, kind in zip(told, PLANTED, strict=True):
        each["told"] = ROWS[kind][1]
    y = alt.Y(
        "row:N", sort=order, title=None, axis=alt.Axis(labelFontSize=12, labelLimit=200, grid=False, domain=False)
    )
    x = alt.X(
        "month:Q",
        title=AXIS,
        scale=alt.Scale(domain=[0.4, MONTHS + 0.6], nice=False),
        axis=alt.Axis(values=list(range(1, MONTHS + 1, 3)), grid=False),
    )
    planted = alt.Chart(pd.DataFrame(told))
    band = planted.mark_bar(color=BAND, height=26).encode(x=alt.X("from:Q", title=AXIS), x2="to:Q", y=y)
    words = planted.mark_text(align="left", dy=-22, color=INK, fontSize=11).encode(
        x=alt.X("from:Q", title=AXIS), y=y, text="told:N"
    )
    left = words.transform_filter("datum.from < 18")
    right = planted.mark_text(align="right", dy=-22, color=INK, fontSize=11).encode(
        x=alt.X("to:Q", title=AXIS), y=y, text="told:N"
    )
    right = right.transform_filter("datum.from >= 18")
    colour = alt.Color(
        "look:N",
        scale=alt.Scale(domain=["alarm", "quiet", "open"], range=[ALARM, MUTED, "#d0d7de"]),
        legend=alt.Legend(orient="top", title=None, labelFontSize=12),
    )
    size = alt.Size("look:N", scale=alt.Scale(domain=["alarm", "quiet", "open"], range=[150, 26, 26]), legend=None)
    dots = alt.Chart(frame).mark_circle(opacity=1).encode(x=x, y=y, color=colour, size=size)
    title = "Each planted change (shaded from its first day) raises its alarm within two months"
    return (
        alt.layer(band, left, right, dots)
        .properties(width=640, height=alt.Step(58), title=alt.TitleParams(title, anchor="start", fontSize=13))
        .configure_view(stroke=None)
        .configure(background="white", padding=8, font="Arial, Helvetica, sans-serif")
    )


def main() -> None:
    """Simulate, look month by month, write the picture and print what it shows."""
    frame = looks()
    PICTURE.write_text(vl_convert.vegalite_to_svg(chart(frame).to_dict()) + "\n", encoding="utf-8")
    for kind, (name, told) in ROWS.items():
        mine = frame[(frame["row"] == name) & (frame["look"] == "alarm")]
        print(f"{told}, from month {PLANTED[kind][0] + 1:.1f}: alarms in months {mine['month'].tolist()}")
    quiet = frame[(frame["look"] == "alarm") & (frame["due"] == "nothing new")]
    judged = frame[frame["look"] != "open"]["month"].nunique()
    print(f"{judged} looks; alarms where nothing was planted: {quiet[['month', 'row']].to_numpy().tolist()}")
    print(f"wrote {PICTURE.name}")


if __name__ == "__main__":
    main()
