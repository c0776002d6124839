"""``retrolabel schedule``: relabel by night."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from threading import Event as Flag
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import (
    FAILED,
    SHORT_ID,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.cli.events import show_told
from retrolabel.errors import RetrolabelError, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.records.schedules import ScheduledRun
    from retrolabel.wiring.tracking import Resent
    from retrolabel.wiring.workspace import Workspace

app = typer.Typer(help="Relabel by night: when, on what condition, and what became of it.", no_args_is_help=True)
NumberArgument = Annotated[int, typer.Argument(metavar="N", help="The number of the schedule.")]
LOOK_EVERY = 15.0
"""Seconds between two looks at what is due."""
CATCH_UP_EVERY = 600.0
"""Seconds between two tries to tell MLflow what waits for it."""
BAD = ("failed", "held")


@app.command()
def add(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    cron: Annotated[str, typer.Option(help="Minute, hour, day, month, day of the week; or @daily, @hourly.")],
    when: Annotated[
        list[str] | None,
        typer.Option("--when", help="schema-released (default), new-items, stale, gold-changed, always; repeatable."),
    ] = None,
    zone: Annotated[str, typer.Option(help="The time zone of the fields.")] = "UTC",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at a task at certain times, and relabel it where a condition holds. retrolabel schedule run does it.

    The relabel takes the newest version of labels.lock; gates decide what consumers read.

    Example: retrolabel schedule add issue_type --cron "0 3 * * *" --when schema-released --when new-items
    """
    asked = [part for each in when or ["schema-released"] for part in each.replace("|", ",").split(",") if part]
    ws = workspace(store)
    made = ws.schedules.add(task, cron, asked, zone=zone)
    if as_json:
        print_json(made.as_dict())
        return
    (_, due, _) = next(each for each in ws.schedules.all() if each[0].id == made.id)
    say(f"Schedule {made.id}: {task} at {cron} ({zone}), when {' or '.join(made.when)}.")
    say(f"  due next at {_time(due)} UTC; retrolabel schedule run has to run by then")


@app.command("list")
def list_schedules(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List the schedules, when each is due next, and what became of its last run.

    Example: retrolabel schedule list
    """
    schedules = workspace(store).schedules
    found, damaged = schedules.all(), schedules.damaged()
    if as_json:
        told = [
            {**each.as_dict(), "next": due.isoformat() if due else None, "last": last.as_dict() if last else None}
            for each, due, last in found
        ]
        print_json({"schedules": told, "damaged": damaged})
        return
    for each in damaged:
        say(f"{each}: retrolabel doctor")
    if not found:
        say('There is no schedule: retrolabel schedule add TASK --cron "0 3 * * *"')
        return
    rows = [
        (
            str(each.id),
            each.task,
            f"{each.cron} {each.zone}",
            ", ".join(each.when),
            "paused" if each.paused else _time(due),
            f"{_time(last.due_at)}: {last.state}, {last.why}" if last else "never ran",
        )
        for each, due, last in found
    ]
    titles = ["schedule", "task", "times", "when", "next (UTC)", "last (UTC)"]
    console().print(table("", titles, rows, right=["schedule"], whole=titles[:3], prose=titles[5:], last=True))


@app.command()
def history(
    number: Annotated[int | None, typer.Argument(metavar="[N]", help="One schedule's; all if left out.")] = None,
    log: Annotated[bool, typer.Option("--log", help="Print what each run wrote.")] = False,
    most: Annotated[int, typer.Option("--most", min=1, help="No more than so many, the newest.")] = 20,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what became of runs: when they were due, where they ran, what came of them.

    Example: retrolabel schedule history 1 --log
    """
    found = workspace(store).schedules.history(number, most=most)
    if as_json:
        print_json({"runs": [each.as_dict() for each in found]})
        return
    if not found:
        say("Nothing ran yet: retrolabel schedule run")
        return
    rows = [_row(each) for each in found]
    titles = ["schedule", "due (UTC)", "took", "host", "state", "what came of it"]
    console().print(table("", titles, rows, right=["schedule", "took"], whole=titles[:5], prose=titles[5:], last=True))
    for each in found if log else ():
        say(f"--- schedule {each.schedule}, due {_time(each.due_at)}")
        for line in each.log.splitlines() or ["(nothing)"]:
            say(line)


@app.command()
def pause(
    number: NumberArgument,
    resume: Annotated[bool, typer.Option("--resume", help="Let it go on.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a schedule rest; --resume lets it go on from then.

    Example: retrolabel schedule pause 1
    """
    found = workspace(store).schedules.pause(number, paused=not resume)
    if as_json:
        print_json(found.as_dict())
    else:
        say(f"Schedule {number} {'goes on' if resume else f'rests; retrolabel schedule pause {number} --resume'}.")


@app.command()
def remove(number: NumberArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Take a schedule out; its history stays.

    Example: retrolabel schedule remove 1
    """
    found = workspace(store).schedules.remove(number)
    if as_json:
        print_json(found.as_dict())
    else:
        more = "".join(f" --when {each}" for each in found.when) + (f" --zone {found.zone}" * (found.zone != "UTC"))
        say(f'Schedule {number} is out. Back: retrolabel schedule add {found.task} --cron "{found.cron}"{more}')


@app.command()
def run(
    once: Annotated[bool, typer.Option("--once", help="Run what is due now, deliver events, and end.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run what is due, deliver events, and tell MLflow what it missed; until it is stopped, or once.

    Several may run, on several hosts: each time is run once. What a host left that died is taken up by the next one.
    With --once the exit code is 1 where a run failed, a gate held it, or a schedule cannot be read.

    Example: retrolabel schedule run --once
    """
    ws = workspace(store)
    if once:
        _once(ws, as_json=as_json)
        return
    stopped = Flag()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    say(f"{counted(len(ws.schedules.all()), 'schedule')}; stop with Ctrl-C")
    for each in ws.schedules.damaged():
        say(f"{each}: retrolabel doctor")
    sys.stdout.flush()
    caught_up = -CATCH_UP_EVERY
    while not stopped.is_set():
        try:
            _show(ws.schedules.run_due())
            if monotonic() - caught_up >= CATCH_UP_EVERY:
                caught_up = monotonic()
                _show_sent(ws.schedules.tell_tracker())
            told = ws.events.deliver(seconds=LOOK_EVERY)
            if told.delivered or told.failed or told.dead:
                show_told(told)
        except RetrolabelError as error:  # a catalog that is away for a while
            say(f"{_time(datetime.now(UTC))}: {error.message} Tried again.")
        sys.stdout.flush()
        stopped.wait(LOOK_EVERY)
    say("Stopped.")


def _once(ws: Workspace, *, as_json: bool) -> None:
    found, damaged = ws.schedules.run_due(), ws.schedules.damaged()
    sent, told = ws.schedules.tell_tracker(), ws.events.deliver()
    if as_json:
        runs = [each.as_dict() for each in found]
        print_json({"runs": runs, "delivered": len(told.delivered), "damaged": damaged})
    else:
        for each in damaged:
            say(f"{each}: retrolabel doctor")
        _show(found)
        if not found:
            say("Nothing is due.")
        _show_sent(sent)
        if told.delivered or told.failed or told.dead:
            show_told(told)
    if damaged or any(each.state in BAD for each in found):
        raise typer.Exit(FAILED)


def _show(found: Sequence[ScheduledRun]) -> None:
    """Print what became of runs."""
    for each in found:
        missed = f", and for {counted(each.missed, 'time')} that went by" if each.missed else ""
        say(f"{_time(each.due_at)}: schedule {each.schedule}{missed}: {each.state}; {each.why}")


def _show_sent(sent: Resent | None) -> None:
    """Print what MLflow was told that waited for it."""
    if sent is None:
        return
    told = [counted(len(sent.sent), "run")] * bool(sent.sent) + [counted(len(sent.models), "model")] * bool(sent.models)
    told += [f"what is current of {', '.join(sent.pointed)}"] * bool(sent.pointed)
    if told:
        say(f"MLflow was told what waited for it: {', '.join(told)}")


def _row(run: ScheduledRun) -> tuple[str, ...]:
    took = f"{(run.ended_at - run.started_at).total_seconds():,.0f} s" if run.ended_at else "-"
    tries = f" ({run.tries} tries)" if run.tries > 1 else ""
    made = f" [{run.label_set[:SHORT_ID]}]" if run.label_set and run.label_set[:SHORT_ID] not in run.why else ""
    return str(run.schedule), _time(run.due_at), took, run.host, run.state + tries, run.why + made


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "never"
