"""``retrolabel gold people``: how each person's answers compare with what is known, fairly."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    JsonOption,
    StoreOption,
    TaskArgument,
    ToOption,
    console,
    print_json,
    say,
    table,
    workspace,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.gold.agreement import Estimate
    from retrolabel.jobs.gold.people.figures import PeopleFigures, PersonFigures

INTERVAL = "95 %"


def people(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    as_: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Your own figures, beside the mean of all.")
    ] = None,
    to: ToOption = None,
    names: Annotated[
        bool | None,
        typer.Option(
            "--names/--pseudonyms",
            help="Names, which the table has if left out; or pseudonyms, as --json and --out have.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="A JSON file to write, with pseudonyms.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how each person's answers compare with what is known, how long they take, and whether they changed.

    An answer is judged on honeypots, and on items that others answered: their label is made without the person's own
    answer. Shares are drawn towards all people's where little is known (pooled). Nobody is ranked. --as NAME shows one
    person's own figures; it hides the others, and keeps nobody out: who can read the store can read all.

    Example: retrolabel gold people failure_mode

    Example: retrolabel gold people failure_mode --as ana --out ana.json --names
    """
    gold = workspace(store).task(task).gold
    found = gold.people(as_=as_, to=to)
    if out is not None:
        gold.write_people(found, out, names=bool(names))
    if as_json:
        print_json(found.as_dict(gold.called(names=bool(names))))
        return
    called = gold.called(names=names is not False)
    _show(found, called)
    if out is not None:
        say(f"{len(found.people):,} of {found.count:,} people -> {out}{'' if names else ', with pseudonyms'}")


def _show(found: PeopleFigures, called: Callable[[str], str]) -> None:
    """Print the figures, and what to make of them."""
    from retrolabel.jobs.gold.people.telling import told  # noqa: PLC0415 - not needed for --help

    rows = [_row(each, called(each.person)) for each in found.people]
    if found.everybody is not None and found.everybody.of:
        share = found.everybody.share
        rows.append(
            ("all together", "", "", "", f"{share.value:.2f}", "", _interval(share), _seconds(found.median_time))
        )
    titles = ["person", "answers", "honeypots", "by others", "as known", "pooled", INTERVAL, "seconds"]
    whose = f"{called(found.as_)} on" if found.as_ is not None else f"The {found.count:,} people of"
    numbers = ["answers", "honeypots", "by others", "as known", "pooled", "seconds"]
    console().print(table(f"{whose} {found.task} {found.version}", titles, rows, right=numbers, whole=[INTERVAL]))
    for sentence in told(found, called):
        say(sentence)


def _row(each: PersonFigures, name: str) -> tuple[str, str, str, str, str, str, str, str]:
    """Return the cells of a person: right of judged, the share by itself, and pooled with its interval."""
    parts = [f"{e.right:,} of {e.of:,}" if e.of else "-" for e in (each.honeypots, each.adjudicated)]
    alone = "-" if each.judged.share.value is None else f"{each.judged.share.value:.2f}"
    pooled = f"{each.pooled.value:.2f}" if each.judged.of else "-"
    interval = _interval(each.pooled) if each.judged.of else "nothing to judge by"
    seconds = _seconds(each.time.median if each.time else None)
    return name, f"{each.answers:,}", parts[0], parts[1], alone, pooled, interval, seconds


def _interval(found: Estimate) -> str:
    return "-" if found.low is None or found.high is None else f"{found.low:.2f} to {found.high:.2f}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"
