"""``retrolabel gold series``: how far people agree over time, and whether that fell."""

from __future__ import annotations

import math
from pathlib import Path  # noqa: TC003 - typer reads it from the signature
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    DONE,
    SOMETHING_TO_DO,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    listed,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.errors import GoldError, InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.gold.coefficient import Coefficient
    from retrolabel.gold.series.charting import Point
    from retrolabel.jobs.gold.series.records import AgreementSeries, Alarm, Chart, Part

TWO = 2
INTERVAL = "95 %"
MOST_ITEMS = 10


def series(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    by: Annotated[str, typer.Option(help="round (the week, where no round asked), week or month.")] = "round",
    pair: Annotated[str | None, typer.Option(help="Two labels: bug,crash; their figures and their chart.")] = None,
    person: Annotated[str | None, typer.Option(help="One person, with the rest and with themselves.")] = None,
    source: Annotated[str | None, typer.Option(help="Answers on one source.")] = None,
    role: Annotated[str | None, typer.Option(help="calibration or dev; the calibration set if left out.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The picture, as SVG; drawn anew where it is there.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over another file with --out.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how far people agree period by period, and whether they agree less than before.

    Each period has alpha and the share of equal answers with 95 % intervals. z is how far it is from what the periods
    before say, in standard errors that know which items were asked again; sum is the CUSUM of what lies below. An alarm
    is a sum above 5 (in the mean after 465 calm weeks, 10 weeks after a fall of one sigma), or a z below -3.5. A change
    of meaning begins a new series; a merge or another display does not. The exit code is 3 where an alarm stands.

    Example: retrolabel gold series failure_mode --pair retrieval,generation --out series.svg
    """
    from retrolabel.wiring.agreement.series_picture import write_picture  # noqa: PLC0415 - not needed for --help

    found = workspace(store).task(task).gold.series(by=by, source=source, role=role)
    labels = _labels(found, listed([pair] if pair else None))
    if labels and person:
        raise InputError("--pair and --person each ask for a chart.", remedy="take one of them at a time")
    people = sorted({name for part in found.parts for name in part.people})
    if person is not None and person not in people:
        raise GoldError(
            f"{person!r} gave no answer of this series.{did_you_mean(person, people)}",
            remedy=f"one of {', '.join(people)}",
        )
    written = write_picture(found, out, pair=labels, person=person, force=force) if out is not None else None
    if as_json:
        print_json({**found.as_dict(), "picture": str(written) if written else None})
    else:
        _show(found, labels, person)
        if written is not None:
            say(f"The picture -> {written}")
    raise typer.Exit(SOMETHING_TO_DO if found.alarm else DONE)


def _labels(found: AgreementSeries, asked: list[str]) -> tuple[str, str] | None:
    """Return the two labels that are asked for, in the order of the version.

    Raises:
        InputError: These are not two.
        GoldError: There are too few items of them.
    """
    if not asked:
        return None
    if len(asked) != TWO:
        raise InputError("--pair names two labels.", remedy="--pair bug,crash")
    there = {frozenset(chart.of): chart.of for part in found.parts for chart in part.charts if chart.kind == "pair"}
    known = found.parts[-1].values
    for label in asked:
        if not any(label in part.values for part in found.parts):
            raise GoldError(f"There is no label {label!r}.{did_you_mean(label, known)}", remedy=", ".join(known))
    if frozenset(asked) not in there:
        raise GoldError(
            f"Too few items of a period are {asked[0]} or {asked[1]} to somebody for a chart of the two.",
            remedy="--by month takes more items together",
        )
    one, other = there[frozenset(asked)]
    return one, other


def _show(found: AgreementSeries, pair: tuple[str, str] | None, person: str | None) -> None:
    from retrolabel.jobs.gold.series.telling import headline  # noqa: PLC0415 - not needed for --help

    of = " / ".join(pair) if pair else person or "all"
    title = f"Agreement of people on {found.task}, {found.role}, {found.source}: {of}"
    titles = ["period", "items", "again"]
    titles += ["own", f"own {INTERVAL}"] if person else [] if pair else ["alpha", f"alpha {INTERVAL}"]
    titles += ["agree", f"agree {INTERVAL}", "z", "sum", "signal"]
    rows = [row for part in found.parts for row in _rows(found, part, pair, person)]
    right = [each for each in titles if each in ("items", "again", "own", "alpha", "agree", "z", "sum")]
    spare = ["again", f"agree {INTERVAL}"]
    whole = [each for each in titles if INTERVAL in each]
    console().print(table(title, titles, rows, right=right, whole=whole, spare=spare))
    _show_parts(found.parts[-1], pair, person)
    for note in found.notes:
        say(f"note: {note}")
    say(f"{headline(found)}.")
    if found.alarm is not None:
        _show_alarm(found.task, found.alarm)


def _rows(
    found: AgreementSeries, part: Part, pair: tuple[str, str] | None, person: str | None
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a stretch, with a row for the break before it."""
    kind, of = ("pair", pair) if pair else ("person", (person,)) if person else ("all", ())
    chart = part.chart(kind, *(each for each in of if each))
    columns = 8 if pair else 10
    if part is not found.parts[0]:
        before = found.parts[found.parts.index(part) - 1]
        yield (f"-- {before.version} -> {part.version}", *[""] * (columns - 1))
    points = {point.last: point for point in chart.points} if chart else {}
    for place, each in enumerate(part.periods):
        agreement = each.pairs.get(pair) if pair else each.people.get(person) if person else each.agreement
        beside = [] if pair else _cells(each.own.get(person)) if person else _cells(each.alpha)
        yield (each.name, each.items, each.again, *beside, *_cells(agreement), *_point(points.get(place), chart))


def _cells(figure: Coefficient | None) -> list[str]:
    """Return a figure and its interval."""
    if figure is None or figure.value is None:
        return ["-", "-"]
    if figure.why:
        return ["-", "withheld"]
    told = figure.as_dict()
    return [f"{told['value']:.2f}", f"{told['low']:.2f} to {told['high']:.2f}"]


def _point(point: Point | None, chart: Chart | None) -> list[str]:
    if point is None:
        return ["-", "-", "with the next" if chart else ""]
    if math.isnan(point.z):
        return ["-", "-", ""]
    rise = f"{point.rise}, more" if point.rise else ""
    return [f"{point.z:.1f}", f"{point.down:.1f}", point.signal or rise]


def _show_parts(part: Part, pair: tuple[str, str] | None, person: str | None) -> None:
    """Print what the newest period says of each two labels and of each person."""
    if pair or person:
        return
    last = part.periods[-1]
    if last.pairs:
        rows = [(" / ".join(of), each.n, *_cells(each), _newest(part, "pair", *of)) for of, each in last.pairs.items()]
        titles = ["labels", "items", "agree", INTERVAL, "z"]
        title = f"Each two labels in {last.name}: how often two people do not differ between them"
        console().print(table(title, titles, rows, right=["items", "agree", "z"], whole=[INTERVAL]))
    if last.people:
        rows = [
            (name, each.n, *_cells(each), *_cells(last.own.get(name)), _newest(part, "person", name))
            for name, each in last.people.items()
        ]
        titles = ["person", "items", "with the rest", INTERVAL, "with themselves", f"{INTERVAL} ", "z"]
        title = f"Each person in {last.name}"
        numbers = ["items", "with the rest", "with themselves", "z"]
        console().print(table(title, titles, rows, right=numbers, whole=[INTERVAL, f"{INTERVAL} "]))


def _newest(part: Part, kind: str, *of: str) -> str:
    chart = part.chart(kind, *of)
    last = chart.points[-1] if chart and chart.points else None
    return "-" if last is None or last.last < len(part.periods) - 1 or math.isnan(last.z) else f"{last.z:.1f}"


def _show_alarm(task: str, alarm: Alarm) -> None:
    from retrolabel.jobs.gold.series.telling import said_of  # noqa: PLC0415 - not needed for --help

    say(said_of(task, alarm))
    items = ", ".join(item for _, item in alarm.talk[:MOST_ITEMS])
    more = len(alarm.talk) - MOST_ITEMS
    say(f"Items to talk about: {items}{f', and {more} more (--json has them)' if more > 0 else ''}.")
