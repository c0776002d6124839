"""``retrolabel drift``: whether the newest feedback is as it was, and how old the labels are."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - typer reads it from the signature
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    DONE,
    SOMETHING_TO_DO,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.errors import InputError, counted, for_shell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from retrolabel.analysis.drift import Drift
    from retrolabel.analysis.drift_alarms import Alarm
    from retrolabel.wiring.workspace import Workspace


def drift(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    label_set: Annotated[
        str, typer.Argument(metavar="[ID]", help="The label set: its id, the beginning of it, a tag, or latest.")
    ] = "current",
    window: Annotated[
        int | None,
        typer.Option(metavar="DAYS", help="Days of a window, whole weeks; else drift_window_days of the settings."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Look as of this day (UTC); today if left out."),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="WHAT", help="An alarm is the new normal: label:bug, lf:NAME, ..., or all."),
    ] = None,
    undo: Annotated[
        list[str] | None, typer.Option("--undo", metavar="WHAT", help="Take that back: what was accepted, or all.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; --accept asks for it.")] = "",
    since: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="DAY", help="Since when it is normal, with --accept."),
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether the newest weeks of feedback are as those before, and how old labels and gold are.

    Looked at are how often labeling functions vote, the shares of labels, lengths and words of texts. A month in which
    nothing changed raises an alarm in 5 % of the cases (drift_false_alarms). The exit code is 3 where something drifted
    or is stale.

    Example: retrolabel drift issue_type --window 28
    """
    from retrolabel.wiring.aging import staleness  # noqa: PLC0415 - not needed for --help
    from retrolabel.wiring.drifting import drifted  # noqa: PLC0415 - the same

    ws = workspace(store)
    ws.check_task(task)
    _check(accept, undo, reason, since)
    if undo:
        _undo(ws, task, undo, reason, as_json=as_json)
        return
    found = drifted(ws, task, label_set, window_days=window, until=until.date() if until else None)
    if accept:
        _accept(ws, task, found, accept, reason, since.date() if since else None, as_json=as_json)
        return
    age = staleness(ws, task)
    if as_json:
        print_json({"task": task, "drift": found.as_dict(), "staleness": age.as_dict()})
    else:
        _show(task, found)
        _say_how_old(found, until.date() if until else age.at.date())
        for sentence in age.told:
            say(f"age: {sentence}")
        if age.next:
            say(f"  next: {age.next}")
    raise typer.Exit(SOMETHING_TO_DO if found.alarms or age.stale else DONE)


def _check(accept: Sequence[str] | None, undo: Sequence[str] | None, reason: str, since: datetime | None) -> None:
    if accept and undo:
        raise InputError("--accept and --undo say the opposite.", remedy="take one of them at a time")
    if since is not None and not accept:
        raise InputError("--from says since when a drift is normal.", remedy="name it: --accept label:bug")
    if reason and not accept and not undo:
        raise InputError("--reason says why a drift is accepted.", remedy="name it: --accept label:bug")


def _accept(  # noqa: PLR0913 - what is accepted, and how
    ws: Workspace,
    task: str,
    found: Drift,
    asked: Sequence[str],
    reason: str,
    since: date | None,
    *,
    as_json: bool,
) -> None:
    """Keep that alarms are the new normal, and say what follows."""
    from retrolabel.analysis.drift_accepted import Standing, compared_again  # noqa: PLC0415 - not needed for --help
    from retrolabel.wiring.drifting import accept_drift, accepted_drift  # noqa: PLC0415 - the same

    written = {each.subject for each in accept_drift(ws, task, found, asked, why=reason, since=since)}
    told = [
        Standing(each, compared_again(each, found.weeks))
        for each in accepted_drift(ws, task)
        if each.subject in written
    ]
    if as_json:
        print_json({"task": task, "accepted": [each.as_dict() for each in told]})
        return
    for each in told:
        say(f"{task}: {each.told}")
    say(f"  back: retrolabel drift {task} --undo {for_shell(told[0].accepted.subject)}")


def _undo(ws: Workspace, task: str, asked: Sequence[str], reason: str, *, as_json: bool) -> None:
    """Take acceptances back."""
    from retrolabel.wiring.drifting import reopen_drift  # noqa: PLC0415 - not needed for --help

    written = reopen_drift(ws, task, asked, why=reason)
    if as_json:
        print_json({"task": task, "no_longer_accepted": [each.subject for each in written]})
        return
    for each in written:
        say(each.said)
    say(f"  it is compared with all weeks before again: retrolabel drift {task}")


def _show(task: str, found: Drift) -> None:
    if found.start is None:
        say(f"{task}: drift is open: {found.why}")
        return
    window = f"{task}: {found.start} to {found.end}, {counted(found.items, 'item')}"
    say(f"{window}, against {found.items_before:,} from {found.first} on")
    if found.state == "open":
        say(f"  drift is open: {found.why}")
        _say_accepted(found)
        return
    looked = f"{counted(found.looked, 'share')} looked at"
    rare = f"; {counted(found.rare, 'label or vote')} too rare to judge".replace("label or votes", "labels or votes")
    said = f"{counted(len(found.alarms), 'alarm')}" if found.alarms else "no drift"
    say(f"  {said}: {looked}, {found.why}{rare if found.rare else ''}")
    if not found.alarms:
        say("  (a small drift in few items is not seen: docs/drift.md says how small)")
        _say_accepted(found)
        return
    say()
    rows = [_row(alarm) for alarm in found.alarms]
    titles = ["kind", "what", "since", "before", "now", "95 %", "by chance"]
    console().print(table("Drifted", titles, rows, right=["before", "now", "95 %", "by chance"]))
    for alarm in found.alarms:
        say(f"- {alarm.told}")
        say(f"  next: {alarm.next}")
    _say_accepted(found)
    one = for_shell(found.alarms[0].subject)
    say(f'What is here to stay: retrolabel drift {task} --accept {one} --reason "..."')


def _say_accepted(found: Drift) -> None:
    for each in found.accepted:
        say(f"accepted: {each.told}")


def _say_how_old(found: Drift, today: date) -> None:
    """Say it where the newest window is long over, since there is no newer feedback that is whole."""
    if found.start is None or found.end is None:
        return
    ago = (today - found.end).days
    if ago > (found.end - found.start).days + 1:
        say(f"  note: the window ended {counted(ago, 'day')} ago; no newer one is full of labelled feedback")


def _row(alarm: Alarm) -> tuple[str, ...]:
    from retrolabel.analysis.drift_alarms import percent  # noqa: PLC0415 - not needed for --help

    what = f"{alarm.what}: {alarm.look_at[0].partition(' ')[0]}" if alarm.kind == "words" else alarm.what
    rare = "< 0.1 %" if alarm.p < 0.001 else percent(alarm.p)  # noqa: PLR2004
    interval = f"{100 * alarm.low:.1f} to {100 * alarm.high:.1f}"
    return alarm.kind, what, alarm.since, percent(alarm.before), percent(alarm.now), interval, rare
