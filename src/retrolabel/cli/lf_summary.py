"""``retrolabel lf summary``: what each labeling function does and is worth, and which to look at first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from retrolabel.cli.common import (
    FEW_GOLD,
    SHORT_ID,
    SOME,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from retrolabel.cli.tables import Table

Sort = Literal["look", "name", "coverage", "conflicts", "precision", "adds", "weight", "microseconds"]
SortOption = Annotated[
    Sort,
    typer.Option(
        "--sort",
        help="look: what deserves a look first, by the rules below; a figure: the highest first, but the lowest"
        " precision, weight and adds first.",
    ),
]
LOWEST_FIRST = ("precision", "adds", "weight")
MOST_REASONS = 10
BARS, DIGITS, NOTHING = "▁▂▃▄▅▆▇█", "12345678", "·"
MOST_MONTHS = 12
TITLES = ("LF", "", "cov", "ovl", "cfl", "prec", "[95 %]", "n", "poss", "of", "adds", "w", "us", "months", "votes")
SPARED = ["votes", "us", "months", "ovl", "of", "poss", "w", "cfl", "[95 %]"]
"""Columns that are left out where there is no room, the first one first."""


def summary(  # noqa: PLR0913 - a parameter for each option
    task: TaskArgument,
    to: Annotated[str | None, typer.Option(help="The schema version; the newest if left out.")] = None,
    sort: SortOption = "look",
    without_each: Annotated[
        bool, typer.Option("--without-each", help="Fit again without each, and say what the score on dev gold becomes.")
    ] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what each labeling function does and is worth, on dev gold; first those that deserve a look.

    They do, in this order: it failed; it never votes; its precision is surely below labels drawn as gold has them; dev
    gold surely scores better without it; its precision is surely below that of others' votes for the same labels; the
    label model counts it .7 or less, since it repeats another; half of its votes clash; it fires surely more or less
    often in the newest weeks. Surely: outside the 95 % interval. Among those alike: most wrong votes on gold first.

    Example: retrolabel lf summary issue_type --sort adds
    """
    of = workspace(store).task(task)
    frame = of.lf_summary(to=to)
    without = of.without_each(to=to) if without_each else None
    ordered = _sorted(frame, sort)
    if as_json:
        print_json({"task": task, **_as_dict(ordered, without)})
        return
    console().print(_table(task, ordered))
    _legend(ordered)
    _show_reasons(task, ordered)
    _show_learned(task, ordered)
    if without is not None:
        _show_without(without)


def _sorted(frame: pd.DataFrame, by: Sort) -> pd.DataFrame:
    """Return the labeling functions in the order asked for; of those alike, what deserves a look comes first."""
    found = frame.loc[list(frame.attrs["order"])]
    if by == "name":
        found = found.sort_index()
    elif by != "look" and by in found:
        found = found.sort_values(by, ascending=by in LOWEST_FIRST, kind="stable", na_position="last")
    found.attrs = dict(frame.attrs)
    return found


def _table(task: str, frame: pd.DataFrame) -> Table:
    shares, bars = frame.attrs["months"].shares[:, -MOST_MONTHS:], console().options.ascii_only
    place = {name: row for row, name in enumerate(sorted(frame.index))}
    lines = {name: sparkline(shares[row], ascii_only=bars) for name, row in place.items()}
    needs = {"prec": "precision", "[95 %]": "low", "n": "correct", "poss": "possible", "of": "on_gold"}
    needs |= {"adds": "adds", "w": "weight"}
    there = [title for title in TITLES if needs.get(title, "votes") in frame]
    if not frame.attrs["months"].names:
        there.remove("months")
    few = _few(frame)
    records = [{**row, "adds": math.nan} if few else row for row in frame.to_dict("records")]
    cells = [_cells(name, row, lines[name]) for name, row in zip(frame.index, records, strict=True)]
    title = f"{task}: {counted(len(frame), 'labeling function')}"
    right = [each for each in there if each not in ("LF", "", "months", "votes")]
    spare = [each for each in SPARED if each in there]
    rows = [[each[name] for name in there] for each in cells]
    return table(title, there, rows, right=right, whole=["", "months"], cut={"votes": SOME}, spare=spare)


def _few(frame: pd.DataFrame) -> bool:
    """Return whether so little gold judges what each adds that a figure would only mislead (--json has it)."""
    return "adds" in frame and frame.attrs["marginal"]["judged"] < FEW_GOLD


def _cells(name: str, row: Mapping[Hashable, Any], months: str) -> dict[str, str]:
    """Return the cells of a labeling function, by the title of the column."""
    adds, low = row.get("adds", math.nan), row.get("low", math.nan)
    return {
        "LF": name,
        "": "!" if row["look"] else "",
        "cov": _percent(row["coverage"]),
        "ovl": _percent(row["overlaps"]),
        "cfl": _percent(row["conflicts"]),
        "prec": _percent(row.get("precision", math.nan)),
        "[95 %]": "" if math.isnan(low) else f"{low:.0%}-{row['high']:.0%}",
        "n": f"{int(row.get('correct', 0) + row.get('incorrect', 0)):,}",
        "poss": _percent(row.get("possible", math.nan)),
        "of": f"{int(row.get('on_gold', 0)):,}",
        "adds": "-" if math.isnan(adds) else f"{100 * adds:+.1f}",
        "w": _plain(row.get("weight", math.nan), 2),
        "us": _plain(row["microseconds"], 1),
        "months": months,
        "votes": row["votes"].replace("|", " | "),
    }


def sparkline(shares: Sequence[float], *, ascii_only: bool = False) -> str:
    """Return shares as bars of one cell each, the highest one full; a dot where there is nothing to share.

    Args:
        shares: The shares.
        ascii_only: Whether the terminal knows no bars: digits from 1 to 8 stand for them.

    Example:
        >>> sparkline([0.0, 0.05, 0.1, math.nan]), sparkline([0.0, 0.05, 0.1], ascii_only=True)
        ('▁▄█·', '148')
    """
    bars, most = DIGITS if ascii_only else BARS, max((each for each in shares if not math.isnan(each)), default=0.0)
    nothing = "." if ascii_only else NOTHING
    return "".join(
        nothing if math.isnan(each) else bars[math.ceil(each / most * len(bars)) - 1 if each else 0] for each in shares
    )


def _legend(frame: pd.DataFrame) -> None:
    """Print what the columns are; what is not known, and what helps."""
    sets, judged = "possible" in frame, "precision" in frame
    say("cov, ovl, cfl: share of the items it votes on, with others, against others")
    if judged:
        exact = " that is one label," if sets else ""
        say(f"prec, n: share of its votes on dev gold{exact} that leave the gold label possible, of how many")
    else:
        why, remedy = frame.attrs["no_gold"]
        say(f"Precision is unknown. {why}")
        say(f"Fix: {remedy}")
    if sets:
        say("poss, of: share of its votes on all dev gold, some of which leaves several labels, that leave one of them")
    if _few(frame):
        say(f"adds: of {frame.attrs['marginal']['judged']} covered items of dev gold nobody can say what each adds")
    elif "adds" in frame:
        told = frame.attrs["marginal"]
        say(
            f"adds: points of accuracy that dev gold loses if it says nothing ({told['accuracy']:.3f} of"
            f" {told['judged']:,} covered items with all; cross-fitted, no fit again: --without-each does);"
            " an item that it alone votes on is wrong without it, so look at prec as well"
        )
    elif judged:
        say("adds: what each adds takes long on so many votes: --without-each")
    weight = "w: how much the label model counts it; " if "weight" in frame else ""
    say(f"{weight}us: microseconds a call took when votes were computed")
    months = frame.attrs["months"].names[-MOST_MONTHS:]
    if months:
        say(f"months: share of the items it votes on, from {months[0]} to {months[-1]}; the full bar is its highest")
    say("A narrow terminal leaves columns out; --json has all")


def _show_reasons(task: str, frame: pd.DataFrame) -> None:
    """Print why labeling functions deserve a look, a line each."""
    looks = [(name, look) for name, look in frame["look"].items() if look]
    say()
    if not looks:
        say("None deserves a look before the others (the rules: --help).")
        return
    said = "deserves" if len(looks) == 1 else "deserve"
    say(f"! {len(looks):,} of {counted(len(frame), 'labeling function')} {said} a look, the gravest first:")
    order = {name: place for place, name in enumerate(frame.attrs["order"])}
    for name, look in sorted(looks, key=lambda each: order[each[0]])[:MOST_REASONS]:
        say(f"  {name}: {'; '.join(reason.told for reason in look)}", indent="    ")
    if len(looks) > MOST_REASONS:
        say(f"  and {len(looks) - MOST_REASONS:,} more, marked !: --json has all")
    first = min(looks, key=lambda each: order[each[0]])
    failed = any(reason.rule == "faults" for reason in first[1])
    say(f"Next: retrolabel lf {f'faults {task}' if failed else f'errors {task}:{first[0]}'}")


def _show_learned(task: str, frame: pd.DataFrame) -> None:
    """Print of each labeling function and vote what the label model learned, and what gold says."""
    learned = frame.attrs["learned"]
    if learned is None:
        say(f"What the label model learned of each: after retrolabel relabel {task} with label_model or auto")
        return
    by_vote = frame.attrs.get("by_vote")
    rows = []
    for name in frame.index:
        if name not in learned.index.get_level_values("lf"):
            continue
        for vote, row in learned.loc[name].iterrows():
            told = by_vote.loc[(name, vote)] if by_vote is not None and (name, vote) in by_vote.index else None
            gold = ["-", "0"] if told is None or not told["on_gold"] else [_interval(told), f"{int(told['on_gold']):,}"]
            rows.append(
                (name, vote.replace("|", " | "), _interval(row), int(row["beside"]), *gold, f"{row['weight']:.2f}")
            )
    titles = ["LF", "vote", "precision", "beside", "on gold", "n", "weight"]
    say()
    title = f"What the label model learned (label set {learned.attrs['label_set'][:SHORT_ID]})"
    spare = ["n", "on gold", "beside"]
    console().print(table(title, titles, rows, right=titles[2:], cut={"vote": SOME}, spare=spare))
    say("precision: how often the vote is right, as learned [95 %, by its votes beside others']; on gold: on n of dev")
    if (learned["beside"] == 0).any():
        say("No interval: its votes stand alone, so that nothing agrees or contradicts; what gold says is all there is")
    repeats = learned[learned["repeats"] != ""].groupby("lf", sort=False).first()
    for lf, row in repeats.iterrows():
        say(f"{lf} counts {row['weight']:.2f}: it repeats {row['repeats']}")


def _show_without(without: pd.DataFrame) -> None:
    """Print what the score on dev gold becomes without each labeling function, the most missed last."""
    ordered = [without.index[0], *without.iloc[1:].sort_values("change", ascending=False, kind="stable").index]
    rows = [
        (
            name,
            int(row["covered"]),
            f"{row['accuracy']:.3f}",
            ""
            if name == without.index[0]
            else "{:+.1f} [{:+.1f}, {:+.1f}]".format(*100 * row[["change", "low", "high"]]),
        )
        for name in ordered
        for row in [without.loc[name]]
    ]
    titles = ["without", "covered", "accuracy", "points [95 %]"]
    say()
    console().print(table("Dev gold without each", titles, rows, right=titles[1:]))
    say("accuracy: over the items that all cover; one that is covered no more is wrong")


def _as_dict(frame: pd.DataFrame, without: pd.DataFrame | None) -> dict[str, Any]:
    """Return a summary as plain data: an entry for each labeling function, in the order asked for."""
    learned, by_vote, months = frame.attrs["learned"], frame.attrs.get("by_vote"), frame.attrs["months"]
    plain = frame.drop(columns=["look"]).reset_index()
    lfs = plain.astype(object).where(plain.notna(), None).to_dict("records")
    place = {name: row for row, name in enumerate(sorted(frame.index))}
    found: dict[str, Any] = {"lfs": lfs}
    if learned is not None:
        found["label_set"] = learned.attrs["label_set"]
    if "marginal" in frame.attrs:
        found["marginal"] = frame.attrs["marginal"]
    told = [] if learned is None else learned.reset_index().to_dict("records")
    for lf in lfs:
        name = lf["lf"]
        lf["look"] = [reason._asdict() for reason in frame.loc[name, "look"]]
        lf["by_month"] = dict(zip(months.names, months.shares[place[name]].tolist(), strict=True))
        if by_vote is not None:
            rows = by_vote.reset_index()
            lf["by_vote"] = rows[rows["lf"] == name].drop(columns="lf").to_dict("records")
        if learned is not None:
            mine = [row for row in told if row["lf"] == name]
            votes = [{of: row[of] for of in ("vote", "votes", "beside", "precision", "low", "high")} for row in mine]
            repeats = mine[0]["repeats"].split(", ") if mine and mine[0]["repeats"] else []
            lf["learned"] = {"votes": votes, "weight": mine[0]["weight"], "repeats": repeats} if mine else None
    if without is not None:
        figures = without.to_dict("index")
        found["with_all"] = figures["(all)"]
        for lf in lfs:
            lf["without"] = figures[lf["lf"]]
    return found


def _interval(row: Any) -> str:  # noqa: ANN401 - a row of a frame
    known = "" if math.isnan(row["low"]) else f" [{row['low']:.2f}, {row['high']:.2f}]"
    return f"{row['precision']:.2f}{known}"


def _plain(value: float, digits: int) -> str:
    return "-" if math.isnan(value) else f"{value:,.{digits}f}"


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{share:.1%}"
