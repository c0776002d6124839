"""``retrolabel events``: what happened, and who is told."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.common import (
    FAILED,
    JsonOption,
    StoreOption,
    console,
    print_json,
    say,
    table,
    workspace,
)
from retrolabel.errors import EventError, counted

if TYPE_CHECKING:
    from retrolabel.jobs.events.delivering import Told
    from retrolabel.jobs.records.events import Delivery

app = typer.Typer(help="What happened, and who is told: webhooks, mail, chat.", no_args_is_help=True)
KindOption = Annotated[
    list[str] | None, typer.Option("--kind", help="A kind of event, e.g. label_set.promoted; may be repeated.")
]
NameArgument = Annotated[str, typer.Argument(help="Who is told.")]
FOLLOW_EVERY = 5.0


@app.command("list")
def list_events(  # noqa: PLR0913 - the options of a command
    task: Annotated[str | None, typer.Argument(help="One task's events; all if left out.")] = None,
    since: Annotated[
        str | None, typer.Option(help="The number of the last event that you know, or a time: 2026-11-30, ...T03:00.")
    ] = None,
    kind: KindOption = None,
    most: Annotated[
        int, typer.Option("--most", min=1, help="No more than so many: the newest; with --since the next ones.")
    ] = 50,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what happened: label sets made, held, promoted, rolled back; versions released; what is stale or due.

    Who polls asks with the number of the last event, until there is none: --since 41 --json.

    Example: retrolabel events list --since 2026-11-30
    """
    after, at = _since(since)
    found = workspace(store).events.read(task, kinds=kind or (), after=after, since=at, most=most)
    if as_json:
        print_json({"events": [each.as_dict() for each in found]})
        return
    if not found:
        say("Nothing happened yet." if since is None and not kind else "Nothing of that kind happened since.")
        return
    rows = [(str(each.id), f"{each.at:%Y-%m-%d %H:%M}", each.task, each.kind, each.said) for each in found]
    titles = ["event", "when (UTC)", "task", "kind", "what happened"]
    console().print(table("", titles, rows, right=["event"], whole=titles[:4], prose=titles[4:], last=True))


@app.command()
def subscribe(  # noqa: PLR0913 - the options of a command
    name: NameArgument,
    url: Annotated[
        str, typer.Argument(help="https://... gets signed webhooks; mailto://, slack:// ... is Apprise's; or env:NAME.")
    ],
    kind: KindOption = None,
    task: Annotated[str | None, typer.Option(help="One task's events; all if left out.")] = None,
    secret: Annotated[
        list[str] | None,
        typer.Option("--secret", help="env:NAME, where the secret of the signature is; the newest first."),
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let somebody be told of what happens from now on. The same name again changes them.

    Example: retrolabel events subscribe search-team https://hooks.example/labels --secret env:HOOK_SECRET
    """
    found = workspace(store).events
    is_new = found.subscribe(name, url, kinds=kind or (), task=task, secrets=secret or ())
    if as_json:
        print_json({"name": name, "new": is_new})
        return
    say(f"{name} {'is told of what happens from now on' if is_new else 'was changed'}.")
    if not secret and url.startswith("http"):
        say("  note: webhooks are not signed without a secret: retrolabel events secret, then --secret env:NAME")
    say("  retrolabel schedule run delivers, and so does: retrolabel events deliver")


@app.command()
def unsubscribe(name: NameArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Tell somebody no more; what waits for them is forgotten.

    Example: retrolabel events unsubscribe search-team
    """
    workspace(store).events.unsubscribe(name)
    if as_json:
        print_json({"name": name})
    else:
        say(f"{name} is told no more.")


@app.command()
def endpoints(
    dead: Annotated[bool, typer.Option("--dead", help="List the events that could not be told, too.")] = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List who is told, and how far that is. Exit with 1 where events are dead: events resend tries them again.

    Example: retrolabel events endpoints --dead
    """
    found = workspace(store).events.standing()
    if as_json:
        told = [
            {
                **asdict(each.endpoint),
                "url": each.endpoint.place,
                "untold": each.untold,
                "waiting": [_as_dict(delivery) for delivery in each.waiting],
                "dead": [_as_dict(delivery) for delivery in each.dead],
            }
            for each in found
        ]
        print_json({"endpoints": json.loads(json.dumps(told, default=str))})
    elif not found:
        say("Nobody is told: retrolabel events subscribe NAME URL")
    else:
        rows = [
            (
                each.endpoint.name,
                each.endpoint.place,
                each.endpoint.task or "all",
                ", ".join(each.endpoint.kinds) or "all",
                f"{each.untold:,}",
                f"{len(each.dead):,}",
                each.waiting[-1].error if each.waiting else "",
            )
            for each in found
        ]
        titles = ["name", "where", "task", "kinds", "untold", "dead", "last error"]
        console().print(table("", titles, rows, right=["untold", "dead"], whole=["name"], prose=["last error"]))
        for each in found if dead else ():
            for delivery in each.dead:
                say(f"  {each.endpoint.name}: event {delivery.event} after {delivery.tries} tries: {delivery.error}")
    if any(each.dead for each in found):
        raise typer.Exit(FAILED)


@app.command()
def deliver(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Tell those who are to be told, once; what fails is tried again later. Exit with 1 where something failed.

    Example: retrolabel events deliver
    """
    told = workspace(store).events.deliver()
    if as_json:
        print_json(
            {
                "delivered": [{"to": name, "event": event.id} for name, event in told.delivered],
                "failed": [_as_dict(each) for each in told.failed],
                "dead": [_as_dict(each) for each in told.dead],
                "waiting": told.waiting,
            }
        )
    else:
        show_told(told)
    if told.failed or told.dead:
        raise typer.Exit(FAILED)


def show_told(told: Told) -> None:
    """Print what came of telling."""
    waiting = f", {told.waiting:,} wait for their time" if told.waiting else ""
    say(f"{counted(len(told.delivered), 'event')} delivered{waiting}.")
    for each in told.failed:
        say(f"  {each.endpoint}: event {each.event} failed ({each.error}); tried again at {_time(each.next_at)}")
    for each in told.dead:
        say(f"  {each.endpoint}: event {each.event} is dead after {each.tries} tries ({each.error})")


@app.command()
def resend(
    name: NameArgument,
    event: Annotated[int | None, typer.Argument(help="The event; all that are dead if left out.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let dead events be tried again, at the next delivery.

    Example: retrolabel events resend search-team
    """
    found = workspace(store).events.resend(name, event)
    if as_json:
        print_json({"name": name, "events": found})
    else:
        say(f"{counted(len(found), 'event')} will be tried again: retrolabel events deliver")


@app.command()
def secret() -> None:
    """Print a new secret for the signatures of webhooks; it is kept nowhere.

    Example: retrolabel events secret
    """
    from retrolabel.wiring.events import new_secret  # noqa: PLC0415 - not needed for --help

    typer.echo(new_secret())


def _since(text: str | None) -> tuple[int, datetime | None]:
    """Return the number of an event, or a time."""
    if text is None:
        return 0, None
    if text.isdigit():
        return int(text), None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise EventError(f"--since {text!r} is neither a number nor a time.", remedy="41, or 2026-11-30") from None
    return 0, at if at.tzinfo else at.replace(tzinfo=UTC)


def _as_dict(delivery: Delivery) -> dict[str, Any]:
    times = {"at": delivery.at.isoformat(), "next_at": delivery.next_at.isoformat() if delivery.next_at else None}
    return {**asdict(delivery), **times}


def _time(at: datetime | None) -> str:
    return f"{at:%H:%M:%S} UTC" if at else "never"
